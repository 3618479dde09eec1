// SPDX-License-Identifier: Apache-2.0
//
// The serial frame decoder on a line with any bytes and an error at any place. Each packet is one that the encoder
// would send, and after all of it a good frame is received.
#include "host/mctp_serial.h"

#include "tests/fuzz/fuzz.h"

static void require_encodes(const struct mctp_serial_rx *rx, size_t len) {
    uint8_t frame[MCTP_SERIAL_MAX_FRAME];
    struct mctp_serial_rx other;
    const size_t used = mctp_serial_encode(rx->packet, len, frame, sizeof frame);
    REQUIRE(used != 0);
    REQUIRE(mctp_serial_encode(rx->packet, len, frame, used - 1) == 0);
    mctp_serial_rx_init(&other);
    for (size_t i = 0; i + 1 < used; i++) REQUIRE(mctp_serial_rx_byte(&other, frame[i]) == 0);
    REQUIRE(mctp_serial_rx_byte(&other, frame[used - 1]) == len);
    REQUIRE(memcmp(other.packet, rx->packet, len) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len) {
    static const uint8_t last[] = {1, 9, 8, 0xC8, 0x7E, 0x80, 0x7D};
    struct fuzz_input in = {bytes, len};
    struct mctp_serial_rx rx;
    mctp_serial_rx_init(&rx);
    rx.max = fuzz_u8(&in) | 8;
    const size_t error_at = fuzz_u16(&in);
    for (size_t i = 0; in.left != 0; i++) {
        if (i == error_at) mctp_serial_rx_line_error(&rx);
        const size_t got = mctp_serial_rx_byte(&rx, fuzz_u8(&in));
        if (got == 0) continue;
        REQUIRE(got >= MCTP_SERIAL_MIN_PACKET && got <= rx.max);
        require_encodes(&rx, got);
    }
    if (rx.start == 2 && rx.max >= MCTP_SERIAL_FLAG) return 0; /* the exception of mctp_serial.h */
    uint8_t frame[2 * sizeof last + 6];
    const size_t used = mctp_serial_encode(last, sizeof last, frame, sizeof frame);
    for (size_t i = 0; i + 1 < used; i++) mctp_serial_rx_byte(&rx, frame[i]);
    REQUIRE(mctp_serial_rx_byte(&rx, frame[used - 1]) == sizeof last && memcmp(rx.packet, last, sizeof last) == 0);
    return 0;
}
