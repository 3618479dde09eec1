// SPDX-License-Identifier: Apache-2.0
//
// See policy_keys.h.
#include "fw/update/policy_keys.h"

#include "fw/board/board.h"
#include "fw/image/image.h"

static bool names(const uint8_t *key_id, const uint8_t *root) {
    uint8_t differs = 0;
    for (uint32_t i = 0; i < IMAGE_KEY_ID; i++) differs |= key_id[i] ^ root[i];
    return differs == 0;
}

uint8_t policy_root(const uint8_t *key_id) {
    uint8_t root = 0;
    while (root < board_root_count && !names(key_id, board_roots[root])) root++;
    return root;
}

bool policy_lets_sign(const struct policy *policy, const uint8_t *key_id) {
    const uint8_t root = policy_root(key_id);
    return policy->sequence == 0 || (root < POLICY_KEYS && (policy->keys >> root & 1u) != 0);
}
