// SPDX-License-Identifier: Apache-2.0
//
// Promises of fwup.h.
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "host/descriptor.h"
#include "host/fwup.h"
#include "host/text.h"

const char *fwup_name(const struct fwup_target *target, char out[FWUP_NAME]) {
    if (target->addressed)
        snprintf(out, FWUP_NAME, "%.200s EID %u", target->link, target->eid);
    else
        snprintf(out, FWUP_NAME, "%.200s", target->link);
    return out;
}

static void print_version(const char *what, const struct pldm_component_version *v) {
    char text[TEXT_STRING], date[TEXT_STRING];
    printf("  %-9s %s (stamp 0x%08x, released %s)\n", what, string_format(&v->version, text), v->stamp,
           date_format(v->date, date));
}

static const char *slot_state_name(uint8_t state) {
    static const char *const names[SLOT_STATES] = {
        [SLOT_NONE] = "none",           [SLOT_INVALID] = "no image", [SLOT_SPARE] = "kept",
        [SLOT_ACTIVE] = "active",       [SLOT_PENDING] = "pending",  [SLOT_TRIAL] = "on trial",
        [SLOT_FAILED] = "trial failed", [SLOT_GOLDEN] = "golden",
    };
    return state < SLOT_STATES ? names[state] : "unknown";
}

static const char *const slot_names[SLOTS_STATUS_SLOTS] = {"A", "B", "golden"};

static void print_slots(const struct slots_status *status) {
    char text[TEXT_STRING];
    for (unsigned s = 0; s < SLOTS_STATUS_SLOTS; s++) {
        const struct slot_status *slot = &status->slot[s];
        if (slot->state == SLOT_NONE) continue;
        printf("  slot %-6s %s", slot_names[s], slot_state_name(slot->state));
        if (slot->state == SLOT_TRIAL) printf(" (start %u of %u)", status->attempts, status->starts);
        if (slot->version.len != 0)
            printf(": %s, security version %u", string_format(&slot->version, text), slot->security_version);
        puts(slot->runs ? ", runs" : "");
    }
    if (status->minimum != 0) printf("  minimum   security version %u\n", status->minimum);
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
    putchar('\n');
    for (size_t i = 0; i < v->component_count; i++) {
        print_component(&v->components[i], (unsigned)i);
        if (i < v->slot_count) print_slots(&v->slots[i]);
    }
}

static void json_version(struct json *j, const char *name, const struct pldm_component_version *v) {
    char text[TEXT_STRING];
    json_open(j, name, '{');
    json_string(j, "version", &v->version);
    json_number(j, "stamp", v->stamp);
    json_text(j, "date", date_format(v->date, text));
    json_close(j, '}');
}

static void json_slots(struct json *j, const struct slots_status *status) {
    json_number(j, "minimum_security_version", status->minimum);
    if (status->trial) json_number(j, "trial_start", status->attempts);
    json_number(j, "trial_starts", status->starts);
    json_open(j, "slots", '[');
    for (unsigned s = 0; s < SLOTS_STATUS_SLOTS; s++) {
        const struct slot_status *slot = &status->slot[s];
        if (slot->state == SLOT_NONE) continue;
        json_open(j, NULL, '{');
        json_text(j, "slot", slot_names[s]);
        json_text(j, "state", slot_state_name(slot->state));
        json_bool(j, "runs", slot->runs);
        if (slot->version.len != 0) {
            json_string(j, "version", &slot->version);
            json_number(j, "stamp", slot->stamp);
            json_number(j, "security_version", slot->security_version);
        }
        json_close(j, '}');
    }
    json_close(j, ']');
}

static void json_component(struct json *j, const struct pldm_component *c, const struct slots_status *slots) {
    json_open(j, NULL, '{');
    json_number(j, "classification", c->classification);
    json_number(j, "identifier", c->identifier);
    json_number(j, "index", c->index);
    json_version(j, "active", &c->active);
    if (c->pending.version.len != 0) json_version(j, "pending", &c->pending);
    json_number(j, "activation_methods", c->activation_methods);
    json_number(j, "capabilities", c->capabilities);
    if (slots != NULL) json_slots(j, slots);
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
    json_open(j, "components", '[');
    for (size_t i = 0; i < v->component_count; i++)
        json_component(j, &v->components[i], i < v->slot_count ? &v->slots[i] : NULL);
    json_close(j, ']');
    json_status(j, &v->status);
}

void fwup_print_inventory(const struct fwup_output *out, const struct agent_inventory *inventory, uint64_t now_ns) {
    struct json j;
    if (!out->json) {
        print_inventory_text(inventory);
        return;
    }
    fwup_event_begin(&j, out, "inventory", now_ns);
    json_text(&j, "link", out->target->link);
    json_inventory(&j, inventory);
    fwup_event_end(&j);
}

static void print_status_text(const struct pldm_get_status_resp *s) {
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

static void print_counters_text(const struct counters *c) {
    if (c->requests == 0)
        puts("engine    nothing asked for since the card's reset, or built without counters");
    else
        printf(
            "engine    %u requests, %u of them repeats, %u bytes; idle with work waiting: link %u cycles, flash %u\n",
            c->requests, c->retries, c->bytes, c->link_idle, c->flash_idle);
}

static void json_counters(struct json *j, const struct counters *c) {
    json_open(j, "engine", '{');
    json_number(j, "requests", c->requests);
    json_number(j, "retries", c->retries);
    json_number(j, "bytes", c->bytes);
    json_number(j, "link_idle_cycles", c->link_idle);
    json_number(j, "flash_idle_cycles", c->flash_idle);
    json_close(j, '}');
}

void fwup_print_status(const struct fwup_output *out, const struct agent *agent, uint64_t now_ns) {
    const struct agent_inventory *inventory = agent_inventory(agent);
    struct json j;
    uint64_t broken = 0;
    const bool any = agent_non_functioning(agent, &broken);
    if (!out->json) {
        print_status_text(&inventory->status);
        if (inventory->has_counters) print_counters_text(&inventory->counters);
        if (any) printf("broken    components 0x%" PRIx64 " will not function, says the device\n", broken);
        return;
    }
    fwup_event_begin(&j, out, "status", now_ns);
    json_text(&j, "link", out->target->link);
    json_number(&j, "eid", inventory->eid);
    json_status(&j, &inventory->status);
    if (inventory->has_counters) json_counters(&j, &inventory->counters);
    if (any) json_number(&j, "non_functioning", broken);
    fwup_event_end(&j);
}

static void result_json(const struct fwup_output *out, const struct agent *agent, uint64_t now_ns) {
    size_t count;
    const struct agent_outcome *outcomes = agent_outcomes(agent, &count);
    struct json j;
    fwup_event_begin(&j, out, "result", now_ns);
    json_bool(&j, "good", agent_result(agent) == AGENT_DONE);
    json_text(&j, "link", out->target->link);
    json_number(&j, "eid", agent_inventory(agent)->eid);
    if (agent_result(agent) != AGENT_DONE) json_text(&j, "error", agent_error(agent));
    json_open(&j, "outcomes", '[');
    for (size_t i = 0; i < count; i++) {
        json_open(&j, NULL, '{');
        json_number(&j, "component", outcomes[i].component);
        json_number(&j, "index", outcomes[i].index);
        json_text(&j, "fate", fwup_fate_name(outcomes[i].fate));
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
    fwup_event_end(&j);
}

void fwup_print_result(struct fwup_output *out, const struct agent *agent, uint64_t now_ns) {
    fwup_end_line(out);
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
               fwup_fate_name(outcomes[i].fate), outcomes[i].bytes, c->size, outcomes[i].requests);
    }
}

static void summary_json(const struct fwup_target *t, bool update) {
    static const char *const fates[] = {"not reached", "done", "silent", "failed"};
    static const char *const update_fates[] = {"not reached", "updated", "skipped", "failed"};
    const struct fwup_output out = {.target = t};
    struct json j;
    fwup_event_begin(&j, &out, "summary", t->took_ns);
    json_text(&j, "link", t->link);
    json_number(&j, "eid", t->eid);
    json_text(&j, "result", (update ? update_fates : fates)[t->fate]);
    if (update) json_number(&j, "components_updated", t->updated);
    if (update) json_number(&j, "components", t->offered);
    fwup_event_end(&j);
}

static void print_summary(const struct fwup_target *t) {
    char name[FWUP_NAME];
    const double seconds = (double)t->took_ns / 1e9;
    switch (t->fate) {
        case FWUP_DONE:
            printf("%s: updated, %u of %u components in %.1f s\n", fwup_name(t, name), t->updated, t->offered, seconds);
            break;
        case FWUP_SKIPPED:
            printf("%s: skipped, no device record of the package matches its descriptors\n", fwup_name(t, name));
            break;
        case FWUP_FAILED:
            printf("%s: failed, %u of %u components updated, after %.1f s\n", fwup_name(t, name), t->updated,
                   t->offered, seconds);
            break;
        default:
            printf("%s: not reached\n", fwup_name(t, name));
    }
}

void fwup_print_summary(const struct fwup_request *request) {
    const bool update = request->command == FWUP_UPDATE;
    for (unsigned i = 0; i < request->target_count; i++) {
        if (request->json)
            summary_json(&request->targets[i], update);
        else if (update)
            print_summary(&request->targets[i]);
    }
}
