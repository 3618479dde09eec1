// SPDX-License-Identifier: Apache-2.0
//
// fwpkg: makes and inspects PLDM firmware update packages, component images and factory flash images.
#include "host/fwpkg.h"

#include <string.h>

#include "host/component.h"

static const char tool[] = "fwpkg";

static const struct command {
    const char *name;
    const char *operands;
    const char *summary;
    const struct option_entry *options;
    int (*run)(struct options *o);
} commands[] = {
    {"create", "-o FILE --descriptor D... --component GROUP... [OPTION...]", "write an update package",
     fwpkg_create_options, fwpkg_create},
    {"show", "FILE [--json]", "print and check a package: header, manifests, every hash", fwpkg_show_options,
     fwpkg_show},
    {"image", "-o FILE --component GROUP", "write one component image", fwpkg_image_options, fwpkg_image},
    {"flash", "-o FILE --size BYTES [--slot GROUP...] [--journal ADDRESS]", "write a flash image for the factory",
     fwpkg_flash_options, fwpkg_flash},
};
enum { COMMANDS = sizeof commands / sizeof commands[0] };

static int help(void) {
    puts("fwpkg makes and inspects PLDM firmware update packages (DSP0267, header format revision 1).\n");
    for (int i = 0; i < COMMANDS; i++) printf("usage: %s %s %s\n", tool, commands[i].name, commands[i].operands);
    for (int i = 0; i < COMMANDS; i++) {
        printf("\n%s: %s\n", commands[i].name, commands[i].summary);
        options_print(stdout, commands[i].options);
    }
    puts("\nGROUP of --component, fields joined by commas:");
    options_print(stdout, component_fields);
    puts("\nGROUP of --slot, these and those of --component:");
    const struct option_entry slot_only[] = {slot_fields[0], slot_fields[1], {0, NULL, NULL, NULL, NULL}};
    options_print(stdout, slot_only);
    puts(
        "\nD of --descriptor: pci-vendor, pci-device, pci-subsystem-vendor, pci-subsystem, pci-revision, iana = "
        "number;\n"
        "uuid = 32 hexadecimal digits; pnp-vendor, pnp-product, acpi-vendor, acpi-product = characters;\n"
        "vendor:TITLE = hexadecimal digits. The first must be a vendor, iana or uuid.\n"
        "Numbers: decimal, 0x hexadecimal, K and M for 1024 and 1024 * 1024.\n"
        "In this release manifests are not signed. Status: 0 done, 1 failed, 2 wrong command line.");
    return 0;
}

int main(int argc, char **argv) {
    if (argc < 2) {
        tool_error(tool, "a command is missing: create, show, image or flash (see fwpkg --help)");
        return 2;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) return tool_finish(tool, help());
    for (int i = 0; i < COMMANDS; i++) {
        if (strcmp(argv[1], commands[i].name) != 0) continue;
        for (int word = 2; word < argc; word++)
            if (strcmp(argv[word], "--help") == 0 || strcmp(argv[word], "-h") == 0) return tool_finish(tool, help());
        struct options o = {.tool = tool, .table = commands[i].options, .argc = argc, .argv = argv, .at = 2};
        return tool_finish(tool, commands[i].run(&o));
    }
    tool_error(tool, "unknown command %s (see fwpkg --help)", argv[1]);
    return 2;
}
