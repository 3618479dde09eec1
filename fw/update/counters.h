// SPDX-License-Identifier: Apache-2.0
//
// What the stream engine counted, as a vendor-defined MCTP message (DSP0236: type 7Eh with a PCI vendor ID, 7Fh with an
// IANA enterprise number), since DSP0267 and DSP0240 have no command for it. Shared by firmware and host, no heap.
//
//   body   vendor ID, most significant byte first (2 bytes PCI, 4 IANA) | instance ID, with 80h in a request | command
//          01h | in an answer: completion code of MCTP control, then on success five counters of 32 bits, little-endian
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fw/pldm/pldm_inventory.h"

/** Since the card's last reset; each wraps. All are zero in a build of the engine without them. */
struct counters {
    uint32_t requests;    // RequestFirmwareData sent, repeats included
    uint32_t retries;     // of them repeats
    uint32_t bytes;       // of images, accepted
    uint32_t link_idle;   // clock cycles without a request outstanding though blocks were to be fetched
    uint32_t flash_idle;  // clock cycles without a flash operation though a block was to be written
};

enum { COUNTERS_MESSAGE = 4 + 3 + 5 * 4 };  // the longest body

/** The MCTP message type for a vendor, the first of a device's descriptors; 0 when it is neither PCI nor IANA. */
uint8_t counters_type(const struct pldm_descriptor *vendor);

/** Writes the request. @return its length, 0 when @p size is too small or @p vendor none */
size_t counters_request(const struct pldm_descriptor *vendor, uint8_t instance, uint8_t *msg, size_t size);

/** Answers one request. @return the answer's length, 0 when none is due: not this vendor's, no request, or @p size too
 * small (COUNTERS_MESSAGE always suffices) */
size_t counters_answer(const struct pldm_descriptor *vendor, const struct counters *counters, const uint8_t *msg,
                       size_t len, uint8_t *answer, size_t size);

/** Takes an answer. @p counters is set when @p code is 0. @return false when it is none to the request with that
 * instance ID */
bool counters_response(const struct pldm_descriptor *vendor, uint8_t instance, const uint8_t *msg, size_t len,
                       uint8_t *code, struct counters *counters);
