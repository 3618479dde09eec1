// SPDX-License-Identifier: Apache-2.0
//
// The serprog programmer with any bytes from the host. Each command gets one answer; NAK means that nothing was done at
// the flash, a host that has gone as well; and the next host is served as the first.
#include "sim/serprog.h"

#include "tests/fuzz/fuzz.h"

struct host {
    struct fuzz_input in;
    uint8_t out[1 + SERPROG_RECEIVE_MAX + 1];
    size_t out_len;
    unsigned done; /* at the flash */
    size_t received;
};

static bool from_host(void *ctx, uint8_t *bytes, size_t len) {
    struct host *h = ctx;
    size_t got = len;
    const uint8_t *at = fuzz_bytes(&h->in, &got);
    if (got != 0) memcpy(bytes, at, got);
    return got == len;
}

static bool to_host(void *ctx, const uint8_t *bytes, size_t len) {
    struct host *h = ctx;
    REQUIRE(len <= sizeof h->out - h->out_len);
    memcpy(h->out + h->out_len, bytes, len);
    h->out_len += len;
    return true;
}

static void transfer(void *ctx, const uint8_t *send, size_t send_len, uint8_t *receive, size_t receive_len) {
    struct host *h = ctx;
    REQUIRE(send_len <= SERPROG_SEND_MAX && receive_len <= SERPROG_RECEIVE_MAX);
    memset(receive, send_len != 0 ? send[send_len - 1] : 0, receive_len);
    h->done++;
    h->received = receive_len;
}

static void delay(void *ctx, uint64_t us) {
    struct host *h = ctx;
    REQUIRE(us <= (uint64_t)SERPROG_DELAYS * UINT32_MAX);
    h->done++;
}

static uint32_t set_clock(void *ctx, uint32_t hz) {
    struct host *h = ctx;
    REQUIRE(hz != 0);
    h->done++;
    return hz;
}

/** One command of the host's. @return whether it was answered */
static bool command(struct serprog *s, struct host *h) {
    const bool synchronizes = h->in.left != 0 && h->in.at[0] == 0x10,
               transfers = h->in.left != 0 && h->in.at[0] == 0x13;
    h->out_len = h->done = 0;
    if (!serprog_command(s)) {
        REQUIRE(h->done == 0 && h->out_len == 0 && h->in.left == 0);
        return false;
    }
    REQUIRE(h->done <= 1 && h->out_len >= 1);
    if (synchronizes) {
        REQUIRE(h->out_len == 2 && h->out[0] == 0x15 && h->out[1] == 0x06);
    } else if (h->out[0] == 0x15) {
        REQUIRE(h->out_len == 1 && h->done == 0);
    } else {
        REQUIRE(h->out[0] == 0x06);
        REQUIRE(!transfers || (h->done == 1 && h->out_len == 1 + h->received));
    }
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len) {
    static const uint8_t synchronize[] = {0x10};
    static struct serprog s;
    static struct host h;
    const struct serprog_port port = {from_host, to_host, transfer, delay, set_clock, &h};
    h.in = (struct fuzz_input){bytes, len};
    serprog_begin(&s, &port);
    while (command(&s, &h)) continue;
    h.in = (struct fuzz_input){synchronize, sizeof synchronize};
    serprog_begin(&s, &port);
    REQUIRE(s.drives && s.delay_us == 0 && command(&s, &h));
    return 0;
}
