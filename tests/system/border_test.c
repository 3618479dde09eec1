// SPDX-License-Identifier: Apache-2.0
//
// The line to the card where it is the slower end, at the border of two orders (512 KiB), on the Verilated card: the
// table of the second order was fetched before the blocks of the first, and the order is in the engine's queue. The
// pause of the line before its first block is held against those between the blocks of the first order.
#include <stdlib.h>

#include "check.h"
#include "fw/image/image.h"
#include "tests/system/demo_board.h"

enum { HEADER = 1 + 2, BLOCKS = IMAGE_TABLE_ENTRIES + 4, FIRST = 20 };

/** The pauses of the line before the answers that carry these blocks. */
struct pauses {
    uint64_t ordinary_ns;  ///< the longest within the first order, once it is under way
    uint64_t border_ns;    ///< before the first block of the second
};

static void answer(void *ctx, const struct agent_event *event) {
    struct rig *rig = ctx;
    struct pauses *p = rig->test;
    const uint64_t now = card_now_ns(rig->card), idle = now > rig->line_free_ns ? now - rig->line_free_ns : 0;
    if (event->kind != AGENT_DATA) return;
    const uint32_t block = event->offset / IMAGE_BLOCK;
    if (block == HEADER + IMAGE_TABLE_ENTRIES)
        p->border_ns = idle;
    else if (block >= HEADER + FIRST && block < HEADER + IMAGE_TABLE_ENTRIES && idle > p->ordinary_ns)
        p->ordinary_ns = idle;
}

int main(void) {
    const struct rig_component part = {
        .random_size = BLOCKS * IMAGE_BLOCK, .seed = 4, .version = "2.0.0", .identifier = 2, .stamp = 2 << 24};
    TEST("given one request outstanding, when 512 KiB are over, then the line pauses as between any two blocks") {
        struct pauses pauses = {0, 0};
        struct rig *rig = rig_new("mt25q");
        struct nor_part quick = *rig->part;  // erases fit into the buffers, so that only the line limits
        quick.erase4k = quick.erase32k = quick.erase64k = (struct nor_time){20000000, 40000000};
        rig->part = &quick;
        size_t len;
        uint8_t *package = rig_package(&part, 1, 0x5301, &len);
        rig_factory(rig, (const struct rig_component[]){firmware_1, bitstream_1}, 2);
        rig->config.max_outstanding = 1;
        rig->event = answer;
        rig->test = &pauses;
        rig_power_on(rig);
        CHECK_EQ(rig_update(rig, package, len, 60 * SECONDS), AGENT_DONE);
        CHECK(flash_holds(rig, RIG_FPGA_B, &part));
        CHECK_EQ(rig->flash_errors, 0);
        const uint64_t clk_mhz = card_clk_hz() / 1000000;
        printf("# pause_cycles %llu\n", (unsigned long long)(pauses.ordinary_ns * clk_mhz / 1000));
        printf("# border_gap_cycles %llu\n", (unsigned long long)(pauses.border_ns * clk_mhz / 1000));
        CHECK(pauses.ordinary_ns > 0 && pauses.border_ns > 0);
        CHECK(10 * pauses.border_ns <= 11 * pauses.ordinary_ns);
        free(package);
        rig_free(rig);
    }
    return check_result();
}
