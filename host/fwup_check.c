// SPDX-License-Identifier: Apache-2.0
//
// fwup check: findings as a table or as JSON, and the gate.
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "host/day.h"
#include "host/fleet.h"
#include "host/fwup_offline.h"
#include "host/options.h"
#include "host/text.h"

static const char tool[] = "fwup";

struct report {
    const struct fleet *fleet;
    bool json;
    unsigned counts[FLEET_STATES];
    bool closed;
};

/* Texts of files, for a terminal: control characters and what is not ASCII are left out. */
static const char *plain(const char *text, char *out, size_t size) {
    size_t used = 0;
    for (; *text != '\0' && used + 1 < size; text++)
        if (*text >= ' ' && *text <= '~') out[used++] = *text;
    out[used] = '\0';
    return out;
}

static void print_line(const struct fleet_finding *f) {
    char link[200], running[64], release[64], text[300], day[DAY_TEXT];
    printf("%s EID %" PRIu64 "  0x%04" PRIx64 ":0x%04" PRIx64 " %s  %s",
           plain(json_get_text(f->device, "link"), link, sizeof link), json_get_number(f->device, "eid"),
           json_get_number(f->component, "classification"), json_get_number(f->component, "identifier"),
           plain(json_get_text(json_get(f->component, "active"), "version"), running, sizeof running),
           fleet_state_name(f->state));
    if (f->release != NULL) printf("  %s", plain(f->release, release, sizeof release));
    if (f->has_deadline) printf(" until %s", day_format(f->deadline, day));
    if (f->text[0] != '\0') printf(": %s", plain(f->text, text, sizeof text));
    putchar('\n');
}

static void print_json(const struct report *r, const struct fleet_finding *f) {
    struct json j = {.to = stdout};
    char text[300], day[DAY_TEXT];
    json_open(&j, NULL, '{');
    json_text(&j, "event", "finding");
    json_text(&j, "link", plain(json_get_text(f->device, "link"), text, sizeof text));
    json_number(&j, "eid", json_get_number(f->device, "eid"));
    json_number(&j, "classification", json_get_number(f->component, "classification"));
    json_number(&j, "identifier", json_get_number(f->component, "identifier"));
    json_text(&j, "running", plain(json_get_text(json_get(f->component, "active"), "version"), text, sizeof text));
    json_text(&j, "state", fleet_state_name(f->state));
    json_bool(&j, "closes", fleet_closes(r->fleet, f->state));
    if (f->release != NULL) json_text(&j, "release", plain(f->release, text, sizeof text));
    if (f->has_deadline) json_text(&j, "until", day_format(f->deadline, day));
    json_text(&j, "text", plain(f->text, text, sizeof text));
    json_close(&j, '}');
    putchar('\n');
}

static void hear(void *ctx, const struct fleet_finding *f) {
    struct report *r = ctx;
    r->counts[f->state]++;
    r->closed = r->closed || fleet_closes(r->fleet, f->state);
    if (r->json)
        print_json(r, f);
    else
        print_line(f);
}

static void conclude(const struct report *r, int32_t today) {
    struct json j = {.to = stdout};
    char day[DAY_TEXT];
    const char *gate = r->closed ? "closed" : "open";
    if (r->json) {
        json_open(&j, NULL, '{');
        json_text(&j, "event", "gate");
        json_text(&j, "gate", gate);
        json_text(&j, "today", day_format(today, day));
        for (int i = 0; i < FLEET_STATES; i++) json_number(&j, fleet_state_name((enum fleet_state)i), r->counts[i]);
        json_close(&j, '}');
        putchar('\n');
        return;
    }
    printf("gate %s on %s:", gate, day_format(today, day));
    for (int i = 0; i < FLEET_STATES; i++)
        if (r->counts[i] != 0) printf(" %u %s", r->counts[i], fleet_state_name((enum fleet_state)i));
    putchar('\n');
}

int fwup_check(const struct fwup_offline *request) {
    static char error[FLEET_ERROR_TEXT];
    struct fleet fleet;
    struct report report = {.fleet = &fleet, .json = request->json};
    int32_t today = day_today();
    if (request->today != NULL && (!day_parse(request->today, &today) || request->today[10] != '\0')) {
        tool_error(tool, "--today %s: not YYYY-MM-DD", request->today);
        return 2;
    }
    const bool good = fleet_load(&fleet, request->policy, request->folder, request->inventory, error);
    if (good) {
        fleet_judge(&fleet, today, hear, &report);
        conclude(&report, today);
    } else {
        tool_error(tool, "%s", error);
    }
    fleet_free(&fleet);
    return !good || report.closed;
}
