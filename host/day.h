// SPDX-License-Identifier: Apache-2.0
//
// Days of the calendar as numbers, so that deadlines can be reckoned. No time of day, no time zone but UTC.
#pragma once
#include <stdbool.h>
#include <stdint.h>

#define DAY_TEXT 36 /* bytes that hold any day_format() result */

/** Reads YYYY-MM-DD at the beginning of @p text; what follows is not looked at. @p day: days since 1970-01-01 */
bool day_parse(const char *text, int32_t *day);
const char *day_format(int32_t day, char out[DAY_TEXT]);
/** Today by the system's clock. */
int32_t day_today(void);
