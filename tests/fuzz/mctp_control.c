// SPDX-License-Identifier: Apache-2.0
//
// The MCTP control responder, and the bus owner's view of its answers, under any messages one after the other.
#include "fw/mctp/mctp_control.h"

#include "fw/mctp/mctp.h"
#include "tests/fuzz/fuzz.h"

enum { RQ_AND_D = 0xC0, RQ = 0x80, INSTANCE = 0x1F };

/* Whatever was answered is data within the answer. */
static void read_response(const uint8_t *msg, size_t len, uint8_t instance, uint8_t command, bool must) {
    uint8_t code;
    const uint8_t *data;
    size_t data_len;
    const bool is = mctp_control_response(msg, len, instance, command, &code, &data, &data_len);
    REQUIRE(is || !must);
    REQUIRE(!is || data + data_len == msg + len);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len) {
    static const uint8_t uuid[MCTP_UUID_SIZE] = {1, 2, 3};
    static struct fuzz_arena msg_arena, answer_arena;
    struct fuzz_input in = {bytes, len};
    const uint8_t how = fuzz_u8(&in);
    struct mctp_endpoint endpoint = {.medium = how, .uuid = (how & 1) != 0 ? uuid : NULL};
    while (in.left != 0) {
        const size_t size = (how & 2) != 0 ? MCTP_CONTROL_ANSWER_SIZE : fuzz_u8(&in);
        size_t n;
        const uint8_t *msg = fuzz_message(&in, &msg_arena, &n);
        uint8_t *answer = fuzz_room(&answer_arena, size);
        const size_t used = mctp_control_message(&endpoint, msg, n, answer, size);
        const bool due = n >= 2 && (msg[0] & RQ_AND_D) == RQ && size >= MCTP_CONTROL_ANSWER_SIZE;
        REQUIRE(used <= size && (used != 0) == due);
        REQUIRE(endpoint.eid == MCTP_EID_NULL ||
                (endpoint.eid >= MCTP_EID_FIRST && endpoint.eid != MCTP_EID_BROADCAST));
        if (due) read_response(answer, used, msg[0] & INSTANCE, msg[1], true);
        read_response(msg, n, how & INSTANCE, MCTP_GET_ENDPOINT_ID, false);
    }
    return 0;
}
