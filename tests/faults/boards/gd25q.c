// SPDX-License-Identifier: Apache-2.0
//
// A board whose slots are packed one behind the other: none begins at a multiple of 64 KiB, so that most erases are
// single sectors, and neighbours share erase blocks. The bitstream's slot B begins at a multiple of 32 KiB and is
// smaller than that: the journal lies in the same erase block.
#define ACTIVATION (PLDM_ACTIVATION_SELF_CONTAINED | PLDM_ACTIVATION_DC_POWER_CYCLE)
#define FIRMWARE   .slot_size = 76u * KIB, .slot = {0x043000, 0x056000}, .golden = 0x030000
#define BITSTREAM  .payload_max = 16u * KIB, .slot_size = 24u * KIB, .slot = {0x069000, 0x070000}
#define JOURNAL \
    { 0x076000, 0x077000 }
#include "tests/system/two_components.h"
