// SPDX-License-Identifier: Apache-2.0
//
// The PLDM codec against the tables of DSP0267 and DSP0240: every message as bytes written down by hand, both ways, and
// every truncation of it. Messages to decode lie in allocations of their exact length, so that a read too far is found.
#include "fw/pldm/pldm.h"
#include "fw/image/crc32.h"

#include <stdlib.h>

#include "tests/check.h"

/* Functions of one type for all messages. */
#define WRAP(name)                                                          \
    static size_t enc_##name(const void *in, uint8_t *body, size_t size) {  \
        return pldm_##name##_encode(in, body, size);                        \
    }                                                                       \
    static uint8_t dec_##name(const uint8_t *body, size_t len, void *out) { \
        return pldm_##name##_decode(body, len, out);                        \
    }
WRAP(plain_resp)
WRAP(set_tid_req)
WRAP(get_tid_resp)
WRAP(get_version_req)
WRAP(get_version_resp)
WRAP(get_types_resp)
WRAP(get_commands_req)
WRAP(get_commands_resp)
WRAP(query_device_identifiers_resp)
WRAP(get_firmware_parameters_resp)
WRAP(request_update_req)
WRAP(request_update_resp)
WRAP(get_data_req)
WRAP(get_data_resp)
WRAP(pass_component_table_req)
WRAP(pass_component_table_resp)
WRAP(update_component_req)
WRAP(update_component_resp)
WRAP(request_firmware_data_req)
WRAP(request_firmware_data_resp)
WRAP(result_req)
WRAP(apply_complete_req)
WRAP(activate_firmware_req)
WRAP(activate_firmware_resp)
WRAP(get_status_resp)
WRAP(cancel_update_resp)
WRAP(vendor_descriptor)

#define TEXT(s) \
    { PLDM_STRING_ASCII, sizeof s - 1, (const uint8_t *)s }
#define BYTES(...) (const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__})
#define SAMPLE(name, ...) \
#name, enc_##name, dec_##name, &(const struct pldm_##name)__VA_ARGS__, sizeof(struct pldm_##name)

static const uint8_t two_descriptors[] = {0x00, 0x00, 2, 0, 0x34, 0x12, 0x00, 0x01, 2, 0, 0x01, 0x53};
static const uint8_t three_bytes[] = {7, 8, 9};

static const struct message {
    const char *name;
    size_t (*encode)(const void *, uint8_t *, size_t);
    uint8_t (*decode)(const uint8_t *, size_t, void *);
    const void *sample;
    size_t sample_size;
    const uint8_t *wire;
    size_t len;
    size_t shortest; /* lengths from here on may be right: the message has an open end */
} messages[] = {
    {SAMPLE(plain_resp, {0}), BYTES(0), 1},
    {SAMPLE(set_tid_req, {.tid = 0x2A}), BYTES(0x2A), 1},
    {SAMPLE(get_tid_resp, {.tid = 0x2A}), BYTES(0, 0x2A), 2},
    {SAMPLE(get_version_req, {.handle = 0x01020304, .operation = 1, .type = 5}), BYTES(4, 3, 2, 1, 1, 5), 6},
    /* zlib.crc32(bytes.fromhex("00f1f0f1")) */
    {SAMPLE(get_version_resp, {.next_handle = 0, .transfer_flag = 5, .version = 0xF1F0F100}),
     BYTES(0, 0, 0, 0, 0, 5, 0x00, 0xF1, 0xF0, 0xF1, 0xCC, 0xE5, 0x44, 0x4B), 10},
    {SAMPLE(get_types_resp, {.types = {0x21}}), BYTES(0, 0x21, 0, 0, 0, 0, 0, 0, 0), 9},
    {SAMPLE(get_commands_req, {.type = 5, .version = 0xF1F0F100}), BYTES(5, 0x00, 0xF1, 0xF0, 0xF1), 5},
    {SAMPLE(get_commands_resp, {.commands = {[0] = 6, [31] = 0x80}}),
     BYTES(0, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x80), 33},
    {SAMPLE(query_device_identifiers_resp,
            {.descriptor_count = 2, .descriptors = two_descriptors, .descriptors_len = 12}),
     BYTES(0, 12, 0, 0, 0, 2, 0x00, 0x00, 2, 0, 0x34, 0x12, 0x00, 0x01, 2, 0, 0x01, 0x53), 18},
    {SAMPLE(get_firmware_parameters_resp, {.capabilities = 0x0A,
                                           .component_count = 0x0102,
                                           .active = TEXT("ab"),
                                           .pending = TEXT("c"),
                                           .components = three_bytes,
                                           .components_len = 3}),
     BYTES(0, 0x0A, 0, 0, 0, 0x02, 0x01, 1, 2, 1, 1, 'a', 'b', 'c', 7, 8, 9), 14},
    {SAMPLE(request_update_req, {.max_transfer_size = 0x1234,
                                 .component_count = 0x0203,
                                 .max_outstanding = 4,
                                 .package_data_len = 0x0506,
                                 .set_version = TEXT("v1")}),
     BYTES(0x34, 0x12, 0, 0, 3, 2, 4, 6, 5, 1, 2, 'v', '1'), 13},
    {SAMPLE(request_update_resp, {.meta_data_len = 0x0102, .will_get_package_data = 1}), BYTES(0, 2, 1, 1), 4},
    {SAMPLE(get_data_req, {.handle = 0x01020304, .operation = 1}), BYTES(4, 3, 2, 1, 1), 5},
    {SAMPLE(get_data_resp, {.next_handle = 0x01020304, .transfer_flag = 1, .data = three_bytes, .data_len = 3}),
     BYTES(0, 4, 3, 2, 1, 1, 7, 8, 9), 6},
    {SAMPLE(pass_component_table_req, {.transfer_flag = 4,
                                       .classification = 0x000A,
                                       .identifier = 0x0102,
                                       .index = 3,
                                       .stamp = 0x04050607,
                                       .version = TEXT("v2")}),
     BYTES(4, 0x0A, 0, 2, 1, 3, 7, 6, 5, 4, 1, 2, 'v', '2'), 14},
    {SAMPLE(pass_component_table_resp, {.response = 1, .response_code = 6}), BYTES(0, 1, 6), 3},
    {SAMPLE(update_component_req, {.classification = 0x000A,
                                   .identifier = 0x0102,
                                   .index = 3,
                                   .stamp = 0x04050607,
                                   .image_size = 0x08090A0B,
                                   .options = 0xFFFFFFFF,
                                   .version = TEXT("v2")}),
     BYTES(0x0A, 0, 2, 1, 3, 7, 6, 5, 4, 0x0B, 0x0A, 9, 8, 255, 255, 255, 255, 1, 2, 'v', '2'), 21},
    {SAMPLE(update_component_resp, {.response = 0, .response_code = 0, .options_enabled = 1, .delay_s = 0x0203}),
     BYTES(0, 0, 0, 1, 0, 0, 0, 3, 2), 9},
    {SAMPLE(request_firmware_data_req, {.offset = 0x01020304, .length = 0x200}), BYTES(4, 3, 2, 1, 0, 2, 0, 0), 8},
    {SAMPLE(request_firmware_data_resp, {.data = three_bytes, .data_len = 3}), BYTES(0, 7, 8, 9), 1},
    {SAMPLE(result_req, {.result = 9}), BYTES(9), 1},
    {SAMPLE(apply_complete_req, {.result = 1, .activation_modification = 0x0022}), BYTES(1, 0x22, 0), 3},
    {SAMPLE(activate_firmware_req, {.self_contained = true}), BYTES(1), 1},
    {SAMPLE(activate_firmware_resp, {.estimated_s = 0x0102}), BYTES(0, 2, 1), 3},
    {SAMPLE(get_status_resp, {.current_state = 3,
                              .previous_state = 2,
                              .aux_state = 2,
                              .aux_state_status = 9,
                              .progress = 50,
                              .reason = 4,
                              .options_enabled = 1}),
     BYTES(0, 3, 2, 2, 9, 50, 4, 1, 0, 0, 0), 11},
    {SAMPLE(cancel_update_resp, {.non_functioning = true, .non_functioning_bitmap = 0x8000000000000002}),
     BYTES(0, 1, 2, 0, 0, 0, 0, 0, 0, 0x80), 10},
    {SAMPLE(vendor_descriptor, {.title = TEXT("id"), .data = three_bytes, .data_len = 3}),
     BYTES(1, 2, 'i', 'd', 7, 8, 9), 4},
};

static bool is_response(const struct message *m) {
    size_t len = strlen(m->name);
    return strcmp(m->name + len - 5, "_resp") == 0;
}

/* Decodes @p len bytes of @p wire from an allocation of that length. */
static uint8_t decode_exact(const struct message *m, const uint8_t *wire, size_t len, void *out, uint8_t **copy) {
    *copy = malloc(len + (len == 0));
    if (len != 0) memcpy(*copy, wire, len);
    memset(out, 0xEE, m->sample_size);
    return m->decode(*copy, len, out);
}

static void check_message(const struct message *m) {
    char name[200];
    uint8_t body[64], *copy;
    _Alignas(uint64_t) uint8_t out[128];
    snprintf(name, sizeof name, "given %s when it is encoded then its bytes are those of the table", m->name);
    TEST(name) {
        CHECK_EQ(m->encode(m->sample, body, sizeof body), m->len);
        CHECK_MEM(body, m->wire, m->len);
    }
    snprintf(name, sizeof name, "given %s when the buffer is too small by any amount then encoding returns 0", m->name);
    TEST(name) for (size_t size = 0; size < m->len; size++) CHECK_EQ(m->encode(m->sample, body, size), 0);
    snprintf(name, sizeof name, "given %s when it is decoded and encoded again then the bytes are the same", m->name);
    TEST(name) {
        CHECK_EQ(decode_exact(m, m->wire, m->len, out, &copy), 0);
        memset(body, 0, sizeof body);
        CHECK_EQ(m->encode(out, body, sizeof body), m->len);
        CHECK_MEM(body, m->wire, m->len);
        free(copy);
    }
    snprintf(name, sizeof name, "given %s when it is cut anywhere then decoding says invalid length", m->name);
    TEST(name) for (size_t len = 0; len < m->shortest; len++) {
        CHECK_EQ(decode_exact(m, m->wire, len, out, &copy), PLDM_ERROR_INVALID_LENGTH);
        free(copy);
    }
    if (m->shortest == m->len) {
        snprintf(name, sizeof name, "given %s when a byte is added then decoding says invalid length", m->name);
        TEST(name) {
            memcpy(body, m->wire, m->len);
            body[m->len] = 0;
            CHECK_EQ(decode_exact(m, body, m->len + 1, out, &copy), PLDM_ERROR_INVALID_LENGTH);
            free(copy);
        }
    }
    if (!is_response(m)) return;
    snprintf(name, sizeof name, "given %s when it reports an error then that is all of it", m->name);
    TEST(name) {
        static const uint8_t zero[sizeof out], error[] = {0x84};
        memcpy(out, m->sample, m->sample_size);
        out[0] = error[0];
        CHECK_EQ(m->encode(out, body, sizeof body), 1);
        CHECK_EQ(body[0], error[0]);
        CHECK_EQ(m->encode(out, body, 0), 0);
        CHECK_EQ(decode_exact(m, error, 1, out, &copy), 0);
        CHECK_EQ(out[0], error[0]);
        CHECK_MEM(out + 1, zero, m->sample_size - 1);
        free(copy);
    }
}

/* A message whose byte `at` has a value that the table reserves. */
static void check_reserved_values(void) {
    static const struct {
        const char *name;
        size_t at;
        uint8_t value;
    } cases[] = {
        {"set_tid_req", 0, 0x00},
        {"set_tid_req", 0, 0xFF},
        {"get_version_resp", 10, 0x00}, /* CRC */
        {"get_firmware_parameters_resp", 7, 6},
        {"get_firmware_parameters_resp", 9, 6},
        {"request_update_req", 9, 6},
        {"request_update_req", 6, 0},
        {"request_update_resp", 3, 2},
        {"get_data_resp", 5, 3},
        {"pass_component_table_req", 0, 0},
        {"pass_component_table_req", 0, 3},
        {"pass_component_table_req", 0, 6},
        {"pass_component_table_req", 10, 6},
        {"pass_component_table_resp", 1, 2},
        {"update_component_req", 17, 6},
        {"update_component_resp", 1, 2},
        {"activate_firmware_req", 0, 2},
        {"get_status_resp", 1, 7},
        {"get_status_resp", 2, 7},
        {"get_status_resp", 3, 4},
        {"get_status_resp", 5, 102},
        {"cancel_update_resp", 1, 2},
        {"vendor_descriptor", 0, 6},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        for (size_t m = 0; m < sizeof messages / sizeof *messages; m++) {
            char name[160];
            uint8_t body[64];
            _Alignas(uint64_t) uint8_t out[128];
            if (strcmp(messages[m].name, cases[i].name) != 0) continue;
            snprintf(name, sizeof name, "given %s when byte %zu is %u then decoding says invalid data", cases[i].name,
                     cases[i].at, cases[i].value);
            memcpy(body, messages[m].wire, messages[m].len);
            body[cases[i].at] = cases[i].value;
            TEST(name) CHECK_EQ(messages[m].decode(body, messages[m].len, out), PLDM_ERROR_INVALID_DATA);
        }
    }
}

static void check_single_rules(void) {
    TEST("given a transfer size of 31 or 32 bytes when RequestUpdate is decoded then only 32 is valid") {
        uint8_t body[] = {31, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0};
        struct pldm_request_update_req request;
        CHECK_EQ(pldm_request_update_req_decode(body, sizeof body, &request), PLDM_ERROR_INVALID_DATA);
        body[0] = 32;
        CHECK_EQ(pldm_request_update_req_decode(body, sizeof body, &request), PLDM_SUCCESS);
    }
    TEST("given an empty request when it has data then decoding says invalid length") {
        CHECK_EQ(pldm_empty_req_decode(0), PLDM_SUCCESS);
        CHECK_EQ(pldm_empty_req_decode(1), PLDM_ERROR_INVALID_LENGTH);
    }
    TEST("given strings of 255 bytes when UpdateComponent goes both ways then nothing is lost") {
        uint8_t text[255], body[19 + 255];
        struct pldm_update_component_req out, in = {.version = {PLDM_STRING_UTF8, sizeof text, text}};
        for (size_t i = 0; i < sizeof text; i++) text[i] = (uint8_t)i;
        CHECK_EQ(pldm_update_component_req_encode(&in, body, sizeof body), sizeof body);
        CHECK_EQ(pldm_update_component_req_decode(body, sizeof body, &out), PLDM_SUCCESS);
        CHECK_EQ(out.version.len, 255);
        CHECK_MEM(out.version.bytes, text, sizeof text);
    }
    TEST("given a reserved value when a message is encoded then there is none") {
        uint8_t body[64];
        const struct pldm_request_update_req request = {.set_version = {6, 0, NULL}};
        const struct pldm_pass_component_table_req pass = {.transfer_flag = 3};
        const struct pldm_vendor_descriptor vendor = {.title = {6, 0, NULL}};
        struct pldm_component component = {.active.version.type = 6};
        struct pldm_get_firmware_parameters_resp parameters = {.pending.type = 6};
        CHECK_EQ(pldm_request_update_req_encode(&request, body, sizeof body), 0);
        CHECK_EQ(pldm_pass_component_table_req_encode(&pass, body, sizeof body), 0);
        CHECK_EQ(pldm_vendor_descriptor_encode(&vendor, body, sizeof body), 0);
        CHECK_EQ(pldm_component_encode(&component, body, sizeof body), 0);
        CHECK_EQ(pldm_get_firmware_parameters_resp_encode(&parameters, body, sizeof body), 0);
        for (unsigned tid = 0; tid <= 255; tid += 255)
            CHECK_EQ(pldm_set_tid_req_encode(&(struct pldm_set_tid_req){(uint8_t)tid}, body, sizeof body), 0);
    }
    TEST("given two versions and a byte when GetPLDMVersion is decoded then the length is invalid") {
        static const uint8_t body[15] = {0, 0, 0, 0, 0, 5};
        struct pldm_get_version_resp out;
        CHECK_EQ(pldm_get_version_resp_decode(body, sizeof body, &out), PLDM_ERROR_INVALID_LENGTH);
    }
    TEST("given a version without CRC when GetPLDMVersion is decoded then it is taken") {
        static const uint8_t body[] = {0, 0, 0, 0, 0, 5, 0x00, 0xF0, 0xF0, 0xF1};
        struct pldm_get_version_resp out;
        CHECK_EQ(pldm_get_version_resp_decode(body, sizeof body, &out), PLDM_SUCCESS);
        CHECK_EQ(out.version, 0xF1F0F000);
    }
    TEST("given the check value of CRC-32 when it is computed in two parts then it is CBF43926h") {
        CHECK_EQ(crc32_of(crc32_of(0, (const uint8_t *)"1234", 4), (const uint8_t *)"56789", 5), 0xCBF43926);
    }
}

static void check_header(void) {
    TEST("given every field of the header when it goes both ways then it is the same") {
        struct pldm_header in = {true, false, 31, 5, 0x15}, out;
        uint8_t msg[3];
        CHECK_EQ(pldm_header_encode(&in, msg, sizeof msg), 3);
        CHECK_EQ(msg[0], 0x9F);
        CHECK_EQ(msg[1], 0x05);
        CHECK_EQ(msg[2], 0x15);
        CHECK_EQ(pldm_header_decode(msg, sizeof msg, &out), 0);
        CHECK(out.request && !out.datagram && out.instance == 31 && out.type == 5 && out.command == 0x15);
        in = (struct pldm_header){false, true, 0, 63, 0};
        CHECK_EQ(pldm_header_encode(&in, msg, sizeof msg), 3);
        CHECK_EQ(msg[0], 0x40);
        CHECK_EQ(pldm_header_decode(msg, sizeof msg, &out), 0);
        CHECK(!out.request && out.datagram && out.instance == 0 && out.type == 63 && out.command == 0);
    }
    TEST("given a header that is short, of a later version or out of range when it is used then it is refused") {
        static const uint8_t later[] = {0x80, 0x45, 1};
        struct pldm_header out, wide = {.instance = 32};
        uint8_t msg[3];
        for (size_t len = 0; len < 3; len++) CHECK_EQ(pldm_header_decode(later, len, &out), PLDM_ERROR_INVALID_LENGTH);
        CHECK_EQ(pldm_header_decode(later, 3, &out), PLDM_ERROR_INVALID_DATA);
        CHECK_EQ(pldm_header_encode(&wide, msg, sizeof msg), 0);
        wide = (struct pldm_header){.type = 64};
        CHECK_EQ(pldm_header_encode(&wide, msg, sizeof msg), 0);
        CHECK_EQ(pldm_header_encode(&(struct pldm_header){0}, msg, 2), 0);
    }
    TEST("given a request when it is answered with an error then Rq and D are clear and the instance ID is kept") {
        static const uint8_t request[] = {0xC7, 0x05, 0x10}, want[] = {0x07, 0x05, 0x10, 0x81};
        uint8_t msg[4];
        CHECK_EQ(pldm_answer_error(request, 0x81, msg, sizeof msg), 4);
        CHECK_MEM(msg, want, sizeof want);
        CHECK_EQ(pldm_answer_error(request, 0x81, msg, 3), 0);
        CHECK_EQ(pldm_answer_header(request, msg, 2), 0);
    }
}

int main(void) {
    for (size_t i = 0; i < sizeof messages / sizeof *messages; i++) check_message(&messages[i]);
    check_reserved_values();
    check_single_rules();
    check_header();
    return check_result();
}
