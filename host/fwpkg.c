// SPDX-License-Identifier: Apache-2.0
//
// fwpkg: makes, signs and inspects PLDM firmware update packages, component images and factory flash images.
#include "host/fwpkg.h"

#include <string.h>

#include "host/manual.h"

static const char tool[] = "fwpkg";

static const struct {
    const char *name;
    int (*run)(struct options *o);
} runs[] = {
    {"create", fwpkg_create}, {"show", fwpkg_show},     {"image", fwpkg_image},
    {"flash", fwpkg_flash},   {"keygen", fwpkg_keygen}, {"sign", fwpkg_sign},
    {"verify", fwpkg_verify}, {"diff", fwpkg_diff},     {"policy", fwpkg_policy},
};

static int help(void) {
    manual_help(stdout, &tool_manual);
    return 0;
}

int fwpkg_take_all(struct options *o, void *ctx, int (*take)(void *ctx, const struct options *o, int key)) {
    for (int key; (key = options_next(o)) != OPTION_END;) {
        const int status = key == OPTION_ERROR ? 2 : take(ctx, o, key);
        if (status != 0) return status;
    }
    const struct tool_command *command = manual_command(&tool_manual, o->argv[1]);
    return options_fit(o, command->name, command->takes) ? 0 : 2;
}

int fwpkg_unexpected(const struct options *o) {
    tool_error(o->tool, "unexpected '%s' (see %s --help)", o->value, o->tool);
    return 2;
}

int fwpkg_missing(const struct options *o, const char *what) {
    tool_error(o->tool, "%s is missing (see %s --help)", what, o->tool);
    return 2;
}

int main(int argc, char **argv) {
    if (argc < 2) {
        tool_error(tool,
                   "a command is missing: create, show, image, flash, keygen, sign, verify, diff or policy (see fwpkg "
                   "--help)");
        return 2;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) return tool_finish(tool, help());
    for (size_t i = 0; i < sizeof runs / sizeof runs[0]; i++) {
        if (strcmp(argv[1], runs[i].name) != 0) continue;
        for (int word = 2; word < argc; word++)
            if (strcmp(argv[word], "--help") == 0 || strcmp(argv[word], "-h") == 0) return tool_finish(tool, help());
        struct options o = {.tool = tool, .table = tool_manual.options, .argc = argc, .argv = argv, .at = 2};
        return tool_finish(tool, runs[i].run(&o));
    }
    tool_error(tool, "unknown command %s (see fwpkg --help)", argv[1]);
    return 2;
}
