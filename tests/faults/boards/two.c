// SPDX-License-Identifier: Apache-2.0
//
// A board with two flash chips: the bitstream's slot B is on the second one. What the boot ROM reads is on the first.
#include "fw/board/board.h"

#define KIB          1024u
#define SECOND_CHIP  0x40000000u
#define RAM_BYTES    (64u * KIB)
#define BOOT_RESERVE (1u * KIB)

const struct board_component board_components[] = {
    [BOARD_FIRMWARE] = {.classification = 0x000A,
                        .identifier = 1,
                        .activation_methods = PLDM_ACTIVATION_SELF_CONTAINED | PLDM_ACTIVATION_DC_POWER_CYCLE,
                        .load_address = 0x10000000,
                        .payload_max = RAM_BYTES - BOOT_RESERVE,
                        .slot_size = 256u * KIB,
                        .slot = {0x100000, 0x140000},
                        .golden = 0x040000},
    {.classification = 0x000A,
     .identifier = 2,
     .activation_methods = PLDM_ACTIVATION_SELF_CONTAINED | PLDM_ACTIVATION_DC_POWER_CYCLE,
     .payload_max = 128u * KIB,
     .slot_size = 128u * KIB,
     .slot = {0x200000, SECOND_CHIP + 0x200000}},
};
const uint8_t board_component_count = sizeof board_components / sizeof board_components[0];
const uint32_t board_journal[2] = {0x020000, 0x021000};
const uint8_t board_trial_starts = 3;

uint32_t board_fused_minimum(uint8_t i) {
    (void)i;
    return 0;
}
