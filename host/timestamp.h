// SPDX-License-Identifier: Apache-2.0
//
// timestamp104 of DSP0240, the release date of a package: offset from UTC in minutes (bytes 0 and 1, signed),
// microseconds (2 to 4), second, minute, hour, day, month, year (10 and 11), and in byte 12 how precise the time (bits
// 3 to 0) and the offset (7 to 4) are.
#pragma once
#include <stdbool.h>
#include <stdint.h>

#define TIMESTAMP_SIZE 13
#define TIMESTAMP_TEXT 64 /* bytes that hold any timestamp_format() result */

/** Reads YYYY-MM-DD or YYYYMMDD, optionally with THH:MM[:SS[.FRACTION]], that with Z or +HH:MM or -HH:MM behind it.
 *  What is left out is zero and said to be imprecise. */
bool timestamp_parse(const char *text, uint8_t out[TIMESTAMP_SIZE]);

/** The inverse, as far as the precision goes; numbers that are out of range are shown as they are. */
const char *timestamp_format(const uint8_t in[TIMESTAMP_SIZE], char out[TIMESTAMP_TEXT]);

/** NULL, or which field is out of its range. */
const char *timestamp_fault(const uint8_t in[TIMESTAMP_SIZE]);
