// SPDX-License-Identifier: Apache-2.0
//
// The demonstration board with 128 MiB of flash and slots of 17 MiB for the FPGA's bitstream, LARGE_SLOT_A and
// LARGE_SLOT_B. All that the boot ROM looks at, the firmware's slots and the journal, is where it was.
#include "tests/bench/large_map.h"

#define ACTIVATION PLDM_ACTIVATION_SELF_CONTAINED
#define FIRMWARE   .slot_size = 256u * KIB, .slot = {0x100000, 0x140000}
#define BITSTREAM  .payload_max = 16u * 1024u * KIB, .slot_size = LARGE_SLOT_SIZE, .slot = {LARGE_SLOT_A, LARGE_SLOT_B}
#define JOURNAL \
    { 0x020000, 0x021000 }
#include "tests/system/two_components.h"
