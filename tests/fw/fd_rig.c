// SPDX-License-Identifier: Apache-2.0
//
// See fd_rig.h.
#include "tests/fw/fd_rig.h"

#include <string.h>

static const uint8_t vendor[] = {0x34, 0x12}, device[] = {0x01, 0x53};
static const struct pldm_descriptor descriptors[] = {{PLDM_DESCRIPTOR_PCI_VENDOR_ID, 2, vendor},
                                                     {PLDM_DESCRIPTOR_PCI_DEVICE_ID, 2, device}};

static struct pldm_string text(const char *s) {
    return (struct pldm_string){PLDM_STRING_ASCII, (uint8_t)strlen(s), (const uint8_t *)s};
}

static void set_version(void *context, struct pldm_string *active, struct pldm_string *pending) {
    struct rig *rig = context;
    *active = text(rig->set_version);
    *pending = (struct pldm_string){PLDM_STRING_ASCII, 0, NULL};
}

static void component(void *context, uint8_t i, struct pldm_component *out) {
    struct rig *rig = context;
    out->classification = 0x000A;
    out->identifier = (uint16_t)(1 + i);
    out->active.stamp = 50;
    out->active.version = text("v1");
    out->activation_methods = rig->methods;
}

static uint8_t update_begin(void *context, const struct pldm_request_update_req *request,
                            struct pldm_request_update_resp *answer) {
    struct rig *rig = context;
    rig->begins++;
    rig->package_data_len = request->package_data_len;
    answer->meta_data_len = rig->meta_len;
    answer->will_get_package_data = rig->wants_package_data;
    return rig->begin_code;
}

static void give_data(void *context, uint32_t offset, uint8_t *out, size_t len) {
    (void)context;
    for (size_t i = 0; i < len; i++) out[i] = rig_byte(offset + i);
}

static void take_data(void *context, enum fd_data what, uint32_t offset, const uint8_t *bytes, size_t len) {
    struct rig *rig = context;
    struct rig_data *to = &rig->taken[what];
    if (len == 0) to->ends++;
    to->len = offset + (uint32_t)len;
    for (size_t i = 0; i < len; i++)
        if (bytes[i] != rig_byte(offset + i)) to->wrong++;
}

static void update_abandoned(void *context, uint8_t reason) {
    struct rig *rig = context;
    rig->abandons++;
    rig->abandon_reason = reason;
}

static uint8_t check(void *context, uint8_t i, struct fd_offer *offer) {
    struct rig *rig = context;
    rig->checks++;
    rig->worked_on = i;
    rig->offer = *offer;
    offer->delay_s = rig->delay_s;
    if (rig->deny_force) offer->force = false;
    return rig->check_code;
}

static uint8_t transfer_start(void *context, const struct fd_transfer *transfer) {
    struct rig *rig = context;
    rig->starts++;
    rig->transfer = *transfer;
    if (rig->done_at_once) fd_transfer_done(&rig->fd, PLDM_RESULT_SUCCESS);
    return rig->start_result;
}

static void verify_start(void *context, uint8_t i) {
    struct rig *rig = context;
    rig->verifies++;
    rig->worked_on = i;
    if (rig->done_at_once) fd_verify_done(&rig->fd, PLDM_RESULT_SUCCESS);
}

static void apply_start(void *context, uint8_t i) {
    struct rig *rig = context;
    rig->applies++;
    rig->worked_on = i;
    if (rig->done_at_once) fd_apply_done(&rig->fd, PLDM_RESULT_SUCCESS, 0);
}

static uint8_t cancel(void *context, uint8_t i, uint8_t state) {
    struct rig *rig = context;
    rig->cancels++;
    rig->worked_on = i;
    rig->cancel_state = state;
    return rig->cancel_code;
}

static uint8_t progress(void *context) {
    struct rig *rig = context;
    return rig->percent;
}

static bool non_functioning(void *context, uint8_t i) {
    struct rig *rig = context;
    return rig->broken[i];
}

static uint8_t activate(void *context, bool self_contained, uint16_t *seconds) {
    struct rig *rig = context;
    rig->activates++;
    rig->self_contained = self_contained;
    *seconds = rig->activate_s;
    return rig->activate_code;
}

static void activate_self(void *context) {
    struct rig *rig = context;
    rig->self_activates++;
}

static bool send(void *context, uint16_t peer, const uint8_t *msg, size_t len) {
    struct rig *rig = context;
    if (rig->link_full) return false;
    rig->sends++;
    rig->sent_to = peer;
    rig->sent_len = len;
    rig->sent_ms = rig->now;
    memcpy(rig->sent, msg, len);
    return true;
}

void rig_init(struct rig *rig) {
    memset(rig, 0, sizeof *rig);
    rig->ops = (struct fd_ops){
        .descriptors = descriptors,
        .descriptor_count = 2,
        .component_count = 2,
        .capabilities = PLDM_CAPABILITY_PARTIAL_UPDATE,
        .set_version = set_version,
        .component = component,
        .update_begin = update_begin,
        .give_data = give_data,
        .take_data = take_data,
        .update_abandoned = update_abandoned,
        .check = check,
        .transfer_start = transfer_start,
        .verify_start = verify_start,
        .apply_start = apply_start,
        .cancel = cancel,
        .progress = progress,
        .non_functioning = non_functioning,
        .activate = activate,
        .activate_self = activate_self,
        .send = send,
    };
    rig->now = 0xFFFFFFFFU - 20000; /* the clock wraps during the tests */
    rig->methods = PLDM_ACTIVATION_MEDIUM_SPECIFIC_RESET | PLDM_ACTIVATION_SELF_CONTAINED;
    rig->set_version = "set";
    fd_init(&rig->fd, &rig->ops, rig);
    fd_tick(&rig->fd, rig->now);
}

void rig_advance(struct rig *rig, uint32_t ms) {
    uint32_t wanted = fd_tick(&rig->fd, rig->now);
    while (ms > 0) {
        uint32_t step = wanted < ms ? wanted : ms;
        if (step == 0) step = 1;
        rig->now += step;
        ms -= step;
        wanted = fd_tick(&rig->fd, rig->now);
    }
}

uint8_t rig_send(struct rig *rig, uint16_t source, const uint8_t *msg, size_t len) {
    rig->answer_len = fd_message(&rig->fd, rig->now, source, msg, len, rig->answer, sizeof rig->answer);
    fd_tick(&rig->fd, rig->now);
    return rig->answer_len > PLDM_HEADER_SIZE ? rig->answer[PLDM_HEADER_SIZE] : 0xFF;
}

uint8_t rig_command(struct rig *rig, uint8_t command, const uint8_t *body, size_t len) {
    uint8_t msg[PLDM_HEADER_SIZE + 300];
    rig->instance = (rig->instance + 1) & 31;
    struct pldm_header header = {
        .request = true, .instance = rig->instance, .type = PLDM_TYPE_FWUP, .command = command};
    pldm_header_encode(&header, msg, sizeof msg);
    if (len != 0) memcpy(msg + PLDM_HEADER_SIZE, body, len);
    return rig_send(rig, RIG_UA, msg, PLDM_HEADER_SIZE + len);
}

void rig_acknowledge(struct rig *rig, uint8_t code) {
    uint8_t msg[4];
    size_t len = pldm_answer_error(rig->sent, code, msg, sizeof msg);
    fd_response(&rig->fd, rig->now, RIG_UA, msg, len);
    fd_tick(&rig->fd, rig->now);
}

uint8_t rig_request_update(struct rig *rig) {
    uint8_t body[64];
    struct pldm_request_update_req request = {
        .max_transfer_size = 512, .component_count = 1, .max_outstanding = 1, .set_version = text("set2")};
    request.package_data_len = rig->offer_package_data;
    return rig_command(rig, PLDM_REQUEST_UPDATE, body, pldm_request_update_req_encode(&request, body, sizeof body));
}

unsigned rig_pass(struct rig *rig, uint8_t i, uint8_t flag) {
    uint8_t body[64];
    struct pldm_pass_component_table_req request = {.transfer_flag = PLDM_TRANSFER_START,
                                                    .classification = 0x000A,
                                                    .identifier = (uint16_t)(1 + i),
                                                    .stamp = 100U + i,
                                                    .version = text("v2")};
    size_t len = pldm_pass_component_table_req_encode(&request, body, sizeof body);
    body[0] = flag; /* also those that the encoder would refuse */
    uint8_t code = rig_command(rig, PLDM_PASS_COMPONENT_TABLE, body, len);
    return code == PLDM_SUCCESS ? rig->answer[5] : 1000U + code;
}

unsigned rig_update(struct rig *rig, uint8_t i, uint32_t size, bool force) {
    uint8_t body[64];
    struct pldm_update_component_req request = {.classification = 0x000A,
                                                .identifier = (uint16_t)(1 + i),
                                                .stamp = 100U + i,
                                                .image_size = size,
                                                .options = 0xFFFFFFFEU | force,
                                                .version = text("v2")};
    size_t len = pldm_update_component_req_encode(&request, body, sizeof body);
    uint8_t code = rig_command(rig, PLDM_UPDATE_COMPONENT, body, len);
    return code == PLDM_SUCCESS ? rig->answer[5] : 1000U + code;
}

uint8_t rig_activate(struct rig *rig, bool self_contained) {
    uint8_t body = self_contained;
    return rig_command(rig, PLDM_ACTIVATE_FIRMWARE, &body, 1);
}

struct pldm_get_status_resp rig_status(struct rig *rig) {
    struct pldm_get_status_resp status;
    rig_command(rig, PLDM_GET_STATUS, NULL, 0);
    if (pldm_get_status_resp_decode(rig->answer + PLDM_HEADER_SIZE, rig->answer_len - PLDM_HEADER_SIZE, &status) != 0)
        memset(&status, 0xFF, sizeof status);
    return status;
}

void rig_finish_component(struct rig *rig) {
    fd_transfer_done(&rig->fd, PLDM_RESULT_SUCCESS);
    fd_tick(&rig->fd, rig->now);
    rig_acknowledge(rig, PLDM_SUCCESS);
    fd_verify_done(&rig->fd, PLDM_RESULT_SUCCESS);
    fd_tick(&rig->fd, rig->now);
    rig_acknowledge(rig, PLDM_SUCCESS);
    fd_apply_done(&rig->fd, PLDM_RESULT_SUCCESS, 0);
    fd_tick(&rig->fd, rig->now);
    rig_acknowledge(rig, PLDM_SUCCESS);
}

void rig_to(struct rig *rig, uint8_t state) {
    rig_init(rig);
    if (state == PLDM_STATE_IDLE) return;
    rig_request_update(rig);
    if (state == PLDM_STATE_LEARN_COMPONENTS) return;
    rig_pass(rig, 0, PLDM_TRANSFER_START);
    rig_pass(rig, 1, PLDM_TRANSFER_END);
    if (state == PLDM_STATE_READY_XFER) return;
    rig_update(rig, 0, 4096, false);
    if (state == PLDM_STATE_DOWNLOAD) return;
    if (state == PLDM_STATE_ACTIVATE) {
        rig_finish_component(rig);
        rig_update(rig, 1, 4096, false);
        rig_finish_component(rig);
        rig_activate(rig, true);
        return;
    }
    fd_transfer_done(&rig->fd, PLDM_RESULT_SUCCESS);
    fd_tick(&rig->fd, rig->now);
    rig_acknowledge(rig, PLDM_SUCCESS);
    if (state == PLDM_STATE_VERIFY) return;
    fd_verify_done(&rig->fd, PLDM_RESULT_SUCCESS);
    fd_tick(&rig->fd, rig->now);
    rig_acknowledge(rig, PLDM_SUCCESS);
}
