// SPDX-License-Identifier: Apache-2.0
//
// Switches a part to data on four lines by the procedure that its tables name. Portable: tested on the host.
#pragma once
#include "fw/hal/sfdp.h"

/** One short transaction: @p opcode, @p writes bytes of @p out (least significant first), then @p reads bytes.
 * @return the bytes read, least significant first */
typedef uint32_t quad_command_fn(void *context, uint8_t opcode, uint32_t out, unsigned writes, unsigned reads);

/** Sets the quad-enable bit, if it has one that is not set yet: until power-off where the part allows that, so that no
 * power cut can tear the status register, for good elsewhere.
 * @return whether the part takes quad instructions now; false for a bit that does not read back as one */
bool quad_enable(const struct flash_quad *quad, quad_command_fn *command, void *context);
