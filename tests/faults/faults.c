// SPDX-License-Identifier: Apache-2.0
//
// The fault campaign on the Verilated card; docs/faults.md says what it shows.
//
//   faults --firmware FOLDER [CHOICE]              the runs that the choice makes, one JSON line each
//   faults --firmware FOLDER --list [CHOICE]       their names
//   faults --firmware FOLDER --run NAME [--trace]  one of them, with all that happens on the way
//
// CHOICE: --runs N, of all of them, spread over boards, kinds and phases; --layout NAME, one board alone; --shard I/N,
// a part of that; --only BEGIN, those of it whose names begin so; --names FILE, those whose names the file has, one a
// line; --stop, no more behind the first that failed.
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/file.h"
#include "tests/faults/campaign.h"
#include "tests/faults/choice.h"

struct faults_options {
    const char *firmware, *run, *layout, *only, *names;
    char *listed;  // what is in the file `names`
    unsigned long runs, shard, shards;
    bool list, trace, stop;
};

static int usage(void) {
    fprintf(stderr,
            "usage: faults --firmware FOLDER [--list] [--runs N] [--layout NAME] [--shard I/N] [--only BEGIN]\n"
            "              [--names FILE] [--stop]\n"
            "       faults --firmware FOLDER --run NAME [--trace]\n");
    return 2;
}

static bool number(const char *text, char end, unsigned long *out, const char **rest) {
    char *behind;
    if (*text < '0' || *text > '9') return false;
    *out = strtoul(text, &behind, 10);
    *rest = behind + (*behind != '\0');
    return *behind == end;
}

static bool parse(int argc, char **argv, struct faults_options *o) {
    const char *rest;
    *o = (struct faults_options){.shards = 1};
    for (int i = 1; i < argc; i++) {
        const char *value = i + 1 < argc ? argv[i + 1] : "";
        if (strcmp(argv[i], "--list") == 0) {
            o->list = true;
        } else if (strcmp(argv[i], "--trace") == 0) {
            o->trace = true;
        } else if (strcmp(argv[i], "--stop") == 0) {
            o->stop = true;
        } else if (strcmp(argv[i], "--layout") == 0 && *value) {
            o->layout = argv[++i];
        } else if (strcmp(argv[i], "--only") == 0 && *value) {
            o->only = argv[++i];
        } else if (strcmp(argv[i], "--names") == 0 && *value) {
            o->names = argv[++i];
        } else if (strcmp(argv[i], "--firmware") == 0 && *value) {
            o->firmware = argv[++i];
        } else if (strcmp(argv[i], "--run") == 0 && *value) {
            o->run = argv[++i];
        } else if (strcmp(argv[i], "--runs") == 0 && number(value, '\0', &o->runs, &rest)) {
            i++;
        } else if (strcmp(argv[i], "--shard") == 0 && number(value, '/', &o->shard, &rest) &&
                   number(rest, '\0', &o->shards, &rest) && o->shard < o->shards) {
            i++;
        } else {
            return false;
        }
    }
    return o->firmware != NULL && (!o->trace || o->run);
}

// ---- names in a file
// --------------------------------------------------------------------------------------------------------

static bool read_names(struct faults_options *o) {
    char error[COMPONENT_ERROR_TEXT];
    uint8_t *bytes;
    size_t len;
    if (!o->names) return true;
    if (file_read(o->names, &bytes, &len, error)) {
        o->listed = calloc(len + 1, 1);
        if (!o->listed) exit(1);
        memcpy(o->listed, bytes, len);
        free(bytes);
        return true;
    }
    fprintf(stderr, "faults: %s\n", error);
    return false;
}

static bool is_listed(const char *lines, const char *name) {
    const size_t len = strlen(name);
    for (const char *at = lines; (at = strstr(at, name)) != NULL; at += len)
        if ((at == lines || at[-1] == '\n') && (at[len] == '\n' || at[len] == '\0')) return true;
    return false;
}

static bool lists_board(const char *lines, const char *board) {
    char part[64];
    snprintf(part, sizeof part, "/%s/", board);
    return strstr(lines, part) != NULL;
}

// ---- a layout's choice
// -----------------------------------------------------------------------------------------------------

struct report {
    const struct campaign *campaign;
    size_t passed, failed;
    bool stop;
};

/** JSON has no use for what these texts never hold. */
static void print_text(const char *text) {
    for (; *text; text++) putchar(*text < ' ' || *text == '"' || *text == '\\' ? ' ' : *text);
}

static void done(void *ctx, const struct point *point, const struct run_result *result) {
    struct report *report = ctx;
    const struct verdict *v = &result->verdict;
    if (v->passed)
        report->passed++;
    else
        report->failed++;
    printf("{\"name\": \"%s\", \"passed\": %s, \"known\": %s, \"seconds\": %.3f, \"cycles\": %llu, \"why\": \"",
           campaign_name(report->campaign, point), v->passed ? "true" : "false", v->known ? "true" : "false",
           result->seconds, (unsigned long long)result->cycles);
    print_text(v->why);
    printf("\"}\n");
    fflush(stdout);
    if (!v->passed && report->stop) exit(1);
}

struct order {
    const struct point *point;
    size_t index;
};

/** Points that follow each other in their story often leave the same flash: they stay together. */
static int in_story(const void *a, const void *b) {
    const struct order *x = a, *y = b;
    if (x->point->story != y->point->story) return x->point->story < y->point->story ? -1 : 1;
    if (x->point->moment != y->point->moment) return x->point->moment < y->point->moment ? -1 : 1;
    return x->index < y->index ? -1 : x->index > y->index;
}

/** Leaves of the chosen points those from the @p from th to before the @p to th. */
static void keep_range(const struct points *points, bool *chosen, size_t from, size_t to) {
    struct order *order = malloc((points->count + 1) * sizeof *order);
    size_t count = 0;
    if (!order) exit(1);
    for (size_t i = 0; i < points->count; i++)
        if (chosen[i]) order[count++] = (struct order){&points->list[i], i};
    qsort(order, count, sizeof *order, in_story);
    for (size_t i = 0; i < count; i++) chosen[order[i].index] = i >= from && i < to;
    free(order);
}

static void choose_one(const struct campaign *c, const char *name, bool *chosen) {
    const struct points *points = campaign_points(c);
    for (size_t i = 0; i < points->count; i++) chosen[i] = strcmp(campaign_name(c, &points->list[i]), name) == 0;
}

struct range {
    size_t from, to;
};

/** @return false when the named run does not exist */
static bool run_layout(const struct faults_options *o, unsigned index, size_t runs, struct range range,
                       struct report *report) {
    struct layout *layout = layout_load(index, o->firmware);
    struct campaign *campaign = campaign_new(layout);
    const struct points *points = campaign_points(campaign);
    bool *chosen = calloc(points->count + 1, sizeof *chosen), any = false;
    if (!chosen) exit(1);
    report->campaign = campaign;
    if (o->trace) campaign_trace(campaign);
    if (o->run)
        choose_one(campaign, o->run, chosen);
    else
        choose(points, runs, index, layout_count, chosen);
    if (!o->run) keep_range(points, chosen, range.from, range.to);
    for (size_t i = 0; i < points->count; i++) {
        const char *name = campaign_name(campaign, &points->list[i]);
        if (o->only && strncmp(name, o->only, strlen(o->only)) != 0) chosen[i] = false;
        if (o->listed && !is_listed(o->listed, name)) chosen[i] = false;
        any = any || chosen[i];
        if (o->list && chosen[i]) printf("%s\n", name);
    }
    if (!o->list) campaign_run(campaign, chosen, done, report);
    campaign_free(campaign);
    layout_free(layout);
    free(chosen);
    return any;
}

/** The layout of this name, which ends with @p end, or layout_count. */
static unsigned layout_named(const char *name, char end) {
    for (unsigned i = 0; i < layout_count; i++) {
        const size_t len = strlen(layout_names[i]);
        if (strncmp(name, layout_names[i], len) == 0 && name[len] == end) return i;
    }
    return layout_count;
}

static int run_one(const struct faults_options *o, struct report *report) {
    const char *behind_kind = strchr(o->run, '/');
    const unsigned index = behind_kind ? layout_named(behind_kind + 1, '/') : layout_count;
    if (index == layout_count || !run_layout(o, index, 1, (struct range){0, 1}, report)) {
        fprintf(stderr, "faults: %s: there is no such run\n", o->run);
        return 1;
    }
    return report->failed != 0;
}

int main(int argc, char **argv) {
    struct faults_options o;
    struct report report = {0};
    if (!parse(argc, argv, &o)) return usage();
    report.stop = o.stop;
    if (!read_names(&o)) return 1;
    if (o.run) return run_one(&o, &report);
    const unsigned only = o.layout ? layout_named(o.layout, '\0') : 0, layouts = o.layout ? 1 : layout_count;
    if (only == layout_count) {
        fprintf(stderr, "faults: %s: there is no such board\n", o.layout);
        return 1;
    }
    // Every layout has the same share, so that a shard need not know the others.
    const size_t runs = o.runs ? o.runs : SIZE_MAX / 4 / layout_count, share = runs / layouts;
    const size_t from = runs / o.shards * o.shard, to = o.shard + 1 == o.shards ? runs : from + runs / o.shards;
    for (unsigned i = 0; i < layouts; i++) {
        const size_t begin = i * share, end = i + 1 == layouts ? runs : begin + share;
        if (to <= begin || from >= end || (o.listed && !lists_board(o.listed, layout_names[only + i]))) continue;
        const struct range range = {from > begin ? from - begin : 0, (to < end ? to : end) - begin};
        (void)run_layout(&o, only + i, end - begin, range, &report);
    }
    if (!o.list) printf("# done: %zu passed, %zu failed\n", report.passed, report.failed);
    free(o.listed);
    return report.failed != 0;
}
