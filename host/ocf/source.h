// SPDX-License-Identifier: Apache-2.0
//
// The trusted source: a folder of packages (*.pldm), of which only those count that are signed as a whole: every
// component has a manifest, and each is authentic by the root keys given, and the package's header says of it what the
// manifest says.
#pragma once
#include "host/component_sign.h"
#include "host/ocf/choose.h"

enum { OCF_ROOTS = 32 };

struct ocf_source {
    const char *folder;
    uint32_t root_count;
    uint32_t revoked;                      /* bit i: root i */
    const char *roots[OCF_ROOTS];          /* paths of public keys */
    uint8_t hashes[OCF_ROOTS][IMAGE_HASH]; /* source_open() */
};

/** A package in memory that is authentic. */
struct ocf_package {
    char name[256]; /* of the file, within the folder */
    struct signed_file file;
    struct pkg package;
    struct ocf_image *images;
};
void ocf_package_free(struct ocf_package *package);

/** Reads the root keys. @p error: SIGN_ERROR_TEXT bytes */
bool ocf_source_open(struct ocf_source *source, struct lms_soft *soft, char *error);

/** What was found. */
struct ocf_found {
    unsigned packages, refused; /* files; those of them that are not authentic */
    bool any;                   /* an update: package and choice are set; the package is to be freed */
    struct ocf_package package;
    struct ocf_choice choice;
};

/** Looks through the folder for the best update for the device; of equals the one with the first name. device->known
 * counts, and so does what the folder's packages say.
 *
 * @param hear  gets one line for each file: why it is refused, or what it is to the device
 * @return false when the folder cannot be read: @p error, SIGN_ERROR_TEXT bytes */
bool ocf_source_look(const struct ocf_source *source, struct lms_soft *soft, const struct ocf_device *device,
                     void (*hear)(const char *line), struct ocf_found *found, char *error);
