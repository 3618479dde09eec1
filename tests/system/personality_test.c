// SPDX-License-Identifier: Apache-2.0
//
// The Verilated card and every update agent of the field whose habits the agent library knows: the main path, both
// components, and the new firmware after the next start.
#include <stdlib.h>

#include "check.h"
#include "tests/system/demo_board.h"

/** Sends the package as @p personality does, with @p transfer as the largest RequestFirmwareData where that agent
 * leaves a choice. Agents that never ask for a self-contained activation leave the images pending. */
static void update_as(enum agent_personality personality, uint32_t transfer) {
    const struct rig_component parts[] = {firmware_2, bitstream_2};
    struct rig *rig = factory_card();
    size_t len;
    uint8_t *package = rig_package(parts, 2, 0x5301, &len);
    rig->config.personality = personality;
    rig->config.max_transfer = transfer;
    CHECK_EQ(rig_update(rig, package, len, 200 * SECONDS), AGENT_DONE);
    rig->config = agent_defaults();
    if (CHECK_EQ(rig_inventory(rig, 10 * SECONDS), AGENT_DONE)) {
        CHECK_EQ(agent_inventory(rig->agent)->status.current_state, PLDM_STATE_IDLE);
        for (unsigned i = 0; i < 2; i++)
            CHECK(strcmp(rig_active(rig, i), "2.0.0") == 0 || strcmp(rig_pending(rig, i), "2.0.0") == 0);
    }
    rig_power_off(rig);
    rig_power_on(rig);
    if (CHECK_EQ(rig_inventory(rig, 10 * SECONDS), AGENT_DONE))
        for (unsigned i = 0; i < 2; i++) CHECK(strcmp(rig_active(rig, i), "2.0.0") == 0);
    CHECK(flash_holds(rig, RIG_FW_B, &firmware_2));
    CHECK(flash_holds(rig, RIG_FPGA_B, &bitstream_2));
    CHECK_EQ(rig->flash_errors, 0);
    free(package);
    rig_free(rig);
}

int main(void) {
    static const struct {
        enum agent_personality personality;
        uint32_t transfer;
    } cases[] = {{AGENT_OPENBMC, 4096}, {AGENT_MCTP_RS, 4096},  {AGENT_OPENBIC, 4096},
                 {AGENT_OPENBIC, 150},  {AGENT_CALIPTRA, 1024}, {AGENT_SLUICE, 32}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char name[160];
        snprintf(
            name, sizeof name,
            "given an agent like %s with transfers of up to %u bytes, when it updates both components, then the card "
            "starts with them",
            agent_personality_name(cases[i].personality), cases[i].transfer);
        TEST(name) {
            update_as(cases[i].personality, cases[i].transfer);
        }
    }
    return check_result();
}
