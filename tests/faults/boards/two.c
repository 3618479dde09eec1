// SPDX-License-Identifier: Apache-2.0
//
// A board with two flash chips: the bitstream's slot B is on the second one. What the boot ROM reads is on the first.
#define SECOND_CHIP 0x40000000u

#define ACTIVATION (PLDM_ACTIVATION_SELF_CONTAINED | PLDM_ACTIVATION_DC_POWER_CYCLE)
#define FIRMWARE   .slot_size = 256u * KIB, .slot = {0x100000, 0x140000}, .golden = 0x040000
#define BITSTREAM  .payload_max = 128u * KIB, .slot_size = 128u * KIB, .slot = {0x200000, SECOND_CHIP + 0x200000}
#define JOURNAL \
    { 0x020000, 0x021000 }
#include "tests/system/two_components.h"
