// SPDX-License-Identifier: Apache-2.0
//
// The transfer against the stand-in engine: what ends up in the flash, in which order, and what happens when an image,
// the agent or the flash is bad.
#include "tests/fw/transfer_rig.h"

static void good(uint32_t payload) {
    setup(sample(payload));
    download();
    CHECK_EQ(transfer.phase, TRANSFER_DOWNLOADED);
    CHECK_EQ(transfer_percent(&transfer), 100);
    check_slot();
    transfer_verify(&transfer);
    CHECK_EQ(transfer_percent(&transfer), 0);
    run();
    CHECK_EQ(transfer.phase, TRANSFER_VERIFIED);
    CHECK_EQ(transfer.result, TRANSFER_OK);
    check_slot();
    fake_free(&fake);
}

static void sequence(void) {
    setup(sample(300 * 4096));
    download();
    // Manifest and meanwhile the slot's log, invalidation, the first tables and meanwhile the slot's ones, a record,
    // then payloads and a table ahead, manifest again.
    static const struct {
        enum order_source source;
        bool check, sink;
        uint32_t image_offset, flash_address;
        uint8_t count, dest;
    } want[] = {
        {ORDER_LINK, false, false, 0, 0, 1, 12},
        {ORDER_FLASH, false, false, 0, BASE + SIZE - 0x1000, 1, 3},
        {ORDER_RAM, false, true, 0, BASE + SIZE - 0xF00, 1, 4},
        {ORDER_LINK, true, false, 0x1000, 0, 1, 2},
        {ORDER_FLASH, true, false, 0, BASE + SIZE - 0x2000, 1, 4},
        {ORDER_LINK, true, false, 0x2000, 0, 1, 1},
        {ORDER_FLASH, true, false, 0, BASE + SIZE - 0x3000, 1, 4},
        {ORDER_FLASH, true, false, 0, BASE + SIZE - 0x4000, 1, 4},
        {ORDER_RAM, false, true, 0, BASE + SIZE - 0xF00, 1, 4},
        {ORDER_RAM, false, true, 0, BASE + SIZE - 0x3000, 2, 1},
        {ORDER_LINK, true, true, 0x4000, BASE, 128, 0},
        {ORDER_LINK, true, true, 0x3000, BASE + SIZE - 0x4000, 1, 3},
        {ORDER_LINK, true, true, 0x84000, BASE + 0x80000, 128, 0},
        {ORDER_LINK, true, true, 0x104000, BASE + 0x100000, 44, 0},
        {ORDER_RAM, false, true, 0, BASE + SIZE - 0x1000, 1, 12},
    };
    if (CHECK_EQ(fake.logged, sizeof want / sizeof want[0])) {
        for (unsigned i = 0; i < fake.logged; i++) {
            const struct order *got = &fake.log[i];
            CHECK_EQ(got->source, want[i].source);
            CHECK_EQ(got->check, want[i].check);
            CHECK_EQ(got->sink, want[i].sink);
            CHECK_EQ(got->compare, got->source == ORDER_FLASH && got->check);
            if (got->source == ORDER_LINK) CHECK_EQ(got->image_offset, want[i].image_offset);
            if (got->sink || got->source == ORDER_FLASH) CHECK_EQ(got->flash_address, want[i].flash_address);
            CHECK_EQ(got->count, want[i].count);
            CHECK_EQ(got->dest, want[i].dest);
        }
    }
    // 1.2 MB in 64 KiB erases; the last 12 blocks share a region with nothing.
    CHECK_EQ(fake.erased[2], 19);
    CHECK_EQ(fake.erased[0], 5);
    fake_free(&fake);
}

/* Steps the engine by hand: from the first payload order to the last one two orders are there all the time, both from
 * the link. */
static void never_starves(void) {
    unsigned done, reason, payloads = 0;
    bool stopped;
    setup(sample(400 * 4096));
    struct transfer_announced told = announced();
    transfer_start(&transfer, &target, &told);
    while (fake_run(&fake, &done, &stopped, &reason)) {
        transfer_order_done(&transfer);
        if (fake.queued == 0) continue;
        payloads += fake.queue[0].source == ORDER_LINK && !fake.queue[0].keep;
        if (payloads == 0 || payloads == 4) continue;
        CHECK_EQ(fake.queued, ORDER_QUEUE);
        CHECK(fake.queue[0].source == ORDER_LINK && fake.queue[1].source == ORDER_LINK);
    }
    CHECK_EQ(payloads, 4);
    CHECK_EQ(transfer.phase, TRANSFER_DOWNLOADED);
    fake_free(&fake);
}

/* The link brings the first tables while the slot's manifest is being erased. */
static void erases_while_it_fetches(void) {
    unsigned done, reason, invalidations = 0;
    bool stopped;
    setup(sample(300 * 4096));
    struct transfer_announced told = announced();
    transfer_start(&transfer, &target, &told);
    while (fake.queued != 0) {
        const bool header = fake.queue[0].flash_address / IMAGE_BLOCK == first_header(0) / IMAGE_BLOCK;
        if (fake.queue[0].source == ORDER_RAM && header && !fake.queue[0].no_erase && invalidations++ == 0)
            CHECK(fake.queued == ORDER_QUEUE && fake.queue[1].source == ORDER_LINK);
        if (fake_run(&fake, &done, &stopped, &reason)) transfer_order_done(&transfer);
    }
    CHECK_EQ(invalidations, 2);  // and the manifest itself in the end
    fake_free(&fake);
}

/* Without room for three tables a table waits for the payload before. */
static void little_room(void) {
    setup(sample(400 * 4096));
    fake.engine.first_free = 13;
    transfer_init(&transfer, &fake.engine);
    download();
    CHECK_EQ(transfer.phase, TRANSFER_DOWNLOADED);
    CHECK_EQ(transfer.manifest, 1);
    check_slot();
    transfer_verify(&transfer);
    run();
    CHECK_EQ(transfer.phase, TRANSFER_VERIFIED);
    fake_free(&fake);
}

static void manifest_comes_last(void) {
    setup(sample(200 * 4096));
    for (unsigned stop = 2; stop <= 12; stop++) {
        fake_image(&fake, sample(200 * 4096), 42);
        fake.logged = 0;
        fake.stop_at = stop;
        fake.stop_reason = STOP_REASON_TIMEOUT;
        memset(fake.flash + BASE, 0x5A, SIZE);                          // nothing that is equal
        memcpy(fake.flash + first_header(0), fake.image, IMAGE_BLOCK);  // a valid manifest from before
        transfer_init(&transfer, &fake.engine);
        download();
        CHECK_EQ(transfer.phase, TRANSFER_FAILED);
        CHECK_EQ(transfer.result, TRANSFER_TIMEOUT);
        struct image image;
        enum image_error valid = image_parse(fake.flash + first_header(0), IMAGE_BLOCK, &image);
        CHECK_EQ(valid == IMAGE_OK, stop <= 3);  // until the invalidation was done
    }
    fake_free(&fake);
}

static void stops(unsigned reason, enum transfer_result want) {
    setup(sample(200 * 4096));
    fake.stop_at = 4;
    fake.stop_reason = reason;
    download();
    CHECK_EQ(transfer.phase, TRANSFER_FAILED);
    CHECK_EQ(transfer.result, want);
    CHECK(!transfer_busy(&transfer));
    fake.stop_at = 0;  // and the next try succeeds
    download();
    CHECK_EQ(transfer.phase, TRANSFER_DOWNLOADED);
    check_slot();
    fake_free(&fake);
}

/* Only the manifest may have been fetched, and not a byte of the slot changed. */
static void refused(enum transfer_result want) {
    static uint8_t before[SIZE];
    memcpy(before, fake.flash + BASE, SIZE);
    download();
    CHECK_EQ(transfer.phase, TRANSFER_FAILED);
    CHECK_EQ(transfer.result, want);
    CHECK_EQ(fake.logged, 2);  // the second one reads the slot's log meanwhile
    CHECK_MEM(fake.flash + BASE, before, SIZE);
    fake_free(&fake);
}

static void wrong_images(void) {
    struct image image = sample(5000);
    image.identifier = 1;
    setup(image);
    refused(TRANSFER_WRONG_TARGET);
    image = sample(5000);
    image.classification = 0x000B;
    setup(image);
    refused(TRANSFER_WRONG_TARGET);
    image = sample(5000);
    image.load_address = 0x10000000;
    setup(image);
    refused(TRANSFER_WRONG_TARGET);
    image = sample(5000);
    image.version = (const uint8_t *)"2.0.2";
    setup(image);
    refused(TRANSFER_WRONG_VERSION);
    image.version_length = 4;
    setup(image);
    refused(TRANSFER_WRONG_VERSION);
    image = sample(5000);
    image.version_type = 2;
    setup(image);
    refused(TRANSFER_WRONG_VERSION);
    image = sample(5000);
    image.stamp = 6;
    setup(image);
    refused(TRANSFER_WRONG_VERSION);
    setup(sample(5000));
    memset(fake.image, 0xFF, 4);
    refused(TRANSFER_BAD_MANIFEST);
    setup(sample(5000));
    fake.image[IMAGE_AT_PAYLOAD_BLOCKS] = 9;
    refused(TRANSFER_BAD_MANIFEST);
    setup(sample(5000));
    fake.image_size += 64;  // announced larger than the manifest says
    fake.image = realloc(fake.image, fake.image_size);
    refused(TRANSFER_WRONG_TARGET);
    setup(sample(SIZE - 3 * 4096 - 100));  // 1 manifest, 4 tables: two blocks too many
    refused(TRANSFER_TOO_LARGE);
}

static void no_stamp(void) {
    setup(sample(5000));
    struct transfer_announced told = announced();
    told.stamp = UINT32_MAX;
    transfer_start(&transfer, &target, &told);
    run();
    CHECK_EQ(transfer.phase, TRANSFER_DOWNLOADED);
    fake_free(&fake);
}

static void payload_limit(void) {
    struct transfer_target small = target;
    setup(sample(5001));
    small.payload_max = 5000;
    struct transfer_announced told = announced();
    transfer_start(&transfer, &small, &told);
    run();
    CHECK_EQ(transfer.result, TRANSFER_TOO_LARGE);
    fake_free(&fake);
}

/* A manifest of two blocks: 42 tables, 21 MiB; it is fetched whole, then found too large for this slot. */
static void large_manifest(void) {
    setup(sample(42u * 128u * 4096u));
    fake.engine.first_free = 13;  // no room for four blocks: one, before the tables
    transfer_init(&transfer, &fake.engine);
    CHECK_EQ(transfer.manifest, 1);
    refused(TRANSFER_TOO_LARGE);

    fake_init(&fake);
    struct image image = sample(5000);
    fake_image(&fake, image, 1);
    fake_grow_manifest(&fake, 3);
    transfer_init(&transfer, &fake.engine);
    download();
    CHECK_EQ(transfer.phase, TRANSFER_DOWNLOADED);
    CHECK_EQ(transfer.image.manifest_blocks, 3);
    check_slot();
    CHECK_EQ(fake.log[fake.logged - 1].flash_address, first_header(0));  // until then the slot is invalid
    transfer_verify(&transfer);
    run();
    CHECK_EQ(transfer.phase, TRANSFER_VERIFIED);
    CHECK_EQ(fake.log[4].source, ORDER_RAM);  // three fetches and the slot's log come before anything is written
    fake_free(&fake);
}

static void bad_block(uint32_t at) {
    setup(sample(200 * 4096));
    fake.image[at] ^= 1;
    download();
    CHECK_EQ(transfer.phase, TRANSFER_FAILED);
    CHECK_EQ(transfer.result, TRANSFER_BAD_HASH);
    struct image image;
    CHECK(image_parse(fake.flash + first_header(0), IMAGE_BLOCK, &image) != IMAGE_OK);
    fake_free(&fake);
}

static void rot(uint32_t at) {
    setup(sample(200 * 4096));
    download();
    CHECK_EQ(transfer.phase, TRANSFER_DOWNLOADED);
    fake.flash[at] ^= 0x10;
    transfer_verify(&transfer);
    run();
    CHECK_EQ(transfer.phase, TRANSFER_FAILED);
    CHECK_EQ(transfer.result, at >= first_header(0) ? TRANSFER_FLASH : TRANSFER_BAD_HASH);
    fake_free(&fake);
}

static void cancelled_anywhere(void) {
    for (unsigned after = 0; after < 12; after++) {
        unsigned done, reason;
        bool stopped;
        setup(sample(200 * 4096));
        struct transfer_announced told = announced();
        transfer_start(&transfer, &target, &told);
        for (unsigned i = 0; i < after; i++)
            if (fake_run(&fake, &done, &stopped, &reason)) transfer_order_done(&transfer);
        transfer_cancel(&transfer);
        CHECK_EQ(transfer_busy(&transfer), fake.queued != 0);
        run();
        CHECK_EQ(transfer.phase, TRANSFER_IDLE);
        CHECK_EQ(fake.queued, 0);
        download();
        CHECK_EQ(transfer.phase, TRANSFER_DOWNLOADED);
        check_slot();
        fake_free(&fake);
    }
}

/* The order was complete when the abort reached the engine: its completion is seen before the stop. */
static void cancel_races(void) {
    setup(sample(5000));
    struct transfer_announced told = announced();
    transfer_start(&transfer, &target, &told);
    transfer_cancel(&transfer);
    transfer_order_done(&transfer);
    CHECK(transfer_busy(&transfer));
    CHECK_EQ(fake.logged, 2);
    transfer_order_stopped(&transfer, STOP_REASON_ABORT);
    CHECK_EQ(transfer.phase, TRANSFER_IDLE);
    fake_free(&fake);
}

static void progress(void) {
    unsigned done, reason;
    bool stopped;
    uint8_t last = 0;
    setup(sample(300 * 4096));
    struct transfer_announced told = announced();
    transfer_start(&transfer, &target, &told);
    while (fake_run(&fake, &done, &stopped, &reason)) {
        transfer_order_done(&transfer);
        for (fake.finished = 0; fake.finished < 128; fake.finished++) {
            uint8_t now = transfer_percent(&transfer);
            CHECK(now >= last && now <= 100);
            last = now;
        }
        fake.finished = 0;
        CHECK_EQ(transfer_percent(&transfer), last);
    }
    CHECK_EQ(last, 100);
    fake_free(&fake);
    setup(sample(128 * 4096));
    transfer_start(&transfer, &target, &told);
    CHECK_EQ(transfer_percent(&transfer), 0);
    fake_free(&fake);
}

static void chunks(void) {
    static const struct {
        uint32_t max;
        uint8_t most;
        uint32_t rate, ms;
        uint8_t log2;
    } cases[] = {{4096, 12, 100000, 500, 12},  {16384, 12, 100000, 500, 12}, {150, 12, 100000, 500, 7},
                 {512, 12, 100000, 500, 9},    {32, 12, 100000, 500, 5},     {63, 12, 100000, 500, 5},
                 {64, 12, 100000, 500, 6},     {4095, 12, 100000, 500, 11},  {4096, 12, 11520, 500, 12},
                 {4096, 12, 6000, 500, 11},    {4096, 12, 1000, 500, 8},     {4096, 12, 0, 500, 5},
                 {4096, 13, 100000, 500, 12},  {8191, 13, 100000, 500, 12},  {8192, 13, 100000, 500, 13},
                 {16384, 13, 100000, 500, 13}, {8192, 12, 100000, 500, 12},  {8192, 13, 11520, 500, 12},
                 {150, 13, 100000, 500, 7}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        CHECK_EQ(transfer_chunk_log2(cases[i].max, cases[i].most, cases[i].rate, cases[i].ms), cases[i].log2);
}

static void possible_sizes(void) {
    CHECK(!transfer_size_possible(&target, 8192));
    CHECK(transfer_size_possible(&target, 8192 + 64));
    CHECK(!transfer_size_possible(&target, 8192 + 65));
    CHECK(transfer_size_possible(&target, SIZE));
    CHECK(!transfer_size_possible(&target, SIZE + 64));
}

int main(void) {
    static const uint32_t payloads[] = {1, 64, 4095, 4097, 128 * 4096, 128 * 4096 + 1, 300 * 4096 + 100, 507 * 4096};
    TEST("given images of border sizes when they are transferred and verified then the slot holds each byte of them")
    for (size_t i = 0; i < sizeof payloads / sizeof payloads[0]; i++) good(payloads[i]);
    TEST("given an image of three tables when it is transferred then the orders are the documented ones") sequence();
    TEST("given an image of four tables when its payload is transferred then the link has two orders all the time")
    never_starves();
    TEST("given a slot that is made invalid when its manifest is erased then the link brings a table meanwhile")
    erases_while_it_fetches();
    TEST("given RAM for two tables only when an image of four is transferred then the slot holds each byte of it")
    little_room();
    TEST("given a valid slot when a transfer stops at any order then the slot is valid only if nothing was changed")
    manifest_comes_last();
    TEST("given an agent that does not answer when the engine stops then the result is a timeout")
    stops(STOP_REASON_TIMEOUT, TRANSFER_TIMEOUT);
    TEST("given an agent that answers an error when the engine stops then the result says so")
    stops(STOP_REASON_COMPLETION_CODE, TRANSFER_REFUSED);
    TEST("given a flash that stays busy when the engine stops then the result is a flash failure")
    stops(STOP_REASON_FLASH_TIMEOUT, TRANSFER_FLASH);
    TEST("given a page that reads back differently when the engine stops then the result is a flash failure")
    stops(STOP_REASON_PROGRAM, TRANSFER_FLASH);
    TEST("given images that are not what was announced when the manifest is there then nothing is written")
    wrong_images();
    TEST("given a package without comparison stamps when it is transferred then the manifest's stamp is accepted")
    no_stamp();
    TEST("given a payload one byte over the component's limit when the manifest is there then it is too large")
    payload_limit();
    TEST("given a manifest of several blocks when there is room then it is fetched whole before anything is written")
    large_manifest();
    TEST("given a payload block that does not match its hash when it is transferred then the slot stays invalid")
    bad_block(3 * 4096 + 150 * 4096 + 7);
    TEST("given a table that does not match the manifest when it is transferred then the slot stays invalid")
    bad_block(4096 + 5);
    TEST("given a flash byte that rots in the payload when the slot is verified then that fails") rot(BASE + 0x30005);
    TEST("given a flash byte that rots in a table when the slot is verified then that fails") rot(first_header(2) + 9);
    TEST("given a flash byte that rots in the manifest when the slot is verified then that fails")
    rot(first_header(0) + 4000);
    TEST("given a transfer when it is cancelled after any order then the engine is free and the next one succeeds")
    cancelled_anywhere();
    TEST("given a cancelled transfer when a completion comes before the stop then nothing is pushed") cancel_races();
    TEST("given a transfer when progress is asked for then it never falls and ends at 100") progress();
    TEST("given transfer sizes and line rates when the request length is chosen then an answer is short enough")
    chunks();
    TEST("given announced sizes when they are held against the slot then impossible ones are refused") possible_sizes();
    return check_result();
}
