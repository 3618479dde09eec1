// SPDX-License-Identifier: Apache-2.0
//
// The firmware device on the main path and in each error of it (DSP0267 clauses 10 and 11).
#include "tests/check.h"
#include "tests/fw/fd_rig.h"

static struct rig rig;

static bool sent(uint8_t command, uint8_t result, size_t len) {
    return rig.sent_len == len && (rig.sent[0] & 0xE0) == 0x80 && rig.sent[1] == 5 && rig.sent[2] == command &&
           rig.sent[3] == result && rig.sent_to == RIG_UA;
}

static bool state_is(uint8_t state, uint8_t previous, uint8_t aux) {
    struct pldm_get_status_resp s = rig_status(&rig);
    return CHECK_EQ(s.current_state, state) && CHECK_EQ(s.previous_state, previous) && CHECK_EQ(s.aux_state, aux);
}

static void end_transfer(uint8_t result) {
    fd_transfer_done(&rig.fd, result);
    fd_tick(&rig.fd, rig.now);
}

static void end_verify(uint8_t result) {
    fd_verify_done(&rig.fd, result);
    fd_tick(&rig.fd, rig.now);
}

static void end_apply(uint8_t result, uint16_t methods) {
    fd_apply_done(&rig.fd, result, methods);
    fd_tick(&rig.fd, rig.now);
}

static void update_one(uint8_t i) {
    CHECK_EQ(rig_update(&rig, i, 4096U + i, false), 0);
    CHECK(state_is(PLDM_STATE_DOWNLOAD, PLDM_STATE_READY_XFER, PLDM_AUX_IN_PROGRESS));
    CHECK(rig.starts == i + 1U && rig.transfer.component == i && rig.transfer.image_size == 4096U + i);
    CHECK(rig.transfer.peer == RIG_UA && rig.transfer.max_transfer_size == 512 && rig.transfer.max_outstanding == 1);
    end_transfer(0);
    CHECK(sent(PLDM_TRANSFER_COMPLETE, 0, 4) && rig.verifies == i);
    CHECK(state_is(PLDM_STATE_DOWNLOAD, PLDM_STATE_READY_XFER, PLDM_AUX_SUCCESS));
    rig_acknowledge(&rig, 0);
    CHECK(rig.verifies == i + 1U && rig.worked_on == i);
    CHECK(state_is(PLDM_STATE_VERIFY, PLDM_STATE_DOWNLOAD, PLDM_AUX_IN_PROGRESS));
    end_verify(0);
    CHECK(sent(PLDM_VERIFY_COMPLETE, 0, 4) && rig.applies == i);
    rig_acknowledge(&rig, 0);
    CHECK(rig.applies == i + 1U && rig.worked_on == i);
    CHECK(state_is(PLDM_STATE_APPLY, PLDM_STATE_VERIFY, PLDM_AUX_IN_PROGRESS));
    end_apply(0, 0xFF);
    CHECK(sent(PLDM_APPLY_COMPLETE, 0, 6) && rig.sent[4] == 0 && rig.sent[5] == 0);
    CHECK(state_is(PLDM_STATE_APPLY, PLDM_STATE_VERIFY, PLDM_AUX_SUCCESS));
    rig_acknowledge(&rig, 0);
    CHECK(state_is(PLDM_STATE_READY_XFER, PLDM_STATE_APPLY, PLDM_AUX_IDLE));
}

static void check_main_path(void) {
    TEST(
        "given two components when they are updated one after the other then both are activated and the device idles") {
        rig_init(&rig);
        CHECK(state_is(PLDM_STATE_IDLE, PLDM_STATE_IDLE, PLDM_AUX_IDLE));
        CHECK_EQ(rig_request_update(&rig), 0);
        CHECK(rig.answer_len == 7 && rig.answer[4] == 0 && rig.answer[5] == 0 && rig.answer[6] == 0);
        CHECK(state_is(PLDM_STATE_LEARN_COMPONENTS, PLDM_STATE_IDLE, PLDM_AUX_IDLE));
        CHECK_EQ(rig_pass(&rig, 0, PLDM_TRANSFER_START), 0);
        CHECK(rig.offer.passing && rig.offer.stamp == 100 && rig.offer.size == 0 && !rig.offer.force);
        CHECK_EQ(rig_pass(&rig, 1, PLDM_TRANSFER_END), 0);
        update_one(0);
        update_one(1);
        rig.activate_s = 7; /* for a self-contained activation, which this is not */
        CHECK_EQ(rig_activate(&rig, false), 0);
        CHECK(rig.answer_len == 6 && rig.answer[4] == 0 && rig.answer[5] == 0);
        CHECK(rig.activates == 1 && !rig.self_contained && rig.self_activates == 0 && rig.abandons == 0);
        CHECK(state_is(PLDM_STATE_IDLE, PLDM_STATE_ACTIVATE, PLDM_AUX_IDLE));
        CHECK_EQ(rig_status(&rig).reason, PLDM_REASON_ACTIVATE_FIRMWARE);
        CHECK_EQ(rig.sends, 6);
    }
    TEST("given a platform that ends its work at once when a component is updated then READY XFER follows") {
        rig_to(&rig, PLDM_STATE_READY_XFER);
        rig.done_at_once = true;
        CHECK_EQ(rig_update(&rig, 0, 64, false), 0);
        rig_acknowledge(&rig, 0);
        rig_acknowledge(&rig, 0);
        rig_acknowledge(&rig, 0);
        CHECK(state_is(PLDM_STATE_READY_XFER, PLDM_STATE_APPLY, PLDM_AUX_IDLE));
        CHECK_EQ(rig.sends, 3);
    }
    TEST("given UpdateComponent when it is answered then the transfer starts only after the answer") {
        static const uint8_t msg[] = {0x9E, 5, 0x14, 0x0A, 0, 1, 0, 0, 100, 0, 0,   0,
                                      64,   0, 0,    0,    0, 0, 0, 0, 1,   2, 'v', '2'};
        rig_to(&rig, PLDM_STATE_READY_XFER);
        CHECK_EQ(fd_message(&rig.fd, rig.now, RIG_UA, msg, sizeof msg, rig.answer, sizeof rig.answer), 12);
        CHECK_EQ(rig.starts, 0);
        static const uint8_t status[] = {0x9F, 5, PLDM_GET_STATUS};
        rig.percent = 100; /* of what was before */
        CHECK_EQ(fd_message(&rig.fd, rig.now, RIG_UA, status, sizeof status, rig.answer, sizeof rig.answer), 14);
        CHECK(rig.answer[4] == PLDM_STATE_DOWNLOAD && rig.answer[8] == 0);
        fd_tick(&rig.fd, rig.now);
        CHECK_EQ(rig.starts, 1);
    }
    TEST("given a self-contained activation when it is asked for then it runs after the answer and ends in IDLE") {
        rig_to(&rig, PLDM_STATE_READY_XFER);
        for (uint8_t i = 0; i < 2; i++) {
            rig_update(&rig, i, 64, false);
            rig_finish_component(&rig);
        }
        rig.activate_s = 0x0102;
        CHECK_EQ(rig_activate(&rig, true), 0);
        CHECK(rig.self_contained && rig.answer[4] == 2 && rig.answer[5] == 1 && rig.self_activates == 1);
        CHECK(state_is(PLDM_STATE_ACTIVATE, PLDM_STATE_READY_XFER, PLDM_AUX_IN_PROGRESS));
        fd_activate_done(&rig.fd, true);
        CHECK(state_is(PLDM_STATE_IDLE, PLDM_STATE_ACTIVATE, PLDM_AUX_IDLE));
        CHECK(rig_status(&rig).reason == PLDM_REASON_ACTIVATE_FIRMWARE && rig.abandons == 0);
    }
    TEST("given a self-contained activation when it fails then the device idles and says so") {
        rig_to(&rig, PLDM_STATE_ACTIVATE);
        fd_activate_done(&rig.fd, false);
        CHECK(rig_status(&rig).reason == FD_REASON_ACTIVATE_FAILED && rig_status(&rig).current_state == 0);
    }
    TEST("given a device that cannot begin when RequestUpdate comes then it stays idle and its code is answered") {
        rig_init(&rig);
        rig.begin_code = PLDM_RETRY_REQUEST_UPDATE;
        CHECK_EQ(rig_request_update(&rig), PLDM_RETRY_REQUEST_UPDATE);
        rig.begin_code = PLDM_UNABLE_TO_INITIATE_UPDATE;
        CHECK_EQ(rig_request_update(&rig), PLDM_UNABLE_TO_INITIATE_UPDATE);
        CHECK(state_is(PLDM_STATE_IDLE, PLDM_STATE_IDLE, PLDM_AUX_IDLE));
    }
}

/* UpdateComponent for component @p i with one byte of the body changed. */
static unsigned update_changed(size_t at, uint8_t value) {
    uint8_t body[] = {0x0A, 0, 1, 0, 0, 100, 0, 0, 0, 64, 0, 0, 0, 0, 0, 0, 0, 1, 2, 'v', '2'};
    body[at] = value;
    rig_command(&rig, PLDM_UPDATE_COMPONENT, body, sizeof body);
    return rig.answer[5];
}

static void check_component_table(void) {
    TEST("given an unsupported component when it is passed and updated then both answer 06h") {
        rig_to(&rig, PLDM_STATE_LEARN_COMPONENTS);
        CHECK_EQ(rig_pass(&rig, 7, PLDM_TRANSFER_START_AND_END), PLDM_COMPONENT_NOT_SUPPORTED);
        CHECK_EQ(rig.answer[4], 1);
        CHECK_EQ(rig_update(&rig, 7, 64, false), PLDM_COMPONENT_NOT_SUPPORTED);
        CHECK(rig.answer[4] == 1 && rig.checks == 0);
    }
    TEST("given a component that was never passed when it is updated then the answer is 09h") {
        rig_to(&rig, PLDM_STATE_LEARN_COMPONENTS);
        rig_pass(&rig, 0, PLDM_TRANSFER_START_AND_END);
        CHECK_EQ(rig_update(&rig, 1, 64, false), PLDM_COMPONENT_INFORMATION_MISMATCH);
        CHECK(state_is(PLDM_STATE_READY_XFER, PLDM_STATE_LEARN_COMPONENTS, PLDM_AUX_IDLE));
    }
    TEST("given a passed component when its stamp, version or string type differs in UpdateComponent then it is 09h") {
        rig_to(&rig, PLDM_STATE_READY_XFER);
        CHECK_EQ(update_changed(5, 101), PLDM_COMPONENT_INFORMATION_MISMATCH);
        CHECK_EQ(update_changed(20, '3'), PLDM_COMPONENT_INFORMATION_MISMATCH);
        CHECK_EQ(update_changed(17, PLDM_STRING_UTF8), PLDM_COMPONENT_INFORMATION_MISMATCH);
        CHECK_EQ(update_changed(4, 1), PLDM_COMPONENT_NOT_SUPPORTED);
        CHECK_EQ(update_changed(9, 64), 0);
    }
    TEST("given a component image of no bytes when it is offered then the size is refused") {
        rig_to(&rig, PLDM_STATE_READY_XFER);
        CHECK_EQ(update_changed(9, 0), FD_RESPONSE_SIZE);
    }
    TEST("given a device without partial update when a component is missing then everything is refused with 08h") {
        rig_init(&rig);
        rig.ops.capabilities = 0;
        rig_request_update(&rig);
        CHECK_EQ(rig_pass(&rig, 0, PLDM_TRANSFER_START_AND_END), PLDM_COMPONENT_INCOMPLETE_SET);
        CHECK_EQ(rig_update(&rig, 0, 64, false), PLDM_COMPONENT_INCOMPLETE_SET);
        CHECK_EQ(rig_activate(&rig, false), PLDM_INCOMPLETE_UPDATE);
    }
    TEST(
        "given a device without partial update when only foreign components are passed then activation is incomplete") {
        rig_init(&rig);
        rig.ops.capabilities = 0;
        rig_request_update(&rig);
        CHECK_EQ(rig_pass(&rig, 7, PLDM_TRANSFER_START_AND_END), PLDM_COMPONENT_INCOMPLETE_SET);
        CHECK_EQ(rig_activate(&rig, false), PLDM_INCOMPLETE_UPDATE);
    }
    TEST("given a device without partial update when a component is refused then activation is incomplete") {
        rig_init(&rig);
        rig.ops.capabilities = 0;
        rig_request_update(&rig);
        rig_pass(&rig, 0, PLDM_TRANSFER_START);
        CHECK_EQ(rig_pass(&rig, 1, PLDM_TRANSFER_END), 0);
        rig_update(&rig, 0, 64, false);
        rig_finish_component(&rig);
        rig.check_code = PLDM_COMPONENT_SECURITY_RESTRICTION;
        CHECK_EQ(rig_update(&rig, 1, 64, false), PLDM_COMPONENT_SECURITY_RESTRICTION);
        CHECK_EQ(rig_activate(&rig, false), PLDM_INCOMPLETE_UPDATE);
    }
    TEST("given a component passed twice when the second differs then it is a conflict, and the first one counts") {
        static const uint8_t other[] = {4, 0x0A, 0, 1, 0, 0, 77, 0, 0, 0, 1, 2, 'v', '2'};
        rig_to(&rig, PLDM_STATE_LEARN_COMPONENTS);
        CHECK_EQ(rig_pass(&rig, 0, PLDM_TRANSFER_START), 0);
        CHECK_EQ(rig_pass(&rig, 0, PLDM_TRANSFER_MIDDLE), 0);
        CHECK_EQ(rig_command(&rig, PLDM_PASS_COMPONENT_TABLE, other, sizeof other), 0);
        CHECK_EQ(rig.answer[5], PLDM_COMPONENT_CONFLICT);
        CHECK_EQ(rig_update(&rig, 0, 64, false), 0);
    }
    TEST("given a table begun twice when the second lacks a component then that one is not passed") {
        rig_to(&rig, PLDM_STATE_LEARN_COMPONENTS);
        rig_pass(&rig, 0, PLDM_TRANSFER_START);
        rig_pass(&rig, 1, PLDM_TRANSFER_START);
        rig_pass(&rig, 1, PLDM_TRANSFER_END);
        CHECK_EQ(rig_update(&rig, 0, 64, false), PLDM_COMPONENT_INFORMATION_MISMATCH);
        CHECK_EQ(rig_update(&rig, 1, 64, false), 0);
    }
    TEST("given the platform refuses when a component is passed and updated then its code is answered") {
        rig_to(&rig, PLDM_STATE_LEARN_COMPONENTS);
        rig.check_code = PLDM_COMPONENT_STAMP_LOWER;
        CHECK_EQ(rig_pass(&rig, 0, PLDM_TRANSFER_START_AND_END), PLDM_COMPONENT_STAMP_LOWER);
        CHECK_EQ(rig.answer[4], 1);
        CHECK_EQ(rig_update(&rig, 0, 64, false), PLDM_COMPONENT_STAMP_LOWER);
        CHECK(rig.answer[4] == 1 && rig_status(&rig).current_state == PLDM_STATE_READY_XFER && rig.starts == 0);
    }
    TEST("given option flags of rubbish when force is set, clear or denied then only what is honoured is enabled") {
        for (unsigned i = 0; i < 3; i++) {
            rig_to(&rig, PLDM_STATE_READY_XFER);
            rig.deny_force = i == 2;
            rig.delay_s = 0x0304;
            CHECK_EQ(rig_update(&rig, 0, 64, i != 0), 0);
            CHECK_EQ(rig.offer.force, i != 0);
            CHECK_EQ(rig.answer[6], i == 1);
            CHECK(rig.answer[7] == 0 && rig.answer[10] == 4 && rig.answer[11] == 3);
            CHECK_EQ(rig_status(&rig).options_enabled, i == 1);
        }
    }
}

static void check_activation(void) {
    TEST("given a refused component when the other is updated then activation succeeds") {
        rig_to(&rig, PLDM_STATE_READY_XFER);
        rig_update(&rig, 0, 64, false);
        rig_finish_component(&rig);
        rig.check_code = PLDM_COMPONENT_STAMP_IDENTICAL;
        CHECK_EQ(rig_update(&rig, 1, 64, false), PLDM_COMPONENT_STAMP_IDENTICAL);
        CHECK_EQ(rig_activate(&rig, false), 0);
    }
    TEST("given no component updated because all were refused when activation comes then it is not required") {
        rig_to(&rig, PLDM_STATE_LEARN_COMPONENTS);
        rig.check_code = PLDM_COMPONENT_STAMP_IDENTICAL;
        rig_pass(&rig, 0, PLDM_TRANSFER_START_AND_END);
        CHECK_EQ(rig_activate(&rig, false), PLDM_ACTIVATION_NOT_REQUIRED);
        CHECK(rig.activates == 0 && rig_status(&rig).current_state == PLDM_STATE_IDLE);
    }
    TEST("given automatic activation alone when activation comes then it is not required and the device idles") {
        rig_to(&rig, PLDM_STATE_LEARN_COMPONENTS);
        rig.methods = PLDM_ACTIVATION_AUTOMATIC;
        rig_pass(&rig, 0, PLDM_TRANSFER_START_AND_END);
        rig_update(&rig, 0, 64, false);
        rig_finish_component(&rig);
        CHECK_EQ(rig_activate(&rig, false), PLDM_ACTIVATION_NOT_REQUIRED);
        CHECK(rig.activates == 0 && rig.abandons == 0 && rig_status(&rig).current_state == PLDM_STATE_IDLE);
    }
    TEST("given an apply that modified the activation when it is acknowledged then the new methods count") {
        rig_to(&rig, PLDM_STATE_APPLY);
        end_apply(PLDM_APPLY_SUCCESS_ACTIVATION_MODIFIED, PLDM_ACTIVATION_SYSTEM_REBOOT);
        CHECK(sent(PLDM_APPLY_COMPLETE, 1, 6) && rig.sent[4] == 8 && rig.sent[5] == 0);
        rig_acknowledge(&rig, 0);
        rig_update(&rig, 1, 64, false);
        rig.methods = PLDM_ACTIVATION_SYSTEM_REBOOT;
        rig_finish_component(&rig);
        CHECK_EQ(rig_activate(&rig, true), PLDM_SELF_CONTAINED_ACTIVATION_NOT_PERMITTED);
        CHECK(rig.activates == 0 && rig_status(&rig).current_state == PLDM_STATE_READY_XFER);
        CHECK_EQ(rig_activate(&rig, false), 0);
    }
    TEST("given a platform that cannot activate when activation comes then its code is answered and READY XFER kept") {
        rig_to(&rig, PLDM_STATE_READY_XFER);
        for (uint8_t i = 0; i < 2; i++) {
            rig_update(&rig, i, 64, false);
            rig_finish_component(&rig);
        }
        rig.activate_code = PLDM_ERROR;
        CHECK_EQ(rig_activate(&rig, false), PLDM_ERROR);
        CHECK_EQ(rig_status(&rig).current_state, PLDM_STATE_READY_XFER);
        rig.activate_code = PLDM_ACTIVATION_NOT_REQUIRED;
        CHECK_EQ(rig_activate(&rig, false), PLDM_ACTIVATION_NOT_REQUIRED);
        CHECK_EQ(rig_status(&rig).current_state, PLDM_STATE_IDLE);
    }
    TEST("given a bool8 of 2 when activation comes then it is invalid data") {
        static const uint8_t two[] = {2};
        rig_to(&rig, PLDM_STATE_READY_XFER);
        CHECK_EQ(rig_command(&rig, PLDM_ACTIVATE_FIRMWARE, two, 1), PLDM_ERROR_INVALID_DATA);
    }
    TEST("given a component that was updated when it is updated again and fails then activation is incomplete") {
        rig_to(&rig, PLDM_STATE_READY_XFER);
        for (uint8_t i = 0; i < 2; i++) {
            rig_update(&rig, i, 64, false);
            rig_finish_component(&rig);
        }
        CHECK_EQ(rig_update(&rig, 0, 64, false), 0);
        CHECK_EQ(rig_command(&rig, PLDM_CANCEL_UPDATE_COMPONENT, NULL, 0), 0);
        CHECK_EQ(rig_activate(&rig, false), PLDM_INCOMPLETE_UPDATE);
    }
    TEST("given a component that failed when it is updated again then activation is complete only after that") {
        rig_to(&rig, PLDM_STATE_READY_XFER);
        rig_update(&rig, 0, 64, false);
        rig_finish_component(&rig);
        rig_update(&rig, 1, 64, false);
        end_transfer(PLDM_RESULT_GENERIC_ERROR);
        rig_acknowledge(&rig, 0);
        CHECK_EQ(rig_command(&rig, PLDM_CANCEL_UPDATE_COMPONENT, NULL, 0), 0);
        CHECK_EQ(rig_activate(&rig, false), PLDM_INCOMPLETE_UPDATE);
        CHECK_EQ(rig_update(&rig, 1, 64, false), 0);
        rig_finish_component(&rig);
        CHECK_EQ(rig_activate(&rig, false), 0);
    }
}

int main(void) {
    check_main_path();
    check_component_table();
    check_activation();
    return check_result();
}
