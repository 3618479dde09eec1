// SPDX-License-Identifier: Apache-2.0
//
// See serve.h. A free-running card is advanced in slices, between which waiting bytes are carried over; while nobody is
// connected to a socket a free-running card runs on, a lock-step card stands still.
#define _GNU_SOURCE
#include "sim/serve.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <termios.h>
#include <unistd.h>

#include "sim/lockstep.h"

enum { SLICE_NS = 100000 };

static int fail(const char *link, const char *what) {
    fprintf(stderr, "sluice-sim: %s: %s: %s\n", link, what, strerror(errno));
    return -1;
}

static void note(const struct serve_options *o, uint64_t now, bool to_card, const uint8_t *bytes, size_t len) {
    if (o->wire && len) o->wire(o->ctx, now, to_card, bytes, len);
}

static int write_all(int fd, const uint8_t *bytes, size_t len) {
    while (len) {
        ssize_t n = send(fd, bytes, len, MSG_NOSIGNAL);
        if (n < 0 && errno == ENOTSOCK) n = write(fd, bytes, len);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return -1;
        bytes += n;
        len -= (size_t)n;
    }
    return 0;
}

/** Reads exactly @p len bytes; false at the end of the stream, on an error or on an interrupt. */
static bool read_all(int fd, uint8_t *bytes, size_t len, const struct serve_options *o) {
    while (len) {
        ssize_t n = read(fd, bytes, len);
        if (n < 0 && errno == EINTR && !*o->interrupt) continue;
        if (n <= 0) return false;
        bytes += n;
        len -= (size_t)n;
    }
    return true;
}

// ---- lock-step
// ----------------------------------------------------------------------------------------------------------

static int send_stopped(int fd, uint64_t now, const uint8_t *bytes, size_t len) {
    uint8_t head[LOCKSTEP_HEADER];
    lockstep_header_put(&(struct lockstep_header){LOCKSTEP_STOPPED, now, (uint32_t)len}, head);
    return write_all(fd, head, sizeof head) || write_all(fd, bytes, len) ? -1 : 0;
}

/** One client from its connection to its end. False when the card reached its last moment. */
static bool lockstep_client(struct card *card, int fd, const struct serve_options *o, uint8_t *payload) {
    size_t len = 0;
    const uint8_t *bytes = NULL;
    bool within = true;
    while (within && send_stopped(fd, card_now_ns(card), bytes, len) == 0) {
        uint8_t head[LOCKSTEP_HEADER];
        if (!read_all(fd, head, sizeof head, o)) break;
        struct lockstep_header run = lockstep_header_get(head);
        if (run.type != LOCKSTEP_RUN || run.length > LOCKSTEP_PAYLOAD_MAX) {
            fprintf(stderr, "sluice-sim: %s: not a lock-step frame: type %02xh, length %u\n", o->link, run.type,
                    run.length);
            break;
        }
        if (!read_all(fd, payload, run.length, o)) break;
        note(o, card_now_ns(card), true, payload, run.length);
        if (!card_send(card, payload, run.length)) break;
        card_run(card, run.time_ns < o->until_ns ? run.time_ns : o->until_ns);
        bytes = card_received(card, &len);
        note(o, card_now_ns(card), false, bytes, len);
        within = card_now_ns(card) < o->until_ns;
    }
    return within;
}

static int lockstep(struct card *card, int listener, const struct serve_options *o) {
    uint8_t *payload = malloc(LOCKSTEP_PAYLOAD_MAX);
    if (!payload) return fail(o->link, "memory");
    bool more = true;
    while (more && !*o->interrupt) {
        int fd = accept(listener, NULL, NULL);
        if (fd < 0) continue;  // interrupted: the loop's condition decides
        more = lockstep_client(card, fd, o, payload) && !o->once;
        close(fd);
    }
    free(payload);
    return 0;
}

// ---- free-running
// -------------------------------------------------------------------------------------------------------

/** Carries what waits on @p fd to the card. False when the client has gone. */
static bool carry_in(struct card *card, int fd, bool pty, const struct serve_options *o) {
    uint8_t bytes[4096];
    ssize_t n = read(fd, bytes, sizeof bytes);
    if (n < 0 && (errno == EAGAIN || errno == EINTR || (pty && errno == EIO)))
        return true;  // EIO: nobody has the pty open
    if (n <= 0) return pty;
    note(o, card_now_ns(card), true, bytes, (size_t)n);
    return card_send(card, bytes, (size_t)n);
}

static bool carry_out(struct card *card, int fd, bool pty, const struct serve_options *o) {
    size_t len;
    const uint8_t *bytes = card_received(card, &len);
    note(o, card_now_ns(card), false, bytes, len);
    if (fd < 0 || !len) return true;
    return write_all(fd, bytes, len) == 0 || (pty && (errno == EIO || errno == EAGAIN));
}

static int free_running(struct card *card, int listener, int fd, const struct serve_options *o) {
    bool pty = listener < 0;
    while (!*o->interrupt && card_now_ns(card) < o->until_ns) {
        if (fd < 0) {
            fd = accept(listener, NULL, NULL);
            if (fd >= 0) fcntl(fd, F_SETFL, O_NONBLOCK);
        }
        bool there = fd < 0 || carry_in(card, fd, pty, o);
        card_run(card, card_now_ns(card) + SLICE_NS);
        if (!carry_out(card, fd, pty, o)) there = false;
        if (!there) {
            close(fd);
            fd = -1;
            if (o->once) break;
        }
    }
    return 0;
}

// ---- set-up
// -------------------------------------------------------------------------------------------------------------

static int listen_at(const char *path, bool block) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    memcpy(address.sun_path, path, strlen(path) + 1);
    int fd = socket(AF_UNIX, SOCK_STREAM | (block ? 0 : SOCK_NONBLOCK), 0);
    unlink(path);
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) || listen(fd, 1)) return -1;
    return fd;
}

static int open_pty(void) {
    int fd = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK);
    if (fd < 0 || grantpt(fd) || unlockpt(fd)) return -1;
    struct termios raw;
    if (tcgetattr(fd, &raw)) return -1;
    cfmakeraw(&raw);
    if (tcsetattr(fd, TCSANOW, &raw)) return -1;
    fprintf(stderr, "sluice-sim: serial link at %s\n", ptsname(fd));
    return fd;
}

int serve(struct card *card, const struct serve_options *o) {
    if (strcmp(o->link, "pty") == 0) {
        int fd = open_pty();
        return fd < 0 ? fail(o->link, "no pseudo terminal") : free_running(card, -1, fd, o);
    }
    bool step = strncmp(o->link, "sim:", 4) == 0;
    if (!step && strncmp(o->link, "unix:", 5) != 0) {
        fprintf(stderr, "sluice-sim: --link %s: not one of pty, unix:PATH, sim:PATH\n", o->link);
        return -1;
    }
    const char *path = strchr(o->link, ':') + 1;
    int listener = listen_at(path, step);
    if (listener < 0) return fail(o->link, "cannot listen");
    int result = step ? lockstep(card, listener, o) : free_running(card, listener, -1, o);
    close(listener);
    unlink(path);
    return result;
}
