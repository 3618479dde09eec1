// SPDX-License-Identifier: Apache-2.0
//
// Codec of the inventory messages and their tables; see pldm_inventory.h.
#include "fw/pldm/pldm_inventory.h"

#include <string.h>

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
    uint8_t *at = pldm_put_bytes(pldm_put_string_head(bytes, &in->title), in->title.bytes, in->title.len);
    pldm_put_bytes(at, in->data, in->data_len);
    return len;
}

uint8_t pldm_vendor_descriptor_decode(const uint8_t *bytes, size_t len, struct pldm_vendor_descriptor *out) {
    if (len < VENDOR_HEAD || len < VENDOR_HEAD + (size_t)bytes[1]) return PLDM_ERROR_INVALID_LENGTH;
    bool valid = pldm_get_string(bytes, bytes + VENDOR_HEAD, &out->title);
    out->data = bytes + VENDOR_HEAD + out->title.len;
    out->data_len = len - VENDOR_HEAD - out->title.len;
    return valid ? PLDM_SUCCESS : PLDM_ERROR_INVALID_DATA;
}

/* ---- QueryDeviceIdentifiers (table 11) ---- */

enum { QDI_FIXED = PLDM_QUERY_DEVICE_IDENTIFIERS_RESP_FIXED };

size_t pldm_query_device_identifiers_resp_encode(const struct pldm_query_device_identifiers_resp *in, uint8_t *body,
                                                 size_t size) {
    uint8_t *at = pldm_response_put(in->completion_code, body, size, QDI_FIXED + in->descriptors_len);
    if (!at) return 0;
    if (in->completion_code != PLDM_SUCCESS) return 1;
    at = pldm_put8(pldm_put32(at, (uint32_t)in->descriptors_len), in->descriptor_count);
    pldm_put_bytes(at, in->descriptors, in->descriptors_len);
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

/* A pending string that is empty has type 0 whatever it says. */
static uint8_t *put_pending_head(uint8_t *at, const struct pldm_string *pending) {
    return pldm_put8(pldm_put8(at, pending->len == 0 ? PLDM_STRING_UNKNOWN : pending->type), pending->len);
}

static bool strings_valid(const struct pldm_string *active, const struct pldm_string *pending) {
    return active->type <= PLDM_STRING_UTF16BE && pending->type <= PLDM_STRING_UTF16BE;
}

size_t pldm_get_firmware_parameters_resp_encode(const struct pldm_get_firmware_parameters_resp *in, uint8_t *body,
                                                size_t size) {
    size_t len = GFP_FIXED + (size_t)in->active.len + in->pending.len + in->components_len;
    if (!strings_valid(&in->active, &in->pending)) return 0;
    uint8_t *at = pldm_response_put(in->completion_code, body, size, len);
    if (!at) return 0;
    if (in->completion_code != PLDM_SUCCESS) return 1;
    at = pldm_put16(pldm_put32(at, in->capabilities), in->component_count);
    at = put_pending_head(pldm_put_string_head(at, &in->active), &in->pending);
    at = pldm_put_bytes(at, in->active.bytes, in->active.len);
    at = pldm_put_bytes(at, in->pending.bytes, in->pending.len);
    pldm_put_bytes(at, in->components, in->components_len);
    return len;
}

uint8_t pldm_get_firmware_parameters_resp_decode(const uint8_t *body, size_t len,
                                                 struct pldm_get_firmware_parameters_resp *out) {
    bool go_on;
    uint8_t code = pldm_response_start(body, len, GFP_FIXED, out, sizeof *out, &go_on);
    if (!go_on) return code;
    size_t strings = (size_t)body[8] + body[10];
    if (len < GFP_FIXED + strings) return PLDM_ERROR_INVALID_LENGTH;
    out->capabilities = pldm_get32(body + 1);
    out->component_count = pldm_get16(body + 5);
    out->components = body + GFP_FIXED + strings;
    out->components_len = len - GFP_FIXED - strings;
    bool valid = pldm_get_string(body + 7, body + GFP_FIXED, &out->active);
    valid = pldm_get_string(body + 9, body + GFP_FIXED + body[8], &out->pending) && valid;
    return valid ? PLDM_SUCCESS : PLDM_ERROR_INVALID_DATA;
}

static uint8_t *put_version(uint8_t *at, const struct pldm_component_version *version) {
    at = put_pending_head(pldm_put32(at, version->stamp), &version->version);
    return pldm_put_bytes(at, version->date, PLDM_DATE_SIZE);
}

size_t pldm_component_encode(const struct pldm_component *in, uint8_t *bytes, size_t size) {
    const struct pldm_string *active = &in->active.version, *pending = &in->pending.version;
    size_t len = PLDM_COMPONENT_FIXED + (size_t)active->len + pending->len;
    if (size < len || !strings_valid(active, pending)) return 0;
    uint8_t *at = pldm_put16(pldm_put16(bytes, in->classification), in->identifier);
    at = put_version(put_version(pldm_put8(at, in->index), &in->active), &in->pending);
    at = pldm_put32(pldm_put16(at, in->activation_methods), in->capabilities);
    pldm_put_bytes(pldm_put_bytes(at, active->bytes, active->len), pending->bytes, pending->len);
    return len;
}

struct pldm_iterator pldm_components(const struct pldm_get_firmware_parameters_resp *parameters) {
    return (struct pldm_iterator){
        .at = parameters->components, .left = parameters->components_len, .remaining = parameters->component_count};
}

/* Offsets in an entry: two images of stamp (4), string type, string length, date (8). */
enum { ACTIVE = 5, PENDING = ACTIVE + 6 + PLDM_DATE_SIZE, METHODS = PENDING + 6 + PLDM_DATE_SIZE };
_Static_assert(METHODS + 6 == PLDM_COMPONENT_FIXED, "table 13");

static bool get_version(const uint8_t *at, const uint8_t *string, struct pldm_component_version *out) {
    out->stamp = pldm_get32(at);
    memcpy(out->date, at + 6, PLDM_DATE_SIZE);
    return pldm_get_string(at + 4, string, &out->version);
}

bool pldm_component_next(struct pldm_iterator *it, struct pldm_component *out) {
    const uint8_t *at = it->at;
    if (it->remaining == 0) return iterator_end(it, PLDM_SUCCESS);
    if (it->left < PLDM_COMPONENT_FIXED) return iterator_end(it, PLDM_ERROR_INVALID_LENGTH);
    uint8_t active_len = at[ACTIVE + 5];
    size_t len = PLDM_COMPONENT_FIXED + (size_t)active_len + at[PENDING + 5];
    if (it->left < len) return iterator_end(it, PLDM_ERROR_INVALID_LENGTH);
    out->classification = pldm_get16(at);
    out->identifier = pldm_get16(at + 2);
    out->index = at[4];
    bool valid = get_version(at + ACTIVE, at + PLDM_COMPONENT_FIXED, &out->active);
    valid = get_version(at + PENDING, at + PLDM_COMPONENT_FIXED + active_len, &out->pending) && valid;
    if (!valid) return iterator_end(it, PLDM_ERROR_INVALID_DATA);
    out->activation_methods = pldm_get16(at + METHODS);
    out->capabilities = pldm_get32(at + METHODS + 2);
    it->at += len;
    it->left -= len;
    it->remaining--;
    return true;
}
