// SPDX-License-Identifier: Apache-2.0
//
// See notice.h.
#include "fw/update/notice.h"

#include "fw/pldm/pldm_wire.h"

size_t notice_encode(const struct pldm_descriptor *vendor, const struct notice *notice, uint8_t *msg, size_t size) {
    uint8_t data[NOTICE_DATA] = {notice->kind, notice->code};
    pldm_put32(data + 2, notice->sequence);
    const struct vendor_message request = {.command = VENDOR_NOTICE, .data = data, .len = sizeof data};
    return vendor_request(vendor, &request, msg, size);
}

bool notice_decode(const uint8_t *data, size_t len, struct notice *notice) {
    if (len != NOTICE_DATA || data[0] < NOTICE_POLICY || data[0] >= NOTICE_KINDS) return false;
    *notice = (struct notice){.kind = data[0], .code = data[1], .sequence = pldm_get32(data + 2)};
    return true;
}
