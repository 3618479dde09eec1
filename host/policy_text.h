// SPDX-License-Identifier: Apache-2.0
//
// The operator's policy on updates (fw/update/policy_record.h) for people: as lines, in JSON, and why a card refuses
// one.
#pragma once
#include "fw/update/policy_record.h"
#include "host/text.h"

/** Lines about what it says, each "name          what". */
void policy_print(FILE *to, const struct policy *policy);
/** The same as keys of the object that is open. */
void policy_json(struct json *j, const struct policy *policy);

/** "as board", "never", "allowed"; NULL behind the last. */
const char *policy_rollback_name(unsigned rollback);

/** One short phrase, lower case, for a completion code of VENDOR_POLICY_PART. */
const char *policy_refusal_name(uint8_t code);
