// SPDX-License-Identifier: Apache-2.0
//
// Promises of job.h.
#define _GNU_SOURCE
#include "host/ocf/job.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host/ocf/work.h"

bool ocf_job_start(struct ocf_job *job, const struct ocf_setup *setup, const struct ocf_record *record, uint8_t mode) {
    enum { SOCKET = 3 }; /* all others behind it are the daemon's */
    int ends[2];
    sigset_t all, before;
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) return false;
    /* A signal to the new process waits until it has a handler of its own. */
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, &before);
    const pid_t daemon = getpid(), process = fork();
    if (process == 0) {
        /* Two of them at one link would spoil each other's work. */
        if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != daemon) _exit(1);
        if (dup2(ends[1], SOCKET) < 0 || close_range(SOCKET + 1, ~0u, 0) != 0) _exit(1);
        ocf_work(SOCKET, setup, record, mode, &before);
    }
    const int reason = errno;
    sigprocmask(SIG_SETMASK, &before, NULL);
    close(ends[1]);
    if (process < 0) close(ends[0]);
    errno = reason;
    if (process < 0) return false;
    *job = (struct ocf_job){process, ends[0]};
    return true;
}

static void finish(struct ocf_job *job) {
    close(job->socket);
    while (waitpid(job->process, NULL, 0) < 0 && errno == EINTR) continue;
    *job = (struct ocf_job){0, -1};
}

void ocf_job_report(struct ocf_job *job, struct ocf_report *report) {
    ssize_t got;
    do got = recv(job->socket, report, sizeof *report, 0);
    while (got < 0 && errno == EINTR);
    if (got != (ssize_t)sizeof *report) {
        memset(report, 0, sizeof *report);
        report->kind = OCF_ENDED;
        snprintf(report->text, sizeof report->text, "the process that worked on it died");
    }
    if (report->kind == OCF_ENDED) finish(job);
}

void ocf_job_go_on(const struct ocf_job *job) {
    (void)send(job->socket, "", 1, MSG_NOSIGNAL); /* one that died is noticed by its report */
}

void ocf_job_stop(struct ocf_job *job) {
    struct ocf_report report;
    if (job->process == 0) return;
    kill(job->process, SIGTERM);
    do {
        ocf_job_report(job, &report);
        if (report.kind == OCF_CHOSEN) ocf_job_go_on(job);
    } while (report.kind != OCF_ENDED);
}
