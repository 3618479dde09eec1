// SPDX-License-Identifier: Apache-2.0
//
// Promises of choose.h.
#include "host/ocf/choose.h"

/* The security version of what runs. False when it is not known. */
static bool running_security(const struct ocf_device *device, const struct pldm_component *c, uint32_t *out) {
    bool found = false;
    for (unsigned i = 0; i < device->known->count; i++) {
        const struct ocf_image *image = &device->known->image[i];
        if (image->classification != c->classification || image->identifier != c->identifier) continue;
        if (!ocf_image_is(image, &c->active)) continue;
        if (!found || image->security_version > *out) *out = image->security_version;
        found = true;
    }
    return found;
}

/* One image for one component of the device. */
static enum ocf_verdict judge(const struct ocf_device *device, const struct ocf_image *image,
                              const struct pldm_component *c) {
    uint32_t security = 0;
    if (running_security(device, c, &security) && image->security_version < security) return OCF_LESS_SECURE;
    const int order = ocf_image_order(image, c->pending.version.len != 0 ? &c->pending : &c->active);
    return order > 0 ? OCF_NEWER : order == 0 ? OCF_NOTHING_NEWER : OCF_OLDER;
}

/* One image for all components of the device that take it. */
static enum ocf_verdict judge_all(const struct ocf_device *device, const struct ocf_image *image) {
    enum ocf_verdict all = OCF_NOT_FOR_DEVICE;
    for (size_t i = 0; i < device->component_count; i++) {
        const struct pldm_component *c = &device->components[i];
        if (c->classification != image->classification || c->identifier != image->identifier) continue;
        const enum ocf_verdict one = judge(device, image, c);
        if (one == OCF_LESS_SECURE || one == OCF_OLDER) return one;
        if (one == OCF_NEWER || all == OCF_NOT_FOR_DEVICE) all = one;
    }
    return all;
}

void ocf_choose(const struct ocf_device *device, const struct ocf_offer *offer, struct ocf_choice *choice) {
    const struct pkg_device *record = pkg_match(offer->package, device->descriptors, device->descriptor_count);
    *choice = (struct ocf_choice){.verdict = OCF_NOT_FOR_DEVICE};
    if (record == NULL) return;
    for (unsigned n = 0; n < offer->package->component_count; n++) {
        if (!pkg_applies(record, n)) continue;
        choice->component = n;
        choice->verdict = judge_all(device, &offer->images[n]);
        if (choice->verdict == OCF_NEWER && choice->target.count == OCF_IMAGES) choice->verdict = OCF_TOO_MANY;
        if (choice->verdict > OCF_NOTHING_NEWER) return;
        if (choice->verdict != OCF_NEWER) continue;
        choice->wanted[choice->target.count] = (uint16_t)n;
        choice->target.image[choice->target.count++] = offer->images[n];
    }
    choice->verdict = choice->target.count != 0 ? OCF_NEWER : OCF_NOTHING_NEWER;
}

bool ocf_better(const struct ocf_images *a, const struct ocf_images *b) {
    for (unsigned i = 0; i < a->count; i++) {
        for (unsigned j = 0; j < b->count; j++) {
            if (!ocf_image_same_component(&a->image[i], &b->image[j])) continue;
            const struct pldm_component_version other = {.version = ocf_image_version(&b->image[j]),
                                                         .stamp = b->image[j].stamp};
            const int order = ocf_image_order(&a->image[i], &other);
            if (order != 0) return order > 0;
        }
    }
    return a->count > b->count;
}

bool ocf_runs(const struct ocf_device *device, const struct ocf_images *images, bool or_will) {
    for (unsigned i = 0; i < images->count; i++) {
        bool found = false;
        for (size_t n = 0; n < device->component_count; n++) {
            const struct pldm_component *c = &device->components[n];
            if (c->classification != images->image[i].classification || c->identifier != images->image[i].identifier)
                continue;
            if (!ocf_image_is(&images->image[i], &c->active) &&
                !(or_will && ocf_image_is(&images->image[i], &c->pending)))
                return false;
            found = true;
        }
        if (!found) return false;
    }
    return images->count != 0;
}

const char *ocf_verdict_name(enum ocf_verdict verdict) {
    static const char *const names[] = {
        [OCF_NEWER] = "an update for the device",
        [OCF_NOTHING_NEWER] = "nothing newer than what the device has",
        [OCF_NOT_FOR_DEVICE] = "not for this device",
        [OCF_OLDER] = "would take a component back to an older version",
        [OCF_LESS_SECURE] = "would take a component back to a lower security version",
        [OCF_TOO_MANY] = "has too many components",
    };
    return names[verdict];
}
