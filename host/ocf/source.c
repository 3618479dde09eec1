// SPDX-License-Identifier: Apache-2.0
//
// Promises of source.h.
#define _DEFAULT_SOURCE
#include "host/ocf/source.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool explain(char *error, const char *name, const char *reason) {
    snprintf(error, SIGN_ERROR_TEXT, "%.250s: %s", name, reason);
    return false;
}

bool ocf_source_open(struct ocf_source *source, struct lms_soft *soft, char *error) {
    uint8_t key[LMS_PUBLIC_KEY];
    for (uint32_t i = 0; i < source->root_count; i++) {
        if (!public_key_read(source->roots[i], key, error)) return false;
        if (!lms_soft_hash(soft, key, sizeof key, source->hashes[i]))
            return explain(error, source->roots[i], "OpenSSL: SHA-256 failed");
    }
    return true;
}

void ocf_package_free(struct ocf_package *package) {
    free(package->images);
    pkg_free(&package->package);
    signed_file_free(&package->file);
}

/* The header is not signed: it must not say other things than the manifest. */
static bool header_agrees(const struct pkg_component *c, const struct ocf_image *image) {
    return c->classification == image->classification && c->identifier == image->identifier &&
           c->version.type == image->version_type && c->version.len == image->version_len &&
           memcmp(c->version.bytes, image->version, image->version_len) == 0 &&
           ((c->options & PKG_USE_STAMP) == 0 || c->stamp == image->stamp);
}

static bool judge(const struct ocf_source *source, struct lms_soft *soft, struct ocf_package *p, char *error) {
    const struct image_roots roots = {(const uint8_t(*)[IMAGE_HASH])source->hashes, source->root_count,
                                      source->revoked};
    char reason[160];
    if (p->file.count != p->package.component_count) return explain(error, p->name, "a component has no manifest");
    p->images = calloc(p->file.count, sizeof *p->images);
    if (p->images == NULL) return explain(error, p->name, "out of memory");
    for (unsigned i = 0; i < p->file.count; i++) {
        const struct signed_part *part = &p->file.parts[i];
        const enum image_trust trust = component_judge(soft, &roots, part->bytes, &part->image);
        p->images[i] = ocf_image_of(&part->image);
        if (trust == IMAGE_AUTHENTIC && header_agrees(&p->package.components[i], &p->images[i])) continue;
        snprintf(
            reason, sizeof reason, "component %u: %s", i,
            trust != IMAGE_AUTHENTIC ? image_trust_name(trust) : "the package's header is not what its manifest says");
        return explain(error, p->name, reason);
    }
    return true;
}

/* Reads a file of the folder and judges it. */
static bool load(const struct ocf_source *source, struct lms_soft *soft, const char *name, struct ocf_package *p,
                 char *error) {
    char path[4096];
    memset(p, 0, sizeof *p);
    snprintf(p->name, sizeof p->name, "%.255s", name);
    if ((size_t)snprintf(path, sizeof path, "%s/%s", source->folder, name) >= sizeof path)
        return explain(error, name, "name too long");
    if (!signed_file_read(path, &p->file, error)) return false;
    if (!p->file.package) {
        signed_file_free(&p->file);
        return explain(error, path, "a component image, not a package");
    }
    if (!pkg_parse(path, p->file.bytes, p->file.len, &p->package, error)) {
        signed_file_free(&p->file);
        return false;
    }
    if (judge(source, soft, p, error)) return true;
    ocf_package_free(p);
    return false;
}

static int is_package(const struct dirent *entry) {
    const char *dot = strrchr(entry->d_name, '.');
    return entry->d_name[0] != '.' && dot != NULL && strcmp(dot, ".pldm") == 0;
}

/* Keeps those images that the device runs. */
static void remember(const struct ocf_device *device, struct ocf_images *known, const struct ocf_image *images,
                     unsigned count) {
    for (unsigned i = 0; i < count; i++) {
        const struct ocf_images one = {.count = 1, .image = {images[i]}};
        if (known->count < OCF_IMAGES && ocf_runs(device, &one, false)) known->image[known->count++] = images[i];
    }
}

/* One package that may be better than the best so far. */
static void weigh(const struct ocf_device *device, struct ocf_package *p, void (*hear)(const char *line),
                  struct ocf_found *found) {
    struct ocf_choice choice;
    const struct ocf_offer offer = {&p->package, p->images};
    char line[SIGN_ERROR_TEXT];
    ocf_choose(device, &offer, &choice);
    explain(line, p->name, ocf_verdict_name(choice.verdict));
    hear(line);
    if (choice.verdict != OCF_NEWER || (found->any && !ocf_better(&choice.target, &found->choice.target))) {
        ocf_package_free(p);
        return;
    }
    if (found->any) ocf_package_free(&found->package);
    found->any = true;
    found->package = *p;
    found->choice = choice;
}

bool ocf_source_look(const struct ocf_source *source, struct lms_soft *soft, const struct ocf_device *device,
                     void (*hear)(const char *line), struct ocf_found *found, char *error) {
    struct dirent **names;
    struct ocf_package p;
    struct ocf_images known = {.count = 0};
    struct ocf_device informed = *device;
    memset(found, 0, sizeof *found);
    const int count = scandir(source->folder, &names, is_package, alphasort);
    if (count < 0) return explain(error, source->folder, strerror(errno));
    remember(device, &known, device->known->image, device->known->count);
    /* Security versions first: what runs may be in a package with a later name than the one being judged. */
    for (int i = 0; i < count; i++) {
        found->packages++;
        if (load(source, soft, names[i]->d_name, &p, error)) {
            remember(device, &known, p.images, p.file.count);
            ocf_package_free(&p);
            continue;
        }
        found->refused++;
        hear(error);
    }
    informed.known = &known;
    for (int i = 0; i < count; i++) {
        if (load(source, soft, names[i]->d_name, &p, error)) weigh(&informed, &p, hear, found);
        free(names[i]);
    }
    free(names);
    return true;
}
