// SPDX-License-Identifier: Apache-2.0
//
// Answers that are no good: to each command of the agent an error code, and an answer that is not as the specification
// has it. Both end the operation with a reason, and with the cancel commands where the device is in update mode; after
// the activation they only mean that the device is not back yet. Every time is simulated.
#include <stdlib.h>

#include "fw/mctp/mctp_control.h"
#include "tests/check.h"
#include "tests/host/fake_device.h"
#include "tests/host/fake_package.h"

static struct fake f;
static struct fake_package p;

static void begin(void) {
    fake_free(&f);
    fake_init(&f);
    fake_package_init(&p);
}

static bool error_is(const char *text) {
    if (strcmp(agent_error(f.agent), text) == 0) return true;
    printf("# error is: %s\n", agent_error(f.agent));
    return false;
}

static const struct {
    uint8_t command;
    const char *name;    /* as errors begin */
    bool in_update_mode; /* when it is answered well but for the form */
    bool entered;        /* and also when it is answered with an error */
} commands[] = {
    {PLDM_QUERY_DEVICE_IDENTIFIERS, "QueryDeviceIdentifiers", false, false},
    {PLDM_GET_FIRMWARE_PARAMETERS, "GetFirmwareParameters", false, false},
    {PLDM_GET_STATUS, "GetStatus", false, false},
    {PLDM_REQUEST_UPDATE, "RequestUpdate", true, false},
    {PLDM_GET_DEVICE_META_DATA, "GetDeviceMetaData", true, true},
    {PLDM_PASS_COMPONENT_TABLE, "PassComponentTable", true, true},
    {PLDM_UPDATE_COMPONENT, "UpdateComponent", true, true},
    {PLDM_ACTIVATE_FIRMWARE, "ActivateFirmware", true, true},
};

static void each_command(void) {
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        char text[128];
        TEST("given an answer with an error code / when it arrives / then it ends, with the command and the code") {
            begin();
            f.meta_data_len = 20;
            fake_rule(&f, commands[i].command, 1, FAKE_CODE, PLDM_ERROR_UNSUPPORTED_PLDM_CMD);
            CHECK_EQ(fake_run(&f, &p.pkg, 60), AGENT_FAILED);
            snprintf(text, sizeof text, "%s: the device answered ERROR_UNSUPPORTED_PLDM_CMD", commands[i].name);
            CHECK(strstr(agent_error(f.agent), text) != NULL);
            CHECK_EQ(fake_count(&f, PLDM_CANCEL_UPDATE), commands[i].entered);
        }
        TEST("given an answer that ends behind its completion code / when it arrives / then it is not believed") {
            static const uint8_t nothing[] = {PLDM_SUCCESS};
            begin();
            f.meta_data_len = 20;
            f.rules[f.rule_count++] = (struct fake_rule){commands[i].command, 1, FAKE_BODY, 0, nothing, 1};
            CHECK_EQ(fake_run(&f, &p.pkg, 60), AGENT_FAILED);
            snprintf(text, sizeof text, "%s: the device's answer is not as the specification has it", commands[i].name);
            CHECK(error_is(text));
            CHECK_EQ(fake_count(&f, PLDM_CANCEL_UPDATE), commands[i].in_update_mode);
        }
        TEST("given a command that is never answered / when all tries were in vain / then it ends") {
            begin();
            f.meta_data_len = 20;
            fake_rule(&f, commands[i].command, 0, FAKE_DROP, 0);
            CHECK_EQ(fake_run(&f, &p.pkg, 60), AGENT_FAILED);
            CHECK_EQ(fake_count(&f, commands[i].command), 3);
        }
    }
}

static void finding(void) {
    static const struct {
        uint8_t command, code;
        const char *error;
    } cases[] = {
        {MCTP_GET_ENDPOINT_ID, MCTP_ERROR, "Get Endpoint ID: the device answered ERROR"},
        {MCTP_GET_ENDPOINT_ID, MCTP_SUCCESS, "Get Endpoint ID: the device's answer is not as the specification has it"},
        {MCTP_SET_ENDPOINT_ID, MCTP_ERROR, "Set Endpoint ID: the device answered ERROR"},
        {MCTP_SET_ENDPOINT_ID, MCTP_SUCCESS, "Set Endpoint ID: the device's answer is not as the specification has it"},
        {MCTP_GET_MESSAGE_TYPE_SUPPORT, MCTP_ERROR, "Get Message Type Support: the device answered ERROR"},
        {MCTP_GET_MESSAGE_TYPE_SUPPORT, MCTP_SUCCESS,
         "Get Message Type Support: the device's answer is not as the specification has it"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        TEST("given a control answer that is no good / when the device is looked for / then it is not found") {
            begin();
            f.control_command = cases[i].command;
            f.control_code = cases[i].code;
            f.control_times = 1;
            CHECK_EQ(fake_run(&f, &p.pkg, 60), AGENT_FAILED);
            CHECK(error_is(cases[i].error));
        }
        TEST("given the same / when the device is restarting after the activation / then it is not back yet") {
            begin();
            fake_new_agent(&f);
            agent_start_update(f.agent, f.now, &p.pkg);
            while (fake_count(&f, PLDM_ACTIVATE_FIRMWARE) == 0) fake_pass(&f, 1);
            f.control_command = cases[i].command;
            f.control_code = cases[i].code;
            f.control_times = 3;
            fake_pass(&f, 60000);
            CHECK_EQ(agent_result(f.agent), AGENT_DONE);
            CHECK_EQ(f.control_times, 0);
        }
    }
    TEST("given inventory answers that are no good / when the device is restarting / then it is not back yet") {
        static const uint8_t nothing[] = {PLDM_SUCCESS};
        begin();
        fake_rule(&f, PLDM_QUERY_DEVICE_IDENTIFIERS, 2, FAKE_CODE, PLDM_ERROR_NOT_READY);
        fake_rule(&f, PLDM_GET_FIRMWARE_PARAMETERS, 2, FAKE_CODE, PLDM_ERROR_NOT_READY);
        f.rules[f.rule_count++] = (struct fake_rule){PLDM_GET_FIRMWARE_PARAMETERS, 3, FAKE_BODY, 0, nothing, 1};
        CHECK_EQ(fake_run(&f, &p.pkg, 60), AGENT_DONE);
        CHECK_EQ(fake_count(&f, PLDM_QUERY_DEVICE_IDENTIFIERS), 5);
    }
    TEST("given a device whose types lack firmware update / when it is looked at / then it is said so") {
        static const uint8_t base_only[PLDM_TYPES_SIZE] = {1};
        begin();
        f.types = base_only;
        CHECK_EQ(fake_run(&f, NULL, 60), AGENT_FAILED);
        CHECK(error_is("the device at EID 9 does not support PLDM for Firmware Update"));
    }
    TEST("given a device that has its EID already / when the agent knows it / then it is asked there, not given one") {
        begin();
        f.eid = f.address = 42;
        f.config.device_has_eid = true;
        f.config.device_eid = 42;
        CHECK_EQ(fake_run(&f, NULL, 60), AGENT_DONE);
        CHECK_EQ(agent_inventory(f.agent)->eid, 42);
        CHECK(strncmp(fake_commands(&f), "c2 c5 ", 6) == 0);
    }
}

static void quick_device(void) {
    TEST(
        "given a device that reports before its answer to UpdateComponent arrives / when updated / then it is "
        "watched") {
        static const uint8_t good[3], data[8] = {0, 0, 0, 0, 32};
        begin();
        f.by_hand = true;
        f.wanted_not = 2;
        fake_rule(&f, PLDM_UPDATE_COMPONENT, 1, FAKE_DROP, 0); /* comes late: the second try's */
        fake_run(&f, &p.pkg, 0);
        fake_pass(&f, 200);
        fake_request(&f, PLDM_REQUEST_FIRMWARE_DATA, data, sizeof data, false);
        fake_pass(&f, 2);
        CHECK_EQ(f.answer_body[0], PLDM_SUCCESS);
        fake_request(&f, PLDM_TRANSFER_COMPLETE, good, 1, false);
        fake_pass(&f, 2);
        CHECK_EQ(f.answer_body[0], PLDM_SUCCESS);
        fake_pass(&f, 10000);
        CHECK_EQ(agent_result(f.agent), AGENT_RUNNING);
        CHECK(fake_count(&f, PLDM_GET_STATUS) > 5);
    }
}

int main(void) {
    each_command();
    finding();
    quick_device();
    fake_free(&f);
    return check_result();
}
