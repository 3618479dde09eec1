// SPDX-License-Identifier: Apache-2.0
//
// See slots_status.h.
#include "fw/update/slots_status.h"

#include "fw/pldm/pldm_wire.h"

enum { HEAD = 7, SLOT = 11, RUNS = 0x80, TRIAL = 0x01 };

size_t slots_status_encode(const struct slots_status *status, uint8_t *data, size_t size) {
    size_t at = HEAD;
    if (size < HEAD) return 0;
    data[0] = status->trial ? TRIAL : 0;
    data[1] = status->attempts;
    data[2] = status->starts;
    pldm_put32(data + 3, status->minimum);
    for (const struct slot_status *s = status->slot; s < status->slot + SLOTS_STATUS_SLOTS; s++) {
        if (size - at < SLOT + (size_t)s->version.len) return 0;
        data[at] = (uint8_t)(s->state | (s->runs ? RUNS : 0));
        pldm_put32(data + at + 1, s->stamp);
        pldm_put32(data + at + 5, s->security_version);
        data[at + 9] = s->version.type;
        data[at + 10] = s->version.len;
        at += SLOT;
        for (unsigned i = 0; i < s->version.len; i++) data[at++] = s->version.bytes[i];
    }
    return at;
}

bool slots_status_decode(const uint8_t *data, size_t len, struct slots_status *status) {
    if (len < HEAD) return false;
    *status = (struct slots_status){
        .trial = (data[0] & TRIAL) != 0, .attempts = data[1], .starts = data[2], .minimum = pldm_get32(data + 3)};
    data += HEAD;
    len -= HEAD;
    for (struct slot_status *s = status->slot; s < status->slot + SLOTS_STATUS_SLOTS; s++) {
        if (len < SLOT || len - SLOT < data[10] || (data[0] & (RUNS - 1)) >= SLOT_STATES) return false;
        *s = (struct slot_status){.state = data[0] & (RUNS - 1),
                                  .runs = (data[0] & RUNS) != 0,
                                  .stamp = pldm_get32(data + 1),
                                  .security_version = pldm_get32(data + 5),
                                  .version = {data[9], data[10], data + SLOT}};
        len -= SLOT + (size_t)data[10];
        data += SLOT + data[10];
    }
    return len == 0;
}
