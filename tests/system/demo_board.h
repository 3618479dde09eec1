// SPDX-License-Identifier: Apache-2.0
//
// Components that the system tests install: real firmware 1.0.0 and 2.0.0, and small made-up bitstreams. FW_1_0_0 and
// FW_2_0_0 are the paths of the firmware's payloads, given by the build.
#pragma once
#include <stdlib.h>
#include <string.h>

#include "tests/system/rig.h"

#define SECONDS 1000000000ull

static const struct rig_component firmware_1 = {
    .path = FW_1_0_0, .version = "1.0.0", .identifier = 1, .stamp = 0x01000000, .load_address = 0x10000000};
static const struct rig_component firmware_2 = {
    .path = FW_2_0_0, .version = "2.0.0", .identifier = 1, .stamp = 0x02000000, .load_address = 0x10000000};
static const struct rig_component bitstream_1 = {
    .random_size = 9000, .seed = 1, .version = "1.0.0", .identifier = 2, .stamp = 0x01000000};
static const struct rig_component bitstream_2 = {
    .random_size = 9100, .seed = 2, .version = "2.0.0", .identifier = 2, .stamp = 0x02000000};

/** A powered card in its factory state, past its boot. */
static inline struct rig *factory_card(void) {
    struct rig *rig = rig_new("w25q128jv");
    rig_factory(rig, (const struct rig_component[]){firmware_1, bitstream_1}, 2);
    rig_power_on(rig);
    return rig;
}

/** Power-cycles the card and says whether it comes up with the old firmware and shows it. */
static inline bool old_firmware_boots(struct rig *rig) {
    rig_power_off(rig);
    rig_power_on(rig);
    return rig_inventory(rig, 10 * SECONDS) == AGENT_DONE && strcmp(rig_active(rig, 0), "1.0.0") == 0 &&
           strcmp(rig_active(rig, 1), "1.0.0") == 0;
}

/** Whether the flash holds the component's payload, byte for byte, at @p base. */
static inline bool flash_holds(const struct rig *rig, uint32_t base, const struct rig_component *component) {
    size_t len;
    uint8_t *payload = rig_payload(component, &len);
    bool same = memcmp(rig->flash + base, payload, len) == 0;
    free(payload);
    return same;
}
