// SPDX-License-Identifier: Apache-2.0
//
// A stand-in for engine, flash and update agent: it executes each order on arrays, so a test sees what a card's flash
// would hold in the end. Hashes are a 32-byte checksum, not SHA-256. It fails the test by itself when an order does
// what the engine forbids or what would harm a neighbour: RAM or image borders, an erase outside the slot, programming
// what is not erased, three orders at once, a RAM block overwritten while a queued order still needs it.
#pragma once
#include <stdlib.h>

#include "fw/image/image.h"
#include "fw/update/engine.h"
#include "fw/update/planner.h"
#include "sluice_enums.h"
#include "tests/check.h"

#define FAKE_RAM_BLOCKS 16u
#define FAKE_REQUESTS   4u
#define FAKE_FLASH      (16u << 20)
#define FAKE_LOG        512u

struct fake {
    struct engine engine;
    uint8_t ram[FAKE_RAM_BLOCKS * IMAGE_BLOCK];
    uint8_t *flash;
    uint8_t *image;
    uint32_t image_size;
    uint32_t slot_base, slot_size;  // erases outside are a failure; size 0: anywhere
    uint32_t journal_base;          // but for these two sectors; 0: none
    unsigned journal_erased;
    struct order queue[ORDER_QUEUE];
    unsigned queued;
    bool aborted;
    struct order log[FAKE_LOG];
    unsigned logged;
    unsigned erased[3];                  // 4, 32, 64 KiB
    unsigned stop_at;                    // the order that is stopped, counted from 1; 0: none
    unsigned stop_reason;                // with this reason
    unsigned stop_block;                 // before this block of it, counted from 0
    unsigned fetched;                    // payload blocks that came from the link: of orders without keep
    uint32_t equal[ORDER_BLOCKS / 32u];  // of the last compare order
    unsigned compared;                   // blocks it had
    uint8_t finished;                    // blocks of the running order, as ORDER_STATUS says
    enum image_trust trust;              // of every image
    uint32_t now_ms;                     // its clock
    uint32_t tick_ms;                    // how far that goes on each time it is asked: what fetching a block takes
    unsigned judged;                     // images, each before anything was erased for it
    // What a cut left: blocks that read wrong now and then until they are erased.
    uint8_t weak[FAKE_FLASH / IMAGE_BLOCK];
    uint32_t stuck;      // address of a byte that looks blank and has a bit left when it is programmed; 0: none
    uint32_t dice;       // 0: they read right all the time
    unsigned sunk;       // blocks that went to the flash
    unsigned stop_sunk;  // the power fails when so many are there; 0: never
    struct order torn;   // the order that was stopped then, count 0: none
    unsigned torn_block;
};

/* @p len is a multiple of 8. */
static inline void fake_hash(const uint8_t *data, size_t len, uint8_t out[IMAGE_HASH]) {
    uint64_t h = 14695981039346656037u, word, all = UINT64_MAX;
    for (size_t i = 0; i < len; i += sizeof word) {
        memcpy(&word, data + i, sizeof word);
        h = (h ^ word) * 1099511628211u;
        h ^= h >> 29;
        all &= word;
    }
    for (unsigned i = 0; i < IMAGE_HASH; i++)
        out[i] = (uint8_t)((h = h * 6364136223846793005u + 1442695040888963407u) >> 56);
    if (len == IMAGE_BLOCK && all == UINT64_MAX) memcpy(out, plan_blank, IMAGE_HASH);
}

static void fake_push(void *ctx, const struct order *order) {
    struct fake *f = ctx;
    if (!CHECK(f->queued < ORDER_QUEUE && f->logged < FAKE_LOG)) exit(1);
    CHECK(order->count >= 1 && order->count <= ORDER_BLOCKS && order->groups >= 1 && order->groups <= 64);
    f->log[f->logged++] = f->queue[f->queued++] = *order;
    CHECK(!order->compare || (order->source == ORDER_FLASH && order->check && !order->sink));
    if (order->source == ORDER_RAM) CHECK_EQ(f->queued, 1);  // what it writes depends on all that came before
    if (f->queued == 1 || !order->keep || order->source == ORDER_RAM) return;
    // What goes into a RAM block must not be what the order before reads its hashes from, nor its unread result.
    const struct order *before = &f->queue[0];
    for (unsigned b = order->dest; b < order->dest + order->count; b++) {
        CHECK(!before->check || before->table / IMAGE_BLOCK != b);
        CHECK((!before->keep && before->source != ORDER_RAM) || before->dest != b);
    }
}

static void fake_equal(void *ctx, uint32_t blocks[ORDER_BLOCKS / 32u], uint32_t count, unsigned behind) {
    const struct fake *f = ctx;
    CHECK_EQ(f->queued, behind);
    CHECK_EQ(count, f->compared);
    memcpy(blocks, f->equal, sizeof f->equal);
}

static void fake_abort(void *ctx) {
    ((struct fake *)ctx)->aborted = true;
}

/* A signature covers the whole manifest: what is judged must be there. */
static enum image_trust fake_judge(void *ctx, uint8_t *manifest, const struct image *image) {
    struct fake *f = ctx;
    CHECK_EQ(f->queued, 0);
    CHECK(memcmp(manifest, f->image, image->manifest_blocks * (size_t)IMAGE_BLOCK) == 0);
    f->judged++;
    return f->trust;
}

static uint8_t fake_finished(void *ctx) {
    return ((struct fake *)ctx)->finished;
}

static uint32_t fake_now_ms(void *ctx) {
    struct fake *f = ctx;
    return f->now_ms += f->tick_ms;
}

static inline void fake_init(struct fake *f) {
    memset(f, 0, sizeof *f);
    f->engine = (struct engine){.ctx = f,
                                .ram = f->ram,
                                .first_free = 12,
                                .ram_blocks = FAKE_RAM_BLOCKS,
                                .requests = FAKE_REQUESTS,
                                .chunk_log2 = 12,
                                .erase4_ms = 50,
                                .erase32_ms = 150,
                                .erase64_ms = 250,
                                .program_ms = 12,
                                .push = fake_push,
                                .abort = fake_abort,
                                .equal = fake_equal,
                                .judge = fake_judge,
                                .finished = fake_finished,
                                .now_ms = fake_now_ms};
    f->tick_ms = 1000;  // so slow a link that nothing is worth fetching again
    f->flash = malloc(FAKE_FLASH);
    for (uint32_t i = 0; i < FAKE_FLASH; i++) f->flash[i] = (uint8_t)(i * 7u >> 3);  // what was there before
    memset(f->ram, 0xA5, sizeof f->ram);
}

static inline void fake_free(struct fake *f) {
    free(f->flash);
    free(f->image);
}

/* Makes the hashes of the image to serve, which @p image describes, those of its payload. */
static inline void fake_seal(struct fake *f, const struct image *image) {
    uint32_t header = image_header_blocks(image) * IMAGE_BLOCK;
    uint8_t *tables = f->image + image->manifest_blocks * IMAGE_BLOCK;
    memset(tables, 0xFF, image->table_blocks * (size_t)IMAGE_BLOCK);
    for (uint32_t b = 0; b < image->payload_blocks; b++)
        fake_hash(f->image + header + b * IMAGE_BLOCK, image_block_groups(image, b) * IMAGE_GROUP,
                  tables + b * IMAGE_HASH);
    for (uint32_t t = 0; t < image->table_blocks; t++)
        fake_hash(tables + t * IMAGE_BLOCK, IMAGE_BLOCK, f->image + image_table_hash(t));
}

/* The image to serve: manifest from @p image, payload from @p seed. */
static inline void fake_image(struct fake *f, struct image image, uint32_t seed) {
    if (!CHECK(image_layout(&image))) exit(1);
    uint32_t header = image_header_blocks(&image) * IMAGE_BLOCK;
    f->image_size = image.image_size;
    f->image = realloc(f->image, image.image_size);
    CHECK_EQ(image_encode(&image, f->image), IMAGE_OK);
    for (uint32_t i = header; i < f->image_size; i++)
        f->image[i] = i - header < image.payload_size ? (uint8_t)((seed = seed * 1664525u + 1013904223u) >> 24) : 0xFF;
    fake_seal(f, &image);
}

/* The same image under a manifest of @p blocks blocks instead of one. */
static inline void fake_grow_manifest(struct fake *f, uint8_t blocks) {
    const uint32_t more = (blocks - 1u) * IMAGE_BLOCK, size = f->image_size + more;
    uint8_t *longer = calloc(1, size);
    memcpy(longer, f->image, IMAGE_BLOCK);
    memcpy(longer + blocks * IMAGE_BLOCK, f->image + IMAGE_BLOCK, f->image_size - IMAGE_BLOCK);
    longer[IMAGE_AT_MANIFEST_BLOCKS] = blocks;
    for (unsigned i = 0; i < 4; i++) longer[IMAGE_AT_IMAGE_SIZE + i] = (uint8_t)(size >> 8 * i);
    free(f->image);
    f->image = longer;
    f->image_size = size;
}

static inline uint32_t fake_draw(struct fake *f, uint32_t below) {
    f->dice = f->dice * 1664525u + 1013904223u;
    return (f->dice >> 8) % below;
}

static inline void fake_erase(struct fake *f, uint32_t address, uint32_t size, unsigned kind) {
    CHECK(address % size == 0);
    memset(f->weak + address / IMAGE_BLOCK, 0, size / IMAGE_BLOCK);
    if (f->stuck - address < size) f->stuck = 0;
    if (f->journal_base != 0 && size == 4096 && address - f->journal_base < 2 * 4096u) {
        f->journal_erased++;
        memset(f->flash + address, 0xFF, size);
        return;
    }
    CHECK(f->slot_size == 0 || (address >= f->slot_base && address + size <= f->slot_base + f->slot_size));
    memset(f->flash + address, 0xFF, size);
    f->erased[kind]++;
}

/* An erase of @p blocks blocks at once may take no block of the order that it does not plan. */
static inline void fake_region(const struct order *o, uint32_t b, uint32_t blocks) {
    for (uint32_t i = b / blocks * blocks; i < (b / blocks + 1u) * blocks && i < o->count; i++)
        CHECK((o->plan[i / 32] >> i % 32 & 1u) != 0);
}

/* Erases as the order's plan says, then programs. @return false: read back differently */
static inline bool fake_sink(struct fake *f, const struct order *o, uint32_t b, const uint8_t *data, uint32_t len,
                             uint32_t *regions) {
    uint32_t address = o->flash_address + b * IMAGE_BLOCK;
    bool same = true;
    if ((o->erase64 >> b / 16 & 1u) != 0) fake_region(o, b, 16);
    if ((o->erase32 >> b / 8 & 1u) != 0) fake_region(o, b, 8);
    if (o->no_erase) {
    } else if ((o->erase64 >> b / 16 & 1u) != 0) {
        if ((*regions >> b / 16 & 1u) == 0) fake_erase(f, o->flash_address + b / 16 * 0x10000u, 0x10000, 2);
        *regions |= 1u << b / 16;
    } else if ((o->erase32 >> b / 8 & 1u) != 0) {
        if ((*regions >> (8 + b / 8) & 1u) == 0) fake_erase(f, o->flash_address + b / 8 * 0x8000u, 0x8000, 1);
        *regions |= 1u << (8 + b / 8);
    } else {
        fake_erase(f, address & ~(IMAGE_BLOCK - 1u), IMAGE_BLOCK, 0);  // as the chip does
    }
    for (uint32_t i = 0; i < len; i++) {
        CHECK((data[i] & ~f->flash[address + i]) == 0);  // no bit has to be set
        if (!check_ok) return false;
        f->flash[address + i] &= data[i];
        if (address + i == f->stuck) f->flash[address + i] &= 0xEF;
        same = same && f->flash[address + i] == data[i];
    }
    return same;
}

/* One planned block. @return STOP_REASON_NONE or why the engine stops */
static inline unsigned fake_block(struct fake *f, const struct order *o, uint32_t b, uint32_t *regions) {
    uint32_t len = (b + 1u == o->count ? o->groups : 64u) * IMAGE_GROUP;
    static uint8_t ring[IMAGE_BLOCK];
    uint8_t *data = o->keep || o->source == ORDER_RAM ? f->ram + (o->dest + b) * IMAGE_BLOCK : ring;
    if (!CHECK(data == ring || o->dest + b < FAKE_RAM_BLOCKS)) return STOP_REASON_BAD_ORDER;
    if (o->source == ORDER_LINK) {
        uint32_t offset = o->image_offset + b * IMAGE_BLOCK;
        if (offset + len > f->image_size) return STOP_REASON_COMPLETION_CODE;
        memcpy(data, f->image + offset, len);
        if (!o->keep) f->fetched++;
    } else if (o->source == ORDER_FLASH) {
        const uint32_t address = o->flash_address + b * IMAGE_BLOCK;
        memcpy(data, f->flash + address, len);
        if (f->dice != 0 && f->weak[address / IMAGE_BLOCK] && fake_draw(f, 2) == 0) data[fake_draw(f, len)] ^= 0x10;
    }
    if (o->check) {
        uint8_t hash[IMAGE_HASH];
        fake_hash(data, len, hash);
        bool equal = memcmp(hash, f->ram + o->table + b * IMAGE_HASH, IMAGE_HASH) == 0;
        if (o->compare)
            f->equal[b / 32] |= (uint32_t)equal << b % 32;
        else if (!equal)
            return STOP_REASON_HASH;
    }
    if (o->sink && !fake_sink(f, o, b, data, len, regions)) return STOP_REASON_PROGRAM;
    return STOP_REASON_NONE;
}

/* Whether the power fails before block @p b. */
static inline bool fake_torn(struct fake *f, const struct order *order, uint32_t b) {
    if (!order->sink || (order->plan[b / 32] >> b % 32 & 1u) == 0) return false;
    if (f->stop_sunk == 0 || f->sunk++ != f->stop_sunk) return false;
    f->torn = *order;
    f->torn_block = b;
    return true;
}

/* Runs the oldest order. @return false when there was none and no abort; then nothing happened */
static inline bool fake_run(struct fake *f, unsigned *done, bool *stopped, unsigned *reason) {
    uint32_t regions = 0;
    *done = 0;
    *reason = STOP_REASON_NONE;
    if (f->queued == 0 && !f->aborted) return *stopped = false;
    if (f->aborted) *reason = STOP_REASON_ABORT;
    const bool stops = f->stop_at != 0 && f->logged - f->queued + 1u == f->stop_at;
    const struct order order = f->queue[0];
    if (order.compare) memset(f->equal, 0, sizeof f->equal);
    if (order.compare) f->compared = order.count;
    for (uint32_t b = 0; b < order.count && *reason == STOP_REASON_NONE; b++) {
        if (stops && b == f->stop_block)
            *reason = f->stop_reason;
        else if (fake_torn(f, &order, b))
            *reason = STOP_REASON_ABORT;
        else if ((order.plan[b / 32] >> b % 32 & 1u) != 0)
            *reason = fake_block(f, &order, b, &regions);
    }
    *stopped = *reason != STOP_REASON_NONE;
    *done = !*stopped;
    f->queue[0] = f->queue[1];
    f->queued = *stopped ? 0 : f->queued - 1;
    f->aborted = false;
    return true;
}
