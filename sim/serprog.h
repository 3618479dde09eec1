// SPDX-License-Identifier: Apache-2.0
//
// The programmer's side of the Serial Flasher Protocol, version 1, as flashrom speaks it, for a flash on SPI. It
// answers one command at a time; where the bytes come from and what is at the flash's pins is the caller's.
//
//   host to programmer   command, 8 bits | its parameters, numbers least byte first
//   programmer to host   06h (ACK) and what the command returns, or 15h (NAK) alone
//
// Each command gets exactly one answer. One that is not in the bitmap of 02h, or that asks for more than the limits
// told, is answered NAK and does nothing at the flash.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    SERPROG_SEND_MAX = 4096,      // bytes of one SPI operation to the flash: instruction, address and data
    SERPROG_RECEIVE_MAX = 65536,  // and from it
    SERPROG_DELAYS = 64,          // delays that wait for 0Fh
};

struct serprog_port {
    /** Bytes from and to the host. False: it has gone, and so has the command that was being read. */
    bool (*read)(void *ctx, uint8_t *bytes, size_t len);
    bool (*write)(void *ctx, const uint8_t *bytes, size_t len);
    /** Selects the flash, clocks @p send out, then @p receive in, and deselects it. */
    void (*transfer)(void *ctx, const uint8_t *send, size_t send_len, uint8_t *receive, size_t receive_len);
    void (*delay)(void *ctx, uint64_t us);
    /** Sets the clock to @p hz, or what is nearest below it. @return what it is */
    uint32_t (*set_clock)(void *ctx, uint32_t hz);
    void *ctx;
};

struct serprog {
    struct serprog_port port;
    bool drives;        // the flash's pins, see 15h
    unsigned delays;    // that wait for 0Fh
    uint64_t delay_us;  // what they add up to
    uint8_t send[SERPROG_SEND_MAX];
    uint8_t answer[1 + SERPROG_RECEIVE_MAX];
};

/** For a host that has just connected: no delay waits, the pins are driven. */
void serprog_begin(struct serprog *s, const struct serprog_port *port);

/** Reads one command, does it and answers it. False when the host has gone, in the middle of one or not. */
bool serprog_command(struct serprog *s);
