// SPDX-License-Identifier: Apache-2.0
//
// The agent and the operator's policy of a card: read, set in parts, refused, and devices that have none.
#include "host/policy_text.h"
#include "tests/check.h"
#include "tests/host/fake_device.h"

static struct fake f;
static uint8_t block[POLICY_BLOCK];

static void begin(void) {
    const struct policy_record record = {
        .policy = {.sequence = 9, .rollback = POLICY_NEVER, .components = 1, .keys = 3}};
    CHECK(policy_encode(&record, block));
    for (unsigned i = 44; i < 60; i++) block[i] = (uint8_t)i;
    for (unsigned i = 1532; i < POLICY_BLOCK; i++) block[i] = (uint8_t)(i * 3);
    fake_init(&f);
    f.vendor_type = MCTP_TYPE_VENDOR_PCI;
    f.knows_policy = true;
    f.policy = (struct policy_status){.roots = 2, .revoked = 2};
}

static void read_and_set(void) {
    begin();
    CHECK_EQ(fake_run_policy(&f, NULL, 30), AGENT_DONE);
    CHECK(agent_inventory(f.agent)->has_policy);
    CHECK_EQ(agent_inventory(f.agent)->policy.policy.sequence, 0);
    fake_free(&f);
    CHECK_EQ(fake_run_policy(&f, block, 30), AGENT_DONE);
    CHECK_MEM(f.policy_block, block, POLICY_BLOCK);
    const struct policy_status *status = &agent_inventory(f.agent)->policy;
    CHECK(status->policy.sequence == 9 && status->policy.rollback == POLICY_NEVER && status->policy.components == 1);
    CHECK(status->roots == 2 && status->revoked == 2);
    fake_free(&f);
    // Of other commands only those that want it ask for it.
    f.log_len = 0;
    CHECK_EQ(fake_run(&f, NULL, 30), AGENT_DONE);
    CHECK(!agent_inventory(f.agent)->has_policy);
    fake_free(&f);
    f.config.policy = true;
    CHECK_EQ(fake_run(&f, NULL, 30), AGENT_DONE);
    CHECK(agent_inventory(f.agent)->has_policy);
    fake_free(&f);
}

static void failures(void) {
    static const struct {
        const char *name;
        bool set, deaf, ignorant, silent;
        uint8_t code;
        const char *error;
    } cases[] = {
        {"given a card that refuses a policy / when it is set / then that fails, and why", true, false, false, false,
         POLICY_BAD_SIGNATURE, "the device refuses the policy: its signature is wrong"},
        {"given a card in an update / when a policy is set / then that fails, and why", true, false, false, false,
         MCTP_ERROR_NOT_READY,
         "the device refuses the policy: an update is under way, an image is on trial, or the flash cannot be used"},
        {"given a device without messages of its vendor / when its policy is read / then that fails, and why", false,
         true, false, false, 0, "the device has no policy on updates: it takes no messages of its vendor"},
        {"given firmware that knows no policy / when it is read / then that fails, and why", false, false, true, false,
         0, "the device has no policy on updates: its firmware knows no policy"},
        {"given firmware that knows no policy / when one is set / then that fails, and why", true, false, true, false,
         0, "the device refuses the policy: its firmware knows no policy"},
        {"given a device that does not answer / when its policy is read / then that fails, and why", false, false,
         false, true, 0, "the device has no policy on updates: it does not answer"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        TEST(cases[i].name) {
            begin();
            if (cases[i].deaf) f.vendor_type = 0;
            f.knows_policy = !cases[i].ignorant;
            f.vendor_silent = cases[i].silent;
            f.policy_code = cases[i].code;
            CHECK_EQ(fake_run_policy(&f, cases[i].set ? block : NULL, 30), AGENT_FAILED);
            CHECK(strcmp(agent_error(f.agent), cases[i].error) == 0);
            fake_free(&f);
            // An inventory is good without.
            f.config.policy = true;
            CHECK_EQ(fake_run(&f, NULL, 30), AGENT_DONE);
            CHECK_EQ(agent_inventory(f.agent)->has_policy, !cases[i].deaf && !cases[i].ignorant && !cases[i].silent);
            fake_free(&f);
        }
    }
}

static void phrases(void) {
    for (unsigned code = POLICY_MALFORMED; code <= POLICY_NOT_STORED; code++)
        for (unsigned other = code + 1; other <= POLICY_NOT_STORED + 1; other++)
            CHECK(strcmp(policy_refusal_name((uint8_t)code), policy_refusal_name((uint8_t)other)) != 0);
    for (unsigned i = 0; i < POLICY_ROLLBACKS; i++) CHECK(policy_rollback_name(i) != NULL);
    CHECK(policy_rollback_name(POLICY_ROLLBACKS) == NULL);
}

int main(void) {
    TEST("given a card / when its policy is read and set / then it has every byte, and what is in force is known")
    read_and_set();
    failures();
    TEST("given every refusal of a policy / when it is put into words / then each has its own") phrases();
    return check_result();
}
