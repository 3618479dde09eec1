// SPDX-License-Identifier: Apache-2.0
//
// What the update code knows of the stream engine: orders (register map, order_rf) and the RAM blocks that it shares
// with the processor. The drivers provide it on the card, a recorder in the unit tests.
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "fw/image/trust.h"

enum order_source { ORDER_LINK = 0, ORDER_FLASH = 1, ORDER_RAM = 2 };

#define ORDER_BLOCKS 128u  // most blocks of one order
#define ORDER_QUEUE  2u    // orders that may be queued or running

/** One order; fields as in order_rf, the stream RAM counted in blocks of 4 KiB. Chain and digest orders are not for
 * updates: see fw/hal/judge.h. */
struct order {
    enum order_source source;
    bool check;              // each block must have the SHA-256 at its entry of @c table
    bool sink;               // program into the flash
    bool keep;               // block i stays in RAM block dest + i
    bool no_erase;           // the target is erased already
    bool compare;            // ORDER_FLASH with check: only find out which blocks are equal
    uint8_t count;           // blocks, 1..128
    uint8_t groups;          // 64-byte groups of the last block, 1..64
    uint8_t dest;            // first RAM block with keep or ORDER_RAM
    uint32_t image_offset;   // ORDER_LINK: bytes
    uint32_t flash_address;  // ORDER_FLASH or sink: bytes
    uint32_t table;          // check: byte offset in the stream RAM of block 0's entry
    uint32_t plan[4];        // bit i%32 of word i/32: handle block i
    uint32_t erase64;        // bit r: erase the r-th 64 KiB at once
    uint32_t erase32;        // bit r: erase the r-th 32 KiB at once
};

/** The engine as seen by its one user at a time. */
struct engine {
    void *ctx;
    uint8_t *ram;        // stream RAM; block n at ram + n * 4096
    uint8_t first_free;  // RAM blocks from here to ram_blocks are nobody's: large manifests live there
    uint8_t ram_blocks;
    uint8_t requests;                            // RequestFirmwareData that it can have outstanding
    uint8_t chunk_log2;                          // log2 of the bytes that one may ask for at most
    uint16_t erase4_ms, erase32_ms, erase64_ms;  // typical times of the flash's erases, 0: it has no such one
    uint16_t program_ms;                         // the same to program a block
    /** Queues a copy of @p order; never called with ORDER_QUEUE of them outstanding. */
    void (*push)(void *ctx, const struct order *order);
    /** Gives up all orders; a stop with reason ABORT follows. */
    void (*abort)(void *ctx);
    /** Which of its @p count blocks were equal, bit i%32 of word i/32 for block i, in a compare order that is
     * completed; @p behind orders were pushed behind it, fewer than ORDER_QUEUE. */
    void (*equal)(void *ctx, uint32_t blocks[ORDER_BLOCKS / 32u], uint32_t count, unsigned behind);
    /** Whether a manifest in @c ram, which image_parse() accepted, is authentic, while no order is outstanding. Blocks,
     * and overwrites RAM blocks of the ring. */
    enum image_trust (*judge)(void *ctx, uint8_t *manifest, const struct image *image);
    /** Blocks finished of the order that is running, 0 when that is not known. */
    uint8_t (*finished)(void *ctx);
    /** A clock's milliseconds. */
    uint32_t (*now_ms)(void *ctx);
};
