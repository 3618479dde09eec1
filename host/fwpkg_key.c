// SPDX-License-Identifier: Apache-2.0
//
// fwpkg keygen, and promises of fwpkg_key.h.
#define _POSIX_C_SOURCE 200809L
#include "host/fwpkg_key.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/file.h"
#include "host/simulation_key.h"

int fwpkg_take_key(struct fwpkg_signing *key, const struct options *o, int option) {
    uint64_t number;
    switch (option) {
        case FWPKG_KEY:
            key->path = o->value;
            return 0;
        case FWPKG_STATE:
            key->folder = o->value;
            return 0;
        case FWPKG_SKIP_TO:
            key->skips = parse_number(o->value, LMS_KEYS - 1, &number);
            if (!key->skips) return tool_error(o->tool, "--skip-to %s: not a number up to 1023", o->value) + 1;
            key->skip_to = (uint32_t)number;
            return 0;
        default:
            return option == OPTION_OPERAND ? fwpkg_unexpected(o) : 0;
    }
}

int fwpkg_check_key(const struct fwpkg_signing *key, const struct options *o) {
    if (key->path != NULL || (key->folder == NULL && !key->skips)) return 0;
    return fwpkg_missing(o, "--key FILE");
}

const char *fwpkg_key_folder(const char *folder, const char *tool, char *room) {
    static const struct {
        const char *variable, *below;
    } usual[] = {{"XDG_STATE_HOME", "fwpkg"}, {"HOME", ".local/state/fwpkg"}};
    if (folder != NULL) return folder;
    for (size_t i = 0; i < sizeof usual / sizeof usual[0]; i++) {
        const char *base = getenv(usual[i].variable);
        if (base == NULL || base[0] != '/') continue;
        const int used = snprintf(room, FWPKG_FOLDER, "%s/%s", base, usual[i].below);
        if (used > 0 && used < FWPKG_FOLDER) return room;
    }
    tool_error(tool, "neither XDG_STATE_HOME nor HOME says where the record of the key's use is: --state DIR does");
    return NULL;
}

struct signer *fwpkg_open_key(const struct fwpkg_signing *key, const char *tool) {
    char error[KEY_ERROR_TEXT], room[FWPKG_FOLDER];
    const char *folder = fwpkg_key_folder(key->folder, tool, room);
    if (folder == NULL) return NULL;
    struct signer *signer = signer_open(key->path, folder, key->skips ? key->skip_to : KEY_NO_SKIP, error);
    if (signer == NULL) tool_error(tool, "%s", error);
    return signer;
}

struct keygen {
    const char *output, *public_key, *folder;
    bool simulation;
};

static int take(void *ctx, const struct options *o, int key) {
    struct keygen *k = ctx;
    switch (key) {
        case FWPKG_OUTPUT:
            k->output = o->value;
            return 0;
        case FWPKG_PUBLIC_KEY:
            k->public_key = o->value;
            return 0;
        case FWPKG_STATE:
            k->folder = o->value;
            return 0;
        case FWPKG_SIMULATION:
            k->simulation = true;
            return 0;
        default:
            return key == OPTION_OPERAND ? fwpkg_unexpected(o) : 0;
    }
}

static void print_key(const uint8_t key[LMS_PUBLIC_KEY], const char *path, const char *folder) {
    uint8_t hash[LMS_HASH];
    char hex[2 * LMS_HASH + 1];
    struct lms_soft *soft = malloc(sizeof *soft);
    if (soft != NULL && lms_soft_open(soft) && lms_soft_hash(soft, key, LMS_PUBLIC_KEY, hash)) {
        printf("key identifier   %s\n", hex_format(hash, IMAGE_KEY_ID, hex));
        printf("public key hash  %s\n", hex_format(hash, LMS_HASH, hex));
    }
    if (soft != NULL) lms_soft_close(soft);
    free(soft);
    printf("public key       %s\n", path);
    printf("record of use    %s/%s.state\n", folder, hex_format(key + LMS_KEY_I, LMS_IDENTIFIER, hex));
}

static int keygen(const struct keygen *k, const char *tool) {
    char error[KEY_ERROR_TEXT], path[FWPKG_FOLDER], room[FWPKG_FOLDER];
    uint8_t key[LMS_PUBLIC_KEY];
    struct stat st;
    const char *folder = fwpkg_key_folder(k->folder, tool, room);
    if (folder == NULL) return 1;
    const int used = snprintf(path, sizeof path, k->public_key != NULL ? "%s" : "%s.pub",
                              k->public_key != NULL ? k->public_key : k->output);
    if (used < 0 || used >= (int)sizeof path) return tool_error(tool, "%.180s: name too long", k->output);
    if (lstat(path, &st) == 0) return tool_error(tool, "%s: is there already", path);
    if (!signer_create(k->output, folder, k->simulation ? simulation_root : NULL, key, error))
        return tool_error(tool, "%s", error);
    if (!file_write(path, key, sizeof key, error)) {
        unlink(k->output);
        return tool_error(tool, "%s", error);
    }
    print_key(key, path, folder);
    if (k->simulation) puts("FOR SIMULATION ONLY: everybody has this key. No card that leaves the desk may know it.");
    return 0;
}

int fwpkg_keygen(struct options *o) {
    struct keygen k = {.output = NULL};
    const int status = fwpkg_take_all(o, &k, take);
    if (status != 0) return status;
    if (k.output == NULL) return fwpkg_missing(o, "-o FILE");
    return keygen(&k, o->tool);
}
