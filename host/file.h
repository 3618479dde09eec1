// SPDX-License-Identifier: Apache-2.0
//
// Whole files in and out, with the reason in words when it does not work.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FILE_ERROR_TEXT 256

/** Reads a file of at most 1 GiB into a new array for the caller to free; *bytes is never NULL on success.
 *
 * @param error  FILE_ERROR_TEXT bytes: "PATH: reason" */
bool file_read(const char *path, uint8_t **bytes, size_t *len, char *error);

/** Writes a file: a temporary name first, renamed at the end, so that PATH is the old file or all of the new one. A
 * link or a device at PATH stays what it is and is written through.
 *
 * @param error  FILE_ERROR_TEXT bytes: "PATH: reason" */
bool file_write(const char *path, const uint8_t *bytes, size_t len, char *error);
