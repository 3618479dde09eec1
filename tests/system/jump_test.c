// SPDX-License-Identifier: Apache-2.0
//
// Running the shifters alone (sim/quiet.h) must not be visible: the same transfer is simulated once cycle by cycle and
// once with jumps, over either link, and everything that can be seen from outside is compared, the cycle counts
// included.
#include "tests/system/record.h"

/** Over the line more than the engine's buffers hold, so that the link waits for the flash, too. */
enum { PAYLOAD_LINE = 36 << 10, PAYLOAD_PORT = 20 << 10 };

static uint32_t payload_of(enum rig_link link) {
    return link == RIG_PORT ? PAYLOAD_PORT : PAYLOAD_LINE;
}

/** From one word of a packet to the next: enough to jump over. */
enum { PORT_WORD_CYCLES = 48 };

/** The largest request and the number of them that card and agent agree on. */
enum { CHUNK = 4096, OUTSTANDING = 4 };

static void simulate(struct record *r, enum rig_link link, bool no_jump) {
    const struct rig_component part = {
        .random_size = payload_of(link), .seed = 4, .version = "4.0.0", .identifier = 2, .stamp = 4 << 24};
    size_t len;
    uint8_t *package = rig_package(&part, 1, 0x5301, &len);
    struct rig *rig = rig_new("w25q128jv");
    rig_factory(rig, (const struct rig_component[]){firmware_1, bitstream_1}, 2);
    rig->config.poll_ms = 100;  // less to simulate while the agent only waits
    rig->no_jump = no_jump;
    rig->config.activate = AGENT_ACTIVATE_NOT;
    rig->link = link;
    if (link == RIG_PORT) rig->mtu = 251;
    record_begin(r, rig);
    rig_power_on(rig);
    if (link == RIG_PORT) card_packet_host(rig->card, PORT_WORD_CYCLES, true);
    CHECK(rig_wait_console(rig, "ready", SECONDS));  // an agent that asks before waits for two seconds
    CHECK_EQ(rig_update(rig, package, len, 120 * SECONDS), AGENT_DONE);
    CHECK(flash_holds(rig, RIG_FPGA_B, &part));
    CHECK_EQ(rig->flash_errors, 0);
    record_end(r, rig);
    free(package);
    rig_free(rig);
}

static void test(enum rig_link link) {
    static struct record every, jumps;
    memset(&every, 0, sizeof every);
    memset(&jumps, 0, sizeof jumps);
    printf("# over the %s\n", link == RIG_PORT ? "packet port" : "serial line");
    TEST(
        "given a transfer simulated cycle by cycle and once more with jumps, then most of its cycles were jumped "
        "over") {
        simulate(&every, link, true);
        simulate(&jumps, link, false);
        printf("# %llu cycles, %llu of them jumped over\n", (unsigned long long)jumps.counts.cycles,
               (unsigned long long)jumps.counts.jumped);
        CHECK_EQ(every.counts.jumped, 0);
        CHECK(jumps.counts.jumped > jumps.counts.cycles / 2);
    }
    TEST(
        "given the two, then the same bytes crossed the line and the same requests were answered in the same cycles, "
        "with the same counts at each") {
        record_check_events(&every, &jumps, "cycle by cycle", "with jumps");
        CHECK(every.len > payload_of(link) / (link == RIG_PORT ? CHUNK : 1));
    }
    TEST("given the two, then they end in the same cycle with the same instructions, console and flash") {
        record_check_ends(&every, &jumps);
    }
    TEST("given that transfer, then four requests for firmware data were outstanding at once, and never more") {
        uint32_t most = 0;
        for (size_t i = 0; i < every.len; i++) {
            const struct card_engine *engine = &every.events[i].engine;
            uint32_t answered = engine->bytes / CHUNK, sent = engine->requests - engine->retries;
            if (sent - answered > most) most = sent - answered;
        }
        CHECK_EQ(most, OUTSTANDING);
    }
    free(every.events);
    free(jumps.events);
}

int main(void) {
    test(RIG_SERIAL);
    test(RIG_PORT);
    return check_result();
}
