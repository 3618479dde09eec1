// SPDX-License-Identifier: Apache-2.0
//
// Time and what happens in it: who is due next, packets between agent and card, power; see world.h.
#include "tests/walk/world.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WATCHDOG = 2, STUCK = 100000, GET_STATUS_STATE_AT = 9, SHOWN = 16 };

void world_violated(struct world *w, const char *format, ...) {
    if (w->violation[0] != '\0') return;
    va_list args;
    va_start(args, format);
    vsnprintf(w->violation, sizeof w->violation, format, args);
    va_end(args);
}

/* ---- packets ---- */

static bool emit(void *ctx, const uint8_t *head, size_t head_len, const uint8_t *body, size_t body_len) {
    struct world *w = ctx;
    uint8_t packet[MCTP_SERIAL_MAX_PACKET];
    memcpy(packet, head, head_len);
    if (body_len != 0) memcpy(packet + head_len, body, body_len);
    (void)line_send(&w->line, TO_CARD, w->card.now_ns + w->scenario.latency_us * UINT64_C(1000), packet,
                    head_len + body_len);
    return true;
}

/* PLDM and control messages at the agent's end, but for the data itself. */
static void show(const struct world *w, const char *way, const struct mctp_message *m) {
    if (!w->trace || m->len < PLDM_HEADER_SIZE || m->bytes[2] == PLDM_REQUEST_FIRMWARE_DATA) return;
    printf("%12.6f %s type %u:", (double)w->card.now_ns / 1e9, way, m->type);
    for (size_t i = 0; i < m->len && i < SHOWN; i++) printf(" %02x", m->bytes[i]);
    printf("\n");
}

static void agent_sends(void *ctx, const struct mctp_message *message) {
    show(ctx, "  ->", message);
    (void)mctp_split(message, MCTP_BASELINE_MTU, emit, ctx);
}

static void agent_tells(void *ctx, const struct agent_event *event) {
    struct world *w = ctx;
    if (w->trace && event->text != NULL) printf("%12.6f agent: %s\n", (double)w->card.now_ns / 1e9, event->text);
    story_event(w, event);
}

static uint8_t agent_reads(void *ctx, unsigned component, uint32_t offset, uint8_t *out, size_t len) {
    struct world *w = ctx;
    if (w->phase == UPDATING && dice_per_mille(&w->dice, w->scenario.not_ready)) return PLDM_RETRY_REQUEST_FW_DATA;
    memcpy(out, w->package.components[component].image + offset, len);
    if (w->phase == UPDATING && dice_per_mille(&w->dice, w->scenario.wrong))
        out[dice_below(&w->dice, (uint32_t)len)] ^= (uint8_t)(1u << dice_below(&w->dice, 8));
    return PLDM_SUCCESS;
}

void world_new_agent(struct world *w) {
    const struct agent_io io = {.ctx = w, .send = agent_sends, .event = agent_tells, .read = agent_reads};
    agent_free(w->agent);
    w->agent = agent_new(&w->config, &io);
    if (w->agent == NULL) abort();
    w->assembler = (struct mctp_assembler){.buffer = w->message, .size = sizeof w->message};
}

static uint64_t engine_sends(void *ctx, const uint8_t *packet, size_t len) {
    struct world *w = ctx;
    return line_send(&w->line, TO_AGENT, w->card.now_ns, packet, len);
}

/* The observer's answer to GetStatus takes a way of its own. */
static bool overhear(void *ctx, const uint8_t *packet, size_t len) {
    struct world *w = ctx;
    if (packet[1] != WORLD_OBSERVER_EID) return false;
    if (len > GET_STATUS_STATE_AT) w->state = packet[GET_STATUS_STATE_AT];
    return true;
}

static void deliver(struct world *w) {
    const uint8_t *packet;
    struct mctp_message message;
    size_t len;
    while ((len = line_receive(&w->line, TO_CARD, w->card.now_ns, &packet)) != 0)
        if (w->powered) card_packet(&w->card, packet, len);
    while ((len = line_receive(&w->line, TO_AGENT, w->card.now_ns, &packet)) != 0)
        if (w->agent != NULL && mctp_assemble(&w->assembler, packet, len, &message)) {
            show(w, "  <-", &message);
            agent_receive(w->agent, w->card.now_ns, &message);
        }
}

/* ---- time ---- */

static uint64_t earlier(uint64_t a, uint64_t b) {
    return a < b ? a : b;
}

static uint64_t due(const struct world *w) {
    uint64_t at = earlier(line_due(&w->line), story_due(w));
    if (w->powered) at = earlier(at, card_due(&w->card));
    return w->agent == NULL ? at : earlier(at, agent_deadline(w->agent));
}

static void check_progress(struct world *w, uint64_t before) {
    w->stuck = w->card.now_ns == before ? w->stuck + 1 : 0;
    if (w->stuck > STUCK) world_violated(w, "nothing moves any more");
}

static void adopt(struct world *w, const char *violation) {
    if (violation[0] != '\0') world_violated(w, "%s", violation);
}

static void advance(void *ctx, uint64_t limit_ns) {
    struct world *w = ctx;
    const uint64_t before = w->card.now_ns, at = earlier(due(w), limit_ns);
    if (at == UINT64_MAX) world_violated(w, "everybody waits for ever");
    if (at != UINT64_MAX && at > before) w->card.now_ns = at;
    check_progress(w, before);
    deliver(w);
    if (w->powered) card_tick(&w->card);
    if (w->agent != NULL) agent_tick(w->agent, w->card.now_ns);
    story_tick(w);
    adopt(w, w->card.violation);
    adopt(w, w->card.chip.violation);
    if (w->violation[0] != '\0' && w->powered) card_leave(&w->card, CARD_OVER);
}

/* ---- power ---- */

static bool started(void *ctx, uint32_t handover) {
    return story_started(ctx, handover);
}

static void says(void *ctx, const char *text) {
    struct world *w = ctx;
    if (w->trace) printf("%12.6f card: %s\n", (double)w->card.now_ns / 1e9, text);
    story_console(w, text);
}

static void without_power(struct world *w) {
    nor_power_cut(w->card.chip.nor, w->card.now_ns);
    w->powered = false;
    while (w->card.now_ns < w->power_ns && w->violation[0] == '\0') advance(w, w->power_ns);
    w->powered = true;
    nor_power_on(w->card.chip.nor, w->card.now_ns);
}

static void run(struct world *w) {
    uint8_t cause = HAL_POWER_ON;
    while (w->violation[0] == '\0') {
        switch (card_run(&w->card, cause)) {
            case CARD_RESTARTED:
                cause = HAL_RESTART;
                break;
            case CARD_CUT:
                without_power(w);
                cause = HAL_POWER_ON;
                break;
            case CARD_WATCHDOG:
                if (!w->hangs) world_violated(w, "the watchdog had to reset the card");
                w->hangs = false;
                cause = WATCHDOG;
                break;
            case CARD_OVER:
                return;
        }
    }
}

bool world_run(struct world *w, const struct scenario *scenario, uint64_t seed, uint8_t *flash, bool trace) {
    const struct nor_part *part = nor_part_find("w25q128jv");
    memset(w, 0, sizeof *w);
    w->scenario = scenario_whole(scenario);
    w->dice.state = seed;
    w->flash = flash;
    w->trace = trace;
    w->powered = true;
    images_make(&w->images, &w->scenario, (uint32_t)seed);
    images_factory(&w->images, flash);
    line_init(&w->line, &w->dice, w->scenario.baud);
    w->line.way[TO_CARD].rx.max = CARD_PACKET;
    w->card.advance = advance;
    w->card.overhear = overhear;
    w->card.started = started;
    w->card.says = says;
    w->card.ctx = w;
    w->card.line = &w->line;
    w->card.dice = &w->dice;
    chip_init(&w->card.chip, part, flash);
    nor_set_seed(w->card.chip.nor, seed);
    w->card.stream.ctx = w;
    w->card.stream.send = engine_sends;
    w->card.stream.most = w->scenario.plain_engine ? 1 : STREAM_REQUESTS;
    card_insert(&w->card);
    story_begin(w);
    run(w);
    return w->violation[0] == '\0';
}

void world_free(struct world *w) {
    agent_free(w->agent);
    chip_free(&w->card.chip);
    line_free(&w->line);
    images_free(&w->images);
}
