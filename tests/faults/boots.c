// SPDX-License-Identifier: Apache-2.0
//
// See boots.h.
#include "tests/faults/boots.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/nor_internal.h"
#include "tests/system/rig_image.h"

enum {
    SECTOR = NOR_SECTOR,
    POINT_CYCLES = 40000,  // simulated one by one from one point to the next
    MOST_POINTS = 24,
    MOST_WRITES = 16,  // sectors that a start changes
    MOST_LOGS = 600,
};

struct boot_read {
    unsigned chip;
    uint32_t address, length;
    size_t at;  // in the log's bytes
};

struct boot_write {
    unsigned chip;
    uint32_t sector;
};

struct boot_point {
    struct rig_image *image;
    size_t reads;  // of the log, before it
    unsigned writes;
    uint8_t *contents;  // of the sectors written, as they are at the point
};

struct boot_log {
    struct boots *boots;
    struct rig *rig;
    uint8_t status[LAYOUT_CHIPS][2];  // that the chips keep without power
    struct boot_read *reads;
    size_t read_count, read_room;
    uint8_t *bytes;
    size_t byte_count, byte_room;
    struct boot_write writes[MOST_WRITES];
    unsigned write_count;
    struct boot_point points[MOST_POINTS];
    unsigned point_count;
    unsigned selected;  // bit: chip
    bool closed;        // something unstable was read: what follows is this card's alone
    uint64_t cycles;    // simulated one by one at the last point
    uint64_t begun;     // and where this start took over
};

struct boots {
    const struct layout *layout;
    struct boot_log *logs[MOST_LOGS];
    unsigned log_count;
    struct boots_counts counts;
};

static void *grown(void *array, size_t *room, size_t need, size_t size) {
    if (need <= *room) return array;
    *room = need * 2;
    void *more = realloc(array, *room * size);
    if (!more) {
        printf("# faults: out of memory\n");
        exit(1);
    }
    return more;
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

// ---- recording
// ----------------------------------------------------------------------------------------------------------

static bool written(const struct boot_log *log, unsigned chip, uint32_t address) {
    for (unsigned i = 0; i < log->write_count; i++)
        if (log->writes[i].chip == chip && log->writes[i].sector == address / SECTOR * SECTOR) return true;
    return false;
}

static void add_read(struct boot_log *log, unsigned chip, uint32_t address, uint32_t length) {
    if (any_unstable(card_chip(log->rig->card, chip), address, length)) log->closed = true;
    log->reads = grown(log->reads, &log->read_room, log->read_count + 1, sizeof *log->reads);
    log->bytes = grown(log->bytes, &log->byte_room, log->byte_count + length, 1);
    log->reads[log->read_count++] = (struct boot_read){chip, address, length, log->byte_count};
    memcpy(log->bytes + log->byte_count, array_of(log->rig, chip) + address, length);
    log->byte_count += length;
}

void boots_saw(struct boot_log *log, unsigned chip, const struct nor_event *event) {
    const unsigned bit = 1u << chip;
    log->selected = event->kind == NOR_SELECTED ? log->selected | bit : log->selected & ~bit;
    if (log->closed || event->length == 0) return;
    const uint32_t size = log->rig->part->size;
    const uint32_t length = event->length > size - event->address ? size - event->address : event->length;
    if (event->kind == NOR_READ && !written(log, chip, event->address)) add_read(log, chip, event->address, length);
    if (event->kind != NOR_PROGRAM && event->kind != NOR_ERASE) return;
    for (uint32_t at = event->address / SECTOR * SECTOR; at < event->address + length && !log->closed; at += SECTOR) {
        if (written(log, chip, at)) continue;
        add_read(log, chip, at, SECTOR);
        if (log->write_count == MOST_WRITES) log->closed = true;
        if (!log->closed) log->writes[log->write_count++] = (struct boot_write){chip, at};
    }
}

static uint64_t one_by_one(const struct rig *rig) {
    const struct card_counts counts = card_counts(rig->card);
    return counts.cycles - counts.jumped;
}

void boots_pause(struct boot_log *log) {
    // A start that goes on and on, under a watchdog, has them farther apart.
    const uint64_t cycles = one_by_one(log->rig), wanted = (uint64_t)POINT_CYCLES << log->point_count / 8;
    if (log->closed || log->selected || log->point_count == MOST_POINTS || cycles < log->cycles + wanted) return;
    struct boot_point *point = &log->points[log->point_count++];
    *point = (struct boot_point){.image = rig_save_without_contents(log->rig),
                                 .reads = log->read_count,
                                 .writes = log->write_count,
                                 .contents = malloc(log->write_count * (size_t)SECTOR + 1)};
    if (!point->contents) exit(1);
    for (unsigned i = 0; i < log->write_count; i++)
        memcpy(point->contents + i * (size_t)SECTOR, array_of(log->rig, log->writes[i].chip) + log->writes[i].sector,
               SECTOR);
    log->cycles = cycles;
}

static void log_free(struct boot_log *log) {
    for (unsigned i = 0; i < log->point_count; i++) {
        rig_image_free(log->points[i].image);
        free(log->points[i].contents);
    }
    free(log->reads);
    free(log->bytes);
    free(log);
}

void boots_end(struct boot_log *log, bool keep) {
    struct boots *boots = log->boots;
    const bool new = one_by_one(log->rig) >= log->begun + POINT_CYCLES / 2;
    log->cycles = 0;
    if (new) boots_pause(log);  // where it came to
    if (keep && new && log->point_count && boots->log_count < MOST_LOGS)
        boots->logs[boots->log_count++] = log;
    else
        log_free(log);
}

// ---- replaying
// ----------------------------------------------------------------------------------------------------------

/** Reads of an earlier start that this card's flash would answer alike. */
static size_t same_reads(const struct boot_log *earlier, const struct rig *rig) {
    size_t i = 0;
    for (; i < earlier->read_count; i++) {
        const struct boot_read *r = &earlier->reads[i];
        if (any_unstable(card_chip(rig->card, r->chip), r->address, r->length) ||
            memcmp(earlier->bytes + r->at, array_of(rig, r->chip) + r->address, r->length) != 0)
            break;
    }
    return i;
}

static const struct boot_point *best(const struct boots *boots, const struct boot_log *now,
                                     const struct boot_log **from) {
    const struct boot_point *found = NULL;
    uint64_t most = 0;
    for (unsigned i = 0; i < boots->log_count; i++) {
        const struct boot_log *earlier = boots->logs[i];
        if (memcmp(earlier->status, now->status, sizeof now->status) != 0) continue;
        const size_t same = same_reads(earlier, now->rig);
        for (unsigned p = earlier->point_count; p-- > 0;) {
            const struct boot_point *point = &earlier->points[p];
            if (point->reads > same) continue;
            const uint64_t reached = rig_image_now_ns(point->image);
            if (reached > most) {
                most = reached;
                found = point;
                *from = earlier;
            }
            break;
        }
    }
    return found;
}

/** The chip's state of the earlier start, with this chip's own unstable cells. */
static void restore(struct rig *rig, const struct boot_point *point, const struct boot_log *from) {
    struct nor own[LAYOUT_CHIPS];
    for (unsigned i = 0; i < from->boots->layout->chips; i++) own[i] = *card_chip(rig->card, i);
    rig_restore(rig, point->image);
    for (unsigned i = 0; i < from->boots->layout->chips; i++) {
        struct nor *chip = card_chip(rig->card, i);
        memcpy(chip->unstable, own[i].unstable, sizeof chip->unstable);
        chip->unstable_count = own[i].unstable_count;
        chip->random_state = own[i].random_state;
    }
    for (unsigned i = 0; i < point->writes; i++)
        memcpy(array_of(rig, from->writes[i].chip) + from->writes[i].sector, point->contents + i * (size_t)SECTOR,
               SECTOR);
}

struct boot_log *boots_resume(struct boots *boots, struct rig *rig) {
    struct boot_log *log = calloc(1, sizeof *log);
    const struct boot_log *from = NULL;
    if (!log) exit(1);
    log->boots = boots;
    log->rig = rig;
    for (unsigned i = 0; i < boots->layout->chips; i++)
        memcpy(log->status[i], card_chip(rig->card, i)->status_kept, sizeof log->status[i]);
    const struct boot_point *point = best(boots, log, &from);
    boots->counts.starts++;
    if (point) {
        const struct boot_read *last = point->reads ? &from->reads[point->reads - 1] : NULL;
        log->read_count = point->reads;
        log->byte_count = last ? last->at + last->length : 0;
        log->reads = grown(NULL, &log->read_room, log->read_count + 1, sizeof *log->reads);
        log->bytes = grown(NULL, &log->byte_room, log->byte_count + 1, 1);
        memcpy(log->reads, from->reads, log->read_count * sizeof *log->reads);
        memcpy(log->bytes, from->bytes, log->byte_count);
        memcpy(log->writes, from->writes, sizeof log->writes);
        log->write_count = point->writes;
        restore(rig, point, from);
        boots->counts.restored++;
    }
    log->cycles = log->begun = one_by_one(rig);
    return log;
}

struct boots *boots_new(const struct layout *layout) {
    struct boots *boots = calloc(1, sizeof *boots);
    if (!boots) exit(1);
    boots->layout = layout;
    return boots;
}

void boots_free(struct boots *boots) {
    for (unsigned i = 0; i < boots->log_count; i++) log_free(boots->logs[i]);
    free(boots);
}

struct boots_counts boots_counts(const struct boots *boots) {
    return boots->counts;
}
