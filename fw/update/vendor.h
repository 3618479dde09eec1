// SPDX-License-Identifier: Apache-2.0
//
// What a Sluice card answers beside PLDM, as vendor-defined MCTP messages (DSP0236: type 7Eh with a PCI vendor ID, 7Fh
// with an IANA enterprise number), since DSP0267 and DSP0240 have no commands for it. Shared by firmware and host, no
// heap.
//
//   body   vendor ID, most significant byte first (2 bytes PCI, 4 IANA) | instance ID, with 80h in a request | command
//          | in a request: its data | in an answer: completion code of MCTP control, then on success its data
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fw/pldm/pldm_inventory.h"

enum vendor_command {
    VENDOR_COUNTERS = 0x01,  // fw/update/counters.h
    VENDOR_SLOTS = 0x02,     // fw/update/slots_status.h
    VENDOR_POLICY = 0x03,    // fw/update/policy_record.h
    VENDOR_POLICY_PART = 0x04,
    VENDOR_NOTICE = 0x05,  // fw/update/notice.h; the card is the one who sends it
};

enum { VENDOR_HEAD = 4 + 3 };  // bytes of an answer before its data, at most

/** The MCTP message type for a vendor, the first of a device's descriptors; 0 when it is neither PCI nor IANA. */
uint8_t vendor_type(const struct pldm_descriptor *vendor);

/** A request or an answer taken apart. */
struct vendor_message {
    uint8_t instance;
    uint8_t command;
    uint8_t code;  // of an answer
    const uint8_t *data;
    size_t len;
};

/** Writes a request. @return its length, 0 when @p size is too small, the instance ID no such or @p vendor none */
size_t vendor_request(const struct pldm_descriptor *vendor, const struct vendor_message *request, uint8_t *msg,
                      size_t size);
/** Carries out a request: writes its answer's data. @return a completion code of MCTP control; unless that is 0 there
 * are no data */
typedef uint8_t vendor_handler_fn(void *context, const struct vendor_message *request, uint8_t *data, size_t size,
                                  size_t *len);

/** Answers one message. @return the answer's length, 0 when none is due: no request, another vendor's, or @p size too
 * small for one without data */
size_t vendor_serve(const struct pldm_descriptor *vendor, vendor_handler_fn *handler, void *context, const uint8_t *msg,
                    size_t len, uint8_t *answer, size_t size);
/** @return false when it is no answer to a request with this instance ID and command */
bool vendor_answer_decode(const struct pldm_descriptor *vendor, uint8_t instance, uint8_t command, const uint8_t *msg,
                          size_t len, struct vendor_message *out);
