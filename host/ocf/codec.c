// SPDX-License-Identifier: Apache-2.0
//
// Promises of codec.h.
#define _POSIX_C_SOURCE 200809L
#include "host/ocf/codec.h"

#include <stdio.h>
#include <string.h>

#include "host/ocf/cbor_item.h"
#include "host/text.h"

/* What a map may name, and where the value goes; a property whose value is not kept has none of the three. */
struct field {
    const char *name;
    enum ocf_property property;
    size_t number; /* offset of an unsigned number in struct pstat_write, 0: none */
    bool uuid, dos_map;
};
#define NUMBER(member) offsetof(struct pstat_write, member), false, false
#define NOT_KEPT       0, false, false

static const struct field properties[] = {
    {"dos", OCF_DOS_S, 0, false, true},
    {"isop", OCF_ISOP, NOT_KEPT},
    {"cm", OCF_CM, NOT_KEPT},
    {"tm", OCF_TM, NUMBER(tm)},
    {"om", OCF_OM, NUMBER(om)},
    {"sm", OCF_SM, NOT_KEPT},
    {"rowneruuid", OCF_ROWNERUUID, 0, true, false},
    {"rt", OCF_RT, NOT_KEPT},
    {"if", OCF_IF, NOT_KEPT},
    {NULL, OCF_UNKNOWN, NOT_KEPT},
};
static const struct field dos_properties[] = {
    {"s", OCF_DOS_S, NUMBER(s)},
    {"p", OCF_DOS_P, NOT_KEPT},
    {NULL, OCF_UNKNOWN, NOT_KEPT},
};

static const struct field *find(const struct field *fields, const struct cbor_item_head *name) {
    const struct field *f = fields;
    while (f->name != NULL && (strlen(f->name) != name->len || memcmp(f->name, name->text, name->len) != 0)) f++;
    return f;
}

static bool read_value(struct cbor_reader *reader, const struct field *field, struct pstat_write *out) {
    struct cbor_item_head item;
    if (field->number == 0 && !field->uuid) return cbor_skip(reader);
    if (!cbor_next(reader, &item)) return false;
    if (field->uuid)
        return item.kind == CBOR_ITEM_TEXT && ocf_uuid_parse((const char *)item.text, item.len, out->owner);
    memcpy((char *)out + field->number, &item.number, sizeof item.number);
    return item.kind == CBOR_ITEM_UINT;
}

/* The entries of a map, with @p inner for the one that is a map itself. */
static bool read_map(struct cbor_reader *reader, const struct field *fields,
                     bool (*inner)(struct cbor_reader *reader, struct pstat_write *out), struct pstat_write *out) {
    struct cbor_item_head map, name;
    bool dos_seen = false;
    if (!cbor_next(reader, &map) || map.kind != CBOR_ITEM_MAP) return false;
    for (uint64_t i = 0; map.indefinite || i < map.number; i++) {
        if (!cbor_next(reader, &name)) return false;
        if (name.kind == CBOR_ITEM_BREAK) return map.indefinite;
        if (name.kind != CBOR_ITEM_TEXT) return false;
        const struct field *field = find(fields, &name);
        if (field->dos_map) {
            if (dos_seen || !inner(reader, out)) return false;
            dos_seen = true;
            continue;
        }
        const uint32_t bit = OCF_PROPERTY_BIT(field->property);
        if (field->name != NULL && (out->given & bit) != 0) return false;
        out->given |= bit;
        if (!read_value(reader, field, out)) return false;
    }
    return true;
}

static bool read_dos(struct cbor_reader *reader, struct pstat_write *out) {
    return read_map(reader, dos_properties, NULL, out);
}

bool ocf_post_decode(const uint8_t *bytes, size_t len, struct pstat_write *out) {
    struct cbor_reader reader = {bytes, len};
    *out = (struct pstat_write){0};
    return len <= OCF_POST_MOST && read_map(&reader, properties, read_dos, out) && reader.left == 0;
}

size_t pstat_encode(const struct pstat *p, uint8_t *bytes, size_t size) {
    struct cbor_writer w = {bytes, size, 0, false};
    char uuid[OCF_UUID_TEXT];
    cbor_put_map(&w, 9);
    cbor_put_list(&w, "rt", "oic.r.pstat");
    cbor_put_list(&w, "if", "oic.if.baseline");
    cbor_put_text(&w, "dos");
    cbor_put_map(&w, 2);
    cbor_put_number(&w, "s", p->s);
    cbor_put_bool(&w, "p", p->p);
    cbor_put_bool(&w, "isop", p->isop);
    cbor_put_number(&w, "cm", p->cm);
    cbor_put_number(&w, "tm", p->tm);
    cbor_put_number(&w, "om", p->om);
    cbor_put_number(&w, "sm", p->sm);
    cbor_put_string(&w, "rowneruuid", ocf_uuid_format(p->owner, uuid));
    return w.full ? 0 : w.used;
}

size_t progress_encode(const struct ocf_progress *progress, uint8_t *bytes, size_t size) {
    struct cbor_writer w = {bytes, size, 0, false};
    cbor_put_map(&w, 9);
    cbor_put_list(&w, "rt", "x.sluice.r.update");
    cbor_put_list(&w, "if", "oic.if.baseline");
    cbor_put_string(&w, "work", progress->work);
    cbor_put_bool(&w, "autonomous", progress->autonomous);
    cbor_put_string(&w, "stage", progress->stage);
    cbor_put_number(&w, "component", progress->component);
    cbor_put_number(&w, "percent", progress->percent);
    cbor_put_string(&w, "package", progress->package);
    cbor_put_string(&w, "result", progress->result);
    return w.full ? 0 : w.used;
}

static void json_list(struct json *j, const char *name, const char *text) {
    json_open(j, name, '[');
    json_text(j, NULL, text);
    json_close(j, ']');
}

/* The bits of cm or tm in words. */
static void json_modes(struct json *j, const char *name, uint8_t modes) {
    static const char *const words[] = {"reset",
                                        "take owner",
                                        "bootstrap service",
                                        "security management services",
                                        "provision credentials",
                                        "provision ACLs",
                                        "initiate software version validation",
                                        "initiate secure software update"};
    json_open(j, name, '[');
    for (unsigned bit = 0; bit < 8; bit++)
        if ((modes >> bit & 1) != 0) json_text(j, NULL, words[bit]);
    json_close(j, ']');
}

static size_t json_end(struct json *j) {
    json_close(j, '}');
    fputc('\n', j->to);
    const bool good = fflush(j->to) == 0;
    const long len = ftell(j->to);
    return fclose(j->to) == 0 && good && len > 0 ? (size_t)len : 0;
}

size_t pstat_json(const struct pstat *p, char *text, size_t size) {
    char uuid[OCF_UUID_TEXT];
    struct json j = {.to = fmemopen(text, size, "w")};
    if (j.to == NULL) return 0;
    json_open(&j, NULL, '{');
    json_list(&j, "rt", "oic.r.pstat");
    json_list(&j, "if", "oic.if.baseline");
    json_open(&j, "dos", '{');
    json_number(&j, "s", p->s);
    json_bool(&j, "p", p->p);
    json_close(&j, '}');
    json_bool(&j, "isop", p->isop);
    json_number(&j, "cm", p->cm);
    json_number(&j, "tm", p->tm);
    json_number(&j, "om", p->om);
    json_number(&j, "sm", p->sm);
    json_text(&j, "rowneruuid", ocf_uuid_format(p->owner, uuid));
    json_open(&j, "in_words", '{');
    json_text(&j, "dos", ocf_state_name(p->s));
    json_modes(&j, "cm", p->cm);
    json_modes(&j, "tm", p->tm);
    json_close(&j, '}');
    return json_end(&j);
}

size_t progress_json(const struct ocf_progress *progress, char *text, size_t size) {
    struct json j = {.to = fmemopen(text, size, "w")};
    if (j.to == NULL) return 0;
    json_open(&j, NULL, '{');
    json_list(&j, "rt", "x.sluice.r.update");
    json_list(&j, "if", "oic.if.baseline");
    json_text(&j, "work", progress->work);
    json_bool(&j, "autonomous", progress->autonomous);
    json_text(&j, "stage", progress->stage);
    json_number(&j, "component", progress->component);
    json_number(&j, "percent", progress->percent);
    json_text(&j, "package", progress->package);
    json_text(&j, "result", progress->result);
    return json_end(&j);
}

void ocf_line_copy(char *out, size_t size, const char *text) {
    size_t n = 0;
    for (; n + 1 < size && text[n] != '\0'; n++) out[n] = text[n] >= ' ' && text[n] <= '~' ? text[n] : '?';
    out[n] = '\0';
}

static int digit(char c) {
    static const char digits[] = "0123456789abcdefABCDEF";
    const char *at = c == '\0' ? NULL : strchr(digits, c);
    if (at == NULL) return -1;
    return (int)(at - digits) < 16 ? (int)(at - digits) : (int)(at - digits) - 6;
}

bool ocf_uuid_parse(const char *text, size_t len, uint8_t out[OCF_UUID]) {
    size_t n = 0;
    if (len != OCF_UUID_TEXT - 1) return false;
    for (size_t i = 0; i < len; i++) {
        if (i == 8 || i == 13 || i == 18 || i == 23) {
            if (text[i] != '-') return false;
            continue;
        }
        const int high = digit(text[i]), low = digit(text[++i]);
        if (high < 0 || low < 0) return false;
        out[n++] = (uint8_t)(high << 4 | low);
    }
    return true;
}

const char *ocf_uuid_format(const uint8_t uuid[OCF_UUID], char out[OCF_UUID_TEXT]) {
    size_t used = 0;
    for (size_t i = 0; i < OCF_UUID; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10) out[used++] = '-';
        snprintf(out + used, 3, "%02x", uuid[i]);
        used += 2;
    }
    return out;
}
