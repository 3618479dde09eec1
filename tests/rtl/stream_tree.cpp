// SPDX-License-Identifier: Apache-2.0
//
// Stream engine: tree orders, by which the processor goes from a leaf of an LMS tree (RFC 8554, height 10) to the root.
// What they should leave comes from OpenSSL.
#include <openssl/sha.h>

#include <array>

#include "tests/rtl/stream_bench.h"

namespace {
enum { HEIGHT = 10, LEAVES = 1 << HEIGHT, VALUE = 32, VALUES_AT = 24, PREFIX = 22, HOLE_AT = 20, HOLE = 2 };
enum { D_LEAF = 0x82, D_INTR = 0x83, LEAF_BLOCK = KEEP_BLOCK, TREE_BLOCK = LEAF_BLOCK + 1, PATH_AT = 14 * BLOCK + 76 };
enum { LEVEL_CYCLES = 600 };
constexpr uint32_t kNumbers = offsetof(stream_ram_map_t, NUMBERS);
using Value = std::array<uint8_t, VALUE>;

struct Tree {
    uint8_t key[16];
    uint32_t leaf;  // its number
    Value ots;      // the one-time key that the leaf is the hash of
    Value path[HEIGHT];
};
}  // namespace

static void put_number(uint8_t *to, uint32_t number) {
    for (unsigned i = 0; i < 4; i++) to[i] = (uint8_t)(number >> (24 - 8 * i));
}

static Tree plant(StreamBench &bench, uint32_t q) {
    Tree t = {};
    t.leaf = LEAVES + q;
    for (auto &byte : t.key) byte = (uint8_t)bench.random();
    for (auto &byte : t.ots) byte = (uint8_t)bench.random();
    for (auto &value : t.path)
        for (auto &byte : value) byte = (uint8_t)bench.random();
    return t;
}

static Value hash(const Tree &t, uint32_t number, uint8_t d, const Value *left, const Value *right) {
    uint8_t message[PREFIX + 2 * VALUE];
    Value digest;
    memcpy(message, t.key, sizeof t.key);
    put_number(message + 16, number);
    message[HOLE_AT] = message[HOLE_AT + 1] = d;
    memcpy(message + PREFIX, left->data(), VALUE);
    if (right != nullptr) memcpy(message + PREFIX + VALUE, right->data(), VALUE);
    SHA256(message, PREFIX + (right != nullptr ? 2 : 1) * VALUE, digest.data());
    return digest;
}

static Value root_of(const Tree &t) {
    Value value = hash(t, t.leaf, D_LEAF, &t.ots, nullptr);
    for (unsigned level = 0; level < HEIGHT; level++) {
        const bool right = (t.leaf >> level & 1) != 0;
        value =
            hash(t, t.leaf >> (level + 1), D_INTR, right ? &t.path[level] : &value, right ? &value : &t.path[level]);
    }
    return value;
}

/* A message of @p values values with its padding, the values and everything behind it random. */
static std::vector<uint8_t> lay_out(StreamBench &bench, const Tree &t, uint32_t number, uint8_t d, unsigned values) {
    std::vector<uint8_t> block(BLOCK);
    const unsigned length = PREFIX + values * VALUE, end = (length + 9 + GROUP - 1) / GROUP * GROUP;
    for (auto &byte : block) byte = (uint8_t)bench.random();
    memcpy(block.data(), t.key, sizeof t.key);
    put_number(&block[16], number);
    block[HOLE_AT + HOLE] = block[HOLE_AT + HOLE + 1] = d;
    memset(&block[length + HOLE], 0, end - length);
    block[length + HOLE] = 0x80;
    block[end] = (uint8_t)(length * 8 >> 8);
    block[end + 1] = (uint8_t)(length * 8);
    return block;
}

/* @return the message of two nodes */
static std::vector<uint8_t> put(StreamBench &bench, const Tree &t) {
    std::vector<uint8_t> leaf = lay_out(bench, t, t.leaf, D_LEAF, 1),
                         two = lay_out(bench, t, bench.random(), D_INTR, 2);
    memcpy(&leaf[VALUES_AT], t.ots.data(), VALUE);
    bench.ram_fill(LEAF_BLOCK * BLOCK, leaf.data(), BLOCK);
    bench.ram_fill(TREE_BLOCK * BLOCK, two.data(), BLOCK);
    for (unsigned i = 0; i < HEIGHT; i++) {
        uint8_t number[4];
        put_number(number, t.leaf >> (i + 1));
        bench.ram_fill(kNumbers + 4 * i, number, sizeof number);
        bench.ram_fill(PATH_AT + VALUE * i, t.path[i].data(), VALUE);
    }
    return two;
}

static Order leaf_order(const Tree &t) {
    Order order;
    order.source = Order::RAM;
    order.check = order.sink = false;
    order.chain = order.digest = true;
    order.dest = LEAF_BLOCK;
    order.groups = 1;
    order.table = TREE_BLOCK * BLOCK + VALUES_AT + (t.leaf & 1) * VALUE;
    return order;
}

static Order tree_order() {
    Order order;
    order.source = Order::RAM;
    order.check = order.sink = false;
    order.chain = order.tree = true;
    order.dest = TREE_BLOCK;
    order.count = HEIGHT;
    order.groups = 2;
    order.table = PATH_AT - VALUES_AT;
    return order;
}

/* Left of the root is what was hashed last; of the rest of the block nothing has changed. */
static bool has_root(StreamBench &bench, const Tree &t, const std::vector<uint8_t> &two) {
    const uint32_t at = TREE_BLOCK * BLOCK, root_at = VALUES_AT + VALUE, behind = root_at + VALUE;
    const Value root = root_of(t);
    return bench.ram_holds(at, two.data(), VALUES_AT) && bench.ram_holds(at + root_at, root.data(), VALUE) &&
           bench.ram_holds(at + behind, &two[behind], BLOCK - behind);
}

static void test_leaves(StreamBench &bench) {
    TEST("given any leaf of a tree / when one order hashes it and one climbs behind it / then the root is there") {
        for (unsigned round = 0; round < 12; round++) {
            bench.restart(1);
            const Tree t = plant(bench, round == 0 ? 0 : round == 1 ? LEAVES - 1 : bench.random() % LEAVES);
            const std::vector<uint8_t> two = put(bench, t);
            bench.write_order(0, leaf_order(t));
            bench.write_order(1, tree_order());
            bench.push(0);
            bench.push(1);
            CHECK(bench.wait(2));
            printf("# a leaf and %d levels in %llu cycles\n", HEIGHT,
                   (unsigned long long)(bench.cycle - bench.started));
            CHECK(bench.cycle - bench.started < (HEIGHT + 1) * LEVEL_CYCLES);
            CHECK(has_root(bench, t, two));
        }
    }
}

static void test_abort(StreamBench &bench) {
    TEST(
        "given a way to the root / when aborted in any cycle / then it ends with a level, and both orders do the "
        "work") {
        for (unsigned round = 0; round < 30; round++) {
            bench.restart(1);
            const Tree t = plant(bench, bench.random() % LEAVES);
            const std::vector<uint8_t> two = put(bench, t);
            CHECK(bench.run(leaf_order(t)));
            bench.write_order(0, tree_order());
            bench.push(0);
            bench.idle(bench.random() % (HEIGHT * LEVEL_CYCLES));
            bench.abort();
            CHECK_EQ(bench.stop_reason(LEVEL_CYCLES), STOP_REASON_ABORT);
            bench.clear();
            CHECK(bench.run(leaf_order(t)));
            CHECK(bench.run(tree_order()));
            CHECK(has_root(bench, t, two));
        }
    }
}

int test_tree(StreamBench &bench) {
    test_leaves(bench);
    test_abort(bench);
    return check_result();
}
