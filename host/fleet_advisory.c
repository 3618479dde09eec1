// SPDX-License-Identifier: Apache-2.0
//
// CSAF 2.0 as far as an inventory of PLDM components needs it: the products that are known to be affected, of these the
// ones that say which component they are (host/advisory_csaf.h), and their versions: a range in vers:generic, or one
// version.
#include <stdio.h>
#include <string.h>

#include "host/advisory_csaf.h"
#include "host/fleet.h"
#include "host/range.h"

#define END \
    { .name = NULL }
#define TEXT(member) \
    { .name = member, .kind = JSON_TEXT, .required = true }
#define OBJECT(member, is_needed, fields) \
    { .name = member, .kind = JSON_OBJECT, .required = is_needed, .inside = fields }
#define OBJECTS(member, is_needed, fields) \
    { .name = member, .kind = JSON_ARRAY, .required = is_needed, .of = JSON_OBJECT, .inside = fields }

static const struct json_field tracking[] = {TEXT("id"), END};
static const struct json_field note[] = {TEXT("text"), END};
static const struct json_field document[] = {TEXT("title"), OBJECT("tracking", true, tracking),
                                             OBJECTS("notes", false, note), END};
static const struct json_field uri[] = {TEXT("namespace"), TEXT("uri"), END};
static const struct json_field helper[] = {OBJECTS("x_generic_uris", false, uri), END};
static const struct json_field product[] = {TEXT("product_id"), OBJECT("product_identification_helper", false, helper),
                                            END};
/* Branches are in branches: those are looked at as they are walked. */
static const struct json_field branch[] = {TEXT("category"),
                                           TEXT("name"),
                                           OBJECT("product", false, product),
                                           {.name = "branches", .kind = JSON_ARRAY, .of = JSON_OBJECT},
                                           END};
static const struct json_field tree[] = {{.name = "branches", .kind = JSON_ARRAY, .of = JSON_OBJECT}, END};
static const struct json_field product_status[] = {{.name = "known_affected", .kind = JSON_ARRAY, .of = JSON_TEXT},
                                                   END};
static const struct json_field vulnerability[] = {OBJECT("product_status", false, product_status), END};

const struct json_field fleet_advisory_form[] = {OBJECT("document", true, document), OBJECT("product_tree", true, tree),
                                                 OBJECTS("vulnerabilities", true, vulnerability), END};

static const struct json_value *first_of(const struct json_value *object, const char *name) {
    const struct json_value *array = json_get(object, name);
    return array != NULL ? array->first : NULL;
}

/* The URI that names a component of ours, NULL: it is about something else. */
static const char *component_uri(const struct json_value *branch_with_product) {
    const struct json_value *h = json_get(json_get(branch_with_product, "product"), "product_identification_helper");
    for (const struct json_value *u = first_of(h, "x_generic_uris"); u != NULL; u = u->next)
        if (strcmp(json_get_text(u, "namespace"), ADVISORY_NAMESPACE) == 0) return json_get_text(u, "uri");
    return NULL;
}

/* The versions of a branch: a range, or one version; NULL: neither. @p one holds an answer. */
static const char *range_of(const struct json_value *b, char one[160]) {
    const char *category = json_get_text(b, "category"), *name = json_get_text(b, "name");
    if (strcmp(category, "product_version_range") == 0)
        return strncmp(name, RANGE_PREFIX, strlen(RANGE_PREFIX)) == 0 ? name + strlen(RANGE_PREFIX) : NULL;
    if (strcmp(category, "product_version") != 0 || strlen(name) > 128) return NULL;
    snprintf(one, 160, "=%s", name);
    return one;
}

static const char *branch_fault(const struct json_value *b) {
    char error[JSON_ERROR_TEXT], one[160];
    for (; b != NULL; b = b->next) {
        if (!json_fits("", b, branch, error)) return "a branch of its product tree is not one of CSAF 2.0";
        const char *fault = branch_fault(first_of(b, "branches"));
        if (fault != NULL) return fault;
        if (component_uri(b) == NULL) continue;
        const char *range = range_of(b, one);
        if (range == NULL || !range_known(range)) return "versions of a component that fwup does not understand";
    }
    return NULL;
}

const char *fleet_advisory_fault(const struct json_value *advisory) {
    return branch_fault(first_of(json_get(advisory, "product_tree"), "branches"));
}

static bool is_affected(const struct json_value *advisory, const char *product_id) {
    for (const struct json_value *v = first_of(advisory, "vulnerabilities"); v != NULL; v = v->next)
        for (const struct json_value *p = first_of(json_get(v, "product_status"), "known_affected"); p != NULL;
             p = p->next)
            if (strcmp(p->text, product_id) == 0) return true;
    return false;
}

static bool is_withdrawn(const struct json_value *advisory) {
    for (const struct json_value *n = first_of(json_get(advisory, "document"), "notes"); n != NULL; n = n->next) {
        const char *title = json_get_text(n, "title");
        if (title != NULL && strcmp(title, "Withdrawn") == 0) return true;
    }
    return false;
}

static bool affects(const struct json_value *advisory, const struct json_value *b, const char *want,
                    const char *version) {
    char one[160];
    for (; b != NULL; b = b->next) {
        const char *uri_text = component_uri(b);
        if (uri_text != NULL && strcmp(uri_text, want) == 0 && range_holds(range_of(b, one), version) &&
            is_affected(advisory, json_get_text(json_get(b, "product"), "product_id")))
            return true;
        if (affects(advisory, first_of(b, "branches"), want, version)) return true;
    }
    return false;
}

bool fleet_affects(const struct json_value *advisory, uint64_t classification, uint64_t identifier,
                   const char *version) {
    char want[64];
    snprintf(want, sizeof want, ADVISORY_COMPONENT "0x%04x:0x%04x", (unsigned)classification, (unsigned)identifier);
    return !is_withdrawn(advisory) &&
           affects(advisory, first_of(json_get(advisory, "product_tree"), "branches"), want, version);
}
