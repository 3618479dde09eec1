// SPDX-License-Identifier: Apache-2.0
//
// The journal's flash operations by orders. Erasing is an order that programs one page of FFh behind the erase.
#include "fw/board/board.h"
#include "fw/hal/flash.h"

#define PAGE_GROUPS 4u
#define PAGE        256u

bool flash_journal_read(void *context, unsigned sector, uint8_t record[JOURNAL_RECORD]) {
    (void)context;
    if (!orders_read(board_journal[sector], ORDERS_SCRATCH, 1)) return false;
    for (unsigned i = 0; i < JOURNAL_RECORD; i++) record[i] = orders_ram(ORDERS_SCRATCH)[i];
    return true;
}

static bool write_page(unsigned sector, const uint8_t *record, bool erase) {
    uint8_t *page = orders_ram(ORDERS_SCRATCH);
    for (unsigned i = 0; i < PAGE; i++) page[i] = i < JOURNAL_RECORD && record != 0 ? record[i] : 0xFF;
    return orders_write(board_journal[sector], ORDERS_SCRATCH, PAGE_GROUPS, erase);
}

static bool erase_sector(void *context, unsigned sector) {
    (void)context;
    return write_page(sector, 0, true);
}

static bool program_record(void *context, unsigned sector, const uint8_t record[JOURNAL_RECORD]) {
    (void)context;
    return write_page(sector, record, false);
}

const struct journal_flash flash_journal = {
    .read = flash_journal_read, .erase = erase_sector, .program = program_record};
