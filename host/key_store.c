// SPDX-License-Identifier: Apache-2.0
//
// Promises of key_store.h.
#define _DEFAULT_SOURCE
#include "host/key_store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static bool refuse(char *error, const char *format, ...) __attribute__((format(printf, 2, 3)));
static bool refuse(char *error, const char *format, ...) {
    va_list args;
    va_start(args, format);
    vsnprintf(error, KEY_ERROR_TEXT, format, args);
    va_end(args);
    return false;
}

/* A small file and what the file system says of it. 0, or errno. */
static int read_small(const char *path, uint8_t bytes[LMS_KEY_TEXT], size_t *len, struct stat *st) {
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return errno;
    const ssize_t got = fstat(fd, st) == 0 ? read(fd, bytes, LMS_KEY_TEXT) : -1;
    const int reason = got < 0 ? errno : 0;
    close(fd);
    *len = got < 0 ? 0 : (size_t)got;
    return reason;
}

static bool stamped(const struct lms_mark *mark, const struct stat *st) {
    return mark->inode == st->st_ino && mark->seconds == (uint64_t)st->st_ctim.tv_sec &&
           mark->nanoseconds == (uint32_t)st->st_ctim.tv_nsec;
}

static bool write_mark(struct key_store *store, char *error) {
    char text[LMS_KEY_TEXT];
    const size_t len = lms_mark_format(store->soft, &store->mark, text);
    if (len == 0) return refuse(error, "OpenSSL: SHA-256 failed");
    return durable_write(&store->durable, store->mark_path, text, len, error);
}

static bool write_key(struct key_store *store, char *error) {
    char text[LMS_KEY_TEXT];
    const size_t len = lms_key_format(store->soft, &store->key, text);
    const bool good = len != 0 ? durable_write(&store->durable, store->key_path, text, len, error)
                               : refuse(error, "OpenSSL: SHA-256 failed");
    explicit_bzero(text, sizeof text);
    return good;
}

/* The three writes, after which @p next is next. */
static bool move_on(struct key_store *store, uint32_t next, char *error) {
    struct stat st;
    store->spoiled = true;
    store->key.next = next;
    memset(&store->mark, 0, sizeof store->mark);
    memcpy(store->mark.identifier, store->key.private.identifier, LMS_IDENTIFIER);
    store->mark.next = next;
    store->mark.key = store->on_disk;
    if (!write_mark(store, error) || !write_key(store, error)) return false;
    store->on_disk = store->mark.key = next;
    if (stat(store->key_path, &st) != 0) return refuse(error, "%.180s: %s", store->key_path, strerror(errno));
    store->mark.settled = true;
    store->mark.inode = st.st_ino;
    store->mark.seconds = (uint64_t)st.st_ctim.tv_sec;
    store->mark.nanoseconds = (uint32_t)st.st_ctim.tv_nsec;
    store->spoiled = !write_mark(store, error);
    return !store->spoiled;
}

/* Names the mark after the key, and locks it. */
static bool lock(struct key_store *store, const char *folder, char *error) {
    char identifier[2 * LMS_IDENTIFIER + 1], path[KEY_PATH];
    if (!durable_folder(folder, error)) return false;
    hex_format(store->key.private.identifier, LMS_IDENTIFIER, identifier);
    int used = snprintf(store->mark_path, KEY_PATH, "%s/%s.state", folder, identifier);
    if (used < 0 || used >= KEY_PATH) return refuse(error, "%.180s: name too long", folder);
    used = snprintf(path, KEY_PATH, "%s/%s.lock", folder, identifier);
    if (used < 0 || used >= KEY_PATH) return refuse(error, "%.180s: name too long", folder);
    store->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (store->lock < 0) return refuse(error, "%.180s: %s", path, strerror(errno));
    if (flock(store->lock, LOCK_EX | LOCK_NB) == 0) return true;
    return refuse(error, "%.180s: in use by another signer", store->key_path);
}

static bool read_key(struct key_store *store, struct stat *st, char *error) {
    uint8_t text[LMS_KEY_TEXT];
    size_t len;
    const int reason = read_small(store->key_path, text, &len, st);
    const bool good = reason == 0 && lms_key_parse(store->soft, text, len, &store->key);
    explicit_bzero(text, sizeof text);
    if (reason != 0) return refuse(error, "%.180s: %s", store->key_path, strerror(reason));
    store->on_disk = store->key.next;
    if (!good) return refuse(error, "%.180s: not a private key of fwpkg, or damaged", store->key_path);
    if ((st->st_mode & (S_IRWXG | S_IRWXO)) == 0) return true;
    return refuse(error, "%.180s: others may read it: its mode must be 0600", store->key_path);
}

/* False with ENOENT's text when there is no mark. */
static bool read_mark(struct key_store *store, char *error) {
    struct stat st;
    uint8_t text[LMS_KEY_TEXT];
    size_t len;
    const int reason = read_small(store->mark_path, text, &len, &st);
    if (reason != 0) return refuse(error, "no record of its use: %.180s: %s", store->mark_path, strerror(reason));
    if (lms_mark_parse(store->soft, text, len, &store->mark) &&
        memcmp(store->mark.identifier, store->key.private.identifier, LMS_IDENTIFIER) == 0)
        return true;
    return refuse(error, "the record of its use is damaged: %.180s", store->mark_path);
}

/* Why key and mark do not belong together, NULL when they do. */
static const char *disagreement(const struct key_store *store, const struct stat *st) {
    const uint32_t key = store->on_disk, mark = store->mark.next;
    if (!store->mark.settled && (key == store->mark.key || key == mark)) return NULL;
    if (key < mark) return "is an old copy: more of its one-time keys are used than it knows";
    if (key > mark) return "the record of its use is an old copy: the key knows of more";
    if (!stamped(&store->mark, st))
        return "is not the file that signed last: it was copied, restored, moved or changed";
    return NULL;
}

/* @p known: there is a mark. */
static bool skip(struct key_store *store, uint32_t skip_to, bool known, char *error) {
    uint32_t least = store->key.next;
    if (known && store->mark.next > least) least = store->mark.next;
    if (skip_to < least)
        return refuse(error, "%.180s: one-time keys up to %u are used: cannot go on from %u", store->key_path,
                      (unsigned)least - 1u, (unsigned)skip_to);
    return move_on(store, skip_to, error);
}

static bool resolve(struct key_store *store, const char *path, char *error) {
    char *real = realpath(path, NULL);
    if (real == NULL) return refuse(error, "%.180s: %s", path, strerror(errno));
    const int used = snprintf(store->key_path, KEY_PATH, "%s", real);
    free(real);
    return (used >= 0 && used < KEY_PATH) || refuse(error, "%.180s: name too long", path);
}

bool key_store_open(struct key_store *store, const char *path, const char *folder, uint32_t skip_to, char *error) {
    char reason[KEY_ERROR_TEXT];
    struct stat st;
    store->lock = -1;
    store->spoiled = false;
    if (!resolve(store, path, error) || !read_key(store, &st, error) || !lock(store, folder, error)) return false;
    /* Again, now that nobody else writes it. */
    if (!read_key(store, &st, error)) return false;
    const bool known = read_mark(store, reason);
    if (skip_to != KEY_NO_SKIP) return skip(store, skip_to, known, error);
    const char *why = known ? disagreement(store, &st) : reason;
    if (why != NULL) return refuse(error, "%.180s: %.300s (see --skip-to)", store->key_path, why);
    store->key.next = store->mark.next;
    return true;
}

bool key_store_create(struct key_store *store, const char *path, const char *folder, const struct lms_key *key,
                      char *error) {
    struct stat st;
    store->lock = -1;
    store->key = *key;
    store->on_disk = key->next;
    const int used = snprintf(store->key_path, KEY_PATH, "%s", path);
    if (used < 0 || used >= KEY_PATH) return refuse(error, "%.180s: name too long", path);
    if (lstat(path, &st) == 0) return refuse(error, "%.180s: is there already", path);
    return lock(store, folder, error) && move_on(store, key->next, error);
}

bool key_store_reserve(struct key_store *store, uint32_t *index, char *error) {
    const uint32_t next = store->key.next;
    if (store->spoiled) return refuse(error, "%.180s: a write failed before", store->key_path);
    if (next >= LMS_KEYS) return refuse(error, "%.180s: used up: it made all of its 1024 signatures", store->key_path);
    *index = next;
    return move_on(store, next + 1, error);
}

void key_store_close(struct key_store *store) {
    if (store->lock >= 0) close(store->lock);
    store->lock = -1;
    explicit_bzero(&store->key, sizeof store->key);
}
