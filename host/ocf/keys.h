// SPDX-License-Identifier: Apache-2.0
//
// The pre-shared keys of DTLS, and what each client is: a file of lines `IDENTITY ROLE KEY`, the key in hexadecimal, 16
// to 64 bytes. Empty lines and those that begin with # say nothing. Others than the file's owner must not read it.
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "host/ocf/access.h"

enum { OCF_KEY_LEAST = 16, OCF_KEY_MOST = 64, OCF_IDENTITY = 64, OCF_CLIENTS = 64, OCF_KEYS_ERROR = 320 };

struct ocf_client {
    char identity[OCF_IDENTITY + 1];
    size_t identity_len;
    enum ocf_role_name role;
    uint8_t key[OCF_KEY_MOST];
    size_t key_len;
};

struct ocf_keys {
    unsigned count; /* at least 1 */
    struct ocf_client client[OCF_CLIENTS];
};

/** @param error OCF_KEYS_ERROR bytes: "PATH:LINE: reason" */
bool ocf_keys_read(const char *path, struct ocf_keys *keys, char *error);
/** NULL: no such client. */
const struct ocf_client *ocf_keys_find(const struct ocf_keys *keys, const uint8_t *identity, size_t len);
