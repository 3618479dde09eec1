// SPDX-License-Identifier: Apache-2.0
//
// See serprog.h. Of the protocol's two ways to a flash this has the one for SPI: the commands that read and write
// single addresses of a parallel flash (06h, 09h, 0Ah, 0Ch, 0Dh) are not there.
#include "sim/serprog.h"

#include <string.h>

enum {
    ACK = 0x06,
    NAK = 0x15,
    INTERFACE_VERSION = 1,
    BUS_SPI = 1 << 3,
    STREAM_BUFFER = 0xffff,  // bytes that the host may send ahead; what carries them stops it by itself
    DELAY_ROOM = 5,          // bytes of the operation buffer that the protocol counts for a delay
    NAME_LENGTH = 16,
    MAP_LENGTH = 32,
    PARAMETERS_MAX = 6,
};

// What a command returns instead of the length of its answer behind the ACK.
enum { REFUSED = -1, GONE = -2 };

static uint32_t get(const uint8_t *at, unsigned bytes) {
    uint32_t value = 0;
    for (unsigned i = 0; i < bytes; i++) value |= (uint32_t)at[i] << (8 * i);
    return value;
}

static int give(struct serprog *s, uint32_t value, int bytes) {
    for (int i = 0; i < bytes; i++) s->answer[1 + i] = (uint8_t)(value >> (8 * i));
    return bytes;
}

// ---- what there is
// ------------------------------------------------------------------------------------------------------

static int do_nothing(struct serprog *s, const uint8_t *in) {
    (void)s, (void)in;
    return 0;
}
static int tell_version(struct serprog *s, const uint8_t *in) {
    (void)in;
    return give(s, INTERFACE_VERSION, 2);
}
static int tell_name(struct serprog *s, const uint8_t *in) {
    static const char name[NAME_LENGTH] = "sluice-sim";
    (void)in;
    memcpy(s->answer + 1, name, sizeof name);
    return sizeof name;
}
static int tell_stream_buffer(struct serprog *s, const uint8_t *in) {
    (void)in;
    return give(s, STREAM_BUFFER, 2);
}
static int tell_buses(struct serprog *s, const uint8_t *in) {
    (void)in;
    return give(s, BUS_SPI, 1);
}
static int tell_operation_buffer(struct serprog *s, const uint8_t *in) {
    (void)in;
    return give(s, SERPROG_DELAYS * DELAY_ROOM, 2);
}
static int tell_send_max(struct serprog *s, const uint8_t *in) {
    (void)in;
    return give(s, SERPROG_SEND_MAX, 3);
}
static int tell_receive_max(struct serprog *s, const uint8_t *in) {
    (void)in;
    return give(s, SERPROG_RECEIVE_MAX, 3);
}

// ---- the operation buffer, which delays alone are for
// -------------------------------------------------------------------

static int forget_delays(struct serprog *s, const uint8_t *in) {
    (void)in;
    s->delays = 0;
    s->delay_us = 0;
    return 0;
}
static int add_delay(struct serprog *s, const uint8_t *in) {
    if (s->delays == SERPROG_DELAYS) return REFUSED;
    s->delays++;
    s->delay_us += get(in, 4);
    return 0;
}
static int wait_delays(struct serprog *s, const uint8_t *in) {
    s->port.delay(s->port.ctx, s->delay_us);
    return forget_delays(s, in);
}

// ---- the flash
// ----------------------------------------------------------------------------------------------------------

static int take_bus(struct serprog *s, const uint8_t *in) {
    (void)s;
    return (in[0] & BUS_SPI) != 0 ? 0 : REFUSED;
}
static int set_clock(struct serprog *s, const uint8_t *in) {
    const uint32_t hz = get(in, 4);
    return hz == 0 ? REFUSED : give(s, s->port.set_clock(s->port.ctx, hz), 4);
}
static int drive_pins(struct serprog *s, const uint8_t *in) {
    s->drives = in[0] != 0;
    return 0;
}

/** Takes the bytes to send off the host even where they are too many, for its next command stands behind them. */
static int transfer(struct serprog *s, const uint8_t *in) {
    const uint32_t send = get(in, 3), receive = get(in + 3, 3);
    for (uint32_t left = send, part; left != 0; left -= part) {
        part = left < SERPROG_SEND_MAX ? left : SERPROG_SEND_MAX;
        if (!s->port.read(s->port.ctx, s->send, part)) return GONE;
    }
    if (send > SERPROG_SEND_MAX || receive > SERPROG_RECEIVE_MAX || !s->drives) return REFUSED;
    s->port.transfer(s->port.ctx, s->send, send, s->answer + 1, receive);
    return (int)receive;
}

// ---- commands
// -----------------------------------------------------------------------------------------------------------

static int tell_map(struct serprog *s, const uint8_t *in);

/** Answers NAK and ACK, which nothing else does: so a host finds out where an answer begins. */
static int synchronize(struct serprog *s, const uint8_t *in) {
    static const uint8_t nak = NAK;
    (void)in;
    return s->port.write(s->port.ctx, &nak, 1) ? 0 : GONE;
}

static const struct command {
    size_t parameters;  // bytes behind the command; 13h has more
    int (*run)(struct serprog *s, const uint8_t *in);
} commands[] = {
    [0x00] = {0, do_nothing},
    [0x01] = {0, tell_version},
    [0x02] = {0, tell_map},
    [0x03] = {0, tell_name},
    [0x04] = {0, tell_stream_buffer},
    [0x05] = {0, tell_buses},
    [0x07] = {0, tell_operation_buffer},
    [0x08] = {0, tell_send_max},
    [0x0b] = {0, forget_delays},
    [0x0e] = {4, add_delay},
    [0x0f] = {0, wait_delays},
    [0x10] = {0, synchronize},
    [0x11] = {0, tell_receive_max},
    [0x12] = {1, take_bus},
    [0x13] = {6, transfer},
    [0x14] = {4, set_clock},
    [0x15] = {1, drive_pins},
};
enum { COMMANDS = sizeof commands / sizeof commands[0] };

static int tell_map(struct serprog *s, const uint8_t *in) {
    (void)in;
    memset(s->answer + 1, 0, MAP_LENGTH);
    for (unsigned i = 0; i < COMMANDS; i++)
        if (commands[i].run != NULL) s->answer[1 + i / 8] |= (uint8_t)(1u << i % 8);
    return MAP_LENGTH;
}

void serprog_begin(struct serprog *s, const struct serprog_port *port) {
    s->port = *port;
    s->drives = true;
    s->delays = 0;
    s->delay_us = 0;
}

bool serprog_command(struct serprog *s) {
    uint8_t opcode, in[PARAMETERS_MAX];
    if (!s->port.read(s->port.ctx, &opcode, 1)) return false;
    const struct command *c = opcode < COMMANDS ? &commands[opcode] : NULL;
    int length = REFUSED;
    if (c != NULL && c->run != NULL) {
        if (!s->port.read(s->port.ctx, in, c->parameters)) return false;
        length = c->run(s, in);
    }
    if (length == GONE) return false;
    s->answer[0] = length == REFUSED ? NAK : ACK;
    return s->port.write(s->port.ctx, s->answer, 1 + (length == REFUSED ? 0 : (size_t)length));
}
