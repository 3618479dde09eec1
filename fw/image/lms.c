// SPDX-License-Identifier: Apache-2.0
//
// RFC 8554, algorithms 4b and 6a. Chain values pass the processor twice while the engine walks, and it should not wait:
// they are moved by words, though each time by one byte. A value lies at byte 0 of a word in the signature, at byte 23
// of its step and at byte 22 + 32 i of the message of all ends.
#include "fw/image/lms.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "values are moved by words");

enum {
    BLOCK_WORDS = LMS_ROOM_BLOCK / 4u,
    STEP_BLOCKS = 3,  // and a block for messages behind them, and one for the key
    KEY_BLOCK = 4,
    STEP_WORDS = LMS_GROUP / 4u,
    VALUE_WORDS = LMS_HASH / 4u,
    STEP_CHAIN = 21,  // bytes of a step
    STEP_J = 22,
    STEP_END = 55,
    LEFT = 22,  // bytes before a value in a message: I, number, D
    RIGHT = LEFT + LMS_HASH,
    NODE = RIGHT + LMS_HASH,
    ENDS = LEFT + LMS_CHAINS * LMS_HASH,
    BEHIND = 6,  // the first whole word of a value in its step, or behind its first byte or two in a message
};
#define STEP_BITS 0xB8010000u  // 440, the most significant byte first

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

void lms_copy(uint8_t *to, const uint8_t *from) {
    for (const uint8_t *end = to + LMS_HASH; to != end; to += 8, from += 8)
#pragma GCC unroll 4
        for (uint32_t i = 0; i < 8u; i += 2u)
            __builtin_memcpy(__builtin_assume_aligned(to + i, 2), __builtin_assume_aligned(from + i, 2), 2);
}

/* What follows I and a number. */
static void put_d(uint32_t *message, uint8_t d) {
    uint8_t *bytes = (uint8_t *)message;
    bytes[20] = d;
    bytes[21] = d;
}

/* FIPS 180-4, for lengths below 2^21: behind the word in which the message ends all are zero but the last. */
static void pad(uint32_t *message, uint32_t len) {
    uint8_t *bytes = (uint8_t *)message;
    uint32_t *word = message + len / 4u, *end = message + (len + 9u + LMS_GROUP - 1u) / LMS_GROUP * STEP_WORDS;
    const uint32_t bits = 8u * len;
    bytes[len] = 0x80;
    while ((++len & 3u) != 0) bytes[len] = 0;
    while (++word != end) *word = 0;
    word[-1] = big_endian(bits & 0xFFFFu) | bits >> 16u << 8u;
}

/* 32 bytes to where they begin one byte before a word. */
static void move_down(uint32_t *to, const uint8_t *from) {
    uint8_t *before = (uint8_t *)to - 1;
#pragma GCC unroll 8
    for (uint32_t i = 0; i < VALUE_WORDS; i++) {
        uint32_t word = word_at(from + 4u * i);
        before[4u * i] = (uint8_t)word;
        to[i] = word >> 8u;
    }
}

struct chains {
    const struct lms_engine *engine;
    const uint8_t *values;  // of the signature
    uint32_t *message;      // I and q are there before, all ends afterwards
    _Alignas(4) uint8_t digits[LMS_HASH + 2];
};

/* The chains before which each batch ends: few at first, so that the engine has something to do early, and few at last,
 * so that not much is left to do when it is done. */
static const uint8_t ends[] = {4, 10, 18, 26, 34, 42, 50, 58, 64, LMS_CHAINS};
enum { BATCHES = sizeof ends };

static inline uint32_t first_of(uint32_t b) {
    return b == 0 ? 0 : ends[b - 1u];
}

/* What is the same in all steps of a block, and left as it is by a walk. */
static void put_frames(const uint8_t *key, uint32_t q, uint32_t *step) {
    const uint32_t *end = step + LMS_BATCH * STEP_WORDS;
    uint32_t i0 = word_at(key + LMS_KEY_I), i1 = word_at(key + LMS_KEY_I + 4), i2 = word_at(key + LMS_KEY_I + 8),
             i3 = word_at(key + LMS_KEY_I + 12);
    for (; step != end; step += STEP_WORDS) {
        step[0] = i0;
        step[1] = i1;
        step[2] = i2;
        step[3] = i3;
        step[4] = q;
        step[5] = 0;
        step[14] = 0;
        step[15] = STEP_BITS;
    }
}

/* Not inlined, nor is gather(): what counts is registers for its loop. */
__attribute__((noinline)) static void fill(const struct chains *c, uint32_t b, uint32_t *step) {
    const uint8_t *value = c->values + first_of(b) * LMS_HASH;
    for (uint32_t chain = first_of(b), end = ends[b]; chain < end; chain++) {
        uint8_t *bytes = (uint8_t *)step;
        bytes[STEP_CHAIN] = (uint8_t)chain;
        bytes[STEP_J] = (uint8_t)lms_digit(c->digits, chain);
        move_down(step + BEHIND, value);
        bytes[STEP_END] = 0x80;
        value += LMS_HASH;
        step += STEP_WORDS;
    }
}

/* The ends of a batch, into the message of all of them. */
__attribute__((noinline)) static void gather(const struct chains *c, uint32_t b, const uint32_t *step) {
    uint32_t *to = c->message + first_of(b) * VALUE_WORDS, *end = c->message + ends[b] * VALUE_WORDS;
    for (; to != end; to += VALUE_WORDS, step += STEP_WORDS) {
        ((uint8_t *)to)[LEFT] = ((const uint8_t *)step)[STEP_J + 1];
        move_down(to + BEHIND, (const uint8_t *)(step + BEHIND));
    }
}

static uint32_t *block_behind(const struct lms_engine *engine, uint32_t *block) {
    return block == engine->room + (STEP_BLOCKS - 1u) * BLOCK_WORDS ? engine->room : block + BLOCK_WORDS;
}

/* All chains to their ends, and those into the message behind D_PBLK. While batches b - 2 and b - 1 are with the
 * engine, b is filled. */
static bool walk_chains(const struct chains *c) {
    const struct lms_engine *engine = c->engine;
    uint32_t *filled = engine->room, *walked = filled;
    for (uint32_t b = 0; b < BATCHES + 2u; b++) {
        if (b == STEP_BLOCKS) pad(c->message, ENDS);  // the engine has something to walk meanwhile
        if (b < BATCHES) fill(c, b, filled);
        if (b >= 2u && !engine->finish(engine->ctx, NULL)) return false;
        if (b < BATCHES) engine->walk(engine->ctx, filled, ends[b] - first_of(b));
        filled = block_behind(engine, filled);
        if (b < 2u) continue;
        gather(c, b - 2u, walked);
        walked = block_behind(engine, walked);
    }
    return true;
}

/* Begins the hash of all ends, which gives K; that of Q is to begin, with its message and padding. */
static bool begin_key(struct chains *c, uint32_t len) {
    const struct lms_engine *engine = c->engine;
    engine->hash(engine->ctx, c->message, LMS_MESSAGE_AT + len);
    if (!engine->finish(engine->ctx, c->digits)) return false;
    lms_append_checksum(c->digits);
    if (!walk_chains(c)) return false;
    put_d(c->message, LMS_D_PBLK);
    engine->hash(engine->ctx, c->message, ENDS);
    return true;
}

/* The root, while K is being hashed. Two messages in turn, where steps were that have their I: while one is hashed, all
 * but that hash is put into the other. */
static bool recover_root(const struct lms_engine *engine, uint32_t q, const uint8_t *path, uint8_t *root) {
    uint32_t node = q + LMS_KEYS, *message = engine->room + BLOCK_WORDS;
    message[4] = big_endian(node);
    put_d(message, LMS_D_LEAF);
    pad(message, RIGHT);
    pad(message, NODE);  // in the group behind
    pad(engine->room, NODE);
    if (!engine->finish(engine->ctx, (uint8_t *)message + LEFT)) return false;
    engine->hash(engine->ctx, message, RIGHT);
    for (uint32_t level = 0; level < LMS_HEIGHT; level++, path += LMS_HASH) {
        uint32_t *next = (level & 1u) != 0 ? message : engine->room;
        uint8_t *left = (uint8_t *)next + LEFT, *right = (uint8_t *)next + RIGHT;
        bool is_right = (node & 1u) != 0;
        node >>= 1u;
        next[4] = big_endian(node);
        put_d(next, LMS_D_INTR);
        lms_copy(is_right ? left : right, path);
        if (!engine->finish(engine->ctx, is_right ? right : left)) return false;
        engine->hash(engine->ctx, next, NODE);
    }
    return engine->finish(engine->ctx, root);
}

static bool known_types(const uint8_t *key, const uint8_t *signature) {
    const uint32_t type = big_endian(LMS_TYPE), ots_type = big_endian(LMS_OTS_TYPE);
    return word_at(key + LMS_KEY_TYPE) == type && word_at(key + LMS_KEY_OTS_TYPE) == ots_type &&
           word_at(signature + LMS_AT_OTS_TYPE) == ots_type && word_at(signature + LMS_AT_TYPE) == type;
}

bool lms_same(const uint8_t *a, const uint8_t *b, uint32_t len) {
    uint32_t differs = 0;
    for (const uint8_t *end = a + len; a != end; a += 4, b += 4) differs |= word_at(a) ^ word_at(b);
    return differs == 0;
}

void lms_prepare(const struct lms_engine *engine, const uint8_t *key, uint32_t q) {
    for (uint32_t b = 0; b < STEP_BLOCKS; b++) put_frames(key, q, engine->room + b * BLOCK_WORDS);
}

uint8_t *lms_begin(const struct lms_engine *engine, const uint8_t *key, const uint8_t *signature, uint32_t len) {
    uint32_t *message = engine->room + STEP_BLOCKS * BLOCK_WORDS;
    uint8_t *bytes = (uint8_t *)message;
    for (uint32_t i = 0; i < LMS_IDENTIFIER / 4u; i++) message[i] = word_at(key + LMS_KEY_I + 4u * i);
    message[4] = word_at(signature + LMS_AT_Q);
    put_d(message, LMS_D_MESG);
    lms_copy(bytes + LEFT, signature + LMS_AT_C);
    pad(message, LMS_MESSAGE_AT + len);
    return bytes + LMS_MESSAGE_AT;
}

static uint32_t key_of(const uint8_t *signature) {
    return (uint32_t)signature[2] << 8u | signature[3];
}

bool lms_walk(const struct lms_engine *engine, const uint8_t *key, const uint8_t *signature, uint32_t len) {
    uint32_t q = key_of(signature);
    struct chains c;
    if (!known_types(key, signature) || word_at(signature) != big_endian(q) || q >= LMS_KEYS) return false;
    c.engine = engine;
    c.values = signature + LMS_AT_Y;
    c.message = engine->room + STEP_BLOCKS * BLOCK_WORDS;
    return begin_key(&c, len);
}

bool lms_end(const struct lms_engine *engine, const uint8_t *key, const uint8_t *signature) {
    uint32_t root[LMS_HASH / 4u];
    if (!recover_root(engine, key_of(signature), signature + LMS_AT_PATH, (uint8_t *)root)) return false;
    return lms_same((const uint8_t *)root, key + LMS_KEY_ROOT, LMS_HASH);
}

bool lms_verify(const struct lms_engine *engine, const uint8_t *key, const uint8_t *signature, const uint8_t *message,
                size_t len) {
    if (len > LMS_MESSAGE_MOST) return false;
    uint8_t *to = lms_begin(engine, key, signature, (uint32_t)len);
    lms_prepare(engine, key, word_at(signature + LMS_AT_Q));
    for (uint32_t i = 0; i < len; i++) to[i] = message[i];
    return lms_walk(engine, key, signature, (uint32_t)len) && lms_end(engine, key, signature);
}

void lms_hash(const struct lms_engine *engine, uint32_t *message, uint32_t len) {
    pad(message, len);
    engine->hash(engine->ctx, message, len);
}

void lms_put_key(const struct lms_engine *engine, const uint8_t *key) {
    uint32_t *message = engine->room + KEY_BLOCK * BLOCK_WORDS;
    for (uint32_t i = 0; i < LMS_PUBLIC_KEY / 4u; i++) message[i] = word_at(key + 4u * i);
    pad(message, LMS_PUBLIC_KEY);
}

void lms_hash_key(const struct lms_engine *engine) {
    engine->hash(engine->ctx, engine->room + KEY_BLOCK * BLOCK_WORDS, LMS_PUBLIC_KEY);
}
