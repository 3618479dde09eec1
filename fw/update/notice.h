// SPDX-License-Identifier: Apache-2.0
//
// What the card tells the endpoint that the operator's policy names, without being asked: the data of VENDOR_NOTICE
// (fw/update/vendor.h), a request that needs no answer and is not repeated. Shared by firmware and host.
//
//   data   u8 enum notice_kind | u8 code | u32 sequence number of the policy in force
#pragma once
#include "fw/update/vendor.h"

enum notice_kind {
    NOTICE_POLICY = 1,  // it is another one now
    NOTICE_BEGUN,       // an update has begun
    NOTICE_REFUSED,     // one was forbidden; code: of RequestUpdate's or PassComponentTable's answer, or TransferResult
    NOTICE_ACTIVATED,   // new images run from the next start on
    NOTICE_KINDS
};

struct notice {
    uint8_t kind;
    uint8_t code;
    uint32_t sequence;
};

enum { NOTICE_DATA = 6, NOTICE_MOST = VENDOR_HEAD - 1 + NOTICE_DATA };  // the latter with its head

/** Writes the whole message, without its type. @return its length, 0 when @p size is too small or @p vendor none */
size_t notice_encode(const struct pldm_descriptor *vendor, const struct notice *notice, uint8_t *msg, size_t size);
/** Reads what follows the head. @return false when it is not what it should be */
bool notice_decode(const uint8_t *data, size_t len, struct notice *notice);
