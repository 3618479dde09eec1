// SPDX-License-Identifier: Apache-2.0
//
// fwrelease: what a manufacturer tells about his releases, made from the small text files that a person writes.
#define _POSIX_C_SOURCE 200809L
#include "host/fwrelease.h"

#include <string.h>

#include "host/file.h"

static const char tool[] = "fwrelease";

enum { O_OUTPUT = 1, O_PUBLISHER, O_TODAY, O_NOTES };

static const struct option_entry table[] = {
    {O_OUTPUT, "--output", "-o", "FILE", "the file to write (default: standard output)"},
    {O_PUBLISHER, "--publisher", NULL, "FILE", "who publishes the advisory (docs/advisories/publisher.txt)"},
    {O_TODAY, "--today", NULL, "DATE", "the day to judge by, YYYY-MM-DD (default: today)"},
    {O_NOTES, "--notes", NULL, "FILE", "what a person says about the release (docs/release.txt)"},
    {0, NULL, NULL, NULL, NULL},
};

#define BIT OPTION_BIT
static const struct command {
    const char *name, *operands, *summary;
    uint64_t takes, needs;
    unsigned files; /* at most */
    int (*run)(const struct fwrelease_request *request);
} commands[] = {
    {"csaf", "--publisher FILE [-o FILE] ADVISORY", "the advisory as CSAF 2.0", BIT(O_OUTPUT) | BIT(O_PUBLISHER),
     BIT(O_PUBLISHER), 1, fwrelease_csaf},
    {"notice", "--publisher FILE [-o FILE] ADVISORY", "the advisory as a text for people",
     BIT(O_OUTPUT) | BIT(O_PUBLISHER), BIT(O_PUBLISHER), 1, fwrelease_notice},
    {"state", "[--today DATE] ADVISORY...", "what became of each flaw, and until when it must go on", BIT(O_TODAY), 0,
     FWRELEASE_FILES, fwrelease_state},
    {"describe", "--notes FILE [-o FILE] PACKAGE", "release.json of a package", BIT(O_OUTPUT) | BIT(O_NOTES),
     BIT(O_NOTES), 1, fwrelease_describe},
};
enum { COMMANDS = sizeof commands / sizeof commands[0] };

static int help(void) {
    puts("fwrelease makes what a manufacturer tells his customers about flaws and releases.\n");
    for (int i = 0; i < COMMANDS; i++)
        printf("usage: %s %s %s\n         %s\n", tool, commands[i].name, commands[i].operands, commands[i].summary);
    puts("\nOptions:");
    options_print(stdout, table);
    puts(
        "\nForms: docs/advisories.md, docs/release.md. Status: 0 done, 1 failed (state: a time ran out), 2 wrong "
        "command line.");
    return 0;
}

static int wrong(const char *what, const char *reason) {
    tool_error(tool, "%s%s (see fwrelease --help)", what, reason);
    return 2;
}

static int take(struct fwrelease_request *r, const struct command *c, const struct options *o, int key) {
    switch (key) {
        case O_OUTPUT:
            r->output = o->value;
            return 0;
        case O_PUBLISHER:
            r->publisher = o->value;
            return 0;
        case O_TODAY:
            r->today = o->value;
            return 0;
        case O_NOTES:
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
    struct options o = {.tool = tool, .table = table, .argc = argc, .argv = argv, .at = 2};
    for (int key; (key = options_next(&o)) != OPTION_END;) {
        if (key == OPTION_HELP) return help();
        const int status = take(&request, c, &o, key);
        if (status != 0) return status;
    }
    if (!options_fit(&o, c->name, c->takes)) return 2;
    for (const struct option_entry *e = table; e->key != 0; e++)
        if ((c->needs & ~o.given & BIT(e->key)) != 0) return wrong(e->name, " is missing");
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
