// SPDX-License-Identifier: Apache-2.0
//
// Where the slots of large_map.c are.
#pragma once

#define LARGE_SLOT_A    0x1000000u
#define LARGE_SLOT_B    0x3000000u
#define LARGE_SLOT_SIZE 0x1100000u
