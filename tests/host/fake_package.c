// SPDX-License-Identifier: Apache-2.0
//
// Promises of fake_package.h.
#include "tests/host/fake_package.h"

void fake_package_init(struct fake_package *p) {
    static const uint8_t vendor[] = {0x34, 0x12}, device[] = {0x01, 0x53}, subsystem[] = {0x01, 0x00}, both[] = {0x03};
    const struct pldm_string v2 = {PLDM_STRING_ASCII, 3, (const uint8_t *)"2.0"};
    const struct pldm_string whole = {PLDM_STRING_ASCII, 5, (const uint8_t *)"whole"};
    *p = (struct fake_package){
        .descriptors = {{PLDM_DESCRIPTOR_PCI_VENDOR_ID, 2, vendor},
                        {PLDM_DESCRIPTOR_PCI_DEVICE_ID, 2, device},
                        {PLDM_DESCRIPTOR_PCI_SUBSYSTEM_ID, 2, subsystem}},
        .components = {{10, 1, 0x02000000, PKG_USE_STAMP, 2, 4096, FAKE_SIZE_0, v2, NULL},
                       {10, 2, 0x02000000, PKG_USE_STAMP, 2, 4096 + FAKE_SIZE_0, FAKE_SIZE_1, v2, NULL}},
    };
    p->record = (struct pkg_device){0, v2, both, p->descriptors, 3, 0, NULL};
    p->pkg = (struct pkg){.version = whole,
                          .bitmap_bits = 8,
                          .device_count = 1,
                          .component_count = 2,
                          .devices = &p->record,
                          .components = p->components};
}
