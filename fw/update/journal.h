// SPDX-License-Identifier: Apache-2.0
//
// The journal: which slot of each component is the active one. Two 4 KiB sectors take turns, record n in sector n & 1,
// so that the record in force is never in the sector being written: a cut at any instant leaves it or the next one. The
// valid record with the highest sequence number is in force; none valid (a blank card) means slot 0 everywhere.
//
//   0 "SLJ1" | 4 u32 sequence | 8 components x {u8 active, u8 pending, u8 attempts, u8 flags} | 40 zero x 20 | 60
//   CRC-32
#pragma once
#include <stdbool.h>
#include <stdint.h>

#define JOURNAL_RECORD     64u  // bytes
#define JOURNAL_COMPONENTS 8u
#define JOURNAL_NO_SLOT    0xFFu
#define JOURNAL_MAGIC      0x314A4C53u

struct journal_entry {
    uint8_t active;    // slot in use from the next start on
    uint8_t pending;   // slot on trial, JOURNAL_NO_SLOT: none
    uint8_t attempts;  // starts of the pending slot so far
    uint8_t flags;     // zero
};

/** Flash operations of the journal. Each returns false when it failed; read and program move JOURNAL_RECORD bytes at
 * offset 0 of sector 0 or 1. */
struct journal_flash {
    void *ctx;
    bool (*read)(void *ctx, unsigned sector, uint8_t record[JOURNAL_RECORD]);
    bool (*erase)(void *ctx, unsigned sector);
    bool (*program)(void *ctx, unsigned sector, const uint8_t record[JOURNAL_RECORD]);
};

struct journal {
    struct journal_entry entry[JOURNAL_COMPONENTS];
    uint32_t sequence;  // of the record in force; 0: there is none
    bool prepared;      // the other sector is erased and may be programmed
};

/** Loads the record in force. @return false when no sector holds a valid one: @p journal is then the blank card's. */
bool journal_load(struct journal *journal, const struct journal_flash *flash);

/** Erases the sector that the next record goes to, so that journal_store() takes no longer than a page program. */
bool journal_prepare(struct journal *journal, const struct journal_flash *flash);

/** Makes the entries durable as the next record, erasing first unless prepared, and reads it back.
 * @return false when it could not be written: the record before stays in force */
bool journal_store(struct journal *journal, const struct journal_flash *flash);

/** The sector that the next record goes to. */
static inline unsigned journal_next_sector(const struct journal *journal) {
    return (journal->sequence + 1u) & 1u;
}

/** Codec of one record, separate for the boot ROM and the tests. @return false for an invalid record */
bool journal_decode(struct journal *journal, const uint8_t record[JOURNAL_RECORD]);
void journal_encode(const struct journal *journal, uint8_t record[JOURNAL_RECORD]);
