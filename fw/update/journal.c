// SPDX-License-Identifier: Apache-2.0
//
// Journal records and their turns; see journal.h for the layout and the promise.
#include "fw/update/journal.h"

#include "fw/image/crc32.h"

static uint32_t crc_of(const struct journal *journal) {
    return crc32_of(0, (const uint8_t *)journal, offsetof(struct journal, crc));
}

bool journal_valid(const struct journal *journal) {
    return journal->magic == JOURNAL_MAGIC && journal->sequence != 0 && journal->crc == crc_of(journal);
}

void journal_seal(struct journal *journal) {
    journal->magic = JOURNAL_MAGIC;
    journal->crc = crc_of(journal);
}

void journal_blank(struct journal *journal) {
    *journal = (struct journal){.sequence = 0};
    for (unsigned i = 0; i < JOURNAL_COMPONENTS; i++)
        journal->entry[i].pending = journal->entry[i].failed = JOURNAL_NO_SLOT;
}

bool journal_load(struct journal *journal, const struct journal_flash *flash) {
    struct journal found;
    journal_blank(journal);
    found.firm = found.prepared = false;
    for (unsigned i = 0; i < 2u * JOURNAL_COPIES; i++) {
        if (!flash->read(flash->ctx, i / JOURNAL_COPIES, i % JOURNAL_COPIES, &found) || !journal_valid(&found))
            continue;
        if ((found.sequence & 1u) != i / JOURNAL_COPIES) continue;
        if (found.sequence == journal->sequence) journal->firm = true;
        if (found.sequence > journal->sequence) *journal = found;
    }
    return journal->sequence != 0;
}

bool journal_prepare(struct journal *journal, const struct journal_flash *flash) {
    if (!journal->prepared) journal->prepared = flash->erase(flash->ctx, journal_next_sector(journal));
    return journal->prepared;
}

bool journal_store(struct journal *journal, const struct journal_flash *flash) {
    struct journal record = *journal;
    const uint32_t sequence = ++record.sequence;
    if (sequence == 0) return false; /* would be no record */
    if (!journal_prepare(journal, flash)) return false;
    journal->prepared = false;
    journal_seal(&record);
    for (unsigned copy = 0; copy < JOURNAL_COPIES; copy++) {
        // The sector was erased: what has this sequence number is this record.
        journal->firm = flash->program(flash->ctx, sequence & 1u, copy, &record) &&
                        flash->read(flash->ctx, sequence & 1u, copy, &record) && journal_valid(&record) &&
                        record.sequence == sequence;
        if (!journal->firm) break;
        journal->sequence = sequence;
    }
    return journal->sequence == sequence;
}

void journal_put(const struct journal *journal, uint8_t *sector) {
    struct journal record = *journal;
    journal_seal(&record);
    for (unsigned i = 0; i < JOURNAL_RECORD; i++) sector[i] = sector[JOURNAL_PAGE + i] = ((const uint8_t *)&record)[i];
}

void journal_first(uint8_t *sector) {
    struct journal journal;
    journal_blank(&journal);
    journal.sequence = 1;
    journal_put(&journal, sector);
}
