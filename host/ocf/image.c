// SPDX-License-Identifier: Apache-2.0
//
// Promises of image.h.
#include "host/ocf/image.h"

#include <string.h>

#include "fw/update/version.h"

#define NO_STAMP UINT32_MAX /* DSP0267 table 5 */

struct ocf_image ocf_image_of(const struct image *manifest) {
    struct ocf_image image = {.classification = manifest->classification,
                              .identifier = manifest->identifier,
                              .stamp = manifest->stamp,
                              .security_version = manifest->security_version,
                              .version_type = manifest->version_type,
                              .version_len = manifest->version_length};
    memcpy(image.version, manifest->version, manifest->version_length);
    return image;
}

static bool has_stamp(uint32_t stamp) {
    return stamp != 0 && stamp != NO_STAMP;
}

bool ocf_image_is(const struct ocf_image *image, const struct pldm_component_version *version) {
    const struct pldm_string own = ocf_image_version(image);
    if (has_stamp(version->stamp) && version->stamp != image->stamp) return false;
    return own.len == version->version.len && memcmp(own.bytes, version->version.bytes, own.len) == 0;
}

int ocf_image_order(const struct ocf_image *image, const struct pldm_component_version *version) {
    const struct pldm_string own = ocf_image_version(image);
    if (has_stamp(image->stamp) && has_stamp(version->stamp))
        return (image->stamp > version->stamp) - (image->stamp < version->stamp);
    return version_compare(&own, &version->version);
}
