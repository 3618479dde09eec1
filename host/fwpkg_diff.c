// SPDX-License-Identifier: Apache-2.0
//
// fwpkg diff: what travels, and what the flash has to do, when a card whose slot holds one image is updated to another.
// The card's own rules decide (fw/update/planner.h): blocks of 4 KiB are compared by their hashes, in orders of 128,
// where a sample of the slot's table promises something. The link is taken for infinitely fast where the card asks
// whether equal blocks are better fetched again than spared: on a slower one it spares some more.
#include <stdlib.h>
#include <string.h>

#include "fw/update/planner.h"
#include "host/component_sign.h"
#include "host/fwpkg.h"
#include "host/text.h"

#define ORDERS_LOOKED_AT 16u  // together, in the log of the transfer as well

/** Typical times of the flash. */
struct times {
    uint16_t erase4_ms, erase32_ms, erase64_ms;
    uint32_t page_us;
};
static const struct times usual = {64, 128, 160, 704}; /* W25Q128JV's SFDP */

/** What an update does, manifest and tables included. */
struct cost {
    uint32_t blocks; /* of the payload that travel */
    uint64_t bytes;  /* that travel */
    uint64_t erases4, erases32, erases64, pages;
};

struct diff {
    const char *tool;
    const char *path[2]; /* old, new */
    unsigned paths;
    bool json;
    struct times times;
};

/* A table block, aligned; what an image does not have is FFh. */
static void table_of(const struct signed_part *part, uint32_t k, uint8_t table[IMAGE_BLOCK]) {
    memset(table, 0xFF, IMAGE_BLOCK);
    if (part == NULL || k >= part->image.table_blocks) return;
    memcpy(table, part->bytes + (part->image.manifest_blocks + k) * (size_t)IMAGE_BLOCK, IMAGE_BLOCK);
}

static unsigned ones(uint32_t bits) {
    return (unsigned)__builtin_popcount(bits);
}

static bool planned(const struct order *order, uint32_t block) {
    return (order->plan[block / 32u] >> block % 32u & 1u) != 0;
}

static void add_erases(const struct order *order, struct cost *cost) {
    cost->erases64 += ones(order->erase64);
    cost->erases32 += ones(order->erase32);
    for (uint32_t b = 0; b < order->count; b++)
        cost->erases4 +=
            planned(order, b) && (order->erase64 >> b / 16u & 1u) == 0 && (order->erase32 >> b / 8u & 1u) == 0;
}

/* What of order @p k is not in the slot; the slot lies on a border of 64 KiB. @return whether it was compared */
static bool plan(const struct signed_part *new, const struct signed_part *old, uint32_t k, struct order *order) {
    _Alignas(4) uint8_t want[IMAGE_BLOCK], has[IMAGE_BLOCK];
    uint32_t samples[PLAN_SAMPLES];
    table_of(new, k, want);
    table_of(old, k, has);
    *order = (struct order){.count = (uint8_t)image_table_count(&new->image, k),
                            .flash_address = k * IMAGE_TABLE_ENTRIES * IMAGE_BLOCK};
    plan_all(order->plan, order->count);
    plan_remember(has, samples);
    if (!plan_worth(want, samples, order->count)) return false;
    for (uint32_t b = 0; b < order->count; b++)
        if (memcmp(want + b * IMAGE_HASH, has + b * IMAGE_HASH, IMAGE_HASH) == 0)
            order->plan[b / 32u] &= ~(1u << b % 32u);
    return true;
}

static struct engine engine_of(const struct times *times) {
    return (struct engine){.erase4_ms = times->erase4_ms,
                           .erase32_ms = times->erase32_ms,
                           .erase64_ms = times->erase64_ms,
                           .program_ms = (uint16_t)((times->page_us * (IMAGE_BLOCK / 256u) + 999u) / 1000u)};
}

static void widen(const struct diff *d, const struct signed_part *new, struct order *order) {
    const struct engine engine = engine_of(&d->times);
    const struct plan_place place = {order->flash_address, order->count, new->image.payload_blocks *IMAGE_BLOCK};
    uint32_t before[ORDER_BLOCKS / 32u] = {0};
    plan_widen(order->plan, before, &place, 0, &engine);
}

static void add_order(const struct diff *d, const struct signed_part *new, uint32_t k, struct order *order,
                      struct cost *cost) {
    const struct engine engine = engine_of(&d->times);
    plan_erase(order, new->image.payload_blocks *IMAGE_BLOCK, &engine);
    add_erases(order, cost);
    for (uint32_t b = 0; b < order->count; b++) {
        if (!planned(order, b)) continue;
        const uint32_t groups = image_block_groups(&new->image, k * IMAGE_TABLE_ENTRIES + b);
        cost->blocks++;
        cost->bytes += groups * IMAGE_GROUP;
        cost->pages += (groups + 3u) / 4u;
    }
}

/* Of an update of a slot that holds @p old; NULL: nothing that helps. */
static struct cost cost_of(const struct diff *d, const struct signed_part *new, const struct signed_part *old) {
    uint8_t want[IMAGE_BLOCK], has[IMAGE_BLOCK];
    const uint32_t pages = IMAGE_BLOCK / 256u, manifest = new->image.manifest_blocks;
    // The manifest's first block is erased twice, and is a log meanwhile.
    struct cost cost = {.bytes = (uint64_t)image_header_blocks(&new->image) * IMAGE_BLOCK,
                        .erases4 = manifest + 1u,
                        .pages = manifest * pages + 1u};
    uint32_t told = 0;
    for (uint32_t k = 0; k < new->image.table_blocks; k++) {
        struct order order;
        const bool compared = plan(new, old, k, &order);
        const uint32_t before = cost.blocks;
        if (compared) widen(d, new, &order);
        add_order(d, new, k, &order, &cost);
        table_of(new, k, want);
        table_of(old, k, has);
        const bool written = memcmp(want, has, IMAGE_BLOCK) != 0;
        cost.erases4 += written;
        cost.pages += written ? pages : 0;
        if (cost.blocks == before || (!compared && k < told)) continue;
        cost.pages++; /* of the log */
        if (!compared) told = (k | (ORDERS_LOOKED_AT - 1u)) + 1u;
    }
    return cost;
}

static uint64_t flash_ms(const struct diff *d, const struct cost *c) {
    return c->erases4 * d->times.erase4_ms + c->erases32 * d->times.erase32_ms + c->erases64 * d->times.erase64_ms +
           c->pages * d->times.page_us / 1000u;
}

static const struct signed_part *same_component(const struct signed_file *file, const struct image *image) {
    for (unsigned i = 0; i < file->count; i++)
        if (file->parts[i].image.classification == image->classification &&
            file->parts[i].image.identifier == image->identifier)
            return &file->parts[i];
    return NULL;
}

static struct pldm_string version_of(const struct image *image) {
    return (struct pldm_string){image->version_type, image->version_length, image->version};
}

static void print_text(const struct diff *d, const struct signed_part *new, const struct signed_part *old,
                       const struct cost *cost, const struct cost *all) {
    char from[TEXT_STRING] = "nothing", to[TEXT_STRING];
    const struct pldm_string new_version = version_of(&new->image);
    if (old != NULL) {
        const struct pldm_string old_version = version_of(&old->image);
        string_format(&old_version, from);
    }
    printf("classification 0x%04x, identifier 0x%04x: from %s to %s\n", new->image.classification,
           new->image.identifier, from, string_format(&new_version, to));
    printf("  blocks   %u of %u travel\n", cost->blocks, new->image.payload_blocks);
    printf("  bytes    %llu of %u travel, manifest and tables included\n", (unsigned long long)cost->bytes,
           new->image.image_size);
    printf("  flash    %llu erases of 64 KiB, %llu of 32 KiB, %llu of 4 KiB, %llu pages\n",
           (unsigned long long)cost->erases64, (unsigned long long)cost->erases32, (unsigned long long)cost->erases4,
           (unsigned long long)cost->pages);
    printf("  time     %llu ms of erases and programs, %llu ms for all of it\n", (unsigned long long)flash_ms(d, cost),
           (unsigned long long)flash_ms(d, all));
}

static void print_json(const struct diff *d, struct json *j, const struct signed_part *new,
                       const struct signed_part *old, const struct cost *cost, const struct cost *all) {
    const struct pldm_string version = version_of(&new->image);
    json_open(j, NULL, '{');
    json_number(j, "classification", new->image.classification);
    json_number(j, "identifier", new->image.identifier);
    json_string(j, "version", &version);
    if (old != NULL) {
        const struct pldm_string before = version_of(&old->image);
        json_string(j, "from_version", &before);
    }
    json_number(j, "payload_blocks", new->image.payload_blocks);
    json_number(j, "blocks", cost->blocks);
    json_number(j, "image_bytes", new->image.image_size);
    json_number(j, "bytes", cost->bytes);
    json_number(j, "erases_64k", cost->erases64);
    json_number(j, "erases_32k", cost->erases32);
    json_number(j, "erases_4k", cost->erases4);
    json_number(j, "pages", cost->pages);
    json_number(j, "flash_ms", flash_ms(d, cost));
    json_number(j, "whole_flash_ms", flash_ms(d, all));
    json_close(j, '}');
}

static void report(const struct diff *d, const struct signed_file *old, const struct signed_file *new) {
    struct json j = {.to = stdout};
    if (d->json) json_open(&j, NULL, '{');
    if (d->json) json_open(&j, "components", '[');
    for (unsigned i = 0; i < new->count; i++) {
        const struct signed_part *part = &new->parts[i], *before = same_component(old, &part->image);
        const struct cost cost = cost_of(d, part, before), all = cost_of(d, part, NULL);
        if (d->json)
            print_json(d, &j, part, before, &cost, &all);
        else
            print_text(d, part, before, &cost, &all);
    }
    if (!d->json) return;
    json_close(&j, ']');
    json_close(&j, '}');
    putchar('\n');
}

/* "MS,MS,MS,US": erases of 4, 32 and 64 KiB, page program. */
static bool parse_times(const char *text, struct times *times) {
    uint64_t value[4];
    char word[16];
    for (unsigned i = 0; i < 4; i++) {
        const size_t len = strcspn(text, ",");
        if (len >= sizeof word || (text[len] == '\0') != (i == 3)) return false;
        memcpy(word, text, len);
        word[len] = '\0';
        if (!parse_number(word, UINT16_MAX, &value[i])) return false;
        text += len + (i != 3);
    }
    *times = (struct times){(uint16_t)value[0], (uint16_t)value[1], (uint16_t)value[2], (uint32_t)value[3]};
    return value[0] != 0;
}

static int take(void *ctx, const struct options *o, int key) {
    struct diff *d = ctx;
    if (key == FWPKG_JSON) d->json = true;
    if (key == FWPKG_FLASH_TIMES && !parse_times(o->value, &d->times))
        return tool_error(o->tool, "--flash-times %s: not MS,MS,MS,US", o->value) + 1;
    if (key == OPTION_OPERAND && d->paths == 2) return fwpkg_unexpected(o);
    if (key == OPTION_OPERAND) d->path[d->paths++] = o->value;
    return 0;
}

int fwpkg_diff(struct options *o) {
    struct diff d = {.tool = o->tool, .times = usual};
    struct signed_file old, new;
    char error[SIGN_ERROR_TEXT];
    const int status = fwpkg_take_all(o, &d, take);
    if (status != 0) return status;
    if (d.paths != 2) return fwpkg_missing(o, d.paths == 0 ? "OLD" : "NEW");
    if (!signed_file_read(d.path[0], &old, error)) return tool_error(o->tool, "%s", error);
    const bool read = signed_file_read(d.path[1], &new, error);
    if (read) report(&d, &old, &new);
    signed_file_free(&old);
    if (!read) return tool_error(o->tool, "%s", error);
    signed_file_free(&new);
    return 0;
}
