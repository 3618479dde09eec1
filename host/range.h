// SPDX-License-Identifier: Apache-2.0
//
// Ranges of versions, as advisories and release descriptions write them: "*", or one or two of <V <=V =V >=V >V with a
// bar between, of which all must hold. With "vers:generic/" before it, it is a range of CSAF, which this is a part of.
// Versions are ordered as the card orders them (fw/update/version.h).
#pragma once
#include <stdbool.h>

#define RANGE_PREFIX "vers:generic/"

/** True when @p text begins with a digit and holds only what versions are made of: letters, digits and . + - ~ _ */
bool version_known(const char *text);
/** Below, equal to or above 0 as @p a is below, equal to or above @p b. */
int version_order(const char *a, const char *b);

/** Without the prefix. */
bool range_known(const char *range);
/** False for a range that is none, too. */
bool range_holds(const char *range, const char *version);
