// SPDX-License-Identifier: Apache-2.0
//
// mctp_router against a model of its header: each packet arrives whole and in order at its consumer, or is dropped and
// counted; the other consumer sees nothing.
#ifndef ROUTER
#include <Vmctp_router.h>
#define ROUTER     Vmctp_router
#define ROUTER_GAP 4  // cycles that a packet takes beside its bytes
#endif
#include "mctp_bench.h"

namespace {

constexpr uint8_t kOwnEid = 0x2a;

struct Router : Bench<ROUTER> {
    using Bench::Bench;
    PacketSource source;
    PacketSink stream, proc;
    unsigned drops = 0;
    bool offering = false, stream_waits = false, proc_waits = false;
    unsigned ready_percent = 100, offer_percent = 100;

    void step() {
        if (!offering) offering = !source.beats.empty() && chance(offer_percent);
        dut.pkt_valid_i = offering;
        dut.pkt_i = (uint16_t)(offering ? source.beats.front() : random() & 0x3ff);
        dut.stream_ready_i = chance(ready_percent);
        dut.proc_ready_i = chance(ready_percent);
        eval();
        if (dut.stream_valid_o && dut.stream_ready_i) stream.beat(dut.stream_o);
        if (dut.proc_valid_o && dut.proc_ready_i) proc.beat(dut.proc_o);
        drops += dut.drop_o;
        if (offering && dut.pkt_ready_o) {
            source.beats.pop_front();
            offering = false;
        }
        tick();
    }

    void run_dry() {
        for (unsigned limit = 0; limit < 10000000 && !source.beats.empty(); limit++) step();
        CHECK(source.beats.empty());
        for (int quiet = 0; quiet < 4; quiet++) {
            step();
            if (dut.stream_valid_o || dut.proc_valid_o) quiet = 0;
        }
    }

    void begin() {
        dut.own_eid_i = kOwnEid;
        dut.pkt_valid_i = 0;
        source = {};
        stream = proc = {};
        drops = 0;
        offering = false;
        reset();
    }
};

struct Expected {
    std::deque<Bytes> stream, proc;
    unsigned stream_errors = 0, proc_errors = 0, drops = 0;

    void add(const Bytes &packet, bool err) {
        bool ours = packet.size() >= 5 && (packet[0] & 0x0f) == 1 && (packet[1] == 0 || packet[1] == kOwnEid);
        if (!ours) {
            drops += !err;
            return;
        }
        bool to_stream = (packet[3] & 0x0f) < 4;  // TO = 0 and tag < 4
        if (err) {
            (to_stream ? stream_errors : proc_errors)++;
            return;
        }
        Bytes out = packet;
        out[0] = 0x01;
        (to_stream ? stream : proc).push_back(out);
    }
};

void expect(Router &router, const Expected &want) {
    CHECK(router.stream.good == want.stream);
    CHECK(router.proc.good == want.proc);
    CHECK_EQ(router.stream.errors, want.stream_errors);
    CHECK_EQ(router.proc.errors, want.proc_errors);
    CHECK_EQ(router.drops, want.drops);
    CHECK(!router.stream.inside && !router.proc.inside);
}

void test_flags(Router &router) {
    TEST(
        "given every value of the flags byte, when packets come, then TO = 0 with a tag below 4 goes to the stream "
        "only") {
        router.begin();
        for (unsigned flags = 0; flags < 256; flags++) {
            router.begin();
            router.source.add({0x01, kOwnEid, 0x08, (uint8_t)flags, 0x01, 0xaa});
            router.run_dry();
            bool to_stream = !(flags & 0x08) && (flags & 0x07) < 4;
            CHECK_EQ(router.stream.good.size(), to_stream);
            CHECK_EQ(router.proc.good.size(), !to_stream);
        }
    }
    TEST(
        "given every version byte and every destination, when packets come, then only version 1 for EID own or 0 "
        "passes") {
        for (unsigned value = 0; value < 256; value++) {
            Expected want;
            router.begin();
            for (const Bytes &packet :
                 {Bytes{(uint8_t)value, kOwnEid, 8, 0xc8, 0}, Bytes{1, (uint8_t)value, 8, 0xc8, 0}}) {
                router.source.add(packet);
                want.add(packet, false);
            }
            router.run_dry();
            expect(router, want);
        }
    }
}

void test_random(Router &router) {
    const char *const names[] = {
        "given random packets, when both consumers are always ready, then each gets its own, whole and in order",
        "given random packets, when producer and consumers pause at random, then each gets its own, whole and in order",
        "given random packets, when the consumers are rarely ready, then each gets its own, whole and in order",
    };
    const unsigned ready[] = {100, 50, 5}, offer[] = {100, 40, 100};
    for (int k = 0; k < 3; k++) TEST(names[k]) {
            router.begin();
            router.ready_percent = ready[k];
            router.offer_percent = offer[k];
            Expected want;
            for (unsigned i = 0; i < 5000; i++) {
                Bytes packet = random_packet(router, 1, router.chance(20) ? 68 : 9);
                if (router.chance(90)) packet[0] = 0x01 | (router.chance(10) ? 0xf0 : 0);
                if (packet.size() > 1 && router.chance(90)) packet[1] = router.chance(50) ? 0 : kOwnEid;
                bool err = router.chance(15);
                router.source.add(packet, err);
                want.add(packet, err);
            }
            router.run_dry();
            expect(router, want);
            CHECK(!want.stream.empty() && !want.proc.empty() && want.drops > 0 && want.stream_errors > 0);
        }
}

void test_rate(Router &router) {
    TEST("given packets without a pause, when both consumers are ready, then only the known cycles are lost") {
        for (unsigned length : {5u, 68u, 255u}) {
            router.begin();
            router.ready_percent = router.offer_percent = 100;
            for (unsigned i = 0; i < 100; i++) {
                Bytes packet(length, 0x55);
                packet[0] = 1;
                packet[1] = kOwnEid;
                packet[3] = i % 2 ? 0xc8 : 0xc0;
                router.source.add(packet);
            }
            uint64_t from = router.cycle;
            while (!router.source.beats.empty()) router.step();
            CHECK(router.cycle - from <= 100 * (length + ROUTER_GAP) + 4);
            router.run_dry();
            CHECK_EQ(router.stream.good.size() + router.proc.good.size(), 100);
        }
    }
}

}  // namespace

int main(int argc, char **argv) {
    Router router(argc, argv);
    test_flags(router);
    test_random(router);
    test_rate(router);
    return check_result();
}
