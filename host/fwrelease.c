// SPDX-License-Identifier: Apache-2.0
//
// fwrelease: what a manufacturer tells about his releases, made from the small text files that a person writes.
#include "host/fwrelease.h"

#include <string.h>

#include "host/file.h"
#include "host/manual.h"

static const char tool[] = "fwrelease";

/* What runs a command of the manual, what it cannot do without, and how many files it takes at most. */
static const struct command {
    const char *name;
    int (*run)(const struct fwrelease_request *request);
    uint64_t needs;
    unsigned files;
} commands[] = {
    {"csaf", fwrelease_csaf, OPTION_BIT(FWRELEASE_PUBLISHER), 1},
    {"notice", fwrelease_notice, OPTION_BIT(FWRELEASE_PUBLISHER), 1},
    {"state", fwrelease_state, 0, FWRELEASE_FILES},
    {"describe", fwrelease_describe, OPTION_BIT(FWRELEASE_NOTES), 1},
};
enum { COMMANDS = sizeof commands / sizeof commands[0] };

static int help(void) {
    manual_help(stdout, &tool_manual);
    return 0;
}

static int wrong(const char *what, const char *reason) {
    tool_error(tool, "%s%s (see fwrelease --help)", what, reason);
    return 2;
}

static int take(struct fwrelease_request *r, const struct command *c, const struct options *o, int key) {
    switch (key) {
        case FWRELEASE_OUTPUT:
            r->output = o->value;
            return 0;
        case FWRELEASE_PUBLISHER:
            r->publisher = o->value;
            return 0;
        case FWRELEASE_TODAY:
            r->today = o->value;
            return 0;
        case FWRELEASE_NOTES:
            r->notes = o->value;
            return 0;
        case OPTION_OPERAND:
            if (r->file_count == c->files) return wrong("more files than it takes: ", o->value);
            r->files[r->file_count++] = o->value;
            return 0;
        default:
            return 2;
    }
}

static int run(const struct command *c, int argc, char **argv) {
    static struct fwrelease_request request;
    struct options o = {.tool = tool, .table = tool_manual.options, .argc = argc, .argv = argv, .at = 2};
    for (int key; (key = options_next(&o)) != OPTION_END;) {
        if (key == OPTION_HELP) return help();
        const int status = take(&request, c, &o, key);
        if (status != 0) return status;
    }
    if (!options_fit(&o, c->name, manual_command(&tool_manual, c->name)->takes)) return 2;
    for (const struct option_entry *e = tool_manual.options; e->key != 0; e++)
        if ((c->needs & ~o.given & OPTION_BIT(e->key)) != 0) return wrong(e->name, " is missing");
    if (request.file_count == 0) return wrong("a file", " is missing");
    return c->run(&request);
}

int fwrelease_write(const struct fwrelease_request *request, const char *text, size_t len) {
    char error[FILE_ERROR_TEXT];
    if (request->output == NULL) return fwrite(text, 1, len, stdout) == len ? 0 : 1;
    if (!file_write(request->output, (const uint8_t *)text, len, error)) return tool_error(tool, "%s", error);
    return 0;
}

int main(int argc, char **argv) {
    if (argc < 2) return wrong("a command", " is missing: csaf, notice, state or describe");
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) return tool_finish(tool, help());
    for (int i = 0; i < COMMANDS; i++)
        if (strcmp(commands[i].name, argv[1]) == 0) return tool_finish(tool, run(&commands[i], argc, argv));
    return wrong("unknown command ", argv[1]);
}
