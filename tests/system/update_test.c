// SPDX-License-Identifier: Apache-2.0
//
// The main job on the Verilated card: inventory, update of both components, restart into the new firmware, and what the
// flash and the processor did meanwhile.
#include <stdlib.h>

#include "check.h"
#include "tests/system/demo_board.h"

static void test_inventory(void) {
    TEST(
        "given a factory card, when its inventory is read, then it shows both components at 1.0.0 and nothing "
        "pending") {
        struct rig *rig = factory_card();
        if (CHECK_EQ(rig_inventory(rig, 10 * SECONDS), AGENT_DONE)) {
            const struct agent_inventory *inventory = agent_inventory(rig->agent);
            CHECK_EQ(inventory->component_count, 2);
            CHECK_EQ(inventory->descriptors[0].type, PLDM_DESCRIPTOR_PCI_VENDOR_ID);
            CHECK(strcmp(rig_active(rig, 0), "1.0.0") == 0);
            CHECK(strcmp(rig_active(rig, 1), "1.0.0") == 0);
            CHECK(strcmp(rig_pending(rig, 0), "") == 0);
            CHECK_EQ(inventory->status.current_state, PLDM_STATE_IDLE);
        }
        CHECK(strstr(rig->console, "component 0 A 1.0.0, active, runs\n") != NULL);
        CHECK_EQ(rig->flash_errors, 0);
        rig_free(rig);
    }
}

/** Nothing outside the B slots and the journal may have changed. */
static bool only_slots_changed(const struct rig *rig, const uint8_t *before) {
    for (uint32_t at = 0; at < RIG_FLASH; at += 4096) {
        bool allowed = (at >= RIG_JOURNAL && at < RIG_JOURNAL + 8192) ||
                       (at >= RIG_FW_B && at < RIG_FW_B + RIG_FW_SIZE) ||
                       (at >= RIG_FPGA_B && at < RIG_FPGA_B + RIG_FPGA_SIZE);
        if (!allowed && memcmp(rig->flash + at, before + at, 4096) != 0) {
            printf("# the flash changed at 0x%x\n", at);
            return false;
        }
    }
    return true;
}

static void test_update(void) {
    static uint8_t before[RIG_FLASH];
    const struct rig_component parts[] = {firmware_2, bitstream_2};
    struct rig *rig = factory_card();
    memcpy(before, rig->flash, RIG_FLASH);
    size_t len;
    uint8_t *package = rig_package(parts, 2, 0x5301, &len);

    TEST("given a factory card, when a package with both components is installed, then it restarts into 2.0.0") {
        if (CHECK_EQ(rig_update(rig, package, len, 60 * SECONDS), AGENT_DONE)) {
            CHECK(strcmp(rig_active(rig, 0), "2.0.0") == 0);
            CHECK(strcmp(rig_active(rig, 1), "2.0.0") == 0);
            CHECK(strcmp(rig_pending(rig, 0), "") == 0);
        }
        CHECK(strstr(rig->console, "2.0.0") != NULL);
    }
    TEST("given that update, then both payloads are in slot B byte for byte and nothing else changed") {
        CHECK(flash_holds(rig, RIG_FW_B, &firmware_2));
        CHECK(flash_holds(rig, RIG_FPGA_B, &bitstream_2));
        CHECK(only_slots_changed(rig, before));
    }
    TEST("given that update, then the flash was never misused") {
        CHECK_EQ(rig->flash_errors, 0);
    }
    TEST("given that update, when power fails afterwards, then the card comes up with 2.0.0 again") {
        rig_power_off(rig);
        rig_power_on(rig);
        if (CHECK_EQ(rig_inventory(rig, 10 * SECONDS), AGENT_DONE)) CHECK(strcmp(rig_active(rig, 0), "2.0.0") == 0);
    }
    free(package);
    rig_free(rig);
}

/** Instructions between the first and the last RequestFirmwareData of a bitstream of @p size bytes. */
static struct tap_totals transfer_of(uint32_t size) {
    struct rig *rig = factory_card();
    const struct rig_component part = {
        .random_size = size, .seed = 3, .version = "3.0.0", .identifier = 2, .stamp = 3 << 24};
    size_t len;
    uint8_t *package = rig_package(&part, 1, 0x5301, &len);
    CHECK_EQ(rig_update(rig, package, len, 120 * SECONDS), AGENT_DONE);
    struct tap_totals totals = tap_totals(&rig->tap);
    CHECK_EQ(rig->flash_errors, 0);
    free(package);
    rig_free(rig);
    return totals;
}

static void test_no_instruction_per_byte(void) {
    TEST(
        "given images of 32 and 128 KiB, when each is transferred, then the processor runs as many instructions for "
        "both") {
        struct tap_totals small = transfer_of(32 << 10), large = transfer_of(128 << 10);
        printf("# instructions: %llu for %llu bytes, %llu for %llu bytes\n", (unsigned long long)small.instructions,
               (unsigned long long)small.bytes, (unsigned long long)large.instructions,
               (unsigned long long)large.bytes);
        CHECK_EQ(small.transfers, 1);
        CHECK(large.bytes >= (128u << 10));
        // Waking for a timer now and then is allowed; anything per byte, packet or chunk is not.
        CHECK(large.instructions < small.instructions + 1000);
    }
}

int main(void) {
    test_inventory();
    test_update();
    test_no_instruction_per_byte();
    return check_result();
}
