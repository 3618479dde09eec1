// SPDX-License-Identifier: Apache-2.0
//
// The capture file, byte for byte as the pcapng specification has it, and what becomes of one that cannot be written.
#define _POSIX_C_SOURCE 200809L
#include <stdlib.h>
#include <unistd.h>

#include "host/pcapng.h"
#include "sim/capture.h"
#include "tests/check.h"

enum { FILE_MAX = 4096 };

static char path[64];

static size_t contents(uint8_t out[FILE_MAX]) {
    FILE *file = fopen(path, "rb");
    if (file == NULL) return 0;
    const size_t len = fread(out, 1, FILE_MAX, file);
    fclose(file);
    return len;
}

static const uint8_t section[] = {
    0x0A, 0x0D, 0x0D, 0x0A, 0x2C, 0, 0,   0,   0x4D, 0x3C, 0x2B, 0x1A, 1, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
    0xFF, 0xFF, 4,    0,    5,    0, 't', 'e', 's',  't',  's',  0,    0, 0, 0, 0, 0,    0,    0x2C, 0,    0,    0,
};
static const uint8_t interfaces[] = {
    1, 0, 0, 0, 0x28, 0, 0, 0, 0x23, 1, 0,    0, 0, 0, 0, 0, 2, 0, 4,    0, 'l',  'i', 'n',  'k', 9, 0,
    1, 0, 9, 0, 0,    0, 0, 0, 0,    0, 0x28, 0, 0, 0, 1, 0, 0, 0, 0x24, 0, 0,    0,   0x23, 1,   0, 0,
    0, 0, 0, 0, 2,    0, 0, 0, 9,    0, 1,    0, 9, 0, 0, 0, 0, 0, 0,    0, 0x24, 0,   0,    0,
};

/* What is added behind the two interfaces. */
static const struct {
    const char *sentence;
    uint32_t interface;
    enum pcapng_direction direction;
    uint64_t time_ns;
    size_t len;
    uint8_t packet[8];
    size_t block_len;
    uint8_t block[64];
} packets[] = {
    {"given a packet of whole words that was received / when it is captured / then its block has no padding",
     0,
     PCAPNG_INBOUND,
     UINT64_C(0x1122334455667788),
     4,
     {1, 9, 8, 0xC8},
     48,
     {6, 0, 0, 0, 48, 0, 0, 0,    0, 0, 0, 0, 0x44, 0x33, 0x22, 0x11, 0x88, 0x77, 0x66, 0x55, 4,  0, 0, 0,
      4, 0, 0, 0, 1,  9, 8, 0xC8, 2, 0, 4, 0, 1,    0,    0,    0,    0,    0,    0,    0,    48, 0, 0, 0}},
    {"given five bytes that were sent over the second link / when they are captured / then three of padding follow",
     1,
     PCAPNG_OUTBOUND,
     7,
     5,
     {1, 8, 9, 0xC0, 0x7E},
     52,
     {6, 0, 0, 0, 52, 0,    0,    0, 1, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 5, 0, 0,  0, 5, 0,
      0, 0, 1, 8, 9,  0xC0, 0x7E, 0, 0, 0, 2, 0, 4, 0, 2, 0, 0, 0, 0, 0, 0, 0, 52, 0, 0, 0}},
};

static void given_packets(void) {
    char error[PCAPNG_ERROR_TEXT];
    uint8_t got[FILE_MAX];
    struct pcapng *p = pcapng_create(path, "tests", error);
    size_t at = sizeof section;
    TEST("given a new capture / when two links are named / then it has a section and two interfaces in nanoseconds") {
        if (!CHECK(p != NULL)) return;
        CHECK_EQ(contents(got), sizeof section);
        CHECK_MEM(got, section, sizeof section);
        CHECK_EQ(pcapng_interface(p, "link"), 0);
        CHECK_EQ(pcapng_interface(p, ""), 1);
        CHECK_EQ(contents(got), at + sizeof interfaces);
        CHECK_MEM(got + at, interfaces, sizeof interfaces);
    }
    at += sizeof interfaces;
    for (size_t i = 0; i < sizeof packets / sizeof packets[0]; i++) {
        TEST(packets[i].sentence) {
            pcapng_packet(p, packets[i].interface, packets[i].direction, packets[i].time_ns, packets[i].packet,
                          packets[i].len);
            CHECK_EQ(contents(got), at + packets[i].block_len); /* at once */
            CHECK_MEM(got + at, packets[i].block, packets[i].block_len);
        }
        at += packets[i].block_len;
    }
    TEST("given a capture / when it is closed / then nothing is added to it") {
        CHECK(pcapng_close(p, error));
        CHECK_EQ(contents(got), at);
    }
}

static void given_no_room(void) {
    char error[PCAPNG_ERROR_TEXT];
    TEST("given a folder that is not there / when a capture is begun in it / then the reason") {
        CHECK(pcapng_create("absent/capture", "tests", error) == NULL);
        CHECK(strcmp(error, "absent/capture: No such file or directory") == 0);
    }
    TEST("given a full disk / when a capture is closed / then the reason") {
        struct pcapng *p = pcapng_create("/dev/full", "tests", error);
        if (!CHECK(p != NULL)) return;
        pcapng_interface(p, "link");
        CHECK(!pcapng_close(p, error));
        CHECK(strcmp(error, "/dev/full: No space left on device") == 0);
    }
}

/* A frame in two pieces, among them bytes of the other direction and a frame with a wrong FCS. */
static void given_a_link(void) {
    static const uint8_t asked[] = {0x7E, 1, 7, 1, 9, 8, 0xC8, 0, 0x80, 2, 0x0E, 0xB2, 0x7E};
    static const uint8_t answered[] = {0x7E, 1, 0x0B, 1, 8, 9, 0xC0, 0, 0, 2, 0, 9, 0, 0, 0x92, 0xB1, 0x7E};
    static const uint8_t wrong[] = {0x7E, 1, 7, 1, 9, 8, 0xC8, 0, 0x80, 2, 0x0E, 0xB3, 0x7E};
    char error[PCAPNG_ERROR_TEXT];
    uint8_t got[FILE_MAX];
    struct capture c = {.file = NULL};
    TEST(
        "given a request, a spoilt one and an answer on a card's link / when captured / then inbound, outbound, no "
        "third") {
        capture_bytes(&c, 1, true, asked, sizeof asked); /* not begun: nothing happens */
        if (!CHECK(capture_begin(&c, path, "tests", "link", error))) return;
        const size_t at = sizeof section + 40;
        capture_bytes(&c, 2, true, asked, 5);
        capture_bytes(&c, 3, false, answered, 1);
        capture_bytes(&c, 4, true, asked + 5, sizeof asked - 5);
        capture_bytes(&c, 5, true, wrong, sizeof wrong);
        capture_bytes(&c, 6, false, answered + 1, sizeof answered - 1);
        CHECK(capture_end(&c, error));
        if (!CHECK_EQ(contents(got), at + 52 + 56)) return;
        CHECK_EQ(got[at + 16], 4);
        CHECK_MEM(got + at + 28, asked + 3, 7);
        CHECK_EQ(got[at + 28 + 8 + 4], PCAPNG_INBOUND);
        CHECK_EQ(got[at + 52 + 16], 6);
        CHECK_MEM(got + at + 52 + 28, answered + 3, 11);
        CHECK_EQ(got[at + 52 + 28 + 12 + 4], PCAPNG_OUTBOUND);
    }
}

int main(void) {
    snprintf(path, sizeof path, "/tmp/pcapng_test.XXXXXX");
    const int fd = mkstemp(path);
    if (fd < 0) return 1;
    close(fd);
    given_packets();
    given_no_room();
    given_a_link();
    unlink(path);
    return check_result();
}
