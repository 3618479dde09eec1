// SPDX-License-Identifier: Apache-2.0
//
// Inventory of the slots.
#include "fw/update/slots.h"

void slots_refresh(struct slots *slots, uint8_t component, uint8_t slot, slots_read_fn *read, void *context) {
    const struct board_component *board = &slots->components[component];
    struct slot_info *info = &slots->info[component][slot];
    struct image image;
    info->valid = false;
    const uint8_t *block = read(context, slot_header(board->slot[slot], board->slot_size, 0));
    if (block == NULL) return;
    enum image_error error = image_parse(block, IMAGE_BLOCK, &image);
    if (error != IMAGE_OK && (error != IMAGE_TRUNCATED || image.manifest_blocks == 0)) return;
    if (image.classification != board->classification || image.identifier != board->identifier) return;
    info->valid = true;
    info->unsigned_image = image_unsigned(&image);
    info->stamp = image.stamp;
    info->version_type = image.version_type;
    info->version_length = image.version_length;
    for (unsigned i = 0; i < image.version_length; i++) info->version[i] = image.version[i];
    for (unsigned i = 0; i < IMAGE_DATE; i++) info->release_date[i] = image.release_date[i];
}

void slots_load(struct slots *slots, const struct board_component *components, uint8_t count,
                const struct journal_flash *flash, slots_read_fn *read, void *context, uint8_t firmware_slot) {
    slots->components = components;
    slots->count = count;
    (void)journal_load(&slots->journal, flash);  // a blank journal is the blank card's
    for (uint8_t c = 0; c < count; c++) {
        for (uint8_t slot = 0; slot < BOARD_SLOTS; slot++) slots_refresh(slots, c, slot, read, context);
        uint8_t active = slots_next(slots, c);
        // Without a manifest nothing can run from there: then the other slot does, if that one has any.
        if (!slots->info[c][active].valid && slots->info[c][active ^ 1u].valid) active ^= 1u;
        if (c == BOARD_FIRMWARE) active = firmware_slot & 1u;
        slots->running[c] = active;
        // After a fallback the slot that failed is nobody's next one; the next record says so durably.
        slots->journal.entry[c].active = active;
    }
}
