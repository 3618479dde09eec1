// SPDX-License-Identifier: Apache-2.0
//
// How close a transfer comes to an ideal writer where the flash is the slower end: an FPGA component as large as its
// slot takes comes by the packet port to two parts, each with data on four lines and on one. Prints `#
// PART_LINES_FIGURE value` lines. A figure is printed only for an update whose payload is in the flash afterwards, byte
// for byte; else the exit status is 1.
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fw/image/image.h"
#include "tests/system/demo_board.h"

/** Blocks of payload that leave room for one manifest block and the hash tables in a slot of RIG_FPGA_SIZE. */
static uint32_t largest_payload(void) {
    uint32_t slot = RIG_FPGA_SIZE / IMAGE_BLOCK, blocks = slot;
    while (blocks + (blocks + IMAGE_TABLE_ENTRIES - 1) / IMAGE_TABLE_ENTRIES + 1 > slot) blocks--;
    return blocks * IMAGE_BLOCK;
}

static void fail(const char *part, const char *what) {
    printf("not ok - %s: %s\n", part, what);
    exit(1);
}

static void print(const char *part, const char *name, uint64_t value) {
    printf("# %s_%s %" PRIu64 "\n", part, name, value);
}

/** The part as it is, or what it would be without instructions for four lines. */
static struct nor_part variant(const char *name, bool quad) {
    struct nor_part part = *nor_part_find(name);
    const uint32_t programs = NOR_QUAD_PP_114 | NOR_QUAD_PP_144 | NOR_QUAD4_PP_114 | NOR_QUAD4_PP_144;
    if (!quad) part.features = (part.features & ~programs) | NOR_NO_QUAD;
    return part;
}

static void measure(const char *name, bool quad, const char *label) {
    const struct rig_component large = {
        .random_size = largest_payload(), .seed = 7, .version = "2.0.0", .identifier = 2, .stamp = 2 << 24};
    const struct nor_part part = variant(name, quad);
    size_t len;
    uint8_t *package = rig_package(&large, 1, 0x5301, &len);
    struct rig *rig = rig_new(name);
    rig->part = &part;
    rig->link = RIG_PORT;
    rig_factory(rig, (const struct rig_component[]){firmware_1, bitstream_1}, 2);
    rig_power_on(rig);
    if (rig_update(rig, package, len, 300 * SECONDS) != AGENT_DONE) fail(label, "update");
    if (!flash_holds(rig, RIG_FPGA_B, &large)) fail(label, "the flash's contents");
    if (rig->flash_errors) fail(label, "misuse of the flash");
    const struct tap_totals t = tap_totals(&rig->tap);
    print(label, "payload_bytes", large.random_size);
    print(label, "transfer_ns", t.ns);
    print(label, "ideal_ns", tap_ideal_flash_ns(&t, &part, false));
    print(label, "pages", t.pages);
    print(label, "erases_4k", t.erases_4k);
    print(label, "erases_32k", t.erases_32k);
    print(label, "erases_64k", t.erases_64k);
    free(package);
    rig_free(rig);
}

int main(void) {
    print("bound", "clk_hz", card_clk_hz());
    measure("w25q128jv", true, "w25q128jv_4bit");
    measure("w25q128jv", false, "w25q128jv_1bit");
    measure("mt25q", true, "mt25q_4bit");
    measure("mt25q", false, "mt25q_1bit");
    printf("ok - measured\n");
    return 0;
}
