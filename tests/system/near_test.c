// SPDX-License-Identifier: Apache-2.0
//
// Updates into a slot that holds some of the image already, on the Verilated card: what is equal is neither asked for
// nor erased, and an update that was cut goes on where it was. The answers come by the packet port, so the flash sets
// the pace.
#include <stdlib.h>

#include "check.h"
#include "fw/image/image.h"
#include "tests/system/demo_board.h"

enum { BLOCKS = 142, TABLES = 2, IN_FLIGHT = 8 + 4 };  // of a cut: the engine's buffers and requests

static const struct rig_component old = {
    .random_size = BLOCKS * IMAGE_BLOCK - 700, .seed = 5, .version = "1.0.0", .identifier = 2, .stamp = 1 << 24};

/** A card whose FPGA component is @c old in both slots; the next update goes to slot B. */
static struct rig *both_slots(void) {
    struct rig *rig = rig_new("w25q128jv");
    rig->link = RIG_PORT;
    rig_factory(rig, (const struct rig_component[]){firmware_1, old}, 2);
    memcpy(rig->flash + RIG_FPGA_B, rig->flash + RIG_FPGA_A, RIG_FPGA_SIZE);
    rig_power_on(rig);
    return rig;
}

/** Whether slot B is what a factory would have put there. */
static bool slot_is(const struct rig *rig, const struct rig_component *component) {
    size_t len;
    uint8_t *image = rig_image(component, &len);
    const uint8_t *slot = rig->flash + RIG_FPGA_B, *header = slot + RIG_FPGA_SIZE;
    bool same = memcmp(slot, image + (1 + TABLES) * IMAGE_BLOCK, len - (1 + TABLES) * IMAGE_BLOCK) == 0;
    for (unsigned i = 0; i < 1 + TABLES; i++)
        same = same && memcmp(header - (i + 1) * IMAGE_BLOCK, image + i * IMAGE_BLOCK, IMAGE_BLOCK) == 0;
    free(image);
    return same;
}

static enum agent_result install(struct rig *rig, const struct rig_component *component, uint64_t limit_ns) {
    size_t len;
    uint8_t *package = rig_package(component, 1, 0x5301, &len);
    enum agent_result result = rig_update(rig, package, len, limit_ns);
    free(package);
    return result;
}

/** @param blocks that travel, in @p tables; of them @p regions times sixteen are erased at once */
static void near_version(const struct rig_component *next, unsigned blocks, unsigned tables, unsigned regions) {
    struct rig *rig = both_slots();
    CHECK_EQ(install(rig, next, 60 * SECONDS), AGENT_DONE);
    struct tap_totals t = tap_totals(&rig->tap);
    CHECK_EQ(t.bytes, (1 + TABLES + blocks) * IMAGE_BLOCK);
    // The manifest's block is erased twice: so that the slot is invalid from the first change on.
    CHECK_EQ(t.erases_4k, 2 + tables + blocks - 16 * regions);
    CHECK_EQ(t.erases_32k, 0);
    CHECK_EQ(t.erases_64k, regions);
    // Each order's record in the log has a page of 64 bytes, and so has the log's beginning.
    CHECK_EQ(t.pages, 1 + tables + 16 * (1 + tables + blocks));
    CHECK(slot_is(rig, next));
    CHECK(strcmp(rig_active(rig, 1), next->version) == 0);
    CHECK_EQ(rig->flash_errors, 0);
    printf("# near_%u_blocks_ms %llu\n", blocks, (unsigned long long)(t.ns / 1000000));
    rig_free(rig);
}

/** An update into a slot with nothing equal, cut after @p ns, by power or by the agent, then repeated. */
static void cut(uint64_t ns, bool power) {
    struct rig *rig = rig_new("w25q128jv");
    struct rig_component next = old;
    next.version = "2.0.0";
    next.stamp = 2 << 24;
    next.seed = 6;
    rig->link = RIG_PORT;
    rig_factory(rig, (const struct rig_component[]){firmware_1, bitstream_1}, 2);
    rig_power_on(rig);
    CHECK_EQ(rig_inventory(rig, 10 * SECONDS), AGENT_DONE);
    CHECK_EQ(install(rig, &next, ns), AGENT_RUNNING);
    const uint64_t first = tap_totals(&rig->tap).bytes / IMAGE_BLOCK;
    if (power) {
        nor_power_cut(card_nor(rig->card), card_now_ns(rig->card));
        rig_power_off(rig);
        rig_power_on(rig);
    }
    CHECK_EQ(install(rig, &next, 60 * SECONDS), AGENT_DONE);
    const uint64_t second = tap_totals(&rig->tap).bytes / IMAGE_BLOCK - (power ? 0 : first);  // since power-on
    printf("# %s: %llu blocks asked for, then %llu\n", power ? "power cut" : "left", (unsigned long long)first,
           (unsigned long long)second);
    CHECK(first > BLOCKS / 10 && first < BLOCKS);
    CHECK(first + second <= BLOCKS + 2 * (1 + TABLES) + IN_FLIGHT);
    CHECK(slot_is(rig, &next));
    CHECK_EQ(rig->flash_errors, 0);
    rig_free(rig);
}

int main(void) {
    struct rig_component next = old;
    next.version = "2.0.0";
    next.stamp = 2 << 24;
    TEST(
        "given a slot with the same payload, when it is updated, then manifest and tables travel and nothing else is "
        "written than the manifest") {
        near_version(&next, 0, 0, 0);
    }
    TEST("given a slot of which 5 % of the blocks differ, when it is updated, then they alone travel and are erased") {
        next.changed_every = 20;
        near_version(&next, (BLOCKS + 19) / 20, TABLES, 0);
    }
    TEST(
        "given a slot of which 12 neighbours differ, when it is updated, then the other four of their 64 KiB travel "
        "too and all are erased at once") {
        next.changed_every = 0;
        next.changed_first = 12;
        near_version(&next, 16, 1, 1);
    }
    TEST("given an update cut by a power failure, when it is repeated, then what was missing travels and little else") {
        cut(SECONDS, true);
    }
    TEST(
        "given an update left by its agent, when another one repeats it, then what was missing travels and little "
        "else") {
        cut(SECONDS, false);
    }
    return check_result();
}
