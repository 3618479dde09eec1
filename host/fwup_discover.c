// SPDX-License-Identifier: Apache-2.0
//
// What fwup discover tells of a device.
#include "host/descriptor.h"
#include "host/fwup.h"

/* Numbers with a name. */
struct name {
    uint8_t number;
    const char *name;
};

static const struct name message_types[] = {
    {0, "control"}, {1, "PLDM"},   {2, "NC-SI"},   {3, "Ethernet"},        {4, "NVMe-MI"},          {5, "SPDM"},
    {6, "secured"}, {7, "CXL FM"}, {8, "CXL CCI"}, {0x7E, "vendor (PCI)"}, {0x7F, "vendor (IANA)"},
};
static const struct name pldm_types[] = {
    {0, "base"},    {1, "SMBIOS"},        {2, "platform"}, {3, "BIOS"}, {4, "FRU"}, {5, "firmware update"},
    {6, "Redfish"}, {7, "file transfer"}, {63, "OEM"},
};
static const char *const endpoint_types[] = {"simple endpoint", "bus owner or bridge", "reserved type 2",
                                             "reserved type 3"};

#define NAMES(table) table, sizeof(table) / sizeof(table)[0]

static void print_name(const struct name *names, size_t count, unsigned number, bool first) {
    size_t i = 0;
    while (i < count && names[i].number != number) i++;
    fputs(first ? "" : ", ", stdout);
    if (i < count)
        fputs(names[i].name, stdout);
    else
        printf("0x%02x", number);
}

static const char *endpoint_type(const struct agent_inventory *v) {
    return endpoint_types[v->endpoint_type >> 4 & 3];
}

/* As RFC 9562 writes it. */
static const char *uuid_format(const uint8_t uuid[MCTP_UUID_SIZE], char out[2 * MCTP_UUID_SIZE + 5]) {
    size_t at = 0;
    for (size_t i = 0; i < MCTP_UUID_SIZE; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10) out[at++] = '-';
        at += (size_t)snprintf(out + at, 3, "%02x", uuid[i]);
    }
    return out;
}

static bool has_pldm_type(const struct agent_inventory *v, unsigned type) {
    return v->has_types && (v->types[type / 8] >> type % 8 & 1) != 0;
}

static void print_text(const struct fwup_target *target, const struct agent_inventory *v) {
    char name[FWUP_NAME], text[1024];
    printf("device        %s: EID %u%s, %s\n", fwup_name(target, name), v->eid, v->assigned ? " (assigned now)" : "",
           endpoint_type(v));
    if (v->has_uuid) printf("UUID          %s\n", uuid_format(v->uuid, text));
    fputs("messages      control", stdout);
    for (size_t i = 0; i < v->message_type_count; i++)
        if (v->message_types[i] != MCTP_TYPE_CONTROL) print_name(NAMES(message_types), v->message_types[i], false);
    putchar('\n');
    if (v->has_tid) printf("TID           %u\n", v->tid);
    if (v->has_types) fputs("PLDM          ", stdout);
    for (unsigned type = 0, count = 0; type < 8 * PLDM_TYPES_SIZE; type++)
        if (has_pldm_type(v, type)) print_name(NAMES(pldm_types), type, count++ == 0);
    if (v->has_types) putchar('\n');
    for (size_t i = 0; i < v->descriptor_count; i++) {
        descriptor_format(&v->descriptors[i], text, sizeof text);
        printf("descriptor    %s\n", text);
    }
}

static void print_json(const struct fwup_output *out, const struct agent_inventory *v, uint64_t now_ns) {
    char text[1024];
    struct json j;
    fwup_event_begin(&j, out, "endpoint", now_ns);
    json_text(&j, "link", out->target->link);
    json_number(&j, "eid", v->eid);
    json_bool(&j, "assigned", v->assigned);
    json_text(&j, "endpoint_type", endpoint_type(v));
    if (v->has_uuid) json_text(&j, "uuid", uuid_format(v->uuid, text));
    json_open(&j, "message_types", '[');
    json_number(&j, NULL, MCTP_TYPE_CONTROL);
    for (size_t i = 0; i < v->message_type_count; i++)
        if (v->message_types[i] != MCTP_TYPE_CONTROL) json_number(&j, NULL, v->message_types[i]);
    json_close(&j, ']');
    if (v->has_tid) json_number(&j, "tid", v->tid);
    json_open(&j, "pldm_types", '[');
    for (unsigned type = 0; type < 8 * PLDM_TYPES_SIZE; type++)
        if (has_pldm_type(v, type)) json_number(&j, NULL, type);
    json_close(&j, ']');
    json_open(&j, "descriptors", '[');
    for (size_t i = 0; i < v->descriptor_count; i++) {
        descriptor_format(&v->descriptors[i], text, sizeof text);
        json_text(&j, NULL, text);
    }
    json_close(&j, ']');
    fwup_event_end(&j);
}

void fwup_print_endpoint(const struct fwup_output *out, const struct agent_inventory *inventory, uint64_t now_ns) {
    if (out->json)
        print_json(out, inventory, now_ns);
    else
        print_text(out->target, inventory);
}
