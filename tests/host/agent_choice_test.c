// SPDX-License-Identifier: Apache-2.0
//
// What the user of the agent may choose and is told: components, activation, force, going on after a failure; the
// events, and what is known of a failure afterwards. Every time is simulated.
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

static bool error_is(const char *text) {
    if (strcmp(agent_error(f.agent), text) == 0) return true;
    printf("# error is: %s\n", agent_error(f.agent));
    return false;
}

static void components(void) {
    static const uint8_t first_only[] = {0x01};
    TEST("given two components / when one is not wanted / then the other alone is announced, passed and updated") {
        begin();
        f.wanted_not = 1 << 0;
        f.next_versions[0] = "1.0";
        CHECK_EQ(fake_run(&f, &p.pkg, 60), AGENT_DONE);
        CHECK_EQ(fake_nth(&f, PLDM_REQUEST_UPDATE, 1)->body[4], 1);
        CHECK_EQ(fake_count(&f, PLDM_PASS_COMPONENT_TABLE), 1);
        CHECK_EQ(fake_nth(&f, PLDM_PASS_COMPONENT_TABLE, 1)->body[0], PLDM_TRANSFER_START_AND_END);
        CHECK_EQ(fake_nth(&f, PLDM_UPDATE_COMPONENT, 1)->body[2], 2);
        CHECK_EQ(f.ended, 1);
        CHECK_EQ(f.fates[1], AGENT_UPDATED);
    }
    TEST("given a record that names one component / when another is wanted / then nothing is begun") {
        begin();
        p.record.applicable = first_only;
        f.wanted_not = 1 << 0;
        CHECK_EQ(fake_run(&f, &p.pkg, 60), AGENT_FAILED);
        CHECK_EQ(fake_count(&f, PLDM_REQUEST_UPDATE), 0);
        CHECK(error_is("no component of the package is both wanted and for this device"));
        CHECK(!agent_not_for_device(f.agent));
    }
    TEST("given a component that the device has not / when it is not wanted / then the rest is updated") {
        begin();
        p.components[0].identifier = 9;
        f.wanted_not = 1 << 0;
        f.next_versions[0] = "1.0";
        CHECK_EQ(fake_run(&f, &p.pkg, 60), AGENT_DONE);
    }
    TEST("given a component that is on the device twice / when updated / then both indexes are, from one image") {
        size_t count;
        begin();
        f.twins = true;
        p.record.applicable = first_only;
        CHECK_EQ(fake_run(&f, &p.pkg, 60), AGENT_DONE);
        const struct agent_outcome *o = agent_outcomes(f.agent, &count);
        CHECK_EQ(count, 2);
        CHECK_EQ(o[0].index, 3);
        CHECK_EQ(o[1].index, 4);
        CHECK_EQ(fake_nth(&f, PLDM_UPDATE_COMPONENT, 2)->body[4], 4);
    }
    TEST("given a package for another device / when updated / then that is known apart from other failures") {
        static const uint8_t other[] = {0x99, 0x99};
        begin();
        p.descriptors[1].data = other;
        CHECK_EQ(fake_run(&f, &p.pkg, 60), AGENT_FAILED);
        CHECK(agent_not_for_device(f.agent));
        begin();
        fake_rule(&f, PLDM_REQUEST_UPDATE, 1, FAKE_CODE, PLDM_ERROR);
        CHECK_EQ(fake_run(&f, &p.pkg, 60), AGENT_FAILED);
        CHECK(!agent_not_for_device(f.agent));
    }
}

static void activation(void) {
    enum { SELF = PLDM_ACTIVATION_SELF_CONTAINED, REBOOT = PLDM_ACTIVATION_SYSTEM_REBOOT };
    static const struct {
        const char *sentence;
        enum agent_activation choice;
        uint16_t device, package;
        unsigned commands; /* ActivateFirmware */
        bool self_contained;
    } cases[] = {
        {"given a device that restarts itself / when activated / then it is asked to", AGENT_ACTIVATE_SELF_CONTAINED,
         SELF, SELF, 1, true},
        {"given a device that does not / when activated / then it is not asked to", AGENT_ACTIVATE_SELF_CONTAINED,
         REBOOT, SELF, 1, false},
        {"given a package without a wish / when activated / then the device is asked to restart",
         AGENT_ACTIVATE_SELF_CONTAINED, SELF | REBOOT, 0, 1, true},
        {"given a package that wants a reboot / when activated / then the device is not asked to restart",
         AGENT_ACTIVATE_SELF_CONTAINED, SELF | REBOOT, REBOOT, 1, false},
        {"given the choice PENDING / when activated / then not self-contained", AGENT_ACTIVATE_PENDING, SELF, SELF, 1,
         false},
        {"given the choice NOT / when the components are applied / then nothing is sent, not even CancelUpdate",
         AGENT_ACTIVATE_NOT, SELF, SELF, 0, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) TEST(cases[i].sentence) {
            begin();
            f.methods = cases[i].device;
            f.config.activate = cases[i].choice;
            p.components[0].activation = p.components[1].activation = cases[i].package;
            if (!cases[i].self_contained) f.versions[0] = f.versions[1] = "2.0"; /* what becomes pending shows so */
            CHECK_EQ(fake_run(&f, &p.pkg, 60), AGENT_DONE);
            CHECK_EQ(fake_count(&f, PLDM_ACTIVATE_FIRMWARE), cases[i].commands);
            if (cases[i].commands != 0)
                CHECK_EQ(fake_nth(&f, PLDM_ACTIVATE_FIRMWARE, 1)->body[0], cases[i].self_contained);
            CHECK_EQ(fake_count(&f, PLDM_CANCEL_UPDATE), 0);
            CHECK_EQ(f.state, cases[i].commands != 0 ? PLDM_STATE_IDLE : PLDM_STATE_READY_XFER);
        }
    TEST("given the choice NOT / when a component failed and the others go on / then it has failed, and stays there") {
        begin();
        f.config.activate = AGENT_ACTIVATE_NOT;
        p.record.options = PKG_CONTINUE_AFTER_FAILURE;
        fake_rule(&f, PLDM_UPDATE_COMPONENT, 1, FAKE_CODE, PLDM_ERROR);
        CHECK_EQ(fake_run(&f, &p.pkg, 60), AGENT_FAILED);
        CHECK_EQ(fake_count(&f, PLDM_CANCEL_UPDATE), 0);
        CHECK_EQ(f.state, PLDM_STATE_READY_XFER);
    }
    TEST("given a method that is automatic / when the device keeps the old version / then that is a failure") {
        size_t count;
        begin();
        f.methods = PLDM_ACTIVATION_AUTOMATIC;
        CHECK_EQ(fake_run(&f, &p.pkg, 60), AGENT_FAILED);
        CHECK(agent_outcomes(f.agent, &count)[0].must_run);
        CHECK(error_is("component 0 (0x000a:0x0001): version 1.0 is active after the activation, not 2.0"));
    }
    TEST("given an answer to ApplyComplete that got lost / when activated too early / then it is asked again") {
        begin();
        fake_rule(&f, PLDM_UPDATE_COMPONENT, 2, FAKE_CODE, PLDM_INVALID_STATE_FOR_COMMAND);
        fake_rule(&f, PLDM_ACTIVATE_FIRMWARE, 1, FAKE_CODE, PLDM_INVALID_STATE_FOR_COMMAND);
        fake_rule(&f, PLDM_ACTIVATE_FIRMWARE, 2, FAKE_CODE, PLDM_INVALID_STATE_FOR_COMMAND);
        CHECK_EQ(fake_run(&f, &p.pkg, 60), AGENT_DONE);
        CHECK_EQ(fake_count(&f, PLDM_UPDATE_COMPONENT), 3);
        CHECK_EQ(fake_count(&f, PLDM_ACTIVATE_FIRMWARE), 3);
    }
    TEST("given a device that refuses for its state for ever / when 15 s are over / then the agent gives up") {
        begin();
        fake_rule(&f, PLDM_ACTIVATE_FIRMWARE, 0, FAKE_CODE, PLDM_INVALID_STATE_FOR_COMMAND);
        CHECK_EQ(fake_run(&f, &p.pkg, 60), AGENT_FAILED);
        CHECK(fake_count(&f, PLDM_ACTIVATE_FIRMWARE) > 10 && fake_count(&f, PLDM_ACTIVATE_FIRMWARE) < 18);
        CHECK(error_is("ActivateFirmware: the device answered INVALID_STATE_FOR_COMMAND"));
    }
}

static void going_on(void) {
    static const struct {
        const char *sentence;
        uint8_t command;
        uint8_t body[9];
        size_t len;
        uint8_t code; /* without a body */
        enum agent_fate fate;
        unsigned component_cancels;
    } cases[] = {
        {"given going on / when UpdateComponent is refused / then the other is updated and the whole has failed",
         PLDM_UPDATE_COMPONENT,
         {0, 1, PLDM_COMPONENT_SECURITY_RESTRICTION},
         9,
         0,
         AGENT_REFUSED,
         0},
        {"given going on / when PassComponentTable says no / then UpdateComponent decides",
         PLDM_PASS_COMPONENT_TABLE,
         {0, 1, PLDM_COMPONENT_NOT_SUPPORTED},
         3,
         0,
         AGENT_UPDATED,
         0},
        {"given going on / when UpdateComponent has an error code / then the other is updated",
         PLDM_UPDATE_COMPONENT,
         {0},
         0,
         PLDM_ERROR,
         AGENT_BROKEN,
         0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) TEST(cases[i].sentence) {
            begin();
            p.record.options = PKG_CONTINUE_AFTER_FAILURE;
            const bool code = cases[i].len == 0;
            f.rules[f.rule_count++] = (struct fake_rule){
                cases[i].command, 1, code ? FAKE_CODE : FAKE_BODY, cases[i].code, cases[i].body, cases[i].len};
            f.next_versions[0] = cases[i].fate == AGENT_UPDATED ? "2.0" : "1.0";
            CHECK_EQ(fake_run(&f, &p.pkg, 60), cases[i].fate == AGENT_UPDATED ? AGENT_DONE : AGENT_FAILED);
            CHECK_EQ(f.ended, 2);
            CHECK_EQ(f.fates[0], cases[i].fate);
            CHECK_EQ(f.fates[1], AGENT_UPDATED);
            CHECK_EQ(fake_count(&f, PLDM_CANCEL_UPDATE_COMPONENT), cases[i].component_cancels);
            CHECK_EQ(fake_count(&f, PLDM_ACTIVATE_FIRMWARE), 1);
        }
    for (unsigned stage = 0; stage < 3; stage++)
        TEST("given going on / when a stage of the first fails / then it is cancelled and the second updated") {
            begin();
            p.record.options = PKG_CONTINUE_AFTER_FAILURE;
            f.results[stage] = PLDM_RESULT_GENERIC_ERROR;
            f.next_versions[0] = "1.0";
            f.good_from = 1; /* the second component's results are good */
            CHECK_EQ(fake_run(&f, &p.pkg, 60), AGENT_FAILED);
            CHECK_EQ(fake_count(&f, PLDM_CANCEL_UPDATE_COMPONENT), 1);
            CHECK_EQ(f.fates[0], AGENT_BROKEN);
            CHECK_EQ(f.fates[1], AGENT_UPDATED);
            CHECK_EQ(fake_count(&f, PLDM_ACTIVATE_FIRMWARE), 1);
        }
    TEST("given going on / when the device asks for nothing / then UA_T2 ends the first and the second is tried") {
        begin();
        p.record.options = PKG_CONTINUE_AFTER_FAILURE;
        f.by_hand = true;
        CHECK_EQ(fake_run(&f, &p.pkg, 600), AGENT_FAILED);
        CHECK_EQ(fake_count(&f, PLDM_UPDATE_COMPONENT), 2);
        CHECK_EQ(f.ended, 2);
    }
    TEST("given going on / when the device is out of update mode / then there is nothing to go on with") {
        begin();
        p.record.options = PKG_CONTINUE_AFTER_FAILURE;
        fake_rule(&f, PLDM_UPDATE_COMPONENT, 1, FAKE_CODE, PLDM_NOT_IN_UPDATE_MODE);
        CHECK_EQ(fake_run(&f, &p.pkg, 60), AGENT_FAILED);
        CHECK_EQ(fake_count(&f, PLDM_UPDATE_COMPONENT), 1);
        CHECK(error_is("component 0 (0x000a:0x0001): UpdateComponent: the device answered NOT_IN_UPDATE_MODE"));
    }
    TEST("given no going on / when the first component fails / then the second is not begun, and no event for it") {
        begin();
        f.results[1] = PLDM_VERIFY_FAILURE;
        CHECK_EQ(fake_run(&f, &p.pkg, 60), AGENT_FAILED);
        CHECK_EQ(f.ended, 1);
        CHECK_EQ(fake_count(&f, PLDM_UPDATE_COMPONENT), 1);
    }
}

static void forced(void) {
    static const uint8_t codes[] = {PLDM_COMPONENT_STAMP_IDENTICAL, PLDM_COMPONENT_STAMP_LOWER,
                                    PLDM_COMPONENT_VERSION_IDENTICAL, PLDM_COMPONENT_VERSION_LOWER};
    static const uint8_t hopeless[] = {PLDM_COMPONENT_STAMP_INVALID,
                                       PLDM_COMPONENT_CONFLICT,
                                       PLDM_COMPONENT_PREREQUISITES_NOT_MET,
                                       PLDM_COMPONENT_NOT_SUPPORTED,
                                       PLDM_COMPONENT_SECURITY_RESTRICTION,
                                       PLDM_COMPONENT_INCOMPLETE_SET,
                                       0xD0};
    for (size_t i = 0; i < sizeof codes; i++)
        TEST("given a component that needs force / when its package sets the flag / then UpdateComponent is sent") {
            const uint8_t answer[] = {0, 1, codes[i]};
            for (unsigned force = 0; force < 2; force++) {
                begin();
                f.rules[f.rule_count++] =
                    (struct fake_rule){PLDM_PASS_COMPONENT_TABLE, 1, FAKE_BODY, 0, answer, sizeof answer};
                if (force != 0) p.components[0].options |= PKG_FORCE_UPDATE;
                CHECK_EQ(fake_run(&f, &p.pkg, 60), force != 0 ? AGENT_DONE : AGENT_FAILED);
                CHECK_EQ(fake_count(&f, PLDM_UPDATE_COMPONENT), 2 * force);
            }
        }
    for (size_t i = 0; i < sizeof hopeless; i++)
        TEST(
            "given a component that no force helps / when it is passed / then the update ends before UpdateComponent") {
            const uint8_t answer[] = {0, 1, hopeless[i]};
            begin();
            f.config.force = true;
            f.rules[f.rule_count++] =
                (struct fake_rule){PLDM_PASS_COMPONENT_TABLE, 2, FAKE_BODY, 0, answer, sizeof answer};
            CHECK_EQ(fake_run(&f, &p.pkg, 60), AGENT_FAILED);
            CHECK_EQ(fake_count(&f, PLDM_UPDATE_COMPONENT), 0);
            CHECK_EQ(f.fates[1], AGENT_REFUSED);
        }
}

int main(void) {
    components();
    activation();
    going_on();
    forced();
    fake_free(&f);
    return check_result();
}
