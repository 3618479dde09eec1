// SPDX-License-Identifier: Apache-2.0
//
// The habits of mctp-rs pldm-fw, one by one: what the update agent sends, answers and expects when it behaves as that
// one does. Sequences come from its source; every time is simulated.
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
    f.config.personality = AGENT_MCTP_RS;
}

/* Brings the agent to the download of the first component; from there on the test is the device. */
static void begin_download(void) {
    begin();
    f.by_hand = true;
    fake_run(&f, &p.pkg, 1);
}

static bool commands_are(const char *want) {
    if (strcmp(fake_commands(&f), want) == 0) return true;
    printf("# sent: %s\n", fake_commands(&f));
    return false;
}

static bool error_is(const char *text) {
    if (strcmp(agent_error(f.agent), text) == 0) return true;
    printf("# error is: %s\n", agent_error(f.agent));
    return false;
}

/* Sends a request of the device; the completion code of the answer, FFh when there was none. */
static uint8_t ask(uint8_t command, const uint8_t *body, size_t len, bool repeat) {
    const unsigned before = f.answers;
    fake_request(&f, command, body, len, repeat);
    fake_pass(&f, 2);
    return f.answers == before ? 0xFF : f.answer_body[0];
}

static uint8_t tell(uint8_t command, uint8_t result) {
    const uint8_t body[3] = {result};
    return ask(command, body, command == PLDM_APPLY_COMPLETE ? 3 : 1, false);
}

static uint8_t ask_data(uint32_t offset, uint32_t length) {
    uint8_t body[8];
    const struct pldm_request_firmware_data_req request = {offset, length};
    pldm_request_firmware_data_req_encode(&request, body, sizeof body);
    return ask(PLDM_REQUEST_FIRMWARE_DATA, body, sizeof body, false);
}

static void sequence(void) {
    TEST("given mctp-rs / when it updates / then no TID and no types, and GetStatus around each step") {
        begin();
        f.meta_data_len = 20;
        CHECK_EQ(fake_run(&f, &p.pkg, 60), AGENT_DONE);
        CHECK(commands_are("c2 c1 c5 01 02 1b 10 1b 13 13 1b 14 1b 1b 14 1b 1b 1a "));
    }
    TEST(
        "given the same / when its requests are looked at / then the instance ID is always 0, and tags tell them "
        "apart") {
        unsigned requests = 0;
        for (size_t i = 0; i < f.log_len; i++) {
            if (!f.log[i].request) continue;
            CHECK_EQ(f.log[i].instance, 0);
            CHECK_EQ(f.log[i].tag, (requests++ + 1) & 7);
        }
        CHECK_EQ(requests, 18);
    }
    TEST("given mctp-rs / when it requests the update / then 16384, one component, no package data, package version") {
        static const uint8_t data[5] = {0};
        const uint8_t request[] = {0, 64, 0, 0, 1, 0, 1, 0, 0, 1, 5, 'w', 'h', 'o', 'l', 'e'};
        begin();
        p.record.data = data;
        p.record.data_len = sizeof data;
        p.pkg.version.type = PLDM_STRING_UTF8;
        CHECK_EQ(fake_run(&f, &p.pkg, 60), AGENT_DONE);
        CHECK_MEM(fake_nth(&f, PLDM_REQUEST_UPDATE, 1)->body, request, sizeof request);
        CHECK_EQ(fake_count(&f, PLDM_PASS_COMPONENT_TABLE), 2);
        CHECK_EQ(fake_nth(&f, PLDM_PASS_COMPONENT_TABLE, 1)->body[0], PLDM_TRANSFER_START);
        CHECK_EQ(fake_nth(&f, PLDM_PASS_COMPONENT_TABLE, 2)->body[0], PLDM_TRANSFER_END);
    }
    TEST("given mctp-rs / when it names a component / then its index is 0 and it is never forced") {
        begin();
        f.config.force = true;
        p.components[0].options |= PKG_FORCE_UPDATE;
        CHECK_EQ(fake_run(&f, &p.pkg, 60), AGENT_DONE);
        CHECK_EQ(fake_nth(&f, PLDM_PASS_COMPONENT_TABLE, 2)->body[5], 0);
        CHECK_EQ(fake_nth(&f, PLDM_UPDATE_COMPONENT, 1)->body[4], 0);
        CHECK_EQ(fake_nth(&f, PLDM_UPDATE_COMPONENT, 1)->body[13], 0);
    }
    TEST("given mctp-rs / when it activates / then not self-contained; ACTIVATION_NOT_REQUIRED is good") {
        begin();
        fake_rule(&f, PLDM_ACTIVATE_FIRMWARE, 1, FAKE_CODE, PLDM_ACTIVATION_NOT_REQUIRED);
        CHECK_EQ(fake_run(&f, &p.pkg, 60), AGENT_DONE);
        CHECK_EQ(fake_nth(&f, PLDM_ACTIVATE_FIRMWARE, 1)->body[0], 0);
    }
    TEST("given mctp-rs / when an answer is lost / then it waits for ever and sends nothing again") {
        begin();
        fake_rule(&f, PLDM_GET_FIRMWARE_PARAMETERS, 1, FAKE_DROP, 0);
        CHECK_EQ(fake_run(&f, &p.pkg, 1000000), AGENT_RUNNING);
        CHECK_EQ(fake_count(&f, PLDM_GET_FIRMWARE_PARAMETERS), 1);
        CHECK_EQ(agent_deadline(f.agent), UINT64_MAX);
    }
    TEST("given mctp-rs / when the device is silent in any stage / then no timer runs") {
        for (unsigned stage = 0; stage < 3; stage++) {
            begin_download();
            for (unsigned i = 0; i < stage; i++) tell((uint8_t)(PLDM_TRANSFER_COMPLETE + i), 0);
            CHECK_EQ(agent_result(f.agent), AGENT_RUNNING);
            CHECK_EQ(agent_deadline(f.agent), UINT64_MAX);
        }
    }
}

static void takes_not(void) {
    static const uint8_t revision[] = {0, 0, 2, 0, 0x34, 0x12, 3, 1, 1, 0, 7};
    static const uint8_t seven[] = {7};
    TEST("given mctp-rs / when the package names only some of the descriptors / then it is for another device") {
        begin();
        p.record.descriptor_count = 2;
        CHECK_EQ(fake_run(&f, &p.pkg, 60), AGENT_FAILED);
        CHECK(agent_not_for_device(f.agent));
    }
    TEST("given mctp-rs / when the package has them in another order / then it is for another device") {
        begin();
        const struct pldm_descriptor last = p.descriptors[2];
        p.descriptors[2] = p.descriptors[1];
        p.descriptors[1] = last;
        CHECK_EQ(fake_run(&f, &p.pkg, 60), AGENT_FAILED);
        CHECK(agent_not_for_device(f.agent));
    }
    TEST("given mctp-rs / when two records match / then it takes none") {
        begin();
        struct pkg_device twice[] = {p.record, p.record};
        p.pkg.devices = twice;
        p.pkg.device_count = 2;
        CHECK_EQ(fake_run(&f, &p.pkg, 60), AGENT_FAILED);
        CHECK(agent_not_for_device(f.agent));
    }
    TEST("given mctp-rs / when a descriptor is of another type / then it takes no such device") {
        begin();
        f.descriptors = revision;
        f.descriptors_len = sizeof revision;
        f.descriptor_count = 2;
        p.record.descriptor_count = 2;
        p.descriptors[1] = (struct pldm_descriptor){PLDM_DESCRIPTOR_PCI_REVISION_ID, 1, seven};
        CHECK_EQ(fake_run(&f, &p.pkg, 60), AGENT_FAILED);
        CHECK(error_is("mctp-rs does not take this device: a descriptor has a type that it does not know"));
    }
    TEST("given mctp-rs / when a version is UTF-16 / then it takes no such device") {
        begin();
        f.version_type = PLDM_STRING_UTF16LE;
        CHECK_EQ(fake_run(&f, &p.pkg, 60), AGENT_FAILED);
        CHECK(error_is("mctp-rs does not take this device: a version is UTF-16"));
    }
    TEST("given mctp-rs / when an inventory answer is longer than 1024 bytes / then it takes no such device") {
        begin();
        f.more_components = 23; /* 25 of 42 bytes: 1050 */
        CHECK_EQ(fake_run(&f, &p.pkg, 60), AGENT_FAILED);
        CHECK(error_is("mctp-rs does not take this device: GetFirmwareParameters is longer than 1024 bytes"));
        begin();
        f.more_components = 21; /* 966 and what stands before */
        CHECK_EQ(fake_run(&f, &p.pkg, 60), AGENT_DONE);
    }
}

static void refusals(void) {
    static const uint8_t pass_not[] = {0, 1, PLDM_COMPONENT_STAMP_IDENTICAL};
    static const uint8_t update_not[] = {0, 1, PLDM_COMPONENT_NOT_SUPPORTED, 0, 0, 0, 0, 0, 0};
    static const uint8_t codes[] = {PLDM_COMPONENT_STAMP_IDENTICAL, PLDM_COMPONENT_STAMP_LOWER,
                                    PLDM_COMPONENT_VERSION_IDENTICAL, PLDM_COMPONENT_VERSION_LOWER};
    for (size_t i = 0; i < sizeof codes; i++)
        TEST(
            "given mctp-rs / when PassComponentTable wants the force flag / then it ends, and leaves the device "
            "there") {
            uint8_t answer[sizeof pass_not];
            memcpy(answer, pass_not, sizeof answer);
            answer[2] = codes[i];
            begin();
            f.config.force = true;
            f.rules[f.rule_count++] =
                (struct fake_rule){PLDM_PASS_COMPONENT_TABLE, 1, FAKE_BODY, 0, answer, sizeof answer};
            CHECK_EQ(fake_run(&f, &p.pkg, 60), AGENT_FAILED);
            CHECK(fake_nth(&f, PLDM_PASS_COMPONENT_TABLE, 1) == &f.log[f.log_len - 1]);
        }
    TEST("given mctp-rs / when UpdateComponent is refused / then it ends, whatever the record says") {
        begin();
        p.record.options = PKG_CONTINUE_AFTER_FAILURE;
        f.rules[f.rule_count++] =
            (struct fake_rule){PLDM_UPDATE_COMPONENT, 1, FAKE_BODY, 0, update_not, sizeof update_not};
        CHECK_EQ(fake_run(&f, &p.pkg, 60), AGENT_FAILED);
        CHECK(fake_nth(&f, PLDM_UPDATE_COMPONENT, 1) == &f.log[f.log_len - 1]);
    }
    TEST("given mctp-rs / when RequestUpdate is to be tried again / then it ends") {
        begin();
        fake_rule(&f, PLDM_REQUEST_UPDATE, 1, FAKE_CODE, PLDM_RETRY_REQUEST_UPDATE);
        CHECK_EQ(fake_run(&f, &p.pkg, 60), AGENT_FAILED);
        CHECK(fake_nth(&f, PLDM_REQUEST_UPDATE, 1) == &f.log[f.log_len - 1]);
    }
    TEST("given mctp-rs / when the device is in update mode already / then it does not even ask") {
        begin();
        f.state = PLDM_STATE_READY_XFER;
        CHECK_EQ(fake_run(&f, &p.pkg, 60), AGENT_FAILED);
        CHECK_EQ(fake_count(&f, PLDM_REQUEST_UPDATE), 0);
        CHECK(error_is("the device is in READY XFER, not in IDLE"));
    }
    TEST("given mctp-rs / when the device is not in READY XFER after ApplyComplete / then it ends") {
        begin_download();
        tell(PLDM_TRANSFER_COMPLETE, 0);
        tell(PLDM_VERIFY_COMPLETE, 0);
        f.state = PLDM_STATE_VERIFY; /* so that the answer to ApplyComplete moves nothing */
        CHECK_EQ(tell(PLDM_APPLY_COMPLETE, 0), 0);
        fake_pass(&f, 10);
        CHECK_EQ(agent_result(f.agent), AGENT_FAILED);
        CHECK(error_is("the device is in VERIFY, not in READY XFER"));
    }
    TEST("given mctp-rs / when AuxState is not 3 in IDLE / then it ends") {
        begin();
        f.aux_idle = PLDM_AUX_IN_PROGRESS;
        CHECK_EQ(fake_run(&f, &p.pkg, 60), AGENT_FAILED);
        CHECK(error_is("the device's AuxState is 0 in IDLE, not 3"));
    }
    TEST("given mctp-rs / when it is interrupted / then nothing is sent any more") {
        begin_download();
        const size_t before = f.log_len;
        agent_abort(f.agent, f.now, "interrupted");
        CHECK_EQ(agent_result(f.agent), AGENT_FAILED);
        CHECK_EQ(f.log_len, before);
    }
}

static void reports(void) {
    TEST("given mctp-rs / when the transfer failed / then that is answered and it waits for VerifyComplete for ever") {
        begin_download();
        CHECK_EQ(tell(PLDM_TRANSFER_COMPLETE, PLDM_RESULT_GENERIC_ERROR), 0);
        fake_pass(&f, 1000000);
        CHECK_EQ(agent_result(f.agent), AGENT_RUNNING);
        CHECK_EQ(fake_count(&f, PLDM_CANCEL_UPDATE_COMPONENT), 0);
    }
    TEST("given mctp-rs / when verification or apply failed / then it ends without an answer") {
        static const uint8_t results[] = {0, PLDM_VERIFY_FAILURE, PLDM_APPLY_MEMORY_WRITE_FAILURE};
        for (unsigned stage = 1; stage < 3; stage++) {
            begin_download();
            for (unsigned i = 0; i < stage; i++) tell((uint8_t)(PLDM_TRANSFER_COMPLETE + i), 0);
            CHECK_EQ(tell((uint8_t)(PLDM_TRANSFER_COMPLETE + stage), results[stage]), 0xFF);
            CHECK_EQ(agent_result(f.agent), AGENT_FAILED);
            CHECK_EQ(fake_count(&f, PLDM_CANCEL_UPDATE), 0);
        }
    }
    TEST("given mctp-rs / when ApplyResult is 1 / then that is a failure") {
        begin();
        f.results[2] = PLDM_APPLY_SUCCESS_ACTIVATION_MODIFIED;
        CHECK_EQ(fake_run(&f, &p.pkg, 60), AGENT_FAILED);
    }
    TEST("given mctp-rs / when a report is repeated / then it ends without an answer") {
        const uint8_t good[1] = {0};
        begin_download();
        CHECK_EQ(tell(PLDM_TRANSFER_COMPLETE, 0), 0);
        CHECK_EQ(ask(PLDM_TRANSFER_COMPLETE, good, 1, true), 0xFF);
        CHECK_EQ(agent_result(f.agent), AGENT_FAILED);
        CHECK(error_is("mctp-rs does not expect command 0x16 now"));
    }
    TEST("given mctp-rs / when the device asks for package data / then it ends without an answer") {
        static const uint8_t some[5] = {0};
        const uint8_t first[] = {0, 0, 0, 0, PLDM_GET_FIRST_PART};
        begin();
        p.record.data = some;
        p.record.data_len = sizeof some;
        f.by_hand = true;
        fake_rule(&f, PLDM_PASS_COMPONENT_TABLE, 0, FAKE_DROP, 0);
        fake_run(&f, &p.pkg, 1);
        CHECK_EQ(ask(PLDM_GET_PACKAGE_DATA, first, sizeof first, false), 0xFF);
        CHECK_EQ(agent_result(f.agent), AGENT_FAILED);
    }
}

static void data(void) {
    TEST("given mctp-rs / when more is asked for than the image has / then the next image's bytes follow, not zeroes") {
        begin_download();
        CHECK_EQ(ask_data(168, 64), 0);
        for (unsigned i = 0; i < 32; i++) CHECK_EQ(f.answer_body[1 + i], (uint8_t)(37 + 168 + i));
        for (unsigned i = 32; i < 64; i++)
            if (!CHECK_EQ(f.answer_body[1 + i], (uint8_t)(74 + i - 32))) break;
    }
    TEST("given mctp-rs / when the file ends / then zeroes follow") {
        begin_download();
        p.components[1].offset = 0; /* before the first */
        CHECK_EQ(ask_data(168, 64), 0);
        for (unsigned i = 32; i < 64; i++)
            if (!CHECK_EQ(f.answer_body[1 + i], 0)) break;
    }
    TEST("given mctp-rs / when offset and length are out of range / then they are served all the same") {
        begin_download();
        CHECK_EQ(ask_data(0, 1), 0);
        CHECK_EQ(f.answer_len, 2);
        CHECK_EQ(ask_data(0, 0), 0);
        CHECK_EQ(ask_data(5000, 40), 0);
        CHECK_EQ(ask_data(100, 500), 0);
    }
}

int main(void) {
    sequence();
    takes_not();
    refusals();
    reports();
    data();
    fake_free(&f);
    return check_result();
}
