// SPDX-License-Identifier: Apache-2.0
//
// The timers of DSP0267 table 2 that are an agent's, and PT2 and PN1 of DSP0240, each at both its limits: it does not
// fire before, and it fires then. The ranges are those that agent_config_error() accepts. Every time is simulated.
#include <stddef.h>
#include <stdlib.h>

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

static void begin_download(uint32_t ua_t2_ms, uint16_t delay_s) {
    begin();
    f.by_hand = true;
    f.config.ua_t2_ms = ua_t2_ms;
    f.delay_s = delay_s;
    fake_run(&f, &p.pkg, 1);
}

static uint8_t tell(uint8_t command) {
    static const uint8_t good[3];
    fake_request(&f, command, good, command == PLDM_APPLY_COMPLETE ? 3 : 1, false);
    fake_pass(&f, 2);
    return f.answer_body[0];
}

/* Nanoseconds between the nth and the next request of a command. */
static uint64_t apart(uint8_t command, unsigned nth) {
    const struct fake_sent *first = fake_nth(&f, command, nth), *second = fake_nth(&f, command, nth + 1);
    return first == NULL || second == NULL ? UINT64_MAX : second->at - first->at;
}

static void ranges(void) {
    static const struct {
        const char *sentence;
        size_t offset;
        uint32_t least, most;
    } cases[] = {
        {"given UA_T1 / when it is not 500 ms to 5 s / then it is refused", offsetof(struct agent_config, ua_t1_ms),
         500, 5000},
        {"given UA_T2 / when it is not 60 to 90 s / then it is refused", offsetof(struct agent_config, ua_t2_ms), 60000,
         90000},
        {"given UA_T3 / when it is less than 180 s / then it is refused", offsetof(struct agent_config, ua_t3_ms),
         180000, UINT32_MAX},
        {"given UA_T4 / when it is not 1 to 5 s / then it is refused", offsetof(struct agent_config, ua_t4_ms), 1000,
         5000},
        {"given UA_T5 / when it is not 1 to 5 s / then it is refused", offsetof(struct agent_config, ua_t5_ms), 1000,
         5000},
        {"given PT2 and three tries / when it is not 300 ms to 3 s / then it is refused",
         offsetof(struct agent_config, response_ms), 300, 3000},
        {"given PN1 / when there are not 3 to 7 tries of a second / then they are refused",
         offsetof(struct agent_config, tries), 3, 7},
        {"given a transfer size / when it is not 32 to 16384 bytes / then it is refused",
         offsetof(struct agent_config, max_transfer), 32, 16384},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) TEST(cases[i].sentence) {
            const uint32_t values[] = {cases[i].least, cases[i].most, cases[i].least - 1, cases[i].most + 1};
            for (unsigned v = 0; v < 4; v++) {
                struct agent_config config = agent_defaults();
                if (v == 3 && values[v] == 0) continue; /* no upper limit */
                memcpy((char *)&config + cases[i].offset, &values[v], sizeof values[v]);
                CHECK_EQ(agent_config_error(&config) != NULL, v >= 2);
            }
        }
    TEST("given a number out of its range / when it is refused / then the text names the range and its origin") {
        struct agent_config config = agent_defaults();
        config.ua_t2_ms = 59999;
        CHECK(strcmp(agent_config_error(&config), "UA_T2 is 60000 to 90000 ms (DSP0267 table 2)") == 0);
        config = agent_defaults();
        config.ua_t3_ms = 0;
        CHECK(strcmp(agent_config_error(&config), "UA_T3 is 180000 ms or more (DSP0267 table 2)") == 0);
    }
    TEST("given the EIDs and the other numbers / when they cannot be / then they are refused") {
        struct agent_config config = agent_defaults();
        CHECK(agent_config_error(&config) == NULL);
        config.device_eid = config.own_eid;
        CHECK(agent_config_error(&config) != NULL);
        config.device_eid = 7;
        CHECK(agent_config_error(&config) != NULL);
        config = agent_defaults();
        config.max_outstanding = 0;
        CHECK(agent_config_error(&config) != NULL);
        config = agent_defaults();
        config.personality = 99;
        CHECK(agent_config_error(&config) != NULL);
    }
}

static void response(void) {
    static const struct { uint32_t response_ms, tries; } cases[] = {{300, 3}, {4800, 3}, {300, 21}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        TEST("given PT2 and PN1 at a limit / when no answer comes / then each try waits PT2, and so many are made") {
            begin();
            f.config.response_ms = cases[i].response_ms;
            f.config.tries = cases[i].tries;
            fake_rule(&f, PLDM_GET_FIRMWARE_PARAMETERS, 0, FAKE_DROP, 0);
            CHECK_EQ(fake_run(&f, NULL, 1000), AGENT_FAILED);
            CHECK_EQ(fake_count(&f, PLDM_GET_FIRMWARE_PARAMETERS), cases[i].tries);
            for (unsigned n = 1; n < cases[i].tries; n++)
                CHECK_EQ(apart(PLDM_GET_FIRMWARE_PARAMETERS, n), cases[i].response_ms * FAKE_MS);
            CHECK_EQ(f.now - fake_nth(&f, PLDM_GET_FIRMWARE_PARAMETERS, cases[i].tries)->at,
                     cases[i].response_ms * FAKE_MS);
        }
    TEST("given PT2 / when the answer comes a millisecond before it is over / then nothing is sent again") {
        begin();
        f.config.response_ms = 300;
        f.latency_ms = 299;
        CHECK_EQ(fake_run(&f, NULL, 1000), AGENT_DONE);
        CHECK_EQ(fake_count(&f, PLDM_GET_FIRMWARE_PARAMETERS), 1);
    }
}

static void ua_t1(void) {
    static const uint32_t limits[] = {500, 5000};
    static const uint8_t commands[] = {PLDM_CANCEL_UPDATE_COMPONENT, PLDM_CANCEL_UPDATE};
    for (size_t i = 0; i < 4; i++)
        TEST("given UA_T1 at a limit / when the device is busy / then the cancel command is sent again then") {
            const uint8_t command = commands[i / 2];
            begin();
            f.config.ua_t1_ms = limits[i % 2];
            f.state = PLDM_STATE_DOWNLOAD;
            fake_rule(&f, command, 1, FAKE_CODE, PLDM_BUSY_IN_BACKGROUND);
            CHECK_EQ(fake_run_cancel(&f, 100), AGENT_DONE);
            CHECK_EQ(apart(command, 1), (limits[i % 2] + 1) * FAKE_MS); /* 1 ms for the answer */
        }
    TEST("given a device that is always busy / when UA_T3 is over / then the agent gives up") {
        begin();
        f.state = PLDM_STATE_APPLY;
        fake_rule(&f, PLDM_CANCEL_UPDATE_COMPONENT, 0, FAKE_CODE, PLDM_BUSY_IN_BACKGROUND);
        fake_rule(&f, PLDM_CANCEL_UPDATE, 0, FAKE_CODE, PLDM_BUSY_IN_BACKGROUND);
        CHECK_EQ(fake_run_cancel(&f, 1000), AGENT_FAILED);
        CHECK(f.now >= 180000 * FAKE_MS && f.now < 190000 * FAKE_MS);
        CHECK(strcmp(agent_error(f.agent), "the device does not leave update mode: it stays in APPLY") == 0);
    }
}

static void ua_t2(void) {
    static const struct {
        uint32_t ua_t2_ms;
        uint16_t delay_s;
    } cases[] = {{60000, 0}, {90000, 0}, {60000, 1}, {90000, 600}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        TEST("given UA_T2 at a limit / when the device asks for nothing / then it ends behind the time to prepare") {
            begin_download(cases[i].ua_t2_ms, cases[i].delay_s);
            fake_pass(&f, 1000000);
            CHECK_EQ(fake_nth(&f, PLDM_CANCEL_UPDATE_COMPONENT, 1)->at - fake_nth(&f, PLDM_UPDATE_COMPONENT, 1)->at,
                     (cases[i].ua_t2_ms + cases[i].delay_s * 1000 + 1) * FAKE_MS);
        }
    for (size_t i = 0; i < 2; i++)
        TEST("given UA_T2 at a limit / when a request comes a millisecond before / then it begins anew") {
            const uint8_t body[8] = {0, 0, 0, 0, 32};
            begin_download(cases[i].ua_t2_ms, 0);
            const uint64_t answered = fake_nth(&f, PLDM_UPDATE_COMPONENT, 1)->at + 1 * FAKE_MS;
            fake_pass(&f, cases[i].ua_t2_ms - 2 - (f.now - answered) / FAKE_MS);
            fake_request(&f, PLDM_REQUEST_FIRMWARE_DATA, body, sizeof body, false); /* takes 1 ms */
            fake_pass(&f, 1);
            const uint64_t asked = f.now;
            CHECK_EQ(f.answers, 1);
            CHECK_EQ(asked - answered, (cases[i].ua_t2_ms - 1) * FAKE_MS);
            fake_pass(&f, 1000000);
            CHECK_EQ(fake_nth(&f, PLDM_CANCEL_UPDATE_COMPONENT, 1)->at - asked, cases[i].ua_t2_ms * FAKE_MS);
        }
    TEST("given 100 s to prepare / when the first request comes at once / then UA_T2 still begins behind them") {
        const uint8_t body[8] = {0, 0, 0, 0, 32};
        begin_download(60000, 100);
        fake_request(&f, PLDM_REQUEST_FIRMWARE_DATA, body, sizeof body, false);
        fake_pass(&f, 1000000);
        CHECK_EQ(fake_nth(&f, PLDM_CANCEL_UPDATE_COMPONENT, 1)->at - fake_nth(&f, PLDM_UPDATE_COMPONENT, 1)->at,
                 160001 * FAKE_MS);
    }
    TEST(
        "given 1000 s to prepare / when the device is in VERIFY before they are over / then UA_T3 begins behind them") {
        begin_download(60000, 1000);
        tell(PLDM_TRANSFER_COMPLETE);
        fake_pass(&f, 2000000);
        const uint64_t waited =
            fake_nth(&f, PLDM_CANCEL_UPDATE_COMPONENT, 1)->at - fake_nth(&f, PLDM_UPDATE_COMPONENT, 1)->at;
        CHECK(waited >= 1180001 * FAKE_MS && waited <= 1180010 * FAKE_MS);
    }
    TEST("given UA_T2 / when the device asks for its metadata instead of data / then that is a sign of life, too") {
        const uint8_t first[] = {0, 0, 0, 0, PLDM_GET_FIRST_PART};
        begin_download(60000, 0);
        for (unsigned i = 0; i < 5; i++) {
            fake_pass(&f, 50000);
            fake_request(&f, PLDM_GET_META_DATA, first, sizeof first, false);
        }
        CHECK_EQ(agent_result(f.agent), AGENT_RUNNING);
    }
}

/* Brings a device to VERIFY or APPLY, polled every 7 s, so that no poll is under way when the time is over. */
static void begin_stage(uint8_t state, uint32_t ua_t3_ms) {
    begin();
    f.by_hand = true;
    f.config.ua_t3_ms = ua_t3_ms;
    f.config.poll_ms = 7000;
    fake_run(&f, &p.pkg, 1);
    tell(PLDM_TRANSFER_COMPLETE);
    if (state == PLDM_STATE_APPLY) tell(PLDM_VERIFY_COMPLETE);
}

static void ua_t3(void) {
    static const struct {
        uint8_t state;
        uint32_t ua_t3_ms;
        uint8_t percent;
    } cases[] = {{PLDM_STATE_VERIFY, 180000, 10},
                 {PLDM_STATE_APPLY, 180000, 100},
                 {PLDM_STATE_VERIFY, 1000000, 0},
                 {PLDM_STATE_APPLY, 1000000, PLDM_PROGRESS_NOT_SUPPORTED}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        TEST("given UA_T3 / when the percent stands still / then it ends so long after GetStatus first said it") {
            begin_stage(cases[i].state, cases[i].ua_t3_ms);
            f.percent = cases[i].percent;
            fake_pass(&f, 3000000);
            const uint64_t said = fake_nth(&f, PLDM_GET_STATUS, 2)->at + 1 * FAKE_MS; /* 1 is the inventory's */
            CHECK_EQ(fake_nth(&f, PLDM_CANCEL_UPDATE_COMPONENT, 1)->at - said, cases[i].ua_t3_ms * FAKE_MS);
        }
    TEST("given UA_T3 / when the percent moves once before it is over / then it begins anew there") {
        begin_stage(PLDM_STATE_VERIFY, 180000);
        fake_pass(&f, 170000);
        f.percent = 1;
        fake_pass(&f, 170000);
        CHECK_EQ(agent_result(f.agent), AGENT_RUNNING);
        fake_pass(&f, 30000);
        CHECK_EQ(agent_result(f.agent), AGENT_FAILED);
    }
    TEST("given UA_T3 / when the state moves and the percent does not / then it begins anew there") {
        begin_stage(PLDM_STATE_VERIFY, 180000);
        for (unsigned i = 0; i < 10; i++) {
            fake_pass(&f, 170000);
            f.state = f.state == PLDM_STATE_VERIFY ? PLDM_STATE_APPLY : PLDM_STATE_VERIFY;
        }
        CHECK_EQ(agent_result(f.agent), AGENT_RUNNING);
    }
    for (uint8_t state = PLDM_STATE_VERIFY; state <= PLDM_STATE_APPLY; state++)
        TEST("given VERIFY or APPLY of three hours / when the percent moves each two minutes / then the agent waits") {
            begin_stage(state, 180000);
            for (unsigned i = 0; i < 90; i++) {
                fake_pass(&f, 120000);
                f.percent++;
            }
            CHECK_EQ(agent_result(f.agent), AGENT_RUNNING);
            CHECK_EQ(tell(state == PLDM_STATE_VERIFY ? PLDM_VERIFY_COMPLETE : PLDM_APPLY_COMPLETE), 0);
        }
    TEST("given UA_T3 / when GetStatus is not answered / then that is no progress either") {
        begin_stage(PLDM_STATE_VERIFY, 180000);
        fake_pass(&f, 10000);
        fake_rule(&f, PLDM_GET_STATUS, 0, FAKE_DROP, 0);
        fake_pass(&f, 200000);
        CHECK_EQ(agent_result(f.agent), AGENT_FAILED);
        CHECK(strstr(agent_error(f.agent), "VERIFY without progress for 180000 ms (UA_T3)") != NULL);
    }
}

static void ua_t4_and_t5(void) {
    static const uint32_t limits[] = {1000, 5000};
    static const uint8_t data[100] = {0}, first[] = {0, 0, 0, 0, PLDM_GET_FIRST_PART};
    for (size_t i = 0; i < 2; i++) {
        TEST("given UA_T4 at a limit / when RETRY_REQUEST_UPDATE / then RequestUpdate is sent again then") {
            begin();
            f.config.ua_t4_ms = limits[i];
            fake_rule(&f, PLDM_REQUEST_UPDATE, 1, FAKE_CODE, PLDM_RETRY_REQUEST_UPDATE);
            CHECK_EQ(fake_run(&f, &p.pkg, 100), AGENT_DONE);
            CHECK_EQ(apart(PLDM_REQUEST_UPDATE, 1), (limits[i] + 1) * FAKE_MS);
        }
        TEST("given UA_T5 at a limit / when GetPackageData does not come / then CancelUpdate is sent then") {
            begin();
            f.config.ua_t5_ms = limits[i];
            f.will_get_package_data = 1;
            p.record.data = data;
            p.record.data_len = sizeof data;
            CHECK_EQ(fake_run(&f, &p.pkg, 100), AGENT_FAILED);
            CHECK_EQ(fake_nth(&f, PLDM_CANCEL_UPDATE, 1)->at - fake_nth(&f, PLDM_REQUEST_UPDATE, 1)->at,
                     (limits[i] + 1) * FAKE_MS);
        }
        TEST("given UA_T5 at a limit / when a part is asked for in time, but not the next / then it began anew") {
            begin();
            f.by_hand = true;
            f.config.ua_t5_ms = limits[i];
            f.config.max_transfer = 32;
            f.will_get_package_data = 1;
            p.record.data = data;
            p.record.data_len = sizeof data;
            fake_run(&f, &p.pkg, 0);
            fake_pass(&f, limits[i] - 10);
            fake_request(&f, PLDM_GET_PACKAGE_DATA, first, sizeof first, false);
            fake_pass(&f, 1);
            CHECK_EQ(f.answer_body[0], 0);
            const uint64_t asked = f.now;
            fake_pass(&f, 10000);
            CHECK_EQ(fake_nth(&f, PLDM_CANCEL_UPDATE, 1)->at - asked, limits[i] * FAKE_MS);
        }
    }
}

static void activation_time(void) {
    static const uint16_t estimates[] = {0, 1, 300};
    for (size_t i = 0; i < 3; i++)
        TEST("given an estimate for the activation / when the device stays away / then waiting ends behind it") {
            begin();
            f.restart_ms = 10000000;
            f.estimated_s = estimates[i];
            f.config.return_ms = 30000;
            f.config.poll_ms = 7000;
            CHECK_EQ(fake_run(&f, &p.pkg, 1000), AGENT_FAILED);
            const uint64_t waited = f.now - fake_nth(&f, PLDM_ACTIVATE_FIRMWARE, 1)->at;
            CHECK(waited >= (30000 + estimates[i] * 1000u + 1) * FAKE_MS);
            CHECK(waited <= (31000 + estimates[i] * 1000u + 1) * FAKE_MS); /* a request may be under way */
        }
    TEST("given a device in ACTIVATE / when it answers GetStatus all the while / then it is polled until it is done") {
        begin();
        f.activate_ms = 25000;
        f.estimated_s = 20;
        f.keeps_eid = true;
        CHECK_EQ(fake_run(&f, &p.pkg, 100), AGENT_DONE);
        CHECK(f.now >= 25000 * FAKE_MS && f.now < 28000 * FAKE_MS);
        CHECK(fake_count(&f, PLDM_GET_STATUS) > 20);
    }
}

int main(void) {
    ranges();
    response();
    ua_t1();
    ua_t2();
    ua_t3();
    ua_t4_and_t5();
    activation_time();
    fake_free(&f);
    return check_result();
}
