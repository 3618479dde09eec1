// SPDX-License-Identifier: Apache-2.0
//
// See policy_record.h.
#include "fw/update/policy_record.h"

#include "fw/image/image.h"
#include "fw/pldm/pldm_wire.h"

_Static_assert(POLICY_BLOCK == IMAGE_BLOCK && sizeof((struct policy_record *)0)->key_id == IMAGE_KEY_ID,
               "the frame of a manifest");

enum { MAGIC = 0x31504C53, FORMAT = 1 };
enum {
    AT_FORMAT = 4,
    AT_FLAGS = 6,
    AT_ROLLBACK = 7,
    AT_SEQUENCE = 8,
    AT_COMPONENTS = 12,
    AT_KEYS = 13,
    AT_NOTIFY = 14,
    AT_NOTIFY_LINK = 15,
    AT_CARD = 16,
    AT_UNUSED = AT_CARD + POLICY_CARD,
    AT_UNUSED_TOO = IMAGE_AT_KEY_ID + IMAGE_KEY_ID,
    AT_PUBLIC_KEY = IMAGE_BLOCK - IMAGE_SIGNATURE_ROOM,
    MOST_EID = 254,
    LEAST_EID = 8,
};

static bool all_zero(const uint8_t *bytes, uint32_t from, uint32_t to) {
    uint8_t any = 0;
    for (; from < to; from++) any |= bytes[from];
    return any == 0;
}

static bool sound(const struct policy *p) {
    const bool somebody = p->notify >= LEAST_EID && p->notify <= MOST_EID;
    return p->sequence != 0 && (p->flags & ~POLICY_FLAGS) == 0 && p->rollback < POLICY_ROLLBACKS && p->keys != 0 &&
           (somebody || (p->notify == 0 && p->notify_link == 0));
}

bool policy_parse(const uint8_t *block, struct policy_record *out) {
    if (pldm_get32(block) != MAGIC || pldm_get16(block + AT_FORMAT) != FORMAT) return false;
    if (!all_zero(block, AT_UNUSED, IMAGE_AT_KEY_ID) || !all_zero(block, AT_UNUSED_TOO, AT_PUBLIC_KEY)) return false;
    *out = (struct policy_record){.policy = {.sequence = pldm_get32(block + AT_SEQUENCE),
                                             .flags = block[AT_FLAGS],
                                             .rollback = block[AT_ROLLBACK],
                                             .components = block[AT_COMPONENTS],
                                             .keys = block[AT_KEYS],
                                             .notify = block[AT_NOTIFY],
                                             .notify_link = block[AT_NOTIFY_LINK]}};
    for (uint32_t i = 0; i < POLICY_CARD; i++) out->card[i] = block[AT_CARD + i];
    for (uint32_t i = 0; i < IMAGE_KEY_ID; i++) out->key_id[i] = block[IMAGE_AT_KEY_ID + i];
    return sound(&out->policy);
}

bool policy_encode(const struct policy_record *record, uint8_t *block) {
    const struct policy *p = &record->policy;
    struct policy_record got;
    for (uint32_t i = 0; i < POLICY_BLOCK; i++) block[i] = 0;
    pldm_put32(block, MAGIC);
    pldm_put16(block + AT_FORMAT, FORMAT);
    block[AT_FLAGS] = p->flags;
    block[AT_ROLLBACK] = p->rollback;
    pldm_put32(block + AT_SEQUENCE, p->sequence);
    block[AT_COMPONENTS] = p->components;
    block[AT_KEYS] = p->keys;
    block[AT_NOTIFY] = p->notify;
    block[AT_NOTIFY_LINK] = p->notify_link;
    for (uint32_t i = 0; i < POLICY_CARD; i++) block[AT_CARD + i] = record->card[i];
    return policy_parse(block, &got);
}

size_t policy_status_encode(const struct policy_status *status, uint8_t *data, size_t size) {
    const struct policy *p = &status->policy;
    if (size < POLICY_STATUS) return 0;
    uint8_t *at = pldm_put32(data, p->sequence);
    *at++ = p->flags;
    *at++ = p->rollback;
    *at++ = p->components;
    *at++ = p->keys;
    *at++ = p->signer;
    *at++ = p->notify;
    *at++ = p->notify_link;
    *at++ = status->roots;
    pldm_put32(at, status->revoked);
    return POLICY_STATUS;
}

bool policy_status_decode(const uint8_t *data, size_t len, struct policy_status *status) {
    if (len != POLICY_STATUS) return false;
    *status = (struct policy_status){.policy = {.sequence = pldm_get32(data),
                                                .flags = data[4],
                                                .rollback = data[5],
                                                .components = data[6],
                                                .keys = data[7],
                                                .signer = data[8],
                                                .notify = data[9],
                                                .notify_link = data[10]},
                                     .roots = data[11],
                                     .revoked = pldm_get32(data + 12)};
    return status->policy.sequence == 0 || (sound(&status->policy) && status->policy.signer < status->roots);
}
