// SPDX-License-Identifier: Apache-2.0
//
// The operator's policy at the card's door: parts in any order, updates that begin and end in between, restarts. The
// input's bytes are operations. What is judged is exactly what came in order, a policy comes into force only when the
// judge and its sequence number allow it, the journal has the same as the memory, and its number never falls. What a
// block, a status or a notice says is written again as it was read.
#include "fw/image/crc32.h"
#include "fw/mctp/mctp_control.h"
#include "fw/pldm/pldm_wire.h"
#include "fw/update/device.h"
#include "fw/update/notice.h"
#include "tests/fuzz/fuzz.h"

enum { PARTS = POLICY_BLOCK / POLICY_PART_MOST, RAM_BLOCKS = 8, RECORD = JOURNAL_RECORD };

static uint8_t ram[RAM_BLOCKS * IMAGE_BLOCK];
static uint8_t sectors[2][JOURNAL_COPIES][RECORD];
static uint8_t template[POLICY_BLOCK], sent[POLICY_BLOCK];  // the next policy; what came in order
static uint32_t have;
static enum image_trust trust;
static bool judged, fails;
static struct device device;
static struct board_policy policies[1];

const uint8_t board_trial_starts = 3;
uint32_t board_fused_minimum(uint8_t i) {
    return i;
}

static const uint8_t *read_block(void *ctx, uint32_t address) {
    static uint8_t blank[IMAGE_BLOCK];
    (void)ctx;
    (void)address;
    return blank;
}

static bool read_record(void *ctx, unsigned sector, unsigned copy, void *record) {
    (void)ctx;
    memcpy(record, sectors[sector][copy], RECORD);
    return true;
}

static bool erase(void *ctx, unsigned sector) {
    (void)ctx;
    if (!fails) memset(sectors[sector], 0xFF, sizeof sectors[sector]);
    return !fails;
}

static bool program(void *ctx, unsigned sector, unsigned copy, const void *record) {
    (void)ctx;
    memcpy(sectors[sector][copy], record, RECORD);
    return true;
}

static void request(void *ctx, uint16_t peer, uint8_t chunk_log2, uint8_t outstanding) {
    (void)ctx;
    (void)peer;
    (void)chunk_log2;
    (void)outstanding;
}

static void nothing(void *ctx) {
    (void)ctx;
}

static bool send_nothing(void *ctx, uint16_t peer, const uint8_t *msg, size_t len) {
    (void)ctx;
    (void)peer;
    (void)msg;
    (void)len;
    return true;
}

static void notify(void *ctx, uint8_t link, uint8_t eid, const uint8_t *msg, size_t len) {
    struct notice notice;
    (void)ctx;
    (void)link;
    REQUIRE(eid >= 8 && eid != 255);
    REQUIRE(notice_decode(msg + 4, len - 4, &notice) && notice.sequence == device.slots.journal.policy.sequence);
}

static void push(void *ctx, const struct order *order) {
    (void)ctx;
    (void)order;
    REQUIRE(false);  // nothing here is to be fetched or written by orders
}

static enum image_trust judge(void *ctx, uint8_t *block, const struct image *frame) {
    (void)ctx;
    REQUIRE(have == POLICY_BLOCK && memcmp(block, sent, POLICY_BLOCK) == 0);
    REQUIRE(frame->manifest_blocks == 1 && memcmp(frame->key_id, block + IMAGE_AT_KEY_ID, IMAGE_KEY_ID) == 0);
    memset(ram + 2 * IMAGE_BLOCK, 0x5A, sizeof ram - 2 * IMAGE_BLOCK);  // its room
    judged = true;
    return trust;
}

static void start(void) {
    static const struct journal_flash journal = {.read = read_record, .erase = erase, .program = program};
    static const uint32_t journal_at[2] = {0x1000, 0x2000};
    static const struct device_io io = {.read = read_block,
                                        .journal = &journal,
                                        .journal_address = journal_at,
                                        .request = request,
                                        .wait = nothing,
                                        .restart = nothing,
                                        .send = send_nothing,
                                        .notify = notify};
    static const struct engine engine = {
        .ram = ram, .first_free = 6, .ram_blocks = RAM_BLOCKS, .push = push, .judge = judge};
    static const struct board_component component = {
        .classification = 10, .identifier = 1, .slot_size = 0x40000, .slot = {0x40000, 0x80000}};
    static const struct pldm_descriptor vendor = {PLDM_DESCRIPTOR_PCI_VENDOR_ID, 2, (const uint8_t *)"\x34\x12"};
    static const struct board_identity identity = {
        .descriptors = &vendor, .descriptor_count = 1, .uuid = {1}, .policies = policies};
    device_init(&device, &engine, &io, &component, 1, &identity, 0, false);
    have = 0;
}

/* One request of PLDM. @return its completion code */
static uint8_t ask(uint8_t command, const uint8_t *body, size_t len) {
    static uint8_t instance;
    uint8_t msg[64], answer[256];
    const struct pldm_header header = {
        .request = true, .instance = instance, .type = PLDM_TYPE_FWUP, .command = command};
    instance = (instance + 1u) & 31u;
    const size_t head = pldm_header_encode(&header, msg, sizeof msg);
    if (len != 0) memcpy(msg + head, body, len);
    REQUIRE(fd_message(&device.fd, 1, 8, msg, head + len, answer, sizeof answer) > head);
    return answer[head];
}

static bool begin_update(void) {
    uint8_t body[32];
    const struct pldm_request_update_req update = {.max_transfer_size = 512,
                                                   .component_count = 1,
                                                   .max_outstanding = 1,
                                                   .set_version = {PLDM_STRING_ASCII, 1, (const uint8_t *)"1"}};
    const bool disabled = (device.slots.journal.policy.flags & POLICY_DISABLED) != 0;
    const bool idle = device.fd.state == PLDM_STATE_IDLE;
    const uint8_t code = ask(PLDM_REQUEST_UPDATE, body, pldm_request_update_req_encode(&update, body, sizeof body));
    REQUIRE((code == PLDM_SUCCESS) == (idle && !disabled));
    if (idle) have = 0;
    return code == PLDM_SUCCESS;
}

/* A part of whatever bytes; the model is told what the card must have of them. */
static void send_part(uint32_t offset, const uint8_t *bytes, size_t len) {
    static struct fuzz_arena arena;
    const struct policy before = device.slots.journal.policy;
    uint8_t *data = fuzz_room(&arena, POLICY_PART_HEAD + len);
    const bool repeated = device.upload.have != 0 && offset == device.upload.last && offset + len == device.upload.have;
    pldm_put16(data, (uint16_t)offset);
    if (len != 0) memcpy(data + POLICY_PART_HEAD, bytes, len);
    const bool fits = len != 0 && len <= POLICY_PART_MOST && offset + len <= POLICY_BLOCK;
    const bool next = offset == 0 || offset == have;
    if (fits && next && !repeated && device.fd.state == PLDM_STATE_IDLE) {
        memcpy(sent + offset, bytes, len);
        have = offset + (uint32_t)len;
    }
    judged = false;
    const uint8_t code = device_policy_part(&device, data, POLICY_PART_HEAD + len);
    const struct policy *after = &device.slots.journal.policy;
    REQUIRE(fits || code == MCTP_ERROR_INVALID_LENGTH || code == MCTP_ERROR_INVALID_DATA);
    if (memcmp(&before, after, sizeof before) == 0) return;
    REQUIRE(judged && trust == IMAGE_AUTHENTIC && !fails && code == MCTP_SUCCESS);
    REQUIRE(after->sequence > before.sequence && (after->keys >> after->signer & 1) != 0);
    REQUIRE(before.sequence == 0 || (before.keys >> after->signer & 1) != 0);
}

static void send_next(void) {
    const uint32_t offset = have < POLICY_BLOCK ? have / POLICY_PART_MOST * POLICY_PART_MOST : 0;
    send_part(offset, template + offset, POLICY_PART_MOST);
}

static void check_journal(void) {
    struct policy_status status, got;
    uint8_t data[POLICY_STATUS];
    struct journal stored;
    static const struct journal_flash reader = {.read = read_record};
    (void)journal_load(&stored, &reader);
    device_policy(&device, &status);
    REQUIRE(memcmp(&stored.policy, &status.policy, sizeof stored.policy) == 0);
    REQUIRE(policy_status_encode(&status, data, sizeof data) == sizeof data);
    REQUIRE(policy_status_decode(data, sizeof data, &got));
    REQUIRE(memcmp(&got.policy, &status.policy, sizeof got.policy) == 0);
    REQUIRE(got.roots == status.roots && got.revoked == status.revoked);
}

/* The block to be sent from now on: fields from the input, a root's name, zeroes. */
static void fill(struct fuzz_input *in) {
    memset(template, 0, sizeof template);
    memcpy(template, "SLP1\1", 5);
    template[IMAGE_AT_KEY_ID + 1] = (uint8_t)(1 + fuzz_u8(in) % 4);  // tests/fw/roots.c has three
    template[IMAGE_AT_KEY_ID] = (uint8_t)(template[IMAGE_AT_KEY_ID + 1] * 0x10);
    for (unsigned i = 6; i < 17; i++) template[i] = fuzz_u8(in);
    struct policy_record record;
    static uint8_t written[POLICY_BLOCK];
    if (!policy_parse(template, &record)) return;
    REQUIRE(policy_encode(&record, written));
    memcpy(written + IMAGE_AT_KEY_ID, template + IMAGE_AT_KEY_ID, IMAGE_KEY_ID);
    REQUIRE(memcmp(written, template, sizeof written) == 0);
}

static void any_part(struct fuzz_input *in) {
    const uint32_t offset = fuzz_u16(in);
    size_t len = fuzz_u8(in) * 2u;
    static uint8_t bytes[512];
    memset(bytes, 0, sizeof bytes);
    if (offset < POLICY_BLOCK)
        memcpy(bytes, template + offset, POLICY_BLOCK - offset < len ? POLICY_BLOCK - offset : len);
    send_part(offset, bytes, len);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len) {
    struct fuzz_input in = {bytes, len};
    memset(sectors, 0xFF, sizeof sectors);
    memset(sent, 0, sizeof sent);
    trust = IMAGE_AUTHENTIC;
    fails = false;
    start();
    fill(&in);
    while (in.left != 0) {
        const uint8_t operation = fuzz_u8(&in);
        switch (operation & 7) {
            case 0:
                fill(&in);
                break;
            case 1:
                any_part(&in);
                break;
            case 2:
                (void)begin_update();
                break;
            case 3:
                (void)ask(PLDM_CANCEL_UPDATE, NULL, 0);
                break;
            case 4:
                trust = (enum image_trust)(operation >> 3) % IMAGE_TRUSTS;
                break;
            case 5:
                fails = (operation & 8) != 0;
                break;
            case 6:
                start();
                break;
            default:
                for (unsigned i = 0; i <= operation >> 3 && i < PARTS; i++) send_next();
        }
        check_journal();
    }
    return 0;
}
