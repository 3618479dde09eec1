// SPDX-License-Identifier: Apache-2.0
//
// One component's software as its signed manifest describes it: what versions are compared by, and what is remembered.
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "fw/image/image.h"
#include "fw/pldm/pldm.h"

struct ocf_image {
    uint16_t classification, identifier;
    uint32_t stamp;
    uint32_t security_version;
    uint8_t version_type, version_len;
    uint8_t version[IMAGE_VERSION_MAX];
};

struct ocf_image ocf_image_of(const struct image *manifest);

static inline struct pldm_string ocf_image_version(const struct ocf_image *image) {
    return (struct pldm_string){image->version_type, image->version_len, image->version};
}

/** Whether both are of the same component. */
static inline bool ocf_image_same_component(const struct ocf_image *a, const struct ocf_image *b) {
    return a->classification == b->classification && a->identifier == b->identifier;
}

/** Whether a device's component says that it has this image: version and, where the device has one, stamp. */
bool ocf_image_is(const struct ocf_image *image, const struct pldm_component_version *version);

/** Above 0 when the image is newer than what the device says, 0 when the same, below 0 when older: by comparison stamps
 * where both have one, else by the version strings. */
int ocf_image_order(const struct ocf_image *image, const struct pldm_component_version *version);
