// SPDX-License-Identifier: Apache-2.0
//
// The kernel behind struct mctp_kernel.
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <time.h>
#include <unistd.h>

#include "host/link_mctp.h"
#include "host/link_mctp_abi.h"

static int open_socket(void *ctx) {
    (void)ctx;
    return socket(AF_MCTP, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

static int bind_socket(void *ctx, int fd, const struct sockaddr *address, socklen_t len) {
    (void)ctx;
    return bind(fd, address, len);
}

static int set_option(void *ctx, int fd, int name, int value) {
    (void)ctx;
    return setsockopt(fd, SOL_MCTP, name, &value, sizeof value);
}

static int control(void *ctx, int fd, unsigned long request, void *argument) {
    (void)ctx;
    return ioctl(fd, request, argument);
}

static int interface_index(void *ctx, const char *name) {
    (void)ctx;
    return (int)if_nametoindex(name);
}

static ssize_t send_to(void *ctx, int fd, const void *bytes, size_t len, const struct sockaddr *to, socklen_t to_len) {
    (void)ctx;
    return sendto(fd, bytes, len, 0, to, to_len);
}

/* MSG_TRUNC: the whole length, also of what did not fit. */
static ssize_t receive_from(void *ctx, int fd, void *bytes, size_t size, struct sockaddr *from, socklen_t *from_len) {
    (void)ctx;
    return recvfrom(fd, bytes, size, MSG_TRUNC, from, from_len);
}

static int wait_for(void *ctx, int fd, int ms) {
    struct pollfd wait = {.fd = fd, .events = POLLIN};
    (void)ctx;
    return poll(&wait, 1, ms);
}

static void close_socket(void *ctx, int fd) {
    (void)ctx;
    close(fd);
}

static uint64_t now_ns(void *ctx) {
    struct timespec time;
    (void)ctx;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * UINT64_C(1000000000) + (uint64_t)time.tv_nsec;
}

const struct mctp_kernel mctp_linux = {
    .socket = open_socket,
    .bind = bind_socket,
    .option = set_option,
    .ioctl = control,
    .interface = interface_index,
    .send = send_to,
    .receive = receive_from,
    .wait = wait_for,
    .close = close_socket,
    .now_ns = now_ns,
};
