// SPDX-License-Identifier: Apache-2.0
//
// The journal's flash operations by orders. Erasing is an order that programs one page of FFh behind the erase.
#include "fw/board/board.h"
#include "fw/hal/flash.h"

#define PAGE_GROUPS 4u
#define PAGE        JOURNAL_PAGE
_Static_assert(JOURNAL_RECORD <= PAGE && JOURNAL_RECORD % 64u == 0, "a record is read in groups of 64 bytes");

static bool read_record(void *context, unsigned sector, unsigned copy, void *record) {
    (void)context;
    if (!orders_read(board_journal[sector] + copy * PAGE, ORDERS_SCRATCH, JOURNAL_RECORD / 64u)) return false;
    uint8_t *to = record;
    for (unsigned i = 0; i < JOURNAL_RECORD; i++) to[i] = orders_ram(ORDERS_SCRATCH)[i];
    return true;
}

static bool write_page(unsigned sector, unsigned copy, const uint8_t *record, bool erase) {
    uint8_t *page = orders_ram(ORDERS_SCRATCH);
    for (unsigned i = 0; i < PAGE; i++) page[i] = i < JOURNAL_RECORD && record != 0 ? record[i] : 0xFF;
    return orders_write(board_journal[sector] + copy * PAGE, ORDERS_SCRATCH, PAGE_GROUPS, erase);
}

static bool erase_sector(void *context, unsigned sector) {
    (void)context;
    return write_page(sector, 0, 0, true);
}

static bool program_record(void *context, unsigned sector, unsigned copy, const void *record) {
    (void)context;
    return write_page(sector, copy, record, false);
}

const struct journal_flash flash_journal = {.read = read_record, .erase = erase_sector, .program = program_record};
