// SPDX-License-Identifier: Apache-2.0
//
// Measures updates of the Verilated card and prints one `# name value` a line: an FPGA component as large as its slot
// takes, and, unless the program is called with `--large`, a small update of both components twice, with and without
// jumping over idle time. A figure is printed only for an update whose payload is in the flash afterwards, byte for
// byte; else the exit status is 1.
#define _POSIX_C_SOURCE 200809L
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/bench/measure.h"

struct result {
    struct tap_totals transfer;
    struct card_counts counts;
    double wall_s, cpu_s;  ///< from power-on to the agent's end
};

static void print(const char *name, uint64_t value) {
    printf("# %s %" PRIu64 "\n", name, value);
}

static double seconds(clockid_t clock) {
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/** Power-on of a card in its factory state, inventory, update, restart, inventory. */
static struct result update(const struct rig_component *parts, unsigned count, bool no_jump) {
    struct result r = {0};
    size_t len;
    uint8_t *package = rig_package(parts, count, 0x5301, &len);
    struct rig *rig = rig_new("w25q128jv");
    rig_factory(rig, (const struct rig_component[]){firmware_1, bitstream_1}, 2);
    rig->no_jump = no_jump;
    double wall = seconds(CLOCK_MONOTONIC), cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
    rig_power_on(rig);
    if (rig_inventory(rig, 10 * SECONDS) != AGENT_DONE) measure_fail("transfer", "inventory");
    if (rig_update(rig, package, len, 300 * SECONDS) != AGENT_DONE) measure_fail("transfer", "update");
    r.wall_s = seconds(CLOCK_MONOTONIC) - wall;
    r.cpu_s = seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu;
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
    struct result run = update(&large, 1, false);
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
    print("cycles", run.counts.cycles);
    print("jumped", run.counts.jumped);
    printf("# wall_s %.3f\n", run.wall_s);
    return run.counts;
}

static struct card_counts small_updates(void) {
    const struct rig_component small[] = {firmware_2, bitstream_2};
    size_t firmware_len;
    free(rig_payload(&firmware_2, &firmware_len));
    struct result jumps = update(small, 2, false), every = update(small, 2, true);
    if (jumps.counts.cycles != every.counts.cycles) measure_fail("transfer", "jumping changed the simulated time");
    print("small_payload_bytes", firmware_len + small[1].random_size);
    print("small_cycles", jumps.counts.cycles);
    print("small_jumped", jumps.counts.jumped);
    printf("# small_cpu_s %.3f\n", jumps.cpu_s);
    printf("# small_no_jump_cpu_s %.3f\n", every.cpu_s);
    return jumps.counts;
}

int main(int argc, char **argv) {
    const bool large_only = argc == 2 && strcmp(argv[1], "--large") == 0;
    if (argc > 1 && !large_only) {
        fprintf(stderr, "usage: transfer [--large]\n");
        return 2;
    }
    uint32_t lowest = large_update().lowest_stack;
    if (!large_only) {
        uint32_t small = small_updates().lowest_stack;
        print("lowest_stack", small < lowest ? small : lowest);
    }
    printf("ok - measured\n");
    return 0;
}
