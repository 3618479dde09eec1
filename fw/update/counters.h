// SPDX-License-Identifier: Apache-2.0
//
// What the stream engine counted: the data of VENDOR_COUNTERS (fw/update/vendor.h), whose request has none.
//
//   five counters of 32 bits, little-endian, in the order below
#pragma once
#include "fw/update/vendor.h"

/** Since the card's last reset; each wraps. All are zero in a build of the engine without them. */
struct counters {
    uint32_t requests;    // RequestFirmwareData sent, repeats included
    uint32_t retries;     // of them repeats
    uint32_t bytes;       // of images, accepted
    uint32_t link_idle;   // clock cycles without a request outstanding though blocks were to be fetched
    uint32_t flash_idle;  // clock cycles without a flash operation though a block was to be written
};

enum { COUNTERS_DATA = 5 * 4 };

/** @return the bytes written, 0 when @p size is too small */
size_t counters_encode(const struct counters *counters, uint8_t *data, size_t size);
/** @return false when @p len is not theirs */
bool counters_decode(const uint8_t *data, size_t len, struct counters *counters);
