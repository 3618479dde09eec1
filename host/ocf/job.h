// SPDX-License-Identifier: Apache-2.0
//
// A validation or an update as a process of its own, so that the daemon answers its clients whatever the link and the
// card do. It ends with the daemon, however that ends. What happens comes back as reports over a socket.
#pragma once
#include <sys/types.h>

#include "host/ocf/progress.h"
#include "host/ocf/record.h"
#include "host/ocf/source.h"

/** What never changes. */
struct ocf_setup {
    const char *link;
    uint8_t eid; /* assigned to a card that has none */
    struct ocf_source source;
};

struct ocf_report {
    enum ocf_report_kind {
        OCF_STAGE,   /* text: what begins now; activating: it is the activation */
        OCF_PERCENT, /* component, percent */
        OCF_CHOSEN,  /* package, target: the update goes on once ocf_job_go_on() was called */
        OCF_ENDED,   /* yes: an update is available, or was made; text: one line */
    } kind;
    bool activating, yes;
    uint16_t component;
    uint8_t percent;
    char text[OCF_LINE];
    char package[96];
    struct ocf_images target;
};

struct ocf_job {
    pid_t process; /* 0: none */
    int socket;
};

/** Begins. @param record  what is known: target and installed images
 * @return false when there is no process to be had, with errno */
bool ocf_job_start(struct ocf_job *job, const struct ocf_setup *setup, const struct ocf_record *record, uint8_t mode);

/** Takes a report from job->socket, which is readable. After OCF_ENDED, which also comes when the process died, the job
 * is over. */
void ocf_job_report(struct ocf_job *job, struct ocf_report *report);
void ocf_job_go_on(const struct ocf_job *job);

/** Ends a job from outside: an update is cancelled on the card. Waits until it is over. */
void ocf_job_stop(struct ocf_job *job);
