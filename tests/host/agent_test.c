// SPDX-License-Identifier: Apache-2.0
//
// The update agent's way through a whole inventory and update, against a scripted device in simulated time: what is
// sent, in which order, with which fields, and what becomes of retries and refusals.
#include <stdlib.h>

#include "fw/mctp/mctp_control.h"
#include "tests/check.h"
#include "tests/host/fake_device.h"

enum { SIZE_0 = 200, SIZE_1 = 1000 };
static const uint8_t image[SIZE_1];
static const uint8_t vendor[] = {0x34, 0x12}, device_id[] = {0x01, 0x53}, other_id[] = {0x02, 0x53};
static const uint8_t both[] = {0x03}, only_second[] = {0x02};
static const uint8_t package_data[] = "forty-two bytes of data for this device...";
static struct pldm_descriptor descriptors[] = {{0x0000, 2, vendor}, {0x0100, 2, device_id}};
static struct pkg_device record;
static struct pkg_component components[2];
static struct pkg package;
static struct fake f;

static void begin(void) {
    const struct pldm_string v2 = {1, 3, (const uint8_t *)"2.0"};
    fake_free(&f);
    fake_init(&f);
    descriptors[1].data = device_id;
    record = (struct pkg_device){0, v2, both, descriptors, 2, 0, NULL};
    components[0] = (struct pkg_component){10, 1, 0x02000000, PKG_USE_STAMP, 2, 0, SIZE_0, v2, image};
    components[1] = (struct pkg_component){10, 2, 0x02000000, PKG_USE_STAMP, 2, 0, SIZE_1, v2, image};
    package = (struct pkg){
        .bitmap_bits = 8, .device_count = 1, .component_count = 2, .devices = &record, .components = components};
}

static bool error_is(const char *text) {
    if (strcmp(agent_error(f.agent), text) == 0) return true;
    printf("# error is: %s\n", agent_error(f.agent));
    return false;
}

static bool commands_are(const char *want) {
    if (strcmp(fake_commands(&f), want) == 0) return true;
    printf("# sent: %s\n", fake_commands(&f));
    return false;
}

static void inventory(void) {
    TEST("given a device without EID / when the inventory is read / then it gets one and everything is known") {
        begin();
        CHECK_EQ(fake_run(&f, NULL, 10), AGENT_DONE);
        CHECK(commands_are("c2 c1 c5 b02 b04 01 02 1b "));
        const struct agent_inventory *v = agent_inventory(f.agent);
        CHECK_EQ(v->eid, FAKE_EID);
        CHECK_EQ(v->descriptor_count, 3);
        CHECK_EQ(v->descriptors[1].type, 0x0100);
        CHECK_EQ(v->component_count, FAKE_COMPONENTS);
        CHECK_EQ(v->components[1].index, 4);
        CHECK_MEM(v->components[1].active.version.bytes, "1.0", 3);
        CHECK_EQ(v->status.current_state, PLDM_STATE_IDLE);
    }
    TEST("given a device that has an EID / when the inventory is read / then it keeps it") {
        begin();
        f.eid = FAKE_EID;
        CHECK_EQ(fake_run(&f, NULL, 10), AGENT_DONE);
        CHECK(commands_are("c2 c5 b02 b04 01 02 1b "));
    }
    TEST("given nobody on the link / when the inventory is read / then it fails after three tries of a second") {
        begin();
        f.silent_until = UINT64_MAX;
        CHECK_EQ(fake_run(&f, NULL, 10), AGENT_FAILED);
        CHECK_EQ(f.now, 3000 * FAKE_MS);
        CHECK(commands_are("c2 c2 c2 "));
        CHECK(error_is("no device answers on the link (3 tries, 1000 ms each)"));
    }
    TEST("given two lost answers / when asked again / then the requests are the same to the instance ID") {
        begin();
        fake_rule(&f, PLDM_GET_FIRMWARE_PARAMETERS, 1, FAKE_DROP, 0);
        fake_rule(&f, PLDM_GET_FIRMWARE_PARAMETERS, 2, FAKE_DROP, 0);
        CHECK_EQ(fake_run(&f, NULL, 10), AGENT_DONE);
        CHECK_EQ(fake_count(&f, PLDM_GET_FIRMWARE_PARAMETERS), 3);
        const struct fake_sent *first = fake_nth(&f, PLDM_GET_FIRMWARE_PARAMETERS, 1);
        const struct fake_sent *third = fake_nth(&f, PLDM_GET_FIRMWARE_PARAMETERS, 3);
        CHECK_EQ(third->instance, first->instance);
        CHECK_EQ(third->at - first->at, 2000 * FAKE_MS);
    }
    TEST("given three lost answers / when asked again / then it fails and says for which command") {
        begin();
        fake_rule(&f, PLDM_QUERY_DEVICE_IDENTIFIERS, 0, FAKE_DROP, 0);
        CHECK_EQ(fake_run(&f, NULL, 10), AGENT_FAILED);
        CHECK(error_is("QueryDeviceIdentifiers: no answer from the device (3 tries, 1000 ms each)"));
    }
    TEST("given a late answer with another instance ID / when it arrives / then it is not taken for the awaited one") {
        begin();
        fake_rule(&f, PLDM_GET_STATUS, 0, FAKE_DROP, 0);
        fake_run(&f, NULL, 1);
        const uint8_t instance = fake_nth(&f, PLDM_GET_STATUS, 1)->instance;
        uint8_t late[] = {(uint8_t)((instance + 8) & 31), 5, PLDM_GET_STATUS, 0, 0, 0, 3, 0, 101, 0, 0, 0, 0, 0};
        const struct mctp_message m = {8, FAKE_EID, instance & 7, false, MCTP_TYPE_PLDM, late, sizeof late};
        agent_receive(f.agent, f.now, &m);
        CHECK_EQ(agent_result(f.agent), AGENT_RUNNING);
        late[0] = instance;
        agent_receive(f.agent, f.now, &m);
        CHECK_EQ(agent_result(f.agent), AGENT_DONE);
    }
    TEST("given an error code / when the inventory is read / then it fails with the code's name") {
        begin();
        fake_rule(&f, PLDM_GET_STATUS, 1, FAKE_CODE, PLDM_ERROR);
        CHECK_EQ(fake_run(&f, NULL, 10), AGENT_FAILED);
        CHECK(error_is("GetStatus: the device answered ERROR"));
    }
    TEST("given a device that is not ready twice / when the inventory is read / then the third try is good (UAFD_T1)") {
        begin();
        fake_rule(&f, PLDM_GET_STATUS, 1, FAKE_CODE, PLDM_ERROR_NOT_READY);
        fake_rule(&f, PLDM_GET_STATUS, 2, FAKE_CODE, PLDM_ERROR_NOT_READY);
        CHECK_EQ(fake_run(&f, NULL, 10), AGENT_DONE);
        const struct fake_sent *first = fake_nth(&f, PLDM_GET_STATUS, 1);
        CHECK_EQ(fake_nth(&f, PLDM_GET_STATUS, 2)->at - first->at, 1001 * FAKE_MS);
        CHECK(fake_nth(&f, PLDM_GET_STATUS, 2)->instance != first->instance);
    }
    TEST("given a device that is never ready / when the inventory is read / then it fails after three tries") {
        begin();
        fake_rule(&f, PLDM_GET_STATUS, 0, FAKE_CODE, PLDM_ERROR_NOT_READY);
        CHECK_EQ(fake_run(&f, NULL, 10), AGENT_FAILED);
        CHECK_EQ(fake_count(&f, PLDM_GET_STATUS), 3);
        CHECK(error_is("GetStatus: the device answered ERROR_NOT_READY"));
    }
    TEST("given an answer one byte short / when the inventory is read / then it is not believed") {
        static const uint8_t cut[] = {0, 6, 0, 0, 0, 1, 0, 0, 2, 0, 0x34};
        begin();
        f.rules[f.rule_count++] = (struct fake_rule){PLDM_QUERY_DEVICE_IDENTIFIERS, 0, FAKE_BODY, 0, cut, sizeof cut};
        CHECK_EQ(fake_run(&f, NULL, 10), AGENT_FAILED);
        CHECK(error_is("QueryDeviceIdentifiers: the device's answer is not as the specification has it"));
    }
}

static void check_data(unsigned component, uint32_t size) {
    for (uint32_t i = 0; i < size; i++)
        if (!CHECK_EQ(f.got[component][i], (uint8_t)((component + 1) * 37 + i))) break;
    for (uint32_t i = size; i < (size + 31) / 32 * 32; i++)
        if (!CHECK_EQ(f.got[component][i], 0)) break;
}

static void happy_update(void) {
    TEST("given two components / when updated / then all commands come in order and the device runs them") {
        begin();
        CHECK_EQ(fake_run(&f, &package, 60), AGENT_DONE);
        CHECK(commands_are("c2 c1 c5 b02 b04 01 02 1b 10 13 13 14 14 1a c2 c2 c1 c5 b02 b04 01 02 1b "));
        check_data(0, SIZE_0);
        check_data(1, SIZE_1);
        size_t count;
        const struct agent_outcome *o = agent_outcomes(f.agent, &count);
        CHECK_EQ(count, 2);
        CHECK_EQ(o[0].fate, AGENT_UPDATED);
        CHECK_EQ(o[0].bytes, 224);
        CHECK_EQ(o[0].requests, 4);
        CHECK_EQ(o[1].requests, 16);
        CHECK_MEM(agent_inventory(f.agent)->components[1].active.version.bytes, "2.0", 3);
    }
    TEST("given two components / when updated / then the requests' fields are those of package and inventory") {
        const uint8_t request_update[] = {0, 16, 0, 0, 2, 0, 8, 0, 0, 1, 3, '2', '.', '0'};
        const uint8_t pass[] = {1, 10, 0, 1, 0, 3, 0, 0, 0, 2, 1, 3, '2', '.', '0'};
        const uint8_t update[] = {10, 0, 2, 0, 4, 0, 0, 0, 2, 0xE8, 3, 0, 0, 0, 0, 0, 0, 1, 3, '2', '.', '0'};
        CHECK_MEM(fake_nth(&f, PLDM_REQUEST_UPDATE, 1)->body, request_update, sizeof request_update);
        CHECK_MEM(fake_nth(&f, PLDM_PASS_COMPONENT_TABLE, 1)->body, pass, sizeof pass);
        CHECK_EQ(fake_nth(&f, PLDM_PASS_COMPONENT_TABLE, 2)->body[0], PLDM_TRANSFER_END);
        CHECK_MEM(fake_nth(&f, PLDM_UPDATE_COMPONENT, 2)->body, update, sizeof update);
        CHECK_EQ(fake_nth(&f, PLDM_ACTIVATE_FIRMWARE, 1)->body[0], 1);
    }
    TEST("given one applicable component / when updated / then it alone is passed, with StartAndEnd") {
        begin();
        record.applicable = only_second;
        f.next_versions[0] = "1.0";
        CHECK_EQ(fake_run(&f, &package, 60), AGENT_DONE);
        CHECK_EQ(fake_count(&f, PLDM_PASS_COMPONENT_TABLE), 1);
        CHECK_EQ(fake_nth(&f, PLDM_PASS_COMPONENT_TABLE, 1)->body[0], PLDM_TRANSFER_START_AND_END);
        CHECK_EQ(fake_nth(&f, PLDM_PASS_COMPONENT_TABLE, 1)->body[3], 2);
        CHECK_EQ(fake_nth(&f, PLDM_REQUEST_UPDATE, 1)->body[4], 1);
    }
    TEST("given the force flag in the package / when updated / then UpdateComponent asks for it") {
        begin();
        components[1].options |= PKG_FORCE_UPDATE;
        CHECK_EQ(fake_run(&f, &package, 60), AGENT_DONE);
        CHECK_EQ(fake_nth(&f, PLDM_UPDATE_COMPONENT, 1)->body[13], 0);
        CHECK_EQ(fake_nth(&f, PLDM_UPDATE_COMPONENT, 2)->body[13], PLDM_UPDATE_FORCE);
    }
}

static void not_for_this_device(void) {
    TEST("given a package for another device / when updated / then nothing is begun") {
        begin();
        descriptors[1].data = other_id;
        CHECK_EQ(fake_run(&f, &package, 60), AGENT_FAILED);
        CHECK_EQ(fake_count(&f, PLDM_REQUEST_UPDATE), 0);
        CHECK(error_is("no device record of the package matches the device's descriptors"));
    }
    TEST("given a component that the device has not / when updated / then nothing is begun") {
        begin();
        components[1].identifier = 7;
        CHECK_EQ(fake_run(&f, &package, 60), AGENT_FAILED);
        CHECK_EQ(fake_count(&f, PLDM_REQUEST_UPDATE), 0);
        CHECK(error_is("component 1 (0x000a:0x0007) of the package is not on the device"));
    }
}

static void entering_update_mode(void) {
    TEST("given RETRY_REQUEST_UPDATE twice / when updated / then it is sent again after UA_T4") {
        begin();
        fake_rule(&f, PLDM_REQUEST_UPDATE, 1, FAKE_CODE, PLDM_RETRY_REQUEST_UPDATE);
        fake_rule(&f, PLDM_REQUEST_UPDATE, 2, FAKE_CODE, PLDM_RETRY_REQUEST_UPDATE);
        CHECK_EQ(fake_run(&f, &package, 60), AGENT_DONE);
        CHECK_EQ(fake_count(&f, PLDM_REQUEST_UPDATE), 3);
        const uint64_t apart = fake_nth(&f, PLDM_REQUEST_UPDATE, 2)->at - fake_nth(&f, PLDM_REQUEST_UPDATE, 1)->at;
        CHECK_EQ(apart, 2001 * FAKE_MS);
    }
    TEST("given RETRY_REQUEST_UPDATE for ever / when updated / then it fails after three tries, without CancelUpdate") {
        begin();
        fake_rule(&f, PLDM_REQUEST_UPDATE, 0, FAKE_CODE, PLDM_RETRY_REQUEST_UPDATE);
        CHECK_EQ(fake_run(&f, &package, 60), AGENT_FAILED);
        CHECK_EQ(fake_count(&f, PLDM_REQUEST_UPDATE), 3);
        CHECK_EQ(fake_count(&f, PLDM_CANCEL_UPDATE), 0);
        CHECK(error_is("RequestUpdate: the device answered RETRY_REQUEST_UPDATE"));
    }
    TEST("given an update left behind / when updated / then it is cancelled once and the new one begins") {
        begin();
        f.state = PLDM_STATE_LEARN_COMPONENTS;
        CHECK_EQ(fake_run(&f, &package, 60), AGENT_DONE);
        CHECK_EQ(fake_count(&f, PLDM_CANCEL_UPDATE), 1);
        CHECK_EQ(f.warnings, 1);
    }
    TEST("given UNABLE_TO_INITIATE_UPDATE / when updated / then it fails at once") {
        begin();
        fake_rule(&f, PLDM_REQUEST_UPDATE, 0, FAKE_CODE, PLDM_UNABLE_TO_INITIATE_UPDATE);
        CHECK_EQ(fake_run(&f, &package, 60), AGENT_FAILED);
        CHECK_EQ(fake_count(&f, PLDM_REQUEST_UPDATE), 1);
        CHECK(error_is("RequestUpdate: the device answered UNABLE_TO_INITIATE_UPDATE"));
    }
}

static void refusals(void) {
    static const uint8_t pass_not[] = {0, 1, PLDM_COMPONENT_STAMP_LOWER};
    static const uint8_t update_not[] = {0, 1, PLDM_COMPONENT_STAMP_IDENTICAL, 0, 0, 0, 0, 0, 0};
    const struct fake_rule pass = {PLDM_PASS_COMPONENT_TABLE, 1, FAKE_BODY, 0, pass_not, sizeof pass_not};
    const struct fake_rule update = {PLDM_UPDATE_COMPONENT, 1, FAKE_BODY, 0, update_not, sizeof update_not};
    TEST("given a component refused in PassComponentTable / when updated / then update mode is left, with the reason") {
        begin();
        f.rules[f.rule_count++] = pass;
        CHECK_EQ(fake_run(&f, &package, 60), AGENT_FAILED);
        CHECK(commands_are("c2 c1 c5 b02 b04 01 02 1b 10 13 1d "));
        CHECK(
            error_is("component 0 (0x000a:0x0001): the device refuses it: lower comparison stamp than the device has "
                     "(force would be needed)"));
    }
    TEST("given the same and the force flag / when updated / then UpdateComponent decides") {
        begin();
        f.rules[f.rule_count++] = pass;
        f.config.force = true;
        CHECK_EQ(fake_run(&f, &package, 60), AGENT_DONE);
    }
    TEST("given a component refused in UpdateComponent / when updated / then no CancelUpdateComponent is due") {
        begin();
        f.rules[f.rule_count++] = update;
        CHECK_EQ(fake_run(&f, &package, 60), AGENT_FAILED);
        CHECK(commands_are("c2 c1 c5 b02 b04 01 02 1b 10 13 13 14 1d "));
    }
    TEST("given continue-after-failure / when the first is refused / then the second is updated and the whole fails") {
        size_t count;
        begin();
        f.rules[f.rule_count++] = update;
        f.next_versions[0] = "1.0";
        record.options = PKG_CONTINUE_AFTER_FAILURE;
        CHECK_EQ(fake_run(&f, &package, 60), AGENT_FAILED);
        CHECK_EQ(fake_count(&f, PLDM_ACTIVATE_FIRMWARE), 1);
        const struct agent_outcome *o = agent_outcomes(f.agent, &count);
        CHECK_EQ(o[0].fate, AGENT_REFUSED);
        CHECK_EQ(o[0].code, PLDM_COMPONENT_STAMP_IDENTICAL);
        CHECK_EQ(o[1].fate, AGENT_UPDATED);
        CHECK(
            error_is("component 0 (0x000a:0x0001): the device refuses it: same comparison stamp as the device has "
                     "(force would be needed)"));
    }
}

static void side_data(void) {
    TEST("given package data / when the device asks for it / then it gets all of it before the components are passed") {
        const uint8_t first[] = {0, 0, 0, 0, PLDM_GET_FIRST_PART}, next[] = {32, 0, 0, 0, PLDM_GET_NEXT_PART};
        const uint8_t wrong[] = {31, 0, 0, 0, PLDM_GET_NEXT_PART};
        begin();
        f.by_hand = true;
        f.will_get_package_data = 1;
        f.config.max_transfer = 32;
        record.data = package_data;
        record.data_len = sizeof package_data;
        fake_run(&f, &package, 1);
        CHECK_EQ(fake_nth(&f, PLDM_REQUEST_UPDATE, 1)->body[7], sizeof package_data);
        CHECK_EQ(fake_count(&f, PLDM_PASS_COMPONENT_TABLE), 0);
        fake_request(&f, PLDM_GET_PACKAGE_DATA, first, sizeof first, false);
        fake_pass(&f, 10);
        CHECK_EQ(f.answer_len, 6 + 32);
        CHECK_EQ(f.answer_body[1], 32);
        CHECK_EQ(f.answer_body[5], PLDM_TRANSFER_START);
        CHECK_MEM(f.answer_body + 6, package_data, 32);
        fake_request(&f, PLDM_GET_PACKAGE_DATA, wrong, sizeof wrong, false);
        fake_pass(&f, 10);
        CHECK_EQ(f.answer_body[0], PLDM_INVALID_DATA_TRANSFER_HANDLE);
        fake_request(&f, PLDM_GET_PACKAGE_DATA, next, sizeof next, false);
        fake_pass(&f, 10);
        CHECK_EQ(f.answer_len, 6 + sizeof package_data - 32);
        CHECK_EQ(f.answer_body[5], PLDM_TRANSFER_END);
        CHECK_EQ(fake_count(&f, PLDM_PASS_COMPONENT_TABLE), 2);
    }
    TEST("given announced GetPackageData that never comes / when UA_T5 is over / then the update is cancelled") {
        begin();
        f.will_get_package_data = 1;
        record.data = package_data;
        record.data_len = sizeof package_data;
        CHECK_EQ(fake_run(&f, &package, 60), AGENT_FAILED);
        CHECK_EQ(fake_nth(&f, PLDM_CANCEL_UPDATE, 1)->at - fake_nth(&f, PLDM_REQUEST_UPDATE, 1)->at, 5001 * FAKE_MS);
        CHECK(error_is("the device announced GetPackageData and sent none for 5000 ms (UA_T5)"));
    }
    TEST("given device metadata in two parts / when the device asks for it back / then it is the same") {
        const uint8_t first[] = {0, 0, 0, 0, PLDM_GET_FIRST_PART};
        begin();
        f.by_hand = true;
        f.meta_data_len = 20;
        fake_run(&f, &package, 1);
        CHECK_EQ(fake_count(&f, PLDM_GET_DEVICE_META_DATA), 2);
        CHECK_EQ(fake_nth(&f, PLDM_GET_DEVICE_META_DATA, 2)->body[0], 77);
        fake_request(&f, PLDM_GET_META_DATA, first, sizeof first, false);
        fake_pass(&f, 10);
        CHECK_EQ(f.answer_len, 6 + 20);
        CHECK_EQ(f.answer_body[5], PLDM_TRANSFER_START_AND_END);
        CHECK_MEM(f.answer_body + 6, "metadata of the devi", 20);
    }
}

int main(void) {
    inventory();
    happy_update();
    not_for_this_device();
    entering_update_mode();
    refusals();
    side_data();
    fake_free(&f);
    return check_result();
}
