// SPDX-License-Identifier: Apache-2.0
//
// How close a transfer comes to an ideal writer where the flash is the slower end: an FPGA component as large as its
// slot takes comes by the packet port to two parts, each with data on four lines and on one. Prints `# NAME_FIGURE
// value` lines.
#include <stdio.h>

#include "tests/bench/measure.h"

static void print(const struct measure_update *update, const struct measurement *m) {
    const struct tap_totals *t = &m->transfer;
    measure_print(update->name, "payload_bytes", update->payload);
    measure_print(update->name, "clk_hz", card_clk_hz());
    measure_print(update->name, "transfer_ns", t->ns);
    measure_print(update->name, "ideal_ns", tap_ideal_flash_ns(t, &m->part, false));
    measure_print(update->name, "pages", t->pages);
    measure_print(update->name, "erases_4k", t->erases_4k);
    measure_print(update->name, "erases_32k", t->erases_32k);
    measure_print(update->name, "erases_64k", t->erases_64k);
}

int main(int argc, char **argv) {
    const char *timelines = measure_timelines(argc, argv);
    static const struct {
        const char *part, *name;
        bool one_line;
    } runs[] = {
        {"w25q128jv", "w25q128jv_4bit", false},
        {"w25q128jv", "w25q128jv_1bit", true},
        {"mt25q", "mt25q_4bit", false},
        {"mt25q", "mt25q_1bit", true},
    };
    for (size_t i = 0; i < sizeof runs / sizeof runs[0]; i++) {
        const struct measure_update update = {.name = runs[i].name,
                                              .part = runs[i].part,
                                              .one_line = runs[i].one_line,
                                              .link = RIG_PORT,
                                              .payload = measure_largest_payload(),
                                              .timelines = timelines};
        const struct measurement m = measure(&update);
        print(&update, &m);
    }
    printf("ok - measured\n");
    return 0;
}
