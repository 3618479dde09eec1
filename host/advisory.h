// SPDX-License-Identifier: Apache-2.0
//
// Security advisories: a flaw's life as a small text file (host/notes.h; the form is documented in docs/advisories.md),
// and what customers get of it: CSAF 2.0 for programs and a notice for people. Both come from the same file and nothing
// else, so they are the same bytes whenever they are made.
#pragma once
#include <stdio.h>

#include "host/notes.h"

/** The states of a flaw, in their order but for the last two, each of which may follow `received` or `confirmed`, and
 * `published`. */
enum advisory_state {
    ADVISORY_RECEIVED,
    ADVISORY_CONFIRMED,
    ADVISORY_FIXED,
    ADVISORY_PUBLISHED,
    ADVISORY_REJECTED,
    ADVISORY_WITHDRAWN,
    ADVISORY_STATES
};

struct advisory {
    struct notes notes;
    enum advisory_state state;
    int32_t since;    /* day on which it got there */
    int32_t received; /* and on which the report came */
};

/** Who publishes: docs/advisories/publisher.txt. */
extern const struct note_key publisher_keys[];

/** Reads one, with the order of its states and dates. @p error: NOTES_ERROR_TEXT bytes */
bool advisory_read(const char *path, struct advisory *out, char *error);

const char *advisory_state_name(enum advisory_state state);
/** The last day of the state that an advisory is in, by the times that SECURITY.md promises. False: it may stay. */
bool advisory_deadline(const struct advisory *advisory, int32_t *day);

/** False with the reason in @p error when the flaw is not public. */
bool advisory_publishable(const struct advisory *advisory, char *error);
void advisory_csaf(FILE *to, const struct advisory *advisory, const struct notes *publisher);
void advisory_notice(FILE *to, const struct advisory *advisory, const struct notes *publisher);
