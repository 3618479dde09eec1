// SPDX-License-Identifier: Apache-2.0
//
// Stream engine: chain orders, by which the processor verifies an LM-OTS signature (RFC 8554, LMOTS_SHA256_N32_W4).
// What they should leave comes from OpenSSL.
#include <openssl/sha.h>

#include <array>

#include "tests/rtl/stream_bench.h"

namespace {
enum { CHAINS = 67, ENDS = 15, CHAIN_BLOCKS = 2, STEP_CYCLES = 130, DIGEST_BLOCK = KEEP_BLOCK + CHAIN_BLOCKS };
enum { D_PBLK = 0x8080, PREFIX = 22, STEP_LENGTH = 55 };
using Value = std::array<uint8_t, 32>;

struct Signature {
    uint8_t key[16];
    uint32_t q;
    unsigned digits[CHAINS];  // of message digest and checksum
    unsigned steps;           // from the signature's values to the ends
    Value ends[CHAINS];       // by OpenSSL from the secrets
    std::vector<uint8_t> blocks;
};
}  // namespace

static void put_prefix(uint8_t *message, const Signature &s, unsigned word16) {
    memcpy(message, s.key, sizeof s.key);
    for (unsigned i = 0; i < 4; i++) message[16 + i] = (uint8_t)(s.q >> (24 - 8 * i));
    message[20] = (uint8_t)(word16 >> 8);
    message[21] = (uint8_t)word16;
}

static void put_padding(uint8_t *message, size_t length, size_t padded) {
    memset(message + length, 0, padded - length);
    message[length] = 0x80;
    message[padded - 2] = (uint8_t)(length * 8 >> 8);
    message[padded - 1] = (uint8_t)(length * 8);
}

/** The padded message of step @p j of chain @p i. */
static void put_step(uint8_t message[GROUP], const Signature &s, unsigned i, unsigned j, const Value &value) {
    put_prefix(message, s, i);
    message[PREFIX] = (uint8_t)j;
    memcpy(message + PREFIX + 1, value.data(), value.size());
    put_padding(message, STEP_LENGTH, GROUP);
}

static Value walk(const Signature &s, unsigned i, unsigned from, unsigned to, Value value) {
    uint8_t message[GROUP];
    for (unsigned j = from; j < to; j++) {
        put_step(message, s, i, j, value);
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

/* Signs a random digest by random secrets. */
static Signature sign(StreamBench &bench) {
    Signature s = {};
    for (auto &byte : s.key) byte = (uint8_t)bench.random();
    s.q = bench.random();
    choose_digits(bench, s);
    s.blocks.resize(CHAIN_BLOCKS * BLOCK);
    for (auto &byte : s.blocks) byte = (uint8_t)bench.random();  // behind the last chain, too
    for (unsigned i = 0; i < CHAINS; i++) {
        Value secret;
        for (auto &byte : secret) byte = (uint8_t)bench.random();
        put_step(&s.blocks[i * GROUP], s, i, s.digits[i], walk(s, i, 0, s.digits[i], secret));
        s.ends[i] = walk(s, i, 0, ENDS, secret);
        s.steps += ENDS - s.digits[i];
    }
    return s;
}

static Order chain_order() {
    Order order;
    order.source = Order::RAM;
    order.check = order.sink = false;
    order.chain = true;
    order.dest = KEEP_BLOCK;
    order.count = CHAIN_BLOCKS;
    order.groups = CHAINS - 64;
    return order;
}

/* Both blocks hold the ends, and what was behind the last one. */
static bool at_its_ends(StreamBench &bench, const Signature &s) {
    std::vector<uint8_t> want = s.blocks;
    for (unsigned i = 0; i < CHAINS; i++) put_step(&want[i * GROUP], s, i, ENDS, s.ends[i]);
    return bench.ram_holds(KEEP_BLOCK * BLOCK, want.data(), want.size());
}

/* The public key from the ends in the RAM: the processor's part and a digest order. */
static bool gives_public_key(StreamBench &bench, const Signature &s) {
    std::vector<uint8_t> message(PREFIX), expected(PREFIX);
    put_prefix(message.data(), s, D_PBLK);
    put_prefix(expected.data(), s, D_PBLK);
    for (unsigned i = 0; i < CHAINS; i++) {
        for (unsigned n = 0; n < 32; n++) {
            uint32_t at = KEEP_BLOCK * BLOCK + i * GROUP + PREFIX + 1 + n;
            message.push_back((uint8_t)(bench.ram_read(at & ~3u) >> at % 4 * 8));
        }
        expected.insert(expected.end(), s.ends[i].begin(), s.ends[i].end());
    }
    size_t length = message.size(), padded = (length + 9 + GROUP - 1) / GROUP * GROUP;
    message.resize(padded);
    put_padding(message.data(), length, padded);
    bench.ram_fill(DIGEST_BLOCK * BLOCK, message.data(), padded);
    Order order = chain_order();
    order.chain = false;
    order.digest = true;
    order.dest = DIGEST_BLOCK;
    order.count = 1;
    order.groups = (unsigned)(padded / GROUP);
    if (!bench.run(order)) return false;
    uint8_t hash[32];
    SHA256(expected.data(), length, hash);
    return bench.ram_holds(offsetof(stream_ram_map_t, DIGEST), hash, sizeof hash);
}

static void test_signature(StreamBench &bench) {
    TEST("given a signature's 67 chains / when one order walked them / then their ends give the signer's public key") {
        for (unsigned round = 0; round < 4; round++) {
            bench.restart(1);
            Signature s = sign(bench);
            bench.ram_fill(KEEP_BLOCK * BLOCK, s.blocks.data(), s.blocks.size());
            CHECK(bench.run(chain_order()));
            printf("# %u steps in %llu cycles\n", s.steps, (unsigned long long)(bench.cycle - bench.started));
            CHECK(bench.cycle - bench.started < s.steps * STEP_CYCLES);
            CHECK(at_its_ends(bench, s));
            CHECK(gives_public_key(bench, s));
        }
    }
    TEST("given chains at their ends / when an order walks them again / then nothing changes and no step is taken") {
        bench.restart(1);
        Signature s = sign(bench);
        bench.ram_fill(KEEP_BLOCK * BLOCK, s.blocks.data(), s.blocks.size());
        CHECK(bench.run(chain_order()));
        CHECK(bench.run(chain_order()));
        CHECK(bench.cycle - bench.started < CHAINS * 20);
        CHECK(at_its_ends(bench, s));
    }
}

static void test_plan(StreamBench &bench) {
    TEST("given a plan without its first block / when its chains are walked / then that block stays as it was") {
        bench.restart(1);
        Signature s = sign(bench);
        bench.ram_fill(KEEP_BLOCK * BLOCK, s.blocks.data(), s.blocks.size());
        Order order = chain_order();
        order.plan[0] = 2;
        CHECK(bench.run(order));
        CHECK(bench.ram_holds(KEEP_BLOCK * BLOCK, s.blocks.data(), BLOCK));
        CHECK(bench.run(chain_order()));
        CHECK(at_its_ends(bench, s));
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
            bench.ram_fill(KEEP_BLOCK * BLOCK, s.blocks.data(), s.blocks.size());
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
            CHECK(at_its_ends(bench, s));
            CHECK(bench.all_well());
        }
    }
}

static void test_abort(StreamBench &bench) {
    TEST(
        "given chains under way / when aborted in any cycle / then at most one chain is walked on, and the same order "
        "ends the work") {
        for (unsigned round = 0; round < 30; round++) {
            bench.restart(1);
            Signature s = sign(bench);
            bench.ram_fill(KEEP_BLOCK * BLOCK, s.blocks.data(), s.blocks.size());
            bench.write_order(0, chain_order());
            bench.push(0);
            bench.idle(bench.random() % 50'000);
            bench.abort();
            CHECK_EQ(bench.stop_reason(ENDS * STEP_CYCLES), STOP_REASON_ABORT);
            bench.clear();
            CHECK(bench.run(chain_order()));
            CHECK(at_its_ends(bench, s));
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
