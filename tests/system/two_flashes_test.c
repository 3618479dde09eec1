// SPDX-License-Identifier: Apache-2.0
//
// A card with slots on two flash chips: tests/system/two_flashes_map.c has the FPGA's slot B on the second one.
#include <stdlib.h>

#include "check.h"
#include "tests/system/demo_board.h"

#define SECOND_SLOT 0x700000u  // of the second chip

static const struct rig_component firmware = {
    .path = FW_TWO_FLASHES, .version = "1.0.0", .identifier = 1, .stamp = 0x01000000, .load_address = 0x10000000};
static const struct rig_component bitstream_3 = {
    .random_size = 70000, .seed = 3, .version = "3.0.0", .identifier = 2, .stamp = 0x03000000};

static struct rig *card(void) {
    struct rig *rig = rig_new("w25q128jv");
    rig_factory(rig, (const struct rig_component[]){firmware, bitstream_1}, 2);
    return rig;
}

static enum agent_result update(struct rig *rig, const struct rig_component *bitstream) {
    size_t len;
    uint8_t *package = rig_package(bitstream, 1, 0x5301, &len);
    enum agent_result result = rig_update(rig, package, len, 60 * SECONDS);
    free(package);
    return result;
}

static bool chip_holds(const uint8_t *chip, uint32_t base, const struct rig_component *component) {
    size_t len;
    uint8_t *payload = rig_payload(component, &len);
    bool same = memcmp(chip + base, payload, len) == 0;
    free(payload);
    return same;
}

/** Bytes of @p chip outside [@p base, @p base + @p size) that are not blank. */
static size_t written_outside(const uint8_t *chip, size_t chip_size, size_t base, size_t size) {
    size_t count = 0;
    for (size_t i = 0; i < chip_size; i++)
        if ((i < base || i - base >= size) && chip[i] != 0xff) count++;
    return count;
}

static void both_chips(void) {
    struct rig *rig = card();
    uint8_t *before = malloc(rig->part->size);
    rig_add_flash(rig);
    memcpy(before, rig->flash, rig->part->size);
    rig_power_on(rig);
    if (CHECK_EQ(update(rig, &bitstream_2), AGENT_DONE)) CHECK(strcmp(rig_active(rig, 1), "2.0.0") == 0);
    CHECK(strstr(rig->console, "flash ef4018, 010h MiB each, four lines") != NULL);
    CHECK(chip_holds(rig->flash2, SECOND_SLOT, &bitstream_2));
    CHECK_EQ(written_outside(rig->flash2, rig->part->size, SECOND_SLOT, RIG_FPGA_SIZE), 0);
    // On the first chip nothing but the journal has changed.
    CHECK_MEM(rig->flash + RIG_FW_A, before + RIG_FW_A, rig->part->size - RIG_FW_A);
    // The next one goes to the first chip again.
    if (CHECK_EQ(update(rig, &bitstream_3), AGENT_DONE)) CHECK(strcmp(rig_active(rig, 1), "3.0.0") == 0);
    CHECK(chip_holds(rig->flash, RIG_FPGA_A, &bitstream_3));
    CHECK(chip_holds(rig->flash2, SECOND_SLOT, &bitstream_2));
    CHECK_EQ(rig->flash_errors, 0);
    free(before);
    rig_free(rig);
}

static void second_missing(void) {
    struct rig *rig = card();
    rig_power_on(rig);
    CHECK_EQ(rig_inventory(rig, 10 * SECONDS), AGENT_DONE);
    CHECK(strstr(rig->console, "flash ef4018 cannot be used") != NULL);
    CHECK_EQ(update(rig, &bitstream_2), AGENT_FAILED);
    CHECK_EQ(rig->flash_errors, 0);
    rig_free(rig);
}

int main(void) {
    TEST(
        "given slots on two flash chips, when the FPGA's component is updated twice, then each slot is written on its "
        "own "
        "chip and nothing else") {
        both_chips();
    }
    TEST("given a map that needs a second chip, when there is none, then the card answers and refuses updates") {
        second_missing();
    }
    return check_result();
}
