// SPDX-License-Identifier: Apache-2.0
//
// All of a buffer through a descriptor that blocks: partial transfers and interrupted calls are dealt with here.
#pragma once
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Writes @p len bytes to a socket or a terminal; a socket whose other end has gone raises no signal.
 * @return false with errno */
bool io_write_all(int fd, const uint8_t *bytes, size_t len);

/** Reads exactly @p len bytes. A signal ends it when @p interrupt (may be NULL) is non-zero by then.
 * @return false with errno, which is 0 at the end of the stream */
bool io_read_all(int fd, uint8_t *bytes, size_t len, const volatile sig_atomic_t *interrupt);
