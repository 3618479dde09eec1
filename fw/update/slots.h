// SPDX-License-Identifier: Apache-2.0
//
// What the slots hold, and which of them runs now and from the next start on. The running slots are fixed at start; the
// journal says which ones are next. An update always goes to the slot that is not running.
#pragma once
#include "fw/board/board.h"
#include "fw/image/image.h"
#include "fw/update/journal.h"

/** Inventory of one slot, from its manifest. Payload hashes are the boot ROM's and the verification's business. */
struct slot_info {
    bool valid;  // a manifest of this component is there
    bool unsigned_image;
    uint8_t version_type;
    uint8_t version_length;
    uint8_t version[IMAGE_VERSION_MAX];
    uint8_t release_date[IMAGE_DATE];
    uint32_t stamp;
};

struct slots {
    const struct board_component *components;
    uint8_t count;
    struct journal journal;
    uint8_t running[JOURNAL_COMPONENTS];
    struct slot_info info[JOURNAL_COMPONENTS][BOARD_SLOTS];
};

/** Reads the 4 KiB block at flash address @p address. @return it, valid until the next call, or NULL */
typedef const uint8_t *slots_read_fn(void *context, uint32_t address);

/** Loads journal and manifests.
 * @param firmware_slot the slot that the boot ROM started; it may differ from the journal's after a failed start */
void slots_load(struct slots *slots, const struct board_component *components, uint8_t count,
                const struct journal_flash *flash, slots_read_fn *read, void *context, uint8_t firmware_slot);

/** Reads one manifest again. */
void slots_refresh(struct slots *slots, uint8_t component, uint8_t slot, slots_read_fn *read, void *context);

/** The slot that an update of @p component goes to. */
static inline uint8_t slots_target(const struct slots *slots, uint8_t component) {
    return slots->running[component] ^ 1u;
}

/** The slot in use from the next start on. */
static inline uint8_t slots_next(const struct slots *slots, uint8_t component) {
    return slots->journal.entry[component].active & 1u;
}
