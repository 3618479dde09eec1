// SPDX-License-Identifier: Apache-2.0
//
// What an agent's turnaround of 20 ms costs on a serial line of 12 Mbaud: the same updates with an agent that answers
// at once and with one that takes its time, offers of 8 KiB a request and four of them outstanding, a flash on four
// lines that programs and erases in a microsecond. A manifest, and the first requests behind each hash table, have to
// wait for a whole turnaround, so a small image shows what that is. Prints `# turnaround_SIZE_FIGURE value` lines, SIZE
// in KiB. With `--fewer` it measures one, two and three outstanding instead, for information:
// `# turnaround_SIZE_OUTSTANDING_FIGURE value`.
#include <stdio.h>
#include <string.h>

#include "tests/bench/large_map.h"
#include "tests/bench/measure.h"

enum { MAX_TRANSFER = 8192, MOST = 4 };
static const uint64_t turnaround_ns = 20000000;

static struct tap_totals download(const char *name, uint32_t payload, uint8_t outstanding, uint64_t turnaround) {
    const struct measure_update update = {.name = name,
                                          .part = "mt25q",
                                          .instant = true,
                                          .outstanding = outstanding,
                                          .max_transfer = MAX_TRANSFER,
                                          .turnaround_ns = turnaround,
                                          .payload = payload,
                                          .application = FW_FAST_LINE,
                                          .slot = LARGE_SLOT_B};
    return measure(&update).transfer;
}

static void compare(uint32_t kib, uint8_t outstanding) {
    char name[32];
    int len = snprintf(name, sizeof name, "turnaround_%u", kib);
    if (outstanding != MOST) snprintf(name + len, sizeof name - (size_t)len, "_%u", outstanding);
    const struct tap_totals none = download(name, kib << 10, outstanding, 0);
    const struct tap_totals some = download(name, kib << 10, outstanding, turnaround_ns);
    measure_print(name, "clk_hz", card_clk_hz());
    measure_print(name, "buffers", card_buffers());
    measure_print(name, "payload_bytes", kib << 10);
    measure_print(name, "requests", some.requests);
    measure_print(name, "0ms_ns", none.ns);
    measure_print(name, "20ms_ns", some.ns);
}

int main(int argc, char **argv) {
    const bool fewer = argc == 2 && strcmp(argv[1], "--fewer") == 0;
    if (argc > 1 && !fewer) {
        fprintf(stderr, "usage: %s [--fewer]\n", argv[0]);
        return 2;
    }
    if (fewer) {
        for (uint8_t outstanding = 1; outstanding < MOST; outstanding++) compare(256, outstanding);
    } else {
        compare(1024, MOST);
        compare(4096, MOST);
    }
    printf("ok - measured\n");
    return 0;
}
