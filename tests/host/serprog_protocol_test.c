// SPDX-License-Identifier: Apache-2.0
//
// The serprog protocol over memory: what each command is answered, byte for byte, and what comes to the flash.
#include <stdlib.h>

#include "sim/serprog.h"
#include "tests/check.h"

#define BYTES(...)                                            \
    (const uint8_t[]){__VA_ARGS__}, sizeof(const uint8_t[]) { \
        __VA_ARGS__                                           \
    }

struct rig {
    struct serprog serprog;
    const uint8_t *in;
    size_t in_len, out_len;
    uint8_t out[1 + SERPROG_RECEIVE_MAX + 64];
    unsigned transfers;
    size_t sent, received;  // of the last transfer
    uint8_t first;          // byte of it
    uint64_t delay_us;
    uint32_t hz;
};

static bool read_in(void *ctx, uint8_t *bytes, size_t len) {
    struct rig *r = ctx;
    if (len > r->in_len) return false;
    if (len != 0) memcpy(bytes, r->in, len);
    r->in += len;
    r->in_len -= len;
    return true;
}
static bool write_out(void *ctx, const uint8_t *bytes, size_t len) {
    struct rig *r = ctx;
    if (len > sizeof r->out - r->out_len) return false;
    memcpy(r->out + r->out_len, bytes, len);
    r->out_len += len;
    return true;
}
static void transfer(void *ctx, const uint8_t *send, size_t send_len, uint8_t *receive, size_t receive_len) {
    struct rig *r = ctx;
    r->transfers++;
    r->sent = send_len;
    r->received = receive_len;
    r->first = send_len != 0 ? send[0] : 0;
    for (size_t i = 0; i < receive_len; i++) receive[i] = (uint8_t)(0xa0 + i);
}
static void delay(void *ctx, uint64_t us) {
    struct rig *r = ctx;
    r->delay_us += us;
}
static uint32_t set_clock(void *ctx, uint32_t hz) {
    struct rig *r = ctx;
    return r->hz = hz < 1000000 ? hz : 1000000;
}

/** Everything that the host sends, to a programmer that it has just connected to. */
static void say(struct rig *r, const uint8_t *bytes, size_t len) {
    memset(r, 0, sizeof *r);
    r->in = bytes;
    r->in_len = len;
    serprog_begin(&r->serprog, &(struct serprog_port){read_in, write_out, transfer, delay, set_clock, r});
    while (serprog_command(&r->serprog)) continue;
}

static const struct {
    const char *sentence;
    const uint8_t *in;
    size_t in_len;
    const uint8_t *out;
    size_t out_len;
} exchanges[] = {
    {"given a NOP / when it is answered / then ACK", BYTES(0x00), BYTES(0x06)},
    {"given a synchronizing NOP / when it is answered / then NAK and ACK", BYTES(0x10), BYTES(0x15, 0x06)},
    {"given the version / when it is asked / then 1", BYTES(0x01), BYTES(0x06, 1, 0)},
    {"given the name / when it is asked / then 16 bytes", BYTES(0x03),
     BYTES(0x06, 's', 'l', 'u', 'i', 'c', 'e', '-', 's', 'i', 'm', 0, 0, 0, 0, 0, 0)},
    {"given the stream buffer / when it is asked / then no limit", BYTES(0x04), BYTES(0x06, 0xff, 0xff)},
    {"given the buses / when they are asked / then SPI alone", BYTES(0x05), BYTES(0x06, 8)},
    {"given the operation buffer / when it is asked / then room for 64 delays", BYTES(0x07), BYTES(0x06, 0x40, 0x01)},
    {"given the longest write / when it is asked / then 4096", BYTES(0x08), BYTES(0x06, 0, 0x10, 0)},
    {"given the longest read / when it is asked / then 65536", BYTES(0x11), BYTES(0x06, 0, 0, 1)},
    {"given SPI and others / when a bus is chosen / then ACK", BYTES(0x12, 0x0f), BYTES(0x06)},
    {"given buses without SPI / when a bus is chosen / then NAK", BYTES(0x12, 0x07), BYTES(0x15)},
    {"given a clock / when it is set / then what it is", BYTES(0x14, 0x40, 0x42, 0x1f, 0),
     BYTES(0x06, 0x40, 0x42, 0x0f, 0)},
    {"given a clock of 0 Hz / when it is set / then NAK", BYTES(0x14, 0, 0, 0, 0), BYTES(0x15)},
    {"given an SPI operation / when it is done / then ACK and what the flash sent", BYTES(0x13, 1, 0, 0, 3, 0, 0, 0x9f),
     BYTES(0x06, 0xa0, 0xa1, 0xa2)},
    {"given one that reads nothing / when it is done / then ACK alone", BYTES(0x13, 1, 0, 0, 0, 0, 0, 0x06),
     BYTES(0x06)},
    {"given one that sends nothing / when it is done / then ACK and what the flash sent", BYTES(0x13, 0, 0, 0, 1, 0, 0),
     BYTES(0x06, 0xa0)},
    {"given pins that are not driven / when an operation comes / then NAK until they are",
     BYTES(0x15, 0, 0x13, 1, 0, 0, 1, 0, 0, 0x05, 0x15, 1, 0x13, 1, 0, 0, 1, 0, 0, 0x05),
     BYTES(0x06, 0x15, 0x06, 0x06, 0xa0)},
    {"given commands for a parallel flash / when they come / then NAK, and the next is understood",
     BYTES(0x06, 0x09, 0x0a, 0x0c, 0x0d, 0x01), BYTES(0x15, 0x15, 0x15, 0x15, 0x15, 0x06, 1, 0)},
    {"given commands that there are not / when they come / then NAK, and the next is understood",
     BYTES(0x16, 0x7f, 0xff, 0x01), BYTES(0x15, 0x15, 0x15, 0x06, 1, 0)},
    {"given delays / when they are executed / then ACK to each", BYTES(0x0b, 0x0e, 1, 2, 0, 0, 0x0e, 1, 0, 0, 0, 0x0f),
     BYTES(0x06, 0x06, 0x06, 0x06)},
};

/** The header of an SPI operation, and @p present bytes behind it of those announced, then a NOP. */
static size_t operation(uint8_t *to, uint32_t send, uint32_t receive, size_t present) {
    const uint8_t head[] = {0x13,
                            (uint8_t)send,
                            (uint8_t)(send >> 8),
                            (uint8_t)(send >> 16),
                            (uint8_t)receive,
                            (uint8_t)(receive >> 8),
                            (uint8_t)(receive >> 16)};
    memcpy(to, head, sizeof head);
    memset(to + sizeof head, 0x02, present);
    to[sizeof head + present] = 0x00;
    return sizeof head + present + (present == send);
}

static const struct {
    const char *sentence;
    uint32_t send, receive;
    size_t present;
    unsigned transfers;
    size_t answer;  // bytes
    uint8_t code;
} lengths[] = {
    {"given the longest write / when it is sent / then it is done", 4096, 0, 4096, 1, 2, 0x06},
    {"given one byte more / when it is sent / then NAK, nothing done, the next command answered", 4097, 0, 4097, 0, 2,
     0x15},
    {"given many more / when they are sent / then NAK, nothing done, the next command answered", 70000, 9, 70000, 0, 2,
     0x15},
    {"given the longest read / when it is asked / then all of it", 4, 65536, 4, 1, 65538, 0x06},
    {"given one byte more / when it is asked / then NAK, nothing done, the next command answered", 4, 65537, 4, 0, 2,
     0x15},
    {"given a host that goes in mid-write / when its bytes end / then nothing is done and nothing answered", 260, 0,
     259, 0, 0, 0},
    {"given a host that goes before the first byte / when its bytes end / then nothing is done", 260, 0, 0, 0, 0, 0},
};

static void test_limits(struct rig *r) {
    static uint8_t in[80000];
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) TEST(lengths[i].sentence) {
            say(r, in, operation(in, lengths[i].send, lengths[i].receive, lengths[i].present));
            CHECK_EQ(r->transfers, lengths[i].transfers);
            CHECK_EQ(r->out_len, lengths[i].answer);
            if (lengths[i].answer != 0) CHECK_EQ(r->out[0], lengths[i].code);
            if (lengths[i].transfers != 0) {
                CHECK_EQ(r->sent, lengths[i].send);
                CHECK_EQ(r->received, lengths[i].receive);
                CHECK_EQ(r->first, 0x02);
            }
        }
}

static void test_delays(struct rig *r) {
    TEST("given delays / when they are executed / then the flash waits their sum once") {
        say(r, BYTES(0x0e, 0x10, 0x27, 0, 0, 0x0e, 1, 0, 0, 0, 0x0f, 0x0f));
        CHECK_EQ(r->delay_us, 10001);
    }
    TEST("given delays / when the buffer is initialized / then they are forgotten") {
        say(r, BYTES(0x0e, 0x10, 0x27, 0, 0, 0x0b, 0x0f));
        CHECK_EQ(r->delay_us, 0);
    }
    TEST("given a full operation buffer / when a delay comes / then NAK, and the others are waited") {
        uint8_t in[5 * (SERPROG_DELAYS + 1) + 1] = {0};
        for (unsigned i = 0; i <= SERPROG_DELAYS; i++) {
            in[5 * i] = 0x0e;
            in[5 * i + 1] = 2;
        }
        in[sizeof in - 1] = 0x0f;
        say(r, in, sizeof in);
        CHECK_EQ(r->out_len, SERPROG_DELAYS + 2);
        for (unsigned i = 0; i < SERPROG_DELAYS; i++) CHECK_EQ(r->out[i], 0x06);
        CHECK_EQ(r->out[SERPROG_DELAYS], 0x15);
        CHECK_EQ(r->delay_us, 2 * SERPROG_DELAYS);
    }
}

/** The bitmap of commands, and each command's own answer to being there. */
static void test_map(struct rig *r) {
    TEST("given the bitmap of commands / when each command is sent / then those in it are known, all others NAK") {
        say(r, BYTES(0x02));
        CHECK_EQ(r->out_len, 33);
        uint8_t map[32];
        memcpy(map, r->out + 1, sizeof map);
        CHECK_MEM(map, ((const uint8_t[32]){0xbf, 0xc9, 0x3f}), sizeof map);
        for (unsigned c = 0; c < 256; c++) {
            const uint8_t in[] = {(uint8_t)c, 8, 0, 0, 1, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8};
            const bool there = (map[c / 8] >> c % 8 & 1) != 0;
            say(r, in, sizeof in);
            CHECK(r->out_len != 0 && (r->out[0] != 0x15 || c == 0x10) == there);
        }
    }
}

/** Whatever a host sends, every answer is ACK or NAK and no limit is passed. */
static void test_noise(struct rig *r) {
    static uint8_t in[600];
    TEST("given noise, half of it commands / when the host sends it / then no limit is passed") {
        srand(7);
        for (unsigned run = 0; run < 20000; run++) {
            const size_t len = (size_t)rand() % sizeof in;
            for (size_t i = 0; i < len; i++) in[i] = (uint8_t)(rand() % 2 ? rand() % 0x18 : rand());
            r->in = in;
            r->in_len = len;
            r->out_len = 0;
            serprog_begin(&r->serprog, &(struct serprog_port){read_in, write_out, transfer, delay, set_clock, r});
            while (serprog_command(&r->serprog)) continue;
            if (!CHECK(r->sent <= SERPROG_SEND_MAX && r->received <= SERPROG_RECEIVE_MAX)) break;
            if (r->out_len != 0 && !CHECK(r->out[0] == 0x06 || r->out[0] == 0x15)) break;
        }
    }
}

int main(void) {
    static struct rig r;
    for (size_t i = 0; i < sizeof exchanges / sizeof exchanges[0]; i++) TEST(exchanges[i].sentence) {
            say(&r, exchanges[i].in, exchanges[i].in_len);
            if (CHECK_EQ(r.out_len, exchanges[i].out_len)) CHECK_MEM(r.out, exchanges[i].out, exchanges[i].out_len);
        }
    test_limits(&r);
    test_delays(&r);
    test_map(&r);
    test_noise(&r);
    return check_result();
}
