// SPDX-License-Identifier: Apache-2.0
//
// Stream engine: digest orders, of one block and of several, given up at any point or never ended. What they should
// leave comes from OpenSSL; at last the verifier of boot ROM and firmware has all its hashing done by the engine.
#include <openssl/sha.h>

#include "tests/rtl/stream_bench.h"
extern "C" {
#include "fw/image/lms.h"
#include "tests/host/lms_vectors.h"
}

namespace {
enum { FIRST = 8, MOST_BLOCKS = 4, LONGEST = MOST_BLOCKS * BLOCK - 9, ONE_BLOCK_CYCLES = 8000 };
enum { DIGEST_AT = TABLE_AT + 4 };
}  // namespace

static std::vector<uint8_t> padded(const uint8_t *bytes, size_t length) {
    std::vector<uint8_t> message(bytes, bytes + length);
    message.push_back(0x80);
    message.resize((length + 9 + GROUP - 1) / GROUP * GROUP);
    for (unsigned i = 0; i < 4; i++) message[message.size() - 1 - i] = (uint8_t)(length * 8 >> 8 * i);
    return message;
}

static Order digest_order(const std::vector<uint8_t> &message) {
    Order order;
    order.source = Order::RAM;
    order.check = order.sink = false;
    order.digest = true;
    order.dest = FIRST;
    order.table = DIGEST_AT;
    order.count = (unsigned)((message.size() + BLOCK - 1) / BLOCK);
    order.groups = (unsigned)(message.size() / GROUP - (order.count - 1) * 64);
    return order;
}

static bool leaves_sha256(StreamBench &bench, const uint8_t *bytes, size_t length) {
    uint8_t hash[32];
    SHA256(bytes, length, hash);
    return bench.ram_holds(DIGEST_AT, hash, sizeof hash);
}

static bool hashes(StreamBench &bench, size_t length) {
    const std::vector<uint8_t> message = padded(bench.image.data(), length);
    bench.ram_fill(FIRST * BLOCK, message.data(), message.size());
    return bench.run(digest_order(message)) && leaves_sha256(bench, bench.image.data(), length);
}

/* An order with a check goes on as ever: the hash begins anew. */
static bool checks(StreamBench &bench) {
    Order order;
    bench.write_table(order, bench.image.data());
    return bench.run(order);
}

static void test_lengths(StreamBench &bench) {
    TEST(
        "given a message padded by the processor / when a digest order hashes it / then its SHA-256 is where it is to "
        "be") {
        bench.restart(1);
        for (unsigned length : {0u, 3u, 55u, 56u, 64u, 1000u, 4087u}) CHECK(hashes(bench, length));
    }
    TEST("given one of up to four blocks / when one order hashes them / then there is the SHA-256 of all of it") {
        bench.restart(MOST_BLOCKS);
        for (unsigned length : {4088u, 4096u, 5684u, 8183u, 8184u, 9780u, 13876u, (unsigned)LONGEST})
            CHECK(hashes(bench, length));
    }
}

static void test_no_end(StreamBench &bench) {
    TEST(
        "given a plan without the last block / when a digest order is done / then no digest is written and the next "
        "orders hash from the start") {
        bench.restart(MOST_BLOCKS);
        CHECK(hashes(bench, 100));
        const std::vector<uint8_t> message = padded(bench.image.data(), LONGEST);
        bench.ram_fill(FIRST * BLOCK, message.data(), message.size());
        Order order = digest_order(message);
        order.plan[0] = 7;
        CHECK(bench.run(order));
        CHECK(leaves_sha256(bench, bench.image.data(), 100));
        CHECK(hashes(bench, LONGEST));
        CHECK(bench.run(order));
        CHECK(checks(bench));
        CHECK(bench.all_well());
    }
}

static void test_abort(StreamBench &bench) {
    TEST(
        "given a message of several blocks / when its order is given up in any cycle / then the engine stops within a "
        "block's time and the next orders hash from the start") {
        for (unsigned round = 0; round < 40; round++) {
            bench.restart(MOST_BLOCKS);
            const std::vector<uint8_t> message = padded(bench.image.data(), LONGEST);
            bench.ram_fill(FIRST * BLOCK, message.data(), message.size());
            bench.write_order(0, digest_order(message));
            bench.push(0);
            bench.idle(bench.random() % (MOST_BLOCKS * ONE_BLOCK_CYCLES));
            bench.abort();
            CHECK_EQ(bench.stop_reason(ONE_BLOCK_CYCLES), STOP_REASON_ABORT);
            bench.clear();
            CHECK((round & 1) != 0 ? hashes(bench, 5000) : checks(bench));
        }
    }
}

/* ---- the verifier's engine: room, numbers and key lie in the bench, and go through the RAM order by order ---- */

namespace {
enum { VALUES_AT = 14 * BLOCK + 40, BEFORE_VALUES = 24 };
constexpr uint32_t kNumbers = offsetof(stream_ram_map_t, NUMBERS);
struct Verifier {
    StreamBench &bench;
    uint32_t room[LMS_ROOM / 4], numbers[LMS_NUMBERS];
    bool good;
};
}  // namespace

static void run(Verifier *v, Order order, const uint32_t *block) {
    order.source = Order::RAM;
    order.check = order.sink = false;
    order.dest = FIRST;
    v->bench.ram_fill(FIRST * BLOCK, (const uint8_t *)block, BLOCK);
    v->good &= v->bench.run(order);
}

static void walk(void *ctx, uint32_t *ends, const uint8_t *values) {
    Verifier *v = (Verifier *)ctx;
    Order order;
    order.chain = true;
    order.count = LMS_CHAINS;
    order.table = VALUES_AT - BEFORE_VALUES;
    v->bench.ram_fill(VALUES_AT, values, LMS_CHAINS * LMS_HASH);
    v->bench.ram_fill(kNumbers, (const uint8_t *)v->numbers, sizeof v->numbers);
    run(v, order, ends);
    for (uint32_t i = 0; i < BLOCK / 4; i++) ends[i] = v->bench.ram_read(FIRST * BLOCK + 4 * i);
}

static void hash(void *ctx, uint32_t hole, const uint32_t *message, uint32_t len, uint32_t *digest) {
    Verifier *v = (Verifier *)ctx;
    Order order;
    order.digest = true;
    order.chain = hole != 0;
    order.groups = lms_groups(len);
    order.table = DIGEST_AT;
    run(v, order, message);
    for (unsigned i = 0; i < LMS_HASH / 4; i++) digest[i] = v->bench.ram_read(DIGEST_AT + 4 * i);
}

static void climb(void *ctx, uint32_t *message, const uint8_t *path) {
    Verifier *v = (Verifier *)ctx;
    Order order;
    order.chain = order.tree = true;
    order.count = LMS_HEIGHT;
    order.groups = 2;
    order.table = VALUES_AT - BEFORE_VALUES;
    v->bench.ram_fill(VALUES_AT, path, LMS_HEIGHT * LMS_HASH);
    v->bench.ram_fill(kNumbers, (const uint8_t *)v->numbers, sizeof v->numbers);
    run(v, order, message);
    for (uint32_t i = 0; i < BLOCK / 4; i++) message[i] = v->bench.ram_read(FIRST * BLOCK + 4 * i);
}

static bool finish(void *ctx) {
    return ((Verifier *)ctx)->good;
}

static void test_signature(StreamBench &bench) {
    TEST(
        "given the signature of RFC 8554, appendix F / when the verifier has the engine hash / then it is authentic, "
        "and is not with a bit changed") {
        bench.restart(1);
        static Verifier v = {bench, {}, {}, true};
        const lms_engine engine = {&v, v.room, v.numbers, walk, hash, climb, finish};
        uint32_t key[LMS_PUBLIC_KEY / 4], signature[LMS_SIGNATURE / 4], message[sizeof rfc8554_message / 8 + 1];
        unhex(rfc8554_key, key);
        unhex(rfc8554_signature, signature);
        unhex(rfc8554_message, message);
        const uint8_t *parts[] = {(uint8_t *)key, (uint8_t *)signature, (uint8_t *)message};
        const size_t len = sizeof rfc8554_message / 2;
        CHECK(lms_verify(&engine, parts[0], parts[1], parts[2], len));
        ((uint8_t *)signature)[LMS_AT_Y + 1000] ^= 4;
        CHECK(!lms_verify(&engine, parts[0], parts[1], parts[2], len));
        CHECK(v.good);
    }
}

int test_digests(StreamBench &bench) {
    test_lengths(bench);
    test_no_end(bench);
    test_abort(bench);
    test_signature(bench);
    return check_result();
}
