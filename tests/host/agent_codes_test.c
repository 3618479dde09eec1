// SPDX-License-Identifier: Apache-2.0
//
// Every completion code that DSP0267 table 1 lets an agent return, and the ones of DSP0240, each in the stage in which
// it is due; data in parts both ways (clause 12.1); requests out of order and several at once. Every time is simulated.
#include <stdlib.h>

#include "tests/check.h"
#include "tests/host/fake_device.h"
#include "tests/host/fake_package.h"

static const uint8_t package_data[] =
    "a hundred bytes and one, of which nobody knows what they mean, but they are to be "
    "given as they are.";
enum { PACKAGE_DATA = 100 };

static struct fake f;
static struct fake_package p;

/* The agent's stage, reached with a device that does nothing by itself. */
enum stage { NO_UPDATE, LEARN, LEARN_WITH_DATA, DOWNLOAD, VERIFY, APPLY, CANCELLING, ACTIVATING };

static uint8_t ask(uint8_t command, const uint8_t *body, size_t len) {
    const unsigned before = f.answers;
    fake_request(&f, command, body, len, false);
    fake_pass(&f, 2);
    return f.answers == before ? 0xFF : f.answer_body[0];
}

static uint8_t tell(uint8_t command) {
    static const uint8_t good[3];
    return ask(command, good, command == PLDM_APPLY_COMPLETE ? 3 : 1);
}

static void bring_to(enum stage stage) {
    fake_free(&f);
    fake_init(&f);
    fake_package_init(&p);
    f.by_hand = true;
    f.config.max_transfer = 64;
    f.wanted_not = 2;
    f.meta_data_len = stage >= DOWNLOAD ? 20 : 0;
    f.activate_ms = 10000000;
    if (stage == LEARN) fake_rule(&f, PLDM_PASS_COMPONENT_TABLE, 0, FAKE_DROP, 0);
    f.will_get_package_data = stage == LEARN_WITH_DATA;
    p.record.data = package_data;
    p.record.data_len = stage == LEARN_WITH_DATA ? PACKAGE_DATA : 0;
    fake_run(&f, stage == NO_UPDATE ? NULL : &p.pkg, 0);
    fake_pass(&f, 100);
    if (stage >= VERIFY && stage != CANCELLING) tell(PLDM_TRANSFER_COMPLETE);
    if (stage >= APPLY && stage != CANCELLING) tell(PLDM_VERIFY_COMPLETE);
    if (stage == ACTIVATING) tell(PLDM_APPLY_COMPLETE);
    if (stage != CANCELLING) return;
    fake_rule(&f, PLDM_CANCEL_UPDATE_COMPONENT, 0, FAKE_DROP, 0);
    agent_abort(f.agent, f.now, "interrupted");
}

#define DATA(offset, length)             PLDM_REQUEST_FIRMWARE_DATA, {offset, 0, 0, 0, length}, 8
#define PART(command, handle, operation) command, {handle, 0, 0, 0, operation}, 5
#define ZEROES(command, len)             command, {0}, len

static void codes(void) {
    static const struct {
        const char *sentence;
        enum stage stage;
        uint8_t command;
        uint8_t body[8];
        size_t len;
        uint8_t code;
    } cases[] = {
        {"given 200 bytes / when data from 200 on is asked for / then DATA_OUT_OF_RANGE", DOWNLOAD, DATA(200, 32),
         PLDM_DATA_OUT_OF_RANGE},
        {"given 200 bytes / when more than 32 of padding are asked for / then DATA_OUT_OF_RANGE", DOWNLOAD,
         DATA(193, 40), PLDM_DATA_OUT_OF_RANGE},
        {"given MaximumTransferSize 64 / when 65 are asked for / then INVALID_TRANSFER_LENGTH", DOWNLOAD, DATA(0, 65),
         PLDM_INVALID_TRANSFER_LENGTH},
        {"given a download / when less than 32 are asked for / then INVALID_TRANSFER_LENGTH", DOWNLOAD, DATA(0, 31),
         PLDM_INVALID_TRANSFER_LENGTH},
        {"given a cancelled component / when data is asked for / then CANCEL_PENDING", CANCELLING, DATA(0, 32),
         PLDM_CANCEL_PENDING},
        {"given no update / when data is asked for / then COMMAND_NOT_EXPECTED", NO_UPDATE, DATA(0, 32),
         PLDM_COMMAND_NOT_EXPECTED},
        {"given LEARN COMPONENTS / when data is asked for / then COMMAND_NOT_EXPECTED", LEARN, DATA(0, 32),
         PLDM_COMMAND_NOT_EXPECTED},
        {"given VERIFY / when data is asked for / then COMMAND_NOT_EXPECTED", VERIFY, DATA(0, 32),
         PLDM_COMMAND_NOT_EXPECTED},
        {"given APPLY / when TransferComplete comes again with another ID / then COMMAND_NOT_EXPECTED", APPLY,
         ZEROES(PLDM_TRANSFER_COMPLETE, 1), PLDM_COMMAND_NOT_EXPECTED},
        {"given a download / when VerifyComplete comes / then COMMAND_NOT_EXPECTED", DOWNLOAD,
         ZEROES(PLDM_VERIFY_COMPLETE, 1), PLDM_COMMAND_NOT_EXPECTED},
        {"given VERIFY / when ApplyComplete comes / then COMMAND_NOT_EXPECTED", VERIFY, ZEROES(PLDM_APPLY_COMPLETE, 3),
         PLDM_COMMAND_NOT_EXPECTED},
        {"given a cancelled component / when TransferComplete comes / then COMMAND_NOT_EXPECTED", CANCELLING,
         ZEROES(PLDM_TRANSFER_COMPLETE, 1), PLDM_COMMAND_NOT_EXPECTED},
        {"given a download / when package data is asked for / then COMMAND_NOT_EXPECTED", DOWNLOAD,
         PART(PLDM_GET_PACKAGE_DATA, 0, PLDM_GET_FIRST_PART), PLDM_COMMAND_NOT_EXPECTED},
        {"given LEARN COMPONENTS / when metadata is asked for / then COMMAND_NOT_EXPECTED", LEARN,
         PART(PLDM_GET_META_DATA, 0, PLDM_GET_FIRST_PART), PLDM_COMMAND_NOT_EXPECTED},
        {"given no package data / when the device asks for it in LEARN COMPONENTS / then NO_PACKAGE_DATA", LEARN,
         PART(PLDM_GET_PACKAGE_DATA, 0, PLDM_GET_FIRST_PART), PLDM_NO_PACKAGE_DATA},
        {"given package data / when the handle was never given / then INVALID_DATA_TRANSFER_HANDLE", LEARN_WITH_DATA,
         PART(PLDM_GET_PACKAGE_DATA, 63, PLDM_GET_NEXT_PART), PLDM_INVALID_DATA_TRANSFER_HANDLE},
        {"given package data / when the handle is behind its end / then INVALID_DATA_TRANSFER_HANDLE", LEARN_WITH_DATA,
         PART(PLDM_GET_PACKAGE_DATA, 128, PLDM_GET_NEXT_PART), PLDM_INVALID_DATA_TRANSFER_HANDLE},
        {"given package data / when the operation is neither first nor next / then INVALID_TRANSFER_OPERATION_FLAG",
         LEARN_WITH_DATA, PART(PLDM_GET_PACKAGE_DATA, 0, 2), PLDM_INVALID_TRANSFER_OPERATION_FLAG},
        {"given metadata / when the handle was never given / then INVALID_DATA_TRANSFER_HANDLE", DOWNLOAD,
         PART(PLDM_GET_META_DATA, 1, PLDM_GET_NEXT_PART), PLDM_INVALID_DATA_TRANSFER_HANDLE},
        {"given metadata / when the operation is neither first nor next / then INVALID_TRANSFER_OPERATION_FLAG",
         DOWNLOAD, PART(PLDM_GET_META_DATA, 0, 255), PLDM_INVALID_TRANSFER_OPERATION_FLAG},
        {"given a download / when a request is a byte short / then ERROR_INVALID_LENGTH", DOWNLOAD,
         ZEROES(PLDM_REQUEST_FIRMWARE_DATA, 7), PLDM_ERROR_INVALID_LENGTH},
        {"given a download / when a report has a byte too many / then ERROR_INVALID_LENGTH", DOWNLOAD,
         ZEROES(PLDM_TRANSFER_COMPLETE, 2), PLDM_ERROR_INVALID_LENGTH},
        {"given APPLY / when ApplyComplete lacks its bits / then ERROR_INVALID_LENGTH", APPLY,
         ZEROES(PLDM_APPLY_COMPLETE, 1), PLDM_ERROR_INVALID_LENGTH},
        {"given package data / when the request is a byte short / then ERROR_INVALID_LENGTH", LEARN_WITH_DATA,
         ZEROES(PLDM_GET_PACKAGE_DATA, 4), PLDM_ERROR_INVALID_LENGTH},
        {"given a download / when an agent's own command comes / then ERROR_UNSUPPORTED_PLDM_CMD", DOWNLOAD,
         ZEROES(PLDM_GET_STATUS, 0), PLDM_ERROR_UNSUPPORTED_PLDM_CMD},
        {"given no update / when a command comes that nobody knows / then ERROR_UNSUPPORTED_PLDM_CMD", NO_UPDATE,
         ZEROES(0x7F, 0), PLDM_ERROR_UNSUPPORTED_PLDM_CMD},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) TEST(cases[i].sentence) {
            bring_to(cases[i].stage);
            CHECK_EQ(ask(cases[i].command, cases[i].body, cases[i].len), cases[i].code);
            CHECK_EQ(f.answer_len, 1);
        }
    TEST("given an image that is not there yet / when data is asked for / then RETRY_REQUEST_FW_DATA, later the data") {
        static const uint8_t body[8] = {0, 0, 0, 0, 32};
        bring_to(DOWNLOAD);
        f.read_code = PLDM_RETRY_REQUEST_FW_DATA;
        CHECK_EQ(ask(PLDM_REQUEST_FIRMWARE_DATA, body, 8), PLDM_RETRY_REQUEST_FW_DATA);
        f.read_code = PLDM_SUCCESS;
        CHECK_EQ(ask(PLDM_REQUEST_FIRMWARE_DATA, body, 8), PLDM_SUCCESS);
    }
    for (unsigned stage = 0; stage < 3; stage++)
        TEST("given two components that fail alike / when the device reports with one instance ID / then both count") {
            static const uint8_t failed[3] = {PLDM_RESULT_GENERIC_ERROR};
            static const uint8_t data[8] = {0, 0, 0, 0, 32};
            const uint8_t command = (uint8_t)(PLDM_TRANSFER_COMPLETE + stage);
            bring_to(NO_UPDATE);
            f.wanted_not = 0;
            p.record.options = PKG_CONTINUE_AFTER_FAILURE;
            fake_run(&f, &p.pkg, 0);
            fake_pass(&f, 100);
            for (unsigned component = 0; component < 2; component++) {
                f.request_instance = 0;
                ask(PLDM_REQUEST_FIRMWARE_DATA, data, sizeof data);
                for (unsigned i = 0; i < stage; i++) tell((uint8_t)(PLDM_TRANSFER_COMPLETE + i));
                f.request_instance = 7;
                CHECK_EQ(ask(command, failed, command == PLDM_APPLY_COMPLETE ? 3 : 1), 0);
                fake_pass(&f, 100);
                CHECK_EQ(f.ended, component + 1);
            }
            CHECK_EQ(f.fates[1], AGENT_BROKEN);
        }
}

static void parts(void) {
    static const uint8_t first[5] = {0, 0, 0, 0, PLDM_GET_FIRST_PART}, next[5] = {64, 0, 0, 0, PLDM_GET_NEXT_PART};
    TEST("given package data of 100 bytes / when asked for in parts of 64 / then Start, End, and then the components") {
        bring_to(LEARN_WITH_DATA);
        CHECK_EQ(ask(PLDM_GET_PACKAGE_DATA, first, 5), 0);
        CHECK_EQ(f.answer_len, 6 + 64);
        CHECK_EQ(f.answer_body[1], 64);
        CHECK_EQ(f.answer_body[5], PLDM_TRANSFER_START);
        CHECK_MEM(f.answer_body + 6, package_data, 64);
        CHECK_EQ(fake_count(&f, PLDM_PASS_COMPONENT_TABLE), 0);
        CHECK_EQ(ask(PLDM_GET_PACKAGE_DATA, next, 5), 0);
        CHECK_EQ(f.answer_len, 6 + 36);
        CHECK_EQ(f.answer_body[5], PLDM_TRANSFER_END);
        CHECK_MEM(f.answer_body + 6, package_data + 64, 36);
        CHECK_EQ(fake_count(&f, PLDM_PASS_COMPONENT_TABLE), 1);
    }
    TEST("given package data / when the device begins anew or asks for a part again / then it gets it") {
        bring_to(LEARN_WITH_DATA);
        for (unsigned i = 0; i < 3; i++) {
            CHECK_EQ(ask(PLDM_GET_PACKAGE_DATA, first, 5), 0);
            CHECK_EQ(f.answer_body[5], PLDM_TRANSFER_START);
        }
        CHECK_EQ(ask(PLDM_GET_PACKAGE_DATA, next, 5), 0);
    }
    TEST("given package data that fits one part / when asked for / then StartAndEnd, whatever the handle") {
        const uint8_t odd[5] = {9, 9, 9, 9, PLDM_GET_FIRST_PART};
        bring_to(LEARN_WITH_DATA);
        p.record.data_len = 64;
        CHECK_EQ(ask(PLDM_GET_PACKAGE_DATA, odd, 5), 0);
        CHECK_EQ(f.answer_body[5], PLDM_TRANSFER_START_AND_END);
    }
    TEST("given package data in three parts / when the second is asked for / then Middle") {
        bring_to(LEARN_WITH_DATA);
        fake_free(&f);
        f.config.max_transfer = 32;
        f.state = PLDM_STATE_IDLE;
        fake_run(&f, &p.pkg, 0);
        fake_pass(&f, 100);
        const uint8_t second[5] = {32, 0, 0, 0, PLDM_GET_NEXT_PART};
        CHECK_EQ(ask(PLDM_GET_PACKAGE_DATA, second, 5), 0);
        CHECK_EQ(f.answer_body[5], PLDM_TRANSFER_MIDDLE);
        CHECK_EQ(f.answer_body[1], 64);
    }
    for (enum stage stage = DOWNLOAD; stage <= ACTIVATING; stage++)
        TEST(
            "given the device's metadata / when it asks for it in any stage behind LEARN COMPONENTS / then it gets "
            "it") {
            bring_to(stage);
            if (stage == ACTIVATING) fake_pass(&f, 10);
            CHECK_EQ(ask(PLDM_GET_META_DATA, first, 5), 0);
            CHECK_MEM(f.answer_body + 6, "metadata of the devi", 20);
        }
}

static void meta_data_of_the_device(void) {
    static const struct {
        const char *sentence;
        uint8_t body[10];
        size_t len;
        enum agent_result result;
    } cases[] = {
        {"given metadata announced / when the device has none after all / then the update goes on",
         {PLDM_NO_DEVICE_METADATA},
         1,
         AGENT_DONE},
        {"given metadata announced / when a part cannot be had / then the update fails",
         {PLDM_INVALID_DATA_TRANSFER_HANDLE},
         1,
         AGENT_FAILED},
        {"given metadata announced / when all comes in one part / then the update goes on",
         {0, 0, 0, 0, 0, PLDM_TRANSFER_START_AND_END, 1, 2, 3, 4},
         10,
         AGENT_DONE},
        {"given metadata announced / when the first part says it is a middle one / then it is not believed",
         {0, 1, 0, 0, 0, PLDM_TRANSFER_MIDDLE, 1, 2, 3, 4},
         10,
         AGENT_FAILED},
        {"given 4 bytes of metadata announced / when a part is empty / then it is not believed",
         {0, 1, 0, 0, 0, PLDM_TRANSFER_START},
         6,
         AGENT_FAILED},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) TEST(cases[i].sentence) {
            bring_to(NO_UPDATE);
            f.by_hand = false;
            f.wanted_not = 0;
            f.activate_ms = 0;
            f.meta_data_len = 4;
            f.rules[f.rule_count++] =
                (struct fake_rule){PLDM_GET_DEVICE_META_DATA, 0, FAKE_BODY, 0, cases[i].body, cases[i].len};
            CHECK_EQ(fake_run(&f, &p.pkg, 60), cases[i].result);
            CHECK_EQ(fake_count(&f, PLDM_CANCEL_UPDATE), cases[i].result == AGENT_FAILED);
        }
    TEST("given 3 bytes announced / when 4 come / then they are not believed") {
        static const uint8_t four[] = {0, 0, 0, 0, 0, PLDM_TRANSFER_START_AND_END, 1, 2, 3, 4};
        bring_to(NO_UPDATE);
        f.meta_data_len = 3;
        f.rules[f.rule_count++] = (struct fake_rule){PLDM_GET_DEVICE_META_DATA, 0, FAKE_BODY, 0, four, sizeof four};
        CHECK_EQ(fake_run(&f, &p.pkg, 60), AGENT_FAILED);
    }
}

static void tables(void) {
    TEST("given three components to update / when they are passed / then Start, Middle, End") {
        bring_to(NO_UPDATE);
        f.wanted_not = 0;
        f.twins = true;
        f.more_components = 1;
        p.pkg.component_count = 1;
        fake_run(&f, &p.pkg, 1);
        static const uint8_t flags[] = {PLDM_TRANSFER_START, PLDM_TRANSFER_MIDDLE, PLDM_TRANSFER_END};
        CHECK_EQ(fake_count(&f, PLDM_PASS_COMPONENT_TABLE), 3);
        for (unsigned i = 0; i < 3; i++) CHECK_EQ(fake_nth(&f, PLDM_PASS_COMPONENT_TABLE, i + 1)->body[0], flags[i]);
        CHECK_EQ(fake_nth(&f, PLDM_REQUEST_UPDATE, 1)->body[4], 3);
    }
}

/* Offsets from a generator; several requests are under way before the first is answered. */
static void any_order(void) {
    enum { CHUNK = 32, ROUNDS = 10, AT_ONCE = 4 };
    for (uint32_t seed = 1; seed <= 10; seed++)
        TEST("given several requests for data at once, in any order / when they are answered / then each is right") {
            uint32_t random = seed;
            bring_to(DOWNLOAD);
            for (unsigned round = 0; round < ROUNDS; round++) {
                uint32_t offsets[AT_ONCE];
                const size_t before = f.log_len;
                for (unsigned i = 0; i < AT_ONCE; i++) {
                    uint8_t body[8];
                    random = random * 1664525 + 1013904223;
                    offsets[i] = (random >> 16) % FAKE_SIZE_0;
                    const struct pldm_request_firmware_data_req request = {offsets[i], CHUNK};
                    pldm_request_firmware_data_req_encode(&request, body, sizeof body);
                    fake_request(&f, PLDM_REQUEST_FIRMWARE_DATA, body, sizeof body, false);
                }
                fake_pass(&f, 2);
                if (!CHECK_EQ(f.log_len, before + AT_ONCE)) break;
                for (unsigned n = 0; n < AT_ONCE * CHUNK; n++) {
                    const struct fake_sent *answer = &f.log[before + n / CHUNK];
                    const uint32_t at = offsets[n / CHUNK] + n % CHUNK;
                    if (!CHECK_EQ(answer->body[1 + n % CHUNK], at < FAKE_SIZE_0 ? (uint8_t)(37 + at) : 0)) break;
                }
            }
        }
}

int main(void) {
    codes();
    parts();
    meta_data_of_the_device();
    tables();
    any_order();
    fake_free(&f);
    return check_result();
}
