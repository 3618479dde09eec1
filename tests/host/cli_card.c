// SPDX-License-Identifier: Apache-2.0
//
// The scripted device as a program, for tests of fwup's links: cli_card unix|sim|pty PATH DUMP. It offers the link at
// PATH, says "ready" and serves one client after the other until it is killed. When it is activated it writes the
// component images it got to DUMP.0 and DUMP.1.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <termios.h>
#include <unistd.h>

#include "host/endpoint.h"
#include "host/io.h"
#include "sim/lockstep.h"
#include "tests/host/fake_device.h"

enum { OUT_MAX = 65536 };

struct card {
    struct fake fake;
    struct endpoint endpoint;
    uint8_t out[OUT_MAX]; /* to the client */
    size_t out_len;
    const char *dump;
    unsigned activations;
};

static void die(const char *what) {
    perror(what);
    exit(1);
}

static void write_frame(void *ctx, const uint8_t *bytes, size_t len) {
    struct card *card = ctx;
    if (len > OUT_MAX - card->out_len) abort();
    memcpy(card->out + card->out_len, bytes, len);
    card->out_len += len;
}

static void dump_images(const struct card *card) {
    char path[512];
    for (unsigned i = 0; i < FAKE_COMPONENTS; i++) {
        snprintf(path, sizeof path, "%s.%u", card->dump, i);
        FILE *file = fopen(path, "wb");
        if (file == NULL) die(path);
        fwrite(card->fake.got[i], 1, FAKE_IMAGE_MAX, file);
        fclose(file);
    }
}

/* Bytes from the client; what the device answers to them is in `out` afterwards. */
static void take_bytes(struct card *card, const uint8_t *bytes, size_t len) {
    struct mctp_message message;
    uint8_t answer[FAKE_MESSAGE];
    for (size_t i = 0; i < len; i++) {
        card->endpoint.own_eid = card->fake.eid;
        if (!endpoint_byte(&card->endpoint, bytes[i], &message)) continue;
        card->fake.log_len = 0;
        fake_take(&card->fake, &message);
        while (fake_pop(&card->fake, answer, &message)) endpoint_send(&card->endpoint, &message);
    }
    if (card->fake.seen[PLDM_ACTIVATE_FIRMWARE] != card->activations) dump_images(card);
    card->activations = card->fake.seen[PLDM_ACTIVATE_FIRMWARE];
}

static void serve_stream(struct card *card, int fd) {
    uint8_t bytes[4096];
    for (ssize_t len; (len = read(fd, bytes, sizeof bytes)) > 0;) {
        take_bytes(card, bytes, (size_t)len);
        if (!io_write_all(fd, card->out, card->out_len)) return;
        card->out_len = 0;
    }
}

/* Time passes to the deadline when there is nothing to say, else a microsecond a byte. */
static void serve_lockstep(struct card *card, int fd) {
    static uint8_t payload[LOCKSTEP_PAYLOAD_MAX];
    uint8_t head[LOCKSTEP_HEADER];
    uint64_t now = 0;
    struct lockstep_header h = {LOCKSTEP_STOPPED, now, 0};
    for (;;) {
        lockstep_header_put(&h, head);
        if (!io_write_all(fd, head, sizeof head) || !io_write_all(fd, card->out, card->out_len)) return;
        card->out_len = 0;
        if (!io_read_all(fd, head, sizeof head, NULL)) return;
        h = lockstep_header_get(head);
        if (h.type != LOCKSTEP_RUN || h.length > sizeof payload || h.time_ns < now) abort();
        if (!io_read_all(fd, payload, h.length, NULL)) return;
        take_bytes(card, payload, h.length);
        const uint64_t busy = now + 1000 * card->out_len;
        now = card->out_len != 0 && busy < h.time_ns ? busy : h.time_ns;
        h = (struct lockstep_header){LOCKSTEP_STOPPED, now, (uint32_t)card->out_len};
    }
}

static int listen_at(const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path) die("path too long");
    strcpy(address.sun_path, path);
    const int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) != 0 || listen(fd, 1) != 0) die(path);
    return fd;
}

/* The other end of a pseudo-terminal, raw, with its name linked to PATH. It stays open here, so that clients come and
 * go. */
static int open_pty(const char *path) {
    struct termios raw;
    const int fd = posix_openpt(O_RDWR | O_NOCTTY);
    if (fd < 0 || grantpt(fd) != 0 || unlockpt(fd) != 0 || symlink(ptsname(fd), path) != 0) die(path);
    const int other = open(ptsname(fd), O_RDWR | O_NOCTTY);
    if (other < 0 || tcgetattr(other, &raw) != 0) die(path);
    cfmakeraw(&raw);
    if (tcsetattr(other, TCSANOW, &raw) != 0) die(path);
    return fd;
}

int main(int argc, char **argv) {
    static struct card card;
    if (argc != 4) return 2;
    fake_init(&card.fake);
    card.fake.restart_ms = 0;
    card.dump = argv[3];
    endpoint_init(&card.endpoint, 0, write_frame, &card);
    const bool pty = strcmp(argv[1], "pty") == 0, sim = strcmp(argv[1], "sim") == 0;
    const int fd = pty ? open_pty(argv[2]) : listen_at(argv[2]);
    puts("ready");
    fflush(stdout);
    if (pty) {
        serve_stream(&card, fd);
        return 0;
    }
    for (int client; (client = accept(fd, NULL, NULL)) >= 0; close(client))
        (sim ? serve_lockstep : serve_stream)(&card, client);
    return 1;
}
