// SPDX-License-Identifier: Apache-2.0
//
// The MCTP endpoint: packets to messages, control and PLDM messages to their responders, answers back to packets.
#include "fw/app/app.h"
#include "fw/hal/sluice.h"
#include "fw/mctp/mctp.h"
#include "fw/mctp/mctp_control.h"

#define KEPT_MAGIC  0x4B454944u
#define PACKET_SIZE (MCTP_HEADER_SIZE + MCTP_BASELINE_MTU + 16u)
#define OWN_TAG     4u  // tags 0..3 are the stream engine's (rtl/sluice_pkg.sv)

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
static uint8_t incoming[512];
static struct mctp_assembler assembler = {.buffer = incoming, .size = sizeof incoming, .pieces = true};
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
    base.types = types;
    base.type_count = sizeof types / sizeof types[0];
    use_eid(kept ? (uint8_t)__kept.eid : 0);
}

static bool emit(void *context, const uint8_t *head, size_t head_len, const uint8_t *body, size_t body_len) {
    (void)context;
    hal_send(head, head_len, body, body_len);
    return true;
}

bool endpoint_send(uint8_t eid, const uint8_t *msg, size_t len) {
    const struct mctp_message out = {.destination = eid,
                                     .source = endpoint.eid,
                                     .tag = OWN_TAG | own_tag,
                                     .tag_owner = true,
                                     .type = MCTP_TYPE_PLDM,
                                     .bytes = msg,
                                     .len = len};
    own_tag = (own_tag + 1u) & 3u;
    return mctp_split(&out, MCTP_BASELINE_MTU, emit, NULL);
}

static size_t answer_pldm(const struct mctp_message *in, uint32_t now) {
    struct pldm_header header;
    if (pldm_header_decode(in->bytes, in->len, &header) != PLDM_SUCCESS) return 0;
    if (header.type != PLDM_TYPE_FWUP) return pldm_base_message(&base, in->bytes, in->len, answer, sizeof answer);
    return fd_message(&device->fd, now, in->source, in->bytes, in->len, answer, sizeof answer);
}

static void handle(const struct mctp_message *in) {
    size_t len = 0;
    uint8_t own = endpoint.eid;
    if (!in->tag_owner) {
        if (in->type == MCTP_TYPE_PLDM)
            fd_response_piece(&device->fd, hal_now_ms(), in->source, in->bytes, in->len, assembler.offset,
                              assembler.more);
        return;
    }
    if (in->type == MCTP_TYPE_CONTROL)
        len = mctp_control_message(&endpoint, in->bytes, in->len, answer, sizeof answer);
    else if (in->type == MCTP_TYPE_PLDM)
        len = answer_pldm(in, hal_now_ms());
    if (len == 0) return;
    const struct mctp_message out = {.destination = in->source,
                                     .source = in->destination != MCTP_EID_NULL ? in->destination : own,
                                     .tag = in->tag,
                                     .type = in->type,
                                     .bytes = answer,
                                     .len = len};
    (void)mctp_split(&out, MCTP_BASELINE_MTU, emit, NULL);
    if (endpoint.eid != own) use_eid(endpoint.eid);
}

void endpoint_receive(void) {
    uint8_t packet[PACKET_SIZE];
    struct mctp_message message;
    uint32_t len = hal_receive(packet, sizeof packet);
    if (len != 0 && mctp_assemble(&assembler, packet, len, &message)) handle(&message);
}
