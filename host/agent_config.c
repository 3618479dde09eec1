// SPDX-License-Identifier: Apache-2.0
//
// The agent's numbers: what they are when nobody says otherwise, and the one place that knows their ranges.
#include <stddef.h>
#include <string.h>

#include "fw/mctp/mctp.h"
#include "host/agent.h"

enum {
    PT3_MAX_MS = 6000, /* DSP0240: by then the last retry has been sent */
};

struct agent_config agent_defaults(void) {
    return (struct agent_config){
        .own_eid = MCTP_EID_FIRST,
        .device_eid = MCTP_EID_FIRST + 1,
        .max_outstanding = 8,
        .max_transfer = 4096,
        .tries = 3,
        .response_ms = 1000,
        .poll_ms = 1000,
        .ua_t1_ms = 1000,
        .ua_t2_ms = 75000,
        .ua_t3_ms = 180000,
        .ua_t4_ms = 2000,
        .ua_t5_ms = 5000,
        .return_ms = 30000,
    };
}

#define LIMIT(field, what, least, most, unit, where) \
    { offsetof(struct agent_config, field), least, most, what " is " #least " to " #most " " unit " (" where ")" }
#define FROM(field, what, least, unit, where) \
    { offsetof(struct agent_config, field), least, UINT32_MAX, what " is " #least " " unit " or more (" where ")" }

/* PT2 lies between PT1 max plus two transmission delays (PT4) and PT3 min less two of them. */
static const struct {
    size_t offset; /* of a uint32_t */
    uint32_t least, most;
    const char *error;
} limits[] = {
    LIMIT(max_transfer, "the largest transfer", 32, 16384, "bytes", "DSP0267 6.6"),
    LIMIT(tries, "the number of tries", 3, 21, "in all", "PN1 of DSP0240, UAFD_T1 of DSP0267"),
    LIMIT(response_ms, "the time for an answer", 300, 4800, "ms", "PT2 of DSP0240"),
    LIMIT(ua_t1_ms, "UA_T1", 500, 5000, "ms", "DSP0267 table 2"),
    LIMIT(ua_t2_ms, "UA_T2", 60000, 90000, "ms", "DSP0267 table 2"),
    FROM(ua_t3_ms, "UA_T3", 180000, "ms", "DSP0267 table 2"),
    LIMIT(ua_t4_ms, "UA_T4", 1000, 5000, "ms", "DSP0267 table 2"),
    LIMIT(ua_t5_ms, "UA_T5", 1000, 5000, "ms", "DSP0267 table 2"),
    FROM(poll_ms, "the time between two GetStatus", 1, "ms", "else nothing else would be sent"),
};

static bool is_eid(uint8_t eid) {
    return eid >= MCTP_EID_FIRST && eid != MCTP_EID_BROADCAST;
}

const char *agent_config_error(const struct agent_config *config) {
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        uint32_t value;
        memcpy(&value, (const char *)config + limits[i].offset, sizeof value);
        if (value < limits[i].least || value > limits[i].most) return limits[i].error;
    }
    if (config->max_outstanding == 0) return "at least 1 request for data is outstanding (DSP0267 table 14)";
    if ((uint64_t)(config->tries - 1) * config->response_ms > PT3_MAX_MS)
        return "the last try is sent within 6000 ms of the first (PT3 of DSP0240): fewer tries or less time for each";
    if (!is_eid(config->own_eid) || !is_eid(config->device_eid) || config->own_eid == config->device_eid)
        return "agent and device have different EIDs from 8 to 254";
    if (agent_personality_name(config->personality) == NULL) return "no such personality";
    return NULL;
}
