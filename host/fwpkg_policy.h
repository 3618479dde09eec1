// SPDX-License-Identifier: Apache-2.0
//
// Operators' policies (fw/update/policy_record.h) as files of fwpkg.
#pragma once
#include "fw/update/policy_record.h"
#include "host/component_sign.h"
#include "host/fwpkg.h"

/** What fwpkg show prints of a policy that was read. @return the tool's status, the line about a bad signature written
 */
int fwpkg_show_policy(const char *tool, const char *path, bool as_json, const uint8_t *bytes,
                      const struct policy_record *record, const struct image *frame);
