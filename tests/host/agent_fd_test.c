// SPDX-License-Identifier: Apache-2.0
//
// The project's update agent and its firmware device (fw/pldm/fd.h) with each other, over a link that loses and repeats
// messages, in simulated time. Each campaign prints its seed; SEED=n repeats one.
#include <stdlib.h>

#include "fw/mctp/mctp_control.h"
#include "host/agent.h"
#include "tests/check.h"
#include "tests/fw/fd_rig.h"

#define NS_PER_MS UINT64_C(1000000)
enum { AGENT_EID = 8, QUEUE = 32, MESSAGE = 600, LATENCY_MS = 2, SIZE = 4096 };

static struct world {
    struct rig rig;
    struct agent *agent;
    uint64_t ms;
    uint64_t random;
    unsigned loss, repeats; /* per mille */
    bool updated;
    struct mctp_endpoint endpoint;
    struct {
        uint64_t at;
        struct mctp_message m;
        uint8_t bytes[MESSAGE];
    } queue[QUEUE];
    size_t queued;
    uint8_t tag;
} w;

static unsigned dice(void) {
    w.random = w.random * UINT64_C(6364136223846793005) + 1442695040888963407u;
    return (unsigned)(w.random >> 40) % 1000;
}

static void put(const struct mctp_message *m) {
    if (w.queued == QUEUE || m->len > MESSAGE) abort();
    w.queue[w.queued].at = w.ms + LATENCY_MS;
    w.queue[w.queued].m = *m;
    memcpy(w.queue[w.queued++].bytes, m->bytes, m->len);
}

/* The link: in order, but with losses and repetitions. */
static void carry(void *ctx, const struct mctp_message *m) {
    (void)ctx;
    if (dice() < w.loss) return;
    put(m);
    if (dice() < w.repeats) put(m);
}

static bool fd_sends(void *ctx, uint16_t peer, const uint8_t *msg, size_t len) {
    (void)ctx;
    w.tag = (w.tag + 1) & 7;
    const struct mctp_message m = {(uint8_t)peer, w.endpoint.eid, w.tag, true, MCTP_TYPE_PLDM, msg, len};
    carry(NULL, &m);
    return true;
}

static void component(void *ctx, uint8_t i, struct pldm_component *out) {
    (void)ctx;
    out->classification = 10;
    out->identifier = (uint16_t)(1 + i);
    out->active.version = (struct pldm_string){PLDM_STRING_ASCII, 2, (const uint8_t *)(w.updated ? "v2" : "v1")};
    out->activation_methods = PLDM_ACTIVATION_SELF_CONTAINED;
}

static void activate_self(void *ctx) {
    (void)ctx;
    w.updated = true;
    fd_activate_done(&w.rig.fd, true);
}

static void answer(const struct mctp_message *to, const uint8_t *bytes, size_t len) {
    const struct mctp_message m = {to->source, w.endpoint.eid, to->tag, false, to->type, bytes, len};
    if (len != 0) carry(NULL, &m);
}

static void device_takes(const struct mctp_message *m) {
    uint8_t out[64];
    if (m->type == MCTP_TYPE_CONTROL) {
        answer(m, out, mctp_control_message(&w.endpoint, m->bytes, m->len, out, sizeof out));
    } else if (!m->tag_owner) {
        fd_response(&w.rig.fd, w.rig.now, m->source, m->bytes, m->len);
    } else if ((m->bytes[1] & 63) != PLDM_TYPE_FWUP) {
        answer(m, out, pldm_answer_error(m->bytes, PLDM_ERROR_INVALID_PLDM_TYPE, out, sizeof out));
    } else {
        w.rig.answer_len =
            fd_message(&w.rig.fd, w.rig.now, m->source, m->bytes, m->len, w.rig.answer, sizeof w.rig.answer);
        answer(m, w.rig.answer, w.rig.answer_len);
    }
}

static void deliver(void) {
    uint8_t bytes[MESSAGE];
    struct mctp_message m = w.queue[0].m;
    memcpy(bytes, w.queue[0].bytes, m.len);
    m.bytes = bytes;
    w.queued--;
    memmove(&w.queue[0], &w.queue[1], w.queued * sizeof w.queue[0]);
    if (m.destination == AGENT_EID)
        agent_receive(w.agent, w.ms * NS_PER_MS, &m);
    else
        device_takes(&m);
}

static void begin(const struct pkg *package, uint64_t seed, unsigned loss, unsigned repeats) {
    const struct agent_config config = agent_defaults();
    const struct agent_io io = {.send = carry};
    memset(&w, 0, sizeof w);
    rig_init(&w.rig);
    w.rig.ops.component = component;
    w.rig.ops.send = fd_sends;
    w.rig.ops.activate_self = activate_self;
    w.rig.done_at_once = true;
    w.random = seed;
    w.loss = loss;
    w.repeats = repeats;
    w.agent = agent_new(&config, &io);
    if (w.agent == NULL) abort();
    agent_start_update(w.agent, 0, package);
}

/* Millisecond steps to the next thing due; ends when the agent is done and the device at rest, or after an hour. */
static void run(void) {
    while (w.ms < 3600000) {
        const uint32_t fd_ms = fd_tick(&w.rig.fd, w.rig.now);
        if (agent_result(w.agent) != AGENT_RUNNING && w.queued == 0 && w.rig.fd.state == PLDM_STATE_IDLE) return;
        uint64_t next = agent_deadline(w.agent) == UINT64_MAX ? UINT64_MAX : agent_deadline(w.agent) / NS_PER_MS;
        if (fd_ms != UINT32_MAX && w.ms + fd_ms < next) next = w.ms + fd_ms;
        if (w.queued != 0 && w.queue[0].at < next) next = w.queue[0].at;
        if (next == UINT64_MAX) return;
        if (next > w.ms) {
            w.rig.now += (uint32_t)(next - w.ms);
            w.ms = next;
        }
        if (w.queued != 0 && w.queue[0].at <= w.ms) deliver();
        agent_tick(w.agent, w.ms * NS_PER_MS);
    }
}

static bool at_rest(uint64_t seed) {
    if (agent_result(w.agent) != AGENT_RUNNING && w.rig.fd.state == PLDM_STATE_IDLE) return true;
    printf("# SEED=%llu: agent %d (%s), device in state %u after %llu ms\n", (unsigned long long)seed,
           agent_result(w.agent), agent_error(w.agent), w.rig.fd.state, (unsigned long long)w.ms);
    return false;
}

/* How many of @p count campaigns end with the new version running. */
static unsigned campaigns(const struct pkg *package, uint64_t seed, unsigned count, unsigned loss, unsigned repeats) {
    unsigned done = 0;
    for (unsigned i = 0; i < count; i++) {
        begin(package, seed + i, loss, repeats);
        run();
        CHECK(at_rest(seed + i));
        CHECK(agent_result(w.agent) != AGENT_DONE || w.updated);
        done += agent_result(w.agent) == AGENT_DONE;
        agent_free(w.agent);
    }
    return done;
}

int main(void) {
    static const uint8_t vendor[] = {0x34, 0x12}, both[] = {3}, image[SIZE];
    const struct pldm_string v2 = {PLDM_STRING_ASCII, 2, (const uint8_t *)"v2"};
    struct pldm_descriptor descriptor = {PLDM_DESCRIPTOR_PCI_VENDOR_ID, 2, vendor};
    struct pkg_device record = {0, v2, both, &descriptor, 1, 0, NULL};
    struct pkg_component components[] = {{10, 1, 2, PKG_USE_STAMP, 2, 0, SIZE, v2, image},
                                         {10, 2, 2, PKG_USE_STAMP, 2, 0, SIZE, v2, image}};
    const struct pkg package = {
        .bitmap_bits = 8, .device_count = 1, .component_count = 2, .devices = &record, .components = components};
    const char *text = getenv("SEED");
    const uint64_t seed = text != NULL ? strtoull(text, NULL, 0) : 1;
    const unsigned count = text != NULL ? 1 : 200;
    printf("# SEED=%llu, %u campaigns\n", (unsigned long long)seed, count);
    TEST("given a good link / when our agent updates our device / then the new version runs")
    CHECK_EQ(campaigns(&package, seed, 1, 0, 0), 1);
    TEST("given a link that repeats each tenth message / when updated / then the new version runs every time")
    CHECK_EQ(campaigns(&package, seed, count, 0, 100), count);
    TEST("given a link that loses each hundredth message / when updated / then the new version runs every time")
    CHECK_EQ(campaigns(&package, seed, count, 10, 10), count);
    TEST("given a link that loses each fifth message / when updated / then both come to rest")
    printf("# %u of %u updated\n", campaigns(&package, seed, count, 200, 50), count);
    return check_result();
}
