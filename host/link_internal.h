// SPDX-License-Identifier: Apache-2.0
//
// What the kinds of link share: a file descriptor, and bytes that wait to be sent.
#pragma once
#include "host/link.h"

struct link {
    bool (*receive)(struct link *link, uint8_t *bytes, size_t size, uint64_t deadline_ns, size_t *got, char *error);
    int fd;
    bool simulated;
    uint64_t now_ns; /* simulated links */
    uint8_t *out;    /* to be sent */
    size_t out_len, out_room;
    uint8_t *in; /* simulated links: received, not yet taken */
    size_t in_at, in_len;
};

/** Opens a terminal device in raw mode, at @p baud unless that is 0. @return descriptor or -1 with errno */
int link_open_serial(const char *path, unsigned baud);

/** Receives the first frame of a simulated card. */
bool link_sim_begin(struct link *link, char *error);
bool link_sim_receive(struct link *link, uint8_t *bytes, size_t size, uint64_t deadline_ns, size_t *got, char *error);
