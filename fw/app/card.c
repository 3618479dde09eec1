// SPDX-License-Identifier: Apache-2.0
//
// The card behind the firmware device: engine, flash, journal, restart.
#include "fw/app/app.h"
#include "fw/hal/engine.h"
#include "fw/hal/flash.h"
#include "fw/hal/judge.h"
#include "fw/hal/orders.h"
#include "fw/update/sound.h"

#define REQUEST_TIMEOUT_MS 2000u
#define REQUEST_RETRIES    10u    // 22 s with the timeout above: a silent agent and FD_T1 after it stay below 120 s
#define RETRY_DELAY_MS     1500u  // FD_T2, DSP0267 table 2
_Static_assert(RETRY_DELAY_MS >= 1000u && RETRY_DELAY_MS <= 5000u, "FD_T2");
_Static_assert(REQUEST_RETRIES >= 2u, "UAFD_T1");
_Static_assert((REQUEST_RETRIES + 1u) * REQUEST_TIMEOUT_MS + FD_T1_MS <= 120000u, "FD_T1 begins with the last sign");

#define PAGES (IMAGE_BLOCK / 256u)  // of a block

static struct device *owner;
static struct engine engine;
static bool restart_due;

static const uint8_t *io_read(void *context, uint32_t address) {
    (void)context;
    return orders_read(address, ORDERS_SCRATCH, IMAGE_BLOCK_GROUPS) ? orders_ram(ORDERS_SCRATCH) : NULL;
}

static enum image_trust judge_image(void *context, uint8_t *manifest, const struct image *image) {
    (void)context;
    enum image_trust trust = judge(manifest, image);
    if (trust != IMAGE_AUTHENTIC) {
        hal_puts(image->image_size != 0 ? "image refused: " : "policy refused: ");  // a policy has the frame alone
        hal_puts(image_trust_name(trust));
        hal_puts("\n");
    }
    return trust;
}

static void io_request(void *context, uint16_t peer, uint8_t chunk_log2, uint8_t outstanding) {
    (void)context;
    HAL->REQUEST = HAL_PUT(PEER_EID(peer), REQUEST__PEER) | HAL_PUT(chunk_log2, REQUEST__CHUNK_LOG2) |
                   HAL_PUT(REQUEST_RETRIES, REQUEST__RETRIES) | HAL_PUT(REQUEST_TIMEOUT_MS, REQUEST__TIMEOUT_MS);
    HAL->REQUEST_DELAY = HAL_PUT(RETRY_DELAY_MS, REQUEST_DELAY__RETRY_MS) |
                         HAL_PUT(outstanding - 1u, REQUEST_DELAY__OUTSTANDING_M1) |
                         HAL_PUT(PEER_LINK(peer), REQUEST_DELAY__LINK);
}

bool card_engine(void) {
    bool stopped;
    unsigned reason, done = engine_poll(&stopped, &reason);
    if (stopped) {
        hal_puts("engine stop ");
        hal_put_hex(reason, 1);
        hal_puts("\n");
    }
    return device_engine(owner, done, stopped, reason);
}

static void io_wait(void *context) {
    (void)context;
    if ((hal_wait() & HAL_EVENT_ORDER) != 0) (void)card_engine();
}

static void io_restart(void *context) {
    (void)context;
    restart_due = true;
}

static bool io_send(void *context, uint16_t peer, const uint8_t *msg, size_t len) {
    (void)context;
    return endpoint_send(peer, msg, len);
}

static void io_notify(void *context, uint8_t link, uint8_t eid, const uint8_t *msg, size_t len) {
    (void)context;
    endpoint_notify(link, eid, msg, len);
}

bool card_restart_due(void) {
    return restart_due;
}

static void print_slot(const struct slots *slots, uint8_t c, uint8_t s) {
    static const char *const names[] = {" A ", " B ", " golden "};
    static const char *const states[SLOT_STATES] = {[SLOT_INVALID] = "no image", [SLOT_SPARE] = "",
                                                    [SLOT_ACTIVE] = ", active",  [SLOT_PENDING] = ", pending",
                                                    [SLOT_TRIAL] = ", on trial", [SLOT_FAILED] = ", failed",
                                                    [SLOT_GOLDEN] = ""};
    const struct slot_info *info = slots_info(slots, c, s);
    const enum slot_state state = slots_state(slots, c, s);
    if (state == SLOT_NONE) return;
    hal_puts("component ");
    hal_put_hex(c, 1);
    hal_puts(names[s]);
    if (info->valid) hal_put_chars(info->version, info->version_length);
    hal_puts(states[state]);
    if (info->valid && info->unsigned_image) hal_puts(", image unsigned");
    hal_puts(s == slots->running[c] ? ", runs\n" : "\n");
}

static void print_inventory(const struct slots *slots) {
    for (uint8_t c = 0; c < slots->count; c++)
        for (uint8_t s = 0; s <= BOARD_GOLDEN; s++) print_slot(slots, c, s);
}

static bool fits(const struct flash_parameters *flash) {
    bool ok = flash_holds(flash, board_journal[0], IMAGE_BLOCK) && flash_holds(flash, board_journal[1], IMAGE_BLOCK);
    for (uint8_t c = 0; c < board_component_count; c++) {
        const struct board_component *board = &board_components[c];
        ok = ok && flash_holds(flash, board->slot[0], board->slot_size) &&
             (!board_two_slots(board) || flash_holds(flash, board->slot[1], board->slot_size));
    }
    return ok && board_sound(board_components, board_component_count, board_journal);
}

void card_init(struct device *device, uint32_t handover) {
    static const struct device_io io = {.read = io_read,
                                        .journal = &flash_journal,
                                        .journal_address = board_journal,
                                        .request = io_request,
                                        .wait = io_wait,
                                        .restart = io_restart,
                                        .send = io_send,
                                        .notify = io_notify};
    struct flash_parameters flash = {0};
    owner = device;
    engine_init(&engine);
    engine.judge = judge_image;
    uint32_t id = flash_wake(0);
    bool usable = flash_init(id, &flash) && fits(&flash);
    engine.erase4_ms = flash.erase4.typical_ms;
    engine.erase32_ms = flash.erase32.opcode != 0 ? flash.erase32.typical_ms : 0;
    engine.erase64_ms = flash.erase64.opcode != 0 ? flash.erase64.typical_ms : 0;
    engine.program_ms = (uint16_t)((flash.page_us * PAGES + 999u) / 1000u);
    hal_puts("flash ");
    hal_put_hex(id, 6);
    hal_puts(usable ? ", " : " cannot be used, ");
    hal_put_hex((uint32_t)(flash.bytes >> 20), 3);
    hal_puts(flash.chips > 1 ? "h MiB each" : "h MiB");
    hal_puts(flash.quad_used ? ", four lines\n" : "\n");
    device_init(device, &engine, &io, board_components, board_component_count, &board_identity, handover, !usable);
    print_inventory(&device->slots);
}
