// SPDX-License-Identifier: Apache-2.0
//
// Days and ranges of versions: what deadlines and advisories are reckoned with.
#include "host/day.h"
#include "host/range.h"
#include "tests/check.h"

static void days(void) {
    static const struct {
        const char *text;
        int32_t day;
    } known[] = {{"1970-01-01", 0},     {"1970-03-01", 59},    {"1969-12-31", -1},    {"2000-02-29", 11016},
                 {"2000-03-01", 11017}, {"2026-11-27", 20784}, {"2100-03-01", 47541}, {"1900-03-01", -25508}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        char sentence[100], text[DAY_TEXT];
        int32_t day;
        snprintf(sentence, sizeof sentence, "given %s / when read and written / then it is day %d", known[i].text,
                 (int)known[i].day);
        TEST(sentence) {
            CHECK(day_parse(known[i].text, &day) && day == known[i].day);
            CHECK(strcmp(day_format(known[i].day, text), known[i].text) == 0);
        }
    }
    TEST("given every day of 400 years / when written and read / then it is the same day") {
        for (int32_t day = -25567; day < 120531; day++) {
            char text[DAY_TEXT];
            int32_t back = day - 1;
            if (!CHECK(day_parse(day_format(day, text), &back) && back == day)) break;
        }
    }
    TEST("given dates that are none / when read / then refused") {
        static const char *const none[] = {"",           "2026",       "2026-1-01",  "20260101",   "2026-13-01",
                                           "2026-00-01", "2026-02-29", "2026-04-31", "2026-01-0x", "x026-01-01"};
        int32_t day;
        for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) CHECK(!day_parse(none[i], &day));
    }
}

static void ranges(void) {
    static const struct {
        const char *range, *version;
        bool holds;
    } cases[] = {
        {"*", "1", true},          {"<1.10", "1.9", true},       {"<1.10", "1.10", false},
        {"<=1.10", "1.10", true},  {">1.10", "1.10", false},     {">=1.10", "1.10", true},
        {"=1.0", "1.0", true},     {"=1.0", "1.0.0", false},     {">=1.0|<2.0", "1.5", true},
        {"<1.0", "1.0-rc1", true}, {">=1.0|<2.0", "2.0", false}, {">=1.0|<2.0", "0.9", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char sentence[100];
        snprintf(sentence, sizeof sentence, "given the range %s / when %s is looked for / then it is %s",
                 cases[i].range, cases[i].version, cases[i].holds ? "in it" : "not");
        TEST(sentence)
        CHECK(range_known(cases[i].range) && range_holds(cases[i].range, cases[i].version) == cases[i].holds);
    }
    TEST("given texts that are no range / when read / then refused, and nothing is in them") {
        static const char *const none[] = {"",         "1.0", "<",    "< 1.0", "<1.0|", "|<1.0",
                                           "<1|<2|<3", "<x",  "~1.0", "<1.0 ", "<1,0"};
        for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
            CHECK(!range_known(none[i]) && !range_holds(none[i], "1.0"));
    }
}

int main(void) {
    days();
    ranges();
    return check_result();
}
