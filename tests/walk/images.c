// SPDX-License-Identifier: Apache-2.0
//
// See images.h.
#include "tests/walk/images.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fw/update/journal.h"
#include "host/component.h"
#include "host/simulation_key.h"

const char *const image_versions[VERSIONS] = {"1.0.0", "1.5.0", "2.0.0", "3.0.0"};

static void fill(uint8_t *bytes, size_t len, uint64_t seed) {
    struct dice dice = {seed};
    for (size_t i = 0; i < len; i += 4) {
        const uint32_t word = dice_below(&dice, UINT32_MAX);
        for (size_t n = 0; n < 4 && i + n < len; n++) bytes[i + n] = (uint8_t)(word >> 8 * n);
    }
}

static struct component_spec spec_of(unsigned component, unsigned version) {
    const struct board_component *board = &board_components[component];
    return (struct component_spec){
        .payload = "payload",
        .version = image_versions[version],
        .classification = board->classification,
        .identifier = board->identifier,
        .stamp = 1 + version,
        .security_version = version,
        .load_address = board->load_address,
        .date = {'2', '0', '2', '6', '0', '1', '0', (uint8_t)('1' + version)},
        .base = board->slot[0],
        .size = board->slot_size,
    };
}

/* Another key, none, or one wrong bit behind the fields. */
static void forge(uint8_t *image, size_t len, struct dice *dice) {
    switch (dice_below(dice, 4)) {
        case 0:
            simulation_sign(SIMULATION_REVOKED, image, len, false);
            break;
        case 1:
            simulation_sign(SIMULATION_STRANGER, image, len, false);
            break;
        case 2:
            memset(image + IMAGE_AT_KEY_ID, 0, IMAGE_KEY_ID);
            break;
        default:
            image[IMAGE_AT_TABLE_HASHES + dice_below(dice, IMAGE_BLOCK - IMAGE_AT_TABLE_HASHES)] ^=
                (uint8_t)(1u << dice_below(dice, 8));
    }
}

void images_make(struct images *images, const struct scenario *scenario, uint32_t seed) {
    memset(images, 0, sizeof *images);
    for (unsigned v = 0; v < VERSIONS; v++) {
        for (unsigned c = 0; c < SCENARIO_COMPONENTS; c++) {
            char error[COMPONENT_ERROR_TEXT];
            const struct component_spec spec = spec_of(c, v);
            const size_t len = scenario->size[c];
            uint8_t *payload = malloc(len);
            if (payload == NULL) abort();
            fill(payload, len, ((uint64_t)seed << 8) + v * SCENARIO_COMPONENTS + c);
            if (!component_wrap(&spec, payload, len, &images->bytes[v][c], &images->len[v][c], error)) {
                printf("# %s\n", error);
                abort();
            }
            simulation_sign(SIMULATION_ROOT, images->bytes[v][c], images->len[v][c], false);
            free(payload);
        }
    }
    struct dice dice = {seed};
    images->forged = scenario->forged;
    for (unsigned c = 0; c < SCENARIO_COMPONENTS; c++)
        if ((images->forged >> c & 1) != 0)
            forge(images->bytes[VERSION_UPDATE][c], images->len[VERSION_UPDATE][c], &dice);
}

void images_free(struct images *images) {
    for (unsigned v = 0; v < VERSIONS; v++)
        for (unsigned c = 0; c < SCENARIO_COMPONENTS; c++) free(images->bytes[v][c]);
}

static void place(const struct images *images, unsigned c, uint32_t base, uint8_t *flash) {
    char error[COMPONENT_ERROR_TEXT];
    struct component_spec spec = spec_of(c, VERSION_FACTORY);
    spec.base = base;
    if (!component_place(images->bytes[VERSION_FACTORY][c], images->len[VERSION_FACTORY][c], &spec, flash,
                         base + spec.size, error)) {
        printf("# %s\n", error);
        abort();
    }
}

void images_factory(const struct images *images, uint8_t *flash) {
    for (unsigned i = 0; i < 2; i++) memset(flash + board_journal[i], 0xFF, IMAGE_BLOCK);
    journal_first(flash + board_journal[1]);
    for (unsigned c = 0; c < SCENARIO_COMPONENTS; c++) {
        const struct board_component *board = &board_components[c];
        for (unsigned s = 0; s < BOARD_SLOTS; s++) memset(flash + board->slot[s], 0xFF, board->slot_size);
        if (board->golden != 0) memset(flash + board->golden, 0xFF, board->slot_size);
        place(images, c, board->slot[0], flash);
        if (board->golden != 0) place(images, c, board->golden, flash);
    }
}

static struct pldm_string text(const char *ascii) {
    return (struct pldm_string){PLDM_STRING_ASCII, (uint8_t)strlen(ascii), (const uint8_t *)ascii};
}

struct pkg images_package(struct images *images, unsigned version, uint8_t which, uint16_t data_len) {
    struct pkg pkg = {.version = text("walk"),
                      .bitmap_bits = 8,
                      .device_count = 1,
                      .devices = &images->device,
                      .components = images->components};
    fill(images->data, data_len, version);
    for (unsigned c = 0; c < SCENARIO_COMPONENTS; c++) {
        if ((which >> c & 1) == 0) continue;
        images->components[pkg.component_count++] = (struct pkg_component){
            .classification = board_components[c].classification,
            .identifier = board_components[c].identifier,
            .stamp = 1 + version,
            .options = PKG_USE_STAMP,
            .activation = PLDM_ACTIVATION_SELF_CONTAINED,
            .size = (uint32_t)images->len[version][c],
            .version = text(image_versions[version]),
            .image = images->bytes[version][c],
        };
    }
    images->applicable = (uint8_t)((1u << pkg.component_count) - 1u);
    images->device = (struct pkg_device){.version = text(image_versions[version]),
                                         .applicable = &images->applicable,
                                         .descriptors = (struct pldm_descriptor *)(uintptr_t)board_identity.descriptors,
                                         .descriptor_count = board_identity.descriptor_count,
                                         .data_len = data_len,
                                         .data = images->data};
    return pkg;
}

/* ---- what the flash holds ---- */

/* Images here are small: their manifest is one block. */
static bool holds(const uint8_t *image, size_t len, const uint8_t *flash, const struct board_component *board,
                  unsigned slot) {
    struct image info;
    if (image_parse(image, len, &info) != IMAGE_OK || info.manifest_blocks != 1) return false;
    const uint32_t base = board->slot[slot], headers = image_header_blocks(&info);
    for (uint32_t i = 0; i < headers; i++)
        if (memcmp(flash + slot_header(base, board->slot_size, i), image + (size_t)i * IMAGE_BLOCK, IMAGE_BLOCK) != 0)
            return false;
    const size_t payload = (size_t)headers * IMAGE_BLOCK;
    return memcmp(flash + base, image + payload, len - payload) == 0;
}

uint32_t images_headers(const struct images *images, unsigned component, int version) {
    struct image info;
    if (image_parse(images->bytes[version][component], images->len[version][component], &info) != IMAGE_OK) abort();
    return image_header_blocks(&info);
}

int images_in_slot(const struct images *images, const uint8_t *flash, unsigned component, unsigned slot) {
    for (int v = 0; v < VERSIONS; v++)
        if ((v != VERSION_UPDATE || (images->forged >> component & 1) == 0) &&
            holds(images->bytes[v][component], images->len[v][component], flash, &board_components[component], slot))
            return v;
    return NO_VERSION;
}

bool images_forgery_in(const struct images *images, const uint8_t *flash, unsigned component) {
    const uint8_t *image = images->bytes[VERSION_UPDATE][component];
    const size_t len = images->len[VERSION_UPDATE][component];
    for (unsigned slot = 0; slot < BOARD_SLOTS && (images->forged >> component & 1) != 0; slot++)
        if (holds(image, len, flash, &board_components[component], slot)) return true;
    return false;
}

static bool journal_page(void *ctx, unsigned sector, unsigned copy, void *record) {
    memcpy(record, (const uint8_t *)ctx + board_journal[sector] + (size_t)copy * JOURNAL_PAGE, JOURNAL_RECORD);
    return true;
}

struct journal images_journal(const uint8_t *flash) {
    const struct journal_flash reader = {.ctx = (void *)(uintptr_t)flash, .read = journal_page};
    struct journal journal;
    (void)journal_load(&journal, &reader);
    return journal;
}
