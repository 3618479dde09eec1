// SPDX-License-Identifier: Apache-2.0
//
// RFC 8554, algorithms 4b and 6a. Chain values are copied by words: 134 of them pass the processor while the engine
// walks, and it should not wait. A value lies at byte 23 of its step and at byte 22 + 32 i of the message of all ends,
// so each copy moves the bytes by one through the words of a little-endian machine.
#include "fw/image/lms.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "values are shifted through words");

enum {
    STEP_WORDS = LMS_GROUP / 4u,
    BLOCK_WORDS = LMS_ROOM_BLOCK / 4u,
    VALUE_WORDS = LMS_HASH / 4u,
    VALUE_WORD = 5,  // with a value's first bytes: in a step and in the message of all ends
    LEFT = 22,       // bytes before a value: I, number, D
    RIGHT = LEFT + LMS_HASH,
    NODE = RIGHT + LMS_HASH,
    ENDS = LEFT + LMS_CHAINS * LMS_HASH,
};
#define STEP_PADDING 0x80000000u  // behind a value
#define STEP_BITS    0xB8010000u  // 440, the most significant byte first

/* The word at a multiple of 4. */
static inline uint32_t word_at(const uint8_t *bytes) {
    uint32_t word;
    __builtin_memcpy(&word, __builtin_assume_aligned(bytes, 4), sizeof word);
    return word;
}

/* A number below 2^16 as four bytes, the most significant one first. */
static inline uint32_t big_endian(uint32_t n) {
    return n << 24u | n >> 8u << 16u;
}

/* From and to multiples of 2. */
static void copy_hash(uint8_t *to, const uint8_t *from) {
    for (uint32_t i = 0; i < LMS_HASH; i += 2u)
        __builtin_memcpy(__builtin_assume_aligned(to + i, 2), __builtin_assume_aligned(from + i, 2), 2);
}

/* What follows I in each message. */
static void put_number(uint32_t *message, uint32_t number, uint8_t d) {
    uint8_t *bytes = (uint8_t *)message;
    message[4] = big_endian(number);
    bytes[20] = d;
    bytes[21] = d;
}

/* FIPS 180-4, for lengths below 2^13. */
static void pad(uint32_t *message, uint32_t len) {
    uint8_t *bytes = (uint8_t *)message;
    uint32_t bits = 8u * len, end = (len + 9u + LMS_GROUP - 1u) & ~(LMS_GROUP - 1u);
    bytes[len] = 0x80;
    while (++len < end) bytes[len] = 0;
    bytes[end - 2u] = (uint8_t)(bits >> 8u);
    bytes[end - 1u] = (uint8_t)bits;
}

struct chains {
    const struct lms_engine *engine;
    const uint8_t *values;  // of the signature
    const uint32_t *head;   // I and q, as in the message
    uint8_t digits[LMS_HASH + 2];
};

/* The chains of batch @p b, and their number. */
static uint32_t batch(uint32_t b) {
    uint32_t left = LMS_CHAINS - b * LMS_BATCH;
    return left < LMS_BATCH ? left : LMS_BATCH;
}

static uint32_t *steps_of(const struct chains *c, uint32_t b) {
    return c->engine->room + (b & 1u) * BLOCK_WORDS;
}

static void put_step(uint32_t *step, uint32_t chain, uint32_t j, const uint8_t *value) {
    uint32_t carry = chain << 8u | j << 16u;
    step += VALUE_WORD;
#pragma GCC unroll 8
    for (uint32_t i = 0; i < VALUE_WORDS; i++) {
        uint32_t word = word_at(value + 4u * i);
        step[i] = carry | word << 24u;
        carry = word >> 8u;
    }
    step[VALUE_WORDS] = carry | STEP_PADDING;
}

/* Walks leave all of a step but j and the value, so the rest is written once for each of the two blocks. */
static void put_frame(const struct chains *c, uint32_t *step) {
    for (uint32_t i = 0; i < VALUE_WORD; i++) step[i] = c->head[i];
    step[STEP_WORDS - 2] = 0;
    step[STEP_WORDS - 1] = STEP_BITS;
}

static void begin_batch(const struct chains *c, uint32_t b) {
    uint32_t *step = steps_of(c, b), count = batch(b), chain = b * LMS_BATCH;
    for (uint32_t i = 0; i < count; i++, chain++, step += STEP_WORDS) {
        if (b < 2u) put_frame(c, step);
        put_step(step, chain, lms_digit(c->digits, chain), c->values + chain * LMS_HASH);
    }
    c->engine->walk(c->engine->ctx, steps_of(c, b), count);
}

/* Puts the value of a step where it belongs in the message of all ends, @p to words before VALUE_WORD there: its first
 * two bytes share a word with what stands before, its last two with what will follow. */
static void take_end(uint32_t *to, const uint32_t *step) {
    uint32_t word = step[VALUE_WORD], before = to[VALUE_WORD] & 0xFFFFu;
    to += VALUE_WORD;
    step += VALUE_WORD;
#pragma GCC unroll 8
    for (uint32_t i = 0; i < VALUE_WORDS; i++) {
        uint32_t next = step[i + 1u];
        to[i] = word >> 8u | next << 24u;
        word = next;
    }
    to[VALUE_WORDS] = word >> 8u;
    to[0] = (to[0] & 0xFFFF0000u) | before;
}

static bool end_batch(const struct chains *c, uint32_t b, uint32_t *message) {
    const uint32_t *step = steps_of(c, b);
    if (!c->engine->walked(c->engine->ctx)) return false;
    message += b * LMS_BATCH * VALUE_WORDS;
    for (uint32_t i = batch(b); i != 0; i--, message += VALUE_WORDS, step += STEP_WORDS) take_end(message, step);
    return true;
}

/* All chains to their ends, and those into the message behind D_PBLK. */
static bool walk_chains(const struct chains *c, uint32_t *message) {
    const uint32_t batches = (LMS_CHAINS + LMS_BATCH - 1u) / LMS_BATCH;
    bool good = true;
    for (uint32_t b = 0; b <= batches && good; b++) {
        if (b < batches) begin_batch(c, b);
        if (b > 0) good = end_batch(c, b - 1u, message);
    }
    return good;
}

static bool hash(const struct lms_engine *engine, uint32_t *message, uint32_t len, uint8_t *digest) {
    pad(message, len);
    return engine->hash(engine->ctx, message, len, digest);
}

/* K from the one-time signature, left in the message at LEFT. */
static bool recover_key(struct chains *c, uint32_t *message, uint32_t q, uint32_t len) {
    uint8_t *bytes = (uint8_t *)message;
    if (!hash(c->engine, message, LMS_MESSAGE_AT + len, c->digits)) return false;
    lms_append_checksum(c->digits);
    put_number(message, q, LMS_D_PBLK);
    return walk_chains(c, message) && hash(c->engine, message, ENDS, bytes + LEFT);
}

/* The root from K at LEFT, left at RIGHT: the root is the right one of an imagined pair, node 1. */
static bool recover_root(const struct lms_engine *engine, uint32_t *message, uint32_t q, const uint8_t *path) {
    uint8_t *bytes = (uint8_t *)message, *side[] = {bytes + LEFT, bytes + RIGHT};
    uint32_t node = q + LMS_KEYS;
    put_number(message, node, LMS_D_LEAF);
    if (!hash(engine, message, LEFT + LMS_HASH, side[node & 1u])) return false;
    for (pad(message, NODE); node > 1u; path += LMS_HASH) {
        copy_hash(side[~node & 1u], path);
        node >>= 1u;
        put_number(message, node, LMS_D_INTR);
        if (!engine->hash(engine->ctx, message, NODE, side[node & 1u])) return false;
    }
    return true;
}

static bool known_types(const uint8_t *key, const uint8_t *signature) {
    const uint32_t type = big_endian(LMS_TYPE), ots_type = big_endian(LMS_OTS_TYPE);
    return word_at(key + LMS_KEY_TYPE) == type && word_at(key + LMS_KEY_OTS_TYPE) == ots_type &&
           word_at(signature + LMS_AT_OTS_TYPE) == ots_type && word_at(signature + LMS_AT_TYPE) == type;
}

bool lms_verify(const struct lms_engine *engine, const uint8_t *key, const uint8_t *signature, const uint8_t *message,
                size_t len) {
    uint32_t *room = engine->room + 2u * BLOCK_WORDS, q = (uint32_t)signature[2] << 8u | signature[3];
    uint8_t *bytes = (uint8_t *)room;
    struct chains c;
    if (!known_types(key, signature) || word_at(signature) != big_endian(q) || q >= LMS_KEYS) return false;
    if (len > LMS_MESSAGE_MOST) return false;
    for (uint32_t i = 0; i < LMS_IDENTIFIER; i++) bytes[i] = key[LMS_KEY_I + i];
    put_number(room, q, LMS_D_MESG);
    copy_hash(bytes + LEFT, signature + LMS_AT_C);
    for (uint32_t i = 0; i < len; i++) bytes[LMS_MESSAGE_AT + i] = message[i];
    c.engine = engine;
    c.values = signature + LMS_AT_Y;
    c.head = room;
    if (!recover_key(&c, room, q, (uint32_t)len)) return false;
    if (!recover_root(engine, room, q, signature + LMS_AT_PATH)) return false;
    uint8_t differs = 0;
    for (uint32_t i = 0; i < LMS_HASH; i++) differs |= bytes[RIGHT + i] ^ key[LMS_KEY_ROOT + i];
    return differs == 0;
}

bool lms_hash_key(const struct lms_engine *engine, const uint8_t *key, uint8_t digest[LMS_HASH]) {
    uint32_t *message = engine->room + 2u * BLOCK_WORDS;
    for (uint32_t i = 0; i < LMS_PUBLIC_KEY / 4u; i++) message[i] = word_at(key + 4u * i);
    return hash(engine, message, LMS_PUBLIC_KEY, digest);
}
