// SPDX-License-Identifier: Apache-2.0
//
// Images and packages of a rig; see rig.h.
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fw/image/image.h"
#include "fw/update/journal.h"
#include "host/file.h"
#include "tests/system/rig.h"

static void die(const char *what) {
    printf("# rig: %s\n", what);
    exit(1);
}

uint8_t *rig_payload(const struct rig_component *c, size_t *len) {
    char error[COMPONENT_ERROR_TEXT];
    uint8_t *bytes;
    if (c->path) {
        if (!file_read(c->path, &bytes, len, error)) die(error);
        return bytes;
    }
    *len = c->random_size;
    bytes = malloc(*len);
    if (!bytes) die("memory");
    uint32_t state = c->seed * 2654435761u + 1;
    for (size_t i = 0; i < *len; i++) {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        bytes[i] = (uint8_t)(state >> 8);
    }
    for (size_t at = 0; c->changed_every && at < *len; at += c->changed_every * (size_t)IMAGE_BLOCK)
        bytes[at] = (uint8_t)~bytes[at];
    for (size_t at = 0; at < c->changed_first * (size_t)IMAGE_BLOCK && at < *len; at += IMAGE_BLOCK)
        bytes[at] = (uint8_t)~bytes[at];
    return bytes;
}

static struct component_spec spec_of(const struct rig_component *c, const char *path) {
    return (struct component_spec){
        .payload = path,
        .version = c->version,
        .classification = 0x000A,
        .identifier = c->identifier,
        .stamp = c->stamp,
        .has_stamp = true,
        .load_address = c->load_address,
        .security_version = c->security_version,
        .date = {'2', '0', '2', '6', '0', '1', '0', '1'},
    };
}

uint8_t *rig_image(const struct rig_component *c, size_t *len) {
    char error[COMPONENT_ERROR_TEXT], path[] = "/tmp/rig-XXXXXX";
    size_t payload_len;
    uint8_t *payload = rig_payload(c, &payload_len), *image;
    int fd = mkstemp(path);
    if (fd < 0 || close(fd) || !file_write(path, payload, payload_len, error)) die("cannot write a temporary file");
    struct component_spec spec = spec_of(c, path);
    bool built = component_build(&spec, &image, len, error);
    unlink(path);
    free(payload);
    if (!built) die(error);
    simulation_sign(c->key, image, *len, true);
    if (c->forge) c->forge(image, *len);
    return image;
}

void rig_factory(struct rig *rig, const struct rig_component *components, unsigned count) {
    char error[COMPONENT_ERROR_TEXT];
    memset(rig->flash, 0xff, RIG_FLASH);
    for (unsigned i = 0; i < count; i++) {
        size_t len;
        uint8_t *image = rig_image(&components[i], &len);
        struct component_spec spec = spec_of(&components[i], NULL);
        spec.base = components[i].identifier == 1 ? RIG_FW_A : RIG_FPGA_A;
        spec.size = components[i].identifier == 1 ? RIG_FW_SIZE : RIG_FPGA_SIZE;
        if (!component_place(image, len, &spec, rig->flash, RIG_FLASH, error)) die(error);
        free(image);
    }
    journal_first(rig->flash + RIG_JOURNAL + 4096);
}

static struct pldm_string text(const char *ascii) {
    return (struct pldm_string){PLDM_STRING_ASCII, (uint8_t)strlen(ascii), (const uint8_t *)ascii};
}

uint8_t *rig_package(const struct rig_component *components, unsigned count, uint16_t pci_device, size_t *len) {
    return rig_package_with_data(components, count, pci_device, NULL, 0, len);
}

uint8_t *rig_package_with_data(const struct rig_component *components, unsigned count, uint16_t pci_device,
                               const uint8_t *data, uint16_t data_len, size_t *len) {
    char error[PKG_ERROR_TEXT];
    const uint8_t applicable = (uint8_t)((1u << count) - 1u), vendor[] = {0x34, 0x12}, subsystem[] = {0x01, 0x00};
    const uint8_t device_id[] = {(uint8_t)pci_device, (uint8_t)(pci_device >> 8)};
    struct pldm_descriptor descriptors[] = {
        {.type = PLDM_DESCRIPTOR_PCI_VENDOR_ID, .len = 2, .data = vendor},
        {.type = PLDM_DESCRIPTOR_PCI_DEVICE_ID, .len = 2, .data = device_id},
        {.type = PLDM_DESCRIPTOR_PCI_SUBSYSTEM_VENDOR_ID, .len = 2, .data = vendor},
        {.type = PLDM_DESCRIPTOR_PCI_SUBSYSTEM_ID, .len = 2, .data = subsystem},
    };
    struct pkg_device device = {.version = text("set"),
                                .applicable = &applicable,
                                .descriptors = descriptors,
                                .descriptor_count = sizeof descriptors / sizeof descriptors[0],
                                .data = data,
                                .data_len = data_len};
    struct pkg_component parts[8];
    uint8_t *images[8], *package;
    for (unsigned i = 0; i < count; i++) {
        size_t size;
        images[i] = rig_image(&components[i], &size);
        parts[i] =
            (struct pkg_component){.classification = 0x000A,
                                   .identifier = components[i].identifier,
                                   .stamp = components[i].told_stamp ? components[i].told_stamp : components[i].stamp,
                                   .options = PKG_USE_STAMP,
                                   .activation = 2,
                                   .size = (uint32_t)size,
                                   .version = text(components[i].version),
                                   .image = images[i]};
    }
    struct pkg pkg = {.version = text("test"),
                      .bitmap_bits = 8,
                      .device_count = 1,
                      .component_count = (uint16_t)count,
                      .devices = &device,
                      .components = parts};
    if (!pkg_write(&pkg, &package, len, error)) die(error);
    for (unsigned i = 0; i < count; i++) free(images[i]);
    return package;
}
