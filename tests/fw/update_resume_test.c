// SPDX-License-Identifier: Apache-2.0
//
// Transfers that the power cuts again and again, at any block: torn programs and erases leave blocks that read right
// today and wrong tomorrow. In the end the slot holds the image and nothing weak is left in it.
#include "tests/fw/transfer_rig.h"

enum { BLOCKS_MAX = 300, RUNS = 600 };

static uint32_t seed;

static uint32_t draw(uint32_t below) {
    seed = seed * 1664525u + 1013904223u;
    return (uint32_t)((uint64_t)(seed >> 4) * below >> 28);
}

/* Of one cut, in words: where the flash was being changed, and to what. */
struct change {
    uint32_t address, size;  // erase, size 0: none is due
    const uint8_t *data;     // program
    uint32_t at, len;
    uint32_t last;  // flash address of the block that was written before it, 0: none of this order
};

static bool planned(const struct order *o, uint32_t b) {
    return (o->plan[b / 32] >> b % 32 & 1u) != 0;
}

/* The first planned block of its region: its erase is due. */
static uint32_t erase_size(const struct order *o, uint32_t b) {
    const uint32_t size = (o->erase64 >> b / 16 & 1u) != 0 ? 16 : (o->erase32 >> b / 8 & 1u) != 0 ? 8 : 1;
    for (uint32_t i = b / size * size; i < b; i++)
        if (planned(o, i)) return 0;
    return o->no_erase ? 0 : size * IMAGE_BLOCK;
}

/* What the order that was stopped would have done next. @return false: nothing to the flash */
static void next_change(struct change *c) {
    const struct order *o = &fake.torn;
    const uint32_t b = fake.torn_block;
    *c = (struct change){.at = o->flash_address + b * IMAGE_BLOCK, .size = erase_size(o, b)};
    for (uint32_t i = 0; i < b; i++)
        if (planned(o, i)) c->last = o->flash_address + i * IMAGE_BLOCK;
    c->address = c->size == 0 ? 0 : c->at & ~(c->size - 1u);
    c->len = (b + 1u == o->count ? o->groups : 64u) * IMAGE_GROUP;
    c->data = o->source == ORDER_LINK ? fake.image + o->image_offset + b * IMAGE_BLOCK
                                      : fake.ram + (o->dest + b) * IMAGE_BLOCK;
}

static void weaken(uint32_t address, uint32_t size) {
    memset(fake.weak + address / IMAGE_BLOCK, 1, (size + IMAGE_BLOCK - 1u) / IMAGE_BLOCK);
}

/* An erase as sim/nor_ops.c tears it: begun or ended at either side, or after everything was programmed. */
static void tear_erase(uint32_t address, uint32_t size) {
    const uint32_t part = draw(3) == 0 ? 0 : draw(size + 1);
    weaken(address, size);
    switch (draw(4)) {
        case 0:
            memset(fake.flash + address, 0xFF, part);
            break;
        case 1:
            memset(fake.flash + address + size - part, 0xFF, part);
            break;
        case 2:
            memset(fake.flash + address, 0x00, size);
            break;
        default:
            memset(fake.flash + address, 0xFF, size);
    }
}

static void program(uint32_t at, const uint8_t *data, uint32_t len) {
    for (uint32_t i = 0; i < len; i++) fake.flash[at + i] &= data[i];
}

/* The power fails in what would have come next: in its erase, in its program, or at the end of the program before. */
static void power_fails(void) {
    struct change c;
    const uint32_t when = draw(3);
    next_change(&c);
    if (c.last != 0 && when == 0) {
        weaken(c.last, IMAGE_BLOCK);
    } else if (c.size != 0 && when == 1) {
        tear_erase(c.address, c.size);
    } else {
        if (c.size != 0) fake_erase(&fake, c.address, c.size, 0);
        const uint32_t programmed = draw(2) == 0 && fake.torn.no_erase ? 0 : draw(c.len + 1);
        program(c.at, c.data, programmed);
        weaken(c.at, IMAGE_BLOCK);
        if (programmed == 0) fake.stuck = c.at + draw(c.len);
    }
}

/* Some blocks are FFh, in runs. */
static void make_image(struct image *image, uint32_t blocks, uint32_t variant) {
    *image = sample(blocks * IMAGE_BLOCK - draw(3) * 1000u);
    fake_image(&fake, *image, variant);
    CHECK(image_layout(image));
    uint8_t *payload = fake.image + image_header_blocks(image) * IMAGE_BLOCK;
    for (uint32_t b = 0; b < blocks; b++) {
        const uint32_t run = 1 + draw(20);
        if (draw(30) != 0 || b + run > image->payload_blocks) continue;
        memset(payload + b * IMAGE_BLOCK, 0xFF,
               b + run == blocks ? fake.image_size - image_header_blocks(image) * IMAGE_BLOCK - b * IMAGE_BLOCK
                                 : run * IMAGE_BLOCK);
        b += run;
    }
    fake_seal(&fake, image);
}

/* Another image after that one: of its size, with some blocks in common. */
static void change_image(const struct image *image) {
    const uint32_t percent = draw(100);
    uint8_t *payload = fake.image + image_header_blocks(image) * IMAGE_BLOCK;
    for (uint32_t b = 0; b < image->payload_blocks; b++)
        if (draw(100) < percent) payload[b * IMAGE_BLOCK + 7] ^= 0x33;
    fake_seal(&fake, image);
}

/* What the slot holds before: anything, nothing, or a version of which @p percent of the blocks are others. */
static void fill_slot(const struct image *image, uint32_t percent) {
    uint8_t *new_image = malloc(fake.image_size);
    memcpy(new_image, fake.image, fake.image_size);
    if (draw(4) == 0) memset(fake.flash + BASE, 0xFF, SIZE);
    if (draw(4) != 0) {
        uint8_t *payload = fake.image + image_header_blocks(image) * IMAGE_BLOCK;
        for (uint32_t b = 0; b < image->payload_blocks; b++)
            if (draw(100) < percent) payload[b * IMAGE_BLOCK + 5] ^= 0x55;
        fake_seal(&fake, image);
        download();
        CHECK_EQ(transfer.phase, TRANSFER_DOWNLOADED);
    }
    memcpy(fake.image, new_image, fake.image_size);
    free(new_image);
}

/* What a cut left weak behind the end of a shorter image that is whole now is forgotten: docs/power-loss.md. */
static void forget_behind(const struct image *image) {
    const uint32_t first = BASE / IMAGE_BLOCK + image->payload_blocks;
    memset(fake.weak + first, 0, first_header(image_header_blocks(image) - 1u) / IMAGE_BLOCK - first);
}

static void try_once(bool cut) {
    fake.logged = fake.sunk = fake.torn.count = 0;
    fake.tick_ms = draw(60);  // of a block: some links are so fast that equal blocks are erased and fetched again
    fake.stop_sunk = cut ? 1 + draw(draw(3) == 0 ? 8 : BLOCKS_MAX) : 0;
    transfer_init(&transfer, &fake.engine);
    download();
    if (fake.torn.count != 0) power_fails();
    if (transfer.phase == TRANSFER_DOWNLOADED) forget_behind(&transfer.image);
}

/* Of the image that was being written, outside what the cut left weak. */
static void a_bit_turns(const struct image *image) {
    const uint32_t at = BASE + draw(image->payload_blocks) * IMAGE_BLOCK + draw(IMAGE_GROUP);
    if (!fake.weak[at / IMAGE_BLOCK]) fake.flash[at] ^= 0x08;
}

static void nothing_weak(const struct image *image) {
    for (uint32_t b = 0; b < image->payload_blocks; b++) CHECK(!fake.weak[BASE / IMAGE_BLOCK + b]);
    for (uint32_t i = 0; i < image_header_blocks(image); i++) CHECK(!fake.weak[first_header(i) / IMAGE_BLOCK]);
}

static void cut_again_and_again(uint32_t run) {
    static const uint32_t changed[] = {100, 95, 50, 5, 0};
    struct image image;
    seed = run;
    fake.dice = fake.stop_sunk = fake.logged = 0;
    memset(fake.weak, 0, sizeof fake.weak);
    for (uint32_t i = 0; i < SIZE; i++) fake.flash[BASE + i] = (uint8_t)(i * 7u >> 3);
    transfer_init(&transfer, &fake.engine);
    make_image(&image, 1 + draw(BLOCKS_MAX), run);
    fill_slot(&image, changed[draw(5)]);
    fake.dice = run | 1u;
    const uint32_t cuts = draw(20) == 0 ? 30 : draw(8);
    for (uint32_t i = 0; i < cuts && check_ok; i++) {
        try_once(true);
        const uint32_t other = draw(12);
        if (draw(4) == 0) a_bit_turns(&image);
        if (other == 0) make_image(&image, 1 + draw(BLOCKS_MAX), run + i);
        if (other == 1) change_image(&image);
    }
    if (draw(3) == 0) change_image(&image);
    for (uint32_t i = 0; i < 8 && (i == 0 || transfer.phase != TRANSFER_DOWNLOADED); i++) try_once(false);
    CHECK_EQ(transfer.phase, TRANSFER_DOWNLOADED);
    check_slot();
    nothing_weak(&image);
}

int main(void) {
    const char *env = getenv("SEED");
    const char *many = getenv("RUNS");
    const uint32_t first = env ? (uint32_t)strtoul(env, NULL, 0) : 1;
    const uint32_t runs = many ? (uint32_t)strtoul(many, NULL, 0) : env ? 1 : RUNS;
    setup(sample(IMAGE_BLOCK));
    printf("# seeds from %u on\n", first);
    TEST("given transfers that are cut anywhere, again and again, when one ends then nothing weak is left in the slot")
    for (uint32_t run = first; run < first + runs; run++) {
        cut_again_and_again(run);
        if (!check_ok) {
            printf("# SEED=%u build/tests/fw/update_resume_test\n", run);
            break;
        }
    }
    fake_free(&fake);
    return check_result();
}
