// SPDX-License-Identifier: Apache-2.0
//
// Journal records and their turns; see journal.h for the layout and the promise.
#include "fw/update/journal.h"

#include "fw/image/crc32.h"

#define AT_SEQUENCE 4u
#define AT_ENTRIES  8u
#define AT_RESERVED 40u
#define AT_CRC      60u

static uint32_t get32(const uint8_t *p) {
    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static void put32(uint8_t *p, uint32_t value) {
    for (unsigned i = 0; i < 4; i++) p[i] = (uint8_t)(value >> 8 * i);
}

bool journal_decode(struct journal *journal, const uint8_t record[JOURNAL_RECORD]) {
    if (get32(record) != JOURNAL_MAGIC || get32(record + AT_CRC) != crc32_of(0, record, AT_CRC)) return false;
    journal->sequence = get32(record + AT_SEQUENCE);
    journal->prepared = false;
    for (unsigned i = 0; i < JOURNAL_COMPONENTS; i++) {
        const uint8_t *p = record + AT_ENTRIES + 4u * i;
        journal->entry[i] = (struct journal_entry){p[0], p[1], p[2], p[3]};
    }
    return journal->sequence != 0;
}

void journal_encode(const struct journal *journal, uint8_t record[JOURNAL_RECORD]) {
    put32(record, JOURNAL_MAGIC);
    put32(record + AT_SEQUENCE, journal->sequence);
    for (unsigned i = 0; i < JOURNAL_COMPONENTS; i++) {
        uint8_t *p = record + AT_ENTRIES + 4u * i;
        p[0] = journal->entry[i].active;
        p[1] = journal->entry[i].pending;
        p[2] = journal->entry[i].attempts;
        p[3] = journal->entry[i].flags;
    }
    for (unsigned i = AT_RESERVED; i < AT_CRC; i++) record[i] = 0;
    put32(record + AT_CRC, crc32_of(0, record, AT_CRC));
}

bool journal_load(struct journal *journal, const struct journal_flash *flash) {
    uint8_t record[JOURNAL_RECORD];
    journal->sequence = 0;
    journal->prepared = false;
    for (unsigned i = 0; i < JOURNAL_COMPONENTS; i++)
        journal->entry[i] = (struct journal_entry){.pending = JOURNAL_NO_SLOT};
    for (unsigned sector = 0; sector < 2; sector++) {
        struct journal found;
        if (!flash->read(flash->ctx, sector, record) || !journal_decode(&found, record)) continue;
        if ((found.sequence & 1u) == sector && found.sequence > journal->sequence) *journal = found;
    }
    return journal->sequence != 0;
}

bool journal_prepare(struct journal *journal, const struct journal_flash *flash) {
    if (!journal->prepared) journal->prepared = flash->erase(flash->ctx, journal_next_sector(journal));
    return journal->prepared;
}

bool journal_store(struct journal *journal, const struct journal_flash *flash) {
    uint8_t record[JOURNAL_RECORD], back[JOURNAL_RECORD];
    unsigned sector = journal_next_sector(journal);
    if (journal->sequence == UINT32_MAX) return false; /* 0 would be no record */
    if (!journal_prepare(journal, flash)) return false;
    struct journal next = *journal;
    next.sequence++;
    journal_encode(&next, record);
    journal->prepared = false;
    if (!flash->program(flash->ctx, sector, record) || !flash->read(flash->ctx, sector, back)) return false;
    for (unsigned i = 0; i < JOURNAL_RECORD; i++)
        if (back[i] != record[i]) return false;
    journal->sequence = next.sequence;
    return true;
}
