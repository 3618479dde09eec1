// SPDX-License-Identifier: Apache-2.0
//
// A NOR chip with a bit-banging host at its pins, for tests of the model.
#pragma once
#include <stdlib.h>

#include "check.h"
#include "sim/nor.h"

enum { HALF_CLOCK_NS = 10 };

/* A chip with a host at its pins. */
struct rig {
    struct nor *nor;
    uint8_t *array;
    uint64_t now;
    uint8_t out, oe;
    unsigned reports;
    char text[160]; /* the last report */
};

static inline void note(void *ctx, uint64_t now_ns, const char *text) {
    struct rig *rig = ctx;
    (void)now_ns;
    rig->reports++;
    snprintf(rig->text, sizeof rig->text, "%s", text);
}

static inline void rig_open(struct rig *rig, const char *part) {
    memset(rig, 0, sizeof *rig);
    const struct nor_part *p = nor_part_find(part);
    if (p == NULL) exit(2);
    rig->array = malloc(p->size);
    if (rig->array == NULL) exit(2);
    memset(rig->array, 0xFF, p->size);
    rig->nor = nor_new(p, rig->array);
    if (rig->nor == NULL) exit(2);
    nor_set_report(rig->nor, note, rig);
}

static inline void rig_close(struct rig *rig) {
    nor_free(rig->nor);
    free(rig->array);
}

static inline void pins(struct rig *rig, bool csn, bool sck, uint8_t sd) {
    rig->now += HALF_CLOCK_NS;
    nor_pins(rig->nor, rig->now, csn, sck, sd, &rig->out, &rig->oe);
}

static inline void select(struct rig *rig) {
    pins(rig, false, false, 0);
}
static inline void deselect(struct rig *rig) {
    pins(rig, true, false, 0);
}

/* One byte both ways on one line. */
static inline uint8_t byte(struct rig *rig, uint8_t out) {
    uint8_t in = 0;
    for (int bit = 7; bit >= 0; bit--) {
        uint8_t sd = out >> bit & 1;
        pins(rig, false, false, sd);
        in = (uint8_t)(in << 1 | ((rig->oe & 2) != 0 ? rig->out >> 1 & 1 : 1));
        pins(rig, false, true, sd);
    }
    pins(rig, false, false, 0);
    return in;
}

/* One byte on four lines, in one of the directions. */
static inline uint8_t quad(struct rig *rig, uint8_t out) {
    uint8_t in = 0;
    for (int shift = 4; shift >= 0; shift -= 4) {
        pins(rig, false, false, out >> shift & 15);
        in = (uint8_t)(in << 4 | (rig->oe == 15 ? rig->out : 15));
        pins(rig, false, true, out >> shift & 15);
    }
    pins(rig, false, false, 0);
    return in;
}

static inline void start(struct rig *rig, uint8_t opcode, int address_bytes, uint32_t address) {
    select(rig);
    byte(rig, opcode);
    for (int i = address_bytes - 1; i >= 0; i--) byte(rig, (uint8_t)(address >> (8 * i)));
}

static inline void command(struct rig *rig, uint8_t opcode) {
    start(rig, opcode, 0, 0);
    deselect(rig);
}

static inline uint8_t status(struct rig *rig, uint8_t opcode) {
    start(rig, opcode, 0, 0);
    uint8_t value = byte(rig, 0);
    deselect(rig);
    return value;
}

/* Lets time pass until WIP is clear; returns how long the chip was busy since `since`. */
static inline uint64_t wait(struct rig *rig, uint64_t since) {
    uint64_t until = nor_busy_until(rig->nor);
    if (until == UINT64_MAX) return UINT64_MAX;
    if (until > rig->now) rig->now = until;
    while ((status(rig, 0x05) & 1) != 0) {
    }
    return until - since;
}

static inline void program(struct rig *rig, uint32_t address, const uint8_t *data, size_t len) {
    command(rig, 0x06);
    start(rig, 0x02, 3, address);
    for (size_t i = 0; i < len; i++) byte(rig, data[i]);
    deselect(rig);
}

static inline uint64_t erase(struct rig *rig, uint8_t opcode, int address_bytes, uint32_t address) {
    command(rig, 0x06);
    start(rig, opcode, address_bytes, address);
    deselect(rig);
    return wait(rig, rig->now);
}

static inline void set_quad_enable(struct rig *rig, uint8_t opcode, uint8_t value) {
    command(rig, 0x06);
    start(rig, opcode, 0, 0);
    byte(rig, value);
    deselect(rig);
    wait(rig, rig->now);
}
