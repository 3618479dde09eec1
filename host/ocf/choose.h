// SPDX-License-Identifier: Apache-2.0
//
// Whether an authentic package is an update for a device, by what the device says in QueryDeviceIdentifiers and
// GetFirmwareParameters; and which of two is the better one.
#pragma once
#include <stddef.h>

#include "host/ocf/record.h"
#include "host/pkg.h"

/** What the device says, and the images whose security versions are known. */
struct ocf_device {
    const struct pldm_descriptor *descriptors;
    size_t descriptor_count;
    const struct pldm_component *components;
    size_t component_count;
    const struct ocf_images *known;
};

/** @p images: what the manifest of each component of the package says, in its order. */
struct ocf_offer {
    const struct pkg *package;
    const struct ocf_image *images;
};

enum ocf_verdict {
    OCF_NEWER,
    OCF_NOTHING_NEWER,
    OCF_NOT_FOR_DEVICE, /* no record matches, or a component is not there */
    OCF_OLDER,          /* a component would go back */
    OCF_LESS_SECURE,    /* the security version of a component would go back */
    OCF_TOO_MANY,       /* components, more than OCF_IMAGES */
};

struct ocf_choice {
    enum ocf_verdict verdict;
    unsigned component;          /* of the package: the one that decided, but for NEWER and NOTHING_NEWER */
    uint16_t wanted[OCF_IMAGES]; /* NEWER: the components of the package that are newer ... */
    struct ocf_images target;    /* ... and their images */
};

/** Judges one. GetFirmwareParameters has no security version: the running image is looked for in device->known by its
 * version, and when it is not found the device itself has to judge. A pending image counts as the one there is. */
void ocf_choose(const struct ocf_device *device, const struct ocf_offer *offer, struct ocf_choice *choice);

/** Whether @p a takes the device further than @p b, both NEWER: the first component of both that differs decides; if
 * none does, the one with more of them. */
bool ocf_better(const struct ocf_images *a, const struct ocf_images *b);

/** Whether the device runs all of these images; with @p or_will, also those that it says are pending. */
bool ocf_runs(const struct ocf_device *device, const struct ocf_images *images, bool or_will);

/** A few words. */
const char *ocf_verdict_name(enum ocf_verdict verdict);
