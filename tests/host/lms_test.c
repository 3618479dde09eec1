// SPDX-License-Identifier: Apache-2.0
//
// LMS verification: the vectors of RFC 8554, every bit of key, signature and message, and what the verifier asks of its
// engine: within the room, whole groups, two orders at most, which may be carried out as late as it waits for them.
#include "fw/image/lms.h"

#include <stdlib.h>

#include "host/lms_soft.h"
#include "tests/check.h"
#include "tests/host/lms_vectors.h"

enum { MESSAGE = sizeof rfc8554_message / 2, MOST_ORDERS = 2 };

/* Key, signature and message in words, as they lie in a manifest. */
struct vector {
    uint32_t key[LMS_PUBLIC_KEY / 4], signature[LMS_SIGNATURE / 4], message[(MESSAGE + 3) / 4];
};

static struct vector rfc8554(void) {
    struct vector v = {.message = {0}};
    unhex(rfc8554_key, v.key);
    unhex(rfc8554_signature, v.signature);
    unhex(rfc8554_message, v.message);
    return v;
}

static bool verifies(const struct lms_engine *engine, const struct vector *v) {
    return lms_verify(engine, (const uint8_t *)v->key, (const uint8_t *)v->signature, (const uint8_t *)v->message,
                      MESSAGE);
}

static void accepted(struct lms_soft *soft) {
    struct vector v = rfc8554();
    CHECK(verifies(&soft->engine, &v));
    for (size_t i = 0; i < LMS_ROOM / 4; i++) soft->room[i] = 0xA5A5A5A5;  // what it needs it writes itself
    CHECK(verifies(&soft->engine, &v));
}

/* Each @p every-th bit. */
static void flip(struct lms_soft *soft, struct vector *v, void *part, size_t bytes, size_t every) {
    for (size_t bit = 0; bit < 8 * bytes; bit += every) {
        uint8_t *byte = (uint8_t *)part + bit / 8, mask = (uint8_t)(1u << bit % 8);
        *byte ^= mask;
        if (!CHECK(!verifies(&soft->engine, v))) printf("# bit %zu of %zu bytes\n", bit, bytes);
        *byte ^= mask;
    }
    CHECK(verifies(&soft->engine, v));
}

static void damaged(struct lms_soft *soft) {
    struct vector v = rfc8554();
    flip(soft, &v, v.key, LMS_PUBLIC_KEY, 1);
    flip(soft, &v, v.message, MESSAGE, 1);
    flip(soft, &v, v.signature, LMS_AT_Y, 1);
    flip(soft, &v, v.signature, LMS_SIGNATURE, 9);
    flip(soft, &v, (uint8_t *)v.signature + LMS_AT_TYPE, 4, 1);
}

static void lengths(struct lms_soft *soft) {
    struct vector v = rfc8554();
    uint8_t *long_message = malloc(LMS_MESSAGE_MOST + 1);
    memset(long_message, 0, LMS_MESSAGE_MOST + 1);
    memcpy(long_message, v.message, MESSAGE);
    static const size_t wrong[] = {0, 1, MESSAGE - 1, MESSAGE + 1, 64, 1588, LMS_MESSAGE_MOST, LMS_MESSAGE_MOST + 1};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        CHECK(!lms_verify(&soft->engine, (const uint8_t *)v.key, (const uint8_t *)v.signature, long_message, wrong[i]));
    free(long_message);
}

/* Types of other parameter sets, and one-time keys beyond the tree, do not reach the engine. */
static void refused_at_once(struct lms_soft *soft) {
    static const struct {
        bool of_key;
        uint32_t at;
        uint8_t bytes[4];
    } cases[] = {
        {true, LMS_KEY_TYPE, {0, 0, 0, 5}},     {true, LMS_KEY_TYPE, {0, 0, 0, 7}},
        {true, LMS_KEY_TYPE, {6, 0, 0, 0}},     {true, LMS_KEY_TYPE, {0, 0, 1, 6}},
        {true, LMS_KEY_OTS_TYPE, {0, 0, 0, 4}}, {true, LMS_KEY_OTS_TYPE, {0, 1, 0, 3}},
        {false, LMS_AT_OTS_TYPE, {0, 0, 0, 1}}, {false, LMS_AT_OTS_TYPE, {0xFF, 0, 0, 3}},
        {false, LMS_AT_TYPE, {0, 0, 0, 5}},     {false, LMS_AT_TYPE, {0, 0, 0, 0}},
        {false, LMS_AT_Q, {0, 0, 4, 0}},        {false, LMS_AT_Q, {0xFF, 0xFF, 0xFF, 0xFF}},
        {false, LMS_AT_Q, {0, 1, 0, 3}},        {false, LMS_AT_Q, {1, 0, 0, 3}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct vector v = rfc8554();
        memcpy((uint8_t *)(cases[i].of_key ? v.key : v.signature) + cases[i].at, cases[i].bytes, 4);
        soft->steps = 0;
        CHECK(!verifies(&soft->engine, &v));
        CHECK_EQ(soft->steps, 0);
    }
}

/* An engine as the card's: it works behind the verifier's back, looks at whole groups only, and may give up. */
struct order {
    const uint8_t *values, *path; /* of a walk, of a climb, else NULL */
    uint32_t *message, *digest, hole, len;
};
struct card {
    struct lms_soft soft;
    struct lms_engine engine;
    struct order queue[MOST_ORDERS];
    unsigned queued, orders, walks, climbs, give_up; /* at order give_up, counted from 1 */
};

static uint32_t *block(struct card *card, unsigned n) {
    return card->soft.room + n * LMS_ROOM_BLOCK / 4;
}

static void card_push(struct card *card, struct order order) {
    if (CHECK(card->queued < MOST_ORDERS)) card->queue[card->queued++] = order;
}

static void card_walk(void *ctx, uint32_t *ends, const uint8_t *values) {
    static const uint8_t tail[] = {0x80, 0, 0, 0, 0, 0, 0, 1, 0xB8};
    struct card *card = ctx;
    CHECK(ends == block(card, 0));
    CHECK_MEM((uint8_t *)ends + LMS_TAIL, tail, sizeof tail);
    CHECK_EQ(((uint8_t *)card->engine.numbers)[33] & 15, 0);
    card_push(card, (struct order){.values = values, .message = ends});
    card->walks++;
}

static void card_hash(void *ctx, uint32_t hole, const uint32_t *message, uint32_t len, uint32_t *digest) {
    struct card *card = ctx;
    const uint8_t *bytes = (const uint8_t *)message + hole;
    const size_t end = lms_groups(len) * LMS_GROUP;
    const ptrdiff_t at = message - card->soft.room;
    CHECK(at >= 0 && at < LMS_ROOM / 4 && at % (LMS_ROOM_BLOCK / 4) == 0);
    if (!CHECK(end + hole <= LMS_ROOM_BLOCK)) return;
    CHECK_EQ(bytes[len], 0x80);
    for (size_t i = len + 1; i < end - 2; i++) CHECK_EQ(bytes[i], 0);
    CHECK_EQ(bytes[end - 2] << 8 | bytes[end - 1], 8 * len);
    CHECK(digest == card->engine.numbers || (digest >= card->soft.room && digest < card->soft.room + LMS_ROOM / 4));
    card_push(card, (struct order){.message = card->soft.room + at, .digest = digest, .hole = hole, .len = len});
}

static void card_climb(void *ctx, uint32_t *message, const uint8_t *path) {
    static const uint8_t root[] = {0, 0, 0, 1};
    struct card *card = ctx;
    CHECK(message == block(card, 2));
    CHECK_MEM(card->engine.numbers + LMS_HEIGHT - 1, root, sizeof root);
    card_push(card, (struct order){.path = path, .message = message});
    card->climbs++;
}

static bool card_finish(void *ctx) {
    struct card *card = ctx;
    const struct order order = card->queue[0];
    if (!CHECK(card->queued > 0)) return false;
    if (order.values != NULL)
        card->soft.engine.walk(&card->soft, order.message, order.values);
    else if (order.path != NULL)
        card->soft.engine.climb(&card->soft, order.message, order.path);
    else
        card->soft.engine.hash(&card->soft, order.hole, order.message, order.len, order.digest);
    card->queue[0] = card->queue[1];
    card->queued--;
    if (++card->orders == card->give_up) card->queued = 0;
    return card->orders != card->give_up && card->soft.engine.finish(&card->soft);
}

static bool card_open(struct card *card) {
    *card = (struct card){
        .engine = {card, card->soft.room, card->soft.numbers, card_walk, card_hash, card_climb, card_finish}};
    return lms_soft_open(&card->soft);
}

enum { ORDERS = 5 };

static void as_orders(struct card *card) {
    struct vector v = rfc8554();
    CHECK(verifies(&card->engine, &v));
    CHECK_EQ(card->orders, ORDERS);
    CHECK_EQ(card->queued, 0);
    CHECK_EQ(card->walks, 1);
    CHECK_EQ(card->climbs, 1);
    CHECK_EQ(card->soft.steps, 525);  // of this signature
}

static void gives_up(struct card *card) {
    struct vector v = rfc8554();
    for (card->give_up = 1; card->give_up <= ORDERS; card->give_up++) {
        card->orders = 0;
        CHECK(!verifies(&card->engine, &v));
        CHECK_EQ(card->orders, card->give_up);
    }
}

static void checksum(void) {
    static const struct {
        uint8_t digest, sum[2];
    } cases[] = {{0x00, {0x3C, 0x00}}, {0xFF, {0x00, 0x00}}, {0x0F, {0x1E, 0x00}},
                 {0xA5, {0x1E, 0x00}}, {0xFE, {0x02, 0x00}}, {0x01, {0x3A, 0x00}}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint32_t words[LMS_NUMBERS];
        memset(words, cases[i].digest, LMS_HASH);
        words[LMS_HASH / 4] = lms_checksum(words);
        const uint8_t *digits = (const uint8_t *)words;
        CHECK_MEM(digits + LMS_HASH, cases[i].sum, 2);
        CHECK_EQ(lms_digit(digits, 0), cases[i].digest >> 4);
        CHECK_EQ(lms_digit(digits, 63), cases[i].digest & 15);
        CHECK_EQ(lms_digit(digits, 64), cases[i].sum[0] >> 4);
        CHECK_EQ(lms_digit(digits, 66), cases[i].sum[1] >> 4);
    }
}

static void key_hash(struct card *card) {
    struct vector v = rfc8554();
    uint8_t want[LMS_HASH];
    const uint32_t *got = lms_hash_key(&card->engine, (const uint8_t *)v.key);
    CHECK(card->engine.finish(card));
    CHECK(lms_soft_hash(&card->soft, v.key, LMS_PUBLIC_KEY, want));
    CHECK_MEM(got, want, sizeof want);
}

int main(void) {
    static struct lms_soft soft;
    static struct card card;
    if (!lms_soft_open(&soft) || !card_open(&card)) return 1;
    TEST("given the vector of RFC 8554 when verified whatever the room held then it is accepted") accepted(&soft);
    TEST("given the vector with one bit wrong anywhere when verified then it is refused") damaged(&soft);
    TEST("given a message cut, longer or too long when verified then it is refused") lengths(&soft);
    TEST("given other types or an index beyond the tree when verified then it is refused without a step")
    refused_at_once(&soft);
    TEST("given an engine that runs orders late when it verifies then orders, padding and places are as documented")
    as_orders(&card);
    TEST("given an engine that gives up at any order when it verifies then the signature is refused there")
    gives_up(&card);
    TEST("given digests when their checksum is appended then it is RFC 8554's and digits are taken in its order")
    checksum();
    card.give_up = 0;
    TEST("given a public key when hashed by the engine then it is its SHA-256") key_hash(&card);
    lms_soft_close(&soft);
    lms_soft_close(&card.soft);
    return check_result();
}
