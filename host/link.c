// SPDX-License-Identifier: Apache-2.0
//
// Names of links, and the links that are plain byte streams: terminals and sockets, without blocking.
#define _POSIX_C_SOURCE 200809L
#include "host/link.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "host/link_internal.h"
#include "host/options.h"

#define NS_PER_MS     UINT64_C(1000000)
#define FLUSH_STEP_NS UINT64_C(20000000)
enum { BAUD_DEFAULT = 115200, POLL_MAX_MS = 60000, FLUSH_STEPS = 50 };

bool link_send(struct link *link, const uint8_t *bytes, size_t len) {
    if (link->out_len + len > link->out_room) {
        const size_t room = 2 * (link->out_len + len);
        uint8_t *larger = realloc(link->out, room);
        if (larger == NULL) return false;
        link->out = larger;
        link->out_room = room;
    }
    memcpy(link->out + link->out_len, bytes, len);
    link->out_len += len;
    return true;
}

bool link_simulated(const struct link *link) {
    return link->simulated;
}

uint64_t link_now(const struct link *link) {
    if (link->simulated) return link->now_ns;
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * UINT64_C(1000000000) + (uint64_t)time.tv_nsec;
}

bool link_receive(struct link *link, uint8_t *bytes, size_t size, uint64_t deadline_ns, size_t *got, char *error) {
    *got = 0;
    return link->receive(link, bytes, size, deadline_ns, got, error);
}

/* Step by step, because receiving waits for its whole time even when nothing is left to send. */
void link_flush(struct link *link) {
    uint8_t bytes[256];
    char error[LINK_ERROR_TEXT];
    size_t got;
    for (int i = 0; i < FLUSH_STEPS && link->out_len != 0; i++) {
        const uint64_t deadline = link_now(link) + FLUSH_STEP_NS;
        if (!link_receive(link, bytes, sizeof bytes, deadline, &got, error)) return;
    }
}

static bool broken(const char *reason, char *error) {
    snprintf(error, LINK_ERROR_TEXT, "the link is broken: %.180s", reason);
    return false;
}

static bool transient(void) {
    return errno == EAGAIN || errno == EINTR;
}

static bool write_some(struct link *link, char *error) {
    const ssize_t sent = write(link->fd, link->out, link->out_len);
    if (sent < 0) return transient() ? true : broken(strerror(errno), error);
    link->out_len -= (size_t)sent;
    memmove(link->out, link->out + sent, link->out_len);
    return true;
}

static int wait_ms(const struct link *link, uint64_t deadline_ns) {
    const uint64_t now = link_now(link);
    if (deadline_ns <= now) return 0;
    const uint64_t ms = (deadline_ns - now - 1) / NS_PER_MS + 1; /* rounded up: no busy turn at the end */
    return ms > POLL_MAX_MS ? POLL_MAX_MS : (int)ms;
}

static bool stream_receive(struct link *link, uint8_t *bytes, size_t size, uint64_t deadline_ns, size_t *got,
                           char *error) {
    for (;;) {
        struct pollfd wait = {.fd = link->fd, .events = POLLIN};
        if (link->out_len != 0) wait.events |= POLLOUT;
        const int ready = poll(&wait, 1, wait_ms(link, deadline_ns));
        if (ready < 0) return errno == EINTR ? true : broken(strerror(errno), error);
        if ((wait.revents & POLLOUT) != 0 && !write_some(link, error)) return false;
        if ((wait.revents & (POLLIN | POLLHUP | POLLERR)) != 0) {
            const ssize_t len = read(link->fd, bytes, size);
            if (len == 0) return broken("the other end has closed it", error);
            if (len < 0 && !transient()) return broken(strerror(errno), error);
            if (len > 0) {
                *got = (size_t)len;
                return true;
            }
        }
        if (link_now(link) >= deadline_ns) return true;
    }
}

static int open_socket(const char *path, bool blocking) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    memcpy(address.sun_path, path, strlen(path));
    const int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    if (fd < 0) return -1;
    if (connect(fd, (struct sockaddr *)&address, sizeof address) == 0 &&
        (blocking || fcntl(fd, F_SETFL, O_NONBLOCK) == 0))
        return fd;
    const int reason = errno;
    close(fd);
    errno = reason;
    return -1;
}

/* DEVICE[,BAUD] */
static int open_serial(const char *text, char *error) {
    char path[LINK_ERROR_TEXT];
    uint64_t baud = BAUD_DEFAULT;
    const char *comma = strrchr(text, ',');
    if (comma != NULL && (!parse_number(comma + 1, UINT32_MAX, &baud) || baud == 0)) {
        snprintf(error, LINK_ERROR_TEXT, "serial:%.180s: not a baud rate behind the comma", text);
        return -1;
    }
    const size_t len = comma != NULL ? (size_t)(comma - text) : strlen(text);
    snprintf(path, sizeof path, "%.*s", (int)len, text);
    return link_open_serial(path, (unsigned)baud);
}

static int open_named(const char *name, struct link *link, char *error) {
    if (strncmp(name, "serial:", 7) == 0) return open_serial(name + 7, error);
    if (strncmp(name, "pty:", 4) == 0) return link_open_serial(name + 4, 0);
    if (strncmp(name, "unix:", 5) == 0) return open_socket(name + 5, false);
    link->simulated = true; /* "sim:" */
    link->receive = link_sim_receive;
    return open_socket(name + 4, true);
}

bool link_known(const char *name) {
    static const char *const kinds[] = {"serial:", "pty:", "unix:", "sim:"};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (strncmp(name, kinds[i], strlen(kinds[i])) == 0) return true;
    return false;
}

struct link *link_open(const char *name, char *error) {
    struct link *link = calloc(1, sizeof *link);
    if (link == NULL) {
        snprintf(error, LINK_ERROR_TEXT, "out of memory");
        return NULL;
    }
    error[0] = '\0';
    link->receive = stream_receive;
    link->fd = open_named(name, link, error);
    if (link->fd < 0 && error[0] == '\0') snprintf(error, LINK_ERROR_TEXT, "%.150s: %s", name, strerror(errno));
    if (link->fd >= 0 && (!link->simulated || link_sim_begin(link, error))) return link;
    link_close(link);
    return NULL;
}

void link_close(struct link *link) {
    if (link == NULL) return;
    if (link->fd >= 0) close(link->fd);
    free(link->out);
    free(link->in);
    free(link);
}
