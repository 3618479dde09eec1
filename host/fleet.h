// SPDX-License-Identifier: Apache-2.0
//
// The customer's half: the devices that he has (what fwup --json inventory prints), the releases and advisories that he
// was given, his policy, and what follows for each component of each device. Files are checked before anything is
// concluded: what cannot be read closes the gate, it is never skipped.
#pragma once
#include "host/json_form.h"

#define FLEET_ERROR_TEXT 384

enum fleet_state {
    FLEET_CURRENT,    /* nothing newer */
    FLEET_DUE,        /* a newer release, still in time */
    FLEET_OVERDUE,    /* past the release's or the policy's days */
    FLEET_BLOCKED,    /* what is newer needs what the device or the policy does not have */
    FLEET_UNAPPROVED, /* its downtime or activation is not what the policy allows without a window */
    FLEET_WITHDRAWN,  /* it runs a release that was called back */
    FLEET_VULNERABLE, /* an advisory is about what it runs */
    FLEET_UNKNOWN,    /* no release is for it */
    FLEET_STATES
};

/** One conclusion; a component may have several. Texts live as long as the fleet, but for `text`. */
struct fleet_finding {
    enum fleet_state state;
    const struct json_value *device, *component; /* of the inventory */
    const char *release;                         /* version, or the name of an advisory; NULL: none */
    bool has_deadline;
    int32_t deadline; /* day */
    const char *text; /* why, for people */
};

struct fleet_file {
    struct json_document document;
    const struct json_value *value; /* what it holds, good */
};

struct fleet_files {
    struct fleet_file *items;
    size_t count;
};

struct fleet {
    struct fleet_file policy;
    struct json_document inventory;
    struct fleet_files releases, advisories;
};

/** Reads all: @p folder's release.json and those in its folders, and advisories (CSAF 2.0) in its folder `advisories`.
 *
 * @param inventory  a file, NULL: standard input
 * @param out        for fleet_free(), whatever is returned
 * @param error      FLEET_ERROR_TEXT bytes */
bool fleet_load(struct fleet *out, const char *policy, const char *folder, const char *inventory, char *error);
void fleet_free(struct fleet *fleet);

/** The next device of the inventory behind @p before, the first for NULL. */
const struct json_value *fleet_device(const struct fleet *fleet, const struct json_value *before);

const char *fleet_state_name(enum fleet_state state);
/** True when the policy says that a finding of this state closes the gate. */
bool fleet_closes(const struct fleet *fleet, enum fleet_state state);

/** Concludes, device after device in the order of the inventory. */
void fleet_judge(const struct fleet *fleet, int32_t today, void (*hear)(void *ctx, const struct fleet_finding *finding),
                 void *ctx);

/** fleet_advisory.c: the form of a CSAF document as far as it is read, and whether it is about what this component
 * runs. */
extern const struct json_field fleet_advisory_form[];
/** NULL, or what in it cannot be understood. */
const char *fleet_advisory_fault(const struct json_value *advisory);
bool fleet_affects(const struct json_value *advisory, uint64_t classification, uint64_t identifier,
                   const char *version);
