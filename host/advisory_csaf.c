// SPDX-License-Identifier: Apache-2.0
//
// An advisory as a document of the CSAF 2.0 profile "security advisory" (OASIS, Common Security Advisory Framework).
// The component that it is about is named by a product identification helper, so that a program can match an inventory:
// namespace ADVISORY_NAMESPACE, URI "pldm:component:0xCCCC:0xIIII".
#include "host/advisory_csaf.h"

#include <ctype.h>
#include <string.h>

#include "host/day.h"
#include "host/range.h"
#include "host/text.h"

enum { AFFECTED, FIXED, PRODUCTS };
static const char *const product_ids[PRODUCTS] = {"AFFECTED", "FIXED"};

static void moment(struct json *j, const char *name, const char *dated) {
    char text[sizeof "YYYY-MM-DDT00:00:00Z"];
    snprintf(text, sizeof text, "%.10sT00:00:00Z", dated);
    json_text(j, name, text);
}

static const char *last_of(const struct notes *notes, const char *key, unsigned *count) {
    const char *value = NULL;
    *count = 0;
    for (const struct note *n = NULL; (n = notes_next(notes, key, n)) != NULL; ++*count) value = n->value;
    return value;
}

static void number_text(struct json *j, const char *name, unsigned number) {
    char text[16];
    snprintf(text, sizeof text, "%u", number);
    json_text(j, name, text);
}

static void publisher_of(struct json *j, const struct notes *publisher) {
    json_open(j, "publisher", '{');
    json_text(j, "category", "vendor");
    json_text(j, "name", notes_get(publisher, "Name"));
    json_text(j, "namespace", notes_get(publisher, "Namespace"));
    json_text(j, "contact_details", notes_get(publisher, "Contact"));
    json_close(j, '}');
}

static void tracking(struct json *j, const struct advisory *a) {
    unsigned count, n = 0;
    const char *last = last_of(&a->notes, "Revision", &count);
    json_open(j, "tracking", '{');
    json_text(j, "id", notes_get(&a->notes, "Advisory"));
    json_text(j, "status", "final");
    number_text(j, "version", count);
    moment(j, "initial_release_date", notes_get(&a->notes, "Revision"));
    moment(j, "current_release_date", last);
    json_open(j, "revision_history", '[');
    for (const struct note *r = NULL; (r = notes_next(&a->notes, "Revision", r)) != NULL;) {
        json_open(j, NULL, '{');
        moment(j, "date", r->value);
        number_text(j, "number", ++n);
        json_text(j, "summary", r->value + sizeof "YYYY-MM-DD");
        json_close(j, '}');
    }
    json_close(j, ']');
    json_close(j, '}');
}

/* Where it is to be found, by the name that CSAF 2.0 gives a document (clause 5.1). */
static void canonical(struct json *j, const struct advisory *a, const struct notes *publisher) {
    char url[512];
    int used = snprintf(url, sizeof url, "%.200s/advisories/", notes_get(publisher, "Namespace"));
    for (const char *c = notes_get(&a->notes, "Advisory"); *c != '\0' && used < 400; c++)
        url[used++] = (char)tolower((unsigned char)*c);
    snprintf(url + used, sizeof url - (size_t)used, ".json");
    json_open(j, "references", '[');
    json_open(j, NULL, '{');
    json_text(j, "category", "self");
    json_text(j, "summary", "this document");
    json_text(j, "url", url);
    json_close(j, '}');
    json_close(j, ']');
}

static void note(struct json *j, const char *category, const char *title, const char *text) {
    json_open(j, NULL, '{');
    json_text(j, "category", category);
    json_text(j, "title", title);
    json_text(j, "text", text);
    json_close(j, '}');
}

static void document(struct json *j, const struct advisory *a, const struct notes *publisher) {
    json_open(j, "document", '{');
    json_text(j, "category", "csaf_security_advisory");
    json_text(j, "csaf_version", "2.0");
    json_text(j, "lang", "en");
    json_text(j, "title", notes_get(&a->notes, "Title"));
    json_open(j, "aggregate_severity", '{');
    json_text(j, "text", notes_get(&a->notes, "Severity"));
    json_close(j, '}');
    json_open(j, "distribution", '{');
    json_open(j, "tlp", '{');
    json_text(j, "label", "WHITE");
    json_close(j, '}');
    json_close(j, '}');
    if (a->state == ADVISORY_WITHDRAWN) {
        json_open(j, "notes", '[');
        note(j, "general", "Withdrawn", "This advisory was withdrawn; see its last revision.");
        json_close(j, ']');
    }
    publisher_of(j, publisher);
    canonical(j, a, publisher);
    tracking(j, a);
    json_close(j, '}');
}

/* One version, or range of versions, of the component. */
static void product(struct json *j, const struct advisory *a, int which, const char *category, const char *name) {
    char text[256];
    json_open(j, NULL, '{');
    json_text(j, "category", category);
    json_text(j, "name", name);
    json_open(j, "product", '{');
    snprintf(text, sizeof text, "%.100s %.100s", notes_get(&a->notes, "Component"), name);
    json_text(j, "name", text);
    json_text(j, "product_id", product_ids[which]);
    json_open(j, "product_identification_helper", '{');
    json_open(j, "x_generic_uris", '[');
    json_open(j, NULL, '{');
    json_text(j, "namespace", ADVISORY_NAMESPACE);
    snprintf(text, sizeof text, ADVISORY_COMPONENT "%s", notes_get(&a->notes, "PLDM"));
    json_text(j, "uri", text);
    json_close(j, '}');
    json_close(j, ']');
    json_close(j, '}');
    json_close(j, '}');
    json_close(j, '}');
}

static void branch(struct json *j, const char *category, const char *name) {
    json_open(j, "branches", '[');
    json_open(j, NULL, '{');
    json_text(j, "category", category);
    json_text(j, "name", name);
}

static void products(struct json *j, const struct advisory *a, const struct notes *publisher) {
    char range[256];
    const char *fixed = notes_get(&a->notes, "Fixed"), *affected = notes_get(&a->notes, "Affected");
    snprintf(range, sizeof range, RANGE_PREFIX "%.200s", affected);
    json_open(j, "product_tree", '{');
    branch(j, "vendor", notes_get(publisher, "Name"));
    branch(j, "product_family", notes_get(publisher, "Product"));
    branch(j, "product_name", notes_get(&a->notes, "Component"));
    json_open(j, "branches", '[');
    product(j, a, AFFECTED, "product_version_range", range);
    if (fixed != NULL) product(j, a, FIXED, "product_version", fixed);
    json_close(j, ']');
    for (int depth = 0; depth < 3; depth++) {
        json_close(j, '}');
        json_close(j, ']');
    }
    json_close(j, '}');
}

static void id_list(struct json *j, const char *name, int which) {
    json_open(j, name, '[');
    json_text(j, NULL, product_ids[which]);
    json_close(j, ']');
}

static void remediation(struct json *j, const char *category, const char *details) {
    if (details == NULL) return;
    json_open(j, NULL, '{');
    json_text(j, "category", category);
    json_text(j, "details", details);
    id_list(j, "product_ids", AFFECTED);
    json_close(j, '}');
}

static void remediations(struct json *j, const struct advisory *a) {
    const char *fixed = notes_get(&a->notes, "Fixed");
    char text[2048];
    snprintf(text, sizeof text, "%.1900s Install it within %u days.", notes_get(&a->notes, "Remedy"),
             notes_number(&a->notes, "Install", 0));
    json_open(j, "remediations", '[');
    remediation(j, fixed != NULL ? "vendor_fix" : "none_available",
                fixed != NULL ? text : notes_get(&a->notes, "Remedy"));
    remediation(j, "workaround", notes_get(&a->notes, "Workaround"));
    json_close(j, ']');
}

static void weakness(struct json *j, const struct notes *notes) {
    const char *cwe = notes_get(notes, "CWE"), *cve = notes_get(notes, "CVE");
    char id[32];
    if (cve != NULL) json_text(j, "cve", cve);
    if (cwe == NULL) return;
    snprintf(id, sizeof id, "%.*s", (int)strcspn(cwe, " "), cwe);
    json_open(j, "cwe", '{');
    json_text(j, "id", id);
    json_text(j, "name", cwe + strcspn(cwe, " ") + 1);
    json_close(j, '}');
}

static void vulnerability(struct json *j, const struct advisory *a, const struct notes *publisher) {
    json_open(j, NULL, '{');
    json_text(j, "title", notes_get(&a->notes, "Title"));
    weakness(j, &a->notes);
    moment(j, "discovery_date", notes_get(&a->notes, "State"));
    moment(j, "release_date", notes_get(&a->notes, "Revision"));
    json_open(j, "ids", '[');
    json_open(j, NULL, '{');
    json_text(j, "system_name", notes_get(publisher, "Name"));
    json_text(j, "text", notes_get(&a->notes, "Advisory"));
    json_close(j, '}');
    json_close(j, ']');
    json_open(j, "notes", '[');
    note(j, "description", "Summary", notes_get(&a->notes, "Summary"));
    json_close(j, ']');
    json_open(j, "product_status", '{');
    id_list(j, "known_affected", AFFECTED);
    if (notes_get(&a->notes, "Fixed") != NULL) id_list(j, "fixed", FIXED);
    json_close(j, '}');
    remediations(j, a);
    json_open(j, "threats", '[');
    json_open(j, NULL, '{');
    json_text(j, "category", "impact");
    json_text(j, "details", notes_get(&a->notes, "Impact"));
    id_list(j, "product_ids", AFFECTED);
    json_close(j, '}');
    json_close(j, ']');
    json_close(j, '}');
}

void advisory_csaf(FILE *to, const struct advisory *advisory, const struct notes *publisher) {
    struct json j = {.to = to};
    json_open(&j, NULL, '{');
    document(&j, advisory, publisher);
    products(&j, advisory, publisher);
    json_open(&j, "vulnerabilities", '[');
    vulnerability(&j, advisory, publisher);
    json_close(&j, ']');
    json_close(&j, '}');
    fputc('\n', to);
}
