// SPDX-License-Identifier: Apache-2.0
//
// The simulator's lock-step socket: time stands still until the host lets it run to a deadline, together with the bytes
// that the card is to receive meanwhile. Waiting for the simulation itself is not bounded, it takes what it takes.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/io.h"
#include "host/link_internal.h"
#include "sim/lockstep.h"

#define RUN_MAX_NS UINT64_C(1000000000) /* without a deadline the card runs this long at a time */

static bool broken(const char *reason, char *error) {
    snprintf(error, LINK_ERROR_TEXT, "the simulated card is gone: %.150s", reason);
    return false;
}

static bool read_all(const struct link *link, uint8_t *bytes, size_t len, char *error) {
    if (io_read_all(link->fd, bytes, len, NULL)) return true;
    return broken(errno == 0 ? "it has closed the link" : strerror(errno), error);
}

static bool write_all(const struct link *link, const uint8_t *bytes, size_t len, char *error) {
    return io_write_all(link->fd, bytes, len) || broken(strerror(errno), error);
}

/* Reads the frame that says how far the card has come, and what it sent. */
static bool take_stop(struct link *link, char *error) {
    uint8_t head[LOCKSTEP_HEADER];
    if (!read_all(link, head, sizeof head, error)) return false;
    const struct lockstep_header h = lockstep_header_get(head);
    if (h.type != LOCKSTEP_STOPPED || h.length > LOCKSTEP_PAYLOAD_MAX) return broken("not a lock-step frame", error);
    uint8_t *in = realloc(link->in, h.length == 0 ? 1 : h.length);
    if (in == NULL) return broken("out of memory", error);
    link->in = in;
    link->in_at = 0;
    link->in_len = h.length;
    link->now_ns = h.time_ns;
    return read_all(link, in, h.length, error);
}

bool link_sim_begin(struct link *link, char *error) {
    return take_stop(link, error);
}

static bool run(struct link *link, uint64_t deadline_ns, char *error) {
    uint8_t head[LOCKSTEP_HEADER];
    const size_t len = link->out_len < LOCKSTEP_PAYLOAD_MAX ? link->out_len : LOCKSTEP_PAYLOAD_MAX;
    const uint64_t longest = link->now_ns + RUN_MAX_NS;
    const struct lockstep_header h = {LOCKSTEP_RUN, deadline_ns < longest ? deadline_ns : longest, (uint32_t)len};
    lockstep_header_put(&h, head);
    if (!write_all(link, head, sizeof head, error) || !write_all(link, link->out, len, error)) return false;
    link->out_len -= len;
    if (link->out_len != 0) memmove(link->out, link->out + len, link->out_len);
    return take_stop(link, error);
}

bool link_sim_receive(struct link *link, uint8_t *bytes, size_t size, uint64_t deadline_ns, size_t *got, char *error) {
    if (link->in_at == link->in_len && !run(link, deadline_ns, error)) return false;
    *got = link->in_len - link->in_at;
    if (*got > size) *got = size;
    if (*got != 0) memcpy(bytes, link->in + link->in_at, *got);
    link->in_at += *got;
    return true;
}
