// SPDX-License-Identifier: Apache-2.0
//
// Promises of durable.h.
#define _POSIX_C_SOURCE 200809L
#include "host/durable.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_ROOM = 4096 };

static bool explain(const char *path, int reason, char *error) {
    snprintf(error, DURABLE_ERROR_TEXT, "%.180s: %.60s", path, strerror(reason));
    return false;
}

static bool allowed(const struct durable *durable, const char *path, enum durable_step step) {
    errno = EIO;
    return durable->allow == NULL || durable->allow(durable->ctx, path, step);
}

static bool write_all(int fd, const char *text, size_t len) {
    while (len != 0) {
        const ssize_t done = write(fd, text, len);
        if (done < 0 && errno != EINTR) return false;
        if (done < 0) continue;
        text += done;
        len -= (size_t)done;
    }
    return true;
}

static bool write_beside(const struct durable *durable, const char *path, const char *beside, const char *text,
                         size_t len) {
    if (!allowed(durable, path, DURABLE_OPEN)) return false;
    const int fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (fd < 0) return false;
    bool good = fchmod(fd, S_IRUSR | S_IWUSR) == 0;
    good = good && allowed(durable, path, DURABLE_WRITE) && write_all(fd, text, len);
    good = good && allowed(durable, path, DURABLE_SYNC) && fsync(fd) == 0;
    const int reason = errno;
    good = close(fd) == 0 && good;
    if (!good) errno = reason;
    return good;
}

/* The folder's entry for the file. Some file systems have nothing to sync there and say EINVAL. */
static bool sync_folder(const char *path) {
    char folder[PATH_ROOM];
    const char *slash = strrchr(path, '/');
    const size_t len = slash == NULL ? 0 : slash == path ? 1 : (size_t)(slash - path);
    memcpy(folder, path, len);
    folder[len] = '\0';
    const int fd = open(len == 0 ? "." : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return false;
    const bool good = fsync(fd) == 0 || errno == EINVAL;
    const int reason = errno;
    close(fd);
    errno = reason;
    return good;
}

bool durable_write(const struct durable *durable, const char *path, const char *text, size_t len, char *error) {
    char beside[PATH_ROOM];
    const int used = snprintf(beside, sizeof beside, "%s.new", path);
    if (used < 0 || (size_t)used >= sizeof beside) return explain(path, ENAMETOOLONG, error);
    bool good = write_beside(durable, path, beside, text, len);
    good = good && allowed(durable, path, DURABLE_RENAME) && rename(beside, path) == 0;
    if (!good) {
        const int reason = errno;
        unlink(beside);
        return explain(path, reason, error);
    }
    if (allowed(durable, path, DURABLE_SYNC_FOLDER) && sync_folder(path)) return true;
    return explain(path, errno, error);
}

bool durable_folder(const char *path, char *error) {
    char part[PATH_ROOM];
    const size_t len = strlen(path);
    if (len >= sizeof part) return explain(path, ENAMETOOLONG, error);
    for (size_t i = 1; i <= len; i++) {
        if (path[i] != '/' && path[i] != '\0') continue;
        memcpy(part, path, i);
        part[i] = '\0';
        if (mkdir(part, S_IRWXU) == 0 ? !sync_folder(part) : errno != EEXIST) return explain(part, errno, error);
    }
    return true;
}
