// SPDX-License-Identifier: Apache-2.0
//
// DSP0267 table 9: every command in every state, its completion code and the state after it.
#include "tests/check.h"
#include "tests/fw/fd_rig.h"

enum { I, L, R, D, V, A, X, STATES }; /* as enum pldm_fd_state */

static const char *const names[STATES] = {"IDLE",  "LEARN COMPONENTS", "READY XFER", "DOWNLOAD", "VERIFY",
                                          "APPLY", "ACTIVATE"};

static const uint8_t request_update[] = {0, 2, 0, 0, 1, 0, 1, 0, 0, 1, 1, 'x'};
static const uint8_t get_data[] = {0, 0, 0, 0, 1};
static const uint8_t pass_end[] = {5, 0x0A, 0, 1, 0, 0, 100, 0, 0, 0, 1, 2, 'v', '2'};
static const uint8_t pass_middle[] = {2, 0x0A, 0, 1, 0, 0, 100, 0, 0, 0, 1, 2, 'v', '2'};
static const uint8_t pass_bad[] = {3, 0x0A, 0, 1, 0, 0, 100, 0, 0, 0, 1, 2, 'v', '2'};
static const uint8_t update[] = {0x0A, 0, 1, 0, 0, 100, 0, 0, 0, 0, 16, 0, 0, 0, 0, 0, 0, 1, 2, 'v', '2'};
static const uint8_t update_other[] = {0x0A, 0, 9, 0, 0, 100, 0, 0, 0, 0, 16, 0, 0, 0, 0, 0, 0, 1, 2, 'v', '2'};
static const uint8_t no[] = {0};

enum { N = 0x80, Y = 0x81, S = 0x84, INCOMPLETE = 0x85, UNSUPPORTED = 0x05, NO_META = 0x8D };

static const struct {
    const char *name;
    uint8_t command;
    const uint8_t *body;
    size_t len;
    uint8_t code[STATES]; /* in IDLE, LEARN, READY, DOWNLOAD, VERIFY, APPLY, ACTIVATE */
    uint8_t after[STATES];
} rows[] = {
#define REQ(b) b, sizeof b
#define SAME \
    { I, L, R, D, V, A, X }
    {"QueryDeviceIdentifiers", 0x01, NULL, 0, {0, 0, 0, 0, 0, 0, 0}, SAME},
    {"GetFirmwareParameters", 0x02, NULL, 0, {0, 0, 0, 0, 0, 0, 0}, SAME},
    {"GetStatus", 0x1B, NULL, 0, {0, 0, 0, 0, 0, 0, 0}, SAME},
    {"RequestUpdate", 0x10, REQ(request_update), {0, Y, Y, Y, Y, Y, Y}, {L, L, R, D, V, A, X}},
    {"GetDeviceMetaData", 0x12, REQ(get_data), {N, NO_META, S, S, S, S, S}, SAME},
    {"PassComponentTable with StartAndEnd", 0x13, REQ(pass_end), {N, 0, S, S, S, S, S}, {I, R, R, D, V, A, X}},
    {"PassComponentTable with Middle", 0x13, REQ(pass_middle), {N, 0, S, S, S, S, S}, SAME},
    {"PassComponentTable with an invalid TransferFlag", 0x13, REQ(pass_bad), {N, 2, S, S, S, S, S}, SAME},
    {"UpdateComponent with acceptable parameters", 0x14, REQ(update), {N, S, 0, S, S, S, S}, {I, L, D, D, V, A, X}},
    {"UpdateComponent with an unsupported component", 0x14, REQ(update_other), {N, S, 0, S, S, S, S}, SAME},
    {"ActivateFirmware", 0x1A, REQ(no), {N, S, INCOMPLETE, S, S, S, S}, SAME},
    {"CancelUpdateComponent", 0x1C, NULL, 0, {N, S, S, 0, 0, 0, S}, {I, L, R, R, R, R, X}},
    {"CancelUpdate", 0x1D, NULL, 0, {N, 0, 0, 0, 0, 0, S}, {I, I, I, I, I, I, X}},
    /* The FD's own commands, which an update agent has no business to send. */
    {"GetPackageData", 0x11, REQ(get_data), {N, S, S, S, S, S, S}, SAME},
    {"RequestFirmwareData", 0x15, REQ(get_data), {N, S, S, S, S, S, S}, SAME},
    {"TransferComplete", 0x16, REQ(no), {N, S, S, S, S, S, S}, SAME},
    {"VerifyComplete", 0x17, REQ(no), {N, S, S, S, S, S, S}, SAME},
    {"ApplyComplete", 0x18, REQ(no), {N, S, S, S, S, S, S}, SAME},
    {"GetMetaData", 0x19, REQ(get_data), {N, S, S, S, S, S, S}, SAME},
    /* Codes that table 10 reserves. */
    {"command 00h", 0x00, NULL, 0, {5, 5, 5, 5, 5, 5, 5}, SAME},
    {"command 03h", 0x03, NULL, 0, {5, 5, 5, 5, 5, 5, 5}, SAME},
    {"command 0Fh", 0x0F, NULL, 0, {5, 5, 5, 5, 5, 5, 5}, SAME},
    {"command 1Eh", 0x1E, NULL, 0, {5, 5, 5, 5, 5, 5, 5}, SAME},
    {"command FFh", 0xFF, NULL, 0, {5, 5, 5, 5, 5, 5, 5}, SAME},
};

static void check_table(void) {
    struct rig rig;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (uint8_t state = I; state < STATES; state++) {
            char name[160];
            snprintf(name, sizeof name, "given %s when %s comes then the answer is %02X and the state %s", names[state],
                     rows[i].name, rows[i].code[state], names[rows[i].after[state]]);
            TEST(name) {
                rig_to(&rig, state);
                CHECK_EQ(rig_status(&rig).current_state, state);
                CHECK_EQ(rig_command(&rig, rows[i].command, rows[i].body, rows[i].len), rows[i].code[state]);
                struct pldm_get_status_resp status = rig_status(&rig);
                CHECK_EQ(status.current_state, rows[i].after[state]);
                if (rows[i].after[state] != state) CHECK_EQ(status.previous_state, state);
            }
        }
}

/* Every command in a state that takes it, with a byte missing and a byte too many. */
static void check_lengths(void) {
    static const struct {
        uint8_t state, row;
    } where[] = {{I, 0}, {I, 1}, {I, 2}, {I, 3}, {L, 4}, {L, 5}, {R, 8}, {R, 10}, {D, 11}, {D, 12}};
    struct rig rig;
    for (size_t i = 0; i < sizeof where / sizeof *where; i++) {
        char name[160];
        const uint8_t row = where[i].row;
        snprintf(name, sizeof name, "given %s when %s has a wrong length then it is refused and nothing happens",
                 names[where[i].state], rows[row].name);
        TEST(name) {
            uint8_t body[64] = {0};
            if (rows[row].len) memcpy(body, rows[row].body, rows[row].len);
            rig_to(&rig, where[i].state);
            for (size_t len = 0; len <= rows[row].len + 1; len++) {
                if (len == rows[row].len) continue;
                CHECK_EQ(rig_command(&rig, rows[row].command, body, len), PLDM_ERROR_INVALID_LENGTH);
            }
            CHECK_EQ(rig_status(&rig).current_state, where[i].state);
        }
    }
}

static void check_silence(void) {
    static const struct {
        const char *name;
        uint8_t msg[4];
        size_t len;
    } cases[] = {
        {"given a response when fd_message gets it then nothing is answered", {0x01, 5, 0x1B}, 3},
        {"given a datagram when fd_message gets it then nothing is answered", {0xC1, 5, 0x1B}, 3},
        {"given another PLDM type when fd_message gets it then nothing is answered", {0x81, 2, 0x1B}, 3},
        {"given a later header version when fd_message gets it then nothing is answered", {0x81, 0x45, 0x1B}, 3},
        {"given two bytes when fd_message gets them then nothing is answered", {0x81, 5}, 2},
        {"given no bytes when fd_message gets them then nothing is answered", {0}, 0},
    };
    struct rig rig;
    rig_init(&rig);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) TEST(cases[i].name) {
            rig_send(&rig, RIG_UA, cases[i].msg, cases[i].len);
            CHECK_EQ(rig.answer_len, 0);
        }
}

int main(void) {
    check_table();
    check_lengths();
    check_silence();
    return check_result();
}
