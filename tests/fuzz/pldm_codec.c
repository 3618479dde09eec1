// SPDX-License-Identifier: Apache-2.0
//
// Every decoder of fw/pldm that has an encoder, requests and responses: what was decoded is encoded into the same
// bytes, into no more room than they take.
#include "fw/pldm/pldm.h"
#include "tests/fuzz/fuzz.h"

#define FUNCTIONS(name)                                                        \
    static uint8_t decode_##name(const uint8_t *body, size_t len, void *out) { \
        return pldm_##name##_decode(body, len, out);                           \
    }                                                                          \
    static size_t encode_##name(const void *in, uint8_t *body, size_t size) {  \
        return pldm_##name##_encode(in, body, size);                           \
    }
FUNCTIONS(set_tid_req)
FUNCTIONS(get_version_req)
FUNCTIONS(get_commands_req)
FUNCTIONS(request_update_req)
FUNCTIONS(get_data_req)
FUNCTIONS(pass_component_table_req)
FUNCTIONS(update_component_req)
FUNCTIONS(request_firmware_data_req)
FUNCTIONS(result_req)
FUNCTIONS(apply_complete_req)
FUNCTIONS(activate_firmware_req)
FUNCTIONS(plain_resp)
FUNCTIONS(get_tid_resp)
FUNCTIONS(get_types_resp)
FUNCTIONS(get_commands_resp)
FUNCTIONS(query_device_identifiers_resp)
FUNCTIONS(request_update_resp)
FUNCTIONS(get_data_resp)
FUNCTIONS(pass_component_table_resp)
FUNCTIONS(update_component_resp)
FUNCTIONS(request_firmware_data_resp)
FUNCTIONS(activate_firmware_resp)
FUNCTIONS(get_status_resp)
FUNCTIONS(cancel_update_resp)
FUNCTIONS(get_version_resp)
FUNCTIONS(get_firmware_parameters_resp)

#define REQUEST(name) \
    { decode_##name, encode_##name, sizeof(struct pldm_##name), false, true }
#define RESPONSE(name) \
    { decode_##name, encode_##name, sizeof(struct pldm_##name), true, true }
/* GetPLDMVersion may have further versions and lack its CRC; an empty pending string may have any type. */
#define LOSSY_RESPONSE(name) \
    { decode_##name, encode_##name, sizeof(struct pldm_##name), true, false }
static const struct row {
    uint8_t (*decode)(const uint8_t *body, size_t len, void *out);
    size_t (*encode)(const void *in, uint8_t *body, size_t size);
    size_t size;
    bool response, exact;
} rows[] = {
    REQUEST(set_tid_req),
    REQUEST(get_version_req),
    REQUEST(get_commands_req),
    REQUEST(request_update_req),
    REQUEST(get_data_req),
    REQUEST(pass_component_table_req),
    REQUEST(update_component_req),
    REQUEST(request_firmware_data_req),
    REQUEST(result_req),
    REQUEST(apply_complete_req),
    REQUEST(activate_firmware_req),
    RESPONSE(plain_resp),
    RESPONSE(get_tid_resp),
    RESPONSE(get_types_resp),
    RESPONSE(get_commands_resp),
    RESPONSE(query_device_identifiers_resp),
    RESPONSE(request_update_resp),
    RESPONSE(get_data_resp),
    RESPONSE(pass_component_table_resp),
    RESPONSE(update_component_resp),
    RESPONSE(request_firmware_data_resp),
    RESPONSE(activate_firmware_resp),
    RESPONSE(get_status_resp),
    RESPONSE(cancel_update_resp),
    LOSSY_RESPONSE(get_version_resp),
    LOSSY_RESPONSE(get_firmware_parameters_resp),
};

static _Alignas(max_align_t) uint8_t message[256];

/* Encodes what was decoded into exactly the room it takes. */
static uint8_t *encode(const struct row *row, struct fuzz_arena *arena, size_t *len) {
    *len = row->encode(message, arena->bytes, sizeof arena->bytes);
    REQUIRE(*len != 0);
    REQUIRE(row->encode(message, fuzz_room(arena, *len - 1), *len - 1) == 0);
    uint8_t *body = fuzz_room(arena, *len);
    REQUIRE(row->encode(message, body, *len) == *len);
    return body;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len) {
    static struct fuzz_arena first, second;
    if (len < 1 || len > 2048) return 0;
    const struct row *row = &rows[bytes[0] % (sizeof rows / sizeof *rows)];
    const uint8_t *body = bytes + 1;
    REQUIRE(row->size <= sizeof message);
    const uint8_t code = row->decode(body, --len, message);
    REQUIRE(code == PLDM_SUCCESS || code == PLDM_ERROR_INVALID_LENGTH || code == PLDM_ERROR_INVALID_DATA);
    if (code != PLDM_SUCCESS) return 0;
    size_t once, twice;
    const uint8_t *encoded = encode(row, &first, &once);
    const bool refusal = row->response && body[0] != PLDM_SUCCESS; /* then what follows the code is not looked at */
    if (row->exact) REQUIRE(once == (refusal ? 1 : len) && memcmp(encoded, body, once) == 0);
    REQUIRE(row->decode(encoded, once, message) == PLDM_SUCCESS);
    const uint8_t *again = encode(row, &second, &twice);
    REQUIRE(twice == once && memcmp(again, encoded, once) == 0);
    return 0;
}
