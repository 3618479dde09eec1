// SPDX-License-Identifier: Apache-2.0
//
// How close the goodput comes to a link's ceiling where the link is the slower end: one request outstanding, an agent
// that answers at once, a flash on four lines that programs and erases in a microsecond, so that SPI, hash and firmware
// have to keep up. The ceiling of a serial line is that of its bytes, one after the other without a pause: each
// request's frame and the frames of its answer, 10 bits a byte. At the packet port it is the words of the answers
// alone, at the host's pace. `--port` measures the packet port instead of the serial line.
#include <stdio.h>
#include <string.h>

#include "tests/bench/measure.h"

enum {
    ANSWER = MEASURE_ANSWER_HEAD + MEASURE_CHUNK,
    FRAME = 6,  // flag, revision, N, FCS, flag
    BITS = 10,
    // 12 cycles a byte. Four lines program and read back a byte in 8; the rest is for instructions, addresses and the
    // status.
    PORT_WORD_CYCLES = 48,
};

/** Time on the serial line of what crossed it between the first and the last request, which must be what the
 * frames are, with 2 of 256 bytes escaped. */
static double serial_ns(const char *name, const struct measurement *m) {
    const unsigned packets = (ANSWER + MCTP_BASELINE_MTU - 1) / MCTP_BASELINE_MTU + 1;
    const unsigned data = ANSWER + MEASURE_REQUEST + packets * MCTP_HEADER_SIZE;
    const double bytes = (double)m->wire_bytes / (double)(m->transfer.requests - 1);
    const double expected = data * (1 + 2.0 / 256) + packets * FRAME;
    if (bytes > expected * 1.001 || bytes < expected * 0.999) measure_fail(name, "other bytes on the line");
    return bytes * BITS * 1e9 / card_baud();
}

/** Time of the words of an answer at the packet port. */
static double port_ns(void) {
    return (double)(measure_answer_words(MEASURE_CHUNK) * PORT_WORD_CYCLES) * 1e9 / card_clk_hz();
}

static void run(const struct measure_update *update) {
    const struct measurement m = measure(update);
    const struct tap_totals *t = &m.transfer;
    if (t->bytes != t->requests * MEASURE_CHUNK) measure_fail(update->name, "a request that is not for a whole block");
    const double ns = update->link == RIG_PORT ? port_ns() : serial_ns(update->name, &m);
    measure_print(update->name, "clk_hz", card_clk_hz());
    measure_print(update->name, "payload_bytes", update->payload);
    measure_print(update->name, "requests", t->requests);
    measure_print(update->name, "request_ns", t->request_ns);
    measure_print(update->name, "ceiling_ns", (uint64_t)(ns * (double)(t->requests - 1) + 0.5));
}

int main(int argc, char **argv) {
    const bool port = argc > 1 && strcmp(argv[1], "--port") == 0;
    char serial[32];
    snprintf(serial, sizeof serial, "serial_%uM", card_baud() / 1000000);
    run(&(struct measure_update){.name = port ? "packet" : serial,
                                 .part = "w25q128jv",
                                 .instant = true,
                                 .link = port ? RIG_PORT : RIG_SERIAL,
                                 .mtu = port ? MEASURE_PORT_MTU : MCTP_BASELINE_MTU,
                                 .word_cycles = port ? PORT_WORD_CYCLES : 0,
                                 .outstanding = 1,
                                 .payload = measure_largest_payload(),  // two orders, as in most rows
                                 .timelines = measure_timelines(argc - port, argv + port)});
    printf("ok - measured\n");
    return 0;
}
