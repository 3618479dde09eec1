// SPDX-License-Identifier: Apache-2.0
//
// Promises of fake_device.h.
#include "tests/host/fake_device.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fw/mctp/mctp_control.h"

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
    const uint8_t body[3] = {f->results[stage]};
    f->request_instance = (f->request_instance + 1) & 31;
    request_later(f, stage == 0 ? 1 : f->stage_ms, (uint8_t)(PLDM_TRANSFER_COMPLETE + stage), body, stage == 2 ? 3 : 1);
}

/* The device goes on after an answer, as far as the answer was good and its own result was. */
static void take_answer(struct fake *f, uint8_t command, const uint8_t *body, size_t len) {
    f->answers++;
    f->answer_command = command;
    f->answer_len = len;
    memcpy(f->answer_body, body, len < sizeof f->answer_body ? len : sizeof f->answer_body);
    if (f->by_hand || body[0] != PLDM_SUCCESS) return;
    if (command == PLDM_REQUEST_FIRMWARE_DATA) {
        memcpy(f->got[f->component] + f->offset, body + 1, len - 1);
        f->offset += (uint32_t)len - 1;
        if (f->offset < f->size)
            ask_data(f);
        else
            report(f, 0);
    } else if (command >= PLDM_TRANSFER_COMPLETE && command <= PLDM_APPLY_COMPLETE) {
        const unsigned stage = command - PLDM_TRANSFER_COMPLETE;
        if (f->results[stage] != 0) return;
        f->state = stage == 2 ? PLDM_STATE_READY_XFER : (uint8_t)(PLDM_STATE_VERIFY + stage);
        if (stage < 2) report(f, stage + 1);
    }
}

static struct pldm_component component_of(const struct fake *f, unsigned i) {
    struct pldm_component c = {.classification = 10,
                               .identifier = (uint16_t)(i + 1),
                               .index = (uint8_t)(3 + i),
                               .activation_methods = f->methods};
    c.active.version = (struct pldm_string){1, (uint8_t)strlen(f->versions[i]), (const uint8_t *)f->versions[i]};
    memcpy(c.active.date, "20260101", 8);
    return c;
}

static size_t answer_parameters(const struct fake *f, uint8_t *body, size_t size) {
    uint8_t table[200];
    size_t used = 0;
    for (unsigned i = 0; i < FAKE_COMPONENTS; i++) {
        const struct pldm_component c = component_of(f, i);
        used += pldm_component_encode(&c, table + used, sizeof table - used);
    }
    const struct pldm_get_firmware_parameters_resp answer = {
        .component_count = FAKE_COMPONENTS,
        .active = {1, 3, (const uint8_t *)"set"},
        .components = table,
        .components_len = used,
    };
    return pldm_get_firmware_parameters_resp_encode(&answer, body, size);
}

static void restart(struct fake *f, bool self_contained) {
    if (!self_contained) {
        f->state = PLDM_STATE_IDLE;
        return;
    }
    f->silent_until = f->now + f->restart_ms * FAKE_MS;
    f->eid = 0;
    f->state = PLDM_STATE_IDLE;
    for (unsigned i = 0; i < FAKE_COMPONENTS; i++) f->versions[i] = f->next_versions[i];
}

static size_t answer_update_component(struct fake *f, const uint8_t *body, size_t len, uint8_t *out, size_t size) {
    struct pldm_update_component_req request;
    const struct pldm_update_component_resp answer = {.delay_s = f->delay_s};
    if (pldm_update_component_req_decode(body, len, &request) != 0) abort();
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
                                                .aux_state = f->state < PLDM_STATE_DOWNLOAD ? 3 : 0,
                                                .progress = f->percent,
                                                .reason = 5};
    if (f->percent_moves) f->percent = (uint8_t)((f->percent + 1) % 100);
    return pldm_get_status_resp_encode(&answer, out, size);
}

static size_t answer_well(struct fake *f, uint8_t command, const uint8_t *body, size_t len, uint8_t *out, size_t size) {
    const struct pldm_query_device_identifiers_resp ids = {0, 3, descriptors, sizeof descriptors};
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
            restart(f, body[0] != 0);
            return pldm_activate_firmware_resp_encode(&activated, out, size);
        case PLDM_GET_STATUS:
            return answer_status(f, out, size);
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
    uint8_t out[256];
    const size_t head = pldm_answer_header(m->bytes, out, sizeof out);
    const struct fake_rule *rule = ruled(f, command);
    size_t len = 1;
    if (rule != NULL && rule->action == FAKE_DROP) return;
    if (rule != NULL && rule->action == FAKE_CODE) {
        out[head] = rule->code;
    } else if (rule != NULL) {
        memcpy(out + head, rule->body, rule->len);
        len = rule->len;
    } else {
        len = answer_well(f, command, m->bytes + head, m->len - head, out + head, sizeof out - head);
    }
    queue(f, 1, MCTP_TYPE_PLDM, m->tag, false, out, head + len);
}

static void answer_base(struct fake *f, const struct mctp_message *m, uint8_t command) {
    uint8_t out[16] = {0};
    size_t len = pldm_answer_header(m->bytes, out, sizeof out) + 2;
    out[4] = 0; /* GetTID: none */
    if (command == PLDM_GET_PLDM_TYPES) {
        out[4] = 1 << PLDM_TYPE_BASE | 1 << PLDM_TYPE_FWUP;
        len += PLDM_TYPES_SIZE - 1;
    }
    queue(f, 1, MCTP_TYPE_PLDM, m->tag, false, out, len);
}

static void answer_control(struct fake *f, const struct mctp_message *m) {
    uint8_t out[MCTP_CONTROL_ANSWER_SIZE];
    struct mctp_endpoint self = {.eid = f->eid};
    const size_t len = mctp_control_message(&self, m->bytes, m->len, out, sizeof out);
    f->eid = self.eid;
    if (len != 0) queue(f, 1, MCTP_TYPE_CONTROL, m->tag, false, out, len);
}

static void log_message(struct fake *f, const struct mctp_message *m) {
    if (f->log_len == FAKE_LOG) abort();
    struct fake_sent *sent = &f->log[f->log_len++];
    const size_t head = m->type == MCTP_TYPE_PLDM ? PLDM_HEADER_SIZE : 2;
    *sent = (struct fake_sent){.at = f->now,
                               .mctp_type = m->type,
                               .request = m->tag_owner,
                               .instance = m->bytes[0] & 31,
                               .pldm_type = m->type == MCTP_TYPE_PLDM ? m->bytes[1] & 63 : 0,
                               .command = m->bytes[head - 1],
                               .len = m->len - head};
    memcpy(sent->body, m->bytes + head, sent->len < sizeof sent->body ? sent->len : sizeof sent->body);
}

void fake_take(struct fake *f, const struct mctp_message *m) {
    log_message(f, m);
    if (f->now < f->silent_until) return;
    if (m->type == MCTP_TYPE_CONTROL) {
        if (m->tag_owner) answer_control(f, m);
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

static uint8_t source(void *ctx, unsigned component, uint32_t offset, uint8_t *out, size_t len) {
    struct fake *f = ctx;
    for (size_t i = 0; i < len; i++) out[i] = (uint8_t)((component + 1) * 37 + offset + i);
    return f->read_code;
}

static void hear(void *ctx, const struct agent_event *event) {
    struct fake *f = ctx;
    if (event->kind == AGENT_WARNING) f->warnings++;
}

void fake_init(struct fake *f) {
    memset(f, 0, sizeof *f);
    f->config = agent_defaults();
    f->methods = PLDM_ACTIVATION_SELF_CONTAINED;
    f->restart_ms = 3000;
    f->stage_ms = 5;
    for (unsigned i = 0; i < FAKE_COMPONENTS; i++) {
        f->versions[i] = "1.0";
        f->next_versions[i] = "2.0";
    }
}

void fake_free(struct fake *f) {
    agent_free(f->agent);
    f->agent = NULL;
}

void fake_rule(struct fake *f, uint8_t command, unsigned nth, enum fake_action action, uint8_t code) {
    if (f->rule_count == FAKE_RULES) abort();
    f->rules[f->rule_count++] = (struct fake_rule){command, nth, action, code, NULL, 0};
}

bool fake_pop(struct fake *f, uint8_t bytes[FAKE_MESSAGE], struct mctp_message *out) {
    if (f->queue_len == 0) return false;
    *out = (struct mctp_message){
        .destination = f->config.own_eid,
        .source = f->queue[0].type == MCTP_TYPE_CONTROL ? f->eid : FAKE_EID,
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

static void take(void *ctx, const struct mctp_message *m) {
    fake_take(ctx, m);
}

static void deliver(struct fake *f) {
    uint8_t bytes[FAKE_MESSAGE];
    struct mctp_message m;
    if (fake_pop(f, bytes, &m)) agent_receive(f->agent, f->now, &m);
}

void fake_pass(struct fake *f, uint64_t ms) {
    const uint64_t end = f->now + ms * FAKE_MS;
    while (agent_result(f->agent) == AGENT_RUNNING || f->queue_len != 0) {
        const uint64_t message = f->queue_len != 0 ? f->queue[0].at : UINT64_MAX;
        const uint64_t timer = agent_deadline(f->agent);
        const uint64_t next = message < timer ? message : timer;
        if (next > end) break;
        if (next > f->now) f->now = next;
        if (message <= timer)
            deliver(f);
        else
            agent_tick(f->agent, f->now);
    }
    if (agent_result(f->agent) == AGENT_RUNNING) f->now = end;
}

enum agent_result fake_run(struct fake *f, const struct pkg *package, unsigned seconds) {
    const struct agent_io io = {.ctx = f, .send = take, .event = hear, .read = source};
    f->agent = agent_new(&f->config, &io);
    if (f->agent == NULL) abort();
    if (package != NULL)
        agent_start_update(f->agent, f->now, package);
    else
        agent_start_inventory(f->agent, f->now);
    fake_pass(f, seconds * UINT64_C(1000));
    return agent_result(f->agent);
}

const struct fake_sent *fake_nth(const struct fake *f, uint8_t command, unsigned nth) {
    for (size_t i = 0; i < f->log_len; i++) {
        const struct fake_sent *sent = &f->log[i];
        if (sent->mctp_type == MCTP_TYPE_PLDM && sent->request && sent->pldm_type == PLDM_TYPE_FWUP &&
            sent->command == command && --nth == 0)
            return sent;
    }
    return NULL;
}

unsigned fake_count(const struct fake *f, uint8_t command) {
    unsigned n = 0;
    while (fake_nth(f, command, n + 1) != NULL) n++;
    return n;
}
