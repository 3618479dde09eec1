// SPDX-License-Identifier: Apache-2.0
//
// Inventory of the slots.
#include "fw/update/slots.h"

#include "fw/boot/handover.h"

static void read_manifest(const struct board_component *board, uint32_t base, struct slot_info *info,
                          slots_read_fn *read, void *context) {
    struct image image;
    info->valid = false;
    const uint8_t *block = read(context, slot_header(base, board->slot_size, 0));
    if (block == NULL) return;
    enum image_error error = image_parse(block, IMAGE_BLOCK, &image);
    if (error != IMAGE_OK && (error != IMAGE_TRUNCATED || image.manifest_blocks == 0)) return;
    if (image.classification != board->classification || image.identifier != board->identifier) return;
    info->valid = true;
    info->unsigned_image = image_unsigned(&image);
    info->stamp = image.stamp;
    info->security_version = image.security_version;
    info->version_type = image.version_type;
    info->version_length = image.version_length;
    for (unsigned i = 0; i < image.version_length; i++) info->version[i] = image.version[i];
    for (unsigned i = 0; i < IMAGE_DATE; i++) info->release_date[i] = image.release_date[i];
}

static bool there_is(const struct slots *slots, uint8_t component, uint8_t slot) {
    const struct board_component *board = &slots->components[component];
    if (slot == BOARD_GOLDEN) return component == BOARD_FIRMWARE && board->golden != 0;
    return slot == 0 || board_two_slots(board);
}

const struct slot_info *slots_info(const struct slots *slots, uint8_t component, uint8_t slot) {
    return slot == BOARD_GOLDEN ? &slots->golden : &slots->info[component][slot];
}

void slots_refresh(struct slots *slots, uint8_t component, uint8_t slot, slots_read_fn *read, void *context) {
    const struct board_component *board = &slots->components[component];
    read_manifest(board, board->slot[slot], &slots->info[component][slot], read, context);
}

/* The slot that @p component runs from after this start. */
static uint8_t started(const struct slots *slots, uint8_t component, uint8_t firmware_slot) {
    const struct journal_entry *entry = &slots->journal.entry[component];
    const struct slot_info *info = slots->info[component];
    if (component == BOARD_FIRMWARE) return firmware_slot;
    uint8_t slot = slots->trial && journal_waits(entry) ? entry->pending : journal_active(entry);
    // Without a manifest nothing can run from there: then the other slot does, if that one has any.
    return !info[slot].valid && info[slot ^ 1u].valid ? slot ^ 1u : slot;
}

void slots_load(struct slots *slots, const struct board_component *components, uint8_t count,
                const struct journal_flash *flash, slots_read_fn *read, void *context, uint32_t handover) {
    const uint8_t firmware_slot = handover_slot(handover);
    slots->components = components;
    slots->count = count;
    slots->unsaved = slots->golden.valid = false;
    (void)journal_load(&slots->journal, flash);  // a blank journal is the blank card's
    if (components[BOARD_FIRMWARE].golden != 0)
        read_manifest(&components[BOARD_FIRMWARE], components[BOARD_FIRMWARE].golden, &slots->golden, read, context);
    slots->trial = handover_trial(handover) && journal_any_waits(&slots->journal);
    for (uint8_t c = 0; c < count; c++) {
        struct journal_entry *entry = &slots->journal.entry[c];
        for (uint8_t slot = 0; slot < BOARD_SLOTS; slot++) {
            slots->info[c][slot].valid = false;
            if (there_is(slots, c, slot)) slots_refresh(slots, c, slot, read, context);
        }
        slots->running[c] = started(slots, c, firmware_slot);
        if (slots->trial || slots->running[c] == BOARD_GOLDEN || slots->running[c] == journal_active(entry)) continue;
        // After a fallback the slot that failed is nobody's next one; the next record says so durably.
        slots_commit(slots, c, slots->running[c], false);
        slots->unsaved = true;
    }
}

enum slot_state slots_state(const struct slots *slots, uint8_t component, uint8_t slot) {
    const struct journal_entry *entry = &slots->journal.entry[component];
    if (!there_is(slots, component, slot)) return SLOT_NONE;
    if (!slots_info(slots, component, slot)->valid) return SLOT_INVALID;
    if (slot == BOARD_GOLDEN) return SLOT_GOLDEN;
    if (journal_waits(entry) && entry->pending == slot) return slots->trial ? SLOT_TRIAL : SLOT_PENDING;
    if (entry->failed == slot) return SLOT_FAILED;
    return journal_active(entry) == slot ? SLOT_ACTIVE : SLOT_SPARE;
}

uint8_t slots_target(const struct slots *slots, uint8_t component) {
    if (!board_two_slots(&slots->components[component])) return 0;
    uint8_t kept = slots->running[component];
    return (kept == BOARD_GOLDEN ? journal_active(&slots->journal.entry[component]) : kept) ^ 1u;
}

uint8_t slots_next(const struct slots *slots, uint8_t component) {
    const struct journal_entry *entry = &slots->journal.entry[component];
    return !slots->trial && journal_waits(entry) ? entry->pending : slots->running[component];
}

void slots_commit(struct slots *slots, uint8_t component, uint8_t slot, bool raise) {
    struct journal_entry *entry = &slots->journal.entry[component];
    uint32_t version = slots->info[component][slot].security_version;
    entry->active = slot;
    entry->pending = JOURNAL_NO_SLOT;
    if (entry->failed == slot) entry->failed = JOURNAL_NO_SLOT;
    if (raise && version > entry->minimum) entry->minimum = version;
}

void slots_pend(struct slots *slots, uint8_t component, uint8_t slot) {
    struct journal_entry *entry = &slots->journal.entry[component];
    entry->pending = slot;
    entry->failed = JOURNAL_NO_SLOT;
    slots->journal.attempts = 0;
}

void slots_withdraw(struct slots *slots, uint8_t component) {
    struct journal_entry *entry = &slots->journal.entry[component];
    entry->pending = entry->failed = JOURNAL_NO_SLOT;
}
