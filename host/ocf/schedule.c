// SPDX-License-Identifier: Apache-2.0
//
// Promises of schedule.h.
#include "host/ocf/schedule.h"

#include <stddef.h>
#include <string.h>

enum { EVERY = 1, AT, UPDATE };
#define DAY UINT64_C(86400)

const struct option_entry ocf_schedule_fields[] = {
    {EVERY, "every", NULL, "N[s|m|h|d]", "so long after the last check began, at once when there was none"},
    {AT, "at", NULL, "HH:MM", "each day at this time (UTC)"},
    {UPDATE, "update", NULL, NULL, "install what is found"},
    {0, NULL, NULL, NULL, NULL},
};

static bool parse_every(const char *value, uint64_t *seconds) {
    static const char units[] = "smhd";
    static const uint64_t scale[] = {1, 60, 3600, DAY};
    char digits[8];
    const size_t len = strlen(value);
    const char *unit = len == 0 || len > sizeof digits ? NULL : strchr(units, value[len - 1]);
    uint64_t n;
    if (unit == NULL) return false;
    memcpy(digits, value, len - 1);
    digits[len - 1] = '\0';
    if (!parse_number(digits, 99999, &n) || n == 0) return false;
    *seconds = n * scale[unit - units];
    return true;
}

static bool parse_at(const char *v, uint64_t *seconds) {
    if (strlen(v) != 5 || v[2] != ':') return false;
    for (int i = 0; i < 5; i++)
        if (i != 2 && (v[i] < '0' || v[i] > '9')) return false;
    const int hour = 10 * (v[0] - '0') + v[1] - '0', minute = 10 * (v[3] - '0') + v[4] - '0';
    *seconds = (uint64_t)(60 * (60 * hour + minute));
    return hour < 24 && minute < 60;
}

bool ocf_schedule_parse(const char *tool, char *group, struct ocf_schedule *schedule) {
    char *rest = group;
    const char *value;
    int key;
    *schedule = (struct ocf_schedule){.on = false};
    while ((key = group_next(tool, "--auto", ocf_schedule_fields, &rest, &value)) != OPTION_END) {
        if (key == OPTION_ERROR) return false;
        if (key == UPDATE) {
            schedule->update = true;
            continue;
        }
        schedule->daily = key == AT;
        if (schedule->on ||
            !(key == AT ? parse_at(value, &schedule->seconds) : parse_every(value, &schedule->seconds))) {
            tool_error(tool, "--auto: one of every=N[s|m|h|d] and at=HH:MM");
            return false;
        }
        schedule->on = true;
    }
    if (!schedule->on) tool_error(tool, "--auto: one of every=N[s|m|h|d] and at=HH:MM");
    return schedule->on;
}

uint64_t ocf_schedule_next(const struct ocf_schedule *schedule, uint64_t checked, uint64_t now) {
    if (!schedule->on) return UINT64_MAX;
    /* After a clock went back it is as if there had been none. */
    if (!schedule->daily) return checked == 0 || checked > now ? now : checked + schedule->seconds;
    const uint64_t today = now / DAY * DAY + schedule->seconds;
    const uint64_t last = today <= now ? today : today - DAY; /* the last time that was due */
    return checked != 0 && checked < last ? now : last + DAY;
}
