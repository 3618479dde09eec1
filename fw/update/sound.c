// SPDX-License-Identifier: Apache-2.0
//
// See sound.h. Every range is held against all behind it: there are some twenty of them, once a start.
#include "fw/update/sound.h"

#define SECTOR 4096u
#define EACH   (BOARD_SLOTS + 1u)  // ranges of a component: its slots, golden

struct range {
    uint32_t base, size;  // size 0: there is none
};

static struct range range_of(const struct board_component *components, uint8_t count, const uint32_t journal[2],
                             unsigned n) {
    if (n >= EACH * count) return (struct range){journal[n - EACH * count], SECTOR};
    const struct board_component *board = &components[n / EACH];
    if (n % EACH == BOARD_GOLDEN) return (struct range){board->golden, board->golden != 0 ? board->slot_size : 0};
    bool there = n % EACH == 0 || board_two_slots(board);
    return (struct range){board->slot[n % EACH], there ? board->slot_size : 0};
}

static bool apart(struct range a, struct range b) {
    if (a.size == 0 || b.size == 0) return true;
    return a.base < b.base ? b.base - a.base >= a.size : a.base - b.base >= b.size;
}

bool board_sound(const struct board_component *components, uint8_t count, const uint32_t journal[2]) {
    const unsigned ranges = EACH * count + 2u;
    for (uint8_t i = 0; i < count; i++)
        if (components[i].slot_size == 0 || (i != BOARD_FIRMWARE && components[i].golden != 0)) return false;
    for (unsigned i = 0; i < ranges; i++) {
        struct range a = range_of(components, count, journal, i);
        if (a.base % SECTOR != 0 && a.size != 0) return false;
        if (a.size % SECTOR != 0 || (a.size != 0 && a.base + (a.size - 1u) < a.base)) return false;
        for (unsigned n = i + 1u; n < ranges; n++)
            if (!apart(a, range_of(components, count, journal, n))) return false;
    }
    return true;
}
