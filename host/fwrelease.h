// SPDX-License-Identifier: Apache-2.0
//
// What the commands of fwrelease share: the command line as one struct.
#pragma once
#include <stdint.h>

#include "host/options.h"

enum { FWRELEASE_FILES = 256 };
enum fwrelease_key { FWRELEASE_OUTPUT = 1, FWRELEASE_PUBLISHER, FWRELEASE_TODAY, FWRELEASE_NOTES };

struct fwrelease_request {
    const char *output; /* NULL: standard output */
    const char *publisher, *today, *notes;
    const char *files[FWRELEASE_FILES];
    unsigned file_count;
};

/** The commands; each returns the exit status. */
int fwrelease_csaf(const struct fwrelease_request *request);
int fwrelease_notice(const struct fwrelease_request *request);
int fwrelease_state(const struct fwrelease_request *request);
int fwrelease_describe(const struct fwrelease_request *request);

/** Writes what was put into @p text (of open_memstream(), closed) to the output asked for. @return the exit status */
int fwrelease_write(const struct fwrelease_request *request, const char *text, size_t len);
