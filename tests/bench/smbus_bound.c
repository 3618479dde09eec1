// SPDX-License-Identifier: Apache-2.0
//
// How close the goodput comes to the ceiling of an SMBus: as link_bound.c, with an image that is short because the bus
// is slow. The ceiling is that of the block writes of each request and its answer, one after the other: nine clocks a
// byte and two for START and STOP, at the highest bit rate.
#include <stdio.h>

#include "tests/bench/measure.h"

enum {
    PAYLOAD = 128 << 10,
    ANSWER = MEASURE_ANSWER_HEAD + MEASURE_CHUNK,
    BYTE_CLOCKS = 9,
    // Destination, command, count and source, PEC; START and STOP.
    FRAME_CLOCKS = 5 * BYTE_CLOCKS + 2,
};

/** Clocks of a message in packets of the baseline size. */
static unsigned message_clocks(unsigned bytes) {
    const unsigned packets = (bytes + MCTP_BASELINE_MTU - 1) / MCTP_BASELINE_MTU;
    return (bytes + packets * MCTP_HEADER_SIZE) * BYTE_CLOCKS + packets * FRAME_CLOCKS;
}

int main(int argc, char **argv) {
    char name[32];
    snprintf(name, sizeof name, "smbus_%uM", card_smbus_hz() / 1000000);
    const struct measurement m = measure(&(struct measure_update){.name = name,
                                                                  .part = "w25q128jv",
                                                                  .instant = true,
                                                                  .link = RIG_SMBUS,
                                                                  .mtu = MCTP_BASELINE_MTU,
                                                                  .outstanding = 1,
                                                                  .payload = PAYLOAD,
                                                                  .timelines = measure_timelines(argc, argv)});
    const struct tap_totals *t = &m.transfer;
    if (t->bytes != t->requests * MEASURE_CHUNK) measure_fail(name, "a request that is not for a whole block");
    const double clocks = (double)(t->requests - 1) * (message_clocks(MEASURE_REQUEST) + message_clocks(ANSWER));
    measure_print(name, "clk_hz", card_clk_hz());
    measure_print(name, "payload_bytes", PAYLOAD);
    measure_print(name, "requests", t->requests);
    measure_print(name, "request_ns", t->request_ns);
    measure_print(name, "ceiling_ns", (uint64_t)(clocks * 1e9 / card_smbus_hz() + 0.5));
    printf("ok - measured\n");
    return 0;
}
