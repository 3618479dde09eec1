// SPDX-License-Identifier: Apache-2.0
//
// An application that does nothing but judge the manifests which lie one behind the other in the flash, each in the
// room of the largest one, until there is none. On the console a `<` before each judgement, which is in the RAM by
// then, and a digit behind it, enum image_trust; `!` at the end.
#include "fw/hal/judge.h"
#include "fw/hal/orders.h"

#define FIRST    0x200000u  // flash address
#define MANIFEST 8u         // RAM block

static enum image_error read(uint32_t address, struct image *image) {
    const uint32_t blocks = IMAGE_MAX_MANIFEST_BLOCKS;
    if (!orders_read(address, MANIFEST, blocks * IMAGE_BLOCK_GROUPS)) return IMAGE_TRUNCATED;
    return image_parse(orders_ram(MANIFEST), blocks * IMAGE_BLOCK, image);
}

int main(uint32_t slot) {
    struct image image;
    (void)slot;
    for (uint32_t at = FIRST; read(at, &image) == IMAGE_OK; at += IMAGE_MAX_MANIFEST_BLOCKS * IMAGE_BLOCK) {
        HAL->CONSOLE = '<';
        enum image_trust trust = judge(orders_ram(MANIFEST), &image);
        HAL->CONSOLE = (uint32_t)'0' + trust;
    }
    HAL->CONSOLE = '!';
    for (;;) (void)hal_wait();
}
