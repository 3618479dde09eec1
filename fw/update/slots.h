// SPDX-License-Identifier: Apache-2.0
//
// What the slots hold, and which of them runs now and from the next start on. The running slots are fixed at start, by
// the boot ROM and the journal. An update always goes to a slot that is not running, but for components of one slot.
#pragma once
#include "fw/board/board.h"
#include "fw/image/image.h"
#include "fw/update/journal.h"
#include "fw/update/slots_status.h"

/** Inventory of one slot, from its manifest. Payload hashes are the boot ROM's and the verification's business. */
struct slot_info {
    bool valid;  // a manifest of this component is there
    bool unsigned_image;
    uint8_t version_type;
    uint8_t version_length;
    uint8_t version[IMAGE_VERSION_MAX];
    uint8_t release_date[IMAGE_DATE];
    uint32_t stamp;
    uint32_t security_version;
};

struct slots {
    const struct board_component *components;
    uint8_t count;
    struct journal journal;
    bool trial;    // what is pending runs, until it is confirmed
    bool unsaved;  // the journal differs from what the flash says
    uint8_t running[JOURNAL_COMPONENTS];
    struct slot_info info[JOURNAL_COMPONENTS][BOARD_SLOTS];
    struct slot_info golden;
};

/** Reads the 4 KiB block at flash address @p address. @return it, valid until the next call, or NULL */
typedef const uint8_t *slots_read_fn(void *context, uint32_t address);

/** Loads journal and manifests.
 * @param handover what the boot ROM started (fw/boot/handover.h); it may differ from the journal after a failed start
 */
void slots_load(struct slots *slots, const struct board_component *components, uint8_t count,
                const struct journal_flash *flash, slots_read_fn *read, void *context, uint32_t handover);

/** Reads one manifest again. */
void slots_refresh(struct slots *slots, uint8_t component, uint8_t slot, slots_read_fn *read, void *context);

/** What a slot holds, the golden one included. */
const struct slot_info *slots_info(const struct slots *slots, uint8_t component, uint8_t slot);

enum slot_state slots_state(const struct slots *slots, uint8_t component, uint8_t slot);

/** The slot that an update of @p component goes to. */
uint8_t slots_target(const struct slots *slots, uint8_t component);

/** The slot in use from the next start on, as far as the journal decides. */
uint8_t slots_next(const struct slots *slots, uint8_t component);

/** In the journal in memory: @p slot is the component's active one, nothing of it is pending, and with @p raise its
 * minimum is at least the image's security version. */
void slots_commit(struct slots *slots, uint8_t component, uint8_t slot, bool raise);

/** The same: @p slot is to be tried. */
void slots_pend(struct slots *slots, uint8_t component, uint8_t slot);

/** The same: nothing of @p component is pending or has failed; what runs is active. */
void slots_withdraw(struct slots *slots, uint8_t component);
