// SPDX-License-Identifier: Apache-2.0
//
// The journal: which slot of each component is in use, which one waits to be tried, which one has failed, and how old
// an image may be. Two 4 KiB sectors take turns, record n in sector n & 1, so that the record in force is never in the
// sector being written: a cut at any instant leaves it or the next one. The valid record with the highest sequence
// number is in force; none valid (a blank card) means slot 0 everywhere.
//
// A record is there twice, the second copy programmed once the first one has been read back. A cut may leave bits that
// read now so, now so; a record whose copies are both there was whole before the second one began: it is firm.
//
//   0 "SLJ2" | 4 u32 sequence | 8 components x {u8 active, u8 pending, u8 failed, u8 flags, u32 minimum} |
//   72 u8 attempts | 73 zero x 3 | 76 policy, 16 bytes, zero: none was set | 92 zero x 32 | 124 CRC-32
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fw/update/policy_record.h"

#define JOURNAL_RECORD     128u  // bytes
#define JOURNAL_PAGE       256u
#define JOURNAL_COPIES     2u  // of a record, each in a page of its own
#define JOURNAL_COMPONENTS 8u
#define JOURNAL_NO_SLOT    0xFFu
#define JOURNAL_MAGIC      0x324A4C53u

struct journal_entry {
    uint8_t active;    // slot in use, and returned to when the pending one fails
    uint8_t pending;   // slot to be tried, or on trial; JOURNAL_NO_SLOT: none
    uint8_t failed;    // slot whose image failed its trial, JOURNAL_NO_SLOT: none
    uint8_t flags;     // zero
    uint32_t minimum;  // security version that an image needs to be taken or started
};

/** Its first JOURNAL_RECORD bytes are the record as it lies in the flash: the boot ROM has no room for a codec. */
struct journal {
    uint32_t magic;
    uint32_t sequence;  // of the record in force; 0: there is none
    struct journal_entry entry[JOURNAL_COMPONENTS];
    uint8_t attempts;  // starts so far of what is pending, which is tried as a whole
    uint8_t reserved[3];
    struct policy policy;  // of the operator; kept by everybody who writes a record
    uint8_t unused[32];
    uint32_t crc;
    bool firm;      // both copies of the record in force are there
    bool prepared;  // the other sector is erased and may be programmed
};
_Static_assert(offsetof(struct journal, firm) == JOURNAL_RECORD && offsetof(struct journal, attempts) == 72 &&
                   offsetof(struct journal, policy) == 76,
               "the layout above");
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "a record's numbers are little-endian");

/** Flash operations of the journal. Each returns false when it failed; read and program move JOURNAL_RECORD bytes at
 * the beginning of page @p copy, 0 or 1, of sector 0 or 1. */
struct journal_flash {
    void *ctx;
    bool (*read)(void *ctx, unsigned sector, unsigned copy, void *record);
    bool (*erase)(void *ctx, unsigned sector);
    bool (*program)(void *ctx, unsigned sector, unsigned copy, const void *record);
};

/** The journal of a blank card. */
void journal_blank(struct journal *journal);

/** Loads the record in force. @return false when no sector holds a valid one: @p journal is then the blank card's. */
bool journal_load(struct journal *journal, const struct journal_flash *flash);

/** Erases the sector that the next record goes to, so that journal_store() takes no longer than two page programs. */
bool journal_prepare(struct journal *journal, const struct journal_flash *flash);

/** Makes the entries durable as the next record, erasing first unless prepared, and reads it back.
 * @return false when it could not be written: the record before stays in force */
bool journal_store(struct journal *journal, const struct journal_flash *flash);

/** The sector that the next record goes to. */
static inline unsigned journal_next_sector(const struct journal *journal) {
    return (journal->sequence + 1u) & 1u;
}

/** The slot in use; whatever the record says, it is one that there is. */
static inline uint8_t journal_active(const struct journal_entry *entry) {
    return entry->active & 1u;
}

/** Whether a slot waits to be tried or is on trial. */
static inline bool journal_waits(const struct journal_entry *entry) {
    return entry->pending <= 1u && entry->pending != journal_active(entry);
}

/** Whether any does. */
static inline bool journal_any_waits(const struct journal *journal) {
    bool any = false;
    for (unsigned i = 0; i < JOURNAL_COMPONENTS; i++) any = any || journal_waits(&journal->entry[i]);
    return any;
}

/** Whether a record is valid. */
bool journal_valid(const struct journal *journal);

/** Makes it the valid record of its sequence number. */
void journal_seal(struct journal *journal);

/** For tools: writes both copies of a record to @p sector, where that is in the flash's contents. */
void journal_put(const struct journal *journal, uint8_t *sector);

/** The first record, of a card whose components all are in slot A. It goes to sector 1. */
void journal_first(uint8_t *sector);
