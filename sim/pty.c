// SPDX-License-Identifier: Apache-2.0
//
// Promises of pty.h.
#define _GNU_SOURCE
#include "sim/pty.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <termios.h>

int pty_open(const char *what) {
    int fd = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK);
    if (fd < 0 || grantpt(fd) || unlockpt(fd)) return -1;
    struct termios raw;
    if (tcgetattr(fd, &raw)) return -1;
    cfmakeraw(&raw);
    if (tcsetattr(fd, TCSANOW, &raw)) return -1;
    fprintf(stderr, "sluice-sim: %s at %s\n", what, ptsname(fd));
    return fd;
}
