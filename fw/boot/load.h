// SPDX-License-Identifier: Apache-2.0
//
// The firmware of one slot into the processor's RAM. Not a byte of it gets there before its hash matched.
#pragma once
#include <stdint.h>

/** Loads the firmware of slot @p slot, 0, 1 or 2 (golden), to its load address, unless its security version is below @p
 * minimum. @return NULL when it is there as a whole, or why it is not, in a few words */
const char *boot_load(uint32_t slot, uint32_t minimum);
