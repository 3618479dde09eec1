// SPDX-License-Identifier: Apache-2.0
//
// What every event of --json begins with, and the events that are the same for every command. docs/fwup.md has the
// table of all.
#include "host/fwup.h"
#include "host/manual.h"

enum { FORMAT = 1 }; /* of the events; another one when a key goes away or changes its meaning */

void fwup_event_begin(struct json *j, const struct fwup_output *out, const char *event, uint64_t time_ns) {
    char name[FWUP_NAME];
    *j = (struct json){.to = stdout};
    json_open(j, NULL, '{');
    json_text(j, "event", event);
    if (out->target == NULL) return;
    json_text(j, "device", fwup_name(out->target, name));
    json_number(j, "time_ns", time_ns < out->started_ns ? 0 : time_ns - out->started_ns);
}

void fwup_event_end(struct json *j) {
    json_close(j, '}');
    putchar('\n');
}

void fwup_print_start(const struct fwup_output *out, enum fwup_command command) {
    struct json j;
    if (!out->json) return;
    fwup_event_begin(&j, out, "start", 0);
    json_number(&j, "format", FORMAT);
    json_text(&j, "command", tool_manual.commands[command - FWUP_NONE - 1].name);
    fwup_event_end(&j);
}

void fwup_print_error(const struct fwup_output *out, uint64_t now_ns, const char *text) {
    struct json j;
    if (!out->json) return;
    fwup_event_begin(&j, out, "error", now_ns);
    json_text(&j, "text", text);
    fwup_event_end(&j);
}
