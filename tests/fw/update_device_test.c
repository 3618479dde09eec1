// SPDX-License-Identifier: Apache-2.0
//
// The whole firmware device without a card: PLDM messages in, orders on the stand-in engine, and what flash, journal
// and inventory say afterwards.
#include "tests/fw/update_agent.h"

/* A self-contained activation shows its progress until the card restarts, not before the board's time has passed. */
static void quiesce(void) {
    uint8_t last = 0;
    ask(PLDM_GET_STATUS, NULL, 0);
    CHECK(body[1] == PLDM_STATE_ACTIVATE && body[3] == PLDM_AUX_IN_PROGRESS);
    for (uint32_t ms = 0; ms < 1500u - 5; ms += 100) {
        CHECK(!restarted);
        now += 100;
        uint32_t due = device_tick(&device, now);
        CHECK(due >= 1 && due <= DEVICE_TICK_MS);
        ask(PLDM_GET_STATUS, NULL, 0);
        CHECK(body[1] == PLDM_STATE_ACTIVATE && body[5] >= last && body[5] <= 100);
        last = body[5];
    }
    CHECK(last > 90 && restarted);
}

static void whole_update(void) {
    factory();
    inventory(0, "1.0.0", NULL);
    CHECK_EQ(update_one(0, "2.0.0", 20, 30000), 0);
    CHECK_EQ(peer, AGENT);
    CHECK_EQ(chunk_log2, 12);
    CHECK_EQ(fake.journal_erased, 1);  // in APPLY
    inventory(0, "1.0.0", NULL);
    CHECK_EQ(journal_next(0), 0);
    CHECK_EQ(activate(true), PLDM_SUCCESS);
    CHECK_EQ(body[1] | body[2] << 8, 5);
    quiesce();
    CHECK_EQ(fake.journal_erased, 1);
    CHECK_EQ(journal_next(0), 1);
    CHECK_EQ(journal_next(1), 0);
    boot_healthy();
    inventory(0, "2.0.0", NULL);
    inventory(1, "1.1.0", NULL);
    CHECK_EQ(update_one(0, "2.0.1", 21, 30000), 0);  // and back into slot A
    CHECK_EQ(activate(true), PLDM_SUCCESS);
    CHECK_EQ(journal_next(0), 0);
    boot_healthy();
    inventory(0, "2.0.1", NULL);
    fake_free(&fake);
}

static void announced_time(void) {
    static const struct {
        uint32_t start_ms;
        unsigned seconds;
    } cases[] = {{0, 5}, {2400, 5}, {2800, 5}, {2801, 6}, {20000, 27}};  // the board: 1.5 s to rest, 3 s to restart
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        factory();
        device_started(&device, cases[i].start_ms);
        CHECK_EQ(update_one(0, "2.0.0", 20, 20000), 0);
        CHECK_EQ(activate(true), PLDM_SUCCESS);
        CHECK_EQ((unsigned)(body[1] | body[2] << 8), cases[i].seconds);
        fake_free(&fake);
    }
}

static void outstanding_requests(void) {
    static const struct {
        uint8_t offered, used;
    } cases[] = {
        {1, 1}, {2, 2}, {FAKE_REQUESTS, FAKE_REQUESTS}, {FAKE_REQUESTS + 1, FAKE_REQUESTS}, {255, FAKE_REQUESTS}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        factory();
        CHECK_EQ(request_update_offering(4096, cases[i].offered), PLDM_SUCCESS);
        CHECK_EQ(pass(0, "2.0.0", 20, PLDM_TRANSFER_START_AND_END), 0);
        CHECK_EQ(transfer_all(0, "2.0.0", 20, 20000), 0);
        CHECK_EQ(outstanding, cases[i].used);
        CHECK_EQ(chunk_log2, 12);
        fake_free(&fake);
    }
}

static void request_lengths(void) {
    static const struct {
        uint32_t offered;
        uint8_t log2;
    } cases[] = {{512, 9}, {4096, 12}, {8191, 12}, {8192, 13}, {16384, 13}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        factory();
        fake.engine.chunk_log2 = 13;
        CHECK_EQ(request_update_offering(cases[i].offered, 1), PLDM_SUCCESS);
        CHECK_EQ(pass(0, "2.0.0", 20, PLDM_TRANSFER_START_AND_END), 0);
        CHECK_EQ(transfer_all(0, "2.0.0", 20, 20000), 0);
        CHECK_EQ(chunk_log2, cases[i].log2);
        fake_free(&fake);
    }
}

static void two_components(void) {
    factory();
    CHECK_EQ(request_update(512), PLDM_SUCCESS);
    CHECK_EQ(pass(0, "2.0.0", 20, PLDM_TRANSFER_START), 0);
    CHECK_EQ(pass(1, "2.1.0", 21, PLDM_TRANSFER_END), 0);
    CHECK_EQ(transfer_all(0, "2.0.0", 20, 20000), 0);
    CHECK_EQ(chunk_log2, 9);
    CHECK_EQ(transfer_all(1, "2.1.0", 21, 700000), 0);
    CHECK_EQ(activate(false), PLDM_SUCCESS);
    CHECK(!restarted);
    CHECK_EQ(device.fd.state, PLDM_STATE_IDLE);
    CHECK_EQ(journal_next(0), 1);
    CHECK_EQ(journal_next(1), 1);
    inventory(0, "1.0.0", "2.0.0");
    inventory(1, "1.1.0", "2.1.0");
    boot_healthy();
    inventory(0, "2.0.0", NULL);
    inventory(1, "2.1.0", NULL);
    fake_free(&fake);
}

/* A second update before the restart takes the slot of the image that waits there. */
static void pending_replaced(void) {
    factory();
    CHECK_EQ(update_one(1, "2.1.0", 21, 20000), 0);
    CHECK_EQ(activate(false), PLDM_SUCCESS);
    CHECK_EQ(journal_next(1), 1);
    CHECK_EQ(request_update(4096), PLDM_SUCCESS);
    CHECK_EQ(pass(1, "3.0.0", 30, PLDM_TRANSFER_START_AND_END), 0);
    fake_image(&fake, image_of(1, "3.0.0", 30, 5000), 3);
    fake.slot_base = fake.slot_size = 1;  // nothing may be erased but the journal
    unsigned done, reason;
    bool stopped;
    CHECK_EQ(update(1, "3.0.0", 30, fake.image_size, false), 0);
    CHECK_EQ(journal_next(1), 1);
    if (CHECK(fake_run(&fake, &done, &stopped, &reason))) device_engine(&device, done, stopped, reason);
    CHECK_EQ(journal_next(1), 0);  // durable before the first erase
    fake.slot_base = components[1].slot[1];
    fake.slot_size = components[1].slot_size;
    inventory(1, "1.1.0", NULL);
    run_engine();
    CHECK_EQ(acknowledge(PLDM_TRANSFER_COMPLETE), 0);
    fake_free(&fake);
}

static void abandoned(void) {
    factory();
    CHECK_EQ(update_one(0, "2.0.0", 20, 30000), 0);
    ask(PLDM_CANCEL_UPDATE, NULL, 0);
    CHECK_EQ(body[0], PLDM_SUCCESS);
    CHECK_EQ(journal_next(0), 0);
    inventory(0, "1.0.0", NULL);
    // Applied then is not applied now: a new update of the other component activates only that one.
    CHECK_EQ(update_one(1, "2.1.0", 21, 5000), 0);
    CHECK_EQ(activate(false), PLDM_SUCCESS);
    CHECK_EQ(journal_next(0), 0);
    CHECK_EQ(journal_next(1), 1);
    fake_free(&fake);
}

static void cancelled_download(void) {
    factory();
    CHECK_EQ(request_update(4096), PLDM_SUCCESS);
    CHECK_EQ(pass(0, "2.0.0", 20, PLDM_TRANSFER_START_AND_END), 0);
    fake_image(&fake, image_of(0, "2.0.0", 20, 30000), 1);
    CHECK_EQ(update(0, "2.0.0", 20, fake.image_size, false), 0);
    ask(PLDM_CANCEL_UPDATE_COMPONENT, NULL, 0);
    CHECK_EQ(body[0], PLDM_SUCCESS);
    CHECK(transfer_busy(&device.transfer));
    CHECK_EQ(transfer_all(0, "2.0.0", 20, 30000), 0);  // begins while the engine has not stopped yet
    CHECK_EQ(activate(false), PLDM_SUCCESS);
    inventory(0, "1.0.0", "2.0.0");
    fake_free(&fake);
}

/* Each order of a download is told one by one. */
static void timers_in_a_download(void) {
    unsigned done, reason, orders = 0;
    bool stopped, goes_on = true;
    factory();
    CHECK_EQ(request_update(4096), PLDM_SUCCESS);
    CHECK_EQ(pass(0, "2.0.0", 20, PLDM_TRANSFER_START_AND_END), 0);
    fake_image(&fake, image_of(0, "2.0.0", 20, 30000), 1);
    CHECK_EQ(update(0, "2.0.0", 20, fake.image_size, false), 0);
    for (; check_ok && fake_run(&fake, &done, &stopped, &reason); orders++) {
        CHECK(goes_on);
        goes_on = device_engine(&device, done, stopped, reason);
        CHECK_EQ(goes_on, !device.fd.request.pending);
    }
    CHECK(orders > 5 && !goes_on);
    fake_free(&fake);
}

static void results(void) {
    static const struct {
        unsigned reason;
        uint8_t want;
    } stops[] = {
        {STOP_REASON_TIMEOUT, PLDM_RESULT_TIMEOUT},        {STOP_REASON_COMPLETION_CODE, PLDM_TRANSFER_ABORTED},
        {STOP_REASON_LENGTH, PLDM_TRANSFER_ABORTED},       {STOP_REASON_HASH, DEVICE_BAD_HASH},
        {STOP_REASON_FLASH_TIMEOUT, DEVICE_FLASH},         {STOP_REASON_PROGRAM, DEVICE_FLASH},
        {STOP_REASON_BAD_ORDER, PLDM_RESULT_GENERIC_ERROR}};
    for (size_t i = 0; i < sizeof stops / sizeof stops[0]; i++) {
        factory();
        fake.stop_at = 4;
        fake.stop_reason = stops[i].reason;
        CHECK_EQ(update_one(0, "2.0.0", 20, 30000), stops[i].want);
        CHECK_EQ(device.fd.state, PLDM_STATE_DOWNLOAD);
        inventory(0, "1.0.0", NULL);
        fake_free(&fake);
    }
    factory();
    fake.stop_at = 11;  // in VERIFY: 9 orders of the download, manifest, table
    fake.stop_reason = STOP_REASON_HASH;
    CHECK_EQ(update_one(0, "2.0.0", 20, 30000), PLDM_VERIFY_FAILURE);
    CHECK_EQ(device.fd.state, PLDM_STATE_VERIFY);
    CHECK_EQ(device.applied, 0);
    fake_free(&fake);
}

static void checks(void) {
    char longest[130];
    memset(longest, '1', 129);
    longest[129] = 0;
    factory();
    CHECK_EQ(request_update(4096), PLDM_SUCCESS);
    CHECK_EQ(pass(0, longest, 20, PLDM_TRANSFER_START), PLDM_COMPONENT_STAMP_INVALID);
    CHECK_EQ(pass(1, "2.0.0", 20, PLDM_TRANSFER_END), 0);
    CHECK_EQ(update(1, "2.0.0", 20, 8192, false), FD_RESPONSE_SIZE);
    CHECK_EQ(update(1, "2.0.0", 20, 0x100040, false), FD_RESPONSE_SIZE);
    fake_free(&fake);
    factory();
    policies[0] = policies[1] = (struct board_policy){.same = BOARD_IF_FORCED, .lower = BOARD_IF_FORCED};
    CHECK_EQ(request_update(4096), PLDM_SUCCESS);
    CHECK_EQ(pass(0, "1.0.0", 10, PLDM_TRANSFER_START), PLDM_COMPONENT_STAMP_IDENTICAL);
    CHECK_EQ(pass(1, "0.9.0", 9, PLDM_TRANSFER_END), PLDM_COMPONENT_STAMP_LOWER);
    CHECK_EQ(update(0, "1.0.0", 10, 9000 / 64 * 64, false), PLDM_COMPONENT_STAMP_IDENTICAL);
    CHECK_EQ(update(1, "0.9.0", 9, 9000 / 64 * 64, true), 0);
    fake_free(&fake);
}

static void journal_failure(void) {
    factory();
    CHECK_EQ(update_one(0, "2.0.0", 20, 30000), 0);
    journal_fails = true;
    CHECK(activate(true) != PLDM_SUCCESS);
    CHECK(!restarted);
    CHECK_EQ(slots_next(&device.slots, 0), 0);
    journal_fails = false;
    CHECK_EQ(activate(true), PLDM_SUCCESS);
    CHECK_EQ(journal_next(0), 1);
    fake_free(&fake);
    factory();
    fake.stop_at = 9 + 3 + 1;  // the erase in APPLY, after the orders of download and verification
    fake.stop_reason = STOP_REASON_FLASH_TIMEOUT;
    CHECK_EQ(update_one(0, "2.0.0", 20, 30000), PLDM_APPLY_MEMORY_WRITE_FAILURE);
    CHECK_EQ(device.fd.state, PLDM_STATE_APPLY);
    CHECK_EQ(device.applied, 0);
    fake_free(&fake);
}

static void fallbacks(void) {
    factory();
    CHECK_EQ(update_one(0, "2.0.0", 20, 30000), 0);
    CHECK_EQ(activate(true), PLDM_SUCCESS);
    boot(1);  // slot B is damaged
    inventory(0, "1.0.0", NULL);
    CHECK_EQ(slots_target(&device.slots, 0), 1);
    CHECK_EQ(slots_state(&device.slots, 0, 1), SLOT_FAILED);
    fake_free(&fake);
    fake_init(&fake);
    power_on(0);
    inventory(1, "none", NULL);
    device.read_only = true;
    CHECK_EQ(request_update(4096), PLDM_UNABLE_TO_INITIATE_UPDATE);
    fake_free(&fake);
}

int main(void) {
    TEST("given a download when an order is done then the timers may wait until there is something to send")
    timers_in_a_download();
    TEST("given a factory card when its firmware is updated and activated then the new one runs after the restart")
    whole_update();
    TEST("given starts of the card that took their time when it is activated then it announces at least as much")
    announced_time();
    TEST("given each number of outstanding requests offered then as many are used, at most those that the engine has")
    outstanding_requests();
    TEST("given transfer sizes offered when a transfer starts then requests are as long as offer and engine allow")
    request_lengths();
    TEST("given both components updated when activation is not self-contained then both are pending until a restart")
    two_components();
    TEST(
        "given an image that waits for a restart when it is replaced then the journal returns to the running one first")
    pending_replaced();
    TEST("given an applied component when the update is cancelled then it is never activated") abandoned();
    TEST("given a download when it is cancelled and begun again at once then the second one succeeds")
    cancelled_download();
    TEST("given each way to stop when a component is updated then the agent is told the fitting result") results();
    TEST("given offers that cannot be when they are made then the agent is told why") checks();
    TEST(
        "given a journal that cannot be written when activation is asked for then nothing changes and it may be "
        "repeated")
    journal_failure();
    TEST("given a fallback or a blank card when it starts then the inventory says what runs") fallbacks();
    return check_result();
}
