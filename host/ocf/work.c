// SPDX-License-Identifier: Apache-2.0
//
// Promises of work.h: reads the card's inventory, looks through the trusted source, and drives the update agent.
#define _POSIX_C_SOURCE 200809L
#include "host/ocf/work.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "host/agent.h"
#include "host/channel.h"
#include "host/ocf/codec.h"

static volatile sig_atomic_t stopped;

struct work {
    int socket;
    const struct ocf_setup *setup;
    const struct ocf_record *record;
    struct lms_soft soft;
    struct channel *channel;
    struct agent *agent;
    struct ocf_found found;
    struct ocf_report report;
};

static void on_signal(int number) {
    (void)number;
    stopped = 1;
}

static void say(const char *text) {
    char line[SIGN_ERROR_TEXT];
    ocf_line_copy(line, sizeof line, text);
    fprintf(stderr, "ocfd: %s\n", line);
}

/* The report goes to the daemon; without one there is nothing to go on for. */
static void send_report(struct work *w, enum ocf_report_kind kind) {
    w->report.kind = kind;
    while (send(w->socket, &w->report, sizeof w->report, MSG_NOSIGNAL) < 0)
        if (errno != EINTR) _exit(1);
}

static _Noreturn void end(struct work *w, bool yes, const char *format, ...) __attribute__((format(printf, 3, 4)));
static _Noreturn void end(struct work *w, bool yes, const char *format, ...) {
    va_list args;
    va_start(args, format);
    vsnprintf(w->report.text, sizeof w->report.text, format, args);
    va_end(args);
    w->report.yes = yes;
    send_report(w, OCF_ENDED);
    _exit(0);
}

static void send_message(void *ctx, const struct mctp_message *message) {
    const struct work *w = ctx;
    channel_send(w->channel, message);
}

static void take_message(void *ctx, const struct mctp_message *message) {
    const struct work *w = ctx;
    agent_receive(w->agent, channel_now(w->channel), message);
}

static bool is_wanted(void *ctx, unsigned component) {
    const struct work *w = ctx;
    if (!w->found.any) return true;
    for (unsigned i = 0; i < w->found.choice.target.count; i++)
        if (w->found.choice.wanted[i] == component) return true;
    return false;
}

static void on_percent(struct work *w, const struct agent_event *event, uint8_t percent) {
    if (event->component == w->report.component && percent == w->report.percent) return;
    w->report.component = (uint16_t)event->component;
    w->report.percent = percent;
    send_report(w, OCF_PERCENT);
}

/* How far the data reached that was sent, of the image. */
static uint8_t percent_of(const struct agent_event *event) {
    const uint64_t reached = (uint64_t)event->offset + event->len;
    const uint64_t percent = reached >= event->size ? 100 : 100 * reached / event->size;
    return (uint8_t)percent;
}

static void on_stage(struct work *w, const char *stage) {
    snprintf(w->report.text, sizeof w->report.text, "%s", stage);
    w->report.percent = 0;
    w->report.activating |= strcmp(stage, "ActivateFirmware") == 0;
    send_report(w, OCF_STAGE);
}

static void hear(void *ctx, const struct agent_event *event) {
    struct work *w = ctx;
    if (event->kind == AGENT_WARNING) say(event->text);
    if (!w->found.any) return; /* an inventory */
    if (event->kind == AGENT_DATA) on_percent(w, event, percent_of(event));
    if (event->kind == AGENT_PERCENT) on_percent(w, event, event->percent);
    if (event->kind == AGENT_STAGE) on_stage(w, event->text);
}

static void new_agent(struct work *w) {
    const struct agent_io io = {.ctx = w, .send = send_message, .event = hear, .wanted = is_wanted};
    struct agent_config config = agent_defaults();
    const uint8_t named = channel_eid(w->setup->link);
    config.own_eid = channel_own_eid(w->channel);
    config.policy = true;
    config.device_eid = named != MCTP_EID_NULL ? named : w->setup->eid;
    agent_free(w->agent);
    w->agent = agent_new(&config, &io);
    if (w->agent == NULL) end(w, false, "out of memory");
}

/* Drives the agent until it is done well. */
static void drive(struct work *w) {
    char error[CHANNEL_ERROR_TEXT];
    while (agent_result(w->agent) == AGENT_RUNNING) {
        if (!channel_receive(w->channel, agent_deadline(w->agent), take_message, w, error)) end(w, false, "%s", error);
        agent_tick(w->agent, channel_now(w->channel));
        if (stopped) agent_abort(w->agent, channel_now(w->channel), "ocfd was stopped");
    }
    channel_flush(w->channel); /* the answer to the device's last request */
    if (agent_result(w->agent) != AGENT_DONE) end(w, false, "%s", agent_error(w->agent));
}

/* The card, as choosing sees it. */
static struct ocf_device inventory(struct work *w) {
    new_agent(w);
    agent_start_inventory(w->agent, channel_now(w->channel));
    drive(w);
    const struct agent_inventory *v = agent_inventory(w->agent);
    return (struct ocf_device){v->descriptors, v->descriptor_count, v->components, v->component_count,
                               &w->record->installed};
}

static void look(struct work *w, const struct ocf_device *device) {
    char error[SIGN_ERROR_TEXT];
    if (!ocf_source_look(&w->setup->source, &w->soft, device, say, &w->found, error)) end(w, false, "%s", error);
    if (!w->found.any)
        end(w, false, "no update: %u packages in the trusted source, %u of them refused", w->found.packages,
            w->found.refused);
    snprintf(w->report.package, sizeof w->report.package, "%.95s", w->found.package.name);
    w->report.target = w->found.choice.target;
}

/* Does not go on before the daemon has written down what it is about to do. */
static void await_go(struct work *w) {
    char go;
    ssize_t got;
    do got = recv(w->socket, &go, 1, 0);
    while (got < 0 && errno == EINTR);
    if (got != 1) _exit(1);
    if (stopped) end(w, false, "ocfd was stopped");
}

/* Whether the card's operator lets an update begin unasked. */
static void ask_policy(struct work *w) {
    const struct agent_inventory *v = agent_inventory(w->agent);
    const bool by_hand = v->has_policy && (v->policy.policy.flags & POLICY_BY_HAND) != 0;
    if (w->record->autonomous && by_hand) end(w, false, "the card's policy wants updates begun by a person");
}

static _Noreturn void update(struct work *w) {
    const struct ocf_device device = inventory(w);
    /* One that was cut off after the card had it all. */
    if (ocf_runs(&device, &w->record->target, true)) {
        w->report.target = w->record->target;
        end(w, true, "updated: the card has what was sent to it before the interruption");
    }
    ask_policy(w);
    look(w, &device);
    send_report(w, OCF_CHOSEN);
    await_go(w);
    new_agent(w);
    agent_start_update(w->agent, channel_now(w->channel), &w->found.package.package);
    drive(w);
    end(w, true, "updated from %s", w->report.package);
}

static _Noreturn void validate(struct work *w) {
    const struct ocf_device device = inventory(w);
    look(w, &device);
    end(w, true, "an update is available: %s", w->report.package);
}

_Noreturn void ocf_work(int socket, const struct ocf_setup *setup, const struct ocf_record *record, uint8_t mode,
                        const sigset_t *signals) {
    static struct work w;
    static struct ocf_setup own;
    char error[SIGN_ERROR_TEXT];
    const struct sigaction stop = {.sa_handler = on_signal}, ignore = {.sa_handler = SIG_IGN};
    sigaction(SIGTERM, &stop, NULL);
    sigaction(SIGINT, &ignore, NULL); /* the daemon says when to stop */
    sigprocmask(SIG_SETMASK, signals, NULL);
    own = *setup;
    w.socket = socket;
    w.setup = &own;
    w.record = record;
    if (!lms_soft_open(&w.soft)) end(&w, false, "out of memory");
    if (!ocf_source_open(&own.source, &w.soft, error)) end(&w, false, "%s", error);
    w.channel = channel_open(own.link, agent_defaults().own_eid, NULL, error);
    if (w.channel == NULL) end(&w, false, "%s", error);
    if (mode == OCF_MODE_UPDATE) update(&w);
    validate(&w);
}
