// SPDX-License-Identifier: Apache-2.0
//
// The flash map of a test's board: the demonstration board's two components, firmware and bitstream, with slots where
// the including file wants them. It says so before, in words of struct board_component: FIRMWARE and BITSTREAM (slot
// sizes and addresses), JOURNAL (its two sectors) and ACTIVATION (the methods of both).
#include "fw/board/board.h"

#define KIB          1024u
#define RAM_BYTES    (64u * KIB)
#define BOOT_RESERVE (1u * KIB)  // stack of the boot ROM at the end of the RAM

const struct board_component board_components[] = {
    [BOARD_FIRMWARE] = {.classification = 0x000A,
                        .identifier = 1,
                        .activation_methods = ACTIVATION,
                        .load_address = 0x10000000,
                        .payload_max = RAM_BYTES - BOOT_RESERVE,
                        FIRMWARE},
    {.classification = 0x000A, .identifier = 2, .activation_methods = ACTIVATION, BITSTREAM},
};
const uint8_t board_component_count = sizeof board_components / sizeof board_components[0];
const uint32_t board_journal[2] = JOURNAL;
const uint8_t board_trial_starts = 3;

/* There are no fuses. */
uint32_t board_fused_minimum(uint8_t i) {
    (void)i;
    return 0;
}
