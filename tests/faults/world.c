// SPDX-License-Identifier: Apache-2.0
//
// See world.h.
#include "tests/faults/world.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fw/mctp/mctp.h"
#include "fw/pldm/pldm_types.h"
#include "sim/nor_internal.h"

#define START_NS  100000000000ull  // more than a watchdog needs to give an image up that hangs
#define BRISK_NS  300000000ull     // so long a start is looked at each PAUSE_NS
#define PAUSE_NS  400000u
#define WAIT_NS   100000000u
#define SETTLE_NS 20000000000ull

enum { FIRMWARE_MTU = 251 };

void world_violation(struct world *w, const char *format, ...) {
    if (w->violation[0]) return;
    va_list args;
    va_start(args, format);
    vsnprintf(w->violation, sizeof w->violation, format, args);
    va_end(args);
}

// ---- the flash's instructions
// -------------------------------------------------------------------------------------------

static bool inside(const struct layout_region *r, unsigned chip, const struct nor_event *e) {
    return r->chip == chip && e->address >= r->base && e->address - r->base + e->length <= r->size;
}

/** Whether this part of the flash may be changed now. */
static bool may_change(const struct world *w, unsigned chip, const struct nor_event *e) {
    const struct layout *l = w->layout;
    for (unsigned i = 0; i < 2; i++) {
        const struct layout_region sector = {layout_chip(l, l->journal[i]), l->journal[i], NOR_SECTOR};
        if (inside(&sector, chip, e)) return true;
    }
    for (unsigned c = 0; w->up && c < LAYOUT_COMPONENTS; c++) {
        for (unsigned s = 0; s < BOARD_SLOTS; s++) {
            const struct layout_region slot = layout_slot(l, c, s);
            if (s != w->running[c] && inside(&slot, chip, e)) return true;
        }
    }
    return false;
}

static void watch(void *ctx, uint64_t now_ns, const struct nor_event *event) {
    static const char *const kinds[] = {[NOR_PROGRAM] = "program", [NOR_ERASE] = "erase"};
    const struct watcher *watcher = ctx;
    struct world *w = watcher->world;
    if (w->trace && (event->kind == NOR_PROGRAM || event->kind == NOR_ERASE))
        printf("# %llu us: %s %u bytes at chip %u, 0x%x\n", (unsigned long long)(now_ns / 1000), kinds[event->kind],
               event->length, watcher->chip, event->address);
    if (event->kind != NOR_SELECTED) w->instructions++;
    if ((event->kind == NOR_PROGRAM || event->kind == NOR_ERASE) && !may_change(w, watcher->chip, event))
        world_violation(w, "%s of %u bytes at chip %u, 0x%x", event->kind == NOR_ERASE ? "erase" : "program",
                        event->length, watcher->chip, event->address);
    if (w->log) boots_saw(w->log, watcher->chip, event);
    if (w->hooks.flash) w->hooks.flash(w->hooks.ctx, now_ns, watcher->chip, event);
}

static bool answers_activation(bool to_card, const uint8_t *packet, size_t len) {
    const uint8_t *message = packet + MCTP_HEADER_SIZE;
    return !to_card && len > MCTP_HEADER_SIZE + 4 && message[0] == MCTP_TYPE_PLDM && !(message[1] & 0x80) &&
           message[2] == PLDM_TYPE_FWUP && message[3] == PLDM_ACTIVATE_FIRMWARE && message[4] == PLDM_SUCCESS;
}

static bool filter(void *ctx, bool to_card, const uint8_t *packet, size_t len) {
    struct rig *rig = ctx;
    struct world *w = rig->test;
    if (answers_activation(to_card, packet, len)) {
        w->activated = true;
        rig->enough = w->stops_there;
    }
    return !w->hooks.packet || w->hooks.packet(w->hooks.ctx, to_card, packet, len);
}

// ---- power
// --------------------------------------------------------------------------------------------------------------

/** Without power the pins are high. */
static void release(struct nor *chip, uint64_t now_ns) {
    uint8_t out, oe;
    nor_pins(chip, now_ns, true, false, 0, &out, &oe);
}

void world_cut_kept(struct world *w, uint64_t now_ns, enum nor_torn how, uint64_t seed) {
    for (unsigned i = 0; i < w->layout->chips; i++) {
        struct nor *chip = w->kept[i];
        if (nor_busy_until(chip) > now_ns)
            w->torn[w->torn_count++ % 4] = (struct layout_region){i, chip->op.address, chip->op.length};
        nor_set_seed(chip, seed + i);
        nor_power_cut_torn(chip, now_ns, how);
        nor_set_defect(chip, NOR_SOUND, 0);
        nor_set_stuck_busy(chip, false);
        release(chip, now_ns);
    }
}

static uint64_t one_by_one(const struct world *w) {
    const struct card_counts counts = card_counts(w->rig->card);
    return counts.cycles - counts.jumped;
}

void world_count_from_here(struct world *w) {
    w->simulated = 0;
    w->before = one_by_one(w);
}

/** What the card said since power came, and that it goes. */
static void trace_end(const struct world *w, enum nor_torn how) {
    printf("# ---- console ----\n");
    for (const char *line = w->rig->console; *line;) {
        const int len = (int)strcspn(line, "\n");
        printf("#   %.*s\n", len, line);
        line += len + (line[len] == '\n');
    }
    printf("# %llu us after power-on: power fails, tear %d\n", (unsigned long long)(card_now_ns(w->rig->card) / 1000),
           how);
}

static void trace_event(void *ctx, const struct agent_event *event) {
    const struct rig *rig = ctx;
    const struct world *w = rig->test;
    if (!w->trace || event->kind == AGENT_PERCENT) return;
    printf("# %llu us: agent: %s", (unsigned long long)(event->time_ns / 1000), event->text ? event->text : "data");
    if (event->kind == AGENT_DATA) printf(", %u bytes at %u", event->len, event->offset);
    printf("\n");
}

void world_power_cut(struct world *w, enum nor_torn how, uint64_t seed) {
    w->simulated += one_by_one(w) - w->before;
    if (w->trace) trace_end(w, how);
    for (unsigned i = 0; i < w->layout->chips; i++) nor_copy(w->kept[i], card_chip(w->rig->card, i));
    world_cut_kept(w, card_now_ns(w->rig->card), how, seed);
    card_free(w->rig->card);
    w->rig->card = NULL;
    w->up = false;
}

/** The last line of the console that begins so, or NULL. */
static const char *last_line(const char *text, const char *begin) {
    const char *found = NULL;
    while ((text = strstr(text, begin)) != NULL) found = text++;
    return found;
}

static bool line_ends(const char *line, const char *end) {
    const size_t len = strcspn(line, "\n"), want = strlen(end);
    return len >= want && memcmp(line + len - want, end, want) == 0;
}

/** Which slots run, from what the application says on its console. */
static bool learn_running(struct world *w) {
    static const char *const slots[] = {"A", "B", "golden"};
    bool all = true;
    for (unsigned c = 0; c < LAYOUT_COMPONENTS; c++) {
        bool found = false;
        for (unsigned s = 0; s <= BOARD_GOLDEN; s++) {
            char begin[32];
            snprintf(begin, sizeof begin, "component %u %s ", c, slots[s]);
            const char *line = last_line(w->rig->console, begin);
            if (!line || !line_ends(line, ", runs")) continue;
            w->running[c] = (uint8_t)s;
            found = true;
        }
        all = all && found;
    }
    return all;
}

static bool journal_page(void *ctx, unsigned sector, unsigned copy, void *record) {
    const struct world *w = ctx;
    memcpy(record, w->flash[0] + w->layout->journal[sector] + copy * JOURNAL_PAGE, JOURNAL_RECORD);
    return true;
}

bool world_journal(const struct world *w, struct journal *journal) {
    const struct journal_flash reader = {.ctx = (void *)(uintptr_t)w, .read = journal_page};
    return journal_load(journal, &reader);
}

/** What booted must be one of the known images, whole in the slot that it came from. */
static void check_start(struct world *w) {
    const char *banner = last_line(w->rig->console, " firmware "), *trial = banner ? strstr(banner, "on trial") : NULL;
    w->trial = trial && (size_t)(trial - banner) < strcspn(banner, "\n");
    if (!learn_running(w)) {
        world_violation(w, "the application does not say which slots run");
        return;
    }
    const unsigned slot = w->running[BOARD_FIRMWARE];
    w->booted = layout_in_slot(w->layout, w->flash, BOARD_FIRMWARE, slot);
    if (w->booted == KNOWN_NONE) {
        world_violation(w, "firmware runs from slot %u, which holds no authentic image", slot);
        return;
    }
    struct journal journal;
    const uint32_t version = w->layout->images[BOARD_FIRMWARE][w->booted].component.security_version;
    if (slot != BOARD_GOLDEN && world_journal(w, &journal) && version < journal.entry[BOARD_FIRMWARE].minimum)
        world_violation(w, "firmware of security version %u runs, below the minimum", version);
}

void world_power_on(struct world *w) {
    struct rig *rig = w->rig;
    rig_power_on(rig);
    for (unsigned i = 0; i < w->layout->chips; i++) {
        struct nor *chip = card_chip(rig->card, i);
        nor_copy(chip, w->kept[i]);
        nor_power_on(chip, 0);
        nor_set_watch(chip, watch, &w->watchers[i]);
    }
    w->up = false;
    w->instructions = 0;
    w->log = boots_resume(w->boots, rig);
    w->before = one_by_one(w);
    while (!strstr(rig->console, "ready\n") && !strstr(rig->console, "no firmware\n") &&
           card_now_ns(rig->card) < START_NS) {
        rig_wait(rig, card_now_ns(rig->card) < BRISK_NS ? PAUSE_NS : WAIT_NS);
        boots_pause(w->log);
    }
    boots_end(w->log, w->violation[0] == '\0');
    w->log = NULL;
    w->up = strstr(rig->console, "ready\n") != NULL;
    if (w->up) check_start(w);
    if (w->trace) printf("# power comes: %s\n", w->up ? "the firmware is up" : "no firmware");
}

const char *world_settle(struct world *w) {
    struct journal journal;
    if (!w->trial) return NULL;
    if (rig_inventory(w->rig, SETTLE_NS) != AGENT_DONE) return "what is on trial does not answer";
    for (unsigned i = 0; i < w->layout->chips; i++) nor_settle(card_chip(w->rig->card, i), card_now_ns(w->rig->card));
    if (!world_journal(w, &journal)) return "there is no journal behind a trial";
    if (journal_any_waits(&journal)) return "what is on trial was spoken to and is not confirmed";
    w->trial = false;
    return NULL;
}

const char *world_update(struct world *w, const uint8_t *package, size_t len, uint64_t limit_ns) {
    (void)learn_running(w);  // the card may have restarted by itself
    w->activated = false;
    w->stops_there = true;
    w->rig->config.activate = AGENT_ACTIVATE_PENDING;
    w->rig->config.poll_ms = 500;
    const enum agent_result result = rig_update(w->rig, package, len, limit_ns);
    w->stops_there = false;
    if (w->activated) return NULL;
    return result == AGENT_FAILED ? agent_error(w->rig->agent) : "no end";
}

// ---- life
// ----------------------------------------------------------------------------------------------------------------

struct world *world_new(const struct layout *layout, struct boots *boots) {
    struct world *w = calloc(1, sizeof *w);
    if (!w) exit(1);
    w->layout = layout;
    w->boots = boots;
    w->rig = rig_new(layout->part);
    if (layout->chips > 1) rig_add_flash(w->rig);
    w->flash[0] = w->rig->flash;
    w->flash[1] = w->rig->flash2;
    w->rig->link = RIG_PORT;
    w->rig->mtu = FIRMWARE_MTU;
    w->rig->quiet = true;
    w->rig->test = w;
    w->rig->filter = filter;
    w->rig->event = trace_event;
    w->rig->boot_rom = layout->boot_rom;
    w->rig->boot_words = layout->boot_words;
    layout_factory(layout, w->rig);
    for (unsigned i = 0; i < layout->chips; i++) {
        w->kept[i] = nor_new(w->rig->part, w->flash[i]);
        if (!w->kept[i]) exit(1);
        w->watchers[i] = (struct watcher){w, i};
    }
    return w;
}

void world_free(struct world *w) {
    for (unsigned i = 0; i < w->layout->chips; i++) nor_free(w->kept[i]);
    rig_free(w->rig);
    free(w);
}

static uint64_t mix(uint64_t hash, const void *bytes, size_t len, uint64_t factor) {
    const uint8_t *p = bytes;
    for (; len >= 8; len -= 8, p += 8) {
        uint64_t word;
        memcpy(&word, p, 8);
        hash = (hash ^ word) * factor;
        hash ^= hash >> 29;
    }
    for (; len; len--, p++) hash = (hash ^ *p) * factor;
    return hash ^ hash >> 32;
}

struct world_state world_state(const struct world *w) {
    struct world_state state = {{0x9E3779B97F4A7C15u, 0xD1B54A32D192ED03u}};
    static const uint64_t factors[2] = {0x9FB21C651E98DF25u, 0xC2B2AE3D27D4EB4Fu};
    for (unsigned h = 0; h < 2; h++) {
        for (unsigned i = 0; i < w->layout->region_count; i++) {
            const struct layout_region r = w->layout->regions[i];
            state.hash[h] = mix(state.hash[h], w->flash[r.chip] + r.base, r.size, factors[h]);
        }
        for (unsigned i = 0; i < w->layout->chips; i++) {
            const struct nor *chip = w->kept[i];
            state.hash[h] = mix(state.hash[h], chip->status_kept, sizeof chip->status_kept, factors[h]);
            if (chip->unstable_count == 0) continue;
            for (size_t u = 0; u < chip->unstable_count; u++) {
                const uint32_t words[] = {chip->unstable[u].first, chip->unstable[u].length,
                                          chip->unstable[u].odds_log2};
                state.hash[h] = mix(state.hash[h], words, sizeof words, factors[h]);
            }
            state.hash[h] = mix(state.hash[h], &chip->random_state, sizeof chip->random_state, factors[h]);
        }
    }
    return state;
}
