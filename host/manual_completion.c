// SPDX-License-Identifier: Apache-2.0
//
// A tool's completion for bash. Bash makes words of its own of '=' and ':', so a value is looked for behind them; what
// is behind a ':' (unix:PATH) is a file's name.
#include <string.h>

#include "host/manual.h"

static void function_name(FILE *to, const char *tool) {
    fputc('_', to);
    for (; *tool != '\0'; tool++) fputc(*tool == '-' ? '_' : *tool, to);
}

static void names(FILE *to, const struct option_entry *table, uint64_t which) {
    int last = 0; /* an option may have several lines of help */
    for (const struct option_entry *e = table; e->key != 0; e++) {
        if ((which & OPTION_BIT(e->key)) == 0 || e->key == last) continue;
        fprintf(to, "%s ", e->name);
        last = e->key;
    }
    fputs("--help", to);
}

static void command_names(FILE *to, const struct tool_manual *m) {
    for (const struct tool_command *c = m->commands; c->name != NULL; c++)
        fprintf(to, "%s%s", c == m->commands ? "" : " ", c->name);
}

static void pattern(FILE *to, const struct option_entry *e) {
    fprintf(to, "%s%s%s", e->name, e->brief != NULL ? "|" : "", e->brief != NULL ? e->brief : "");
}

static const struct tool_words *words_of(const struct tool_manual *m, const struct option_entry *e) {
    for (const struct tool_words *w = m->words; w != NULL && w->option != NULL; w++)
        if (strcmp(w->option, e->name) == 0) return w;
    return NULL;
}

/* What an option's value is completed with; nothing for a number or a text. */
static void value(FILE *to, const struct tool_manual *m, const struct option_entry *e) {
    const struct tool_words *w = words_of(m, e);
    fputs("    ", to);
    pattern(to, e);
    fputs(") ", to);
    if (w != NULL && w->words != NULL) {
        fprintf(to, "words='%s'", w->words);
    } else if (w != NULL) {
        fputs("words='", to);
        for (size_t i = 0; w->word_at(i) != NULL; i++) fprintf(to, "%s%s", i == 0 ? "" : " ", w->word_at(i));
        fputc('\'', to);
    } else if (strncmp(e->arg, "FILE", 4) == 0) {
        fputs("words='' from=-f", to);
    } else if (strncmp(e->arg, "DIR", 3) == 0) {
        fputs("words='' from=-d", to);
    } else if (strchr(e->arg, '|') != NULL) {
        fputs("words='", to);
        for (const char *c = e->arg; *c != '\0'; c++) fputc(*c == '|' ? ' ' : *c, to);
        fputc('\'', to);
    } else {
        fputs("words='' from=''", to);
    }
    fputs(" ;;\n", to);
}

static void each_value(FILE *to, const struct tool_manual *m) {
    int last = 0;
    for (const struct option_entry *e = m->options; e->key != 0; e++) {
        if (e->arg != NULL && e->key != last) value(to, m, e);
        last = e->key;
    }
}

/* The command among the words so far; the value of an option is none. */
static void find_command(FILE *to, const struct tool_manual *m) {
    const char *bar = "";
    fputs("    for ((i = 1; i < COMP_CWORD; i++)); do\n        case ${COMP_WORDS[i]} in\n        ", to);
    for (const struct option_entry *e = m->options; e->key != 0; e++) {
        if (e->arg == NULL || (e != m->options && e->key == e[-1].key)) continue;
        fputs(bar, to);
        pattern(to, e);
        bar = "|";
    }
    fputs(") [[ ${COMP_WORDS[i + 1]} == = ]] && ((i++)); ((i++)) ;;\n        ", to);
    for (const struct tool_command *c = m->commands; c->name != NULL; c++)
        fprintf(to, "%s%s", c == m->commands ? "" : "|", c->name);
    fputs(") command=${COMP_WORDS[i]}; break ;;\n        esac\n    done\n    case $command in\n", to);
    for (const struct tool_command *c = m->commands; c->name != NULL; c++) {
        fprintf(to, "    %s) options='", c->name);
        names(to, m->options, c->takes);
        fputs("' ;;\n", to);
    }
    fputs("    '') words='", to);
    command_names(to, m);
    fputs("' ;;\n    esac\n", to);
}

void manual_completion(FILE *to, const struct tool_manual *m) {
    fprintf(to, "# bash completion for %s, made from its table of options\n", m->tool);
    function_name(to, m->tool);
    fputs(
        "() {\n"
        "    local cur=${COMP_WORDS[COMP_CWORD]} at=$((COMP_CWORD - 1)) behind='' command='' from=-f words='' i\n"
        "    local options='",
        to);
    names(to, m->options, UINT64_MAX);
    fputs(
        "'\n"
        "    if [[ $cur == [=:] ]]; then\n"
        "        behind=$cur cur=''\n"
        "    elif [[ ${COMP_WORDS[at]} == [=:] ]]; then\n"
        "        behind=${COMP_WORDS[at]}\n"
        "        ((at--))\n"
        "    fi\n",
        to);
    if (m->commands != NULL) find_command(to, m);
    fputs("    [[ $behind == : ]] || case ${COMP_WORDS[at]} in\n", to);
    each_value(to, m);
    fputs(
        "    *) [[ $cur == -* ]] && words=$options ;;\n"
        "    esac\n"
        "    COMPREPLY=()\n"
        "    if [[ $behind != : && -n $words ]]; then\n"
        "        mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n"
        "        [[ ${#COMPREPLY[@]} == 1 && ${COMPREPLY[0]} == *: ]] && compopt -o nospace 2>/dev/null\n"
        "    elif [[ -n $from ]]; then\n"
        "        mapfile -t COMPREPLY < <(compgen \"$from\" -- \"$cur\")\n"
        "        compopt -o filenames 2>/dev/null\n"
        "    fi\n"
        "    return 0\n"
        "}\n"
        "complete -F ",
        to);
    function_name(to, m->tool);
    fprintf(to, " %s\n", m->tool);
}
