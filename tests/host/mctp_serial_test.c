/* SPDX-License-Identifier: Apache-2.0
 *
 * host/mctp_serial: frames observed on a Linux peer, byte for byte, and recovery from every damage a line can do.
 */
#include "host/mctp_serial.h"

#include <stdlib.h>

#include "tests/check.h"

struct vector {
    const char *name;
    size_t packet_len, frame_len;
    uint8_t packet[16], frame[24];
};

static const struct vector vectors[] = {
    {"given Get Endpoint ID to EID 9, when framed and unframed, then bytes are those Linux accepts",
     7,
     13,
     {0x01, 0x09, 0x08, 0xc8, 0x00, 0x80, 0x02},
     {0x7e, 0x01, 0x07, 0x01, 0x09, 0x08, 0xc8, 0x00, 0x80, 0x02, 0x0e, 0xb2, 0x7e}},
    {"given the answer to Get Endpoint ID, when framed and unframed, then bytes are those Linux accepts",
     11,
     17,
     {0x01, 0x08, 0x09, 0xc0, 0x00, 0x00, 0x02, 0x00, 0x09, 0x00, 0x00},
     {0x7e, 0x01, 0x0b, 0x01, 0x08, 0x09, 0xc0, 0x00, 0x00, 0x02, 0x00, 0x09, 0x00, 0x00, 0x92, 0xb1, 0x7e}},
    {"given Get Endpoint ID to EID 0, when framed and unframed, then bytes are those Linux accepts",
     7,
     13,
     {0x01, 0x00, 0x08, 0xc8, 0x00, 0x80, 0x02},
     {0x7e, 0x01, 0x07, 0x01, 0x00, 0x08, 0xc8, 0x00, 0x80, 0x02, 0x2b, 0xc1, 0x7e}},
    {"given PLDM GetTID, when framed and unframed, then bytes are those Linux accepts",
     8,
     14,
     {0x01, 0x09, 0x08, 0xc8, 0x01, 0x80, 0x00, 0x02},
     {0x7e, 0x01, 0x08, 0x01, 0x09, 0x08, 0xc8, 0x01, 0x80, 0x00, 0x02, 0x0c, 0xa6, 0x7e}},
};

static const struct vector *const sample = &vectors[0];

/* Feeds bytes and returns how many packets came out; the last one's length goes to *len. */
static unsigned feed(struct mctp_serial_rx *rx, const uint8_t *bytes, size_t count, size_t *len) {
    unsigned packets = 0;
    for (size_t i = 0; i < count; i++) {
        size_t got = mctp_serial_rx_byte(rx, bytes[i]);
        if (got == 0) continue;
        packets++;
        *len = got;
    }
    return packets;
}

/* The sample must come out whole, behind at most `before` packets that its first flag may end. */
static void expect_sample(struct mctp_serial_rx *rx, unsigned before) {
    size_t len = 0;
    CHECK_EQ(feed(rx, sample->frame, sample->frame_len, &len), before + 1);
    CHECK_EQ(len, sample->packet_len);
    CHECK_MEM(rx->packet, sample->packet, sample->packet_len);
}

static void test_vectors(void) {
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) TEST(vectors[i].name) {
            const struct vector *v = &vectors[i];
            uint8_t out[MCTP_SERIAL_MAX_FRAME];
            CHECK_EQ(mctp_serial_encode(v->packet, v->packet_len, out, sizeof out), v->frame_len);
            CHECK_MEM(out, v->frame, v->frame_len);
            struct mctp_serial_rx rx;
            mctp_serial_rx_init(&rx);
            size_t len = 0;
            CHECK_EQ(feed(&rx, v->frame, v->frame_len, &len), 1);
            CHECK_EQ(len, v->packet_len);
            CHECK_MEM(rx.packet, v->packet, v->packet_len);
            CHECK_EQ(rx.bad_frames, 0);
        }
}

static void test_lengths(void) {
    TEST(
        "given packets of every length and all bytes escaped, when framed, then they come back and tight room is "
        "kept") {
        uint8_t packet[MCTP_SERIAL_MAX_PACKET + 1], out[MCTP_SERIAL_MAX_FRAME];
        memset(packet, MCTP_SERIAL_FLAG, sizeof packet);
        for (size_t n = MCTP_SERIAL_MIN_PACKET; n <= MCTP_SERIAL_MAX_PACKET; n++) {
            packet[n / 2] = MCTP_SERIAL_ESCAPE;
            struct mctp_serial_rx rx;
            mctp_serial_rx_init(&rx);
            size_t want = 6 + 2 * n, len = 0;
            CHECK_EQ(mctp_serial_encode(packet, n, out, want - 1), 0);
            if (!CHECK_EQ(mctp_serial_encode(packet, n, out, want), want)) break;
            CHECK_EQ(feed(&rx, out, want, &len), 1);
            CHECK_EQ(len, n);
            CHECK_MEM(rx.packet, packet, n);
        }
        CHECK_EQ(mctp_serial_encode(packet, MCTP_SERIAL_MIN_PACKET - 1, out, sizeof out), 0);
        CHECK_EQ(mctp_serial_encode(packet, MCTP_SERIAL_MAX_PACKET + 1, out, sizeof out), 0);
    }
    TEST(
        "given a receiver limited to 68 bytes, when longer or shorter frames come, then each counts as one bad frame") {
        const uint8_t lengths[] = {0, 4, 69, 0x7e, 0xff};
        struct mctp_serial_rx rx;
        mctp_serial_rx_init(&rx);
        rx.max = 68;
        for (size_t i = 0; i < sizeof lengths; i++) {
            size_t len;
            CHECK_EQ(feed(&rx, (const uint8_t[]){0x7e, 0x01, lengths[i], 9, 9, 9}, 6, &len), 0);
            CHECK_EQ(rx.bad_frames, i + 1);
            expect_sample(&rx, 0);
        }
    }
}

static void test_recovery(void) {
    struct mctp_serial_rx rx;
    TEST("given a frame cut anywhere, when a good frame follows at once, then it is received") {
        for (size_t cut = 0; cut <= sample->frame_len; cut++) {
            mctp_serial_rx_init(&rx);
            rx.max = 68;
            size_t len;
            CHECK_EQ(feed(&rx, sample->frame, cut, &len), cut == sample->frame_len);
            expect_sample(&rx, cut == sample->frame_len - 1);
            /* A frame is only one from its revision byte on; without its last flag it shares the next one. */
            CHECK_EQ(rx.bad_frames, cut >= 2 && cut < sample->frame_len - 1);
        }
    }
    TEST("given any single byte lost, doubled or replaced by a flag, when a good frame follows, then it is received") {
        for (size_t at = 0; at < sample->frame_len; at++) {
            for (int how = 0; how < 3; how++) {
                mctp_serial_rx_init(&rx);
                rx.max = 68;
                size_t len;
                feed(&rx, sample->frame, at, &len);
                if (how == 1) feed(&rx, (const uint8_t[]){sample->frame[at], sample->frame[at]}, 2, &len);
                if (how == 2) feed(&rx, (const uint8_t[]){MCTP_SERIAL_FLAG}, 1, &len);
                feed(&rx, sample->frame + at + 1, sample->frame_len - at - 1, &len);
                expect_sample(&rx, how == 0 && at == sample->frame_len - 1);
            }
        }
    }
    TEST("given any single bit flipped, when the frame ends, then no packet but the sent one comes out") {
        for (size_t bit = 0; bit < 8 * sample->frame_len; bit++) {
            uint8_t frame[24];
            memcpy(frame, sample->frame, sizeof frame);
            frame[bit / 8] ^= (uint8_t)(1u << (bit % 8));
            mctp_serial_rx_init(&rx);
            size_t len;
            CHECK_EQ(feed(&rx, frame, sample->frame_len, &len), 0);
        }
    }
    TEST("given two frames that share a flag, when received, then both packets come out") {
        mctp_serial_rx_init(&rx);
        expect_sample(&rx, 0);
        size_t len = 0;
        CHECK_EQ(feed(&rx, vectors[1].frame + 1, vectors[1].frame_len - 1, &len), 1);
        CHECK_EQ(rx.bad_frames, 0);
    }
    TEST("given a frame whose FCS is 7e 01, when its end is lost, then the next frame is received") {
        uint8_t packet[8] = {1, 9, 8, 0xc8, 1}, out[32];
        size_t count = 0;
        for (uint32_t n = 0; n < 0x1000000; n++) {
            packet[5] = (uint8_t)n, packet[6] = (uint8_t)(n >> 8), packet[7] = (uint8_t)(n >> 16);
            count = mctp_serial_encode(packet, sizeof packet, out, sizeof out);
            if (out[count - 3] == 0x7e && out[count - 2] == 0x01) break;
        }
        size_t len;
        for (size_t lost = 0; lost <= 3; lost++) {
            mctp_serial_rx_init(&rx);
            rx.max = 68;
            CHECK_EQ(feed(&rx, out, count - lost, &len), lost == 0);
            expect_sample(&rx, lost == 1);
        }
    }
    TEST(
        "given a line error inside a frame, when a good frame follows, then one bad frame is counted and it is "
        "received") {
        mctp_serial_rx_init(&rx);
        size_t len;
        feed(&rx, sample->frame, 6, &len);
        mctp_serial_rx_line_error(&rx);
        CHECK_EQ(rx.bad_frames, 1);
        mctp_serial_rx_line_error(&rx);
        CHECK_EQ(rx.bad_frames, 1);
        expect_sample(&rx, 0);
    }
}

int main(void) {
    test_vectors();
    test_lengths();
    test_recovery();
    return check_result();
}
