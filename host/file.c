// SPDX-License-Identifier: Apache-2.0
//
// Promises of file.h.
#define _POSIX_C_SOURCE 200809L
#include "host/file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define FILE_MAX ((size_t)1 << 30)

static bool explain(const char *path, const char *reason, char *error) {
    snprintf(error, FILE_ERROR_TEXT, "%.180s: %.70s", path, reason);
    return false;
}

static bool read_all(FILE *file, uint8_t **bytes, size_t *len) {
    size_t room = 0;
    *bytes = NULL;
    *len = 0;
    while (*len == room) {
        if (room == FILE_MAX) {
            errno = EFBIG;
            return false;
        }
        room = room == 0 ? 65536 : 2 * room;
        uint8_t *larger = realloc(*bytes, room);
        if (larger == NULL) return false;
        *bytes = larger;
        *len += fread(*bytes + *len, 1, room - *len, file);
    }
    return ferror(file) == 0;
}

bool file_read(const char *path, uint8_t **bytes, size_t *len, char *error) {
    FILE *file = fopen(path, "rb");
    if (file == NULL) return explain(path, strerror(errno), error);
    const bool good = read_all(file, bytes, len);
    const int reason = errno;
    fclose(file);
    if (good) return true;
    free(*bytes);
    *bytes = NULL;
    return explain(path, strerror(reason), error);
}

/* True when nothing is at @p path, or a plain file: what a renamed file may take the place of. */
static bool replaceable(const char *path) {
    struct stat st;
    return lstat(path, &st) != 0 ? errno == ENOENT : S_ISREG(st.st_mode);
}

bool file_write(const char *path, const uint8_t *bytes, size_t len, char *error) {
    char partial[4096];
    const bool replace = replaceable(path);
    const int used = snprintf(partial, sizeof partial, replace ? "%s.partial" : "%s", path);
    if (used < 0 || (size_t)used >= sizeof partial) return explain(path, "name too long", error);
    FILE *file = fopen(partial, "wb");
    if (file == NULL) return explain(path, strerror(errno), error);
    bool good = fwrite(bytes, 1, len, file) == len;
    good = fclose(file) == 0 && good;
    if (replace) good = good && rename(partial, path) == 0;
    if (good) return true;
    const int reason = errno;
    if (replace) remove(partial);
    return explain(path, strerror(reason), error);
}
