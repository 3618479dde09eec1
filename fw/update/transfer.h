// SPDX-License-Identifier: Apache-2.0
//
// One component update, from the first RequestFirmwareData to the verified slot, as a state machine that completed
// orders drive: it costs the processor a few hundred instructions an order (up to 512 KiB) and nothing a byte.
//
// Download: manifest into RAM, parsed, held against what was announced and judged: is it authentic? Meanwhile the log
// of a transfer that was cut, if the slot has one | the slot's manifest erased, for a log: from here on the slot is
// invalid | per TRANSFER_LOOK tables: the slot's own ones read, which tell whether some of it may be there already |
// per 128 payload blocks: table block (checked against the manifest, written unless the slot has it), one ahead of the
// payload; where it may be worth it, or they were begun before, all its blocks compared; the log told; then what
// differs (checked against the table, written) | manifest written, its first block last. Verify: manifest compared with
// the flash | per 128 blocks: table and payload hashed from the flash.
//
// The first two tables are asked for before the slot's own ones are read: the flash is read, and erased, while the link
// is busy.
#pragma once
#include <stddef.h>

#include "fw/image/trust.h"
#include "fw/update/engine.h"
#include "fw/update/planner.h"
#include "fw/update/policy_record.h"

#define TRANSFER_LOOK  16u  // tables of the slot that are read at once
#define TRANSFER_FIRST 2u   // tables that are there before the first payload

/** How a download or a verification ended. */
enum transfer_result {
    TRANSFER_OK = 0,
    TRANSFER_ABORTED,        // transfer_cancel()
    TRANSFER_TIMEOUT,        // the update agent does not answer
    TRANSFER_REFUSED,        // the update agent answers with an error
    TRANSFER_BAD_MANIFEST,   // see transfer.image_error
    TRANSFER_NOT_AUTHENTIC,  // see transfer.trust
    TRANSFER_DENIED_KEY,     // authentic, but the operator's policy does not let its root sign
    TRANSFER_WRONG_TARGET,   // the manifest is for another component or load address, or of another size than announced
    TRANSFER_WRONG_VERSION,  // version string or comparison stamp differ from what was announced
    TRANSFER_TOO_LARGE,      // for the slot, or the manifest for the stream RAM
    TRANSFER_BAD_HASH,       // a block does not match its table entry, a table not the manifest
    TRANSFER_FLASH,          // a program or erase failed or timed out, or the manifest reads back differently
    TRANSFER_OLD,            // the image's security version is below the minimum
    TRANSFER_ENGINE          // the engine refused an order
};

/** What the image must fit. */
struct transfer_target {
    uint32_t base, size;          // the slot, bytes, multiples of 4096
    uint32_t load_address;        // of the component, 0: not code for the processor
    uint32_t payload_max;         // bytes
    uint32_t minimum;             // security version
    const struct policy *policy;  // NULL: any root may sign
    uint16_t classification;
    uint16_t identifier;
};

/** What UpdateComponent announced (DSP0267 table 18). */
struct transfer_announced {
    uint32_t image_size;
    uint32_t stamp;  // UINT32_MAX: the package has none
    uint8_t version_type;
    uint8_t version_length;
    uint8_t version[IMAGE_VERSION_MAX];  // of longer ones the beginning: they match no image
};

enum transfer_phase {
    TRANSFER_IDLE,
    TRANSFER_DOWNLOAD,
    TRANSFER_DOWNLOADED,
    TRANSFER_VERIFY,
    TRANSFER_VERIFIED,
    TRANSFER_ERASE,
    TRANSFER_ERASED,
    TRANSFER_FAILED,
    TRANSFER_STOPPING,  // cancelled or failed, the engine has not stopped yet
};

/** Steps of the three phases with orders, one order each. */
enum transfer_kind {
    STEP_FIRST_MANIFEST,  // TRANSFER_DOWNLOAD
    STEP_OPEN_LOG,
    STEP_MORE_MANIFEST,
    STEP_INVALIDATE,
    STEP_FETCH_TABLE,
    STEP_COMPARE_TABLE,
    STEP_FIND_LOG,
    STEP_COMPARE_PAYLOAD,
    STEP_WRITE_LOG,
    STEP_WRITE_TABLES,
    STEP_FETCH_PAYLOAD,
    STEP_WRITE_MANIFEST,
    STEP_DOWNLOADED,
    STEP_READ_MANIFEST,  // TRANSFER_VERIFY
    STEP_CHECK_TABLE,
    STEP_CHECK_PAYLOAD,
    STEP_VERIFIED,
    STEP_ERASE,  // TRANSFER_ERASE
    STEP_ERASED
};
struct transfer_step {
    enum transfer_kind kind;
    uint32_t index;  // of the manifest block or table
};

#define LOG_GROUP_WORDS 16u
#define LOG_PAGE_WORDS  64u
#define LOG_PAGE_GROUPS (LOG_PAGE_WORDS / LOG_GROUP_WORDS)

/** What is known of the slot's log (transfer_log.h). */
struct transfer_log {
    bool found;                      // the slot has one, of a transfer that did not end
    bool doubt;                      // and it says that nothing in the slot may be believed
    bool closed;                     // nothing more is written
    bool other;                      // the order at hand was begun for another image
    bool begun;                      // the order at hand was begun for this image
    bool whole;                      // and without a compare: some blocks may have been equal before
    uint8_t page;                    // of the next record; 0: not known yet
    uint8_t groups;                  // there are in that page
    uint8_t compared;                // bit index modulo 4: the order's blocks were
    uint32_t covered;                // orders below need no record of their own unless they are compared
    uint32_t before[4];              // blocks of the plan at hand that were equal before they were written
    uint32_t words[LOG_PAGE_WORDS];  // that page
};

struct transfer {
    const struct engine *engine;
    struct transfer_target target;
    struct transfer_announced announced;
    struct image image;  // valid once the manifest is parsed
    enum transfer_phase phase;
    enum transfer_result result;  // in TRANSFER_FAILED, and on the way there
    enum image_error image_error;
    enum image_trust trust;
    uint8_t manifest;                               // RAM block of the manifest
    uint8_t outstanding;                            // orders queued or running
    struct transfer_step running[ORDER_QUEUE];      // these, the oldest first
    struct transfer_step next;                      // to push
    uint32_t done;                                  // orders completed in this phase
    uint32_t samples[TRANSFER_LOOK][PLAN_SAMPLES];  // of the slot's tables, by index modulo
    uint16_t equal_tables;                          // bit index modulo TRANSFER_LOOK: the slot has that table
    uint8_t table_places;                           // RAM blocks for them: three or two
    // Of the tables from being fetched to the end of their payload, by index modulo 4.
    uint8_t table_block[4];                // RAM block, of the first three set from the beginning
    uint32_t plan[4][ORDER_BLOCKS / 32u];  // blocks to compare, afterwards to fetch
    uint8_t worth;                         // bit index modulo 4: there are blocks to compare
    uint32_t arrived;                      // tables fetched
    struct transfer_log log;
    uint32_t begun_ms;  // when the download began
    uint32_t fetch_ms;  // what a block takes from its request to its last byte: the first one did
    uint32_t erase;     // flash address of TRANSFER_ERASE
    uint8_t percent;    // highest progress reported in this phase
};

/** Once, before anything else. */
void transfer_init(struct transfer *transfer, const struct engine *engine);

/** Begins a download; the result is there when @c phase is TRANSFER_DOWNLOADED or TRANSFER_FAILED. Allowed in any
 * phase: what was under way is cancelled first. */
void transfer_start(struct transfer *transfer, const struct transfer_target *target,
                    const struct transfer_announced *announced);

/** Begins the verification of what was downloaded, in TRANSFER_DOWNLOADED; ends in TRANSFER_VERIFIED or
 * TRANSFER_FAILED. */
void transfer_verify(struct transfer *transfer);

/** Erases the 4 KiB at @p address, in any phase but a busy one; ends in TRANSFER_ERASED or TRANSFER_FAILED. An order
 * like any other, so that the processor need not wait for it. */
void transfer_erase(struct transfer *transfer, uint32_t address);

/** Gives up, in any phase; ends in TRANSFER_IDLE, perhaps not at once. */
void transfer_cancel(struct transfer *transfer);

/** The engine completed one order. */
void transfer_order_done(struct transfer *transfer);

/** The engine stopped and has been cleared. @p reason as in ORDER_STATUS. */
void transfer_order_stopped(struct transfer *transfer, unsigned reason);

/** True while orders of this transfer are queued, running or being given up. */
bool transfer_busy(const struct transfer *transfer);

/** Progress of the download or verification under way in percent, 0..100, never falling. */
uint8_t transfer_percent(struct transfer *transfer);

/** False for a size that no image for @p target can have, so that UpdateComponent may be refused at once. */
bool transfer_size_possible(const struct transfer_target *target, uint32_t image_size);

/** log2 of the bytes of one RequestFirmwareData: the largest power of two that is no larger than @p max_transfer (32 or
 * more) and 2^@p most_log2 and whose answer needs at most @p answer_ms on a link of @p bytes_per_second. At least 5. */
uint8_t transfer_chunk_log2(uint32_t max_transfer, uint8_t most_log2, uint32_t bytes_per_second, uint32_t answer_ms);
