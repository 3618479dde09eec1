// SPDX-License-Identifier: Apache-2.0
//
// The agent under test with the scripted device, in simulated time.
#include <stdio.h>
#include <stdlib.h>

#include "tests/host/fake_device.h"

static uint8_t source(void *ctx, unsigned component, uint32_t offset, uint8_t *out, size_t len) {
    struct fake *f = ctx;
    for (size_t i = 0; i < len; i++) out[i] = (uint8_t)((component + 1) * 37 + offset + i);
    return f->read_code;
}

static void hear(void *ctx, const struct agent_event *event) {
    struct fake *f = ctx;
    if (event->kind == AGENT_WARNING) f->warnings++;
    if (event->kind != AGENT_COMPONENT || event->component >= FAKE_COMPONENTS) return;
    f->ended++;
    f->fates[event->component] = event->outcome->fate;
}

static bool wanted(void *ctx, unsigned component) {
    const struct fake *f = ctx;
    return (f->wanted_not >> component & 1) == 0;
}

void fake_free(struct fake *f) {
    agent_free(f->agent);
    f->agent = NULL;
}

void fake_rule(struct fake *f, uint8_t command, unsigned nth, enum fake_action action, uint8_t code) {
    if (f->rule_count == FAKE_RULES) abort();
    f->rules[f->rule_count++] = (struct fake_rule){command, nth, action, code, NULL, 0};
}

static void take(void *ctx, const struct mctp_message *m) {
    fake_take(ctx, m);
}

static void deliver(struct fake *f) {
    uint8_t bytes[FAKE_MESSAGE];
    struct mctp_message m;
    if (fake_pop(f, bytes, &m)) agent_receive(f->agent, f->now, &m);
}

void fake_pass(struct fake *f, uint64_t ms) {
    const uint64_t end = f->now + ms * FAKE_MS;
    while (agent_result(f->agent) == AGENT_RUNNING || f->queue_len != 0) {
        const uint64_t message = f->queue_len != 0 ? f->queue[0].at : UINT64_MAX;
        const uint64_t timer = agent_deadline(f->agent);
        const uint64_t next = message < timer ? message : timer;
        if (next > end) break;
        if (next > f->now) f->now = next;
        if (message <= timer)
            deliver(f);
        else
            agent_tick(f->agent, f->now);
    }
    if (agent_result(f->agent) == AGENT_RUNNING) f->now = end;
}

void fake_new_agent(struct fake *f) {
    const struct agent_io io = {.ctx = f, .send = take, .event = hear, .read = source, .wanted = wanted};
    agent_free(f->agent);
    f->agent = agent_new(&f->config, &io);
    if (f->agent == NULL) abort();
}

enum agent_result fake_run(struct fake *f, const struct pkg *package, unsigned seconds) {
    fake_new_agent(f);
    if (package != NULL)
        agent_start_update(f->agent, f->now, package);
    else
        agent_start_inventory(f->agent, f->now);
    fake_pass(f, seconds * UINT64_C(1000));
    return agent_result(f->agent);
}

enum agent_result fake_run_discovery(struct fake *f, unsigned seconds) {
    fake_new_agent(f);
    agent_start_discovery(f->agent, f->now);
    fake_pass(f, seconds * UINT64_C(1000));
    return agent_result(f->agent);
}

enum agent_result fake_run_policy(struct fake *f, const uint8_t *block, unsigned seconds) {
    fake_new_agent(f);
    agent_start_policy(f->agent, f->now, block);
    fake_pass(f, seconds * UINT64_C(1000));
    return agent_result(f->agent);
}

enum agent_result fake_run_cancel(struct fake *f, unsigned seconds) {
    fake_new_agent(f);
    agent_start_cancel(f->agent, f->now);
    fake_pass(f, seconds * UINT64_C(1000));
    return agent_result(f->agent);
}

const char *fake_commands(const struct fake *f) {
    static char text[2048];
    size_t at = 0;
    text[0] = '\0';
    for (size_t i = 0; i < f->log_len && at < sizeof text - 8; i++) {
        const struct fake_sent *s = &f->log[i];
        const char *what = s->mctp_type == MCTP_TYPE_CONTROL ? "c%x "
                           : s->pldm_type == PLDM_TYPE_BASE  ? "b%02x "
                                                             : "%02x ";
        if (s->request) at += (size_t)snprintf(text + at, sizeof text - at, what, s->command);
    }
    return text;
}

const struct fake_sent *fake_nth(const struct fake *f, uint8_t command, unsigned nth) {
    for (size_t i = 0; i < f->log_len; i++) {
        const struct fake_sent *sent = &f->log[i];
        if (sent->mctp_type == MCTP_TYPE_PLDM && sent->request && sent->pldm_type == PLDM_TYPE_FWUP &&
            sent->command == command && --nth == 0)
            return sent;
    }
    return NULL;
}

unsigned fake_count(const struct fake *f, uint8_t command) {
    unsigned n = 0;
    while (fake_nth(f, command, n + 1) != NULL) n++;
    return n;
}
