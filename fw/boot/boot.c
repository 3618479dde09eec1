// SPDX-License-Identifier: Apache-2.0
//
// The boot ROM: starts the processor's firmware from the slot that select.h names, else from the next one. A start on
// trial is counted in the journal before, and the watchdog runs in every start. Without a good image (fw/boot/load.h)
// the card says so and waits. Console: one line a slot that was tried.
#include "fw/board/board.h"
#include "fw/boot/handover.h"
#include "fw/boot/load.h"
#include "fw/boot/select.h"
#include "fw/hal/flash.h"

#define START_MS 20000u  // from here until the firmware sets the watchdog itself

static const struct board_component *const firmware = &board_components[BOARD_FIRMWARE];

static uint32_t minimum_of(const struct journal *journal) {
    uint32_t kept = journal->entry[BOARD_FIRMWARE].minimum, fused = board_fused_minimum(BOARD_FIRMWARE);
    return fused > kept ? fused : kept;
}

/* @return why it was not started */
static const char *start(const struct journal *journal, struct select_choice choice) {
    const char *problem = boot_load(choice.slot, choice.slot == SELECT_GOLDEN ? 0 : minimum_of(journal));
    if (problem != NULL) return problem;
    hal_puts("ok\n");
    hal_watchdog(START_MS);
    hal_start(firmware->load_address, handover_pack(choice.slot, choice.trial, journal->attempts));
    return NULL;
}

int main(void) {
    static const char names[] = "ABG";
    const struct select_board board = {
        .slots = (uint8_t)(1u << SELECT_A | (board_two_slots(firmware) ? 1u << SELECT_B : 0u) |
                           (firmware->golden != 0 ? 1u << SELECT_GOLDEN : 0u)),
        .starts = board_trial_starts};
    struct journal journal;
    struct select_choice choice;
    unsigned bad = 0;
    hal_puts("\nboot: flash ");
    hal_put_hex(flash_wake(0), 6);
    (void)journal_load(&journal, &flash_journal);
    while ((choice = select_next(&journal, &board, bad)).slot != SELECT_NOTHING) {
        if (choice.store && !journal_store(&journal, &flash_journal)) {
            bad |= 1u << SELECT_NO_JOURNAL;
            continue;
        }
        hal_puts("\nboot: ");
        hal_put_chars((const uint8_t *)&names[choice.slot], 1);
        hal_puts(" ");
        hal_puts(start(&journal, choice));
        bad |= 1u << choice.slot;
    }
    hal_puts("\nboot: no firmware\n");
    for (;;) (void)hal_wait();
}
