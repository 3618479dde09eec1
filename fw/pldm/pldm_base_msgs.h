// SPDX-License-Identifier: Apache-2.0
//
// Messages of PLDM type 0 (DSP0240), and the forms that both types share. Conventions: see pldm.h.
#pragma once
#include "fw/pldm/pldm_types.h"

/** A request without data: GetTID, GetPLDMTypes, QueryDeviceIdentifiers, GetFirmwareParameters, GetStatus,
 * CancelUpdateComponent, CancelUpdate. Encoded it is the header alone.
 * @return 0 or PLDM_ERROR_INVALID_LENGTH */
uint8_t pldm_empty_req_decode(size_t len);

/** A response with a completion code alone: SetTID, TransferComplete, VerifyComplete, ApplyComplete,
 * CancelUpdateComponent; and any response that reports an error. */
struct pldm_plain_resp {
    uint8_t completion_code;
};
size_t pldm_plain_resp_encode(const struct pldm_plain_resp *in, uint8_t *body, size_t size);
uint8_t pldm_plain_resp_decode(const uint8_t *body, size_t len, struct pldm_plain_resp *out);

/** SetTID request: the terminus ID; 00h and FFh are reserved (PLDM_ERROR_INVALID_DATA). */
struct pldm_set_tid_req {
    uint8_t tid;
};
size_t pldm_set_tid_req_encode(const struct pldm_set_tid_req *in, uint8_t *body, size_t size);
uint8_t pldm_set_tid_req_decode(const uint8_t *body, size_t len, struct pldm_set_tid_req *out);

/** GetTID response: 00h while none is assigned. */
struct pldm_get_tid_resp {
    uint8_t completion_code;
    uint8_t tid;
};
size_t pldm_get_tid_resp_encode(const struct pldm_get_tid_resp *in, uint8_t *body, size_t size);
uint8_t pldm_get_tid_resp_decode(const uint8_t *body, size_t len, struct pldm_get_tid_resp *out);

/** GetPLDMVersion request. Values are not checked: the responder has completion codes of its own for them. */
struct pldm_get_version_req {
    uint32_t handle;
    uint8_t operation; /* enum pldm_transfer_operation */
    uint8_t type;
};
size_t pldm_get_version_req_encode(const struct pldm_get_version_req *in, uint8_t *body, size_t size);
uint8_t pldm_get_version_req_decode(const uint8_t *body, size_t len, struct pldm_get_version_req *out);

/** GetPLDMVersion response with one version. A ver32 is F1F0F100h for 1.0.1 and travels little-endian, followed by
 * the CRC-32 of its four bytes. Decode accepts more versions (gives the first) and a missing CRC, because responders
 * without one are in the field; a CRC that is there and wrong is PLDM_ERROR_INVALID_DATA. */
struct pldm_get_version_resp {
    uint8_t completion_code;
    uint32_t next_handle;
    uint8_t transfer_flag; /* enum pldm_transfer_flag */
    uint32_t version;
};
size_t pldm_get_version_resp_encode(const struct pldm_get_version_resp *in, uint8_t *body, size_t size);
uint8_t pldm_get_version_resp_decode(const uint8_t *body, size_t len, struct pldm_get_version_resp *out);

enum { PLDM_TYPES_SIZE = 8, PLDM_COMMANDS_SIZE = 32 };

/** GetPLDMTypes response: bit t & 7 of byte t / 8 is set for type t. */
struct pldm_get_types_resp {
    uint8_t completion_code;
    uint8_t types[PLDM_TYPES_SIZE];
};
size_t pldm_get_types_resp_encode(const struct pldm_get_types_resp *in, uint8_t *body, size_t size);
uint8_t pldm_get_types_resp_decode(const uint8_t *body, size_t len, struct pldm_get_types_resp *out);

/** GetPLDMCommands request. */
struct pldm_get_commands_req {
    uint8_t type;
    uint32_t version;
};
size_t pldm_get_commands_req_encode(const struct pldm_get_commands_req *in, uint8_t *body, size_t size);
uint8_t pldm_get_commands_req_decode(const uint8_t *body, size_t len, struct pldm_get_commands_req *out);

/** GetPLDMCommands response: bit c & 7 of byte c / 8 is set for command c. */
struct pldm_get_commands_resp {
    uint8_t completion_code;
    uint8_t commands[PLDM_COMMANDS_SIZE];
};
size_t pldm_get_commands_resp_encode(const struct pldm_get_commands_resp *in, uint8_t *body, size_t size);
uint8_t pldm_get_commands_resp_decode(const uint8_t *body, size_t len, struct pldm_get_commands_resp *out);
