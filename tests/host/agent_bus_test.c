// SPDX-License-Identifier: Apache-2.0
//
// Several devices on one bus, an agent for each, all with the same EID of their own: every message is offered to every
// agent. One package has a record for each kind of device. Every time is simulated.
#include <stdlib.h>

#include "tests/check.h"
#include "tests/host/fake_device.h"
#include "tests/host/fake_package.h"

enum { DEVICES = 3, SECONDS = 120 };

static const uint8_t kind_a[] = {0, 0, 2, 0, 0x34, 0x12, 0, 1, 2, 0, 0x01, 0x53};
static const uint8_t kind_b[] = {0, 0, 2, 0, 0x34, 0x12, 0, 1, 2, 0, 0x02, 0x53};
/* Of the first kind, with more to say, and that in front. */
static const uint8_t kind_a_more[] = {0, 0, 2, 0, 0x34, 0x12, 3, 1, 1, 0, 7, 0, 1, 2, 0, 0x01, 0x53, 1, 1, 2, 0, 9, 9};

static struct bus {
    struct fake devices[DEVICES];
    struct agent *agents[DEVICES];
    uint64_t now;
    unsigned lost;      /* messages for an EID that nobody has */
    unsigned not_taken; /* messages of devices that not exactly one agent took */
} bus;

static const uint8_t second_id[] = {0x02, 0x53}, only_second[] = {0x02};
static struct fake_package p;
static struct pldm_descriptor second_descriptors[2];
static struct pkg_device records[2];

static void carry(void *ctx, const struct mctp_message *m) {
    (void)ctx;
    for (unsigned i = 0; i < DEVICES; i++) {
        if (bus.devices[i].eid != m->destination) continue;
        bus.devices[i].now = bus.now;
        fake_take(&bus.devices[i], m);
        return;
    }
    bus.lost++;
}

static uint8_t image(void *ctx, unsigned component, uint32_t offset, uint8_t *out, size_t len) {
    (void)ctx;
    for (size_t i = 0; i < len; i++) out[i] = (uint8_t)((component + 1) * 37 + offset + i);
    return PLDM_SUCCESS;
}

static void set_device(unsigned i, const uint8_t *descriptors, size_t len, uint8_t count) {
    struct fake *f = &bus.devices[i];
    fake_init(f);
    f->eid = f->address = (uint8_t)(20 + i);
    f->keeps_eid = true;
    f->descriptors = descriptors;
    f->descriptors_len = len;
    f->descriptor_count = count;
}

static void begin(void) {
    for (unsigned i = 0; i < DEVICES; i++) agent_free(bus.agents[i]);
    memset(&bus, 0, sizeof bus);
    set_device(0, kind_a, sizeof kind_a, 2);
    set_device(1, kind_b, sizeof kind_b, 2);
    set_device(2, kind_a_more, sizeof kind_a_more, 4);
    fake_package_init(&p);
    p.record.descriptor_count = 2;
    records[0] = p.record;
    second_descriptors[0] = p.descriptors[0];
    second_descriptors[1] = (struct pldm_descriptor){PLDM_DESCRIPTOR_PCI_DEVICE_ID, 2, second_id};
    records[1] = (struct pkg_device){0, p.record.version, only_second, second_descriptors, 2, 0, NULL};
    p.pkg.devices = records;
    p.pkg.device_count = 2;
}

static void start(void) {
    const struct agent_io io = {.send = carry, .read = image};
    for (unsigned i = 0; i < DEVICES; i++) {
        struct agent_config config = agent_defaults();
        config.device_has_eid = true;
        config.device_eid = bus.devices[i].eid;
        bus.agents[i] = agent_new(&config, &io);
        if (bus.agents[i] == NULL) abort();
        agent_start_update(bus.agents[i], bus.now, &p.pkg);
    }
}

static void offer(struct fake *f) {
    static uint8_t bytes[FAKE_MESSAGE];
    struct mctp_message m;
    unsigned takers = 0;
    if (!fake_pop(f, bytes, &m)) return;
    for (unsigned i = 0; i < DEVICES; i++) takers += agent_receive(bus.agents[i], bus.now, &m);
    bus.not_taken += takers != 1;
}

/* The first device with a message that is due, NULL: none. */
static struct fake *due(uint64_t *at) {
    struct fake *first = NULL;
    for (unsigned i = 0; i < DEVICES; i++) {
        if (bus.devices[i].queue_len == 0 || bus.devices[i].queue[0].at >= *at) continue;
        first = &bus.devices[i];
        *at = first->queue[0].at;
    }
    return first;
}

static void run(void) {
    for (;;) {
        uint64_t next = UINT64_MAX;
        struct fake *from = due(&next);
        for (unsigned i = 0; i < DEVICES; i++) {
            if (agent_deadline(bus.agents[i]) >= next) continue;
            next = agent_deadline(bus.agents[i]);
            from = NULL;
        }
        if (next > SECONDS * 1000 * FAKE_MS) return;
        if (next > bus.now) bus.now = next;
        if (from != NULL) offer(from);
        for (unsigned i = 0; i < DEVICES; i++) agent_tick(bus.agents[i], bus.now);
    }
}

static void check_image(unsigned device, unsigned component, bool there) {
    const uint32_t size = component == 0 ? FAKE_SIZE_0 : FAKE_SIZE_1;
    for (uint32_t i = 0; i < size; i++)
        if (!CHECK_EQ(bus.devices[device].got[component][i], there ? (uint8_t)((component + 1) * 37 + i) : 0)) break;
}

static void all_at_once(void) {
    TEST("given three devices of two kinds / when three agents update at once / then each gets what its record names") {
        begin();
        bus.devices[1].next_versions[0] = "1.0";
        start();
        run();
        for (unsigned i = 0; i < DEVICES; i++) {
            CHECK_EQ(agent_result(bus.agents[i]), AGENT_DONE);
            check_image(i, 0, i != 1);
            check_image(i, 1, true);
            CHECK_EQ(fake_count(&bus.devices[i], PLDM_UPDATE_COMPONENT), i == 1 ? 1 : 2);
        }
        CHECK_EQ(bus.lost, 0);
        CHECK_EQ(bus.not_taken, 0);
    }
    TEST("given the same / when they ran / then their messages were mixed on the bus") {
        const struct fake_sent *first = fake_nth(&bus.devices[0], PLDM_UPDATE_COMPONENT, 1);
        const struct fake_sent *last = fake_nth(&bus.devices[0], PLDM_ACTIVATE_FIRMWARE, 1);
        const struct fake_sent *other = fake_nth(&bus.devices[2], PLDM_UPDATE_COMPONENT, 2);
        CHECK(other->at > first->at && other->at < last->at);
    }
    TEST("given one device that fails / when three agents update at once / then the others do not notice") {
        begin();
        bus.devices[0].results[1] = PLDM_VERIFY_FAILURE;
        bus.devices[1].next_versions[0] = "1.0";
        start();
        run();
        CHECK_EQ(agent_result(bus.agents[0]), AGENT_FAILED);
        CHECK_EQ(agent_result(bus.agents[1]), AGENT_DONE);
        CHECK_EQ(agent_result(bus.agents[2]), AGENT_DONE);
        CHECK_EQ(bus.not_taken, 0);
    }
    TEST("given a device that no record is for / when three agents update at once / then it alone is not touched") {
        static const uint8_t other[] = {0, 0, 2, 0, 0x34, 0x12, 0, 1, 2, 0, 0x03, 0x53};
        begin();
        set_device(1, other, sizeof other, 2);
        start();
        run();
        CHECK(agent_not_for_device(bus.agents[1]));
        CHECK_EQ(fake_count(&bus.devices[1], PLDM_REQUEST_UPDATE), 0);
        CHECK_EQ(agent_result(bus.agents[0]), AGENT_DONE);
        CHECK_EQ(agent_result(bus.agents[2]), AGENT_DONE);
    }
}

static void records_in_order(void) {
    TEST("given two records that both match / when updated / then the first one counts (clause 7.1)") {
        begin();
        records[1] = records[0];
        records[0].applicable = only_second;
        bus.devices[0].next_versions[0] = bus.devices[2].next_versions[0] = "1.0";
        start();
        run();
        CHECK_EQ(agent_result(bus.agents[0]), AGENT_DONE);
        CHECK_EQ(fake_count(&bus.devices[0], PLDM_UPDATE_COMPONENT), 1);
        CHECK(agent_not_for_device(bus.agents[1]));
    }
    TEST("given a first record that wants more than the device has / when updated / then the second one counts") {
        static const uint8_t nine[] = {9, 9};
        static struct pldm_descriptor more[3];
        begin();
        records[1] = records[0];
        memcpy(more, records[0].descriptors, 2 * sizeof more[0]);
        more[2] = (struct pldm_descriptor){PLDM_DESCRIPTOR_PCI_SUBSYSTEM_VENDOR_ID, 2, nine};
        records[0].descriptors = more;
        records[0].descriptor_count = 3;
        records[0].applicable = only_second;
        bus.devices[2].next_versions[0] = "1.0";
        start();
        run();
        CHECK_EQ(fake_count(&bus.devices[0], PLDM_UPDATE_COMPONENT), 2); /* has not the third descriptor */
        CHECK_EQ(fake_count(&bus.devices[2], PLDM_UPDATE_COMPONENT), 1); /* has it */
        CHECK_EQ(agent_result(bus.agents[0]), AGENT_DONE);
        CHECK_EQ(agent_result(bus.agents[2]), AGENT_DONE);
    }
}

int main(void) {
    all_at_once();
    records_in_order();
    for (unsigned i = 0; i < DEVICES; i++) agent_free(bus.agents[i]);
    return check_result();
}
