// SPDX-License-Identifier: Apache-2.0
//
// When the device looks for updates itself: `every=N[s|m|h|d]` after the last time, or `at=HH:MM` each day (UTC), and
// whether it installs what it finds (`update`).
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "host/options.h"

struct ocf_schedule {
    bool on, daily, update;
    uint64_t seconds; /* daily: after midnight; else: between two checks */
};

/** Reads --auto's group, which it cuts into pieces. False: the line about it was written to standard error. */
bool ocf_schedule_parse(const char *tool, char *group, struct ocf_schedule *schedule);

/** When the next check is due after one at @p checked (0: never), seconds since 1970; UINT64_MAX: never. */
uint64_t ocf_schedule_next(const struct ocf_schedule *schedule, uint64_t checked, uint64_t now);

/** The fields, for --help. */
extern const struct option_entry ocf_schedule_fields[];
