// SPDX-License-Identifier: Apache-2.0
//
// What follows from a fleet's files. A deadline begins with the first release that is newer than what a device runs,
// and no later release moves it. What is installed to meet it is the newest release whose dependencies the device
// meets.
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "host/day.h"
#include "host/fleet.h"
#include "host/range.h"

struct judge {
    const struct fleet *fleet;
    int32_t today;
    void (*hear)(void *ctx, const struct fleet_finding *finding);
    void *ctx;
    const struct json_value *device, *component;
};

enum { TEXT_ROOM = 512 };
#define NO_STAMP UINT32_MAX

static bool same_component(const struct json_value *a, const struct json_value *b) {
    return json_get_number(a, "classification") == json_get_number(b, "classification") &&
           json_get_number(a, "identifier") == json_get_number(b, "identifier");
}

static const struct json_value *find_component(const struct json_value *list, const struct json_value *like) {
    const struct json_value *c = list->first;
    while (c != NULL && !same_component(c, like)) c = c->next;
    return c;
}

static bool has_text(const struct json_value *list, const char *text) {
    const struct json_value *v = list->first;
    while (v != NULL && strcmp(v->text, text) != 0) v = v->next;
    return v != NULL;
}

/* DSP0267 7.1: all descriptors of one of the release's records are among the device's. */
static bool is_for(const struct json_value *release, const struct json_value *device) {
    const struct json_value *have = json_get(device, "descriptors");
    for (const struct json_value *r = json_get(release, "devices")->first; r != NULL; r = r->next) {
        const struct json_value *d = json_get(r, "descriptors")->first;
        const bool any = d != NULL;
        while (d != NULL && has_text(have, d->text)) d = d->next;
        if (any && d == NULL) return true;
    }
    return false;
}

/* Of two images by their comparison stamps, or by their versions where one of them has none (DSP0267 table 5). */
static bool is_above(const struct json_value *a, const struct json_value *b) {
    const uint64_t left = json_get_number(a, "stamp"), right = json_get_number(b, "stamp");
    if (left != NO_STAMP && right != NO_STAMP) return left > right;
    return version_order(json_get_text(a, "version"), json_get_text(b, "version")) > 0;
}

/* The release's image for the component under judgement, NULL when it has none for this device. */
static const struct json_value *offer(const struct judge *j, const struct json_value *release) {
    if (!is_for(release, j->device)) return NULL;
    return find_component(json_get(release, "components"), j->component);
}

static bool is_withdrawn(const struct json_value *release) {
    return json_get(release, "withdrawn")->kind == JSON_OBJECT;
}

static bool is_newer(const struct judge *j, const struct json_value *release) {
    const struct json_value *image = offer(j, release);
    return image != NULL && !is_withdrawn(release) && is_above(image, json_get(j->component, "active"));
}

static void tell(const struct judge *j, enum fleet_state state, const char *release, const int32_t *deadline,
                 const char *text) {
    const struct fleet_finding finding = {.state = state,
                                          .device = j->device,
                                          .component = j->component,
                                          .release = release,
                                          .has_deadline = deadline != NULL,
                                          .deadline = deadline != NULL ? *deadline : 0,
                                          .text = text};
    j->hear(j->ctx, &finding);
}

static int32_t deadline_of(const struct judge *j, const struct json_value *release) {
    const struct json_value *own =
        json_get(json_get(j->fleet->policy.value, "install_within_days"), json_get_text(release, "criticality"));
    uint64_t days = json_get_number(release, "install_within_days");
    int32_t released = 0;
    if (own != NULL && own->number < days) days = own->number;
    day_parse(json_get_text(release, "released"), &released);
    return released + (int32_t)days;
}

/* NULL when @p have is enough, else the reason, in @p text. */
static const char *lacks(const char *what, const char *least, const char *have, char text[TEXT_ROOM]) {
    if (least == NULL || (have != NULL && version_order(have, least) >= 0)) return NULL;
    snprintf(text, TEXT_ROOM, "needs %s %.100s, %s%.100s", what, least,
             have != NULL ? "there is " : "the policy names none", have != NULL ? have : "");
    return text;
}

/* NULL when the component that @p need names has one of the versions that will do. */
static const char *lacks_component(const struct judge *j, const struct json_value *need, char text[TEXT_ROOM]) {
    const struct json_value *have = find_component(json_get(j->device, "components"), need);
    const char *versions = json_get_text(need, "versions");
    const char *runs = have != NULL ? json_get_text(json_get(have, "active"), "version") : "not there";
    if (have != NULL && range_holds(versions, runs)) return NULL;
    snprintf(text, TEXT_ROOM, "needs component 0x%04" PRIx64 ":0x%04" PRIx64 " %.100s, which is %.100s",
             json_get_number(need, "classification"), json_get_number(need, "identifier"), versions, runs);
    return text;
}

/* NULL when the release's dependencies are met. */
static const char *block(const struct judge *j, const struct json_value *release, char text[TEXT_ROOM]) {
    const struct json_value *needs = json_get(release, "dependencies"), *policy = j->fleet->policy.value;
    const char *reason =
        lacks("an agent of DSP0267", json_get_text(needs, "agent"), json_get_text(policy, "agent"), text);
    if (reason == NULL) reason = lacks("a boot ROM", json_get_text(needs, "boot"), json_get_text(policy, "boot"), text);
    const struct json_value *need = json_get(needs, "components")->first;
    for (; need != NULL && reason == NULL; need = need->next) reason = lacks_component(j, need, text);
    return reason;
}

/* NULL when its impact is within what the policy allows. */
static const char *disapprove(const struct judge *j, const struct json_value *release, char text[TEXT_ROOM]) {
    const struct json_value *impact = json_get(release, "impact");
    const struct json_value *most = json_get(j->fleet->policy.value, "downtime_seconds");
    const struct json_value *allowed = json_get(j->fleet->policy.value, "activations");
    const char *activation = json_get_text(impact, "activation");
    const uint64_t downtime = json_get_number(impact, "downtime_seconds");
    if (most != NULL && downtime > most->number) {
        snprintf(text, TEXT_ROOM, "%" PRIu64 " s without the card, the policy allows %" PRIu64, downtime, most->number);
        return text;
    }
    if (allowed == NULL || has_text(allowed, activation)) return NULL;
    snprintf(text, TEXT_ROOM, "activated by %.60s, which the policy does not allow", activation);
    return text;
}

/* What is to be installed: the newest release that is not blocked, else the newest one. */
static const struct json_value *choose(const struct judge *j, const char **blocked, char text[TEXT_ROOM]) {
    const struct json_value *best = NULL, *best_image = NULL;
    bool best_free = false;
    char reason[TEXT_ROOM];
    for (size_t i = 0; i < j->fleet->releases.count; i++) {
        const struct json_value *r = j->fleet->releases.items[i].value, *image = offer(j, r);
        if (!is_newer(j, r)) continue;
        const bool open = block(j, r, reason) == NULL;
        if (best != NULL && (best_free > open || (best_free == open && !is_above(image, best_image)))) continue;
        best = r, best_image = image, best_free = open;
    }
    *blocked = best != NULL ? block(j, best, text) : NULL;
    return best;
}

static void judge_age(const struct judge *j) {
    int32_t deadline = INT32_MAX;
    bool known = false;
    char text[TEXT_ROOM];
    const char *blocked;
    for (size_t i = 0; i < j->fleet->releases.count; i++) {
        const struct json_value *r = j->fleet->releases.items[i].value;
        known = known || offer(j, r) != NULL;
        if (is_newer(j, r) && deadline_of(j, r) < deadline) deadline = deadline_of(j, r);
    }
    const struct json_value *chosen = choose(j, &blocked, text);
    if (chosen == NULL) {
        tell(j, known ? FLEET_CURRENT : FLEET_UNKNOWN, NULL, NULL, known ? "" : "no release is for it");
        return;
    }
    const char *release = json_get_text(chosen, "version");
    const struct json_value *pending = json_get(j->component, "pending");
    tell(j, j->today > deadline ? FLEET_OVERDUE : FLEET_DUE, release, &deadline,
         pending != NULL && !is_above(offer(j, chosen), pending) ? "installed, waits for its activation"
                                                                 : json_get_text(chosen, "criticality"));
    if (blocked != NULL) tell(j, FLEET_BLOCKED, release, &deadline, blocked);
    const char *objection = disapprove(j, chosen, text);
    if (objection != NULL) tell(j, FLEET_UNAPPROVED, release, &deadline, objection);
}

/* It runs what was called back: the same image, by its stamp and version. */
static void judge_withdrawn(const struct judge *j) {
    const struct json_value *active = json_get(j->component, "active");
    for (size_t i = 0; i < j->fleet->releases.count; i++) {
        const struct json_value *r = j->fleet->releases.items[i].value, *image = offer(j, r);
        if (image == NULL || !is_withdrawn(r)) continue;
        if (json_get_number(image, "stamp") == json_get_number(active, "stamp") &&
            strcmp(json_get_text(image, "version"), json_get_text(active, "version")) == 0)
            tell(j, FLEET_WITHDRAWN, json_get_text(r, "version"), NULL,
                 json_get_text(json_get(r, "withdrawn"), "reason"));
    }
}

static void judge_flaws(const struct judge *j) {
    const char *version = json_get_text(json_get(j->component, "active"), "version");
    for (size_t i = 0; i < j->fleet->advisories.count; i++) {
        const struct json_value *a = j->fleet->advisories.items[i].value, *document = json_get(a, "document");
        if (fleet_affects(a, json_get_number(j->component, "classification"),
                          json_get_number(j->component, "identifier"), version))
            tell(j, FLEET_VULNERABLE, json_get_text(json_get(document, "tracking"), "id"), NULL,
                 json_get_text(document, "title"));
    }
}

void fleet_judge(const struct fleet *fleet, int32_t today, void (*hear)(void *ctx, const struct fleet_finding *finding),
                 void *ctx) {
    struct judge j = {.fleet = fleet, .today = today, .hear = hear, .ctx = ctx};
    while ((j.device = fleet_device(fleet, j.device)) != NULL) {
        for (j.component = json_get(j.device, "components")->first; j.component != NULL;
             j.component = j.component->next) {
            judge_age(&j);
            judge_withdrawn(&j);
            judge_flaws(&j);
        }
    }
}
