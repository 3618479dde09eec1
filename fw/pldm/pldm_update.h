// SPDX-License-Identifier: Apache-2.0
//
// The update commands (DSP0267 clause 11). Conventions: see pldm.h. GetStatus, CancelUpdateComponent and CancelUpdate
// have empty requests; TransferComplete, VerifyComplete, ApplyComplete and CancelUpdateComponent have plain responses.
#pragma once
#include "fw/pldm/pldm_types.h"

/** RequestUpdate request (table 14). Decode refuses (PLDM_ERROR_INVALID_DATA) a transfer size below 32 bytes, no
 * outstanding request and a reserved string type. */
struct pldm_request_update_req {
    uint32_t max_transfer_size; /* bytes */
    uint16_t component_count;
    uint8_t max_outstanding;
    uint16_t package_data_len; /* bytes */
    struct pldm_string set_version;
};
size_t pldm_request_update_req_encode(const struct pldm_request_update_req *in, uint8_t *body, size_t size);
uint8_t pldm_request_update_req_decode(const uint8_t *body, size_t len, struct pldm_request_update_req *out);

struct pldm_request_update_resp {
    uint8_t completion_code;
    uint16_t meta_data_len;        /* bytes of FirmwareDeviceMetaData */
    uint8_t will_get_package_data; /* FDWillSendGetPackageDataCommand, 0 or 1 */
};
size_t pldm_request_update_resp_encode(const struct pldm_request_update_resp *in, uint8_t *body, size_t size);
uint8_t pldm_request_update_resp_decode(const uint8_t *body, size_t len, struct pldm_request_update_resp *out);

/** GetPackageData, GetDeviceMetaData and GetMetaData requests (tables 15, 16, 25). The operation flag is not checked:
 * the responder answers PLDM_INVALID_TRANSFER_OPERATION_FLAG. */
struct pldm_get_data_req {
    uint32_t handle;
    uint8_t operation; /* enum pldm_transfer_operation */
};
size_t pldm_get_data_req_encode(const struct pldm_get_data_req *in, uint8_t *body, size_t size);
uint8_t pldm_get_data_req_decode(const uint8_t *body, size_t len, struct pldm_get_data_req *out);

/** Their responses. When encoding, the data may already be in its place in the message. */
enum { PLDM_GET_DATA_RESP_FIXED = 6 }; /* bytes before the data */
struct pldm_get_data_resp {
    uint8_t completion_code;
    uint32_t next_handle;
    uint8_t transfer_flag; /* enum pldm_transfer_flag; others are PLDM_ERROR_INVALID_DATA */
    const uint8_t *data;
    size_t data_len;
};
size_t pldm_get_data_resp_encode(const struct pldm_get_data_resp *in, uint8_t *body, size_t size);
uint8_t pldm_get_data_resp_decode(const uint8_t *body, size_t len, struct pldm_get_data_resp *out);

/** PassComponentTable request (table 17). Decode refuses a transfer flag or string type that is reserved. */
struct pldm_pass_component_table_req {
    uint8_t transfer_flag; /* enum pldm_transfer_flag */
    uint16_t classification;
    uint16_t identifier;
    uint8_t index; /* ComponentClassificationIndex */
    uint32_t stamp;
    struct pldm_string version;
};
size_t pldm_pass_component_table_req_encode(const struct pldm_pass_component_table_req *in, uint8_t *body, size_t size);
uint8_t pldm_pass_component_table_req_decode(const uint8_t *body, size_t len,
                                             struct pldm_pass_component_table_req *out);

struct pldm_pass_component_table_resp {
    uint8_t completion_code;
    uint8_t response;      /* 0 can be updated, 1 may be updateable; decode refuses others */
    uint8_t response_code; /* enum pldm_component_response_code */
};
size_t pldm_pass_component_table_resp_encode(const struct pldm_pass_component_table_resp *in, uint8_t *body,
                                             size_t size);
uint8_t pldm_pass_component_table_resp_decode(const uint8_t *body, size_t len,
                                              struct pldm_pass_component_table_resp *out);

/** UpdateComponent request (table 18). Decode keeps all 32 option flags; only PLDM_UPDATE_FORCE means something. */
struct pldm_update_component_req {
    uint16_t classification;
    uint16_t identifier;
    uint8_t index;
    uint32_t stamp;
    uint32_t image_size; /* bytes */
    uint32_t options;    /* enum pldm_update_option */
    struct pldm_string version;
};
size_t pldm_update_component_req_encode(const struct pldm_update_component_req *in, uint8_t *body, size_t size);
uint8_t pldm_update_component_req_decode(const uint8_t *body, size_t len, struct pldm_update_component_req *out);

struct pldm_update_component_resp {
    uint8_t completion_code;
    uint8_t response;         /* 0 will be updated, 1 will not; decode refuses others */
    uint8_t response_code;    /* enum pldm_component_response_code */
    uint32_t options_enabled; /* enum pldm_update_option */
    uint16_t delay_s;         /* EstimatedTimeBeforeSendingRequestFirmwareData, seconds */
};
size_t pldm_update_component_resp_encode(const struct pldm_update_component_resp *in, uint8_t *body, size_t size);
uint8_t pldm_update_component_resp_decode(const uint8_t *body, size_t len, struct pldm_update_component_resp *out);

/** RequestFirmwareData request (table 21). The range rules of table 21 need the image size; see the one that knows it.
 */
struct pldm_request_firmware_data_req {
    uint32_t offset; /* bytes */
    uint32_t length; /* bytes */
};
size_t pldm_request_firmware_data_req_encode(const struct pldm_request_firmware_data_req *in, uint8_t *body,
                                             size_t size);
uint8_t pldm_request_firmware_data_req_decode(const uint8_t *body, size_t len,
                                              struct pldm_request_firmware_data_req *out);

struct pldm_request_firmware_data_resp {
    uint8_t completion_code;
    const uint8_t *data; /* when encoding it may already be in its place, one byte into the body */
    size_t data_len;
};
size_t pldm_request_firmware_data_resp_encode(const struct pldm_request_firmware_data_resp *in, uint8_t *body,
                                              size_t size);
uint8_t pldm_request_firmware_data_resp_decode(const uint8_t *body, size_t len,
                                               struct pldm_request_firmware_data_resp *out);

/** TransferComplete and VerifyComplete requests (tables 22, 23). */
struct pldm_result_req {
    uint8_t result; /* enum pldm_result */
};
size_t pldm_result_req_encode(const struct pldm_result_req *in, uint8_t *body, size_t size);
uint8_t pldm_result_req_decode(const uint8_t *body, size_t len, struct pldm_result_req *out);

/** ApplyComplete request (table 24). The modification is 0 unless result is PLDM_APPLY_SUCCESS_ACTIVATION_MODIFIED. */
struct pldm_apply_complete_req {
    uint8_t result;                   /* enum pldm_result */
    uint16_t activation_modification; /* enum pldm_activation_method */
};
size_t pldm_apply_complete_req_encode(const struct pldm_apply_complete_req *in, uint8_t *body, size_t size);
uint8_t pldm_apply_complete_req_decode(const uint8_t *body, size_t len, struct pldm_apply_complete_req *out);

/** ActivateFirmware request (table 26). A bool8 other than 0 and 1 is PLDM_ERROR_INVALID_DATA. */
struct pldm_activate_firmware_req {
    bool self_contained;
};
size_t pldm_activate_firmware_req_encode(const struct pldm_activate_firmware_req *in, uint8_t *body, size_t size);
uint8_t pldm_activate_firmware_req_decode(const uint8_t *body, size_t len, struct pldm_activate_firmware_req *out);

struct pldm_activate_firmware_resp {
    uint8_t completion_code;
    uint16_t estimated_s; /* EstimatedTimeForSelfContainedActivation, seconds */
};
size_t pldm_activate_firmware_resp_encode(const struct pldm_activate_firmware_resp *in, uint8_t *body, size_t size);
uint8_t pldm_activate_firmware_resp_decode(const uint8_t *body, size_t len, struct pldm_activate_firmware_resp *out);

/** GetStatus response (table 27). Decode refuses a state or aux state that is reserved. */
struct pldm_get_status_resp {
    uint8_t completion_code;
    uint8_t current_state;    /* enum pldm_fd_state */
    uint8_t previous_state;   /* enum pldm_fd_state */
    uint8_t aux_state;        /* enum pldm_aux_state */
    uint8_t aux_state_status; /* enum pldm_aux_state_status */
    uint8_t progress;         /* percent, or PLDM_PROGRESS_NOT_SUPPORTED */
    uint8_t reason;           /* enum pldm_reason_code */
    uint32_t options_enabled; /* enum pldm_update_option */
};
size_t pldm_get_status_resp_encode(const struct pldm_get_status_resp *in, uint8_t *body, size_t size);
uint8_t pldm_get_status_resp_decode(const uint8_t *body, size_t len, struct pldm_get_status_resp *out);

/** CancelUpdate response (table 29). Bit n is the nth component of the PassComponentTable commands. */
struct pldm_cancel_update_resp {
    uint8_t completion_code;
    bool non_functioning;
    uint64_t non_functioning_bitmap;
};
size_t pldm_cancel_update_resp_encode(const struct pldm_cancel_update_resp *in, uint8_t *body, size_t size);
uint8_t pldm_cancel_update_resp_decode(const uint8_t *body, size_t len, struct pldm_cancel_update_resp *out);
