// SPDX-License-Identifier: Apache-2.0
//
// The journal on two simulated sectors, with power cuts: whatever is torn, the record in force is the old or the new
// one.
#include "fw/update/journal.h"

#include "tests/check.h"

#define PAGE 256u

/* Two sectors (their first page); a cut tears the operation under way and fails all after it. */
struct flash {
    uint8_t page[2][PAGE];
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

static bool do_read(void *ctx, unsigned sector, uint8_t record[JOURNAL_RECORD]) {
    struct flash *f = ctx;
    memcpy(record, f->page[sector], JOURNAL_RECORD);
    return true;
}

static bool do_erase(void *ctx, unsigned sector) {
    struct flash *f = ctx;
    unsigned bytes;
    bool ok = power(f, &bytes, PAGE);
    memset(f->page[sector], 0xFF, bytes);
    f->erased[sector] = ok;
    return ok;
}

static bool do_program(void *ctx, unsigned sector, const uint8_t record[JOURNAL_RECORD]) {
    struct flash *f = ctx;
    unsigned bytes;
    CHECK(f->erased[sector] || f->cut_at != 0);
    bool ok = power(f, &bytes, JOURNAL_RECORD);
    f->erased[sector] = false;
    for (unsigned i = 0; i < bytes && !f->ignore; i++) f->page[sector][i] &= record[i];
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
    }
}

static void turns(void) {
    struct journal journal, loaded;
    blank(0xFF);
    journal_load(&journal, &ops);
    for (uint32_t n = 1; n <= 6; n++) {
        uint8_t other[PAGE];
        memcpy(other, flash.page[~n & 1u], PAGE);
        CHECK(store(&journal));
        CHECK_EQ(journal.sequence, n);
        CHECK_MEM(flash.page[~n & 1u], other, PAGE);  // the record before is untouched
        CHECK_MEM(flash.page[n & 1u], "SLJ1", 4);
        CHECK_EQ(flash.page[n & 1u][4], n);
        CHECK(journal_load(&loaded, &ops));
        CHECK_EQ(loaded.sequence, n);
        CHECK_EQ(loaded.entry[3].active, n);
        CHECK_EQ(loaded.entry[2].pending, JOURNAL_NO_SLOT);
    }
}

static void layout(void) {
    struct journal journal = {.sequence = 0x01020304}, out;
    uint8_t record[JOURNAL_RECORD];
    for (unsigned i = 0; i < JOURNAL_COMPONENTS; i++)
        journal.entry[i] =
            (struct journal_entry){(uint8_t)(i * 4), (uint8_t)(i * 4 + 1), (uint8_t)(i * 4 + 2), (uint8_t)(i * 4 + 3)};
    journal_encode(&journal, record);
    static const uint8_t head[8] = {'S', 'L', 'J', '1', 4, 3, 2, 1};
    CHECK_MEM(record, head, 8);
    for (unsigned i = 0; i < 32; i++) CHECK_EQ(record[8 + i], i);
    for (unsigned i = 40; i < 60; i++) CHECK_EQ(record[i], 0);
    static const uint8_t crc[4] = {0xFA, 0xF7, 0x47, 0xB9};  // zlib's crc32
    CHECK_MEM(record + 60, crc, 4);
    CHECK(journal_decode(&out, record));
    for (unsigned bit = 0; bit < 8 * JOURNAL_RECORD; bit++) {
        record[bit / 8] ^= (uint8_t)(1u << bit % 8);
        CHECK(!journal_decode(&out, record));
        record[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
}

/* After any number of records, cut in the erase or the program of the next one after any number of bytes. */
static void torn(void) {
    for (unsigned records = 0; records < 3; records++) {
        for (unsigned operation = 1; operation <= 2; operation++) {
            for (unsigned bytes = 0; bytes <= PAGE; bytes++) {
                struct journal journal, after;
                blank(0xFF);
                journal_load(&journal, &ops);
                for (unsigned i = 0; i < records; i++) CHECK(store(&journal));
                flash.cut_at = flash.operations + operation;
                flash.cut_bytes = operation == 2 && bytes > JOURNAL_RECORD ? JOURNAL_RECORD : bytes;
                CHECK(!store(&journal));
                flash.cut_at = 0;
                bool whole = operation == 2 && bytes >= JOURNAL_RECORD;
                CHECK_EQ(journal_load(&after, &ops), records != 0 || whole);
                CHECK_EQ(after.sequence, records + whole);
                CHECK_EQ(after.entry[3].active, records + whole);
                CHECK(store(&after));  // and it goes on
                CHECK(journal_load(&journal, &ops));
                CHECK_EQ(journal.sequence, records + whole + 1u);
            }
        }
    }
}

static void corrupt(void) {
    struct journal journal;
    blank(0xFF);
    journal_load(&journal, &ops);
    for (unsigned i = 0; i < 4; i++) store(&journal);
    flash.page[0][20] ^= 4;  // record 4
    CHECK(journal_load(&journal, &ops));
    CHECK_EQ(journal.sequence, 3);
    flash.page[1][63] ^= 1;
    CHECK(!journal_load(&journal, &ops));
    // A record in the other one's sector is none: it would be overwritten while it is in force.
    blank(0xFF);
    journal_load(&journal, &ops);
    store(&journal);
    memcpy(flash.page[0], flash.page[1], PAGE);
    memset(flash.page[1], 0xFF, PAGE);
    CHECK(!journal_load(&journal, &ops));
}

static void prepared(void) {
    struct journal journal, loaded;
    blank(0xFF);
    journal_load(&journal, &ops);
    store(&journal);
    CHECK(journal_prepare(&journal, &ops));
    CHECK(journal_prepare(&journal, &ops));
    CHECK_EQ(flash.operations, 3);  // erase, program; one more erase
    CHECK(journal_load(&loaded, &ops));
    CHECK_EQ(loaded.sequence, 1);
    store(&journal);
    CHECK_EQ(flash.operations, 4);
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

/* The sequence after the last one would be 0, which is no record. */
static void last_sequence(void) {
    struct journal journal = {.sequence = UINT32_MAX}, loaded;
    blank(0xFF);
    journal_encode(&journal, flash.page[1]);
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
    TEST("given records when one is corrupt then the one before it is in force") corrupt();
    TEST("given a prepared sector when a record is stored then nothing is erased any more") prepared();
    TEST("given a flash that does not take a record when it is stored then that fails and the old one stays")
    not_written();
    TEST("given the last sequence number when a record is stored then that fails and the old one stays")
    last_sequence();
    return check_result();
}
