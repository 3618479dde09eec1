// SPDX-License-Identifier: Apache-2.0
//
// The transfer into a slot that holds some of the image already: what is equal is neither fetched nor erased, what a
// cut left undone is all that the next try fetches, and a slot that only seems to be equal does no harm.
#include "tests/fw/transfer_rig.h"

#define BLOCKS 300u  // three tables, the last of 44

static struct image described;  // the image to serve

/* An image of @p blocks blocks, all of it in the slot. */
static void installed(uint32_t blocks) {
    described = sample(blocks * IMAGE_BLOCK - 100u);
    setup(described);
    CHECK(image_layout(&described));
    download();
    CHECK_EQ(transfer.phase, TRANSFER_DOWNLOADED);
}

static void forget_counts(void) {
    fake.fetched = fake.logged = 0;
    memset(fake.erased, 0, sizeof fake.erased);
}

static uint8_t *image_block(uint32_t block) {
    return fake.image + (image_header_blocks(&described) + block) * IMAGE_BLOCK;
}

static uint8_t *slot_block(uint32_t block) {
    return fake.flash + BASE + block * IMAGE_BLOCK;
}

/* Blocks below the manifest's that were written. */
static unsigned table_writes(void) {
    unsigned n = 0;
    for (unsigned i = 0; i < fake.logged; i++) {
        const struct order *o = &fake.log[i];
        bool table = o->sink && o->flash_address >= first_header(3) && o->flash_address < first_header(0);
        if (table) n += (unsigned)__builtin_popcount(o->plan[0]);
    }
    return n;
}

static void again(void) {
    download();
    CHECK_EQ(transfer.phase, TRANSFER_DOWNLOADED);
    check_slot();
    transfer_verify(&transfer);
    run();
    CHECK_EQ(transfer.phase, TRANSFER_VERIFIED);
}

static void near_version(uint32_t first, uint32_t every, uint32_t count, unsigned tables) {
    installed(BLOCKS);
    for (uint32_t i = 0; i < count; i++) image_block(first + i * every)[17] ^= 0x40;
    fake_seal(&fake, &described);
    forget_counts();
    again();
    CHECK_EQ(fake.fetched, count);
    CHECK_EQ(table_writes(), tables);
    if (every > 1) {  // one erase a block, table or manifest block; that of the manifest twice
        CHECK_EQ(fake.erased[0], count + tables + 2);
        CHECK_EQ(fake.erased[1] + fake.erased[2], 0);
    }
    fake_free(&fake);
}

/* Cut twice among the payload, order 11 of the first try and 12 of the second, which found the log. */
static void a_log_without_its_head(void) {
    setup(sample(BLOCKS * IMAGE_BLOCK));
    fake.stop_reason = STOP_REASON_TIMEOUT;
    for (unsigned order = 11; order <= 12; order++) {
        fake.logged = 0;
        fake.stop_at = order;
        fake.stop_block = order == 11 ? 50 : 60;
        download();
        CHECK_EQ(transfer.phase, TRANSFER_FAILED);
        CHECK_EQ(fake.log[order - 1].source, ORDER_LINK);
        CHECK_EQ(fake.log[order - 1].flash_address, BASE);
    }
    fake.flash[first_header(0) + 0x100] ^= 1;
    fake.stop_at = 0;
    forget_counts();
    download();
    CHECK(transfer.log.found);
    CHECK_EQ(transfer.phase, TRANSFER_DOWNLOADED);
    CHECK_EQ(fake.fetched, BLOCKS - 59);  // the last one that was written may be weak
    check_slot();
    fake_free(&fake);
}

/* Order @p order of a download, one for payload, is cut before its block @p block. */
static void cut_payload(unsigned order, unsigned block) {
    fake.stop_reason = STOP_REASON_TIMEOUT;
    fake.stop_at = order;
    fake.stop_block = block;
    forget_counts();
    download();
    CHECK_EQ(transfer.phase, TRANSFER_FAILED);
    CHECK_EQ(fake.log[order - 1].flash_address, BASE);
    fake.stop_at = 0;
    forget_counts();
}

/* Block 10 was written when the cut came, and may be weak; block 90 was equal and is not in the log's plan. */
static void a_bit_that_turned(void) {
    installed(BLOCKS);
    for (uint32_t i = 10; i <= 30; i += 10) image_block(i)[17] ^= 0x40;
    fake_seal(&fake, &described);
    cut_payload(12, 20);
    slot_block(90)[3] ^= 4;
    again();
    CHECK_EQ(fake.fetched, 4);
    fake_free(&fake);
}

/* The second try begins the log's page 2. */
static void a_page_that_looks_blank(void) {
    uint32_t records[2] = {0};
    unsigned n = 0;
    described = sample(BLOCKS * IMAGE_BLOCK);
    setup(described);
    CHECK(image_layout(&described));
    cut_payload(11, 50);
    fake.stuck = first_header(0) + 0x200 + 36;  // of the plan, ones
    again();
    CHECK_EQ(fake.fetched, BLOCKS - 48);
    for (unsigned i = 0; i < fake.logged; i++)
        if (fake.log[i].no_erase && n < 2) records[n++] = fake.log[i].flash_address;
    CHECK_EQ(records[0], first_header(0) + 0x200);
    CHECK_EQ(records[1], first_header(0) + 0x300);
    fake_free(&fake);
}

/* On a fast link: 12 neighbours in 64 KiB take its four others along, which the log tells before anything is erased; in
 * the other regions too few blocks differ. The fake's erases take 50, 150 and 250 ms, a block again 22 ms. */
static void fast_link(void) {
    installed(BLOCKS);
    for (uint32_t i = 36; i < 48; i++) image_block(i)[17] ^= 0x40;
    for (uint32_t i = 64; i < 128; i += 8) image_block(i)[17] ^= 0x40;
    fake_seal(&fake, &described);
    forget_counts();
    fake.tick_ms = 9;
    again();
    CHECK_EQ(fake.fetched, 12 + 4 + 8);
    CHECK_EQ(fake.erased[2], 1);
    CHECK_EQ(fake.erased[1], 0);
    CHECK_EQ(fake.erased[0], 8 + 1 + 2);
    // The log's page then held its head and, in the words behind kind, orders and name, the plan and what was equal.
    CHECK_EQ(transfer.log.words[LOG_GROUP_WORDS + 8], 0xFFFF);
    CHECK_EQ(transfer.log.words[LOG_GROUP_WORDS + 12], 0x000F);
    fake_free(&fake);
}

static void only_the_manifest_differs(void) {
    installed(BLOCKS);
    forget_counts();
    again();
    CHECK_EQ(fake.fetched, 0);
    CHECK_EQ(table_writes(), 0);
    CHECK_EQ(fake.erased[0], 2);
    CHECK_EQ(fake.erased[1] + fake.erased[2], 0);
    for (unsigned i = 0; i < fake.logged; i++) CHECK(fake.log[i].source != ORDER_LINK || fake.log[i].keep);
    fake_free(&fake);
}

/* The blocks that the slot's table says are equal, and are not. */
static void a_table_that_lies(void) {
    static const uint32_t rotten[] = {0, 127, 128, 299};
    installed(BLOCKS);
    for (size_t i = 0; i < sizeof rotten / sizeof rotten[0]; i++) slot_block(rotten[i])[5] ^= 1;
    forget_counts();
    again();
    CHECK_EQ(fake.fetched, sizeof rotten / sizeof rotten[0]);
    CHECK_EQ(table_writes(), 0);
    fake_free(&fake);
}

/* Without a table there is no word of what may be equal. */
static void a_table_that_is_gone(void) {
    installed(BLOCKS);
    memset(fake.flash + first_header(2), 0xFF, IMAGE_BLOCK);
    forget_counts();
    again();
    CHECK_EQ(fake.fetched, 128);
    CHECK_EQ(table_writes(), 1);
    fake_free(&fake);
}

/* Stopped before block @p block of order @p order, counted from 1, of a transfer into a slot with nothing equal: the
 * two tries together fetch each block once, and again the two that were written last, or none of an order that the log
 * or a table says has ended. */
static void cut(unsigned order, unsigned block, unsigned twice) {
    setup(sample(BLOCKS * IMAGE_BLOCK));
    fake.stop_at = order;
    fake.stop_block = block;
    fake.stop_reason = STOP_REASON_TIMEOUT;
    download();
    CHECK_EQ(transfer.phase, TRANSFER_FAILED);
    unsigned before = fake.fetched;
    fake.stop_at = 0;
    again();
    CHECK(fake.fetched >= BLOCKS && fake.fetched <= BLOCKS + twice);
    CHECK(before < BLOCKS || order == 15);
    fake_free(&fake);
}

static void another_size(uint32_t blocks, uint32_t want) {
    installed(BLOCKS);
    const struct image old = described;
    uint8_t *payload = malloc(old.payload_blocks * (size_t)IMAGE_BLOCK);
    memcpy(payload, image_block(0), fake.image_size - image_header_blocks(&old) * IMAGE_BLOCK);
    described = sample(blocks * IMAGE_BLOCK);
    fake_image(&fake, described, 43);
    CHECK(image_layout(&described));
    // Whole blocks of the old payload, as far as both go.
    uint32_t both = blocks < BLOCKS ? blocks : BLOCKS - 1u;
    memcpy(image_block(0), payload, both * IMAGE_BLOCK);
    fake_seal(&fake, &described);
    free(payload);
    forget_counts();
    again();
    CHECK_EQ(fake.fetched, want);
    fake_free(&fake);
}

/* More tables than are looked at at once. */
static void many_tables(void) {
    static const uint32_t changed[] = {5, 127, 128, 7 * 128, 16 * 128 - 1, 16 * 128, 16 * 128 + 3, 17 * 128 + 30};
    fake_init(&fake);
    struct transfer_target large = target;
    large.base = fake.slot_base = 0x400000;
    large.size = fake.slot_size = 0xA00000;
    large.payload_max = large.size;
    described = sample((17 * 128 + 31) * IMAGE_BLOCK);
    fake_image(&fake, described, 7);
    CHECK(image_layout(&described));
    transfer_init(&transfer, &fake.engine);
    struct transfer_announced told = announced();
    for (unsigned round = 0; round < 2; round++) {
        forget_counts();
        transfer_start(&transfer, &large, &told);
        run();
        CHECK_EQ(transfer.phase, TRANSFER_DOWNLOADED);
        CHECK_MEM(fake.flash + large.base, image_block(0),
                  fake.image_size - image_header_blocks(&described) * IMAGE_BLOCK);
        CHECK_EQ(fake.fetched, round == 0 ? described.payload_blocks : sizeof changed / sizeof changed[0]);
        for (size_t i = 0; i < sizeof changed / sizeof changed[0]; i++) image_block(changed[i])[9] ^= 2;
        fake_seal(&fake, &described);
    }
    fake_free(&fake);
}

static void progress(void) {
    unsigned done, reason;
    bool stopped;
    uint8_t last = 0;
    installed(BLOCKS);
    image_block(129)[0] ^= 1;
    fake_seal(&fake, &described);
    struct transfer_announced told = announced();
    transfer_start(&transfer, &target, &told);
    while (fake_run(&fake, &done, &stopped, &reason)) {
        transfer_order_done(&transfer);
        for (fake.finished = 0; fake.finished < 128; fake.finished += 9) {
            uint8_t now = transfer_percent(&transfer);
            CHECK(now >= last && now <= 100);
            last = now;
        }
    }
    CHECK_EQ(last, 100);
    fake_free(&fake);
}

static void cancelled(void) {
    for (unsigned after = 0; after < 16; after++) {
        unsigned done, reason;
        bool stopped;
        installed(BLOCKS);
        image_block(200)[0] ^= 1;
        fake_seal(&fake, &described);
        struct transfer_announced told = announced();
        transfer_start(&transfer, &target, &told);
        for (unsigned i = 0; i < after; i++)
            if (fake_run(&fake, &done, &stopped, &reason)) transfer_order_done(&transfer);
        transfer_cancel(&transfer);
        run();
        CHECK_EQ(transfer.phase, TRANSFER_IDLE);
        again();
        fake_free(&fake);
    }
}

int main(void) {
    TEST("given an image that the slot holds when it is transferred then manifest and tables alone are fetched")
    only_the_manifest_differs();
    TEST("given one block that differs when the image is transferred then it alone is fetched and erased")
    near_version(0, 2, 1, 1);
    TEST("given 5 % of the blocks, spread, that differ when the image is transferred then they alone are fetched")
    near_version(3, 20, 15, 3);
    TEST("given a run of blocks that differ when the image is transferred then they alone are fetched")
    near_version(100, 1, 64, 2);
    TEST(
        "given a log whose head reads wrong since a cut when the image is transferred then the log is known "
        "nevertheless")
    a_log_without_its_head();
    TEST(
        "given a block that changes after a cut when the image is transferred then it is fetched with what was missing")
    a_bit_that_turned();
    TEST("given a page of the log that only looks blank when the image is transferred then the record goes behind it")
    a_page_that_looks_blank();
    TEST("given a fast link when most of a region differs then the rest of it is erased with it, logged and fetched")
    fast_link();
    TEST("given all blocks but the last eight that differ when the image is transferred then these are not fetched")
    near_version(0, 1, BLOCKS - 8, 3);
    TEST("given blocks that are not what the slot's table says when the image is transferred then they are fetched")
    a_table_that_lies();
    TEST("given a slot whose table is erased when the image is transferred then the blocks of that table are fetched")
    a_table_that_is_gone();
    TEST("given a transfer cut before any order when it is repeated then all but the last blocks were fetched once")
    for (unsigned order = 1; order <= 15; order++) cut(order, 0, order > 11 ? 4 : 0);
    TEST("given a transfer cut within a payload order when it is repeated then all but two blocks were fetched once") {
        cut(11, 1, 1);
        cut(11, 64, 2);
        cut(11, 127, 2);
        cut(13, 77, 2);
    }
    TEST(
        "given a transfer cut within the last order when it is repeated then two blocks of the order before are "
        "fetched")
    cut(14, 43, 4);
    TEST("given a longer image that begins alike when it is transferred then the rest is fetched")
    another_size(400, 101);
    TEST("given a shorter image that begins alike when it is transferred then nothing is fetched") another_size(200, 0);
    TEST("given 18 tables when a near version follows the first one then what differs in each is fetched")
    many_tables();
    TEST("given a near version when progress is asked for then it never falls and ends at 100") progress();
    TEST("given a near version when it is cancelled after any order then the next try succeeds") cancelled();
    return check_result();
}
