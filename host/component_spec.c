// SPDX-License-Identifier: Apache-2.0
//
// The groups of fields behind --component and --slot.
#include <string.h>

#include "host/component.h"
#include "host/text.h"

enum {
    F_PAYLOAD = 1,
    F_CLASS,
    F_ID,
    F_VERSION,
    F_VERSION_TYPE,
    F_STAMP,
    F_LOAD,
    F_SECURITY,
    F_DATE,
    F_ACTIVATION,
    F_FORCE,
    F_RAW,
    F_BASE,
    F_SIZE,
};

const struct option_entry slot_fields[] = {
    {F_BASE, "base", NULL, "ADDRESS", "first byte of the slot, a multiple of 4 KiB (required)"},
    {F_SIZE, "size", NULL, "BYTES", "of the slot, a multiple of 4 KiB (required)"},
    {F_PAYLOAD, "payload", NULL, "FILE", "the payload (required; no comma in its name)"},
    {F_CLASS, "class", NULL, "N", "ComponentClassification, DSP0267 table 19 (required)"},
    {F_ID, "id", NULL, "N", "ComponentIdentifier (required)"},
    {F_VERSION, "version", NULL, "TEXT", "1 to 128 bytes, raw up to 255 (required; no comma)"},
    {F_VERSION_TYPE, "version-type", NULL, "TYPE", "string type of the version (default ascii)"},
    {F_STAMP, "stamp", NULL, "N", "comparison stamp, 32 bits; without it the version alone speaks"},
    {F_LOAD, "load", NULL, "ADDRESS", "where the payload is loaded and entered, for firmware; a multiple of 4"},
    {F_SECURITY, "security", NULL, "N", "security version, 32 bits (default 0)"},
    {F_DATE, "date", NULL, "YYYYMMDD", "release date (default none)"},
    {F_ACTIVATION, "activation", NULL, "METHODS",
     "self-contained (default), automatic, medium-reset, system-reboot, dc-cycle, ac-cycle (A+B), none"},
    {F_FORCE, "force", NULL, NULL, "ask the device to take a lower or equal version, too"},
    {F_RAW, "raw", NULL, NULL, "the file is the component image: no manifest is put before it"},
    {0, NULL, NULL, NULL, NULL},
};

static bool number(const char *text, uint64_t max, uint32_t *out) {
    uint64_t value;
    if (!parse_number(text, max, &value)) return false;
    *out = (uint32_t)value;
    return true;
}

static bool number16(const char *text, uint16_t *out) {
    uint32_t value;
    if (!number(text, UINT16_MAX, &value)) return false;
    *out = (uint16_t)value;
    return true;
}

/* What is read before its final form can be known. */
struct draft {
    struct component_spec *spec;
    uint8_t version_type;
};

/* False when the value is not what the field takes. */
static bool take(struct draft *draft, int field, const char *value) {
    struct component_spec *spec = draft->spec;
    switch (field) {
        case F_PAYLOAD:
            spec->payload = value;
            return value[0] != '\0';
        case F_CLASS:
            return number16(value, &spec->classification);
        case F_ID:
            return number16(value, &spec->identifier);
        case F_VERSION:
            spec->version = value;
            return value[0] != '\0';
        case F_VERSION_TYPE:
            return string_type_parse(value, strlen(value), &draft->version_type);
        case F_STAMP:
            spec->has_stamp = true;
            return number(value, UINT32_MAX, &spec->stamp);
        case F_LOAD:
            return number(value, UINT32_MAX, &spec->load_address) && spec->load_address % 4 == 0;
        case F_SECURITY:
            return number(value, UINT32_MAX, &spec->security_version);
        case F_DATE:
            return date_parse(value, spec->date);
        case F_ACTIVATION:
            return methods_parse(value, &spec->activation);
        case F_FORCE:
            return spec->force = true;
        case F_RAW:
            return spec->raw = true;
        case F_BASE:
            return number(value, UINT32_MAX, &spec->base) && spec->base % IMAGE_BLOCK == 0;
        case F_SIZE:
            return number(value, UINT32_MAX, &spec->size) && spec->size % IMAGE_BLOCK == 0 && spec->size != 0;
        default:
            return false;
    }
}

static bool finish_version(const char *tool, const char *option, const struct draft *draft) {
    struct component_spec *spec = draft->spec;
    const char *fault = string_make(spec->version, draft->version_type, spec->version_bytes, &spec->typed_version);
    if (fault == NULL && !spec->raw && spec->typed_version.len > IMAGE_VERSION_MAX) fault = "is longer than 128 bytes";
    if (fault == NULL && !spec->raw && spec->typed_version.type == PLDM_STRING_UNKNOWN)
        fault = "needs a type in a manifest";
    if (fault == NULL) return true;
    tool_error(tool, "%s: version=%s: %s", option, spec->version, fault);
    return false;
}

bool component_parse(const char *tool, const char *option, char *group, bool slot, struct component_spec *spec) {
    const struct option_entry *table = slot ? slot_fields : slot_fields + SLOT_ONLY_FIELDS;
    static const int required[] = {F_PAYLOAD, F_CLASS, F_ID, F_VERSION, F_BASE, F_SIZE};
    unsigned seen = 0;
    const char *value;
    struct draft draft = {.spec = spec, .version_type = PLDM_STRING_ASCII};
    *spec = (struct component_spec){.activation = PLDM_ACTIVATION_SELF_CONTAINED};
    for (int field; (field = group_next(tool, option, table, &group, &value)) != OPTION_END;) {
        if (field == OPTION_ERROR) return false;
        if (!take(&draft, field, value)) {
            const struct option_entry *e = table;
            while (e->key != field) e++;
            tool_error(tool, "%s: %s=%s: not valid (%s)", option, e->name, value, e->help);
            return false;
        }
        seen |= 1u << field;
    }
    for (size_t i = 0; i < (slot ? 6u : 4u); i++) {
        if ((seen >> required[i] & 1) != 0) continue;
        const struct option_entry *e = table;
        while (e->key != required[i]) e++;
        tool_error(tool, "%s: %s=%s is missing", option, e->name, e->arg);
        return false;
    }
    if (slot && spec->raw) {
        tool_error(tool, "%s: a slot needs a manifest, raw has none", option);
        return false;
    }
    return finish_version(tool, option, &draft);
}
