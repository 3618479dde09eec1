// SPDX-License-Identifier: Apache-2.0
//
// Three roots of a board that is nobody's, for tests that judge nothing themselves.
#include "fw/board/board.h"

_Alignas(4) const uint8_t board_roots[][32] = {{0x10, 1}, {0x20, 2}, {0x30, 3}};
const uint8_t board_root_count = sizeof board_roots / sizeof board_roots[0];

uint32_t board_revoked(void) {
    return 4;
}
