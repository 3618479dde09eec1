// SPDX-License-Identifier: Apache-2.0
//
// ocfd: the daemon. One loop waits for clients, for the process that validates or updates (job.h), for the next
// autonomous check and for signals. Every change of state is on the disk before anybody hears of it.
#define _GNU_SOURCE
#include "host/ocf/ocfd.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "host/ocf/server.h"
#include "host/options.h"

enum { ATTEMPTS = 3, WAIT_MOST_S = 3600, TELL_MS = 2000 };

static const char tool[] = "ocfd";
static int signal_pipe[2];

struct ocfd {
    struct ocfd_request request;
    struct ocf_keys keys;
    struct ocf_record record;
    struct ocf_progress progress;
    struct ocf_job job;
    struct ocf_server *server; /* NULL: not yet */
    struct ocf_report report;
    uint64_t hold_ms; /* until then pstat changes by itself only once all observers have heard of the last change */
    bool follow;      /* the autonomous check found an update, and --auto says to install it */
};

static void say(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void say(const char *format, ...) {
    va_list args;
    va_start(args, format);
    fputs("ocfd: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
}

static void on_signal(int number) {
    const int reason = errno;
    const char byte = (char)number;
    (void)!write(signal_pipe[1], &byte, 1);
    errno = reason;
}

static uint64_t now_ms(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000 + (uint64_t)time.tv_nsec / 1000000;
}

static void changed(struct ocfd *d, enum ocf_resource resource) {
    if (d->server == NULL) return;
    ocf_server_changed(d->server, resource);
    if (resource == OCF_PSTAT) d->hold_ms = now_ms() + TELL_MS;
}

/* Milliseconds that observers may still take to hear of the last change, 0: go on. A client that is gone must not keep
 * the device from its work. */
static uint32_t hold(struct ocfd *d) {
    const uint64_t now = now_ms();
    return now >= d->hold_ms || ocf_server_told(d->server) ? 0 : (uint32_t)(d->hold_ms - now);
}

/* Makes @p next the record. When it cannot be written the old one stays, and false is returned with the line said. */
static bool commit(struct ocfd *d, const struct ocf_record *next) {
    const struct durable durable = {NULL, NULL};
    char error[OCF_RECORD_ERROR];
    if (!ocf_record_save(&durable, d->request.state, next, error)) {
        say("%s", error);
        return false;
    }
    const bool differs = memcmp(&d->record.pstat, &next->pstat, sizeof next->pstat) != 0;
    d->record = *next;
    if (differs) changed(d, OCF_PSTAT);
    return true;
}

/* The same for what has happened already: the record in memory follows it whether it can be written or not. */
static void commit_fact(struct ocfd *d, const struct ocf_record *next) {
    if (commit(d, next)) return;
    d->record = *next;
    changed(d, OCF_PSTAT);
}

static const char *mode_name(uint8_t mode) {
    return mode == OCF_MODE_UPDATE ? "update" : "validation";
}

/* The mode that tm says is under way. */
static uint8_t mode_of(const struct ocf_record *record) {
    return (record->pstat.tm & OCF_MODE_UPDATE) != 0 ? OCF_MODE_UPDATE : OCF_MODE_VALIDATE;
}

static bool begin(struct ocfd *d, uint8_t mode, bool autonomous, const struct ocf_record *from) {
    struct ocf_record next = *from;
    if ((next.pstat.tm & mode) == 0) pstat_begin(&next.pstat, mode);
    next.autonomous = autonomous;
    next.attempts = 0;
    next.target.count = 0;
    return commit(d, &next);
}

static enum ocf_code on_post(void *ctx, const struct ocf_client *client, const struct pstat_write *write) {
    struct ocfd *d = ctx;
    struct ocf_record next = d->record;
    const bool was_busy = pstat_busy(&next.pstat);
    enum ocf_code code = pstat_post(&next.pstat, OCF_ROLE(client->role), write);
    if (code == OCF_CHANGED) {
        const bool begins = !was_busy && pstat_busy(&next.pstat);
        const bool saved = begins ? begin(d, mode_of(&next), false, &next) : commit(d, &next);
        if (!saved) code = OCF_SERVER_ERROR;
    }
    say("%s (%s): %d.%02d, dos %s, cm 0x%02x, tm 0x%02x", client->identity, ocf_role_name(client->role), code / 100,
        code % 100, ocf_state_name(d->record.pstat.s), d->record.pstat.cm, d->record.pstat.tm);
    return code;
}

static void conclude(struct ocfd *d, bool yes, const char *text) {
    struct ocf_record next = d->record;
    const uint8_t mode = mode_of(&next);
    d->follow = mode == OCF_MODE_VALIDATE && yes && next.autonomous && d->request.schedule.update;
    if (mode == OCF_MODE_UPDATE && yes) ocf_record_installed(&next);
    next.target.count = 0;
    next.attempts = 0;
    next.autonomous = false;
    pstat_activation(&next.pstat, false);
    pstat_end(&next.pstat, mode, yes);
    memset(&d->progress, 0, sizeof d->progress);
    d->progress.work = "none";
    ocf_line_copy(d->progress.result, sizeof d->progress.result, text);
    commit_fact(d, &next);
    say("%s ended: %s", mode_name(mode), d->progress.result);
    changed(d, OCF_PROGRESS);
}

static void start_job(struct ocfd *d) {
    const uint8_t mode = mode_of(&d->record);
    d->progress.work = mode_name(mode);
    d->progress.autonomous = d->record.autonomous;
    changed(d, OCF_PROGRESS);
    say("%s begins", mode_name(mode));
    if (!ocf_job_start(&d->job, &d->request.setup, &d->record, mode)) {
        const int reason = errno;
        conclude(d, false, strerror(reason));
    }
}

static void on_stage(struct ocfd *d) {
    struct ocf_record next = d->record;
    ocf_line_copy(d->progress.stage, sizeof d->progress.stage, d->report.text);
    if (!d->report.activating || next.pstat.p) return;
    pstat_activation(&next.pstat, true);
    commit_fact(d, &next);
}

static void on_chosen(struct ocfd *d) {
    struct ocf_record next = d->record;
    next.target = d->report.target;
    ocf_line_copy(d->progress.package, sizeof d->progress.package, d->report.package);
    if (commit(d, &next)) {
        ocf_job_go_on(&d->job);
        return;
    }
    ocf_job_stop(&d->job);
    conclude(d, false, "the state file cannot be written");
}

static void on_report(struct ocfd *d) {
    ocf_job_report(&d->job, &d->report);
    d->progress.component = d->report.component;
    d->progress.percent = d->report.percent;
    switch (d->report.kind) {
        case OCF_STAGE:
            on_stage(d);
            break;
        case OCF_CHOSEN:
            on_chosen(d);
            break;
        case OCF_ENDED:
            conclude(d, d->report.yes, d->report.text);
            return;
        default:
            break;
    }
    changed(d, OCF_PROGRESS);
}

/* Milliseconds up to the next autonomous check; begins it when it is due. */
static uint32_t look_at_clock(struct ocfd *d) {
    const uint64_t now = (uint64_t)time(NULL);
    const uint64_t due = ocf_schedule_next(&d->request.schedule, d->record.checked, now);
    if (d->record.pstat.s != OCF_RFNOP || pstat_busy(&d->record.pstat) || due > now) {
        const uint64_t left = due > now ? due - now : 1;
        return (uint32_t)(left > WAIT_MOST_S ? WAIT_MOST_S : left) * 1000;
    }
    struct ocf_record next = d->record;
    next.checked = now;
    return begin(d, OCF_MODE_VALIDATE, true, &next) ? 0 : 1000;
}

/* What the device does by itself. */
static void act(struct ocfd *d, bool reported) {
    if (d->follow && !pstat_busy(&d->record.pstat)) (void)begin(d, OCF_MODE_UPDATE, true, &d->record);
    d->follow = false;
    if (reported) on_report(d);
    if (d->job.process == 0 && pstat_busy(&d->record.pstat)) start_job(d);
}

static void serve(struct ocfd *d) {
    enum { SIGNAL, REPORT, FDS };
    for (;;) {
        const uint32_t hold_ms = hold(d);
        const uint32_t clock_ms = hold_ms == 0 ? look_at_clock(d) : 0;
        const bool idle = d->job.process == 0 && (d->follow || pstat_busy(&d->record.pstat));
        const uint32_t ms = hold_ms != 0 ? hold_ms : idle ? 0 : clock_ms;
        const int fds[FDS] = {signal_pipe[0], d->job.process != 0 && hold_ms == 0 ? d->job.socket : -1};
        const unsigned ready = ocf_server_wait(d->server, fds, FDS, ms);
        if ((ready & 1u << SIGNAL) != 0) return;
        if (hold_ms == 0) act(d, (ready & 1u << REPORT) != 0);
    }
}

/* An update that a restart found is tried again, but not for ever. False when nothing can be written. */
static bool resume(struct ocfd *d) {
    struct ocf_record next = d->record;
    if (!pstat_busy(&next.pstat)) return commit(d, &next);
    say("%s was interrupted", mode_name(mode_of(&next)));
    if (next.attempts++ < ATTEMPTS) return commit(d, &next);
    conclude(d, false, "given up: interrupted too often");
    return true;
}

/* Cancels what is under way; the record still says that it is, so the next start takes it up. */
static void stop(struct ocfd *d) {
    struct ocf_record next = d->record;
    ocf_job_stop(&d->job);
    next.attempts = 0;
    if (pstat_busy(&next.pstat)) (void)commit(d, &next);
}

/* Two daemons with one state would not agree. */
static bool lock(const char *state, int *fd) {
    char path[4096];
    if ((size_t)snprintf(path, sizeof path, "%s.lock", state) >= sizeof path)
        return tool_error(tool, "%s: name too long", state) == 0;
    *fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (*fd < 0) return tool_error(tool, "%s: %s", path, strerror(errno)) == 0;
    if (flock(*fd, LOCK_EX | LOCK_NB) == 0) return true;
    return tool_error(tool, "%s: in use by another ocfd", state) == 0;
}

static bool prepare(struct ocfd *d) {
    char error[OCF_RECORD_ERROR];
    int fd;
    if (!ocf_keys_read(d->request.keys, &d->keys, error)) return tool_error(tool, "%s", error) == 0;
    if (!lock(d->request.state, &fd)) return false;
    if (!ocf_record_load(d->request.state, &d->record, error)) return tool_error(tool, "%s", error) == 0;
    d->progress.work = "none";
    d->job.socket = -1;
    return resume(d);
}

static bool catch_signals(void) {
    const struct sigaction end = {.sa_handler = on_signal}, ignore = {.sa_handler = SIG_IGN};
    if (pipe2(signal_pipe, O_CLOEXEC | O_NONBLOCK) != 0) return tool_error(tool, "%s", strerror(errno)) == 0;
    sigaction(SIGINT, &end, NULL);
    sigaction(SIGTERM, &end, NULL);
    sigaction(SIGPIPE, &ignore, NULL);
    return true;
}

int main(int argc, char **argv) {
    static struct ocfd d;
    char error[OCF_SERVER_ERROR_TEXT];
    const int status = ocfd_parse(&d.request, argc, argv);
    if (status != 0) return tool_finish(tool, status > 0 ? status : 0);
    if (!catch_signals() || !prepare(&d)) return 1;
    const struct ocf_service service = {&d, on_post, &d.record.pstat, &d.progress};
    d.server = ocf_server_open(d.request.address, d.request.port, &d.keys, &service, error);
    if (d.server == NULL) return tool_error(tool, "%s", error);
    say("listening on %s", ocf_server_where(d.server));
    serve(&d);
    say("stopping");
    stop(&d);
    ocf_server_close(d.server);
    return 0;
}
