// SPDX-License-Identifier: Apache-2.0
//
// The firmware device when work fails, is cancelled, or messages go astray; what GetStatus and the inventory say.
#include "tests/check.h"
#include "tests/fw/fd_rig.h"

static struct rig rig;

/* Ends the work of the state the rig is in. */
static void end_work(uint8_t state, uint8_t result) {
    if (state == PLDM_STATE_DOWNLOAD) fd_transfer_done(&rig.fd, result);
    if (state == PLDM_STATE_VERIFY) fd_verify_done(&rig.fd, result);
    if (state == PLDM_STATE_APPLY) fd_apply_done(&rig.fd, result, 0);
    fd_tick(&rig.fd, rig.now);
}

static const char *const names[] = {"", "", "", "DOWNLOAD", "VERIFY", "APPLY"};

static void check_failure(uint8_t state) {
    char name[160];
    snprintf(name, sizeof name, "given %s when the work fails then the state stays until the component is cancelled",
             names[state]);
    TEST(name) {
        rig_to(&rig, state);
        end_work(state, PLDM_RESULT_TIMEOUT);
        CHECK(rig.sent[2] == PLDM_TRANSFER_COMPLETE + state - PLDM_STATE_DOWNLOAD &&
              rig.sent[3] == PLDM_RESULT_TIMEOUT);
        struct pldm_get_status_resp s = rig_status(&rig);
        CHECK(s.current_state == state && s.aux_state == PLDM_AUX_FAILED);
        CHECK_EQ(s.aux_state_status, PLDM_AUX_STATUS_TIMEOUT);
        rig_acknowledge(&rig, 0);
        CHECK_EQ(rig_status(&rig).current_state, state);
        CHECK_EQ(rig_command(&rig, PLDM_CANCEL_UPDATE_COMPONENT, NULL, 0), 0);
        s = rig_status(&rig);
        CHECK(s.current_state == PLDM_STATE_READY_XFER && s.previous_state == state && s.aux_state == PLDM_AUX_IDLE);
        CHECK_EQ(rig.cancels, 0);
        CHECK_EQ(rig_update(&rig, 0, 64, false), 0);
    }
    snprintf(name, sizeof name,
             "given %s failed when CancelUpdateComponent comes before the response then the response changes nothing",
             names[state]);
    TEST(name) {
        rig_to(&rig, state);
        end_work(state, PLDM_RESULT_GENERIC_ERROR);
        CHECK_EQ(rig_command(&rig, PLDM_CANCEL_UPDATE_COMPONENT, NULL, 0), 0);
        unsigned sends = rig.sends;
        rig_advance(&rig, 20000);
        CHECK_EQ(rig.sends, sends);
        rig_acknowledge(&rig, 0);
        CHECK_EQ(rig_status(&rig).current_state, PLDM_STATE_READY_XFER);
    }
    snprintf(name, sizeof name, "given %s succeeded when it is cancelled unacknowledged then the platform forgets it",
             names[state]);
    TEST(name) {
        rig_to(&rig, state);
        end_work(state, 0);
        CHECK_EQ(rig_command(&rig, PLDM_CANCEL_UPDATE_COMPONENT, NULL, 0), 0);
        CHECK(rig.cancels == 1 && rig.cancel_state == state && rig.worked_on == 0);
        CHECK_EQ(rig_activate(&rig, false), PLDM_INCOMPLETE_UPDATE);
    }
    snprintf(name, sizeof name, "given %s under way when the platform is busy then cancelling is answered so",
             names[state]);
    TEST(name) {
        rig_to(&rig, state);
        rig.cancel_code = PLDM_BUSY_IN_BACKGROUND;
        CHECK_EQ(rig_command(&rig, PLDM_CANCEL_UPDATE_COMPONENT, NULL, 0), PLDM_BUSY_IN_BACKGROUND);
        CHECK_EQ(rig_command(&rig, PLDM_CANCEL_UPDATE, NULL, 0), PLDM_BUSY_IN_BACKGROUND);
        CHECK(rig_status(&rig).current_state == state && rig.cancels == 2 && rig.cancel_state == state);
        rig.cancel_code = 0;
        CHECK_EQ(rig_command(&rig, PLDM_CANCEL_UPDATE_COMPONENT, NULL, 0), 0);
        end_work(state, 0);
        CHECK_EQ(rig_status(&rig).current_state, PLDM_STATE_READY_XFER);
    }
}

static void check_cancel(void) {
    TEST("given an update that is to start when it is cancelled first then the platform never hears of it") {
        static const uint8_t update[] = {0x9E, 5, 0x14, 0x0A, 0, 1, 0, 0, 100, 0, 0,   0,
                                         64,   0, 0,    0,    0, 0, 0, 0, 1,   2, 'v', '2'};
        static const uint8_t cancel[] = {0x9F, 5, 0x1C};
        rig_to(&rig, PLDM_STATE_READY_XFER);
        fd_message(&rig.fd, rig.now, RIG_UA, update, sizeof update, rig.answer, sizeof rig.answer);
        CHECK_EQ(rig.answer[4], 0);
        fd_message(&rig.fd, rig.now, RIG_UA, cancel, sizeof cancel, rig.answer, sizeof rig.answer);
        CHECK_EQ(rig.answer[3], 0);
        fd_tick(&rig.fd, rig.now);
        CHECK(rig.starts == 0 && rig.cancels == 0);
    }
    TEST("given a transfer that cannot start when it is asked for then TransferComplete reports it") {
        rig_to(&rig, PLDM_STATE_READY_XFER);
        rig.start_result = 0x70;
        rig_update(&rig, 0, 64, false);
        CHECK(rig.sent[2] == PLDM_TRANSFER_COMPLETE && rig.sent[3] == 0x70);
        CHECK_EQ(rig_status(&rig).aux_state_status, 0x70);
    }
    TEST("given components passed in some order when the update is cancelled then the bitmap has that order") {
        rig_to(&rig, PLDM_STATE_LEARN_COMPONENTS);
        rig_pass(&rig, 7, PLDM_TRANSFER_START); /* unsupported, but it has a number */
        rig_pass(&rig, 1, PLDM_TRANSFER_MIDDLE);
        rig_pass(&rig, 0, PLDM_TRANSFER_END);
        rig.broken[0] = true;
        CHECK_EQ(rig_command(&rig, PLDM_CANCEL_UPDATE, NULL, 0), 0);
        CHECK(rig.answer_len == 13 && rig.answer[4] == 1 && rig.answer[5] == 4 && rig.answer[6] == 0);
        CHECK(rig.abandons == 1 && rig.abandon_reason == PLDM_REASON_CANCEL_UPDATE);
        CHECK_EQ(rig_status(&rig).reason, PLDM_REASON_CANCEL_UPDATE);
    }
    TEST("given forty components passed when the last is broken then bit 39 is set") {
        rig_to(&rig, PLDM_STATE_LEARN_COMPONENTS);
        for (uint8_t i = 0; i < 39; i++) rig_pass(&rig, 7, i == 0 ? PLDM_TRANSFER_START : PLDM_TRANSFER_MIDDLE);
        rig_pass(&rig, 1, PLDM_TRANSFER_END);
        rig.broken[1] = true;
        rig_command(&rig, PLDM_CANCEL_UPDATE, NULL, 0);
        CHECK(rig.answer[4] == 1 && rig.answer[9] == 0x80 && rig.answer[8] == 0 && rig.answer[5] == 0);
    }
    TEST("given more components than the bitmap has bits when one beyond is broken then only the indication is set") {
        rig_to(&rig, PLDM_STATE_LEARN_COMPONENTS);
        for (unsigned i = 0; i < 300; i++) rig_pass(&rig, 7, i == 0 ? PLDM_TRANSFER_START : PLDM_TRANSFER_MIDDLE);
        rig_pass(&rig, 1, PLDM_TRANSFER_END);
        rig.broken[1] = true;
        rig_command(&rig, PLDM_CANCEL_UPDATE, NULL, 0);
        static const uint8_t none[8];
        CHECK_EQ(rig.answer[4], 1);
        CHECK_MEM(rig.answer + 5, none, 8);
    }
    TEST("given nothing broken when the update is cancelled then all components work") {
        rig_to(&rig, PLDM_STATE_READY_XFER);
        rig_command(&rig, PLDM_CANCEL_UPDATE, NULL, 0);
        CHECK_EQ(rig.answer[4], 0);
    }
}

static void check_strays(void) {
    TEST("given a pending TransferComplete when a response is foreign in any way then it is ignored") {
        uint8_t good[] = {0, 5, PLDM_TRANSFER_COMPLETE, 0}, bad[4];
        rig_to(&rig, PLDM_STATE_DOWNLOAD);
        end_work(PLDM_STATE_DOWNLOAD, 0);
        good[0] = rig.sent[0] & 0x1F;
        for (size_t at = 0; at < 3; at++)
            for (unsigned bit = 0; bit < 8; bit++) {
                if (at == 0 && (bit == 5 || bit == 6)) continue; /* reserved; D, which means nothing in a response */
                memcpy(bad, good, sizeof bad);
                bad[at] ^= (uint8_t)(1 << bit);
                fd_response(&rig.fd, rig.now, RIG_UA, bad, sizeof bad);
                CHECK_EQ(rig.verifies, 0);
            }
        fd_response(&rig.fd, rig.now, RIG_OTHER, good, sizeof good);
        for (size_t len = 0; len < 4; len++) fd_response(&rig.fd, rig.now, RIG_UA, good, len);
        CHECK_EQ(rig.verifies, 0);
        fd_response(&rig.fd, rig.now, RIG_UA, good, sizeof good);
        CHECK_EQ(rig.verifies, 1);
        fd_response(&rig.fd, rig.now, RIG_UA, good, sizeof good);
        CHECK(rig.verifies == 1 && rig.applies == 0);
    }
    TEST("given ends of work that nobody waits for when they are reported then nothing happens") {
        for (uint8_t state = PLDM_STATE_IDLE; state <= PLDM_STATE_ACTIVATE; state++) {
            rig_to(&rig, state);
            unsigned sends = rig.sends;
            if (state != PLDM_STATE_DOWNLOAD) fd_transfer_done(&rig.fd, 0);
            if (state != PLDM_STATE_VERIFY) fd_verify_done(&rig.fd, 0);
            if (state != PLDM_STATE_APPLY) fd_apply_done(&rig.fd, 0, 0);
            if (state != PLDM_STATE_ACTIVATE) fd_activate_done(&rig.fd, true);
            fd_tick(&rig.fd, rig.now);
            CHECK(rig.sends == sends && rig_status(&rig).current_state == state);
        }
    }
    TEST("given ApplyComplete whose acknowledgement is lost when the agent goes on then it counts as acknowledged") {
        rig_to(&rig, PLDM_STATE_APPLY);
        end_work(PLDM_STATE_APPLY, 0);
        CHECK_EQ(rig_update(&rig, 1, 64, false), 0);
        CHECK(rig_status(&rig).current_state == PLDM_STATE_DOWNLOAD && rig.starts == 2);
        rig_finish_component(&rig);
        CHECK_EQ(rig_activate(&rig, false), 0);
    }
    TEST("given an apply that failed when the agent goes on to the next component then the state is invalid") {
        rig_to(&rig, PLDM_STATE_APPLY);
        end_work(PLDM_STATE_APPLY, PLDM_APPLY_MEMORY_WRITE_FAILURE);
        CHECK_EQ(rig_update(&rig, 1, 64, false), 1000 + PLDM_INVALID_STATE_FOR_COMMAND);
    }
}

static void check_status(void) {
    TEST("given results of every kind when the transfer fails then AuxStateStatus is one of its table") {
        static const uint8_t results[][2] = {{0x02, 0x0A}, {0x03, 0x0A}, {0x09, 0x09}, {0x0A, 0x0A}, {0x70, 0x70},
                                             {0x8F, 0x8F}, {0xEF, 0xEF}, {0xF0, 0x0A}, {0x6F, 0x0A}};
        for (size_t i = 0; i < sizeof results / sizeof *results; i++) {
            rig_to(&rig, PLDM_STATE_DOWNLOAD);
            end_work(PLDM_STATE_DOWNLOAD, results[i][0]);
            CHECK_EQ(rig_status(&rig).aux_state_status, results[i][1]);
        }
    }
    TEST("given progress when the status is asked for then it is a percentage while work is under way") {
        rig_to(&rig, PLDM_STATE_DOWNLOAD);
        rig.percent = 37;
        CHECK_EQ(rig_status(&rig).progress, 37);
        rig.percent = 200;
        CHECK_EQ(rig_status(&rig).progress, 100);
        rig.percent = 0;
        end_work(PLDM_STATE_DOWNLOAD, 0);
        CHECK_EQ(rig_status(&rig).progress, 100);
        rig.ops.progress = NULL;
        CHECK_EQ(rig_status(&rig).progress, PLDM_PROGRESS_NOT_SUPPORTED);
        rig_to(&rig, PLDM_STATE_READY_XFER);
        CHECK_EQ(rig_status(&rig).progress, PLDM_PROGRESS_NOT_SUPPORTED);
    }
}

static void check_inventory(void) {
    TEST("given two descriptors when QueryDeviceIdentifiers comes then both are answered in order") {
        static const uint8_t want[] = {0, 12, 0, 0, 0, 2, 0x00, 0x00, 2, 0, 0x34, 0x12, 0x00, 0x01, 2, 0, 0x01, 0x53};
        rig_init(&rig);
        rig_command(&rig, PLDM_QUERY_DEVICE_IDENTIFIERS, NULL, 0);
        CHECK_EQ(rig.answer_len, 3 + sizeof want);
        CHECK_MEM(rig.answer + 3, want, sizeof want);
    }
    TEST("given two components when GetFirmwareParameters comes then the table holds both") {
        struct pldm_get_firmware_parameters_resp p;
        struct pldm_component c;
        rig_init(&rig);
        rig_command(&rig, PLDM_GET_FIRMWARE_PARAMETERS, NULL, 0);
        CHECK_EQ(pldm_get_firmware_parameters_resp_decode(rig.answer + 3, rig.answer_len - 3, &p), 0);
        CHECK(p.capabilities == PLDM_CAPABILITY_PARTIAL_UPDATE && p.component_count == 2 && p.active.len == 3);
        CHECK(p.pending.type == PLDM_STRING_UNKNOWN && p.pending.len == 0);
        struct pldm_iterator it = pldm_components(&p);
        CHECK(pldm_component_next(&it, &c) && c.identifier == 1 && c.active.version.len == 2);
        CHECK(pldm_component_next(&it, &c) && c.identifier == 2 && c.activation_methods == 6);
        CHECK(!pldm_component_next(&it, &c) && it.error == 0);
    }
    TEST("given an empty active set version when GetFirmwareParameters comes then it is named and typed all the same") {
        struct pldm_get_firmware_parameters_resp p;
        rig_init(&rig);
        rig.set_version = "";
        rig_command(&rig, PLDM_GET_FIRMWARE_PARAMETERS, NULL, 0);
        CHECK_EQ(pldm_get_firmware_parameters_resp_decode(rig.answer + 3, rig.answer_len - 3, &p), 0);
        CHECK(p.active.len > 0 && p.active.type == PLDM_STRING_ASCII);
    }
    TEST("given a small answer buffer when the inventory does not fit then the answer is an error, whole and short") {
        static const uint8_t msg[] = {0x81, 5, PLDM_GET_FIRMWARE_PARAMETERS};
        uint8_t answer[128];
        rig_init(&rig);
        size_t whole = fd_message(&rig.fd, rig.now, RIG_UA, msg, sizeof msg, answer, sizeof answer);
        for (size_t size = FD_MIN_ANSWER; size < whole; size++) {
            CHECK_EQ(fd_message(&rig.fd, rig.now, RIG_UA, msg, sizeof msg, answer, size), 4);
            CHECK_EQ(answer[3], PLDM_ERROR);
        }
        CHECK_EQ(fd_message(&rig.fd, rig.now, RIG_UA, msg, sizeof msg, answer, FD_MIN_ANSWER - 1), 0);
    }
    TEST("given the commands of GetPLDMCommands when each is sent then none is unsupported, and all others are") {
        rig_init(&rig);
        for (unsigned command = 0; command < 256; command++) {
            bool listed = fd_pldm_type.commands[command / 8] >> command % 8 & 1;
            bool own = command == 0x11 || (command >= 0x15 && command <= 0x19); /* the FD sends these */
            uint8_t code = rig_command(&rig, (uint8_t)command, NULL, 0);
            CHECK_EQ(code == PLDM_ERROR_UNSUPPORTED_PLDM_CMD, !listed && !own);
        }
    }
}

int main(void) {
    for (uint8_t state = PLDM_STATE_DOWNLOAD; state <= PLDM_STATE_APPLY; state++) check_failure(state);
    check_cancel();
    check_strays();
    check_status();
    check_inventory();
    return check_result();
}
