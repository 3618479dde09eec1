// SPDX-License-Identifier: Apache-2.0
//
// What a bad link does to the packets of a rig's agent: each one to the card comes late by a random time, none
// overtakes another, and in both directions now and then one is lost. The same seed does the same.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { NOISE_PACKET = 255, NOISE_CHANCES = 4096 };

struct noise {
    uint64_t random;
    uint64_t most_late_ns;  ///< a packet is late by less than that
    unsigned lost;          ///< packets of NOISE_CHANCES, on average
    uint64_t losses;        ///< so far
    struct noise_packet {
        uint64_t due_ns;
        size_t len;
        uint8_t bytes[NOISE_PACKET];
    } * waiting;
    size_t first, end, room;  ///< those from first to before end wait
    uint64_t last_due_ns;
};

/** Any seed, also zero. */
void noise_init(struct noise *noise, uint64_t seed);
void noise_free(struct noise *noise);
/** The next 64 random bits. */
uint64_t noise_random(uint64_t *state);

/** Whether a packet is lost now. */
bool noise_loses(struct noise *noise);
/** Keeps a packet for later. False when memory is short. */
bool noise_delay(struct noise *noise, uint64_t now_ns, const uint8_t *packet, size_t len);
/** When the first packet that waits is due; UINT64_MAX when none waits. */
uint64_t noise_due(const struct noise *noise);
/** Takes the first packet that waits; it stays valid until the next noise_delay(). */
const struct noise_packet *noise_take(struct noise *noise);
