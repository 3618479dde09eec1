// SPDX-License-Identifier: Apache-2.0
//
// Orders without the engine, for one bench: fw/hal/orders.h by the processor alone. It asks for each block with one
// RequestFirmwareData, puts the answer together from its packets, hashes it in C and programs the flash through the
// flash port. Blocks are as large as requests and one request is outstanding; a lost answer is not asked for again.
// Digest and chain orders, which a signature takes, are the engine's (groups.c).
#pragma once
#include "fw/hal/orders.h"
#include "fw/pldm/fd.h"

/** The firmware device, whose peer is asked for data. Before everything else. */
void software_init(const struct fd *fd);

/** Goes on with the orders as far as it comes without the link. @return whether orders_poll() has something to say */
bool software_run(void);
