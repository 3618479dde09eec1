// SPDX-License-Identifier: Apache-2.0
//
// All that is said about a tool's command line, in one table: --help, the manual page and the shell's completion are
// written from it.
#pragma once
#include <stdint.h>
#include <stdio.h>

#include "host/options.h"

/** One command of a tool; a table ends with a NULL name. */
struct tool_command {
    const char *name;
    const char *operands; /* and options that stand in its usage line; "": none */
    const char *summary;
    uint64_t takes; /* OPTION_BIT()s, and TOOL_APART */
};

/** Of a command that has neither the synopsis nor the options of the others: all that it takes is said with it. */
#define TOOL_APART OPTION_BIT(0)

/** What a value that is a group of fields consists of; a table ends with a NULL title. */
struct tool_group {
    const char *title;
    const struct option_entry *fields;
    unsigned count; /* of them, 0: all */
};

/** The words that an option's value may be, or begin with; a table ends with a NULL option. */
struct tool_words {
    const char *option;
    const char *words;                    /* joined by blanks, or NULL: */
    const char *(*word_at)(size_t index); /* each of them, NULL behind the last; --help lists these */
};

struct tool_manual {
    const char *tool;
    const char *purpose;                 /* goes on with the tool's name: "updates ..." */
    const char *synopsis;                /* of a usage line, up to the command */
    const struct tool_command *commands; /* NULL: it has none */
    const struct option_entry *options;
    const struct tool_group *groups; /* NULL: none */
    const struct tool_words *words;  /* NULL: none */
    const char *const *notes;        /* lines, NULL behind the last */
};

/** The one of the tool that this is linked into. */
extern const struct tool_manual tool_manual;

/** What --help shows. */
void manual_help(FILE *to, const struct tool_manual *m);
/** The manual page, for man(7). */
void manual_page(FILE *to, const struct tool_manual *m);
/** A completion function for bash, by itself enough. */
void manual_completion(FILE *to, const struct tool_manual *m);

/** The options that every command takes, but for those apart. */
uint64_t manual_common(const struct tool_manual *m);
/** The ones to say with this command: what it takes beside those. */
uint64_t manual_own(const struct tool_manual *m, const struct tool_command *command);
/** What its usage line begins with. */
const char *manual_synopsis(const struct tool_manual *m, const struct tool_command *command);
/** " but A, B": the commands apart; "" when there are none. */
const char *manual_exceptions(const struct tool_manual *m, char *out, size_t size);
/** The command of that name, or NULL. */
const struct tool_command *manual_command(const struct tool_manual *m, const char *name);
