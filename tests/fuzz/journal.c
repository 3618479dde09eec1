// SPDX-License-Identifier: Apache-2.0
//
// Journal records out of two sectors with any contents; where the first byte says so, a copy's checksum is made right,
// or the second copy is the first. In force is the newest record that is valid, and what is stored after it comes back.
#include "fw/update/journal.h"

#include "fw/image/crc32.h"
#include "tests/fuzz/fuzz.h"

enum { RECORD = JOURNAL_RECORD };

static uint8_t sectors[2][JOURNAL_COPIES][RECORD];

static bool read_sector(void *ctx, unsigned sector, unsigned copy, void *record) {
    (void)ctx;
    memcpy(record, sectors[sector][copy], RECORD);
    return true;
}

static bool erase_sector(void *ctx, unsigned sector) {
    (void)ctx;
    memset(sectors[sector], 0xFF, sizeof sectors[sector]);
    return true;
}

static bool program_sector(void *ctx, unsigned sector, unsigned copy, const void *record) {
    (void)ctx;
    for (unsigned i = 0; i < RECORD; i++) sectors[sector][copy][i] &= ((const uint8_t *)record)[i];
    return true;
}

static const struct journal_flash flash = {NULL, read_sector, erase_sector, program_sector};

static void fill(struct fuzz_input *in, uint8_t *record, bool right) {
    size_t len = RECORD;
    const uint8_t *bytes = fuzz_bytes(in, &len);
    memset(record, 0, RECORD);
    memcpy(record, bytes, len);
    const uint32_t crc = crc32_of(0, record, RECORD - 4);
    for (unsigned i = 0; right && i < 4; i++) record[RECORD - 4 + i] = (uint8_t)(crc >> 8 * i);
}

static bool same_entries(const struct journal *a, const struct journal *b) {
    return memcmp(a->entry, b->entry, sizeof a->entry) == 0 && a->attempts == b->attempts &&
           memcmp(&a->policy, &b->policy, sizeof a->policy) == 0;
}

/* The record in a page, if it is valid and in the sector that it belongs to. */
static bool found_in(unsigned sector, unsigned copy, struct journal *out) {
    memcpy(out, sectors[sector][copy], RECORD);
    return journal_valid(out) && (out->sequence & 1) == sector;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len) {
    struct fuzz_input in = {bytes, len};
    const uint8_t how = fuzz_u8(&in);
    struct journal journal, loaded, found, best;
    uint32_t newest = 0;
    for (unsigned i = 0; i < 2 * JOURNAL_COPIES; i++) fill(&in, sectors[i / 2][i % 2], (how >> i & 1) != 0);
    if ((how & 16) != 0) memcpy(sectors[0][1], sectors[0][0], RECORD);
    if ((how & 32) != 0) memcpy(sectors[1][1], sectors[1][0], RECORD);
    for (unsigned i = 0; i < 2 * JOURNAL_COPIES; i++) {
        if (!found_in(i / 2, i % 2, &found) || found.sequence <= newest) continue;
        newest = found.sequence;
        best = found;
    }
    REQUIRE(journal_load(&journal, &flash) == (newest != 0) && journal.sequence == newest);
    if (newest != 0) REQUIRE(same_entries(&journal, &best));

    for (unsigned i = 0; i < JOURNAL_COMPONENTS; i++) journal.entry[i].active ^= how;
    const bool stored = journal_store(&journal, &flash);
    REQUIRE(journal_load(&loaded, &flash) == (stored || newest != 0));
    REQUIRE(loaded.sequence == (stored ? newest + 1 : newest));
    if (stored) REQUIRE(same_entries(&journal, &loaded) && loaded.firm);
    return 0;
}
