// SPDX-License-Identifier: Apache-2.0
//
// The firmware device on the stand-in engine, with an update agent that speaks PLDM to it, one message at a time.
#pragma once
#include "fw/update/device.h"

#include "fw/boot/handover.h"
#include "fw/boot/select.h"
#include "fw/pldm/pldm.h"
#include "fw/update/notice.h"
#include "tests/fw/update_fake.h"

#define AGENT 8u

static const struct board_component components[] = {
    {.classification = 0x000A,
     .identifier = 1,
     .activation_methods = PLDM_ACTIVATION_SELF_CONTAINED,
     .load_address = 0x10000000,
     .payload_max = 64512,
     .slot_size = 0x40000,
     .slot = {0x100000, 0x140000}},
    {.classification = 0x000A,
     .identifier = 2,
     .activation_methods = PLDM_ACTIVATION_SELF_CONTAINED,
     .payload_max = 0x100000,
     .slot_size = 0x100000,
     .slot = {0x200000, 0x300000}},
};
static const uint32_t journal_at[2] = {0x20000, 0x21000};
static const struct pldm_descriptor descriptor = {PLDM_DESCRIPTOR_PCI_VENDOR_ID, 2, (const uint8_t *)"\x34\x12"};
static struct board_identity identity;
static struct board_policy policies[2];

static struct fake fake;
static struct device device;
static uint32_t now;
static uint8_t instance;
static uint8_t sent[16];  // the device's last own request
static size_t sent_len;
static bool restarted;
static struct notice noticed;  // the last one
static unsigned notices;
static bool journal_fails;
static uint8_t chunk_log2, outstanding;
static uint16_t peer;
static const struct board_component *board;  // the table in use: components, or one like it
static uint32_t fused, security_version;     // of the board, of images made from now on

const uint8_t board_trial_starts = 3;

uint32_t board_fused_minimum(uint8_t i) {
    return i == 0 ? fused : 0;
}

static const uint8_t *io_read(void *ctx, uint32_t address) {
    (void)ctx;
    CHECK_EQ(fake.queued, 0);
    return fake.flash + address;
}

static uint8_t *journal_page(unsigned sector, unsigned copy) {
    return fake.flash + journal_at[sector] + copy * 256;
}

static bool journal_read(void *ctx, unsigned sector, unsigned copy, void *record) {
    (void)ctx;
    CHECK_EQ(fake.queued, 0);
    memcpy(record, journal_page(sector, copy), JOURNAL_RECORD);
    return true;
}

static bool journal_erase(void *ctx, unsigned sector) {
    (void)ctx;
    CHECK_EQ(fake.queued, 0);
    fake.journal_erased++;
    memset(fake.flash + journal_at[sector], 0xFF, 4096);
    return !journal_fails;
}

static bool journal_program(void *ctx, unsigned sector, unsigned copy, const void *record) {
    (void)ctx;
    CHECK_EQ(fake.queued, 0);
    if (!journal_fails) memcpy(journal_page(sector, copy), record, JOURNAL_RECORD);
    return !journal_fails;
}

static void io_request(void *ctx, uint16_t to, uint8_t log2, uint8_t requests) {
    (void)ctx;
    peer = to;
    outstanding = requests;
    chunk_log2 = log2;
}

static void io_wait(void *ctx) {
    (void)ctx;
    unsigned done, reason;
    bool stopped;
    if (CHECK(fake_run(&fake, &done, &stopped, &reason))) device_engine(&device, done, stopped, reason);
}

static void io_restart(void *ctx) {
    (void)ctx;
    restarted = true;
}

static bool io_send(void *ctx, uint16_t to, const uint8_t *msg, size_t len) {
    (void)ctx;
    CHECK_EQ(to, AGENT);
    memcpy(sent, msg, len);
    sent_len = len;
    return true;
}

static void io_notify(void *ctx, uint8_t link, uint8_t eid, const uint8_t *msg, size_t len) {
    (void)ctx;
    CHECK(link == 1 && eid == 33);
    notices++;
    CHECK(notice_decode(msg + 4, len - 4, &noticed));
}

static const struct journal_flash journal = {.read = journal_read, .erase = journal_erase, .program = journal_program};
static const struct device_io io = {.read = io_read,
                                    .journal = &journal,
                                    .journal_address = journal_at,
                                    .request = io_request,
                                    .wait = io_wait,
                                    .restart = io_restart,
                                    .send = io_send,
                                    .notify = io_notify};

/* The card starts; @p handover as the boot ROM's. */
static void power_on(uint32_t handover) {
    fake.queued = 0;
    fake.aborted = restarted = journal_fails = false;
    sent_len = 0;
    memset(&device, 0xA5, sizeof device);
    device_init(&device, &fake.engine, &io, board, 2, &identity, handover, false);
}

static struct image image_of(unsigned component, const char *version, uint32_t stamp, uint32_t payload) {
    return (struct image){.payload_size = payload,
                          .stamp = stamp,
                          .load_address = board[component].load_address,
                          .security_version = security_version,
                          .classification = 0x000A,
                          .identifier = board[component].identifier,
                          .version_type = PLDM_STRING_ASCII,
                          .version_length = (uint8_t)strlen(version),
                          .version = (const uint8_t *)version};
}

/* The image is in the slot (BOARD_GOLDEN: the golden one) as the factory would put it there. */
static void install(unsigned component, unsigned slot, const char *version, uint32_t stamp) {
    const uint32_t base = slot == BOARD_GOLDEN ? board[component].golden : board[component].slot[slot];
    fake_image(&fake, image_of(component, version, stamp, 9000), stamp);
    for (uint32_t i = 0; i < 2; i++)
        memcpy(fake.flash + slot_header(base, board[component].slot_size, i), fake.image + i * IMAGE_BLOCK,
               IMAGE_BLOCK);
    memcpy(fake.flash + base, fake.image + 2 * IMAGE_BLOCK, fake.image_size - 2 * IMAGE_BLOCK);
}

static void factory_of(const struct board_component *table) {
    fake_init(&fake);
    board = table;
    fused = security_version = 0;
    fake.journal_base = journal_at[0];
    identity = (struct board_identity){
        .descriptors = &descriptor,
        .descriptor_count = 1,
        .capabilities = PLDM_CAPABILITY_PARTIAL_UPDATE,
        .policies = policies,
        .link_bytes_per_second = 100000,
        .trial_ms = 60000,
        .quiesce_ms = 1500,
        .restart_ms = 3000,
    };
    memset(policies, 0, sizeof policies);
    install(0, 0, "1.0.0", 10);
    install(1, 0, "1.1.0", 11);
    now = 1000;
    power_on(0);
}

static void factory(void) {
    factory_of(components);
}

/* One request. @return the answer's body length; its completion code is body[0] */
static uint8_t body[1024];
static size_t ask(uint8_t command, const uint8_t *data, size_t len) {
    uint8_t msg[300], answer[1024];
    struct pldm_header header = {.request = true, .instance = instance, .type = PLDM_TYPE_FWUP, .command = command};
    instance = (instance + 1u) & 31u;
    size_t head = pldm_header_encode(&header, msg, sizeof msg);
    if (len != 0) memcpy(msg + head, data, len);
    size_t n = fd_message(&device.fd, now, AGENT, msg, head + len, answer, sizeof answer);
    if (!CHECK(n > head)) exit(1);
    memcpy(body, answer + head, n - head);
    (void)device_tick(&device, ++now);
    return n - head;
}

static uint8_t request_update_offering(uint32_t max_transfer, uint8_t max_outstanding) {
    uint8_t data[64] = {0};
    const struct pldm_request_update_req req = {.max_transfer_size = max_transfer,
                                                .component_count = 1,
                                                .max_outstanding = max_outstanding,
                                                .set_version = {PLDM_STRING_ASCII, 3, (const uint8_t *)"set"}};
    ask(PLDM_REQUEST_UPDATE, data, pldm_request_update_req_encode(&req, data, sizeof data));
    return body[0];
}

static uint8_t request_update(uint32_t max_transfer) {
    return request_update_offering(max_transfer, 1);
}

static struct pldm_string text(const char *version) {
    return (struct pldm_string){PLDM_STRING_ASCII, (uint8_t)strlen(version), (const uint8_t *)version};
}

/* @return ComponentResponseCode */
static uint8_t pass(unsigned component, const char *version, uint32_t stamp, uint8_t flag) {
    uint8_t data[300] = {0};
    const struct pldm_pass_component_table_req req = {.transfer_flag = flag,
                                                      .classification = 0x000A,
                                                      .identifier = board[component].identifier,
                                                      .stamp = stamp,
                                                      .version = text(version)};
    ask(PLDM_PASS_COMPONENT_TABLE, data, pldm_pass_component_table_req_encode(&req, data, sizeof data));
    CHECK_EQ(body[0], PLDM_SUCCESS);
    return body[2];
}

/* @return ComponentCompatibilityResponseCode */
static uint8_t update(unsigned component, const char *version, uint32_t stamp, uint32_t size, bool force) {
    uint8_t data[300] = {0};
    const struct pldm_update_component_req req = {.classification = 0x000A,
                                                  .identifier = board[component].identifier,
                                                  .stamp = stamp,
                                                  .image_size = size,
                                                  .options = force ? PLDM_UPDATE_FORCE : 0,
                                                  .version = text(version)};
    ask(PLDM_UPDATE_COMPONENT, data, pldm_update_component_req_encode(&req, data, sizeof data));
    CHECK_EQ(body[0], PLDM_SUCCESS);
    return body[2];
}

static void run_engine(void) {
    unsigned done, reason;
    bool stopped;
    while (check_ok && fake_run(&fake, &done, &stopped, &reason)) device_engine(&device, done, stopped, reason);
    (void)device_tick(&device, ++now);
}

/* The agent's answer to the device's own request @p command. @return the result that it reported */
static uint8_t acknowledge(uint8_t command) {
    if (!CHECK(sent_len >= 4) || !CHECK_EQ(sent[2], command)) return 0xFF;
    uint8_t msg[4] = {sent[0] & 31u, sent[1], sent[2], PLDM_SUCCESS}, result = sent[3];
    sent_len = 0;
    fd_response(&device.fd, now, AGENT, msg, sizeof msg);
    (void)device_tick(&device, ++now);
    return result;
}

static uint8_t activate(bool self_contained) {
    const uint8_t data = self_contained;
    ask(PLDM_ACTIVATE_FIRMWARE, &data, 1);
    return body[0];
}

/* Up to READY XFER with component @p c applied, or to the first refusal. @return the result that was not zero */
static uint8_t transfer_all(unsigned c, const char *version, uint32_t stamp, uint32_t payload) {
    fake_image(&fake, image_of(c, version, stamp, payload), stamp);
    fake.slot_base = board[c].slot[slots_target(&device.slots, (uint8_t)c)];
    fake.slot_size = board[c].slot_size;
    CHECK_EQ(update(c, version, stamp, fake.image_size, false), 0);
    run_engine();
    uint8_t result = acknowledge(PLDM_TRANSFER_COMPLETE);
    if (result != 0) return result;
    run_engine();
    result = acknowledge(PLDM_VERIFY_COMPLETE);
    if (result != 0) return result;
    CHECK_EQ(device.fd.state, PLDM_STATE_APPLY);
    run_engine();
    result = acknowledge(PLDM_APPLY_COMPLETE);
    if (result != 0) return result;
    CHECK_EQ(device.fd.state, PLDM_STATE_READY_XFER);
    return result;
}

static uint8_t update_one(unsigned c, const char *version, uint32_t stamp, uint32_t payload) {
    CHECK_EQ(request_update(4096), PLDM_SUCCESS);
    CHECK_EQ(pass(c, version, stamp, PLDM_TRANSFER_START_AND_END), 0);
    return transfer_all(c, version, stamp, payload);
}

/* Holds entry @p c of GetFirmwareParameters against the versions; NULL: no pending one. */
static void inventory(unsigned c, const char *active, const char *pending) {
    struct pldm_get_firmware_parameters_resp resp;
    struct pldm_component entry;
    size_t n = ask(PLDM_GET_FIRMWARE_PARAMETERS, NULL, 0);
    if (!CHECK_EQ(pldm_get_firmware_parameters_resp_decode(body, n, &resp), PLDM_SUCCESS)) return;
    struct pldm_iterator it = pldm_components(&resp);
    for (unsigned i = 0; i <= c; i++)
        if (!CHECK(pldm_component_next(&it, &entry))) return;
    if (CHECK_EQ(entry.active.version.len, strlen(active)))
        CHECK_MEM(entry.active.version.bytes, active, strlen(active));
    CHECK_EQ(entry.pending.version.len, pending == NULL ? 0 : strlen(pending));
    if (pending != NULL && check_ok) CHECK_MEM(entry.pending.version.bytes, pending, strlen(pending));
    CHECK_EQ(entry.capabilities, PLDM_COMPONENT_AUTO_APPLY);
}

static bool journal_peek(void *ctx, unsigned sector, unsigned copy, void *record) {
    (void)ctx;
    memcpy(record, journal_page(sector, copy), JOURNAL_RECORD);
    return true;
}

/* The journal as the boot ROM would find it now. */
static inline struct journal journal_now(void) {
    static const struct journal_flash reader = {.read = journal_peek};
    struct journal loaded;
    journal_load(&loaded, &reader);
    return loaded;
}

/* The slot that it would start first. */
static inline uint8_t journal_next(unsigned c) {
    const struct journal loaded = journal_now();
    const struct journal_entry *entry = &loaded.entry[c];
    return journal_waits(entry) ? entry->pending : journal_active(entry);
}

/* A start of the card by the boot ROM's own rules; bit s of @p loads: the firmware of slot s can be loaded. */
static inline void boot(unsigned loads) {
    const struct select_board has = {.slots = (uint8_t)(board_two_slots(&board[0]) ? 3 : 1) | (board[0].golden != 0)
                                                                                                  << 2,
                                     .starts = board_trial_starts};
    struct journal loaded = journal_now();
    unsigned bad = 0;
    fake.queued = 0;
    journal_fails = false;
    for (;;) {
        const struct select_choice choice = select_next(&loaded, &has, bad);
        if (choice.store) CHECK(journal_store(&loaded, &journal));
        if (!CHECK(choice.slot != SELECT_NOTHING)) return;
        if ((loads >> choice.slot & 1u) != 0) {
            power_on(handover_pack(choice.slot, choice.trial, loaded.attempts));
            return;
        }
        bad |= 1u << choice.slot;
    }
}

/* The card starts, the first packet comes, and what is on trial is confirmed. */
static inline void boot_healthy(void) {
    boot(7);
    run_engine();
    device_heard(&device);
    CHECK(!device.slots.trial);
}
