// SPDX-License-Identifier: Apache-2.0
//
// Updates over an SMBus of the rate that the card was built for, alone with the host and among other controllers. In
// each the card keeps SMBus's times and manners.
#include <stdlib.h>

#include "check.h"
#include "tests/system/demo_board.h"

static const struct rig_component tiny = {
    .random_size = 100, .seed = 3, .version = "2.0.0", .identifier = 2, .stamp = 0x02000000};

/** Installs it over the SMBus; @return whether the agent says so and the flash holds it. */
static bool updates(struct rig *rig, const struct rig_component *bitstream) {
    size_t len;
    uint8_t *package = rig_package(bitstream, 1, 0x5301, &len);
    rig->link = RIG_SMBUS;
    bool done = CHECK_EQ(rig_update(rig, package, len, 20 * SECONDS), AGENT_DONE);
    free(package);
    return done && CHECK(flash_holds(rig, RIG_FPGA_B, bitstream)) && CHECK_EQ(rig->flash_errors, 0);
}

static void check_bus(const struct rig *rig) {
    const struct smbus_bus *bus = card_smbus(rig->card);
    if (bus->rules.broken) printf("# cycle %llu: %s\n", (unsigned long long)bus->rules.broken_at, bus->rules.broken);
    CHECK(!bus->rules.broken);
    CHECK_EQ(bus->bad, 0);
    CHECK_EQ(bus->refused, 0);
    CHECK_EQ(rig->astray, 0);
}

static void test_alone(void) {
    TEST("given an agent on the SMBus, when the FPGA is updated, then that ends and the card has kept SMBus's times") {
        struct rig *rig = factory_card();
        updates(rig, card_smbus_hz() > 100000 ? &bitstream_2 : &tiny);
        check_bus(rig);
        rig_free(rig);
    }
}

struct company {
    const char *sentence;
    uint8_t to;         // whom the other controller writes to
    bool join;          // it starts together with host or card
    bool broken;        // its PEC is wrong
    bool wins;          // in arbitration with the host
    bool slow_too;      // worth its time at 100 kHz
    unsigned pause_us;  // between its transfers
};

static const struct company companies[] = {
    {"given a controller that writes to another device now and then, when the FPGA is updated, then that ends", 0x60,
     false, false, false, false, 200},
    {"given a controller that writes broken packets to the card, when the FPGA is updated, then that ends", SMBUS_CARD,
     false, true, false, false, 500},
    {"given a controller that starts with the others and wins by its address, when the FPGA is updated, then that ends",
     0x08, true, false, true, true, 1500},
    {"given a controller that starts with the others and loses by its address, when the FPGA is updated, then that "
     "ends",
     0x60, true, false, false, false, 0},
    {"given a controller that writes to the host when others start, when the FPGA is updated, then that ends",
     SMBUS_HOST, true, false, true, false, 1500},
};

/** The other controller talks from the first request for data on until the transfer is over. */
static void talk_during_transfer(void *ctx, const struct agent_event *event) {
    struct rig *rig = ctx;
    const bool talks = event->kind == AGENT_DATA && rig->tap.open;
    card_smbus(rig->card)->chatter = talks ? rig->test : NULL;
}

static void test_company(const struct company *c) {
    TEST(c->sentence) {
        const uint8_t packet[] = {0x01, 0x09, 0x58, 0xc8, 0x00, 0x80, 0x02};
        struct smbus_transfer write = smbus_block_write(c->to, SMBUS_OTHER, packet, sizeof packet);
        if (c->broken) write.bytes[write.len - 1] ^= 1;
        struct rig *rig = factory_card();
        struct smbus_bus *bus = card_smbus(rig->card);
        rig->test = &write;
        rig->event = talk_during_transfer;
        bus->chatter_count = 1;
        bus->chatter_pause = (uint64_t)c->pause_us * card_clk_hz() / 1000000;
        bus->other.join = c->join;
        updates(rig, &tiny);
        printf("# %llu of its transfers were acknowledged, %llu not; the host lost %llu times\n",
               (unsigned long long)bus->chatter_sent, (unsigned long long)bus->chatter_failed,
               (unsigned long long)bus->lost);
        CHECK(bus->chatter_sent + bus->chatter_failed > 10);
        if (c->wins) CHECK(bus->lost > 0);
        check_bus(rig);
        rig_free(rig);
    }
}

int main(void) {
    test_alone();
    for (size_t i = 0; i < sizeof companies / sizeof companies[0]; i++)
        if (companies[i].slow_too || card_smbus_hz() > 100000) test_company(&companies[i]);
    return check_result();
}
