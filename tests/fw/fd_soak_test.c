// SPDX-License-Identifier: Apache-2.0
//
// The firmware device under random messages, losses, platform results and silences. Whatever came before: the platform
// is asked for one thing at a time, every answer is well-formed, and silence ends in IDLE, from where an update
// succeeds. SEED=n replays one seed.
#include <stdlib.h>

#include "tests/check.h"
#include "tests/fw/fd_rig.h"

enum { SEEDS = 300, STEPS = 400 };

static struct rig rig;
static uint64_t random_state;

static uint32_t draw(uint32_t below) {
    random_state = random_state * 6364136223846793005U + 1442695040888963407U;
    return (uint32_t)(random_state >> 33) % below;
}

/* What the platform is doing, followed through its operations: 0 nothing, else enum pldm_fd_state. */
static uint8_t working;

static void follow(void) {
    static unsigned starts, verifies, applies;
    if (rig.starts != starts || rig.verifies != verifies || rig.applies != applies) CHECK_EQ(working, 0);
    if (rig.starts != starts) working = rig.start_result ? 0 : PLDM_STATE_DOWNLOAD;
    if (rig.verifies != verifies) working = PLDM_STATE_VERIFY;
    if (rig.applies != applies) working = PLDM_STATE_APPLY;
    starts = rig.starts;
    verifies = rig.verifies;
    applies = rig.applies;
}

static uint8_t (*rig_cancel)(void *context, uint8_t i, uint8_t state);

/* Only work that is under way, or that ended well a moment ago, may be cancelled. */
static uint8_t watched_cancel(void *context, uint8_t i, uint8_t state) {
    CHECK(working == state || (working == 0 && rig.fd.aux == PLDM_AUX_SUCCESS));
    uint8_t code = rig_cancel(context, i, state);
    if (code == PLDM_SUCCESS) working = 0;
    return code;
}

static void report_end(void) {
    static const uint8_t results[] = {0, 0, 0, 0, 1, 2, 9, 10, 0x70, 0xB0};
    uint8_t result = results[draw(sizeof results)], was = working;
    if (was == 0) return;
    working = 0;
    if (was == PLDM_STATE_DOWNLOAD) fd_transfer_done(&rig.fd, result);
    if (was == PLDM_STATE_VERIFY) fd_verify_done(&rig.fd, result);
    if (was == PLDM_STATE_APPLY) fd_apply_done(&rig.fd, result, (uint16_t)draw(64));
    fd_tick(&rig.fd, rig.now);
}

static void send_noise(void) {
    uint8_t msg[40];
    size_t len = draw(sizeof msg + 1);
    for (size_t i = 0; i < len; i++) msg[i] = (uint8_t)draw(256);
    if (len > 2 && draw(4)) {
        msg[0] = (uint8_t)(0x80 | draw(32));
        msg[1] = 5;
        msg[2] = (uint8_t)draw(0x20);
    }
    rig_send(&rig, draw(4) ? RIG_UA : RIG_OTHER, msg, len);
    if (draw(3) == 0) rig_send(&rig, RIG_UA, msg, len);
    fd_response(&rig.fd, rig.now, RIG_UA, msg, len);
}

static void step(void) {
    static const uint8_t flags[] = {1, 2, 4, 4, 5, 5, 3};
    static const uint8_t codes[] = {0, 0, 0, 1, 0x88};
    static const uint32_t times[] = {1, 100, 4600, 20000, 89999, 95000};
    rig.check_code = draw(8) ? 0 : (uint8_t)draw(12);
    rig.begin_code = draw(8) ? 0 : PLDM_UNABLE_TO_INITIATE_UPDATE;
    rig.cancel_code = draw(4) ? 0 : PLDM_BUSY_IN_BACKGROUND;
    rig.activate_code = draw(4) ? 0 : PLDM_ERROR;
    rig.link_full = draw(8) == 0;
    switch (draw(14)) {
        case 0:
            rig_request_update(&rig);
            break;
        case 1:
            rig_pass(&rig, (uint8_t)draw(3), flags[draw(sizeof flags)]);
            break;
        case 2:
        case 3:
            rig_update(&rig, (uint8_t)draw(3), draw(10), draw(2));
            break;
        case 4:
            rig_activate(&rig, draw(2));
            break;
        case 5:
            rig_command(&rig, PLDM_CANCEL_UPDATE_COMPONENT, NULL, 0);
            break;
        case 6:
            if (draw(4) == 0) rig_command(&rig, PLDM_CANCEL_UPDATE, NULL, 0);
            break;
        case 7:
        case 8:
            rig_acknowledge(&rig, codes[draw(sizeof codes)]);
            break;
        case 9:
        case 10:
            report_end();
            break;
        case 11:
            send_noise();
            break;
        case 12:
            if (draw(4) == 0) rig_advance(&rig, times[draw(sizeof times / sizeof *times)]);
            break;
        default:
            if (draw(4) == 0) fd_activate_done(&rig.fd, draw(2));
            break;
    }
    follow();
    struct pldm_get_status_resp s = rig_status(&rig);
    CHECK(s.current_state <= PLDM_STATE_ACTIVATE);
    CHECK((s.aux_state == PLDM_AUX_IDLE) == (s.current_state < PLDM_STATE_DOWNLOAD));
    CHECK((s.aux_state_status != 0) == (s.aux_state == PLDM_AUX_FAILED));
    if (working != 0) CHECK(s.current_state == working && s.aux_state == PLDM_AUX_IN_PROGRESS);
}

static void end_in_idle(void) {
    rig.cancel_code = 0;
    rig.link_full = false;
    if (working == PLDM_STATE_VERIFY || working == PLDM_STATE_APPLY) report_end();
    rig_advance(&rig, FD_T1_MS + 100);
    CHECK_EQ(rig_status(&rig).current_state, PLDM_STATE_IDLE);
    rig.check_code = rig.begin_code = rig.activate_code = 0;
    CHECK_EQ(rig_request_update(&rig), 0);
    CHECK_EQ(rig_pass(&rig, 1, PLDM_TRANSFER_START_AND_END), 0);
    CHECK_EQ(rig_update(&rig, 1, 64, false), 0);
    rig_finish_component(&rig);
    CHECK_EQ(rig_activate(&rig, false), 0);
    CHECK_EQ(rig_status(&rig).current_state, PLDM_STATE_IDLE);
    working = 0;
}

int main(void) {
    const char *only = getenv("SEED");
    uint64_t first = only ? strtoull(only, NULL, 0) : 1, last = only ? first : SEEDS;
    TEST("given any messages, losses and results when silence follows then the device idles and can be updated") {
        for (uint64_t seed = first; seed <= last && check_ok; seed++) {
            random_state = seed;
            rig_init(&rig);
            rig_cancel = rig.ops.cancel;
            rig.ops.cancel = watched_cancel;
            follow();
            working = 0;
            for (unsigned i = 0; i < STEPS && check_ok; i++) step();
            end_in_idle();
            if (!check_ok) printf("# replay: SEED=%llu\n", (unsigned long long)seed);
        }
    }
    return check_result();
}
