// SPDX-License-Identifier: Apache-2.0
//
// The demonstration board's hooks: what they get is shown on the console.
#pragma once
#include "fw/board/board.h"

#define DEMO_META_DATA 8u

/** Shows the length of the package's data and its beginning. */
void demo_package_data(uint32_t offset, const uint8_t *bytes, uint32_t len);

/** Metadata: the milliseconds since start and four characters of the board's name, as an example of what a card may
 * want to have back. They are shown when they come back whole. */
void demo_meta_data_give(uint32_t offset, uint8_t *out, uint32_t len);
void demo_meta_data_take(uint32_t offset, const uint8_t *bytes, uint32_t len);
