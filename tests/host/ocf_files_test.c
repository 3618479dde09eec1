// SPDX-License-Identifier: Apache-2.0
//
// What ocfd is told: the file of pre-shared keys, and the schedule of autonomous checks.
#define _POSIX_C_SOURCE 200809L
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/ocf/keys.h"
#include "host/ocf/schedule.h"
#include "tests/check.h"

#define KEY32 "000102030405060708090a0B0c0D0e0f"
#define KEY64 KEY32 KEY32 KEY32 KEY32

static char path[64];
static struct ocf_keys keys;

static void put(const char *text) {
    FILE *file = fopen(path, "w");
    if (file == NULL) exit(1);
    fputs(text, file);
    fclose(file);
    chmod(path, 0600);
}

static void good_keys(void) {
    char error[OCF_KEYS_ERROR];
    put("# who may\n\n owner  dots " KEY32 "\r\nc cms " KEY64 "\na\tams\t" KEY32 "\nreader client " KEY32);
    if (!CHECK(ocf_keys_read(path, &keys, error))) return;
    CHECK_EQ(keys.count, 4);
    const struct ocf_client *owner = ocf_keys_find(&keys, (const uint8_t *)"owner", 5);
    if (!CHECK(owner != NULL && owner->role == OCF_DOTS && owner->key_len == 16)) return;
    for (uint8_t i = 0; i < 16; i++) CHECK_EQ(owner->key[i], i);
    CHECK_EQ(keys.client[1].key_len, 64);
    CHECK(keys.client[1].role == OCF_CMS && keys.client[2].role == OCF_AMS && keys.client[3].role == OCF_CLIENT);
    CHECK(ocf_keys_find(&keys, (const uint8_t *)"owne", 4) == NULL);
    CHECK(ocf_keys_find(&keys, (const uint8_t *)"owner\0", 6) == NULL);
}

static void bad_keys(void) {
    static const struct {
        const char *text, *reason;
    } rows[] = {
        {"", ": no client in it"},
        {"# nobody\n", ": no client in it"},
        {"owner dots\n", ":1: not IDENTITY ROLE KEY"},
        {"owner dots " KEY32 " more\n", ":1: not IDENTITY ROLE KEY"},
        {"\nowner king " KEY32 "\n", ":2: the role is not one of client, dots, cms, ams"},
        {"owner dots secret\n", ":1: the key is not hexadecimal"},
        {"owner dots " KEY32 "0\n", ":1: the key is not hexadecimal"},
        {"owner dots 0011\n", ":1: the key has not 16 to 64 bytes"},
        {"owner dots " KEY64 "00\n", ":1: the key has not 16 to 64 bytes"},
        {"owner dots " KEY32 "\nowner cms " KEY32 "\n", ":2: the identity is there already"},
        {KEY64 "0 dots " KEY32 "\n", ":1: an identity of more than 64 characters"},
    };
    char error[OCF_KEYS_ERROR];
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        put(rows[i].text);
        CHECK(!ocf_keys_read(path, &keys, error));
        if (!CHECK(strcmp(error + strlen(path), rows[i].reason) == 0)) printf("# %s\n", error);
    }
    put("owner dots " KEY32 "\n");
    chmod(path, 0640);
    CHECK(!ocf_keys_read(path, &keys, error));
    CHECK(strstr(error, "others may read it: its mode must be 0600") != NULL);
    unlink(path);
    CHECK(!ocf_keys_read(path, &keys, error));
}

static void many_keys(void) {
    static char text[8192];
    char error[OCF_KEYS_ERROR];
    size_t used = 0;
    for (unsigned i = 0; i < OCF_CLIENTS; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, "c%u client " KEY32 "\n", i);
    put(text);
    CHECK(ocf_keys_read(path, &keys, error));
    CHECK_EQ(keys.count, OCF_CLIENTS);
    snprintf(text + used, sizeof text - used, "more client " KEY32 "\n");
    put(text);
    CHECK(!ocf_keys_read(path, &keys, error));
    CHECK(strstr(error, ":65: more than 64 clients") != NULL);
}

static void schedules(void) {
    static const struct {
        const char *text;
        bool good, daily, update;
        uint64_t seconds;
    } rows[] = {
        {"every=30s", true, false, false, 30},
        {"every=90m,update", true, false, true, 5400},
        {"update,every=24h", true, false, true, 86400},
        {"every=7d", true, false, false, 604800},
        {"at=00:00", true, true, false, 0},
        {"at=23:59,update", true, true, true, 86340},
        {"", false, false, false, 0},
        {"update", false, false, false, 0},
        {"every=0h", false, false, false, 0},
        {"every=5", false, false, false, 0},
        {"every=h", false, false, false, 0},
        {"every=123456789012s", false, false, false, 0},
        {"at=24:00", false, false, false, 0},
        {"at=12:60", false, false, false, 0},
        {"at=9:00", false, false, false, 0},
        {"at=12-00", false, false, false, 0},
        {"every=1h,at=12:00", false, false, false, 0},
        {"never", false, false, false, 0},
    };
    if (freopen("/dev/null", "w", stderr) == NULL) return; /* the lines about the wrong ones */
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct ocf_schedule schedule;
        char group[64];
        snprintf(group, sizeof group, "%s", rows[i].text);
        const bool good = ocf_schedule_parse("ocfd", group, &schedule);
        if (!CHECK_EQ(good, rows[i].good)) printf("# %s\n", rows[i].text);
        if (!good || !rows[i].good) continue;
        CHECK_EQ(schedule.seconds, rows[i].seconds);
        CHECK(schedule.on && schedule.daily == rows[i].daily && schedule.update == rows[i].update);
    }
}

static void next_times(void) {
    enum { DAY = 86400, TEN = 36000 }; /* ten o'clock */
    static const struct {
        const char *what;
        struct ocf_schedule schedule;
        uint64_t checked, now, next;
    } rows[] = {
        {"no schedule", {false, false, false, 60}, 0, 1000, UINT64_MAX},
        {"never checked", {true, false, false, 60}, 0, 1000, 1000},
        {"not yet", {true, false, false, 60}, 990, 1000, 1050},
        {"missed", {true, false, false, 60}, 900, 1000, 960},
        {"the clock went back", {true, false, false, 60}, 2000, 1000, 1000},
        {"daily, never checked: the next time", {true, true, false, TEN}, 0, 5 * DAY + 100, 5 * DAY + TEN},
        {"daily, checked yesterday", {true, true, false, TEN}, 4 * DAY + TEN, 5 * DAY + 100, 5 * DAY + TEN},
        {"daily, due", {true, true, false, TEN}, 4 * DAY + TEN, 5 * DAY + TEN, 5 * DAY + TEN},
        {"daily, done", {true, true, false, TEN}, 5 * DAY + TEN, 5 * DAY + TEN + 1, 6 * DAY + TEN},
        {"daily, missed while off", {true, true, false, TEN}, 2 * DAY + TEN, 5 * DAY + 100, 5 * DAY + 100},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (!CHECK_EQ(ocf_schedule_next(&rows[i].schedule, rows[i].checked, rows[i].now), rows[i].next))
            printf("# %s\n", rows[i].what);
}

int main(void) {
    char folder[] = "/tmp/ocf_files_XXXXXX";
    if (mkdtemp(folder) == NULL) return 1;
    snprintf(path, sizeof path, "%s/keys", folder);
    TEST("given a file of clients / when it is read / then identities, roles and keys") good_keys();
    TEST("given files with one thing wrong / when they are read / then its line and what it is") bad_keys();
    TEST("given 64 clients and one more / when they are read / then the 65th is refused") many_keys();
    TEST("given texts of --auto / when they are read / then a schedule, or refused") schedules();
    TEST("given schedules and the last check / when the next is asked for / then its time") next_times();
    unlink(path);
    rmdir(folder);
    return check_result();
}
