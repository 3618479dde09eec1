// SPDX-License-Identifier: Apache-2.0
//
// fwup: the update agent as a program. It drives host/agent.h over links, in real or simulated time, one device after
// the other.
#define _POSIX_C_SOURCE 200809L
#include "host/fwup.h"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "host/channel.h"
#include "host/file.h"
#include "host/options.h"

static const char tool[] = "fwup";
static volatile sig_atomic_t interrupted;

/* One device being worked on, over the link that it shares with those before and after it in the list. */
struct session {
    struct fwup_request request;
    const struct pkg *package; /* NULL unless it is an update */
    const uint8_t *policy;     /* NULL unless one is to be set */
    struct fwup_target *target;
    struct fwup_output out;
    struct pcapng *capture;  /* NULL: none */
    const char *link_name;   /* of the open one */
    struct channel *channel; /* over it, NULL: none */
    struct agent *agent;
};

static void on_signal(int number) {
    (void)number;
    interrupted = 1;
}

static uint64_t now(const struct session *s) {
    return s->channel == NULL ? 0 : channel_now(s->channel);
}

static void send_message(void *ctx, const struct mctp_message *message) {
    const struct session *s = ctx;
    channel_send(s->channel, message);
}

static void take_message(void *ctx, const struct mctp_message *message) {
    const struct session *s = ctx;
    agent_receive(s->agent, now(s), message);
}

static void hear(void *ctx, const struct agent_event *event) {
    struct session *s = ctx;
    fwup_print_event(&s->out, event);
}

static bool is_wanted(void *ctx, unsigned component) {
    const struct session *s = ctx;
    if (!s->request.some_components) return true;
    return component < 8 * sizeof s->request.components &&
           (s->request.components[component / 8] >> component % 8 & 1) != 0;
}

/* One line about the device. Always false. */
static bool complain(struct session *s, const char *reason) {
    char name[FWUP_NAME];
    fwup_end_line(&s->out);
    tool_error(tool, "%s: %s", fwup_name(s->target, name), reason);
    fwup_print_error(&s->out, now(s), reason);
    return false;
}

/* One line about something else. Always 1. */
static int complain_of_all(const struct session *s, const char *reason) {
    const struct fwup_output out = {.json = s->request.json};
    tool_error(tool, "%s", reason);
    fwup_print_error(&out, 0, reason);
    return 1;
}

/* Drives the agent until it is done. False when the link broke, with the line written. */
static bool drive(struct session *s) {
    char error[CHANNEL_ERROR_TEXT];
    while (agent_result(s->agent) == AGENT_RUNNING) {
        if (!channel_receive(s->channel, agent_deadline(s->agent), take_message, s, error)) return complain(s, error);
        agent_tick(s->agent, now(s));
        if (interrupted) agent_abort(s->agent, now(s), "interrupted: the update was cancelled");
    }
    channel_flush(s->channel); /* the answer to the device's last request */
    return true;
}

static void start(struct session *s) {
    const uint64_t at = now(s);
    s->out.started_ns = at;
    switch (s->request.command) {
        case FWUP_UPDATE:
            agent_start_update(s->agent, at, s->package);
            break;
        case FWUP_DISCOVER:
            agent_start_discovery(s->agent, at);
            break;
        case FWUP_POLICY:
            agent_start_policy(s->agent, at, s->policy);
            break;
        case FWUP_CANCEL:
            agent_start_cancel(s->agent, at);
            break;
        default:
            agent_start_inventory(s->agent, at);
    }
}

/* What the update came to, for the summary; the line about a failure. */
static void conclude_update(struct session *s) {
    size_t count;
    const struct agent_outcome *outcomes = agent_outcomes(s->agent, &count);
    struct fwup_target *t = s->target;
    t->offered = (unsigned)count;
    for (size_t i = 0; i < count; i++) t->updated += outcomes[i].fate == AGENT_UPDATED;
    fwup_print_result(&s->out, s->agent, now(s));
    if (agent_result(s->agent) == AGENT_DONE)
        t->fate = FWUP_DONE;
    else if (agent_not_for_device(s->agent))
        t->fate = FWUP_SKIPPED;
    else
        complain(s, agent_error(s->agent));
}

/* The same for the other commands. */
static void conclude_reading(struct session *s) {
    if (s->request.command == FWUP_DISCOVER && s->target->addressed && agent_silent(s->agent)) {
        s->target->fate = FWUP_SKIPPED;
        return;
    }
    if (agent_result(s->agent) != AGENT_DONE) {
        complain(s, agent_error(s->agent));
        return;
    }
    s->target->fate = FWUP_DONE;
    if (s->request.command == FWUP_DISCOVER) {
        fwup_print_endpoint(&s->out, agent_inventory(s->agent), now(s));
        return;
    }
    if (s->request.command == FWUP_POLICY)
        fwup_print_policy(&s->out, agent_inventory(s->agent), now(s));
    else if (s->request.command == FWUP_INVENTORY)
        fwup_print_inventory(&s->out, agent_inventory(s->agent), now(s));
    else
        fwup_print_status(&s->out, s->agent, now(s));
}

static void conclude(struct session *s) {
    s->target->took_ns = now(s) - s->out.started_ns;
    if (agent_inventory(s->agent)->eid != MCTP_EID_NULL) s->target->eid = agent_inventory(s->agent)->eid;
    (s->package != NULL ? conclude_update : conclude_reading)(s);
}

static void close_link(struct session *s) {
    channel_close(s->channel);
    s->channel = NULL;
    s->link_name = NULL;
}

static bool reach(struct session *s) {
    char error[CHANNEL_ERROR_TEXT];
    if (s->link_name == s->target->link) return true; /* several devices behind one --link */
    close_link(s);
    s->channel = channel_open(s->target->link, s->request.config.own_eid, s->capture, error);
    if (s->channel == NULL) {
        fwup_end_line(&s->out);
        tool_error(tool, "%s", error);
        fwup_print_error(&s->out, 0, error);
        return false;
    }
    s->link_name = s->target->link;
    return true;
}

static void handle(struct session *s) {
    const struct agent_io io = {.ctx = s, .send = send_message, .event = hear, .wanted = is_wanted};
    struct agent_config config = s->request.config;
    char name[FWUP_NAME];
    s->target->fate = FWUP_FAILED;
    s->out = (struct fwup_output){
        .json = s->request.json, .progress = s->request.progress, .target = s->target, .package = s->package};
    if (s->request.target_count > 1 && !s->request.json && s->request.command != FWUP_DISCOVER)
        printf("== %s\n", fwup_name(s->target, name));
    fwup_print_start(&s->out, s->request.command);
    fflush(stdout);
    if (!reach(s)) return;
    config.own_eid = channel_own_eid(s->channel);
    config.device_eid = s->target->eid;
    config.device_has_eid = s->target->addressed;
    config.counters = s->request.command == FWUP_STATUS;
    config.slots = s->request.command == FWUP_INVENTORY;
    s->agent = agent_new(&config, &io);
    if (s->agent == NULL) {
        complain(s, "out of memory");
        return;
    }
    start(s);
    if (!drive(s))
        close_link(s);
    else
        conclude(s);
    agent_free(s->agent);
}

/* 1 when a device failed, or none was for the package. */
static int judge(const struct session *s) {
    unsigned skipped = 0, failed = 0;
    char name[FWUP_NAME], text[FWUP_NAME + 80];
    for (unsigned i = 0; i < s->request.target_count; i++) {
        skipped += s->request.targets[i].fate == FWUP_SKIPPED;
        failed += s->request.targets[i].fate == FWUP_FAILED || s->request.targets[i].fate == FWUP_NOT_REACHED;
    }
    if (skipped != s->request.target_count) return failed != 0;
    if (s->request.command == FWUP_DISCOVER)
        snprintf(text, sizeof text, "nobody answers for any of the %u EIDs", skipped);
    else if (skipped == 1)
        snprintf(text, sizeof text, "%s: no device record of the package matches the device's descriptors",
                 fwup_name(s->request.targets, name));
    else
        snprintf(text, sizeof text, "%.200s: no device record of the package matches any of the %u devices",
                 s->request.package, skipped);
    return complain_of_all(s, text);
}

static int run(struct session *s, const struct pkg *package) {
    s->package = package;
    for (unsigned i = 0; i < s->request.target_count && !interrupted; i++) {
        s->target = &s->request.targets[i];
        handle(s);
    }
    close_link(s);
    fwup_print_summary(&s->request);
    return judge(s);
}

static int update(struct session *s) {
    char error[PKG_ERROR_TEXT];
    const char *path = s->request.package;
    uint8_t *bytes;
    size_t len;
    struct pkg package;
    int status;
    if (!file_read(path, &bytes, &len, error)) return complain_of_all(s, error);
    if (!pkg_parse(path, bytes, len, &package, error)) {
        status = complain_of_all(s, error);
    } else if (s->request.some_components && s->request.last_component >= package.component_count) {
        snprintf(error, sizeof error, "%.150s: there is no component %u, only %u from 0 on", path,
                 s->request.last_component, package.component_count);
        status = complain_of_all(s, error);
        pkg_free(&package);
    } else {
        status = run(s, &package);
        pkg_free(&package);
    }
    free(bytes);
    return status;
}

static int policy(struct session *s) {
    static uint8_t block[POLICY_BLOCK];
    char error[FILE_ERROR_TEXT];
    if (s->request.policy == FWUP_POLICY_SHOW) return run(s, NULL);
    if (!fwup_read_policy(s->request.package, block, error)) return complain_of_all(s, error);
    s->policy = block;
    return run(s, NULL);
}

/* Runs the command within a capture, where one is wanted. */
static int captured(struct session *s) {
    char error[PCAPNG_ERROR_TEXT];
    const char *path = s->request.capture;
    if (path != NULL && (s->capture = pcapng_create(path, tool, error)) == NULL) return complain_of_all(s, error);
    const enum fwup_command command = s->request.command;
    const int status = command == FWUP_UPDATE ? update(s) : command == FWUP_POLICY ? policy(s) : run(s, NULL);
    if (s->capture == NULL || pcapng_close(s->capture, error)) return status;
    return complain_of_all(s, error);
}

int main(int argc, char **argv) {
    static struct session s;
    s.request.progress = isatty(STDERR_FILENO) != 0;
    int status = fwup_parse(&s.request, argc, argv);
    if (status == 0 && s.request.command == FWUP_CHECK) {
        status = fwup_check(&s.request.offline);
    } else if (status == 0 && s.request.command == FWUP_REPLAY) {
        status = fwup_replay(&s.request.offline);
    } else if (status == 0) {
        const struct sigaction stop = {.sa_handler = on_signal}, ignore = {.sa_handler = SIG_IGN};
        sigaction(SIGINT, &stop, NULL);
        sigaction(SIGTERM, &stop, NULL);
        sigaction(SIGPIPE, &ignore, NULL);
        if (s.request.json) setvbuf(stdout, NULL, _IOLBF, BUFSIZ); /* whoever reads along sees each line at once */
        status = captured(&s);
    }
    free(s.request.targets);
    return tool_finish(tool, status > 0 ? status : 0);
}
