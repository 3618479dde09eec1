// SPDX-License-Identifier: Apache-2.0
//
// The MCTP assembler under any packets. What it delivers lies within the packet or its buffer, and comes back the same
// when it is split and assembled again.
#include "fw/mctp/mctp.h"
#include "tests/fuzz/fuzz.h"

enum { MESSAGE = 2048, SOM = 0x80, EOM = 0x40 };

struct second {
    struct mctp_assembler assembler;
    struct mctp_message out;
    bool whole;
};

static bool emit(void *context, const uint8_t *head, size_t head_len, const uint8_t *body, size_t body_len) {
    static struct fuzz_arena arena;
    struct second *second = context;
    uint8_t *packet = fuzz_room(&arena, head_len + body_len);
    memcpy(packet, head, head_len);
    if (body_len != 0) memcpy(packet + head_len, body, body_len);
    REQUIRE(!second->whole);
    second->whole = mctp_assemble(&second->assembler, packet, head_len + body_len, &second->out);
    return true;
}

static void split_and_assemble(const struct mctp_message *m, size_t mtu) {
    static uint8_t buffer[MESSAGE];
    struct second second = {.assembler = {.buffer = buffer, .size = sizeof buffer}};
    const bool sent = mctp_split(m, mtu, emit, &second);
    REQUIRE(sent == (mtu != 0));
    if (!sent) return;
    const struct mctp_message *back = &second.out;
    REQUIRE(second.whole && second.assembler.dropped == 0);
    REQUIRE(back->destination == m->destination && back->source == m->source && back->tag == m->tag);
    REQUIRE(back->tag_owner == m->tag_owner && back->type == m->type && back->len == m->len);
    REQUIRE(memcmp(back->bytes, m->bytes, m->len) == 0);
}

static bool within(const struct mctp_message *m, const uint8_t *whole, size_t len) {
    return m->bytes >= whole && m->bytes + m->len <= whole + len;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len) {
    static struct fuzz_arena packets, buffers;
    struct fuzz_input in = {bytes, len};
    const size_t size = fuzz_u16(&in), mtu = fuzz_u8(&in);
    uint8_t *buffer = fuzz_room(&buffers, size % MESSAGE);
    struct mctp_assembler assembler = {.buffer = buffer, .size = size % MESSAGE, .pieces = size >= MESSAGE};
    size_t delivered = 0; /* bytes of the message whose pieces come */
    while (in.left != 0) {
        struct mctp_message m;
        size_t n;
        const uint8_t *packet = fuzz_message(&in, &packets, &n);
        if (!mctp_assemble(&assembler, packet, n, &m)) continue;
        const bool start = (packet[3] & SOM) != 0, end = (packet[3] & EOM) != 0, piece = within(&m, packet, n);
        REQUIRE(piece || within(&m, buffer, assembler.size));
        REQUIRE(m.tag <= 7 && (assembler.pieces || !assembler.more));
        REQUIRE(piece || (end && assembler.offset == 0 && m.type == buffer[0]));
        if (start && end) REQUIRE(piece && assembler.offset == 0 && m.type == packet[MCTP_HEADER_SIZE]);
        if (piece && !(start && end)) {
            REQUIRE(assembler.pieces && !m.tag_owner && assembler.more == !end);
            REQUIRE(assembler.offset == (start ? 0 : delivered));
            delivered = assembler.offset + m.len;
        }
        if (!piece || (start && end)) split_and_assemble(&m, mtu);
    }
    return 0;
}
