// SPDX-License-Identifier: Apache-2.0
//
// What an update costs that finds some of its image in the slot. After a power cut: payload blocks fetched by the same
// update, and those that were not whole in the flash when the power failed. From a near version: the update's time, and
// that of an ideal writer for all of the image. Prints `# refetch_PERCENT_FIGURE value` lines, PERCENT of the payload
// asked for when the power fails, and `# near_CASE_FIGURE value` lines.
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fw/image/image.h"
#include "tests/bench/large_map.h"
#include "tests/bench/measure.h"

// ---- after a power cut
// ----------------------------------------------------------------------------------------------

enum { CUT_BLOCKS = 512, CUT_HEADERS = 1 + CUT_BLOCKS / IMAGE_TABLE_ENTRIES };

static const struct rig_component large = {
    .random_size = CUT_BLOCKS * IMAGE_BLOCK, .seed = 7, .version = "2.0.0", .identifier = 2, .stamp = 2 << 24};
static const unsigned percents[] = {15, 40, 60};

struct cuts {
    const uint8_t *package;
    size_t len;
    uint32_t fetched;  ///< payload blocks by the present update
    unsigned next;     ///< of percents
};

static uint32_t blocks_missing(const struct rig *rig) {
    size_t len;
    uint32_t missing = 0;
    uint8_t *payload = rig_payload(&large, &len);
    for (size_t at = 0; at < len; at += IMAGE_BLOCK)
        missing += memcmp(rig->flash + LARGE_SLOT_B + at, payload + at, IMAGE_BLOCK) != 0;
    free(payload);
    return missing;
}

/** In a process of its own: the power fails, and the same update follows. */
static void cut_and_resume(struct rig *rig, struct cuts *cuts, unsigned percent) {
    char name[32];
    snprintf(name, sizeof name, "refetch_%u", percent);
    nor_power_cut(card_nor(rig->card), card_now_ns(rig->card));
    const uint32_t missing = blocks_missing(rig);
    cuts->fetched = 0;
    cuts->next = sizeof percents / sizeof percents[0];
    rig_power_off(rig);
    rig_power_on(rig);
    if (rig_update(rig, cuts->package, cuts->len, 300 * SECONDS) != AGENT_DONE) measure_fail(name, "update");
    if (blocks_missing(rig) != 0) measure_fail(name, "the flash's contents");
    if (rig->flash_errors) measure_fail(name, "misuse of the flash");
    measure_print(name, "missing", missing);
    measure_print(name, "fetched", cuts->fetched);
    fflush(stdout);
    _exit(0);
}

static void on_event(void *ctx, const struct agent_event *event) {
    struct rig *rig = ctx;
    struct cuts *cuts = rig->test;
    if (event->kind != AGENT_DATA || event->offset < CUT_HEADERS * IMAGE_BLOCK) return;
    cuts->fetched++;
    if (cuts->next == sizeof percents / sizeof percents[0]) return;
    const unsigned percent = percents[cuts->next];
    if (cuts->fetched < CUT_BLOCKS * percent / 100) return;
    cuts->next++;
    fflush(stdout);
    int status = 0;
    const pid_t child = fork();
    if (child == 0) cut_and_resume(rig, cuts, percent);
    if (child < 0 || waitpid(child, &status, 0) != child || status != 0) exit(1);
}

static void after_cuts(void) {
    struct rig_component firmware = firmware_1;
    struct cuts cuts = {.len = 0};
    struct rig *rig = rig_new("mt25q");
    uint8_t *package = rig_package(&large, 1, 0x5301, &cuts.len);
    cuts.package = package;
    firmware.path = FW_LARGE_MAP;
    rig->link = RIG_PORT;
    rig->mtu = MEASURE_PORT_MTU;
    rig->config.activate = AGENT_ACTIVATE_NOT;
    rig->event = on_event;
    rig->test = &cuts;
    rig_factory(rig, (const struct rig_component[]){firmware, bitstream_1}, 2);
    rig_power_on(rig);
    if (rig_update(rig, package, cuts.len, 300 * SECONDS) != AGENT_DONE) measure_fail("refetch", "update");
    free(package);
    rig_free(rig);
}

// ---- from a near version
// --------------------------------------------------------------------------------------------

static const struct near_case {
    const char *name, *part;
    uint32_t blocks;  ///< of the payload
    bool run;         ///< the blocks that differ are neighbours, else each twentieth
} near_cases[] = {
    {"w25q128jv", "w25q128jv", 240, false},
    {"w25q128jv_run", "w25q128jv", 240, true},
    {"mx66l", "mx66l1g45g", 1024, false},
    {"mx66l_run", "mx66l1g45g", 1024, true},
};

static bool has_large_map(const struct rig *rig) {
    return rig->part->size > RIG_FLASH;
}

static uint32_t target_of(const struct rig *rig) {
    return has_large_map(rig) ? LARGE_SLOT_B : RIG_FPGA_B;
}

/** A card with @p old in both of the component's slots, of which A runs. */
static struct rig *card_with(const struct near_case *c, const struct rig_component *old) {
    char error[COMPONENT_ERROR_TEXT];
    struct rig_component firmware = firmware_1;
    struct rig *rig = rig_new(c->part);
    const bool large_map = has_large_map(rig);
    const uint32_t slots[] = {large_map ? LARGE_SLOT_A : RIG_FPGA_A, target_of(rig)};
    size_t len;
    uint8_t *image = rig_image(old, &len);
    if (large_map) firmware.path = FW_LARGE_MAP;
    rig->link = RIG_PORT;
    rig->mtu = MEASURE_PORT_MTU;
    rig->config.activate = AGENT_ACTIVATE_NOT;
    rig_factory(rig, (const struct rig_component[]){firmware, bitstream_1}, 2);
    for (unsigned n = 0; n < 2; n++) {
        const struct component_spec spec = {.base = slots[n], .size = large_map ? LARGE_SLOT_SIZE : RIG_FPGA_SIZE};
        if (!component_place(image, len, &spec, rig->flash, rig->part->size, error)) measure_fail(c->name, error);
    }
    free(image);
    rig_power_on(rig);
    return rig;
}

/** What all of the image would cost an ideal writer. */
static uint64_t everything_ns(const struct near_case *c, const struct nor_part *part, uint32_t tables) {
    const struct tap_totals all = {.pages = (c->blocks + tables + 1) * (IMAGE_BLOCK / NOR_PAGE),
                                   .erases_4k = tables + 2,
                                   .erases_64k = c->blocks / 16};
    return tap_ideal_flash_ns(&all, part, false);
}

static void near_version(const struct near_case *c) {
    const struct rig_component old = {
        .random_size = c->blocks * IMAGE_BLOCK, .seed = 5, .version = "1.0.0", .identifier = 2, .stamp = 1 << 24};
    const uint32_t tables = (c->blocks + IMAGE_TABLE_ENTRIES - 1) / IMAGE_TABLE_ENTRIES;
    struct rig_component next = old;
    char name[48];
    size_t len;
    snprintf(name, sizeof name, "near_%s", c->name);
    next.version = "2.0.0";
    next.stamp = 2 << 24;
    *(c->run ? &next.changed_first : &next.changed_every) = c->run ? c->blocks / 20 : 20;
    struct rig *rig = card_with(c, &old);
    uint8_t *package = rig_package(&next, 1, 0x5301, &len);
    if (rig_update(rig, package, len, 300 * SECONDS) != AGENT_DONE) measure_fail(name, "update");
    if (!flash_holds(rig, target_of(rig), &next)) measure_fail(name, "the flash's contents");
    if (rig->flash_errors) measure_fail(name, "misuse of the flash");
    const struct tap_totals t = tap_totals(&rig->tap);
    measure_print(name, "clk_hz", card_clk_hz());
    measure_print(name, "payload_blocks", c->blocks);
    measure_print(name, "fetched_blocks", t.bytes / IMAGE_BLOCK - tables - 1);
    measure_print(name, "transfer_ns", t.ns);
    measure_print(name, "everything_ns", everything_ns(c, rig->part, tables));
    free(package);
    rig_free(rig);
}

int main(int argc, char **argv) {
    if (argc != 1) {
        fprintf(stderr, "usage: %s\n", argv[0]);
        return 2;
    }
    for (size_t i = 0; i < sizeof near_cases / sizeof near_cases[0]; i++) near_version(&near_cases[i]);
    after_cuts();
    printf("ok - measured\n");
    return 0;
}
