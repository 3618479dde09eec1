// SPDX-License-Identifier: Apache-2.0
//
// Promises of day.h.
#include "host/day.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "host/text.h"

enum { DATE_LENGTH = sizeof "YYYY-MM-DD" - 1, DAY_SECONDS = 86400, EPOCH = 719468 /* 1970-01-01 since 0000-03-01 */ };

/* Years are counted from March on, so that a leap day is the last of its year. */
static int32_t day_of(int32_t year, int32_t month, int32_t date) {
    const int32_t y = month <= 2 ? year - 1 : year, m = (month + 9) % 12;
    return 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + date - 1 - EPOCH;
}

const char *day_format(int32_t day, char out[DAY_TEXT]) {
    int32_t year = (day + EPOCH) / 366, month = 1; /* never beyond */
    while (day_of(year + 1, 1, 1) <= day) year++;
    while (month < 12 && day_of(year, month + 1, 1) <= day) month++;
    snprintf(out, DAY_TEXT, "%04d-%02d-%02d", (int)year, (int)month, (int)(day - day_of(year, month, 1) + 1));
    return out;
}

bool day_parse(const char *text, int32_t *day) {
    uint8_t digits[PLDM_DATE_SIZE];
    char date[DATE_LENGTH + 1], back[DAY_TEXT];
    snprintf(date, sizeof date, "%.*s", (int)DATE_LENGTH, text);
    if (strlen(date) != DATE_LENGTH || date[4] != '-' || !date_parse(date, digits)) return false;
    *day = day_of(atoi(date), atoi(date + 5), atoi(date + 8));
    return strcmp(day_format(*day, back), date) == 0; /* not the 30th of February */
}

int32_t day_today(void) {
    return (int32_t)(time(NULL) / DAY_SECONDS);
}
