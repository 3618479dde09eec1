// SPDX-License-Identifier: Apache-2.0
//
// Digest and chain orders of the engine's model. They take no time here. A message whose padding is not FIPS 180-4's
// stops the engine, which the real one would not: it is the firmware's fault.
#include <openssl/sha.h>
#include <string.h>

#include "tests/walk/stream.h"

enum { GROUP = 64, LENGTH_BYTES = 8, AT_J = 22, AT_VALUE = 23, STEP = 55, CHAIN_END = 15 };
enum { DIGEST_AT = offsetof(stream_ram_map_t, DIGEST) };

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

static bool digest(struct stream *s, const struct stream_job *job) {
    if (job->index == 0) s->message_len = 0;
    if (s->message_len + job->len > sizeof s->message) return false;
    memcpy(s->message + s->message_len, s->ram + job->block * STREAM_BLOCK, job->len);
    s->message_len += job->len;
    if (!job->last) return true;
    const uint32_t len = message_len(s->message, s->message_len);
    if (len != UINT32_MAX) SHA256(s->message, len, s->ram + DIGEST_AT);
    return len != UINT32_MAX;
}

static bool walk(uint8_t *step, uint32_t len) {
    for (; len != 0; len -= GROUP, step += GROUP) {
        if (message_len(step, GROUP) != STEP) return false;
        for (; step[AT_J] < CHAIN_END; step[AT_J]++) SHA256(step, STEP, step + AT_VALUE);
    }
    return true;
}

void stream_hash(struct stream *s, const struct stream_job *job) {
    const bool good = job->digest ? digest(s, job) : walk(s->ram + job->block * STREAM_BLOCK, job->len);
    if (!good) stream_stop(s, STOP_REASON_BAD_ORDER, job);
}
