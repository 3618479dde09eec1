// SPDX-License-Identifier: Apache-2.0
//
// Faults of the NOR model: power cuts in the middle of operations, unstable cells, a chip that stays busy. SEED=n
// replays.
#include "tests/host/nor_rig.h"

enum { BLOCK = 0x20000, BLOCK_BYTES = 0x10000, CUTS = 64 };

static uint64_t seed = 1;

static void power_cycle(struct rig *rig) {
    nor_power_cut(rig->nor, rig->now);
    nor_power_on(rig->nor, rig->now);
    deselect(rig);
}

static size_t count_equal(const uint8_t *bytes, size_t len, uint8_t value) {
    size_t n = 0;
    for (size_t i = 0; i < len; i++) n += bytes[i] == value;
    return n;
}

/* How many of `reads` reads of one byte differ from what the array holds. */
static unsigned wrong_reads(struct rig *rig, uint32_t address, unsigned reads) {
    unsigned wrong = 0;
    for (unsigned i = 0; i < reads; i++) {
        start(rig, 0x03, 3, address);
        wrong += byte(rig, 0) != rig->array[address];
        deselect(rig);
    }
    return wrong;
}

static void test_torn_program(void) {
    struct rig rig;
    rig_open(&rig, "w25q128jv");
    nor_set_seed(rig.nor, seed);
    uint8_t data[NOR_PAGE];
    for (size_t i = 0; i < sizeof data; i++) data[i] = (uint8_t)(i | 0x80) & 0xBF;
    TEST(
        "given a page program / when power fails at any instant of it / a prefix is there, then one byte between old "
        "and new, then FFh") {
        for (unsigned cut = 0; cut < CUTS && check_ok; cut++) {
            uint32_t page = cut * NOR_PAGE;
            program(&rig, page, data, sizeof data);
            rig.now += 704000u * cut / CUTS;
            power_cycle(&rig);
            size_t prefix = 0;
            while (prefix < NOR_PAGE && rig.array[page + prefix] == data[prefix]) prefix++;
            CHECK(prefix >= NOR_PAGE * cut / CUTS && prefix <= NOR_PAGE * cut / CUTS + 2);
            for (size_t i = prefix + 1; i < NOR_PAGE; i++) CHECK_EQ(rig.array[page + i], 0xFF);
            uint32_t torn = page + NOR_PAGE * cut / CUTS;
            CHECK((rig.array[torn] & data[torn % NOR_PAGE]) == data[torn % NOR_PAGE]);
            CHECK(nor_is_unstable(rig.nor, torn));
        }
        CHECK_EQ(rig.reports, 0);
        CHECK_EQ(nor_get_stats(rig.nor)->pages_programmed, 0);
    }
    TEST(
        "given a byte torn in its program / when it is read again and again / it differs at times, until its sector is "
        "erased") {
        uint32_t torn = (CUTS - 1) * NOR_PAGE + NOR_PAGE * (CUTS - 1) / CUTS;
        CHECK(nor_is_unstable(rig.nor, torn));
        unsigned wrong = wrong_reads(&rig, torn, 200);
        CHECK(wrong > 0 && wrong < 200);
        CHECK_EQ(wrong_reads(&rig, torn - 1, 200), 0);
        erase(&rig, 0x20, 3, torn);
        CHECK(!nor_is_unstable(rig.nor, torn));
        CHECK_EQ(wrong_reads(&rig, torn, 200), 0);
    }
    rig_close(&rig);
}

/* What a torn 64 KiB erase of a block full of 5Ah left. */
static const char *classify(struct rig *rig, size_t erased) {
    const uint8_t *block = rig->array + BLOCK;
    if (count_equal(block, BLOCK_BYTES, 0x00) == BLOCK_BYTES) return "zeroes";
    if (count_equal(block, BLOCK_BYTES, 0xFF) == BLOCK_BYTES) return "blank";
    if (count_equal(block, erased, 0xFF) == erased &&
        count_equal(block + erased, BLOCK_BYTES - erased, 0x5A) == BLOCK_BYTES - erased)
        return "head erased";
    if (count_equal(block, BLOCK_BYTES - erased, 0x5A) == BLOCK_BYTES - erased &&
        count_equal(block + BLOCK_BYTES - erased, erased, 0xFF) == erased)
        return "tail erased";
    return "unknown";
}

static void test_torn_erase(void) {
    struct rig rig;
    rig_open(&rig, "w25q128jv");
    nor_set_seed(rig.nor, seed);
    static const char *const kinds[] = {"zeroes", "blank", "head erased", "tail erased"};
    unsigned seen[4] = {0};
    TEST(
        "given a block erase / when power fails in it / it is zeroed, blank, erased in front or erased behind, never "
        "right") {
        for (unsigned cut = 1; cut < CUTS && check_ok; cut++) {
            memset(rig.array, 0x5A, 0x40000);
            command(&rig, 0x06);
            start(&rig, 0xD8, 3, BLOCK);
            deselect(&rig);
            rig.now += 160000000ull * cut / CUTS;
            power_cycle(&rig);
            const char *kind = classify(&rig, BLOCK_BYTES / CUTS * cut);
            bool known = false;
            for (size_t k = 0; k < 4; k++) {
                if (strcmp(kind, kinds[k]) != 0) continue;
                seen[k]++;
                known = true;
            }
            CHECK(known);
            unsigned unstable = 0;
            for (uint32_t at = BLOCK; at < BLOCK + BLOCK_BYTES; at += NOR_PAGE)
                unstable += nor_is_unstable(rig.nor, at);
            CHECK(unstable > 0);
            CHECK_EQ(count_equal(rig.array, BLOCK, 0x5A), BLOCK);
            CHECK_EQ(rig.array[BLOCK + BLOCK_BYTES], 0x5A);
            CHECK_EQ(erase(&rig, 0xD8, 3, BLOCK), 160000000);
            CHECK(!nor_is_unstable(rig.nor, BLOCK) && !nor_is_unstable(rig.nor, BLOCK + BLOCK_BYTES - 1));
        }
        for (size_t k = 0; k < 4; k++) CHECK(seen[k] > 0);
        CHECK_EQ(rig.reports, 0);
    }
    TEST("given a torn 64 KiB erase / when one of its sectors is erased in full / only the others stay unstable") {
        unsigned tries = 0;
        do { /* until a cut leaves the whole block unstable */
            command(&rig, 0x06);
            start(&rig, 0xD8, 3, BLOCK);
            deselect(&rig);
            rig.now += 80000000;
            power_cycle(&rig);
        } while (!(nor_is_unstable(rig.nor, BLOCK) && nor_is_unstable(rig.nor, BLOCK + BLOCK_BYTES - 1)) &&
                 ++tries < 100);
        erase(&rig, 0x20, 3, BLOCK + 0x3000);
        CHECK(nor_is_unstable(rig.nor, BLOCK + 0x2FFF));
        CHECK(!nor_is_unstable(rig.nor, BLOCK + 0x3000));
        CHECK(!nor_is_unstable(rig.nor, BLOCK + 0x3FFF));
        CHECK(nor_is_unstable(rig.nor, BLOCK + 0x4000));
    }
    rig_close(&rig);
}

static uint64_t torn_fingerprint(uint64_t with_seed) {
    struct rig rig;
    rig_open(&rig, "is25wp256");
    nor_set_seed(rig.nor, with_seed);
    uint8_t zeroes[NOR_PAGE] = {0};
    uint64_t sum = 0;
    for (uint32_t page = 0; page < 16 * NOR_PAGE; page += NOR_PAGE) {
        program(&rig, page, zeroes, sizeof zeroes);
        rig.now += 100000;
        power_cycle(&rig);
    }
    for (uint32_t at = 0; at < 16 * NOR_PAGE; at++) sum = sum * 31 + rig.array[at];
    rig_close(&rig);
    return sum;
}

static void test_power(void) {
    TEST(
        "given one seed / when the same operations are torn twice / the same bytes are left, and others with another "
        "seed") {
        uint64_t first = torn_fingerprint(seed);
        CHECK_EQ(torn_fingerprint(seed), first);
        CHECK(torn_fingerprint(seed + 1) != first);
    }
    struct rig rig;
    rig_open(&rig, "w25q128jv");
    TEST(
        "given no power / when anything is sent / the chip is silent; with power again it answers from the next CS# "
        "low on") {
        nor_power_cut(rig.nor, rig.now);
        start(&rig, 0x9F, 0, 0);
        CHECK_EQ(byte(&rig, 0), 0xFF);
        nor_power_on(rig.nor, rig.now);
        CHECK_EQ(byte(&rig, 0), 0xFF);
        deselect(&rig);
        start(&rig, 0x9F, 0, 0);
        CHECK_EQ(byte(&rig, 0), 0xEF);
        deselect(&rig);
        CHECK_EQ(rig.reports, 0);
    }
    TEST("given a reset in the middle of a program / when the page is looked at / it is torn") {
        const uint8_t zeroes[NOR_PAGE] = {0};
        program(&rig, 0, zeroes, sizeof zeroes);
        rig.now += 352000;
        command(&rig, 0x66);
        command(&rig, 0x99);
        CHECK_EQ(rig.array[100], 0x00);
        CHECK_EQ(rig.array[156], 0xFF);
        CHECK_EQ(nor_busy_until(rig.nor), 0);
    }
    rig_close(&rig);
}

static void test_stuck(void) {
    struct rig rig;
    rig_open(&rig, "gd25q128");
    const uint8_t zero = 0;
    TEST("given a chip stuck busy / when far more than the maximum passes / WIP is set; it ends when the fault goes") {
        nor_set_stuck_busy(rig.nor, true);
        CHECK_EQ(status(&rig, 0x05), 0x00);
        program(&rig, 0x100, &zero, 1);
        CHECK_EQ(nor_busy_until(rig.nor), UINT64_MAX);
        rig.now += 100000000000;
        CHECK_EQ(status(&rig, 0x05), 0x03);
        CHECK_EQ(rig.array[0x100], 0xFF);
        nor_set_stuck_busy(rig.nor, false);
        CHECK_EQ(status(&rig, 0x05), 0x00);
        CHECK_EQ(rig.array[0x100], 0x00);
        CHECK_EQ(rig.reports, 0);
    }
    rig_close(&rig);
}

int main(void) {
    const char *text = getenv("SEED");
    if (text != NULL) seed = strtoull(text, NULL, 0);
    printf("# seed %llu\n", (unsigned long long)seed);
    test_torn_program();
    test_torn_erase();
    test_power();
    test_stuck();
    return check_result();
}
