// SPDX-License-Identifier: Apache-2.0
//
// Boot selection with any journal, any board and any failures, start after start, while nobody confirms: it always ends
// in a slot that loads if there is one, never tries one twice in a start, and starts what is pending no more often than
// the board allows.
#include "fw/boot/select.h"

#include "tests/fuzz/fuzz.h"

enum { STARTS = 20, STEPS = 8 };

/* One start. @return whether it is one on trial */
static bool start(struct journal *flash, const struct select_board *board, unsigned loads, bool writable) {
    struct journal journal = *flash;
    unsigned bad = 0;
    for (unsigned step = 0;; step++) {
        REQUIRE(step < STEPS);
        const struct select_choice choice = select_next(&journal, board, bad);
        if (choice.store && !writable) {
            REQUIRE((bad >> SELECT_NO_JOURNAL & 1) == 0);
            bad |= 1u << SELECT_NO_JOURNAL;
            continue;
        }
        if (choice.store) *flash = journal;
        if (choice.slot == SELECT_NOTHING) break;
        REQUIRE(choice.slot < SELECT_NOTHING && (board->slots >> choice.slot & 1) != 0);
        REQUIRE((bad >> choice.slot & 1) == 0);
        if ((loads >> choice.slot & 1) != 0) return choice.trial;
        bad |= 1u << choice.slot;
    }
    REQUIRE((loads & board->slots) == 0);
    return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len) {
    struct fuzz_input in = {bytes, len};
    struct journal journal = {.sequence = 1};
    const struct select_board board = {.slots = (uint8_t)(fuzz_u8(&in) & 7),
                                       .starts = (uint8_t)(1 + fuzz_u8(&in) % 15)};
    unsigned trials = 0;
    size_t entries = sizeof journal.entry;
    journal.attempts = fuzz_u8(&in);
    const uint8_t *from = fuzz_bytes(&in, &entries);
    memcpy(journal.entry, from, entries);
    const struct journal before = journal;
    for (unsigned n = 0; n < STARTS; n++) {
        const uint8_t how = fuzz_u8(&in);
        trials += start(&journal, &board, how & 7, (how & 8) == 0);
    }
    REQUIRE(trials <= board.starts && (before.attempts < board.starts || trials == 0));
    for (unsigned i = 0; i < JOURNAL_COMPONENTS; i++) {
        REQUIRE(journal.entry[i].active == before.entry[i].active);
        REQUIRE(journal.entry[i].minimum == before.entry[i].minimum);
        REQUIRE(journal.entry[i].failed == before.entry[i].failed ||
                (journal_waits(&before.entry[i]) && journal.entry[i].failed == before.entry[i].pending));
    }
    return 0;
}
