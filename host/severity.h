// SPDX-License-Identifier: Apache-2.0
//
// The words for how bad a flaw is and how urgent the release that repairs it, the worst first; SECURITY.md says what
// each means.
#pragma once

#define SEVERITIES(each, between) \
    each("critical") between each("important") between each("moderate") between each("low")

#define SEVERITY_TEXT(word) word
/** All of them, as struct note_key has its choices. */
#define SEVERITY_WORDS SEVERITIES(SEVERITY_TEXT, " ")
