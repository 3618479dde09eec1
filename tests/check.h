// SPDX-License-Identifier: Apache-2.0
//
// The whole test framework: sentences, checks and a count, for C and C++. A test program runs its cases, prints one
// line each ("ok - sentence" or "not ok - sentence", a reason before it) and exits 1 when one failed. tests/run adds
// them up.
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static unsigned check_passed, check_failed;
static bool check_ok;

/* Runs the statement block that follows as one test; `given ... when ... then ...` is its name. */
#define TEST(sentence)                                                       \
    for (const char *check_name = (check_ok = true, (sentence)); check_name; \
         check_report(check_name), check_name = NULL)

static inline void check_report(const char *name) {
    printf("%s - %s\n", check_ok ? "ok" : "not ok", name);
    fflush(stdout);
    if (check_ok)
        check_passed++;
    else
        check_failed++;
}

static inline bool check_that(bool holds, const char *file, int line, const char *what) {
    if (!holds) {
        printf("# %s:%d: does not hold: %s\n", file, line, what);
        check_ok = false;
    }
    return holds;
}

static inline bool check_equal(uint64_t got, uint64_t want, const char *file, int line, const char *what) {
    if (got == want) return true;
    printf("# %s:%d: %s is %llu (0x%llx), not %llu (0x%llx)\n", file, line, what, (unsigned long long)got,
           (unsigned long long)got, (unsigned long long)want, (unsigned long long)want);
    check_ok = false;
    return false;
}

/* Both return whether the check held, so that a test can stop early. */
#define CHECK(condition)          check_that((condition), __FILE__, __LINE__, #condition)
#define CHECK_EQ(got, want)       check_equal((uint64_t)(got), (uint64_t)(want), __FILE__, __LINE__, #got)
#define CHECK_MEM(got, want, len) check_that(memcmp((got), (want), (len)) == 0, __FILE__, __LINE__, #got " == " #want)

/* The value main returns. A program that ran no test has failed. */
static inline int check_result(void) {
    return check_failed != 0 || check_passed == 0;
}
