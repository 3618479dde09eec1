// SPDX-License-Identifier: Apache-2.0
//
// The demonstration board with 128 MiB of flash and slots of 17 MiB for the FPGA's bitstream, LARGE_SLOT_A and
// LARGE_SLOT_B. All that the boot ROM looks at, the firmware's slots and the journal, is where it was.
#include "tests/bench/large_map.h"

#include "fw/board/board.h"

#define KIB          1024u
#define MIB          (1024u * KIB)
#define RAM_BYTES    (64u * KIB)
#define BOOT_RESERVE (1u * KIB)

const struct board_component board_components[] = {
    [BOARD_FIRMWARE] = {.classification = 0x000A,
                        .identifier = 1,
                        .activation_methods = PLDM_ACTIVATION_SELF_CONTAINED,
                        .load_address = 0x10000000,
                        .payload_max = RAM_BYTES - BOOT_RESERVE,
                        .slot_size = 256u * KIB,
                        .slot = {0x100000, 0x140000}},
    {.classification = 0x000A,
     .identifier = 2,
     .activation_methods = PLDM_ACTIVATION_SELF_CONTAINED,
     .payload_max = 16u * MIB,
     .slot_size = LARGE_SLOT_SIZE,
     .slot = {LARGE_SLOT_A, LARGE_SLOT_B}},
};
const uint8_t board_component_count = sizeof board_components / sizeof board_components[0];
const uint32_t board_journal[2] = {0x020000, 0x021000};
const uint8_t board_trial_starts = 3;

uint32_t board_fused_minimum(uint8_t i) {
    (void)i;
    return 0;
}
