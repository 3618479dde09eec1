// SPDX-License-Identifier: Apache-2.0
//
// Signing keys on the disk: no one-time key twice, wherever a write is cut off or fails, and no copy of a key is used.
#define _DEFAULT_SOURCE
#include "host/key_store.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/check.h"

enum { WRITES = 3, STEPS = WRITES * DURABLE_STEPS };

static struct lms_soft soft;
static char error[KEY_ERROR_TEXT];

/* What a write is asked: to be written down, and from a step on to fail, or to be the process's last. */
struct cut {
    unsigned step, at;
    bool kills;
    char log[STEPS];
};

static bool allow(void *ctx, const char *path, enum durable_step step) {
    struct cut *cut = ctx;
    const bool is_key = strstr(path, ".state") == NULL;
    if (cut->step < STEPS) cut->log[cut->step] = (char)((is_key ? 'A' : 'a') + (int)step);
    if (++cut->step != cut->at) return true;
    if (cut->kills) _exit(9);
    return false;
}

static struct key_store with(struct cut *cut) {
    return (struct key_store){.durable = {cut == NULL ? NULL : allow, cut}, .soft = &soft, .lock = -1};
}

static bool opens(uint32_t skip_to, struct key_store *store) {
    const bool good = key_store_open(store, "key", "state", skip_to, error);
    if (!good) key_store_close(store);
    return good;
}

/* Opens, reserves, closes. @return the index, -1 when that failed */
static long reserve(struct cut *cut, uint32_t skip_to) {
    struct key_store store = with(cut);
    uint32_t index;
    if (!opens(skip_to, &store)) return -1;
    const bool good = key_store_reserve(&store, &index, error);
    key_store_close(&store);
    return good ? (long)index : -1;
}

static void make(uint32_t next) {
    struct lms_key key = {.next = next};
    struct key_store store = with(NULL);
    memset(&key.private, 0x5A, sizeof key.private);
    CHECK(system("rm -rf key state old") == 0);
    if (!CHECK(key_store_create(&store, "key", "state", &key, error))) printf("# %s\n", error);
    key_store_close(&store);
}

static bool said(const char *words) {
    if (strstr(error, words) != NULL) return true;
    printf("# said: %s\n", error);
    return false;
}

static void in_order(void) {
    struct cut cut = {.at = 0};
    struct stat st;
    make(0);
    CHECK_EQ(reserve(NULL, KEY_NO_SKIP), 0);
    CHECK_EQ(reserve(&cut, KEY_NO_SKIP), 1);
    CHECK_EQ(cut.step, STEPS);
    CHECK(memcmp(cut.log, "abcdeABCDEabcde", STEPS) == 0);
    CHECK(stat("key", &st) == 0);
    CHECK_EQ(st.st_mode & 0777, 0600);
    CHECK(access("key.new", F_OK) != 0);
}

/* In a process of its own, which dies before the step. */
static int killed_at(unsigned step) {
    int status = 0;
    fflush(stdout);
    const pid_t child = fork();
    if (child == 0) {
        struct cut cut = {.at = step, .kills = true};
        _exit(reserve(&cut, KEY_NO_SKIP) < 0 ? 1 : 0);
    }
    CHECK(child > 0 && waitpid(child, &status, 0) == child);
    return WEXITSTATUS(status);
}

static void killed(void) {
    make(0);
    long last = -1;
    for (unsigned step = 1; step <= STEPS; step++) {
        CHECK_EQ(killed_at(step), 9);
        const long index = reserve(NULL, KEY_NO_SKIP);
        if (!CHECK(index > last && index <= last + 2))
            printf("# step %u: %ld behind %ld: %s\n", step, index, last, error);
        last = index;
    }
    CHECK_EQ(killed_at(STEPS + 1), 0);
}

/* The mark's new contents are in force once its rename is done: step 4. From there on the index is lost. */
static void fails(void) {
    make(0);
    long want = 0;
    for (unsigned step = 1; step <= STEPS; step++) {
        struct cut cut = {.at = step};
        struct key_store store = with(&cut);
        uint32_t index;
        CHECK(opens(KEY_NO_SKIP, &store));
        CHECK(!key_store_reserve(&store, &index, error));
        CHECK(said("Input/output error"));
        CHECK(!key_store_reserve(&store, &index, error) && said("a write failed before"));
        key_store_close(&store);
        if (step > DURABLE_RENAME + 1) want++;
        if (!CHECK_EQ(reserve(NULL, KEY_NO_SKIP), want)) printf("# step %u: %s\n", step, error);
        want++;
    }
}

/* One cut after the other, none of which lets the key file be written. */
static void killed_again(void) {
    for (unsigned step = 1; step <= STEPS; step++) {
        make(0);
        CHECK_EQ(reserve(NULL, KEY_NO_SKIP), 0);
        for (unsigned times = 0; times < 4; times++) CHECK_EQ(killed_at(step), 9);
        const long index = reserve(NULL, KEY_NO_SKIP);
        if (!CHECK(index >= 1 && index <= 5)) printf("# step %u: %ld: %s\n", step, index, error);
    }
}

static void creation_killed(void) {
    for (unsigned step = 1; step <= STEPS; step++) {
        make(0);
        CHECK(system("rm -rf key state") == 0);
        fflush(stdout);
        const pid_t child = fork();
        if (child == 0) {
            struct cut cut = {.at = step, .kills = true};
            struct key_store store = with(&cut);
            struct lms_key key = {.next = 0};
            _exit(key_store_create(&store, "key", "state", &key, error) ? 0 : 1);
        }
        int status;
        CHECK(child > 0 && waitpid(child, &status, 0) == child && WEXITSTATUS(status) == 9);
        if (access("key", F_OK) == 0) CHECK_EQ(reserve(NULL, KEY_NO_SKIP), 0);
    }
}

static void copied_back(void) {
    static const struct {
        const char *what, *before, *after, *words;
    } cases[] = {
        {"the key written over", "cp key old", "cat old >key", "is an old copy"},
        {"the key replaced", "cp -p key old", "rm key && cp -p old key", "is an old copy"},
        {"the record replaced", "cp -rp state old", "rm -r state && cp -rp old state", "record of its use is an old"},
        {"both replaced", "mkdir old && cp -rp key state old", "rm -r key state && cp -rp old/* .",
         "was copied, restored"},
        {"both written over", "mkdir old && cp -rp key state old",
         "cat old/key >key && for f in state/*.state; do cat old/$f >$f; done", "was copied, restored"},
        {"the key moved away and a copy put there", "true", "cp -p key old && mv old key", "was copied, restored"},
        {"the record lost", "true", "rm -r state", "no record of its use"},
        {"the record damaged", "true", "for f in state/*.state; do echo >>$f; done", "record of its use is damaged"},
        {"the key readable for all", "true", "chmod 644 key", "its mode must be 0600"},
        {"the key gone", "true", "rm key", "No such file"},
        {"a key without its last byte", "true", "head -c -1 key >old; cat old >key", "or damaged"},
        {"a folder for a key", "true", "rm key && mkdir -m 700 key", "Is a directory"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        make(5);
        CHECK(system(cases[i].before) == 0);
        CHECK_EQ(reserve(NULL, KEY_NO_SKIP), 5);
        CHECK_EQ(reserve(NULL, KEY_NO_SKIP), 6);
        CHECK(system(cases[i].after) == 0);
        CHECK_EQ(reserve(NULL, KEY_NO_SKIP), -1);
        if (!CHECK(said(cases[i].words))) printf("# %s\n", cases[i].what);
    }
}

static void skipped(void) {
    static const struct {
        const char *lost;
        uint32_t to;
        long want;
    } cases[] = {{"true", 6, -1},
                 {"true", 7, 7},
                 {"true", 1023, 1023},
                 {"true", 1024, -1},
                 {"cat old >key", 6, -1},
                 {"cat old >key", 7, 7},
                 {"rm -r state", 6, -1},
                 {"rm -r state", 20, 20},
                 {"cat old >key && rm -r state", 7, 7},
                 {"for f in state/*.state; do echo >$f; done", 9, 9}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        make(5);
        CHECK(system("cp key old") == 0);
        CHECK_EQ(reserve(NULL, KEY_NO_SKIP), 5);
        CHECK_EQ(reserve(NULL, KEY_NO_SKIP), 6);
        CHECK(system(cases[i].lost) == 0);
        if (!CHECK_EQ(reserve(NULL, cases[i].to), cases[i].want)) printf("# %s: %s\n", cases[i].lost, error);
        if (cases[i].want >= 0 && cases[i].want < 1023) CHECK_EQ(reserve(NULL, KEY_NO_SKIP), cases[i].want + 1);
    }
}

static void used_up(void) {
    make(LMS_KEYS - 2);
    CHECK_EQ(reserve(NULL, KEY_NO_SKIP), 1022);
    CHECK_EQ(reserve(NULL, KEY_NO_SKIP), 1023);
    CHECK_EQ(reserve(NULL, KEY_NO_SKIP), -1);
    CHECK(said("used up"));
}

static void two_signers(void) {
    struct key_store first = with(NULL), second = with(NULL);
    uint32_t index;
    make(0);
    CHECK(opens(KEY_NO_SKIP, &first));
    CHECK(!opens(KEY_NO_SKIP, &second) && said("in use by another signer"));
    CHECK(key_store_reserve(&first, &index, error));
    key_store_close(&first);
    CHECK(opens(KEY_NO_SKIP, &second));
    CHECK(key_store_reserve(&second, &index, error));
    CHECK_EQ(index, 1);
    key_store_close(&second);
}

static void no_second_key(void) {
    struct key_store store = with(NULL);
    const struct lms_key key = {.next = 0};
    make(3);
    CHECK(!key_store_create(&store, "key", "state", &key, error) && said("is there already"));
    key_store_close(&store);
    CHECK_EQ(reserve(NULL, KEY_NO_SKIP), 3);
}

/* Each byte of both files in turn. */
static void damaged(void) {
    struct lms_key key = {.next = 17};
    struct lms_mark mark = {
        .next = 1024, .key = 7, .settled = true, .inode = 99, .seconds = 1767225600, .nanoseconds = 5};
    char key_text[LMS_KEY_TEXT], mark_text[LMS_KEY_TEXT];
    const size_t key_len = lms_key_format(&soft, &key, key_text);
    const size_t mark_len = lms_mark_format(&soft, &mark, mark_text);
    CHECK(lms_key_parse(&soft, (const uint8_t *)key_text, key_len, &key));
    CHECK_EQ(key.next, 17);
    CHECK(lms_mark_parse(&soft, (const uint8_t *)mark_text, mark_len, &mark));
    CHECK(mark.next == 1024 && mark.key == 7 && mark.settled && mark.inode == 99 && mark.seconds == 1767225600 &&
          mark.nanoseconds == 5);
    for (size_t i = 0; i < key_len; i++) {
        key_text[i] ^= 1;
        CHECK(!lms_key_parse(&soft, (const uint8_t *)key_text, key_len, &key));
        key_text[i] ^= 1;
        CHECK(!lms_key_parse(&soft, (const uint8_t *)key_text, i, &key));
    }
    for (size_t i = 0; i < mark_len; i++) {
        mark_text[i] ^= 1;
        CHECK(!lms_mark_parse(&soft, (const uint8_t *)mark_text, mark_len, &mark));
        mark_text[i] ^= 1;
        CHECK(!lms_mark_parse(&soft, (const uint8_t *)mark_text, i, &mark));
    }
}

int main(void) {
    char folder[] = "/tmp/key_store_XXXXXX";
    if (mkdtemp(folder) == NULL || chdir(folder) != 0 || !lms_soft_open(&soft)) return 1;
    TEST("given a key when indices are reserved then each is on the disk, in three whole writes, before it is given")
    in_order();
    TEST("given a reservation killed before any step when the next one comes then no index is given twice") killed();
    TEST("given reservations killed at the same step again and again when one gets through then its index is new")
    killed_again();
    TEST("given a reservation that fails at any step when the next one comes then it is lost or was never taken")
    fails();
    TEST("given a new key killed before any step when it is there nevertheless then it gives its first index")
    creation_killed();
    TEST("given a key or its record copied, lost or damaged when it is opened then it is refused by name")
    copied_back();
    TEST("given --skip-to when the files disagree then it goes on from there, never from below what they know")
    skipped();
    TEST("given a key with two indices left when three are asked for then the third is refused") used_up();
    TEST("given a signer at work when a second one opens the key then it is refused until the first is done")
    two_signers();
    TEST("given a key file when a new key is to take its place then it is refused and the old one works")
    no_second_key();
    TEST("given a key or a record with a bit wrong or cut when it is read then it is refused") damaged();
    lms_soft_close(&soft);
    if (chdir("/") != 0) return 1;
    char command[64];
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command) != 0 || check_result();
}
