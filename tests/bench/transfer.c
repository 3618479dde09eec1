// SPDX-License-Identifier: Apache-2.0
//
// Measures updates of the Verilated card and prints one `# name value` a line: an FPGA component as large as its slot
// takes, and, unless the program is called with `--large`, a small update of both components. A figure is printed only
// for an update whose payload is in the flash afterwards, byte for byte; else the exit status is 1.
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/bench/measure.h"

struct result {
    struct tap_totals transfer;
    struct card_counts counts;
};

static void print(const char *name, uint64_t value) {
    printf("# %s %" PRIu64 "\n", name, value);
}

/** Power-on of a card in its factory state, inventory, update, restart, inventory. */
static struct result update(const struct rig_component *parts, unsigned count) {
    struct result r = {0};
    size_t len;
    uint8_t *package = rig_package(parts, count, 0x5301, &len);
    struct rig *rig = rig_new("w25q128jv");
    rig_factory(rig, (const struct rig_component[]){firmware_1, bitstream_1}, 2);
    rig_power_on(rig);
    if (rig_inventory(rig, 10 * SECONDS) != AGENT_DONE) measure_fail("transfer", "inventory");
    if (rig_update(rig, package, len, 300 * SECONDS) != AGENT_DONE) measure_fail("transfer", "update");
    for (unsigned i = 0; i < count; i++)
        if (!flash_holds(rig, parts[i].identifier == 1 ? RIG_FW_B : RIG_FPGA_B, &parts[i]))
            measure_fail("transfer", "the flash's contents");
    if (rig->flash_errors) measure_fail("transfer", "misuse of the flash");
    r.transfer = tap_totals(&rig->tap);
    r.counts = card_counts(rig->card);
    free(package);
    rig_free(rig);
    return r;
}

static struct card_counts large_update(void) {
    const struct rig_component large = {
        .random_size = measure_largest_payload(), .seed = 7, .version = "2.0.0", .identifier = 2, .stamp = 2 << 24};
    struct result run = update(&large, 1);
    const struct tap_totals *t = &run.transfer;
    print("clk_hz", card_clk_hz());
    print("baud", card_baud());
    print("payload_bytes", large.random_size);
    print("requests", t->requests);
    print("requested_bytes", t->bytes);
    print("request_instructions", t->instructions);
    print("transfer_ns", t->ns);
    print("link_idle", t->link_idle);
    print("flash_idle", t->flash_idle);
    print("pages", t->pages);
    return run.counts;
}

int main(int argc, char **argv) {
    const bool large_only = argc == 2 && strcmp(argv[1], "--large") == 0;
    if (argc > 1 && !large_only) {
        fprintf(stderr, "usage: transfer [--large]\n");
        return 2;
    }
    uint32_t lowest = large_update().lowest_stack;
    if (!large_only) {
        uint32_t small = update((const struct rig_component[]){firmware_2, bitstream_2}, 2).counts.lowest_stack;
        print("lowest_stack", small < lowest ? small : lowest);
    }
    printf("ok - measured\n");
    return 0;
}
