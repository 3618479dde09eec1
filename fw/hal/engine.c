// SPDX-License-Identifier: Apache-2.0
//
// The engine of fw/update/engine.h: what updates ask of it, by the order queue.
#include "fw/hal/engine.h"

#include "fw/hal/orders.h"

#define FIRST_BUFFER 4u  // RAM block of the engine's first ring buffer

static void push(void *ctx, const struct order *order) {
    (void)ctx;
    orders_push(order);
}

static void give_up(void *ctx) {
    (void)ctx;
    orders_abort();
}

static void equal(void *ctx, uint32_t blocks[ORDER_BLOCKS / 32u], uint32_t count, unsigned behind) {
    (void)ctx;
    orders_equal(blocks, count, behind);
}

static uint8_t finished(void *ctx) {
    (void)ctx;
    return orders_finished();
}

static uint32_t now_ms(void *ctx) {
    (void)ctx;
    return hal_now_ms();
}

unsigned engine_poll(bool *stopped, unsigned *reason) {
    return orders_poll(stopped, reason);
}

void engine_init(struct engine *engine) {
    uint32_t config = HAL->CONFIG, delay = HAL->REQUEST_DELAY;
    *engine = (struct engine){.ram = orders_ram(0),
                              .first_free = (uint8_t)(FIRST_BUFFER + HAL_GET(config, CONFIG__BUFFERS)),
                              .ram_blocks = (uint8_t)HAL_GET(config, CONFIG__RAM_BLOCKS),
                              .requests = (uint8_t)(HAL_GET(delay, REQUEST_DELAY__MOST_M1) + 1u),
                              .chunk_log2 = (uint8_t)(12u + HAL_GET(delay, REQUEST_DELAY__WIDE)),
                              .push = push,
                              .abort = give_up,
                              .equal = equal,
                              .finished = finished,
                              .now_ms = now_ms};
}
