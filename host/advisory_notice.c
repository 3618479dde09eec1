// SPDX-License-Identifier: Apache-2.0
//
// An advisory as a text for people, in lines of at most 78 characters.
#include <string.h>

#include "host/advisory.h"
#include "host/day.h"

enum { WIDTH = 78, INDENT = 2, HEADING = 14 };

/* One paragraph after the other, each line indented. */
static void paragraphs(FILE *to, const char *text) {
    size_t column = 0;
    while (*text != '\0') {
        const size_t word = strcspn(text, " \n"), gap = strspn(text + word, " \n");
        if (column != 0 && column + 1 + word > WIDTH) column = 0, fputc('\n', to);
        column += (size_t)fprintf(to, "%*s%.*s", column == 0 ? INDENT : 1, "", (int)word, text);
        if (strcspn(text + word, "\n") < gap) column = 0, fputs("\n\n", to);
        text += word + gap;
    }
    if (column != 0) fputc('\n', to);
}

static void heading(FILE *to, const char *name, const char *value) {
    if (value != NULL) fprintf(to, "%-*s%s\n", HEADING, name, value);
}

static void section(FILE *to, const char *name, const char *text) {
    if (text == NULL) return;
    fprintf(to, "\n%s\n", name);
    paragraphs(to, text);
}

void advisory_notice(FILE *to, const struct advisory *advisory, const struct notes *publisher) {
    const struct notes *n = &advisory->notes;
    fprintf(to, "%s: %s\n", notes_get(n, "Advisory"), notes_get(n, "Title"));
    if (advisory->state == ADVISORY_WITHDRAWN) fputs("WITHDRAWN: see the last revision below.\n", to);
    fputc('\n', to);
    heading(to, "Severity", notes_get(n, "Severity"));
    heading(to, "Component", notes_get(n, "Component"));
    heading(to, "PLDM", notes_get(n, "PLDM"));
    heading(to, "Affected", notes_get(n, "Affected"));
    heading(to, "Fixed in", notes_get(n, "Fixed"));
    fprintf(to, "%-*swithin %u days\n", HEADING, "Install", notes_number(n, "Install", 0));
    heading(to, "Weakness", notes_get(n, "CWE"));
    heading(to, "CVE", notes_get(n, "CVE"));
    heading(to, "Publisher", notes_get(publisher, "Name"));
    heading(to, "Contact", notes_get(publisher, "Contact"));
    section(to, "Summary", notes_get(n, "Summary"));
    section(to, "Impact", notes_get(n, "Impact"));
    section(to, "Workaround", notes_get(n, "Workaround"));
    section(to, "Remedy", notes_get(n, "Remedy"));
    section(to, "Credit", notes_get(n, "Credit"));
    fputs("\nRevisions\n", to);
    for (const struct note *r = NULL; (r = notes_next(n, "Revision", r)) != NULL;) paragraphs(to, r->value);
}
