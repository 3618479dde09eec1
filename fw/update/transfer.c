// SPDX-License-Identifier: Apache-2.0
//
// The component update; see transfer.h for the sequence. Each phase is a list of numbered steps, one order a step; a
// step is pushed while fewer than ORDER_QUEUE are outstanding, unless it must wait until all before it are done.
#include "fw/update/transfer.h"

#include "fw/update/planner.h"
#include "sluice_enums.h"

#define TABLE_BLOCK \
    2u  // RAM blocks 2 and 3 hold the tables, turn about; block 2 also what the manifest is compared with

/* Download, m manifest blocks and t tables:
 *   0 .. m-1      fetch manifest block i
 *   m             invalidate the slot
 *   m+1+2k        table k;  m+2+2k  its payload
 *   m+1+2t+i      write manifest block m-1-i
 * Verify: 0 .. m-1 read manifest block i; m+2k table k; m+1+2k its payload. */
static uint32_t download_steps(const struct transfer *t) {
    return 2u * t->image.manifest_blocks + 1u + 2u * t->image.table_blocks;
}

static uint32_t verify_steps(const struct transfer *t) {
    return t->image.manifest_blocks + 2u * t->image.table_blocks;
}

static uint8_t *ram_block(const struct transfer *t, uint32_t block) {
    return t->engine->ram + block * IMAGE_BLOCK;
}

static uint8_t table_block(uint32_t table) {
    return (uint8_t)(TABLE_BLOCK + (table & 1u));
}

/* Orders are filled where they are used: copies of them would be most of what the processor does in a transfer. */
static void one_block(struct order *order, enum order_source source, uint32_t dest) {
    *order = (struct order){.source = source, .keep = true, .count = 1, .groups = IMAGE_BLOCK_GROUPS};
    order->dest = (uint8_t)dest;
    order_plan_all(order);
}

static void fetch_manifest(const struct transfer *t, uint32_t i, struct order *order) {
    one_block(order, ORDER_LINK, t->manifest + i);
    order->image_offset = i * IMAGE_BLOCK;
}

static void write_manifest(const struct transfer *t, uint32_t i, struct order *order) {
    one_block(order, ORDER_RAM, t->manifest + i);
    order->sink = true;
    order->flash_address = slot_header(t->target.base, t->target.size, i);
}

/* Programming a group of FFh leaves it erased. The group is in the RAM block that table 1 will use. */
static void erase_block(const struct transfer *t, uint32_t address, struct order *order) {
    one_block(order, ORDER_RAM, table_block(1));
    order->sink = true;
    order->flash_address = address;
    order->groups = 1;
    for (uint32_t i = 0; i < IMAGE_GROUP; i++) ram_block(t, order->dest)[i] = 0xFF;
}

static void read_manifest(const struct transfer *t, uint32_t i, struct order *order) {
    one_block(order, ORDER_FLASH, TABLE_BLOCK);
    order->flash_address = slot_header(t->target.base, t->target.size, i);
}

static void table_order(const struct transfer *t, uint32_t k, enum order_source source, struct order *order) {
    one_block(order, source, table_block(k));
    uint32_t header = t->image.manifest_blocks + k;
    order->check = true;
    order->sink = source == ORDER_LINK;
    order->image_offset = header * IMAGE_BLOCK;
    order->flash_address = slot_header(t->target.base, t->target.size, header);
    order->table = t->manifest * IMAGE_BLOCK + image_table_hash(k);
}

static void payload_order(const struct transfer *t, uint32_t k, enum order_source source, struct order *order) {
    uint32_t first = k * IMAGE_TABLE_ENTRIES, count = image_table_count(&t->image, k);
    uint32_t header = image_header_blocks(&t->image);
    *order = (struct order){.source = source, .check = true, .sink = source == ORDER_LINK};
    order->count = (uint8_t)count;
    order->groups = (uint8_t)image_block_groups(&t->image, first + count - 1u);
    order->image_offset = (header + first) * IMAGE_BLOCK;
    order->flash_address = t->target.base + first * IMAGE_BLOCK;
    order->table = table_block(k) * IMAGE_BLOCK;
    order_plan_all(order);
    if (order->sink) {
        const struct plan_slot slot = {t->target.base + t->image.payload_blocks * IMAGE_BLOCK,
                                       slot_header(t->target.base, t->target.size, header - 1u)};
        plan_erase(order, &slot, t->engine);
    }
}

/* The order of a download's step. @return false when it has to wait for the steps before it, or there is none. */
static bool download_order(const struct transfer *t, uint32_t step, struct order *order) {
    bool all_done = t->outstanding == 0;
    if (t->done == 0) {  // the manifest's first block tells the rest
        fetch_manifest(t, 0, order);
        return step == 0;
    }
    uint32_t m = t->image.manifest_blocks, tables_end = m + 1u + 2u * t->image.table_blocks;
    if (step < m)
        fetch_manifest(t, step, order);
    else if (step == m) {
        if (!all_done) return false;  // checked when the last manifest block is there
        erase_block(t, slot_header(t->target.base, t->target.size, 0), order);
    } else if (step < tables_end) {
        uint32_t k = (step - m - 1u) / 2u;
        if ((step - m) % 2u == 1u)
            table_order(t, k, ORDER_LINK, order);
        else
            payload_order(t, k, ORDER_LINK, order);
    } else {
        if (!all_done || step >= tables_end + m) return false;
        write_manifest(t, tables_end + m - 1u - step, order);
    }
    return true;
}

static bool verify_order(const struct transfer *t, uint32_t step, struct order *order) {
    uint32_t m = t->image.manifest_blocks;
    if (step <= m && t->outstanding != 0) return false;  // one block to compare with
    if (step >= verify_steps(t)) return false;
    uint32_t k = (step - m) / 2u;
    if (step < m)
        read_manifest(t, step, order);
    else if ((step - m) % 2u == 0)
        table_order(t, k, ORDER_FLASH, order);
    else
        payload_order(t, k, ORDER_FLASH, order);
    return true;
}

/* The order of the phase's next step. @return false when there is none now */
static bool next_order(const struct transfer *t, struct order *order) {
    switch (t->phase) {
        case TRANSFER_DOWNLOAD:
            return download_order(t, t->next, order);
        case TRANSFER_VERIFY:
            return verify_order(t, t->next, order);
        case TRANSFER_ERASE:
            erase_block(t, t->erase, order);
            return t->next == 0;
        default:
            return false;
    }
}

static void pump(struct transfer *t) {
    struct order order;
    while (t->outstanding < ORDER_QUEUE) {
        if (!next_order(t, &order)) return;
        t->next++;
        t->outstanding++;
        t->engine->push(t->engine->ctx, &order);
    }
}

static void begin(struct transfer *t, enum transfer_phase phase) {
    t->phase = phase;
    t->result = TRANSFER_OK;
    t->next = t->done = 0;
    t->percent = 0;
    pump(t);
}

/* Ends with @p result; orders under way are given up first. */
static void fail(struct transfer *t, enum transfer_result result) {
    t->result = result;
    if (t->outstanding == 0) {
        t->phase = result == TRANSFER_ABORTED ? TRANSFER_IDLE : TRANSFER_FAILED;
    } else {
        if (t->phase != TRANSFER_STOPPING) t->engine->abort(t->engine->ctx);
        t->phase = TRANSFER_STOPPING;
    }
}

static bool version_matches(const struct transfer *t) {
    const struct image *image = &t->image;
    const struct transfer_announced *told = &t->announced;
    if (image->version_type != told->version_type || image->version_length != told->version_length) return false;
    for (uint32_t i = 0; i < image->version_length; i++)
        if (image->version[i] != told->version[i]) return false;
    return told->stamp == image->stamp || told->stamp == UINT32_MAX;
}

/* Whether the manifest describes what was announced, for this target. */
static enum transfer_result suitable(const struct transfer *t) {
    const struct image *image = &t->image;
    const struct transfer_target *target = &t->target;
    if (image->classification != target->classification || image->identifier != target->identifier ||
        image->load_address != target->load_address || image->image_size != t->announced.image_size)
        return TRANSFER_WRONG_TARGET;
    if (!version_matches(t)) return TRANSFER_WRONG_VERSION;
    if (image->payload_size > target->payload_max || !slot_fits(target->size, image)) return TRANSFER_TOO_LARGE;
    return TRANSFER_OK;
}

static bool room_for_manifest(const struct transfer *t, uint32_t blocks) {
    if (t->manifest == 1) return blocks == 1;
    return t->manifest + blocks <= t->engine->ram_blocks;
}

/* A manifest block came from the link. @return why not to go on */
static enum transfer_result manifest_arrived(struct transfer *t) {
    t->image_error = image_parse(ram_block(t, t->manifest), t->done * IMAGE_BLOCK, &t->image);
    if (t->image.manifest_blocks == 0) return TRANSFER_BAD_MANIFEST;
    return room_for_manifest(t, t->image.manifest_blocks) ? suitable(t) : TRANSFER_TOO_LARGE;
}

static enum transfer_result manifest_read_back(const struct transfer *t) {
    const uint8_t *want = ram_block(t, t->manifest + t->done - 1u), *got = ram_block(t, TABLE_BLOCK);
    for (uint32_t i = 0; i < IMAGE_BLOCK; i++)
        if (want[i] != got[i]) return TRANSFER_FLASH;
    return TRANSFER_OK;
}

void transfer_init(struct transfer *t, const struct engine *engine) {
    *t = (struct transfer){.engine = engine};
    // A manifest of several blocks needs RAM that nothing else uses; one block fits before the tables.
    bool room = engine->first_free + IMAGE_MAX_MANIFEST_BLOCKS <= engine->ram_blocks;
    t->manifest = room ? engine->first_free : 1;
}

void transfer_start(struct transfer *t, const struct transfer_target *target,
                    const struct transfer_announced *announced) {
    t->target = *target;
    t->announced = *announced;
    t->image.manifest_blocks = 0;
    begin(t, TRANSFER_DOWNLOAD);
}

void transfer_verify(struct transfer *t) {
    if (t->phase == TRANSFER_DOWNLOADED) begin(t, TRANSFER_VERIFY);
}

void transfer_erase(struct transfer *t, uint32_t address) {
    t->erase = address;
    begin(t, TRANSFER_ERASE);
}

void transfer_cancel(struct transfer *t) {
    fail(t, TRANSFER_ABORTED);
}

void transfer_order_done(struct transfer *t) {
    enum transfer_result result = TRANSFER_OK;
    t->outstanding--;
    t->done++;
    if (t->phase == TRANSFER_DOWNLOAD && (t->done == 1 || t->done <= t->image.manifest_blocks))
        result = manifest_arrived(t);
    else if (t->phase == TRANSFER_VERIFY && t->done <= t->image.manifest_blocks)
        result = manifest_read_back(t);
    if (result != TRANSFER_OK) {
        fail(t, result);
        return;
    }
    if (t->phase == TRANSFER_DOWNLOAD && t->done > 1 && t->done == download_steps(t)) t->phase = TRANSFER_DOWNLOADED;
    if (t->phase == TRANSFER_VERIFY && t->done == verify_steps(t)) t->phase = TRANSFER_VERIFIED;
    if (t->phase == TRANSFER_ERASE) t->phase = TRANSFER_ERASED;
    pump(t);
}

static enum transfer_result stop_result(unsigned reason) {
    switch (reason) {
        case STOP_REASON_ABORT:
            return TRANSFER_ABORTED;
        case STOP_REASON_TIMEOUT:
            return TRANSFER_TIMEOUT;
        case STOP_REASON_COMPLETION_CODE:
        case STOP_REASON_LENGTH:
            return TRANSFER_REFUSED;
        case STOP_REASON_HASH:
            return TRANSFER_BAD_HASH;
        case STOP_REASON_FLASH_TIMEOUT:
        case STOP_REASON_PROGRAM:
            return TRANSFER_FLASH;
        default:
            return TRANSFER_ENGINE;
    }
}

void transfer_order_stopped(struct transfer *t, unsigned reason) {
    t->outstanding = 0;
    fail(t, t->phase == TRANSFER_STOPPING ? t->result : stop_result(reason));
}

bool transfer_busy(const struct transfer *t) {
    return t->outstanding != 0 || t->phase == TRANSFER_STOPPING;
}

uint8_t transfer_percent(struct transfer *t) {
    if (t->phase == TRANSFER_DOWNLOADED || t->phase == TRANSFER_VERIFIED || t->phase == TRANSFER_ERASED) return 100;
    if (t->phase == TRANSFER_ERASE) return t->percent;
    uint32_t before = t->image.manifest_blocks + (t->phase == TRANSFER_DOWNLOAD ? 1u : 0u);
    if (!transfer_busy(t) || t->phase == TRANSFER_STOPPING || t->done < before || t->image.manifest_blocks == 0)
        return t->percent;
    uint32_t steps = t->done - before, blocks = steps / 2u * IMAGE_TABLE_ENTRIES;
    if (steps % 2u == 1u) blocks += t->engine->finished(t->engine->ctx);
    if (blocks > t->image.payload_blocks) blocks = t->image.payload_blocks;
    uint8_t percent = (uint8_t)(blocks * 99u / t->image.payload_blocks);
    if (percent > t->percent) t->percent = percent;
    return t->percent;
}

bool transfer_size_possible(const struct transfer_target *target, uint32_t image_size) {
    return image_size > 2u * IMAGE_BLOCK && image_size % IMAGE_GROUP == 0 && image_size <= target->size;
}

uint8_t transfer_chunk_log2(uint32_t max_transfer, uint32_t bytes_per_second, uint32_t answer_ms) {
    uint8_t log2 = 5;
    while (log2 < 12 && 2u << log2 <= max_transfer) {
        // An answer in packets of 64 bytes, each framed by 14: a quarter more than its data.
        uint32_t wire = (2u << log2) + ((2u << log2) >> 2) + 32u;
        if (wire > bytes_per_second / 1000u * answer_ms) break;
        log2++;
    }
    return log2;
}
