// SPDX-License-Identifier: Apache-2.0
//
// See measure.h.
#include "tests/bench/measure.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fw/image/image.h"

uint32_t measure_largest_payload(void) {
    uint32_t slot = RIG_FPGA_SIZE / IMAGE_BLOCK, blocks = slot;
    while (blocks + (blocks + IMAGE_TABLE_ENTRIES - 1) / IMAGE_TABLE_ENTRIES + 1 > slot) blocks--;
    return blocks * IMAGE_BLOCK;
}

uint64_t measure_answer_words(uint32_t bytes) {
    uint64_t words = 0;
    for (uint32_t left = MEASURE_ANSWER_HEAD + bytes; left != 0;) {
        const uint32_t part = left < MEASURE_PORT_MTU ? left : MEASURE_PORT_MTU;
        words += (MCTP_HEADER_SIZE + part + MEASURE_WORD - 1) / MEASURE_WORD;
        left -= part;
    }
    return words;
}

void measure_print(const char *name, const char *figure, uint64_t value) {
    printf("# %s_%s %" PRIu64 "\n", name, figure, value);
}

void measure_fail(const char *name, const char *what) {
    printf("not ok - %s: %s\n", name, what);
    exit(1);
}

const char *measure_timelines(int argc, char **argv) {
    if (argc == 1) return NULL;
    if (argc == 3 && strcmp(argv[1], "--timelines") == 0) return argv[2];
    fprintf(stderr, "bench: the only option here is --timelines FOLDER\n");
    exit(2);
}

/** The part as it is, or what it would be without instructions for four lines, or if it took no time. */
static struct nor_part variant(const struct measure_update *update) {
    struct nor_part part = *nor_part_find(update->part);
    const uint32_t programs = NOR_QUAD_PP_114 | NOR_QUAD_PP_144 | NOR_QUAD4_PP_114 | NOR_QUAD4_PP_144;
    const struct nor_time instant = {MEASURE_INSTANT_NS, MEASURE_INSTANT_NS};
    if (update->one_line) part.features = (part.features & ~programs) | NOR_NO_QUAD;
    if (update->instant) part.page_program = part.erase4k = part.erase32k = part.erase64k = instant;
    return part;
}

enum { HEADER_BLOCKS = 2 };  // of an image with one table: manifest and table

/** What an update leaves behind on its way. */
struct watch {
    FILE *timeline;  ///< everything that begins or ends, a line each, for tools/bench_report.py; or NULL
    bool transferring;
    uint64_t requests;            ///< served
    uint64_t bytes, first, last;  ///< on the serial line: so far, at the first request, at the last one
    struct {
        uint64_t instructions, offset;
    } payload_first, payload_last;  ///< at the first request behind manifest and first table, at the last request
};

static void on_activity(void *ctx, uint64_t cycle, const struct card_activity *now) {
    const struct rig *rig = ctx;
    struct watch *watch = rig->test;
    if (watch->transferring && !rig->tap.open) fprintf(watch->timeline, "stage %" PRIu64 " TransferComplete\n", cycle);
    watch->transferring = rig->tap.open;
    fprintf(watch->timeline, "%" PRIu64 " %u %u %u %u %u %u\n", cycle, now->to_card, now->from_card, now->checking,
            now->held, now->flash, now->awake);
}

static void on_wire(void *ctx, uint64_t cycle, bool to_card, uint8_t byte) {
    (void)cycle, (void)to_card, (void)byte;
    ((struct watch *)((const struct rig *)ctx)->test)->bytes++;
}

static void on_event(void *ctx, const struct agent_event *event) {
    const struct rig *rig = ctx;
    struct watch *watch = rig->test;
    const uint64_t cycle = card_counts(rig->card).cycles;
    if (event->kind == AGENT_DATA) {
        watch->last = watch->bytes;
        watch->payload_last.instructions = card_counts(rig->card).instructions;
        watch->payload_last.offset = event->offset;
        if (watch->requests == 0) watch->first = watch->bytes;
        if (event->offset == HEADER_BLOCKS * IMAGE_BLOCK) watch->payload_first = watch->payload_last;
        watch->requests++;
    }
    if (!watch->timeline) return;
    if (event->kind == AGENT_STAGE) fprintf(watch->timeline, "stage %" PRIu64 " %s\n", cycle, event->text);
    if (event->kind == AGENT_COMPONENT) fprintf(watch->timeline, "stage %" PRIu64 " applied\n", cycle);
    if (event->kind == AGENT_DATA) fprintf(watch->timeline, "data %" PRIu64 " %u\n", cycle, event->len);
}

static FILE *open_timeline(const struct measure_update *update) {
    char path[512];
    if (snprintf(path, sizeof path, "%s/%s.txt", update->timelines, update->name) >= (int)sizeof path)
        measure_fail(update->name, "the timeline's path is too long");
    FILE *file = fopen(path, "w");
    if (!file) measure_fail(update->name, "the timeline cannot be written");
    fprintf(file, "clk_hz %u\npayload_bytes %u\n", card_clk_hz(), update->payload);
    return file;
}

static struct rig *card_of(const struct measure_update *update, const struct nor_part *part, struct watch *watch) {
    struct rig_component firmware = firmware_1;
    struct rig *rig = rig_new(update->part);
    rig->part = part;
    rig->link = update->link;
    rig->config.activate = AGENT_ACTIVATE_NOT;
    if (update->mtu) rig->mtu = update->mtu;
    if (update->outstanding) rig->config.max_outstanding = update->outstanding;
    if (update->max_transfer) rig->config.max_transfer = update->max_transfer;
    rig->turnaround_ns = update->turnaround_ns;
    if (update->application) firmware.path = update->application;
    if (update->timelines) watch->timeline = open_timeline(update);
    if (update->timelines) rig->activity = on_activity;
    rig->event = on_event;
    rig->wire = on_wire;
    rig->test = watch;
    rig_factory(rig, (const struct rig_component[]){firmware, bitstream_1}, 2);
    rig_power_on(rig);
    if (update->word_cycles) card_packet_host(rig->card, update->word_cycles, true);
    return rig;
}

struct measurement measure(const struct measure_update *update) {
    struct measurement m = {.part = variant(update)};
    const struct rig_component component = {.path = update->payload_path,
                                            .random_size = update->payload,
                                            .seed = 7,
                                            .version = "2.0.0",
                                            .identifier = 2,
                                            .stamp = 2 << 24};
    size_t len;
    uint8_t *package = rig_package(&component, 1, 0x5301, &len);
    struct watch watch = {0};
    struct rig *rig = card_of(update, &m.part, &watch);
    if (rig_update(rig, package, len, 300 * SECONDS) != AGENT_DONE) measure_fail(update->name, "update");
    if (!flash_holds(rig, update->slot ? update->slot : RIG_FPGA_B, &component))
        measure_fail(update->name, "the flash's contents");
    if (rig->flash_errors) measure_fail(update->name, "misuse of the flash");
    m.transfer = tap_totals(&rig->tap);
    m.wire_bytes = watch.last - watch.first;
    m.payload_instructions = watch.payload_last.instructions - watch.payload_first.instructions;
    m.payload_bytes = watch.payload_last.offset - watch.payload_first.offset;
    if (card_engine(rig->card).retries) measure_fail(update->name, "a request was repeated");
    if (watch.timeline && fclose(watch.timeline) != 0) measure_fail(update->name, "the timeline cannot be written");
    free(package);
    rig_free(rig);
    return m;
}
