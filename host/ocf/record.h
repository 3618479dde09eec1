// SPDX-License-Identifier: Apache-2.0
//
// What ocfd knows across restarts, in a file of lines that is replaced whole (host/durable.h): pstat, the update that
// is under way, and the security versions of the images that it installed.
#pragma once
#include <stddef.h>

#include "host/durable.h"
#include "host/ocf/image.h"
#include "host/ocf/pstat.h"

enum {
    OCF_IMAGES = 64,
    OCF_RECORD_TEXT = 65536, /* bytes that hold any record */
    OCF_RECORD_ERROR = 320,
};

struct ocf_images {
    unsigned count;
    struct ocf_image image[OCF_IMAGES];
};

struct ocf_record {
    struct pstat pstat;
    bool autonomous;             /* what tm says was begun by the device itself */
    uint8_t attempts;            /* starts of ocfd that found this update under way */
    uint64_t checked;            /* when the last autonomous check began: seconds since 1970, 0: never */
    struct ocf_images target;    /* of the update under way, from when it was chosen on */
    struct ocf_images installed; /* the last ones, one a component */
};

/** A device that nobody owns. */
void ocf_record_new(struct ocf_record *record);

/** @return bytes written to @p text, OCF_RECORD_TEXT of them */
size_t ocf_record_format(const struct ocf_record *record, char *text);
/** False when it is anything but what ocf_record_format() writes. */
bool ocf_record_parse(const char *text, size_t len, struct ocf_record *record);

/** Reads the record, a new one when there is no file. @p error: OCF_RECORD_ERROR bytes, "PATH: reason" */
bool ocf_record_load(const char *path, struct ocf_record *record, char *error);
/** Replaces the file; when it fails the old one is there, or the new one. */
bool ocf_record_save(const struct durable *durable, const char *path, const struct ocf_record *record, char *error);

/** Takes the target of an update that was made into the installed images. */
void ocf_record_installed(struct ocf_record *record);
