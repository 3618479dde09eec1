// SPDX-License-Identifier: Apache-2.0
//
// The responder for PLDM type 0 under any messages one after the other.
#include "fw/pldm/pldm_base.h"

#include "fw/pldm/fd.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len) {
    static const struct pldm_base_type *const types[] = {&pldm_base_self, &fd_pldm_type};
    static struct fuzz_arena msg_arena, answer_arena;
    struct fuzz_input in = {bytes, len};
    const uint8_t how = fuzz_u8(&in);
    struct pldm_base base = {.types = types, .type_count = how & 1 ? 2 : 1};
    while (in.left != 0) {
        const size_t size = (how & 2) != 0 ? PLDM_BASE_ANSWER_SIZE : fuzz_u8(&in);
        struct pldm_header header, back;
        size_t n;
        const uint8_t *msg = fuzz_message(&in, &msg_arena, &n);
        uint8_t *answer = fuzz_room(&answer_arena, size);
        const size_t used = pldm_base_message(&base, msg, n, answer, size);
        const bool due = size >= PLDM_BASE_ANSWER_SIZE && pldm_header_decode(msg, n, &header) == PLDM_SUCCESS &&
                         header.request && !header.datagram;
        REQUIRE(used <= size && (used != 0) == due);
        REQUIRE(base.tid != 0xFF);
        if (!due) continue;
        REQUIRE(used > PLDM_HEADER_SIZE && pldm_header_decode(answer, used, &back) == PLDM_SUCCESS);
        REQUIRE(!back.request && !back.datagram && back.instance == header.instance);
        REQUIRE(back.type == header.type && back.command == header.command);
    }
    return 0;
}
