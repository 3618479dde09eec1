// SPDX-License-Identifier: Apache-2.0
//
// What a payload byte costs in clock cycles and instructions as images grow: updates of an FPGA component of several
// sizes by the packet port, its words as fast as the card takes them, to a 128 MiB flash on four lines that programs
// and erases in a microsecond. What the flash's times would add is the same for each byte; without them the cycles are
// the card's own. Prints `# growth_SIZE_FIGURE value` lines, SIZE in KiB.
#include <stdio.h>

#include "tests/bench/large_map.h"
#include "tests/bench/measure.h"

int main(int argc, char **argv) {
    static const uint32_t sizes_kib[] = {64, 1024, 16384};
    if (argc != 1) {
        fprintf(stderr, "usage: %s\n", argv[0]);
        return 2;
    }
    for (size_t i = 0; i < sizeof sizes_kib / sizeof sizes_kib[0]; i++) {
        char name[32];
        snprintf(name, sizeof name, "growth_%u", sizes_kib[i]);
        const struct measure_update update = {.name = name,
                                              .part = "mt25q",
                                              .instant = true,
                                              .link = RIG_PORT,
                                              .payload = sizes_kib[i] << 10,
                                              .application = FW_LARGE_MAP,
                                              .slot = LARGE_SLOT_B};
        const struct measurement m = measure(&update);
        measure_print(name, "payload_bytes", update.payload);
        measure_print(name, "cycles", m.transfer.ns * (card_clk_hz() / 1000000) / 1000);
        measure_print(name, "instructions", m.transfer.instructions);
    }
    printf("ok - measured\n");
    return 0;
}
