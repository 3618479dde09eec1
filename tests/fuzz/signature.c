// SPDX-License-Identifier: Apache-2.0
//
// Signatures and what vouches for them. The input says which key, signature and message there are; with a hash that is
// none but fast, the verifier comes to the same end as RFC 8554 read line by line below, and asks nothing of its engine
// but what fw/image/lms.h promises. The same in a manifest, by a root that is known, unknown or revoked.
#include "fw/image/trust.h"
#include "tests/fuzz/fuzz.h"

enum { ROOM_WORDS = LMS_ROOM / 4, BLOCK_WORDS = LMS_ROOM_BLOCK / 4, AT_VALUE = 23, STEP_BYTES = 55 };
enum { RIGHT_ROOT = 1, KNOWN = 2, REVOKED = 4, NAMED = 8 };

static uint32_t room[ROOM_WORDS], numbers[LMS_NUMBERS];
static unsigned under_way, walks, climbs;      // in this verification
static uint32_t side;                          // of the message hashed last
static const uint8_t *judged, *judged_digest;  // a manifest's digest is the input's, whatever it holds

/* Every byte and the length count in every byte of the result, which is all that is wanted of it here. Most digits are
 * near their ends, so that an input takes a quarter of the steps. */
static void toy_hash(const void *bytes, size_t len, uint8_t digest[LMS_HASH]) {
    uint64_t lanes[4] = {len, len ^ 0x9E3779B97F4A7C15u, ~len, len << 32};
    const uint8_t *at = bytes;
    for (size_t i = 0; len != 0; i++) {
        uint64_t word = 0;
        const size_t some = len < 8 ? len : 8;
        memcpy(&word, at, some);
        lanes[i % 4] = (lanes[i % 4] ^ word) * 0xD6E8FEB86659FD93u + i;
        lanes[(i + 1) % 4] ^= lanes[i % 4] >> 29;
        at += some;
        len -= some;
    }
    for (unsigned i = 0; i < 8; i++) lanes[(i + 1) % 4] ^= (lanes[i % 4] ^ lanes[i % 4] >> 32) * 0xD6E8FEB86659FD93u;
    for (unsigned i = 1; i < 4; i++) lanes[i] |= 0xEEEEEEEEEEEEEEEEu;
    memcpy(digest, lanes, LMS_HASH);
}

/* ---- the engine ----------------------------------------------------------------------------------------------------
 */
static void walk(void *ctx, uint32_t *ends, const uint8_t *values) {
    static const uint8_t tail[] = {0x80, 0, 0, 0, 0, 0, 0, 1, 0xB8};
    uint8_t step[STEP_BYTES], *end = (uint8_t *)ends;
    (void)ctx;
    REQUIRE(ends == room && ++under_way <= 2 && ++walks == 1);
    REQUIRE(memcmp(end + LMS_TAIL, tail, sizeof tail) == 0);
    memcpy(step, end, LMS_HOLE_AT);
    step[20] = 0;
    end += 24;
    for (uint32_t i = 0; i < LMS_CHAINS; i++, end += LMS_HASH) {
        step[21] = (uint8_t)i;
        memcpy(end, values + i * LMS_HASH, LMS_HASH);
        for (step[22] = (uint8_t)lms_digit((const uint8_t *)numbers, i); step[22] < LMS_CHAIN_END; step[22]++) {
            memcpy(step + AT_VALUE, end, LMS_HASH);
            toy_hash(step, STEP_BYTES, end);
        }
    }
}

/* Of a message that is padded. */
static void hash_message(uint32_t hole, const uint32_t *message, uint32_t len, uint32_t *digest) {
    static uint8_t whole[LMS_ROOM_BLOCK];
    const uint8_t *bytes = (const uint8_t *)message + hole;
    const size_t end = lms_groups(len) * LMS_GROUP;
    REQUIRE(end + hole <= LMS_ROOM_BLOCK && (hole == 0 || hole == LMS_HOLE));
    REQUIRE(bytes[len] == 0x80 && (size_t)(bytes[end - 2] << 8 | bytes[end - 1]) == 8 * len);
    for (size_t i = len + 1; i < end - 2; i++) REQUIRE(bytes[i] == 0);
    memcpy(whole, message, LMS_HOLE_AT);
    memcpy(whole + LMS_HOLE_AT, bytes + LMS_HOLE_AT, len - LMS_HOLE_AT);
    if ((const uint8_t *)message == judged)
        memcpy(digest, judged_digest, LMS_HASH);
    else
        toy_hash(whole, len, (uint8_t *)digest);
    side = whole[LMS_HOLE_AT - 1] & 1u;
}

static void hash(void *ctx, uint32_t hole, const uint32_t *message, uint32_t len, uint32_t *digest) {
    (void)ctx;
    REQUIRE((const uint8_t *)message == judged ||
            (message >= room && message < room + ROOM_WORDS && (message - room) % BLOCK_WORDS == 0));
    REQUIRE((digest >= room && digest <= room + ROOM_WORDS - LMS_HASH / 4) || digest == numbers);
    REQUIRE(++under_way <= 2);
    hash_message(hole, message, len, digest);
}

static void climb(void *ctx, uint32_t *message, const uint8_t *path) {
    (void)ctx;
    REQUIRE(message == room + 2 * BLOCK_WORDS && ++under_way <= 2 && ++climbs == 1);
    for (unsigned level = 0; level < LMS_HEIGHT; level++, path += LMS_HASH) {
        uint32_t digest[LMS_HASH / 4];
        memcpy(message + 6 + (side ^ 1u) * 8, path, LMS_HASH);
        message[4] = numbers[level];
        hash_message(LMS_HOLE, message, 86, digest);
        memcpy(message + 6 + side * 8, digest, LMS_HASH);
    }
}

static bool finish(void *ctx) {
    (void)ctx;
    REQUIRE(under_way-- > 0);
    return true;
}

static const struct lms_engine engine = {NULL, room, numbers, walk, hash, climb, finish};

/* ---- RFC 8554, line by line ----------------------------------------------------------------------------------------
 */
struct text {
    uint8_t bytes[LMS_ROOM_BLOCK];
    size_t len;
};

static void add(struct text *t, const uint8_t *bytes, size_t len) {
    if (len != 0) memcpy(t->bytes + t->len, bytes, len);
    t->len += len;
}

static void add_number(struct text *t, uint32_t number, unsigned bytes) {
    while (bytes-- != 0) t->bytes[t->len++] = (uint8_t)(number >> 8 * bytes);
}

static void begin(struct text *t, const uint8_t *key, uint32_t number, uint32_t d) {
    t->len = 0;
    add(t, key + LMS_KEY_I, LMS_IDENTIFIER);
    add_number(t, number, 4);
    add_number(t, d, 2);
}

static uint32_t read32(const uint8_t *p) {
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static bool types_fit(const uint8_t *key, const uint8_t *s) {
    return read32(key) == 6 && read32(key + 4) == 3 && read32(s + 4) == 3 && read32(s + 2184) == 6 && read32(s) < 1024;
}

/* Algorithms 6a and 4b: the candidate for the root. */
static void candidate(const uint8_t *key, const uint8_t *s, const uint8_t *message, size_t len, uint8_t root[32]) {
    static struct text t, ends;
    const uint32_t q = read32(s);
    uint8_t digits[34], value[32];
    begin(&t, key, q, 0x8181);
    add(&t, s + 8, 32);
    add(&t, message, len);
    toy_hash(t.bytes, t.len, digits);
    unsigned sum = 0;
    for (unsigned i = 0; i < 32; i++) sum += 30u - (digits[i] >> 4) - (digits[i] & 15u);
    digits[32] = (uint8_t)(sum << 4 >> 8);
    digits[33] = (uint8_t)(sum << 4);
    begin(&ends, key, q, 0x8080);
    for (unsigned i = 0; i < 67; i++) {
        memcpy(value, s + 40 + 32 * i, 32);
        for (unsigned j = digits[i / 2] >> (i % 2 == 0 ? 4 : 0) & 15u; j < 15; j++) {
            begin(&t, key, q, i);
            add_number(&t, j, 1);
            add(&t, value, 32);
            toy_hash(t.bytes, t.len, value);
        }
        add(&ends, value, 32);
    }
    toy_hash(ends.bytes, ends.len, value);
    uint32_t node = 1024 + q;
    begin(&t, key, node, 0x8282);
    add(&t, value, 32);
    toy_hash(t.bytes, t.len, root);
    for (const uint8_t *path = s + 2188; node > 1; node /= 2, path += 32) {
        begin(&t, key, node / 2, 0x8383);
        add(&t, node % 2 != 0 ? path : root, 32);
        add(&t, node % 2 != 0 ? root : path, 32);
        toy_hash(t.bytes, t.len, root);
    }
}

/* ---- the target ----------------------------------------------------------------------------------------------------
 */
static bool verifies(const uint8_t *key, const uint8_t *signature, const uint8_t *message, size_t len) {
    under_way = walks = climbs = 0;
    return lms_verify(&engine, key, signature, message, len);
}

/* The same key and signature in a manifest; the root has been made for the digest. */
static void judge(uint8_t *manifest, const uint8_t *key, const uint8_t *signature, const uint8_t *digest, uint8_t what,
                  bool good) {
    _Alignas(4) uint8_t hashes[2][IMAGE_HASH] = {{0}};
    struct image image = {.payload_size = 1, .version_type = 1, .version_length = 1, .version = (const uint8_t *)"1"};
    REQUIRE(image_layout(&image));
    toy_hash(key, LMS_PUBLIC_KEY, hashes[1]);
    image_key_id(hashes[1], image.key_id);
    if (image_unsigned(&image)) return;
    if ((what & NAMED) == 0) image.key_id[what >> 4] ^= 1;
    REQUIRE(image_encode(&image, manifest) == IMAGE_OK);
    memcpy(manifest + image_public_key_at(&image), key, LMS_PUBLIC_KEY);
    memcpy(manifest + image_signature_at(&image), signature, LMS_SIGNATURE);
    if ((what & KNOWN) == 0) hashes[1][what >> 3] ^= 0x10;
    const struct image_roots roots = {(const uint8_t(*)[IMAGE_HASH])hashes, 2, (what & REVOKED) != 0 ? 2 : 1};
    under_way = walks = climbs = 0;
    judged = manifest;
    judged_digest = digest;
    const enum image_trust trust = image_judge(&engine, &roots, manifest, &image);
    judged = NULL;
    REQUIRE(memcmp(manifest + image_signature_at(&image), signature, LMS_SIGNATURE) == 0);
    REQUIRE(trust == ((what & NAMED) == 0     ? (image_unsigned(&image) ? IMAGE_UNSIGNED : IMAGE_WRONG_KEY)
                      : (what & KNOWN) == 0   ? IMAGE_UNKNOWN_KEY
                      : (what & REVOKED) != 0 ? IMAGE_REVOKED_KEY
                      : good                  ? IMAGE_AUTHENTIC
                                              : IMAGE_BAD_SIGNATURE));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len) {
    static _Alignas(8) struct fuzz_arena message_arena, manifest_arena;
    static _Alignas(8) struct { uint8_t key[LMS_PUBLIC_KEY], signature[LMS_SIGNATURE]; } given;
    static const uint8_t types[] = {0, 0, 0, 6, 0, 0, 0, 3};
    struct fuzz_input in = {bytes, len};
    const uint8_t what = fuzz_u8(&in), fill = fuzz_u8(&in);
    size_t message_len = fuzz_u16(&in) % (LMS_MESSAGE_MOST + 2);
    uint8_t *message = fuzz_room(&message_arena, (message_len + 3) & ~(size_t)3), root[LMS_HASH] = {0};
    memset(message, fill, (message_len + 3) & ~(size_t)3);

    memset(&given, fill, sizeof given);
    memcpy(given.key, types, 8);
    memset(given.signature, 0, 4);
    memcpy(given.signature + LMS_AT_OTS_TYPE, types + 4, 4);
    memcpy(given.signature + LMS_AT_TYPE, types, 4);
    while (in.left != 0) {
        const size_t at = fuzz_u16(&in) % sizeof given;
        ((uint8_t *)&given)[at] = fuzz_u8(&in);
    }
    const bool fits = types_fit(given.key, given.signature) && message_len <= LMS_MESSAGE_MOST;
    if (fits) {
        candidate(given.key, given.signature, message, message_len, root);
        if ((what & RIGHT_ROOT) != 0) memcpy(given.key + LMS_KEY_ROOT, root, LMS_HASH);
    }
    const bool good = fits && memcmp(given.key + LMS_KEY_ROOT, root, LMS_HASH) == 0;
    REQUIRE(verifies(given.key, given.signature, message, message_len) == good);
    if (message_len == IMAGE_HASH)
        judge(fuzz_room(&manifest_arena, IMAGE_BLOCK), given.key, given.signature, message, what, good);
    return 0;
}
