// SPDX-License-Identifier: Apache-2.0
//
// Corners of the firmware device that no update reaches by itself: reports of work out of turn, operations that a
// platform leaves out, answers that do not fit, components that differ in one field only.
#include "tests/check.h"
#include "tests/fw/fd_rig.h"

static struct rig rig;

static const char *in_state(char name[128], const char *what, unsigned state) {
    snprintf(name, 128, "given state %u when %s then nothing changes", state, what);
    return name;
}

/* Every report of the end of work in every state that it does not belong to. */
static void check_stray_reports(void) {
    for (uint8_t state = 0; state <= PLDM_STATE_ACTIVATE; state++) {
        char name[128];
        TEST(in_state(name, "work ends that was not begun", state)) {
            rig_to(&rig, state);
            const unsigned sends = rig.sends;
            const uint8_t aux = rig.fd.aux;
            if (state != PLDM_STATE_DOWNLOAD) fd_transfer_done(&rig.fd, PLDM_RESULT_SUCCESS);
            if (state != PLDM_STATE_VERIFY) fd_verify_done(&rig.fd, PLDM_RESULT_SUCCESS);
            if (state != PLDM_STATE_APPLY) fd_apply_done(&rig.fd, PLDM_RESULT_SUCCESS, 0);
            if (state != PLDM_STATE_ACTIVATE) fd_activate_done(&rig.fd, true);
            fd_tick(&rig.fd, rig.now);
            CHECK(rig.sends == sends && rig.fd.state == state && rig.fd.aux == aux);
        }
    }
    TEST("given a transfer that has ended when its end is reported again then TransferComplete is sent once") {
        rig_to(&rig, PLDM_STATE_DOWNLOAD);
        fd_transfer_done(&rig.fd, PLDM_RESULT_SUCCESS);
        fd_transfer_done(&rig.fd, PLDM_RESULT_GENERIC_ERROR);
        fd_tick(&rig.fd, rig.now);
        CHECK(rig.sends == 1 && rig.sent[PLDM_HEADER_SIZE] == PLDM_RESULT_SUCCESS);
    }
}

/* Sends a message without the fd_tick after it, in which work starts. */
static uint8_t message(const uint8_t *msg, size_t len) {
    rig.answer_len = fd_message(&rig.fd, rig.now, RIG_UA, msg, len, rig.answer, sizeof rig.answer);
    return rig.answer[PLDM_HEADER_SIZE];
}

static void check_reports_too_early(void) {
    TEST("given UpdateComponent just answered when the transfer's end is reported then it has yet to start") {
        static const uint8_t msg[] = {0x9E, 5, 0x14, 0x0A, 0, 1, 0, 0, 100, 0, 0,   0,
                                      64,   0, 0,    0,    0, 0, 0, 0, 1,   2, 'v', '2'};
        rig_to(&rig, PLDM_STATE_READY_XFER);
        CHECK_EQ(message(msg, sizeof msg), PLDM_SUCCESS);
        fd_transfer_done(&rig.fd, PLDM_RESULT_SUCCESS);
        CHECK_EQ(rig.fd.aux, PLDM_AUX_IN_PROGRESS);
        fd_tick(&rig.fd, rig.now);
        CHECK(rig.starts == 1 && rig.sends == 0);
    }
    TEST("given ActivateFirmware just answered when the activation's end is reported then it has yet to start") {
        static const uint8_t msg[] = {0x9E, 5, PLDM_ACTIVATE_FIRMWARE, 1};
        rig_to(&rig, PLDM_STATE_READY_XFER);
        for (uint8_t i = 0; i < 2; i++) {
            rig_update(&rig, i, 64, false);
            rig_finish_component(&rig);
        }
        CHECK_EQ(message(msg, sizeof msg), PLDM_SUCCESS);
        fd_activate_done(&rig.fd, true);
        CHECK_EQ(rig.fd.state, PLDM_STATE_ACTIVATE);
        fd_tick(&rig.fd, rig.now);
        CHECK_EQ(rig.self_activates, 1);
    }
}

/* ApplyComplete whose acknowledgement got lost: only what proves that the update agent has it moves the device on. */
static void check_implied(void) {
    static const struct {
        const char *sentence;
        uint16_t source;
        uint8_t command;
        bool sent, moves;
    } cases[] = {
        {"given ApplyComplete sent when its agent goes on then that acknowledges it", RIG_UA, PLDM_UPDATE_COMPONENT,
         true, true},
        {"given ApplyComplete sent when its agent activates then that acknowledges it", RIG_UA, PLDM_ACTIVATE_FIRMWARE,
         true, true},
        {"given ApplyComplete not sent yet when its agent goes on then that is too early", RIG_UA,
         PLDM_UPDATE_COMPONENT, false, false},
        {"given ApplyComplete sent when another agent goes on then that says nothing", RIG_OTHER, PLDM_UPDATE_COMPONENT,
         true, false},
        {"given ApplyComplete sent when its agent asks for the status then that says nothing", RIG_UA, PLDM_GET_STATUS,
         true, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) TEST(cases[i].sentence) {
            const uint8_t msg[] = {0x9E, 5, cases[i].command};
            rig_to(&rig, PLDM_STATE_APPLY);
            rig.link_full = !cases[i].sent;
            fd_apply_done(&rig.fd, PLDM_RESULT_SUCCESS, 0);
            fd_tick(&rig.fd, rig.now);
            rig_send(&rig, cases[i].source, msg, sizeof msg);
            CHECK_EQ(rig.fd.state, cases[i].moves ? PLDM_STATE_READY_XFER : PLDM_STATE_APPLY);
        }
}

static void check_passed_versions(void) {
    TEST("given a component passed when it is passed again with another version of the same stamp then they conflict") {
        static const uint8_t msg[] = {0x9E, 5, 0x13, 2, 0x0A, 0, 1, 0, 0, 100, 0, 0, 0, 1, 2, 'v', '3'};
        rig_to(&rig, PLDM_STATE_LEARN_COMPONENTS);
        CHECK_EQ(rig_pass(&rig, 0, PLDM_TRANSFER_START), 0);
        CHECK_EQ(rig_send(&rig, RIG_UA, msg, sizeof msg), PLDM_SUCCESS);
        CHECK(rig.answer[4] == 1 && rig.answer[5] == PLDM_COMPONENT_CONFLICT);
    }
    static const struct {
        const char *sentence;
        uint8_t classification, identifier, index;
    } others[] = {
        {"given a component of another classification when it is passed then it is not supported", 0x0B, 1, 0},
        {"given a component of another identifier when it is passed then it is not supported", 0x0A, 9, 0},
        {"given a component of another index when it is passed then it is not supported", 0x0A, 1, 1},
    };
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) TEST(others[i].sentence) {
            const uint8_t msg[] = {
                0x9E, 5, 0x13, 1,  others[i].classification, 0, others[i].identifier, 0, others[i].index, 100, 0, 0, 0,
                1,    2, 'v',  '2'};
            rig_to(&rig, PLDM_STATE_LEARN_COMPONENTS);
            CHECK_EQ(rig_send(&rig, RIG_UA, msg, sizeof msg), PLDM_SUCCESS);
            CHECK_EQ(rig.answer[5], PLDM_COMPONENT_NOT_SUPPORTED);
        }
}

/* Asks with the smallest answer buffer there may be. */
static uint8_t ask_small(uint8_t command) {
    const uint8_t msg[] = {0x9E, 5, command};
    rig.answer_len = fd_message(&rig.fd, rig.now, RIG_UA, msg, sizeof msg, rig.answer, FD_MIN_ANSWER);
    return rig.answer_len > PLDM_HEADER_SIZE ? rig.answer[PLDM_HEADER_SIZE] : 0xFF;
}

static void check_small_answers(void) {
    static const uint8_t bytes[FD_MIN_ANSWER];
    static const struct pldm_descriptor large[] = {{PLDM_DESCRIPTOR_VENDOR_DEFINED, sizeof bytes, bytes}};
    TEST("given an answer buffer of 64 bytes when the descriptors exceed it then PLDM_ERROR is answered") {
        rig_init(&rig);
        rig.ops.descriptors = large;
        rig.ops.descriptor_count = 1;
        CHECK_EQ(ask_small(PLDM_QUERY_DEVICE_IDENTIFIERS), PLDM_ERROR);
        CHECK_EQ(rig.answer_len, 4);
    }
    TEST("given an answer buffer of 64 bytes when the version of the set exceeds it then PLDM_ERROR is answered") {
        rig_init(&rig);
        rig.set_version = "a version of the component image set in more than fifty characters";
        CHECK_EQ(ask_small(PLDM_GET_FIRMWARE_PARAMETERS), PLDM_ERROR);
        CHECK_EQ(rig.answer_len, 4);
    }
    TEST("given an answer buffer of 64 bytes when the components exceed it then PLDM_ERROR is answered") {
        rig_init(&rig);
        CHECK_EQ(ask_small(PLDM_GET_FIRMWARE_PARAMETERS), PLDM_ERROR);
        CHECK_EQ(rig.answer_len, 4);
    }
    TEST("given parts larger than the answer buffer when metadata is asked for then a part is what fits") {
        static const uint8_t msg[] = {0x9E, 5, PLDM_GET_DEVICE_META_DATA, 0, 0, 0, 0, PLDM_GET_FIRST_PART};
        rig_init(&rig);
        rig.meta_len = 200;
        CHECK_EQ(rig_request_update(&rig), PLDM_SUCCESS);
        CHECK_EQ(fd_message(&rig.fd, rig.now, RIG_UA, msg, sizeof msg, rig.answer, FD_MIN_ANSWER), FD_MIN_ANSWER);
        CHECK(rig.answer[8] == PLDM_TRANSFER_START && rig.answer[9] == rig_byte(0) && rig.answer[63] == rig_byte(54));
    }
}

static void check_missing_operations(void) {
    TEST("given a platform that never breaks a component when the update is cancelled then none is reported broken") {
        rig_to(&rig, PLDM_STATE_READY_XFER);
        rig.ops.non_functioning = NULL;
        rig.broken[0] = true;
        CHECK_EQ(rig_command(&rig, PLDM_CANCEL_UPDATE, NULL, 0), PLDM_SUCCESS);
        CHECK(rig.answer_len == 13 && rig.answer[4] == 0 && rig.answer[5] == 0);
    }
}

int main(void) {
    check_stray_reports();
    check_reports_too_early();
    check_implied();
    check_passed_versions();
    check_small_answers();
    check_missing_operations();
    return check_result();
}
