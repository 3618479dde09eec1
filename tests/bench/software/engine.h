// SPDX-License-Identifier: Apache-2.0
//
// Updates without the engine, for one bench: fw/hal/engine.h by the processor alone. It asks for each block with one
// RequestFirmwareData, puts the answer together from its packets, hashes it in C and programs the flash through the
// flash port. Blocks are as large as requests and one request is outstanding; a lost answer is not asked for again.
//
// What is not an update's order is the engine's as ever (fw/hal/orders.h): inventory, journal, and a signature's
// digests and chains. It costs no payload byte anything, and simulating a processor that walks chains would take
// minutes.
#pragma once
#include "fw/hal/engine.h"
#include "fw/pldm/fd.h"

/** The firmware device, whose peer is asked for data. Before everything else. */
void software_init(const struct fd *fd);

/** Goes on with the orders as far as it comes without the link. @return whether engine_poll() has something to say */
bool software_run(void);
