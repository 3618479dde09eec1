// SPDX-License-Identifier: Apache-2.0
//
// GetStatus (DSP0267 table 27) in every state, with every field; each ReasonCode; and every code of table 1 that a
// firmware device gives, reached once from the outside.
#include "tests/check.h"
#include "tests/fw/fd_rig.h"

static struct rig rig;

static void end_work(uint8_t state, uint8_t result) {
    if (state == PLDM_STATE_DOWNLOAD) fd_transfer_done(&rig.fd, result);
    if (state == PLDM_STATE_VERIFY) fd_verify_done(&rig.fd, result);
    if (state == PLDM_STATE_APPLY) fd_apply_done(&rig.fd, result, 0);
    fd_tick(&rig.fd, rig.now);
}

/* As rig_to, with the force flag asked for and granted for the component under way. */
static void to(uint8_t state, bool force) {
    rig_to(&rig, state < PLDM_STATE_READY_XFER ? state : PLDM_STATE_READY_XFER);
    if (state <= PLDM_STATE_READY_XFER) return;
    for (uint8_t i = 0; i < (state == PLDM_STATE_ACTIVATE ? 2 : 1); i++) {
        CHECK_EQ(rig_update(&rig, i, 4096, force), 0);
        for (uint8_t s = PLDM_STATE_DOWNLOAD; s < state && s <= PLDM_STATE_APPLY; s++) {
            end_work(s, 0);
            rig_acknowledge(&rig, 0);
        }
    }
    if (state == PLDM_STATE_ACTIVATE) CHECK_EQ(rig_activate(&rig, true), 0);
}

static void check_every_state(void) {
    enum { RUNNING = 0x100, NO = PLDM_PROGRESS_NOT_SUPPORTED };
    static const struct {
        const char *name;
        uint8_t state, previous;
        unsigned result; /* of the work of this state; RUNNING: it has not ended */
        uint8_t aux, aux_status, progress;
    } rows[] = {
        {"IDLE", 0, 0, RUNNING, PLDM_AUX_IDLE, 0, NO},
        {"LEARN COMPONENTS", 1, 0, RUNNING, PLDM_AUX_IDLE, 0, NO},
        {"READY XFER", 2, 1, RUNNING, PLDM_AUX_IDLE, 0, NO},
        {"DOWNLOAD", 3, 2, RUNNING, PLDM_AUX_IN_PROGRESS, 0, 42},
        {"DOWNLOAD done", 3, 2, 0x00, PLDM_AUX_SUCCESS, 0, 100},
        {"DOWNLOAD timed out", 3, 2, 0x09, PLDM_AUX_FAILED, 0x09, 42},
        {"DOWNLOAD failed", 3, 2, 0x0A, PLDM_AUX_FAILED, 0x0A, 42},
        {"DOWNLOAD of another version", 3, 2, 0x02, PLDM_AUX_FAILED, 0x0A, 42},
        {"DOWNLOAD aborted", 3, 2, 0x03, PLDM_AUX_FAILED, 0x0A, 42},
        {"DOWNLOAD failed in the vendor's way", 3, 2, 0x73, PLDM_AUX_FAILED, 0x73, 42},
        {"VERIFY", 4, 3, RUNNING, PLDM_AUX_IN_PROGRESS, 0, 42},
        {"VERIFY done", 4, 3, 0x00, PLDM_AUX_SUCCESS, 0, 100},
        {"VERIFY failed", 4, 3, 0x01, PLDM_AUX_FAILED, 0x0A, 42},
        {"VERIFY timed out", 4, 3, 0x09, PLDM_AUX_FAILED, 0x09, 42},
        {"VERIFY failed in the vendor's way", 4, 3, 0x91, PLDM_AUX_FAILED, 0x91, 42},
        {"APPLY", 5, 4, RUNNING, PLDM_AUX_IN_PROGRESS, 0, 42},
        {"APPLY done", 5, 4, 0x00, PLDM_AUX_SUCCESS, 0, 100},
        {"APPLY done with other activation methods", 5, 4, 0x01, PLDM_AUX_SUCCESS, 0, 100},
        {"APPLY that could not write", 5, 4, 0x02, PLDM_AUX_FAILED, 0x0A, 42},
        {"APPLY failed in the vendor's way", 5, 4, 0xB5, PLDM_AUX_FAILED, 0xB5, 42},
        {"ACTIVATE", 6, 2, RUNNING, PLDM_AUX_IN_PROGRESS, 0, 42},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (unsigned force = 0; force < 2; force++) {
            char name[160];
            snprintf(name, sizeof name, "given %s%s when GetStatus comes then each field is that of table 27",
                     rows[i].name, force ? " of a forced update" : "");
            TEST(name) {
                to(rows[i].state, force);
                rig.percent = 42;
                if (rows[i].result != RUNNING) end_work(rows[i].state, (uint8_t)rows[i].result);
                const struct pldm_get_status_resp s = rig_status(&rig);
                CHECK_EQ(s.current_state, rows[i].state);
                CHECK_EQ(s.previous_state, rows[i].previous);
                CHECK_EQ(s.aux_state, rows[i].aux);
                CHECK_EQ(s.aux_state_status, rows[i].aux_status);
                CHECK_EQ(s.progress, rows[i].progress);
                CHECK_EQ(s.reason, PLDM_REASON_INITIALIZATION);
                CHECK_EQ(s.options_enabled, rows[i].state >= PLDM_STATE_DOWNLOAD ? force : 0);
            }
        }
    TEST("given a platform without progress when GetStatus comes in any state then the percentage is 65h") {
        for (uint8_t state = 0; state <= PLDM_STATE_ACTIVATE; state++) {
            to(state, false);
            rig.ops.progress = NULL;
            CHECK_EQ(rig_status(&rig).progress, PLDM_PROGRESS_NOT_SUPPORTED);
        }
    }
    TEST("given each state when it is entered then progress begins with 0") {
        for (uint8_t state = PLDM_STATE_DOWNLOAD; state <= PLDM_STATE_APPLY; state++) {
            to(state, false);
            CHECK_EQ(rig_status(&rig).progress, 0);
        }
    }
}

static void check_reasons(void) {
    static const struct {
        const char *name;
        uint8_t state, reason;
        bool silent, done;
    } rows[] = {
        {"CancelUpdate in LEARN COMPONENTS", 1, PLDM_REASON_CANCEL_UPDATE, false, false},
        {"CancelUpdate in DOWNLOAD", 3, PLDM_REASON_CANCEL_UPDATE, false, false},
        {"silence in LEARN COMPONENTS", 1, PLDM_REASON_TIMEOUT_LEARN_COMPONENT, true, false},
        {"silence in READY XFER", 2, PLDM_REASON_TIMEOUT_READY_XFER, true, false},
        {"silence in DOWNLOAD", 3, PLDM_REASON_TIMEOUT_DOWNLOAD, true, false},
        {"silence after VERIFY", 4, FD_REASON_TIMEOUT_VERIFY, true, true},
        {"silence after APPLY", 5, FD_REASON_TIMEOUT_APPLY, true, true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char name[160];
        snprintf(name, sizeof name,
                 "given %s when the device is back in IDLE then its ReasonCode is %u until the next time", rows[i].name,
                 rows[i].reason);
        TEST(name) {
            to(rows[i].state, false);
            if (rows[i].done) end_work(rows[i].state, 0);
            if (rows[i].silent)
                rig_advance(&rig, FD_T1_MS);
            else
                CHECK_EQ(rig_command(&rig, PLDM_CANCEL_UPDATE, NULL, 0), 0);
            CHECK(rig.fd.state == PLDM_STATE_IDLE && rig_status(&rig).reason == rows[i].reason);
            CHECK_EQ(rig_request_update(&rig), 0);
            CHECK_EQ(rig_status(&rig).reason, rows[i].reason);
            CHECK_EQ(rig_command(&rig, PLDM_CANCEL_UPDATE, NULL, 0), 0);
            CHECK_EQ(rig_status(&rig).reason, PLDM_REASON_CANCEL_UPDATE);
        }
    }
    TEST("given an activation when it has ended then the ReasonCode says ActivateFirmware") {
        to(PLDM_STATE_ACTIVATE, false);
        fd_activate_done(&rig.fd, true);
        CHECK(rig.fd.state == PLDM_STATE_IDLE && rig_status(&rig).reason == PLDM_REASON_ACTIVATE_FIRMWARE);
    }
}

/* Ways to each completion code that a firmware device has. */
static uint8_t way_to(uint8_t code) {
    static const uint8_t get_first[] = {0, 0, 0, 0, PLDM_GET_FIRST_PART}, get_lost[] = {1, 0, 0, 0, PLDM_GET_NEXT_PART},
                         get_odd[] = {0, 0, 0, 0, 7};
    rig_init(&rig);
    rig.meta_len = 100;
    rig.methods = PLDM_ACTIVATION_SYSTEM_REBOOT;
    switch (code) {
        case PLDM_NOT_IN_UPDATE_MODE:
            return rig_command(&rig, PLDM_CANCEL_UPDATE, NULL, 0);
        case PLDM_UNABLE_TO_INITIATE_UPDATE:
        case PLDM_RETRY_REQUEST_UPDATE:
            rig.begin_code = code;
            return rig_request_update(&rig);
        case PLDM_NO_DEVICE_METADATA:
            rig.meta_len = 0;
            break;
        default:
            break;
    }
    rig_request_update(&rig);
    if (code == PLDM_ALREADY_IN_UPDATE_MODE) return rig_request_update(&rig);
    if (code == PLDM_INVALID_STATE_FOR_COMMAND) return rig_activate(&rig, false);
    if (code == PLDM_NO_DEVICE_METADATA) return rig_command(&rig, PLDM_GET_DEVICE_META_DATA, get_first, 5);
    if (code == PLDM_INVALID_DATA_TRANSFER_HANDLE) return rig_command(&rig, PLDM_GET_DEVICE_META_DATA, get_lost, 5);
    if (code == PLDM_INVALID_TRANSFER_OPERATION_FLAG) return rig_command(&rig, PLDM_GET_DEVICE_META_DATA, get_odd, 5);
    rig_pass(&rig, 0, PLDM_TRANSFER_START_AND_END);
    if (code == PLDM_INCOMPLETE_UPDATE) return rig_activate(&rig, false);
    if (code == PLDM_ACTIVATION_NOT_REQUIRED) rig.methods = PLDM_ACTIVATION_AUTOMATIC;
    rig_update(&rig, 0, 64, false);
    if (code == PLDM_BUSY_IN_BACKGROUND) {
        rig.cancel_code = PLDM_BUSY_IN_BACKGROUND;
        return rig_command(&rig, PLDM_CANCEL_UPDATE_COMPONENT, NULL, 0);
    }
    rig_finish_component(&rig);
    return rig_activate(&rig, true);
}

static void check_codes(void) {
    static const uint8_t codes[] = {PLDM_NOT_IN_UPDATE_MODE,           PLDM_ALREADY_IN_UPDATE_MODE,
                                    PLDM_INVALID_STATE_FOR_COMMAND,    PLDM_INCOMPLETE_UPDATE,
                                    PLDM_BUSY_IN_BACKGROUND,           PLDM_UNABLE_TO_INITIATE_UPDATE,
                                    PLDM_ACTIVATION_NOT_REQUIRED,      PLDM_SELF_CONTAINED_ACTIVATION_NOT_PERMITTED,
                                    PLDM_NO_DEVICE_METADATA,           PLDM_RETRY_REQUEST_UPDATE,
                                    PLDM_INVALID_DATA_TRANSFER_HANDLE, PLDM_INVALID_TRANSFER_OPERATION_FLAG};
    for (size_t i = 0; i < sizeof codes; i++) {
        char name[120];
        snprintf(name, sizeof name, "given what table 1 says of completion code %02X when it is so then it is answered",
                 codes[i]);
        TEST(name) {
            CHECK_EQ(way_to(codes[i]), codes[i]);
        }
    }
}

int main(void) {
    check_every_state();
    check_reasons();
    check_codes();
    return check_result();
}
