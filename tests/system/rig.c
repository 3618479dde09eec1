// SPDX-License-Identifier: Apache-2.0
//
// See rig.h.
#include "tests/system/rig.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void die(const char *what) {
    printf("# rig: %s\n", what);
    exit(1);
}

// ---- the line
// -----------------------------------------------------------------------------------------------------------

/** One packet to the card. False when memory is short or it has no frame. */
static bool transmit(struct rig *rig, enum rig_link link, const uint8_t *packet, size_t len) {
    uint8_t frame[MCTP_SERIAL_MAX_FRAME];
    if (link == RIG_PORT) return card_packet_send(rig->card, packet, len, false);
    if (link == RIG_SMBUS) return smbus_bus_send(card_smbus(rig->card), packet, len);
    const size_t frame_len = mctp_serial_encode(packet, len, frame, sizeof frame);
    const uint64_t now = card_now_ns(rig->card), ns = frame_len * 10 * 1000000000ull / card_baud();
    rig->line_free_ns = (rig->line_free_ns > now ? rig->line_free_ns : now) + ns;
    return frame_len && card_send(rig->card, frame, frame_len);
}

static bool emit(void *ctx, const uint8_t *head, size_t head_len, const uint8_t *body, size_t body_len) {
    struct rig *rig = ctx;
    uint8_t packet[MCTP_SERIAL_MAX_PACKET];
    memcpy(packet, head, head_len);
    if (body_len) memcpy(packet + head_len, body, body_len);
    const size_t len = head_len + body_len;
    if (rig->filter && !rig->filter(rig, true, packet, len)) return true;
    if (rig->noise) return noise_loses(rig->noise) || noise_delay(rig->noise, card_now_ns(rig->card), packet, len);
    return transmit(rig, rig->link, packet, len);
}

/** Sends the delayed packets whose time has come. @return when the next one's comes */
static uint64_t send_delayed(struct rig *rig) {
    while (noise_due(rig->noise) <= card_now_ns(rig->card)) {
        const struct noise_packet *packet = noise_take(rig->noise);
        if (!transmit(rig, rig->link, packet->bytes, packet->len)) die("a delayed packet could not be sent");
    }
    return noise_due(rig->noise);
}

static void agent_send(void *ctx, const struct mctp_message *message) {
    struct rig *rig = ctx;
    if (!rig->dead && !mctp_split(message, rig->mtu, emit, rig)) die("a message could not be sent");
}

static void agent_event(void *ctx, const struct agent_event *event) {
    struct rig *rig = ctx;
    if (rig->event) rig->event(rig, event);
    if (event->kind == AGENT_WARNING && !rig->quiet) printf("# agent: %s\n", event->text);
    if (event->kind != AGENT_DATA) return;
    rig->served++;
    if (rig->cut_after && rig->served >= rig->cut_after) rig->dead = true;
}

enum { FLOOD_TAG = 7, CONTROL_ANSWER = MCTP_HEADER_SIZE + 3, FLAGS_KEY = 0x0F };

static void flood_request(struct rig *rig) {
    const uint8_t packet[] = {0x01, rig->config.device_eid, rig->flood_eid, 0xc8 | FLOOD_TAG, 0x00, 0x80, 0x02};
    if (!transmit(rig, rig->flood_link, packet, sizeof packet)) die("the flood could not be sent");
    rig->flood_requests++;
}

static bool all_sent(const struct rig *rig, enum rig_link link) {
    return link == RIG_PORT ? card_packet_sent(rig->card) : smbus_bus_sent(card_smbus(rig->card));
}

/** Fills the line for the next RIG_FLOOD_NS, or sends one request by another link if its time has come. @return when to
 * come back */
static uint64_t flood(struct rig *rig) {
    const uint64_t now = card_now_ns(rig->card);
    if (rig->flood_link == RIG_SERIAL) {
        while (rig->line_free_ns < now + RIG_FLOOD_NS) flood_request(rig);
        return rig->line_free_ns - RIG_FLOOD_NS / 2;
    }
    if (now >= rig->flood_due_ns) {
        if (all_sent(rig, rig->flood_link)) flood_request(rig);
        rig->flood_due_ns = now + RIG_FLOOD_NS;
    }
    return rig->flood_due_ns;
}

static bool answers_flood(const struct rig *rig, enum rig_link link, const uint8_t *packet, size_t len) {
    return rig->flood && link == rig->flood_link && len >= CONTROL_ANSWER && packet[1] == rig->flood_eid &&
           (packet[3] & FLAGS_KEY) == FLOOD_TAG && packet[MCTP_HEADER_SIZE] == MCTP_TYPE_CONTROL;
}

static bool is_request(const uint8_t *packet, size_t len) {
    return len > MCTP_HEADER_SIZE + 1 && packet[MCTP_HEADER_SIZE] == MCTP_TYPE_PLDM &&
           (packet[MCTP_HEADER_SIZE + 1] & 0x80) != 0;
}

static void hand_over(struct rig *rig, const uint8_t *packet, size_t len) {
    struct mctp_message message;
    if (!rig->dead && rig->agent && mctp_assemble(&rig->assembler, packet, len, &message))
        agent_receive(rig->agent, card_now_ns(rig->card), &message);
}

/** A packet from the card. */
static void receive(struct rig *rig, enum rig_link link, const uint8_t *packet, size_t len) {
    if (answers_flood(rig, link, packet, len)) {
        rig->flood_answers++;
    } else if (link != rig->link || packet[1] != rig->config.own_eid) {
        rig->astray++;
    } else if (rig->filter && !rig->filter(rig, false, packet, len)) {
        return;
    } else if (rig->noise && noise_loses(rig->noise)) {
        return;
    } else if (rig->turnaround_ns && is_request(packet, len)) {
        if (rig->late_count == RIG_LATE) die("the card has too many requests");
        struct rig_late *late = &rig->late[rig->late_count++];
        *late = (struct rig_late){.due_ns = card_now_ns(rig->card) + rig->turnaround_ns, .len = len};
        memcpy(late->packet, packet, len);
    } else {
        hand_over(rig, packet, len);
    }
}

void rig_inject(struct rig *rig, bool to_card, const uint8_t *packet, size_t len) {
    if (!to_card)
        hand_over(rig, packet, len);
    else if (!transmit(rig, rig->link, packet, len))
        die("a packet could not be sent");
}

/** A packet that came whole, by the port or on the SMBus; @p len 0: none. */
static void receive_whole(struct rig *rig, enum rig_link link, const uint8_t *packet, size_t len) {
    if (len == 0) return;
    tap_packet(&rig->tap, packet, len);
    receive(rig, link, packet, len);
}

/** Gives the agent the requests whose time has come. @return when to come back */
static uint64_t answer_late(struct rig *rig) {
    while (rig->late_count && rig->late[0].due_ns <= card_now_ns(rig->card)) {
        const struct rig_late late = rig->late[0];
        memmove(rig->late, rig->late + 1, --rig->late_count * sizeof rig->late[0]);
        hand_over(rig, late.packet, late.len);
    }
    return rig->late_count ? rig->late[0].due_ns : UINT64_MAX;
}

/** One step of the world: up to @p deadline or the next packet from the card. */
static void step(struct rig *rig, uint64_t deadline) {
    if (rig->flood && rig->tap.open) {
        uint64_t due = flood(rig);
        if (due < deadline) deadline = due;
    }
    const uint64_t late = answer_late(rig);
    if (late < deadline) deadline = late;
    if (rig->noise) {
        uint64_t due = send_delayed(rig);
        if (due < deadline) deadline = due;
    }
    if (rig->stop_ns && rig->stop_ns < deadline) deadline = rig->stop_ns;
    card_run(rig->card, deadline);
    size_t len;
    const uint8_t *bytes = card_received(rig->card, &len);
    tap_sent(&rig->tap, bytes, len);
    for (size_t i = 0; i < len; i++) {
        size_t n = mctp_serial_rx_byte(&rig->rx, bytes[i]);
        if (n) receive(rig, RIG_SERIAL, rig->rx.packet, n);
    }
    bytes = card_packet_received(rig->card, &len);
    receive_whole(rig, RIG_PORT, bytes, len);
    receive_whole(rig, RIG_SMBUS, card_smbus(rig->card)->packet, card_smbus(rig->card)->packet_len);
    if (rig->stop_ns && card_now_ns(rig->card) >= rig->stop_ns) rig->stop(rig);
}

void rig_step(struct rig *rig, uint64_t limit_ns) {
    const uint64_t due = agent_deadline(rig->agent);
    step(rig, due < limit_ns ? due : limit_ns);
    agent_tick(rig->agent, card_now_ns(rig->card));
}

static enum agent_result drive(struct rig *rig, uint64_t limit_ns) {
    while (agent_result(rig->agent) == AGENT_RUNNING && !rig->enough) {
        rig_step(rig, limit_ns);
        if (rig->abort_after && rig->served >= rig->abort_after) {
            rig->abort_after = 0;
            agent_abort(rig->agent, card_now_ns(rig->card), "the test gave up");
        }
        if (card_now_ns(rig->card) >= limit_ns) {
            if (!rig->quiet) printf("# rig: the agent did not end in time\n");
            return AGENT_RUNNING;
        }
    }
    if (agent_result(rig->agent) == AGENT_FAILED && !rig->quiet) printf("# agent: %s\n", agent_error(rig->agent));
    return agent_result(rig->agent);
}

void rig_fresh_agent(struct rig *rig) {
    const struct agent_io io = {.ctx = rig, .send = agent_send, .event = agent_event};
    if (rig->agent)
        agent_renew(rig->agent, &rig->config, &io);
    else
        rig->agent = agent_new(&rig->config, &io);
    if (!rig->agent) die("memory");
    rig->served = 0;
    rig->enough = false;
}

enum agent_result rig_inventory(struct rig *rig, uint64_t limit_ns) {
    rig_fresh_agent(rig);
    agent_start_inventory(rig->agent, card_now_ns(rig->card));
    return drive(rig, card_now_ns(rig->card) + limit_ns);
}

enum agent_result rig_policy(struct rig *rig, const struct policy *policy, enum simulation_key key, uint64_t limit_ns) {
    static uint8_t block[POLICY_BLOCK];
    const struct policy_record record = {.policy = *policy};
    if (!policy_encode(&record, block)) die("policy");
    simulation_sign(key, block, sizeof block, true);
    rig_fresh_agent(rig);
    agent_start_policy(rig->agent, card_now_ns(rig->card), block);
    return drive(rig, card_now_ns(rig->card) + limit_ns);
}

enum agent_result rig_update(struct rig *rig, const uint8_t *package, size_t len, uint64_t limit_ns) {
    char error[PKG_ERROR_TEXT];
    struct pkg pkg;
    if (!pkg_parse("package", package, len, &pkg, error)) die(error);
    rig_fresh_agent(rig);
    agent_start_update(rig->agent, card_now_ns(rig->card), &pkg);
    enum agent_result result = drive(rig, card_now_ns(rig->card) + limit_ns);
    pkg_free(&pkg);
    return result;
}

// ---- the card
// -----------------------------------------------------------------------------------------------------------

static void console(void *ctx, char c) {
    struct rig *rig = ctx;
    if (rig->console_len + 1 < sizeof rig->console) rig->console[rig->console_len++] = c;
    rig->console[rig->console_len] = '\0';
}

static void flash_report(void *ctx, uint64_t now_ns, const char *line) {
    struct rig *rig = ctx;
    if (!rig->quiet) printf("# flash at %llu ns: %s\n", (unsigned long long)now_ns, line);
    rig->flash_errors++;
}

struct rig *rig_new(const char *part) {
    struct rig *rig = calloc(1, sizeof *rig);
    if (!rig) die("memory");
    rig->part = nor_part_find(part);
    if (!rig->part) die("unknown flash part");
    rig->flash = malloc(rig->part->size);
    if (!rig->flash) die("memory");
    memset(rig->flash, 0xff, rig->part->size);
    rig->config = agent_defaults();
    rig->mtu = MCTP_BASELINE_MTU;
    rig->flood_eid = RIG_FLOOD_EID;
    return rig;
}

void rig_add_flash(struct rig *rig) {
    rig->flash2 = malloc(rig->part->size);
    if (!rig->flash2) die("memory");
    memset(rig->flash2, 0xff, rig->part->size);
}

void rig_power_on(struct rig *rig) {
    rig->card = card_new(&(struct card_config){.part = rig->part,
                                               .flash = rig->flash,
                                               .flash2 = rig->flash2,
                                               .trace = getenv("TRACE"),
                                               .trace_to_ns = UINT64_MAX,
                                               .boot_rom = rig->boot_rom,
                                               .boot_words = rig->boot_words,
                                               .maximum_timing = rig->maximum_timing,
                                               .no_jump = rig->no_jump,
                                               .console = console,
                                               .flash_report = flash_report,
                                               .wire = rig->wire,
                                               .activity = rig->activity,
                                               .ctx = rig});
    if (!rig->card) die("no card");
    mctp_serial_rx_init(&rig->rx);
    rig->assembler = (struct mctp_assembler){.buffer = rig->message, .size = sizeof rig->message};
    rig->line_free_ns = rig->flood_due_ns = 0;
    rig->late_count = 0;
    rig->console_len = 0;
    rig->console[0] = '\0';
    tap_init(&rig->tap, rig->card);
}

void rig_power_off(struct rig *rig) {
    nor_settle(card_nor(rig->card), card_now_ns(rig->card));
    card_free(rig->card);
    rig->card = NULL;
    rig->dead = false;
}

void rig_free(struct rig *rig) {
    if (rig->card) card_free(rig->card);
    agent_free(rig->agent);
    free(rig->flash);
    free(rig->flash2);
    free(rig);
}

void rig_wait(struct rig *rig, uint64_t ns) {
    const uint64_t end = card_now_ns(rig->card) + ns;
    while (card_now_ns(rig->card) < end) step(rig, end);
}

bool rig_wait_console(struct rig *rig, const char *line, uint64_t ns) {
    const uint64_t end = card_now_ns(rig->card) + ns;
    while (!strstr(rig->console, line) && card_now_ns(rig->card) < end) step(rig, card_now_ns(rig->card) + 1000000);
    return strstr(rig->console, line) != NULL;
}

static const char *version_text(struct pldm_string version) {
    static char text[4][256];
    static unsigned next;
    char *out = text[next++ % 4];
    memcpy(out, version.bytes, version.len);
    out[version.len] = '\0';
    return out;
}

const char *rig_active(const struct rig *rig, unsigned i) {
    return version_text(agent_inventory(rig->agent)->components[i].active.version);
}

const char *rig_pending(const struct rig *rig, unsigned i) {
    return version_text(agent_inventory(rig->agent)->components[i].pending.version);
}
