// SPDX-License-Identifier: Apache-2.0
//
// Promises of lms_key.h.
#include "host/lms_key.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { CHECK_BYTES = 8, HEX = 2 * LMS_HASH + 1 };

char *hex_format(const uint8_t *bytes, size_t len, char *out) {
    for (size_t i = 0; i < len; i++) snprintf(out + 2 * i, 3, "%02x", bytes[i]);
    out[2 * len] = '\0';
    return out;
}

static int digit(char c) {
    static const char digits[] = "0123456789abcdef";
    const char *at = c == '\0' ? NULL : strchr(digits, c);
    return at == NULL ? -1 : (int)(at - digits);
}

bool hex_parse(const char *text, size_t len, uint8_t *bytes) {
    for (size_t i = 0; i < len; i++) {
        const int high = digit(text[2 * i]), low = high < 0 ? -1 : digit(text[2 * i + 1]);
        if (low < 0) return false;
        bytes[i] = (uint8_t)(high << 4 | low);
    }
    return text[2 * len] == '\0';
}

/* Appends the line with the check sum of what stands before. */
static size_t finish(struct lms_soft *soft, char text[LMS_KEY_TEXT]) {
    uint8_t hash[LMS_HASH];
    char hex[HEX];
    const size_t len = strlen(text);
    if (!lms_soft_hash(soft, text, len, hash)) return 0;
    return len + (size_t)snprintf(text + len, LMS_KEY_TEXT - len, "check %s\n", hex_format(hash, CHECK_BYTES, hex));
}

size_t lms_key_format(struct lms_soft *soft, const struct lms_key *key, char text[LMS_KEY_TEXT]) {
    char identifier[HEX], seed[HEX], root[HEX];
    snprintf(text, LMS_KEY_TEXT, "fwpkg LMS private key 1\nidentifier %s\nseed %s\nroot %s\nnext %" PRIu32 "\n",
             hex_format(key->private.identifier, LMS_IDENTIFIER, identifier),
             hex_format(key->private.seed, LMS_SEED, seed), hex_format(key->root, LMS_HASH, root), key->next);
    return finish(soft, text);
}

size_t lms_mark_format(struct lms_soft *soft, const struct lms_mark *mark, char text[LMS_KEY_TEXT]) {
    char identifier[HEX];
    snprintf(text, LMS_KEY_TEXT,
             "fwpkg LMS key state 1\nidentifier %s\nnext %" PRIu32 "\nkey %" PRIu32 "\nsettled %d\ninode %" PRIu64
             "\nchanged %" PRIu64 ".%09" PRIu32 "\n",
             hex_format(mark->identifier, LMS_IDENTIFIER, identifier), mark->next, mark->key, mark->settled,
             mark->inode, mark->seconds, mark->nanoseconds);
    return finish(soft, text);
}

/* The text as a string. */
static bool copy(const uint8_t *bytes, size_t len, char text[LMS_KEY_TEXT]) {
    if (len >= LMS_KEY_TEXT) return false;
    memcpy(text, bytes, len);
    text[len] = '\0';
    return strlen(text) == len;
}

bool lms_key_parse(struct lms_soft *soft, const uint8_t *bytes, size_t len, struct lms_key *key) {
    char text[LMS_KEY_TEXT], again[LMS_KEY_TEXT], identifier[HEX], seed[HEX], root[HEX];
    bool good = copy(bytes, len, text) &&
                sscanf(text, "fwpkg LMS private key 1 identifier %32s seed %64s root %64s next %" SCNu32, identifier,
                       seed, root, &key->next) == 4;
    good = good && hex_parse(identifier, LMS_IDENTIFIER, key->private.identifier) &&
           hex_parse(seed, LMS_SEED, key->private.seed) && hex_parse(root, LMS_HASH, key->root);
    return good && key->next <= LMS_KEYS && lms_key_format(soft, key, again) == len && strcmp(text, again) == 0;
}

bool lms_mark_parse(struct lms_soft *soft, const uint8_t *bytes, size_t len, struct lms_mark *mark) {
    char text[LMS_KEY_TEXT], again[LMS_KEY_TEXT], identifier[HEX];
    int settled = 0;
    bool good = copy(bytes, len, text) && sscanf(text,
                                                 "fwpkg LMS key state 1 identifier %32s next %" SCNu32 " key %" SCNu32
                                                 " settled %d inode %" SCNu64 " changed %" SCNu64 ".%" SCNu32,
                                                 identifier, &mark->next, &mark->key, &settled, &mark->inode,
                                                 &mark->seconds, &mark->nanoseconds) == 7;
    mark->settled = settled != 0;
    good = good && hex_parse(identifier, LMS_IDENTIFIER, mark->identifier);
    return good && mark->next <= LMS_KEYS && lms_mark_format(soft, mark, again) == len && strcmp(text, again) == 0;
}
