// SPDX-License-Identifier: Apache-2.0
//
// What it costs the card to judge a manifest that lies in its RAM (tests/bench/judge): clock cycles and instructions,
// the worst of some signatures that are chosen as fwpkg chooses them, for manifests of one block and of four. With the
// code as it is in the firmware, and as it is in the boot ROM, which has no room for speed.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fw/image/trust.h"
#include "tests/bench/measure.h"

enum {
    SIGNATURES = 12,  // of each size
    ROOM = IMAGE_MAX_MANIFEST_BLOCKS * IMAGE_BLOCK,
    AT = 0x200000,  // in the flash
};

struct run {
    struct card *card;
    struct card_counts begun;
    unsigned judged;
    bool judging, over;
    uint64_t cycles[2], instructions[2];  // the worst: one block, four
};

static void said(void *ctx, char c) {
    struct run *run = ctx;
    const struct card_counts now = card_counts(run->card);
    const bool judged = run->judging;
    run->judging = c == '<';
    if (run->judging) run->begun = now;
    if (c == '!') run->over = true;
    if (!judged) return;
    if (c != '0' + IMAGE_AUTHENTIC) measure_fail("lms_verify", "an authentic manifest was refused");
    const unsigned size = run->judged++ / SIGNATURES;
    const uint64_t cycles = now.cycles - run->begun.cycles, instructions = now.instructions - run->begun.instructions;
    if (cycles > run->cycles[size]) run->cycles[size] = cycles;
    if (instructions > run->instructions[size]) run->instructions[size] = instructions;
}

static void put_manifest(uint8_t *to, unsigned n) {
    static uint8_t bytes[ROOM];
    struct image image = {.payload_size = n < SIGNATURES ? 1u << 20 : 212u << 20,
                          .stamp = n,
                          .version_type = 1,
                          .version_length = 1,
                          .version = (const uint8_t *)"1"};
    if (!image_layout(&image) || image.manifest_blocks != (n < SIGNATURES ? 1 : IMAGE_MAX_MANIFEST_BLOCKS))
        measure_fail("lms_verify", "the manifest has another size");
    memset(bytes, 0, sizeof bytes);
    if (image_encode(&image, bytes) != IMAGE_OK) measure_fail("lms_verify", "no manifest");
    simulation_sign(SIMULATION_ROOT, bytes, sizeof bytes, true);
    memcpy(to, bytes, sizeof bytes);
}

/* Of all manifests, by the application at @p path. */
static struct run judge_all(const char *path) {
    struct rig_component firmware = firmware_1;
    struct run run = {0};
    struct rig *rig = rig_new("w25q128jv");
    firmware.path = path;
    rig_factory(rig, &firmware, 1);
    for (unsigned n = 0; n < 2 * SIGNATURES; n++) put_manifest(rig->flash + AT + n * ROOM, n);
    const struct card_config config = {.part = rig->part, .flash = rig->flash, .console = said, .ctx = &run};
    run.card = card_new(&config);
    if (!run.card) measure_fail("lms_verify", "no card");
    while (!run.over && card_now_ns(run.card) < 10 * SECONDS) card_run(run.card, card_now_ns(run.card) + 1000000);
    if (run.judged != 2 * SIGNATURES) measure_fail("lms_verify", "not all manifests were judged");
    card_free(run.card);
    rig_free(rig);
    return run;
}

int main(int argc, char **argv) {
    if (argc != 1) {
        fprintf(stderr, "usage: %s\n", argv[0]);
        return 2;
    }
    const struct run firmware = judge_all(FW_JUDGE), boot = judge_all(FW_JUDGE_BOOT);
    measure_print("lms_verify", "cycles", firmware.cycles[0]);
    measure_print("lms_verify", "instructions", firmware.instructions[0]);
    measure_print("lms_verify", "cycles_4_blocks", firmware.cycles[1]);
    measure_print("lms_verify", "boot_cycles", boot.cycles[0]);
    measure_print("lms_verify", "boot_instructions", boot.instructions[0]);
    measure_print("lms_verify", "signatures", SIGNATURES);
    measure_print("lms_verify", "clk_hz", card_clk_hz());
    printf("ok - measured\n");
    return 0;
}
