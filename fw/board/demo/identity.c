// SPDX-License-Identifier: Apache-2.0
//
// Demo board: who the card says it is.
#include "fw/board/demo/hooks.h"

#ifndef DEMO_LINK_BYTES_PER_SECOND
#define DEMO_LINK_BYTES_PER_SECOND 11520
#endif

static const uint8_t vendor[] = {0x34, 0x12};
static const uint8_t device[] = {0x01, 0x53};
static const uint8_t subsystem[] = {0x01, 0x00};

static const struct pldm_descriptor descriptors[] = {
    {PLDM_DESCRIPTOR_PCI_VENDOR_ID, sizeof vendor, vendor},
    {PLDM_DESCRIPTOR_PCI_DEVICE_ID, sizeof device, device},
    {PLDM_DESCRIPTOR_PCI_SUBSYSTEM_VENDOR_ID, sizeof vendor, vendor},
    {PLDM_DESCRIPTOR_PCI_SUBSYSTEM_ID, sizeof subsystem, subsystem},
};

// Everything is accepted: an agent in the field refuses components that need the force flag.
static const struct board_policy policies[2];

const struct board_identity board_identity = {
    .name = "sluice demo",
    .descriptors = descriptors,
    .descriptor_count = sizeof descriptors / sizeof descriptors[0],
    .uuid = {0x5C, 0x1C, 0xE0, 0x00, 0x12, 0x34, 0x43, 0x01, 0x80, 0x00, 0x02, 0x00, 0x00, 0x00, 0x00, 0x01},
    .capabilities = PLDM_CAPABILITY_PARTIAL_UPDATE,
    .policies = policies,
    .hooks = {.package_data = demo_package_data,
              .meta_data_give = demo_meta_data_give,
              .meta_data_take = demo_meta_data_take,
              .meta_data_len = DEMO_META_DATA},
    .link_bytes_per_second = DEMO_LINK_BYTES_PER_SECOND,
    .trial_ms = 60000,
    .quiesce_ms = 1400,
    .restart_ms = 600,
};
