// SPDX-License-Identifier: Apache-2.0
//
// A package for the scripted device: one record with all its descriptors, an image for each of its two components, one
// behind the other. Tests change what they are about.
#pragma once
#include "host/pkg.h"

enum { FAKE_SIZE_0 = 200, FAKE_SIZE_1 = 1000 };

struct fake_package {
    struct pkg pkg;
    struct pkg_device record;
    struct pkg_component components[2];
    struct pldm_descriptor descriptors[3];
};

void fake_package_init(struct fake_package *p);
