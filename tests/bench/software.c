// SPDX-License-Identifier: Apache-2.0
//
// What the processor would execute for a payload byte without the engine: an update by the firmware whose orders are
// run in C (tests/bench/software), over the packet port at a pace at which it loses no packet, to a flash that programs
// and erases in a microsecond, so that it hardly waits for it. Each byte costs the same, so a small image will do: what
// is counted is from the first request for a payload block to the last one. A second update, of bytes FFh, which are
// not programmed, shows what programming byte by byte through the processor's flash port takes.
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <unistd.h>

#include "host/file.h"
#include "tests/bench/measure.h"

enum { BLOCK = 4096, PAYLOAD = 3 * BLOCK, WORD_CYCLES = 1000 };

static void run(struct measure_update update) {
    update.part = "w25q128jv";
    update.instant = true;
    update.link = RIG_PORT;
    update.outstanding = 1;
    update.word_cycles = WORD_CYCLES;
    update.payload = PAYLOAD;
    update.application = FW_SOFTWARE;
    const struct measurement m = measure(&update);
    if (m.payload_bytes != PAYLOAD - BLOCK) measure_fail(update.name, "a request that is not for a whole block");
    measure_print(update.name, "payload_bytes", m.payload_bytes);
    measure_print(update.name, "instructions", m.payload_instructions);
}

int main(int argc, char **argv) {
    char path[] = "/tmp/bench-XXXXXX", error[COMPONENT_ERROR_TEXT];
    uint8_t blank[PAYLOAD];
    if (argc != 1) {
        fprintf(stderr, "usage: %s\n", argv[0]);
        return 2;
    }
    memset(blank, 0xff, sizeof blank);
    const int fd = mkstemp(path);
    if (fd < 0 || close(fd) || !file_write(path, blank, sizeof blank, error))
        measure_fail("software", "cannot write a temporary file");
    run((struct measure_update){.name = "software"});
    run((struct measure_update){.name = "software_blank", .payload_path = path});
    unlink(path);
    printf("ok - measured\n");
    return 0;
}
