// SPDX-License-Identifier: Apache-2.0
//
// Promises of keys.h.
#define _POSIX_C_SOURCE 200809L
#include "host/ocf/keys.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { LINE = 512 };

static const char *take_key(const char *text, struct ocf_client *client) {
    const size_t len = strlen(text);
    if (len == 0 || len % 2 != 0 || strspn(text, "0123456789abcdefABCDEF") != len) return "the key is not hexadecimal";
    if (len < 2 * OCF_KEY_LEAST || len > 2 * OCF_KEY_MOST) return "the key has not 16 to 64 bytes";
    for (size_t i = 0; i < len / 2; i++) {
        const char pair[3] = {text[2 * i], text[2 * i + 1], '\0'};
        client->key[i] = (uint8_t)strtoul(pair, NULL, 16);
    }
    client->key_len = len / 2;
    return NULL;
}

/* One line, which is cut into its words. NULL, or what is wrong. */
static const char *take_line(char *line, struct ocf_keys *keys) {
    char *rest = line;
    const char *word[4];
    for (int i = 0; i < 4; i++) word[i] = strtok_r(i == 0 ? line : NULL, " \t\r\n", &rest);
    if (word[0] == NULL || word[0][0] == '#') return NULL;
    if (word[2] == NULL || word[3] != NULL) return "not IDENTITY ROLE KEY";
    if (keys->count == OCF_CLIENTS) return "more than 64 clients";
    const size_t len = strlen(word[0]);
    if (len > OCF_IDENTITY) return "an identity of more than 64 characters";
    if (ocf_keys_find(keys, (const uint8_t *)word[0], len) != NULL) return "the identity is there already";
    struct ocf_client *client = &keys->client[keys->count];
    memcpy(client->identity, word[0], len + 1);
    client->identity_len = len;
    for (int r = 0; r < OCF_ROLES; r++) {
        if (strcmp(word[1], ocf_role_name((enum ocf_role_name)r)) != 0) continue;
        client->role = (enum ocf_role_name)r;
        const char *fault = take_key(word[2], client);
        if (fault == NULL) keys->count++;
        return fault;
    }
    return "the role is not one of client, dots, cms, ams";
}

static bool read_lines(const char *path, FILE *file, struct ocf_keys *keys, char *error) {
    char line[LINE];
    for (unsigned number = 1; fgets(line, sizeof line, file) != NULL; number++) {
        const char *fault = strlen(line) == LINE - 1 ? "line too long" : take_line(line, keys);
        if (fault == NULL) continue;
        snprintf(error, OCF_KEYS_ERROR, "%.200s:%u: %s", path, number, fault);
        return false;
    }
    if (keys->count != 0 && ferror(file) == 0) return true;
    snprintf(error, OCF_KEYS_ERROR, "%.200s: no client in it", path);
    return false;
}

bool ocf_keys_read(const char *path, struct ocf_keys *keys, char *error) {
    struct stat st;
    memset(keys, 0, sizeof *keys);
    FILE *file = fopen(path, "r");
    if (file == NULL || fstat(fileno(file), &st) != 0) {
        snprintf(error, OCF_KEYS_ERROR, "%.200s: %.80s", path, strerror(errno));
        if (file != NULL) fclose(file);
        return false;
    }
    bool good = (st.st_mode & (S_IRWXG | S_IRWXO)) == 0;
    if (!good) snprintf(error, OCF_KEYS_ERROR, "%.200s: others may read it: its mode must be 0600", path);
    good = good && read_lines(path, file, keys, error);
    fclose(file);
    return good;
}

const struct ocf_client *ocf_keys_find(const struct ocf_keys *keys, const uint8_t *identity, size_t len) {
    for (unsigned i = 0; i < keys->count; i++)
        if (keys->client[i].identity_len == len && memcmp(keys->client[i].identity, identity, len) == 0)
            return &keys->client[i];
    return NULL;
}
