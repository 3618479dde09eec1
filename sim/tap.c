// SPDX-License-Identifier: Apache-2.0
//
// See tap.h. Requests of the firmware device are single packets, so looking at packets is enough.
#include "sim/tap.h"

#include "fw/mctp/mctp.h"
#include "fw/pldm/pldm.h"

static struct tap_instant now(const struct tap *tap) {
    return (struct tap_instant){card_now_ns(tap->card), card_counts(tap->card), card_engine(tap->card),
                                *nor_get_stats(card_nor(tap->card))};
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
    t->link_idle += end->engine.link_idle - first->engine.link_idle;
    t->flash_idle += end->engine.flash_idle - first->engine.flash_idle;
}

/** MCTP header, message type, PLDM message. */
void tap_packet(struct tap *tap, const uint8_t *p, size_t len) {
    enum { TYPE = MCTP_HEADER_SIZE, PLDM = TYPE + 1, BODY = PLDM + PLDM_HEADER_SIZE };
    struct pldm_header header;
    struct pldm_request_firmware_data_req request;
    if (len < BODY || p[TYPE] != MCTP_TYPE_PLDM || pldm_header_decode(p + PLDM, len - PLDM, &header) != PLDM_SUCCESS ||
        !header.request || header.type != PLDM_TYPE_FWUP)
        return;
    struct tap_instant at = now(tap);
    if (header.command == PLDM_REQUEST_FIRMWARE_DATA &&
        pldm_request_firmware_data_req_decode(p + BODY, len - BODY, &request) == PLDM_SUCCESS) {
        if (!tap->open) tap->first = at;
        tap->open = true;
        tap->last = at;
        tap->totals.requests++;
        tap->totals.bytes += request.length;
    } else if (header.command == PLDM_TRANSFER_COMPLETE && tap->open) {
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
        if (n) tap_packet(tap, tap->rx.packet, n);
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

/** SCK cycles of the transactions around one erase, and around one page. */
struct clocks {
    uint64_t erase, page;
};

static struct clocks ideal_clocks(const struct nor_part *part) {
    enum {
        ENABLE = 8,  // write enable
        STATUS = 16  // read status, one byte
    };
    const bool address4 = (part->features & NOR_ADDR4) != 0, quad_read = (part->features & NOR_NO_QUAD) == 0;
    const bool pp144 = address4 && (part->features & NOR_QUAD4_PP_144) != 0;
    const bool pp114 = (part->features & (address4 ? NOR_QUAD4_PP_114 : NOR_QUAD_PP_114)) != 0;
    const uint64_t address = address4 ? 32 : 24;
    const uint64_t data_in = (pp144 || pp114 ? 2u : 8u) * NOR_PAGE, data_out = (quad_read ? 2u : 8u) * NOR_PAGE;
    const uint64_t program = ENABLE + 8 + (pp144 ? address / 4 : address) + data_in + STATUS;
    const uint64_t read_back = 8 + address + 8 + data_out;  // fast read
    return (struct clocks){.erase = ENABLE + 8 + address + STATUS, .page = program + read_back};
}

uint64_t tap_ideal_flash_ns(const struct tap_totals *t, const struct nor_part *part, bool maximum) {
    const struct clocks clocks = ideal_clocks(part);
    const uint64_t erases = t->erases_4k + t->erases_32k + t->erases_64k;
    const uint64_t sck = erases * clocks.erase + t->pages * clocks.page;
    return t->pages * duration(part->page_program, maximum) + t->erases_4k * duration(part->erase4k, maximum) +
           t->erases_32k * duration(part->erase32k, maximum) + t->erases_64k * duration(part->erase64k, maximum) +
           sck * 2 * 1000000000u / card_clk_hz();  // SCK is half the clock
}
