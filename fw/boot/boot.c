// SPDX-License-Identifier: Apache-2.0
//
// The boot ROM: starts the processor's firmware from the slot that the journal names, else from the other one. Without
// a good image (fw/boot/load.h) the card says so and waits; the watchdog is not running yet. Console: one line a slot
// that was tried.
#include "fw/board/board.h"
#include "fw/boot/load.h"
#include "fw/hal/flash.h"

static const struct journal_flash journal_reader = {.read = flash_journal_read};

int main(void) {
    static const char *const names[BOARD_SLOTS] = {"boot: A ", "boot: B "};
    struct journal journal;
    hal_puts("\nboot: flash ");
    hal_put_hex(flash_wake(0), 6);
    hal_puts("\n");
    (void)journal_load(&journal, &journal_reader);
    uint32_t slot = journal.entry[BOARD_FIRMWARE].active & 1u;
    for (unsigned tries = 0; tries < BOARD_SLOTS; tries++, slot ^= 1u) {
        const char *problem = boot_load(slot);
        hal_puts(names[slot]);
        hal_puts(problem == NULL ? "ok" : problem);
        hal_puts("\n");
        if (problem == NULL) hal_start(board_components[BOARD_FIRMWARE].load_address, slot);
    }
    hal_puts("boot: no firmware\n");
    for (;;) (void)hal_wait();
}
