// SPDX-License-Identifier: Apache-2.0
//
// What fwup tells while an update goes on: a line on standard error that is written over, or JSON lines; both with the
// rate of the component so far and the time that it will take at that pace.
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "host/fwup.h"
#include "host/text.h"

#define REDRAW_NS UINT64_C(100000000)

/* Bytes a second, from the component's first data to its last so far; 0: not known yet. */
static uint64_t rate(const struct fwup_output *out) {
    return out->took_ns == 0 ? 0 : (uint64_t)((double)out->served * 1e9 / (double)out->took_ns);
}

/* Seconds until the component's last byte, if it goes on as it did; false: not known yet. A device that leaves out what
 * it has gets ahead faster than its bytes come. */
static bool seconds_left(const struct fwup_output *out, uint64_t *seconds) {
    const uint32_t advance = out->reached - out->first;
    if (advance == 0) return false;
    *seconds = (uint64_t)((double)out->took_ns / 1e9 * (out->size - out->reached) / advance + 0.5);
    return true;
}

void fwup_end_line(struct fwup_output *out) {
    if (out->line_open) fputc('\n', stderr);
    out->line_open = false;
}

static void draw(struct fwup_output *out, const struct agent_event *e, const char *what, unsigned percent) {
    char bar[31], pace[48] = "";
    uint64_t seconds;
    for (unsigned i = 0; i < sizeof bar - 1; i++) bar[i] = i * 100 < percent * (sizeof bar - 1) ? '#' : '.';
    bar[sizeof bar - 1] = '\0';
    if (e->kind == AGENT_DATA && rate(out) != 0 && seconds_left(out, &seconds))
        snprintf(pace, sizeof pace, "%.1f KiB/s, %" PRIu64 ":%02u left", (double)rate(out) / 1024, seconds / 60,
                 (unsigned)(seconds % 60));
    fprintf(stderr, "\rcomponent %u  %-8s [%s] %3u%%  %-24s", e->component, what, bar, percent, pace);
    fflush(stderr);
    out->line_open = true;
}

static void count(struct fwup_output *out, const struct agent_event *e) {
    if (e->kind == AGENT_STAGE) out->reached = out->size = 0;
    if (e->kind != AGENT_DATA) return;
    const uint64_t end = (uint64_t)e->offset + e->len;
    const uint32_t within = end < e->size ? (uint32_t)end : e->size; /* padding is beyond it */
    if (within > out->reached) out->reached = within;
    if (out->size == 0) {
        out->data_ns = e->time_ns;
        out->first = out->reached;
        out->served = 0;
    } else {
        out->served += e->len;
    }
    out->took_ns = e->time_ns - out->data_ns;
    out->size = e->size;
}

static void progress(struct fwup_output *out, const struct agent_event *e) {
    if (e->kind == AGENT_STAGE || e->kind == AGENT_COMPONENT) {
        fwup_end_line(out);
    } else if (e->kind == AGENT_PERCENT) {
        draw(out, e, e->text, e->percent);
    } else if (e->kind == AGENT_DATA) {
        if (e->time_ns - out->drawn_ns < REDRAW_NS && out->reached < e->size) return;
        out->drawn_ns = e->time_ns;
        draw(out, e, "DOWNLOAD", (unsigned)(UINT64_C(100) * out->reached / e->size));
    }
}

const char *fwup_fate_name(enum agent_fate fate) {
    static const char *const names[] = {"not done", "updated", "refused", "failed"};
    return names[fate];
}

static void event_json(const struct fwup_output *out, const struct agent_event *e) {
    static const char *const kinds[] = {"stage", "data", "percent", "warning", "component"};
    struct json j;
    const uint64_t pace = rate(out);
    uint64_t seconds;
    fwup_event_begin(&j, out, kinds[e->kind], e->time_ns);
    json_number(&j, "component", e->component);
    if (e->text != NULL) json_text(&j, "text", e->text);
    if (e->kind == AGENT_PERCENT) json_number(&j, "percent", e->percent);
    if (e->kind == AGENT_DATA) {
        json_number(&j, "offset", e->offset);
        json_number(&j, "length", e->len);
        json_number(&j, "reached", out->reached);
        json_number(&j, "size", e->size);
        if (pace != 0) json_number(&j, "bytes_per_s", pace);
        if (seconds_left(out, &seconds)) json_number(&j, "seconds_left", seconds);
    }
    if (e->kind == AGENT_COMPONENT && e->outcome != NULL) {
        json_text(&j, "fate", fwup_fate_name(e->outcome->fate));
        json_number(&j, "code", e->outcome->code);
        json_number(&j, "bytes", e->outcome->bytes);
        json_number(&j, "requests", e->outcome->requests);
    }
    fwup_event_end(&j);
}

void fwup_print_event(struct fwup_output *out, const struct agent_event *event) {
    count(out, event);
    if (out->json) event_json(out, event);
    if (out->progress) progress(out, event);
    if (event->kind != AGENT_WARNING || out->json) return;
    char name[FWUP_NAME];
    fwup_end_line(out);
    fprintf(stderr, "fwup: %s: warning: %s\n", fwup_name(out->target, name), event->text);
}
