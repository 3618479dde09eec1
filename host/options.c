// SPDX-License-Identifier: Apache-2.0
//
// Promises of options.h.
#include "host/options.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

int tool_error(const char *tool, const char *format, ...) {
    va_list args;
    fprintf(stderr, "%s: ", tool);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    return 1;
}

int tool_finish(const char *tool, int status) {
    errno = 0;
    if (fflush(stdout) == 0 && ferror(stdout) == 0) return status;
    tool_error(tool, "standard output: %s", errno != 0 ? strerror(errno) : "cannot be written");
    return status != 0 ? status : 1;
}

static const struct option_entry *find(const struct option_entry *table, const char *word, size_t len) {
    for (const struct option_entry *e = table; e->key != 0; e++) {
        if (strlen(e->name) == len && memcmp(e->name, word, len) == 0) return e;
        if (e->brief != NULL && strlen(e->brief) == len && memcmp(e->brief, word, len) == 0) return e;
    }
    return NULL;
}

int options_next(struct options *o) {
    o->value = NULL;
    if (o->at >= o->argc) return OPTION_END;
    const char *word = o->argv[o->at++];
    if (word[0] != '-' || word[1] == '\0') {
        o->value = word;
        return OPTION_OPERAND;
    }
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) return OPTION_HELP;
    const size_t len = strcspn(word, "=");
    const struct option_entry *e = find(o->table, word, len);
    if (e == NULL) {
        tool_error(o->tool, "unknown option %s (see %s --help)", word, o->tool);
        return OPTION_ERROR;
    }
    o->given |= OPTION_BIT(e->key);
    if (e->arg == NULL) {
        if (word[len] == '\0') return e->key;
        tool_error(o->tool, "%s takes no value", e->name);
        return OPTION_ERROR;
    }
    if (word[len] == '=') {
        o->value = word + len + 1;
    } else if (o->at < o->argc) {
        o->value = o->argv[o->at++];
    } else {
        tool_error(o->tool, "%s needs a value: %s %s", e->name, e->name, e->arg);
        return OPTION_ERROR;
    }
    return e->key;
}

bool options_fit(const struct options *o, const char *command, uint64_t taken) {
    for (const struct option_entry *e = o->table; e->key != 0; e++) {
        if ((o->given & ~taken & OPTION_BIT(e->key)) == 0) continue;
        tool_error(o->tool, "%s is no option of %s (see %s --help)", e->name, command, o->tool);
        return false;
    }
    return true;
}

int group_next(const char *tool, const char *group, const struct option_entry *table, char **rest, const char **value) {
    char *field = *rest;
    if (*field == '\0') return OPTION_END;
    const size_t len = strcspn(field, ",");
    *rest = field + len + (field[len] == ',');
    field[len] = '\0';
    const size_t name = strcspn(field, "=");
    const struct option_entry *e = find(table, field, name);
    if (e == NULL) {
        tool_error(tool, "%s: unknown field '%.*s' (see %s --help)", group, (int)name, field, tool);
        return OPTION_ERROR;
    }
    if ((field[name] == '=') != (e->arg != NULL)) {
        if (e->arg != NULL)
            tool_error(tool, "%s: %s needs a value: %s=%s", group, e->name, e->name, e->arg);
        else
            tool_error(tool, "%s: %s takes no value", group, e->name);
        return OPTION_ERROR;
    }
    *value = e->arg != NULL ? field + name + 1 : NULL;
    return e->key;
}

void options_print(FILE *to, const struct option_entry *table) {
    options_print_some(to, table, UINT64_MAX);
}

void options_print_some(FILE *to, const struct option_entry *table, uint64_t which) {
    for (const struct option_entry *e = table; e->key != 0; e++) {
        if ((which & OPTION_BIT(e->key)) == 0) continue;
        char left[64];
        const char *separator = e->arg == NULL ? "" : e->name[0] == '-' ? " " : "=";
        snprintf(left, sizeof left, "%s%s%s%s%s", e->brief != NULL ? e->brief : "", e->brief != NULL ? ", " : "",
                 e->name, separator, e->arg != NULL ? e->arg : "");
        fprintf(to, "  %-30s %s\n", left, e->help);
    }
}

bool parse_number(const char *text, uint64_t max, uint64_t *out) {
    if (text[0] < '0' || text[0] > '9') return false;
    const int base = text[0] == '0' && (text[1] == 'x' || text[1] == 'X') ? 16 : 10;
    char *end;
    errno = 0;
    uint64_t number = strtoull(text, &end, base);
    if (errno != 0 || end == text) return false;
    const unsigned shift = *end == 'K' ? 10 : *end == 'M' ? 20 : 0;
    if (shift != 0) end++;
    if (*end != '\0' || number > max >> shift) return false;
    *out = number << shift;
    return true;
}
