// SPDX-License-Identifier: Apache-2.0
//
// One transfer into one slot of the stand-in engine, for the tests of fw/update/transfer.h.
#pragma once
#include "fw/update/transfer.h"
#include "tests/fw/update_fake.h"

#define BASE 0x200000u
#define SIZE 0x200000u

static struct fake fake;
static struct transfer transfer;
static const struct transfer_target target = {
    .base = BASE, .size = SIZE, .payload_max = SIZE, .classification = 0x000A, .identifier = 2};

static inline struct image sample(uint32_t payload_size) {
    return (struct image){.payload_size = payload_size,
                          .stamp = 5,
                          .classification = 0x000A,
                          .identifier = 2,
                          .version_type = 1,
                          .version_length = 5,
                          .version = (const uint8_t *)"2.0.1"};
}

static inline struct transfer_announced announced(void) {
    return (struct transfer_announced){
        .image_size = fake.image_size, .stamp = 5, .version_type = 1, .version_length = 5, .version = "2.0.1"};
}

static inline void setup(struct image image) {
    fake_init(&fake);
    fake.slot_base = BASE;
    fake.slot_size = SIZE;
    fake_image(&fake, image, 42);
    transfer_init(&transfer, &fake.engine);
}

/* Runs until nothing happens. */
static inline void run(void) {
    unsigned done, reason;
    bool stopped;
    while (check_ok && fake_run(&fake, &done, &stopped, &reason)) {
        if (done != 0) transfer_order_done(&transfer);
        if (stopped) transfer_order_stopped(&transfer, reason);
    }
}

static inline void download(void) {
    struct transfer_announced told = announced();
    transfer_start(&transfer, &target, &told);
    run();
}

static inline uint32_t first_header(uint32_t i) {
    return slot_header(BASE, SIZE, i);
}

/* The slot holds the image, as docs and boot ROM expect it. */
static inline void check_slot(void) {
    uint32_t header = image_header_blocks(&transfer.image);
    for (uint32_t i = 0; i < header; i++)
        CHECK_MEM(fake.flash + first_header(i), fake.image + i * IMAGE_BLOCK, IMAGE_BLOCK);
    CHECK_MEM(fake.flash + BASE, fake.image + header * IMAGE_BLOCK, fake.image_size - header * IMAGE_BLOCK);
}
