// SPDX-License-Identifier: Apache-2.0
//
// Which of the board's roots the operator's policy lets sign. The boot ROM does not ask: it starts what was taken.
#pragma once
#include "fw/update/policy_record.h"

/** The root that a key identifier names; the number of roots when it is none. */
uint8_t policy_root(const uint8_t *key_id);

/** Whether @p policy lets the key of that name sign, which was found to be a root: the first policy of all may be
 * signed by any. */
bool policy_lets_sign(const struct policy *policy, const uint8_t *key_id);
