// SPDX-License-Identifier: Apache-2.0
//
// Journal records out of two sectors with any contents; where the first byte says so, the record's checksum is made
// right. The record in force is the newest that is valid, and what is stored after it comes back.
#include "fw/update/journal.h"

#include "fw/image/crc32.h"
#include "tests/fuzz/fuzz.h"

enum { RECORD = JOURNAL_RECORD, CRC_AT = 60, ENTRIES_END = 40 };

static uint8_t sectors[2][RECORD];

static bool read_sector(void *ctx, unsigned sector, uint8_t record[JOURNAL_RECORD]) {
    (void)ctx;
    memcpy(record, sectors[sector], RECORD);
    return true;
}

static bool erase_sector(void *ctx, unsigned sector) {
    (void)ctx;
    memset(sectors[sector], 0xFF, RECORD);
    return true;
}

static bool program_sector(void *ctx, unsigned sector, const uint8_t record[JOURNAL_RECORD]) {
    (void)ctx;
    for (unsigned i = 0; i < RECORD; i++) sectors[sector][i] &= record[i];
    return true;
}

static const struct journal_flash flash = {NULL, read_sector, erase_sector, program_sector};

static void fill(struct fuzz_input *in, uint8_t *record, bool right) {
    size_t len = RECORD;
    const uint8_t *bytes = fuzz_bytes(in, &len);
    memset(record, 0, RECORD);
    memcpy(record, bytes, len);
    const uint32_t crc = crc32_of(0, record, CRC_AT);
    for (unsigned i = 0; right && i < 4; i++) record[CRC_AT + i] = (uint8_t)(crc >> 8 * i);
}

static bool same_entries(const struct journal *a, const struct journal *b) {
    return memcmp(a->entry, b->entry, sizeof a->entry) == 0;
}

/* All but the reserved bytes, which a later version may use, is written as it was read. */
static bool decode(struct journal *out, const uint8_t *record) {
    uint8_t back[RECORD];
    if (!journal_decode(out, record)) return false;
    journal_encode(out, back);
    REQUIRE(memcmp(back, record, ENTRIES_END) == 0);
    struct journal again;
    REQUIRE(journal_decode(&again, back) && again.sequence == out->sequence && same_entries(&again, out));
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len) {
    struct fuzz_input in = {bytes, len};
    const uint8_t how = fuzz_u8(&in);
    struct journal journal, loaded, found[2];
    uint32_t newest = 0;
    for (unsigned i = 0; i < 2; i++) {
        fill(&in, sectors[i], (how >> i & 1) != 0);
        if (decode(&found[i], sectors[i]) && (found[i].sequence & 1) == i && found[i].sequence > newest)
            newest = found[i].sequence;
    }
    REQUIRE(journal_load(&journal, &flash) == (newest != 0) && journal.sequence == newest);
    if (newest != 0) REQUIRE(same_entries(&journal, &found[newest & 1]));

    for (unsigned i = 0; i < JOURNAL_COMPONENTS; i++) journal.entry[i].active ^= how;
    const bool stored = journal_store(&journal, &flash);
    REQUIRE(journal_load(&loaded, &flash) == (stored || newest != 0));
    REQUIRE(loaded.sequence == (stored ? newest + 1 : newest));
    if (stored) REQUIRE(same_entries(&journal, &loaded));
    return 0;
}
