// SPDX-License-Identifier: Apache-2.0
//
// What fwrelease says of its command line.
#include "host/fwrelease.h"
#include "host/manual.h"

static const struct option_entry table[] = {
    {FWRELEASE_OUTPUT, "--output", "-o", "FILE", "the file to write (default: standard output)"},
    {FWRELEASE_PUBLISHER, "--publisher", NULL, "FILE",
     "who publishes the advisory (required; docs/advisories/publisher.txt)"},
    {FWRELEASE_TODAY, "--today", NULL, "DATE", "the day to judge by, YYYY-MM-DD (default: today)"},
    {FWRELEASE_NOTES, "--notes", NULL, "FILE", "what a person says about the release (required; docs/release.txt)"},
    {0, NULL, NULL, NULL, NULL},
};

#define BIT OPTION_BIT
static const struct tool_command commands[] = {
    {"csaf", "--publisher FILE ADVISORY", "the advisory as CSAF 2.0", BIT(FWRELEASE_OUTPUT) | BIT(FWRELEASE_PUBLISHER)},
    {"notice", "--publisher FILE ADVISORY", "the advisory as a text for people",
     BIT(FWRELEASE_OUTPUT) | BIT(FWRELEASE_PUBLISHER)},
    {"state", "ADVISORY...", "what became of each flaw, and until when it must go on", BIT(FWRELEASE_TODAY)},
    {"describe", "--notes FILE PACKAGE", "release.json of a package", BIT(FWRELEASE_OUTPUT) | BIT(FWRELEASE_NOTES)},
    {NULL, NULL, NULL, 0},
};

static const char *const notes[] = {
    "The files that it reads: docs/advisories.md, docs/release.md.",
    "state has status 1 when a flaw is past the time of its state.",
    NULL,
};

const struct tool_manual tool_manual = {
    .tool = "fwrelease",
    .purpose = "makes what a manufacturer tells his customers about flaws and releases",
    .synopsis = "fwrelease",
    .commands = commands,
    .options = table,
    .notes = notes,
};
