// SPDX-License-Identifier: Apache-2.0
//
// The habits of openbmc/pldm, one by one, and of the agents built from it: what the update agent sends and answers when
// it behaves as they do. Sequences come from their sources; every time is simulated.
#include <stdlib.h>

#include "tests/check.h"
#include "tests/host/fake_device.h"
#include "tests/host/fake_package.h"

static struct fake f;
static struct fake_package p;

static void begin(enum agent_personality personality) {
    fake_free(&f);
    fake_init(&f);
    fake_package_init(&p);
    f.config.personality = personality;
}

/* Brings the agent to the download of the first component; from there on the test is the device. */
static void begin_download(enum agent_personality personality) {
    begin(personality);
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

static uint8_t tell(uint8_t command, uint8_t result, bool repeat) {
    const uint8_t body[3] = {result};
    return ask(command, body, command == PLDM_APPLY_COMPLETE ? 3 : 1, repeat);
}

static uint8_t ask_data(uint32_t offset, uint32_t length) {
    uint8_t body[8];
    const struct pldm_request_firmware_data_req request = {offset, length};
    pldm_request_firmware_data_req_encode(&request, body, sizeof body);
    return ask(PLDM_REQUEST_FIRMWARE_DATA, body, sizeof body, false);
}

static uint32_t little(const uint8_t *bytes) {
    return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

static void sequence(void) {
    TEST("given openbmc / when it updates / then no GetStatus, no metadata, TID and types after the inventory") {
        begin(AGENT_OPENBMC);
        f.meta_data_len = 20;
        CHECK_EQ(fake_run(&f, &p.pkg, 60), AGENT_DONE);
        CHECK(commands_are("c2 c1 c5 01 02 b02 b01 b04 b03 b05 b03 b05 10 13 13 14 14 1a "));
        CHECK_EQ(f.tid, 1);
    }
    TEST("given openbmc / when SetTID fails / then that ends the TID's manager, not the update") {
        begin(AGENT_OPENBMC);
        f.base_code = PLDM_ERROR;
        CHECK_EQ(fake_run(&f, &p.pkg, 60), AGENT_DONE);
        CHECK(commands_are("c2 c1 c5 01 02 b02 b01 10 13 13 14 14 1a "));
    }
    TEST("given openbmc and UTF-8 in the package / when it requests the update / then 4096, the count, 1, ASCII") {
        static const uint8_t data[5] = {0};
        const uint8_t request[] = {0, 16, 0, 0, 2, 0, 1, 5, 0, 1, 3, '2', '.', '0'};
        begin(AGENT_OPENBMC);
        f.config.max_outstanding = 8;
        p.record.version.type = PLDM_STRING_UTF8;
        p.record.data = data;
        p.record.data_len = sizeof data;
        CHECK_EQ(fake_run(&f, &p.pkg, 60), AGENT_DONE);
        CHECK_MEM(fake_nth(&f, PLDM_REQUEST_UPDATE, 1)->body, request, sizeof request);
    }
    TEST("given openbmc / when a component is updated / then option flags 31:1 are rubbish, bit 0 is the package's") {
        begin(AGENT_OPENBMC);
        f.config.force = true;
        p.components[1].options |= PKG_FORCE_UPDATE;
        CHECK_EQ(fake_run(&f, &p.pkg, 60), AGENT_DONE);
        const uint32_t first = little(fake_nth(&f, PLDM_UPDATE_COMPONENT, 1)->body + 13);
        const uint32_t second = little(fake_nth(&f, PLDM_UPDATE_COMPONENT, 2)->body + 13);
        CHECK_EQ(first & 1, 0);
        CHECK_EQ(second & 1, 1);
        CHECK(first >> 1 != 0 && second >> 1 != 0 && first >> 1 != second >> 1);
    }
    TEST("given openbmc / when it activates / then never self-contained, and nothing is looked at afterwards") {
        begin(AGENT_OPENBMC);
        CHECK_EQ(fake_run(&f, &p.pkg, 60), AGENT_DONE);
        CHECK_EQ(fake_nth(&f, PLDM_ACTIVATE_FIRMWARE, 1)->body[0], 0);
        CHECK(fake_nth(&f, PLDM_ACTIVATE_FIRMWARE, 1) == &f.log[f.log_len - 1]);
    }
    TEST("given openbmc / when a component is on the device twice, another not / then one index, and index 0") {
        begin(AGENT_OPENBMC);
        f.twins = true;
        fake_run(&f, &p.pkg, 60);
        CHECK_EQ(fake_count(&f, PLDM_PASS_COMPONENT_TABLE), 2);
        CHECK_EQ(fake_nth(&f, PLDM_PASS_COMPONENT_TABLE, 1)->body[5], 3);
        CHECK_EQ(fake_nth(&f, PLDM_PASS_COMPONENT_TABLE, 2)->body[3], 2);
        CHECK_EQ(fake_nth(&f, PLDM_PASS_COMPONENT_TABLE, 2)->body[5], 0);
    }
}

static void expectations(void) {
    static const struct {
        const char *sentence;
        struct pldm_string active, pending;
        enum agent_result result;
        const char *error;
    } cases[] = {
        {"given openbmc / when the active image set is empty / then the device is not taken",
         {1, 0, NULL},
         {0, 0, NULL},
         AGENT_FAILED,
         "openbmc does not take this device: the active image set has no typed version"},
        {"given openbmc / when the active image set has type 0 / then the device is not taken",
         {0, 1, (const uint8_t *)"1"},
         {0, 0, NULL},
         AGENT_FAILED,
         "openbmc does not take this device: the active image set has no typed version"},
        {"given openbmc / when no pending image set is typed / then the device is not taken",
         {1, 1, (const uint8_t *)"1"},
         {1, 0, NULL},
         AGENT_FAILED,
         "openbmc does not take this device: no pending image set, but a string type"},
        {"given openbmc / when there is a pending image set / then the device is taken",
         {1, 1, (const uint8_t *)"1"},
         {1, 1, (const uint8_t *)"2"},
         AGENT_DONE,
         ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) TEST(cases[i].sentence) {
            begin(AGENT_OPENBMC);
            f.active_set = cases[i].active;
            f.pending_set = cases[i].pending;
            CHECK_EQ(fake_run(&f, &p.pkg, 60), cases[i].result);
            CHECK(error_is(cases[i].error));
        }
}

static void patience(void) {
    static const uint8_t final[] = {PLDM_ALREADY_IN_UPDATE_MODE, PLDM_RETRY_REQUEST_UPDATE, PLDM_ERROR_NOT_READY};
    TEST("given openbmc / when a request is not answered / then again at 2 and 4 s, the same bytes, and over at 5 s") {
        begin(AGENT_OPENBMC);
        f.config.tries = 7;
        f.config.response_ms = 300;
        fake_rule(&f, PLDM_REQUEST_UPDATE, 0, FAKE_DROP, 0);
        CHECK_EQ(fake_run(&f, &p.pkg, 60), AGENT_FAILED);
        const struct fake_sent *first = fake_nth(&f, PLDM_REQUEST_UPDATE, 1);
        CHECK_EQ(fake_count(&f, PLDM_REQUEST_UPDATE), 3);
        for (unsigned i = 2; i <= 3; i++) {
            const struct fake_sent *again = fake_nth(&f, PLDM_REQUEST_UPDATE, i);
            CHECK_EQ(again->at - first->at, (i - 1) * 2000 * FAKE_MS);
            CHECK(again->instance == first->instance && again->tag == first->tag);
            CHECK_MEM(again->body, first->body, first->len);
        }
        CHECK_EQ(f.now - first->at, 5000 * FAKE_MS);
        CHECK_EQ(fake_count(&f, PLDM_CANCEL_UPDATE), 0);
    }
    for (size_t i = 0; i < sizeof final; i++)
        TEST("given openbmc / when RequestUpdate is answered with any error / then it gives up at once") {
            begin(AGENT_OPENBMC);
            fake_rule(&f, PLDM_REQUEST_UPDATE, 1, FAKE_CODE, final[i]);
            CHECK_EQ(fake_run(&f, &p.pkg, 60), AGENT_FAILED);
            CHECK(fake_nth(&f, PLDM_REQUEST_UPDATE, 1) == &f.log[f.log_len - 1]);
        }
    TEST("given openbmc / when the device never asks for data / then it waits for ever") {
        begin_download(AGENT_OPENBMC);
        fake_pass(&f, 1000000);
        CHECK_EQ(agent_result(f.agent), AGENT_RUNNING);
    }
    TEST("given openbmc / when 60 s have passed since a request for data, the first at least / then it cancels") {
        begin_download(AGENT_OPENBMC);
        fake_pass(&f, 100000);
        CHECK_EQ(ask_data(0, 32), 0);
        const uint64_t asked = f.now - 1 * FAKE_MS; /* it took 1 of the 2 ms to get there */
        fake_pass(&f, 59998);
        CHECK_EQ(fake_count(&f, PLDM_CANCEL_UPDATE_COMPONENT), 0);
        fake_pass(&f, 10);
        CHECK_EQ(fake_nth(&f, PLDM_CANCEL_UPDATE_COMPONENT, 1)->at - asked, 60000 * FAKE_MS);
    }
    TEST("given openbmc / when verification and apply take an hour each / then it waits without a word") {
        begin_download(AGENT_OPENBMC);
        CHECK_EQ(tell(PLDM_TRANSFER_COMPLETE, 0, false), 0);
        const size_t before = f.log_len;
        fake_pass(&f, 3600000);
        CHECK_EQ(tell(PLDM_VERIFY_COMPLETE, 0, false), 0);
        fake_pass(&f, 3600000);
        CHECK_EQ(f.log_len, before + 1);
        CHECK_EQ(tell(PLDM_APPLY_COMPLETE, 0, false), 0);
        CHECK_EQ(fake_count(&f, PLDM_UPDATE_COMPONENT), 2);
    }
}

static void refusals(void) {
    static const uint8_t pass_not[] = {0, 1, PLDM_COMPONENT_NOT_SUPPORTED};
    static const uint8_t update_not[] = {0, 1, PLDM_COMPONENT_NOT_SUPPORTED, 0, 0, 0, 0, 0, 0};
    TEST("given openbmc / when PassComponentTable refuses / then that is not looked at") {
        begin(AGENT_OPENBMC);
        f.rules[f.rule_count++] =
            (struct fake_rule){PLDM_PASS_COMPONENT_TABLE, 1, FAKE_BODY, 0, pass_not, sizeof pass_not};
        CHECK_EQ(fake_run(&f, &p.pkg, 60), AGENT_DONE);
    }
    TEST("given openbmc / when UpdateComponent refuses / then the component is skipped and the other activated") {
        begin(AGENT_OPENBMC);
        f.rules[f.rule_count++] =
            (struct fake_rule){PLDM_UPDATE_COMPONENT, 1, FAKE_BODY, 0, update_not, sizeof update_not};
        CHECK_EQ(fake_run(&f, &p.pkg, 60), AGENT_FAILED);
        CHECK_EQ(fake_count(&f, PLDM_UPDATE_COMPONENT), 2);
        CHECK_EQ(fake_count(&f, PLDM_ACTIVATE_FIRMWARE), 1);
        CHECK_EQ(fake_count(&f, PLDM_CANCEL_UPDATE), 0);
    }
    TEST("given openbmc / when ACTIVATION_NOT_REQUIRED / then that is a failure") {
        begin(AGENT_OPENBMC);
        fake_rule(&f, PLDM_ACTIVATE_FIRMWARE, 1, FAKE_CODE, PLDM_ACTIVATION_NOT_REQUIRED);
        CHECK_EQ(fake_run(&f, &p.pkg, 60), AGENT_FAILED);
        CHECK_EQ(fake_count(&f, PLDM_CANCEL_UPDATE), 0);
        CHECK(error_is("ActivateFirmware: the device answered ACTIVATION_NOT_REQUIRED"));
    }
    TEST("given openbmc / when the device asks for package data / then ERROR_INVALID_DATA, and it is not waited for") {
        static const uint8_t data[5] = {0}, first[] = {0, 0, 0, 0, PLDM_GET_FIRST_PART};
        begin(AGENT_OPENBMC);
        p.record.data = data;
        p.record.data_len = sizeof data;
        f.will_get_package_data = 1;
        f.by_hand = true;
        fake_run(&f, &p.pkg, 1);
        CHECK_EQ(fake_count(&f, PLDM_UPDATE_COMPONENT), 1);
        CHECK_EQ(ask(PLDM_GET_PACKAGE_DATA, first, sizeof first, false), PLDM_ERROR_INVALID_DATA);
        CHECK_EQ(ask(PLDM_GET_META_DATA, first, sizeof first, false), PLDM_ERROR_INVALID_DATA);
        CHECK_EQ(ask(PLDM_GET_STATUS, NULL, 0, false), PLDM_ERROR_INVALID_DATA);
    }
}

static void reports(void) {
    TEST("given openbmc / when a stage fails / then CancelUpdateComponent comes before the answer, then the next") {
        for (unsigned stage = 0; stage < 3; stage++) {
            begin_download(AGENT_OPENBMC);
            for (unsigned i = 0; i < stage; i++) tell((uint8_t)(PLDM_TRANSFER_COMPLETE + i), 0, false);
            const size_t before = f.log_len;
            CHECK_EQ(tell((uint8_t)(PLDM_TRANSFER_COMPLETE + stage), PLDM_RESULT_GENERIC_ERROR, false), 0);
            CHECK_EQ(f.log[before].command, PLDM_CANCEL_UPDATE_COMPONENT);
            CHECK(!f.log[before + 1].request);
            CHECK_EQ(f.log[before + 1].command, PLDM_TRANSFER_COMPLETE + stage);
            fake_pass(&f, 10);
            CHECK_EQ(fake_count(&f, PLDM_UPDATE_COMPONENT), 2);
            CHECK_EQ(f.fates[0], AGENT_BROKEN);
        }
    }
    TEST("given openbmc / when both components fail / then it ends, and no CancelUpdate was sent") {
        begin(AGENT_OPENBMC);
        f.results[1] = PLDM_VERIFY_FAILURE;
        CHECK_EQ(fake_run(&f, &p.pkg, 60), AGENT_FAILED);
        CHECK_EQ(fake_count(&f, PLDM_CANCEL_UPDATE_COMPONENT), 2);
        CHECK_EQ(fake_count(&f, PLDM_ACTIVATE_FIRMWARE), 0);
        CHECK_EQ(fake_count(&f, PLDM_CANCEL_UPDATE), 0);
    }
    TEST("given openbmc / when reports come out of order / then they are answered as good") {
        begin_download(AGENT_OPENBMC);
        CHECK_EQ(tell(PLDM_VERIFY_COMPLETE, 0, false), 0);
        CHECK_EQ(tell(PLDM_TRANSFER_COMPLETE, 0, false), 0);
        CHECK_EQ(ask_data(0, 32), 0);
    }
    TEST("given openbmc / when ApplyComplete is repeated / then it counts twice: the next component is passed over") {
        begin_download(AGENT_OPENBMC);
        tell(PLDM_TRANSFER_COMPLETE, 0, false);
        tell(PLDM_VERIFY_COMPLETE, 0, false);
        f.state = PLDM_STATE_APPLY;
        fake_rule(&f, PLDM_UPDATE_COMPONENT, 2, FAKE_DROP, 0);
        CHECK_EQ(tell(PLDM_APPLY_COMPLETE, 0, false), 0);
        CHECK_EQ(tell(PLDM_APPLY_COMPLETE, 0, true), 0);
        fake_pass(&f, 10000);
        CHECK_EQ(fake_count(&f, PLDM_ACTIVATE_FIRMWARE), 1);
        CHECK_EQ(f.got[1][0], 0);
    }
}

static void ranges(void) {
    static const struct {
        const char *sentence;
        enum agent_personality personality;
        uint32_t offset, length;
        uint8_t code;
    } cases[] = {
        {"given openbmc / when less than 32 bytes are asked for / then INVALID_TRANSFER_LENGTH", AGENT_OPENBMC, 0, 31,
         PLDM_INVALID_TRANSFER_LENGTH},
        {"given openbmc / when the end is 32 behind the image's / then it is given", AGENT_OPENBMC, 168, 64, 0},
        {"given openbmc / when the end is 33 behind the image's / then DATA_OUT_OF_RANGE", AGENT_OPENBMC, 169, 64,
         PLDM_DATA_OUT_OF_RANGE},
        {"given Caliptra's agent / when the end is 31 behind the image's / then it is given", AGENT_CALIPTRA, 167, 64,
         0},
        {"given Caliptra's agent / when the end is 32 behind the image's / then DATA_OUT_OF_RANGE", AGENT_CALIPTRA, 168,
         64, PLDM_DATA_OUT_OF_RANGE},
        {"given OpenBIC's agent / when 512 bytes are the most / then 513 are refused", AGENT_OPENBIC, 0, 513,
         PLDM_INVALID_TRANSFER_LENGTH},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) TEST(cases[i].sentence) {
            begin_download(cases[i].personality);
            CHECK_EQ(ask_data(cases[i].offset, cases[i].length), cases[i].code);
        }
}

static void sizes(void) {
    static const struct {
        enum agent_personality personality;
        uint32_t wanted, size;
        uint8_t outstanding;
    } cases[] = {
        {AGENT_SLUICE, 1000, 1000, 8}, {AGENT_OPENBMC, 64, 4096, 1}, {AGENT_MCTP_RS, 64, 16384, 1},
        {AGENT_OPENBIC, 4096, 512, 1}, {AGENT_OPENBIC, 150, 150, 1}, {AGENT_CALIPTRA, 64, 64, 8},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        TEST("given an agent with built-in sizes / when it requests the update / then those are offered") {
            begin(cases[i].personality);
            f.config.max_transfer = cases[i].wanted;
            fake_run(&f, &p.pkg, 1);
            const struct fake_sent *request = fake_nth(&f, PLDM_REQUEST_UPDATE, 1);
            if (!CHECK(request != NULL)) continue;
            CHECK_EQ(little(request->body), cases[i].size);
            CHECK_EQ(request->body[6], cases[i].outstanding);
        }
    TEST("given the personalities / when asked for their names / then each has one and the list ends") {
        static const char *const names[] = {"sluice", "openbmc", "mctp-rs", "openbic", "caliptra"};
        unsigned n = 0;
        for (; agent_personality_name(n) != NULL; n++)
            if (n < 5) CHECK(strcmp(agent_personality_name(n), names[n]) == 0);
        CHECK_EQ(n, 5);
    }
}

int main(void) {
    sequence();
    expectations();
    patience();
    refusals();
    reports();
    ranges();
    sizes();
    fake_free(&f);
    return check_result();
}
