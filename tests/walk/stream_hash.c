// SPDX-License-Identifier: Apache-2.0
//
// Digest and chain orders of the engine's model. They take no time here. A message whose padding is not FIPS 180-4's
// stops the engine, which the real one would not: it is the firmware's fault.
#include <openssl/sha.h>
#include <string.h>

#include "tests/walk/stream.h"

enum { GROUP = 64, LENGTH_BYTES = 8, HOLE = 2, HOLE_AT = 20, BEFORE_VALUES = 24, VALUE = 32 };
enum { AT_I = 20, AT_J = 22, AT_VALUE = 23, STEP = 55, CHAIN_END = 15, TAIL_AT = 3128 };
enum { RAM = STREAM_RAM_BLOCKS * STREAM_BLOCK, NUMBERS_AT = offsetof(stream_ram_map_t, NUMBERS) };

/* Bytes before the padding, UINT32_MAX when that is wrong. */
static uint32_t message_len(const uint8_t *message, uint32_t padded) {
    uint64_t bits = 0;
    for (uint32_t i = padded - LENGTH_BYTES; i < padded; i++) bits = bits << 8 | message[i];
    const uint64_t len = bits / 8;
    if (bits % 8 != 0 || (len + 1 + LENGTH_BYTES + GROUP - 1) / GROUP * GROUP != padded || message[len] != 0x80)
        return UINT32_MAX;
    for (uint64_t i = len + 1; i < padded - LENGTH_BYTES; i++)
        if (message[i] != 0) return UINT32_MAX;
    return (uint32_t)len;
}

/* Of an LMS message two bytes are left out, and two behind the groups belong to it. */
static bool digest(struct stream *s, const struct stream_job *job) {
    const uint8_t *from = s->ram + job->block * STREAM_BLOCK;
    const uint32_t before = job->chain ? HOLE_AT : 0, hole = job->chain ? HOLE : 0, to = stream_order(s, job)->TABLE;
    if (job->index == 0) s->message_len = 0;
    if (s->message_len + job->len > sizeof s->message || (job->chain && job->len == STREAM_BLOCK)) return false;
    memcpy(s->message + s->message_len, from, before);
    memcpy(s->message + s->message_len + before, from + before + hole, job->len - before);
    s->message_len += job->len;
    if (!job->last) return true;
    s->side = from[HOLE_AT - 1] & 1u;
    const uint32_t len = message_len(s->message, s->message_len);
    if (len == UINT32_MAX || to + VALUE > RAM) return false;
    SHA256(s->message, len, s->ram + to);
    return true;
}

static bool walk(struct stream *s, const struct stream_job *job) {
    static const uint8_t tail[] = {0x80, 0, 0, 0, 0, 0, 0, STEP * 8 >> 8, STEP * 8 & 255};
    const uint32_t from = stream_order(s, job)->TABLE + BEFORE_VALUES + job->index * (uint32_t)VALUE;
    const uint8_t digits = s->ram[NUMBERS_AT + job->index / 2u];
    uint8_t *block = s->ram + job->block * STREAM_BLOCK, step[STEP], *end = block + BEFORE_VALUES + job->index * VALUE;
    if (from + VALUE > RAM || memcmp(block + TAIL_AT, tail, sizeof tail) != 0) return false;
    memcpy(step, block, HOLE_AT);
    step[AT_I] = 0;
    step[AT_I + 1] = job->index;
    memcpy(end, s->ram + from, VALUE);
    for (step[AT_J] = (job->index & 1) != 0 ? digits & 15 : digits >> 4; step[AT_J] < CHAIN_END; step[AT_J]++) {
        memcpy(step + AT_VALUE, end, VALUE);
        SHA256(step, STEP, end);
    }
    return true;
}

static bool climb(struct stream *s, const struct stream_job *job) {
    const uint32_t path = stream_order(s, job)->TABLE + BEFORE_VALUES + job->index * (uint32_t)VALUE;
    uint8_t *block = s->ram + job->block * STREAM_BLOCK, *values = block + BEFORE_VALUES, message[2 * GROUP];
    if (path + VALUE > RAM || job->len != sizeof message) return false;
    memcpy(values + (s->side ^ 1u) * VALUE, s->ram + path, VALUE);
    memcpy(message, block, HOLE_AT);
    memcpy(message + HOLE_AT - 4, s->ram + NUMBERS_AT + job->index * 4, 4);
    memcpy(message + HOLE_AT, block + HOLE_AT + HOLE, sizeof message - HOLE_AT);
    s->side = message[HOLE_AT - 1] & 1u;
    const uint32_t len = message_len(message, sizeof message);
    if (len == UINT32_MAX) return false;
    SHA256(message, len, values + s->side * VALUE);
    return true;
}

void stream_hash(struct stream *s, const struct stream_job *job) {
    if (!(job->digest ? digest(s, job) : job->tree ? climb(s, job) : walk(s, job)))
        stream_stop(s, STOP_REASON_BAD_ORDER, job);
}
