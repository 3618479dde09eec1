// SPDX-License-Identifier: Apache-2.0
//
// The operator's policy on the card: taken in parts, judged like an image, kept in the journal; what it forbids; and
// who is told. The block being taken lies in the stream RAM, which is an update's as soon as one begins: then its parts
// have to come again. Nothing is written before the whole block was found good.
#include "fw/image/image.h"
#include "fw/mctp/mctp_control.h"
#include "fw/pldm/pldm_wire.h"
#include "fw/update/device.h"
#include "fw/update/notice.h"
#include "fw/update/policy_keys.h"

#define BLOCK 1u  // of the stream RAM: fw/hal/judge.h takes a manifest from there

static const struct policy *in_force(const struct device *d) {
    return &d->slots.journal.policy;
}

void device_notify(const struct device *d, uint8_t kind, uint8_t code) {
    const struct policy *policy = in_force(d);
    const struct notice notice = {.kind = kind, .code = code, .sequence = policy->sequence};
    uint8_t msg[NOTICE_MOST];
    if (policy->notify == 0 || d->io->notify == NULL) return;
    size_t len = notice_encode(&d->identity->descriptors[0], &notice, msg, sizeof msg);
    if (len != 0) d->io->notify(d->io->context, policy->notify_link, policy->notify, msg, len);
}

uint8_t device_policy_begin(struct device *d) {
    d->upload.have = d->upload.last = 0;
    if ((in_force(d)->flags & POLICY_DISABLED) == 0) return PLDM_SUCCESS;
    device_notify(d, NOTICE_REFUSED, PLDM_UNABLE_TO_INITIATE_UPDATE);
    return PLDM_UNABLE_TO_INITIATE_UPDATE;
}

bool device_policy_permits(const struct device *d, uint8_t i) {
    const struct policy *policy = in_force(d);
    return policy->sequence == 0 || (policy->components >> i & 1u) != 0;
}

void device_policy(const struct device *d, struct policy_status *status) {
    *status = (struct policy_status){.policy = *in_force(d), .roots = board_root_count, .revoked = board_revoked()};
}

static bool is_for(const struct device *d, const uint8_t *card) {
    uint8_t any = 0, differs = 0;
    for (uint32_t i = 0; i < POLICY_CARD; i++) {
        any |= card[i];
        differs |= card[i] ^ d->identity->uuid[i];
    }
    return any == 0 || differs == 0;
}

/* @return 0 or why the block is refused; who signed it counts before what it says */
static uint8_t judge(const struct device *d, uint8_t *block, struct policy *next) {
    struct policy_record record;
    struct image frame = {.manifest_blocks = 1};
    const struct engine *engine = d->transfer.engine;
    if (!policy_parse(block, &record)) return POLICY_MALFORMED;
    for (uint32_t i = 0; i < IMAGE_KEY_ID; i++) frame.key_id[i] = record.key_id[i];
    enum image_trust trust = engine->judge(engine->ctx, block, &frame);
    if (trust != IMAGE_AUTHENTIC) return (uint8_t)(POLICY_UNSIGNED + trust - IMAGE_UNSIGNED);
    const uint8_t root = policy_root(record.key_id);
    if (root == board_root_count) return POLICY_UNKNOWN_KEY;  // the judge has said so before
    if (!policy_lets_sign(in_force(d), record.key_id)) return POLICY_DENIED_KEY;
    if (!is_for(d, record.card)) return POLICY_OTHER_CARD;
    if (record.policy.sequence <= in_force(d)->sequence) return POLICY_NOT_NEWER;
    if (!policy_lets_sign(&record.policy, record.key_id)) return POLICY_LOCKS_OUT;
    *next = record.policy;
    next->signer = root;
    return 0;
}

static uint8_t take_whole(struct device *d, uint8_t *block) {
    const struct journal before = d->slots.journal;
    struct policy next;
    uint8_t refusal = judge(d, block, &next);
    if (refusal != 0) return refusal;
    d->slots.journal.policy = next;
    if (!device_store(d, &before)) return POLICY_NOT_STORED;
    device_notify(d, NOTICE_POLICY, 0);
    return MCTP_SUCCESS;
}

static bool at_rest(const struct device *d) {
    return d->fd.state == PLDM_STATE_IDLE && !d->slots.trial && !d->read_only && d->restart == DEVICE_RUNS &&
           !transfer_busy(&d->transfer);
}

uint8_t device_policy_part(struct device *d, const uint8_t *data, size_t len) {
    struct policy_upload *u = &d->upload;
    if (len <= POLICY_PART_HEAD || len > POLICY_PART_HEAD + POLICY_PART_MOST) return MCTP_ERROR_INVALID_LENGTH;
    const uint16_t offset = pldm_get16(data);
    const uint32_t end = offset + (uint32_t)len - POLICY_PART_HEAD;
    if (end > POLICY_BLOCK) return MCTP_ERROR_INVALID_DATA;
    if (!at_rest(d)) return MCTP_ERROR_NOT_READY;
    if (u->have != 0 && offset == u->last && end == u->have) return u->code;  // its answer was lost
    if (offset != 0 && offset != u->have) return POLICY_NO_ORDER;
    uint8_t *block = d->transfer.engine->ram + BLOCK * IMAGE_BLOCK;
    for (uint32_t i = offset; i < end; i++) block[i] = data[POLICY_PART_HEAD + i - offset];
    u->last = offset;
    u->have = (uint16_t)end;
    u->code = end == POLICY_BLOCK ? take_whole(d, block) : MCTP_SUCCESS;
    return u->code;
}
