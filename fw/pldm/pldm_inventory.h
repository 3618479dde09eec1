// SPDX-License-Identifier: Apache-2.0
//
// QueryDeviceIdentifiers and GetFirmwareParameters (DSP0267 clause 10) and the tables that they carry. Conventions: see
// pldm.h. Both requests are empty.
#pragma once
#include "fw/pldm/pldm_types.h"

/** Walks a table of entries of varying length. `next` functions return false at the end; then `error` is 0, or
 * PLDM_ERROR_INVALID_LENGTH / _INVALID_DATA when the table does not hold what was announced. */
struct pldm_iterator {
    const uint8_t *at;
    size_t left;        /* bytes */
    uint16_t remaining; /* entries */
    uint8_t error;
};

/** One descriptor (table 6): in QueryDeviceIdentifiers and in a package's device records. */
struct pldm_descriptor {
    uint16_t type; /* enum pldm_descriptor_type */
    uint16_t len;  /* bytes */
    const uint8_t *data;
};
size_t pldm_descriptor_encode(const struct pldm_descriptor *in, uint8_t *bytes, size_t size);
/** Starts a walk over @p count descriptors in @p len bytes. */
struct pldm_iterator pldm_descriptors(const uint8_t *bytes, size_t len, uint16_t count);
/** Known types must have the length of table 7; unknown ones pass. */
bool pldm_descriptor_next(struct pldm_iterator *it, struct pldm_descriptor *out);

/** The value of a vendor-defined descriptor (table 8). */
struct pldm_vendor_descriptor {
    struct pldm_string title;
    const uint8_t *data;
    size_t data_len;
};
size_t pldm_vendor_descriptor_encode(const struct pldm_vendor_descriptor *in, uint8_t *bytes, size_t size);
uint8_t pldm_vendor_descriptor_decode(const uint8_t *bytes, size_t len, struct pldm_vendor_descriptor *out);

/** QueryDeviceIdentifiers response (table 11). */
struct pldm_query_device_identifiers_resp {
    uint8_t completion_code;
    uint8_t descriptor_count;
    const uint8_t
        *descriptors; /* for pldm_descriptors(); when encoding it may already be in its place in the message */
    size_t descriptors_len;
};
enum { PLDM_QUERY_DEVICE_IDENTIFIERS_RESP_FIXED = 6 }; /* bytes before the descriptors */
size_t pldm_query_device_identifiers_resp_encode(const struct pldm_query_device_identifiers_resp *in, uint8_t *body,
                                                 size_t size);
uint8_t pldm_query_device_identifiers_resp_decode(const uint8_t *body, size_t len,
                                                  struct pldm_query_device_identifiers_resp *out);

/** GetFirmwareParameters response (table 12). An empty pending string is encoded with type 0. */
struct pldm_get_firmware_parameters_resp {
    uint8_t completion_code;
    uint32_t capabilities; /* enum pldm_device_capability */
    uint16_t component_count;
    struct pldm_string active; /* component image set versions */
    struct pldm_string pending;
    const uint8_t *components; /* for pldm_components(); may already be in its place when encoding */
    size_t components_len;
};
enum { PLDM_GET_FIRMWARE_PARAMETERS_RESP_FIXED = 11 }; /* bytes before the two strings */
size_t pldm_get_firmware_parameters_resp_encode(const struct pldm_get_firmware_parameters_resp *in, uint8_t *body,
                                                size_t size);
uint8_t pldm_get_firmware_parameters_resp_decode(const uint8_t *body, size_t len,
                                                 struct pldm_get_firmware_parameters_resp *out);

/** What one image of a component is (table 13). */
struct pldm_component_version {
    uint32_t stamp; /* 0: none */
    struct pldm_string version;
    uint8_t date[PLDM_DATE_SIZE];
};

/** One entry of the component parameter table (table 13). No pending image: all of `pending` is zero. */
struct pldm_component {
    uint16_t classification; /* table 19 */
    uint16_t identifier;
    uint8_t index; /* ComponentClassificationIndex */
    struct pldm_component_version active;
    struct pldm_component_version pending;
    uint16_t activation_methods; /* enum pldm_activation_method */
    uint32_t capabilities;       /* enum pldm_component_capability */
};
enum { PLDM_COMPONENT_FIXED = 39 }; /* bytes of an entry before its strings */
size_t pldm_component_encode(const struct pldm_component *in, uint8_t *bytes, size_t size);
/** Starts a walk over the component table of a decoded GetFirmwareParameters response. */
struct pldm_iterator pldm_components(const struct pldm_get_firmware_parameters_resp *parameters);
bool pldm_component_next(struct pldm_iterator *it, struct pldm_component *out);
