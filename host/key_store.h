// SPDX-License-Identifier: Apache-2.0
//
// Where a signing key lies, and the promise that no one-time key is handed out twice: not after a crash or a power cut
// at any instant, and not from a copy of the key that was put back.
//
// Two files: the key, and in another folder its mark, which knows how far one-time keys are used, and by inode number
// and ctime which file on this disk is the key. A reservation is three durable writes:
//
//   1. mark: index + 1 is next, unsettled; what the key file says until 2    the index is never given again
//   2. key:  index + 1 is next
//   3. mark: settled, with the new key file's inode and ctime
//
// Opening compares them. A settled mark wants the very file of step 3; an unsettled one takes a key that says what it
// said before step 1, or what it says after step 2: a crash in between costs that index. Anything else is refused: see
// docs/signing.md for what that finds and what it cannot find.
#pragma once
#include "host/durable.h"
#include "host/lms_key.h"

#define KEY_ERROR_TEXT 640
#define KEY_PATH       4096
#define KEY_NO_SKIP    UINT32_MAX

struct key_store {
    struct durable durable;
    struct lms_soft *soft;
    struct lms_key key;
    struct lms_mark mark;
    uint32_t on_disk; /* what the key file says is next */
    int lock;         /* open file, locked while the key is in use; -1: none */
    bool spoiled;     /* a write failed: what is on the disk is not known */
    char key_path[KEY_PATH];
    char mark_path[KEY_PATH];
};

/** Makes the two files of a new key; @p store->durable and soft are set, and it is open afterwards.
 *
 * @param path    must not be there
 * @param folder  of marks; made when it is not there
 * @param error   KEY_ERROR_TEXT bytes, for all functions
 * @return false when nothing usable was left */
bool key_store_create(struct key_store *store, const char *path, const char *folder, const struct lms_key *key,
                      char *error);

/** Opens a key for signing, alone: while it is open nobody else can.
 *
 * @param skip_to  KEY_NO_SKIP, or the one-time key to go on from although files were moved or lost; not below what
 *                 either file says. The caller answers for it. */
bool key_store_open(struct key_store *store, const char *path, const char *folder, uint32_t skip_to, char *error);

/** Takes the next one-time key. When this returns true, the disk knows that @p index is used. */
bool key_store_reserve(struct key_store *store, uint32_t *index, char *error);

/** Unlocks, and wipes what is secret. To be called in any case after create or open. */
void key_store_close(struct key_store *store);
