// SPDX-License-Identifier: Apache-2.0
//
// Who a test's card says it is: the demonstration board without its hooks, with the POLICIES, NAME, LINK (bytes a
// second) and times, TRIAL_MS, QUIESCE_MS and RESTART_MS, that the including file has defined.
#include "fw/board/board.h"

static const uint8_t vendor[] = {0x34, 0x12};
static const uint8_t device[] = {0x01, 0x53};
static const uint8_t subsystem[] = {0x01, 0x00};

static const struct pldm_descriptor descriptors[] = {
    {PLDM_DESCRIPTOR_PCI_VENDOR_ID, sizeof vendor, vendor},
    {PLDM_DESCRIPTOR_PCI_DEVICE_ID, sizeof device, device},
    {PLDM_DESCRIPTOR_PCI_SUBSYSTEM_VENDOR_ID, sizeof vendor, vendor},
    {PLDM_DESCRIPTOR_PCI_SUBSYSTEM_ID, sizeof subsystem, subsystem},
};

static const struct board_policy policies[2] = POLICIES;

const struct board_identity board_identity = {
    .name = NAME,
    .descriptors = descriptors,
    .descriptor_count = sizeof descriptors / sizeof descriptors[0],
    .uuid = {0x5C, 0x1C, 0xE0, 0x00, 0x12, 0x34, 0x43, 0x01, 0x80, 0x00, 0x02, 0x00, 0x00, 0x00, 0x00, 0x02},
    .capabilities = PLDM_CAPABILITY_PARTIAL_UPDATE,
    .policies = policies,
    .link_bytes_per_second = LINK,
    .trial_ms = TRIAL_MS,
    .quiesce_ms = QUIESCE_MS,
    .restart_ms = RESTART_MS,
};
