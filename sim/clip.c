// SPDX-License-Identifier: Apache-2.0
//
// See clip.h: the pins of the flash, what carries the host's bytes, and who is served when.
#define _GNU_SOURCE
#include "sim/clip.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "host/options.h"
#include "sim/pty.h"
#include "sim/serprog.h"

enum {
    COMMAND_NS = 125000,         // to hear of a command: a frame of USB, as programmers are reached
    HALF_CLOCK_NS = 25,          // 20 MHz, until the host sets another
    HALF_CLOCK_MIN_NS = 10,      // 50 MHz
    HALF_CLOCK_MAX_NS = 500000,  // 1 kHz
    LINES_UP = 0x0c,             // /WP and /HOLD
    LOOK_UP_MS = 100,            // a wait: the time between looks at the interrupt
    NOBODY_MS = 20,              // and at a pseudo terminal that nobody has open
};

struct clip {
    struct nor *nor;
    const struct clip_options *options;
    uint64_t now_ns;
    uint64_t half_ns;  // of the clock at the flash
    int fd;            // of the host
    size_t at, len;    // of what has been read and not yet asked for
    uint8_t buffer[8192];
    struct serprog serprog;
};

static int fail(const char *address, const char *what) {
    fprintf(stderr, "sluice-sim: --serprog %s: %s: %s\n", address, what, strerror(errno));
    return -1;
}

// ---- the flash's pins
// ---------------------------------------------------------------------------------------------------

/** Moves the pins half a clock later. @return what the flash drives on MISO, else one */
static uint8_t pins(struct clip *c, bool csn, bool sck, uint8_t mosi) {
    uint8_t out, oe;
    c->now_ns += c->half_ns;
    nor_pins(c->nor, c->now_ns, csn, sck, LINES_UP | mosi, &out, &oe);
    return (oe & 2) != 0 ? out >> 1 & 1 : 1;
}

static uint8_t exchange(struct clip *c, uint8_t out) {
    uint8_t in = 0;
    for (int bit = 7; bit >= 0; bit--) {
        const uint8_t mosi = out >> bit & 1;
        in = (uint8_t)(in << 1 | pins(c, false, false, mosi));
        pins(c, false, true, mosi);
    }
    return in;
}

static void transfer(void *ctx, const uint8_t *send, size_t send_len, uint8_t *receive, size_t receive_len) {
    struct clip *c = ctx;
    pins(c, false, false, 0);
    for (size_t i = 0; i < send_len; i++) exchange(c, send[i]);
    for (size_t i = 0; i < receive_len; i++) receive[i] = exchange(c, 0);
    pins(c, false, false, 0);
    pins(c, true, false, 0);
}

static void delay(void *ctx, uint64_t us) {
    struct clip *c = ctx;
    c->now_ns += us * 1000;
}

static uint32_t set_clock(void *ctx, uint32_t hz) {
    struct clip *c = ctx;
    const uint64_t half = (500000000u + (uint64_t)hz - 1) / hz;
    c->half_ns = half < HALF_CLOCK_MIN_NS ? HALF_CLOCK_MIN_NS : half > HALF_CLOCK_MAX_NS ? HALF_CLOCK_MAX_NS : half;
    return (uint32_t)(500000000u / c->half_ns);
}

/** Nobody cuts the flash's power: what it is doing comes to its end. */
static void finish(struct clip *c) {
    const uint64_t end = nor_busy_until(c->nor);
    if (end != UINT64_MAX && end > c->now_ns) c->now_ns = end;
    nor_settle(c->nor, c->now_ns);
}

// ---- the host's bytes
// ---------------------------------------------------------------------------------------------------

/** Waits for @p fd. False at an interrupt, which may come at any moment, or on an error. */
static bool wait_for(const struct clip *c, int fd, short events) {
    while (!*c->options->interrupt) {
        struct pollfd wait = {.fd = fd, .events = events};
        const int ready = poll(&wait, 1, LOOK_UP_MS);
        if (ready > 0) return true;
        if (ready < 0 && errno != EINTR) return false;
    }
    return false;
}

static bool again(ssize_t done) {
    return done < 0 && (errno == EAGAIN || errno == EINTR);
}

static bool read_host(void *ctx, uint8_t *bytes, size_t len) {
    struct clip *c = ctx;
    while (len != 0) {
        if (c->at == c->len) {
            if (!wait_for(c, c->fd, POLLIN)) return false;
            const ssize_t got = read(c->fd, c->buffer, sizeof c->buffer);
            if (again(got)) continue;
            if (got <= 0) return false;
            c->at = 0;
            c->len = (size_t)got;
        }
        const size_t part = len < c->len - c->at ? len : c->len - c->at;
        memcpy(bytes, c->buffer + c->at, part);
        c->at += part;
        bytes += part;
        len -= part;
    }
    return true;
}

static bool write_host(void *ctx, const uint8_t *bytes, size_t len) {
    struct clip *c = ctx;
    while (len != 0) {
        if (!wait_for(c, c->fd, POLLOUT)) return false;
        ssize_t sent = send(c->fd, bytes, len, MSG_NOSIGNAL);
        if (sent < 0 && errno == ENOTSOCK) sent = write(c->fd, bytes, len);
        if (again(sent)) continue;
        if (sent < 0) return false;
        bytes += sent;
        len -= (size_t)sent;
    }
    return true;
}

// ---- hosts
// --------------------------------------------------------------------------------------------------------------

static bool more(const struct clip *c) {
    return !*c->options->interrupt && c->now_ns < c->options->until_ns;
}

/** One host from its first byte until it goes. */
static void serve_host(struct clip *c, int fd) {
    c->fd = fd;
    c->at = c->len = 0;
    c->half_ns = HALF_CLOCK_NS;
    serprog_begin(&c->serprog, &(struct serprog_port){read_host, write_host, transfer, delay, set_clock, c});
    while (more(c) && serprog_command(&c->serprog)) c->now_ns += COMMAND_NS;
    finish(c);
}

static int serve_terminal(struct clip *c) {
    const int fd = pty_open("serprog");
    if (fd < 0) return fail(c->options->address, "no pseudo terminal");
    while (more(c)) {
        struct pollfd look = {.fd = fd, .events = POLLIN};
        if (poll(&look, 1, LOOK_UP_MS) <= 0) continue;
        if (look.revents & POLLIN) {
            serve_host(c, fd);
            if (c->options->once) break;
        } else {  // the host has gone and no other has come
            nanosleep(&(struct timespec){.tv_nsec = NOBODY_MS * 1000000}, NULL);
        }
    }
    close(fd);
    return 0;
}

static int serve_socket(struct clip *c, int listener) {
    while (more(c) && wait_for(c, listener, POLLIN)) {
        const int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
        if (fd < 0 && (again(fd) || errno == ECONNABORTED)) continue;
        if (fd < 0) return fail(c->options->address, "no client");
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));  // slower without it
        serve_host(c, fd);
        close(fd);
        if (c->options->once) break;
    }
    return 0;
}

// ---- set-up
// -------------------------------------------------------------------------------------------------------------

static bool parse_address(const char *text, struct sockaddr_in *address) {
    const char *colon = strchr(text, ':'), *port = colon != NULL ? colon + 1 : text;
    char host[INET_ADDRSTRLEN] = "127.0.0.1";
    uint64_t number;
    if (colon != NULL && (size_t)(colon - text) >= sizeof host) return false;
    if (colon != NULL && strncmp(text, "localhost:", 10) != 0) {
        memcpy(host, text, (size_t)(colon - text));
        host[colon - text] = '\0';
    }
    *address = (struct sockaddr_in){.sin_family = AF_INET};
    if (!parse_number(port, UINT16_MAX, &number) || inet_pton(AF_INET, host, &address->sin_addr) != 1) return false;
    address->sin_port = htons((uint16_t)number);
    return true;
}

static int listen_at(struct sockaddr_in *address) {
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    socklen_t len = sizeof *address;
    char host[INET_ADDRSTRLEN];
    if (fd < 0) return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int));
    if (bind(fd, (struct sockaddr *)address, len) || listen(fd, 1) ||
        getsockname(fd, (struct sockaddr *)address, &len)) {
        close(fd);
        return -1;
    }
    fprintf(stderr, "sluice-sim: serprog at %s:%u\n", inet_ntop(AF_INET, &address->sin_addr, host, sizeof host),
            ntohs(address->sin_port));
    return fd;
}

bool clip_address_known(const char *address) {
    struct sockaddr_in parsed;
    return strcmp(address, "pty") == 0 || parse_address(address, &parsed);
}

static int serve_socket_at(struct clip *c, struct sockaddr_in *address) {
    const int listener = listen_at(address);
    if (listener < 0) return fail(c->options->address, "cannot listen");
    const int result = serve_socket(c, listener);
    close(listener);
    return result;
}

int clip_serve(struct nor *nor, const struct clip_options *options, uint64_t *now_ns) {
    struct clip *c = calloc(1, sizeof *c);
    if (c == NULL) return fail(options->address, "memory");
    c->nor = nor;
    c->options = options;
    struct sockaddr_in address;
    const int result = parse_address(options->address, &address) ? serve_socket_at(c, &address) : serve_terminal(c);
    *now_ns = c->now_ns;
    free(c);
    return result;
}
