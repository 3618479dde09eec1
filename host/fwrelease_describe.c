// SPDX-License-Identifier: Apache-2.0
//
// fwrelease describe: release.json from a person's notes and the package that they are about.
#define _POSIX_C_SOURCE 200809L
#include <stdlib.h>
#include <string.h>

#include "host/file.h"
#include "host/fwrelease.h"
#include "host/release.h"

static const char tool[] = "fwrelease";

static int write_out(const struct fwrelease_request *request, const struct notes *notes, const struct pkg *pkg,
                     const uint8_t *bytes, size_t len) {
    const char *slash = strrchr(request->files[0], '/');
    char *text = NULL;
    size_t text_len = 0;
    FILE *to = open_memstream(&text, &text_len);
    if (to == NULL) return tool_error(tool, "out of memory");
    release_write(to, notes, pkg, slash != NULL ? slash + 1 : request->files[0], bytes, len);
    const int status = fclose(to) == 0 ? fwrelease_write(request, text, text_len) : tool_error(tool, "out of memory");
    free(text);
    return status;
}

static int describe(const struct fwrelease_request *request, const struct notes *notes) {
    char error[PKG_ERROR_TEXT];
    uint8_t *bytes;
    size_t len;
    struct pkg pkg;
    int status;
    if (!file_read(request->files[0], &bytes, &len, error)) return tool_error(tool, "%s", error);
    if (pkg_parse(request->files[0], bytes, len, &pkg, error)) {
        status = write_out(request, notes, &pkg, bytes, len);
        pkg_free(&pkg);
    } else {
        status = tool_error(tool, "%s", error);
    }
    free(bytes);
    return status;
}

int fwrelease_describe(const struct fwrelease_request *request) {
    char error[NOTES_ERROR_TEXT];
    struct notes notes;
    int status;
    if (!notes_read(request->notes, release_keys, &notes, error)) return tool_error(tool, "%s", error);
    if (release_notes_good(request->notes, &notes, error))
        status = describe(request, &notes);
    else
        status = tool_error(tool, "%s", error);
    notes_free(&notes);
    return status;
}
