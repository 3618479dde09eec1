// SPDX-License-Identifier: Apache-2.0
//
// The commands of fwrelease about advisories.
#define _POSIX_C_SOURCE 200809L
#include <stdlib.h>

#include "host/advisory.h"
#include "host/day.h"
#include "host/fwrelease.h"

static const char tool[] = "fwrelease";

typedef void form_fn(FILE *to, const struct advisory *advisory, const struct notes *publisher);

static int write_as(const struct fwrelease_request *request, const struct advisory *advisory,
                    const struct notes *publisher, form_fn *form) {
    char *text = NULL;
    size_t len = 0;
    FILE *to = open_memstream(&text, &len);
    if (to == NULL) return tool_error(tool, "out of memory");
    form(to, advisory, publisher);
    const int status = fclose(to) == 0 ? fwrelease_write(request, text, len) : tool_error(tool, "out of memory");
    free(text);
    return status;
}

static int publish(const struct fwrelease_request *request, form_fn *form) {
    char error[NOTES_ERROR_TEXT];
    struct notes publisher;
    struct advisory advisory;
    int status;
    if (!notes_read(request->publisher, publisher_keys, &publisher, error)) return tool_error(tool, "%s", error);
    if (!advisory_read(request->files[0], &advisory, error)) {
        status = tool_error(tool, "%s", error);
    } else {
        if (advisory_publishable(&advisory, error))
            status = write_as(request, &advisory, &publisher, form);
        else
            status = tool_error(tool, "%s", error);
        notes_free(&advisory.notes);
    }
    notes_free(&publisher);
    return status;
}

int fwrelease_csaf(const struct fwrelease_request *request) {
    return publish(request, advisory_csaf);
}

int fwrelease_notice(const struct fwrelease_request *request) {
    return publish(request, advisory_notice);
}

/* One line about a flaw; 1 when it is late. */
static int tell(const struct advisory *advisory, int32_t today) {
    char text[DAY_TEXT];
    int32_t deadline;
    printf("%s %s since %s", notes_get(&advisory->notes, "Advisory"), advisory_state_name(advisory->state),
           day_format(advisory->since, text));
    const bool limited = advisory_deadline(advisory, &deadline);
    if (limited) printf(", at most until %s", day_format(deadline, text));
    const bool late = limited && today > deadline;
    puts(late ? ": LATE" : "");
    return late;
}

int fwrelease_state(const struct fwrelease_request *request) {
    char error[NOTES_ERROR_TEXT];
    struct advisory advisory;
    int status = 0;
    int32_t today = day_today();
    if (request->today != NULL && !day_parse(request->today, &today)) {
        tool_error(tool, "--today %s: not YYYY-MM-DD", request->today);
        return 2;
    }
    for (unsigned i = 0; i < request->file_count; i++) {
        if (!advisory_read(request->files[i], &advisory, error)) return tool_error(tool, "%s", error);
        status |= tell(&advisory, today);
        notes_free(&advisory.notes);
    }
    return status;
}
