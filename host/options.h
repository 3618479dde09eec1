// SPDX-License-Identifier: Apache-2.0
//
// One table per tool says which options there are; it drives both the parsing and --help. Groups such as
// `payload=FILE,id=1` are parsed from a table of the same form. Every mistake is one line on standard error.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/** One option: key, 1 to 63, is what options_next() returns for it; a table ends with a zero key. */
struct option_entry {
    int key;
    const char *name;  /* "--output", in a group "payload" */
    const char *brief; /* "-o" or NULL */
    const char *arg;   /* what stands for the value in --help; NULL: takes no value */
    const char *help;
};

struct options {
    const char *tool; /* begins every error line */
    const struct option_entry *table;
    int argc;
    char **argv;
    int at;            /* the next word; start with 1, or behind the command's name */
    const char *value; /* of the option or the operand just returned */
    uint64_t given;    /* options so far, OPTION_BIT() of each */
};
#define OPTION_BIT(key) (UINT64_C(1) << (key))

enum { OPTION_END = 0, OPTION_OPERAND = -1, OPTION_ERROR = -2, OPTION_HELP = -3 };

/** The key of the next option, or one of the values above. `--name value`, `--name=value` and `-n value` are taken;
 *  after OPTION_ERROR the line has been written and the tool ends with status 2. */
int options_next(struct options *o);

/** False, with the line written, when an option was given that @p command does not take. @p taken: OPTION_BIT()s */
bool options_fit(const struct options *o, const char *command, uint64_t taken);

/** Takes the next `name=value` of a comma-separated group off @p rest (which it writes to). OPTION_END at its end;
 *  OPTION_ERROR: the line has been written. A field without arg in the table takes no `=value`. */
int group_next(const char *tool, const char *group, const struct option_entry *table, char **rest, const char **value);

/** Writes the table as aligned lines; of it only those of @p which. */
void options_print(FILE *to, const struct option_entry *table);
void options_print_some(FILE *to, const struct option_entry *table, uint64_t which);

/** A whole number: decimal, 0x hexadecimal, with K or M behind it (1024, 1024 * 1024). False when it is none or
 *  more than @p max. */
bool parse_number(const char *text, uint64_t max, uint64_t *out);

/** Writes "tool: message" as one line to standard error; returns 1, a tool's status for a failure. */
int tool_error(const char *tool, const char *format, ...) __attribute__((format(printf, 2, 3)));

/** The last call of a tool: a standard output that could not be written is a failure, with a line. @return the exit
 *  status, @p status unless that was 0 and becomes 1 */
int tool_finish(const char *tool, int status);
