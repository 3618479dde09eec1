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

#define START_NS 100000000000ull  // more than a watchdog needs to give an image up that hangs
#define BRISK_NS 300000000ull     // so long a start is looked at each WAYS_GRID_NS
#define WAIT_NS  100000000u

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
    if (w->log) ways_saw(w->log, watcher->chip, event);
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

void world_note_torn(struct world *w, struct layout_region region) {
    w->torn[w->torn_count++ % WORLD_TORN] = region;
}

void world_cut_kept(struct world *w, uint64_t now_ns, enum nor_torn how, uint64_t seed) {
    for (unsigned i = 0; i < w->layout->chips; i++) {
        struct nor *chip = w->kept[i];
        if (nor_busy_until(chip) > now_ns)
            world_note_torn(w, (struct layout_region){i, chip->op.address, chip->op.length});
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

void world_begin_log(struct world *w) {
    w->simulated += one_by_one(w) - w->before;
    w->log = ways_begin(w->ways, w->rig, true);
    w->before = one_by_one(w);
}

void world_pause(struct world *w) {
    if (w->violation[0]) return;  // a way that nobody is to be taken along
    w->simulated += one_by_one(w) - w->before;
    ways_pause(w->log);
    w->before = one_by_one(w);
}

void world_end_log(struct world *w, bool keep) {
    ways_end(w->log, keep && !w->violation[0]);
    w->log = NULL;
}

void world_forget(struct world *w) {
    w->simulated = 0;
    w->flipped = w->golden_flipped = w->promised = false;
    w->torn_count = 0;
    w->violation[0] = '\0';
    memset(w->minimum, 0, sizeof w->minimum);
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
bool world_learn_running(struct world *w) {
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
    if (!world_learn_running(w)) {
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
    if (!world_journal(w, &journal)) return;
    const uint32_t version = w->layout->images[BOARD_FIRMWARE][w->booted].component.security_version;
    if (slot != BOARD_GOLDEN && version < journal.entry[BOARD_FIRMWARE].minimum)
        world_violation(w, "firmware of security version %u runs, below the minimum", version);
    if (!w->trial && !w->flipped && journal_any_waits(&journal))
        world_violation(w, "what runs is not on trial, and an image still waits for its own");
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
    rig_fresh_agent(rig);
    w->log = ways_begin(w->ways, rig, false);
    w->before = one_by_one(w);
    while (!strstr(rig->console, "ready\n") && !strstr(rig->console, "no firmware\n") &&
           card_now_ns(rig->card) < START_NS) {
        const uint64_t grid = card_now_ns(rig->card) < BRISK_NS ? WAYS_GRID_NS : WAIT_NS;
        rig_wait(rig, grid - card_now_ns(rig->card) % grid);
        world_pause(w);
    }
    world_end_log(w, true);
    w->up = strstr(rig->console, "ready\n") != NULL;
    if (w->up) check_start(w);
    if (w->trace) printf("# power comes: %s\n", w->up ? "the firmware is up" : "no firmware");
}

// ---- life
// ----------------------------------------------------------------------------------------------------------------

struct world *world_new(const struct layout *layout, struct ways *ways) {
    struct world *w = calloc(1, sizeof *w);
    if (!w) exit(1);
    w->layout = layout;
    w->ways = ways;
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

struct mixed world_state(const struct world *w) {
    struct mixed state = mix_begin();
    for (unsigned i = 0; i < w->layout->region_count; i++) {
        const struct layout_region r = w->layout->regions[i];
        mix(&state, w->flash[r.chip] + r.base, r.size);
    }
    for (unsigned i = 0; i < w->layout->chips; i++) {
        const struct nor *chip = w->kept[i];
        mix(&state, chip->status_kept, sizeof chip->status_kept);
        if (chip->unstable_count == 0) continue;
        for (size_t u = 0; u < chip->unstable_count; u++) {
            const uint32_t words[] = {chip->unstable[u].first, chip->unstable[u].length, chip->unstable[u].odds_log2};
            mix(&state, words, sizeof words);
        }
        mix(&state, &chip->random_state, sizeof chip->random_state);
    }
    return state;
}
