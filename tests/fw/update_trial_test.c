// SPDX-License-Identifier: Apache-2.0
//
// Images on trial: what confirms them, what does not, what the card falls back to, how old an image may be; components
// of one slot, and the golden firmware. The starts in between go by the boot ROM's own selection.
#include "tests/fw/update_agent.h"

enum { TRIAL_MS = 60000 };

static enum board_health finding;
static unsigned asked, raised;
static bool fuses_fail;
static uint32_t raised_to;

static enum board_health health(void) {
    asked++;
    return finding;
}

static void raise_minimum(uint8_t i, uint32_t minimum) {
    CHECK_EQ(i, 0);
    raised++;
    raised_to = minimum;
    if (!fuses_fail) fused = minimum;
}

/* Time passes, the loop ticks as often as it was told to. @return when the card restarted, 0: it did not */
static uint32_t pass_time(uint32_t ms) {
    const uint32_t from = now;
    while (now - from < ms && !restarted) {
        uint32_t due = device_tick(&device, now);
        if (!restarted) now += due == 0 ? 1 : due < from + ms - now ? due : from + ms - now;
    }
    return restarted ? now - from : 0;
}

/* Both components at 2.0.0 / 2.1.0, activated; the card has restarted on trial. */
static void on_trial(void) {
    factory();
    CHECK_EQ(request_update(4096), PLDM_SUCCESS);
    CHECK_EQ(pass(0, "2.0.0", 20, PLDM_TRANSFER_START), 0);
    CHECK_EQ(pass(1, "2.1.0", 21, PLDM_TRANSFER_END), 0);
    CHECK_EQ(transfer_all(0, "2.0.0", 20, 20000), 0);
    CHECK_EQ(transfer_all(1, "2.1.0", 21, 20000), 0);
    CHECK_EQ(activate(true), PLDM_SUCCESS);
    boot(7);
    fake.slot_size = 1;  // nothing but the journal is written on trial
    run_engine();
}

/* What the durable journal says of component @p c. */
static void entry_is(unsigned c, uint8_t active, uint8_t pending, uint8_t failed) {
    const struct journal loaded = journal_now();
    CHECK_EQ(loaded.entry[c].active, active);
    CHECK_EQ(loaded.entry[c].pending, pending);
    CHECK_EQ(loaded.entry[c].failed, failed);
}

static void confirmed(void) {
    on_trial();
    CHECK(device.slots.trial);
    entry_is(0, 0, 1, JOURNAL_NO_SLOT);
    CHECK_EQ(journal_now().attempts, 1);
    inventory(0, "2.0.0", NULL);  // what runs
    inventory(1, "2.1.0", NULL);
    CHECK_EQ(slots_state(&device.slots, 0, 1), SLOT_TRIAL);
    CHECK_EQ(slots_state(&device.slots, 0, 0), SLOT_ACTIVE);
    pass_time(TRIAL_MS - 100);
    CHECK(device.slots.trial);
    device_heard(&device);
    CHECK(!device.slots.trial && !restarted);
    for (unsigned c = 0; c < 2; c++) entry_is(c, 1, JOURNAL_NO_SLOT, JOURNAL_NO_SLOT);
    CHECK_EQ(journal_now().attempts, 0);
    CHECK_EQ(slots_state(&device.slots, 0, 1), SLOT_ACTIVE);
    CHECK_EQ(slots_state(&device.slots, 0, 0), SLOT_SPARE);
    pass_time(10 * TRIAL_MS);
    CHECK(!restarted);
    fake.slot_size = 0;
    CHECK_EQ(update_one(0, "3.0.0", 30, 20000), 0);  // into slot A
    fake_free(&fake);
}

static void unheard(void) {
    on_trial();
    for (unsigned start = 1; start <= 3; start++) {
        CHECK(device.slots.trial);
        CHECK_EQ(journal_now().attempts, start);
        identity.trial_ms = start == 2 ? 0 : TRIAL_MS;  // without a time of the board's it is as long
        const uint32_t took = pass_time(2 * TRIAL_MS);
        CHECK(took >= TRIAL_MS - 1 && took <= TRIAL_MS + 1);
        boot(7);
        run_engine();
    }
    CHECK(!device.slots.trial);
    for (unsigned c = 0; c < 2; c++) entry_is(c, 0, JOURNAL_NO_SLOT, 1);
    inventory(0, "1.0.0", NULL);
    inventory(1, "1.1.0", NULL);
    CHECK_EQ(slots_state(&device.slots, 0, 1), SLOT_FAILED);
    CHECK_EQ(slots_state(&device.slots, 1, 1), SLOT_FAILED);
    CHECK_EQ(pass_time(2 * TRIAL_MS), 0);
    boot_healthy();
    CHECK_EQ(slots_state(&device.slots, 0, 1), SLOT_FAILED);  // until another image comes
    fake.slot_size = 0;
    CHECK_EQ(update_one(0, "3.0.0", 30, 20000), 0);
    CHECK_EQ(slots_state(&device.slots, 0, 1), SLOT_SPARE);
    CHECK_EQ(activate(true), PLDM_SUCCESS);
    boot_healthy();
    inventory(0, "3.0.0", NULL);
    fake_free(&fake);
}

static void silent(void) {
    on_trial();
    identity.trial_silent = true;
    (void)device_tick(&device, ++now);
    CHECK(!device.slots.trial && !restarted);
    fake_free(&fake);
}

static void the_board_decides(void) {
    on_trial();
    identity.hooks.health = health;
    asked = 0;
    finding = BOARD_NOT_YET;
    CHECK_EQ(pass_time(1000), 0);
    CHECK_EQ(asked, 0);  // the firmware's own checks come first
    device_heard(&device);
    CHECK_EQ(pass_time(10000), 0);
    CHECK(asked > 10 && device.slots.trial);
    finding = BOARD_HEALTHY;
    CHECK_EQ(pass_time(1000), 0);
    CHECK(!device.slots.trial);
    fake_free(&fake);

    on_trial();
    identity.hooks.health = health;
    finding = BOARD_NOT_YET;
    device_heard(&device);
    const uint32_t took = pass_time(2 * TRIAL_MS);
    CHECK(took >= TRIAL_MS - 1 && took <= TRIAL_MS + 1);
    fake_free(&fake);

    on_trial();
    identity.hooks.health = health;
    finding = BOARD_SICK;
    device_heard(&device);
    CHECK(restarted && device.slots.trial);
    fake_free(&fake);
}

static void no_record(void) {
    on_trial();
    journal_fails = true;
    device_heard(&device);
    CHECK(restarted);
    entry_is(0, 0, 1, JOURNAL_NO_SLOT);
    boot(7);  // the second start
    fake.stop_at = fake.logged;
    fake.stop_reason = STOP_REASON_FLASH_TIMEOUT;
    run_engine();  // the erase before the record fails
    device_heard(&device);
    CHECK(device.slots.trial && !restarted);
    CHECK(pass_time(2 * TRIAL_MS) >= TRIAL_MS - 1);
    fake_free(&fake);
}

static void update_refused(void) {
    on_trial();
    CHECK_EQ(request_update(4096), PLDM_RETRY_REQUEST_UPDATE);
    CHECK_EQ(device.fd.state, PLDM_STATE_IDLE);
    device_heard(&device);
    CHECK_EQ(request_update(4096), PLDM_SUCCESS);
    fake_free(&fake);
}

/* The image that is to be tried does not load at all: the other one runs at once, and nobody counts to three. */
static void damaged(void) {
    factory();
    CHECK_EQ(update_one(0, "2.0.0", 20, 20000), 0);
    CHECK_EQ(activate(true), PLDM_SUCCESS);
    CHECK_EQ(journal_next(0), 1);
    boot(1);
    CHECK(!device.slots.trial);
    CHECK_EQ(journal_next(0), 0);
    inventory(0, "1.0.0", NULL);
    entry_is(0, 0, JOURNAL_NO_SLOT, 1);
    fake_free(&fake);
}

/* A power cut during the record that confirms has left a record that reads now so, now so. */
static void weak_record(void) {
    on_trial();
    device_heard(&device);
    const unsigned newest = journal_now().sequence & 1u;
    memset(journal_page(newest, 1), 0xFF, JOURNAL_RECORD);
    boot(7);
    CHECK(!device.slots.trial);
    CHECK(device.slots.journal.firm);
    journal_page(newest, 0)[50] ^= 1;  // the next time it reads otherwise
    boot(7);
    CHECK(!device.slots.trial);
    inventory(0, "2.0.0", NULL);
    fake_free(&fake);
}

/* ---- how old an image may be ---- */

/* An image of that security version, activated on a board that raises its minimum, @p fuses too if it has any. */
static void activated(uint32_t version, void (*fuses)(uint8_t i, uint32_t minimum)) {
    factory();
    policies[0].raise_minimum = true;
    identity.hooks.raise_minimum = fuses;
    raised = 0;
    security_version = version;
    CHECK_EQ(update_one(0, "2.0.0", 20, 20000), 0);
    CHECK_EQ(activate(true), PLDM_SUCCESS);
}

static void minimum_raised(void) {
    activated(5, raise_minimum);
    CHECK_EQ(journal_now().entry[0].minimum, 0);
    boot(7);
    run_engine();
    CHECK_EQ(journal_now().entry[0].minimum, 0);  // not while it may still fail
    device_heard(&device);
    CHECK_EQ(journal_now().entry[0].minimum, 5);
    CHECK(raised == 1 && raised_to == 5);
    boot_healthy();
    CHECK_EQ(raised, 1);
    // The image before it is known by name: refused before any data.
    CHECK_EQ(request_update(4096), PLDM_SUCCESS);
    CHECK_EQ(pass(0, "1.0.0", 10, PLDM_TRANSFER_START_AND_END), PLDM_COMPONENT_SECURITY_RESTRICTION);
    CHECK_EQ(update(0, "1.0.0", 10, 20032, true), PLDM_COMPONENT_SECURITY_RESTRICTION);
    ask(PLDM_CANCEL_UPDATE, NULL, 0);
    // Another old one only by its manifest: refused before the first erase.
    security_version = 4;
    memset(fake.erased, 0, sizeof fake.erased);
    CHECK_EQ(update_one(0, "1.5.0", 15, 20000), DEVICE_OLD);
    CHECK_EQ(fake.erased[0] + fake.erased[1] + fake.erased[2], 0);
    CHECK_EQ(slots_state(&device.slots, 0, 0), SLOT_INVALID);  // as far as anybody knows until the next start
    ask(PLDM_CANCEL_UPDATE, NULL, 0);
    security_version = 5;
    CHECK_EQ(update_one(0, "2.0.1", 21, 20000), 0);
    fake_free(&fake);
}

/* Power fails between the record and the fuses: the next start burns them. */
static void fuses_later(void) {
    activated(5, raise_minimum);
    fuses_fail = true;
    boot_healthy();
    CHECK(raised == 1 && fused == 0);
    fuses_fail = false;
    boot_healthy();
    CHECK(raised == 2 && fused == 5);
    boot_healthy();
    CHECK_EQ(raised, 2);
    // A journal that somebody has written: no fuse follows it beyond the image that runs.
    struct journal forged = journal_now();
    forged.entry[0].minimum = 6;
    forged.sequence++;
    journal_put(&forged, journal_page(forged.sequence & 1u, 0));
    boot_healthy();
    CHECK_EQ(raised, 2);
    fake_free(&fake);
}

static void minimum_kept(void) {
    factory();
    security_version = 5;
    CHECK_EQ(update_one(0, "2.0.0", 20, 20000), 0);
    CHECK_EQ(activate(true), PLDM_SUCCESS);
    boot_healthy();
    CHECK_EQ(journal_now().entry[0].minimum, 0);
    security_version = 0;
    CHECK_EQ(update_one(0, "1.0.0", 10, 20000), 0);
    fake_free(&fake);
}

static void failed_trial_keeps_minimum(void) {
    activated(9, NULL);
    boot(7);
    boot(7);
    boot(7);
    boot(7);
    CHECK(!device.slots.trial);
    CHECK_EQ(journal_now().entry[0].minimum, 0);
    inventory(0, "1.0.0", NULL);
    fake_free(&fake);
}

static void fuses(void) {
    factory();
    fused = 3;
    security_version = 2;
    CHECK_EQ(update_one(0, "2.0.0", 20, 20000), DEVICE_OLD);
    ask(PLDM_CANCEL_UPDATE, NULL, 0);
    security_version = 3;
    CHECK_EQ(update_one(0, "2.0.0", 20, 20000), 0);
    CHECK_EQ(update(1, "1.1.0", 11, 9024, false), PLDM_COMPONENT_INFORMATION_MISMATCH);  // was not passed
    fake_free(&fake);
}

/* ---- one slot; golden ---- */

static struct board_component other_board[2];

static void single_slot(void) {
    memcpy(other_board, components, sizeof other_board);
    other_board[1].slot[1] = BOARD_NO_SLOT;
    factory_of(other_board);
    policies[1].raise_minimum = true;
    security_version = 2;
    CHECK_EQ(slots_state(&device.slots, 1, 1), SLOT_NONE);
    CHECK_EQ(slots_target(&device.slots, 1), 0);
    CHECK_EQ(request_update(4096), PLDM_SUCCESS);
    CHECK_EQ(pass(0, "2.0.0", 20, PLDM_TRANSFER_START), 0);
    CHECK_EQ(pass(1, "2.1.0", 21, PLDM_TRANSFER_END), 0);
    CHECK_EQ(transfer_all(1, "2.1.0", 21, 20000), 0);
    CHECK_EQ(transfer_all(0, "2.0.0", 20, 20000), 0);
    CHECK_EQ(activate(true), PLDM_SUCCESS);
    entry_is(1, 0, JOURNAL_NO_SLOT, JOURNAL_NO_SLOT);  // nothing to try, nothing to return to
    entry_is(0, 0, 1, JOURNAL_NO_SLOT);
    CHECK_EQ(journal_now().entry[1].minimum, 2);
    boot(1);  // the firmware beside it does not load
    inventory(0, "1.0.0", NULL);
    inventory(1, "2.1.0", NULL);
    CHECK_EQ(update_one(1, "2.2.0", 22, 9000), 0);
    fake.slot_size = 0;
    ask(PLDM_CANCEL_UPDATE, NULL, 0);
    fake_free(&fake);
}

/* An update of a single slot that ends early leaves no image, and says so. */
static void single_slot_cut(void) {
    factory_of(other_board);
    CHECK_EQ(request_update(4096), PLDM_SUCCESS);
    CHECK_EQ(pass(1, "2.1.0", 21, PLDM_TRANSFER_START_AND_END), 0);
    fake.stop_at = 6;
    fake.stop_reason = STOP_REASON_TIMEOUT;
    CHECK_EQ(transfer_all(1, "2.1.0", 21, 20000), PLDM_RESULT_TIMEOUT);
    ask(PLDM_CANCEL_UPDATE, NULL, 0);
    CHECK(body[0] == PLDM_SUCCESS && body[1] == 1);
    inventory(1, "none", NULL);
    boot_healthy();
    inventory(1, "none", NULL);
    CHECK_EQ(slots_state(&device.slots, 1, 0), SLOT_INVALID);
    fake.stop_at = 0;
    CHECK_EQ(update_one(1, "2.1.0", 21, 20000), 0);
    fake_free(&fake);
}

static void golden(void) {
    memcpy(other_board, components, sizeof other_board);
    other_board[0].golden = 0x40000;
    factory_of(other_board);
    install(0, BOARD_GOLDEN, "0.9.0", 9);
    static uint8_t before[0x40000];
    memcpy(before, fake.flash + 0x40000, sizeof before);
    boot(7);
    CHECK_EQ(slots_state(&device.slots, 0, BOARD_GOLDEN), SLOT_GOLDEN);
    CHECK_EQ(slots_state(&device.slots, 1, BOARD_GOLDEN), SLOT_NONE);
    inventory(0, "1.0.0", NULL);
    boot(4);  // neither A nor B
    inventory(0, "0.9.0", NULL);
    CHECK_EQ(device.slots.running[0], BOARD_GOLDEN);
    CHECK_EQ(slots_target(&device.slots, 0), 1);  // A is the journal's and may be readable again
    CHECK_EQ(update_one(0, "2.0.0", 20, 20000), 0);
    inventory(0, "0.9.0", NULL);
    CHECK_EQ(activate(true), PLDM_SUCCESS);
    inventory(0, "0.9.0", "2.0.0");
    boot_healthy();
    inventory(0, "2.0.0", NULL);
    CHECK_MEM(before, fake.flash + 0x40000, sizeof before);
    fake_free(&fake);
}

/* Slot A's firmware does not load any more: B's runs, and A is overwritten only once the journal says B. */
static void fallback_is_recorded(void) {
    factory();
    install(0, 1, "0.8.0", 8);
    boot(2);
    inventory(0, "0.8.0", NULL);
    CHECK_EQ(slots_target(&device.slots, 0), 0);
    entry_is(0, 0, JOURNAL_NO_SLOT, JOURNAL_NO_SLOT);
    CHECK_EQ(update_one(0, "2.0.0", 20, 20000), 0);
    entry_is(0, 1, JOURNAL_NO_SLOT, JOURNAL_NO_SLOT);
    boot_healthy();  // nobody asked for the activation
    inventory(0, "0.8.0", NULL);
    fake_free(&fake);
}

int main(void) {
    TEST("given images on trial when a packet comes in time then all are confirmed in one record") confirmed();
    TEST("given images on trial when nobody speaks to the card then it falls back after three starts and shows it")
    unheard();
    TEST("given a board that nobody need speak to when it is on trial then the other checks decide") silent();
    TEST("given a board with a check of its own when it is on trial then that one decides within the trial's time")
    the_board_decides();
    TEST("given images on trial when the record that confirms cannot be written then the card restarts") no_record();
    TEST("given images on trial when an update is asked for then it has to wait for the end of the trial")
    update_refused();
    TEST("given an activated image when it cannot be loaded then the one before runs and the image has failed")
    damaged();
    TEST("given a record that a cut left weak when the card starts then it is written again") weak_record();
    TEST(
        "given a board that raises its minimum when an image is confirmed then no older one is taken, before any erase")
    minimum_raised();
    TEST("given fuses that were not burnt with the record when the card starts then they are") fuses_later();
    TEST("given a board that keeps its minimum when an image is confirmed then an older one is still taken")
    minimum_kept();
    TEST("given a board that raises its minimum when the image fails its trial then the minimum stays")
    failed_trial_keeps_minimum();
    TEST("given fuses when an image is older than they allow then it is refused") fuses();
    TEST("given a component of one slot when it is updated then it is written in place and has no trial") single_slot();
    TEST("given a component of one slot when its update ends early then it has no image and can be updated")
    single_slot_cut();
    TEST("given a golden image when nothing else loads then it runs, is shown and never written") golden();
    TEST("given a fallback when the slot that failed is overwritten then the journal has left it before")
    fallback_is_recorded();
    return check_result();
}
