// SPDX-License-Identifier: Apache-2.0
//
// What bad input gets on the Verilated card: one line from the agent that says what and where, a card that is back in
// IDLE, and the old firmware still bootable.
#include <stdlib.h>

#include "check.h"
#include "tests/system/demo_board.h"

/** Sends a package that must fail with @p expected in the agent's one line, after @p served RequestFirmwareData. The
 * card must be back in IDLE then, and start with its old firmware after a power cut. */
static void refused(struct rig *rig, uint8_t *package, size_t len, const char *expected, uint64_t served) {
    CHECK_EQ(rig_update(rig, package, len, 60 * SECONDS), AGENT_FAILED);
    const char *error = agent_error(rig->agent);
    if (!CHECK(strstr(error, expected) != NULL)) printf("# expected '%s' in '%s'\n", expected, error);
    CHECK(strchr(error, '\n') == NULL);
    CHECK_EQ(rig->served, served);
    if (CHECK_EQ(rig_inventory(rig, 10 * SECONDS), AGENT_DONE))
        CHECK_EQ(agent_inventory(rig->agent)->status.current_state, PLDM_STATE_IDLE);
    CHECK(old_firmware_boots(rig));
    CHECK_EQ(rig->flash_errors, 0);
    free(package);
}

/** Whether a range of the flash reads FFh. */
static bool blank(const struct rig *rig, uint32_t from, uint32_t to) {
    while (from < to && rig->flash[from] == 0xff) from++;
    return from == to;
}

static void test_other_device(void) {
    TEST("given a package for another device, when it is sent, then the agent says so and no data is sent") {
        struct rig *rig = factory_card();
        size_t len;
        uint8_t *package = rig_package(&bitstream_2, 1, 0x5302, &len);
        refused(rig, package, len, "device", 0);
        rig_free(rig);
    }
}

static void test_too_large(void) {
    TEST(
        "given a component that is larger than its slot, when it is offered, then the card refuses it before any "
        "data") {
        struct rig *rig = factory_card();
        struct rig_component big = bitstream_2;
        big.random_size = RIG_FPGA_SIZE;
        size_t len;
        uint8_t *package = rig_package(&big, 1, 0x5301, &len);
        refused(rig, package, len, "larger than its slot", 0);
        CHECK(blank(rig, RIG_FPGA_B, RIG_FPGA_B + RIG_FPGA_SIZE));
        rig_free(rig);
    }
}

/** Flips one bit of the component image behind its manifest and table. */
static void test_bad_hash(void) {
    TEST(
        "given a block that does not match its hash, when it is transferred, then it is not written and the update "
        "ends") {
        struct rig *rig = factory_card();
        size_t len;
        uint8_t *package = rig_package(&bitstream_2, 1, 0x5301, &len);
        package[len - 100] ^= 1;  // the last payload block
        // Manifest, table, three payload blocks, and the bad one once more.
        refused(rig, package, len, "a block does not match its hash", 6);
        CHECK(blank(rig, RIG_FPGA_B + 2 * 4096, RIG_FPGA_B + 3 * 4096));
        // No manifest, so no image; behind its first page lies the log of the transfer.
        CHECK(blank(rig, RIG_FPGA_B + RIG_FPGA_SIZE - 4096, RIG_FPGA_B + RIG_FPGA_SIZE - 4096 + NOR_PAGE));
        CHECK(!blank(rig, RIG_FPGA_B + RIG_FPGA_SIZE - 4096, RIG_FPGA_B + RIG_FPGA_SIZE));
        rig_free(rig);
    }
}

static void test_bad_manifest(void) {
    TEST(
        "given an image whose manifest is not one, when it is transferred, then the update ends after the first "
        "block") {
        struct rig *rig = factory_card();
        size_t image_len, len;
        uint8_t *image = rig_image(&bitstream_2, &image_len);
        uint8_t *package = rig_package(&bitstream_2, 1, 0x5301, &len);
        package[len - image_len] ^= 1;  // the magic
        free(image);
        refused(rig, package, len, "no valid manifest", 1);
        CHECK(blank(rig, RIG_FPGA_B, RIG_FPGA_B + RIG_FPGA_SIZE));
        rig_free(rig);
    }
}

static void test_dead_line(void) {
    struct rig *rig = factory_card();
    struct rig_component big = bitstream_2;
    big.random_size = 60000;
    size_t len;
    uint8_t *package = rig_package(&big, 1, 0x5301, &len);
    rig->cut_after = 8;
    rig->config.ua_t2_ms = 2000;  // the specification's 60 s would only be waiting

    TEST("given a line that dies in mid-transfer, when the agent gives up, then it says in which step") {
        CHECK_EQ(rig_update(rig, package, len, 60 * SECONDS), AGENT_FAILED);
        CHECK(strstr(agent_error(rig->agent), "has not asked for data") != NULL);
    }
    TEST("given that dead line, when nobody does anything, then the card is back in IDLE within FD_T1 by itself") {
        rig_wait(rig, 125 * SECONDS);
        rig->dead = false;
        rig->cut_after = 0;
        if (CHECK_EQ(rig_inventory(rig, 10 * SECONDS), AGENT_DONE)) {
            CHECK_EQ(agent_inventory(rig->agent)->status.current_state, PLDM_STATE_IDLE);
            CHECK_EQ(agent_inventory(rig->agent)->status.reason, PLDM_REASON_TIMEOUT_DOWNLOAD);
        }
    }
    TEST("given that card, when the same package is sent again over a good line, then the update succeeds") {
        CHECK_EQ(rig_update(rig, package, len, 60 * SECONDS), AGENT_DONE);
        CHECK(flash_holds(rig, RIG_FPGA_B, &big));
        CHECK_EQ(rig->flash_errors, 0);
    }
    TEST("given a line that dies in mid-transfer, when power fails too, then the old firmware still boots") {
        rig_free(rig);
        rig = factory_card();
        rig->cut_after = 8;
        rig->config.ua_t2_ms = 2000;
        CHECK_EQ(rig_update(rig, package, len, 60 * SECONDS), AGENT_FAILED);
        rig->cut_after = 0;
        CHECK(old_firmware_boots(rig));
    }
    free(package);
    rig_free(rig);
}

static void test_stuck_flash(void) {
    TEST("given a flash that never becomes ready, when the update needs it, then the update ends with an error") {
        struct rig *rig = factory_card();
        CHECK(rig_inventory(rig, 10 * SECONDS) == AGENT_DONE);
        size_t len;
        uint8_t *package = rig_package(&bitstream_2, 1, 0x5301, &len);
        nor_set_stuck_busy(card_nor(rig->card), true);
        CHECK_EQ(rig_update(rig, package, len, 60 * SECONDS), AGENT_FAILED);
        CHECK(strstr(agent_error(rig->agent), "the flash failed") != NULL);
        nor_set_stuck_busy(card_nor(rig->card), false);
        if (CHECK_EQ(rig_inventory(rig, 10 * SECONDS), AGENT_DONE))
            CHECK_EQ(agent_inventory(rig->agent)->status.current_state, PLDM_STATE_IDLE);
        CHECK(old_firmware_boots(rig));
        free(package);
        rig_free(rig);
    }
}

/** Sets the policy and compares what the agent says of it. */
static void policy_is(struct rig *rig, const struct policy *policy, enum simulation_key key, const char *refusal) {
    CHECK_EQ(rig_policy(rig, policy, key, 10 * SECONDS), refusal == NULL ? AGENT_DONE : AGENT_FAILED);
    if (refusal != NULL) CHECK(strstr(agent_error(rig->agent), refusal) != NULL);
    if (refusal == NULL) CHECK_EQ(agent_inventory(rig->agent)->policy.policy.sequence, policy->sequence);
}

static void test_policy(void) {
    const struct policy off = {.sequence = 7, .flags = POLICY_DISABLED, .components = 0xFF, .keys = 1},
                        on = {.sequence = 8, .components = 2, .keys = 1};
    size_t len;
    uint8_t *package = rig_package(&bitstream_2, 1, 0x5301, &len);
    struct rig *rig = factory_card();
    TEST("given a card, when policies of a stranger and of a revoked root come, then they are refused by name") {
        policy_is(rig, &on, SIMULATION_STRANGER, "unknown key");
        policy_is(rig, &on, SIMULATION_REVOKED, "revoked key");
    }
    TEST("given a policy that disables updates, when one is asked for, also after a power cut, then it is refused") {
        policy_is(rig, &off, SIMULATION_ROOT, NULL);
        CHECK_EQ(rig_update(rig, package, len, 60 * SECONDS), AGENT_FAILED);
        CHECK(strstr(agent_error(rig->agent), "RequestUpdate") != NULL);
        rig_power_off(rig);
        rig_power_on(rig);
        CHECK_EQ(rig_update(rig, package, len, 60 * SECONDS), AGENT_FAILED);
        CHECK(blank(rig, RIG_FPGA_B, RIG_FPGA_B + RIG_FPGA_SIZE));
        policy_is(rig, &off, SIMULATION_ROOT, "sequence number");
    }
    TEST("given a policy for the bitstream alone, when it is sent, then it is updated") {
        policy_is(rig, &on, SIMULATION_ROOT, NULL);
        CHECK_EQ(rig_update(rig, package, len, 60 * SECONDS), AGENT_DONE);
        CHECK(flash_holds(rig, RIG_FPGA_B, &bitstream_2));
        CHECK(strcmp(rig_active(rig, 0), "1.0.0") == 0);
        policy_is(rig, &on, SIMULATION_ROOT, "sequence number");
        CHECK_EQ(rig->flash_errors, 0);
    }
    free(package);
    rig_free(rig);
}

int main(void) {
    test_policy();
    test_other_device();
    test_too_large();
    test_bad_hash();
    test_bad_manifest();
    test_dead_line();
    test_stuck_flash();
    return check_result();
}
