// SPDX-License-Identifier: Apache-2.0
//
// After an agent's death: a new one finds the device in any state of update mode, ends what was left behind and, where
// an update is wanted, completes one. Every time is simulated.
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
    f.stage_ms = 50;
    f.activate_ms = 10000;
    f.keeps_eid = true;
}

/* An agent updates the device until that is in @p state, and dies there: what is under way to it stays under way. */
static void die_in(uint8_t state) {
    begin();
    fake_new_agent(&f);
    agent_start_update(f.agent, f.now, &p.pkg);
    for (unsigned ms = 0; ms < 60000 && f.state != state; ms++) fake_pass(&f, 1);
    CHECK_EQ(f.state, state);
    f.log_len = 0;
    memset(f.seen, 0, sizeof f.seen);
}

static bool error_is(const char *text) {
    if (strcmp(agent_error(f.agent), text) == 0) return true;
    printf("# error is: %s\n", agent_error(f.agent));
    return false;
}

static const struct {
    uint8_t state;
    unsigned component_cancels, cancels;
    const char *update, *cancel; /* sentences */
} cases[] = {
    {PLDM_STATE_IDLE, 0, 0, "given a device in IDLE / when an agent updates / then it cancels nothing",
     "given a device in IDLE / when an agent cancels / then there is nothing to do"},
    {PLDM_STATE_LEARN_COMPONENTS, 0, 1,
     "given an agent dead in LEARN COMPONENTS / when another updates / then CancelUpdate, and the update completes",
     "given an agent dead in LEARN COMPONENTS / when another cancels / then the device is in IDLE"},
    {PLDM_STATE_READY_XFER, 0, 1,
     "given an agent dead in READY XFER / when another updates / then CancelUpdate, and the update completes",
     "given an agent dead in READY XFER / when another cancels / then the device is in IDLE"},
    {PLDM_STATE_DOWNLOAD, 1, 1,
     "given an agent dead in DOWNLOAD / when another updates / then both cancel commands, and the update completes",
     "given an agent dead in DOWNLOAD / when another cancels / then the device is in IDLE"},
    {PLDM_STATE_VERIFY, 1, 1,
     "given an agent dead in VERIFY / when another updates / then both cancel commands, and the update completes",
     "given an agent dead in VERIFY / when another cancels / then the device is in IDLE"},
    {PLDM_STATE_APPLY, 1, 1,
     "given an agent dead in APPLY / when another updates / then both cancel commands, and the update completes",
     "given an agent dead in APPLY / when another cancels / then the device is in IDLE"},
    {PLDM_STATE_ACTIVATE, 0, 0,
     "given an agent dead in ACTIVATE / when another updates / then it waits for the end of that, and completes",
     "given an agent dead in ACTIVATE / when another cancels / then it waits for the end of that"},
};

static void from_every_state(void) {
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        TEST(cases[i].update) {
            die_in(cases[i].state);
            CHECK_EQ(fake_run(&f, &p.pkg, 100), AGENT_DONE);
            CHECK_EQ(fake_count(&f, PLDM_CANCEL_UPDATE_COMPONENT), cases[i].component_cancels);
            CHECK_EQ(fake_count(&f, PLDM_CANCEL_UPDATE), cases[i].cancels);
            CHECK_EQ(fake_count(&f, PLDM_REQUEST_UPDATE), 1);
            CHECK_EQ(f.warnings, cases[i].state != PLDM_STATE_IDLE);
            CHECK_EQ(f.state, PLDM_STATE_IDLE);
            CHECK(strcmp(f.versions[0], "2.0") == 0 && strcmp(f.versions[1], "2.0") == 0);
            for (unsigned n = 0; n < FAKE_SIZE_1; n++)
                if (!CHECK_EQ(f.got[1][n], (uint8_t)(74 + n))) break;
        }
        TEST(cases[i].cancel) {
            die_in(cases[i].state);
            CHECK_EQ(fake_run_cancel(&f, 100), AGENT_DONE);
            CHECK_EQ(fake_count(&f, PLDM_CANCEL_UPDATE_COMPONENT), cases[i].component_cancels);
            CHECK_EQ(fake_count(&f, PLDM_CANCEL_UPDATE), cases[i].cancels);
            CHECK_EQ(fake_count(&f, PLDM_REQUEST_UPDATE), 0);
            CHECK_EQ(f.state, PLDM_STATE_IDLE);
        }
    }
}

static void found_late(void) {
    static const uint8_t codes[] = {PLDM_ALREADY_IN_UPDATE_MODE, PLDM_INVALID_STATE_FOR_COMMAND};
    for (size_t i = 0; i < sizeof codes; i++) {
        TEST("given a device that enters update mode behind GetStatus / when RequestUpdate is refused / then cleared") {
            begin();
            fake_rule(&f, PLDM_GET_STATUS, 1, FAKE_BODY, 0);
            static const uint8_t idle[] = {0, 0, 0, 3, 0, 101, 0, 0, 0, 0, 0};
            f.rules[0].body = idle;
            f.rules[0].len = sizeof idle;
            f.state = codes[i] == PLDM_ALREADY_IN_UPDATE_MODE ? PLDM_STATE_READY_XFER : PLDM_STATE_VERIFY;
            CHECK_EQ(fake_run(&f, &p.pkg, 100), AGENT_DONE);
            CHECK_EQ(fake_count(&f, PLDM_REQUEST_UPDATE), 2);
            CHECK_EQ(fake_count(&f, PLDM_CANCEL_UPDATE), 1);
        }
        TEST("given a device that always refuses so / when it was cleared once / then the update fails") {
            begin();
            fake_rule(&f, PLDM_REQUEST_UPDATE, 0, FAKE_CODE, codes[i]);
            CHECK_EQ(fake_run(&f, &p.pkg, 100), AGENT_FAILED);
            CHECK_EQ(fake_count(&f, PLDM_REQUEST_UPDATE), 2);
        }
    }
}

static void cancelling(void) {
    static const uint8_t broken[] = {0, 1, 2, 0, 0, 0, 0, 0, 0, 0x80};
    TEST("given a device without EID / when an agent cancels / then it is found and asked for its state, no more") {
        begin();
        CHECK_EQ(fake_run_cancel(&f, 10), AGENT_DONE);
        CHECK(strcmp(fake_commands(&f), "c2 c1 c5 1b ") == 0);
    }
    TEST("given CancelUpdate that names broken components / when cancelled / then the bitmap is there, as a warning") {
        uint64_t bitmap = 0;
        begin();
        f.state = PLDM_STATE_READY_XFER;
        f.rules[f.rule_count++] = (struct fake_rule){PLDM_CANCEL_UPDATE, 1, FAKE_BODY, 0, broken, sizeof broken};
        CHECK_EQ(fake_run_cancel(&f, 10), AGENT_DONE); /* the second time it does leave update mode */
        CHECK(agent_non_functioning(f.agent, &bitmap));
        CHECK_EQ(bitmap, UINT64_C(0x8000000000000002));
        CHECK_EQ(f.warnings, 1);
    }
    TEST("given CancelUpdate that names none / when cancelled / then there is no bitmap") {
        uint64_t bitmap = 0;
        begin();
        f.state = PLDM_STATE_READY_XFER;
        CHECK_EQ(fake_run_cancel(&f, 10), AGENT_DONE);
        CHECK(!agent_non_functioning(f.agent, &bitmap));
    }
    TEST("given a device that says success and stays / when UA_T3 is over / then it has failed, asking each UA_T1") {
        static const uint8_t success[] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
        begin();
        f.state = PLDM_STATE_READY_XFER;
        f.rules[f.rule_count++] = (struct fake_rule){PLDM_CANCEL_UPDATE, 0, FAKE_BODY, 0, success, sizeof success};
        CHECK_EQ(fake_run_cancel(&f, 1000), AGENT_FAILED);
        CHECK(error_is("the device does not leave update mode: it stays in READY XFER"));
        CHECK(fake_count(&f, PLDM_CANCEL_UPDATE) > 100 && fake_count(&f, PLDM_CANCEL_UPDATE) < 200);
    }
    TEST("given a personality that never cancels / when it is told to cancel / then it does as Sluice does") {
        begin();
        f.config.personality = AGENT_MCTP_RS;
        f.state = PLDM_STATE_DOWNLOAD;
        fake_rule(&f, PLDM_CANCEL_UPDATE_COMPONENT, 1, FAKE_DROP, 0);
        CHECK_EQ(fake_run_cancel(&f, 10), AGENT_DONE);
        CHECK_EQ(f.state, PLDM_STATE_IDLE);
    }
    TEST("given an agent that clears / when it is interrupted / then it stops there") {
        begin();
        f.state = PLDM_STATE_DOWNLOAD;
        fake_rule(&f, PLDM_CANCEL_UPDATE_COMPONENT, 0, FAKE_CODE, PLDM_BUSY_IN_BACKGROUND);
        CHECK_EQ(fake_run(&f, &p.pkg, 5), AGENT_RUNNING);
        agent_abort(f.agent, f.now, "interrupted");
        CHECK_EQ(agent_result(f.agent), AGENT_FAILED);
        CHECK(error_is("interrupted"));
    }
    TEST("given the dead agent's device / when it asks for data while the new one clears / then CANCEL_PENDING") {
        static const uint8_t body[8] = {0, 0, 0, 0, 32};
        begin();
        f.state = PLDM_STATE_DOWNLOAD;
        f.by_hand = true;
        fake_rule(&f, PLDM_CANCEL_UPDATE_COMPONENT, 0, FAKE_CODE, PLDM_BUSY_IN_BACKGROUND);
        CHECK_EQ(fake_run(&f, &p.pkg, 5), AGENT_RUNNING);
        fake_request(&f, PLDM_REQUEST_FIRMWARE_DATA, body, sizeof body, false);
        fake_pass(&f, 2);
        CHECK_EQ(f.answer_body[0], PLDM_CANCEL_PENDING);
    }
}

int main(void) {
    from_every_state();
    found_late();
    cancelling();
    fake_free(&f);
    return check_result();
}
