// SPDX-License-Identifier: Apache-2.0
//
// Promises of json_form.h.
#include "host/json_form.h"

#include <stdio.h>

static const char *const kinds[] = {
    [JSON_NULL] = "null",   [JSON_BOOL] = "true or false", [JSON_NUMBER] = "a whole number",
    [JSON_TEXT] = "a text", [JSON_ARRAY] = "an array",     [JSON_OBJECT] = "an object",
};

static bool refuse(const char *name, unsigned line, const char *member, const char *is, const char *what, char *error) {
    snprintf(error, JSON_ERROR_TEXT, "%.160s:%u: %.60s is %s%s", name, line, member, is, what);
    return false;
}

/* One value for the member @p f, or one element of it. */
static bool fits(const char *name, const struct json_value *v, const struct json_field *f, enum json_kind kind,
                 char *error) {
    if (v->kind != kind || (kind == JSON_NUMBER && !v->whole))
        return refuse(name, v->line, f->name, v->name != NULL ? "not " : "not an array of ", kinds[kind], error);
    if (kind == JSON_NUMBER && f->most != 0 && v->number > f->most)
        return refuse(name, v->line, f->name, "too large", "", error);
    if (kind == JSON_TEXT && f->good != NULL && !f->good(v->text))
        return refuse(name, v->line, f->name, "not ", f->what, error);
    return kind != JSON_OBJECT || f->inside == NULL || json_fits(name, v, f->inside, error);
}

bool json_fits(const char *name, const struct json_value *object, const struct json_field *fields, char *error) {
    for (const struct json_field *f = fields; f->name != NULL; f++) {
        const struct json_value *v = json_get(object, f->name);
        if (v == NULL && !f->required) continue;
        if (v == NULL) return refuse(name, object->line, f->name, "missing", "", error);
        if (!fits(name, v, f, f->kind, error)) return false;
        if (v->kind != JSON_ARRAY) continue;
        for (const struct json_value *e = v->first; e != NULL; e = e->next)
            if (!fits(name, e, f, f->of, error)) return false;
    }
    return true;
}

const struct json_value *json_only(const char *name, const struct json_document *document,
                                   const struct json_field *fields, char *error) {
    const struct json_value *v = document->values->first;
    if (v->next != NULL || v->kind != JSON_OBJECT) {
        snprintf(error, JSON_ERROR_TEXT, "%.200s: not one JSON object", name);
        return NULL;
    }
    return json_fits(name, v, fields, error) ? v : NULL;
}
