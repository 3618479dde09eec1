// SPDX-License-Identifier: Apache-2.0
//
// MCTP control messages (DSP0236, message type 0): an endpoint's responder, and the requests that a bus owner sends.
// Bodies begin after the message type byte: Rq 80h, D 40h, instance ID 1Fh | command | data. In a response the
// completion code follows the command.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum mctp_control_command {
    MCTP_SET_ENDPOINT_ID = 0x01,
    MCTP_GET_ENDPOINT_ID = 0x02,
    MCTP_GET_ENDPOINT_UUID = 0x03,
    MCTP_GET_MCTP_VERSION_SUPPORT = 0x04,
    MCTP_GET_MESSAGE_TYPE_SUPPORT = 0x05,
};

enum mctp_control_code {
    MCTP_SUCCESS = 0x00,
    MCTP_ERROR = 0x01,
    MCTP_ERROR_INVALID_DATA = 0x02,
    MCTP_ERROR_INVALID_LENGTH = 0x03,
    MCTP_ERROR_NOT_READY = 0x04,
    MCTP_ERROR_UNSUPPORTED_CMD = 0x05,
    MCTP_ERROR_VERSION_TYPE = 0x80, /* Get MCTP Version Support: message type not supported */
};

enum { MCTP_UUID_SIZE = 16, MCTP_CONTROL_ANSWER_SIZE = 20 };

/** An endpoint that carries PLDM and control messages, perhaps those of a vendor. */
struct mctp_endpoint {
    uint8_t eid;         /* 0 until assigned; the responder changes it on Set Endpoint ID */
    uint8_t medium;      /* medium-specific information of Get Endpoint ID */
    const uint8_t *uuid; /* MCTP_UUID_SIZE bytes, or NULL: Get Endpoint UUID is not supported */
    uint8_t vendor_type; /* of vendor-defined messages that it takes, or 0 */
};

/** Answers one control request. Never silent on a request: what is not offered is MCTP_ERROR_UNSUPPORTED_CMD.
 *
 * @param msg    body after the type byte, @p len bytes
 * @param answer body of the response; MCTP_CONTROL_ANSWER_SIZE bytes always suffice
 * @return length of the answer; 0 when none is due (a response, a datagram, fewer than 2 bytes) or @p size is too
 * small. The answer to Set Endpoint ID is to be sent from the address the request was sent to.
 */
size_t mctp_control_message(struct mctp_endpoint *endpoint, const uint8_t *msg, size_t len, uint8_t *answer,
                            size_t size);

/** The requests a bus owner sends; @p instance 0..31. @return length, or 0 when @p size is too small */
size_t mctp_get_endpoint_id_encode(uint8_t instance, uint8_t *msg, size_t size);
size_t mctp_set_endpoint_id_encode(uint8_t instance, uint8_t eid, uint8_t *msg, size_t size);
size_t mctp_get_endpoint_uuid_encode(uint8_t instance, uint8_t *msg, size_t size);
size_t mctp_get_message_type_support_encode(uint8_t instance, uint8_t *msg, size_t size);

/** Checks that @p msg answers @p command and finds its data.
 * @param code  completion code of the answer
 * @param data  what follows it, @p data_len bytes
 * @return false when it is no response, to another command or instance ID, or too short */
bool mctp_control_response(const uint8_t *msg, size_t len, uint8_t instance, uint8_t command, uint8_t *code,
                           const uint8_t **data, size_t *data_len);
