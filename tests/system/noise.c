// SPDX-License-Identifier: Apache-2.0
//
// See noise.h.
#include "tests/system/noise.h"

#include <stdlib.h>
#include <string.h>

// splitmix64: every state is as good as another, so seeds may follow each other.
uint64_t noise_random(uint64_t *state) {
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

void noise_init(struct noise *noise, uint64_t seed) {
    *noise = (struct noise){.random = seed};
}

void noise_free(struct noise *noise) {
    free(noise->waiting);
    *noise = (struct noise){0};
}

bool noise_loses(struct noise *noise) {
    const bool lost = noise->lost && noise_random(&noise->random) % NOISE_CHANCES < noise->lost;
    noise->losses += lost;
    return lost;
}

static bool grow(struct noise *noise) {
    if (noise->first == noise->end) noise->first = noise->end = 0;
    if (noise->end < noise->room) return true;
    const size_t room = noise->room ? 2 * noise->room : 128;
    struct noise_packet *more = realloc(noise->waiting, room * sizeof *more);
    if (!more) return false;
    noise->waiting = more;
    noise->room = room;
    return true;
}

bool noise_delay(struct noise *noise, uint64_t now_ns, const uint8_t *packet, size_t len) {
    if (len > NOISE_PACKET || !grow(noise)) return false;
    uint64_t due = now_ns + (noise->most_late_ns ? noise_random(&noise->random) % noise->most_late_ns : 0);
    if (due < noise->last_due_ns) due = noise->last_due_ns;
    noise->last_due_ns = due;
    struct noise_packet *p = &noise->waiting[noise->end++];
    p->due_ns = due;
    p->len = len;
    memcpy(p->bytes, packet, len);
    return true;
}

uint64_t noise_due(const struct noise *noise) {
    return noise->first == noise->end ? UINT64_MAX : noise->waiting[noise->first].due_ns;
}

const struct noise_packet *noise_take(struct noise *noise) {
    return &noise->waiting[noise->first++];
}
