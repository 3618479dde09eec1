// SPDX-License-Identifier: Apache-2.0
//
// Promises of pcapng.h. A file is a sequence of blocks: type, length, body in whole words, length again.
#include "host/pcapng.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BYTE_ORDER_MAGIC   UINT32_C(0x1A2B3C4D)
#define UNSPECIFIED_LENGTH UINT32_MAX

enum {
    BLOCK_SECTION = 0x0A0D0D0A,
    BLOCK_INTERFACE = 1,
    BLOCK_PACKET = 6,
    BLOCK_FRAME = 12, /* type and both lengths */
    OPTION_END = 0,
    OPTION_USER_APPLICATION = 4,
    OPTION_INTERFACE_NAME = 2,
    OPTION_INTERFACE_RESOLUTION = 9,
    OPTION_PACKET_FLAGS = 2,
    NANOSECONDS = 9, /* a negative power of ten */
    TEXT_MAX = 1024, /* of a name, else it is cut */
    BUFFER = 65536,  /* a packet leaves in one write */
};

struct pcapng {
    FILE *to;
    char *path;
    uint32_t interfaces;
    int error; /* of the first write that failed, 0: none */
};

static size_t padded(size_t len) {
    return (len + 3) & ~(size_t)3;
}

static void put(struct pcapng *p, const void *bytes, size_t len) {
    static const uint8_t zeros[3];
    if (len == 0) return;
    if (fwrite(bytes, 1, len, p->to) != len || fwrite(zeros, 1, padded(len) - len, p->to) != padded(len) - len)
        if (p->error == 0) p->error = errno;
}

static void put32(struct pcapng *p, uint32_t word) {
    const uint8_t bytes[4] = {(uint8_t)word, (uint8_t)(word >> 8), (uint8_t)(word >> 16), (uint8_t)(word >> 24)};
    put(p, bytes, sizeof bytes);
}

static void put16s(struct pcapng *p, unsigned first, unsigned second) {
    put32(p, first | second << 16);
}

static size_t option_size(size_t len) {
    return 4 + padded(len);
}

static void put_option(struct pcapng *p, unsigned code, const void *value, size_t len) {
    put16s(p, code, (unsigned)len);
    put(p, value, len);
}

static uint32_t begin(struct pcapng *p, uint32_t type, size_t body) {
    const uint32_t length = (uint32_t)(BLOCK_FRAME + body);
    put32(p, type);
    put32(p, length);
    return length;
}

static void end(struct pcapng *p, uint32_t length) {
    put32(p, length);
    if (fflush(p->to) != 0 && p->error == 0) p->error = errno;
}

static size_t text_length(const char *text) {
    const size_t len = strlen(text);
    return len < TEXT_MAX ? len : TEXT_MAX;
}

static void put_section(struct pcapng *p, const char *program) {
    const size_t len = text_length(program);
    const uint32_t length = begin(p, BLOCK_SECTION, 16 + option_size(len) + option_size(0));
    put32(p, BYTE_ORDER_MAGIC);
    put16s(p, 1, 0); /* version 1.0 */
    put32(p, UNSPECIFIED_LENGTH);
    put32(p, UNSPECIFIED_LENGTH);
    put_option(p, OPTION_USER_APPLICATION, program, len);
    put_option(p, OPTION_END, NULL, 0);
    end(p, length);
}

static struct pcapng *fail(struct pcapng *p, const char *path, const char *reason, char *error) {
    snprintf(error, PCAPNG_ERROR_TEXT, "%.150s: %.90s", path, reason);
    if (p != NULL) free(p->path);
    free(p);
    return NULL;
}

struct pcapng *pcapng_create(const char *path, const char *program, char *error) {
    const size_t size = strlen(path) + 1;
    struct pcapng *p = calloc(1, sizeof *p);
    if (p == NULL || (p->path = malloc(size)) == NULL) return fail(p, path, "out of memory", error);
    memcpy(p->path, path, size);
    p->to = fopen(path, "wb");
    if (p->to == NULL) return fail(p, path, strerror(errno), error);
    setvbuf(p->to, NULL, _IOFBF, BUFFER);
    put_section(p, program);
    return p;
}

uint32_t pcapng_interface(struct pcapng *p, const char *name) {
    const uint8_t resolution = NANOSECONDS;
    const size_t len = text_length(name);
    const uint32_t length = begin(p, BLOCK_INTERFACE, 8 + option_size(len) + option_size(1) + option_size(0));
    put16s(p, PCAPNG_LINKTYPE_MCTP, 0);
    put32(p, 0); /* packets are whole, however long */
    put_option(p, OPTION_INTERFACE_NAME, name, len);
    put_option(p, OPTION_INTERFACE_RESOLUTION, &resolution, 1);
    put_option(p, OPTION_END, NULL, 0);
    end(p, length);
    return p->interfaces++;
}

void pcapng_packet(struct pcapng *p, uint32_t interface, enum pcapng_direction direction, uint64_t time_ns,
                   const uint8_t *packet, size_t len) {
    const uint8_t flags[4] = {(uint8_t)direction};
    const uint32_t length = begin(p, BLOCK_PACKET, 20 + padded(len) + option_size(sizeof flags) + option_size(0));
    put32(p, interface);
    put32(p, (uint32_t)(time_ns >> 32));
    put32(p, (uint32_t)time_ns);
    put32(p, (uint32_t)len); /* captured, and on the link */
    put32(p, (uint32_t)len);
    put(p, packet, len);
    put_option(p, OPTION_PACKET_FLAGS, flags, sizeof flags);
    put_option(p, OPTION_END, NULL, 0);
    end(p, length);
}

bool pcapng_close(struct pcapng *p, char *error) {
    if (fclose(p->to) != 0 && p->error == 0) p->error = errno;
    const int reason = p->error;
    if (reason != 0) snprintf(error, PCAPNG_ERROR_TEXT, "%.150s: %.90s", p->path, strerror(reason));
    free(p->path);
    free(p);
    return reason == 0;
}
