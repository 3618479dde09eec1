// SPDX-License-Identifier: Apache-2.0
//
// Order of version strings (DSP0267 table 20: any type), for components without comparison stamps.
#pragma once
#include "fw/pldm/pldm_types.h"

/** Compares two versions, each in its own encoding: runs of digits as numbers of any length ("1.10" is above "1.9"),
 * all else by character. A string that goes on is above one that ends there, but for '-' and '~', which begin a
 * pre-release: "1.0-rc1" is below "1.0". A UTF-16 string's byte order mark decides its byte order; without one it is
 * big-endian.
 * @return below, equal to or above 0 as @p a is below, equal to or above @p b */
int version_compare(const struct pldm_string *a, const struct pldm_string *b);
