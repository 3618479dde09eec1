// SPDX-License-Identifier: Apache-2.0
//
// MCTP control messages; see mctp_control.h.
#include "fw/mctp/mctp_control.h"

#include <string.h>

#include "fw/mctp/mctp.h"

enum {
    RQ = 0x80,
    D = 0x40,
    INSTANCE = 0x1F,
    HEAD = 2, /* Rq, D, instance ID | command */

    SET_EID = 0, /* operations of Set Endpoint ID */
    FORCE_EID = 1,
    STATUS_ACCEPTED = 0x00, /* EID assignment accepted, no EID pool */
    SIMPLE_ENDPOINT = 0x00, /* with an EID that was assigned dynamically */

    VERSIONS_OF_BASE = 0xFF, /* Get MCTP Version Support asks for the base specification */
};

/* Each writes what follows the completion code and returns its length, or sets *code. */
typedef size_t handler_fn(struct mctp_endpoint *endpoint, const uint8_t *data, size_t len, uint8_t *out, uint8_t *code);

static size_t set_endpoint_id(struct mctp_endpoint *endpoint, const uint8_t *data, size_t len, uint8_t *out,
                              uint8_t *code) {
    if (len != 2) {
        *code = MCTP_ERROR_INVALID_LENGTH;
        return 0;
    }
    /* There is no static EID to go back to, and no discovered flag on a point-to-point link. */
    if ((data[0] != SET_EID && data[0] != FORCE_EID) || data[1] < MCTP_EID_FIRST || data[1] == MCTP_EID_BROADCAST) {
        *code = MCTP_ERROR_INVALID_DATA;
        return 0;
    }
    endpoint->eid = data[1];
    out[0] = STATUS_ACCEPTED;
    out[1] = endpoint->eid;
    out[2] = 0; /* pool size */
    return 3;
}

/* For requests without data. */
static bool without_data(size_t len, uint8_t *code) {
    if (len != 0) *code = MCTP_ERROR_INVALID_LENGTH;
    return len == 0;
}

static size_t get_endpoint_id(struct mctp_endpoint *endpoint, const uint8_t *data, size_t len, uint8_t *out,
                              uint8_t *code) {
    (void)data;
    if (!without_data(len, code)) return 0;
    out[0] = endpoint->eid;
    out[1] = SIMPLE_ENDPOINT;
    out[2] = endpoint->medium;
    return 3;
}

static size_t get_endpoint_uuid(struct mctp_endpoint *endpoint, const uint8_t *data, size_t len, uint8_t *out,
                                uint8_t *code) {
    (void)data;
    if (!endpoint->uuid)
        *code = MCTP_ERROR_UNSUPPORTED_CMD;
    else if (without_data(len, code))
        memcpy(out, endpoint->uuid, MCTP_UUID_SIZE);
    return MCTP_UUID_SIZE;
}

static size_t get_version_support(struct mctp_endpoint *endpoint, const uint8_t *data, size_t len, uint8_t *out,
                                  uint8_t *code) {
    /* Number of entries, then major, minor, update, alpha: MCTP 1.3.1; PLDM over MCTP 1.0.0. */
    static const uint8_t base[] = {1, 0xF1, 0xF3, 0xF1, 0x00};
    static const uint8_t pldm[] = {1, 0xF1, 0xF0, 0xF0, 0x00};
    (void)endpoint;
    if (len != 1)
        *code = MCTP_ERROR_INVALID_LENGTH;
    else if (data[0] == VERSIONS_OF_BASE || data[0] == MCTP_TYPE_CONTROL)
        memcpy(out, base, sizeof base);
    else if (data[0] == MCTP_TYPE_PLDM)
        memcpy(out, pldm, sizeof pldm);
    else
        *code = MCTP_ERROR_VERSION_TYPE;
    return sizeof base;
}

static size_t get_type_support(struct mctp_endpoint *endpoint, const uint8_t *data, size_t len, uint8_t *out,
                               uint8_t *code) {
    (void)data;
    if (!without_data(len, code)) return 0;
    out[0] = endpoint->vendor_type != 0 ? 2 : 1; /* types beside control, which every endpoint has */
    out[1] = MCTP_TYPE_PLDM;
    out[2] = endpoint->vendor_type;
    return 1u + out[0];
}

size_t mctp_control_message(struct mctp_endpoint *endpoint, const uint8_t *msg, size_t len, uint8_t *answer,
                            size_t size) {
    static handler_fn *const handlers[] = {
        [MCTP_SET_ENDPOINT_ID] = set_endpoint_id,           [MCTP_GET_ENDPOINT_ID] = get_endpoint_id,
        [MCTP_GET_ENDPOINT_UUID] = get_endpoint_uuid,       [MCTP_GET_MCTP_VERSION_SUPPORT] = get_version_support,
        [MCTP_GET_MESSAGE_TYPE_SUPPORT] = get_type_support,
    };
    if (len < HEAD || (msg[0] & RQ) == 0 || (msg[0] & D) != 0 || size < MCTP_CONTROL_ANSWER_SIZE) return 0;
    answer[0] = msg[0] & INSTANCE;
    answer[1] = msg[1];
    uint8_t code = MCTP_SUCCESS;
    size_t data_len = 0;
    if (msg[1] < sizeof handlers / sizeof *handlers && handlers[msg[1]])
        data_len = handlers[msg[1]](endpoint, msg + HEAD, len - HEAD, answer + HEAD + 1, &code);
    else
        code = MCTP_ERROR_UNSUPPORTED_CMD;
    answer[HEAD] = code;
    return HEAD + 1 + (code == MCTP_SUCCESS ? data_len : 0);
}

static size_t request(uint8_t instance, uint8_t command, uint8_t *msg, size_t size) {
    if (size < HEAD || instance > INSTANCE) return 0;
    msg[0] = RQ | instance;
    msg[1] = command;
    return HEAD;
}

size_t mctp_get_endpoint_id_encode(uint8_t instance, uint8_t *msg, size_t size) {
    return request(instance, MCTP_GET_ENDPOINT_ID, msg, size);
}

size_t mctp_set_endpoint_id_encode(uint8_t instance, uint8_t eid, uint8_t *msg, size_t size) {
    if (size < HEAD + 2 || request(instance, MCTP_SET_ENDPOINT_ID, msg, size) == 0) return 0;
    msg[HEAD] = SET_EID;
    msg[HEAD + 1] = eid;
    return HEAD + 2;
}

size_t mctp_get_endpoint_uuid_encode(uint8_t instance, uint8_t *msg, size_t size) {
    return request(instance, MCTP_GET_ENDPOINT_UUID, msg, size);
}

size_t mctp_get_message_type_support_encode(uint8_t instance, uint8_t *msg, size_t size) {
    return request(instance, MCTP_GET_MESSAGE_TYPE_SUPPORT, msg, size);
}

bool mctp_control_response(const uint8_t *msg, size_t len, uint8_t instance, uint8_t command, uint8_t *code,
                           const uint8_t **data, size_t *data_len) {
    if (len < HEAD + 1 || msg[0] != instance || msg[1] != command) return false;
    *code = msg[HEAD];
    *data = msg + HEAD + 1;
    *data_len = len - HEAD - 1;
    return true;
}
