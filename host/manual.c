// SPDX-License-Identifier: Apache-2.0
//
// --help, and what is asked about a table.
#include "host/manual.h"

#include <string.h>

uint64_t manual_common(const struct tool_manual *m) {
    uint64_t common = UINT64_MAX;
    if (m->commands != NULL)
        for (const struct tool_command *c = m->commands; c->name != NULL; c++)
            if ((c->takes & TOOL_APART) == 0) common &= c->takes;
    return common;
}

uint64_t manual_own(const struct tool_manual *m, const struct tool_command *command) {
    return (command->takes & TOOL_APART) != 0 ? command->takes : command->takes & ~manual_common(m);
}

const char *manual_synopsis(const struct tool_manual *m, const struct tool_command *command) {
    return command != NULL && (command->takes & TOOL_APART) != 0 ? m->tool : m->synopsis;
}

const char *manual_exceptions(const struct tool_manual *m, char *out, size_t size) {
    size_t used = 0;
    out[0] = '\0';
    for (const struct tool_command *c = m->commands; c->name != NULL && used < size; c++)
        if ((c->takes & TOOL_APART) != 0)
            used += (size_t)snprintf(out + used, size - used, "%s%s", used == 0 ? " but " : ", ", c->name);
    return out;
}

const struct tool_command *manual_command(const struct tool_manual *m, const char *name) {
    for (const struct tool_command *c = m->commands; c != NULL && c->name != NULL; c++)
        if (strcmp(c->name, name) == 0) return c;
    return NULL;
}

static bool takes_any(const struct option_entry *table, uint64_t which) {
    for (const struct option_entry *e = table; e->key != 0; e++)
        if ((which & OPTION_BIT(e->key)) != 0) return true;
    return false;
}

static void help_commands(FILE *to, const struct tool_manual *m, uint64_t common) {
    char but[80];
    for (const struct tool_command *c = m->commands; c->name != NULL; c++)
        fprintf(to, "%s %s %s%s%s\n", c == m->commands ? "usage:" : "      ", manual_synopsis(m, c), c->name,
                c->operands[0] != '\0' ? " " : "", c->operands);
    if (takes_any(m->options, common)) {
        fprintf(to, "\nOptions of every command%s:\n", manual_exceptions(m, but, sizeof but));
        options_print_some(to, m->options, common);
    }
    for (const struct tool_command *c = m->commands; c->name != NULL; c++) {
        fprintf(to, "\n%s: %s\n", c->name, c->summary);
        options_print_some(to, m->options, manual_own(m, c));
    }
}

static void help_group(FILE *to, const struct tool_group *g) {
    fprintf(to, "\n%s:\n", g->title);
    for (unsigned i = 0; g->fields[i].key != 0 && (g->count == 0 || i < g->count); i++) {
        const struct option_entry one[] = {g->fields[i], {0, NULL, NULL, NULL, NULL}};
        options_print(to, one);
    }
}

static void help_words(FILE *to, const struct tool_manual *m) {
    for (const struct tool_words *w = m->words; w != NULL && w->option != NULL; w++) {
        if (w->words != NULL) continue;
        fprintf(to, "What %s may name: %s", w->option, w->word_at(0));
        for (size_t i = 1; w->word_at(i) != NULL; i++) fprintf(to, ", %s", w->word_at(i));
        fputs(".\n", to);
    }
}

void manual_help(FILE *to, const struct tool_manual *m) {
    fprintf(to, "%s %s.\n\n", m->tool, m->purpose);
    if (m->commands != NULL) {
        help_commands(to, m, manual_common(m));
    } else {
        fprintf(to, "usage: %s\n\n", m->synopsis);
        options_print(to, m->options);
    }
    for (const struct tool_group *g = m->groups; g != NULL && g->title != NULL; g++) help_group(to, g);
    fputc('\n', to);
    help_words(to, m);
    for (const char *const *note = m->notes; *note != NULL; note++) fprintf(to, "%s\n", *note);
    fputs("Status: 0 done, 1 failed, 2 wrong command line.\n", to);
}
