// SPDX-License-Identifier: Apache-2.0
//
// A board with 32 MiB of flash whose bitstream has its slots on either side of 16 MiB, so that addresses need four
// bytes, and with other erase times and status bits than the demonstration board's. What the boot ROM reads is below 16
// MiB.
#define ACTIVATION (PLDM_ACTIVATION_SELF_CONTAINED | PLDM_ACTIVATION_DC_POWER_CYCLE)
#define FIRMWARE   .slot_size = 128u * KIB, .slot = {0x0F40000, 0x0F80000}, .golden = 0x0F00000
#define BITSTREAM  .payload_max = 192u * KIB, .slot_size = 192u * KIB, .slot = {0x0E00000, 0x1800000}
#define JOURNAL \
    { 0x0FFE000, 0x0FFF000 }
#include "tests/system/two_components.h"
