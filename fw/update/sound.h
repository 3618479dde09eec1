// SPDX-License-Identifier: Apache-2.0
//
// Whether a board's flash map can be what it promises.
#pragma once
#include "fw/board/board.h"

/** Whether slots, golden image and journal are whole sectors and share none with each other, so that writing one never
 * touches another. */
bool board_sound(const struct board_component *components, uint8_t count, const uint32_t journal[2]);
