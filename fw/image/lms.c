// SPDX-License-Identifier: Apache-2.0
//
// RFC 8554, algorithms 4b and 6a.
#include "fw/image/lms.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "values are moved by words");

enum {
    BLOCK_WORDS = LMS_ROOM_BLOCK / 4u,
    GROUP_WORDS = LMS_GROUP / 4u,
    VALUE_WORDS = LMS_HASH / 4u,
    ENDS_BLOCK = 0,
    MESSAGE_BLOCK = 1,  // of D_MESG, then of the leaf
    TREE_BLOCK = 2,
    KEY_BLOCK = 3,
    KEY_HASH = 2 * GROUP_WORDS,  // words in that block
    NUMBER = 4,                  // words in a message
    D = 5,
    LEFT = 6,
    RIGHT = LEFT + VALUE_WORDS,
    ONE_VALUE = 22 + LMS_HASH,  // bytes hashed
    TWO_VALUES = ONE_VALUE + LMS_HASH,
    ALL_VALUES = 22 + LMS_CHAINS * LMS_HASH,
};

/* Behind the value in a chain's step, 55 bytes: 80h, zeroes, the length in bits. */
static const uint32_t step_tail[3] = {0x80, 0x01000000, 0xB8};

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

static void copy_value(uint32_t *to, const uint8_t *from) {
#ifndef __OPTIMIZE_SIZE__  // the boot ROM has no room for it
#pragma GCC unroll 8
#endif
    for (uint32_t i = 0; i < VALUE_WORDS; i++) to[i] = word_at(from + 4u * i);
}

/* FIPS 180-4, for lengths below 2^21, behind @p len bytes that are hashed and @p hole that are not. With a hole the
 * last two bytes begin the word behind the groups. */
static void pad(uint32_t *message, uint32_t len, uint32_t hole) {
    uint32_t at = len + hole, bits = 8u * len;
    uint32_t *word = message + at / 4u, *end = message + lms_groups(len) * GROUP_WORDS;
    *word = (at & 3u) != 0 ? *word & ~(~0u << 8u * (at & 3u)) : 0;
    *word |= 0x80u << 8u * (at & 3u);
    while (++word < end) *word = 0;
    if (hole != 0)
        *end = big_endian(bits) >> 16u;
    else
        end[-1] = big_endian(bits & 0xFFFFu) | bits >> 16u << 8u;
}

static uint32_t *block_of(const struct lms_engine *engine, uint32_t block) {
    return engine->room + block * BLOCK_WORDS;
}

/* What all messages of a key begin with. */
static void put_head(uint32_t *message, const uint8_t *key, uint32_t number, uint32_t d) {
    for (uint32_t i = 0; i < LMS_IDENTIFIER / 4u; i++) message[i] = word_at(key + LMS_KEY_I + 4u * i);
    message[NUMBER] = number;
    message[D] = d;
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

uint32_t *lms_begin(const struct lms_engine *engine, const uint8_t *key, const uint8_t *signature, uint32_t len) {
    uint32_t *message = block_of(engine, MESSAGE_BLOCK);
    put_head(message, key, word_at(signature + LMS_AT_Q), LMS_D_MESG);
    copy_value(message + LEFT, signature + LMS_AT_C);
    pad(message, LMS_MESSAGE_AT + len, LMS_HOLE);
    return message + RIGHT;
}

void lms_prepare(const struct lms_engine *engine, const uint8_t *key, uint32_t q) {
    uint32_t *ends = block_of(engine, ENDS_BLOCK), *tree = block_of(engine, TREE_BLOCK);
    put_head(ends, key, q, LMS_D_PBLK);
    pad(ends, ALL_VALUES, LMS_HOLE);
    for (uint32_t i = 0; i < 3u; i++) ends[LMS_TAIL / 4u + i] = step_tail[i];
    put_head(tree, key, 0, LMS_D_INTR);
    pad(tree, TWO_VALUES, LMS_HOLE);
}

static uint32_t key_of(const uint8_t *signature) {
    return (uint32_t)signature[2] << 8u | signature[3];
}

static void hash(const struct lms_engine *engine, const uint32_t *message, uint32_t len, uint32_t *digest) {
    engine->hash(engine->ctx, LMS_HOLE, message, len, digest);
}

bool lms_walk(const struct lms_engine *engine, const uint8_t *key, const uint8_t *signature, uint32_t len) {
    uint32_t *ends = block_of(engine, ENDS_BLOCK), *message = block_of(engine, MESSAGE_BLOCK);
    const uint32_t q = key_of(signature);
    if (!known_types(key, signature) || word_at(signature) != big_endian(q) || q >= LMS_KEYS) return false;
    hash(engine, message, LMS_MESSAGE_AT + len, engine->numbers);
    if (!engine->finish(engine->ctx)) return false;
    engine->numbers[VALUE_WORDS] = lms_checksum(engine->numbers);
    engine->walk(engine->ctx, ends, signature + LMS_AT_Y);
    hash(engine, ends, ALL_VALUES, message + LEFT);
    return true;
}

/* The numbers of the nodes above @p node, up to the root's. */
static void put_numbers(uint32_t *numbers, uint32_t node) {
    for (; node != 1u; numbers++) {
        node >>= 1u;
        *numbers = big_endian(node);
    }
}

/* While the ends are being hashed: the leaf, and then the engine climbs. */
static bool recover_root(const struct lms_engine *engine, const uint8_t *signature) {
    uint32_t *leaf = block_of(engine, MESSAGE_BLOCK), *tree = block_of(engine, TREE_BLOCK);
    const uint32_t node = key_of(signature) + LMS_KEYS;
    leaf[NUMBER] = big_endian(node);
    leaf[D] = LMS_D_LEAF;
    pad(leaf, ONE_VALUE, LMS_HOLE);
    if (!engine->finish(engine->ctx)) return false;
    hash(engine, leaf, ONE_VALUE, tree + LEFT + (node & 1u) * VALUE_WORDS);
    put_numbers(engine->numbers, node);
    if (!engine->finish(engine->ctx)) return false;
    engine->climb(engine->ctx, tree, signature + LMS_AT_PATH);
    return engine->finish(engine->ctx) && engine->finish(engine->ctx);
}

bool lms_end(const struct lms_engine *engine, const uint8_t *key, const uint8_t *signature) {
    const uint32_t *root = block_of(engine, TREE_BLOCK) + RIGHT;  // its number is odd
    if (!recover_root(engine, signature)) return false;
    return lms_same((const uint8_t *)root, key + LMS_KEY_ROOT, LMS_HASH);
}

bool lms_verify(const struct lms_engine *engine, const uint8_t *key, const uint8_t *signature, const uint8_t *message,
                size_t len) {
    if (len > LMS_MESSAGE_MOST) return false;
    uint8_t *to = (uint8_t *)lms_begin(engine, key, signature, (uint32_t)len);
    lms_prepare(engine, key, word_at(signature + LMS_AT_Q));
    for (uint32_t i = 0; i < len; i++) to[i] = message[i];
    return lms_walk(engine, key, signature, (uint32_t)len) && lms_end(engine, key, signature);
}

void lms_hash(const struct lms_engine *engine, uint32_t *message, uint32_t len, uint32_t *digest) {
    pad(message, len, 0);
    engine->hash(engine->ctx, 0, message, len, digest);
}

const uint32_t *lms_hash_key(const struct lms_engine *engine, const uint8_t *key) {
    uint32_t *message = block_of(engine, KEY_BLOCK);
    for (uint32_t i = 0; i < LMS_PUBLIC_KEY / 4u; i++) message[i] = word_at(key + 4u * i);
    lms_hash(engine, message, LMS_PUBLIC_KEY, message + KEY_HASH);
    return message + KEY_HASH;
}
