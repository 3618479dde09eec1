// SPDX-License-Identifier: Apache-2.0
//
// Texts for people and programs: dates, names of codes, and a small JSON writer.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "fw/pldm/pldm.h"
#include "host/strings.h"

/** Reads YYYYMMDD or YYYY-MM-DD into eight digits. False for anything else; months and days are checked. */
bool date_parse(const char *text, uint8_t out[PLDM_DATE_SIZE]);

/** The date as YYYY-MM-DD, "none" when it is zero. */
const char *date_format(const uint8_t date[PLDM_DATE_SIZE], char out[TEXT_STRING]);

/** The specification's name of a code, or "0x..". @p out is used for the latter only. */
const char *completion_name(uint8_t code, char out[TEXT_STRING]);
const char *component_response_name(uint8_t code, char out[TEXT_STRING]);
const char *state_name(uint8_t state);
/** What a TransferResult of the vendor's range (70h..8Fh) means when the device is a Sluice card. */
const char *vendor_result_name(uint8_t result);

/** What a ComponentClassification stands for (table 19), "reserved" or "vendor-defined". */
const char *classification_name(uint16_t classification);

/** Activation methods as a list ("self-contained, system-reboot"), "none" when there is none. */
const char *methods_format(uint16_t methods, char out[TEXT_STRING]);
/** The methods of such a list, joined by '+', or of "none"; false when one is unknown. */
bool methods_parse(const char *text, uint16_t *out);

/** JSON text under way. Keys are plain words; name is NULL within an array. */
struct json {
    FILE *to;
    bool filled; /* something stands before in the same object or array */
};
void json_open(struct json *j, const char *name, char bracket);
void json_close(struct json *j, char bracket);
void json_text(struct json *j, const char *name, const char *text);
void json_string(struct json *j, const char *name, const struct pldm_string *string);
void json_number(struct json *j, const char *name, uint64_t number);
void json_bool(struct json *j, const char *name, bool value);
