// SPDX-License-Identifier: Apache-2.0
//
// The main job on other flashes than the demonstration board's: parts above 16 MiB, which take four address bytes, each
// with its own way to four data lines; one without any; and the slowest part that the data sheet allows.
#include <stdlib.h>

#include "check.h"
#include "tests/system/demo_board.h"

/** @param single_line the part's variant without instructions for four lines */
static void update_both(const char *name, bool single_line, bool maximum_timing) {
    const struct rig_component parts[] = {firmware_2, bitstream_2};
    struct rig *rig = rig_new(name);
    struct nor_part part = *rig->part;
    size_t len;
    uint8_t *package = rig_package(parts, 2, 0x5301, &len);
    if (single_line) part.features |= NOR_NO_QUAD;
    rig->part = &part;
    rig->maximum_timing = maximum_timing;
    rig_factory(rig, (const struct rig_component[]){firmware_1, bitstream_1}, 2);
    rig_power_on(rig);
    if (CHECK_EQ(rig_update(rig, package, len, 180 * SECONDS), AGENT_DONE)) {
        CHECK(strcmp(rig_active(rig, 0), "2.0.0") == 0);
        CHECK(strcmp(rig_active(rig, 1), "2.0.0") == 0);
    }
    CHECK_EQ(strstr(rig->console, "four lines") != NULL, !single_line);
    CHECK(flash_holds(rig, RIG_FW_B, &firmware_2));
    CHECK(flash_holds(rig, RIG_FPGA_B, &bitstream_2));
    CHECK_EQ(rig->flash_errors, 0);
    free(package);
    rig_free(rig);
}

int main(void) {
    TEST(
        "given an MT25Q of 128 MiB, which programs by 3Eh, when both components are updated, then it restarts into "
        "2.0.0") {
        update_both("mt25q", false, false);
    }
    TEST(
        "given an MX66L1G45G of 128 MiB with its quad-enable bit clear, when both components are updated, then it "
        "restarts "
        "into 2.0.0") {
        update_both("mx66l1g45g", false, false);
    }
    TEST(
        "given an IS25WP256 of 32 MiB, which programs by 34h, when both components are updated, then it restarts into "
        "2.0.0") {
        update_both("is25wp256", false, false);
    }
    TEST("given a W25Q128JV without quad instructions, when both components are updated, then one line does") {
        update_both("w25q128jv", true, false);
    }
    TEST(
        "given a W25Q128JV that takes its maximum times, when both components are updated, then it restarts into "
        "2.0.0") {
        update_both("w25q128jv", false, true);
    }
    return check_result();
}
