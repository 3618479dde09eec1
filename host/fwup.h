// SPDX-License-Identifier: Apache-2.0
//
// What fwup prints: inventory, status, events and the result of an update, as text or as JSON lines.
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "host/agent.h"

/** How to print, and what the progress line shows. Set the first three, the rest zero. */
struct fwup_output {
    bool json;
    bool progress; /* a line on standard error that is written over */
    const struct pkg *package;
    uint64_t started_ns, drawn_ns;
    uint32_t reached; /* bytes of the component: the furthest answered */
    bool line_open;   /* the progress line has no end yet */
};

void fwup_print_inventory(const struct fwup_output *out, const struct agent_inventory *inventory);
void fwup_print_status(const struct fwup_output *out, const struct agent_inventory *inventory);

/** One event of an update: a JSON line, or a step of the progress line; warnings always are a line. */
void fwup_print_event(struct fwup_output *out, const struct agent_event *event);

/** What became of every component; @p now_ns ends the time shown. */
void fwup_print_result(struct fwup_output *out, const struct agent *agent, uint64_t now_ns);
