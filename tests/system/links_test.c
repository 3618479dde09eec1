// SPDX-License-Identifier: Apache-2.0
//
// A card with a serial line, a packet port and an SMBus: updates over one, while somebody talks on another one, and
// answers that leave by the link of their request and by no other.
#include <stdlib.h>

#include "check.h"
#include "tests/system/demo_board.h"

/** Installs a new bitstream; @return whether the agent says so and the flash holds it, without any misuse. */
static bool updates(struct rig *rig) {
    size_t len;
    uint8_t *package = rig_package(&bitstream_2, 1, 0x5301, &len);
    bool done = CHECK_EQ(rig_update(rig, package, len, 20 * SECONDS), AGENT_DONE);
    free(package);
    return done && CHECK(flash_holds(rig, RIG_FPGA_B, &bitstream_2)) && CHECK_EQ(rig->flash_errors, 0);
}

static void test_port(void) {
    static const struct {
        const char *sentence;
        size_t mtu;
    } cases[] = {
        {"given an agent at the packet port, when both components are updated, then the card restarts into them", 64},
        {"given an agent at the packet port that sends packets of 251 bytes, when both components are updated, then "
         "the "
         "card restarts into them",
         251},
    };
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) TEST(cases[i].sentence) {
            const struct rig_component parts[] = {firmware_2, bitstream_2};
            struct rig *rig = factory_card();
            size_t len;
            uint8_t *package = rig_package(parts, 2, 0x5301, &len);
            rig->link = RIG_PORT;
            rig->mtu = cases[i].mtu;
            if (CHECK_EQ(rig_update(rig, package, len, 60 * SECONDS), AGENT_DONE)) {
                CHECK(strcmp(rig_active(rig, 0), "2.0.0") == 0);
                CHECK(strcmp(rig_active(rig, 1), "2.0.0") == 0);
            }
            CHECK(flash_holds(rig, RIG_FW_B, &firmware_2));
            CHECK(flash_holds(rig, RIG_FPGA_B, &bitstream_2));
            CHECK_EQ(rig->astray, 0);
            CHECK_EQ(rig->flash_errors, 0);
            free(package);
            rig_free(rig);
        }
}

static void test_side_by_side(void) {
    static const struct {
        const char *sentence;
        enum rig_link agent, other;
        bool same_eid;
    } cases[] = {
        {"given an endpoint that floods the packet port, when the card is updated over the line, then that ends and "
         "every answer leaves by the link of its request",
         RIG_SERIAL, RIG_PORT, false},
        {"given an endpoint that floods the line, when the card is updated over the packet port, then that ends and "
         "every answer leaves by the link of its request",
         RIG_PORT, RIG_SERIAL, false},
        {"given an endpoint with the agent's own EID that floods the port, when the card is updated over the line, "
         "then every answer leaves by the link of its request",
         RIG_SERIAL, RIG_PORT, true},
        {"given an endpoint that floods the SMBus, when the card is updated over the line, then that ends and every "
         "answer leaves by the link of its request",
         RIG_SERIAL, RIG_SMBUS, false},
        {"given an endpoint with the agent's own EID that floods the line, when the card is updated over the SMBus, "
         "then that ends and every answer leaves by the link of its request",
         RIG_SMBUS, RIG_SERIAL, true},
    };
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) TEST(cases[i].sentence) {
            struct rig *rig = factory_card();
            rig->link = cases[i].agent;
            rig->flood = true;
            rig->flood_link = cases[i].other;
            if (cases[i].same_eid) rig->flood_eid = rig->config.own_eid;
            updates(rig);
            CHECK_EQ(rig->astray, 0);
            CHECK(rig->flood_answers > 100);
            CHECK(rig->flood_answers <= rig->flood_requests);
            CHECK(strstr(rig->console, "watchdog") == NULL);
            printf("# %llu requests of the flood, %llu answered\n", (unsigned long long)rig->flood_requests,
                   (unsigned long long)rig->flood_answers);
            rig_free(rig);
        }
}

static void test_change(void) {
    TEST(
        "given an update over one link that was left behind, when an agent on the other begins anew, then it "
        "succeeds") {
        struct rig *rig = factory_card();
        size_t len;
        uint8_t *package = rig_package(&bitstream_2, 1, 0x5301, &len);
        rig->link = RIG_PORT;
        rig->cut_after = 2;
        rig->config.ua_t2_ms = 2000;
        CHECK_EQ(rig_update(rig, package, len, 60 * SECONDS), AGENT_FAILED);
        rig->dead = false;
        rig->cut_after = 0;
        rig->link = RIG_SERIAL;
        rig_wait(rig, 125 * SECONDS);  // FD_T1
        CHECK(strstr(rig->console, "engine stop 2") != NULL);
        rig->astray = 0;
        updates(rig);
        CHECK_EQ(rig->astray, 0);
        free(package);
        rig_free(rig);
    }
}

static void test_dead_host(void) {
    TEST(
        "given a host at the packet port that takes nothing, when it asks and the card is updated over the line, then "
        "that ends all the same") {
        struct rig *rig = factory_card();
        rig->flood = true;
        rig->flood_link = RIG_PORT;
        card_packet_host(rig->card, 1, false);
        updates(rig);
        CHECK(rig->flood_requests > 100);
        CHECK_EQ(rig->flood_answers, 0);
        CHECK_EQ(rig->astray, 0);
        CHECK(strstr(rig->console, "watchdog") == NULL);
        rig_free(rig);
    }
}

/** Somebody pulls the SMBus's clock low for ever once the agent has answered two requests. */
static void break_bus(void *ctx, const struct agent_event *event) {
    struct rig *rig = ctx;
    struct smbus_bus *bus = card_smbus(rig->card);
    if (event->kind != AGENT_DATA || rig->served < 2) return;
    bus->other.scl = false;
    bus->at = 0;
}

static void test_dead_bus(void) {
    TEST(
        "given an SMBus that dies while somebody asks there, when the card is updated over the line, then that ends "
        "all the same") {
        struct rig *rig = factory_card();
        rig->flood = true;
        rig->flood_link = RIG_SMBUS;
        rig->event = break_bus;
        rig->config.activate = AGENT_ACTIVATE_NOT;  // nothing is jumped over beside a bus that stands still
        updates(rig);
        CHECK(rig->flood_answers > 0);
        CHECK(!card_smbus(rig->card)->scl);
        CHECK_EQ(rig->astray, 0);
        CHECK(strstr(rig->console, "watchdog") == NULL);
        rig_free(rig);
    }
}

int main(void) {
    test_port();
    test_side_by_side();
    test_change();
    test_dead_host();
    test_dead_bus();
    return check_result();
}
