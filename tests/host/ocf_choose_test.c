// SPDX-License-Identifier: Apache-2.0
//
// Whether a package is an update: by descriptors, components, versions, stamps and security versions, each row of a
// table against one device; and which of two packages is the better one.
#include "host/ocf/choose.h"

#include <inttypes.h>

#include "tests/check.h"

/* What is written "VERSION [STAMP [SECURITY]]" here; a stamp of 0: none. */
struct version {
    struct pldm_string text;
    uint32_t stamp, security;
};

static struct version version_of(const char *words) {
    struct version v = {.text = {PLDM_STRING_ASCII, (uint8_t)strcspn(words, " "), (const uint8_t *)words}};
    sscanf(words + v.text.len, "%" SCNu32 " %" SCNu32, &v.stamp, &v.security);
    return v;
}

static struct ocf_image image_of(uint16_t identifier, const char *words) {
    const struct version v = version_of(words);
    struct ocf_image image = {.classification = 10,
                              .identifier = identifier,
                              .stamp = v.stamp,
                              .security_version = v.security,
                              .version_type = v.text.type,
                              .version_len = v.text.len};
    memcpy(image.version, v.text.bytes, v.text.len);
    return image;
}

static struct pldm_component component_of(uint16_t identifier, uint8_t index, const char *active, const char *pending) {
    struct pldm_component c = {.classification = 10, .identifier = identifier, .index = index};
    const struct version runs = version_of(active), waits = version_of(pending == NULL ? "" : pending);
    c.active.version = runs.text;
    c.active.stamp = runs.stamp;
    if (pending == NULL) return c;
    c.pending.version = waits.text;
    c.pending.stamp = waits.stamp;
    return c;
}

enum { PCI_VENDOR = 0, PARTS = 2 };
static const uint8_t vendor[] = {0x34, 0x12}, stranger[] = {0x35, 0x12}, applies_all[] = {0x03},
                     applies_first[] = {0x01};

/* A package of two components, 1 and 2, for one kind of device. */
struct rig {
    struct pldm_descriptor wanted, present;
    struct pkg_device record;
    struct pkg_component parts[PARTS];
    struct pkg package;
    struct ocf_image images[PARTS];
    struct pldm_component components[3];
    struct ocf_images known;
    struct ocf_device device;
    struct ocf_offer offer;
};

static void build(struct rig *r, const char *first, const char *second) {
    memset(r, 0, sizeof *r);
    r->wanted = r->present = (struct pldm_descriptor){.type = PCI_VENDOR, .len = sizeof vendor, .data = vendor};
    r->record = (struct pkg_device){.applicable = applies_all, .descriptors = &r->wanted, .descriptor_count = 1};
    r->package = (struct pkg){
        .bitmap_bits = 8, .device_count = 1, .component_count = PARTS, .devices = &r->record, .components = r->parts};
    r->images[0] = image_of(1, first);
    r->images[1] = image_of(2, second);
    r->components[0] = component_of(1, 0, "1.0", NULL);
    r->components[1] = component_of(2, 0, "1.0", NULL);
    r->device = (struct ocf_device){&r->present, 1, r->components, 2, &r->known};
    r->offer = (struct ocf_offer){&r->package, r->images};
}

static struct ocf_choice choice;

static void versions(void) {
    static const struct {
        const char *what;
        const char *first, *second, *active, *pending; /* two images; the first one's component */
        const char *known;                             /* an image of that component, with its security version */
        enum ocf_verdict want;
        unsigned wanted; /* bitmap of components */
    } rows[] = {
        {"both newer", "1.1", "2.0", "1.0", NULL, NULL, OCF_NEWER, 3},
        {"one newer, one the same", "1.1", "1.0", "1.0", NULL, NULL, OCF_NEWER, 1},
        {"both the same", "1.0", "1.0", "1.0", NULL, NULL, OCF_NOTHING_NEWER, 0},
        {"one older", "0.9", "2.0", "1.0", NULL, NULL, OCF_OLDER, 0},
        {"a number of more digits", "1.10", "1.0", "1.9", NULL, NULL, OCF_NEWER, 1},
        {"a pre-release of what runs", "1.0-rc1", "1.0", "1.0", NULL, NULL, OCF_OLDER, 0},
        {"stamps over versions", "0.1 6", "1.0", "1.0 5", NULL, NULL, OCF_NEWER, 1},
        {"the same stamp", "3.0 5", "1.0", "1.0 5", NULL, NULL, OCF_NOTHING_NEWER, 0},
        {"a lower stamp", "3.0 4", "1.0", "1.0 5", NULL, NULL, OCF_OLDER, 0},
        {"a stamp that is none", "1.1 4294967295", "1.0", "1.0 5", NULL, NULL, OCF_NEWER, 1},
        {"pending already", "1.1", "1.0", "1.0", "1.1", NULL, OCF_NOTHING_NEWER, 0},
        {"newer than what is pending", "1.2", "1.0", "1.0", "1.1", NULL, OCF_NEWER, 1},
        {"security version the same", "1.1 0 7", "1.0", "1.0", NULL, "1.0 0 7", OCF_NEWER, 1},
        {"security version higher", "1.1 0 8", "1.0", "1.0", NULL, "1.0 0 7", OCF_NEWER, 1},
        {"security version lower", "1.1 0 6", "1.0", "1.0", NULL, "1.0 0 7", OCF_LESS_SECURE, 0},
        {"lower than an image that does not run", "1.1 0 6", "1.0", "1.0", NULL, "0.9 0 7", OCF_NEWER, 1},
        {"lower than one with another stamp", "1.1 6 6", "1.0", "1.0 5", NULL, "1.0 4 7", OCF_NEWER, 1},
        {"lower than one with this stamp", "1.1 6 6", "1.0", "1.0 5", NULL, "1.0 5 7", OCF_LESS_SECURE, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct rig r;
        unsigned wanted = 0;
        build(&r, rows[i].first, rows[i].second);
        r.components[0] = component_of(1, 0, rows[i].active, rows[i].pending);
        if (rows[i].known != NULL) r.known.image[r.known.count++] = image_of(1, rows[i].known);
        ocf_choose(&r.device, &r.offer, &choice);
        if (!CHECK_EQ(choice.verdict, rows[i].want)) printf("# %s\n", rows[i].what);
        for (unsigned n = 0; n < choice.target.count && choice.verdict == OCF_NEWER; n++) {
            wanted |= 1u << choice.wanted[n];
            CHECK_MEM(&choice.target.image[n], &r.images[choice.wanted[n]], sizeof r.images[0]);
        }
        CHECK_EQ(wanted, rows[i].wanted);
    }
}

static const char v11[] = "1.1";

static void applicability(void) {
    struct rig r;
    build(&r, v11, v11);
    r.present.data = stranger;
    ocf_choose(&r.device, &r.offer, &choice);
    CHECK_EQ(choice.verdict, OCF_NOT_FOR_DEVICE);
    build(&r, v11, v11);
    r.device.component_count = 1;
    ocf_choose(&r.device, &r.offer, &choice);
    CHECK_EQ(choice.verdict, OCF_NOT_FOR_DEVICE);
    CHECK_EQ(choice.component, 1);
    r.record.applicable = applies_first; /* the record does not name the one that is not there */
    ocf_choose(&r.device, &r.offer, &choice);
    CHECK_EQ(choice.verdict, OCF_NEWER);
    CHECK_EQ(choice.target.count, 1);
    r.components[0].classification = 11;
    ocf_choose(&r.device, &r.offer, &choice);
    CHECK_EQ(choice.verdict, OCF_NOT_FOR_DEVICE);
}

/* One image for two components of the device that differ in their index only. */
static void twins(void) {
    struct rig r;
    build(&r, v11, v11);
    r.components[2] = component_of(1, 1, "1.1", NULL);
    r.device.component_count = 3;
    ocf_choose(&r.device, &r.offer, &choice);
    CHECK_EQ(choice.verdict, OCF_NEWER);
    r.components[2] = component_of(1, 1, "1.2", NULL);
    ocf_choose(&r.device, &r.offer, &choice);
    CHECK_EQ(choice.verdict, OCF_OLDER);
}

static void best(void) {
    static const struct {
        const char *a[PARTS], *b[PARTS];
        unsigned a_count, b_count;
        bool better;
    } rows[] = {
        {{"1.1"}, {"1.0"}, 1, 1, true},      {{"1.0"}, {"1.1"}, 1, 1, false},      {{"1.0"}, {"1.0"}, 1, 1, false},
        {{"1.0", "1"}, {"1.0"}, 2, 1, true}, {{"1.0"}, {"1.0", "1"}, 1, 2, false}, {{"1.0", "1"}, {"1.1"}, 2, 1, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct ocf_images a = {.count = rows[i].a_count}, b = {.count = rows[i].b_count};
        for (unsigned n = 0; n < a.count; n++) a.image[n] = image_of((uint16_t)(n + 1), rows[i].a[n]);
        for (unsigned n = 0; n < b.count; n++) b.image[n] = image_of((uint16_t)(n + 1), rows[i].b[n]);
        if (!CHECK_EQ(ocf_better(&a, &b), rows[i].better)) printf("# row %zu\n", i);
    }
}

static void runs(void) {
    struct rig r;
    struct ocf_images target = {.count = 2, .image = {image_of(1, v11), image_of(2, "1.0")}};
    build(&r, v11, v11);
    CHECK(!ocf_runs(&r.device, &target, false) && !ocf_runs(&r.device, &target, true));
    r.components[0] = component_of(1, 0, "1.0", v11);
    CHECK(!ocf_runs(&r.device, &target, false) && ocf_runs(&r.device, &target, true));
    r.components[0] = component_of(1, 0, v11, NULL);
    CHECK(ocf_runs(&r.device, &target, false));
    r.device.component_count = 1;
    CHECK(!ocf_runs(&r.device, &target, false));
    target.count = 0;
    CHECK(!ocf_runs(&r.device, &target, true)); /* nothing was chosen */
}

int main(void) {
    TEST("given versions, stamps and security versions / when a package is judged / then what is newer is wanted")
    versions();
    TEST("given another device or one that lacks a component / when a package is judged / then it is not for it")
    applicability();
    TEST("given two components that take one image / when one is older / then newer; when one is newer / then older")
    twins();
    TEST("given two updates / when they are compared / then the higher version, then the one of more components")
    best();
    TEST("given what was sent / when the inventory shows it active or pending / then the update had been made") runs();
    return check_result();
}
