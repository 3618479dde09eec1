// SPDX-License-Identifier: Apache-2.0
//
// The engine's counters from the card's registers to the agent, on the Verilated card.
#include <stdlib.h>

#include "check.h"
#include "tests/system/demo_board.h"

int main(void) {
    TEST("given a component that was just installed, when the counters are asked for, then they are the engine's own") {
        struct rig *rig = factory_card();
        size_t len;
        uint8_t *package = rig_package(&bitstream_2, 1, 0x5301, &len);
        rig->config.activate = AGENT_ACTIVATE_PENDING;  // a restart would clear them
        CHECK_EQ(rig_update(rig, package, len, 60 * SECONDS), AGENT_DONE);
        CHECK(!agent_inventory(rig->agent)->has_counters);
        rig->config.counters = true;
        if (CHECK_EQ(rig_inventory(rig, 10 * SECONDS), AGENT_DONE) &&
            CHECK(agent_inventory(rig->agent)->has_counters)) {
            const struct counters got = agent_inventory(rig->agent)->counters;
            const struct card_engine engine = card_engine(rig->card);
            CHECK_EQ(got.requests, tap_totals(&rig->tap).requests);
            CHECK_EQ(got.bytes, tap_totals(&rig->tap).bytes);
            CHECK_EQ(got.requests, engine.requests);
            CHECK_EQ(got.retries, engine.retries);
            CHECK_EQ(got.bytes, engine.bytes);
            CHECK_EQ(got.link_idle, engine.link_idle);
            CHECK_EQ(got.flash_idle, engine.flash_idle);
            CHECK(got.flash_idle > 0);
        }
        CHECK_EQ(rig->flash_errors, 0);
        free(package);
        rig_free(rig);
    }
    return check_result();
}
