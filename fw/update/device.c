// SPDX-License-Identifier: Apache-2.0
//
// Operations of the firmware device; see device.h.
#include "fw/update/device.h"

#define ANSWER_MS 500u  // on the wire for one RequestFirmwareData answer, at most: FD_T2 is 1 s or more

static const uint8_t no_version[] = {'n', 'o', 'n', 'e'};

static struct pldm_string slot_version(const struct slot_info *info) {
    if (!info->valid) return (struct pldm_string){PLDM_STRING_ASCII, sizeof no_version, no_version};
    return (struct pldm_string){info->version_type, info->version_length, info->version};
}

static const struct slot_info *running(const struct device *d, uint8_t i) {
    return &d->slots.info[i][d->slots.running[i]];
}

/* The image that runs from the next start on, NULL when that is no other than now. */
static const struct slot_info *pending(const struct device *d, uint8_t i) {
    uint8_t next = slots_next(&d->slots, i);
    return next == d->slots.running[i] || !d->slots.info[i][next].valid ? NULL : &d->slots.info[i][next];
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
                                    .classification = board->classification,
                                    .identifier = board->identifier};
}

static uint8_t op_update_begin(void *context, const struct pldm_request_update_req *request,
                               struct pldm_request_update_resp *answer) {
    const struct device *d = context;
    (void)request, (void)answer;
    return d->read_only ? PLDM_UNABLE_TO_INITIATE_UPDATE : PLDM_SUCCESS;
}

static void op_update_abandoned(void *context, uint8_t reason) {
    struct device *d = context;
    (void)reason;
    d->applied = 0;
    d->reporting = TRANSFER_IDLE;
    if (transfer_busy(&d->transfer)) transfer_cancel(&d->transfer);
}

static uint8_t stamp_policy(const struct device *d, uint8_t i, const struct fd_offer *offer) {
    const struct slot_info *active = running(d, i);
    if (d->identity->stamp_policy == BOARD_STAMP_ANY || offer->force || !active->valid) return PLDM_SUCCESS;
    if (offer->stamp == active->stamp) return PLDM_COMPONENT_STAMP_IDENTICAL;
    return offer->stamp < active->stamp ? PLDM_COMPONENT_STAMP_LOWER : PLDM_SUCCESS;
}

static uint8_t op_check(void *context, uint8_t i, struct fd_offer *offer) {
    struct device *d = context;
    struct transfer_target target = target_of(d, i);
    if (offer->version.len == 0 || offer->version.len > IMAGE_VERSION_MAX) return PLDM_COMPONENT_STAMP_INVALID;
    if (!offer->passing && !transfer_size_possible(&target, offer->size)) return FD_RESPONSE_SIZE;
    uint8_t response = stamp_policy(d, i, offer);
    if (offer->passing || response != PLDM_SUCCESS) return response;
    d->announced.image_size = offer->size;
    d->announced.stamp = offer->stamp;
    d->announced.version_type = offer->version.type;
    d->announced.version_length = offer->version.len;
    for (unsigned n = 0; n < offer->version.len; n++) d->announced.version[n] = offer->version.bytes[n];
    return PLDM_SUCCESS;
}

/* Waits until a cancelled transfer's flash operation has ended. */
static void settle(struct device *d) {
    while (transfer_busy(&d->transfer)) d->io->wait(d->io->context);
}

static bool make_next(struct device *d, uint8_t i, uint8_t slot) {
    struct journal_entry *entry = &d->slots.journal.entry[i];
    *entry = (struct journal_entry){.active = slot, .pending = JOURNAL_NO_SLOT};
    return journal_store(&d->slots.journal, d->io->journal);
}

static uint8_t op_transfer_start(void *context, const struct fd_transfer *transfer) {
    struct device *d = context;
    uint8_t i = transfer->component, slot = slots_target(&d->slots, i);
    struct transfer_target target = target_of(d, i);
    settle(d);
    // An image that was activated but does not run yet is about to go: the running one becomes the next again first.
    if (slots_next(&d->slots, i) == slot && !make_next(d, i, d->slots.running[i])) return DEVICE_FLASH;
    d->slots.info[i][slot].valid = false;
    d->applied &= (uint8_t) ~(1u << i);
    d->io->request(d->io->context, transfer->peer,
                   transfer_chunk_log2(transfer->max_transfer_size, d->identity->link_bytes_per_second, ANSWER_MS));
    d->reporting = TRANSFER_DOWNLOAD;
    transfer_start(&d->transfer, &target, &d->announced);
    return PLDM_RESULT_SUCCESS;
}

static void op_verify_start(void *context, uint8_t i) {
    struct device *d = context;
    (void)i;
    d->reporting = TRANSFER_VERIFY;
    transfer_verify(&d->transfer);
}

/* The image is in its place already. The journal's next sector is erased now, so that ActivateFirmware is answered in
 * time. */
static void op_apply_start(void *context, uint8_t i) {
    struct device *d = context;
    slots_refresh(&d->slots, i, slots_target(&d->slots, i), d->io->read, d->io->context);
    bool ok = journal_prepare(&d->slots.journal, d->io->journal) && d->slots.info[i][slots_target(&d->slots, i)].valid;
    if (ok) d->applied = (uint8_t)(d->applied | 1u << i);
    fd_apply_done(&d->fd, ok ? PLDM_RESULT_SUCCESS : PLDM_APPLY_MEMORY_WRITE_FAILURE, 0);
}

static uint8_t op_cancel(void *context, uint8_t i, uint8_t state) {
    struct device *d = context;
    (void)state;
    d->reporting = TRANSFER_IDLE;
    d->applied &= (uint8_t) ~(1u << i);
    transfer_cancel(&d->transfer);
    return PLDM_SUCCESS;
}

static uint8_t op_progress(void *context) {
    struct device *d = context;
    return transfer_percent(&d->transfer);
}

static bool op_non_functioning(void *context, uint8_t i) {
    const struct device *d = context;
    return !d->slots.info[i][slots_next(&d->slots, i)].valid;
}

static uint8_t op_activate(void *context, bool self_contained, uint16_t *seconds) {
    struct device *d = context;
    struct journal *journal = &d->slots.journal, before = *journal;
    if (d->applied == 0) return PLDM_ACTIVATION_NOT_REQUIRED;
    settle(d);
    for (uint8_t i = 0; i < d->slots.count; i++)
        if (((unsigned)d->applied >> i & 1u) != 0)
            journal->entry[i] =
                (struct journal_entry){.active = slots_target(&d->slots, i), .pending = JOURNAL_NO_SLOT};
    if (!journal_store(journal, d->io->journal)) {
        *journal = before;
        journal->prepared = false;
        return PLDM_ERROR;
    }
    d->applied = 0;
    if (self_contained) *seconds = d->identity->restart_s;
    return PLDM_SUCCESS;
}

static void op_activate_self(void *context) {
    const struct device *d = context;
    d->io->restart(d->io->context);
}

static bool op_send(void *context, uint8_t eid, const uint8_t *msg, size_t len) {
    const struct device *d = context;
    return d->io->send(d->io->context, eid, msg, len);
}

void device_init(struct device *d, const struct engine *engine, const struct device_io *io,
                 const struct board_component *components, uint8_t count, const struct board_identity *identity,
                 uint8_t firmware_slot, bool read_only) {
    d->io = io;
    d->read_only = read_only;
    d->identity = identity;
    d->reporting = TRANSFER_IDLE;
    d->applied = d->sign = 0;
    d->ops = (struct fd_ops){.descriptors = identity->descriptors,
                             .descriptor_count = identity->descriptor_count,
                             .component_count = count,
                             .capabilities = PLDM_CAPABILITY_PARTIAL_UPDATE,
                             .set_version = op_set_version,
                             .component = op_component,
                             .update_begin = op_update_begin,
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
    slots_load(&d->slots, components, count, io->journal, io->read, io->context, firmware_slot);
    fd_init(&d->fd, &d->ops, d);
}

static uint8_t transfer_code(enum transfer_result result) {
    switch (result) {
        case TRANSFER_OK:
            return PLDM_RESULT_SUCCESS;
        case TRANSFER_ABORTED:
        case TRANSFER_REFUSED:
            return PLDM_TRANSFER_ABORTED;
        case TRANSFER_TIMEOUT:
            return PLDM_RESULT_TIMEOUT;
        case TRANSFER_WRONG_VERSION:
            return PLDM_TRANSFER_VERSION_MISMATCH;
        case TRANSFER_BAD_MANIFEST:
            return DEVICE_BAD_MANIFEST;
        case TRANSFER_WRONG_TARGET:
            return DEVICE_WRONG_TARGET;
        case TRANSFER_TOO_LARGE:
            return DEVICE_TOO_LARGE;
        case TRANSFER_BAD_HASH:
            return DEVICE_BAD_HASH;
        case TRANSFER_FLASH:
            return DEVICE_FLASH;
        default:
            return PLDM_RESULT_GENERIC_ERROR;
    }
}

/* Tells the state machine, once, that the phase it waits for has ended. */
static void report(struct device *d) {
    enum transfer_phase phase = d->transfer.phase;
    bool download = d->reporting == TRANSFER_DOWNLOAD;
    if (d->reporting == TRANSFER_IDLE) return;
    if (phase != TRANSFER_FAILED && phase != (download ? TRANSFER_DOWNLOADED : TRANSFER_VERIFIED)) return;
    d->reporting = TRANSFER_IDLE;
    if (download)
        fd_transfer_done(&d->fd, transfer_code(d->transfer.result));
    else
        fd_verify_done(&d->fd, phase == TRANSFER_FAILED ? PLDM_VERIFY_FAILURE : PLDM_RESULT_SUCCESS);
}

void device_engine(struct device *d, unsigned done, bool stopped, unsigned reason) {
    for (; done != 0; done--) transfer_order_done(&d->transfer);
    if (stopped) transfer_order_stopped(&d->transfer, reason);
    report(d);
}

uint32_t device_tick(struct device *d, uint32_t now_ms) {
    const struct engine *engine = d->transfer.engine;
    if (d->transfer.phase == TRANSFER_DOWNLOAD) {
        uint8_t sign = (uint8_t)(d->transfer.done * ORDER_BLOCKS + engine->finished(engine->ctx));
        if (sign != d->sign) fd_transfer_activity(&d->fd);
        d->sign = sign;
    }
    uint32_t due = fd_tick(&d->fd, now_ms);
    return due < DEVICE_TICK_MS ? due : DEVICE_TICK_MS;
}
