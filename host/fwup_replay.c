// SPDX-License-Identifier: Apache-2.0
//
// fwup replay-tests: a release's recommended tests against a simulated card, their results as a table or as JSON, and,
// for the manufacturer, written into the manifest.
#define _DEFAULT_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host/file.h"
#include "host/fwup_offline.h"
#include "host/options.h"
#include "host/release.h"
#include "host/replay.h"
#include "host/text.h"

static const char tool[] = "fwup";

enum { SAID = 65536 };

struct replay {
    const struct fwup_offline *request;
    struct replay_places places;
    struct json_document release_document, manifest_document;
    const struct json_value *release, *manifest;
    char manifest_path[REPLAY_PATH];
    struct replay_card card;
    unsigned passed, failed;
    struct json record; /* the manifest with its results */
    char error[JSON_ERROR_TEXT];
};

static bool refuse(struct replay *r, const char *what, const char *reason) {
    snprintf(r->error, sizeof r->error, "%.200s: %s", what, reason);
    return false;
}

static bool join(char out[REPLAY_PATH], const char *folder, const char *name) {
    return snprintf(out, REPLAY_PATH, "%s/%s", folder, name) < REPLAY_PATH;
}

/* The folder of fwup itself, where fwpkg and the simulated card are as well. */
static bool find_tools(struct replay *r) {
    char path[REPLAY_PATH];
    const ssize_t len = readlink("/proc/self/exe", path, sizeof path - 1);
    if (len <= 0) return refuse(r, "/proc/self/exe", "cannot be read");
    path[len] = '\0';
    *strrchr(path, '/') = '\0';
    strcpy(r->places.tools, path);
    if (r->request->card != NULL && realpath(r->request->card, r->places.program) == NULL)
        return refuse(r, r->request->card, "not there");
    return r->request->card != NULL || join(r->places.program, path, "sluice-sim") || refuse(r, path, "too long");
}

/* The package is the one that the release speaks of. */
static bool is_package(struct replay *r) {
    const struct json_value *p = json_get(r->release, "package");
    uint8_t *bytes;
    char text[RELEASE_HASH_TEXT];
    size_t len;
    if (!file_read(r->places.package, &bytes, &len, r->error)) return false;
    release_hash(bytes, len, text);
    free(bytes);
    return (json_get_number(p, "bytes") == len && strcmp(json_get_text(p, "sha256"), text) == 0) ||
           refuse(r, r->places.package, "not the package that release.json speaks of");
}

static bool prepare(struct replay *r) {
    char path[REPLAY_PATH];
    struct replay_places *p = &r->places;
    if (realpath(r->request->folder, p->folder) == NULL) return refuse(r, r->request->folder, "not there");
    if (!join(path, p->folder, "release.json") || !join(r->manifest_path, p->folder, "test-manifest.json"))
        return refuse(r, p->folder, "too long");
    r->release = release_load(path, &r->release_document, r->error);
    if (r->release == NULL) return false;
    r->manifest = replay_manifest(r->manifest_path, &r->manifest_document, r->error);
    if (r->manifest == NULL) return false;
    const struct json_value *card = json_get(r->manifest, "card");
    p->version = json_get_text(r->release, "version");
    p->part = json_get_text(card, "part");
    if (!join(p->package, p->folder, json_get_text(json_get(r->release, "package"), "file")) ||
        !join(p->flash, p->folder, json_get_text(card, "flash")))
        return refuse(r, p->folder, "too long");
    return is_package(r) && find_tools(r) && replay_begin(p, r->error);
}

static bool compare(struct replay *r, const struct json_value *words) {
    uint64_t base = 0, size = 0;
    parse_number(words->next->text, UINT32_MAX, &base);
    parse_number(words->next->next->text, UINT32_MAX, &size);
    return replay_card_off(&r->card, &r->places, r->error) && replay_unchanged(&r->places, base, size, r->error);
}

static bool says(const struct replay *r, const struct json_value *output, const char *said) {
    char text[2 * REPLAY_PATH];
    for (const struct json_value *o = output->first; o != NULL; o = o->next)
        if (!replay_fill(&r->places, o->text, text, sizeof text) || strstr(said, text) == NULL) return false;
    return true;
}

/* Runs one test; the reason of a failure is in r->error. */
static bool run(struct replay *r, const struct json_value *test) {
    static char said[SAID];
    const struct json_value *command = json_get(test, "command");
    if (json_get_number(test, "restart") != 0 && !replay_card_off(&r->card, &r->places, r->error)) return false;
    if (strcmp(command->first->text, "unchanged") == 0) return compare(r, command->first);
    if (r->card.pid == 0 && !replay_card_on(&r->card, &r->places, r->error)) return false;
    const int status = replay_run(&r->places, command, said, sizeof said);
    if (status < 0) return refuse(r, command->first->text, "could not be run, or did not end by itself");
    if ((uint64_t)status != json_get_number(test, "status")) {
        snprintf(r->error, sizeof r->error, "status %d: %.200s", status, said);
        return false;
    }
    return says(r, json_get(test, "output"), said) || refuse(r, command->first->text, "does not say what it should");
}

/* A line of text for a terminal or for JSON: no control characters. */
static void clean(char *text) {
    text[strcspn(text, "\n")] = '\0';
    for (char *c = text; *c != '\0'; c++)
        if (*c < ' ' || *c > '~') *c = '?';
}

static void report(struct replay *r, const struct json_value *test, bool good) {
    struct json j = {.to = stdout};
    if (!good) clean(r->error);
    if (r->request->json) {
        json_open(&j, NULL, '{');
        json_text(&j, "event", "test");
        json_text(&j, "name", json_get_text(test, "name"));
        json_text(&j, "proves", json_get_text(test, "proves"));
        json_text(&j, "result", good ? "passed" : "failed");
        if (!good) json_text(&j, "error", r->error);
        json_close(&j, '}');
        putchar('\n');
    } else {
        printf("%-7s %-22s %s\n", good ? "passed" : "FAILED", json_get_text(test, "name"),
               json_get_text(test, "proves"));
        if (!good) printf("        %s\n", r->error);
    }
    fflush(stdout);
}

static void record_texts(struct json *j, const struct json_value *test, const char *name) {
    json_open(j, name, '[');
    for (const struct json_value *v = json_get(test, name)->first; v != NULL; v = v->next) json_text(j, NULL, v->text);
    json_close(j, ']');
}

static void record(struct json *j, const struct json_value *test, bool good) {
    json_open(j, NULL, '{');
    json_text(j, "name", json_get_text(test, "name"));
    json_text(j, "proves", json_get_text(test, "proves"));
    if (json_get_number(test, "restart") != 0) json_bool(j, "restart", true);
    record_texts(j, test, "command");
    json_number(j, "status", json_get_number(test, "status"));
    record_texts(j, test, "output");
    json_text(j, "result", good ? "passed" : "failed");
    json_close(j, '}');
}

static void run_all(struct replay *r) {
    struct json *j = &r->record;
    const struct json_value *card = json_get(r->manifest, "card");
    json_open(j, NULL, '{');
    json_number(j, "format", 1);
    json_text(j, "release", r->places.version);
    json_open(j, "card", '{');
    json_text(j, "flash", json_get_text(card, "flash"));
    json_text(j, "part", r->places.part);
    json_close(j, '}');
    json_open(j, "tests", '[');
    for (const struct json_value *t = json_get(r->manifest, "tests")->first; t != NULL; t = t->next) {
        const bool good = run(r, t);
        report(r, t, good);
        record(j, t, good);
        r->passed += good;
        r->failed += !good;
    }
    json_close(j, ']');
    json_close(j, '}');
    fputc('\n', j->to);
    replay_card_off(&r->card, &r->places, r->error);
}

static void conclude(const struct replay *r) {
    struct json j = {.to = stdout};
    if (!r->request->json) {
        printf("release %s: %u passed, %u failed\n", r->places.version, r->passed, r->failed);
        return;
    }
    json_open(&j, NULL, '{');
    json_text(&j, "event", "tests");
    json_text(&j, "release", r->places.version);
    json_number(&j, "passed", r->passed);
    json_number(&j, "failed", r->failed);
    json_close(&j, '}');
    putchar('\n');
}

int fwup_replay(const struct fwup_offline *request) {
    static struct replay r;
    char *text = NULL;
    size_t len = 0;
    r.request = request;
    r.record.to = open_memstream(&text, &len);
    bool good = r.record.to != NULL ? prepare(&r) : refuse(&r, tool, "out of memory");
    if (good) {
        run_all(&r);
        conclude(&r);
        fflush(r.record.to);
        good = !request->record || file_write(r.manifest_path, (const uint8_t *)text, len, r.error);
    }
    if (!good) tool_error(tool, "%s", r.error);
    if (r.places.scratch[0] != '\0') replay_end(&r.places);
    if (r.record.to != NULL) fclose(r.record.to);
    free(text);
    json_free(&r.manifest_document);
    json_free(&r.release_document);
    return !good || r.failed != 0;
}
