// SPDX-License-Identifier: Apache-2.0
//
// What a transfer takes where link and flash are equally fast: the host at the packet port brings 64 KiB in just the
// time that an ideal writer needs to erase them at once and to program them. Neither may be ahead of the other by more
// than the engine's buffers hold, so every time that one of them waits shows. Prints `# NAME_FIGURE value` lines, NAME
// crossover, or crossover_16 in a build with 16 buffers.
#include <stdio.h>

#include "tests/bench/measure.h"

/** Clock cycles from one word to the next. */
static unsigned pace(const struct nor_part *part) {
    const struct tap_totals region = {.pages = 256, .erases_64k = 1};
    const uint64_t words = 16 * measure_answer_words(MEASURE_CHUNK);
    return (unsigned)((tap_ideal_flash_ns(&region, part, false) * card_clk_hz() / 1000000000u + words / 2) / words);
}

int main(int argc, char **argv) {
    char name[32] = "crossover";
    if (card_buffers() != 8) snprintf(name, sizeof name, "crossover_%u", card_buffers());
    const struct measure_update update = {.name = name,
                                          .part = "w25q128jv",
                                          .link = RIG_PORT,
                                          .mtu = MEASURE_PORT_MTU,
                                          .word_cycles = pace(nor_part_find("w25q128jv")),
                                          .payload = measure_largest_payload(),
                                          .timelines = measure_timelines(argc, argv)};
    const struct measurement m = measure(&update);
    const struct tap_totals *t = &m.transfer;
    const uint64_t words = t->requests * measure_answer_words(MEASURE_CHUNK);
    if (t->bytes != t->requests * MEASURE_CHUNK) measure_fail(update.name, "a request that is not for a whole block");
    measure_print(update.name, "clk_hz", card_clk_hz());
    measure_print(update.name, "buffers", card_buffers());
    measure_print(update.name, "payload_bytes", update.payload);
    measure_print(update.name, "word_cycles", update.word_cycles);
    measure_print(update.name, "transfer_ns", t->ns);
    measure_print(update.name, "ideal_ns", tap_ideal_flash_ns(t, &m.part, false));
    measure_print(update.name, "link_ns", words * update.word_cycles * 1000000000u / card_clk_hz());
    measure_print(update.name, "link_idle", t->link_idle);
    measure_print(update.name, "flash_idle", t->flash_idle);
    printf("ok - measured\n");
    return 0;
}
