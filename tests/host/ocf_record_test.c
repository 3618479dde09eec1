// SPDX-License-Identifier: Apache-2.0
//
// The state file: what goes in comes out, a damaged one is refused, and a write that is cut off anywhere leaves the old
// or the new one.
#define _POSIX_C_SOURCE 200809L
#include "host/ocf/record.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/check.h"

static char path[64], text[OCF_RECORD_TEXT], again[OCF_RECORD_TEXT];
static struct ocf_record record, other;

static void fill(struct ocf_images *images, unsigned count) {
    images->count = count;
    for (unsigned i = 0; i < count; i++) {
        struct ocf_image *image = &images->image[i];
        *image = (struct ocf_image){(uint16_t)(i + 10), UINT16_MAX, UINT32_MAX, i, UINT8_MAX, IMAGE_VERSION_MAX, {0}};
        memset(image->version, 0xF0 + (int)(i % 16), sizeof image->version);
    }
}

/* One of everything that an update under way has. */
static void make(struct ocf_record *r, unsigned images) {
    ocf_record_new(r);
    r->pstat.s = OCF_RFNOP;
    r->pstat.cm = 0;
    r->pstat.tm = OCF_MODE_UPDATE | 8;
    pstat_activation(&r->pstat, true);
    memset(r->pstat.owner, 0xA5, OCF_UUID);
    r->autonomous = true;
    r->attempts = 2;
    r->checked = INT64_MAX;
    fill(&r->target, images);
    fill(&r->installed, images);
}

static void round_trip(void) {
    for (unsigned images = 0; images <= OCF_IMAGES; images += OCF_IMAGES / 4) {
        make(&record, images);
        const size_t len = ocf_record_format(&record, text);
        if (!CHECK(len < OCF_RECORD_TEXT && ocf_record_parse(text, len, &other))) return;
        CHECK_EQ(ocf_record_format(&other, again), len);
        CHECK_MEM(text, again, len);
        CHECK_EQ(other.pstat.tm, OCF_MODE_UPDATE | 8);
        CHECK(other.pstat.p && other.autonomous && other.attempts == 2 && other.checked == INT64_MAX);
        CHECK_EQ(other.installed.count, images);
        if (images != 0)
            CHECK_MEM(&other.target.image[images - 1], &record.target.image[images - 1], sizeof other.target.image[0]);
    }
}

static void beginnings(void) {
    make(&record, 2);
    const size_t len = ocf_record_format(&record, text);
    for (size_t n = 0; n < len; n++) CHECK(!ocf_record_parse(text, n, &other));
    text[len] = '\n';
    CHECK(!ocf_record_parse(text, len + 1, &other));
}

/* @p was in the text becomes @p is. */
static bool parses_with(const char *was, const char *is) {
    static char changed[OCF_RECORD_TEXT + 64];
    const size_t len = ocf_record_format(&record, text);
    text[len] = '\0';
    const char *at = strstr(text, was);
    if (!CHECK(at != NULL)) return true;
    const size_t head = (size_t)(at - text);
    memcpy(changed, text, head);
    const size_t used = head + (size_t)snprintf(changed + head, sizeof changed - head, "%s%s", is, at + strlen(was));
    return ocf_record_parse(changed, used, &other);
}

static void damage(void) {
    static const struct {
        const char *what, *was, *is;
    } rows[] = {
        {"another version", "ocfd-state 1", "ocfd-state 2"},
        {"RESET, which is never stored", "dos.s 3", "dos.s 0"},
        {"a state that is none", "dos.s 3", "dos.s 5"},
        {"p without an update", "tm 136", "tm 8"},
        {"isop beside p", "isop 0", "isop 1"},
        {"both modes", "tm 136", "tm 192"},
        {"a reserved bit", "cm 0", "cm 256"},
        {"no number", "cm 0", "cm "},
        {"a sign", "cm 0", "cm -1"},
        {"om that is not supported", "om 4", "om 1"},
        {"sm that is not this device's", "sm 4", "sm 5"},
        {"a wrong character in the UUID", "a5a5a5a5-", "a5a5a5ag-"},
        {"a number over 2^64", "checked 9223372036854775807", "checked 92233720368547758070"},
        {"a name twice", "attempts 2\n", "attempts 2\nattempts 2\n"},
        {"a classification over 16 bits", "target 10 ", "target 65536 "},
        {"upper case in a version", "f0f0", "F0f0"},
        {"half a byte in a version", "f0\n", "f\n"},
        {"another end", "end", "ends"},
    };
    make(&record, 1);
    CHECK(parses_with("dos.s 3", "dos.s 3"));
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (!CHECK(!parses_with(rows[i].was, rows[i].is))) printf("# %s\n", rows[i].what);
}

static void files(void) {
    const struct durable durable = {NULL, NULL};
    char error[OCF_RECORD_ERROR];
    struct stat st;
    CHECK(ocf_record_load(path, &record, error)); /* there is none */
    CHECK(record.pstat.s == OCF_RFOTM && !pstat_busy(&record.pstat) && record.installed.count == 0);
    make(&record, 3);
    CHECK(ocf_record_save(&durable, path, &record, error));
    CHECK(stat(path, &st) == 0 && (st.st_mode & 0777) == 0600);
    CHECK(ocf_record_load(path, &other, error));
    CHECK_EQ(other.target.count, 3);
    CHECK(truncate(path, 100) == 0);
    CHECK(!ocf_record_load(path, &other, error));
    CHECK(strstr(error, ": not a state file of ocfd, or damaged") != NULL);
    CHECK(!ocf_record_load("/", &other, error));
}

static bool stop_at(void *ctx, const char *at, enum durable_step step) {
    (void)at;
    return step != *(const enum durable_step *)ctx;
}

static void cut_off(void) {
    const struct durable whole = {NULL, NULL};
    char error[OCF_RECORD_ERROR];
    for (int step = 0; step < DURABLE_STEPS; step++) {
        enum durable_step last = (enum durable_step)step;
        const struct durable cut = {stop_at, &last};
        make(&record, 1);
        CHECK(ocf_record_save(&whole, path, &record, error));
        pstat_activation(&record.pstat, false);
        pstat_end(&record.pstat, OCF_MODE_UPDATE, true);
        CHECK(!ocf_record_save(&cut, path, &record, error));
        if (!CHECK(ocf_record_load(path, &other, error))) continue;
        /* Renamed, it is the new one, whether that is known to be on the disk or not. */
        CHECK_EQ(other.pstat.cm, step == DURABLE_SYNC_FOLDER ? OCF_MODE_UPDATE : 0);
    }
}

static void installed(void) {
    ocf_record_new(&record);
    fill(&record.installed, 2);
    fill(&record.target, 3);
    record.target.image[1].security_version = 77;
    ocf_record_installed(&record);
    CHECK_EQ(record.installed.count, 3);
    CHECK_EQ(record.installed.image[1].security_version, 77);
    CHECK_EQ(record.target.count, 0);
    fill(&record.installed, OCF_IMAGES);
    fill(&record.target, 1);
    record.target.image[0].classification = 9;
    ocf_record_installed(&record);
    CHECK_EQ(record.installed.count, OCF_IMAGES);
}

int main(void) {
    char folder[] = "/tmp/ocf_record_XXXXXX";
    if (mkdtemp(folder) == NULL) return 1;
    snprintf(path, sizeof path, "%s/state", folder);
    TEST("given records, up to the largest / when they are written and read / then they are the same") round_trip();
    TEST("given a record / when its file ends early or late / then it is refused") beginnings();
    TEST("given a record with one line changed to what cannot be / when it is read / then it is refused") damage();
    TEST("given no file, a good one, a damaged one / when it is loaded / then a new device, the record, one line")
    files();
    TEST("given a write that is cut off at each step / when the file is loaded / then the old record or the new one")
    cut_off();
    TEST("given an update that was made / when its target is kept / then one image a component, the last one")
    installed();
    unlink(path);
    rmdir(folder);
    return check_result();
}
