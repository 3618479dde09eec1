// SPDX-License-Identifier: Apache-2.0
//
// SHA-256 against Python's hashlib: NIST's SHAVS message sets and Monte Carlo procedure, the examples that the standard
// publishes, random back-pressure on all sides, and the cycle counts that rtl/hash/sha256.sv promises.
#include "Vsha256.h"

#include "bench.h"
#include "sha256_vectors.h"

#include <vector>

using Sha = Bench<Vsha256>;

struct Pace {
    unsigned word_percent;    // chance that the next word is offered in a cycle
    unsigned digest_percent;  // chance that an offered digest word is taken in a cycle
};
static const Pace full_speed = {100, 100};

// When the beats of a message moved, in cycles since its first word.
struct Timing {
    std::vector<uint64_t> words;
    uint64_t digest_valid = 0;
    uint64_t start_to_first_word = 0;
};

// FIPS 180-4, 5.1.1.
static std::vector<uint32_t> padded(const uint8_t *message, size_t length) {
    std::vector<uint8_t> bytes(message, message + length);
    bytes.push_back(0x80);
    while (bytes.size() % 64 != 56) bytes.push_back(0);
    for (int shift = 56; shift >= 0; shift -= 8) bytes.push_back((uint8_t)((uint64_t)length * 8 >> shift));
    std::vector<uint32_t> words;
    for (size_t i = 0; i < bytes.size(); i += 4)
        words.push_back((uint32_t)bytes[i] << 24 | (uint32_t)bytes[i + 1] << 16 | (uint32_t)bytes[i + 2] << 8 |
                        bytes[i + 3]);
    return words;
}

static bool start(Sha &b) {
    for (int limit = 0; !b.dut.idle_o && limit < 1000; limit++) b.tick();
    if (!CHECK(b.dut.idle_o)) return false;
    b.dut.start_i = 1;
    b.tick();
    b.dut.start_i = 0;
    return true;
}

// Offers a word or, between words, garbage; true when the word moves at the next edge.
static bool offer_word(Sha &b, const std::vector<uint32_t> &words, size_t sent, unsigned percent) {
    if (!b.dut.word_valid_i) {
        b.dut.word_valid_i = sent < words.size() && (percent >= 100 || b.chance(percent));
        b.dut.word_i = b.dut.word_valid_i ? words[sent] : b.random();
        // Only the sixteenth word's `last` counts.
        b.dut.last_i = b.dut.word_valid_i && sent % 16 == 15 ? sent + 1 == words.size() : b.random() & 1;
    }
    b.eval();
    return b.dut.word_valid_i && b.dut.word_ready_o;
}

static bool hash(Sha &b, const uint8_t *message, size_t length, Pace pace, uint8_t digest[32],
                 Timing *timing = nullptr) {
    const std::vector<uint32_t> words = padded(message, length);
    const uint64_t limit = b.cycle + 1000 + 100 * words.size() * 100 / pace.word_percent;
    uint64_t first = 0;
    size_t sent = 0;
    unsigned got = 0;
    if (!start(b)) return false;
    const uint64_t started = b.cycle - 1;
    while (got < 8) {
        if (b.cycle > limit) return CHECK(!"the digest arrives");
        const bool word_moves = offer_word(b, words, sent, pace.word_percent);
        b.dut.digest_ready_i = pace.digest_percent >= 100 || b.chance(pace.digest_percent);
        b.eval();
        if (word_moves && sent == 0) first = b.cycle;
        if (word_moves && timing) timing->words.push_back(b.cycle - first);
        if (b.dut.digest_valid_o && got == 0 && timing && !timing->digest_valid) timing->digest_valid = b.cycle - first;
        if (b.dut.digest_valid_o && b.dut.digest_ready_i) {
            for (int i = 0; i < 4; i++) digest[4 * got + i] = (uint8_t)(b.dut.digest_o >> (24 - 8 * i));
            got++;
        }
        b.tick();
        if (word_moves) {
            sent++;
            b.dut.word_valid_i = 0;
        }
    }
    b.dut.digest_ready_i = 0;
    if (timing) timing->start_to_first_word = first - started;
    return CHECK_EQ(sent, words.size());
}

template <size_t N>
static void check_set(Sha &b, const sha256_vector (&set)[N], Pace pace) {
    for (const sha256_vector &v : set) {
        uint8_t digest[32];
        if (!hash(b, v.message, v.length, pace, digest) || !CHECK_MEM(digest, v.digest, 32)) {
            printf("# message of %zu bytes\n", v.length);
            return;
        }
    }
}

static void check_example(Sha &b, const char *message, const char *want) {
    uint8_t digest[32];
    char hex[65];
    if (!hash(b, (const uint8_t *)message, strlen(message), full_speed, digest)) return;
    for (int i = 0; i < 32; i++) snprintf(hex + 2 * i, 3, "%02x", digest[i]);
    if (!CHECK(strcmp(hex, want) == 0)) printf("# %s, not %s\n", hex, want);
}

// SHAVS 6.4: each digest is that of the three before it.
static void check_monte_carlo(Sha &b) {
    uint8_t seed[32];
    memcpy(seed, sha256_monte_carlo_seed, 32);
    for (const auto &want : sha256_monte_carlo) {
        uint8_t chain[96];
        for (int i = 0; i < 3; i++) memcpy(chain + 32 * i, seed, 32);
        for (int i = 0; i < 1000; i++) {
            uint8_t digest[32];
            if (!hash(b, chain, sizeof chain, full_speed, digest)) return;
            memmove(chain, chain + 32, 64);
            memcpy(chain + 64, digest, 32);
        }
        memcpy(seed, chain + 64, 32);
        if (!CHECK_MEM(seed, want, 32)) return;
    }
}

// From a block's first word to the digest, or to the next block's first word.
static void check_cycles(Sha &b) {
    const uint8_t message[300] = {1, 2, 3};
    uint8_t digest[32];
    Timing one, five;
    if (!hash(b, message, 55, full_speed, digest, &one)) return;
    if (!hash(b, message, 300, full_speed, digest, &five)) return;
    printf("# sha256_cycles_per_block %llu\n", (unsigned long long)one.digest_valid);
    printf("# sha256_cycles_between_blocks %llu\n", (unsigned long long)(five.words[16] - five.words[0]));
    CHECK_EQ(one.words[15], 15);
    CHECK_EQ(one.digest_valid, 74);
    for (unsigned block = 1; block < 5; block++) CHECK_EQ(five.words[16 * block], 72 * block);
    CHECK_EQ(five.digest_valid, 72 * 4 + 74);
}

// From `start_i` to the first word, and from the last digest word to `idle_o`.
static void check_turnaround(Sha &b) {
    const uint8_t message[3] = {'a', 'b', 'c'};
    uint8_t digest[32];
    Timing timing;
    if (!hash(b, message, 3, full_speed, digest, &timing)) return;
    CHECK_EQ(timing.start_to_first_word, 10);
    const uint64_t last_beat = b.cycle - 1;
    while (!b.dut.idle_o && b.cycle < last_beat + 100) b.tick();
    CHECK_EQ(b.cycle - last_beat, 5);
}

// Cuts a message off at a random point by reset; what follows must not see any of it.
static void check_reset(Sha &b) {
    for (int round = 0; round < 50; round++) {
        const std::vector<uint32_t> words = padded(sha256_long[0].message, sha256_long[0].length);
        size_t sent = 0;
        if (!start(b)) return;
        for (unsigned n = b.random() % 300; n > 0; n--) {
            const bool word_moves = offer_word(b, words, sent, 80);
            b.dut.digest_ready_i = b.chance(10);
            b.tick();
            if (word_moves) {
                sent++;
                b.dut.word_valid_i = 0;
            }
        }
        b.dut.word_valid_i = b.dut.digest_ready_i = 0;
        b.dut.rst_ni = 0;
        b.eval();
        CHECK(b.dut.idle_o && !b.dut.word_ready_o && !b.dut.digest_valid_o);
        b.reset();
        check_example(b, "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        if (!check_ok) return;
    }
}

int main(int argc, char **argv) {
    Sha b(argc, argv);
    b.reset();

    TEST("given the standard's examples when they are hashed then the published digests come out") {
        check_example(b, "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        check_example(b, "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        check_example(b, "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    }
    TEST("given messages of every length from 0 to 64 bytes when they are hashed then hashlib agrees")
    check_set(b, sha256_short, full_speed);
    TEST("given long messages when they are hashed then hashlib agrees")
    check_set(b, sha256_long, full_speed);
    TEST("given words that come late and a reader that takes its time when messages are hashed then hashlib agrees") {
        for (unsigned percent : {90, 50, 10}) {
            check_set(b, sha256_short, {percent, 30});
            check_set(b, sha256_short, {30, percent});
            check_set(b, sha256_long, {percent, percent});
        }
    }
    TEST("given words at full speed when blocks are hashed then a digest takes 74 cycles and a further block 72")
    check_cycles(b);
    TEST("given a message that ended when the next one starts then the core was ready as soon as promised")
    check_turnaround(b);
    TEST("given a reset amid a message when the next one is hashed then nothing of the first is left")
    check_reset(b);
    TEST("given the Monte Carlo procedure when 100000 digests are chained then all 100 checkpoints agree")
    check_monte_carlo(b);
    return check_result();
}
