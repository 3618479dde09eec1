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

struct agent_config agent_defaults(void) {
    return (struct agent_config){
        .own_eid = MCTP_EID_FIRST,
        .device_eid = MCTP_EID_FIRST + 1,
        .max_outstanding = 8,
        .max_transfer = 4096,
        .tries = 3,
        .response_ms = 1000,
        .poll_ms = 1000,
        .ua_t1_ms = 1000,
        .ua_t2_ms = 75000,
        .ua_t3_ms = 180000,
        .ua_t4_ms = 2000,
        .ua_t5_ms = 5000,
        .return_ms = 30000,
        .activate = true,
    };
}

struct agent *agent_new(const struct agent_config *config, const struct agent_io *io) {
    struct agent *a = calloc(1, sizeof *a);
    if (a == NULL) return NULL;
    a->config = *config;
    a->io = *io;
    a->answer_by = a->wake.at = a->guard.at = UINT64_MAX;
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
        .kind = kind, .time_ns = a->now, .component = component, .text = text, .percent = a->last_percent};
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
    a->in_update_mode = false;
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

static void transmit(struct agent *a) {
    const struct mctp_message message = {
        .destination = a->destination,
        .source = a->config.own_eid,
        .tag = a->instance & 7,
        .tag_owner = true,
        .type = a->step->mctp_type,
        .bytes = a->request,
        .len = a->request_len,
    };
    a->tries_left--;
    a->answer_by = a->now + a->config.response_ms * NS_PER_MS;
    a->io.send(a->io.ctx, &message);
}

void agent_ask(struct agent *a, const struct agent_step *step) {
    a->instance = (a->instance + 1) & 31;
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
    a->step = step;
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

static void take_pldm_answer(struct agent *a, const struct mctp_message *message) {
    struct pldm_header header;
    const struct agent_step *step = a->step;
    if (message->source != a->inventory.eid || message->len <= PLDM_HEADER_SIZE) return;
    if (pldm_header_decode(message->bytes, message->len, &header) != 0 || header.request) return;
    if (header.instance != a->instance || header.type != step->pldm_type || header.command != step->command) return;
    const uint8_t *body = message->bytes + PLDM_HEADER_SIZE;
    if (!go_on(a)) step->answer(a, body[0], body, message->len - PLDM_HEADER_SIZE);
}

static void take_control_answer(struct agent *a, const struct mctp_message *message) {
    const struct agent_step *step = a->step;
    const uint8_t *data;
    size_t len;
    uint8_t code;
    if (!mctp_control_response(message->bytes, message->len, a->instance, step->command, &code, &data, &len)) return;
    if (!go_on(a)) step->answer(a, code, data, len);
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

void agent_receive(struct agent *a, uint64_t now_ns, const struct mctp_message *message) {
    agent_tick(a, now_ns);
    if (message->destination != a->config.own_eid && message->destination != MCTP_EID_NULL) return;
    if (message->tag_owner) {
        if (message->type == MCTP_TYPE_CONTROL) answer_control(a, message);
        if (message->type == MCTP_TYPE_PLDM) agent_serve(a, message);
        return;
    }
    if (a->step == NULL || message->type != a->step->mctp_type || message->tag != (a->instance & 7)) return;
    if (message->type == MCTP_TYPE_PLDM)
        take_pldm_answer(a, message);
    else
        take_control_answer(a, message);
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

static void start(struct agent *a, uint64_t now_ns, const struct pkg *package) {
    stop(a);
    if (now_ns > a->now) a->now = now_ns;
    a->result = AGENT_RUNNING;
    a->error[0] = '\0';
    a->package = package;
    a->outcome_count = 0;
    a->returning = false;
    agent_find(a);
}

void agent_start_inventory(struct agent *a, uint64_t now_ns) {
    start(a, now_ns, NULL);
}

void agent_start_update(struct agent *a, uint64_t now_ns, const struct pkg *package) {
    start(a, now_ns, package);
}

void agent_abort(struct agent *a, uint64_t now_ns, const char *reason) {
    agent_tick(a, now_ns);
    if (a->result != AGENT_RUNNING || a->stage == STAGE_CANCEL) return;
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
