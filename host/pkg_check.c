// SPDX-License-Identifier: Apache-2.0
//
// pkg_check() of pkg.h: one function a table of the specification.
#include <stdarg.h>
#include <stdio.h>

#include "host/pkg.h"

struct check {
    void (*hear)(void *ctx, const char *line);
    void *ctx;
};

static void say(const struct check *c, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void say(const struct check *c, const char *format, ...) {
    char line[PKG_ERROR_TEXT];
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    c->hear(c->ctx, line);
}

/* Table 3. */
static void check_header(const struct check *c, const struct pkg *pkg) {
    const char *fault = timestamp_fault(pkg->timestamp);
    if (fault != NULL) say(c, "release date: %s", fault);
    if (pkg->device_count == 0) say(c, "there is no device record: no device can match");
}

static bool same_descriptors(const struct pkg_device *a, const struct pkg_device *b) {
    return descriptors_match(a->descriptors, a->descriptor_count, b->descriptors, b->descriptor_count);
}

/* Tables 4, 6 and 7. A record whose descriptors include all those of an earlier one is never reached (clause 7.1). */
static void check_device(const struct check *c, const struct pkg *pkg, unsigned n) {
    const struct pkg_device *device = &pkg->devices[n];
    const uint32_t reserved = device->options & ~(uint32_t)PKG_DEVICE_OPTIONS;
    if (reserved != 0) say(c, "device record %u: reserved option bits 0x%08x", n, reserved);
    const uint16_t first = device->descriptors[0].type;
    for (unsigned i = 1; i < device->descriptor_count; i++)
        if (device->descriptors[i].type == PLDM_DESCRIPTOR_VENDOR_DEFINED && first != PLDM_DESCRIPTOR_PCI_VENDOR_ID &&
            first != PLDM_DESCRIPTOR_IANA_ENTERPRISE_ID)
            say(c, "device record %u: descriptor %u is vendor-defined, but the first is neither pci-vendor nor iana", n,
                i);
    for (unsigned i = 0; i < n; i++)
        if (same_descriptors(&pkg->devices[i], device))
            say(c, "device record %u: is never used, record %u matches every device that it would", n, i);
}

/* Table 5. */
static void check_component(const struct check *c, const struct pkg *pkg, unsigned n) {
    const struct pkg_component *component = &pkg->components[n];
    const unsigned options = component->options & ~(unsigned)PKG_COMPONENT_OPTIONS;
    const unsigned methods = component->activation & ~(unsigned)PKG_ACTIVATION_METHODS;
    if (options != 0) say(c, "component %u: reserved option bits 0x%04x", n, options);
    if (methods != 0) say(c, "component %u: reserved activation bits 0x%04x", n, methods);
}

void pkg_check(const struct pkg *pkg, void (*hear)(void *ctx, const char *line), void *ctx) {
    const struct check c = {hear, ctx};
    check_header(&c, pkg);
    for (unsigned i = 0; i < pkg->device_count; i++) check_device(&c, pkg, i);
    for (unsigned i = 0; i < pkg->component_count; i++) check_component(&c, pkg, i);
}
