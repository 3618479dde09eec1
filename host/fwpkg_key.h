// SPDX-License-Identifier: Apache-2.0
//
// The options by which commands of fwpkg name a signing key, and the key they open with them.
#pragma once
#include "host/component_sign.h"
#include "host/fwpkg.h"

#define FWPKG_KEY_OPTIONS (OPTION_BIT(FWPKG_KEY) | OPTION_BIT(FWPKG_STATE) | OPTION_BIT(FWPKG_SKIP_TO))

struct fwpkg_signing {
    const char *path;   /* NULL: nothing is to be signed */
    const char *folder; /* of the records of use; NULL: the usual one */
    bool skips;
    uint32_t skip_to;
};

/** Takes one of the three options, or an operand, which has no place. @return 0, or 2 with the line written */
int fwpkg_take_key(struct fwpkg_signing *key, const struct options *o, int option);

/** Whether the options fit together: 0, or 2 with the line written. */
int fwpkg_check_key(const struct fwpkg_signing *key, const struct options *o);

/** Opens the key. NULL: the line was written. */
struct signer *fwpkg_open_key(const struct fwpkg_signing *key, const char *tool);

/** The folder of the records of use: @p folder itself, or the usual one when it is NULL.
 * @param room  FWPKG_FOLDER bytes @return NULL when the environment names none: the line was written */
#define FWPKG_FOLDER 2048
const char *fwpkg_key_folder(const char *folder, const char *tool, char *room);
