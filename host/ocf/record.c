// SPDX-License-Identifier: Apache-2.0
//
// Promises of record.h. The text is a fixed sequence of lines, `name value...`, and ends with `end`.
#define _POSIX_C_SOURCE 200809L
#include "host/ocf/record.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/file.h"
#include "host/ocf/codec.h"

#define HEADER "ocfd-state 1"

void ocf_record_new(struct ocf_record *record) {
    memset(record, 0, sizeof *record);
    record->pstat = pstat_new();
}

static size_t format_images(const char *name, const struct ocf_images *images, char *text, size_t used) {
    for (unsigned i = 0; i < images->count; i++) {
        const struct ocf_image *image = &images->image[i];
        used += (size_t)snprintf(text + used, OCF_RECORD_TEXT - used, "%s %u %u %" PRIu32 " %" PRIu32 " %u ", name,
                                 image->classification, image->identifier, image->stamp, image->security_version,
                                 image->version_type);
        for (unsigned b = 0; b < image->version_len; b++)
            used += (size_t)snprintf(text + used, OCF_RECORD_TEXT - used, "%02x", image->version[b]);
        used += (size_t)snprintf(text + used, OCF_RECORD_TEXT - used, "\n");
    }
    return used;
}

size_t ocf_record_format(const struct ocf_record *r, char *text) {
    const struct pstat *p = &r->pstat;
    char uuid[OCF_UUID_TEXT];
    size_t used = (size_t)snprintf(text, OCF_RECORD_TEXT,
                                   HEADER
                                   "\ndos.s %u\ndos.p %u\nisop %u\ncm %u\ntm %u\nom %u\nsm %u\nrowneruuid %s\n"
                                   "autonomous %u\nattempts %u\nchecked %" PRIu64 "\n",
                                   p->s, p->p, p->isop, p->cm, p->tm, p->om, p->sm, ocf_uuid_format(p->owner, uuid),
                                   r->autonomous, r->attempts, r->checked);
    used = format_images("target", &r->target, text, used);
    used = format_images("installed", &r->installed, text, used);
    return used + (size_t)snprintf(text + used, OCF_RECORD_TEXT - used, "end\n");
}

/* The text that is left. */
struct scan {
    const char *at, *end;
};

/* Takes these characters. */
static bool take(struct scan *s, const char *word) {
    const size_t len = strlen(word);
    if ((size_t)(s->end - s->at) < len || memcmp(s->at, word, len) != 0) return false;
    s->at += len;
    return true;
}

static bool take_number(struct scan *s, uint64_t most, char after, uint64_t *out) {
    const char *begin = s->at;
    uint64_t n = 0;
    for (; s->at < s->end && *s->at >= '0' && *s->at <= '9'; s->at++) {
        const uint64_t d = (uint64_t)(*s->at - '0');
        if (n > (most - d) / 10) return false;
        n = 10 * n + d;
    }
    if (s->at == begin || s->at == s->end || *s->at != after) return false;
    s->at++;
    *out = n;
    return true;
}

static bool take_hex(struct scan *s, uint8_t *out, size_t room, uint8_t *len) {
    size_t n = 0;
    for (; s->end - s->at >= 2 && *s->at != '\n'; s->at += 2) {
        const char text[3] = {s->at[0], s->at[1], '\0'};
        if (n == room || strspn(text, "0123456789abcdef") != 2) return false;
        out[n++] = (uint8_t)strtoul(text, NULL, 16);
    }
    *len = (uint8_t)n;
    return n != 0 && take(s, "\n");
}

static bool take_image(struct scan *s, struct ocf_images *images) {
    uint64_t n[5];
    if (images->count == OCF_IMAGES) return false;
    struct ocf_image *image = &images->image[images->count++];
    if (!take_number(s, UINT16_MAX, ' ', &n[0]) || !take_number(s, UINT16_MAX, ' ', &n[1]) ||
        !take_number(s, UINT32_MAX, ' ', &n[2]) || !take_number(s, UINT32_MAX, ' ', &n[3]) ||
        !take_number(s, UINT8_MAX, ' ', &n[4]))
        return false;
    image->classification = (uint16_t)n[0];
    image->identifier = (uint16_t)n[1];
    image->stamp = (uint32_t)n[2];
    image->security_version = (uint32_t)n[3];
    image->version_type = (uint8_t)n[4];
    return take_hex(s, image->version, sizeof image->version, &image->version_len);
}

static bool take_pstat(struct scan *s, struct pstat *p) {
    static const struct {
        const char *name;
        uint64_t most;
    } lines[] = {{"dos.s ", OCF_STATES - 1}, {"dos.p ", 1},      {"isop ", 1},      {"cm ", OCF_MODES},
                 {"tm ", OCF_MODES},         {"om ", OCF_MODES}, {"sm ", OCF_MODES}};
    enum { LINES = sizeof lines / sizeof lines[0] };
    uint64_t n[LINES];
    for (size_t i = 0; i < LINES; i++)
        if (!take(s, lines[i].name) || !take_number(s, lines[i].most, '\n', &n[i])) return false;
    *p = (struct pstat){.s = (enum ocf_state)n[0],
                        .p = n[1] != 0,
                        .isop = n[2] != 0,
                        .cm = (uint8_t)n[3],
                        .tm = (uint8_t)n[4],
                        .om = (uint8_t)n[5],
                        .sm = (uint8_t)n[6]};
    if (!take(s, "rowneruuid ") || s->end - s->at < OCF_UUID_TEXT) return false;
    if (!ocf_uuid_parse(s->at, OCF_UUID_TEXT - 1, p->owner)) return false;
    s->at += OCF_UUID_TEXT - 1;
    return take(s, "\n") && pstat_valid(p);
}

bool ocf_record_parse(const char *text, size_t len, struct ocf_record *record) {
    struct scan s = {text, text + len};
    uint64_t autonomous, attempts;
    memset(record, 0, sizeof *record);
    if (!take(&s, HEADER "\n") || !take_pstat(&s, &record->pstat)) return false;
    if (!take(&s, "autonomous ") || !take_number(&s, 1, '\n', &autonomous)) return false;
    if (!take(&s, "attempts ") || !take_number(&s, UINT8_MAX, '\n', &attempts)) return false;
    if (!take(&s, "checked ") || !take_number(&s, INT64_MAX, '\n', &record->checked)) return false;
    record->autonomous = autonomous != 0;
    record->attempts = (uint8_t)attempts;
    while (take(&s, "target "))
        if (!take_image(&s, &record->target)) return false;
    while (take(&s, "installed "))
        if (!take_image(&s, &record->installed)) return false;
    return take(&s, "end\n") && s.at == s.end;
}

bool ocf_record_load(const char *path, struct ocf_record *record, char *error) {
    uint8_t *bytes;
    size_t len;
    errno = 0;
    if (!file_read(path, &bytes, &len, error)) {
        ocf_record_new(record);
        return errno == ENOENT;
    }
    const bool good = ocf_record_parse((const char *)bytes, len, record);
    free(bytes);
    if (!good) snprintf(error, OCF_RECORD_ERROR, "%.200s: not a state file of ocfd, or damaged", path);
    return good;
}

bool ocf_record_save(const struct durable *durable, const char *path, const struct ocf_record *record, char *error) {
    char *text = malloc(OCF_RECORD_TEXT);
    if (text == NULL) {
        snprintf(error, OCF_RECORD_ERROR, "%.200s: out of memory", path);
        return false;
    }
    const bool good = durable_write(durable, path, text, ocf_record_format(record, text), error);
    free(text);
    return good;
}

void ocf_record_installed(struct ocf_record *record) {
    for (unsigned t = 0; t < record->target.count; t++) {
        const struct ocf_image *image = &record->target.image[t];
        unsigned i = 0;
        while (i < record->installed.count && !ocf_image_same_component(image, &record->installed.image[i])) i++;
        if (i == OCF_IMAGES) continue; /* the device knows its own */
        record->installed.image[i] = *image;
        if (i == record->installed.count) record->installed.count++;
    }
    record->target.count = 0;
}
