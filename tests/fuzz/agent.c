// SPDX-License-Identifier: Apache-2.0
//
// The update agent, in simulated time, with a device that does what the input says: it answers rightly, with any code
// or body, or not at all; it sends requests of its own and messages nobody asked for. Whatever it does, the agent sends
// messages within its limits, comes to an end once the device falls silent, and then says why.
#include "host/agent.h"

#include "host/text.h"
#include "tests/fuzz/fuzz.h"
#include "tests/host/fake_device.h"

enum { SIZE = 200, ANSWERS = 1000, BODY_MAX = 60, SILENCE_S = 300000, TAG = 7 };

static struct fake fake;
static struct fuzz_input in;
static unsigned answers;
static struct mctp_message asked; /* the agent's last request */
static enum { UPDATE, INVENTORY, CANCEL, OPERATIONS } operation;

/* The device's answer to a request: as the next byte of the input says. */
static void take(void *ctx, const struct mctp_message *m) {
    static uint8_t body[256];
    (void)ctx;
    REQUIRE(m->len >= 2 && m->len <= PLDM_HEADER_SIZE + 1 + AGENT_MAX_TRANSFER + 64 && m->tag <= TAG);
    if (m->tag_owner) asked = *m;
    if (!m->tag_owner && fake.offset + m->len > FAKE_IMAGE_MAX) return; /* more than the device has room for */
    if (in.left == 0 || answers++ == ANSWERS) in.left = 0;
    if (in.left == 0) return;
    const uint8_t how = m->tag_owner && m->type == MCTP_TYPE_PLDM ? fuzz_u8(&in) : 0;
    if (how == UINT8_MAX) return;
    fake.rule_count = 0;
    if (how >= 0xC0) {
        size_t len = how & BODY_MAX;
        const uint8_t *bytes = fuzz_bytes(&in, &len);
        memcpy(body + 1, bytes, len);
        body[0] = how & 1 ? PLDM_SUCCESS : fuzz_u8(&in);
        fake.rules[fake.rule_count++] = (struct fake_rule){m->bytes[2], 0, FAKE_BODY, 0, body, 1 + len};
    } else if (how >= 0x80) {
        fake_rule(&fake, m->bytes[2], 0, FAKE_CODE, how);
    }
    fake_take(&fake, m);
}

static void hear(void *ctx, const struct agent_event *event) {
    (void)ctx;
    REQUIRE(event->component < FAKE_COMPONENTS);
    if (event->kind == AGENT_DATA && fake.config.personality == AGENT_SLUICE)
        REQUIRE(event->offset + event->len <= event->size + PLDM_BASELINE_TRANSFER_SIZE);
}

static void pass(void) {
    static const uint32_t times[] = {1, 2, 10, 100, 1000, 5000, 75000, 200000};
    fake_pass(&fake, times[fuzz_u8(&in) & 7]);
}

/* A request of the device, at any time. */
static void request(void) {
    const uint8_t how = fuzz_u8(&in);
    size_t len = how & 15;
    const uint8_t *body = fuzz_bytes(&in, &len);
    if (fake.queue_len < FAKE_QUEUE / 2)
        fake_request(&fake, (uint8_t)(PLDM_GET_PACKAGE_DATA + (how >> 4)), body, len, fuzz_u8(&in) & 1);
    pass();
}

/* A message out of nothing; often with what an answer to the request under way would have at its head. */
static void message(void) {
    static struct fuzz_arena arena;
    const uint8_t how = fuzz_u8(&in);
    struct mctp_message m = {.destination = how & 1 ? fake.config.own_eid : fuzz_u8(&in),
                             .source = how & 2 ? FAKE_EID : fuzz_u8(&in),
                             .tag = how & 4 ? asked.tag : fuzz_u8(&in) & TAG,
                             .tag_owner = (how & 8) != 0,
                             .type = how & 16 ? asked.type : fuzz_u8(&in)};
    m.bytes = fuzz_message(&in, &arena, &m.len);
    if (how & 32 && m.len != 0) arena.bytes[sizeof arena.bytes - m.len] = fake.log_len & 31;
    agent_receive(fake.agent, fake.now, &m);
}

/* The device's own behaviour. */
static void device(void) {
    const uint8_t which = fuzz_u8(&in), value = fuzz_u8(&in);
    uint8_t *const bytes[] = {&fake.state,      &fake.percent,    &fake.results[0],
                              &fake.results[1], &fake.results[2], &fake.will_get_package_data};
    if (which < sizeof bytes / sizeof *bytes) *bytes[which] = value;
    if (which == 6) fake.percent_moves = value & 1;
    if (which == 7) fake.by_hand = value & 1;
    if (which == 8) fake.meta_data_len = value % 22;
    if (which == 9) fake.methods = value;
    if (which == 10) fake.delay_s = fake.estimated_s = value;
    if (which == 11) fake.next_versions[value & 1] = "2.1";
    if (which == 12) fake.restart_ms = value * 1000U;
}

static void abort_it(void) {
    if (fuzz_u8(&in) == UINT8_MAX) agent_abort(fake.agent, fake.now, "aborted");
}

static void configure(void) {
    const uint8_t how = fuzz_u8(&in), limits = fuzz_u8(&in);
    operation = how % OPERATIONS;
    fake.config.personality = how / OPERATIONS % (AGENT_CALIPTRA + 1);
    fake.config.device_has_eid = (how & 128) != 0;
    fake.config.max_transfer = limits & 1 ? 4096 : 64;
    fake.config.force = (limits & 2) != 0;
    fake.config.activate = (limits >> 2 & 3) % (AGENT_ACTIVATE_NOT + 1);
    fake.config.tries = 1 + (limits >> 4 & 1);
    fake.config.poll_ms = 10000;
}

static void start(void) {
    static const uint8_t vendor[] = {0x34, 0x12}, model[] = {0x01, 0x53}, revision[] = {0x01, 0x00};
    static const uint8_t both[] = {3}, image[SIZE], data[] = "package data";
    static struct pldm_descriptor descriptors[] = {{PLDM_DESCRIPTOR_PCI_VENDOR_ID, 2, vendor},
                                                   {PLDM_DESCRIPTOR_PCI_DEVICE_ID, 2, model},
                                                   {PLDM_DESCRIPTOR_PCI_SUBSYSTEM_ID, 2, revision}};
    static struct pkg_device record;
    static struct pkg_component components[FAKE_COMPONENTS];
    static struct pkg package = {
        .bitmap_bits = 8, .device_count = 1, .component_count = 2, .devices = &record, .components = components};
    const struct pldm_string v2 = {PLDM_STRING_ASCII, 3, (const uint8_t *)"2.0"};
    const struct agent_io io = {.ctx = &fake, .send = take, .event = hear};
    const uint8_t how = fuzz_u8(&in);
    package.version = v2;
    components[0] = (struct pkg_component){10, 1, 2, PKG_USE_STAMP, 2, 0, SIZE, v2, image};
    components[1] = (struct pkg_component){10, 2, 2, PKG_FORCE_UPDATE, 2, 0, SIZE, v2, image};
    record = (struct pkg_device){how & 1, v2, both, descriptors, 3, how & 2 ? sizeof data : 0, data};
    fake.agent = agent_new(&fake.config, &io);
    REQUIRE(fake.agent != NULL);
    if (operation == UPDATE) agent_start_update(fake.agent, fake.now, &package);
    if (operation == INVENTORY) agent_start_inventory(fake.agent, fake.now);
    if (operation == CANCEL) agent_start_cancel(fake.agent, fake.now);
}

/* What the device called itself can be printed. */
static void print_inventory(void) {
    const struct agent_inventory *inventory = agent_inventory(fake.agent);
    char text[TEXT_STRING];
    REQUIRE(inventory->component_count <= AGENT_MAX_COMPONENTS && inventory->descriptor_count <= AGENT_MAX_DESCRIPTORS);
    for (size_t i = 0; agent_result(fake.agent) == AGENT_DONE && i < inventory->component_count; i++) {
        string_format(&inventory->components[i].active.version, text);
        string_format(&inventory->components[i].pending.version, text);
    }
}

/* An agent in the field may wait for ever, or call an update done that was not. */
static void require_end(void) {
    size_t count;
    const struct agent_outcome *outcomes = agent_outcomes(fake.agent, &count);
    const enum agent_result result = agent_result(fake.agent);
    REQUIRE(agent_deadline(fake.agent) == UINT64_MAX);
    REQUIRE(count <= AGENT_MAX_COMPONENTS);
    if (fake.config.personality != AGENT_SLUICE) return;
    REQUIRE(result == AGENT_DONE || result == AGENT_FAILED);
    REQUIRE((result == AGENT_DONE) == (agent_error(fake.agent)[0] == '\0'));
    for (size_t i = 0; operation == UPDATE && result == AGENT_DONE && i < count; i++)
        REQUIRE(outcomes[i].fate == AGENT_UPDATED);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len) {
    static void (*const steps[])(void) = {pass, request, pass, message, pass, device, pass, abort_it};
    in = (struct fuzz_input){bytes, len};
    answers = 0;
    fake_init(&fake);
    configure();
    start();
    while (in.left != 0 && agent_result(fake.agent) == AGENT_RUNNING) {
        steps[fuzz_u8(&in) & 7]();
    }
    in.left = 0;
    fake_pass(&fake, SILENCE_S * UINT64_C(1000));
    require_end();
    print_inventory();
    fake_free(&fake);
    return 0;
}
