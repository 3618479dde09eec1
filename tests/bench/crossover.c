// SPDX-License-Identifier: Apache-2.0
//
// What a transfer takes where link and flash are equally fast: the host at the packet port brings the answers in just
// the time that an ideal writer needs for what is in them. Neither may be ahead of the other by more than the engine's
// buffers hold, so every time that one of them waits shows. Prints `# NAME_FIGURE value` lines, NAME crossover, or
// crossover_16 in a build with 16 buffers.
#include <stdio.h>

#include "tests/bench/measure.h"

enum {
    REGIONS = 15,  // of 64 KiB, each erased at once
    PAYLOAD = REGIONS << 16,
    TABLES = 2,
    REQUESTS = PAYLOAD / MEASURE_CHUNK + TABLES + 1,  // and the manifest
};

/** What the flash has to do: the payload; each table; the manifest, whose place is erased first for a log of two
 * records. */
static const struct tap_totals work = {
    .pages = REQUESTS * (MEASURE_CHUNK / NOR_PAGE) + 2, .erases_4k = TABLES + 2, .erases_64k = REGIONS};

/** Clock cycles from one word to the next. */
static unsigned pace(const struct nor_part *part) {
    const uint64_t words = REQUESTS * measure_answer_words(MEASURE_CHUNK);
    return (unsigned)((tap_ideal_flash_ns(&work, part, false) * card_clk_hz() / 1000000000u + words / 2) / words);
}

int main(int argc, char **argv) {
    char name[32] = "crossover";
    if (card_buffers() != 8) snprintf(name, sizeof name, "crossover_%u", card_buffers());
    const struct measure_update update = {.name = name,
                                          .part = "w25q128jv",
                                          .link = RIG_PORT,
                                          .mtu = MEASURE_PORT_MTU,
                                          .word_cycles = pace(nor_part_find("w25q128jv")),
                                          .payload = PAYLOAD,
                                          .timelines = measure_timelines(argc, argv)};
    const struct measurement m = measure(&update);
    const struct tap_totals *t = &m.transfer;
    const uint64_t words = t->requests * measure_answer_words(MEASURE_CHUNK);
    if (t->requests != REQUESTS || t->bytes != REQUESTS * MEASURE_CHUNK)
        measure_fail(update.name, "a request that is not for a whole block");
    if (t->pages != work.pages || t->erases_4k != work.erases_4k || t->erases_32k || t->erases_64k != REGIONS)
        measure_fail(update.name, "other erases or pages than the link's pace was chosen for");
    measure_print(update.name, "clk_hz", card_clk_hz());
    measure_print(update.name, "buffers", card_buffers());
    measure_print(update.name, "payload_bytes", update.payload);
    measure_print(update.name, "word_cycles", update.word_cycles);
    measure_print(update.name, "transfer_ns", t->ns);
    measure_print(update.name, "ideal_ns", tap_ideal_flash_ns(t, &m.part, false));
    measure_print(update.name, "link_ns", words * update.word_cycles * 1000000000u / card_clk_hz());
    printf("ok - measured\n");
    return 0;
}
