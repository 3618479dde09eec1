// SPDX-License-Identifier: Apache-2.0
//
// See history.h.
#include "tests/faults/history.h"

#include <stdlib.h>
#include <string.h>

#include "fw/mctp/mctp.h"
#include "fw/pldm/pldm_types.h"
#include "sim/nor_internal.h"

const char *const phase_names[PHASE_COUNT] = {"before",   "download", "verify",  "apply",
                                              "activate", "trial",    "confirm", "revert"};

static void *must(void *memory) {
    if (!memory) exit(1);
    return memory;
}

static struct moment *add(struct history *h, uint64_t ns, enum moment_kind kind) {
    if (h->count == h->room) {
        h->room = h->room ? 2 * h->room : 1024;
        h->moments = must(realloc(h->moments, h->room * sizeof *h->moments));
    }
    struct moment *m = &h->moments[h->count++];
    *m = (struct moment){.ns = ns, .kind = kind, .phase = h->phase};
    memcpy(m->minimum, h->minimum, sizeof m->minimum);
    return m;
}

static unsigned starts(const struct world *w) {
    unsigned count = 0;
    for (const char *at = w->rig->console; (at = strstr(at, "boot: flash")) != NULL; at++) count++;
    return count;
}

/** The phases behind the activation are the card's own. */
static void advance(struct history *h) {
    if (h->phase != PHASE_ACTIVATE && !(h->revert && h->phase == PHASE_BEFORE)) return;
    if (starts(h->world) > h->starts) h->phase = h->revert ? PHASE_REVERT : PHASE_TRIAL;
}

/** What the journal says between two instructions has been committed. */
static void look_at_journal(struct history *h) {
    struct journal journal;
    if (!world_journal(h->world, &journal)) return;
    for (unsigned c = 0; c < LAYOUT_COMPONENTS; c++)
        if (journal.entry[c].minimum > h->minimum[c]) h->minimum[c] = journal.entry[c].minimum;
}

static void saw_flash(void *ctx, uint64_t now_ns, unsigned chip, const struct nor_event *event) {
    static const enum moment_kind kinds[] = {[NOR_SELECTED] = MOMENT_SELECTED,
                                             [NOR_DESELECTED] = MOMENT_INSTRUCTION,
                                             [NOR_READ] = MOMENT_READ,
                                             [NOR_PROGRAM] = MOMENT_PROGRAM,
                                             [NOR_ERASE] = MOMENT_ERASE};
    struct history *h = ctx;
    advance(h);
    if (event->kind == NOR_PROGRAM || event->kind == NOR_ERASE) look_at_journal(h);
    struct moment *m = add(h, now_ns, kinds[event->kind]);
    m->chip = chip;
    m->address = event->address;
    m->length = event->length;
    if (event->kind == NOR_SELECTED) return;
    m->nor = must(malloc(sizeof *m->nor));
    *m->nor = *card_chip(h->world->rig->card, chip);
    m->end_ns = m->nor->op.end_ns;
}

/** The phase that begins with this packet, or the one that runs. */
static enum phase phase_behind(const struct history *h, bool to_card, const uint8_t *packet, size_t len) {
    static const struct {
        bool to_card;
        uint8_t command;
        enum phase phase;
    } begins[] = {
        {true, PLDM_UPDATE_COMPONENT, PHASE_DOWNLOAD},
        {false, PLDM_TRANSFER_COMPLETE, PHASE_VERIFY},
        {false, PLDM_VERIFY_COMPLETE, PHASE_APPLY},
        {false, PLDM_APPLY_COMPLETE, PHASE_ACTIVATE},
    };
    const uint8_t *message = packet + MCTP_HEADER_SIZE;
    if (h->revert) return h->phase;
    if (h->phase == PHASE_TRIAL && to_card) return PHASE_CONFIRM;
    if (h->phase >= PHASE_TRIAL) return h->phase;
    if (len < MCTP_HEADER_SIZE + 4 || message[0] != MCTP_TYPE_PLDM || !(message[1] & 0x80)) return h->phase;
    for (unsigned i = 0; i < sizeof begins / sizeof begins[0]; i++)
        if (begins[i].to_card == to_card && begins[i].command == message[3]) return begins[i].phase;
    return h->phase;
}

static bool saw_packet(void *ctx, bool to_card, const uint8_t *packet, size_t len) {
    struct history *h = ctx;
    advance(h);
    h->phase = phase_behind(h, to_card, packet, len);
    struct moment *m = add(h, card_now_ns(h->world->rig->card), to_card ? MOMENT_TO_CARD : MOMENT_FROM_CARD);
    m->length = (uint32_t)len;
    return true;
}

struct history *history_begin(struct world *w, bool revert) {
    struct history *h = must(calloc(1, sizeof *h));
    h->world = w;
    h->revert = revert;
    h->starts = starts(w);
    look_at_journal(h);
    memcpy(h->torn, w->torn, sizeof h->torn);
    h->torn_count = w->torn_count;
    for (unsigned i = 0; i < w->layout->region_count; i++) {
        const struct layout_region r = w->layout->regions[i];
        h->first[i] = must(malloc(r.size));
        memcpy(h->first[i], w->flash[r.chip] + r.base, r.size);
    }
    for (unsigned i = 0; i < w->layout->chips; i++) {
        h->chips[i] = must(malloc(sizeof *h->chips[i]));
        *h->chips[i] = *card_chip(w->rig->card, i);
    }
    w->hooks = (struct world_hooks){saw_flash, saw_packet, h};
    return h;
}

void history_end(struct history *h) {
    h->world->hooks = (struct world_hooks){0};
}

void history_free(struct history *h) {
    for (unsigned i = 0; i < LAYOUT_REGIONS; i++) free(h->first[i]);
    for (unsigned i = 0; i < LAYOUT_CHIPS; i++) free(h->chips[i]);
    for (size_t i = 0; i < h->count; i++) free(h->moments[i].nor);
    free(h->moments);
    free(h);
}

void history_cut(const struct history *h, uint64_t ns, struct world *to, enum nor_torn how, uint64_t seed) {
    const struct layout *l = to->layout;
    for (unsigned i = 0; i < l->region_count; i++)
        memcpy(to->flash[l->regions[i].chip] + l->regions[i].base, h->first[i], l->regions[i].size);
    for (unsigned i = 0; i < l->chips; i++) {
        nor_copy(to->kept[i], h->chips[i]);
        nor_settle(to->kept[i], ns);
    }
    memcpy(to->torn, h->torn, sizeof to->torn);
    to->torn_count = h->torn_count;
    memset(to->minimum, 0, sizeof to->minimum);
    for (size_t i = 0; i < h->count && h->moments[i].ns <= ns; i++) {
        const struct moment *m = &h->moments[i];
        memcpy(to->minimum, m->minimum, sizeof to->minimum);
        if (!m->nor) continue;
        nor_copy(to->kept[m->chip], m->nor);
        nor_settle(to->kept[m->chip], ns);
    }
    world_cut_kept(to, ns, how, seed);
}
