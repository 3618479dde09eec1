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
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "host/io.h"
#include "sim/lockstep.h"
#include "sim/pty.h"

enum {
    SLICE_NS = 100000,        // a free-running card with a client: the time between looks at the link
    ALONE_NS = 1000000,       // and while nobody is connected
    RUN_SLICE_NS = 10000000,  // a lock-step card: the time between looks at the interrupt
    LOOK_UP_MS = 100,         // a wait: the time between looks at the interrupt
};

static int fail(const char *link, const char *what) {
    fprintf(stderr, "sluice-sim: %s: %s: %s\n", link, what, strerror(errno));
    return -1;
}

static void note(const struct serve_options *o, uint64_t now, bool to_card, const uint8_t *bytes, size_t len) {
    if (o->wire && len) o->wire(o->ctx, now, to_card, bytes, len);
}

/** Waits for a byte or a client. False at an interrupt, which may come at any moment, or on an error. */
static bool wait_for(int fd, const struct serve_options *o) {
    while (!*o->interrupt) {
        struct pollfd wait = {.fd = fd, .events = POLLIN};
        int ready = poll(&wait, 1, LOOK_UP_MS);
        if (ready > 0) return true;
        if (ready < 0 && errno != EINTR) return false;
    }
    return false;
}

// ---- lock-step
// ----------------------------------------------------------------------------------------------------------

static bool send_stopped(int fd, uint64_t now, const uint8_t *bytes, size_t len) {
    uint8_t head[LOCKSTEP_HEADER];
    lockstep_header_put(&(struct lockstep_header){LOCKSTEP_STOPPED, now, (uint32_t)len}, head);
    return io_write_all(fd, head, sizeof head) && io_write_all(fd, bytes, len);
}

/** Runs until @p deadline_ns, a frame border or packet, an interrupt or a full buffer. What the card sent is in @p
 * bytes (LOCKSTEP_PAYLOAD_MAX) afterwards. @return its length */
static size_t run_card(struct adapter *adapter, uint64_t deadline_ns, const struct serve_options *o, uint8_t *bytes) {
    struct card *card = adapter->card;
    size_t len = 0, more;
    enum card_stop stop = CARD_DEADLINE;
    while (stop == CARD_DEADLINE && card_now_ns(card) < deadline_ns && !*o->interrupt) {
        uint64_t slice_end = card_now_ns(card) + RUN_SLICE_NS;
        stop = card_run(card, slice_end < deadline_ns ? slice_end : deadline_ns);
        const uint8_t *sent = adapter_received(adapter, &more);
        if (more > LOCKSTEP_PAYLOAD_MAX - len) more = LOCKSTEP_PAYLOAD_MAX - len;
        memcpy(bytes + len, sent, more);
        len += more;
        if (len == LOCKSTEP_PAYLOAD_MAX) break;
    }
    return len;
}

/** One client from its connection to its end or an interrupt. False when the card reached its last moment. */
static bool lockstep_client(struct adapter *adapter, int fd, const struct serve_options *o, uint8_t *payload) {
    struct card *card = adapter->card;
    size_t len = 0;
    bool within = true;
    while (within && !*o->interrupt && send_stopped(fd, card_now_ns(card), payload, len)) {
        uint8_t head[LOCKSTEP_HEADER];
        if (!wait_for(fd, o) || !io_read_all(fd, head, sizeof head, o->interrupt)) break;
        struct lockstep_header run = lockstep_header_get(head);
        if (run.type != LOCKSTEP_RUN || run.length > LOCKSTEP_PAYLOAD_MAX) {
            fprintf(stderr, "sluice-sim: %s: not a lock-step frame: type %02xh, length %u\n", o->link, run.type,
                    run.length);
            break;
        }
        if (!io_read_all(fd, payload, run.length, o->interrupt)) break;
        note(o, card_now_ns(card), true, payload, run.length);
        if (!adapter_send(adapter, payload, run.length)) break;
        len = run_card(adapter, run.time_ns < o->until_ns ? run.time_ns : o->until_ns, o, payload);
        note(o, card_now_ns(card), false, payload, len);
        within = card_now_ns(card) < o->until_ns;
    }
    return within;
}

static int lockstep(struct adapter *adapter, int listener, const struct serve_options *o) {
    uint8_t *payload = malloc(LOCKSTEP_PAYLOAD_MAX);
    if (!payload) return fail(o->link, "memory");
    bool more = true;
    int result = 0;
    while (more && wait_for(listener, o)) {
        int fd = accept(listener, NULL, NULL);
        if (fd < 0 && (errno == EINTR || errno == ECONNABORTED)) continue;
        if (fd < 0) {
            result = fail(o->link, "no client");
            break;
        }
        more = lockstep_client(adapter, fd, o, payload) && !o->once;
        close(fd);
    }
    free(payload);
    return result;
}

// ---- free-running
// -------------------------------------------------------------------------------------------------------

/** Carries what waits on @p fd to the card. False when the client has gone. */
static bool carry_in(struct adapter *adapter, int fd, bool pty, bool *quiet, const struct serve_options *o) {
    uint8_t bytes[4096];
    ssize_t n = read(fd, bytes, sizeof bytes);
    if (n < 0 && (errno == EAGAIN || errno == EINTR || (pty && errno == EIO)))
        return true;  // EIO: nobody has the pty open
    if (n <= 0) return pty;
    *quiet = false;
    note(o, card_now_ns(adapter->card), true, bytes, (size_t)n);
    return adapter_send(adapter, bytes, (size_t)n);
}

static bool carry_out(struct adapter *adapter, int fd, bool pty, bool *quiet, const struct serve_options *o) {
    size_t len;
    const uint8_t *bytes = adapter_received(adapter, &len);
    note(o, card_now_ns(adapter->card), false, bytes, len);
    if (fd < 0 || !len) return true;
    *quiet = false;
    return io_write_all(fd, bytes, len) || (pty && (errno == EIO || errno == EAGAIN));
}

static uint64_t real_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/** Runs one slice. One in which nothing crosses the link takes no less than its length in real time: an idle card
 * leaves the processor to others. False when the client has gone. */
static bool slice(struct adapter *adapter, int fd, bool pty, const struct serve_options *o) {
    uint64_t length = fd < 0 ? ALONE_NS : SLICE_NS, started = real_ns();
    bool quiet = true;
    bool there = fd < 0 || carry_in(adapter, fd, pty, &quiet, o);
    card_run(adapter->card, card_now_ns(adapter->card) + length);
    if (!carry_out(adapter, fd, pty, &quiet, o)) there = false;
    uint64_t took = real_ns() - started;
    if (quiet && there && took < length) nanosleep(&(struct timespec){.tv_nsec = (long)(length - took)}, NULL);
    return there;
}

static int free_running(struct adapter *adapter, int listener, int fd, const struct serve_options *o) {
    bool pty = listener < 0;
    int result = 0;
    while (!*o->interrupt && card_now_ns(adapter->card) < o->until_ns) {
        if (fd < 0) {
            fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
            if (fd < 0 && errno != EAGAIN && errno != EINTR && errno != ECONNABORTED) {
                result = fail(o->link, "no client");
                break;
            }
        }
        if (slice(adapter, fd, pty, o)) continue;
        close(fd);
        fd = -1;
        if (o->once) break;
    }
    if (fd >= 0) close(fd);
    return result;
}

// ---- set-up
// -------------------------------------------------------------------------------------------------------------

/** Makes room for a socket at @p path, without touching anything but a socket. False with errno. */
static bool remove_socket(const char *path) {
    struct stat st;
    if (lstat(path, &st)) return errno == ENOENT;
    if (S_ISSOCK(st.st_mode)) return unlink(path) == 0;
    errno = EEXIST;
    return false;
}

static int listen_at(const char *path, bool block) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    memcpy(address.sun_path, path, strlen(path) + 1);
    if (!remove_socket(path)) return -1;
    int fd = socket(AF_UNIX, SOCK_STREAM | (block ? 0 : SOCK_NONBLOCK), 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) || listen(fd, 1)) return -1;
    return fd;
}

bool serve_link_known(const char *link) {
    return strcmp(link, "pty") == 0 || (strncmp(link, "sim:", 4) == 0 && link[4] != '\0') ||
           (strncmp(link, "unix:", 5) == 0 && link[5] != '\0');
}

int serve(struct card *card, const struct serve_options *o) {
    struct adapter adapter;
    adapter_init(&adapter, card, o->via);
    if (strcmp(o->link, "pty") == 0) {
        int fd = pty_open("link");
        return fd < 0 ? fail(o->link, "no pseudo terminal") : free_running(&adapter, -1, fd, o);
    }
    bool step = strncmp(o->link, "sim:", 4) == 0;
    const char *path = strchr(o->link, ':') + 1;
    int listener = listen_at(path, step);
    if (listener < 0) return fail(o->link, "cannot listen");
    int result = step ? lockstep(&adapter, listener, o) : free_running(&adapter, listener, -1, o);
    close(listener);
    remove_socket(path);
    return result;
}
