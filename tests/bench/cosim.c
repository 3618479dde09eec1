// SPDX-License-Identifier: Apache-2.0
//
// How fast the simulation is: updates of an FPGA component as large as its slot takes, over the serial line to a flash
// with one data line and over the packet port to one with four, and a small update of both components with and without
// jumping. Prints one `# cosim_RUN_FIGURE value` a line; times are the processor's, which are those on the wall where
// nothing else runs. A figure is printed only for an update whose payload is in the flash afterwards, byte for byte;
// else the exit status is 1. With --training it runs small updates over both links only, for the compiler's profile of
// the simulation.
#define _POSIX_C_SOURCE 200809L
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/bench/measure.h"

static double processor_s(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

struct run {
    const char *name;
    enum rig_link link;
    size_t mtu;
    bool quad, no_jump;
    const struct rig_component *parts;
    unsigned count;
};

/** The part as it is, or what it would be without instructions for four lines. */
static struct nor_part variant(bool quad) {
    struct nor_part part = *nor_part_find("w25q128jv");
    const uint32_t programs = NOR_QUAD_PP_114 | NOR_QUAD_PP_144 | NOR_QUAD4_PP_114 | NOR_QUAD4_PP_144;
    if (!quad) part.features = (part.features & ~programs) | NOR_NO_QUAD;
    return part;
}

/** Power-on of a card in its factory state, update, restart, inventory. @return the cycles that this took */
static uint64_t simulate(const struct run *run) {
    const struct nor_part part = variant(run->quad);
    size_t len, payload = 0;
    uint8_t *package = rig_package(run->parts, run->count, 0x5301, &len);
    struct rig *rig = rig_new("w25q128jv");
    rig->part = &part;
    rig->link = run->link;
    rig->mtu = run->mtu;
    rig->no_jump = run->no_jump;
    rig_factory(rig, (const struct rig_component[]){firmware_1, bitstream_1}, 2);
    const double begin = processor_s();
    rig_power_on(rig);
    if (rig_update(rig, package, len, 300 * SECONDS) != AGENT_DONE) measure_fail(run->name, "update");
    const double end = processor_s();
    for (unsigned i = 0; i < run->count; i++) {
        size_t bytes;
        free(rig_payload(&run->parts[i], &bytes));
        payload += bytes;
        if (!flash_holds(rig, run->parts[i].identifier == 1 ? RIG_FW_B : RIG_FPGA_B, &run->parts[i]))
            measure_fail(run->name, "the flash's contents");
    }
    if (rig->flash_errors) measure_fail(run->name, "misuse of the flash");
    const struct card_counts counts = card_counts(rig->card);
    printf("# cosim_%s_payload_bytes %zu\n", run->name, payload);
    printf("# cosim_%s_cycles %" PRIu64 "\n", run->name, counts.cycles);
    printf("# cosim_%s_jumped %" PRIu64 "\n", run->name, counts.jumped);
    printf("# cosim_%s_cpu_s %.3f\n", run->name, end - begin);
    free(package);
    rig_free(rig);
    return counts.cycles;
}

int main(int argc, char **argv) {
    const struct rig_component large = {
        .random_size = measure_largest_payload(), .seed = 7, .version = "2.0.0", .identifier = 2, .stamp = 2 << 24};
    const struct rig_component both[] = {firmware_2, bitstream_2};
    const struct run runs[] = {
        {"serial", RIG_SERIAL, MCTP_BASELINE_MTU, false, false, &large, 1},
        {"packet", RIG_PORT, 251, true, false, &large, 1},
        {"small", RIG_SERIAL, MCTP_BASELINE_MTU, true, false, both, 2},
        {"small_no_jump", RIG_SERIAL, MCTP_BASELINE_MTU, true, true, both, 2},
        {"small_packet", RIG_PORT, 251, true, false, both, 2},
    };
    if (argc > 1 && strcmp(argv[1], "--training") == 0) {
        simulate(&runs[2]);
        simulate(&runs[4]);
        return 0;
    }
    uint64_t cycles[4];
    for (unsigned i = 0; i < 4; i++) cycles[i] = simulate(&runs[i]);
    if (cycles[2] != cycles[3]) measure_fail("small", "jumping changed the simulated time");
    printf("ok - measured\n");
    return 0;
}
