// SPDX-License-Identifier: Apache-2.0
//
// Small files that must be on the disk, whole, before anything else happens: written beside, synced, renamed, and the
// folder synced. After a crash or a power cut the file is the old one or the new one.
#pragma once
#include <stdbool.h>
#include <stddef.h>

#define DURABLE_ERROR_TEXT 256

enum durable_step { DURABLE_OPEN, DURABLE_WRITE, DURABLE_SYNC, DURABLE_RENAME, DURABLE_SYNC_FOLDER, DURABLE_STEPS };

/** Tests stop a write here. */
struct durable {
    /** Asked before each step; false: the step fails. NULL: all go on. */
    bool (*allow)(void *ctx, const char *path, enum durable_step step);
    void *ctx;
};

/** Replaces or creates @p path, readable for its owner only. When it fails the old file is there, or the new one, which
 * may then still be lost in a power cut.
 *
 * @param error  DURABLE_ERROR_TEXT bytes: "PATH: reason" */
bool durable_write(const struct durable *durable, const char *path, const char *text, size_t len, char *error);

/** Makes a folder and those above it, for its owner only; one that is there is left as it is. Arguments as above. */
bool durable_folder(const char *path, char *error);
