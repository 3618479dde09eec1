// SPDX-License-Identifier: Apache-2.0
//
// mctp_top at the fastest line (4 cycles a bit): random traffic both ways through pins, stream ports and the
// processor's FIFO ports, every packet accounted for.
#include <Vmctp_top.h>

#include "mctp_endpoint.h"

namespace {

struct Traffic {
    std::deque<Bytes> to_stream, to_proc;
    unsigned drops = 0, bad = 0;
};

// One random frame from the host, good or not.
void send_one(Endpoint &endpoint, Traffic &traffic) {
    unsigned kind = endpoint.random() % 10;
    bool to_stream = endpoint.chance(50);
    uint8_t eid = kind == 0 ? 0x55 : kind < 4 ? 0 : kOwnEid;
    Bytes packet = packet_for(endpoint, eid, to_stream), line = frame_of(packet);
    if (kind == 0)
        traffic.drops++;
    else if (kind == 1) {
        line[line.size() - 2] ^= 0x40;
        traffic.bad++;
    } else {
        (to_stream ? traffic.to_stream : traffic.to_proc).push_back(packet);
    }
    endpoint.send(line);
    if (endpoint.chance(30)) endpoint.sender.level(true, endpoint.random() % 30);
}

void test_both_ways(Endpoint &endpoint) {
    TEST(
        "given random traffic both ways at once, when all consumers keep up, then every packet arrives whole and in "
        "order") {
        endpoint.begin();
        endpoint.stream_laziness = 6;
        Traffic traffic;
        std::deque<Bytes> proc_out, stream_out;
        for (int i = 0; i < 600; i++) send_one(endpoint, traffic);
        for (int i = 0; i < 300; i++) {
            Bytes packet = random_packet(endpoint, 5, kMaxPacket);
            packet[0] = 0x10;
            proc_out.push_back(packet);
            endpoint.proc_out.push_back({packet, 0});
            packet = random_packet(endpoint, kStreamBytes, kStreamBytes);
            packet[0] = 0x20;
            stream_out.push_back(packet);
        }
        endpoint.stream_out = stream_out;
        endpoint.run_dry();
        CHECK(endpoint.stream.good == traffic.to_stream);
        CHECK(endpoint.proc_got == traffic.to_proc);
        CHECK_EQ(endpoint.dut.link_errors_o, (uint8_t)traffic.bad);
        CHECK_EQ(endpoint.dut.drops_o, (uint8_t)traffic.drops);
        CHECK_EQ(endpoint.host_got.size(), 600);
        CHECK_EQ(endpoint.host.bad_frames, 1);  // the end of the wake-up sequence
        for (const Bytes &packet : endpoint.host_got) {
            auto &want = packet[0] == 0x10 ? proc_out : stream_out;
            if (!CHECK(!want.empty() && packet == want.front())) break;
            want.pop_front();
        }
    }
}

void test_wake_up(Endpoint &endpoint) {
    TEST("given a reset, when the line is watched, then it carries 80 times 00 and the two frames that wake Linux up") {
        endpoint.begin();
        endpoint.run_dry();
        Bytes want(80, 0);
        append(want, {0x7e, 0, 0, 0, 0x7e, 0x01, 0, 0, 0, 0x7e});
        CHECK(endpoint.line_out == want);
    }
}

void test_longest(Endpoint &endpoint) {
    TEST(
        "given packets of 74 and of 75 bytes, when they come, then those of 74 arrive and those of 75 are bad frames") {
        endpoint.begin();
        for (bool to_stream : {false, true}) {
            Bytes packet = packet_for(endpoint, kOwnEid, to_stream);
            packet.resize(kMaxPacket + 1, 0x33);
            endpoint.send(frame_of(packet));
            packet.resize(kMaxPacket, 0x33);
            endpoint.send(frame_of(packet));
            endpoint.run_dry();
            CHECK((to_stream ? endpoint.stream.good : endpoint.proc_got) == std::deque<Bytes>{packet});
        }
        CHECK_EQ(endpoint.dut.link_errors_o, 2);
        CHECK_EQ(endpoint.dut.drops_o, 0);
    }
}

void test_overload(Endpoint &endpoint) {
    TEST(
        "given a processor that stops reading, when packets flood in, then the overflow is counted and the stream goes "
        "on") {
        endpoint.begin();
        Traffic traffic;
        endpoint.proc_reads = false;
        for (int i = 0; i < 100; i++) send_one(endpoint, traffic);
        endpoint.run_dry();
        CHECK(endpoint.stream.good == traffic.to_stream);
        CHECK_EQ(endpoint.dut.drops_o, (uint8_t)(traffic.drops + traffic.to_proc.size() - 4));
        endpoint.proc_reads = true;
        endpoint.run_dry();
        CHECK_EQ(endpoint.proc_got.size(), 4);
        for (size_t i = 0; i < endpoint.proc_got.size(); i++) CHECK(endpoint.proc_got[i] == traffic.to_proc[i]);
    }
    TEST(
        "given a stream engine that does not take a packet, when more come, then it ends with err and the processor's "
        "pass") {
        endpoint.begin();
        endpoint.stream_wait = 40 * 30;
        endpoint.send(frame_of(packet_for(endpoint, kOwnEid, true)));
        Bytes lost = packet_for(endpoint, kOwnEid, false), arrives = packet_for(endpoint, kOwnEid, true);
        lost.resize(20, 0x11);
        for (int i = 0; i < 3; i++) endpoint.send(frame_of(lost));
        endpoint.send(frame_of(arrives));
        endpoint.send(frame_of(lost));
        endpoint.run_dry();
        CHECK_EQ(endpoint.stream.errors, 1);
        CHECK(endpoint.stream.good == std::deque<Bytes>{arrives});
        CHECK(!endpoint.proc_got.empty() && endpoint.proc_got.back() == lost);
        CHECK_EQ(endpoint.proc_got.size() + 1 + endpoint.dut.link_errors_o, 6);
    }
}

void test_noise(Endpoint &endpoint) {
    TEST("given noise, framing errors and breaks on the line, when a good frame follows, then it always arrives") {
        endpoint.begin();
        for (int i = 0; i < 300 && check_ok; i++) {
            Bytes noise;
            for (unsigned n = endpoint.random() % 30; n > 0; n--) noise.push_back(random_byte(endpoint));
            endpoint.send(noise);
            if (endpoint.chance(30)) {
                endpoint.sender.byte_without_stop(random_byte(endpoint));
                endpoint.sender.level(true, 1);
            }
            if (endpoint.chance(10)) {
                endpoint.sender.level(false, 12 + endpoint.random() % 40);
                endpoint.sender.level(true, 1);
            }
            bool to_stream = endpoint.chance(50);
            Bytes packet = packet_for(endpoint, kOwnEid, to_stream);
            endpoint.send(frame_of(packet));
            endpoint.run_dry();
            auto &sink = to_stream ? endpoint.stream.good : endpoint.proc_got;
            CHECK(!sink.empty() && sink.back() == packet);
        }
    }
}

}  // namespace

int main(int argc, char **argv) {
    Endpoint endpoint(argc, argv);
    test_wake_up(endpoint);
    test_both_ways(endpoint);
    test_longest(endpoint);
    test_overload(endpoint);
    test_noise(endpoint);
    return check_result();
}
