// SPDX-License-Identifier: Apache-2.0
//
// Chain and digest orders by the processor: done when they are pushed.
#include <string.h>

#include "fw/hal/orders.h"
#include "fw/image/lms.h"
#include "tests/bench/software/sha256.h"

enum { AT_J = 22, AT_VALUE = 23 };

void orders_push_groups(enum orders_kind kind, uint32_t block, uint32_t groups) {
    uint8_t *group = orders_ram(block), digest[SHA256_DIGEST];
    if (kind == ORDERS_DIGEST) {
        sha256_padded(group, groups * LMS_GROUP, digest);
        memcpy(orders_ram(0) + offsetof(stream_ram_map_t, DIGEST), digest, sizeof digest);
        return;
    }
    for (; groups != 0; groups--, group += LMS_GROUP)
        for (; group[AT_J] < LMS_CHAIN_END; group[AT_J]++) sha256_padded(group, LMS_GROUP, group + AT_VALUE);
}

bool orders_finish(void) {
    return true;
}
