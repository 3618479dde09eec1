// SPDX-License-Identifier: Apache-2.0
//
// The operator's policy of a Sluice card: read with an inventory where that is wanted, or a new one handed over in
// parts and what is in force read afterwards. Where nothing else was wanted, a device without a policy is a failure.
#include "fw/mctp/mctp_control.h"
#include "fw/pldm/pldm_wire.h"
#include "host/agent_internal.h"
#include "host/policy_text.h"

static const struct agent_step get_policy, set_policy;

static void without(struct agent *a, const char *reason) {
    if (a->purpose != PURPOSE_POLICY) {
        agent_finish(a, true);
        return;
    }
    agent_explain(a, "the device has no policy on updates: %s", reason);
    agent_fail(a);
}

void agent_read_policy(struct agent *a, bool taken) {
    a->policy_sent = 0;
    if (!a->config.policy)
        agent_finish(a, true);
    else if (!taken)
        without(a, "it takes no messages of its vendor");
    else
        agent_ask(a, a->policy != NULL ? &set_policy : &get_policy);
}

static size_t encode_get(struct agent *a, uint8_t *body, size_t size) {
    const struct vendor_message request = {.instance = a->instance, .command = VENDOR_POLICY};
    return vendor_request(&a->inventory.descriptors[0], &request, body, size);
}

static void answer_get(struct agent *a, uint8_t code, const uint8_t *body, size_t len) {
    a->inventory.has_policy = code == MCTP_SUCCESS && policy_status_decode(body, len, &a->inventory.policy);
    if (a->inventory.has_policy)
        agent_finish(a, true);
    else if (code == MCTP_SUCCESS && a->purpose == PURPOSE_POLICY)
        agent_garbled(a, "the policy");
    else
        without(a, policy_refusal_name(code));
}

static void silent(struct agent *a) {
    without(a, "it does not answer");
}

static size_t encode_part(struct agent *a, uint8_t *body, size_t size) {
    uint8_t data[POLICY_PART_HEAD + POLICY_PART_MOST];
    const struct vendor_message request = {
        .instance = a->instance, .command = VENDOR_POLICY_PART, .data = data, .len = sizeof data};
    uint8_t *at = pldm_put16(data, (uint16_t)a->policy_sent);
    for (uint32_t i = 0; i < POLICY_PART_MOST; i++) at[i] = a->policy[a->policy_sent + i];
    return vendor_request(&a->inventory.descriptors[0], &request, body, size);
}

static void answer_part(struct agent *a, uint8_t code, const uint8_t *body, size_t len) {
    (void)body;
    (void)len;
    if (code != MCTP_SUCCESS) {
        agent_explain(a, "the device refuses the policy: %s", policy_refusal_name(code));
        agent_fail(a);
        return;
    }
    a->policy_sent += POLICY_PART_MOST;
    agent_ask(a, a->policy_sent < POLICY_BLOCK ? &set_policy : &get_policy);
}
_Static_assert(POLICY_BLOCK % POLICY_PART_MOST == 0, "parts are of one size");

static const struct agent_step get_policy = {.name = "the policy",
                                             .mctp_type = AGENT_VENDOR_TYPE,
                                             .command = VENDOR_POLICY,
                                             .encode = encode_get,
                                             .answer = answer_get,
                                             .silent = silent};
static const struct agent_step set_policy = {.name = "the new policy",
                                             .mctp_type = AGENT_VENDOR_TYPE,
                                             .command = VENDOR_POLICY_PART,
                                             .encode = encode_part,
                                             .answer = answer_part};
