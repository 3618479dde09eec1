// SPDX-License-Identifier: Apache-2.0
//
// A board whose slots are packed one behind the other: none begins at a multiple of 64 KiB, so that most erases are
// single sectors, and neighbours share erase blocks.
#include "fw/board/board.h"

#define KIB          1024u
#define RAM_BYTES    (64u * KIB)
#define BOOT_RESERVE (1u * KIB)

const struct board_component board_components[] = {
    [BOARD_FIRMWARE] = {.classification = 0x000A,
                        .identifier = 1,
                        .activation_methods = PLDM_ACTIVATION_SELF_CONTAINED | PLDM_ACTIVATION_DC_POWER_CYCLE,
                        .load_address = 0x10000000,
                        .payload_max = RAM_BYTES - BOOT_RESERVE,
                        .slot_size = 76u * KIB,
                        .slot = {0x043000, 0x056000},
                        .golden = 0x030000},
    {.classification = 0x000A,
     .identifier = 2,
     .activation_methods = PLDM_ACTIVATION_SELF_CONTAINED | PLDM_ACTIVATION_DC_POWER_CYCLE,
     .payload_max = 60u * KIB,
     .slot_size = 60u * KIB,
     .slot = {0x069000, 0x078000}},
};
const uint8_t board_component_count = sizeof board_components / sizeof board_components[0];
const uint32_t board_journal[2] = {0x087000, 0x088000};
const uint8_t board_trial_starts = 3;

uint32_t board_fused_minimum(uint8_t i) {
    (void)i;
    return 0;
}
