// SPDX-License-Identifier: Apache-2.0
//
// JSON that comes from elsewhere: what it says, and what is refused, each with its line.
#include "host/json_read.h"

#include "host/json_form.h"
#include "tests/check.h"

static char error[JSON_ERROR_TEXT];

static bool parse(const char *text, struct json_document *out) {
    error[0] = '\0';
    return json_parse("x", text, strlen(text), out, error);
}

static void values(void) {
    struct json_document d;
    TEST("given an object with each kind of value / when read / then each is what it says") {
        CHECK(
            parse("{\"n\": 18446744073709551615, \"t\" : true,\"f\":false, \"z\":null,\n\"a\":[ 1 ,\"b\", {} , []],"
                  "\"s\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00\xC3\xA9\"}",
                  &d));
        const struct json_value *o = d.values->first, *a = json_get(o, "a");
        CHECK(json_get_number(o, "n") == UINT64_MAX && json_get(o, "n")->whole);
        CHECK(json_get_number(o, "t") == 1 && json_get_number(o, "f") == 0 && json_get(o, "z")->kind == JSON_NULL);
        CHECK(strcmp(json_get_text(o, "s"), "\"\\/\b\f\n\r\t\xC3\xA9\xF0\x9F\x98\x80\xC3\xA9") == 0);
        CHECK(a->line == 2 && a->first->number == 1 && strcmp(a->first->next->text, "b") == 0);
        CHECK(a->first->next->next->kind == JSON_OBJECT && a->first->next->next->next->kind == JSON_ARRAY);
        CHECK(json_get(o, "y") == NULL && json_get_text(o, "n") == NULL && json_get_text(a, "n") == NULL);
        json_free(&d);
    }
    TEST("given numbers that are no whole ones, or too large / when read / then they are numbers, but not whole") {
        CHECK(parse("[-1, 1.5, 1e3, 18446744073709551616, 0]", &d));
        const struct json_value *v = d.values->first->first;
        for (; v->next != NULL; v = v->next) CHECK(v->kind == JSON_NUMBER && !v->whole);
        CHECK(v->whole && v->number == 0);
        json_free(&d);
    }
    TEST("given several values with white space between / when read / then they come one after the other") {
        CHECK(parse("{\"a\":1}\n{\"a\":2}\r\n\"three\"\n", &d));
        CHECK(json_get_number(d.values->first, "a") == 1 && json_get_number(d.values->first->next, "a") == 2);
        CHECK(strcmp(d.values->first->next->next->text, "three") == 0);
        json_free(&d);
    }
}

static void refusals(void) {
    static const struct {
        const char *sentence, *text, *reason;
    } cases[] = {
        {"given an empty file / when read / then refused", " \n", "x:2: there is nothing in it"},
        {"given an object without end / when read / then refused", "{\n\"a\":1", "x:2: ',' or '}' is missing"},
        {"given an array with a comma at its end / when read / then refused", "[1,]", "x:1: not a value"},
        {"given members without colon / when read / then refused", "{\"a\" 1}", "x:1: ':' is missing"},
        {"given a name that is no string / when read / then refused", "{a:1}", "x:1: a string is missing"},
        {"given a string without end / when read / then refused", "\"abc", "x:1: a string without end"},
        {"given a line end in a string / when read / then refused", "\"a\nb\"", "x:1: a control character in a string"},
        {"given an unknown escape / when read / then refused", "\"\\x\"", "x:1: an unknown escape"},
        {"given three hexadecimal digits / when read / then refused", "\"\\u12g4\"",
         "x:1: \\u without four hexadecimal digits"},
        {"given half a surrogate pair / when read / then refused", "\"\\ud83d\"", "x:1: half a surrogate pair"},
        {"given the second half alone / when read / then refused", "\"\\ude00\"", "x:1: half a surrogate pair"},
        {"given a NUL / when read / then refused", "\"\\u0000\"", "x:1: a string with a NUL"},
        {"given UTF-8 that is too long / when read / then refused", "\"\xC0\x80\"", "x:1: not UTF-8"},
        {"given UTF-8 that is cut off / when read / then refused", "\"\xE2\x82", "x:1: not UTF-8"},
        {"given a surrogate in UTF-8 / when read / then refused", "\"\xED\xA0\x80\"", "x:1: not UTF-8"},
        {"given a leading zero / when read / then refused", "01", "x:1: not a value"},
        {"given a fraction without digits / when read / then refused", "1.", "x:1: a fraction without digits"},
        {"given an exponent without digits / when read / then refused", "1e+", "x:1: an exponent without digits"},
        {"given two values without white space / when read / then refused", "1\"a\"",
         "x:1: something behind the value"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct json_document d;
        TEST(cases[i].sentence) {
            CHECK(!parse(cases[i].text, &d));
            if (!CHECK(strcmp(error, cases[i].reason) == 0)) printf("# said: %s\n", error);
        }
    }
    TEST("given arrays as deep as allowed, and one more / when read / then only the latter is refused") {
        char text[2 * JSON_DEPTH + 3];
        struct json_document d;
        for (unsigned depth = JSON_DEPTH; depth <= JSON_DEPTH + 1; depth++) {
            memset(text, '[', depth);
            memset(text + depth, ']', depth);
            text[2 * depth] = '\0';
            const bool good = parse(text, &d);
            CHECK(good == (depth == JSON_DEPTH));
            if (good) json_free(&d);
        }
        CHECK(strcmp(error, "x:1: nested too deeply") == 0);
    }
}

static bool is_ab(const char *text) {
    return strcmp(text, "ab") == 0;
}

static void forms(void) {
    static const struct json_field inner[] = {{.name = "n", .kind = JSON_NUMBER, .required = true, .most = 7},
                                              {.name = NULL}};
    static const struct json_field outer[] = {
        {.name = "o", .kind = JSON_OBJECT, .inside = inner},
        {.name = "a", .kind = JSON_ARRAY, .required = true, .of = JSON_OBJECT, .inside = inner},
        {.name = "t", .kind = JSON_ARRAY, .of = JSON_TEXT, .good = is_ab, .what = "\"ab\""},
        {.name = NULL}};
    static const struct {
        const char *text, *reason;
    } cases[] = {
        {"{\"a\":[]}", ""},
        {"{\"a\":[{\"n\":1},{\"n\":2}],\"o\":{\"n\":1,\"more\":-1.5},\"t\":[\"ab\"]}", ""},
        {"{}", "x:1: a is missing"},
        {"{\"a\":{}}", "x:1: a is not an array"},
        {"{\"a\":[1]}", "x:1: a is not an array of an object"},
        {"{\"a\":[{\"n\":1},\n{\"n\":1.5}]}", "x:2: n is not a whole number"},
        {"{\"a\":[{}]}", "x:1: n is missing"},
        {"{\"a\":[],\"o\":{\"n\":\"1\"}}", "x:1: n is not a whole number"},
        {"{\"a\":[],\"t\":[\"ab\",\"b\"]}", "x:1: t is not \"ab\""},
        {"{\"a\":[{\"n\":8}]}", "x:1: n is too large"},
        {"{\"a\":[]} {}", "x: not one JSON object"},
        {"[]", "x: not one JSON object"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct json_document d;
        char sentence[160];
        snprintf(sentence, sizeof sentence, "given the table of a file and case %zu / when it is held to it / then %s",
                 i, cases[i].reason[0] == '\0' ? "it fits" : "the reason says which member");
        TEST(sentence) {
            if (!CHECK(parse(cases[i].text, &d))) continue;
            CHECK((json_only("x", &d, outer, error) != NULL) == (cases[i].reason[0] == '\0'));
            if (!CHECK(strcmp(error, cases[i].reason) == 0)) printf("# said: %s\n", error);
            json_free(&d);
        }
    }
}

int main(void) {
    values();
    refusals();
    forms();
    return check_result();
}
