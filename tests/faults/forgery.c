// SPDX-License-Identifier: Apache-2.0
//
// See forgery.h.
#include "tests/faults/forgery.h"

#include <stdlib.h>
#include <string.h>

#include "tests/faults/talk.h"
#include "tests/system/forge.h"

#include "fw/image/image.h"

#define SEND_NS 120000000000ull

enum { HEADER = 2 * IMAGE_BLOCK };

/** The authentic images that forgeries are made of: forge() has no other way to them. */
static const struct layout_image *genuine, *older, *foreign;

static void table_bit(uint8_t *image, size_t len) {
    (void)len;
    image[IMAGE_BLOCK + 5] ^= 1;
}

static void payload_bit(uint8_t *image, size_t len) {
    image[len - 100] ^= 4;
}

static void older_table(uint8_t *image, size_t len) {
    (void)len;
    memcpy(image + IMAGE_BLOCK, older->bytes + IMAGE_BLOCK, IMAGE_BLOCK);
}

static void older_payload(uint8_t *image, size_t len) {
    const size_t room = (len < older->len ? len : older->len) - HEADER;
    memcpy(image + HEADER, older->bytes + HEADER, room);
    image[len - 1] ^= 1;  // the versions of the firmware differ in little
}

static void blocks_exchanged(uint8_t *image, size_t len) {
    uint8_t block[IMAGE_BLOCK];
    (void)len;
    uint8_t *const second = image + HEADER + IMAGE_BLOCK, *const third = second + IMAGE_BLOCK;
    memcpy(block, second, IMAGE_BLOCK);
    memcpy(second, third, IMAGE_BLOCK);
    memcpy(third, block, IMAGE_BLOCK);
}

/** The image has another length than the authentic header on it says. */
static void genuine_header(uint8_t *image, size_t len) {
    (void)len;
    memcpy(image, genuine->bytes, HEADER);
}

static void foreign_header(uint8_t *image, size_t len) {
    (void)len;
    memcpy(image, foreign->bytes, HEADER);
}

static void blank_manifest(uint8_t *image, size_t len) {
    (void)len;
    memset(image, 0xff, IMAGE_BLOCK);
}

static const struct forgery {
    const char *name;
    enum simulation_key key;
    void (*forge)(uint8_t *image, size_t len);
    int size;         // of the payload, from what it should be
    bool too_old;     // authentic, below the minimum
    bool in_payload;  // the manifest is authentic: the slot may be invalid afterwards
    bool superseded;  // authentic, and not below the minimum, but older than what runs
    bool told_newer;  // than it is, by the package
} forgeries[] = {
    {"not signed", SIMULATION_ROOT, .forge = forge_unsigned},
    {"another public key than it names", SIMULATION_ROOT, .forge = forge_key},
    {"signed by a stranger", SIMULATION_STRANGER, .forge = NULL},
    {"signed by a revoked key", SIMULATION_REVOKED, .forge = NULL},
    {"security version changed", SIMULATION_ROOT, .forge = forge_security_version},
    {"one-time signature changed", SIMULATION_ROOT, .forge = forge_signature},
    {"path of the signature changed", SIMULATION_ROOT, .forge = forge_path},
    {"hash of the table changed", SIMULATION_ROOT, .forge = forge_table_hash},
    {"table changed", SIMULATION_ROOT, .forge = table_bit, .in_payload = true},
    {"payload changed", SIMULATION_ROOT, .forge = payload_bit, .in_payload = true},
    {"table of an older version", SIMULATION_ROOT, .forge = older_table, .in_payload = true},
    {"payload of an older version", SIMULATION_ROOT, .forge = older_payload, .in_payload = true},
    {"two blocks exchanged", SIMULATION_ROOT, .forge = blocks_exchanged, .in_payload = true},
    {"cut short behind an authentic header", SIMULATION_ROOT, .forge = genuine_header, .size = -3000},
    {"too long behind an authentic header", SIMULATION_ROOT, .forge = genuine_header, .size = 3000},
    {"header of another component", SIMULATION_ROOT, .forge = foreign_header},
    {"blank manifest", SIMULATION_ROOT, .forge = blank_manifest},
    {"rolled back", SIMULATION_ROOT, .too_old = true},
    {"superseded", SIMULATION_ROOT, .superseded = true},
    {"superseded, in a package that says newer", SIMULATION_ROOT, .superseded = true, .told_newer = true},
};
const unsigned forgery_count = sizeof forgeries / sizeof forgeries[0];

const char *forgery_name(unsigned forgery) {
    return forgeries[forgery].name;
}

static struct rig_component component_of(const struct layout *l, unsigned component, unsigned forgery) {
    const struct forgery *f = &forgeries[forgery];
    struct rig_component c = l->images[component][f->too_old || f->superseded ? KNOWN_FACTORY : KNOWN_NEW].component;
    genuine = &l->images[component][KNOWN_NEW];
    older = &l->images[component][KNOWN_FACTORY];
    foreign = &l->images[component ^ 1u][KNOWN_NEW];
    if (f->too_old) {  // and in no slot, so that only its security version tells
        c.version = "1.0.1";
        c.stamp++;
    }
    if (f->superseded) {
        c.version = "0.9.9";
        c.stamp--;
    }
    if (f->told_newer) c.told_stamp = c.stamp + 2;
    c.key = f->key;
    c.forge = f->forge;
    if (f->size) {
        c.random_size = (uint32_t)((int)genuine->parsed.payload_size + f->size);
        c.seed = 77;
        c.path = NULL;
    }
    return c;
}

/** A record that says more than the factory's. */
static void write_journal(struct world *w, unsigned component, uint8_t pending, uint32_t minimum) {
    struct journal journal;
    if (!world_journal(w, &journal)) return;
    journal.sequence++;
    journal.entry[component].pending = pending;
    journal.entry[component].minimum = minimum;
    journal_put(&journal, w->flash[0] + w->layout->journal[journal.sequence & 1u]);
}

bool forgery_may_start(unsigned forgery) {
    return forgeries[forgery].superseded;
}

void forgery_prepare(unsigned component, unsigned forgery, struct world *w) {
    if (forgeries[forgery].too_old) write_journal(w, component, JOURNAL_NO_SLOT, 2);
}

const char *forgery_send(const struct layout *l, unsigned component, unsigned forgery, struct world *w) {
    const struct rig_component c = component_of(l, component, forgery);
    size_t len;
    uint8_t *package = rig_package(&c, 1, 0x5301, &len);
    const unsigned target = w->running[component] == 0;
    const enum known before = layout_in_slot(l, w->flash, component, target);
    const char *error = talk_update_once(w, package, len, SEND_NS);
    free(package);
    for (unsigned i = 0; i < l->chips; i++) nor_settle(card_chip(w->rig->card, i), card_now_ns(w->rig->card));
    // What the slot held already was not asked for: then all that was taken is authentic.
    const bool whole = layout_in_slot(l, w->flash, component, target) == KNOWN_NEW;
    if (!error) return forgeries[forgery].in_payload && whole ? NULL : "it was taken";
    if (forgeries[forgery].in_payload) return NULL;
    return layout_in_slot(l, w->flash, component, target) == before ? NULL : "its slot was changed";
}

void forgery_place(const struct layout *l, unsigned component, unsigned forgery, bool waits, struct world *w) {
    const struct rig_component c = component_of(l, component, forgery);
    const struct layout_region r = layout_slot(l, component, 1);
    const struct component_spec slot = {.payload = "image", .size = r.size};
    char error[COMPONENT_ERROR_TEXT];
    size_t len;
    uint8_t *image = rig_image(&c, &len);
    memset(w->flash[r.chip] + r.base, 0xff, r.size);
    (void)component_place(image, len, &slot, w->flash[r.chip] + r.base, r.size, error);
    free(image);
    if (waits) write_journal(w, component, 1, forgeries[forgery].too_old ? 2 : 0);
}
