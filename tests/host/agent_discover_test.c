// SPDX-License-Identifier: Apache-2.0
//
// What discovery finds out, and that a device need not tell any of it but that it is there.
#include "tests/check.h"
#include "tests/host/fake_device.h"

static const uint8_t uuid[MCTP_UUID_SIZE] = {0x10, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
static const uint8_t base_only[PLDM_TYPES_SIZE] = {1};

static const struct {
    const char *sentence;
    uint8_t eid; /* that the device has */
    bool has_eid, no_uuid, base_only;
    uint8_t control_command, control_code; /* that goes wrong */
    uint8_t rule;                          /* PLDM command that is refused */
    enum fake_action action;
    /* What is found. */
    bool assigned, uuid;
    size_t message_types, descriptors;
} cases[] = {
    {"given a device without EID / when it is discovered / then it has one, and has told everything", 0, false, false,
     false, 0, 0, 0, FAKE_DROP, true, true, 1, 3},
    {"given a device with an EID of its own / when it is discovered / then it keeps it", 44, false, false, false, 0, 0,
     0, FAKE_DROP, false, true, 1, 3},
    {"given a device behind others, by its EID / when it is discovered / then it has told everything", 9, true, false,
     false, 0, 0, 0, FAKE_DROP, false, true, 1, 3},
    {"given a device without UUID / when it is discovered / then all but that", 0, false, true, false, 0, 0, 0,
     FAKE_DROP, true, false, 1, 3},
    {"given a device that is silent about its UUID / when it is discovered / then all but that", 0, false, false, false,
     MCTP_GET_ENDPOINT_UUID, FAKE_SILENCE, 0, FAKE_DROP, true, false, 1, 3},
    {"given a device that refuses its message types / when it is discovered / then its UUID", 0, false, false, false,
     MCTP_GET_MESSAGE_TYPE_SUPPORT, MCTP_ERROR, 0, FAKE_DROP, true, true, 0, 0},
    {"given a device that is silent about its message types / when it is discovered / then its UUID", 0, false, false,
     false, MCTP_GET_MESSAGE_TYPE_SUPPORT, FAKE_SILENCE, 0, FAKE_DROP, true, true, 0, 0},
    {"given a device without firmware update / when it is discovered / then no descriptors", 0, false, false, true, 0,
     0, 0, FAKE_DROP, true, true, 1, 0},
    {"given a device that refuses its descriptors / when it is discovered / then none", 0, false, false, false, 0, 0,
     PLDM_QUERY_DEVICE_IDENTIFIERS, FAKE_CODE, true, true, 1, 0},
    {"given a device that is silent about its descriptors / when it is discovered / then none", 0, false, false, false,
     0, 0, PLDM_QUERY_DEVICE_IDENTIFIERS, FAKE_DROP, true, true, 1, 0},
};

static void given_devices(void) {
    static struct fake f;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        TEST(cases[i].sentence) {
            fake_init(&f);
            f.config.personality = AGENT_OPENBIC; /* which would not wait */
            f.config.device_has_eid = cases[i].has_eid;
            f.eid = cases[i].eid;
            if (cases[i].eid != 0) f.address = cases[i].eid;
            f.uuid = cases[i].no_uuid ? NULL : uuid;
            if (cases[i].base_only) f.types = base_only;
            f.control_command = cases[i].control_command;
            f.control_code = cases[i].control_code;
            f.control_times = cases[i].control_command != 0 ? 100 : 0;
            if (cases[i].rule != 0) fake_rule(&f, cases[i].rule, 0, cases[i].action, PLDM_ERROR);
            CHECK_EQ(fake_run_discovery(&f, 30), AGENT_DONE);
            const struct agent_inventory *v = agent_inventory(f.agent);
            CHECK_EQ(v->eid, cases[i].eid != 0 ? cases[i].eid : 9);
            CHECK_EQ(v->assigned, cases[i].assigned);
            CHECK_EQ(v->message_type_count, cases[i].message_types);
            CHECK_EQ(v->has_uuid, cases[i].uuid);
            if (v->has_uuid) CHECK_MEM(v->uuid, uuid, sizeof uuid);
            CHECK_EQ(v->descriptor_count, cases[i].descriptors);
            CHECK(!agent_silent(f.agent));
            fake_free(&f);
        }
    }
}

static void given_nobody(void) {
    static struct fake f;
    TEST("given a link where nobody answers / when it is searched / then that is the reason") {
        fake_init(&f);
        f.silent_until = UINT64_MAX;
        CHECK_EQ(fake_run_discovery(&f, 30), AGENT_FAILED);
        CHECK(agent_silent(f.agent));
        fake_free(&f);
    }
    TEST("given a device that refuses Set Endpoint ID / when it is discovered / then it fails, but not for silence") {
        fake_init(&f);
        f.eid = 0;
        f.control_command = MCTP_SET_ENDPOINT_ID;
        f.control_code = MCTP_ERROR;
        f.control_times = 100;
        CHECK_EQ(fake_run_discovery(&f, 30), AGENT_FAILED);
        CHECK(!agent_silent(f.agent));
        fake_free(&f);
    }
}

int main(void) {
    given_devices();
    given_nobody();
    return check_result();
}
