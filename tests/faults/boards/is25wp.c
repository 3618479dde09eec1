// SPDX-License-Identifier: Apache-2.0
//
// A board with 32 MiB of flash whose bitstream has its slots on either side of 16 MiB, so that addresses need four
// bytes, and with other erase times and status bits than the demonstration board's. What the boot ROM reads is below 16
// MiB.
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
                        .slot_size = 128u * KIB,
                        .slot = {0x0F40000, 0x0F80000},
                        .golden = 0x0F00000},
    {.classification = 0x000A,
     .identifier = 2,
     .activation_methods = PLDM_ACTIVATION_SELF_CONTAINED | PLDM_ACTIVATION_DC_POWER_CYCLE,
     .payload_max = 192u * KIB,
     .slot_size = 192u * KIB,
     .slot = {0x0E00000, 0x1800000}},
};
const uint8_t board_component_count = sizeof board_components / sizeof board_components[0];
const uint32_t board_journal[2] = {0x0FFE000, 0x0FFF000};
const uint8_t board_trial_starts = 3;

uint32_t board_fused_minimum(uint8_t i) {
    (void)i;
    return 0;
}
