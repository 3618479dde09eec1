// SPDX-License-Identifier: Apache-2.0
//
// Images on trial: confirmed once the card is healthy, which is when the flash can be read and written, somebody has
// spoken to it, and the board has nothing against it; given back to the boot ROM by a restart when that is not so in
// time, or when the board says it never will. A program that hangs is the watchdog's.
#include "fw/update/device.h"

#define AGAIN_MS 250u    // while the board is not sure yet
#define TRIAL_MS 60000u  // where the board names no time

void device_raise_fuses(const struct device *d, uint8_t count) {
    const struct board_hooks *hooks = &d->identity->hooks;
    for (uint8_t i = 0; i < count && hooks->raise_minimum != NULL; i++) {
        const struct slot_info *info = slots_info(&d->slots, i, d->slots.running[i]);
        uint32_t minimum = d->slots.journal.entry[i].minimum;
        if (minimum > board_fused_minimum(i) && info->valid && minimum <= info->security_version)
            hooks->raise_minimum(i, minimum);
    }
}

uint32_t device_minimum(const struct device *d, uint8_t i) {
    uint32_t kept = d->slots.journal.entry[i].minimum, fused = board_fused_minimum(i);
    return fused > kept ? fused : kept;
}

/* The journal's next sector is erased at once, so that the first packet can end the trial without anybody waiting; that
 * the erase succeeds is part of the card's health. Without a trial a record that a cut may have left half programmed is
 * written again: until then a later start might read another one. */
void device_begin_trial(struct device *d) {
    d->trial_timed = d->heard = false;
    // In case that power failed between the record and the fuses. Of the firmware alone: its image was judged in this
    // start, while anybody who can write the flash can forge the journal and the other components' manifests.
    device_raise_fuses(d, BOARD_FIRMWARE + 1u);
    if (d->read_only) return;
    if (d->slots.trial && device_prepare_journal(d)) d->reporting = TRANSFER_ERASE;
    if (!d->slots.trial && d->slots.journal.sequence != 0 && !d->slots.journal.firm) {
        const struct journal before = d->slots.journal;
        (void)device_store(d, &before);
    }
}

void device_slots(const struct device *d, uint8_t i, struct slots_status *out) {
    const struct slots *slots = &d->slots;
    *out = (struct slots_status){.trial = slots->trial,
                                 .attempts = slots->journal.attempts,
                                 .starts = board_trial_starts,
                                 .minimum = device_minimum(d, i)};
    for (uint8_t s = 0; s < SLOTS_STATUS_SLOTS; s++) {
        const struct slot_info *info = slots_info(slots, i, s);
        struct slot_status *slot = &out->slot[s];
        slot->state = (uint8_t)slots_state(slots, i, s);
        slot->runs = slots->running[i] == s;
        if (slot->state == SLOT_NONE || !info->valid) continue;
        slot->stamp = info->stamp;
        slot->security_version = info->security_version;
        slot->version = (struct pldm_string){info->version_type, info->version_length, info->version};
    }
}

static enum board_health health(const struct device *d) {
    const struct board_identity *board = d->identity;
    if (d->read_only || !d->slots.journal.prepared || transfer_busy(&d->transfer)) return BOARD_NOT_YET;
    if (!d->heard && !board->trial_silent) return BOARD_NOT_YET;
    return board->hooks.health != NULL ? board->hooks.health() : BOARD_HEALTHY;
}

static bool confirm(struct device *d) {
    const struct journal before = d->slots.journal;
    for (uint8_t i = 0; i < d->slots.count; i++)
        if (journal_waits(&before.entry[i]))
            slots_commit(&d->slots, i, before.entry[i].pending, d->identity->policies[i].raise_minimum);
    d->slots.journal.attempts = 0;
    if (!device_store(d, &before)) return false;
    d->slots.trial = false;
    device_raise_fuses(d, d->slots.count);
    return true;
}

static uint32_t give_back(struct device *d) {
    d->restart = DEVICE_RESTARTS;
    d->io->restart(d->io->context);
    return DEVICE_TICK_MS;
}

uint32_t device_trial(struct device *d) {
    if (d->restart == DEVICE_RESTARTS) return DEVICE_TICK_MS;
    const enum board_health now = health(d);
    if (now == BOARD_HEALTHY && confirm(d)) return 0;
    uint32_t since = d->trial_timed ? d->now_ms - d->trial_ms : 0, limit = d->identity->trial_ms;
    if (limit == 0) limit = TRIAL_MS;
    if (now != BOARD_NOT_YET || since >= limit) return give_back(d);
    return limit - since < AGAIN_MS ? limit - since : AGAIN_MS;
}

void device_heard(struct device *d) {
    d->heard = true;
    if (d->slots.trial) (void)device_trial(d);
}
