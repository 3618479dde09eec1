// SPDX-License-Identifier: Apache-2.0
//
// A terminal as a raw byte stream at any baud rate: Linux' termios2, since the C library's termios knows only a list of
// rates. (Its header and the C library's cannot be included together.)
#include <asm/termbits.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "host/link_internal.h"

/* 8 data bits, no parity, one stop bit, no flow control, nothing interpreted. */
static void make_raw(struct termios2 *t, unsigned baud) {
    t->c_iflag = 0;
    t->c_oflag = 0;
    t->c_lflag = 0;
    t->c_cflag &= ~(tcflag_t)(CSIZE | PARENB | CSTOPB | CRTSCTS);
    t->c_cflag |= CS8 | CREAD | CLOCAL;
    t->c_cc[VMIN] = 1;
    t->c_cc[VTIME] = 0;
    if (baud == 0) return;
    t->c_cflag &= ~(tcflag_t)(CBAUD | (CBAUD << IBSHIFT));
    t->c_cflag |= BOTHER | (BOTHER << IBSHIFT);
    t->c_ispeed = baud;
    t->c_ospeed = baud;
}

int link_open_serial(const char *path, unsigned baud) {
    const int fd = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK);
    if (fd < 0) return -1;
    struct termios2 t;
    if (ioctl(fd, TCGETS2, &t) == 0) {
        make_raw(&t, baud);
        if (ioctl(fd, TCSETS2, &t) == 0 && ioctl(fd, TCFLSH, TCIOFLUSH) == 0) return fd;
    }
    const int reason = errno;
    close(fd);
    errno = reason;
    return -1;
}
