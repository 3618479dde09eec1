// SPDX-License-Identifier: Apache-2.0
//
// What the board decides: the order of versions, the policy table with each response code of DSP0267 tables 17 and 18,
// prerequisites, hooks, activation methods.
#include "fw/update/policy.h"

#include "fw/update/version.h"
#include "tests/fw/update_agent.h"

#define WIDE(type, bytes) \
    { type, sizeof bytes - 1, (const uint8_t *)bytes }
#define ASCII(s) WIDE(PLDM_STRING_ASCII, s)

static int sign(int order) {
    return (order > 0) - (order < 0);
}

static void check_versions(void) {
    static const struct {
        const char *what;
        struct pldm_string a, b;
        int order;
    } cases[] = {
        {"1.0.0 and 1.0.0", ASCII("1.0.0"), ASCII("1.0.0"), 0},
        {"1.10 and 1.9", ASCII("1.10"), ASCII("1.9"), 1},
        {"1.09 and 1.9", ASCII("1.09"), ASCII("1.9"), 0},
        {"2 and 10", ASCII("2"), ASCII("10"), -1},
        {"1.0 and 1.0.1", ASCII("1.0"), ASCII("1.0.1"), -1},
        {"1.0-rc1 and 1.0", ASCII("1.0-rc1"), ASCII("1.0"), -1},
        {"1.0~rc1 and 1.0-rc1", ASCII("1.0~rc1"), ASCII("1.0-rc1"), -1},
        {"1.0-rc2 and 1.0-rc10", ASCII("1.0-rc2"), ASCII("1.0-rc10"), -1},
        {"v1 and V1", ASCII("v1"), ASCII("V1"), 1},
        {"1.a and 1.1", ASCII("1.a"), ASCII("1.1"), 1},
        {"a number of 30 digits and one more", ASCII("100000000000000000000000000000"),
         ASCII("100000000000000000000000000001"), -1},
        {"nothing and 0", ASCII(""), ASCII("0"), -1},
        {"1.0 with a NUL and 1.0", ASCII("1.0\0"), ASCII("1.0"), 0},
        {"UTF-16LE 1.2 and ASCII 1.10", WIDE(PLDM_STRING_UTF16LE, "1\0.\0002\0"), ASCII("1.10"), -1},
        {"UTF-16BE 1.2 and UTF-16LE 1.2", WIDE(PLDM_STRING_UTF16BE, "\0001\0.\0002"),
         WIDE(PLDM_STRING_UTF16LE, "1\0.\0002\0"), 0},
        {"UTF-16 with a mark, 1.2, and 1.2",
         WIDE(PLDM_STRING_UTF16,
              "\xFF\xFE"
              "1\0.\0002\0"),
         ASCII("1.2"), 0},
        {"UTF-16 with the other mark, 1.3, and 1.2", WIDE(PLDM_STRING_UTF16, "\xFE\xFF\0001\0.\0003"), ASCII("1.2"), 1},
        {"UTF-16 without a mark, 1.2, and 1.2", WIDE(PLDM_STRING_UTF16, "\0001\0.\0002"), ASCII("1.2"), 0},
        {"UTF-16LE with half a character at its end and 1.2", WIDE(PLDM_STRING_UTF16LE, "1\0.\0002\0x"), ASCII("1.2"),
         0},
        {"UTF-8 1.0\xC3\xA9 and 1.0e", WIDE(PLDM_STRING_UTF8, "1.0\xC3\xA9"), ASCII("1.0e"), 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char name[160];
        static const char *const words[] = {"the first is lower", "they are the same", "the first is higher"};
        snprintf(name, sizeof name, "given versions %s when they are compared then %s", cases[i].what,
                 words[cases[i].order + 1]);
        TEST(name) {
            CHECK_EQ(sign(version_compare(&cases[i].a, &cases[i].b)) + 1, cases[i].order + 1);
            CHECK_EQ(sign(version_compare(&cases[i].b, &cases[i].a)) + 1, 1 - cases[i].order);
        }
    }
}

#define ST BOARD_BY_STAMP
#define VE BOARD_BY_VERSION
#define OK BOARD_ACCEPT
#define FO BOARD_IF_FORCED
#define NO BOARD_REFUSE

/* The running image has stamp 10 and version 1.0.0 (update_agent.h). */
static void check_policy(void) {
    static const struct {
        const char *what;
        struct board_policy policy;
        uint32_t stamp;
        const char *version;
        bool force;
        uint8_t code;
    } rows[] = {
        {"everything accepted, a lower stamp", {.compare = ST, .same = OK, .lower = OK}, 9, "0.9.0", false, 0x00},
        {"everything accepted, no stamp", {.compare = ST, .same = OK, .lower = OK}, UINT32_MAX, "0.9.0", false, 0x00},
        {"a higher stamp", {.compare = ST, .same = NO, .lower = NO}, 11, "0.9.0", false, 0x00},
        {"the same stamp", {.compare = ST, .same = FO, .lower = FO}, 10, "1.1.0", false, 0x01},
        {"the same stamp, forced", {.compare = ST, .same = FO, .lower = FO}, 10, "1.1.0", true, 0x00},
        {"a lower stamp", {.compare = ST, .same = FO, .lower = FO}, 9, "1.1.0", false, 0x02},
        {"a lower stamp, forced", {.compare = ST, .same = FO, .lower = FO}, 9, "1.1.0", true, 0x00},
        {"the same stamp, never, forced", {.compare = ST, .same = NO, .lower = FO}, 10, "1.1.0", true, 0x01},
        {"no stamp where one is needed", {.compare = ST, .same = FO, .lower = FO}, UINT32_MAX, "1.1.0", true, 0x03},
        {"a lower stamp, never", {.compare = ST, .same = FO, .lower = NO}, 9, "1.1.0", false, 0x07},
        {"a lower stamp, never, forced", {.compare = ST, .same = FO, .lower = NO}, 9, "1.1.0", true, 0x07},
        {"a higher version", {.compare = VE, .same = FO, .lower = FO}, 1, "1.0.1", false, 0x00},
        {"the same version", {.compare = VE, .same = FO, .lower = FO}, 99, "1.0.0", false, 0x0A},
        {"a lower version", {.compare = VE, .same = FO, .lower = FO}, 99, "0.10.0", false, 0x0B},
        {"a lower version, forced", {.compare = VE, .same = FO, .lower = FO}, 99, "0.10.0", true, 0x00},
        {"a lower version, never, forced", {.compare = VE, .same = FO, .lower = NO}, 99, "0.10.0", true, 0x07},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char name[160];
        snprintf(name, sizeof name, "given %s when it is offered then the response code is %02X", rows[i].what,
                 rows[i].code);
        TEST(name) {
            factory();
            policies[0] = rows[i].policy;
            CHECK_EQ(request_update(4096), PLDM_SUCCESS);
            uint8_t passed = pass(0, rows[i].version, rows[i].stamp, PLDM_TRANSFER_START_AND_END);
            if (!rows[i].force) CHECK_EQ(passed, rows[i].code);
            CHECK_EQ(update(0, rows[i].version, rows[i].stamp, 8960, rows[i].force), rows[i].code);
            CHECK_EQ(body[1], rows[i].code != 0);
            CHECK_EQ(body[3], rows[i].force && rows[i].code == 0);
            CHECK_EQ(device.fd.state, rows[i].code == 0 ? PLDM_STATE_DOWNLOAD : PLDM_STATE_READY_XFER);
            fake_free(&fake);
        }
    }
}

/* Component 1 needs component 0 at stamp 15. */
static void prerequisite(void) {
    factory();
    policies[1] = (struct board_policy){.needs = 0, .needs_stamp = 15};
    CHECK_EQ(request_update(4096), PLDM_SUCCESS);
    CHECK_EQ(pass(1, "2.1.0", 21, PLDM_TRANSFER_START_AND_END), PLDM_COMPONENT_PREREQUISITES_NOT_MET);
    CHECK_EQ(update(1, "2.1.0", 21, 8960, true), PLDM_COMPONENT_PREREQUISITES_NOT_MET);
    ask(PLDM_CANCEL_UPDATE, NULL, 0);
    CHECK_EQ(request_update(4096), PLDM_SUCCESS);
    CHECK_EQ(pass(0, "1.4.0", 14, PLDM_TRANSFER_START), 0);
    CHECK_EQ(pass(1, "2.1.0", 21, PLDM_TRANSFER_END), PLDM_COMPONENT_PREREQUISITES_NOT_MET);
    ask(PLDM_CANCEL_UPDATE, NULL, 0);
    CHECK_EQ(request_update(4096), PLDM_SUCCESS);
    CHECK_EQ(pass(0, "1.5.0", 15, PLDM_TRANSFER_START), 0);
    CHECK_EQ(pass(1, "2.1.0", 21, PLDM_TRANSFER_END), 0);
    CHECK_EQ(update(1, "2.1.0", 21, 8960, true), PLDM_COMPONENT_PREREQUISITES_NOT_MET);  // not yet applied
    CHECK_EQ(transfer_all(0, "1.5.0", 15, 20000), 0);
    CHECK_EQ(transfer_all(1, "2.1.0", 21, 20000), 0);
    CHECK_EQ(activate(false), PLDM_SUCCESS);
    boot_healthy();
    CHECK_EQ(update_one(1, "2.2.0", 22, 20000), 0);  // what it needs runs
    fake_free(&fake);
}

static void incomplete_set(void) {
    factory();
    identity.capabilities = 0;
    power_on(0);
    CHECK_EQ(request_update(4096), PLDM_SUCCESS);
    CHECK_EQ(pass(1, "2.1.0", 21, PLDM_TRANSFER_START_AND_END), PLDM_COMPONENT_INCOMPLETE_SET);
    CHECK_EQ(update(1, "2.1.0", 21, 8960, false), PLDM_COMPONENT_INCOMPLETE_SET);
    CHECK_EQ(activate(false), PLDM_INCOMPLETE_UPDATE);
    fake_free(&fake);
}

static uint8_t allowance;
static uint8_t allowed(void) {
    return allowance;
}

static uint8_t data_bytes[2][64];
static uint32_t data_len[2];
static unsigned data_ends[2];
static void take(unsigned what, uint32_t offset, const uint8_t *bytes, uint32_t len) {
    memcpy(data_bytes[what] + offset, bytes, len);
    data_len[what] = offset + len;
    data_ends[what] += len == 0;
}
static void take_package(uint32_t offset, const uint8_t *bytes, uint32_t len) {
    take(0, offset, len != 0 ? bytes : data_bytes[0], len);
}
static void take_meta(uint32_t offset, const uint8_t *bytes, uint32_t len) {
    take(1, offset, len != 0 ? bytes : data_bytes[1], len);
}
static void give_meta(uint32_t offset, uint8_t *out, uint32_t len) {
    memcpy(out, &"metadata"[offset], len);
}

/* Answers the device's GetPackageData or GetMetaData with everything in one part. */
static void give_all(uint8_t command, const char *bytes, uint8_t len) {
    uint8_t msg[80] = {0};
    if (!CHECK_EQ(sent[2], command)) return;
    memcpy(msg, (const uint8_t[]){sent[0] & 31u, sent[1], sent[2], 0, 0, 0, 0, 0, PLDM_TRANSFER_START_AND_END}, 9);
    memcpy(msg + 9, bytes, len);
    fd_response(&device.fd, now, AGENT, msg, 9u + len);
    (void)device_tick(&device, ++now);
}

static void hooks(void) {
    uint8_t data[64];
    factory();
    identity.hooks = (struct board_hooks){.update_allowed = allowed,
                                          .package_data = take_package,
                                          .meta_data_give = give_meta,
                                          .meta_data_take = take_meta,
                                          .meta_data_len = 8};
    allowance = PLDM_RETRY_REQUEST_UPDATE;
    CHECK_EQ(request_update(4096), PLDM_RETRY_REQUEST_UPDATE);
    allowance = PLDM_UNABLE_TO_INITIATE_UPDATE;
    CHECK_EQ(request_update(4096), PLDM_UNABLE_TO_INITIATE_UPDATE);
    CHECK_EQ(device.fd.state, PLDM_STATE_IDLE);
    allowance = 0;
    const struct pldm_request_update_req req = {.max_transfer_size = 4096,
                                                .component_count = 1,
                                                .max_outstanding = 1,
                                                .package_data_len = 5,
                                                .set_version = text("set")};
    ask(PLDM_REQUEST_UPDATE, data, pldm_request_update_req_encode(&req, data, sizeof data));
    CHECK(body[0] == 0 && body[1] == 8 && body[3] == 1);
    give_all(PLDM_GET_PACKAGE_DATA, "hello", 5);
    CHECK(data_len[0] == 5 && data_ends[0] == 1 && memcmp(data_bytes[0], "hello", 5) == 0);
    const struct pldm_get_data_req first = {0, PLDM_GET_FIRST_PART};
    CHECK_EQ(ask(PLDM_GET_DEVICE_META_DATA, data, pldm_get_data_req_encode(&first, data, sizeof data)), 14);
    CHECK(body[0] == 0 && body[5] == PLDM_TRANSFER_START_AND_END && memcmp(body + 6, "metadata", 8) == 0);
    CHECK_EQ(pass(0, "2.0.0", 20, PLDM_TRANSFER_START_AND_END), 0);
    CHECK_EQ(transfer_all(0, "2.0.0", 20, 20000), 0);
    give_all(PLDM_GET_META_DATA, "metadata", 8);
    CHECK(data_len[1] == 8 && data_ends[1] == 1 && memcmp(data_bytes[1], "metadata", 8) == 0);
    CHECK_EQ(activate(false), PLDM_SUCCESS);
    fake_free(&fake);
}

static void automatic(void) {
    static struct board_component automatic_ones[2];
    memcpy(automatic_ones, components, sizeof automatic_ones);
    automatic_ones[1].activation_methods = PLDM_ACTIVATION_AUTOMATIC;
    factory();
    device.slots.components = automatic_ones;
    CHECK_EQ(update_one(1, "2.1.0", 21, 20000), 0);
    CHECK_EQ(journal_next(1), 1);
    inventory(1, "2.1.0", NULL);
    CHECK_EQ(activate(false), PLDM_ACTIVATION_NOT_REQUIRED);
    CHECK_EQ(device.fd.state, PLDM_STATE_IDLE);
    CHECK_EQ(slots_target(&device.slots, 1), 0);  // what runs is never written
    fake_free(&fake);
}

int main(void) {
    check_versions();
    check_policy();
    TEST("given a component that needs another one when that is too old then it has to be updated first")
    prerequisite();
    TEST("given a card that takes whole sets only when a component is missing then nothing is updated")
    incomplete_set();
    TEST("given a board with hooks when it is updated then it decides, gets the package's data and its own back")
    hooks();
    TEST("given a component that activates itself when it is applied then it runs without ActivateFirmware")
    automatic();
    return check_result();
}
