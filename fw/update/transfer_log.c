// SPDX-License-Identifier: Apache-2.0
//
// The log of a transfer; see transfer_log.h for its place and its rules. Records are words, so that few instructions
// make one: an update without a cut writes one for 8 MiB.
#include "fw/update/transfer_log.h"

#include "fw/update/transfer_orders.h"

#define LOG_PAGE   (4u * LOG_PAGE_WORDS)
#define FIRST_PAGE 1u
#define DOUBT_PAGE (IMAGE_BLOCK / LOG_PAGE - 1u)
#define BLANK      0xFFFFFFFFu
#define MAGIC      0x474F4C00u  // "LOG", above the kind

enum kind {
    LOG_HEAD = 1,
    LOG_PLAN,   // order `from` was compared; of these blocks some may be written
    LOG_WHOLE,  // any blocks of the orders from .. to may be written, unless there is a later LOG_PLAN
    LOG_DOUBT,  // page 15
};

struct record {
    uint32_t kind;      // and MAGIC
    uint32_t from, to;  // orders
    uint32_t name[4];   // of the tables from .. to: their hashes' beginnings, combined
    uint32_t plan[4];
    uint32_t before[4];  // blocks of the plan that were equal before they were written; LOG_WHOLE: such tables
    uint32_t check;      // of all words before
};
_Static_assert(sizeof(struct record) == 4u * LOG_GROUP_WORDS, "a record is a group");

static uint32_t check_of(const struct record *r) {
    const uint32_t *words = (const uint32_t *)r;
    uint32_t sum = ~MAGIC;
    for (uint32_t i = 0; i < LOG_GROUP_WORDS - 1u; i++) sum = (sum << 5 | sum >> 27) + words[i];
    return sum;
}

static bool good(const struct record *r, enum kind kind) {
    return r->kind == (MAGIC | (uint32_t)kind) && r->check == check_of(r);
}

static const struct record *records(const struct transfer *t, uint32_t block) {
    return (const struct record *)__builtin_assume_aligned(ram_block(t, block), sizeof(uint32_t));
}

static void copy_records(uint32_t *to, const uint32_t *from, uint32_t records) {
    for (; records != 0; records--) {
#pragma GCC unroll 16
        for (uint32_t i = 0; i < LOG_GROUP_WORDS; i++) *to++ = *from++;
    }
}

/* Hashes in the manifest and words in the RAM are aligned. */
static void name_tables(const struct transfer *t, uint32_t from, uint32_t to, uint32_t name[4]) {
    const uint8_t *hashes = ram_block(t, t->manifest) + image_table_hash(from);
    const uint32_t *hash = (const uint32_t *)__builtin_assume_aligned(hashes, sizeof(uint32_t));
    for (uint32_t w = 0; w < 4u; w++) name[w] = to - from;
    for (uint32_t k = from; k <= to; k++, hash += IMAGE_HASH / 4u)
        for (uint32_t w = 0; w < 4u; w++) name[w] = (name[w] << 1 | name[w] >> 31) ^ hash[w];
}

// ---- what the slot says
// ---------------------------------------------------------------------------------------------

static void page_order(const struct transfer *t, uint32_t page, enum order_source source, uint32_t dest,
                       struct order *order) {
    one_block(order, source, dest);
    order->flash_address = header_address(t, 0) + page * LOG_PAGE;
}

void order_open_log(const struct transfer *t, uint32_t i, struct order *order) {
    (void)i;
    page_order(t, 0, ORDER_FLASH, SCRATCH_BLOCK, order);
}

/* A cut may have left LOG_HEAD weak, so that it reads right now and wrong when the next try asks: the first record of a
 * page that was begun since then stands for it. */
void log_opened(struct transfer *t) {
    const struct record *page = records(t, SCRATCH_BLOCK) + FIRST_PAGE * LOG_PAGE_GROUPS;
    for (uint32_t n = FIRST_PAGE; !t->log.found && n <= DOUBT_PAGE; n++, page += LOG_PAGE_GROUPS)
        t->log.found = page->kind - MAGIC - 1u < LOG_DOUBT && page->check == check_of(page);
}

void order_find_log(const struct transfer *t, uint32_t k, struct order *order) {
    (void)k;
    page_order(t, 0, ORDER_FLASH, RING_BLOCK, order);
}

static bool blank(const struct record *r) {
    const uint32_t *words = (const uint32_t *)r;
    uint32_t all = BLANK;
    for (uint32_t i = 0; i < LOG_GROUP_WORDS; i++) all &= words[i];
    return all == BLANK;
}

/* A page that a cut may have torn is not written again: on with the one behind it. */
static void go_on_behind(struct transfer_log *log, const struct record *block) {
    uint32_t group = DOUBT_PAGE * LOG_PAGE_GROUPS;
    for (uint32_t i = 0; i < LOG_PAGE_GROUPS; i++) log->doubt = log->doubt || !blank(block + group + i);
    while (group > 0 && blank(block + group - 1u)) group--;
    log->page = (uint8_t)((group + LOG_PAGE_GROUPS - 1u) / LOG_PAGE_GROUPS);
    log->groups = 0;
}

static bool same_name(const struct transfer *t, const struct record *r) {
    uint32_t name[4], differs = 0;
    if (r->from > r->to || r->to >= t->image.table_blocks) return false;
    name_tables(t, r->from, r->to, name);
    for (uint32_t w = 0; w < 4u; w++) differs |= name[w] ^ r->name[w];
    return differs == 0;
}

/* Whether order @p k, which @p last told of, was written to its end. Orders are written one after another, and table
 * k + 2 between the orders k and k + 1. */
static bool ended(const struct transfer *t, uint32_t k, const struct record *last, const struct record *end) {
    const uint32_t table = k + 2u;
    for (const struct record *r = last + 1; r < end; r++)
        if (r->from > k && (good(r, LOG_PLAN) || good(r, LOG_WHOLE))) return true;
    if (!good(last, LOG_WHOLE) || !same_name(t, last) || table > last->to) return false;
    return (t->equal_tables & ~last->before[0] & 1u << table % TRANSFER_LOOK) != 0;
}

enum transfer_result log_found(struct transfer *t, uint32_t k) {
    struct transfer_log *log = &t->log;
    const struct record *block = records(t, RING_BLOCK), *last = NULL;
    const struct record *end = block + DOUBT_PAGE * LOG_PAGE_GROUPS;
    const uint32_t bit = 1u << (k & 3u);
    if (log->page == 0) go_on_behind(log, block);
    if (log->doubt) return TRANSFER_OK;
    for (const struct record *r = block + FIRST_PAGE * LOG_PAGE_GROUPS; r < end; r++)
        if (r->from <= k && k <= r->to && (good(r, LOG_PLAN) || good(r, LOG_WHOLE))) last = r;
    const bool same = last != NULL && same_name(t, last), solid = last == NULL || ended(t, k, last, end);
    log->begun = same && !solid;
    log->other = !same && !solid;
    log->whole = log->begun && good(last, LOG_WHOLE);
    if (same) t->worth = (uint8_t)(t->worth | bit);
    if (log->other) t->worth = (uint8_t)(t->worth & ~bit);
    for (uint32_t w = 0; log->begun && !log->whole && w < 4u; w++) {
        log->before[w] = last->before[w];
        t->plan[k & 3u][w] = last->plan[w];
    }
    for (uint32_t w = 0; log->whole && w < 4u; w++) log->before[w] = 0;
    return TRANSFER_OK;
}

/* What differs outside the plan was equal when it was made, and has changed by itself: it joins it. */
static void believe(struct transfer *t, uint32_t k, const uint32_t equal[4]) {
    const uint32_t first = k * IMAGE_TABLE_ENTRIES, count = image_table_count(&t->image, k);
    const bool full = image_block_groups(&t->image, first + count - 1u) == IMAGE_BLOCK_GROUPS;
    uint32_t *plan = t->plan[k & 3u], *before = t->log.before, changed[4];
    plan_all(changed, count);
    for (uint32_t w = 0; w < 4u; w++) changed[w] &= ~(plan[w] | equal[w]);
    plan_believe(plan, before, equal, ram_block(t, table_block(t, k)), full ? count : count - 1u,
                 t->log.whole ? 2u : 1u);
    for (uint32_t w = 0; w < 4u; w++) {
        plan[w] |= changed[w];
        before[w] |= changed[w];
    }
}

void log_compared(struct transfer *t, uint32_t k, const uint32_t equal[4]) {
    struct transfer_log *log = &t->log;
    uint32_t *plan = t->plan[k & 3u];
    log->compared = (uint8_t)(log->compared | 1u << (k & 3u));
    if (log->begun) {
        believe(t, k, equal);
        return;
    }
    for (uint32_t w = 0; w < 4u; w++) {
        log->before[w] = 0;
        plan[w] &= ~equal[w];
    }
}

// ---- what the slot is told
// ------------------------------------------------------------------------------------------

static bool was_compared(const struct transfer_log *log, uint32_t k) {
    return (log->compared >> (k & 3u) & 1u) != 0;
}

/* Page 15 is written. One that says so already may be torn, and blank at the next try: it is written, too. */
static bool doubts(const struct transfer_log *log) {
    return log->doubt || log->other || log->page == DOUBT_PAGE;
}

bool log_wanted(const struct transfer *t, uint32_t k) {
    const struct transfer_log *log = &t->log;
    return !log->closed && (log->other || was_compared(log, k) || k >= log->covered);
}

/* Orders that are told of at once: those whose tables are looked at together. */
static uint32_t last_whole(const struct transfer *t, uint32_t k) {
    const uint32_t last = k | (TRANSFER_LOOK - 1u);
    return last < t->image.table_blocks ? last : t->image.table_blocks - 1u;
}

static void describe(const struct transfer *t, uint32_t k, struct record *r) {
    const struct transfer_log *log = &t->log;
    const bool compared = was_compared(log, k);
    r->kind = MAGIC | (compared ? LOG_PLAN : LOG_WHOLE);
    r->from = k;
    r->to = compared ? k : last_whole(t, k);
    name_tables(t, r->from, r->to, r->name);
    for (uint32_t w = 0; w < 4u; w++) {
        r->plan[w] = t->plan[k & 3u][w];
        r->before[w] = compared ? log->before[w] : 0;
    }
    if (!compared) r->before[0] = t->equal_tables;
}

/* Word by word: the libc's memset would take ten times the instructions. */
static void bare(struct record *r, enum kind kind) {
    uint32_t *words = (uint32_t *)r;
#pragma GCC unroll 16
    for (uint32_t i = 0; i < LOG_GROUP_WORDS; i++) words[i] = 0;
    r->kind = MAGIC | (uint32_t)kind;
}

/* A page from the RAM, behind what it holds already: that is programmed again as it is. */
static void write_order(const struct transfer *t, uint32_t page, uint32_t groups, struct order *order) {
    page_order(t, page, ORDER_RAM, RING_BLOCK, order);
    order->sink = true;
    order->groups = (uint8_t)groups;
}

static struct record *record_at(const struct transfer *t, uint32_t group) {
    return (struct record *)__builtin_assume_aligned(ram_block(t, RING_BLOCK), sizeof(uint32_t)) + group;
}

void order_invalidate(const struct transfer *t, uint32_t i, struct order *order) {
    struct record *r = record_at(t, 0);
    (void)i;
    write_order(t, FIRST_PAGE, 1, order);
    bare(r, LOG_HEAD);
    r->check = check_of(r);
}

void order_write_log(const struct transfer *t, uint32_t k, struct order *order) {
    const struct transfer_log *log = &t->log;
    const bool doubt = doubts(log);
    const uint32_t groups = doubt ? 0 : log->groups;
    struct record *r = record_at(t, groups);
    copy_records((uint32_t *)record_at(t, 0), log->words, groups);
    write_order(t, doubt ? DOUBT_PAGE : log->page, groups + 1u, order);
    order->no_erase = true;
    if (doubt)
        bare(r, LOG_DOUBT);
    else
        describe(t, k, r);
    r->check = check_of(r);
}

/* The record in the ring was written: the page's next one goes behind it. */
static void keep(struct transfer *t) {
    struct transfer_log *log = &t->log;
    copy_records(log->words + log->groups * LOG_GROUP_WORDS, (const uint32_t *)record_at(t, log->groups), 1);
    if (++log->groups != LOG_PAGE_GROUPS) return;
    log->groups = 0;
    log->page++;
}

enum transfer_result invalidated(struct transfer *t, uint32_t i) {
    (void)i;
    t->log.page = FIRST_PAGE;
    t->log.groups = 0;
    keep(t);
    return TRANSFER_OK;
}

enum transfer_result log_written(struct transfer *t, uint32_t k) {
    struct transfer_log *log = &t->log;
    if (doubts(log)) {
        log->closed = true;
        return TRANSFER_OK;
    }
    if (!was_compared(log, k)) log->covered = last_whole(t, k) + 1u;
    keep(t);
    return TRANSFER_OK;
}

bool log_moves_on(struct transfer *t) {
    struct transfer_log *log = &t->log;
    if (doubts(log)) {
        log->closed = true;
        return log->doubt;
    }
    log->page++;
    log->groups = 0;
    return true;
}
