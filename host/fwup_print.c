// SPDX-License-Identifier: Apache-2.0
//
// Promises of fwup.h.
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "host/descriptor.h"
#include "host/fwup.h"
#include "host/text.h"

#define REDRAW_NS UINT64_C(100000000)

static void print_version(const char *what, const struct pldm_component_version *v) {
    char text[TEXT_STRING], date[TEXT_STRING];
    printf("  %-9s %s (stamp 0x%08x, released %s)\n", what, string_format(&v->version, text), v->stamp,
           date_format(v->date, date));
}

static void print_component(const struct pldm_component *c, unsigned n) {
    char text[TEXT_STRING];
    printf("component %u   classification 0x%04x, identifier 0x%04x, index %u\n", n, c->classification, c->identifier,
           c->index);
    print_version("active", &c->active);
    if (c->pending.version.len != 0)
        print_version("pending", &c->pending);
    else
        puts("  pending   none");
    printf("  activates %s\n", methods_format(c->activation_methods, text));
}

static void print_inventory_text(const struct agent_inventory *v) {
    char text[TEXT_STRING], line[1024];
    printf("device        EID %u, %s\n", v->eid, state_name(v->status.current_state));
    for (size_t i = 0; i < v->descriptor_count; i++) {
        descriptor_format(&v->descriptors[i], line, sizeof line);
        printf("descriptor    %s\n", line);
    }
    printf("image set     %s", string_format(&v->parameters.active, text));
    if (v->parameters.pending.len != 0) printf(", pending %s", string_format(&v->parameters.pending, text));
    puts("\nimages        NOT SIGNED: in this release no signature is verified, hashes only");
    for (size_t i = 0; i < v->component_count; i++) print_component(&v->components[i], (unsigned)i);
}

static void json_version(struct json *j, const char *name, const struct pldm_component_version *v) {
    char text[TEXT_STRING];
    json_open(j, name, '{');
    json_string(j, "version", &v->version);
    json_number(j, "stamp", v->stamp);
    json_text(j, "date", date_format(v->date, text));
    json_close(j, '}');
}

static void json_component(struct json *j, const struct pldm_component *c) {
    json_open(j, NULL, '{');
    json_number(j, "classification", c->classification);
    json_number(j, "identifier", c->identifier);
    json_number(j, "index", c->index);
    json_version(j, "active", &c->active);
    if (c->pending.version.len != 0) json_version(j, "pending", &c->pending);
    json_number(j, "activation_methods", c->activation_methods);
    json_number(j, "capabilities", c->capabilities);
    json_close(j, '}');
}

static void json_status(struct json *j, const struct pldm_get_status_resp *s) {
    json_open(j, "status", '{');
    json_text(j, "state", state_name(s->current_state));
    json_text(j, "previous_state", state_name(s->previous_state));
    json_number(j, "aux_state", s->aux_state);
    json_number(j, "aux_state_status", s->aux_state_status);
    if (s->progress <= 100) json_number(j, "percent", s->progress);
    json_number(j, "reason", s->reason);
    json_close(j, '}');
}

static void json_inventory(struct json *j, const struct agent_inventory *v) {
    char line[1024];
    json_number(j, "eid", v->eid);
    if (v->has_tid) json_number(j, "tid", v->tid);
    json_open(j, "descriptors", '[');
    for (size_t i = 0; i < v->descriptor_count; i++) {
        descriptor_format(&v->descriptors[i], line, sizeof line);
        json_text(j, NULL, line);
    }
    json_close(j, ']');
    json_number(j, "capabilities", v->parameters.capabilities);
    json_string(j, "active_image_set", &v->parameters.active);
    json_string(j, "pending_image_set", &v->parameters.pending);
    json_bool(j, "signatures_verified", false);
    json_open(j, "components", '[');
    for (size_t i = 0; i < v->component_count; i++) json_component(j, &v->components[i]);
    json_close(j, ']');
    json_status(j, &v->status);
}

void fwup_print_inventory(const struct fwup_output *out, const struct agent_inventory *inventory) {
    struct json j = {.to = stdout};
    if (!out->json) {
        print_inventory_text(inventory);
        return;
    }
    json_open(&j, NULL, '{');
    json_inventory(&j, inventory);
    json_close(&j, '}');
    putchar('\n');
}

void fwup_print_status(const struct fwup_output *out, const struct agent_inventory *inventory) {
    const struct pldm_get_status_resp *s = &inventory->status;
    struct json j = {.to = stdout};
    if (out->json) {
        json_open(&j, NULL, '{');
        json_status(&j, s);
        json_close(&j, '}');
        putchar('\n');
        return;
    }
    static const char *const aux[] = {"in progress", "successful", "failed", "nothing under way"};
    static const char *const reasons[] = {"initialization",        "ActivateFirmware",
                                          "CancelUpdate",          "timeout in LEARN COMPONENTS",
                                          "timeout in READY XFER", "timeout in DOWNLOAD"};
    printf("state     %s (before: %s)\n", state_name(s->current_state), state_name(s->previous_state));
    printf("operation %s", s->aux_state < 4 ? aux[s->aux_state] : "unknown");
    if (s->aux_state_status != 0) printf(", status 0x%02x", s->aux_state_status);
    if (s->progress <= 100) printf(", %u%%", s->progress);
    putchar('\n');
    if (s->current_state == PLDM_STATE_IDLE)
        printf("reason    %s\n", s->reason < 6 ? reasons[s->reason] : "vendor-defined");
}

static void end_line(struct fwup_output *out) {
    if (out->line_open) fputc('\n', stderr);
    out->line_open = false;
}

static void draw(struct fwup_output *out, unsigned component, const char *what, unsigned percent) {
    char bar[31];
    for (unsigned i = 0; i < sizeof bar - 1; i++) bar[i] = i * 100 < percent * (sizeof bar - 1) ? '#' : '.';
    bar[sizeof bar - 1] = '\0';
    fprintf(stderr, "\rcomponent %u  %-8s [%s] %3u%%", component, what, bar, percent);
    fflush(stderr);
    out->line_open = true;
}

static void progress(struct fwup_output *out, const struct agent_event *e) {
    if (e->kind == AGENT_STAGE) {
        end_line(out);
        out->reached = 0;
    } else if (e->kind == AGENT_PERCENT) {
        draw(out, e->component, e->text, e->percent);
    } else if (e->kind == AGENT_DATA) {
        const uint32_t end = e->offset + e->len < e->size ? e->offset + e->len : e->size;
        if (end > out->reached) out->reached = end;
        if (e->time_ns - out->drawn_ns < REDRAW_NS && out->reached < e->size) return;
        out->drawn_ns = e->time_ns;
        draw(out, e->component, "DOWNLOAD", (unsigned)(UINT64_C(100) * out->reached / e->size));
    }
}

static void event_json(const struct fwup_output *out, const struct agent_event *e) {
    static const char *const kinds[] = {"stage", "data", "percent", "warning", "component"};
    struct json j = {.to = stdout};
    json_open(&j, NULL, '{');
    json_text(&j, "event", kinds[e->kind]);
    json_number(&j, "time_ns", e->time_ns - out->started_ns);
    json_number(&j, "component", e->component);
    if (e->text != NULL) json_text(&j, "text", e->text);
    if (e->kind == AGENT_PERCENT) json_number(&j, "percent", e->percent);
    if (e->kind == AGENT_DATA) {
        json_number(&j, "offset", e->offset);
        json_number(&j, "length", e->len);
        json_number(&j, "size", e->size);
    }
    json_close(&j, '}');
    putchar('\n');
}

void fwup_print_event(struct fwup_output *out, const struct agent_event *event) {
    if (out->json) event_json(out, event);
    if (out->progress) progress(out, event);
    if (event->kind != AGENT_WARNING || out->json) return;
    end_line(out);
    fprintf(stderr, "fwup: warning: %s\n", event->text);
}

static const char *fate_name(enum agent_fate fate) {
    static const char *const names[] = {"not done", "updated", "refused", "failed"};
    return names[fate];
}

static void result_json(const struct fwup_output *out, const struct agent *agent, uint64_t now_ns) {
    size_t count;
    const struct agent_outcome *outcomes = agent_outcomes(agent, &count);
    struct json j = {.to = stdout};
    json_open(&j, NULL, '{');
    json_text(&j, "event", "result");
    json_bool(&j, "good", agent_result(agent) == AGENT_DONE);
    if (agent_result(agent) != AGENT_DONE) json_text(&j, "error", agent_error(agent));
    json_number(&j, "time_ns", now_ns - out->started_ns);
    json_open(&j, "outcomes", '[');
    for (size_t i = 0; i < count; i++) {
        json_open(&j, NULL, '{');
        json_number(&j, "component", outcomes[i].component);
        json_number(&j, "index", outcomes[i].index);
        json_text(&j, "fate", fate_name(outcomes[i].fate));
        json_number(&j, "code", outcomes[i].code);
        json_number(&j, "bytes", outcomes[i].bytes);
        json_number(&j, "requests", outcomes[i].requests);
        json_close(&j, '}');
    }
    json_close(&j, ']');
    if (agent_result(agent) == AGENT_DONE) {
        json_open(&j, "inventory", '{');
        json_inventory(&j, agent_inventory(agent));
        json_close(&j, '}');
    }
    json_close(&j, '}');
    putchar('\n');
}

void fwup_print_result(struct fwup_output *out, const struct agent *agent, uint64_t now_ns) {
    end_line(out);
    if (out->json) {
        result_json(out, agent, now_ns);
        return;
    }
    size_t count;
    char text[TEXT_STRING];
    const struct agent_outcome *outcomes = agent_outcomes(agent, &count);
    for (size_t i = 0; i < count; i++) {
        const struct pkg_component *c = &out->package->components[outcomes[i].component];
        printf("component %u  0x%04x:0x%04x %s: %s, %" PRIu64 " of %u bytes asked for in %u requests\n",
               outcomes[i].component, c->classification, c->identifier, string_format(&c->version, text),
               fate_name(outcomes[i].fate), outcomes[i].bytes, c->size, outcomes[i].requests);
    }
    if (agent_result(agent) == AGENT_DONE)
        printf("done in %.1f s; images are NOT SIGNED: in this release no signature is verified\n",
               (double)(now_ns - out->started_ns) / 1e9);
}
