// SPDX-License-Identifier: Apache-2.0
//
// The stream engine of the card on the host: what rtl/stream does with orders, block by block and in simulated time.
// Blocks come from the link (stream_fetch.c), the flash or the stream RAM into a ring of buffers, are checked against
// their SHA-256 in order, and go to the flash; everything before the flash runs ahead as far as the buffers reach.
// Several requests may be on their way at once, and their answers may come in any order.
#pragma once
#include "fw/mctp/mctp.h"
#include "tests/walk/chip.h"
#include "tests/walk/hal/fw/hal/sluice.h"

enum {
    STREAM_BLOCK = 4096,
    STREAM_RAM_BLOCKS = 16,
    STREAM_BUFFERS = 8,
    STREAM_FIRST_BUFFER = 4,
    STREAM_REQUESTS = 4,  // most that are on their way, one a message tag
    STREAM_PACKET = 16,   // bytes of a RequestFirmwareData
    STREAM_SPI_HZ = 12000000,
    STREAM_HASH_NS = 500000,  // for one block
};

/** One block on its way, or the end of an order. */
struct stream_job {
    bool finish, link, flash, check, compare, sink, digest, chain, tree;
    bool last;            // of its order
    uint8_t slot;         // of the order
    uint8_t index;        // of the block in its order
    uint8_t block;        // of the stream RAM
    uint32_t len;         // bytes
    uint32_t erase;       // bytes to erase before, 0: none
    uint32_t asked, got;  // bytes of the link
};

/** One RequestFirmwareData until it is answered. The first block of members is the request's, the second its answer's
 * as far as it has come. */
struct stream_request {
    bool active, delayed;            // delayed: after RETRY_REQUEST_FW_DATA
    unsigned job;                    // counted from the first of all
    uint32_t offset, position, len;  // in the image; in the block; bytes
    uint8_t instance, repeats;
    uint64_t due_ns;  // time-out, or end of the delay

    bool alien, bad, full;
    uint8_t sequence, code;
    uint32_t at;
};

/** Who waits for what in the flash. */
enum stream_flash_state { FLASH_IDLE, FLASH_ERASES, FLASH_PROGRAMS, FLASH_READS_BACK, FLASH_FETCHES };

struct stream {
    void *ctx;
    /** Sends one packet. @return when its last byte leaves */
    uint64_t (*send)(void *ctx, const uint8_t *packet, size_t len);
    struct chip *chip;
    const hal_regs_t *regs;
    uint8_t *ram;
    unsigned most;  // requests that this card can have on their way, 1 or STREAM_REQUESTS

    uint8_t queue[2], queued;  // order slots
    unsigned next_index;       // block of the oldest order to be handed out
    bool erased64, erased32;   // the region of next_index is taken care of
    struct stream_job jobs[STREAM_BUFFERS];
    unsigned handed, made, checked, freed;  // ends of the ring, counted from the first of all

    struct stream_request requests[STREAM_REQUESTS];
    uint8_t instance;

    uint8_t message[4 * STREAM_BLOCK];  // of a digest order, its blocks so far
    uint32_t message_len;
    unsigned side;                        // of the last LMS message's node
    bool hashing, again, fetching_again;  // again: the block was asked for a second time
    uint64_t hash_done_ns;
    enum stream_flash_state flash;
    uint64_t flash_done_ns, flash_patience_ns;
    unsigned page;
    bool erase_done;

    uint8_t done, reason, code, status_block, status_slot;
    uint8_t running;  // orders pushed and not acknowledged
    bool stopping, stopped;
    uint64_t bytes, repeats;  // from the link; requests sent again
};

void stream_reset(struct stream *stream);
/** Requests that may be on their way: what firmware has set, as far as the card can. */
unsigned stream_outstanding(const struct stream *stream);
/** ORDER_CTRL was written. */
void stream_control(struct stream *stream, uint32_t value);
uint32_t stream_status(const struct stream *stream);
/** Does what is due; stream_due() says when that is next, UINT64_MAX: only a packet or an order changes anything. */
void stream_run(struct stream *stream, uint64_t now_ns);
uint64_t stream_due(const struct stream *stream);
/** An answer: a packet with TO = 0 and a tag below STREAM_REQUESTS. */
void stream_packet(struct stream *stream, uint64_t now_ns, const uint8_t *packet, size_t len);

/* Between stream.c, stream_fetch.c and stream_hash.c. */
void stream_stop(struct stream *stream, uint8_t reason, const struct stream_job *at_fault);
const hal_order_t *stream_order(const struct stream *stream, const struct stream_job *job);
/** Sends what may be asked for and repeats what is overdue. @return whether anything changed */
bool stream_fetch(struct stream *stream, uint64_t now_ns);
uint64_t stream_fetch_due(const struct stream *stream);
/** Does what a digest or chain order wants of a block. */
void stream_hash(struct stream *stream, const struct stream_job *job);
