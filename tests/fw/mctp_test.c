// SPDX-License-Identifier: Apache-2.0
//
// MCTP messages over packets and the control responder.
#include "fw/mctp/mctp.h"

#include "fw/mctp/mctp_control.h"
#include "tests/check.h"

static uint8_t buffer[600];

static struct mctp_assembler fresh(size_t size) {
    return (struct mctp_assembler){.buffer = buffer, .size = size};
}

/* A packet of `len` payload bytes that count from `first`. */
static size_t packet(uint8_t *out, uint8_t source, uint8_t flags, uint8_t first, size_t len) {
    out[0] = 1;
    out[1] = 9;
    out[2] = source;
    out[3] = flags;
    for (size_t i = 0; i < len; i++) out[4 + i] = (uint8_t)(first + i);
    return 4 + len;
}

static bool feed(struct mctp_assembler *a, uint8_t source, uint8_t flags, uint8_t first, size_t len,
                 struct mctp_message *m) {
    static uint8_t bytes[256]; /* messages of one packet point into it */
    return mctp_assemble(a, bytes, packet(bytes, source, flags, first, len), m);
}

static bool counts_from(const struct mctp_message *m, uint8_t first) {
    for (size_t i = 0; i < m->len; i++)
        if (m->bytes[i] != (uint8_t)(first + i)) return false;
    return true;
}

static void check_assembly(void) {
    struct mctp_message m;
    TEST("given one packet when it is start and end then the message is delivered at once") {
        struct mctp_assembler a = fresh(0);
        CHECK(feed(&a, 8, 0xC8 | 5, 1, 8, &m));
        CHECK(m.source == 8 && m.destination == 9 && m.tag == 5 && m.tag_owner && m.type == 1 && m.len == 7);
        CHECK(counts_from(&m, 2));
    }
    for (unsigned start = 0; start < 4; start++) {
        char name[120];
        snprintf(name, sizeof name,
                 "given six packets when their sequence starts at %u then the message is delivered whole", start);
        TEST(name) {
            struct mctp_assembler a = fresh(sizeof buffer);
            for (unsigned i = 0; i < 6; i++) {
                uint8_t flags = (uint8_t)((i == 0 ? 0x80 : 0) | (i == 5 ? 0x40 : 0) | ((start + i) & 3) << 4 | 2);
                CHECK_EQ(feed(&a, 8, flags, (uint8_t)(1 + 64 * i), i == 5 ? 10 : 64, &m), i == 5);
            }
            CHECK(m.type == 1 && m.len == 5 * 64 + 10 - 1 && !m.tag_owner && m.tag == 2);
            CHECK(counts_from(&m, 2));
            CHECK_EQ(a.dropped, 0);
        }
    }
    TEST("given a message under way when a packet is lost then it is dropped and the next one is whole") {
        struct mctp_assembler a = fresh(sizeof buffer);
        CHECK(!feed(&a, 8, 0x80, 1, 64, &m));
        CHECK(!feed(&a, 8, 0x20, 1, 64, &m));
        CHECK_EQ(a.dropped, 1);
        CHECK(!feed(&a, 8, 0x70, 1, 64, &m));
        CHECK(!feed(&a, 8, 0x80, 1, 64, &m));
        CHECK(feed(&a, 8, 0x50, 65, 64, &m));
        CHECK(m.len == 127 && counts_from(&m, 2));
    }
    TEST("given a message under way when a packet comes twice then the message is dropped") {
        struct mctp_assembler a = fresh(sizeof buffer);
        CHECK(!feed(&a, 8, 0x80, 1, 64, &m));
        CHECK(!feed(&a, 8, 0x10, 65, 64, &m));
        CHECK(!feed(&a, 8, 0x10, 65, 64, &m));
        CHECK(!feed(&a, 8, 0x60, 129, 64, &m));
        CHECK_EQ(a.dropped, 1);
    }
    TEST("given a message under way when a message of one packet comes then both are delivered") {
        struct mctp_assembler a = fresh(sizeof buffer);
        CHECK(!feed(&a, 8, 0x88, 1, 64, &m));
        CHECK(feed(&a, 10, 0xC8, 1, 5, &m));
        CHECK_EQ(m.source, 10);
        CHECK(feed(&a, 8, 0x58, 65, 3, &m));
        CHECK(m.source == 8 && m.len == 66 && counts_from(&m, 2));
    }
    TEST("given a message under way when a start packet comes then it replaces it") {
        struct mctp_assembler a = fresh(sizeof buffer);
        CHECK(!feed(&a, 8, 0x88, 1, 64, &m));
        CHECK(!feed(&a, 10, 0x88, 1, 32, &m));
        CHECK_EQ(a.dropped, 1);
        CHECK(!feed(&a, 8, 0x58, 65, 3, &m));
        CHECK(feed(&a, 10, 0x58, 33, 3, &m));
        CHECK(m.source == 10 && m.len == 34);
    }
    TEST("given a message under way when packets differ in EIDs, tag or owner then they are ignored") {
        struct mctp_assembler a = fresh(sizeof buffer);
        uint8_t elsewhere[] = {1, 0, 8, 0x5A, 65, 66, 67};
        CHECK(!feed(&a, 8, 0x8A, 1, 64, &m));
        CHECK(!mctp_assemble(&a, elsewhere, sizeof elsewhere, &m));
        CHECK(!feed(&a, 7, 0x5A, 65, 3, &m));
        CHECK(!feed(&a, 8, 0x5B, 65, 3, &m));
        CHECK(!feed(&a, 8, 0x52, 65, 3, &m));
        CHECK(feed(&a, 8, 0x5A, 65, 3, &m));
        CHECK_EQ(m.len, 66);
    }
    TEST("given no message under way when a middle or an end packet comes then it is ignored") {
        struct mctp_assembler a = fresh(sizeof buffer);
        CHECK(!feed(&a, 0, 0x00, 1, 64, &m));
        CHECK(!feed(&a, 0, 0x40, 1, 64, &m));
        CHECK_EQ(a.dropped, 0);
    }
    TEST("given a middle packet when it is not as long as the first then the message is dropped") {
        for (size_t len = 63; len <= 65; len += 2) {
            struct mctp_assembler a = fresh(sizeof buffer);
            CHECK(!feed(&a, 8, 0x80, 1, 64, &m));
            CHECK(!feed(&a, 8, 0x10, 65, len, &m));
            CHECK_EQ(a.dropped, 1);
        }
    }
    TEST("given an end packet when it is longer than the first then the message is dropped") {
        struct mctp_assembler a = fresh(sizeof buffer);
        CHECK(!feed(&a, 8, 0x80, 1, 64, &m));
        CHECK(!feed(&a, 8, 0x50, 65, 65, &m));
        CHECK_EQ(a.dropped, 1);
    }
    TEST("given a buffer when a message fills it then it is delivered, and one byte more is dropped") {
        for (size_t extra = 0; extra < 2; extra++) {
            struct mctp_assembler a = fresh(100);
            CHECK(!feed(&a, 8, 0x80, 1, 64, &m));
            CHECK_EQ(feed(&a, 8, 0x50, 65, 36 + extra, &m), extra == 0);
            CHECK_EQ(a.dropped, extra);
        }
    }
    TEST("given a packet without payload or of another version when it comes then it is ignored") {
        struct mctp_assembler a = fresh(sizeof buffer);
        uint8_t bytes[8];
        for (size_t len = 0; len <= 4; len++) {
            packet(bytes, 8, 0xC8, 1, 4);
            CHECK(!mctp_assemble(&a, bytes, len, &m));
        }
        bytes[0] = 2;
        CHECK(!mctp_assemble(&a, bytes, 8, &m));
    }
}

/* Feeds what mctp_split emits to an assembler. */
struct loop {
    struct mctp_assembler assembler;
    struct mctp_message message;
    unsigned packets, give_up_at;
    size_t mtu;
    bool whole, fits;
};

static bool emit(void *context, const uint8_t *head, size_t head_len, const uint8_t *body, size_t body_len) {
    struct loop *loop = context;
    uint8_t bytes[300];
    if (++loop->packets == loop->give_up_at) return false;
    memcpy(bytes, head, head_len);
    if (body_len) memcpy(bytes + head_len, body, body_len);
    loop->fits = loop->fits && head_len + body_len - 4 <= loop->mtu;
    loop->whole = mctp_assemble(&loop->assembler, bytes, head_len + body_len, &loop->message);
    return true;
}

static void check_pieces(void) {
    struct mctp_message m;
    TEST("given responses in pieces when one of 20 packets comes then each is delivered at once, without a buffer") {
        struct mctp_assembler a = fresh(0);
        size_t offset = 0;
        a.pieces = true;
        for (unsigned n = 0; n < 20; n++) {
            uint8_t flags = (uint8_t)((n == 0 ? 0x80 : 0) | (n == 19 ? 0x40 : 0) | (n & 3) << 4 | 2);
            CHECK(feed(&a, 8, flags, (uint8_t)(1 + 64 * n), n == 19 ? 10 : 64, &m));
            CHECK(m.type == 1 && m.source == 8 && m.tag == 2 && !m.tag_owner);
            CHECK(a.offset == offset && a.more == (n != 19) && m.len == (n == 0 ? 63 : n == 19 ? 10 : 64));
            CHECK(counts_from(&m, (uint8_t)(2 + offset)));
            offset += m.len;
        }
        CHECK(a.dropped == 0 && feed(&a, 8, 0xC0, 1, 8, &m) && a.offset == 0 && !a.more);
    }
    TEST("given responses in pieces when a request of two packets comes then it is delivered whole") {
        struct mctp_assembler a = fresh(sizeof buffer);
        a.pieces = true;
        CHECK(!feed(&a, 8, 0x8A, 1, 64, &m));
        CHECK(feed(&a, 8, 0x5A, 65, 10, &m));
        CHECK(m.len == 73 && counts_from(&m, 2) && a.offset == 0 && !a.more);
    }
    TEST("given pieces delivered when a packet is lost then nothing more of that message comes") {
        struct mctp_assembler a = fresh(0);
        a.pieces = true;
        CHECK(feed(&a, 8, 0x80, 1, 64, &m) && a.more);
        CHECK(!feed(&a, 8, 0x20, 1, 64, &m));
        CHECK(!feed(&a, 8, 0x50, 1, 64, &m));
        CHECK_EQ(a.dropped, 1);
    }
}

static void check_split(void) {
    static uint8_t body[300];
    for (size_t i = 0; i < sizeof body; i++) body[i] = (uint8_t)(i * 7);
    TEST("given every length and several MTUs when a message is split and assembled then it is the same") {
        static const size_t mtus[] = {1, 2, 13, 64, 251};
        for (size_t k = 0; k < sizeof mtus / sizeof *mtus; k++)
            for (size_t len = 0; len <= sizeof body; len++) {
                struct mctp_message in = {9, 8, 6, true, 1, body, len};
                struct loop loop = {.assembler = fresh(sizeof buffer), .mtu = mtus[k], .fits = true};
                CHECK(mctp_split(&in, mtus[k], emit, &loop));
                CHECK_EQ(loop.packets, (len + 1 + mtus[k] - 1) / mtus[k]);
                CHECK(loop.whole && loop.fits && loop.message.len == len && loop.message.type == 1);
                CHECK(loop.message.tag == 6 && loop.message.tag_owner && loop.message.source == 8);
                CHECK_EQ(loop.message.destination, 9);
                CHECK_MEM(loop.message.bytes, body, len);
            }
    }
    TEST("given a link that gives up when a message is split then that is reported and nothing follows") {
        struct mctp_message in = {9, 8, 6, true, 1, body, sizeof body};
        struct loop loop = {.assembler = fresh(sizeof buffer), .mtu = 64, .give_up_at = 2};
        CHECK(!mctp_split(&in, 64, emit, &loop));
        CHECK_EQ(loop.packets, 2);
    }
    TEST("given a tag of 8 or an MTU of 0 when a message is split then nothing is sent") {
        struct mctp_message in = {9, 8, 8, true, 1, body, 1};
        struct loop loop = {.mtu = 64};
        CHECK(!mctp_split(&in, 64, emit, &loop));
        in.tag = 0;
        CHECK(!mctp_split(&in, 0, emit, &loop));
        CHECK_EQ(loop.packets, 0);
    }
}

static void check_control(void) {
    static const uint8_t uuid[16] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
    struct mctp_endpoint endpoint = {.eid = 0, .uuid = uuid};
    static const struct {
        const char *name;
        uint8_t request[4], len;
        uint8_t answer[20], answer_len;
    } cases[] = {
        {"given no EID when Get Endpoint ID comes then it is 0", {0x80, 2}, 2, {0, 2, 0, 0, 0, 0}, 6},
        {"given a valid EID when Set Endpoint ID comes then it is accepted", {0x81, 1, 0, 9}, 4, {1, 1, 0, 0, 9, 0}, 6},
        {"given an EID when Get Endpoint ID comes then it is a simple endpoint", {0x80, 2}, 2, {0, 2, 0, 9, 0, 0}, 6},
        {"given an EID when it is forced then it changes", {0x81, 1, 1, 10}, 4, {1, 1, 0, 0, 10, 0}, 6},
        {"given EID 0 when it is set then it is invalid", {0x81, 1, 0, 0}, 4, {1, 1, 2}, 3},
        {"given a reserved EID when it is set then it is invalid", {0x81, 1, 0, 7}, 4, {1, 1, 2}, 3},
        {"given EID FFh when it is set then it is invalid", {0x81, 1, 0, 255}, 4, {1, 1, 2}, 3},
        {"given an EID when it is to be reset then that is invalid", {0x81, 1, 2, 9}, 4, {1, 1, 2}, 3},
        {"given one byte when Set Endpoint ID comes then the length is invalid", {0x81, 1, 0}, 3, {1, 1, 3}, 3},
        {"given invalid assignments before when Get Endpoint ID comes then the EID is kept",
         {0x80, 2},
         2,
         {0, 2, 0, 10, 0, 0},
         6},
        {"given data when Get Endpoint ID comes then the length is invalid", {0x80, 2, 0}, 3, {0, 2, 3}, 3},
        {"given a UUID when Get Endpoint UUID comes then it is answered",
         {0x82, 3},
         2,
         {2, 3, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16},
         19},
        {"given data when Get Endpoint UUID comes then the length is invalid", {0x82, 3, 0}, 3, {2, 3, 3}, 3},
        {"given the base when Get MCTP Version Support comes then it is 1.3.1",
         {0x83, 4, 0xFF},
         3,
         {3, 4, 0, 1, 0xF1, 0xF3, 0xF1, 0},
         8},
        {"given control when Get MCTP Version Support comes then it is that of the base",
         {0x83, 4, 0},
         3,
         {3, 4, 0, 1, 0xF1, 0xF3, 0xF1, 0},
         8},
        {"given PLDM when Get MCTP Version Support comes then it is 1.0.0",
         {0x83, 4, 1},
         3,
         {3, 4, 0, 1, 0xF1, 0xF0, 0xF0, 0},
         8},
        {"given another type when Get MCTP Version Support comes then it is not supported",
         {0x83, 4, 5},
         3,
         {3, 4, 0x80},
         3},
        {"given no type when Get MCTP Version Support comes then the length is invalid", {0x83, 4}, 2, {3, 4, 3}, 3},
        {"given PLDM when Get Message Type Support comes then it is the only type", {0x84, 5}, 2, {4, 5, 0, 1, 1}, 5},
        {"given data when Get Message Type Support comes then the length is invalid", {0x84, 5, 0}, 3, {4, 5, 3}, 3},
        {"given command 0 when it comes then it is unsupported", {0x85, 0}, 2, {5, 0, 5}, 3},
        {"given a command of bridges when it comes then it is unsupported", {0x85, 8, 0}, 3, {5, 8, 5}, 3},
        {"given a command that does not exist when it comes then it is unsupported", {0x85, 0xFE}, 2, {5, 0xFE, 5}, 3},
        {"given a datagram when it comes then nothing is answered", {0xC5, 2}, 2, {0}, 0},
        {"given a response when it comes then nothing is answered", {0x05, 2}, 2, {0}, 0},
        {"given one byte when it comes then nothing is answered", {0x85}, 1, {0}, 0},
    };
    uint8_t answer[MCTP_CONTROL_ANSWER_SIZE];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        TEST(cases[i].name) {
            CHECK_EQ(mctp_control_message(&endpoint, cases[i].request, cases[i].len, answer, sizeof answer),
                     cases[i].answer_len);
            CHECK_MEM(answer, cases[i].answer, cases[i].answer_len);
        }
    }
    TEST("given a buffer one byte too small when a request comes then nothing is answered")
    CHECK_EQ(mctp_control_message(&endpoint, cases[0].request, 2, answer, sizeof answer - 1), 0);
    TEST("given messages of a vendor when Get Message Type Support comes then their type is the second") {
        endpoint.vendor_type = 0x7E;
        CHECK_EQ(mctp_control_message(&endpoint, (const uint8_t[]){0x84, 5}, 2, answer, sizeof answer), 6);
        CHECK_MEM(answer, ((const uint8_t[]){4, 5, 0, 2, 1, 0x7E}), 6);
        endpoint.vendor_type = 0;
    }
    TEST("given no UUID when Get Endpoint UUID comes then it is unsupported, not silent") {
        endpoint.uuid = NULL;
        CHECK_EQ(mctp_control_message(&endpoint, (const uint8_t[]){0x82, 3}, 2, answer, sizeof answer), 3);
        CHECK_EQ(answer[2], 5);
    }
    TEST("given the requests of a bus owner when they are encoded then the responder understands each") {
        uint8_t msg[4], code;
        const uint8_t *data;
        size_t len = mctp_set_endpoint_id_encode(3, 11, msg, sizeof msg), data_len;
        CHECK_EQ(len, 4);
        size_t answer_len = mctp_control_message(&endpoint, msg, len, answer, sizeof answer);
        CHECK(mctp_control_response(answer, answer_len, 3, MCTP_SET_ENDPOINT_ID, &code, &data, &data_len));
        CHECK(code == 0 && data_len == 3 && data[1] == 11 && endpoint.eid == 11);
        len = mctp_get_endpoint_id_encode(4, msg, sizeof msg);
        answer_len = mctp_control_message(&endpoint, msg, len, answer, sizeof answer);
        CHECK(mctp_control_response(answer, answer_len, 4, MCTP_GET_ENDPOINT_ID, &code, &data, &data_len));
        CHECK(code == 0 && data_len == 3 && data[0] == 11);
        len = mctp_get_message_type_support_encode(5, msg, sizeof msg);
        answer_len = mctp_control_message(&endpoint, msg, len, answer, sizeof answer);
        CHECK(mctp_control_response(answer, answer_len, 5, MCTP_GET_MESSAGE_TYPE_SUPPORT, &code, &data, &data_len));
        CHECK(data_len == 2 && data[1] == MCTP_TYPE_PLDM);
        len = mctp_get_endpoint_uuid_encode(6, msg, sizeof msg);
        answer_len = mctp_control_message(&endpoint, msg, len, answer, sizeof answer);
        CHECK(mctp_control_response(answer, answer_len, 6, MCTP_GET_ENDPOINT_UUID, &code, &data, &data_len));
        CHECK_EQ(code, 5);
        CHECK(!mctp_control_response(answer, answer_len, 7, MCTP_GET_ENDPOINT_UUID, &code, &data, &data_len));
        CHECK(!mctp_control_response(answer, 2, 6, MCTP_GET_ENDPOINT_UUID, &code, &data, &data_len));
        CHECK(!mctp_control_response(answer, answer_len, 6, MCTP_GET_ENDPOINT_ID, &code, &data, &data_len));
        CHECK_EQ(mctp_set_endpoint_id_encode(3, 11, msg, 3) + mctp_set_endpoint_id_encode(32, 11, msg, 4), 0);
        CHECK_EQ(mctp_get_endpoint_id_encode(3, msg, 1) + mctp_get_endpoint_id_encode(32, msg, 4), 0);
    }
}

/* A packet of a short message, as it stands on the wire. */
static bool keep(void *context, const uint8_t *head, size_t head_len, const uint8_t *body, size_t body_len) {
    uint8_t *out = context;
    memcpy(out, head, head_len);
    if (body_len) memcpy(out + head_len, body, body_len);
    return true;
}

static void check_wire(void) {
    static const uint8_t asked[][7] = {{1, 9, 8, 0xC8, 0, 0x80, 2}, {1, 0, 8, 0xC8, 0, 0x80, 2}};
    static const uint8_t want[] = {1, 8, 9, 0xC0, 0, 0, 2, 0, 9, 0, 0};
    TEST("given Get Endpoint ID to EID 9 and to EID 0 when it is answered then the packet is the one Linux takes") {
        for (size_t i = 0; i < 2; i++) {
            struct mctp_endpoint endpoint = {.eid = 9};
            struct mctp_assembler a = fresh(sizeof buffer);
            struct mctp_message m;
            uint8_t body[MCTP_CONTROL_ANSWER_SIZE], wire[64] = {0};
            CHECK(mctp_assemble(&a, asked[i], sizeof asked[i], &m));
            CHECK(m.type == MCTP_TYPE_CONTROL && m.tag_owner);
            size_t len = mctp_control_message(&endpoint, m.bytes, m.len, body, sizeof body);
            struct mctp_message answer = {m.source, endpoint.eid, m.tag, false, m.type, body, len};
            CHECK(mctp_split(&answer, MCTP_BASELINE_MTU, keep, wire));
            CHECK_MEM(wire, want, sizeof want);
        }
    }
}

int main(void) {
    check_wire();
    check_assembly();
    check_pieces();
    check_split();
    check_control();
    return check_result();
}
