// SPDX-License-Identifier: Apache-2.0
//
// What the update agent does about a device: its requests out of range or out of turn, its silence, its failures, and
// its restart. Every time is simulated; the limits are those of DSP0267 table 2.
#include <stdlib.h>

#include "fw/mctp/mctp_control.h"
#include "tests/check.h"
#include "tests/host/fake_device.h"

enum { SIZE = 200 };
static const uint8_t image[SIZE];
static const uint8_t vendor[] = {0x34, 0x12};
static const uint8_t first_only[] = {0x01};
static struct pldm_descriptor descriptors[] = {{0x0000, 2, vendor}};
static struct pkg_device record;
static struct pkg_component component;
static struct pkg package;
static struct fake f;

/* A package of one component, for component 0 of the device. */
static void begin(void) {
    const struct pldm_string v2 = {1, 3, (const uint8_t *)"2.0"};
    fake_free(&f);
    fake_init(&f);
    record = (struct pkg_device){0, v2, first_only, descriptors, 1, 0, NULL};
    component = (struct pkg_component){10, 1, 0x02000000, PKG_USE_STAMP, 2, 0, SIZE, v2, image};
    package = (struct pkg){
        .bitmap_bits = 8, .device_count = 1, .component_count = 1, .devices = &record, .components = &component};
}

/* Brings the agent to the download; from there on the test is the device. */
static void begin_download(void) {
    begin();
    f.by_hand = true;
    fake_run(&f, &package, 1);
}

static bool error_is(const char *text) {
    if (strcmp(agent_error(f.agent), text) == 0) return true;
    printf("# error is: %s\n", agent_error(f.agent));
    return false;
}

/* Sends a request of the device and returns the completion code of the answer; FFh: there was none. */
static uint8_t ask(uint8_t command, const uint8_t *body, size_t len) {
    const unsigned before = f.answers;
    fake_request(&f, command, body, len, false);
    fake_pass(&f, 2);
    return f.answers == before || f.answer_command != command ? 0xFF : f.answer_body[0];
}

static uint8_t ask_data(uint32_t offset, uint32_t length) {
    uint8_t body[8];
    const struct pldm_request_firmware_data_req request = {offset, length};
    pldm_request_firmware_data_req_encode(&request, body, sizeof body);
    return ask(PLDM_REQUEST_FIRMWARE_DATA, body, sizeof body);
}

static uint8_t tell(uint8_t command, uint8_t result) {
    const uint8_t body[3] = {result};
    return ask(command, body, command == PLDM_APPLY_COMPLETE ? 3 : 1);
}

static void data_requests(void) {
    static const struct {
        const char *sentence;
        uint32_t offset, length;
        uint8_t code;
    } cases[] = {
        {"given 200 bytes / when 32 from 0 are asked for / then they are given", 0, 32, 0},
        {"given 200 bytes / when 31 are asked for / then INVALID_TRANSFER_LENGTH", 0, 31, PLDM_INVALID_TRANSFER_LENGTH},
        {"given 200 bytes / when none are asked for / then INVALID_TRANSFER_LENGTH", 0, 0,
         PLDM_INVALID_TRANSFER_LENGTH},
        {"given MaximumTransferSize 128 / when 128 are asked for / then they are given", 64, 128, 0},
        {"given MaximumTransferSize 128 / when 129 are asked for / then INVALID_TRANSFER_LENGTH", 0, 129,
         PLDM_INVALID_TRANSFER_LENGTH},
        {"given 200 bytes / when the end is at 232 / then 32 zeroes are added", 168, 64, 0},
        {"given 200 bytes / when the end is at 233 / then DATA_OUT_OF_RANGE", 169, 64, PLDM_DATA_OUT_OF_RANGE},
        {"given 200 bytes / when the last byte is asked for with 31 more / then 31 zeroes are added", 199, 32, 0},
        {"given 200 bytes / when 32 from 200 are asked for / then DATA_OUT_OF_RANGE", 200, 32, PLDM_DATA_OUT_OF_RANGE},
        {"given 200 bytes / when the end wraps around / then DATA_OUT_OF_RANGE", 0xFFFFFFF0, 64,
         PLDM_DATA_OUT_OF_RANGE},
        {"given an odd offset and length / when asked for / then they are given", 13, 51, 0},
        {"given bytes asked for before / when asked for again / then they are given again", 13, 51, 0},
    };
    begin();
    f.by_hand = true;
    f.config.max_transfer = 128;
    fake_run(&f, &package, 1);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) TEST(cases[i].sentence) {
            CHECK_EQ(ask_data(cases[i].offset, cases[i].length), cases[i].code);
            CHECK_EQ(f.answer_len, cases[i].code == 0 ? 1 + cases[i].length : 1);
            for (uint32_t b = 0; cases[i].code == 0 && b < cases[i].length; b++) {
                const uint32_t at = cases[i].offset + b;
                if (!CHECK_EQ(f.answer_body[1 + b], at < SIZE ? (uint8_t)(37 + at) : 0)) break;
            }
        }
    TEST("given a source that is not ready / when data is asked for / then RETRY_REQUEST_FW_DATA") {
        f.read_code = PLDM_RETRY_REQUEST_FW_DATA;
        CHECK_EQ(ask_data(0, 32), PLDM_RETRY_REQUEST_FW_DATA);
        CHECK_EQ(f.answer_len, 1);
        f.read_code = 0;
        CHECK_EQ(ask_data(0, 32), 0);
    }
    TEST("given a request for data one byte short / when it arrives / then ERROR_INVALID_LENGTH") {
        const uint8_t body[7] = {0};
        CHECK_EQ(ask(PLDM_REQUEST_FIRMWARE_DATA, body, sizeof body), PLDM_ERROR_INVALID_LENGTH);
    }
}

static void out_of_turn(void) {
    TEST("given no update / when the device asks for data / then COMMAND_NOT_EXPECTED") {
        begin();
        f.by_hand = true;
        fake_run(&f, NULL, 1);
        CHECK_EQ(ask_data(0, 32), PLDM_COMMAND_NOT_EXPECTED);
        CHECK_EQ(tell(PLDM_TRANSFER_COMPLETE, 0), PLDM_COMMAND_NOT_EXPECTED);
    }
    TEST("given a download / when verify or apply are reported complete / then COMMAND_NOT_EXPECTED") {
        begin_download();
        CHECK_EQ(tell(PLDM_VERIFY_COMPLETE, 0), PLDM_COMMAND_NOT_EXPECTED);
        CHECK_EQ(tell(PLDM_APPLY_COMPLETE, 0), PLDM_COMMAND_NOT_EXPECTED);
        CHECK_EQ(tell(PLDM_TRANSFER_COMPLETE, 0), 0);
        CHECK_EQ(ask_data(0, 32), PLDM_COMMAND_NOT_EXPECTED);
    }
    TEST("given a command that agents do not answer / when it arrives / then ERROR_UNSUPPORTED_PLDM_CMD") {
        begin_download();
        CHECK_EQ(ask(PLDM_REQUEST_UPDATE, NULL, 0), PLDM_ERROR_UNSUPPORTED_PLDM_CMD);
    }
    TEST("given no package data / when the device asks for it / then it is refused, in turn and out of turn") {
        const uint8_t body[5] = {0, 0, 0, 0, PLDM_GET_FIRST_PART};
        begin_download();
        CHECK_EQ(ask(PLDM_GET_PACKAGE_DATA, body, 5), PLDM_COMMAND_NOT_EXPECTED);
        CHECK_EQ(ask(PLDM_GET_META_DATA, body, 5), PLDM_COMMAND_NOT_EXPECTED);
    }
    TEST("given TransferComplete repeated / when its answer got lost / then the same answer and nothing moves") {
        const uint8_t good[1] = {0};
        begin_download();
        CHECK_EQ(tell(PLDM_TRANSFER_COMPLETE, 0), 0);
        fake_request(&f, PLDM_TRANSFER_COMPLETE, good, 1, true);
        fake_pass(&f, 2);
        CHECK_EQ(f.answers, 2);
        CHECK_EQ(f.answer_body[0], 0);
        CHECK_EQ(tell(PLDM_VERIFY_COMPLETE, 0), 0);
    }
    TEST("given ApplyComplete repeated / when its answer got lost / then ActivateFirmware is sent once") {
        const uint8_t good[3] = {0};
        begin_download();
        tell(PLDM_TRANSFER_COMPLETE, 0);
        tell(PLDM_VERIFY_COMPLETE, 0);
        CHECK_EQ(tell(PLDM_APPLY_COMPLETE, 0), 0);
        fake_request(&f, PLDM_APPLY_COMPLETE, good, 3, true);
        fake_pass(&f, 100);
        CHECK_EQ(f.answer_body[0], 0);
        CHECK_EQ(fake_count(&f, PLDM_ACTIVATE_FIRMWARE), 1);
    }
}

static void stage_failures(void) {
    static const struct {
        const char *sentence;
        unsigned stage;
        uint8_t result;
        const char *error;
    } cases[] = {
        {"given a transfer that fails / when reported / then answered, cancelled and explained", 0, 0x0A,
         "component 0 (0x000a:0x0001): TransferComplete reports result 0x0a: generic error"},
        {"given a verification that fails / when reported / then answered, cancelled and explained", 1, 0x01,
         "component 0 (0x000a:0x0001): VerifyComplete reports result 0x01: verification failure"},
        {"given an apply that fails / when reported / then answered, cancelled and explained", 2, 0x02,
         "component 0 (0x000a:0x0001): ApplyComplete reports result 0x02: memory write failure"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) TEST(cases[i].sentence) {
            begin();
            f.results[cases[i].stage] = cases[i].result;
            CHECK_EQ(fake_run(&f, &package, 60), AGENT_FAILED);
            CHECK(error_is(cases[i].error));
            CHECK_EQ(f.answer_body[0], 0);
            CHECK_EQ(fake_count(&f, PLDM_CANCEL_UPDATE_COMPONENT), 1);
            CHECK_EQ(fake_count(&f, PLDM_CANCEL_UPDATE), 1);
            CHECK_EQ(fake_count(&f, PLDM_ACTIVATE_FIRMWARE), 0);
            CHECK(fake_nth(&f, PLDM_CANCEL_UPDATE_COMPONENT, 1) < fake_nth(&f, PLDM_CANCEL_UPDATE, 1));
        }
    TEST("given UpdateComponent unanswered / when a failed report precedes good ones / then the update has failed") {
        begin();
        f.by_hand = true;
        f.config.response_ms = 2000;
        fake_rule(&f, PLDM_UPDATE_COMPONENT, 1, FAKE_DROP, 0);
        fake_run(&f, &package, 1);
        CHECK_EQ(tell(PLDM_TRANSFER_COMPLETE, PLDM_RESULT_GENERIC_ERROR), 0);
        CHECK_EQ(tell(PLDM_TRANSFER_COMPLETE, 0), PLDM_COMMAND_NOT_EXPECTED);
        CHECK_EQ(tell(PLDM_VERIFY_COMPLETE, 0), PLDM_COMMAND_NOT_EXPECTED);
        CHECK_EQ(tell(PLDM_APPLY_COMPLETE, 0), PLDM_COMMAND_NOT_EXPECTED);
        fake_pass(&f, 10000);
        CHECK_EQ(agent_result(f.agent), AGENT_FAILED);
        CHECK_EQ(fake_count(&f, PLDM_ACTIVATE_FIRMWARE), 0);
    }
    TEST("given ApplyComplete that changes the activation methods / when updated / then the new ones count") {
        begin();
        f.methods = PLDM_ACTIVATION_AC_POWER_CYCLE;
        f.by_hand = true;
        fake_run(&f, &package, 1);
        tell(PLDM_TRANSFER_COMPLETE, 0);
        tell(PLDM_VERIFY_COMPLETE, 0);
        const uint8_t changed[3] = {1, PLDM_ACTIVATION_SELF_CONTAINED, 0};
        CHECK_EQ(ask(PLDM_APPLY_COMPLETE, changed, 3), 0);
        fake_pass(&f, 10);
        CHECK_EQ(fake_nth(&f, PLDM_ACTIVATE_FIRMWARE, 1)->body[0], 1);
    }
}

static void timers(void) {
    TEST("given a device that asks for nothing / when UA_T2 is over / then the update is cancelled") {
        begin_download();
        fake_pass(&f, 100000);
        CHECK_EQ(agent_result(f.agent), AGENT_FAILED);
        const uint64_t began = fake_nth(&f, PLDM_UPDATE_COMPONENT, 1)->at;
        CHECK_EQ(fake_nth(&f, PLDM_CANCEL_UPDATE_COMPONENT, 1)->at - began, 75001 * FAKE_MS);
        CHECK(error_is("component 0 (0x000a:0x0001): the device has not asked for data for 75000 ms (UA_T2)"));
    }
    TEST("given 20 s announced for preparation / when it asks for nothing / then UA_T2 begins after them") {
        begin();
        f.by_hand = true;
        f.delay_s = 20;
        fake_run(&f, &package, 200);
        const uint64_t began = fake_nth(&f, PLDM_UPDATE_COMPONENT, 1)->at;
        CHECK_EQ(fake_nth(&f, PLDM_CANCEL_UPDATE_COMPONENT, 1)->at - began, 95001 * FAKE_MS);
    }
    TEST("given a request each 70 s / when the download goes on / then UA_T2 begins anew each time") {
        begin_download();
        for (unsigned i = 0; i < 3; i++) {
            fake_pass(&f, 70000);
            CHECK_EQ(ask_data(0, 32), 0);
        }
        CHECK_EQ(agent_result(f.agent), AGENT_RUNNING);
    }
    TEST("given a verification without progress / when UA_T3 is over / then it is cancelled") {
        begin_download();
        f.state = PLDM_STATE_VERIFY;
        f.percent = 10;
        tell(PLDM_TRANSFER_COMPLETE, 0);
        const uint64_t began = f.now;
        fake_pass(&f, 200000);
        CHECK_EQ(agent_result(f.agent), AGENT_FAILED);
        const uint64_t waited = fake_nth(&f, PLDM_CANCEL_UPDATE_COMPONENT, 1)->at - began;
        CHECK(waited >= 180000 * FAKE_MS && waited < 183000 * FAKE_MS);
        CHECK(fake_count(&f, PLDM_GET_STATUS) > 170);
        CHECK(error_is("component 0 (0x000a:0x0001): VERIFY without progress for 180000 ms (UA_T3)"));
    }
    TEST("given a slow verification with progress / when it takes ten minutes / then the agent waits") {
        begin_download();
        f.state = PLDM_STATE_VERIFY;
        f.percent_moves = true;
        tell(PLDM_TRANSFER_COMPLETE, 0);
        fake_pass(&f, 600000);
        CHECK_EQ(agent_result(f.agent), AGENT_RUNNING);
        CHECK_EQ(tell(PLDM_VERIFY_COMPLETE, 0), 0);
    }
    TEST("given a device that restarts during verify / when GetStatus shows IDLE / then the update has failed") {
        begin_download();
        tell(PLDM_TRANSFER_COMPLETE, 0);
        f.state = PLDM_STATE_IDLE;
        fake_pass(&f, 5000);
        CHECK_EQ(agent_result(f.agent), AGENT_FAILED);
        CHECK(error_is("component 0 (0x000a:0x0001): the device has left update mode (reason code 5)"));
    }
}

static void cancelling(void) {
    TEST("given a cancelled update / when the device still asks for data / then CANCEL_PENDING") {
        begin_download();
        fake_rule(&f, PLDM_CANCEL_UPDATE_COMPONENT, 1, FAKE_DROP, 0);
        agent_abort(f.agent, f.now, "interrupted");
        CHECK_EQ(ask_data(0, 32), PLDM_CANCEL_PENDING);
        fake_pass(&f, 5000);
        CHECK_EQ(agent_result(f.agent), AGENT_FAILED);
        CHECK(error_is("interrupted"));
    }
    TEST("given a busy device / when cancelled / then the command is repeated after UA_T1") {
        begin_download();
        fake_rule(&f, PLDM_CANCEL_UPDATE_COMPONENT, 1, FAKE_CODE, PLDM_BUSY_IN_BACKGROUND);
        agent_abort(f.agent, f.now, "interrupted");
        fake_pass(&f, 5000);
        CHECK_EQ(fake_nth(&f, PLDM_CANCEL_UPDATE_COMPONENT, 2)->at - fake_nth(&f, PLDM_CANCEL_UPDATE_COMPONENT, 1)->at,
                 1001 * FAKE_MS);
        CHECK_EQ(agent_result(f.agent), AGENT_FAILED);
    }
    TEST("given components that will not function / when cancelled / then the reason says so") {
        static const uint8_t broken[] = {0, 1, 1, 0, 0, 0, 0, 0, 0, 0};
        begin_download();
        f.rules[f.rule_count++] = (struct fake_rule){PLDM_CANCEL_UPDATE, 0, FAKE_BODY, 0, broken, sizeof broken};
        agent_abort(f.agent, f.now, "interrupted");
        fake_pass(&f, 5000);
        CHECK(error_is("interrupted; the device says components 0x1 will not function"));
    }
    TEST("given a device that is gone / when cancelled / then the agent ends after its tries") {
        begin_download();
        f.silent_until = UINT64_MAX;
        agent_abort(f.agent, f.now, "interrupted");
        fake_pass(&f, 20000);
        CHECK(error_is("interrupted; no answer to CancelUpdate either"));
    }
}

static void activation(void) {
    TEST("given ACTIVATION_NOT_REQUIRED / when the version is active / then the update is done") {
        begin();
        fake_rule(&f, PLDM_ACTIVATE_FIRMWARE, 1, FAKE_CODE, PLDM_ACTIVATION_NOT_REQUIRED);
        f.versions[0] = "2.0";
        CHECK_EQ(fake_run(&f, &package, 60), AGENT_DONE);
    }
    TEST("given self-contained activation not permitted / when activated / then it is asked for without") {
        begin();
        fake_rule(&f, PLDM_ACTIVATE_FIRMWARE, 1, FAKE_CODE, PLDM_SELF_CONTAINED_ACTIVATION_NOT_PERMITTED);
        f.versions[0] = "2.0";
        CHECK_EQ(fake_run(&f, &package, 60), AGENT_DONE);
        CHECK_EQ(fake_nth(&f, PLDM_ACTIVATE_FIRMWARE, 2)->body[0], 0);
    }
    TEST("given INCOMPLETE_UPDATE / when activated / then update mode is left and the update has failed") {
        begin();
        fake_rule(&f, PLDM_ACTIVATE_FIRMWARE, 1, FAKE_CODE, PLDM_INCOMPLETE_UPDATE);
        CHECK_EQ(fake_run(&f, &package, 60), AGENT_FAILED);
        CHECK_EQ(fake_count(&f, PLDM_CANCEL_UPDATE), 1);
        CHECK(error_is("ActivateFirmware: the device answered INCOMPLETE_UPDATE"));
    }
    TEST("given a device that restarts before it answers / when activated / then its inventory decides") {
        begin();
        fake_rule(&f, PLDM_ACTIVATE_FIRMWARE, 0, FAKE_DROP, 0);
        f.versions[0] = "2.0";
        CHECK_EQ(fake_run(&f, &package, 60), AGENT_DONE);
        CHECK_EQ(f.warnings, 1);
    }
    TEST(
        "given ActivateFirmware repeated / when the device is back and knows nothing of it / then its inventory "
        "decides") {
        begin();
        fake_rule(&f, PLDM_ACTIVATE_FIRMWARE, 1, FAKE_DROP, 0);
        fake_rule(&f, PLDM_ACTIVATE_FIRMWARE, 2, FAKE_CODE, PLDM_NOT_IN_UPDATE_MODE);
        f.versions[0] = "2.0";
        CHECK_EQ(fake_run(&f, &package, 60), AGENT_DONE);
        CHECK_EQ(fake_count(&f, PLDM_ACTIVATE_FIRMWARE), 2);
        CHECK_EQ(fake_count(&f, PLDM_CANCEL_UPDATE), 0);
    }
    TEST("given NOT_IN_UPDATE_MODE to the first ActivateFirmware / when activated / then the update has failed") {
        begin();
        fake_rule(&f, PLDM_ACTIVATE_FIRMWARE, 1, FAKE_CODE, PLDM_NOT_IN_UPDATE_MODE);
        CHECK_EQ(fake_run(&f, &package, 60), AGENT_FAILED);
        CHECK(error_is("ActivateFirmware: the device answered NOT_IN_UPDATE_MODE"));
    }
    TEST("given a device that falls back to the old version / when activated / then the update has failed") {
        begin();
        f.next_versions[0] = "1.0";
        CHECK_EQ(fake_run(&f, &package, 60), AGENT_FAILED);
        CHECK(error_is("component 0 (0x000a:0x0001): version 1.0 is active after the activation, not 2.0"));
    }
    TEST("given a device that stays away / when its estimate and 30 s are over / then the update has failed") {
        begin();
        f.restart_ms = 1000000;
        f.estimated_s = 10;
        CHECK_EQ(fake_run(&f, &package, 120), AGENT_FAILED);
        const uint64_t waited = f.now - fake_nth(&f, PLDM_ACTIVATE_FIRMWARE, 1)->at;
        CHECK(waited >= 40000 * FAKE_MS && waited <= 41002 * FAKE_MS);
        CHECK(error_is("the device did not come back within 40 s after ActivateFirmware"));
    }
    TEST("given a device that takes 35 s of an estimate of 10 / when it is back / then the update is done") {
        begin();
        f.restart_ms = 35000;
        f.estimated_s = 10;
        CHECK_EQ(fake_run(&f, &package, 120), AGENT_DONE);
    }
}

static void endpoint_of_its_own(void) {
    TEST("given a control request of the device / when it arrives / then it is answered, unsupported or not") {
        begin();
        fake_run(&f, NULL, 1);
        const size_t before = f.log_len;
        const uint8_t unknown[] = {0x81, 0x0B};
        const struct mctp_message m = {f.config.own_eid, FAKE_EID, 3, true, MCTP_TYPE_CONTROL, unknown, sizeof unknown};
        agent_receive(f.agent, f.now, &m);
        CHECK_EQ(f.log_len, before + 1);
        CHECK_EQ(f.log[before].body[0], MCTP_ERROR_UNSUPPORTED_CMD);
    }
    TEST("given a request of a PLDM type that is none of ours / when it arrives / then ERROR_INVALID_PLDM_TYPE") {
        const size_t before = f.log_len;
        const uint8_t platform[] = {0x81, 0x02, 0x11};
        const struct mctp_message m = {f.config.own_eid, FAKE_EID, 3, true, MCTP_TYPE_PLDM, platform, sizeof platform};
        agent_receive(f.agent, f.now, &m);
        CHECK_EQ(f.log_len, before + 1);
        CHECK_EQ(f.log[before].body[0], PLDM_ERROR_INVALID_PLDM_TYPE);
    }
    TEST("given messages cut off anywhere / when they arrive / then nothing is read beyond them") {
        const uint8_t whole[] = {0x81, 0x05, 0x15, 0, 0, 0, 0, 32, 0, 0, 0};
        begin_download();
        for (size_t len = 0; len <= sizeof whole; len++) {
            uint8_t *copy = malloc(len + (len == 0));
            if (copy == NULL) abort();
            memcpy(copy, whole, len);
            struct mctp_message m = {f.config.own_eid, FAKE_EID, 3, true, MCTP_TYPE_PLDM, copy, len};
            agent_receive(f.agent, f.now, &m);
            m.tag_owner = false;
            agent_receive(f.agent, f.now, &m);
            free(copy);
        }
        CHECK_EQ(agent_result(f.agent), AGENT_RUNNING);
    }
}

int main(void) {
    data_requests();
    out_of_turn();
    stage_failures();
    timers();
    cancelling();
    activation();
    endpoint_of_its_own();
    fake_free(&f);
    return check_result();
}
