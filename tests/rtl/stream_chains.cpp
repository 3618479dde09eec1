// SPDX-License-Identifier: Apache-2.0
//
// Stream engine: chain orders, by which the processor verifies an LM-OTS signature (RFC 8554, LMOTS_SHA256_N32_W4).
// What they should leave comes from OpenSSL.
#include <openssl/sha.h>

#include <array>

#include "tests/rtl/stream_bench.h"

namespace {
enum { CHAINS = 67, ENDS = 15, STEP_CYCLES = 130, BEGIN_CYCLES = 100 };
enum { D_PBLK = 0x8080, PREFIX = 22, STEP_LENGTH = 55, HOLE_AT = 20, HOLE = 2, TAIL_AT = 3128 };
enum { VALUES_AT = 14 * BLOCK + 812, BEFORE_VALUES = 24, DIGEST_AT = TABLE_AT + 4 };
constexpr uint32_t kNumbers = offsetof(stream_ram_map_t, NUMBERS);
using Value = std::array<uint8_t, 32>;

struct Signature {
    uint8_t key[16];
    uint32_t q;
    uint8_t digits[CHAINS];  // of message digest and checksum
    unsigned steps;          // from the signature's values to the ends
    Value values[CHAINS];
    Value ends[CHAINS];          // by OpenSSL from the secrets
    std::vector<uint8_t> block;  // of the message of all ends, before
};
}  // namespace

static void put_prefix(uint8_t *message, const Signature &s, unsigned word16) {
    memcpy(message, s.key, sizeof s.key);
    for (unsigned i = 0; i < 4; i++) message[16 + i] = (uint8_t)(s.q >> (24 - 8 * i));
    message[20] = (uint8_t)(word16 >> 8);
    message[21] = (uint8_t)word16;
}

static Value walk(const Signature &s, unsigned i, unsigned from, unsigned to, Value value) {
    uint8_t message[STEP_LENGTH];
    put_prefix(message, s, i);
    for (unsigned j = from; j < to; j++) {
        message[PREFIX] = (uint8_t)j;
        memcpy(message + PREFIX + 1, value.data(), value.size());
        SHA256(message, STEP_LENGTH, value.data());
    }
    return value;
}

/* RFC 8554, 4.4: the digest's nibbles, then those of the sum of what each lacks to 15, shifted to the left. */
static void choose_digits(StreamBench &bench, Signature &s) {
    unsigned sum = 0;
    for (unsigned i = 0; i < 64; i++) {
        s.digits[i] = bench.random() & 15;
        sum += ENDS - s.digits[i];
    }
    for (unsigned i = 0; i < 3; i++) s.digits[64 + i] = (sum << 4) >> (12 - 4 * i) & 15;
}

/* I, q, the hole, D; room for the ends; FIPS 180-4's padding, moved by the hole; the tail of steps. */
static void lay_out(StreamBench &bench, Signature &s) {
    uint8_t prefix[PREFIX];
    const unsigned length = PREFIX + CHAINS * 32, groups = (length + 9 + GROUP - 1) / GROUP;
    s.block.resize(BLOCK);
    for (auto &byte : s.block) byte = (uint8_t)bench.random();
    put_prefix(prefix, s, D_PBLK);
    memcpy(s.block.data(), prefix, HOLE_AT);
    memcpy(&s.block[HOLE_AT + HOLE], prefix + HOLE_AT, PREFIX - HOLE_AT);
    memset(&s.block[length + HOLE], 0, groups * GROUP - length);
    s.block[length + HOLE] = 0x80;
    s.block[groups * GROUP] = (uint8_t)(length * 8 >> 8);
    s.block[groups * GROUP + 1] = (uint8_t)(length * 8);
    memset(&s.block[TAIL_AT], 0, 12);
    s.block[TAIL_AT] = 0x80;
    s.block[TAIL_AT + 7] = STEP_LENGTH * 8 >> 8;
    s.block[TAIL_AT + 8] = (uint8_t)(STEP_LENGTH * 8);
}

/* Signs a random digest by random secrets. */
static Signature sign(StreamBench &bench) {
    Signature s = {};
    for (auto &byte : s.key) byte = (uint8_t)bench.random();
    s.q = bench.random();
    choose_digits(bench, s);
    for (unsigned i = 0; i < CHAINS; i++) {
        Value secret;
        for (auto &byte : secret) byte = (uint8_t)bench.random();
        s.values[i] = walk(s, i, 0, s.digits[i], secret);
        s.ends[i] = walk(s, i, 0, ENDS, secret);
        s.steps += ENDS - s.digits[i];
    }
    lay_out(bench, s);
    return s;
}

static void put(StreamBench &bench, const Signature &s) {
    uint8_t digits[36] = {0};
    for (unsigned i = 0; i < CHAINS; i++) digits[i / 2] |= (uint8_t)(s.digits[i] << ((i & 1) != 0 ? 0 : 4));
    bench.ram_fill(kNumbers, digits, sizeof digits);
    for (unsigned i = 0; i < CHAINS; i++) bench.ram_fill(VALUES_AT + 32 * i, s.values[i].data(), 32);
    bench.ram_fill(KEEP_BLOCK * BLOCK, s.block.data(), s.block.size());
}

static Order chain_order() {
    Order order;
    order.source = Order::RAM;
    order.check = order.sink = false;
    order.chain = true;
    order.dest = KEEP_BLOCK;
    order.count = CHAINS;
    order.table = VALUES_AT - BEFORE_VALUES;
    return order;
}

/* The block holds the ends of the order's chains, and what was there before. */
static bool at_its_ends(StreamBench &bench, const Signature &s, const Order &order) {
    std::vector<uint8_t> want = s.block;
    for (unsigned i = 0; i < CHAINS; i++)
        if (order.planned(i)) memcpy(&want[PREFIX + HOLE + 32 * i], s.ends[i].data(), 32);
    return bench.ram_holds(KEEP_BLOCK * BLOCK, want.data(), want.size());
}

/* The public key from the ends in the RAM, by a digest order. */
static bool gives_public_key(StreamBench &bench, const Signature &s) {
    std::vector<uint8_t> expected(PREFIX);
    put_prefix(expected.data(), s, D_PBLK);
    for (const Value &end : s.ends) expected.insert(expected.end(), end.begin(), end.end());
    Order order = chain_order();
    order.digest = true;
    order.count = 1;
    order.groups = (unsigned)(expected.size() + 9 + GROUP - 1) / GROUP;
    order.table = DIGEST_AT;
    if (!bench.run(order)) return false;
    uint8_t hash[32];
    SHA256(expected.data(), expected.size(), hash);
    return bench.ram_holds(DIGEST_AT, hash, sizeof hash);
}

static void test_signature(StreamBench &bench) {
    TEST("given a signature's 67 chains / when one order walked them / then their ends give the signer's public key") {
        for (unsigned round = 0; round < 4; round++) {
            bench.restart(1);
            Signature s = sign(bench);
            put(bench, s);
            CHECK(bench.run(chain_order()));
            printf("# %u steps in %llu cycles\n", s.steps, (unsigned long long)(bench.cycle - bench.started));
            CHECK(bench.cycle - bench.started < s.steps * STEP_CYCLES + CHAINS * BEGIN_CYCLES);
            CHECK(at_its_ends(bench, s, chain_order()));
            CHECK(gives_public_key(bench, s));
        }
    }
    TEST("given digits of which all are the chains' ends / when an order walks them / then it copies their values") {
        bench.restart(1);
        Signature s = sign(bench);
        for (unsigned i = 0; i < CHAINS; i++) s.digits[i] = ENDS, s.ends[i] = s.values[i];
        put(bench, s);
        CHECK(bench.run(chain_order()));
        CHECK(bench.cycle - bench.started < CHAINS * BEGIN_CYCLES);
        CHECK(at_its_ends(bench, s, chain_order()));
    }
}

static void test_plan(StreamBench &bench) {
    TEST("given a plan without some chains / when the others are walked / then the places of those stay as they were") {
        bench.restart(1);
        Signature s = sign(bench);
        put(bench, s);
        Order order = chain_order();
        for (auto &word : order.plan) word = bench.random();
        CHECK(bench.run(order));
        CHECK(at_its_ends(bench, s, order));
        CHECK(bench.run(chain_order()));
        CHECK(at_its_ends(bench, s, chain_order()));
    }
}

static void test_beside_transfer(StreamBench &bench) {
    TEST(
        "given a transfer queued on either side / when chains are walked while flash and processor use the RAM / then "
        "both orders are right") {
        for (unsigned round = 0; round < 2; round++) {
            bench.restart(6);
            bench.meddling = 20;
            Signature s = sign(bench);
            put(bench, s);
            Order transfer;
            transfer.count = 6;
            bench.write_table(transfer, bench.image.data());
            bench.write_order(round, transfer);
            bench.write_order(1 - round, chain_order());
            bench.push(0);
            bench.push(1);
            while (bench.dut.order_done_o < 2 && bench.cycle < bench.started + 40'000'000)
                if (bench.chance(50))
                    bench.ram_read(KEEP_BLOCK * BLOCK + (bench.random() & 0xffc));
                else
                    bench.idle(bench.random() % 8);
            CHECK_EQ(bench.dut.order_done_o, 2);
            bench.execute(transfer, bench.image.data());
            CHECK(bench.flash_as_expected());
            CHECK(at_its_ends(bench, s, chain_order()));
            CHECK(bench.all_well());
        }
    }
}

static void test_abort(StreamBench &bench) {
    TEST(
        "given chains under way / when aborted in any cycle / then at most one step is ended, and the same order "
        "does the work") {
        for (unsigned round = 0; round < 30; round++) {
            bench.restart(1);
            Signature s = sign(bench);
            put(bench, s);
            bench.write_order(0, chain_order());
            bench.push(0);
            bench.idle(bench.random() % 50'000);
            bench.abort();
            CHECK_EQ(bench.stop_reason(STEP_CYCLES + BEGIN_CYCLES), STOP_REASON_ABORT);
            bench.clear();
            CHECK(bench.run(chain_order()));
            CHECK(at_its_ends(bench, s, chain_order()));
        }
    }
}

int test_chains(StreamBench &bench) {
    test_signature(bench);
    test_plan(bench);
    test_beside_transfer(bench);
    test_abort(bench);
    return check_result();
}
