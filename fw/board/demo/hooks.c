// SPDX-License-Identifier: Apache-2.0
//
// See hooks.h.
#include "fw/board/demo/hooks.h"

#include "fw/hal/sluice.h"

#define SHOWN 64u

/* Keeps the beginning of what comes in order, or again from an earlier offset. */
static void keep(uint8_t *kept, uint32_t size, uint32_t offset, const uint8_t *bytes, uint32_t len) {
    for (uint32_t i = 0; i < len && offset + i < size; i++) kept[offset + i] = bytes[i];
}

void demo_package_data(uint32_t offset, const uint8_t *bytes, uint32_t len) {
    static uint8_t text[SHOWN];
    keep(text, sizeof text, offset, bytes, len);
    if (len != 0) return;
    hal_puts("package data ");
    hal_put_hex(offset, 4);
    hal_puts("h bytes: ");
    for (uint32_t i = 0; i < SHOWN && i < offset; i++)
        if (text[i] < ' ' || text[i] > '~') text[i] = '.';
    hal_put_chars(text, offset < SHOWN ? offset : SHOWN);
    hal_puts("\n");
}

static uint8_t meta_byte(uint32_t ms, uint32_t i) {
    return (uint8_t)(i < 4 ? ms >> 8 * i : (uint32_t)board_identity.name[i - 4]);
}

void demo_meta_data_give(uint32_t offset, uint8_t *out, uint32_t len) {
    static uint32_t ms;
    if (offset == 0) ms = hal_now_ms();
    for (uint32_t i = 0; i < len; i++) out[i] = meta_byte(ms, offset + i);
}

void demo_meta_data_take(uint32_t offset, const uint8_t *bytes, uint32_t len) {
    static uint8_t data[DEMO_META_DATA];
    keep(data, sizeof data, offset, bytes, len);
    if (len != 0) return;
    hal_puts("metadata is back: update began at ");
    hal_put_hex(data[0] | (uint32_t)data[1] << 8 | (uint32_t)data[2] << 16 | (uint32_t)data[3] << 24, 8);
    hal_puts("h ms\n");
}
