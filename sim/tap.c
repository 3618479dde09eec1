// SPDX-License-Identifier: Apache-2.0
//
// See tap.h. Requests of the firmware device are single packets, so looking at packets is enough.
#include "sim/tap.h"

#include "fw/pldm/pldm_types.h"

static struct tap_instant now(const struct tap *tap) {
    return (struct tap_instant){card_now_ns(tap->card), card_counts(tap->card), *nor_get_stats(card_nor(tap->card))};
}

/** Adds the transfer from tap->first to @p end, with requests up to tap->last. */
static void add(struct tap_totals *t, const struct tap *tap, const struct tap_instant *end) {
    const struct tap_instant *first = &tap->first, *last = &tap->last;
    t->transfers++;
    t->ns += end->ns - first->ns;
    t->request_ns += last->ns - first->ns;
    t->instructions += last->counts.instructions - first->counts.instructions;
    t->pages += end->flash.pages_programmed - first->flash.pages_programmed;
    t->erases_4k += end->flash.erases_4k - first->flash.erases_4k;
    t->erases_32k += end->flash.erases_32k - first->flash.erases_32k;
    t->erases_64k += end->flash.erases_64k - first->flash.erases_64k;
}

static uint32_t get32(const uint8_t *p) {
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

/** MCTP header (4), message type, PLDM header (3), body. */
static void packet(struct tap *tap, const uint8_t *p, size_t len) {
    enum { TYPE = 4, PLDM = 5, BODY = 8 };
    bool request = len >= BODY && p[TYPE] == 1 && (p[PLDM] & 0x80) && (p[PLDM + 1] & 0x3f) == PLDM_TYPE_FWUP;
    if (!request) return;
    struct tap_instant at = now(tap);
    if (p[PLDM + 2] == PLDM_REQUEST_FIRMWARE_DATA && len >= BODY + 8) {
        if (!tap->open) tap->first = at;
        tap->open = true;
        tap->last = at;
        tap->totals.requests++;
        tap->totals.bytes += get32(p + BODY + 4);
    } else if (p[PLDM + 2] == PLDM_TRANSFER_COMPLETE && tap->open) {
        tap->open = false;
        add(&tap->totals, tap, &at);
    }
}

void tap_init(struct tap *tap, struct card *card) {
    *tap = (struct tap){.card = card};
    mctp_serial_rx_init(&tap->rx);
}

void tap_sent(struct tap *tap, const uint8_t *bytes, size_t len) {
    for (size_t i = 0; i < len; i++) {
        size_t n = mctp_serial_rx_byte(&tap->rx, bytes[i]);
        if (n) packet(tap, tap->rx.packet, n);
    }
}

struct tap_totals tap_totals(const struct tap *tap) {
    struct tap_totals t = tap->totals;
    if (tap->open) add(&t, tap, &tap->last);
    return t;
}

static uint64_t duration(struct nor_time time, bool maximum) {
    return maximum ? time.maximum_ns : time.typical_ns;
}

uint64_t tap_ideal_flash_ns(const struct tap_totals *t, const struct nor_part *part, bool maximum) {
    enum {
        ENABLE = 8,                        // SCK cycles: write enable
        STATUS = 16,                       // read status, one byte
        ERASE = ENABLE + 8 + 24 + STATUS,  // besides the erase time
        PROGRAM = ENABLE + 8 + 24 + 8 * NOR_PAGE + STATUS,
        READ_BACK = 8 + 24 + 8 + 8 * NOR_PAGE  // fast read
    };
    const uint64_t erases = t->erases_4k + t->erases_32k + t->erases_64k;
    const uint64_t sck = erases * ERASE + t->pages * (PROGRAM + READ_BACK);
    return t->pages * duration(part->page_program, maximum) + t->erases_4k * duration(part->erase4k, maximum) +
           t->erases_32k * duration(part->erase32k, maximum) + t->erases_64k * duration(part->erase64k, maximum) +
           sck * 2 * 1000000000u / card_clk_hz();  // SCK is half the clock
}
