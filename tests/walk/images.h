// SPDX-License-Identifier: Apache-2.0
//
// Four versions of each component's image, the package that holds one of them, and what a flash holds: a slot's
// contents are one of the images, whole, or none.
#pragma once
#include "fw/board/board.h"
#include "fw/update/journal.h"
#include "host/pkg.h"
#include "tests/walk/scenarios.h"

enum { VERSION_FACTORY, VERSION_BEFORE, VERSION_UPDATE, VERSION_AFTER, VERSIONS, NO_VERSION = -1 };

struct images {
    uint8_t *bytes[VERSIONS][SCENARIO_COMPONENTS];
    size_t len[VERSIONS][SCENARIO_COMPONENTS];
    uint8_t forged; /* bit i: component i's VERSION_UPDATE is not authentic: no slot may hold it */
    /* The package's parts. */
    struct pkg_device device;
    struct pkg_component components[SCENARIO_COMPONENTS];
    uint8_t applicable;
    uint8_t data[UINT16_MAX];
};

extern const char *const image_versions[VERSIONS];

void images_make(struct images *images, const struct scenario *scenario, uint32_t seed);
void images_free(struct images *images);

/** Fills slots, golden image and journal as the factory does: slot 0 everywhere. */
void images_factory(const struct images *images, uint8_t *flash);
/** The package for the board with version @p version of the components of bitmap @p which and @p data_len bytes of
 * package data; its parts stay in @p images. */
struct pkg images_package(struct images *images, unsigned version, uint8_t which, uint16_t data_len);

/** Manifest and table blocks of an image. */
uint32_t images_headers(const struct images *images, unsigned component, int version);
/** The version whose image is in this slot, whole, or NO_VERSION. */
int images_in_slot(const struct images *images, const uint8_t *flash, unsigned component, unsigned slot);
/** Whether a slot of the component holds an image that is not authentic. */
bool images_forgery_in(const struct images *images, const uint8_t *flash, unsigned component);
/** The journal in the flash. */
struct journal images_journal(const uint8_t *flash);
