// SPDX-License-Identifier: Apache-2.0
//
// Responder for PLDM type 0 (DSP0240): terminus ID, types, versions and commands. It also answers requests of types
// that nobody here implements, so a dispatcher needs no third case.
#pragma once
#include "fw/pldm/pldm.h"

/** One implemented PLDM type. */
struct pldm_base_type {
    uint8_t type;
    uint32_t version;                     /* ver32, e.g. F1F0F100h for 1.0.1 */
    uint8_t commands[PLDM_COMMANDS_SIZE]; /* as in GetPLDMCommands */
};

/** Type 0 itself: DSP0240 1.0.0 with the five commands above. */
extern const struct pldm_base_type pldm_base_self;

struct pldm_base {
    uint8_t tid;                               /* 00h until SetTID */
    const struct pldm_base_type *const *types; /* all implemented types, pldm_base_self among them */
    uint8_t type_count;
};

enum { PLDM_BASE_ANSWER_SIZE = PLDM_HEADER_SIZE + 1 + PLDM_COMMANDS_SIZE }; /* bytes, the longest answer */

/** Answers one request whose PLDM type is not implemented elsewhere.
 *
 * @param msg    the PLDM message from its header on, @p len bytes
 * @param answer the whole response message, header first; must not overlap @p msg; PLDM_BASE_ANSWER_SIZE bytes
 * @return length of the answer, or 0 when none is due (no request, a datagram, a broken header) or @p size is smaller
 */
size_t pldm_base_message(struct pldm_base *base, const uint8_t *msg, size_t len, uint8_t *answer, size_t size);
