// SPDX-License-Identifier: Apache-2.0
//
// Promises of io.h.
#define _POSIX_C_SOURCE 200809L
#include "host/io.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

bool io_write_all(int fd, const uint8_t *bytes, size_t len) {
    while (len != 0) {
        ssize_t sent = send(fd, bytes, len, MSG_NOSIGNAL);
        if (sent < 0 && errno == ENOTSOCK) sent = write(fd, bytes, len);
        if (sent < 0 && errno != EINTR) return false;
        if (sent < 0) continue;
        bytes += sent;
        len -= (size_t)sent;
    }
    return true;
}

bool io_read_all(int fd, uint8_t *bytes, size_t len, const volatile sig_atomic_t *interrupt) {
    while (len != 0) {
        const ssize_t got = read(fd, bytes, len);
        if (got == 0) errno = 0;
        if (got < 0 && errno == EINTR && (interrupt == NULL || *interrupt == 0)) continue;
        if (got <= 0) return false;
        bytes += got;
        len -= (size_t)got;
    }
    return true;
}
