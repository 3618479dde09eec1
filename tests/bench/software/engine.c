// SPDX-License-Identifier: Apache-2.0
//
// See engine.h. Each order goes through its blocks: into the RAM, check, into the flash.
#include "tests/bench/software/engine.h"

#include <string.h>

#include "fw/app/app.h"
#include "fw/hal/orders.h"
#include "fw/image/image.h"
#include "fw/pldm/pldm.h"
#include "tests/bench/software/flash.h"
#include "tests/bench/software/sha256.h"

enum { BUFFER = 4, COMPLETION = 1 };

static const struct fd *device;
static struct {
    struct order queue[ORDER_QUEUE];
    unsigned count;     // in the queue, the running one first
    unsigned done;      // not reported yet
    unsigned reason;    // STOP_REASON_ of a stop that is not reported yet
    uint8_t block;      // of the running order
    bool asked;         // for this block
    uint32_t received;  // data bytes of its answer
    uint8_t instance;
    uint32_t equal[ORDER_BLOCKS / 32u];  // blocks of the compare order that was done last
} engine;

void software_init(const struct fd *fd) {
    device = fd;
}

static uint8_t *place(const struct order *order) {
    const bool fixed = order->keep || order->source == ORDER_RAM;
    return orders_ram(fixed ? (uint32_t)order->dest + engine.block : BUFFER);
}

static uint32_t length(const struct order *order) {
    return engine.block + 1u == order->count ? order->groups * IMAGE_GROUP : IMAGE_BLOCK;
}

static uint32_t offset(void) {
    return engine.block * IMAGE_BLOCK;
}

static void stop(unsigned reason) {
    engine.count = 0;
    engine.reason = reason;
}

static void request(const struct order *order) {
    const struct pldm_header header = {
        .request = true, .instance = engine.instance, .type = PLDM_TYPE_FWUP, .command = PLDM_REQUEST_FIRMWARE_DATA};
    const struct pldm_request_firmware_data_req body = {order->image_offset + offset(), length(order)};
    uint8_t message[32];
    size_t len = pldm_header_encode(&header, message, sizeof message);
    len += pldm_request_firmware_data_req_encode(&body, message + len, sizeof message - len);
    engine.asked = endpoint_send(device->peer, message, len);
    engine.received = 0;
}

/* The linker gives the answers to both: those to RequestFirmwareData are for here. */
void __wrap_fd_response_piece(struct fd *fd, uint32_t now_ms, uint16_t source, const uint8_t *msg, size_t len,
                              size_t at, bool more);
void __real_fd_response_piece(struct fd *fd, uint32_t now_ms, uint16_t source, const uint8_t *msg, size_t len,
                              size_t at, bool more);

/* Whether the piece belongs to the answer that is awaited; then @p msg and @p len are its data. */
static bool awaited(const uint8_t **msg, size_t *len, size_t at) {
    struct pldm_header header;
    if (!engine.asked || at != 0) return engine.asked && engine.received != 0;
    if (pldm_header_decode(*msg, *len, &header) != PLDM_SUCCESS || header.request || header.type != PLDM_TYPE_FWUP ||
        header.command != PLDM_REQUEST_FIRMWARE_DATA || header.instance != engine.instance)
        return false;
    *msg += PLDM_HEADER_SIZE;
    *len -= PLDM_HEADER_SIZE;
    return true;
}

/* Data go straight to their place. */
void __wrap_fd_response_piece(struct fd *fd, uint32_t now_ms, uint16_t source, const uint8_t *msg, size_t len,
                              size_t at, bool more) {
    if (engine.count == 0 || source != fd->peer || !awaited(&msg, &len, at)) {
        __real_fd_response_piece(fd, now_ms, source, msg, len, at, more);
        return;
    }
    const struct order *order = &engine.queue[0];
    if (at == 0) {
        if (len < COMPLETION || msg[0] != PLDM_SUCCESS) {
            stop(STOP_REASON_COMPLETION_CODE);
            return;
        }
        msg += COMPLETION;
        len -= COMPLETION;
    }
    if (len > length(order) - engine.received) {
        stop(STOP_REASON_LENGTH);
        return;
    }
    memcpy(place(order) + engine.received, msg, len);
    engine.received += (uint32_t)len;
}

static bool planned(const struct order *order) {
    return (order->plan[engine.block / 32u] >> engine.block % 32u & 1u) != 0;
}

static bool matches(const struct order *order) {
    uint8_t digest[SHA256_DIGEST];
    sha256(place(order), length(order), digest);
    return memcmp(digest, orders_ram(0) + order->table + engine.block * SHA256_DIGEST, SHA256_DIGEST) == 0;
}

/* Brings the block into its place. @return false while its answer is not whole */
static bool fetch(const struct order *order) {
    if (order->source == ORDER_FLASH) software_flash_read(order->flash_address + offset(), place(order), length(order));
    if (order->source != ORDER_LINK) return true;
    if (!engine.asked) request(order);
    return engine.received == length(order);
}

static void compare(const struct order *order) {
    if (matches(order)) engine.equal[engine.block / 32u] |= 1u << engine.block % 32u;
}

/* The running order's next block. @return false when it waits for the link */
static bool run_block(const struct order *order) {
    if (!fetch(order)) return false;
    if (engine.asked) engine.instance = (engine.instance + 1u) & 31u;
    engine.asked = false;
    if (order->compare)
        compare(order);
    else if (order->check && !matches(order))
        stop(STOP_REASON_HASH);
    else if (order->sink &&
             !software_flash_write(order->flash_address + offset(), place(order), length(order), !order->no_erase))
        stop(STOP_REASON_PROGRAM);
    return true;
}

static void finish(void) {
    engine.queue[0] = engine.queue[1];
    engine.count--;
    engine.done++;
    engine.block = 0;
}

bool software_run(void) {
    while (engine.count != 0) {
        const struct order *order = &engine.queue[0];
        if (planned(order) && !run_block(order)) break;
        if (engine.count != 0 && ++engine.block == order->count) finish();
    }
    return engine.done != 0 || engine.reason != STOP_REASON_NONE;
}

unsigned engine_poll(bool *stopped, unsigned *reason) {
    const unsigned done = engine.done;
    *stopped = engine.reason != STOP_REASON_NONE;
    *reason = engine.reason;
    engine.done = 0;
    engine.reason = STOP_REASON_NONE;
    return done;
}

static void push(void *ctx, const struct order *order) {
    (void)ctx;
    if (order->compare) memset(engine.equal, 0, sizeof engine.equal);
    if (engine.count == 0) engine.block = 0;
    engine.queue[engine.count++] = *order;
}

static void give_up(void *ctx) {
    (void)ctx;
    stop(STOP_REASON_ABORT);
}

static void equal(void *ctx, uint32_t blocks[ORDER_BLOCKS / 32u], uint32_t count, unsigned behind) {
    (void)ctx, (void)count, (void)behind;
    memcpy(blocks, engine.equal, sizeof engine.equal);
}

static uint8_t finished(void *ctx) {
    (void)ctx;
    return engine.count != 0 ? engine.block : 0;
}

static uint32_t now_ms(void *ctx) {
    (void)ctx;
    return hal_now_ms();
}

void engine_init(struct engine *out) {
    *out = (struct engine){.ram = orders_ram(0),
                           .first_free = BUFFER + 2,  // as with two buffers, the fewest
                           .ram_blocks = (uint8_t)HAL_GET(HAL->CONFIG, CONFIG__RAM_BLOCKS),
                           .requests = 1,
                           .chunk_log2 = 12,
                           .push = push,
                           .abort = give_up,
                           .equal = equal,
                           .finished = finished,
                           .now_ms = now_ms};
}
