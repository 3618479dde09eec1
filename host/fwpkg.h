// SPDX-License-Identifier: Apache-2.0
//
// The commands of fwpkg. Each is given the options set to its first word and returns the tool's status: 0, 1 for a
// failure, 2 for a command line that is wrong; the line about it has been written.
#pragma once
#include "host/options.h"

/** The keys of the tool's one table of options. */
enum fwpkg_key {
    FWPKG_OUTPUT = 1,
    FWPKG_COMPONENT,
    FWPKG_DEVICE,
    FWPKG_DESCRIPTOR,
    FWPKG_SET_VERSION,
    FWPKG_SET_VERSION_TYPE,
    FWPKG_DATA,
    FWPKG_CONTINUE,
    FWPKG_VERSION,
    FWPKG_VERSION_TYPE,
    FWPKG_DATE,
    FWPKG_BITMAP_BITS,
    FWPKG_SIZE,
    FWPKG_SLOT,
    FWPKG_JOURNAL,
    FWPKG_JSON,
    FWPKG_KEY,
    FWPKG_STATE,
    FWPKG_SKIP_TO,
    FWPKG_PUBLIC_KEY,
    FWPKG_REVOKED,
    FWPKG_DIGEST_OUT,
    FWPKG_SIGNATURE_IN,
    FWPKG_SIMULATION,
    FWPKG_FLASH_TIMES,
    FWPKG_SEQUENCE,
    FWPKG_DISABLED,
    FWPKG_BY_HAND,
    FWPKG_UPDATABLE,
    FWPKG_SIGNERS,
    FWPKG_ROLLBACK,
    FWPKG_NOTIFY,
    FWPKG_CARD,
};

int fwpkg_create(struct options *o);
int fwpkg_show(struct options *o);
int fwpkg_image(struct options *o);
int fwpkg_flash(struct options *o);
int fwpkg_keygen(struct options *o);
int fwpkg_sign(struct options *o);
int fwpkg_verify(struct options *o);
int fwpkg_diff(struct options *o);
int fwpkg_policy(struct options *o);

/** Hands every option and operand of the command to @p take, which returns 0 or the tool's status with the line
 *  written. @return 0 or the first other status */
int fwpkg_take_all(struct options *o, void *ctx, int (*take)(void *ctx, const struct options *o, int key));

/** Status 2 with a line: a word that has no place; something that must be given and was not. */
int fwpkg_unexpected(const struct options *o);
int fwpkg_missing(const struct options *o, const char *what);
