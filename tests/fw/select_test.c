// SPDX-License-Identifier: Apache-2.0
//
// Boot selection through every journal that matters, every board and every failure, held against what is promised and
// not against how it is found.
#include "fw/boot/select.h"

#include "tests/check.h"

enum { FIRMWARE = 0, FPGA = 1, STEPS = 8 };

/* One start of a card: which slots load, and whether records can be written. */
struct start {
    unsigned loads;
    bool writable;
};

/* What came of it. */
struct outcome {
    uint8_t slot;  // SELECT_NOTHING: none
    bool trial;
    uint8_t tried[STEPS], try_count;  // slots, in their order
    unsigned records;
};

/* The loop of the boot ROM. @param flash the journal in force, before and after */
static struct outcome boot(struct journal *flash, const struct select_board *board, struct start start) {
    struct outcome out = {.slot = SELECT_NOTHING};
    struct journal journal = *flash;
    unsigned bad = 0;
    for (unsigned step = 0; CHECK(step < STEPS); step++) {
        const struct select_choice choice = select_next(&journal, board, bad);
        if (choice.store && !start.writable) {
            CHECK((bad >> SELECT_NO_JOURNAL & 1u) == 0);
            bad |= 1u << SELECT_NO_JOURNAL;
            continue;
        }
        if (choice.store) {
            *flash = journal;
            out.records++;
        }
        if (choice.slot == SELECT_NOTHING) break;
        out.tried[out.try_count++] = choice.slot;
        out.trial = choice.trial;
        out.slot = choice.slot;
        if ((start.loads >> choice.slot & 1u) != 0) return out;
        bad |= 1u << choice.slot;
    }
    out.slot = SELECT_NOTHING;
    return out;
}

static bool was_tried(const struct outcome *out, uint8_t slot, unsigned *when) {
    for (*when = 0; *when < out->try_count; ++*when)
        if (out->tried[*when] == slot) return true;
    return false;
}

/* What holds of any start. @p b is the journal before, @p a after. */
static void promises(const struct journal *b, const struct journal *a, const struct select_board *board,
                     struct start start, const struct outcome *out) {
    const bool waits = journal_any_waits(b);
    unsigned when, golden;
    for (unsigned i = 0; i < out->try_count; i++) {
        CHECK((board->slots >> out->tried[i] & 1u) != 0);
        for (unsigned n = 0; n < i; n++) CHECK(out->tried[n] != out->tried[i]);
    }
    // Whatever loads is found.
    CHECK_EQ(out->slot != SELECT_NOTHING, (start.loads & board->slots) != 0);
    // A trial is counted, and what is started is what waits.
    if (out->trial && out->slot != SELECT_NOTHING) {
        CHECK(waits && start.writable && out->records == 1);
        CHECK(a->attempts == b->attempts + 1 && a->attempts <= board->starts);
        CHECK_EQ(out->slot,
                 journal_waits(&b->entry[FIRMWARE]) ? b->entry[FIRMWARE].pending : journal_active(&b->entry[FIRMWARE]));
        CHECK(memcmp(a->entry, b->entry, sizeof a->entry) == 0);
    } else if (waits && start.writable) {
        // It was not to be, or could not be loaded: then it has failed as a whole.
        CHECK_EQ(a->attempts, 0);
        for (unsigned c = 0; c < JOURNAL_COMPONENTS; c++) {
            CHECK(!journal_waits(&a->entry[c]));
            CHECK_EQ(a->entry[c].failed, journal_waits(&b->entry[c]) ? b->entry[c].pending : b->entry[c].failed);
        }
    } else {
        CHECK(memcmp(a, b, sizeof *a) == 0 && out->records == 0);
    }
    // Nothing else is ever changed.
    for (unsigned c = 0; c < JOURNAL_COMPONENTS; c++)
        CHECK(a->entry[c].active == b->entry[c].active && a->entry[c].minimum == b->entry[c].minimum &&
              a->entry[c].flags == b->entry[c].flags);
    // An image that failed its trial comes last.
    const uint8_t active = journal_active(&a->entry[FIRMWARE]);
    if (!out->trial && a->entry[FIRMWARE].failed == (active ^ 1u) && (board->slots >> SELECT_GOLDEN & 1u) != 0 &&
        was_tried(out, active ^ 1u, &when) && !(waits && start.writable))
        CHECK(was_tried(out, SELECT_GOLDEN, &golden) && golden < when);
    // The active one comes first, but for what is on trial.
    if (!out->trial && out->try_count != 0 && !waits && (board->slots >> active & 1u) != 0)
        CHECK_EQ(out->tried[0], active);
}

static void every_start(void) {
    static const uint8_t slots[] = {0, 1, 2, JOURNAL_NO_SLOT}, masks[] = {1, 3, 5, 7}, starts[] = {1, 3, 15};
    unsigned count = 0;
    for (unsigned n = 0; check_ok && n < 4u * 4 * 4 * 4 * 2 * 4 * 3 * 8 * 2; n++) {
        unsigned left = n;
        const struct start start = {.loads = left % 8, .writable = left / 8 % 2 != 0};
        left /= 16;
        struct select_board board = {.slots = masks[left % 4], .starts = starts[left / 4 % 3]};
        left /= 12;
        struct journal before = {.sequence = 1};
        for (unsigned i = 0; i < JOURNAL_COMPONENTS; i++)
            before.entry[i] = (struct journal_entry){0, JOURNAL_NO_SLOT, JOURNAL_NO_SLOT, 0, 7 + i};
        before.entry[FIRMWARE].active = slots[left % 4];
        before.entry[FIRMWARE].pending = slots[left / 4 % 4];
        before.entry[FIRMWARE].failed = slots[left / 16 % 4];
        before.entry[FPGA].pending = slots[left / 64 % 4];
        before.entry[FPGA].active = left / 256 % 2;
        for (unsigned attempts = 0; attempts <= board.starts + 1u; attempts++) {
            before.attempts = (uint8_t)attempts;
            struct journal after = before;
            const struct outcome out = boot(&after, &board, start);
            promises(&before, &after, &board, start, &out);
            count++;
        }
        if (!check_ok) printf("# case %u\n", n);
    }
    printf("# %u starts\n", count);
}

/* Starts one after the other; nobody confirms anything. */
static void bounded(void) {
    for (uint8_t starts = 1; starts <= 15; starts++) {
        const struct select_board board = {.slots = 7, .starts = starts};
        struct journal journal = {.sequence = 1};
        for (unsigned i = 0; i < JOURNAL_COMPONENTS; i++)
            journal.entry[i] = (struct journal_entry){0, JOURNAL_NO_SLOT, JOURNAL_NO_SLOT, 0, 0};
        journal.entry[FIRMWARE].pending = 1;
        journal.entry[FPGA].pending = 1;
        for (unsigned n = 1; n <= starts; n++) {
            const struct outcome out = boot(&journal, &board, (struct start){7, true});
            CHECK(out.trial && out.slot == SELECT_B && journal.attempts == n);
        }
        struct outcome out = boot(&journal, &board, (struct start){7, true});
        CHECK(!out.trial && out.slot == SELECT_A && out.records == 1);
        CHECK(journal.entry[FIRMWARE].failed == 1 && journal.entry[FPGA].failed == 1);
        out = boot(&journal, &board, (struct start){7, true});
        CHECK(!out.trial && out.slot == SELECT_A && out.records == 0);
        out = boot(&journal, &board, (struct start){6, true});  // A is gone: golden before what failed
        CHECK_EQ(out.slot, SELECT_GOLDEN);
        out = boot(&journal, &board, (struct start){2, true});
        CHECK_EQ(out.slot, SELECT_B);
    }
}

/* The bitstream alone is on trial; the firmware that is to judge it does not load. */
static void as_a_whole(void) {
    const struct select_board board = {.slots = 7, .starts = 3};
    struct journal journal = {.sequence = 1};
    for (unsigned i = 0; i < JOURNAL_COMPONENTS; i++)
        journal.entry[i] = (struct journal_entry){0, JOURNAL_NO_SLOT, JOURNAL_NO_SLOT, 0, 0};
    journal.entry[FPGA].pending = 1;
    struct outcome out = boot(&journal, &board, (struct start){7, true});
    CHECK(out.trial && out.slot == SELECT_A && journal.attempts == 1);
    out = boot(&journal, &board, (struct start){6, true});
    CHECK(!out.trial && out.slot == SELECT_B && out.records == 2);
    CHECK(journal.entry[FPGA].failed == 1 && journal.entry[FIRMWARE].failed == JOURNAL_NO_SLOT);
}

int main(void) {
    TEST("given any journal, board and failures when a card starts then each promise of the selection holds")
    every_start();
    TEST("given an image that nobody confirms when the card starts again and again then it falls back after the starts")
    bounded();
    TEST("given a bitstream on trial when the firmware beside it does not load then the trial is over") as_a_whole();
    return check_result();
}
