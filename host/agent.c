// SPDX-License-Identifier: Apache-2.0
//
// The agent's core: one outstanding request with its retries, the timers, and where a message goes.
#include "host/agent.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fw/mctp/mctp_control.h"
#include "host/agent_internal.h"
#include "host/text.h"

#define NS_PER_MS UINT64_C(1000000)
enum { SETTLE_MS = 15000 }; /* three tries of the device's ApplyComplete, PT2 at most for each */

void agent_renew(struct agent *a, const struct agent_config *config, const struct agent_io *io) {
    free(a->meta_data);
    memset(a, 0, sizeof *a);
    a->config = *config;
    a->traits = agent_traits(config->personality);
    agent_traits_adopt(a->traits, &a->config);
    a->io = *io;
    a->answer_by = a->wake.at = a->guard.at = UINT64_MAX;
}

struct agent *agent_new(const struct agent_config *config, const struct agent_io *io) {
    struct agent *a = calloc(1, sizeof *a);
    if (a != NULL) agent_renew(a, config, io);
    return a;
}

void agent_free(struct agent *a) {
    if (a != NULL) free(a->meta_data);
    free(a);
}

void agent_wake_in(struct agent *a, uint64_t ms, agent_action *action) {
    a->wake = (struct agent_timer){a->now + ms * NS_PER_MS, action};
}

void agent_guard(struct agent *a, uint64_t ms, agent_action *action) {
    if (a->traits->no_timers) return;
    a->guard = (struct agent_timer){a->now + ms * NS_PER_MS, action};
}

void agent_no_guard(struct agent *a) {
    a->guard.at = UINT64_MAX;
}

void agent_no_wake(struct agent *a) {
    a->wake.at = UINT64_MAX;
}

void agent_notice(struct agent *a, enum agent_event_kind kind, const char *text) {
    if (a->io.event == NULL) return;
    const unsigned component = a->current < a->outcome_count ? a->outcomes[a->current].component : 0;
    const struct agent_event event = {
        .kind = kind,
        .time_ns = a->now,
        .component = component,
        .text = text,
        .percent = a->last_percent,
        .outcome = kind == AGENT_COMPONENT ? &a->outcomes[a->current] : NULL,
    };
    a->io.event(a->io.ctx, &event);
}

void agent_explain(struct agent *a, const char *format, ...) {
    if (a->error[0] != '\0') return;
    va_list args;
    va_start(args, format);
    vsnprintf(a->error, sizeof a->error, format, args);
    va_end(args);
}

/* Forgets the request and the pause, so that nothing of what was going on before goes on. */
static void stop(struct agent *a) {
    a->step = NULL;
    a->next = NULL;
    a->answer_by = a->wake.at = a->guard.at = UINT64_MAX;
}

void agent_finish(struct agent *a, bool good) {
    stop(a);
    a->stage = STAGE_QUIET;
    a->in_update_mode = a->leaving = false;
    a->result = good ? AGENT_DONE : AGENT_FAILED;
}

void agent_fail(struct agent *a) {
    stop(a);
    if (a->in_update_mode)
        agent_cancel(a);
    else
        agent_finish(a, false);
}

void agent_refused(struct agent *a, const char *command, uint8_t code) {
    char name[TEXT_STRING];
    agent_explain(a, "%s: the device answered %s", command, completion_name(code, name));
    agent_fail(a);
}

void agent_garbled(struct agent *a, const char *command) {
    agent_explain(a, "%s: the device's answer is not as the specification has it", command);
    agent_fail(a);
}

/* Of the request's message, and of its answer. */
static uint8_t message_type(const struct agent *a) {
    const uint8_t type = a->step->mctp_type;
    return type == AGENT_VENDOR_TYPE ? vendor_type(&a->inventory.descriptors[0]) : type;
}

static void transmit(struct agent *a) {
    const struct mctp_message message = {
        .destination = a->destination,
        .source = a->config.own_eid,
        .tag = a->tag,
        .tag_owner = true,
        .type = message_type(a),
        .bytes = a->request,
        .len = a->request_len,
    };
    const uint64_t give_up = a->asked_at + a->traits->give_up_ms * NS_PER_MS;
    a->tries_left--;
    a->answer_by = a->now + a->config.response_ms * NS_PER_MS;
    if (a->traits->give_up_ms != 0 && a->answer_by > give_up) a->answer_by = give_up;
    if (a->traits->no_timers) a->answer_by = UINT64_MAX;
    a->io.send(a->io.ctx, &message);
}

void agent_ask(struct agent *a, const struct agent_step *step) {
    a->tag = (a->tag + 1) & 7;
    a->instance = a->traits->instance_zero ? 0 : (a->instance + 1) & 31;
    a->destination = a->inventory.eid;
    size_t used = 0;
    if (step->mctp_type == MCTP_TYPE_PLDM) {
        const struct pldm_header header = {true, false, a->instance, step->pldm_type, step->command};
        used = pldm_header_encode(&header, a->request, sizeof a->request);
    }
    const size_t body = step->encode == NULL ? 0 : step->encode(a, a->request + used, sizeof a->request - used);
    if (step->encode != NULL && body == 0) {
        agent_explain(a, "%s: the request cannot be encoded", step->name);
        agent_fail(a);
        return;
    }
    a->step = a->asked = step;
    a->not_ready = 0;
    a->asked_at = a->now;
    a->request_len = used + body;
    a->tries_left = step->once || a->returning ? 1 : a->config.tries;
    transmit(a);
}

void agent_then(struct agent *a, agent_action *action) {
    if (a->step != NULL)
        a->next = action;
    else
        action(a);
}

/* The outstanding request is over. True when something else was waiting for that and has begun. */
static bool go_on(struct agent *a) {
    agent_action *next = a->next;
    a->step = NULL;
    a->next = NULL;
    a->answer_by = UINT64_MAX;
    if (next == NULL) return false;
    next(a);
    return true;
}

static void answer_overdue(struct agent *a) {
    const struct agent_step *step = a->step;
    if (a->tries_left > 0 && a->next == NULL) {
        transmit(a);
        return;
    }
    if (go_on(a)) return;
    if (a->returning) {
        agent_not_yet(a);
        return;
    }
    if (step->silent != NULL) {
        step->silent(a);
        return;
    }
    agent_explain(a, "%s: no answer from the device (%u tries, %u ms each)", step->name, a->config.tries,
                  a->config.response_ms);
    agent_fail(a);
}

static void ask_again(struct agent *a) {
    const uint32_t not_ready = a->not_ready;
    agent_ask(a, a->asked);
    if (a->step != NULL) a->not_ready = not_ready;
}

/* True when the answer means that the same command is to be sent again: ERROR_NOT_READY (UAFD_T1), or a device that
 * is still in APPLY because our answer to its ApplyComplete got lost. */
static bool wants_another_try(struct agent *a, const struct agent_step *step, uint8_t code) {
    if (a->traits->no_second_chance || a->returning) return false;
    if (a->not_ready++ == 0) a->refused_since = a->now;
    if (code == PLDM_ERROR_NOT_READY) {
        if (a->not_ready >= a->config.tries) return false;
    } else if (code != PLDM_INVALID_STATE_FOR_COMMAND || !step->settles ||
               a->now - a->refused_since > SETTLE_MS * NS_PER_MS) {
        return false;
    }
    agent_wake_in(a, a->config.response_ms, ask_again);
    return true;
}

static void take_pldm_answer(struct agent *a, const struct mctp_message *message) {
    struct pldm_header header;
    const struct agent_step *step = a->step;
    if (message->source != a->inventory.eid || message->len <= PLDM_HEADER_SIZE) return;
    if (pldm_header_decode(message->bytes, message->len, &header) != 0 || header.request) return;
    if (header.instance != a->instance || header.type != step->pldm_type || header.command != step->command) return;
    const uint8_t *body = message->bytes + PLDM_HEADER_SIZE;
    if (go_on(a) || wants_another_try(a, step, body[0])) return;
    step->answer(a, body[0], body, message->len - PLDM_HEADER_SIZE);
}

static void take_control_answer(struct agent *a, const struct mctp_message *message) {
    const struct agent_step *step = a->step;
    const uint8_t *data;
    size_t len;
    uint8_t code;
    if (!mctp_control_response(message->bytes, message->len, a->instance, step->command, &code, &data, &len)) return;
    if (!go_on(a)) step->answer(a, code, data, len);
}

static void take_vendor_answer(struct agent *a, const struct mctp_message *message) {
    const struct agent_step *step = a->step;
    struct vendor_message answer;
    if (!vendor_answer_decode(&a->inventory.descriptors[0], a->instance, step->command, message->bytes, message->len,
                              &answer))
        return;
    if (!go_on(a)) step->answer(a, answer.code, answer.data, answer.len);
}

/* A control request of the device: we are an endpoint, too. */
static void answer_control(struct agent *a, const struct mctp_message *message) {
    uint8_t body[MCTP_CONTROL_ANSWER_SIZE];
    struct mctp_endpoint self = {.eid = a->config.own_eid};
    const size_t len = mctp_control_message(&self, message->bytes, message->len, body, sizeof body);
    if (len == 0) return;
    const struct mctp_message answer = {
        message->source, a->config.own_eid, message->tag, false, MCTP_TYPE_CONTROL, body, len};
    a->io.send(a->io.ctx, &answer);
}

static bool take_request(struct agent *a, const struct mctp_message *message) {
    if (message->type == MCTP_TYPE_CONTROL)
        answer_control(a, message);
    else if (message->type == MCTP_TYPE_PLDM)
        agent_serve(a, message);
    return true;
}

bool agent_receive(struct agent *a, uint64_t now_ns, const struct mctp_message *message) {
    agent_tick(a, now_ns);
    if (message->destination != a->config.own_eid && message->destination != MCTP_EID_NULL) return false;
    const uint8_t device = a->inventory.eid; /* EID 0: unknown yet, or asked for as the neighbour */
    if (device != MCTP_EID_NULL && message->source != MCTP_EID_NULL && message->source != device) return false;
    if (message->tag_owner) return take_request(a, message);
    if (a->step == NULL || message->type != message_type(a) || message->tag != a->tag) return false;
    if (message->type == MCTP_TYPE_PLDM)
        take_pldm_answer(a, message);
    else if (message->type == MCTP_TYPE_CONTROL)
        take_control_answer(a, message);
    else
        take_vendor_answer(a, message);
    return true;
}

void agent_tick(struct agent *a, uint64_t now_ns) {
    if (now_ns > a->now) a->now = now_ns;
    for (;;) {
        struct agent_timer *timer = a->guard.at <= a->wake.at ? &a->guard : &a->wake;
        if (a->answer_by <= a->now) {
            answer_overdue(a);
        } else if (timer->at <= a->now) {
            timer->at = UINT64_MAX;
            agent_then(a, timer->action);
        } else {
            return;
        }
    }
}

uint64_t agent_deadline(const struct agent *a) {
    uint64_t at = a->answer_by;
    if (a->wake.at < at) at = a->wake.at;
    if (a->guard.at < at) at = a->guard.at;
    return at;
}

static void start(struct agent *a, uint64_t now_ns, enum agent_purpose purpose, const struct pkg *package) {
    stop(a);
    if (now_ns > a->now) a->now = now_ns;
    const bool own = purpose == PURPOSE_CANCEL || purpose == PURPOSE_DISCOVERY || purpose == PURPOSE_POLICY;
    a->traits = agent_traits(own ? AGENT_SLUICE : a->config.personality);
    a->result = AGENT_RUNNING;
    a->error[0] = '\0';
    a->purpose = purpose;
    a->package = package;
    a->outcome_count = 0;
    a->stage = STAGE_QUIET;
    a->in_update_mode = a->component_open = a->leaving = a->returning = false;
    a->not_for_device = a->non_functioning = a->silent = false;
    a->inventory.has_counters = a->inventory.has_policy = false;
    a->inventory.has_uuid = a->inventory.has_tid = a->inventory.has_types = a->inventory.assigned = false;
    a->inventory.descriptor_count = a->inventory.message_type_count = 0;
    agent_find(a);
}

void agent_start_inventory(struct agent *a, uint64_t now_ns) {
    start(a, now_ns, PURPOSE_INVENTORY, NULL);
}

void agent_start_update(struct agent *a, uint64_t now_ns, const struct pkg *package) {
    start(a, now_ns, PURPOSE_UPDATE, package);
}

void agent_start_cancel(struct agent *a, uint64_t now_ns) {
    start(a, now_ns, PURPOSE_CANCEL, NULL);
}

void agent_start_policy(struct agent *a, uint64_t now_ns, const uint8_t *block) {
    a->config.policy = true;
    a->policy = block;
    start(a, now_ns, PURPOSE_POLICY, NULL);
}

void agent_start_discovery(struct agent *a, uint64_t now_ns) {
    start(a, now_ns, PURPOSE_DISCOVERY, NULL);
}

void agent_abort(struct agent *a, uint64_t now_ns, const char *reason) {
    agent_tick(a, now_ns);
    if (a->result != AGENT_RUNNING || a->leaving) return;
    agent_explain(a, "%s", reason);
    agent_fail(a);
}

enum agent_result agent_result(const struct agent *a) {
    return a->result;
}

const char *agent_error(const struct agent *a) {
    return a->error;
}

const struct agent_inventory *agent_inventory(const struct agent *a) {
    return &a->inventory;
}

const struct agent_outcome *agent_outcomes(const struct agent *a, size_t *count) {
    *count = a->outcome_count;
    return a->outcomes;
}

bool agent_not_for_device(const struct agent *a) {
    return a->result == AGENT_FAILED && a->not_for_device;
}

bool agent_silent(const struct agent *a) {
    return a->result == AGENT_FAILED && a->silent;
}

bool agent_non_functioning(const struct agent *a, uint64_t *bitmap) {
    if (a->non_functioning) *bitmap = a->non_functioning_bitmap;
    return a->non_functioning;
}
