// SPDX-License-Identifier: Apache-2.0
//
// Images on trial on the Verilated card: confirmed, hanging under the watchdog, cut in each phase; the golden image;
// and images that are too old.
#include "check.h"
#include "fw/update/journal.h"
#include "tests/system/demo_board.h"

enum { RIG_GOLDEN = 0x040000, FIRMWARE = 0, FPGA = 1 };

static const struct rig_component firmware_hangs = {
    .path = FW_HANGS, .version = "2.0.0", .identifier = 1, .stamp = 0x02000000, .load_address = 0x10000000};

static bool journal_page(void *ctx, unsigned sector, unsigned copy, void *record) {
    const struct rig *rig = ctx;
    memcpy(record, rig->flash + RIG_JOURNAL + sector * 4096 + copy * JOURNAL_PAGE, JOURNAL_RECORD);
    return true;
}

static struct journal journal_of(struct rig *rig) {
    const struct journal_flash reader = {.ctx = rig, .read = journal_page};
    struct journal journal;
    if (rig->card) nor_settle(card_nor(rig->card), card_now_ns(rig->card));
    CHECK(journal_load(&journal, &reader));
    return journal;
}

/* Both components have been updated and wait for a start; no power. */
static struct rig *pending_card(const struct rig_component *firmware) {
    const struct rig_component parts[] = {*firmware, bitstream_2};
    struct rig *rig = factory_card();
    size_t len;
    uint8_t *package = rig_package(parts, 2, 0x5301, &len);
    rig->config.activate = AGENT_ACTIVATE_PENDING;
    CHECK_EQ(rig_update(rig, package, len, 60 * SECONDS), AGENT_DONE);
    free(package);
    for (unsigned c = 0; c < 2; c++) CHECK_EQ(journal_of(rig).entry[c].pending, 1);
    rig_power_off(rig);
    return rig;
}

static bool entry_is(struct rig *rig, unsigned c, uint8_t active, uint8_t pending, uint8_t failed) {
    const struct journal_entry entry = journal_of(rig).entry[c];
    return CHECK_EQ(entry.active, active) && CHECK_EQ(entry.pending, pending) && CHECK_EQ(entry.failed, failed);
}

/* The agent's inventory, slots included. */
static void shows(struct rig *rig, const char *firmware, enum slot_state a, enum slot_state b) {
    rig->config.slots = true;
    if (!CHECK_EQ(rig_inventory(rig, 10 * SECONDS), AGENT_DONE)) return;
    const struct agent_inventory *inventory = agent_inventory(rig->agent);
    if (!CHECK_EQ(inventory->slot_count, 2)) return;
    CHECK(strcmp(rig_active(rig, FIRMWARE), firmware) == 0);
    CHECK_EQ(inventory->slots[FIRMWARE].slot[0].state, a);
    CHECK_EQ(inventory->slots[FIRMWARE].slot[1].state, b);
}

static void test_confirmed(void) {
    TEST("given a pending image, when it starts and is spoken to, then it is confirmed before the answer") {
        struct rig *rig = pending_card(&firmware_2);
        rig_power_on(rig);
        CHECK(rig_wait_console(rig, "2.0.0, slot B, after power-on, on trial, start 1 of 3", 2 * SECONDS));
        rig_wait(rig, SECONDS);
        entry_is(rig, FIRMWARE, 0, 1, JOURNAL_NO_SLOT);
        CHECK_EQ(journal_of(rig).attempts, 1);
        shows(rig, "2.0.0", SLOT_SPARE, SLOT_ACTIVE);
        for (unsigned c = 0; c < 2; c++) entry_is(rig, c, 1, JOURNAL_NO_SLOT, JOURNAL_NO_SLOT);
        CHECK_EQ(journal_of(rig).attempts, 0);
        rig_power_off(rig);
        rig_power_on(rig);
        CHECK(rig_wait_console(rig, "2.0.0, slot B, after power-on\n", 2 * SECONDS));
        CHECK_EQ(rig->flash_errors, 0);
        rig_free(rig);
    }
}

static void test_hang(void) {
    TEST("given firmware that hangs, when it was started three times, then the watchdog has brought back the old one") {
        struct rig *rig = pending_card(&firmware_hangs);
        rig_power_on(rig);
        for (unsigned start = 1; start <= 3; start++) {
            char line[32];
            snprintf(line, sizeof line, "on trial, start %u of 3", start);
            CHECK(rig_wait_console(rig, line, 25 * SECONDS));
            CHECK_EQ(journal_of(rig).attempts, start);
        }
        CHECK(rig_wait_console(rig, "1.0.0, slot A, after watchdog\n", 25 * SECONDS));
        for (unsigned c = 0; c < 2; c++) entry_is(rig, c, 0, JOURNAL_NO_SLOT, 1);
        shows(rig, "1.0.0", SLOT_ACTIVE, SLOT_FAILED);
        CHECK(strcmp(rig_active(rig, FPGA), "1.0.0") == 0);  // was on trial with it
        CHECK_EQ(rig->flash_errors, 0);
        rig_free(rig);
    }
}

static void test_unheard(void) {
    TEST("given a card that nobody speaks to, when its trials are over, then the old image runs") {
        struct rig *rig = pending_card(&firmware_2);
        rig_power_on(rig);
        CHECK(rig_wait_console(rig, "after restart, on trial, start 2 of 3", 70 * SECONDS));
        CHECK(rig_wait_console(rig, "1.0.0, slot A, after restart\n", 130 * SECONDS));
        shows(rig, "1.0.0", SLOT_ACTIVE, SLOT_FAILED);
        CHECK_EQ(rig->flash_errors, 0);
        rig_free(rig);
    }
}

/* Power fails @p ms after it came, while an agent speaks to the card from @p from_ms on; then it comes back. */
static void cut(struct rig *rig, uint64_t from_ms, uint64_t us) {
    rig_power_on(rig);
    rig_wait(rig, (from_ms * 1000 < us ? from_ms * 1000 : us) * 1000);
    if (us > from_ms * 1000) (void)rig_inventory(rig, (us - from_ms * 1000) * 1000);
    nor_power_cut(card_nor(rig->card), card_now_ns(rig->card));
    rig_power_off(rig);
    rig_power_on(rig);
}

static void test_cuts(void) {
    // The attempt is recorded first, then the firmware is loaded; on trial a sector is erased, then the record
    // confirms.
    static const unsigned us[] = {500, 3000, 46500, 48500, 90000, 180000, 401000, 401500, 402500, 403500, 440000};
    static uint8_t before[RIG_FLASH];
    struct rig *rig = pending_card(&firmware_2);
    memcpy(before, rig->flash, RIG_FLASH);
    for (size_t i = 0; i < sizeof us / sizeof us[0]; i++) {
        char name[120];
        snprintf(name, sizeof name,
                 "given an image on trial, when power fails %u us after the start, then it runs next", us[i]);
        TEST(name) {
            memcpy(rig->flash, before, RIG_FLASH);
            cut(rig, 400, us[i]);
            CHECK(rig_wait_console(rig, "2.0.0, slot B", 2 * SECONDS));
            rig_wait(rig, SECONDS / 4);  // the trial's first erase
            const char *trial = strstr(rig->console, "on trial");
            printf("# then: %.20s\n", trial ? trial : "confirmed before");
            shows(rig, "2.0.0", SLOT_SPARE, SLOT_ACTIVE);
            for (unsigned c = 0; c < 2; c++) entry_is(rig, c, 1, JOURNAL_NO_SLOT, JOURNAL_NO_SLOT);
            CHECK_EQ(rig->flash_errors, 0);
            rig_power_off(rig);
        }
    }
    rig_free(rig);
}

/* A factory card with a golden image, without power. */
static struct rig *golden_card(void) {
    struct rig *rig = rig_new("w25q128jv");
    rig_factory(rig, (const struct rig_component[]){firmware_1, bitstream_1}, 2);
    memcpy(rig->flash + RIG_GOLDEN, rig->flash + RIG_FW_A, RIG_FW_SIZE);
    return rig;
}

static void test_golden(void) {
    TEST("given neither A nor B, when the card starts, then the golden image runs, is shown, updates and stays") {
        static uint8_t golden[RIG_FW_SIZE];
        struct rig *rig = golden_card();
        rig->flash[RIG_FW_A + 100] ^= 1;
        memcpy(golden, rig->flash + RIG_GOLDEN, RIG_FW_SIZE);
        rig_power_on(rig);
        CHECK(rig_wait_console(rig, "1.0.0, golden image", 2 * SECONDS));
        shows(rig, "1.0.0", SLOT_ACTIVE, SLOT_INVALID);  // as far as its manifest goes
        CHECK(agent_inventory(rig->agent)->slots[FIRMWARE].slot[2].runs);
        size_t len;
        uint8_t *package = rig_package(&firmware_2, 1, 0x5301, &len);
        CHECK_EQ(rig_update(rig, package, len, 60 * SECONDS), AGENT_DONE);
        rig_wait(rig, SECONDS / 4);
        shows(rig, "2.0.0", SLOT_SPARE, SLOT_ACTIVE);
        CHECK_MEM(rig->flash + RIG_GOLDEN, golden, RIG_FW_SIZE);
        CHECK_EQ(rig->flash_errors, 0);
        free(package);
        rig_free(rig);
    }
}

/* The journal says that @p c needs this security version. */
static void demand(struct rig *rig, unsigned c, uint32_t minimum) {
    struct journal journal = journal_of(rig);
    journal.entry[c].minimum = minimum;
    journal.sequence++;
    journal_put(&journal, rig->flash + RIG_JOURNAL + (journal.sequence & 1) * 4096);
}

static void test_too_old(void) {
    TEST("given an image below the minimum, when it is sent, then it is refused before the first erase") {
        struct rig *rig = golden_card();
        demand(rig, FPGA, 3);
        rig_power_on(rig);
        struct rig_component old = bitstream_2;
        old.security_version = 2;
        size_t len;
        uint8_t *package = rig_package(&old, 1, 0x5301, &len);
        CHECK_EQ(rig_update(rig, package, len, 60 * SECONDS), AGENT_FAILED);
        CHECK(strstr(agent_error(rig->agent), "security version is below the minimum") != NULL);
        CHECK_EQ(nor_get_stats(card_nor(rig->card))->erases_4k, 0);
        free(package);
        old.security_version = 3;
        package = rig_package(&old, 1, 0x5301, &len);
        CHECK_EQ(rig_update(rig, package, len, 60 * SECONDS), AGENT_DONE);
        free(package);
        rig_free(rig);
    }
    TEST("given the very image that a slot holds and that is too old, when it is offered, then no data is asked for") {
        struct rig *rig = golden_card();
        demand(rig, FPGA, 3);
        rig_power_on(rig);
        size_t len;
        uint8_t *package = rig_package(&bitstream_1, 1, 0x5301, &len);
        CHECK_EQ(rig_update(rig, package, len, 60 * SECONDS), AGENT_FAILED);
        CHECK(strstr(agent_error(rig->agent), "security restrictions") != NULL);
        CHECK_EQ(rig->served, 0);
        free(package);
        rig_free(rig);
    }
    TEST("given firmware below the minimum in A, when the card starts, then it says so and the golden image runs") {
        struct rig *rig = golden_card();
        demand(rig, FIRMWARE, 1);
        rig_power_on(rig);
        CHECK(rig_wait_console(rig, "boot: A too old", 2 * SECONDS));
        CHECK(rig_wait_console(rig, "1.0.0, golden image", 2 * SECONDS));
        rig_free(rig);
    }
}

int main(void) {
    test_confirmed();
    test_hang();
    test_unheard();
    test_cuts();
    test_golden();
    test_too_old();
    return check_result();
}
