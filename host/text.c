// SPDX-License-Identifier: Apache-2.0
//
// Promises of text.h.
#include "host/text.h"

#include <inttypes.h>
#include <string.h>

#include "fw/update/device.h"

static char plain(unsigned unit) {
    return unit >= 0x20 && unit < 0x7F ? (char)unit : '?';
}

bool date_parse(const char *text, uint8_t out[PLDM_DATE_SIZE]) {
    size_t digits = 0;
    for (size_t i = 0; text[i] != '\0'; i++) {
        if (text[i] == '-' && (i == 4 || i == 7)) continue;
        if (text[i] < '0' || text[i] > '9' || digits == PLDM_DATE_SIZE) return false;
        out[digits++] = (uint8_t)text[i];
    }
    if (digits != PLDM_DATE_SIZE) return false;
    const int month = (out[4] - '0') * 10 + out[5] - '0', day = (out[6] - '0') * 10 + out[7] - '0';
    return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

const char *date_format(const uint8_t date[PLDM_DATE_SIZE], char out[TEXT_STRING]) {
    if (date[0] == 0) return "none";
    size_t at = 0;
    for (size_t i = 0; i < PLDM_DATE_SIZE; i++) {
        if (i == 4 || i == 6) out[at++] = '-';
        out[at++] = plain(date[i]);
    }
    out[at] = '\0';
    return out;
}

struct name {
    uint8_t code;
    const char *name;
};

static const char *find(const struct name *names, uint8_t code, char out[TEXT_STRING]) {
    for (; names->name != NULL; names++)
        if (names->code == code) return names->name;
    snprintf(out, TEXT_STRING, "0x%02x", code);
    return out;
}

const char *completion_name(uint8_t code, char out[TEXT_STRING]) {
    static const struct name names[] = {
        {PLDM_SUCCESS, "SUCCESS"},
        {PLDM_ERROR, "ERROR"},
        {PLDM_ERROR_INVALID_DATA, "ERROR_INVALID_DATA"},
        {PLDM_ERROR_INVALID_LENGTH, "ERROR_INVALID_LENGTH"},
        {PLDM_ERROR_NOT_READY, "ERROR_NOT_READY"},
        {PLDM_ERROR_UNSUPPORTED_PLDM_CMD, "ERROR_UNSUPPORTED_PLDM_CMD"},
        {PLDM_ERROR_INVALID_PLDM_TYPE, "ERROR_INVALID_PLDM_TYPE"},
        {PLDM_NOT_IN_UPDATE_MODE, "NOT_IN_UPDATE_MODE"},
        {PLDM_ALREADY_IN_UPDATE_MODE, "ALREADY_IN_UPDATE_MODE"},
        {PLDM_DATA_OUT_OF_RANGE, "DATA_OUT_OF_RANGE"},
        {PLDM_INVALID_TRANSFER_LENGTH, "INVALID_TRANSFER_LENGTH"},
        {PLDM_INVALID_STATE_FOR_COMMAND, "INVALID_STATE_FOR_COMMAND"},
        {PLDM_INCOMPLETE_UPDATE, "INCOMPLETE_UPDATE"},
        {PLDM_BUSY_IN_BACKGROUND, "BUSY_IN_BACKGROUND"},
        {PLDM_CANCEL_PENDING, "CANCEL_PENDING"},
        {PLDM_COMMAND_NOT_EXPECTED, "COMMAND_NOT_EXPECTED"},
        {PLDM_RETRY_REQUEST_FW_DATA, "RETRY_REQUEST_FW_DATA"},
        {PLDM_UNABLE_TO_INITIATE_UPDATE, "UNABLE_TO_INITIATE_UPDATE"},
        {PLDM_ACTIVATION_NOT_REQUIRED, "ACTIVATION_NOT_REQUIRED"},
        {PLDM_SELF_CONTAINED_ACTIVATION_NOT_PERMITTED, "SELF_CONTAINED_ACTIVATION_NOT_PERMITTED"},
        {PLDM_NO_DEVICE_METADATA, "NO_DEVICE_METADATA"},
        {PLDM_RETRY_REQUEST_UPDATE, "RETRY_REQUEST_UPDATE"},
        {PLDM_NO_PACKAGE_DATA, "NO_PACKAGE_DATA"},
        {PLDM_INVALID_DATA_TRANSFER_HANDLE, "INVALID_DATA_TRANSFER_HANDLE"},
        {PLDM_INVALID_TRANSFER_OPERATION_FLAG, "INVALID_TRANSFER_OPERATION_FLAG"},
        {0, NULL},
    };
    return find(names, code, out);
}

const char *component_response_name(uint8_t code, char out[TEXT_STRING]) {
    static const struct name names[] = {
        {PLDM_COMPONENT_CAN_BE_UPDATED, "can be updated"},
        {PLDM_COMPONENT_STAMP_IDENTICAL, "same comparison stamp as the device has (force would be needed)"},
        {PLDM_COMPONENT_STAMP_LOWER, "lower comparison stamp than the device has (force would be needed)"},
        {PLDM_COMPONENT_STAMP_INVALID, "invalid comparison stamp or version"},
        {PLDM_COMPONENT_CONFLICT, "conflict with another component"},
        {PLDM_COMPONENT_PREREQUISITES_NOT_MET, "prerequisites not met"},
        {PLDM_COMPONENT_NOT_SUPPORTED, "component not supported"},
        {PLDM_COMPONENT_SECURITY_RESTRICTION, "security restrictions forbid the downgrade"},
        {PLDM_COMPONENT_INCOMPLETE_SET, "incomplete component image set"},
        {PLDM_COMPONENT_INFORMATION_MISMATCH, "details differ from PassComponentTable"},
        {PLDM_COMPONENT_VERSION_IDENTICAL, "same version as the device has (force would be needed)"},
        {PLDM_COMPONENT_VERSION_LOWER, "lower version than the device has (force would be needed)"},
        {DEVICE_RESPONSE_POLICY, "vendor code 0xd1 (a Sluice card: its policy keeps the component as it is)"},
        {FD_RESPONSE_SIZE, "vendor code 0xd0 (a Sluice card: larger than its slot, or not the size of an image)"},
        {0, NULL},
    };
    return find(names, code, out);
}

const char *vendor_result_name(uint8_t result) {
    switch (result) {
        case DEVICE_BAD_MANIFEST:
            return "vendor code (a Sluice card: the image has no valid manifest)";
        case DEVICE_WRONG_TARGET:
            return "vendor code (a Sluice card: the image is for another component)";
        case DEVICE_TOO_LARGE:
            return "vendor code (a Sluice card: the image is larger than its slot)";
        case DEVICE_BAD_HASH:
            return "vendor code (a Sluice card: a block does not match its hash)";
        case DEVICE_OLD:
            return "vendor code (a Sluice card: the image's security version is below the minimum)";
        case DEVICE_DENIED_KEY:
            return "vendor code (a Sluice card: its policy does not let the image's key sign)";
        case DEVICE_FLASH:
            return "vendor code (a Sluice card: the flash failed)";
        case DEVICE_UNSIGNED:
            return "vendor code (a Sluice card: the image is not signed)";
        case DEVICE_WRONG_KEY:
            return "vendor code (a Sluice card: the image brings another public key than it names)";
        case DEVICE_UNKNOWN_KEY:
            return "vendor code (a Sluice card: the image is signed with an unknown key)";
        case DEVICE_REVOKED_KEY:
            return "vendor code (a Sluice card: the image is signed with a revoked key)";
        case DEVICE_BAD_SIGNATURE:
            return "vendor code (a Sluice card: the image's signature is wrong)";
        default:
            return "vendor-defined or reserved result";
    }
}

const char *state_name(uint8_t state) {
    static const char *const names[] = {"IDLE",  "LEARN COMPONENTS", "READY XFER", "DOWNLOAD", "VERIFY",
                                        "APPLY", "ACTIVATE"};
    return state < sizeof names / sizeof names[0] ? names[state] : "unknown";
}

const char *classification_name(uint16_t classification) {
    static const char *const names[] = {
        "unknown",         "other",         "driver",       "configuration software", "application software",
        "instrumentation", "firmware/BIOS", "diagnostic",   "operating system",       "middleware",
        "firmware",        "BIOS/FCode",    "service pack", "software bundle",
    };
    if (classification >= 0x8000) return "vendor-defined";
    return classification < sizeof names / sizeof names[0] ? names[classification] : "reserved";
}

static const char *const method_names[] = {"automatic",     "self-contained", "medium-reset",
                                           "system-reboot", "dc-cycle",       "ac-cycle"};
enum { METHODS = sizeof method_names / sizeof method_names[0] };

const char *methods_format(uint16_t methods, char out[TEXT_STRING]) {
    size_t at = 0;
    for (unsigned i = 0; i < METHODS; i++)
        if ((methods >> i & 1) != 0)
            at += (size_t)snprintf(out + at, TEXT_STRING - at, "%s%s", at == 0 ? "" : ", ", method_names[i]);
    return at == 0 ? "none" : out;
}

bool methods_parse(const char *text, uint16_t *out) {
    *out = 0;
    if (strcmp(text, "none") == 0) return true;
    for (;;) {
        const size_t len = strcspn(text, "+");
        unsigned i = 0;
        while (i < METHODS && (strlen(method_names[i]) != len || strncmp(method_names[i], text, len) != 0)) i++;
        if (i == METHODS) return false;
        *out |= (uint16_t)(1u << i);
        if (text[len] == '\0') return true;
        text += len + 1;
    }
}

static void json_name(struct json *j, const char *name) {
    if (j->filled) fputc(',', j->to);
    if (name != NULL) fprintf(j->to, "\"%s\":", name);
    j->filled = true;
}

void json_open(struct json *j, const char *name, char bracket) {
    json_name(j, name);
    fputc(bracket, j->to);
    j->filled = false;
}

void json_close(struct json *j, char bracket) {
    fputc(bracket, j->to);
    j->filled = true;
}

static void json_character(struct json *j, uint32_t c) {
    if (c >= 0x10000) {
        const uint32_t rest = c - 0x10000;
        fprintf(j->to, "\\u%04x\\u%04x", 0xD800 + (rest >> 10), 0xDC00 + (rest & 0x3FF));
    } else if (c < 0x20 || c > 0x7E) {
        fprintf(j->to, "\\u%04x", c);
    } else {
        if (c == '"' || c == '\\') fputc('\\', j->to);
        fputc((int)c, j->to);
    }
}

void json_text(struct json *j, const char *name, const char *text) {
    json_name(j, name);
    fputc('"', j->to);
    for (; *text != '\0'; text++) json_character(j, (unsigned char)*text);
    fputc('"', j->to);
}

void json_string(struct json *j, const char *name, const struct pldm_string *string) {
    uint32_t c;
    json_name(j, name);
    fputc('"', j->to);
    for (size_t at = 0; string_next(string, &at, &c);) json_character(j, c & ~STRING_BAD);
    fputc('"', j->to);
}

void json_number(struct json *j, const char *name, uint64_t number) {
    json_name(j, name);
    fprintf(j->to, "%" PRIu64, number);
}

void json_bool(struct json *j, const char *name, bool value) {
    json_name(j, name);
    fputs(value ? "true" : "false", j->to);
}
