// SPDX-License-Identifier: Apache-2.0
//
// The pace of the model of a packet port's host (sim/packet_pins.h), with a card that takes each word in the cycle in
// which it is offered.
#include "sim/packet_pins.h"
#include "check.h"

#include <stdlib.h>

enum { WORDS = 3, PACKET = 4 * WORDS, MOST = 2 * WORDS };

/** Queues a packet at cycle 0 and another at cycle @p second, and notes when words move. */
static size_t moves(unsigned word_cycles, uint64_t second, uint64_t at[MOST]) {
    static const uint8_t packet[PACKET];
    struct packet_source source;
    size_t count = 0;
    packet_source_init(&source);
    source.word_cycles = word_cycles;
    CHECK(packet_source_queue(&source, packet, PACKET, false, 0));
    for (uint64_t cycle = 0; cycle < 100; cycle++) {
        if (cycle == second) CHECK(packet_source_queue(&source, packet, PACKET, false, cycle));
        if (!packet_source_offers(&source, cycle)) continue;
        if (count < MOST) at[count] = cycle;
        count++;
        packet_source_taken(&source, cycle);
    }
    free(source.words);
    return count;
}

int main(void) {
    static const struct {
        const char *sentence;
        unsigned word_cycles;
        uint64_t second, at[MOST];
    } cases[] = {
        {"given a host without a pace / when it has two packets / a word moves in every cycle",
         1,
         0,
         {0, 1, 2, 3, 4, 5}},
        {"given a word each 7 cycles / when it has two packets / the second one keeps the pace",
         7,
         0,
         {0, 7, 14, 21, 28, 35}},
        {"given a word each 7 cycles / when a packet comes just behind the last word / its first word waits",
         7,
         15,
         {0, 7, 14, 21, 28, 35}},
        {"given a word each 7 cycles / when a packet comes after a pause / its first word moves at once",
         7,
         40,
         {0, 7, 14, 40, 47, 54}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        TEST(cases[i].sentence) {
            uint64_t at[MOST] = {0};
            CHECK_EQ(moves(cases[i].word_cycles, cases[i].second, at), MOST);
            for (size_t n = 0; n < MOST; n++) CHECK_EQ(at[n], cases[i].at[n]);
        }
    }
    return check_result();
}
