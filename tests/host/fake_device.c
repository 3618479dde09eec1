// SPDX-License-Identifier: Apache-2.0
//
// Promises of fake_device.h.
#include "tests/host/fake_device.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fw/mctp/mctp_control.h"
#include "fw/pldm/pldm_wire.h"

static const uint8_t descriptors[] = {0, 0, 2, 0, 0x34, 0x12, 0, 1, 2, 0, 0x01, 0x53, 2, 1, 2, 0, 0x01, 0x00};

static void queue(struct fake *f, uint64_t delay_ms, uint8_t type, uint8_t tag, bool request, const uint8_t *bytes,
                  size_t len) {
    if (f->queue_len == FAKE_QUEUE || len > sizeof f->queue[0].bytes) abort();
    size_t at = f->queue_len++;
    const uint64_t when = f->now + delay_ms * FAKE_MS;
    for (; at > 0 && f->queue[at - 1].at > when; at--) f->queue[at] = f->queue[at - 1];
    f->queue[at].at = when;
    f->queue[at].type = type;
    f->queue[at].tag = tag;
    f->queue[at].request = request;
    f->queue[at].len = len;
    memcpy(f->queue[at].bytes, bytes, len);
}

static void request_later(struct fake *f, uint64_t delay_ms, uint8_t command, const uint8_t *body, size_t len) {
    uint8_t message[64];
    const struct pldm_header header = {true, false, f->request_instance, PLDM_TYPE_FWUP, command};
    const size_t head = pldm_header_encode(&header, message, sizeof message);
    if (len != 0) memcpy(message + head, body, len);
    queue(f, delay_ms, MCTP_TYPE_PLDM, f->request_instance & 7, true, message, head + len);
}

void fake_request(struct fake *f, uint8_t command, const uint8_t *body, size_t len, bool repeat) {
    if (!repeat) f->request_instance = (f->request_instance + 1) & 31;
    f->reported = len == 0 ? 0 : body[0];
    request_later(f, 1, command, body, len);
}

static void ask_data(struct fake *f) {
    uint8_t body[8];
    const uint32_t left = (f->size - f->offset + 31) / 32 * 32; /* table 21: no more than 32 bytes of padding */
    const struct pldm_request_firmware_data_req request = {f->offset, left < FAKE_CHUNK ? left : FAKE_CHUNK};
    pldm_request_firmware_data_req_encode(&request, body, sizeof body);
    fake_request(f, PLDM_REQUEST_FIRMWARE_DATA, body, sizeof body, false);
}

static void report(struct fake *f, unsigned stage) {
    const bool good = f->good_from != 0 && f->component >= f->good_from;
    const uint8_t body[3] = {good ? 0 : f->results[stage]};
    f->reported = body[0];
    f->request_instance = (f->request_instance + 1) & 31;
    request_later(f, stage == 0 ? 1 : f->stage_ms, (uint8_t)(PLDM_TRANSFER_COMPLETE + stage), body, stage == 2 ? 3 : 1);
}

static void take_data(struct fake *f, const uint8_t *data, size_t len) {
    if (f->by_hand) return;
    memcpy(f->got[f->component] + f->offset, data, len);
    f->offset += (uint32_t)len;
    if (f->offset < f->size)
        ask_data(f);
    else
        report(f, 0);
}

/* The device goes on after an answer, as far as the answer was good and its own result was. */
static void take_answer(struct fake *f, uint8_t command, const uint8_t *body, size_t len) {
    f->answers++;
    f->answer_command = command;
    f->answer_len = len;
    memcpy(f->answer_body, body, len < sizeof f->answer_body ? len : sizeof f->answer_body);
    if (body[0] != PLDM_SUCCESS) return;
    if (command == PLDM_REQUEST_FIRMWARE_DATA) take_data(f, body + 1, len - 1);
    if (command < PLDM_TRANSFER_COMPLETE || command > PLDM_APPLY_COMPLETE) return;
    const unsigned stage = command - PLDM_TRANSFER_COMPLETE;
    if (f->reported > (stage == 2)) return; /* ApplyResult 1 is a success */
    if (f->state != PLDM_STATE_DOWNLOAD + stage) return;
    f->state = stage == 2 ? PLDM_STATE_READY_XFER : (uint8_t)(PLDM_STATE_VERIFY + stage);
    if (stage < 2 && !f->by_hand) report(f, stage + 1);
}

static struct pldm_component component_of(const struct fake *f, unsigned i) {
    struct pldm_component c = {.classification = 10,
                               .identifier = (uint16_t)(f->twins ? 1 : i + 1),
                               .index = (uint8_t)(3 + i),
                               .activation_methods = f->methods};
    const char *version = f->versions[i < FAKE_COMPONENTS ? i : 0];
    c.active.version = (struct pldm_string){f->version_type, (uint8_t)strlen(version), (const uint8_t *)version};
    memcpy(c.active.date, "20260101", 8);
    return c;
}

static size_t answer_parameters(const struct fake *f, uint8_t *body, size_t size) {
    uint8_t table[FAKE_MESSAGE];
    size_t used = 0;
    for (unsigned i = 0; i < FAKE_COMPONENTS + f->more_components; i++) {
        const struct pldm_component c = component_of(f, i);
        used += pldm_component_encode(&c, table + used, sizeof table - used);
    }
    const struct pldm_get_firmware_parameters_resp answer = {
        .component_count = (uint16_t)(FAKE_COMPONENTS + f->more_components),
        .active = f->active_set,
        .pending = f->pending_set,
        .components = table,
        .components_len = used,
    };
    const size_t len = pldm_get_firmware_parameters_resp_encode(&answer, body, size);
    if (len != 0) body[9] = f->pending_set.type; /* also where the codec would not have it */
    return len;
}

static void run_new(struct fake *f) {
    f->state = PLDM_STATE_IDLE;
    for (unsigned i = 0; i < FAKE_COMPONENTS; i++) f->versions[i] = f->next_versions[i];
}

static void activate(struct fake *f, bool self_contained) {
    f->state = PLDM_STATE_IDLE;
    if (!self_contained) return;
    if (f->activate_ms != 0) {
        f->state = PLDM_STATE_ACTIVATE;
        f->activated_at = f->now + f->activate_ms * FAKE_MS;
        return;
    }
    f->silent_until = f->now + f->restart_ms * FAKE_MS;
    if (!f->keeps_eid) f->eid = 0;
    run_new(f);
}

/* Table 9: what a command is answered in this state when it does not belong there. */
static uint8_t out_of_state(const struct fake *f, uint8_t command) {
    static const struct {
        uint8_t command, from, to;
    } table[] = {
        {PLDM_REQUEST_UPDATE, PLDM_STATE_IDLE, PLDM_STATE_IDLE},
        {PLDM_GET_DEVICE_META_DATA, PLDM_STATE_LEARN_COMPONENTS, PLDM_STATE_LEARN_COMPONENTS},
        {PLDM_PASS_COMPONENT_TABLE, PLDM_STATE_LEARN_COMPONENTS, PLDM_STATE_LEARN_COMPONENTS},
        {PLDM_UPDATE_COMPONENT, PLDM_STATE_READY_XFER, PLDM_STATE_READY_XFER},
        {PLDM_ACTIVATE_FIRMWARE, PLDM_STATE_READY_XFER, PLDM_STATE_READY_XFER},
        {PLDM_CANCEL_UPDATE_COMPONENT, PLDM_STATE_DOWNLOAD, PLDM_STATE_APPLY},
        {PLDM_CANCEL_UPDATE, PLDM_STATE_LEARN_COMPONENTS, PLDM_STATE_APPLY},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        if (table[i].command != command) continue;
        if (f->state >= table[i].from && f->state <= table[i].to) return PLDM_SUCCESS;
        if (f->state == PLDM_STATE_IDLE) return PLDM_NOT_IN_UPDATE_MODE;
        return command == PLDM_REQUEST_UPDATE && f->state == PLDM_STATE_READY_XFER ? PLDM_ALREADY_IN_UPDATE_MODE
                                                                                   : PLDM_INVALID_STATE_FOR_COMMAND;
    }
    return PLDM_SUCCESS;
}

static size_t answer_update_component(struct fake *f, const uint8_t *body, size_t len, uint8_t *out, size_t size) {
    struct pldm_update_component_req request;
    const struct pldm_update_component_resp answer = {.delay_s = f->delay_s};
    const struct pldm_update_component_resp unknown = {.response = 1, .response_code = PLDM_COMPONENT_NOT_SUPPORTED};
    if (pldm_update_component_req_decode(body, len, &request) != 0) abort();
    if (request.identifier - 1u >= FAKE_COMPONENTS) return pldm_update_component_resp_encode(&unknown, out, size);
    f->component = request.identifier - 1u;
    f->size = request.image_size;
    f->offset = 0;
    f->state = PLDM_STATE_DOWNLOAD;
    if (!f->by_hand) ask_data(f);
    return pldm_update_component_resp_encode(&answer, out, size);
}

static size_t answer_meta_data(const struct fake *f, const uint8_t *body, size_t len, uint8_t *out, size_t size) {
    static const uint8_t meta[] = "metadata of the device";
    struct pldm_get_data_req request;
    if (pldm_get_data_req_decode(body, len, &request) != 0) abort();
    const bool first = request.operation == PLDM_GET_FIRST_PART;
    const uint16_t half = f->meta_data_len / 2;
    const struct pldm_get_data_resp answer = {
        .next_handle = first ? 77 : 0,
        .transfer_flag = first ? PLDM_TRANSFER_START : PLDM_TRANSFER_END,
        .data = meta + (first ? 0 : half),
        .data_len = first ? half : (size_t)(f->meta_data_len - half),
    };
    return pldm_get_data_resp_encode(&answer, out, size);
}

static size_t answer_status(struct fake *f, uint8_t *out, size_t size) {
    const struct pldm_get_status_resp answer = {.current_state = f->state,
                                                .aux_state = f->state < PLDM_STATE_DOWNLOAD ? f->aux_idle : 0,
                                                .progress = f->percent,
                                                .reason = 5};
    if (f->percent_moves) f->percent = (uint8_t)((f->percent + 1) % 100);
    return pldm_get_status_resp_encode(&answer, out, size);
}

static size_t answer_well(struct fake *f, uint8_t command, const uint8_t *body, size_t len, uint8_t *out, size_t size) {
    const struct pldm_query_device_identifiers_resp ids = {0, f->descriptor_count, f->descriptors, f->descriptors_len};
    const struct pldm_request_update_resp update = {0, f->meta_data_len, f->will_get_package_data};
    const struct pldm_pass_component_table_resp pass = {0, 0, 0};
    const struct pldm_activate_firmware_resp activated = {0, f->estimated_s};
    const struct pldm_cancel_update_resp canceled = {0, false, 0};
    switch (command) {
        case PLDM_QUERY_DEVICE_IDENTIFIERS:
            return pldm_query_device_identifiers_resp_encode(&ids, out, size);
        case PLDM_GET_FIRMWARE_PARAMETERS:
            return answer_parameters(f, out, size);
        case PLDM_REQUEST_UPDATE:
            f->state = PLDM_STATE_LEARN_COMPONENTS;
            return pldm_request_update_resp_encode(&update, out, size);
        case PLDM_GET_DEVICE_META_DATA:
            return answer_meta_data(f, body, len, out, size);
        case PLDM_PASS_COMPONENT_TABLE:
            f->state = (body[0] & PLDM_TRANSFER_END) != 0 ? PLDM_STATE_READY_XFER : PLDM_STATE_LEARN_COMPONENTS;
            return pldm_pass_component_table_resp_encode(&pass, out, size);
        case PLDM_UPDATE_COMPONENT:
            return answer_update_component(f, body, len, out, size);
        case PLDM_ACTIVATE_FIRMWARE:
            activate(f, body[0] != 0);
            return pldm_activate_firmware_resp_encode(&activated, out, size);
        case PLDM_GET_STATUS:
            return answer_status(f, out, size);
        case PLDM_CANCEL_UPDATE_COMPONENT:
            f->state = PLDM_STATE_READY_XFER;
            out[0] = PLDM_SUCCESS;
            return 1;
        case PLDM_CANCEL_UPDATE:
            f->state = PLDM_STATE_IDLE;
            return pldm_cancel_update_resp_encode(&canceled, out, size);
        default:
            out[0] = 0;
            return 1;
    }
}

static const struct fake_rule *ruled(struct fake *f, uint8_t command) {
    f->seen[command]++;
    for (size_t i = 0; i < f->rule_count; i++)
        if (f->rules[i].command == command && (f->rules[i].nth == 0 || f->rules[i].nth == f->seen[command]))
            return &f->rules[i];
    return NULL;
}

/* A request of the agent in type 5. */
static void answer_update(struct fake *f, const struct mctp_message *m, uint8_t command) {
    uint8_t out[FAKE_MESSAGE];
    const size_t head = pldm_answer_header(m->bytes, out, sizeof out);
    const struct fake_rule *rule = ruled(f, command);
    const uint8_t refusal = rule != NULL ? rule->code : out_of_state(f, command);
    size_t len = 1;
    if (rule != NULL && rule->action == FAKE_DROP) return;
    if (rule != NULL && rule->action == FAKE_BODY) {
        memcpy(out + head, rule->body, rule->len);
        len = rule->len;
    } else if (refusal != PLDM_SUCCESS) {
        out[head] = refusal;
    } else {
        len = answer_well(f, command, m->bytes + head, m->len - head, out + head, sizeof out - head);
    }
    queue(f, f->latency_ms, MCTP_TYPE_PLDM, m->tag, false, out, head + len);
}

static size_t answer_base_well(struct fake *f, uint8_t command, const uint8_t *body, uint8_t *out, size_t size) {
    const struct pldm_get_tid_resp tid = {0, f->tid};
    struct pldm_get_types_resp types = {0, {1 << PLDM_TYPE_BASE | 1 << PLDM_TYPE_FWUP}};
    if (f->types != NULL) memcpy(types.types, f->types, sizeof types.types);
    const struct pldm_get_version_resp version = {0, 0, PLDM_TRANSFER_START_AND_END, 0xF1F0F100};
    const struct pldm_get_commands_resp commands = {0, {0x3E}};
    switch (command) {
        case PLDM_SET_TID:
            f->tid = body[0];
            out[0] = PLDM_SUCCESS;
            return 1;
        case PLDM_GET_TID:
            return pldm_get_tid_resp_encode(&tid, out, size);
        case PLDM_GET_PLDM_TYPES:
            return pldm_get_types_resp_encode(&types, out, size);
        case PLDM_GET_PLDM_VERSION:
            return pldm_get_version_resp_encode(&version, out, size);
        default:
            return pldm_get_commands_resp_encode(&commands, out, size);
    }
}

static void answer_base(struct fake *f, const struct mctp_message *m, uint8_t command) {
    uint8_t out[64];
    const size_t head = pldm_answer_header(m->bytes, out, sizeof out);
    size_t len = answer_base_well(f, command, m->bytes + head, out + head, sizeof out - head);
    if (f->base_code != PLDM_SUCCESS && command == PLDM_SET_TID) out[head] = f->base_code;
    queue(f, f->latency_ms, MCTP_TYPE_PLDM, m->tag, false, out, head + len);
}

static void answer_control(struct fake *f, const struct mctp_message *m) {
    uint8_t out[MCTP_CONTROL_ANSWER_SIZE] = {m->bytes[0] & 31, m->bytes[1], f->control_code};
    struct mctp_endpoint self = {.eid = f->eid, .vendor_type = f->vendor_type, .uuid = f->uuid};
    size_t len;
    if (f->control_times != 0 && m->bytes[1] == f->control_command) {
        f->control_times--;
        len = f->control_code == FAKE_SILENCE ? 0 : 3;
    } else {
        len = mctp_control_message(&self, m->bytes, m->len, out, sizeof out);
    }
    f->eid = self.eid;
    if (f->eid != 0) f->address = f->eid;
    if (len != 0) queue(f, f->latency_ms, MCTP_TYPE_CONTROL, m->tag, false, out, len);
}

/* Component 0 is on trial in slot B, the others have failed there. */
static size_t put_slots(const struct fake *f, uint8_t component, uint8_t *data, size_t size) {
    const struct pldm_string a = {PLDM_STRING_ASCII, 5, (const uint8_t *)"1.0.0"},
                             b = {PLDM_STRING_ASCII, 5, (const uint8_t *)"2.0.0"};
    const bool trial = component == 0;
    const struct slots_status status = {
        .trial = f->on_trial,
        .attempts = 2,
        .starts = 3,
        .minimum = 4,
        .slot = {{SLOT_ACTIVE, !trial, 1, 4, a},
                 {trial ? SLOT_TRIAL : SLOT_FAILED, trial, 2, 5, b},
                 {.state = trial ? SLOT_GOLDEN : SLOT_NONE, .version = trial ? a : (struct pldm_string){0}}}};
    return slots_status_encode(&status, data, size);
}

/* A policy is in force when its last part has come; nothing is judged here. */
static uint8_t take_policy_part(struct fake *f, const struct vendor_message *in) {
    const size_t offset = pldm_get16(in->data), len = in->len - POLICY_PART_HEAD;
    struct policy_record record;
    if (offset + len > POLICY_BLOCK) abort();
    memcpy(f->policy_block + offset, in->data + POLICY_PART_HEAD, len);
    if (offset + len < POLICY_BLOCK || f->policy_code != MCTP_SUCCESS)
        return offset + len < POLICY_BLOCK ? MCTP_SUCCESS : f->policy_code;
    if (!policy_parse(f->policy_block, &record)) return POLICY_MALFORMED;
    f->policy = (struct policy_status){.policy = record.policy, .roots = 2, .revoked = 2};
    return MCTP_SUCCESS;
}

static uint8_t carry_out(void *context, const struct vendor_message *in, uint8_t *data, size_t size, size_t *len) {
    static const struct counters counters = {0x01020304, 5, 0xFFFFFFFF, 0x80000000, 7};
    struct fake *f = context;
    if (f->knows_policy && in->command == VENDOR_POLICY_PART) return take_policy_part(f, in);
    if (f->knows_policy && in->command == VENDOR_POLICY)
        *len = policy_status_encode(&f->policy, data, size);
    else if (in->command == VENDOR_COUNTERS && in->len == 0)
        *len = counters_encode(&counters, data, size);
    else if (in->command == VENDOR_SLOTS && in->len == 1 && f->knows_slots)
        *len = put_slots(f, in->data[0], data, size);
    return *len != 0 ? MCTP_SUCCESS : MCTP_ERROR_UNSUPPORTED_CMD;
}

/* The vendor is the first of its own descriptors. */
static void answer_vendor(struct fake *f, const struct mctp_message *m) {
    const struct pldm_descriptor vendor = {.type = (uint16_t)(f->descriptors[0] | f->descriptors[1] << 8),
                                           .len = (uint16_t)(f->descriptors[2] | f->descriptors[3] << 8),
                                           .data = f->descriptors + 4};
    uint8_t out[FAKE_MESSAGE];
    const size_t len = vendor_serve(&vendor, carry_out, f, m->bytes, m->len, out, sizeof out);
    if (len != 0 && !f->vendor_silent) queue(f, f->latency_ms, m->type, m->tag, false, out, len);
}

static void log_message(struct fake *f, const struct mctp_message *m) {
    if (f->log_len == FAKE_LOG) abort();
    struct fake_sent *sent = &f->log[f->log_len++];
    const size_t head = m->type == MCTP_TYPE_PLDM ? PLDM_HEADER_SIZE : 2;
    *sent = (struct fake_sent){.at = f->now,
                               .mctp_type = m->type,
                               .request = m->tag_owner,
                               .instance = m->bytes[0] & 31,
                               .tag = m->tag,
                               .pldm_type = m->type == MCTP_TYPE_PLDM ? m->bytes[1] & 63 : 0,
                               .command = m->bytes[head - 1],
                               .len = m->len - head};
    memcpy(sent->body, m->bytes + head, sent->len < sizeof sent->body ? sent->len : sizeof sent->body);
}

void fake_take(struct fake *f, const struct mctp_message *m) {
    log_message(f, m);
    if (f->now < f->silent_until) return;
    if (f->state == PLDM_STATE_ACTIVATE && f->now >= f->activated_at) run_new(f);
    if (m->type == MCTP_TYPE_CONTROL) {
        if (m->tag_owner) answer_control(f, m);
        return;
    }
    if (m->type != MCTP_TYPE_PLDM) {
        answer_vendor(f, m);
        return;
    }
    const uint8_t command = m->bytes[2];
    if (!m->tag_owner)
        take_answer(f, command, m->bytes + PLDM_HEADER_SIZE, m->len - PLDM_HEADER_SIZE);
    else if ((m->bytes[1] & 63) == PLDM_TYPE_BASE)
        answer_base(f, m, command);
    else
        answer_update(f, m, command);
}

void fake_init(struct fake *f) {
    memset(f, 0, sizeof *f);
    f->config = agent_defaults();
    f->address = FAKE_EID;
    f->latency_ms = 1;
    f->descriptors = descriptors;
    f->descriptors_len = sizeof descriptors;
    f->descriptor_count = 3;
    f->active_set = (struct pldm_string){PLDM_STRING_ASCII, 3, (const uint8_t *)"set"};
    f->version_type = PLDM_STRING_ASCII;
    f->aux_idle = PLDM_AUX_IDLE;
    f->methods = PLDM_ACTIVATION_SELF_CONTAINED;
    f->restart_ms = 3000;
    f->stage_ms = 5;
    for (unsigned i = 0; i < FAKE_COMPONENTS; i++) {
        f->versions[i] = "1.0";
        f->next_versions[i] = "2.0";
    }
}

bool fake_pop(struct fake *f, uint8_t bytes[FAKE_MESSAGE], struct mctp_message *out) {
    if (f->queue_len == 0) return false;
    *out = (struct mctp_message){
        .destination = f->config.own_eid,
        .source = f->queue[0].type == MCTP_TYPE_CONTROL ? f->eid : f->address,
        .tag = f->queue[0].tag,
        .tag_owner = f->queue[0].request,
        .type = f->queue[0].type,
        .bytes = bytes,
        .len = f->queue[0].len,
    };
    memcpy(bytes, f->queue[0].bytes, out->len);
    f->queue_len--;
    memmove(&f->queue[0], &f->queue[1], f->queue_len * sizeof f->queue[0]);
    return true;
}
