// SPDX-License-Identifier: Apache-2.0
//
// The two files of a signing key as text: the key itself, secret, and the mark that is kept apart from it and knows up
// to where one-time keys are used. Lines of a name and a value, the last one a check sum; what is not exactly what
// would be written is refused.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "host/lms_sign.h"

#define LMS_KEY_TEXT 512 /* most bytes of either file */

struct lms_key {
    struct lms_private private;
    uint8_t root[LMS_HASH];
    uint32_t next; /* one-time key that is used next, LMS_KEYS: none is left */
};

struct lms_mark {
    uint8_t identifier[LMS_IDENTIFIER];
    uint32_t next;    /* no one-time key from here on was ever used */
    uint32_t key;     /* what the key file says is next; unsettled: said before it was written anew */
    bool settled;     /* the key file is the very one of the next three fields; else it is being written */
    uint64_t inode;   /* of the key file */
    uint64_t seconds; /* of its last change of any kind (ctime), which no copy can have */
    uint32_t nanoseconds;
};

/** Writes the file's text. @return its length; 0 when OpenSSL failed */
size_t lms_key_format(struct lms_soft *soft, const struct lms_key *key, char text[LMS_KEY_TEXT]);
size_t lms_mark_format(struct lms_soft *soft, const struct lms_mark *mark, char text[LMS_KEY_TEXT]);

/** Reads the text of a file; nothing beyond @p len is read. */
bool lms_key_parse(struct lms_soft *soft, const uint8_t *text, size_t len, struct lms_key *key);
bool lms_mark_parse(struct lms_soft *soft, const uint8_t *text, size_t len, struct lms_mark *mark);

/** @p len bytes as hexadecimal digits. @return @p out, of 2 * len + 1 bytes */
char *hex_format(const uint8_t *bytes, size_t len, char *out);
/** Exactly 2 * @p len digits. */
bool hex_parse(const char *text, size_t len, uint8_t *bytes);
