// SPDX-License-Identifier: Apache-2.0
//
// A board whose slots are packed one behind the other: none begins at a multiple of 64 KiB, so that most erases are
// single sectors, and neighbours share erase blocks.
#define ACTIVATION (PLDM_ACTIVATION_SELF_CONTAINED | PLDM_ACTIVATION_DC_POWER_CYCLE)
#define FIRMWARE   .slot_size = 76u * KIB, .slot = {0x043000, 0x056000}, .golden = 0x030000
#define BITSTREAM  .payload_max = 60u * KIB, .slot_size = 60u * KIB, .slot = {0x069000, 0x078000}
#define JOURNAL \
    { 0x087000, 0x088000 }
#include "tests/system/two_components.h"
