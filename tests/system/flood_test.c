// SPDX-License-Identifier: Apache-2.0
//
// A peer that leaves the line no gap: its requests come faster than the firmware answers them, so a packet waits all
// the time. Orders, timers and the watchdog must have their turn all the same.
#include <stdlib.h>

#include "check.h"
#include "tests/system/demo_board.h"

static void test_flood(void) {
    TEST(
        "given another endpoint that floods the card with requests during the transfer of a component, when it is "
        "updated, then orders and the card's own requests go on and the update ends") {
        struct rig *rig = factory_card();
        size_t len;
        uint8_t *package = rig_package(&bitstream_2, 1, 0x5301, &len);
        rig->flood = true;
        CHECK_EQ(rig_update(rig, package, len, 20 * SECONDS), AGENT_DONE);
        CHECK(flash_holds(rig, RIG_FPGA_B, &bitstream_2));
        printf("# %llu requests of the flood, %llu answered\n", (unsigned long long)rig->flood_requests,
               (unsigned long long)rig->flood_answers);
        // It was a flood: the card could not keep up with it, but went on answering.
        CHECK(rig->flood_answers > 100);
        CHECK(rig->flood_requests > 2 * rig->flood_answers);
        CHECK(strstr(rig->console, "watchdog") == NULL);
        CHECK_EQ(rig->flash_errors, 0);
        free(package);
        rig_free(rig);
    }
}

int main(void) {
    test_flood();
    return check_result();
}
