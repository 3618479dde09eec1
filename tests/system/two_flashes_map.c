// SPDX-License-Identifier: Apache-2.0
//
// The demonstration board with a second flash chip: slot B of the FPGA's bitstream is there. All that the boot ROM
// looks at, the firmware's slots and the journal, is where it was.
#define SECOND_CHIP 0x40000000u

#define ACTIVATION PLDM_ACTIVATION_SELF_CONTAINED
#define FIRMWARE   .slot_size = 256u * KIB, .slot = {0x100000, 0x140000}
#define BITSTREAM  .payload_max = 1024u * KIB, .slot_size = 1024u * KIB, .slot = {0x200000, SECOND_CHIP + 0x700000}
#define JOURNAL \
    { 0x020000, 0x021000 }
#include "tests/system/two_components.h"
