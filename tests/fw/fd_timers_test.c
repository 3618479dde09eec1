// SPDX-License-Identifier: Apache-2.0
//
// Time in the firmware device: FD_T1, the tries of its own requests, repeated requests of the update agent.
#include "tests/check.h"
#include "tests/fw/fd_rig.h"

_Static_assert(FD_T1_MS >= 60000 && FD_T1_MS <= 120000, "FD_T1, DSP0267 table 2");
_Static_assert(FD_TRIES >= 3, "UAFD_T1, DSP0267 table 2");
_Static_assert(FD_RETRY_MS >= 300 && FD_RETRY_MS <= 4800, "PT2, DSP0240: above PT1, within the instance ID's life");
_Static_assert(FD_REPLAY_MS >= 5000 && FD_REPLAY_MS <= 6000, "PT3, DSP0240: expiry of an instance ID");
_Static_assert(FD_RETRY_MS >= 4500, "agents take an early ApplyComplete for the next component's");

static struct rig rig;
static const char *const names[] = {"IDLE",  "LEARN COMPONENTS", "READY XFER", "DOWNLOAD", "VERIFY",
                                    "APPLY", "ACTIVATE"};

static void end_work(uint8_t state, uint8_t result) {
    if (state == PLDM_STATE_DOWNLOAD) fd_transfer_done(&rig.fd, result);
    if (state == PLDM_STATE_VERIFY) fd_verify_done(&rig.fd, result);
    if (state == PLDM_STATE_APPLY) fd_apply_done(&rig.fd, result, 0);
    fd_tick(&rig.fd, rig.now);
}

/* The state as it is, without a message that would count as a sign of the update agent. */
static uint8_t state(void) {
    return rig.fd.state;
}

/* From now on silence: still there after 1 ms less than @p limit, gone after it, for @p reason. */
static void expect_end_after(uint32_t limit, uint8_t was, uint8_t reason) {
    rig_advance(&rig, limit - 1);
    CHECK_EQ(state(), was);
    rig_advance(&rig, 1);
    CHECK_EQ(state(), PLDM_STATE_IDLE);
    CHECK_EQ(rig_status(&rig).reason, reason);
    CHECK_EQ(rig_request_update(&rig), 0);
}

static void check_idle_timer(void) {
    char name[160];
    for (uint8_t s = PLDM_STATE_LEARN_COMPONENTS; s <= PLDM_STATE_DOWNLOAD; s++) {
        snprintf(name, sizeof name, "given %s when the agent is silent then it ends after FD_T1 and not before",
                 names[s]);
        TEST(name) {
            rig_to(&rig, s);
            expect_end_after(FD_T1_MS, s, PLDM_REASON_TIMEOUT_LEARN_COMPONENT + s - PLDM_STATE_LEARN_COMPONENTS);
            CHECK_EQ(rig.abandons, 1);
            CHECK_EQ(rig.cancels, s == PLDM_STATE_DOWNLOAD);
        }
        snprintf(name, sizeof name, "given %s when the agent sends a command then FD_T1 starts anew", names[s]);
        TEST(name) {
            rig_to(&rig, s);
            rig_advance(&rig, FD_T1_MS - 1);
            rig_status(&rig);
            expect_end_after(FD_T1_MS, s, PLDM_REASON_TIMEOUT_LEARN_COMPONENT + s - PLDM_STATE_LEARN_COMPONENTS);
        }
        snprintf(name, sizeof name, "given %s when another endpoint sends commands then FD_T1 goes on", names[s]);
        TEST(name) {
            static const uint8_t inventory[] = {0x80, 5, PLDM_GET_FIRMWARE_PARAMETERS};
            rig_to(&rig, s);
            rig_advance(&rig, FD_T1_MS - 1);
            rig_send(&rig, RIG_OTHER, inventory, sizeof inventory);
            rig_advance(&rig, 1);
            CHECK_EQ(state(), PLDM_STATE_IDLE);
        }
    }
    TEST("given a download when data goes on arriving then it may last as long as it takes") {
        rig_to(&rig, PLDM_STATE_DOWNLOAD);
        for (unsigned i = 0; i < 50; i++) {
            rig_advance(&rig, FD_T1_MS - 1);
            fd_transfer_activity(&rig.fd);
            fd_tick(&rig.fd, rig.now);
        }
        expect_end_after(FD_T1_MS, PLDM_STATE_DOWNLOAD, PLDM_REASON_TIMEOUT_DOWNLOAD);
    }
    for (uint8_t s = PLDM_STATE_VERIFY; s <= PLDM_STATE_APPLY; s++) {
        snprintf(name, sizeof name, "given %s when it lasts ten times FD_T1 then it is not disturbed", names[s]);
        TEST(name) {
            rig_to(&rig, s);
            rig_advance(&rig, 10 * FD_T1_MS);
            end_work(s, 0);
            rig_acknowledge(&rig, 0);
            CHECK_EQ(state(), s == PLDM_STATE_VERIFY ? PLDM_STATE_APPLY : PLDM_STATE_READY_XFER);
        }
    }
    for (uint8_t s = PLDM_STATE_DOWNLOAD; s <= PLDM_STATE_APPLY; s++)
        for (unsigned answered = 0; answered < 2; answered++) {
            static const uint8_t reasons[] = {PLDM_REASON_TIMEOUT_DOWNLOAD, FD_REASON_TIMEOUT_VERIFY,
                                              FD_REASON_TIMEOUT_APPLY};
            snprintf(name, sizeof name, "given %s failed when the agent %s then the device is idle after FD_T1",
                     names[s], answered ? "acknowledges and never cancels" : "never answers");
            TEST(name) {
                rig_to(&rig, s);
                end_work(s, PLDM_RESULT_GENERIC_ERROR);
                if (answered) rig_acknowledge(&rig, 0);
                expect_end_after(FD_T1_MS, s, reasons[s - PLDM_STATE_DOWNLOAD]);
            }
        }
    TEST("given FD_T1 has passed when the platform is busy then the device idles once it is not") {
        rig_to(&rig, PLDM_STATE_DOWNLOAD);
        rig.cancel_code = PLDM_BUSY_IN_BACKGROUND;
        rig_advance(&rig, FD_T1_MS + 1000);
        CHECK_EQ(state(), PLDM_STATE_DOWNLOAD);
        rig.cancel_code = 0;
        rig_advance(&rig, 100);
        CHECK_EQ(state(), PLDM_STATE_IDLE);
    }
    TEST("given a self-contained activation when its end is never reported then the announced time and FD_T1 end it") {
        rig_to(&rig, PLDM_STATE_READY_XFER);
        for (uint8_t i = 0; i < 2; i++) {
            rig_update(&rig, i, 64, false);
            rig_finish_component(&rig);
        }
        rig.activate_s = 300;
        rig_activate(&rig, true);
        expect_end_after(300000 + FD_T1_MS, PLDM_STATE_ACTIVATE, FD_REASON_ACTIVATE_FAILED);
        CHECK_EQ(rig.abandons, 0);
    }
    TEST("given IDLE when time passes then nothing is due") {
        rig_init(&rig);
        CHECK_EQ(fd_tick(&rig.fd, rig.now + 1000000), UINT32_MAX);
    }
}

static void check_own_requests(void) {
    char name[160];
    for (uint8_t s = PLDM_STATE_DOWNLOAD; s <= PLDM_STATE_APPLY; s++) {
        snprintf(name, sizeof name, "given %s done when the agent is silent then it is told three times, same bytes",
                 names[s]);
        TEST(name) {
            uint8_t first[16];
            rig_to(&rig, s);
            unsigned before = rig.sends;
            end_work(s, 0);
            memcpy(first, rig.sent, sizeof first);
            for (unsigned tries = 1; tries < FD_TRIES; tries++) {
                rig_advance(&rig, FD_RETRY_MS - 1);
                CHECK_EQ(rig.sends - before, tries);
                rig_advance(&rig, 1);
                CHECK_EQ(rig.sends - before, tries + 1);
                CHECK_MEM(rig.sent, first, rig.sent_len);
            }
            rig_advance(&rig, 10 * FD_RETRY_MS);
            CHECK_EQ(rig.sends - before, FD_TRIES);
            rig_acknowledge(&rig, 0);
            CHECK_EQ(state(), s == PLDM_STATE_APPLY ? PLDM_STATE_READY_XFER : s + 1);
        }
        snprintf(name, sizeof name, "given %s done when the agent answers with an error then it is told again",
                 names[s]);
        TEST(name) {
            rig_to(&rig, s);
            unsigned before = rig.sends;
            end_work(s, 0);
            rig_acknowledge(&rig, PLDM_COMMAND_NOT_EXPECTED);
            rig_acknowledge(&rig, PLDM_ERROR_NOT_READY);
            CHECK_EQ(state(), s);
            rig_advance(&rig, FD_RETRY_MS);
            CHECK_EQ(rig.sends - before, 2);
            rig_acknowledge(&rig, PLDM_ERROR_NOT_READY);
            CHECK_EQ(state(), s);
            rig_acknowledge(&rig, PLDM_COMMAND_NOT_EXPECTED); /* so the first one was taken */
            CHECK_EQ(state(), s == PLDM_STATE_APPLY ? PLDM_STATE_READY_XFER : s + 1);
        }
    }
    TEST("given a link without room when a request is due then it is sent once there is room and counts as one try") {
        rig_to(&rig, PLDM_STATE_DOWNLOAD);
        rig.link_full = true;
        end_work(PLDM_STATE_DOWNLOAD, 0);
        rig_advance(&rig, 1000);
        CHECK_EQ(rig.sends, 0);
        rig.link_full = false;
        rig_advance(&rig, 10);
        CHECK_EQ(rig.sends, 1);
        rig_advance(&rig, FD_RETRY_MS);
        CHECK_EQ(rig.sends, 2);
    }
    TEST("given requests of the device when they follow each other then their instance IDs differ") {
        rig_to(&rig, PLDM_STATE_DOWNLOAD);
        end_work(PLDM_STATE_DOWNLOAD, 0);
        uint8_t first = rig.sent[0];
        rig_acknowledge(&rig, 0);
        end_work(PLDM_STATE_VERIFY, 0);
        CHECK(rig.sent[0] != first && rig.sent[2] == PLDM_VERIFY_COMPLETE);
    }
}

/* The last command once more, with the same bytes. */
static uint8_t again(const uint8_t *msg, size_t len, const uint8_t *first, size_t first_len) {
    uint8_t code = rig_send(&rig, RIG_UA, msg, len);
    CHECK_EQ(rig.answer_len, first_len);
    CHECK_MEM(rig.answer, first, first_len);
    return code;
}

static unsigned effects(void) {
    return rig.begins + rig.checks + rig.starts + rig.cancels + rig.activates + rig.self_activates + rig.abandons;
}

static void check_repetition(void) {
    static const struct {
        const char *name;
        uint8_t from;
        uint8_t msg[24];
        size_t len;
    } cases[] = {
        {"RequestUpdate", PLDM_STATE_IDLE, {0x80, 5, 0x10, 0, 2, 0, 0, 1, 0, 1, 0, 0, 1, 1, 'x'}, 15},
        {"PassComponentTable",
         PLDM_STATE_LEARN_COMPONENTS,
         {0x80, 5, 0x13, 5, 0x0A, 0, 1, 0, 0, 100, 0, 0, 0, 1, 2, 'v', '2'},
         17},
        {"UpdateComponent",
         PLDM_STATE_READY_XFER,
         {0x80, 5, 0x14, 0x0A, 0, 1, 0, 0, 100, 0, 0, 0, 64, 0, 0, 0, 0, 0, 0, 0, 1, 2, 'v', '2'},
         24},
        {"CancelUpdateComponent", PLDM_STATE_DOWNLOAD, {0x80, 5, 0x1C}, 3},
        {"CancelUpdate", PLDM_STATE_DOWNLOAD, {0x80, 5, 0x1D}, 3},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char name[160];
        uint8_t first[16];
        snprintf(name, sizeof name,
                 "given %s answered when it is repeated then the answer is the same and nothing else happens",
                 cases[i].name);
        TEST(name) {
            rig_to(&rig, cases[i].from);
            CHECK_EQ(rig_send(&rig, RIG_UA, cases[i].msg, cases[i].len), 0);
            size_t first_len = rig.answer_len;
            memcpy(first, rig.answer, first_len);
            unsigned before = effects();
            uint8_t s = state();
            CHECK(s != cases[i].from);
            CHECK_EQ(again(cases[i].msg, cases[i].len, first, first_len), 0);
            rig_advance(&rig, FD_REPLAY_MS - 1);
            CHECK_EQ(again(cases[i].msg, cases[i].len, first, first_len), 0);
            CHECK(state() == s && effects() == before);
        }
        snprintf(name, sizeof name, "given %s answered when the like comes later or otherwise then it is a new command",
                 cases[i].name);
        TEST(name) {
            for (unsigned way = 0; way < 4; way++) {
                uint8_t msg[24];
                memcpy(msg, cases[i].msg, sizeof msg);
                rig_to(&rig, cases[i].from);
                rig_send(&rig, RIG_UA, msg, cases[i].len);
                if (way == 0) rig_advance(&rig, FD_REPLAY_MS);
                if (way == 1) rig_status(&rig); /* another request between */
                if (way == 2) msg[0] = 0x81;    /* another instance ID */
                CHECK(rig_send(&rig, way == 3 ? RIG_OTHER : RIG_UA, msg, cases[i].len) != 0);
            }
        }
    }
    TEST("given ActivateFirmware answered when it is repeated then it is not activated twice") {
        static const uint8_t msg[] = {0x80, 5, 0x1A, 0};
        rig_to(&rig, PLDM_STATE_READY_XFER);
        for (uint8_t i = 0; i < 2; i++) {
            rig_update(&rig, i, 64, false);
            rig_finish_component(&rig);
        }
        CHECK_EQ(rig_send(&rig, RIG_UA, msg, sizeof msg), 0);
        CHECK_EQ(rig_send(&rig, RIG_UA, msg, sizeof msg), 0);
        CHECK(rig.answer_len == 6 && rig.activates == 1);
    }
    TEST("given a refusal when the same bytes come again then they are judged anew") {
        static const uint8_t msg[] = {0x80, 5, 0x1D};
        rig_to(&rig, PLDM_STATE_DOWNLOAD);
        rig.cancel_code = PLDM_BUSY_IN_BACKGROUND;
        CHECK_EQ(rig_send(&rig, RIG_UA, msg, sizeof msg), PLDM_BUSY_IN_BACKGROUND);
        rig.cancel_code = 0;
        CHECK_EQ(rig_send(&rig, RIG_UA, msg, sizeof msg), 0);
        CHECK_EQ(state(), PLDM_STATE_IDLE);
    }
    TEST("given GetStatus with the same instance ID when it is repeated then the answer is fresh") {
        static const uint8_t msg[] = {0x80, 5, PLDM_GET_STATUS};
        rig_to(&rig, PLDM_STATE_DOWNLOAD);
        rig.percent = 10;
        rig_send(&rig, RIG_UA, msg, sizeof msg);
        CHECK_EQ(rig.answer[8], 10);
        rig.percent = 20;
        rig_send(&rig, RIG_UA, msg, sizeof msg);
        CHECK_EQ(rig.answer[8], 20);
    }
}

int main(void) {
    check_idle_timer();
    check_own_requests();
    check_repetition();
    return check_result();
}
