// SPDX-License-Identifier: Apache-2.0
//
// Demo board, 16 MiB of flash (W25Q128JV class). 0x000000-0x01FFFF is the FPGA's own configuration and
// 0x040000-0x07FFFF the golden firmware: neither is ever written.
#include "fw/board/board.h"

#define KIB 1024u
#define ACTIVATED_BY_USER \
    (PLDM_ACTIVATION_SELF_CONTAINED | PLDM_ACTIVATION_DC_POWER_CYCLE | PLDM_ACTIVATION_AC_POWER_CYCLE)
#define RAM_BYTES    (64u * KIB)
#define BOOT_RESERVE (1u * KIB)  // stack of the boot ROM at the end of the RAM

const struct board_component board_components[] = {
    [BOARD_FIRMWARE] = {.classification = 0x000A,
                        .identifier = 1,
                        .activation_methods = ACTIVATED_BY_USER,
                        .load_address = 0x10000000,
                        .payload_max = RAM_BYTES - BOOT_RESERVE,
                        .slot_size = 256u * KIB,
                        .slot = {0x100000, 0x140000},
                        .golden = 0x040000},
    {.classification = 0x000A,
     .identifier = 2,
     .activation_methods = ACTIVATED_BY_USER,
     .payload_max = 1024u * KIB,
     .slot_size = 1024u * KIB,
     .slot = {0x200000, 0x300000}},
};
const uint8_t board_component_count = sizeof board_components / sizeof board_components[0];
const uint32_t board_journal[2] = {0x020000, 0x021000};
const uint8_t board_trial_starts = 3;

/* There are no fuses. */
uint32_t board_fused_minimum(uint8_t i) {
    (void)i;
    return 0;
}
