// SPDX-License-Identifier: Apache-2.0
//
// Codec of the inventory messages and their tables; see pldm_inventory.h.
#include "fw/pldm/pldm_inventory.h"

#include "fw/pldm/pldm_wire.h"

/* ---- descriptors (tables 6-8) ---- */

enum { DESCRIPTOR_HEAD = 4, VENDOR_HEAD = 2 };

size_t pldm_descriptor_encode(const struct pldm_descriptor *in, uint8_t *bytes, size_t size) {
    size_t len = (size_t)DESCRIPTOR_HEAD + in->len;
    if (size < len) return 0;
    pldm_put_bytes(pldm_put16(pldm_put16(bytes, in->type), in->len), in->data, in->len);
    return len;
}

struct pldm_iterator pldm_descriptors(const uint8_t *bytes, size_t len, uint16_t count) {
    return (struct pldm_iterator){.at = bytes, .left = len, .remaining = count};
}

/* Length that table 7 gives to a type; 0: any. */
static uint16_t descriptor_length(uint16_t type) {
    switch (type) {
        case PLDM_DESCRIPTOR_PCI_REVISION_ID:
            return 1;
        case PLDM_DESCRIPTOR_PCI_VENDOR_ID:
        case PLDM_DESCRIPTOR_PCI_DEVICE_ID:
        case PLDM_DESCRIPTOR_PCI_SUBSYSTEM_VENDOR_ID:
        case PLDM_DESCRIPTOR_PCI_SUBSYSTEM_ID:
            return 2;
        case PLDM_DESCRIPTOR_PNP_VENDOR_ID:
            return 3;
        case PLDM_DESCRIPTOR_IANA_ENTERPRISE_ID:
        case PLDM_DESCRIPTOR_ACPI_VENDOR_ID:
        case PLDM_DESCRIPTOR_PNP_PRODUCT_IDENTIFIER:
        case PLDM_DESCRIPTOR_ACPI_PRODUCT_IDENTIFIER:
            return 4;
        case PLDM_DESCRIPTOR_UUID:
            return 16;
        default:
            return 0;
    }
}

/* Ends a walk: with @p error, or well when nothing is left over. */
static bool iterator_end(struct pldm_iterator *it, uint8_t error) {
    if (error == PLDM_SUCCESS && it->left != 0) error = PLDM_ERROR_INVALID_LENGTH;
    if (it->error == PLDM_SUCCESS) it->error = error;
    it->remaining = 0;
    return false;
}

bool pldm_descriptor_next(struct pldm_iterator *it, struct pldm_descriptor *out) {
    if (it->remaining == 0) return iterator_end(it, PLDM_SUCCESS);
    if (it->left < DESCRIPTOR_HEAD) return iterator_end(it, PLDM_ERROR_INVALID_LENGTH);
    out->type = pldm_get16(it->at);
    out->len = pldm_get16(it->at + 2);
    out->data = it->at + DESCRIPTOR_HEAD;
    if (it->left < (size_t)DESCRIPTOR_HEAD + out->len) return iterator_end(it, PLDM_ERROR_INVALID_LENGTH);
    uint16_t want = descriptor_length(out->type);
    if (want != 0 && out->len != want) return iterator_end(it, PLDM_ERROR_INVALID_DATA);
    it->at += DESCRIPTOR_HEAD + out->len;
    it->left -= (size_t)DESCRIPTOR_HEAD + out->len;
    it->remaining--;
    return true;
}

size_t pldm_vendor_descriptor_encode(const struct pldm_vendor_descriptor *in, uint8_t *bytes, size_t size) {
    size_t len = VENDOR_HEAD + (size_t)in->title.len + in->data_len;
    if (size < len || in->title.type > PLDM_STRING_UTF16BE) return 0;
    bytes[0] = in->title.type;
    bytes[1] = in->title.len;
    uint8_t *at = pldm_put_bytes(bytes + VENDOR_HEAD, in->title.bytes, in->title.len);
    pldm_put_bytes(at, in->data, in->data_len);
    return len;
}

uint8_t pldm_vendor_descriptor_decode(const uint8_t *bytes, size_t len, struct pldm_vendor_descriptor *out) {
    if (len < VENDOR_HEAD || len < VENDOR_HEAD + (size_t)bytes[1]) return PLDM_ERROR_INVALID_LENGTH;
    out->title = (struct pldm_string){bytes[0], bytes[1], bytes + VENDOR_HEAD};
    out->data = bytes + VENDOR_HEAD + out->title.len;
    out->data_len = len - VENDOR_HEAD - out->title.len;
    return out->title.type <= PLDM_STRING_UTF16BE ? PLDM_SUCCESS : PLDM_ERROR_INVALID_DATA;
}

/* ---- QueryDeviceIdentifiers (table 11) ---- */

enum { QDI_FIXED = PLDM_QUERY_DEVICE_IDENTIFIERS_RESP_FIXED };

size_t pldm_query_device_identifiers_resp_encode(const struct pldm_query_device_identifiers_resp *in, uint8_t *body,
                                                 size_t size) {
    bool done;
    if (!pldm_response_fits(in->completion_code, body, size, QDI_FIXED + in->descriptors_len, &done)) return 0;
    if (done) return 1;
    pldm_put32(body + 1, (uint32_t)in->descriptors_len);
    body[5] = in->descriptor_count;
    pldm_put_bytes(body + QDI_FIXED, in->descriptors, in->descriptors_len);
    return QDI_FIXED + in->descriptors_len;
}

uint8_t pldm_query_device_identifiers_resp_decode(const uint8_t *body, size_t len,
                                                  struct pldm_query_device_identifiers_resp *out) {
    bool go_on;
    uint8_t code = pldm_response_start(body, len, QDI_FIXED, out, sizeof *out, &go_on);
    if (!go_on) return code;
    if (len - QDI_FIXED != pldm_get32(body + 1)) return PLDM_ERROR_INVALID_LENGTH;
    out->descriptor_count = body[5];
    out->descriptors = body + QDI_FIXED;
    out->descriptors_len = len - QDI_FIXED;
    return PLDM_SUCCESS;
}

/* ---- GetFirmwareParameters (tables 12, 13) ---- */

enum { GFP_FIXED = PLDM_GET_FIRMWARE_PARAMETERS_RESP_FIXED };

#define GFP_FIELD(m) PLDM_FIELD(pldm_get_firmware_parameters_resp, m)
static const struct pldm_field parameter_fields[] = {
    GFP_FIELD(completion_code), GFP_FIELD(capabilities), GFP_FIELD(component_count), GFP_FIELD(active.type),
    GFP_FIELD(active.len),      GFP_FIELD(pending.type), GFP_FIELD(pending.len),
};
enum { PARAMETER_FIELDS = sizeof parameter_fields / sizeof *parameter_fields };

static bool strings_valid(const struct pldm_string *active, const struct pldm_string *pending) {
    return active->type <= PLDM_STRING_UTF16BE && pending->type <= PLDM_STRING_UTF16BE;
}

/* Both structs carry an active and a pending string, whose bytes follow the fixed fields in this order. */
static uint8_t *put_strings(uint8_t *at, const struct pldm_string *active, const struct pldm_string *pending) {
    return pldm_put_bytes(pldm_put_bytes(at, active->bytes, active->len), pending->bytes, pending->len);
}

size_t pldm_get_firmware_parameters_resp_encode(const struct pldm_get_firmware_parameters_resp *in, uint8_t *body,
                                                size_t size) {
    bool done;
    size_t len = GFP_FIXED + (size_t)in->active.len + in->pending.len + in->components_len;
    if (!strings_valid(&in->active, &in->pending)) return 0;
    if (!pldm_response_fits(in->completion_code, body, size, len, &done)) return 0;
    if (done) return 1;
    uint8_t *at = pldm_pack(parameter_fields, PARAMETER_FIELDS, in, body);
    if (in->pending.len == 0) body[9] = PLDM_STRING_UNKNOWN;
    pldm_put_bytes(put_strings(at, &in->active, &in->pending), in->components, in->components_len);
    return len;
}

uint8_t pldm_get_firmware_parameters_resp_decode(const uint8_t *body, size_t len,
                                                 struct pldm_get_firmware_parameters_resp *out) {
    bool go_on;
    uint8_t code = pldm_response_start(body, len, GFP_FIXED, out, sizeof *out, &go_on);
    if (!go_on) return code;
    size_t strings = (size_t)body[8] + body[10];
    if (len < GFP_FIXED + strings) return PLDM_ERROR_INVALID_LENGTH;
    pldm_unpack(parameter_fields, PARAMETER_FIELDS, body, out);
    out->active.bytes = body + GFP_FIXED;
    out->pending.bytes = out->active.bytes + out->active.len;
    out->components = out->pending.bytes + out->pending.len;
    out->components_len = len - GFP_FIXED - strings;
    return strings_valid(&out->active, &out->pending) ? PLDM_SUCCESS : PLDM_ERROR_INVALID_DATA;
}

#define COMPONENT_FIELD(m) PLDM_FIELD(pldm_component, m)
static const struct pldm_field component_fields[] = {
    COMPONENT_FIELD(classification),      COMPONENT_FIELD(identifier),          COMPONENT_FIELD(index),
    COMPONENT_FIELD(active.stamp),        COMPONENT_FIELD(active.version.type), COMPONENT_FIELD(active.version.len),
    COMPONENT_FIELD(active.date),         COMPONENT_FIELD(pending.stamp),       COMPONENT_FIELD(pending.version.type),
    COMPONENT_FIELD(pending.version.len), COMPONENT_FIELD(pending.date),        COMPONENT_FIELD(activation_methods),
    COMPONENT_FIELD(capabilities),
};
enum {
    COMPONENT_FIELDS = sizeof component_fields / sizeof *component_fields,
    ACTIVE_LEN_AT = 10, /* offsets in an entry */
    PENDING_TYPE_AT = 23,
    PENDING_LEN_AT = 24,
};

size_t pldm_component_encode(const struct pldm_component *in, uint8_t *bytes, size_t size) {
    const struct pldm_string *active = &in->active.version, *pending = &in->pending.version;
    size_t len = PLDM_COMPONENT_FIXED + (size_t)active->len + pending->len;
    if (size < len || !strings_valid(active, pending)) return 0;
    put_strings(pldm_pack(component_fields, COMPONENT_FIELDS, in, bytes), active, pending);
    if (pending->len == 0) bytes[PENDING_TYPE_AT] = PLDM_STRING_UNKNOWN;
    return len;
}

struct pldm_iterator pldm_components(const struct pldm_get_firmware_parameters_resp *parameters) {
    return (struct pldm_iterator){
        .at = parameters->components, .left = parameters->components_len, .remaining = parameters->component_count};
}

bool pldm_component_next(struct pldm_iterator *it, struct pldm_component *out) {
    if (it->remaining == 0) return iterator_end(it, PLDM_SUCCESS);
    if (it->left < PLDM_COMPONENT_FIXED) return iterator_end(it, PLDM_ERROR_INVALID_LENGTH);
    size_t len = PLDM_COMPONENT_FIXED + (size_t)it->at[ACTIVE_LEN_AT] + it->at[PENDING_LEN_AT];
    if (it->left < len) return iterator_end(it, PLDM_ERROR_INVALID_LENGTH);
    pldm_unpack(component_fields, COMPONENT_FIELDS, it->at, out);
    out->active.version.bytes = it->at + PLDM_COMPONENT_FIXED;
    out->pending.version.bytes = out->active.version.bytes + out->active.version.len;
    if (!strings_valid(&out->active.version, &out->pending.version)) return iterator_end(it, PLDM_ERROR_INVALID_DATA);
    it->at += len;
    it->left -= len;
    it->remaining--;
    return true;
}
