// SPDX-License-Identifier: Apache-2.0
//
// What travels beside the images (DSP0267 clause 12.1): GetDeviceMetaData answered, GetPackageData and GetMetaData
// asked for, in parts of any size, with every way in which an update agent may answer.
#include <stdlib.h>

#include "tests/check.h"
#include "tests/fw/fd_rig.h"

static struct rig rig;

/* ---- the agent's side of GetPackageData and GetMetaData ---- */

enum { PART_FIXED = PLDM_HEADER_SIZE + PLDM_GET_DATA_RESP_FIXED };

static uint8_t asked_operation(void) {
    return rig.sent[PLDM_HEADER_SIZE + 4];
}

static uint32_t asked_handle(void) {
    return rig.sent[3] | (uint32_t)rig.sent[4] << 8 | (uint32_t)rig.sent[5] << 16 | (uint32_t)rig.sent[6] << 24;
}

static bool asks_for(uint8_t command) {
    return rig.sent_len == PLDM_HEADER_SIZE + 5 && rig.sent[2] == command && rig.fd.request.pending;
}

/* The device's request answered with @p len bytes from @p offset. @p piece is how the caller of the device cuts it; 0:
 * not at all. */
static void give(uint8_t flag, uint32_t next, uint32_t offset, size_t len, size_t piece) {
    uint8_t *msg = malloc(PART_FIXED + len);
    pldm_answer_header(rig.sent, msg, PLDM_HEADER_SIZE);
    const struct pldm_get_data_resp answer = {
        .next_handle = next, .transfer_flag = PLDM_TRANSFER_MIDDLE, .data = msg + PART_FIXED, .data_len = len};
    for (size_t i = 0; i < len; i++) msg[PART_FIXED + i] = rig_byte(offset + i);
    size_t all = PLDM_HEADER_SIZE + pldm_get_data_resp_encode(&answer, msg + PLDM_HEADER_SIZE, len + 6);
    msg[PLDM_HEADER_SIZE + 5] = flag; /* also those that the encoder would refuse */
    if (piece == 0 || piece > all) piece = all;
    for (size_t at = 0; at < all; at += piece)
        fd_response_piece(&rig.fd, rig.now, RIG_UA, msg + at, at + piece < all ? piece : all - at, at,
                          at + piece < all);
    fd_tick(&rig.fd, rig.now);
    free(msg);
}

/* Serves @p total bytes in parts of @p part, the handle of a part being anything: here its offset plus 1000. */
static void serve(uint8_t command, uint32_t total, size_t part, size_t piece) {
    for (uint32_t at = 0; at < total; at += (uint32_t)part) {
        size_t len = total - at < part ? total - at : part;
        bool last = at + len == total;
        if (!CHECK(asks_for(command))) return;
        CHECK_EQ(asked_operation(), at == 0 ? PLDM_GET_FIRST_PART : PLDM_GET_NEXT_PART);
        if (at != 0) CHECK_EQ(asked_handle(), at + 1000);
        uint8_t flag = (uint8_t)((at == 0 ? PLDM_TRANSFER_START : 0) | (last ? PLDM_TRANSFER_END : 0));
        give(flag != 0 ? flag : PLDM_TRANSFER_MIDDLE, last ? 0 : at + (uint32_t)len + 1000, at, len, piece);
    }
}

static void offer_package_data(uint16_t len) {
    rig_init(&rig);
    rig.wants_package_data = 1;
    rig.offer_package_data = len;
    CHECK_EQ(rig_request_update(&rig), 0);
    CHECK_EQ(rig.answer[6], len != 0);
}

static bool took(enum fd_data what, uint32_t len, unsigned ends) {
    return CHECK_EQ(rig.taken[what].len, len) && CHECK_EQ(rig.taken[what].ends, ends) &&
           CHECK_EQ(rig.taken[what].wrong, 0);
}

static void check_package_data(void) {
    static const struct {
        uint32_t total;
        size_t part, piece;
    } cases[] = {{1, 1, 0},     {64, 64, 0},      {64, 1, 0},          {65, 64, 0},         {1000, 333, 64},
                 {4096, 32, 0}, {4096, 4096, 68}, {65535, 65535, 300}, {65535, 16384, 511}, {300, 299, 9}};
    char name[160];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        snprintf(name, sizeof name,
                 "given %u bytes of package data when they come in parts of %zu then all are taken once",
                 cases[i].total, cases[i].part);
        TEST(name) {
            offer_package_data((uint16_t)cases[i].total);
            serve(PLDM_GET_PACKAGE_DATA, cases[i].total, cases[i].part, cases[i].piece);
            CHECK(took(FD_PACKAGE_DATA, cases[i].total, 1) && !rig.fd.request.pending);
            CHECK_EQ(rig.fd.state, PLDM_STATE_LEARN_COMPONENTS);
        }
    }
    TEST("given a package without data when the device wants some then it neither announces nor sends GetPackageData") {
        offer_package_data(0);
        CHECK_EQ(rig.sends, 0);
    }
    TEST("given a device that wants none when the package has data then GetPackageData is not sent") {
        rig_init(&rig);
        rig.offer_package_data = 10;
        CHECK_EQ(rig_request_update(&rig), 0);
        CHECK(rig.answer[6] == 0 && rig.sends == 0 && rig.package_data_len == 10);
    }
    TEST("given RequestUpdate when it is answered then GetPackageData is sent only after the answer") {
        static const uint8_t request[] = {0x80, 5, 0x10, 0, 2, 0, 0, 1, 0, 1, 10, 0, 1, 1, 'x'};
        rig_init(&rig);
        rig.wants_package_data = 1;
        fd_message(&rig.fd, rig.now, RIG_UA, request, sizeof request, rig.answer, sizeof rig.answer);
        CHECK(rig.answer[3] == 0 && rig.sends == 0);
        fd_tick(&rig.fd, rig.now);
        CHECK(rig.sends == 1 && asks_for(PLDM_GET_PACKAGE_DATA));
    }
}

/* Ways for an answer to be wrong: afterwards the device neither asks nor has told its platform that all is there, and
 * the update goes on. */
static void check_bad_answers(void) {
    static const struct {
        const char *what;
        uint8_t code, flag;
        size_t len;
    } cases[] = {
        {"NO_PACKAGE_DATA", PLDM_NO_PACKAGE_DATA, 0, 0},
        {"COMMAND_NOT_EXPECTED", PLDM_COMMAND_NOT_EXPECTED, 0, 0},
        {"ERROR_INVALID_DATA, as an agent in the field does", PLDM_ERROR_INVALID_DATA, 0, 0},
        {"a middle part first", 0, PLDM_TRANSFER_MIDDLE, 10},
        {"an end part first", 0, PLDM_TRANSFER_END, 100},
        {"too many bytes", 0, PLDM_TRANSFER_START_AND_END, 101},
        {"too many bytes to come", 0, PLDM_TRANSFER_START, 100},
        {"too few bytes", 0, PLDM_TRANSFER_START_AND_END, 99},
        {"an empty part", 0, PLDM_TRANSFER_START, 0},
    };
    char name[160];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        snprintf(name, sizeof name, "given GetPackageData when it is answered with %s then the device does without",
                 cases[i].what);
        TEST(name) {
            offer_package_data(100);
            if (cases[i].code != 0)
                rig_acknowledge(&rig, cases[i].code);
            else
                give(cases[i].flag, 5, 0, cases[i].len, 0);
            CHECK(!rig.fd.request.pending && rig.taken[FD_PACKAGE_DATA].ends == 0);
            rig_advance(&rig, 3 * FD_RETRY_MS);
            CHECK_EQ(rig.sends, 1);
            CHECK_EQ(rig_pass(&rig, 0, PLDM_TRANSFER_START_AND_END), 0);
        }
    }
    TEST("given a reserved transfer flag or ERROR_NOT_READY when it is the answer then the part is asked for again") {
        offer_package_data(100);
        give(3, 5, 0, 100, 0);
        rig_acknowledge(&rig, PLDM_ERROR_NOT_READY);
        CHECK(asks_for(PLDM_GET_PACKAGE_DATA) && rig.sends == 1);
        rig_advance(&rig, FD_RETRY_MS);
        CHECK_EQ(rig.sends, 2);
        serve(PLDM_GET_PACKAGE_DATA, 100, 100, 0);
        CHECK(took(FD_PACKAGE_DATA, 100, 1));
    }
    TEST("given a second part when it says Start then the device does without") {
        offer_package_data(100);
        give(PLDM_TRANSFER_START, 5, 0, 50, 0);
        CHECK(asks_for(PLDM_GET_PACKAGE_DATA) && asked_handle() == 5);
        give(PLDM_TRANSFER_START, 5, 50, 20, 0);
        CHECK(!rig.fd.request.pending && rig.taken[FD_PACKAGE_DATA].ends == 0);
    }
}

static void check_lost_answers(void) {
    TEST("given GetPackageData when the agent never answers then it is sent three times and the update goes on") {
        offer_package_data(100);
        rig_advance(&rig, FD_RETRY_MS - 1);
        CHECK_EQ(rig.sends, 1);
        rig_advance(&rig, 1);
        CHECK_EQ(rig.sends, 2);
        rig_advance(&rig, FD_RETRY_MS);
        CHECK_EQ(rig.sends, FD_TRIES);
        rig_advance(&rig, FD_RETRY_MS - 1);
        CHECK(asks_for(PLDM_GET_PACKAGE_DATA));
        rig_advance(&rig, 1);
        CHECK(!rig.fd.request.pending && rig.sends == FD_TRIES);
        CHECK_EQ(rig_pass(&rig, 0, PLDM_TRANSFER_START_AND_END), 0);
    }
    TEST("given GetPackageData unanswered when FD_T1 passes then the device is idle, for silence in LEARN COMPONENTS") {
        offer_package_data(100);
        rig_advance(&rig, FD_T1_MS - 1);
        CHECK_EQ(rig.fd.state, PLDM_STATE_LEARN_COMPONENTS);
        rig_advance(&rig, 1);
        CHECK(rig.fd.state == PLDM_STATE_IDLE && rig.abandon_reason == PLDM_REASON_TIMEOUT_LEARN_COMPONENT);
    }
    TEST("given a part whose end is lost when it is asked for again then its bytes come from its beginning again") {
        uint8_t head[PART_FIXED + 20];
        offer_package_data(100);
        give(PLDM_TRANSFER_START, 5, 0, 30, 0);
        pldm_answer_header(rig.sent, head, sizeof head);
        memcpy(head + PLDM_HEADER_SIZE, (const uint8_t[]){0, 0, 0, 0, 0, PLDM_TRANSFER_END}, 6);
        for (unsigned i = 0; i < 20; i++) head[PART_FIXED + i] = rig_byte(30 + i);
        fd_response_piece(&rig.fd, rig.now, RIG_UA, head, sizeof head, 0, true);
        CHECK(took(FD_PACKAGE_DATA, 50, 0));
        rig_advance(&rig, FD_RETRY_MS);
        CHECK(asks_for(PLDM_GET_PACKAGE_DATA) && asked_handle() == 5);
        give(PLDM_TRANSFER_END, 0, 30, 70, 33);
        CHECK(took(FD_PACKAGE_DATA, 100, 1));
    }
    TEST("given a piece that belongs to nothing when it comes then it is ignored") {
        static const uint8_t piece[10];
        offer_package_data(100);
        fd_response_piece(&rig.fd, rig.now, RIG_UA, piece, sizeof piece, 50, false);
        fd_response_piece(&rig.fd, rig.now, RIG_OTHER, piece, sizeof piece, 50, false);
        CHECK(asks_for(PLDM_GET_PACKAGE_DATA) && took(FD_PACKAGE_DATA, 0, 0));
    }
    TEST("given GetPackageData unanswered when the component table is complete then it is given up") {
        offer_package_data(100);
        CHECK_EQ(rig_pass(&rig, 0, PLDM_TRANSFER_START_AND_END), 0);
        CHECK(!rig.fd.request.pending);
        rig_advance(&rig, FD_RETRY_MS);
        CHECK_EQ(rig.sends, 1);
    }
}

/* ---- metadata ---- */

/* One GetDeviceMetaData. @return its completion code */
static uint8_t get_meta(uint8_t operation, uint32_t handle, struct pldm_get_data_resp *out) {
    uint8_t body[5];
    const struct pldm_get_data_req request = {handle, operation};
    memset(out, 0, sizeof *out);
    uint8_t code =
        rig_command(&rig, PLDM_GET_DEVICE_META_DATA, body, pldm_get_data_req_encode(&request, body, sizeof body));
    if (code == 0)
        CHECK_EQ(pldm_get_data_resp_decode(rig.answer + PLDM_HEADER_SIZE, rig.answer_len - PLDM_HEADER_SIZE, out), 0);
    return code;
}

static void begin_with_meta(uint16_t len, bool fetched) {
    struct pldm_get_data_resp part;
    rig_init(&rig);
    rig.meta_len = len;
    CHECK_EQ(rig_request_update(&rig), 0);
    CHECK_EQ(rig.answer[4] | rig.answer[5] << 8, len);
    if (!fetched) return;
    CHECK_EQ(get_meta(PLDM_GET_FIRST_PART, 77, &part), 0); /* the handle is ignored */
    for (unsigned guard = 0; guard < 100 && (part.transfer_flag & PLDM_TRANSFER_END) == 0; guard++)
        CHECK_EQ(get_meta(PLDM_GET_NEXT_PART, part.next_handle, &part), 0);
}

static void check_meta_data_given(void) {
    static const uint16_t sizes[] = {1, 32, 511, 512, 513, 1024, 4000};
    char name[160];
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        snprintf(name, sizeof name, "given %u bytes of metadata when the agent gets them then each is there once",
                 sizes[i]);
        TEST(name) {
            struct pldm_get_data_resp part;
            uint32_t at = 0, handle = 0;
            begin_with_meta(sizes[i], false);
            do {
                uint8_t operation = at == 0 ? PLDM_GET_FIRST_PART : PLDM_GET_NEXT_PART;
                if (!CHECK_EQ(get_meta(operation, handle, &part), 0) || !CHECK(part.data_len != 0)) break;
                CHECK(part.data_len <= 512); /* the agent's MaximumTransferSize */
                for (size_t n = 0; n < part.data_len; n++) CHECK_EQ(part.data[n], rig_byte(at + n));
                CHECK_EQ((part.transfer_flag & PLDM_TRANSFER_START) != 0, at == 0);
                at += (uint32_t)part.data_len;
                CHECK_EQ((part.transfer_flag & PLDM_TRANSFER_END) != 0, at == sizes[i]);
                handle = part.next_handle;
            } while (check_ok && (part.transfer_flag & PLDM_TRANSFER_END) == 0);
            CHECK_EQ(at, sizes[i]);
        }
    }
    TEST("given a part whose answer was lost when it is asked for again then it is given again") {
        struct pldm_get_data_resp first, again;
        begin_with_meta(1000, false);
        CHECK_EQ(get_meta(PLDM_GET_FIRST_PART, 0, &first), 0);
        CHECK_EQ(get_meta(PLDM_GET_NEXT_PART, first.next_handle, &again), 0);
        CHECK_EQ(get_meta(PLDM_GET_NEXT_PART, first.next_handle, &again), 0);
        CHECK(again.transfer_flag == PLDM_TRANSFER_END && again.data_len == 488);
    }
    static const struct {
        const char *what;
        uint16_t len;
        uint8_t operation;
        uint32_t handle;
        uint8_t code;
    } bad[] = {
        {"a handle between two parts", 1000, PLDM_GET_NEXT_PART, 511, PLDM_INVALID_DATA_TRANSFER_HANDLE},
        {"a handle behind the end", 1000, PLDM_GET_NEXT_PART, 1024, PLDM_INVALID_DATA_TRANSFER_HANDLE},
        {"the first part's offset as a handle", 1000, PLDM_GET_NEXT_PART, 0, PLDM_INVALID_DATA_TRANSFER_HANDLE},
        {"a reserved operation", 1000, 2, 0, PLDM_INVALID_TRANSFER_OPERATION_FLAG},
        {"a device without metadata", 0, PLDM_GET_FIRST_PART, 0, PLDM_NO_DEVICE_METADATA},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        snprintf(name, sizeof name, "given GetDeviceMetaData with %s then the answer is %02X", bad[i].what,
                 bad[i].code);
        TEST(name) {
            struct pldm_get_data_resp part;
            begin_with_meta(bad[i].len, false);
            CHECK_EQ(get_meta(bad[i].operation, bad[i].handle, &part), bad[i].code);
        }
    }
}

/* All components are applied. */
static void apply_all(uint16_t len, bool fetched) {
    begin_with_meta(len, fetched);
    rig_pass(&rig, 0, PLDM_TRANSFER_START);
    rig_pass(&rig, 1, PLDM_TRANSFER_END);
    for (uint8_t i = 0; i < 2; i++) {
        CHECK_EQ(rig_update(&rig, i, 64, false), 0);
        rig_finish_component(&rig);
        if (i == 0) CHECK(rig.sent[2] == PLDM_APPLY_COMPLETE);
    }
}

static void check_meta_data_back(void) {
    TEST("given metadata with the agent when the last component is applied then the device gets it back") {
        apply_all(900, true);
        serve(PLDM_GET_META_DATA, 900, 256, 100);
        CHECK(took(FD_META_DATA, 900, 1) && rig.fd.state == PLDM_STATE_READY_XFER);
        CHECK_EQ(rig_activate(&rig, false), 0);
        CHECK_EQ(rig.fd.state, PLDM_STATE_IDLE);
    }
    TEST("given metadata that the agent never fetched when all is applied then the device does not ask for it") {
        apply_all(900, false);
        CHECK(!rig.fd.request.pending && rig.sent[2] == PLDM_APPLY_COMPLETE);
    }
    for (unsigned self = 0; self < 2; self++) {
        char name[160];
        snprintf(name, sizeof name, "given metadata on its way when %s activation is asked for then it comes first",
                 self ? "self-contained" : "pending");
        TEST(name) {
            apply_all(900, true);
            rig.activate_s = 3;
            give(PLDM_TRANSFER_START, 1, 0, 400, 0);
            CHECK_EQ(rig_activate(&rig, self), 0);
            CHECK(rig.activates == 1 && rig.self_activates == 0 && rig.answer[4] == (self ? 3 : 0));
            struct pldm_get_status_resp status = rig_status(&rig);
            CHECK(status.current_state == PLDM_STATE_ACTIVATE && status.aux_state == PLDM_AUX_IN_PROGRESS);
            CHECK_EQ(status.progress, 0);
            give(PLDM_TRANSFER_END, 0, 400, 500, 0);
            fd_tick(&rig.fd, rig.now);
            CHECK(took(FD_META_DATA, 900, 1) && rig.self_activates == self);
            CHECK_EQ(rig.fd.state, self ? PLDM_STATE_ACTIVATE : PLDM_STATE_IDLE);
        }
        snprintf(name, sizeof name,
                 "given metadata that never comes when %s activation is asked for then it is done without",
                 self ? "self-contained" : "pending");
        TEST(name) {
            apply_all(900, true);
            CHECK_EQ(rig_activate(&rig, self), 0);
            rig_advance(&rig, FD_TRIES * FD_RETRY_MS - 1);
            CHECK(rig.fd.state == PLDM_STATE_ACTIVATE && rig.self_activates == 0);
            rig_advance(&rig, 2);
            CHECK(rig.taken[FD_META_DATA].ends == 0 && rig.self_activates == self);
            CHECK_EQ(rig.fd.state, self ? PLDM_STATE_ACTIVATE : PLDM_STATE_IDLE);
            CHECK_EQ(rig.abandons, 0);
        }
    }
    TEST("given metadata on its way when a component is sent once more then it is asked for anew after that") {
        apply_all(900, true);
        give(PLDM_TRANSFER_START, 1, 0, 400, 0);
        CHECK_EQ(rig_update(&rig, 1, 64, false), 0);
        CHECK(!rig.fd.request.pending);
        rig_finish_component(&rig);
        CHECK(asks_for(PLDM_GET_META_DATA) && asked_operation() == PLDM_GET_FIRST_PART);
        serve(PLDM_GET_META_DATA, 900, 900, 0);
        CHECK(took(FD_META_DATA, 900, 1));
    }
    TEST("given an update that was cancelled when the next one begins then the metadata of before is forgotten") {
        begin_with_meta(900, true);
        rig_command(&rig, PLDM_CANCEL_UPDATE, NULL, 0);
        CHECK_EQ(rig_request_update(&rig), 0);
        CHECK(!rig.fd.meta_given);
    }
}

int main(void) {
    check_package_data();
    check_bad_answers();
    check_lost_answers();
    check_meta_data_given();
    check_meta_data_back();
    return check_result();
}
