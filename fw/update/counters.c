// SPDX-License-Identifier: Apache-2.0
//
// See counters.h.
#include "fw/update/counters.h"

#include "fw/pldm/pldm_wire.h"

enum { COUNTERS = COUNTERS_DATA / 4 };

size_t counters_encode(const struct counters *counters, uint8_t *data, size_t size) {
    const uint32_t values[COUNTERS] = {counters->requests, counters->retries, counters->bytes, counters->link_idle,
                                       counters->flash_idle};
    if (size < COUNTERS_DATA) return 0;
    for (unsigned i = 0; i < COUNTERS; i++) data = pldm_put32(data, values[i]);
    return COUNTERS_DATA;
}

bool counters_decode(const uint8_t *data, size_t len, struct counters *counters) {
    uint32_t values[COUNTERS];
    if (len != COUNTERS_DATA) return false;
    for (unsigned i = 0; i < COUNTERS; i++) values[i] = pldm_get32(data + 4u * i);
    *counters = (struct counters){values[0], values[1], values[2], values[3], values[4]};
    return true;
}
