// SPDX-License-Identifier: Apache-2.0
//
// The board that walks: the demonstration board's flash, and two components more, so that every way of activation is
// there: by the card itself, at once when applied, and by nothing but a power cycle.
#include "fw/board/demo/hooks.h"

#define KIB         1024u
#define BY_THE_CARD (PLDM_ACTIVATION_SELF_CONTAINED | PLDM_ACTIVATION_DC_POWER_CYCLE | PLDM_ACTIVATION_AC_POWER_CYCLE)

const struct board_component board_components[] = {
    [BOARD_FIRMWARE] = {.classification = 0x000A,
                        .identifier = 1,
                        .activation_methods = BY_THE_CARD,
                        .load_address = 0x10000000,
                        .payload_max = 63u * KIB,
                        .slot_size = 256u * KIB,
                        .slot = {0x100000, 0x140000},
                        .golden = 0x040000},
    {.classification = 0x000A,
     .identifier = 2,
     .activation_methods = BY_THE_CARD,
     .payload_max = 1024u * KIB,
     .slot_size = 1024u * KIB,
     .slot = {0x200000, 0x300000}},
    {.classification = 0x000D,
     .identifier = 3,
     .index = 1,
     .activation_methods = PLDM_ACTIVATION_AUTOMATIC,
     .payload_max = 200u * KIB,
     .slot_size = 256u * KIB,
     .slot = {0x400000, 0x440000}},
    {.classification = 0x000D,
     .identifier = 4,
     .activation_methods = PLDM_ACTIVATION_AC_POWER_CYCLE,
     .payload_max = 100u * KIB,
     .slot_size = 108u * KIB,  // so that erases of 32 and 64 KiB do not fit everywhere
     .slot = {0x480000, 0x49B000}},
};
const uint8_t board_component_count = sizeof board_components / sizeof board_components[0];
const uint32_t board_journal[2] = {0x020000, 0x021000};
const uint8_t board_trial_starts = 3;

uint32_t board_fused_minimum(uint8_t i) {
    (void)i;
    return 0;
}

static const uint8_t vendor[] = {0x34, 0x12}, device[] = {0x01, 0x53};
static const struct pldm_descriptor descriptors[] = {
    {PLDM_DESCRIPTOR_PCI_VENDOR_ID, sizeof vendor, vendor},
    {PLDM_DESCRIPTOR_PCI_DEVICE_ID, sizeof device, device},
};
static const struct board_policy policies[sizeof board_components / sizeof board_components[0]] = {
    [BOARD_FIRMWARE] = {.raise_minimum = true}, [2] = {.raise_minimum = true}};

const struct board_identity board_identity = {
    .name = "walk",
    .descriptors = descriptors,
    .descriptor_count = sizeof descriptors / sizeof descriptors[0],
    .uuid = {0x5C, 0x1C, 0xE0, 0x00, 0x12, 0x34, 0x43, 0x01, 0x80, 0x00, 0x02, 0x00, 0x00, 0x00, 0x00, 0x02},
    .capabilities = PLDM_CAPABILITY_PARTIAL_UPDATE,
    .policies = policies,
    .hooks = {.package_data = demo_package_data,
              .meta_data_give = demo_meta_data_give,
              .meta_data_take = demo_meta_data_take,
              .meta_data_len = DEMO_META_DATA},
    .link_bytes_per_second = 11520,
    .trial_ms = 60000,
    .quiesce_ms = 1500,
    .restart_ms = 900,
};
