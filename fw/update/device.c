// SPDX-License-Identifier: Apache-2.0
//
// Operations of the firmware device; see device.h.
#include "fw/update/device.h"

#include "fw/update/notice.h"
#include "fw/update/policy.h"

// On the wire for one RequestFirmwareData answer, at most: FD_T2 is 1 s or more. The fourth of those outstanding waits
// for three others, which must stay below the time-out of a request (fw/app/card.c).
#define ANSWER_MS 500u

static const uint8_t no_version[] = {'n', 'o', 'n', 'e'};

static struct pldm_string slot_version(const struct slot_info *info) {
    if (!info->valid) return (struct pldm_string){PLDM_STRING_ASCII, sizeof no_version, no_version};
    return (struct pldm_string){info->version_type, info->version_length, info->version};
}

static const struct slot_info *running(const struct device *d, uint8_t i) {
    return slots_info(&d->slots, i, d->slots.running[i]);
}

/* The image that runs from the next start on, NULL when that is no other than now. */
static const struct slot_info *pending(const struct device *d, uint8_t i) {
    uint8_t next = slots_next(&d->slots, i);
    return next == d->slots.running[i] || !slots_info(&d->slots, i, next)->valid ? NULL
                                                                                 : slots_info(&d->slots, i, next);
}

static void component_version(const struct slot_info *info, struct pldm_component_version *out) {
    out->version = slot_version(info);
    if (!info->valid) return;
    out->stamp = info->stamp;
    for (unsigned i = 0; i < IMAGE_DATE; i++) out->date[i] = info->release_date[i];
}

static void op_component(void *context, uint8_t i, struct pldm_component *out) {
    const struct device *d = context;
    const struct board_component *board = &d->slots.components[i];
    out->classification = board->classification;
    out->identifier = board->identifier;
    out->index = board->index;
    out->activation_methods = board->activation_methods;
    out->capabilities = PLDM_COMPONENT_AUTO_APPLY;
    component_version(running(d, i), &out->active);
    if (pending(d, i) != NULL) component_version(pending(d, i), &out->pending);
}

/* The set is named after the firmware in it. */
static void op_set_version(void *context, struct pldm_string *active, struct pldm_string *next) {
    const struct device *d = context;
    bool any = false;
    for (uint8_t i = 0; i < d->slots.count; i++) any = any || pending(d, i) != NULL;
    *active = slot_version(running(d, BOARD_FIRMWARE));
    *next = (struct pldm_string){0};
    if (!any) return;
    const struct slot_info *firmware = pending(d, BOARD_FIRMWARE);
    *next = firmware != NULL ? slot_version(firmware) : *active;
}

static struct transfer_target target_of(const struct device *d, uint8_t i) {
    const struct board_component *board = &d->slots.components[i];
    return (struct transfer_target){.base = board->slot[slots_target(&d->slots, i)],
                                    .size = board->slot_size,
                                    .load_address = board->load_address,
                                    .payload_max = board->payload_max,
                                    .minimum = device_minimum(d, i),
                                    .policy = &d->slots.journal.policy,
                                    .classification = board->classification,
                                    .identifier = board->identifier};
}

static uint8_t op_update_begin(void *context, const struct pldm_request_update_req *request,
                               struct pldm_request_update_resp *answer) {
    struct device *d = context;
    const struct board_hooks *hooks = &d->identity->hooks;
    (void)request;
    const uint8_t refusal = d->read_only ? PLDM_UNABLE_TO_INITIATE_UPDATE : device_policy_begin(d);
    if (refusal != PLDM_SUCCESS) return refusal;
    if (d->slots.trial) return PLDM_RETRY_REQUEST_UPDATE;  // the slot to return to is no place for another image
    for (uint8_t i = 0; i < JOURNAL_COMPONENTS; i++) d->offered[i] = 0;
    answer->meta_data_len = hooks->meta_data_len;
    answer->will_get_package_data = hooks->package_data != NULL;
    const uint8_t code = hooks->update_allowed != NULL ? hooks->update_allowed() : PLDM_SUCCESS;
    if (code == PLDM_SUCCESS) device_notify(d, NOTICE_BEGUN, 0);
    return code;
}

static void op_give_data(void *context, uint32_t offset, uint8_t *out, size_t len) {
    const struct device *d = context;
    d->identity->hooks.meta_data_give(offset, out, (uint32_t)len);
}

static void op_take_data(void *context, enum fd_data what, uint32_t offset, const uint8_t *bytes, size_t len) {
    const struct device *d = context;
    const struct board_hooks *hooks = &d->identity->hooks;
    (what == FD_PACKAGE_DATA ? hooks->package_data : hooks->meta_data_take)(offset, bytes, (uint32_t)len);
}

static void op_update_abandoned(void *context, uint8_t reason) {
    struct device *d = context;
    (void)reason;
    d->applied = 0;
    d->reporting = TRANSFER_IDLE;
    d->starting = false;
    if (transfer_busy(&d->transfer)) transfer_cancel(&d->transfer);
}

/* Does the component that this one needs run already, or will it first? */
static bool prerequisites_met(const struct device *d, const struct board_policy *policy, bool passing) {
    uint8_t n = policy->needs;
    const struct slot_info *next = &d->slots.info[n][slots_target(&d->slots, n)];
    if (policy->needs_stamp == 0) return true;
    if (running(d, n)->valid && running(d, n)->stamp >= policy->needs_stamp) return true;
    if (passing) return d->offered[n] >= policy->needs_stamp;
    return ((unsigned)d->applied >> n & 1u) != 0 && next->stamp >= policy->needs_stamp;
}

static uint8_t check(struct device *d, uint8_t i, const struct fd_offer *offer) {
    struct transfer_target target = target_of(d, i);
    if (offer->version.len == 0 || offer->version.len > IMAGE_VERSION_MAX) return PLDM_COMPONENT_STAMP_INVALID;
    if (!offer->passing && !transfer_size_possible(&target, offer->size)) return FD_RESPONSE_SIZE;
    const struct board_policy policy = policy_with(&d->identity->policies[i], &d->slots.journal.policy);
    if (!device_policy_permits(d, i)) return DEVICE_RESPONSE_POLICY;
    if (offer->passing) d->offered[i] = offer->stamp;
    if (!prerequisites_met(d, &policy, offer->passing)) return PLDM_COMPONENT_PREREQUISITES_NOT_MET;
    if (policy_known_old(&d->slots, i, target.minimum, offer)) return PLDM_COMPONENT_SECURITY_RESTRICTION;
    uint8_t response = policy_judge(&policy, running(d, i), offer);
    if (offer->passing || response != PLDM_SUCCESS) return response;
    d->announced.image_size = offer->size;
    d->announced.stamp = offer->stamp;
    d->announced.version_type = offer->version.type;
    d->announced.version_length = offer->version.len;
    for (unsigned n = 0; n < offer->version.len; n++) d->announced.version[n] = offer->version.bytes[n];
    return PLDM_SUCCESS;
}

static uint8_t op_check(void *context, uint8_t i, struct fd_offer *offer) {
    const uint8_t response = check(context, i, offer);
    const bool forbidden = response == PLDM_COMPONENT_SECURITY_RESTRICTION || response == DEVICE_RESPONSE_POLICY;
    if (forbidden && offer->passing) device_notify(context, NOTICE_REFUSED, response);
    return response;
}

bool device_prepare_journal(struct device *d) {
    struct journal *journal = &d->slots.journal;
    if (journal->prepared) return false;
    transfer_erase(&d->transfer, d->io->journal_address[journal_next_sector(journal)]);
    return true;
}

bool device_journal_prepared(struct device *d) {
    d->slots.journal.prepared = d->transfer.phase == TRANSFER_ERASED;
    return d->slots.journal.prepared;
}

bool device_store(struct device *d, const struct journal *before) {
    struct journal *journal = &d->slots.journal;
    if (journal_store(journal, d->io->journal)) {
        d->slots.unsaved = false;
        return true;
    }
    *journal = *before;
    journal->prepared = false;
    return false;
}

/* The image in the target slot no longer is what starts next, or has failed: it is about to go. */
static bool withdraw(struct device *d, uint8_t i) {
    const struct journal before = d->slots.journal;
    slots_withdraw(&d->slots, i);
    return device_store(d, &before);
}

static void begin_transfer(struct device *d) {
    uint8_t i = d->start.component, slot = slots_target(&d->slots, i);
    struct transfer_target target = target_of(d, i);
    d->slots.info[i][slot].valid = false;
    slots_withdraw(&d->slots, i);
    d->applied &= (uint8_t) ~(1u << i);
    const struct engine *engine = d->transfer.engine;
    uint8_t outstanding = d->start.max_outstanding < engine->requests ? d->start.max_outstanding : engine->requests;
    uint8_t chunk_log2 = transfer_chunk_log2(d->start.max_transfer_size, engine->chunk_log2,
                                             d->identity->link_bytes_per_second, ANSWER_MS);
    d->io->request(d->io->context, d->start.peer, chunk_log2, outstanding);
    d->reporting = TRANSFER_DOWNLOAD;
    transfer_start(&d->transfer, &target, &d->announced);
}

/* Goes on with the start of a transfer as far as that is possible now: a cancelled transfer's flash operation has to
 * end, and an image that was activated but does not run yet must not be the next one when it is overwritten. */
static void go_on_starting(struct device *d) {
    uint8_t i = d->start.component;
    if (!d->starting || transfer_busy(&d->transfer)) return;
    if (slots_next(&d->slots, i) != d->slots.running[i] || d->slots.unsaved) {
        bool erasing = d->reporting == TRANSFER_ERASE;
        d->reporting = TRANSFER_IDLE;
        if (!erasing && device_prepare_journal(d)) {
            d->reporting = TRANSFER_ERASE;
            return;
        }
        if ((erasing && !device_journal_prepared(d)) || !withdraw(d, i)) {
            d->starting = false;
            fd_transfer_done(&d->fd, DEVICE_FLASH);
            return;
        }
    }
    d->starting = false;
    begin_transfer(d);
}

static uint8_t op_transfer_start(void *context, const struct fd_transfer *transfer) {
    struct device *d = context;
    d->start = *transfer;
    d->starting = true;
    go_on_starting(d);
    return PLDM_RESULT_SUCCESS;
}

static void op_verify_start(void *context, uint8_t i) {
    struct device *d = context;
    (void)i;
    d->reporting = TRANSFER_VERIFY;
    transfer_verify(&d->transfer);
}

/* Components without a second slot, and those that activate themselves, have no trial: the image is active. */
static void commit(struct device *d, uint8_t i) {
    uint8_t slot = slots_target(&d->slots, i);
    slots_commit(&d->slots, i, slot, d->identity->policies[i].raise_minimum);
    d->slots.running[i] = slot;
}

/* A component that activates itself is the next one from here on; all others wait for ActivateFirmware. */
static void finish_apply(struct device *d) {
    uint8_t i = d->fd.current, slot = slots_target(&d->slots, i);
    bool automatic = (d->slots.components[i].activation_methods & PLDM_ACTIVATION_AUTOMATIC) != 0;
    bool ok = d->slots.journal.prepared && d->slots.info[i][slot].valid;
    if (ok && automatic) {
        const struct journal before = d->slots.journal;
        const uint8_t ran = d->slots.running[i];
        commit(d, i);
        ok = device_store(d, &before);
        if (ok)
            device_raise_fuses(d, d->slots.count);
        else
            d->slots.running[i] = ran;
    } else if (ok) {
        d->applied = (uint8_t)(d->applied | 1u << i);
    }
    fd_apply_done(&d->fd, ok ? PLDM_RESULT_SUCCESS : PLDM_APPLY_MEMORY_WRITE_FAILURE, 0);
}

/* The image is in its place already. The journal's next sector is erased now, so that ActivateFirmware is answered in
 * time. */
static void op_apply_start(void *context, uint8_t i) {
    struct device *d = context;
    slots_refresh(&d->slots, i, slots_target(&d->slots, i), d->io->read, d->io->context);
    if (device_prepare_journal(d))
        d->reporting = TRANSFER_ERASE;
    else
        finish_apply(d);
}

static uint8_t op_cancel(void *context, uint8_t i, uint8_t state) {
    struct device *d = context;
    (void)state;
    d->reporting = TRANSFER_IDLE;
    d->starting = false;
    d->applied &= (uint8_t) ~(1u << i);
    transfer_cancel(&d->transfer);
    return PLDM_SUCCESS;
}

static uint8_t op_progress(void *context) {
    struct device *d = context;
    if (d->restart == DEVICE_RUNS) return d->starting ? 0 : transfer_percent(&d->transfer);
    if (d->restart != DEVICE_QUIESCES) return d->restart == DEVICE_RESTARTS ? 100 : 0;
    return (uint8_t)((d->now_ms - d->restart_ms) * 100u / d->identity->quiesce_ms);
}

static bool op_non_functioning(void *context, uint8_t i) {
    const struct device *d = context;
    return !slots_info(&d->slots, i, slots_next(&d->slots, i))->valid;
}

/* From RESET to answering again: as the board says, or a quarter more than it took the last time, when that is longer.
 * A slow processor starts slowly, and the next start is that of another image. */
static uint32_t start_ms(const struct device *d) {
    uint32_t last = d->start_ms + d->start_ms / 4u;
    return last > d->identity->restart_ms ? last : d->identity->restart_ms;
}

static uint8_t op_activate(void *context, bool self_contained, uint16_t *seconds) {
    struct device *d = context;
    const struct journal before = d->slots.journal;
    if (d->applied == 0) return PLDM_ACTIVATION_NOT_REQUIRED;
    // A component that was cancelled just before may still be erasing.
    while (transfer_busy(&d->transfer)) d->io->wait(d->io->context);
    for (uint8_t i = 0; i < d->slots.count; i++) {
        if (((unsigned)d->applied >> i & 1u) == 0) continue;
        if (board_two_slots(&d->slots.components[i]))
            slots_pend(&d->slots, i, slots_target(&d->slots, i));
        else
            commit(d, i);
    }
    if (!device_store(d, &before)) return PLDM_ERROR;
    device_raise_fuses(d, d->slots.count);
    d->applied = 0;
    device_notify(d, NOTICE_ACTIVATED, 0);
    if (self_contained) *seconds = (uint16_t)((d->identity->quiesce_ms + start_ms(d) + 999u) / 1000u);
    return PLDM_SUCCESS;
}

static void op_activate_self(void *context) {
    struct device *d = context;
    d->restart = DEVICE_RESTART_ASKED;
}

static bool op_send(void *context, uint16_t peer, const uint8_t *msg, size_t len) {
    const struct device *d = context;
    return d->io->send(d->io->context, peer, msg, len);
}

void device_init(struct device *d, const struct engine *engine, const struct device_io *io,
                 const struct board_component *components, uint8_t count, const struct board_identity *identity,
                 uint32_t handover, bool read_only) {
    d->io = io;
    d->read_only = read_only;
    d->identity = identity;
    d->reporting = TRANSFER_IDLE;
    d->applied = d->sign = 0;
    d->upload = (struct policy_upload){0};
    d->start_ms = 0;
    d->starting = false;
    d->restart = DEVICE_RUNS;
    d->ops = (struct fd_ops){.descriptors = identity->descriptors,
                             .descriptor_count = identity->descriptor_count,
                             .component_count = count,
                             .capabilities = identity->capabilities,
                             .set_version = op_set_version,
                             .component = op_component,
                             .update_begin = op_update_begin,
                             .give_data = op_give_data,
                             .take_data = op_take_data,
                             .update_abandoned = op_update_abandoned,
                             .check = op_check,
                             .transfer_start = op_transfer_start,
                             .verify_start = op_verify_start,
                             .apply_start = op_apply_start,
                             .cancel = op_cancel,
                             .progress = op_progress,
                             .non_functioning = op_non_functioning,
                             .activate = op_activate,
                             .activate_self = op_activate_self,
                             .send = op_send};
    transfer_init(&d->transfer, engine);
    slots_load(&d->slots, components, count, io->journal, io->read, io->context, handover);
    fd_init(&d->fd, &d->ops, d);
    device_begin_trial(d);
}

static uint8_t transfer_code(const struct transfer *transfer) {
    static const uint8_t codes[] = {
        [TRANSFER_OK] = PLDM_RESULT_SUCCESS,
        [TRANSFER_ABORTED] = PLDM_TRANSFER_ABORTED,
        [TRANSFER_TIMEOUT] = PLDM_RESULT_TIMEOUT,
        [TRANSFER_REFUSED] = PLDM_TRANSFER_ABORTED,
        [TRANSFER_BAD_MANIFEST] = DEVICE_BAD_MANIFEST,
        [TRANSFER_NOT_AUTHENTIC] = DEVICE_UNSIGNED,
        [TRANSFER_DENIED_KEY] = DEVICE_DENIED_KEY,
        [TRANSFER_WRONG_TARGET] = DEVICE_WRONG_TARGET,
        [TRANSFER_WRONG_VERSION] = PLDM_TRANSFER_VERSION_MISMATCH,
        [TRANSFER_TOO_LARGE] = DEVICE_TOO_LARGE,
        [TRANSFER_BAD_HASH] = DEVICE_BAD_HASH,
        [TRANSFER_FLASH] = DEVICE_FLASH,
        [TRANSFER_OLD] = DEVICE_OLD,
        [TRANSFER_ENGINE] = PLDM_RESULT_GENERIC_ERROR,
    };
    if (transfer->result != TRANSFER_NOT_AUTHENTIC) return codes[transfer->result];
    return (uint8_t)(DEVICE_UNSIGNED + transfer->trust - IMAGE_UNSIGNED);
}

/* Tells the state machine, once, that the phase it waits for has ended. */
static void report(struct device *d) {
    static const uint8_t ends[] = {[TRANSFER_DOWNLOAD] = TRANSFER_DOWNLOADED,
                                   [TRANSFER_VERIFY] = TRANSFER_VERIFIED,
                                   [TRANSFER_ERASE] = TRANSFER_ERASED};
    enum transfer_phase phase = d->transfer.phase;
    uint8_t waited_for = d->reporting;
    if (waited_for == TRANSFER_IDLE || (phase != TRANSFER_FAILED && phase != ends[waited_for])) return;
    d->reporting = TRANSFER_IDLE;
    if (waited_for == TRANSFER_DOWNLOAD) {
        const uint8_t code = transfer_code(&d->transfer);
        if (code >= DEVICE_UNSIGNED && code <= DEVICE_DENIED_KEY) device_notify(d, NOTICE_REFUSED, code);
        fd_transfer_done(&d->fd, code);
    } else if (waited_for == TRANSFER_VERIFY) {
        fd_verify_done(&d->fd, phase == TRANSFER_FAILED ? PLDM_VERIFY_FAILURE : PLDM_RESULT_SUCCESS);
    } else {
        (void)device_journal_prepared(d);
        if (d->slots.trial)
            (void)device_trial(d);
        else
            finish_apply(d);
    }
}

bool device_engine(struct device *d, unsigned done, bool stopped, unsigned reason) {
    const bool downloads = d->reporting == TRANSFER_DOWNLOAD;
    for (; done != 0; done--) transfer_order_done(&d->transfer);
    if (stopped) transfer_order_stopped(&d->transfer, reason);
    if (d->starting)
        go_on_starting(d);
    else
        report(d);
    return downloads && d->reporting == TRANSFER_DOWNLOAD;
}

/* A self-contained activation: the card comes to rest, then restarts. @return milliseconds until the next step */
static uint32_t restart(struct device *d) {
    if (d->restart == DEVICE_RESTART_ASKED) {
        d->restart = DEVICE_QUIESCES;
        d->restart_ms = d->now_ms;
    }
    if (d->restart != DEVICE_QUIESCES) return DEVICE_TICK_MS;
    uint32_t since = d->now_ms - d->restart_ms;
    if (since < d->identity->quiesce_ms) return d->identity->quiesce_ms - since;
    d->restart = DEVICE_RESTARTS;
    d->io->restart(d->io->context);
    return DEVICE_TICK_MS;
}

uint32_t device_tick(struct device *d, uint32_t now_ms) {
    const struct engine *engine = d->transfer.engine;
    d->now_ms = now_ms;
    if (!d->trial_timed) d->trial_ms = now_ms;
    d->trial_timed = true;
    if (d->transfer.phase == TRANSFER_DOWNLOAD) {
        uint8_t sign = (uint8_t)(d->transfer.done * ORDER_BLOCKS + engine->finished(engine->ctx));
        if (sign != d->sign) fd_transfer_activity(&d->fd);
        d->sign = sign;
    }
    uint32_t due = fd_tick(&d->fd, now_ms), rest = d->slots.trial ? device_trial(d) : restart(d);
    return due < rest ? due : rest;
}
