// SPDX-License-Identifier: Apache-2.0
//
// See ways.h.
#include "tests/faults/ways.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/agent_internal.h"
#include "sim/nor_internal.h"
#include "tests/faults/mix.h"
#include "tests/system/rig_image.h"

enum {
    SECTOR = NOR_SECTOR,
    LEAST_CYCLES = 5000,  // that were simulated one by one since the last multiple: less is not worth a state
    MOST_WRITES = 64,     // sectors that a piece changes
    MOST_STATES = 6000,   // each has some 300 KB
    HEADS = 4096,
};

struct read {
    unsigned chip;
    uint32_t address, length;
    size_t at;  // in the piece's bytes
};

struct write {
    unsigned chip;
    uint32_t sector;
};

/** What a card did from one state to another. */
struct piece {
    struct state *to;
    struct read *reads;
    uint8_t *bytes;  // read
    struct write *writes;
    uint8_t *contents;  // of the sectors written, at the end
    size_t read_count, write_count;
    struct piece *next;  // from the same state
};

struct state {
    struct mixed hash;
    struct rig_image *image;
    struct agent *agent;  // NULL: nobody talks
    struct piece *pieces;
    struct state *next;  // in the table
};

struct way {
    struct ways *ways;
    struct rig *rig;
    struct agent *talks;  // NULL: nobody
    struct state *from;   // where the piece under way began
    struct read *reads;
    size_t read_count, read_room;
    uint8_t *bytes;
    size_t byte_count, byte_room;
    struct write writes[MOST_WRITES];
    size_t write_count;
    bool closed;      // something unstable was read: what was done since is this card's alone
    uint64_t cycles;  // simulated one by one, at the last multiple
};

struct ways {
    const struct layout *layout;
    struct state *heads[HEADS];
    size_t state_count;
};

static void *must(void *memory) {
    if (!memory) {
        printf("# faults: out of memory\n");
        exit(1);
    }
    return memory;
}

static void *grown(void *array, size_t *room, size_t need, size_t size) {
    if (need <= *room) return array;
    *room = need * 2;
    return must(realloc(array, *room * size));
}

static void *copied(const void *bytes, size_t len) {
    void *copy = must(malloc(len + 1));
    if (len) memcpy(copy, bytes, len);
    return copy;
}

static uint8_t *array_of(const struct rig *rig, unsigned chip) {
    return chip == 0 ? rig->flash : rig->flash2;
}

static bool any_unstable(const struct nor *nor, uint32_t address, uint32_t length) {
    for (size_t i = 0; i < nor->unstable_count; i++) {
        const struct nor_unstable *u = &nor->unstable[i];
        if (u->first < (uint64_t)address + length && address < (uint64_t)u->first + u->length) return true;
    }
    return false;
}

static uint64_t one_by_one(const struct rig *rig) {
    const struct card_counts counts = card_counts(rig->card);
    return counts.cycles - counts.jumped;
}

// ---- recording a piece
// ---------------------------------------------------------------------------------------------------------

static bool written(const struct way *log, unsigned chip, uint32_t address) {
    for (size_t i = 0; i < log->write_count; i++)
        if (log->writes[i].chip == chip && log->writes[i].sector == address / SECTOR * SECTOR) return true;
    return false;
}

static void add_read(struct way *log, unsigned chip, uint32_t address, uint32_t length) {
    if (any_unstable(card_chip(log->rig->card, chip), address, length)) log->closed = true;
    log->reads = grown(log->reads, &log->read_room, log->read_count + 1, sizeof *log->reads);
    log->bytes = grown(log->bytes, &log->byte_room, log->byte_count + length, 1);
    log->reads[log->read_count++] = (struct read){chip, address, length, log->byte_count};
    memcpy(log->bytes + log->byte_count, array_of(log->rig, chip) + address, length);
    log->byte_count += length;
}

/** A sector is about to change for the first time. */
static void add_write(struct way *log, unsigned chip, uint32_t sector) {
    add_read(log, chip, sector, SECTOR);
    if (log->write_count == MOST_WRITES)
        log->closed = true;
    else
        log->writes[log->write_count++] = (struct write){chip, sector};
}

/** The flash was read, or is about to be written. */
static void add_access(struct way *log, unsigned chip, uint32_t address, uint32_t length, bool writes) {
    if (length > log->rig->part->size - address) log->closed = true;  // it goes on at the chip's begin
    for (uint32_t at = address, len; at < address + length && !log->closed; at += len) {
        const uint32_t left = address + length - at, room = SECTOR - at % SECTOR;
        len = left < room ? left : room;
        if (written(log, chip, at)) continue;
        if (writes)
            add_write(log, chip, at / SECTOR * SECTOR);
        else
            add_read(log, chip, at, len);
    }
}

void ways_saw(struct way *log, unsigned chip, const struct nor_event *event) {
    const bool writes = event->kind == NOR_PROGRAM || event->kind == NOR_ERASE;
    if (writes || event->kind == NOR_READ) add_access(log, chip, event->address, event->length, writes);
}

/** A piece begins; what the flash is still working on will change in it. */
static void begin_piece(struct way *log, struct state *from) {
    log->from = from;
    log->closed = false;
    log->read_count = log->byte_count = log->write_count = 0;
    for (unsigned i = 0; i < log->ways->layout->chips; i++) {
        const struct nor *chip = card_chip(log->rig->card, i);
        if (chip->op.under_way && chip->op.action != DO_WRITE_STATUS)
            add_access(log, i, chip->op.address, chip->op.length, true);
    }
}

static void end_piece(struct way *log, struct state *to) {
    if (!log->from || log->closed || log->from == to) return;
    struct piece *piece = must(malloc(sizeof *piece));
    *piece = (struct piece){.to = to,
                            .reads = copied(log->reads, log->read_count * sizeof *log->reads),
                            .bytes = copied(log->bytes, log->byte_count),
                            .writes = copied(log->writes, log->write_count * sizeof *log->writes),
                            .contents = must(malloc(log->write_count * (size_t)SECTOR + 1)),
                            .read_count = log->read_count,
                            .write_count = log->write_count,
                            .next = log->from->pieces};
    for (size_t i = 0; i < log->write_count; i++)
        memcpy(piece->contents + i * SECTOR, array_of(log->rig, log->writes[i].chip) + log->writes[i].sector, SECTOR);
    log->from->pieces = piece;
}

// ---- states
// ------------------------------------------------------------------------------------------------------------------

/** In the middle of an instruction, whose end will tell what it read. The status may be asked for meanwhile. */
static bool reads(const struct way *log) {
    for (unsigned i = 0; i < log->ways->layout->chips; i++) {
        const struct nor *chip = card_chip(log->rig->card, i);
        const bool status = chip->phase == PHASE_OUT && chip->instruction->action == DO_READ_STATUS;
        if (!chip->csn && !status) return true;
    }
    return false;
}

/** Of all that decides what comes, but for the flash's contents. */
static struct mixed hash_of(const struct way *log, const struct rig_image *image) {
    struct mixed hash = mix_begin();
    rig_image_visit(image, mix_visit, &hash);
    if (log->talks) mix(&hash, log->talks, sizeof *log->talks);
    return hash;
}

/** The state of this hash; if there is none, @p image becomes its own, which is freed otherwise. */
static struct state *state_of(const struct way *log, struct mixed hash, struct rig_image *image) {
    struct state **head = &log->ways->heads[hash.of[0] % HEADS];
    for (struct state *s = *head; s; s = s->next) {
        if (!mix_same(&s->hash, &hash)) continue;
        rig_image_free(image);
        return s;
    }
    struct state *s = must(malloc(sizeof *s));
    *s = (struct state){.hash = hash, .image = image, .next = *head};
    if (log->talks) s->agent = copied(log->talks, sizeof *log->talks);
    *head = s;
    log->ways->state_count++;
    return s;
}

/** The state in which the card is. NULL: it is in the middle of something. */
static struct state *state_now(const struct way *log) {
    // A copy of the agent would have memory in common with it.
    if (reads(log) || (log->talks && log->talks->meta_data)) return NULL;
    struct rig_image *image = rig_save_without_contents(log->rig);
    return state_of(log, hash_of(log, image), image);
}

/** That of a card which was just powered: its flash chips' kept status alone tells it from others. */
static struct state *state_at_begin(const struct way *log) {
    struct mixed hash = mix_begin();
    for (unsigned i = 0; i < log->ways->layout->chips; i++)
        mix(&hash, card_chip(log->rig->card, i)->status_kept, sizeof card_chip(log->rig->card, i)->status_kept);
    return state_of(log, hash, rig_save_without_contents(log->rig));
}

/** The card's state, with the chips' own unstable cells. */
static void restore(struct way *log, const struct state *state) {
    struct rig *rig = log->rig;
    struct nor own[LAYOUT_CHIPS] = {{0}};
    struct agent *agent = rig->agent;
    for (unsigned i = 0; i < log->ways->layout->chips; i++) own[i] = *card_chip(rig->card, i);
    rig->agent = NULL;  // it is to stay where it is
    rig_restore(rig, state->image);
    rig->agent = agent;
    if (state->agent) *agent = *state->agent;
    for (unsigned i = 0; i < log->ways->layout->chips; i++) {
        struct nor *chip = card_chip(rig->card, i);
        memcpy(chip->unstable, own[i].unstable, sizeof chip->unstable);
        chip->unstable_count = own[i].unstable_count;
        chip->random_state = own[i].random_state;
    }
}

// ---- known ways
// ---------------------------------------------------------------------------------------------------------------

static bool leads_on(const struct piece *piece, const struct rig *rig) {
    for (size_t i = 0; i < piece->read_count; i++) {
        const struct read *r = &piece->reads[i];
        if (any_unstable(card_chip(rig->card, r->chip), r->address, r->length) ||
            memcmp(piece->bytes + r->at, array_of(rig, r->chip) + r->address, r->length) != 0)
            return false;
    }
    return true;
}

/** Takes the card from a state that it is in as far as known ways lead, and begins a piece there. */
static void go_on(struct way *log, struct state *from) {
    struct state *at = from;
    for (const struct piece *p = from ? from->pieces : NULL; p;) {
        if (!leads_on(p, log->rig)) {
            p = p->next;
            continue;
        }
        for (size_t i = 0; i < p->write_count; i++)
            memcpy(array_of(log->rig, p->writes[i].chip) + p->writes[i].sector, p->contents + i * SECTOR, SECTOR);
        at = p->to;
        p = at->pieces;
    }
    if (at != from) restore(log, at);
    begin_piece(log, at);
    log->cycles = one_by_one(log->rig);
}

void ways_pause(struct way *log) {
    const struct card_counts counts = card_counts(log->rig->card);
    if (counts.cycles % (card_clk_hz() / (1000000000u / WAYS_GRID_NS)) != 0) return;
    const uint64_t now = counts.cycles - counts.jumped, since = now - log->cycles;
    log->cycles = now;
    if (since < LEAST_CYCLES) return;
    struct state *state = state_now(log);
    if (!state) return;
    end_piece(log, state);
    go_on(log, state);
}

static void forget(struct ways *ways) {
    for (unsigned i = 0; i < HEADS; i++) {
        for (struct state *s = ways->heads[i], *next; s; s = next) {
            next = s->next;
            for (struct piece *p = s->pieces, *other; p; p = other) {
                other = p->next;
                free(p->reads);
                free(p->bytes);
                free(p->writes);
                free(p->contents);
                free(p);
            }
            rig_image_free(s->image);
            free(s->agent);
            free(s);
        }
        ways->heads[i] = NULL;
    }
    ways->state_count = 0;
}

struct way *ways_begin(struct ways *ways, struct rig *rig, bool talks) {
    struct way *log = must(calloc(1, sizeof *log));
    log->ways = ways;
    log->rig = rig;
    log->talks = talks ? rig->agent : NULL;
    if (ways->state_count > MOST_STATES) forget(ways);
    struct state *begin = talks ? state_now(log) : state_at_begin(log);
    // What memory the model's padding lies in is then the same for all.
    if (!talks) restore(log, begin);
    go_on(log, begin);
    return log;
}

void ways_end(struct way *log, bool keep) {
    struct state *state = keep ? state_now(log) : NULL;
    if (state) end_piece(log, state);
    free(log->reads);
    free(log->bytes);
    free(log);
}

struct ways *ways_new(const struct layout *layout) {
    struct ways *ways = must(calloc(1, sizeof *ways));
    ways->layout = layout;
    return ways;
}

void ways_free(struct ways *ways) {
    forget(ways);
    free(ways);
}
