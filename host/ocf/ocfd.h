// SPDX-License-Identifier: Apache-2.0
//
// What the parts of ocfd share: the command line as one struct.
#pragma once
#include "host/ocf/job.h"
#include "host/ocf/schedule.h"

/** The keys of the options (manual.c). */
enum { O_LINK = 1, O_EID, O_SOURCE, O_PUBLIC_KEY, O_REVOKED, O_KEYS, O_STATE, O_LISTEN, O_PORT, O_AUTO };

struct ocfd_request {
    struct ocf_setup setup;
    struct ocf_schedule schedule;
    const char *keys, *state;
    const char *address; /* NULL: all of the host's */
    uint16_t port;
};

/** Reads the command line, which it cuts into pieces.
 * @return 0 to go on, 2 when it is wrong and the line about that has been written, -1 after --help */
int ocfd_parse(struct ocfd_request *request, int argc, char **argv);
