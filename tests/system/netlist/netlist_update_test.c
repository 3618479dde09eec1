// SPDX-License-Identifier: Apache-2.0
//
// The main job on the netlist that is placed and routed for the iCEBreaker, with yosys's models of the iCE40's cells:
// the boot ROM starts the firmware from the flash, which updates the other component over the serial line. The flash is
// a W25Q128JV in all but its times, so that hardly a cycle is spent waiting for it.
#include <stdlib.h>

#include "check.h"
#include "tests/system/demo_board.h"

#define US(n) ((uint64_t)(n)*1000)
#define MS(n) ((uint64_t)(n)*1000000)

/** Two blocks. */
static const struct rig_component bitstream = {
    .random_size = 5000, .seed = 2, .version = "2.0.0", .identifier = 2, .stamp = 0x02000000};

static struct nor_part fast_part(void) {
    struct nor_part part = *nor_part_find("w25q128jv");
    part.page_program = (struct nor_time){US(16), US(64)};
    part.erase4k = part.erase32k = part.erase64k = (struct nor_time){MS(1), MS(4)};
    return part;
}

/** What the flash must hold afterwards outside the journal: as before, with the component's image in slot B. */
static void place(uint8_t *flash, const struct rig_component *part) {
    char error[COMPONENT_ERROR_TEXT];
    size_t len;
    uint8_t *image = rig_image(part, &len);
    const struct component_spec slot = {.base = RIG_FPGA_B, .size = RIG_FPGA_SIZE};
    if (!CHECK(component_place(image, len, &slot, flash, RIG_FLASH, error))) printf("# %s\n", error);
    free(image);
}

static bool same_but_journal(const uint8_t *a, const uint8_t *b) {
    for (uint32_t at = 0; at < RIG_FLASH; at++) {
        if (a[at] == b[at] || (at >= RIG_JOURNAL && at < RIG_JOURNAL + 2 * 4096)) continue;
        printf("# at %06x: %02x, not %02x\n", at, a[at], b[at]);
        return false;
    }
    return true;
}

int main(void) {
    static uint8_t expected[RIG_FLASH];
    const struct nor_part part = fast_part();
    struct rig *rig = rig_new("w25q128jv");
    rig->part = &part;
    rig->config.poll_ms = 10;
    rig->config.response_ms = 100;
    rig_factory(rig, (const struct rig_component[]){firmware_1, bitstream_1}, 2);
    memcpy(expected, rig->flash, RIG_FLASH);
    place(expected, &bitstream);
    size_t len;
    uint8_t *package = rig_package(&bitstream, 1, 0x5301, &len);
    rig_power_on(rig);

    TEST("given the netlist of the iCEBreaker, when it is powered on, then its boot ROM starts the firmware") {
        CHECK(rig_wait_console(rig, "ready", SECONDS));
        CHECK(strstr(rig->console, "firmware 1.0.0, slot A, after power-on") != NULL);
    }
    TEST("given that card, when a component is updated over its serial line, then it restarts and 2.0.0 is active") {
        if (CHECK_EQ(rig_update(rig, package, len, 5 * SECONDS), AGENT_DONE)) {
            CHECK(strcmp(rig_active(rig, 0), "1.0.0") == 0);
            CHECK(strcmp(rig_active(rig, 1), "2.0.0") == 0);
            CHECK(strcmp(rig_pending(rig, 1), "") == 0);
        }
        CHECK(strstr(rig->console, "firmware 1.0.0, slot A, after restart") != NULL);
        CHECK(strstr(rig->console, "component 1 B 2.0.0, on trial, runs") != NULL);
    }
    TEST("given that update, then the flash holds slot B and all else byte for byte, and was never misused") {
        nor_settle(card_nor(rig->card), card_now_ns(rig->card));
        CHECK(same_but_journal(rig->flash, expected));
        CHECK_EQ(rig->flash_errors, 0);
    }
    printf("# %llu cycles simulated\n", (unsigned long long)card_counts(rig->card).cycles);
    free(package);
    rig_free(rig);
    return check_result();
}
