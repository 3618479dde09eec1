// SPDX-License-Identifier: Apache-2.0
//
// The PLDM codec of firmware and host: PLDM base (DSP0240) and PLDM for Firmware Update (DSP0267 1.0.1), both
// directions.
//
// Every message has a struct, an encode and a decode function; messages of the same form share them.
//   size_t  NAME_encode(const struct NAME *in, uint8_t *body, size_t size)  -> bytes written; 0: does not fit or not
//   encodable uint8_t NAME_decode(const uint8_t *body, size_t len, struct NAME *out)  -> PLDM_SUCCESS or a completion
//   code
// `body` is what follows the three header bytes: a request's data, or a response from its completion code on.
// Decoders check lengths before contents: PLDM_ERROR_INVALID_LENGTH unless `len` is exactly what the message announces,
// PLDM_ERROR_INVALID_DATA for a value that its table reserves. A response whose completion code is not zero is encoded
// as that one byte; decoded, it gives completion_code and zeroes. Pointers in a decoded struct point into `body`.
#pragma once
#include "fw/pldm/pldm_base_msgs.h"
#include "fw/pldm/pldm_inventory.h"
#include "fw/pldm/pldm_types.h"
#include "fw/pldm/pldm_update.h"
