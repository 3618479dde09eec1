// SPDX-License-Identifier: Apache-2.0
//
// A tool's manual page in roff with the man macros.
#include <ctype.h>
#include <string.h>

#include "host/manual.h"

/* Text that roff is to show as it is; at a line's beginning it may be nothing that roff obeys. */
static void text(FILE *to, const char *line) {
    if (*line == '.' || *line == '\'') fputs("\\&", to);
    for (; *line != '\0'; line++) {
        if (*line == '\\')
            fputs("\\e", to);
        else if (*line == '-')
            fputs("\\-", to);
        else if (*line == '\'')
            fputs("\\(aq", to);
        else
            fputc(*line, to);
    }
}

static void section(FILE *to, const char *name) {
    fprintf(to, ".SH %s\n", name);
}

static void marked(FILE *to, char font, const char *words) {
    fprintf(to, "\\f%c", font);
    text(to, words);
    fputs("\\fR", to);
}

static void option(FILE *to, const struct option_entry *e) {
    fputs(".TP\n", to);
    if (e->brief != NULL) {
        marked(to, 'B', e->brief);
        fputs(", ", to);
    }
    marked(to, 'B', e->name);
    if (e->arg != NULL) {
        fputc(e->name[0] == '-' ? ' ' : '=', to);
        marked(to, 'I', e->arg);
    }
    fputc('\n', to);
    text(to, e->help);
    fputc('\n', to);
}

static void options(FILE *to, const struct option_entry *table, unsigned count, uint64_t which) {
    for (unsigned i = 0; table[i].key != 0 && (count == 0 || i < count); i++)
        if ((which & OPTION_BIT(table[i].key)) != 0) option(to, &table[i]);
}

static void usage(FILE *to, const char *synopsis, const struct tool_command *c) {
    text(to, synopsis);
    if (c != NULL) {
        fputc(' ', to);
        marked(to, 'B', c->name);
        fputc(' ', to);
        text(to, c->operands);
    }
    fputs("\n.br\n", to);
}

static void commands(FILE *to, const struct tool_manual *m) {
    char but[80];
    section(to, "COMMANDS");
    for (const struct tool_command *c = m->commands; c->name != NULL; c++) {
        fputs(".SS ", to);
        text(to, c->name);
        fputc('\n', to);
        text(to, c->summary);
        fputc('\n', to);
        options(to, m->options, 0, manual_own(m, c));
    }
    fputs(".SH OPTIONS OF EVERY COMMAND", to);
    text(to, manual_exceptions(m, but, sizeof but));
    fputc('\n', to);
    options(to, m->options, 0, manual_common(m));
}

static void values(FILE *to, const struct tool_manual *m) {
    for (const struct tool_group *g = m->groups; g != NULL && g->title != NULL; g++) {
        fputs(".SS \"", to);
        text(to, g->title);
        fputs("\"\n", to);
        options(to, g->fields, g->count, UINT64_MAX);
    }
    for (const struct tool_words *w = m->words; w != NULL && w->option != NULL; w++) {
        if (w->words != NULL) continue;
        fputs(".PP\nWhat ", to);
        marked(to, 'B', w->option);
        fputs(" may name: ", to);
        for (size_t i = 0; w->word_at(i) != NULL; i++) {
            if (i != 0) fputs(", ", to);
            text(to, w->word_at(i));
        }
        fputs(".\n", to);
    }
}

void manual_page(FILE *to, const struct tool_manual *m) {
    static const struct option_entry help = {1, "--help", "-h", NULL, "show a summary of this page"};
    fputs(".TH ", to);
    for (const char *c = m->tool; *c != '\0'; c++) fputc(toupper((unsigned char)*c), to);
    fputs(" 1 \"\" Sluice \"Sluice tools\"\n", to);
    section(to, "NAME");
    text(to, m->tool);
    fputs(" \\- ", to);
    text(to, m->purpose);
    fputc('\n', to);
    section(to, "SYNOPSIS");
    if (m->commands == NULL) usage(to, m->synopsis, NULL);
    for (const struct tool_command *c = m->commands; c != NULL && c->name != NULL; c++)
        usage(to, manual_synopsis(m, c), c);
    if (m->commands != NULL) {
        commands(to, m);
    } else {
        section(to, "OPTIONS");
        options(to, m->options, 0, UINT64_MAX);
    }
    option(to, &help);
    if (m->groups != NULL || m->words != NULL) {
        section(to, "VALUES");
        values(to, m);
    }
    section(to, "NOTES");
    for (const char *const *note = m->notes; *note != NULL; note++) {
        if (note != m->notes) fputs(".PP\n", to);
        text(to, *note);
        fputc('\n', to);
    }
    section(to, "EXIT STATUS");
    fputs("0 done, 1 failed, 2 wrong command line. Every failure is one line on standard error.\n", to);
}
