// SPDX-License-Identifier: Apache-2.0
//
// The stream engine as updates see it. What the processor waits for, and a signature's hashes, are fw/hal/orders.h's
// alone: a build may put another engine here and keep those.
#pragma once
#include "fw/update/engine.h"

/** Describes the engine of this build. */
void engine_init(struct engine *engine);

/** What it has to say since the last call; acknowledges completions and clears a stop.
 * @param stopped set when it stopped; @p reason is then ORDER_STATUS.reason
 * @return completed orders */
unsigned engine_poll(bool *stopped, unsigned *reason);
