// SPDX-License-Identifier: Apache-2.0
//
// The boot ROM's choice on the Verilated card: only a slot whose every hash is right is run.
#include <stdlib.h>

#include "check.h"
#include "fw/update/journal.h"
#include "tests/system/demo_board.h"

/** Both slots filled: 1.0.0 in A, 2.0.0 in B; the journal says which one is active. */
static struct rig *two_slots(uint8_t active) {
    struct rig *rig = rig_new("w25q128jv");
    rig_factory(rig, (const struct rig_component[]){firmware_2, bitstream_1}, 2);
    memcpy(rig->flash + RIG_FW_B, rig->flash + RIG_FW_A, RIG_FW_SIZE);
    uint8_t b[4096];
    memcpy(b, rig->flash + RIG_FW_B + RIG_FW_SIZE - 4096, sizeof b);
    static uint8_t slot_b[RIG_FW_SIZE];
    memcpy(slot_b, rig->flash + RIG_FW_B, sizeof slot_b);
    rig_factory(rig, (const struct rig_component[]){firmware_1, bitstream_1}, 2);
    memcpy(rig->flash + RIG_FW_B, slot_b, sizeof slot_b);
    struct journal journal;
    journal_blank(&journal);
    journal.sequence = 2;
    journal.entry[0].active = active;
    journal_put(&journal, rig->flash + RIG_JOURNAL);
    return rig;
}

/** Powers the card on and holds the version that its firmware announces against @p version. */
static void boots(struct rig *rig, const char *version) {
    rig_power_on(rig);
    CHECK(rig_wait_console(rig, version, 2 * SECONDS));
    if (CHECK_EQ(rig_inventory(rig, 10 * SECONDS), AGENT_DONE)) CHECK(strcmp(rig_active(rig, 0), version) == 0);
    CHECK_EQ(rig->flash_errors, 0);
    rig_free(rig);
}

static void test_choice(void) {
    TEST("given good images in both slots, when the journal names A, then the card runs 1.0.0") {
        boots(two_slots(0), "1.0.0");
    }
    TEST("given good images in both slots, when the journal names B, then the card runs 2.0.0") {
        boots(two_slots(1), "2.0.0");
    }
}

static void test_damage(void) {
    TEST("given one wrong bit in the last payload byte of the active slot, when it boots, then the other slot runs") {
        struct rig *rig = two_slots(1);
        size_t len;
        free(rig_payload(&firmware_2, &len));
        rig->flash[RIG_FW_B + len - 1] ^= 0x80;
        boots(rig, "1.0.0");
    }
    TEST("given one wrong bit in the table of the active slot, when it boots, then the other slot runs") {
        struct rig *rig = two_slots(1);
        rig->flash[RIG_FW_B + RIG_FW_SIZE - 8192 + 40] ^= 1;
        boots(rig, "1.0.0");
    }
    TEST("given no manifest in the active slot, when it boots, then the other slot runs") {
        struct rig *rig = two_slots(1);
        memset(rig->flash + RIG_FW_B + RIG_FW_SIZE - 4096, 0xff, 4096);
        boots(rig, "1.0.0");
    }
}

static void test_journal(void) {
    TEST("given a newest journal record with a wrong checksum, when it boots, then its copy counts") {
        struct rig *rig = two_slots(1);
        rig->flash[RIG_JOURNAL + 9] ^= 1;
        boots(rig, "2.0.0");
    }
    TEST("given a newest journal record wrong in both copies, when it boots, then the record before it counts") {
        struct rig *rig = two_slots(1);
        rig->flash[RIG_JOURNAL + 9] ^= 1;
        rig->flash[RIG_JOURNAL + JOURNAL_PAGE + 9] ^= 1;
        boots(rig, "1.0.0");
    }
    TEST("given no journal at all, when it boots, then slot A runs") {
        struct rig *rig = two_slots(1);
        memset(rig->flash + RIG_JOURNAL, 0xff, 8192);
        boots(rig, "1.0.0");
    }
}

static void test_nothing(void) {
    TEST("given a blank flash, when it boots, then the boot ROM says so and nothing is run or written") {
        struct rig *rig = rig_new("w25q128jv");
        rig_power_on(rig);
        CHECK(rig_wait_console(rig, "no firmware", 2 * SECONDS));
        CHECK_EQ(nor_get_stats(card_nor(rig->card))->pages_programmed, 0);
        rig_free(rig);
    }
}

int main(void) {
    test_choice();
    test_damage();
    test_journal();
    test_nothing();
    return check_result();
}
