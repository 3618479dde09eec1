// SPDX-License-Identifier: Apache-2.0
//
// The firmware device. The first byte of the input chooses one of the seven states, the rest is a sequence of messages,
// ends of the platform's work, changes of what the platform says, and time. After each step the state is a legal one
// and the answer is as long as announced; after the sequence, silence brings the device back to IDLE, ready for an
// update.
#include "tests/fuzz/fuzz.h"
#include "tests/fw/fd_rig.h"

static struct rig rig;
static struct fuzz_arena msg_arena, answer_arena;

/* The request before, for a repetition. */
static struct {
    uint32_t ms;
    uint16_t source;
    uint8_t msg[512];
    size_t len;
    uint8_t answer[RIG_ANSWER];
    size_t answer_len;
} last;

static bool is_request(const uint8_t *msg, size_t len) {
    struct pldm_header header;
    return pldm_header_decode(msg, len, &header) == PLDM_SUCCESS && header.request && !header.datagram &&
           header.type == PLDM_TYPE_FWUP;
}

static void send(uint16_t source, const uint8_t *msg, size_t len, size_t size) {
    uint8_t *answer = fuzz_room(&answer_arena, size);
    const size_t used = fd_message(&rig.fd, rig.now, source, msg, len, answer, size);
    REQUIRE(used <= size);
    REQUIRE((used > PLDM_HEADER_SIZE) == (is_request(msg, len) && size >= FD_MIN_ANSWER));
    if (used != 0) REQUIRE(answer[0] == (msg[0] & 0x1F) && answer[1] == msg[1] && answer[2] == msg[2]);
    last.ms = rig.now;
    last.source = source;
    last.len = len;
    last.answer_len = used;
    memmove(last.msg, msg, len);
    memcpy(last.answer, answer, used);
}

static uint16_t source(uint8_t choice) {
    return (choice & 7) == 7 ? RIG_OTHER : RIG_UA;
}

static size_t answer_size(uint8_t choice) {
    static const size_t sizes[] = {RIG_ANSWER, RIG_ANSWER, FD_MIN_ANSWER, FD_MIN_ANSWER - 1, 70, 90, 120, 200};
    return sizes[choice >> 5];
}

static void command(struct fuzz_input *in) {
    static const uint8_t commands[] = {
        PLDM_QUERY_DEVICE_IDENTIFIERS,
        PLDM_GET_FIRMWARE_PARAMETERS,
        PLDM_REQUEST_UPDATE,
        PLDM_GET_PACKAGE_DATA,
        PLDM_GET_DEVICE_META_DATA,
        PLDM_PASS_COMPONENT_TABLE,
        PLDM_UPDATE_COMPONENT,
        PLDM_GET_META_DATA,
        PLDM_ACTIVATE_FIRMWARE,
        PLDM_GET_STATUS,
        PLDM_CANCEL_UPDATE,
        PLDM_CANCEL_UPDATE_COMPONENT,
        PLDM_TRANSFER_COMPLETE,
    };
    uint8_t msg[512];
    const uint8_t how = fuzz_u8(in), which = fuzz_u8(in);
    rig.instance = (rig.instance + 1) & 31;
    const struct pldm_header header = {.request = true,
                                       .instance = rig.instance,
                                       .type = PLDM_TYPE_FWUP,
                                       .command = commands[which % sizeof commands]};
    size_t len;
    const uint8_t *body = fuzz_message(in, &msg_arena, &len);
    const size_t head = pldm_header_encode(&header, msg, sizeof msg);
    memcpy(msg + head, body, len);
    send(source(how), fuzz_put(&msg_arena, msg, head + len), head + len, answer_size(how));
}

static void any_message(struct fuzz_input *in) {
    const uint8_t how = fuzz_u8(in);
    size_t len;
    const uint8_t *msg = fuzz_message(in, &msg_arena, &len);
    send(source(how), msg, len, answer_size(how));
}

static bool has_effect(uint8_t command) {
    return command == PLDM_REQUEST_UPDATE || command == PLDM_PASS_COMPONENT_TABLE || command == PLDM_UPDATE_COMPONENT ||
           command == PLDM_ACTIVATE_FIRMWARE || command == PLDM_CANCEL_UPDATE_COMPONENT ||
           command == PLDM_CANCEL_UPDATE;
}

/* A repetition of a success, in time, has the first answer and no second effect. */
static void repeat(struct fuzz_input *in) {
    const bool success = last.answer_len > PLDM_HEADER_SIZE && last.answer[PLDM_HEADER_SIZE] == PLDM_SUCCESS;
    const uint32_t since = rig.now - last.ms;
    const unsigned effects = rig.begins + rig.checks + rig.cancels + rig.activates + rig.abandons;
    uint8_t first[RIG_ANSWER];
    const size_t len = last.answer_len;
    memcpy(first, last.answer, len);
    (void)in;
    send(last.source, fuzz_put(&msg_arena, last.msg, last.len), last.len, RIG_ANSWER);
    if (!success || since >= FD_REPLAY_MS || !has_effect(last.msg[PLDM_HEADER_SIZE - 1])) return;
    last.ms -= since;
    REQUIRE(last.answer_len == len && memcmp(last.answer, first, len) == 0);
    REQUIRE(effects == rig.begins + rig.checks + rig.cancels + rig.activates + rig.abandons);
}

/* Whole, or one piece of it. */
static void respond(struct fuzz_input *in, const uint8_t *msg, size_t len) {
    const uint8_t how = fuzz_u8(in);
    fd_response_piece(&rig.fd, rig.now, source(how), msg, len, how & 16 ? how : 0, (how & 32) != 0);
}

static void any_response(struct fuzz_input *in) {
    size_t len;
    const uint8_t *msg = fuzz_message(in, &msg_arena, &len);
    respond(in, msg, len);
}

/* The device's last request is answered, with any body. */
static void answer(struct fuzz_input *in) {
    uint8_t msg[512];
    size_t len;
    const uint8_t *body = fuzz_message(in, &msg_arena, &len);
    const size_t head = pldm_answer_header(rig.sent, msg, sizeof msg);
    memcpy(msg + head, body, len);
    respond(in, fuzz_put(&msg_arena, msg, head + len), head + len);
}

/* Package data and metadata come in order, no more than was announced. */
static void take_data(void *context, enum fd_data what, uint32_t offset, const uint8_t *bytes, size_t len) {
    const uint32_t announced = what == FD_PACKAGE_DATA ? rig.package_data_len : rig.fd.meta_len;
    (void)context;
    REQUIRE(offset + len <= announced);
    REQUIRE(len != 0 || offset == announced);
    if (len != 0) REQUIRE(bytes + len <= msg_arena.bytes + sizeof msg_arena.bytes);
}

static void acknowledge(struct fuzz_input *in) {
    const uint8_t code = fuzz_u8(in);
    if (rig.sends != 0) rig_acknowledge(&rig, code);
}

static bool at_work(void) {
    return rig.fd.state >= PLDM_STATE_DOWNLOAD && rig.fd.state <= PLDM_STATE_APPLY &&
           rig.fd.aux == PLDM_AUX_IN_PROGRESS && !rig.fd.start_due;
}

static void end_work(uint8_t result, uint16_t methods) {
    if (!at_work()) return;
    if (rig.fd.state == PLDM_STATE_DOWNLOAD)
        fd_transfer_done(&rig.fd, result);
    else if (rig.fd.state == PLDM_STATE_VERIFY)
        fd_verify_done(&rig.fd, result);
    else
        fd_apply_done(&rig.fd, result, methods);
}

static void work_ends(struct fuzz_input *in) {
    const uint8_t result = fuzz_u8(in);
    end_work(result, fuzz_u8(in));
}

static void activation_ends(struct fuzz_input *in) {
    fd_activate_done(&rig.fd, fuzz_u8(in) & 1);
}

static void platform(struct fuzz_input *in) {
    const uint8_t which = fuzz_u8(in), value = fuzz_u8(in);
    uint8_t *const codes[] = {&rig.begin_code,  &rig.check_code,    &rig.start_result,
                              &rig.cancel_code, &rig.activate_code, &rig.percent};
    if (which < sizeof codes / sizeof *codes) *codes[which] = value;
    if (which == 6) rig.link_full = value & 1;
    if (which == 7) rig.done_at_once = value & 1;
    if (which == 8) rig.deny_force = value & 1;
    if (which == 9) rig.methods = value;
    if (which == 10) rig.delay_s = rig.activate_s = value;
    if (which == 11) rig.broken[value % RIG_COMPONENTS] ^= true;
    if (which == 12) rig.ops.capabilities = value;
    if (which == 13) rig.meta_len = value;
    if (which == 14) rig.wants_package_data = value & 1;
}

static void time_passes(struct fuzz_input *in) {
    static const uint32_t times[] = {1, 100, 4599, 4600, 5999, 6000, 30000, 89999, 90000};
    const uint8_t which = fuzz_u8(in);
    rig_advance(&rig, times[which % (sizeof times / sizeof *times)]);
}

static void require_legal(void) {
    const struct fd *fd = &rig.fd;
    REQUIRE(fd->state <= PLDM_STATE_ACTIVATE && fd->previous <= PLDM_STATE_ACTIVATE);
    REQUIRE((fd->aux == PLDM_AUX_IDLE) == (fd->state < PLDM_STATE_DOWNLOAD) && fd->aux <= PLDM_AUX_IDLE);
    REQUIRE(fd->state != PLDM_STATE_ACTIVATE || fd->aux == PLDM_AUX_IN_PROGRESS);
}

/* Nobody says anything any more; the platform brings its work to an end. */
static void fall_silent(void) {
    rig.link_full = false;
    rig.begin_code = rig.cancel_code = 0;
    fd_tick(&rig.fd, rig.now);
    end_work(PLDM_RESULT_SUCCESS, 0);
    const uint32_t activation_s = rig.fd.state == PLDM_STATE_ACTIVATE ? rig.activate_s : 0;
    rig_advance(&rig, FD_T1_MS + activation_s * 1000 + FD_TRIES * FD_RETRY_MS);
    REQUIRE(rig.fd.state == PLDM_STATE_IDLE);
    REQUIRE(rig_request_update(&rig) == PLDM_SUCCESS);
    REQUIRE(rig.fd.state == PLDM_STATE_LEARN_COMPONENTS);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len) {
    static void (*const steps[])(struct fuzz_input *) = {command,     command,      acknowledge,    answer,
                                                         work_ends,   time_passes,  platform,       repeat,
                                                         any_message, any_response, activation_ends};
    struct fuzz_input in = {bytes, len};
    memset(&last, 0, sizeof last);
    rig_to(&rig, fuzz_u8(&in) % (PLDM_STATE_ACTIVATE + 1));
    rig.ops.take_data = take_data;
    while (in.left != 0) {
        steps[fuzz_u8(&in) % (sizeof steps / sizeof *steps)](&in);
        require_legal();
        fd_tick(&rig.fd, rig.now);
        require_legal();
    }
    fall_silent();
    return 0;
}
