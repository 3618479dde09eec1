// SPDX-License-Identifier: Apache-2.0
//
// The journal on two simulated sectors, with power cuts: whatever is torn, the record in force is the old or the new
// one.
#include "fw/update/journal.h"

#include "tests/check.h"

#define PAGE 256u

/* Two sectors (their first pages); a cut tears the operation under way and fails all after it. */
struct flash {
    uint8_t page[2][JOURNAL_COPIES][PAGE];
    bool erased[2];
    unsigned operations;
    unsigned cut_at;     // operation during which power goes, counted from 1; 0: never
    unsigned cut_bytes;  // of it, how many bytes were done
    bool ignore;         // programs report success and do nothing
};

static bool power(struct flash *f, unsigned *bytes, unsigned all) {
    if (f->cut_at != 0 && f->operations >= f->cut_at) return *bytes = 0, false;
    f->operations++;
    *bytes = f->operations == f->cut_at ? f->cut_bytes : all;
    return f->operations != f->cut_at;
}

static bool do_read(void *ctx, unsigned sector, unsigned copy, void *record) {
    const struct flash *f = ctx;
    memcpy(record, f->page[sector][copy], JOURNAL_RECORD);
    return true;
}

static bool do_erase(void *ctx, unsigned sector) {
    struct flash *f = ctx;
    unsigned bytes;
    bool ok = power(f, &bytes, sizeof f->page[sector]);
    memset(f->page[sector], 0xFF, bytes);
    f->erased[sector] = ok;
    return ok;
}

static bool do_program(void *ctx, unsigned sector, unsigned copy, const void *record) {
    struct flash *f = ctx;
    unsigned bytes;
    CHECK(f->erased[sector] || copy != 0 || f->cut_at != 0);
    bool ok = power(f, &bytes, JOURNAL_RECORD);
    f->erased[sector] = false;
    for (unsigned i = 0; i < bytes && !f->ignore; i++) f->page[sector][copy][i] &= ((const uint8_t *)record)[i];
    return ok;
}

static struct flash flash;
static const struct journal_flash ops = {.ctx = &flash, .read = do_read, .erase = do_erase, .program = do_program};

static void blank(uint8_t fill) {
    flash = (struct flash){0};
    memset(flash.page, fill, sizeof flash.page);
}

/* Each record has its sequence number as the active slot of component 3. */
static bool store(struct journal *journal) {
    struct journal before = *journal;
    journal->entry[3].active = (uint8_t)(journal->sequence + 1u);
    if (journal_store(journal, &ops)) return true;
    before.prepared = journal->prepared;
    *journal = before;
    return false;
}

static void blank_card(uint8_t fill) {
    struct journal journal;
    blank(fill);
    CHECK(!journal_load(&journal, &ops));
    CHECK_EQ(journal.sequence, 0);
    for (unsigned i = 0; i < JOURNAL_COMPONENTS; i++) {
        CHECK_EQ(journal.entry[i].active, 0);
        CHECK_EQ(journal.entry[i].pending, JOURNAL_NO_SLOT);
        CHECK_EQ(journal.entry[i].failed, JOURNAL_NO_SLOT);
        CHECK_EQ(journal.entry[i].minimum, 0);
    }
    CHECK_EQ(journal.attempts, 0);
}

static void turns(void) {
    struct journal journal, loaded;
    blank(0xFF);
    journal_load(&journal, &ops);
    for (uint32_t n = 1; n <= 6; n++) {
        uint8_t other[sizeof flash.page[0]];
        memcpy(other, flash.page[~n & 1u], sizeof other);
        CHECK(store(&journal));
        CHECK_EQ(journal.sequence, n);
        CHECK_MEM(flash.page[~n & 1u], other, sizeof other);  // the record before is untouched
        CHECK_MEM(flash.page[n & 1u][0], "SLJ2", 4);
        CHECK_EQ(flash.page[n & 1u][0][4], n);
        CHECK_MEM(flash.page[n & 1u][0], flash.page[n & 1u][1], PAGE);
        CHECK(journal_load(&loaded, &ops));
        CHECK_EQ(loaded.sequence, n);
        CHECK_EQ(loaded.entry[3].active, n);
        CHECK_EQ(loaded.entry[2].pending, JOURNAL_NO_SLOT);
    }
}

static void layout(void) {
    struct journal journal = {.sequence = 0x01020304, .attempts = 0x55};
    for (unsigned i = 0; i < JOURNAL_COMPONENTS; i++) {
        const uint8_t n = (uint8_t)(8 * i);
        journal.entry[i] = (struct journal_entry){n, (uint8_t)(n + 1), (uint8_t)(n + 2), (uint8_t)(n + 3),
                                                  0x07060504u + n * 0x01010101u};
    }
    journal_seal(&journal);
    uint8_t *record = (uint8_t *)&journal;
    static const uint8_t head[8] = {'S', 'L', 'J', '2', 4, 3, 2, 1};
    CHECK_MEM(record, head, 8);
    for (unsigned i = 0; i < 64; i++) CHECK_EQ(record[8 + i], i);
    CHECK_EQ(record[72], 0x55);
    for (unsigned i = 73; i < 124; i++) CHECK_EQ(record[i], 0);  // no policy: as before there was any
    static const uint8_t crc[4] = {0x69, 0x1B, 0xD6, 0xB1};      // zlib's crc32
    CHECK_MEM(record + 124, crc, 4);
    CHECK(journal_valid(&journal));
    const struct journal without = journal;
    static const uint8_t policy[16] = {8, 7, 6, 5, 1, 2, 3, 4, 9, 10, 11};
    journal.policy = (struct policy){0x05060708, 1, 2, 3, 4, 9, 10, 11, {0}};
    CHECK_MEM(record + 76, policy, sizeof policy);
    CHECK(!journal_valid(&journal));
    journal = without;
    for (unsigned bit = 0; bit < 8 * JOURNAL_RECORD; bit++) {
        record[bit / 8] ^= (uint8_t)(1u << bit % 8);
        CHECK(!journal_valid(&journal));
        record[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
}

/* After any number of records, cut in the erase or in the program of either copy of the next one after any number of
 * bytes. */
static void torn(void) {
    for (unsigned records = 0; records < 3; records++) {
        for (unsigned operation = 1; operation <= 3; operation++) {
            const unsigned most = operation == 1 ? 2 * PAGE : JOURNAL_RECORD;
            for (unsigned bytes = 0; bytes <= most; bytes++) {
                struct journal journal, after;
                blank(0xFF);
                journal_load(&journal, &ops);
                for (unsigned i = 0; i < records; i++) CHECK(store(&journal));
                flash.cut_at = flash.operations + operation;
                flash.cut_bytes = bytes;
                CHECK_EQ(store(&journal), operation == 3);  // one copy is enough
                flash.cut_at = 0;
                const bool whole = operation == 3 || (operation == 2 && bytes == most);
                CHECK_EQ(journal_load(&after, &ops), records != 0 || whole);
                CHECK_EQ(after.sequence, records + whole);
                CHECK_EQ(after.entry[3].active, records + whole);
                CHECK_EQ(after.firm, whole ? operation == 3 && bytes == most : records != 0);
                CHECK(store(&after));  // and it goes on
                CHECK(journal_load(&journal, &ops));
                CHECK_EQ(journal.sequence, records + whole + 1u);
                CHECK(journal.firm);
            }
        }
    }
}

/* What the second copy is for: a record of which one cannot say whether it will be read again. */
static void weak(void) {
    struct journal journal, loaded;
    blank(0xFF);
    journal_load(&journal, &ops);
    CHECK(store(&journal) && store(&journal));
    memset(flash.page[0][1], 0xFF, PAGE);  // the cut came between the copies
    CHECK(journal_load(&loaded, &ops));
    CHECK(loaded.sequence == 2 && !loaded.firm);
    CHECK(journal_store(&loaded, &ops));
    flash.page[0][0][100] ^= 1;  // now the weak one reads otherwise
    CHECK(journal_load(&journal, &ops));
    CHECK(journal.sequence == 3 && journal.firm);
    CHECK_EQ(journal.entry[3].active, 2);
}

static void corrupt(void) {
    struct journal journal;
    blank(0xFF);
    journal_load(&journal, &ops);
    for (unsigned i = 0; i < 4; i++) store(&journal);
    flash.page[0][0][20] ^= 4;  // record 4
    CHECK(journal_load(&journal, &ops));
    CHECK(journal.sequence == 4 && !journal.firm);  // its second copy
    flash.page[0][1][20] ^= 4;
    CHECK(journal_load(&journal, &ops));
    CHECK(journal.sequence == 3 && journal.firm);
    flash.page[1][0][127] ^= 1;
    flash.page[1][1][4] ^= 1;
    CHECK(!journal_load(&journal, &ops));
    // A record in the other one's sector is none: it would be overwritten while it is in force.
    blank(0xFF);
    journal_load(&journal, &ops);
    store(&journal);
    memcpy(flash.page[0], flash.page[1], sizeof flash.page[0]);
    memset(flash.page[1], 0xFF, sizeof flash.page[1]);
    CHECK(!journal_load(&journal, &ops));
}

static void prepared(void) {
    struct journal journal, loaded;
    blank(0xFF);
    journal_load(&journal, &ops);
    store(&journal);
    CHECK(journal_prepare(&journal, &ops));
    CHECK(journal_prepare(&journal, &ops));
    CHECK_EQ(flash.operations, 4);  // erase, program twice; one more erase
    CHECK(journal_load(&loaded, &ops));
    CHECK_EQ(loaded.sequence, 1);
    store(&journal);
    CHECK_EQ(flash.operations, 6);
    CHECK(journal_load(&loaded, &ops));
    CHECK_EQ(loaded.sequence, 2);
}

static void not_written(void) {
    struct journal journal, loaded;
    blank(0xFF);
    journal_load(&journal, &ops);
    CHECK(store(&journal));
    flash.ignore = true;
    CHECK(!store(&journal));
    CHECK_EQ(journal.sequence, 1);
    flash.ignore = false;
    CHECK(store(&journal));  // erased again first
    CHECK(journal_load(&loaded, &ops));
    CHECK_EQ(loaded.sequence, 2);
}

/* Whoever stores a record, the boot ROM included, keeps what it does not know. */
static void policy_kept(void) {
    struct journal journal, loaded;
    blank(0xFF);
    journal_load(&journal, &ops);
    CHECK_EQ(journal.policy.sequence, 0);
    journal.policy = (struct policy){.sequence = 7, .flags = 1, .components = 3, .keys = 1, .notify = 9};
    CHECK(store(&journal));
    for (unsigned i = 0; i < 3; i++) {
        CHECK(journal_load(&loaded, &ops));
        CHECK_MEM(&loaded.policy, &journal.policy, sizeof loaded.policy);
        loaded.entry[0].pending = (uint8_t)(i & 1u);
        CHECK(store(&loaded));
    }
}

/* The sequence after the last one would be 0, which is no record. */
static void last_sequence(void) {
    struct journal journal = {.sequence = UINT32_MAX}, loaded;
    blank(0xFF);
    journal_seal(&journal);
    memcpy(flash.page[1][0], &journal, JOURNAL_RECORD);
    CHECK(journal_load(&journal, &ops));
    CHECK(!journal_store(&journal, &ops));
    CHECK_EQ(flash.operations, 0);
    CHECK(journal_load(&loaded, &ops));
    CHECK_EQ(loaded.sequence, UINT32_MAX);
}

int main(void) {
    TEST("given a blank card when the journal is loaded then slot 0 is active everywhere") blank_card(0xFF);
    TEST("given sectors of zeroes when the journal is loaded then slot 0 is active everywhere") blank_card(0x00);
    TEST("given a journal when records are stored then the sectors take turns and the newest is in force") turns();
    TEST("given a record when its bytes are compared then the layout is the documented one and no bit may flip")
    layout();
    TEST("given any record when power is cut in any byte of the next then the old or the new one is in force") torn();
    TEST("given records when one is corrupt then its copy is in force, else the one before it") corrupt();
    TEST("given a record whose second copy is missing when it is loaded then it is not firm until it is stored again")
    weak();
    TEST("given a prepared sector when a record is stored then nothing is erased any more") prepared();
    TEST("given a flash that does not take a record when it is stored then that fails and the old one stays")
    not_written();
    TEST("given a policy in a record when the next ones are stored then it is in each of them") policy_kept();
    TEST("given the last sequence number when a record is stored then that fails and the old one stays")
    last_sequence();
    return check_result();
}
