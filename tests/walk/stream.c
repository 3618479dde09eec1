// SPDX-License-Identifier: Apache-2.0
//
// Orders, check and flash side of the engine's model; see stream.h. Three ends move along the ring of jobs: made (the
// block is in RAM), checked, freed; each unit looks at the job at its end.
#include "tests/walk/stream.h"

#include <openssl/sha.h>
#include <stddef.h>
#include <string.h>

#define NS_PER_MS UINT64_C(1000000)
enum { EQUAL_AT = offsetof(stream_ram_map_t, EQUAL), EQUAL_STRIDE = 128 };
enum { ENTRY = SHA256_DIGEST_LENGTH, PAGES_BLOCKS_64 = 16, PAGES_BLOCKS_32 = 8 };

#define WHAT(word, FIELD)  (((word)&ORDER_RF__WHAT__##FIELD##_bm) >> ORDER_RF__WHAT__##FIELD##_bp)
#define ERASE(word, FIELD) (((word)&ORDER_RF__ERASE__##FIELD##_bm) >> ORDER_RF__ERASE__##FIELD##_bp)

static struct stream_job *job_at(struct stream *s, unsigned n) {
    return &s->jobs[n % STREAM_BUFFERS];
}

static const hal_order_t *order_in(const struct stream *s, uint8_t slot) {
    return &((const hal_stream_map_t *)(const void *)s->ram)->ORDER[slot];
}

const hal_order_t *stream_order(const struct stream *s, const struct stream_job *job) {
    return order_in(s, job->slot);
}

/* ---- orders to jobs ---- */

static bool planned(const hal_order_t *order, unsigned index) {
    return (order->PLAN[index / 32] >> index % 32 & 1) != 0;
}

static void next_block(struct stream *s) {
    s->next_index++;
    if (s->next_index % PAGES_BLOCKS_64 == 0) s->erased64 = false;
    if (s->next_index % PAGES_BLOCKS_32 == 0) s->erased32 = false;
}

/* What to erase before block next_index: its region at its first planned block, else itself. */
static uint32_t erase_before(struct stream *s, const hal_order_t *order) {
    const unsigned at64 = s->next_index / PAGES_BLOCKS_64, at32 = s->next_index / PAGES_BLOCKS_32;
    uint32_t bytes = STREAM_BLOCK;
    if ((ERASE(order->ERASE, ERASE64) >> at64 & 1) != 0)
        bytes = s->erased64 ? 0 : PAGES_BLOCKS_64 * STREAM_BLOCK;
    else if ((ERASE(order->ERASE, ERASE32) >> at32 & 1) != 0)
        bytes = s->erased32 ? 0 : PAGES_BLOCKS_32 * STREAM_BLOCK;
    s->erased64 = s->erased32 = true;
    return bytes;
}

static bool possible(uint32_t what) {
    const uint32_t source = WHAT(what, SOURCE);
    if (WHAT(what, COMPARE) && (source != 1 || !WHAT(what, CHECK))) return false;
    if (WHAT(what, DIGEST) || WHAT(what, CHAIN)) return source == 2 && !WHAT(what, SINK) && !WHAT(what, CHECK);
    return source <= 2 && !(source == 1 && WHAT(what, SINK));
}

static void make_job(struct stream *s, const hal_order_t *order, struct stream_job *job) {
    const uint32_t what = order->WHAT, source = WHAT(what, SOURCE);
    const bool last = s->next_index == WHAT(what, COUNT_M1), keep = WHAT(what, KEEP) || source == 2;
    const unsigned further = WHAT(what, CHAIN) && !WHAT(what, DIGEST) ? 0 : s->next_index;
    *job = (struct stream_job){
        .link = source == 0,
        .flash = source == 1,
        .check = WHAT(what, CHECK),
        .compare = WHAT(what, COMPARE),
        .sink = WHAT(what, SINK),
        .digest = WHAT(what, DIGEST),
        .chain = WHAT(what, CHAIN),
        .tree = WHAT(what, TREE),
        .last = last,
        .slot = s->queue[0],
        .index = (uint8_t)s->next_index,
        .block = (uint8_t)(keep ? WHAT(what, DEST) + further : STREAM_FIRST_BUFFER + s->handed % STREAM_BUFFERS),
        .len = last || WHAT(what, TREE) ? (WHAT(what, GROUPS_M1) + 1) * 64 : STREAM_BLOCK,
    };
    if (job->sink) job->erase = WHAT(what, NO_ERASE) ? 0 : erase_before(s, order);
}

static void pop_order(struct stream *s) {
    s->queue[0] = s->queue[1];
    s->queued--;
    s->next_index = 0;
    s->erased64 = s->erased32 = false;
}

/* One producer at a time, but for the link: as many blocks as requests. */
static bool may_hand_out(const struct stream *s, const hal_order_t *order) {
    if (s->handed - s->freed == STREAM_BUFFERS) return false;
    const unsigned most = WHAT(order->WHAT, SOURCE) == 0 ? stream_outstanding(s) : 1;
    return s->handed - s->made < most;
}

/* The next planned block of the oldest order, or its end. */
static bool hand_out(struct stream *s) {
    if (s->queued == 0) return false;
    const hal_order_t *order = order_in(s, s->queue[0]);
    struct stream_job *job = job_at(s, s->handed);
    if (!may_hand_out(s, order)) return false;
    while (s->next_index <= WHAT(order->WHAT, COUNT_M1) && !planned(order, s->next_index)) next_block(s);
    if (s->next_index > WHAT(order->WHAT, COUNT_M1)) {
        *job = (struct stream_job){.finish = true, .slot = s->queue[0]};
        pop_order(s);
    } else {
        make_job(s, order, job);
        if (!possible(order->WHAT) || job->block >= STREAM_RAM_BLOCKS) {
            stream_stop(s, STOP_REASON_BAD_ORDER, job);
            return true;
        }
        next_block(s);
    }
    s->handed++;
    return true;
}

/* Blocks of the flash are made by the flash side itself. */
static bool make(struct stream *s) {
    const struct stream_job *job = job_at(s, s->made);
    if (s->made == s->handed || job->flash || (job->link && job->got < job->len)) return false;
    s->made++;
    return true;
}

/* ---- check ---- */

static bool matches(struct stream *s, const struct stream_job *job) {
    uint8_t digest[ENTRY];
    const uint32_t entry = stream_order(s, job)->TABLE + job->index * (uint32_t)ENTRY;
    SHA256(s->ram + job->block * STREAM_BLOCK, job->len, digest);
    return entry + ENTRY <= STREAM_RAM_BLOCKS * STREAM_BLOCK && memcmp(s->ram + entry, digest, ENTRY) == 0;
}

static void checked(struct stream *s) {
    s->checked++;
    s->hashing = s->again = false;
}

static bool check(struct stream *s, uint64_t now_ns) {
    struct stream_job *job = job_at(s, s->checked);
    if (s->checked == s->made) return false;
    if (!job->finish && (job->digest || job->chain)) stream_hash(s, job);
    if (job->finish || !job->check) {
        checked(s);
        return true;
    }
    if (s->fetching_again) {
        if (job->got < job->len) return false;
        s->fetching_again = false;
    }
    if (!s->hashing) {
        s->hashing = true;
        s->hash_done_ns = now_ns + STREAM_HASH_NS;
        return true;
    }
    if (now_ns < s->hash_done_ns) return false;
    s->hashing = false;
    const bool equal = matches(s, job);
    if (equal || job->compare) {
        if (job->compare && equal) s->ram[EQUAL_AT + job->slot * EQUAL_STRIDE + job->index] = 0;
        checked(s);
    } else if (job->link && !s->again) {
        s->again = s->fetching_again = true;
        job->asked = job->got = 0;
    } else {
        stream_stop(s, STOP_REASON_HASH, job);
    }
    return true;
}

/* ---- flash ---- */

static uint64_t transfer_ns(uint32_t bytes) {
    return (bytes + 5u) * UINT64_C(8000000000) / STREAM_SPI_HZ;
}

static uint32_t flash_address(const struct stream *s, const struct stream_job *job) {
    return stream_order(s, job)->FLASH_ADDRESS + job->index * (uint32_t)STREAM_BLOCK + s->page * (uint32_t)NOR_PAGE;
}

static uint32_t page_len(const struct stream *s, const struct stream_job *job) {
    const uint32_t left = job->len - s->page * (uint32_t)NOR_PAGE;
    return left < NOR_PAGE ? left : NOR_PAGE;
}

static void freed(struct stream *s, const struct stream_job *job) {
    s->freed++;
    s->page = 0;
    s->erase_done = false;
    if (job->finish) {
        s->done++;
        return;
    }
    s->status_block = job->index;
    s->status_slot = job->slot;
}

static void begin_erase(struct stream *s, uint64_t now_ns, const struct stream_job *job) {
    const uint32_t opcodes = s->regs->FLASH_ERASE;
    const unsigned shift = job->erase == STREAM_BLOCK ? 0 : job->erase == PAGES_BLOCKS_32 * STREAM_BLOCK ? 8 : 16;
    s->flash = FLASH_ERASES;
    s->flash_done_ns = chip_erase(s->chip, now_ns, (uint8_t)(opcodes >> shift), flash_address(s, job));
}

static void begin_program(struct stream *s, uint64_t now_ns, const struct stream_job *job) {
    const uint8_t *data = s->ram + job->block * STREAM_BLOCK + s->page * NOR_PAGE;
    s->flash = FLASH_PROGRAMS;
    s->flash_done_ns =
        chip_program(s->chip, now_ns, (uint8_t)HAL_GET(s->regs->FLASH_CONFIG, FLASH_CONFIG__PROGRAM_OPCODE),
                     flash_address(s, job), data, page_len(s, job));
}

static bool begin_flash(struct stream *s, uint64_t now_ns) {
    const struct stream_job *job = job_at(s, s->freed);
    s->flash_patience_ns = now_ns + HAL_GET(s->regs->FLASH_TIMEOUT, FLASH_TIMEOUT__TIMEOUT_MS) * NS_PER_MS;
    if (s->freed != s->checked) {
        if (job->finish || !job->sink)
            freed(s, job);
        else if (job->erase != 0 && !s->erase_done)
            begin_erase(s, now_ns, job);
        else
            begin_program(s, now_ns, job);
        return true;
    }
    job = job_at(s, s->made);
    if (s->made == s->handed || !job->flash) return false;
    s->flash = FLASH_FETCHES;
    s->flash_done_ns = now_ns + transfer_ns(job->len);
    return true;
}

static void read_back(struct stream *s, uint64_t now_ns) {
    const struct stream_job *job = job_at(s, s->freed);
    uint8_t page[NOR_PAGE];
    const uint32_t len = page_len(s, job);
    chip_read(s->chip, now_ns, flash_address(s, job), page, len);
    s->flash = FLASH_IDLE;
    if (memcmp(page, s->ram + job->block * STREAM_BLOCK + s->page * NOR_PAGE, len) != 0)
        stream_stop(s, STOP_REASON_PROGRAM, job);
    else if (s->page * NOR_PAGE + len == job->len)
        freed(s, job);
    else
        s->page++;
}

static void fetched(struct stream *s, uint64_t now_ns) {
    const struct stream_job *job = job_at(s, s->made);
    s->flash = FLASH_IDLE;
    chip_read(s->chip, now_ns, flash_address(s, job), s->ram + job->block * STREAM_BLOCK, job->len);
    s->made++;
}

static bool run_flash(struct stream *s, uint64_t now_ns) {
    const struct stream_job *job = job_at(s, s->freed);
    if (s->flash == FLASH_IDLE) return !s->stopping && begin_flash(s, now_ns);
    if (s->flash == FLASH_ERASES || s->flash == FLASH_PROGRAMS) {
        s->flash_done_ns = nor_busy_until(s->chip->nor);
        if (now_ns < s->flash_done_ns && now_ns < s->flash_patience_ns) return false;
        if (now_ns < s->flash_done_ns) {
            s->flash = FLASH_IDLE;
            stream_stop(s, STOP_REASON_FLASH_TIMEOUT, job);
            return true;
        }
        nor_settle(s->chip->nor, now_ns);
        const bool erased = s->flash == FLASH_ERASES;
        s->erase_done = true;
        s->flash = erased || s->stopping ? FLASH_IDLE : FLASH_READS_BACK;
        s->flash_done_ns = now_ns + 2 * transfer_ns(page_len(s, job));  // there and back
        return true;
    }
    if (now_ns < s->flash_done_ns) return false;
    if (s->stopping)
        s->flash = FLASH_IDLE;
    else if (s->flash == FLASH_READS_BACK)
        read_back(s, now_ns);
    else
        fetched(s, now_ns);
    return true;
}

/* ---- control ---- */

static void forget(struct stream *s) {
    s->queued = 0;
    s->next_index = s->handed = s->made = s->checked = s->freed = s->page = 0;
    s->erased64 = s->erased32 = s->hashing = s->again = s->fetching_again = s->erase_done = false;
    s->stopping = s->stopped = false;
    s->done = s->reason = s->running = 0;
    memset(s->requests, 0, sizeof s->requests);
}

void stream_reset(struct stream *s) {
    forget(s);
    s->flash = FLASH_IDLE;
    s->instance = s->code = s->status_block = s->status_slot = 0;
}

void stream_stop(struct stream *s, uint8_t reason, const struct stream_job *at_fault) {
    if (s->stopping) return;
    s->stopping = true;
    s->reason = reason;
    if (at_fault == NULL) return;
    s->status_block = at_fault->index;
    s->status_slot = at_fault->slot;
}

void stream_control(struct stream *s, uint32_t value) {
    if ((value & SLUICE_REGS__ORDER_CTRL__ABORT_bm) != 0) stream_stop(s, STOP_REASON_ABORT, NULL);
    if ((value & SLUICE_REGS__ORDER_CTRL__ACK_bm) != 0 && s->done != 0) {
        s->done--;
        s->running--;
    }
    if ((value & SLUICE_REGS__ORDER_CTRL__CLEAR_bm) != 0 && s->stopped) forget(s);
    if ((value & SLUICE_REGS__ORDER_CTRL__PUSH_bm) == 0 || s->stopping) return;
    if (s->running == 2) {
        stream_stop(s, STOP_REASON_BAD_ORDER, NULL);
        return;
    }
    s->queue[s->queued++] = (uint8_t)HAL_GET(value, ORDER_CTRL__SLOT);
    s->running++;
}

uint32_t stream_status(const struct stream *s) {
    return HAL_PUT(s->done, ORDER_STATUS__DONE) | HAL_PUT(s->stopped, ORDER_STATUS__STOPPED) |
           HAL_PUT(s->running != s->done && !s->stopped, ORDER_STATUS__BUSY) |
           HAL_PUT(s->reason, ORDER_STATUS__REASON) | HAL_PUT(s->code, ORDER_STATUS__CODE) |
           HAL_PUT(s->status_block, ORDER_STATUS__BLOCK) | HAL_PUT(s->status_slot, ORDER_STATUS__SLOT);
}

void stream_run(struct stream *s, uint64_t now_ns) {
    for (bool moved = true; moved;) {
        moved = run_flash(s, now_ns);
        if (!s->stopping) moved |= check(s, now_ns);
        if (!s->stopping) moved |= make(s);
        if (!s->stopping) moved |= hand_out(s);
        if (!s->stopping) moved |= stream_fetch(s, now_ns);
    }
    if (s->stopping && s->flash == FLASH_IDLE) s->stopped = true;
}

uint64_t stream_due(const struct stream *s) {
    uint64_t due = UINT64_MAX;
    if (s->flash != FLASH_IDLE) due = s->flash_done_ns;
    if ((s->flash == FLASH_ERASES || s->flash == FLASH_PROGRAMS) && s->flash_patience_ns < due)
        due = s->flash_patience_ns;
    if (s->stopping) return due;
    if (s->hashing && s->hash_done_ns < due) due = s->hash_done_ns;
    const uint64_t fetch = stream_fetch_due(s);
    return fetch < due ? fetch : due;
}
