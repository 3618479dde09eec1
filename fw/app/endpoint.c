// SPDX-License-Identifier: Apache-2.0
//
// The MCTP endpoint: packets to messages, control and PLDM messages to their responders, answers back to packets. An
// answer leaves by the link its request came from; the EID is one for all links.
#include "fw/app/app.h"
#include "fw/hal/sluice.h"
#include "fw/mctp/mctp.h"
#include "fw/mctp/mctp_control.h"
#include "fw/update/counters.h"
#include "fw/update/slots_status.h"

#define KEPT_MAGIC 0x4B454944u
#define OWN_TAG    4u  // tags 0..3 are the stream engine's (rtl/sluice_pkg.sv)

/* Survives a warm restart, so that a bus owner that did not notice it still reaches the card. */
struct kept {
    uint32_t magic, eid, complement;
};
extern volatile struct kept __kept;

static struct device *device;
static struct mctp_endpoint endpoint = {.uuid = board_identity.uuid};
static struct pldm_base base;
static uint8_t own_tag;
// UpdateComponent with the longest version has 278 bytes; package data and metadata, of any length, are not kept here.
static uint8_t incoming[HAL_LINKS][512];
static struct mctp_assembler assemblers[HAL_LINKS];
static uint8_t answer[1024];  // an update agent in the field has no more room either

static void use_eid(uint8_t eid) {
    endpoint.eid = eid;
    hal_set_eid(eid);
    __kept.magic = KEPT_MAGIC;
    __kept.eid = eid;
    __kept.complement = ~(uint32_t)eid;
}

void endpoint_init(struct device *d) {
    static const struct pldm_base_type *const types[] = {&pldm_base_self, &fd_pldm_type};
    bool kept = hal_reset_cause() != HAL_POWER_ON && __kept.magic == KEPT_MAGIC && __kept.complement == ~__kept.eid;
    device = d;
    endpoint.vendor_type = vendor_type(&board_identity.descriptors[0]);
    base.types = types;
    base.type_count = sizeof types / sizeof types[0];
    for (unsigned i = 0; i < HAL_LINKS; i++)
        assemblers[i] = (struct mctp_assembler){.buffer = incoming[i], .size = sizeof incoming[i], .pieces = true};
    use_eid(kept ? (uint8_t)__kept.eid : 0);
}

static bool emit(void *link, const uint8_t *head, size_t head_len, const uint8_t *body, size_t body_len) {
    hal_send(*(const uint8_t *)link, head, head_len, body, body_len);
    return true;
}

/* @return whether it was sent */
static bool send_own(uint8_t link, uint8_t eid, uint8_t type, const uint8_t *msg, size_t len) {
    const struct mctp_message out = {.destination = eid,
                                     .source = endpoint.eid,
                                     .tag = OWN_TAG | own_tag,
                                     .tag_owner = true,
                                     .type = type,
                                     .bytes = msg,
                                     .len = len};
    own_tag = (own_tag + 1u) & 3u;
    return mctp_split(&out, MCTP_BASELINE_MTU, emit, &link);
}

bool endpoint_send(uint16_t peer, const uint8_t *msg, size_t len) {
    return send_own(PEER_LINK(peer), PEER_EID(peer), MCTP_TYPE_PLDM, msg, len);
}

void endpoint_notify(uint8_t link, uint8_t eid, const uint8_t *msg, size_t len) {
    if (link < HAL_LINKS && endpoint.eid != 0) (void)send_own(link, eid, endpoint.vendor_type, msg, len);
}

static size_t answer_pldm(uint8_t link, const struct mctp_message *in, uint32_t now) {
    struct pldm_header header;
    if (pldm_header_decode(in->bytes, in->len, &header) != PLDM_SUCCESS) return 0;
    if (header.type != PLDM_TYPE_FWUP) return pldm_base_message(&base, in->bytes, in->len, answer, sizeof answer);
    return fd_message(&device->fd, now, PEER(link, in->source), in->bytes, in->len, answer, sizeof answer);
}

static size_t put_counters(uint8_t *data, size_t size) {
    const struct counters now = {.requests = HAL->COUNT_REQUESTS,
                                 .retries = HAL->COUNT_RETRIES,
                                 .bytes = HAL->COUNT_BYTES,
                                 .link_idle = HAL->COUNT_LINK_IDLE,
                                 .flash_idle = HAL->COUNT_FLASH_IDLE};
    return counters_encode(&now, data, size);
}

static size_t put_slots(uint8_t component, uint8_t *data, size_t size) {
    struct slots_status status;
    device_slots(device, component, &status);
    return slots_status_encode(&status, data, size);
}

static size_t put_policy(uint8_t *data, size_t size) {
    struct policy_status status;
    device_policy(device, &status);
    return policy_status_encode(&status, data, size);
}

static uint8_t take_policy_part(const struct vendor_message *in) {
    const uint32_t before = device->slots.journal.policy.sequence;
    const uint8_t code = device_policy_part(device, in->data, in->len);
    const uint32_t now = device->slots.journal.policy.sequence;
    if (now == before) return code;
    hal_puts("policy ");
    hal_put_hex(now, 8);
    hal_puts(" in force\n");
    return code;
}

static uint8_t answer_vendor(void *context, const struct vendor_message *in, uint8_t *data, size_t size, size_t *len) {
    const bool slots = in->command == VENDOR_SLOTS;
    (void)context;
    if (in->command == VENDOR_POLICY_PART) return take_policy_part(in);
    if (!slots && in->command != VENDOR_COUNTERS && in->command != VENDOR_POLICY) return MCTP_ERROR_UNSUPPORTED_CMD;
    if (in->len != (slots ? 1 : 0)) return MCTP_ERROR_INVALID_LENGTH;
    if (slots && in->data[0] >= device->slots.count) return MCTP_ERROR_INVALID_DATA;
    *len = slots                            ? put_slots(in->data[0], data, size)
           : in->command == VENDOR_COUNTERS ? put_counters(data, size)
                                            : put_policy(data, size);
    return *len != 0 ? MCTP_SUCCESS : MCTP_ERROR;
}

static void handle(uint8_t link, const struct mctp_message *in) {
    size_t len = 0;
    uint8_t own = endpoint.eid;
    if (!in->tag_owner) {
        if (in->type == MCTP_TYPE_PLDM)
            fd_response_piece(&device->fd, hal_now_ms(), PEER(link, in->source), in->bytes, in->len,
                              assemblers[link].offset, assemblers[link].more);
        return;
    }
    if (in->type == MCTP_TYPE_CONTROL)
        len = mctp_control_message(&endpoint, in->bytes, in->len, answer, sizeof answer);
    else if (in->type == MCTP_TYPE_PLDM)
        len = answer_pldm(link, in, hal_now_ms());
    else if (in->type == endpoint.vendor_type)
        len = vendor_serve(&board_identity.descriptors[0], answer_vendor, NULL, in->bytes, in->len, answer,
                           sizeof answer);
    if (len == 0) return;
    const struct mctp_message out = {.destination = in->source,
                                     .source = in->destination != MCTP_EID_NULL ? in->destination : own,
                                     .tag = in->tag,
                                     .type = in->type,
                                     .bytes = answer,
                                     .len = len};
    (void)mctp_split(&out, MCTP_BASELINE_MTU, emit, &link);
    if (endpoint.eid != own) use_eid(endpoint.eid);
}

void endpoint_receive(void) {
    uint8_t packet[HAL_MAX_PACKET], link;
    struct mctp_message message;
    uint32_t len = hal_receive(packet, &link);
    if (len != 0) device_heard(device);
    if (len != 0 && mctp_assemble(&assemblers[link], packet, len, &message)) handle(link, &message);
}
