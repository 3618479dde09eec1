// SPDX-License-Identifier: Apache-2.0
//
// Scripted devices as a program, for tests of fwup: cli_card unix|sim|pty PATH DUMP [WORD...]. It offers the link at
// PATH, says "ready" and serves one client after the other until it is killed. A device that is activated writes the
// component images it got to DUMP.0 and DUMP.1. Words: `eid=N` adds a device that has this EID (without any there is
// one that has none), its images go to DUMP.N.0 and so on; `stranger`: the device before it, or the only one, has
// descriptors that no package is for; `stall=N`: once, the Nth RequestFirmwareData is not sent and "stalled" said
// instead; `broken`: the first CancelUpdate of the device before it, or the only one, is answered with component 0 not
// functioning, and not done; `pending`: it says of itself that an image is pending; `slow`: once, VerifyComplete is
// sent after GetStatus only; `by-hand`: the operator's policy wants a person to begin updates; `refuses-policy`: it
// takes no policy; `without-policy`: it knows none.
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

enum { OUT_MAX = 65536, DEVICES = 3 };

struct device {
    struct fake fake;
    struct endpoint endpoint;
    uint8_t eid; /* 0: to be assigned */
    unsigned activations;
};

struct card {
    struct device devices[DEVICES];
    unsigned count;
    uint8_t out[OUT_MAX]; /* to the client */
    size_t out_len;
    const char *dump;
    unsigned stall; /* 0: not again */
    bool slow;
    uint8_t held[FAKE_MESSAGE]; /* a VerifyComplete for later */
    struct mctp_message later;  /* no bytes: none */
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

static void say(const char *word) {
    puts(word);
    fflush(stdout);
}

static void dump_images(const struct card *card, const struct device *device) {
    char path[512];
    for (unsigned i = 0; i < FAKE_COMPONENTS; i++) {
        if (device->eid != 0)
            snprintf(path, sizeof path, "%s.%u.%u", card->dump, device->eid, i);
        else
            snprintf(path, sizeof path, "%s.%u", card->dump, i);
        FILE *file = fopen(path, "wb");
        if (file == NULL) die(path);
        fwrite(device->fake.got[i], 1, FAKE_IMAGE_MAX, file);
        fclose(file);
    }
}

static bool is_request(const struct mctp_message *message, uint8_t command) {
    return message->type == MCTP_TYPE_PLDM && message->tag_owner && message->len >= PLDM_HEADER_SIZE &&
           message->bytes[2] == command;
}

/* Whether the message is sent later; sends it when it is later. */
static bool waits(struct card *card, struct device *device, const struct mctp_message *request,
                  const struct mctp_message *message) {
    if (card->slow && is_request(message, PLDM_VERIFY_COMPLETE)) {
        card->slow = false;
        memcpy(card->held, message->bytes, message->len);
        card->later = *message;
        card->later.bytes = card->held;
        return true;
    }
    if (card->later.len != 0 && is_request(request, PLDM_GET_STATUS)) {
        endpoint_send(&device->endpoint, message);
        endpoint_send(&device->endpoint, &card->later);
        card->later.len = 0;
        return true;
    }
    return false;
}

static bool stalls(struct card *card, const struct mctp_message *message) {
    if (!is_request(message, PLDM_REQUEST_FIRMWARE_DATA) || card->stall == 0 || --card->stall != 0) return false;
    say("stalled");
    return true;
}

static void answer(struct card *card, struct device *device, const struct mctp_message *request) {
    uint8_t bytes[FAKE_MESSAGE];
    struct mctp_message message;
    struct fake *fake = &device->fake;
    fake->log_len = 0;
    fake_take(fake, request);
    while (fake_pop(fake, bytes, &message))
        if (!waits(card, device, request, &message) && !stalls(card, &message))
            endpoint_send(&device->endpoint, &message);
    if (fake->seen[PLDM_ACTIVATE_FIRMWARE] != device->activations) dump_images(card, device);
    device->activations = fake->seen[PLDM_ACTIVATE_FIRMWARE];
}

/* Bytes from the client; what the devices answer to them is in `out` afterwards. */
static void take_bytes(struct card *card, const uint8_t *bytes, size_t len) {
    struct mctp_message message;
    for (size_t i = 0; i < len; i++) {
        for (unsigned d = 0; d < card->count; d++) {
            struct device *device = &card->devices[d];
            device->endpoint.own_eid = device->fake.eid;
            if (endpoint_byte(&device->endpoint, bytes[i], &message)) answer(card, device, &message);
        }
    }
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

static void add_device(struct card *card, uint8_t eid) {
    static const uint8_t uuid[MCTP_UUID_SIZE] = {0xF0, 0x0D, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14};
    if (card->count == DEVICES) abort();
    struct device *device = &card->devices[card->count++];
    fake_init(&device->fake);
    device->fake.restart_ms = 0;
    device->fake.vendor_type = MCTP_TYPE_VENDOR_PCI;
    device->fake.knows_slots = device->fake.on_trial = device->fake.knows_policy = true;
    device->fake.policy = (struct policy_status){.roots = 2, .revoked = 2};
    device->fake.uuid = uuid;
    device->eid = eid;
    if (eid != 0) {
        device->fake.eid = device->fake.address = eid;
        device->fake.keeps_eid = true;
    }
    endpoint_init(&device->endpoint, 0, write_frame, card);
}

/* The last device, or the only one. */
static struct fake *last(struct card *card) {
    if (card->count == 0) add_device(card, 0);
    return &card->devices[card->count - 1].fake;
}

static void estrange(struct card *card) {
    static const uint8_t descriptors[] = {0, 0, 2, 0, 0x21, 0x43};
    struct fake *fake = last(card);
    fake->descriptors = descriptors;
    fake->descriptors_len = sizeof descriptors;
    fake->descriptor_count = 1;
}

static void cripple(struct card *card) {
    static const uint8_t damage[] = {PLDM_SUCCESS, 1, 1, 0, 0, 0, 0, 0, 0, 0};
    struct fake *fake = last(card);
    fake->rules[fake->rule_count++] = (struct fake_rule){PLDM_CANCEL_UPDATE, 1, FAKE_BODY, 0, damage, sizeof damage};
}

/* Sets of version "a" and "b"; one component 000Ah:0001h, active "1", stamp 1, pending "2", stamp 2. */
static void suspend(struct card *card) {
    static const uint8_t parameters[] = {
        PLDM_SUCCESS, 0,   0,   0,   0,   1,   0,   1, 1, 1, 1, 'a', 'b',
        0x0A,         0,   1,   0,   0,   1,   0,   0, 0, 1, 1, '2', '0',
        '2',          '6', '0', '1', '0', '1', 2,   0, 0, 0, 1, 1,   '2',
        '0',          '2', '6', '0', '2', '0', '1', 2, 0, 0, 0, 0,   0,
        '1',          '2',
    };
    struct fake *fake = last(card);
    fake->rules[fake->rule_count++] =
        (struct fake_rule){PLDM_GET_FIRMWARE_PARAMETERS, 0, FAKE_BODY, 0, parameters, sizeof parameters};
}

/* Policy 7 is in force, which wants updates begun by a person. */
static void by_hand(struct card *card) {
    struct fake *fake = last(card);
    fake->policy = (struct policy_status){
        .policy = {.sequence = 7, .flags = POLICY_BY_HAND, .components = 0xFF, .keys = 1}, .roots = 2, .revoked = 2};
}

static void refuse_policy(struct card *card) {
    last(card)->policy_code = POLICY_NOT_NEWER;
}

static void without_policy(struct card *card) {
    last(card)->knows_policy = false;
}

static const struct word {
    const char *word;
    void (*change)(struct card *card);
} words[] = {{"stranger", estrange},
             {"broken", cripple},
             {"pending", suspend},
             {"by-hand", by_hand},
             {"refuses-policy", refuse_policy},
             {"without-policy", without_policy}};

static bool take_word(struct card *card, const char *word) {
    unsigned number;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(word, words[i].word) != 0) continue;
        words[i].change(card);
        return true;
    }
    if (sscanf(word, "eid=%u", &number) == 1)
        add_device(card, (uint8_t)number);
    else if (sscanf(word, "stall=%u", &number) == 1)
        card->stall = number;
    else
        return card->slow = strcmp(word, "slow") == 0;
    return true;
}

int main(int argc, char **argv) {
    static struct card card;
    if (argc < 4) return 2;
    for (int i = 4; i < argc; i++)
        if (!take_word(&card, argv[i])) return 2;
    if (card.count == 0) add_device(&card, 0);
    card.dump = argv[3];
    const bool pty = strcmp(argv[1], "pty") == 0, sim = strcmp(argv[1], "sim") == 0;
    const int fd = pty ? open_pty(argv[2]) : listen_at(argv[2]);
    say("ready");
    if (pty) {
        serve_stream(&card, fd);
        return 0;
    }
    for (int client; (client = accept(fd, NULL, NULL)) >= 0; close(client))
        (sim ? serve_lockstep : serve_stream)(&card, client);
    return 1;
}
