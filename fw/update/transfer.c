// SPDX-License-Identifier: Apache-2.0
//
// The component update; see transfer.h for the sequence. Each phase is a walk over the table of steps below, one order
// a step; the next order is pushed while fewer than ORDER_QUEUE are outstanding, unless its step must wait until all
// before it are done.
#include "fw/update/transfer.h"

#include "fw/update/policy_keys.h"
#include "fw/update/transfer_log.h"
#include "fw/update/transfer_orders.h"
#include "sluice_enums.h"

// ---- what becomes of a step's order
// ---------------------------------------------------------------------------------

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
    // The boot ROM takes no more than one manifest block, and the largest RAM needs no more.
    if (image->load_address != 0 && image->manifest_blocks != 1) return TRANSFER_TOO_LARGE;
    if (image->security_version < target->minimum) return TRANSFER_OLD;
    return TRANSFER_OK;
}

static bool room_for_manifest(const struct transfer *t, uint32_t blocks) {
    if (t->manifest == 1) return blocks == 1;
    return t->manifest + blocks <= t->engine->ram_blocks;
}

/* Of a whole manifest, once no order is outstanding. @return why not to go on */
static enum transfer_result judged(struct transfer *t) {
    t->trust = t->engine->judge(t->engine->ctx, ram_block(t, t->manifest), &t->image);
    if (t->trust != IMAGE_AUTHENTIC) return TRANSFER_NOT_AUTHENTIC;
    const struct policy *policy = t->target.policy;
    return policy == NULL || policy_lets_sign(policy, t->image.key_id) ? TRANSFER_OK : TRANSFER_DENIED_KEY;
}

/* Manifest block @p i came from the link. Behind the first one the log is read. @return why not to go on */
static enum transfer_result manifest_arrived(struct transfer *t, uint32_t i) {
    if (i == 0) t->fetch_ms = t->engine->now_ms(t->engine->ctx) - t->begun_ms + 1u;
    t->image_error = image_parse(ram_block(t, t->manifest), (i + 1u) * IMAGE_BLOCK, &t->image);
    if (t->image.manifest_blocks == 0) return TRANSFER_BAD_MANIFEST;
    if (!room_for_manifest(t, t->image.manifest_blocks)) return TRANSFER_TOO_LARGE;
    enum transfer_result result = suitable(t);
    return result != TRANSFER_OK || i == 0 || i + 1u < t->image.manifest_blocks ? result : judged(t);
}

static enum transfer_result log_read(struct transfer *t, uint32_t i) {
    (void)i;
    log_opened(t);
    return t->image.manifest_blocks == 1 ? judged(t) : TRANSFER_OK;
}

static enum transfer_result manifest_read_back(struct transfer *t, uint32_t i) {
    const uint8_t *want = ram_block(t, t->manifest + i), *got = ram_block(t, SCRATCH_BLOCK);
    for (uint32_t at = 0; at < IMAGE_BLOCK; at++)
        if (want[at] != got[at]) return TRANSFER_FLASH;
    return TRANSFER_OK;
}

/* Table @p k is there, and what the slot holds in its place was looked at: is a compare worth its while? */
static void weigh(struct transfer *t, uint32_t k) {
    const uint32_t count = image_table_count(&t->image, k), bit = 1u << (k & 3u);
    const bool worth = plan_worth(ram_block(t, table_block(t, k)), t->samples[k % TRANSFER_LOOK], count);
    t->worth = (uint8_t)(worth ? t->worth | bit : t->worth & ~bit);
}

static enum transfer_result table_compared(struct transfer *t, uint32_t k) {
    uint32_t equal[ORDER_BLOCKS / 32u], place = k % TRANSFER_LOOK;
    t->engine->equal(t->engine->ctx, equal, 1, t->outstanding);
    t->equal_tables = (uint16_t)((t->equal_tables & ~(1u << place)) | (equal[0] & 1u) << place);
    plan_remember(ram_block(t, RING_BLOCK), t->samples[place]);
    if (k < TRANSFER_FIRST) weigh(t, k);
    return TRANSFER_OK;
}

/* Plans all of the table's blocks. */
static enum transfer_result table_arrived(struct transfer *t, uint32_t k) {
    t->log.compared = (uint8_t)(t->log.compared & ~(1u << (k & 3u)));
    plan_all(t->plan[k & 3u], image_table_count(&t->image, k));
    if (k >= TRANSFER_FIRST) weigh(t, k);
    t->arrived = k + 1u;
    return TRANSFER_OK;
}

/* What is equal need not be fetched, unless a cut may have left it weak, or it is faster to erase it with the rest.
 * After a cut it stays: an update that goes on fetches what was missing. */
static enum transfer_result payload_compared(struct transfer *t, uint32_t k) {
    const struct plan_place place = payload_place(t, k);
    uint32_t equal[ORDER_BLOCKS / 32u];
    t->engine->equal(t->engine->ctx, equal, image_table_count(&t->image, k), t->outstanding);
    log_compared(t, k, equal);
    if (!t->log.begun) plan_widen(t->plan[k & 3u], t->log.before, &place, t->fetch_ms, t->engine);
    t->worth = (uint8_t)(t->worth & ~(1u << (k & 3u)));
    return TRANSFER_OK;
}

// ---- whether a step is needed
// ---------------------------------------------------------------------------------------

/* The first block tells how many there are. */
static bool more_manifest(const struct transfer *t, uint32_t i) {
    return t->image.manifest_blocks == 0 || (i != 0 && i < t->image.manifest_blocks);
}

static bool slot_valid(const struct transfer *t, uint32_t i) {
    (void)i;
    return !t->log.found;
}

/* Before the first payload. */
static bool tables_differ(const struct transfer *t, uint32_t payload) {
    bool differ = false;
    for (uint32_t k = 0; payload == 0 && k < first_tables(t); k++) differ = differ || !table_equal(t, k);
    return differ;
}

static bool log_tells(const struct transfer *t, uint32_t k) {
    (void)k;
    return t->log.found && !t->log.doubt;
}

static bool payload_worth(const struct transfer *t, uint32_t k) {
    return !t->log.doubt && (t->worth >> (k & 3u) & 1u) != 0;
}

static bool payload_differs(const struct transfer *t, uint32_t k) {
    const uint32_t *plan = t->plan[k & 3u];
    return (plan[0] | plan[1] | plan[2] | plan[3]) != 0;
}

static bool log_needed(const struct transfer *t, uint32_t k) {
    return payload_differs(t, k) && log_wanted(t, k);
}

// ---- which step is next
// --------------------------------------------------------------------------------------------

static struct transfer_step each_manifest(const struct transfer *t, enum transfer_kind kind, uint32_t i) {
    bool more = i + 1u < t->image.manifest_blocks;
    return more ? (struct transfer_step){kind, i + 1u} : (struct transfer_step){kind + 1u, 0};
}

static struct transfer_step more_manifest_on(struct transfer *t, uint32_t i) {
    return each_manifest(t, STEP_MORE_MANIFEST, i);
}

static struct transfer_step write_manifest_on(struct transfer *t, uint32_t i) {
    return each_manifest(t, STEP_WRITE_MANIFEST, i);
}

static struct transfer_step read_manifest_on(struct transfer *t, uint32_t i) {
    return each_manifest(t, STEP_READ_MANIFEST, i);
}

/* To table @p k, which takes the RAM block of the table that was first to go. */
static struct transfer_step to_table(struct transfer *t, uint32_t k) {
    if (k >= t->table_places) t->table_block[k & 3u] = t->table_block[(k - t->table_places) & 3u];
    return (struct transfer_step){k != 0 && k % TRANSFER_LOOK == 0 ? STEP_COMPARE_TABLE : STEP_FETCH_TABLE, k};
}

/* Behind each of the first tables its place in the slot is looked at, then those of the others. */
static struct transfer_step compare_table_on(struct transfer *t, uint32_t k) {
    bool more = (k + 1u) % TRANSFER_LOOK != 0 && k + 1u < t->image.table_blocks;
    uint32_t first = k & ~(TRANSFER_LOOK - 1u);
    if (k + 1u < first_tables(t)) return (struct transfer_step){STEP_FETCH_TABLE, k + 1u};
    if (more) return (struct transfer_step){STEP_COMPARE_TABLE, k + 1u};
    return (struct transfer_step){first == 0 ? STEP_FIND_LOG : STEP_FETCH_TABLE, first};
}

/* Tables 0 and 1, payload 0, table 2, payload 1, table 3 ... */
static struct transfer_step fetch_table_on(struct transfer *t, uint32_t k) {
    (void)t;
    if (k < TRANSFER_FIRST) return (struct transfer_step){STEP_COMPARE_TABLE, k};
    return (struct transfer_step){STEP_FIND_LOG, k - 1u};
}

static struct transfer_step fetch_payload_on(struct transfer *t, uint32_t k) {
    if (k + 2u < t->image.table_blocks) return to_table(t, k + 2u);
    if (k + 1u < t->image.table_blocks) return (struct transfer_step){STEP_FIND_LOG, k + 1u};
    return (struct transfer_step){STEP_WRITE_MANIFEST, 0};
}

static struct transfer_step check_payload_on(struct transfer *t, uint32_t k) {
    bool more = k + 1u < t->image.table_blocks;
    return more ? (struct transfer_step){STEP_CHECK_TABLE, k + 1u} : (struct transfer_step){STEP_VERIFIED, 0};
}

// ---- when a step's turn is
// -----------------------------------------------------------------------------------------

/* Whether the order pushed last is of this kind and not done. */
static bool under_way(const struct transfer *t, enum transfer_kind kind) {
    return t->outstanding != 0 && t->running[t->outstanding - 1u].kind == kind;
}

/* And the slot's tables were looked at. */
static bool table_there(const struct transfer *t, uint32_t k) {
    return k < t->arrived && !under_way(t, STEP_COMPARE_TABLE);
}

static bool log_heard(const struct transfer *t, uint32_t k) {
    (void)k;
    return !under_way(t, STEP_FIND_LOG);
}

static bool compared(const struct transfer *t, uint32_t k) {
    return !payload_worth(t, k);
}

/* Payload takes the ring, where a record may be. */
static bool ring_taken(const struct transfer *t) {
    return under_way(t, STEP_WRITE_LOG);
}

/* The first tables have RAM blocks of their own. For the others one of three is free while an order is outstanding, the
 * orders before that one being done; and the slot's tables must have been looked at. */
static bool table_place_taken(const struct transfer *t) {
    if (t->next.index < TRANSFER_FIRST) return false;
    return under_way(t, STEP_COMPARE_TABLE) || t->table_places == TRANSFER_FIRST;
}

/* One after another the slot's tables go through the ring, which only orders for the first tables leave alone. */
static bool ring_in_use(const struct transfer *t) {
    return !under_way(t, STEP_FETCH_TABLE) || t->next.index >= TRANSFER_FIRST;
}

// ---- the steps
// ------------------------------------------------------------------------------------------------------

/* A step without @c order is the end of its phase. */
struct rule {
    void (*order)(const struct transfer *t, uint32_t index, struct order *order);
    enum transfer_result (*done)(struct transfer *t, uint32_t index);  // NULL: nothing to do
    bool (*needed)(const struct transfer *t, uint32_t index);          // NULL: always
    bool alone;                                                        // waits for all orders before it
    struct transfer_step (*on)(struct transfer *t, uint32_t index);    // NULL: to the step behind it
    bool (*known)(const struct transfer *t, uint32_t index);           // whether it is needed; NULL: always
    bool (*taken)(const struct transfer *t);                           // its place in the RAM, by an order before it
    enum transfer_phase end;
};

static const struct rule rules[] = {
    [STEP_FIRST_MANIFEST] = {order_fetch_manifest, manifest_arrived},
    [STEP_OPEN_LOG] = {order_open_log, log_read},
    [STEP_MORE_MANIFEST] = {order_fetch_manifest, manifest_arrived, more_manifest, true, more_manifest_on},
    [STEP_INVALIDATE] = {order_invalidate, invalidated, slot_valid, true},
    [STEP_FETCH_TABLE] = {order_fetch_table, table_arrived, NULL, false, fetch_table_on, NULL, table_place_taken},
    [STEP_COMPARE_TABLE] = {order_compare_table, table_compared, NULL, false, compare_table_on, NULL, ring_in_use},
    [STEP_FIND_LOG] = {order_find_log, log_found, log_tells, true, NULL, table_there},
    [STEP_COMPARE_PAYLOAD] = {order_compare_payload, payload_compared, payload_worth, true, NULL, log_heard},
    [STEP_WRITE_LOG] = {order_write_log, log_written, log_needed, true, NULL, compared},
    [STEP_WRITE_TABLES] = {order_write_tables, NULL, tables_differ, true},
    [STEP_FETCH_PAYLOAD] = {order_fetch_payload, NULL, payload_differs, false, fetch_payload_on, NULL, ring_taken},
    [STEP_WRITE_MANIFEST] = {order_write_manifest, NULL, NULL, true, write_manifest_on},
    [STEP_DOWNLOADED] = {.alone = true, .end = TRANSFER_DOWNLOADED},
    [STEP_READ_MANIFEST] = {order_read_manifest, manifest_read_back, NULL, true, read_manifest_on},
    [STEP_CHECK_TABLE] = {order_check_table},
    [STEP_CHECK_PAYLOAD] = {order_check_payload, NULL, NULL, false, check_payload_on},
    [STEP_VERIFIED] = {.alone = true, .end = TRANSFER_VERIFIED},
    [STEP_ERASE] = {order_erase},
    [STEP_ERASED] = {.alone = true, .end = TRANSFER_ERASED},
};

static bool working(const struct transfer *t) {
    return t->phase == TRANSFER_DOWNLOAD || t->phase == TRANSFER_VERIFY || t->phase == TRANSFER_ERASE;
}

/* In a phase that goes on. */
static void pump(struct transfer *t) {
    struct order order;
    while (t->outstanding < ORDER_QUEUE) {
        const struct transfer_step step = t->next;
        const struct rule *rule = &rules[step.kind];
        if (rule->known != NULL && !rule->known(t, step.index)) return;
        if (rule->needed == NULL || rule->needed(t, step.index)) {
            if (t->outstanding != 0 && (rule->alone || (rule->taken != NULL && rule->taken(t)))) return;
            if (rule->order == NULL) {
                t->phase = rule->end;
                return;
            }
            rule->order(t, step.index, &order);
            t->running[t->outstanding++] = step;
            t->engine->push(t->engine->ctx, &order);
        }
        t->next = rule->on != NULL ? rule->on(t, step.index) : (struct transfer_step){step.kind + 1u, step.index};
    }
}

static void begin(struct transfer *t, enum transfer_phase phase, enum transfer_kind first) {
    t->phase = phase;
    t->result = TRANSFER_OK;
    t->next = (struct transfer_step){first, 0};
    t->done = t->arrived = 0;
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

void transfer_init(struct transfer *t, const struct engine *engine) {
    *t = (struct transfer){.engine = engine};
    // A manifest of several blocks needs RAM that nothing else uses; one block fits before the tables.
    bool room = engine->first_free + IMAGE_MAX_MANIFEST_BLOCKS <= engine->ram_blocks;
    t->manifest = room ? engine->first_free : 1;
    t->table_places = room ? 3 : 2;
}

void transfer_start(struct transfer *t, const struct transfer_target *target,
                    const struct transfer_announced *announced) {
    t->target = *target;
    t->announced = *announced;
    t->begun_ms = t->engine->now_ms(t->engine->ctx);
    t->image.manifest_blocks = 0;
    t->log = (struct transfer_log){.found = false};
    // Table 1 lies before table 0, so that one order writes both.
    t->table_block[1] = (uint8_t)(LAST_TABLE_BLOCK + 1u - t->table_places);
    t->table_block[0] = (uint8_t)(t->table_block[1] + 1u);
    t->table_block[2] = LAST_TABLE_BLOCK;
    begin(t, TRANSFER_DOWNLOAD, STEP_FIRST_MANIFEST);
}

void transfer_verify(struct transfer *t) {
    if (t->phase == TRANSFER_DOWNLOADED) begin(t, TRANSFER_VERIFY, STEP_READ_MANIFEST);
}

void transfer_erase(struct transfer *t, uint32_t address) {
    t->erase = address;
    begin(t, TRANSFER_ERASE, STEP_ERASE);
}

void transfer_cancel(struct transfer *t) {
    fail(t, TRANSFER_ABORTED);
}

void transfer_order_done(struct transfer *t) {
    const struct transfer_step step = t->running[0];
    t->outstanding--;
    t->done++;
    for (unsigned i = 1; i < ORDER_QUEUE; i++) t->running[i - 1u] = t->running[i];
    if (!working(t)) return;
    enum transfer_result result = rules[step.kind].done != NULL ? rules[step.kind].done(t, step.index) : TRANSFER_OK;
    if (result != TRANSFER_OK)
        fail(t, result);
    else
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
    const bool log = reason == STOP_REASON_PROGRAM && working(t) && under_way(t, STEP_WRITE_LOG);
    t->outstanding = 0;
    if (log && log_moves_on(t)) {
        t->next = t->running[0];
        pump(t);
        return;
    }
    fail(t, t->phase == TRANSFER_STOPPING ? t->result : stop_result(reason));
}

bool transfer_busy(const struct transfer *t) {
    return t->outstanding != 0 || t->phase == TRANSFER_STOPPING;
}

/* Payload blocks behind the oldest order. */
static uint32_t blocks_done(const struct transfer *t) {
    const struct transfer_step step = t->outstanding != 0 ? t->running[0] : t->next;
    uint32_t before = step.index * IMAGE_TABLE_ENTRIES;
    if (step.kind == STEP_FETCH_PAYLOAD || step.kind == STEP_CHECK_PAYLOAD)
        return before + t->engine->finished(t->engine->ctx);
    if (step.kind >= STEP_FIND_LOG && step.kind <= STEP_WRITE_TABLES) return before;
    return step.kind == STEP_WRITE_MANIFEST ? t->image.payload_blocks : 0;
}

uint8_t transfer_percent(struct transfer *t) {
    if (t->phase == TRANSFER_DOWNLOADED || t->phase == TRANSFER_VERIFIED || t->phase == TRANSFER_ERASED) return 100;
    if (!working(t) || t->phase == TRANSFER_ERASE || t->image.manifest_blocks == 0) return t->percent;
    uint32_t blocks = blocks_done(t);
    if (blocks > t->image.payload_blocks) blocks = t->image.payload_blocks;
    uint8_t percent = (uint8_t)(blocks * 99u / t->image.payload_blocks);
    if (percent > t->percent) t->percent = percent;
    return t->percent;
}

bool transfer_size_possible(const struct transfer_target *target, uint32_t image_size) {
    return image_size > 2u * IMAGE_BLOCK && image_size % IMAGE_GROUP == 0 && image_size <= target->size;
}

uint8_t transfer_chunk_log2(uint32_t max_transfer, uint8_t most_log2, uint32_t bytes_per_second, uint32_t answer_ms) {
    uint8_t log2 = 5;
    while (log2 < most_log2 && 2u << log2 <= max_transfer) {
        // An answer in packets of 64 bytes, each framed by 14: a quarter more than its data.
        uint32_t wire = (2u << log2) + ((2u << log2) >> 2) + 32u;
        if (wire > bytes_per_second / 1000u * answer_ms) break;
        log2++;
    }
    return log2;
}
