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

// ---- chosen tears
// -----------------------------------------------------------------------------------------------------

static const struct torn_page {
    enum nor_torn how;
    const char *name;
    unsigned whole;    /* bytes that are as wanted */
    bool half;         /* the next one is between old and new */
    unsigned unstable; /* byte that is, NOR_PAGE: none */
} torn_pages[] = {
    {NOR_TORN_NOT, "not begun", 0, false, NOR_PAGE},
    {NOR_TORN_FIRST_BYTE, "first byte", 1, false, NOR_PAGE},
    {NOR_TORN_MIDDLE, "middle", 128, true, 128},
    {NOR_TORN_LAST_BYTE, "all but the last byte", 255, false, NOR_PAGE},
    {NOR_TORN_WEAK_BYTE, "weak last byte", 256, false, 255},
};

static void check_torn_page(struct rig *rig, const struct torn_page *t, uint32_t page) {
    static const uint8_t zeroes[NOR_PAGE];
    program(rig, page, zeroes, sizeof zeroes);
    nor_power_cut_torn(rig->nor, rig->now, t->how);
    nor_power_on(rig->nor, rig->now);
    deselect(rig);
    const uint8_t *now = rig->array + page;
    CHECK_EQ(count_equal(now, t->whole, 0x00), t->whole);
    const unsigned rest = t->whole + t->half;
    CHECK_EQ(count_equal(now + rest, NOR_PAGE - rest, 0xFF), NOR_PAGE - rest);
    for (unsigned i = 0; i < NOR_PAGE; i++) CHECK_EQ(nor_is_unstable(rig->nor, page + i), i == t->unstable);
    if (!check_ok) printf("# %s\n", t->name);
}

static const struct torn_block {
    enum nor_torn how;
    const char *left;
    uint32_t stable, unstable;
} torn_blocks[] = {
    {NOR_TORN_ZEROED, "zeroes", UINT32_MAX, 0},
    {NOR_TORN_HEAD_ERASED, "head erased", 0, BLOCK_BYTES / 2},
    {NOR_TORN_TAIL_ERASED, "tail erased", BLOCK_BYTES / 2, 0},
    {NOR_TORN_WEAK_BLANK, "blank", UINT32_MAX, BLOCK_BYTES - 1},
};

static void check_torn_block(struct rig *rig, const struct torn_block *t) {
    erase(rig, 0xD8, 3, BLOCK);
    memset(rig->array + BLOCK, 0x5A, BLOCK_BYTES);
    command(rig, 0x06);
    start(rig, 0xD8, 3, BLOCK);
    deselect(rig);
    nor_power_cut_torn(rig->nor, rig->now, t->how);
    nor_power_on(rig->nor, rig->now);
    deselect(rig);
    if (!CHECK(strcmp(classify(rig, BLOCK_BYTES / 2), t->left) == 0)) printf("# not %s\n", t->left);
    CHECK(nor_is_unstable(rig->nor, BLOCK + t->unstable));
    if (t->stable != UINT32_MAX) CHECK(!nor_is_unstable(rig->nor, BLOCK + t->stable));
}

static void test_chosen_tears(void) {
    struct rig rig;
    rig_open(&rig, "w25q128jv");
    TEST("given a page program / when power fails in it and the tear is chosen / exactly that is left") {
        for (unsigned i = 0; i < sizeof torn_pages / sizeof torn_pages[0]; i++)
            check_torn_page(&rig, &torn_pages[i], i * NOR_PAGE);
    }
    TEST("given a block erase / when power fails in it and the tear is chosen / exactly that is left") {
        for (unsigned i = 0; i < sizeof torn_blocks / sizeof torn_blocks[0]; i++)
            check_torn_block(&rig, &torn_blocks[i]);
        CHECK_EQ(rig.reports, 0);
    }
    rig_close(&rig);
}

// ---- defects
// ----------------------------------------------------------------------------------------------------------

static void test_defects(void) {
    static const uint8_t data = 0xA0;
    struct rig rig;
    rig_open(&rig, "w25q128jv");
    TEST("given a chip that does not take 06h once / when a page is programmed twice / the second one is") {
        nor_set_defect(rig.nor, NOR_NO_WRITE_ENABLE, 1);
        program(&rig, 0, &data, 1);
        CHECK_EQ(status(&rig, 0x05), 0x00);
        CHECK_EQ(rig.array[0], 0xFF);
        CHECK_EQ(rig.reports, 1);
        program(&rig, 0, &data, 1);
        wait(&rig, rig.now);
        CHECK_EQ(rig.array[0], data);
    }
    TEST("given a program without effect / when it is over / it took its time and the page is as before") {
        nor_set_defect(rig.nor, NOR_NO_PROGRAM, 1);
        program(&rig, 0x100, &data, 1);
        CHECK_EQ(status(&rig, 0x05), 0x03);
        CHECK(wait(&rig, rig.now) > 0);
        CHECK_EQ(rig.array[0x100], 0xFF);
    }
    TEST("given an erase without effect / when it is over / the sector is as before, and the next erase works") {
        nor_set_defect(rig.nor, NOR_NO_ERASE, 1);
        erase(&rig, 0x20, 3, 0);
        CHECK_EQ(rig.array[0], data);
        erase(&rig, 0x20, 3, 0);
        CHECK_EQ(rig.array[0], 0xFF);
    }
    TEST("given a weak program / when it is over / one bit is still 1") {
        nor_set_defect(rig.nor, NOR_WEAK_PROGRAM, 1);
        program(&rig, 0x200, &data, 1);
        wait(&rig, rig.now);
        CHECK_EQ(rig.array[0x200], 0xA1);
    }
    rig_close(&rig);
}

// ---- watching
// ---------------------------------------------------------------------------------------------------------

struct seen {
    struct nor_event events[8];
    unsigned count;
};

static void see(void *ctx, uint64_t now_ns, const struct nor_event *event) {
    struct seen *seen = ctx;
    (void)now_ns;
    if (event->kind != NOR_SELECTED && seen->count < 8) seen->events[seen->count++] = *event;
}

static void test_watch(void) {
    static const uint8_t data[4] = {0};
    struct rig rig;
    struct seen seen = {.count = 0};
    rig_open(&rig, "w25q128jv");
    TEST("given somebody who watches / when a sector is erased, programmed and read / each instruction is told") {
        nor_set_watch(rig.nor, see, &seen);
        command(&rig, 0x06);
        start(&rig, 0x20, 3, 0x5123);
        deselect(&rig);
        rig.now = nor_busy_until(rig.nor);
        program(&rig, 0x5010, data, sizeof data);
        CHECK_EQ(status(&rig, 0x05), 0x03);
        rig.now = nor_busy_until(rig.nor);
        start(&rig, 0x03, 3, 0x5010);
        for (unsigned i = 0; i < 4; i++) byte(&rig, 0);
        deselect(&rig);
        static const struct nor_event want[] = {{NOR_DESELECTED, 0, 0}, {NOR_ERASE, 0x5000, 0x1000},
                                                {NOR_DESELECTED, 0, 0}, {NOR_PROGRAM, 0x5010, 4},
                                                {NOR_DESELECTED, 0, 0}, {NOR_READ, 0x5010, 5}};
        if (CHECK_EQ(seen.count, 6)) {
            for (unsigned i = 0; i < 6; i++) {
                CHECK_EQ(seen.events[i].kind, want[i].kind);
                CHECK_EQ(seen.events[i].address, want[i].address);
                if (want[i].kind != NOR_READ) CHECK_EQ(seen.events[i].length, want[i].length);
            }
            // A byte more may be on its way out.
            CHECK(seen.events[5].length == 4 || seen.events[5].length == 5);
        }
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
    test_chosen_tears();
    test_defects();
    test_watch();
    return check_result();
}
