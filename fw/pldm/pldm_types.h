// SPDX-License-Identifier: Apache-2.0
//
// What all PLDM messages share: header, completion codes and the enumerations of DSP0267, under its names.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* PLDM types (DSP0245). */
enum pldm_type { PLDM_TYPE_BASE = 0, PLDM_TYPE_FWUP = 5 };

/* PLDM_BASE_CODES (DSP0240), the codes of the base commands, and DSP0267 table 1. */
enum pldm_completion_code {
    PLDM_SUCCESS = 0x00,
    PLDM_ERROR = 0x01,
    PLDM_ERROR_INVALID_DATA = 0x02,
    PLDM_ERROR_INVALID_LENGTH = 0x03,
    PLDM_ERROR_NOT_READY = 0x04,
    PLDM_ERROR_UNSUPPORTED_PLDM_CMD = 0x05,
    PLDM_ERROR_INVALID_PLDM_TYPE = 0x20,
    /* GetPLDMVersion and GetPLDMCommands only (DSP0240). */
    PLDM_BASE_INVALID_DATA_TRANSFER_HANDLE = 0x80,
    PLDM_BASE_INVALID_TRANSFER_OPERATION_FLAG = 0x81,
    PLDM_BASE_INVALID_PLDM_TYPE_IN_REQUEST_DATA = 0x83,
    PLDM_BASE_INVALID_PLDM_VERSION_IN_REQUEST_DATA = 0x84,
    /* Firmware update only. */
    PLDM_NOT_IN_UPDATE_MODE = 0x80,
    PLDM_ALREADY_IN_UPDATE_MODE = 0x81,
    PLDM_DATA_OUT_OF_RANGE = 0x82,
    PLDM_INVALID_TRANSFER_LENGTH = 0x83,
    PLDM_INVALID_STATE_FOR_COMMAND = 0x84,
    PLDM_INCOMPLETE_UPDATE = 0x85,
    PLDM_BUSY_IN_BACKGROUND = 0x86,
    PLDM_CANCEL_PENDING = 0x87,
    PLDM_COMMAND_NOT_EXPECTED = 0x88,
    PLDM_RETRY_REQUEST_FW_DATA = 0x89,
    PLDM_UNABLE_TO_INITIATE_UPDATE = 0x8A,
    PLDM_ACTIVATION_NOT_REQUIRED = 0x8B,
    PLDM_SELF_CONTAINED_ACTIVATION_NOT_PERMITTED = 0x8C,
    PLDM_NO_DEVICE_METADATA = 0x8D,
    PLDM_RETRY_REQUEST_UPDATE = 0x8E,
    PLDM_NO_PACKAGE_DATA = 0x8F,
    PLDM_INVALID_DATA_TRANSFER_HANDLE = 0x90,
    PLDM_INVALID_TRANSFER_OPERATION_FLAG = 0x91,
};

/* Base commands (DSP0240). */
enum pldm_base_command {
    PLDM_SET_TID = 0x01,
    PLDM_GET_TID = 0x02,
    PLDM_GET_PLDM_VERSION = 0x03,
    PLDM_GET_PLDM_TYPES = 0x04,
    PLDM_GET_PLDM_COMMANDS = 0x05,
};

/* DSP0267 table 10. */
enum pldm_fwup_command {
    PLDM_QUERY_DEVICE_IDENTIFIERS = 0x01,
    PLDM_GET_FIRMWARE_PARAMETERS = 0x02,
    PLDM_REQUEST_UPDATE = 0x10,
    PLDM_GET_PACKAGE_DATA = 0x11,
    PLDM_GET_DEVICE_META_DATA = 0x12,
    PLDM_PASS_COMPONENT_TABLE = 0x13,
    PLDM_UPDATE_COMPONENT = 0x14,
    PLDM_REQUEST_FIRMWARE_DATA = 0x15,
    PLDM_TRANSFER_COMPLETE = 0x16,
    PLDM_VERIFY_COMPLETE = 0x17,
    PLDM_APPLY_COMPLETE = 0x18,
    PLDM_GET_META_DATA = 0x19,
    PLDM_ACTIVATE_FIRMWARE = 0x1A,
    PLDM_GET_STATUS = 0x1B,
    PLDM_CANCEL_UPDATE_COMPONENT = 0x1C,
    PLDM_CANCEL_UPDATE = 0x1D,
};

/* DSP0267 table 7. */
enum pldm_descriptor_type {
    PLDM_DESCRIPTOR_PCI_VENDOR_ID = 0x0000,
    PLDM_DESCRIPTOR_IANA_ENTERPRISE_ID = 0x0001,
    PLDM_DESCRIPTOR_UUID = 0x0002,
    PLDM_DESCRIPTOR_PNP_VENDOR_ID = 0x0003,
    PLDM_DESCRIPTOR_ACPI_VENDOR_ID = 0x0004,
    PLDM_DESCRIPTOR_PCI_DEVICE_ID = 0x0100,
    PLDM_DESCRIPTOR_PCI_SUBSYSTEM_VENDOR_ID = 0x0101,
    PLDM_DESCRIPTOR_PCI_SUBSYSTEM_ID = 0x0102,
    PLDM_DESCRIPTOR_PCI_REVISION_ID = 0x0103,
    PLDM_DESCRIPTOR_PNP_PRODUCT_IDENTIFIER = 0x0104,
    PLDM_DESCRIPTOR_ACPI_PRODUCT_IDENTIFIER = 0x0105,
    PLDM_DESCRIPTOR_VENDOR_DEFINED = 0xFFFF,
};

/* DSP0267 table 20. */
enum pldm_string_type {
    PLDM_STRING_UNKNOWN = 0,
    PLDM_STRING_ASCII = 1,
    PLDM_STRING_UTF8 = 2,
    PLDM_STRING_UTF16 = 3,
    PLDM_STRING_UTF16LE = 4,
    PLDM_STRING_UTF16BE = 5,
};

/* CurrentState and PreviousState (table 27). */
enum pldm_fd_state {
    PLDM_STATE_IDLE = 0,
    PLDM_STATE_LEARN_COMPONENTS = 1,
    PLDM_STATE_READY_XFER = 2,
    PLDM_STATE_DOWNLOAD = 3,
    PLDM_STATE_VERIFY = 4,
    PLDM_STATE_APPLY = 5,
    PLDM_STATE_ACTIVATE = 6,
};

/* AuxState (table 27). */
enum pldm_aux_state {
    PLDM_AUX_IN_PROGRESS = 0,
    PLDM_AUX_SUCCESS = 1,
    PLDM_AUX_FAILED = 2,
    PLDM_AUX_IDLE = 3, /* IDLE, LEARN COMPONENTS, READY XFER */
};

/* AuxStateStatus (table 27); 70h..EFh are the vendor's. */
enum pldm_aux_state_status {
    PLDM_AUX_STATUS_NONE = 0x00,
    PLDM_AUX_STATUS_TIMEOUT = 0x09,
    PLDM_AUX_STATUS_GENERIC_ERROR = 0x0A,
};

/* ReasonCode (table 27); 200..255 are the vendor's. */
enum pldm_reason_code {
    PLDM_REASON_INITIALIZATION = 0,
    PLDM_REASON_ACTIVATE_FIRMWARE = 1,
    PLDM_REASON_CANCEL_UPDATE = 2,
    PLDM_REASON_TIMEOUT_LEARN_COMPONENT = 3,
    PLDM_REASON_TIMEOUT_READY_XFER = 4,
    PLDM_REASON_TIMEOUT_DOWNLOAD = 5,
};

/* ComponentResponseCode and ComponentCompatibilityResponseCode (tables 17, 18); D0h..EFh are the vendor's. */
enum pldm_component_response_code {
    PLDM_COMPONENT_CAN_BE_UPDATED = 0x00,
    PLDM_COMPONENT_STAMP_IDENTICAL = 0x01,
    PLDM_COMPONENT_STAMP_LOWER = 0x02,
    PLDM_COMPONENT_STAMP_INVALID = 0x03,
    PLDM_COMPONENT_CONFLICT = 0x04,
    PLDM_COMPONENT_PREREQUISITES_NOT_MET = 0x05,
    PLDM_COMPONENT_NOT_SUPPORTED = 0x06,
    PLDM_COMPONENT_SECURITY_RESTRICTION = 0x07,
    PLDM_COMPONENT_INCOMPLETE_SET = 0x08,
    PLDM_COMPONENT_INFORMATION_MISMATCH = 0x09, /* UpdateComponent only */
    PLDM_COMPONENT_VERSION_IDENTICAL = 0x0A,
    PLDM_COMPONENT_VERSION_LOWER = 0x0B,
};

/* TransferResult, VerifyResult, ApplyResult (tables 22-24). Vendor ranges: 70h..8Fh, 90h..AFh, B0h..CFh. */
enum pldm_result {
    PLDM_RESULT_SUCCESS = 0x00,
    PLDM_VERIFY_FAILURE = 0x01,
    PLDM_APPLY_SUCCESS_ACTIVATION_MODIFIED = 0x01,
    PLDM_TRANSFER_VERSION_MISMATCH = 0x02,
    PLDM_VERIFY_VERSION_MISMATCH = 0x02,
    PLDM_APPLY_MEMORY_WRITE_FAILURE = 0x02,
    PLDM_TRANSFER_ABORTED = 0x03,
    PLDM_RESULT_TIMEOUT = 0x09,
    PLDM_RESULT_GENERIC_ERROR = 0x0A,
};

/* TransferFlag (tables 15-17, 25). */
enum pldm_transfer_flag {
    PLDM_TRANSFER_START = 0x01,
    PLDM_TRANSFER_MIDDLE = 0x02,
    PLDM_TRANSFER_END = 0x04,
    PLDM_TRANSFER_START_AND_END = 0x05,
};

/* TransferOperationFlag (tables 15, 16, 25). */
enum pldm_transfer_operation { PLDM_GET_NEXT_PART = 0x00, PLDM_GET_FIRST_PART = 0x01 };

/* ComponentActivationMethods (table 13). */
enum pldm_activation_method {
    PLDM_ACTIVATION_AUTOMATIC = 1 << 0,
    PLDM_ACTIVATION_SELF_CONTAINED = 1 << 1,
    PLDM_ACTIVATION_MEDIUM_SPECIFIC_RESET = 1 << 2,
    PLDM_ACTIVATION_SYSTEM_REBOOT = 1 << 3,
    PLDM_ACTIVATION_DC_POWER_CYCLE = 1 << 4,
    PLDM_ACTIVATION_AC_POWER_CYCLE = 1 << 5,
};

/* CapabilitiesDuringUpdate of the device (table 12). */
enum pldm_device_capability {
    PLDM_CAPABILITY_NO_RECOVERY = 1 << 0,      /* does not revert to the previous image after a failure */
    PLDM_CAPABILITY_NO_RETRY = 1 << 1,         /* a new RequestUpdate is needed to update a component again */
    PLDM_CAPABILITY_REDUCED_FUNCTION = 1 << 2, /* host functionality is reduced during the update */
    PLDM_CAPABILITY_PARTIAL_UPDATE = 1 << 3,   /* a package may hold a subset of the components */
    PLDM_CAPABILITY_NO_HOST_OS = 1 << 4,       /* cannot enter update mode while the host OS is active */
};
/* CapabilitiesDuringUpdate of a component (table 13). */
enum pldm_component_capability { PLDM_COMPONENT_AUTO_APPLY = 1 << 0 };

/* UpdateOptionFlags (table 18). Only this bit is defined; some agents leave rubbish in the others. */
enum pldm_update_option { PLDM_UPDATE_FORCE = 1 << 0 };

enum {
    PLDM_HEADER_SIZE = 3,
    PLDM_BASELINE_TRANSFER_SIZE = 32,   /* bytes, clause 6.6 */
    PLDM_PROGRESS_NOT_SUPPORTED = 0x65, /* table 27 */
    PLDM_DATE_SIZE = 8,                 /* ASCII YYYYMMDD, or zeroes */
};

/** A string of table 20; @p bytes is not terminated and may be NULL when @p len is 0. */
struct pldm_string {
    uint8_t type; /* enum pldm_string_type */
    uint8_t len;  /* bytes */
    const uint8_t *bytes;
};

/** The PLDM header (DSP0240): Rq, D, instance ID | header version, type | command. */
struct pldm_header {
    bool request;  /* Rq */
    bool datagram; /* D: with Rq, no response is wanted */
    uint8_t instance;
    uint8_t type;
    uint8_t command;
};

/** @return PLDM_HEADER_SIZE, or 0 when @p size is smaller or a field out of range */
size_t pldm_header_encode(const struct pldm_header *in, uint8_t *msg, size_t size);
/** @return 0, PLDM_ERROR_INVALID_LENGTH, or PLDM_ERROR_INVALID_DATA for a header version other than 0 */
uint8_t pldm_header_decode(const uint8_t *msg, size_t len, struct pldm_header *out);

/** Writes the header of the response to @p request, whose length is at least PLDM_HEADER_SIZE.
 * @return PLDM_HEADER_SIZE, or 0 when @p size is smaller */
size_t pldm_answer_header(const uint8_t *request, uint8_t *msg, size_t size);
/** A whole response to @p request that holds nothing but @p completion_code.
 * @return its length, or 0 when @p size is too small */
size_t pldm_answer_error(const uint8_t *request, uint8_t completion_code, uint8_t *msg, size_t size);
