// SPDX-License-Identifier: Apache-2.0
//
// mctp_top with two links side by side, the serial line at its fastest and the packet port: nothing of one gets into
// the other, and nothing that one does holds the other up.
#include <Vmctp_top.h>

#include "mctp_endpoint.h"

namespace {

enum { SERIAL = 0, PORT = 1, SMBUS = 2, NONE = 3 };      // rtl/README.md
constexpr unsigned kPatience = 2000, kPortPacket = 255;  // as mctp.bench.mk builds it

struct Traffic {
    std::deque<Bytes> to_stream, to_proc[2];
    unsigned drops = 0, bad = 0;
};

// One random packet from the far end of a link.
void send_one(Endpoint &endpoint, Traffic &traffic, unsigned link, unsigned stream_link) {
    unsigned kind = endpoint.random() % 10;
    bool to_stream = endpoint.chance(50);
    Bytes packet = packet_for(endpoint, kind == 0 ? 0x55 : kOwnEid, to_stream, link == PORT ? kPortPacket : kMaxPacket);
    if (kind == 1)
        traffic.bad++;
    else if (kind == 0 || (to_stream && link != stream_link))
        traffic.drops++;
    else
        (to_stream ? traffic.to_stream : traffic.to_proc[link]).push_back(packet);
    if (link == PORT) {
        endpoint.port_in.add(endpoint, packet, kind == 1);
        return;
    }
    Bytes line = frame_of(packet);
    if (kind == 1) line[line.size() - 2] ^= 0x40;
    endpoint.send(line);
}

Bytes marked(Endpoint &endpoint, uint8_t mark, unsigned length) {
    Bytes packet = random_packet(endpoint, length, length);
    packet[0] = mark;
    return packet;
}

// What the processor got by each link, in order.
bool proc_got(const Endpoint &endpoint, unsigned link, const std::deque<Bytes> &want) {
    std::deque<Bytes> got;
    for (size_t i = 0; i < endpoint.proc_got.size(); i++)
        if (endpoint.proc_links[i] == link) got.push_back(endpoint.proc_got[i]);
    return got == want;
}

void test_random(Endpoint &endpoint) {
    const char *const names[] = {
        "given random traffic on both links both ways, when requests leave by the serial line, then every packet goes "
        "where it belongs",
        "given random traffic on both links both ways, when requests leave by the packet port, then every packet goes "
        "where it belongs",
    };
    for (unsigned link : {SERIAL, PORT}) TEST(names[link]) {
            endpoint.begin();
            endpoint.dut.stream_link_i = (uint8_t)link;
            endpoint.port_offer = 10;
            endpoint.port_waits = true;
            endpoint.port_ready = 60;
            endpoint.stream_laziness = 6;
            Traffic traffic;
            std::deque<Bytes> out[2];
            for (int i = 0; i < 400; i++) {
                send_one(endpoint, traffic, SERIAL, link);
                send_one(endpoint, traffic, PORT, link);
            }
            for (int i = 0; i < 300; i++) {
                unsigned by = endpoint.random() % 2;
                out[by].push_back(marked(endpoint, (uint8_t)by, 5 + endpoint.random() % 60));
                endpoint.proc_out.push_back({out[by].back(), by});
                endpoint.stream_out.push_back(marked(endpoint, 0x20, kStreamBytes));
            }
            std::deque<Bytes> requests = endpoint.stream_out;
            endpoint.run_dry();
            CHECK(endpoint.stream.good == traffic.to_stream);
            CHECK(proc_got(endpoint, SERIAL, traffic.to_proc[SERIAL]));
            CHECK(proc_got(endpoint, PORT, traffic.to_proc[PORT]));
            CHECK_EQ(endpoint.dut.link_errors_o, (uint8_t)traffic.bad);
            CHECK_EQ(endpoint.dut.drops_o, (uint8_t)traffic.drops);
            for (unsigned by : {SERIAL, PORT}) {
                const std::deque<Bytes> &got = by == PORT ? endpoint.port_out.good : endpoint.host_got;
                CHECK_EQ(got.size(), out[by].size() + (by == link ? 300 : 0));
                for (const Bytes &packet : got) {
                    std::deque<Bytes> &want = packet[0] == 0x20 ? requests : out[by];
                    if (!CHECK(!want.empty() && packet == want.front())) break;
                    want.pop_front();
                }
            }
        }
}

void test_longest(Endpoint &endpoint) {
    TEST("given packets of 255 bytes at the port, when they come, then processor and stream engine get them whole") {
        endpoint.begin();
        endpoint.dut.stream_link_i = PORT;
        for (bool to_stream : {false, true}) {
            Bytes packet = packet_for(endpoint, kOwnEid, to_stream);
            packet.resize(kPortPacket, 0x33);
            endpoint.port_in.add(endpoint, packet);
            endpoint.run_dry();
            CHECK((to_stream ? endpoint.stream.good : endpoint.proc_got) == std::deque<Bytes>{packet});
        }
        CHECK_EQ(endpoint.dut.link_errors_o + endpoint.dut.drops_o, 0);
    }
}

void test_rate(Endpoint &endpoint) {
    TEST("given long packets for the stream engine at the port, when it takes them, then a byte moves in every cycle") {
        endpoint.begin();
        endpoint.dut.stream_link_i = PORT;
        endpoint.steps(2);
        size_t bytes = 0;
        for (int i = 0; i < 40; i++) {
            Bytes packet = packet_for(endpoint, kOwnEid, true, kPortPacket);
            packet.resize(252);
            endpoint.port_in.add(endpoint, packet);
            bytes += packet.size();
        }
        uint64_t from = endpoint.cycle;
        while (endpoint.stream.good.size() < 40 && endpoint.cycle - from < 2 * bytes) endpoint.step();
        CHECK(endpoint.cycle - from <= bytes + 8);
    }
}

void test_change(Endpoint &endpoint) {
    TEST(
        "given a packet for the stream engine that stops in any byte, when the other link is named, then it ends with "
        "err, its rest is dropped and the other link's packets pass") {
        for (unsigned cut = 1; cut < 20; cut++) {
            endpoint.begin();
            endpoint.dut.stream_link_i = PORT;
            endpoint.stream_laziness = endpoint.random() % 3;
            Bytes half = packet_for(endpoint, kOwnEid, true), whole = packet_for(endpoint, kOwnEid, true);
            half.resize(80, 0x44);
            endpoint.port_in.add(endpoint, half);
            std::deque<PortWord> rest(endpoint.port_in.words.begin() + cut, endpoint.port_in.words.end());
            endpoint.port_in.words.resize(cut);
            endpoint.steps(40 + cut * 16);
            endpoint.dut.stream_link_i = SERIAL;
            endpoint.steps(endpoint.random() % 3);
            endpoint.send(frame_of(whole));
            endpoint.steps(200);
            endpoint.port_in.words = rest;
            endpoint.run_dry();
            CHECK(endpoint.stream.good == std::deque<Bytes>{whole});
            CHECK_EQ(endpoint.stream.errors, 1);
            CHECK_EQ(endpoint.dut.drops_o, 1);
            endpoint.dut.stream_link_i = PORT;
            endpoint.port_in.add(endpoint, half);
            endpoint.run_dry();
            CHECK(endpoint.stream.good == (std::deque<Bytes>{whole, half}));
        }
    }
    TEST("given a packet of the other link under way, when that link is named, then only its next packet passes") {
        endpoint.begin();
        Bytes late = packet_for(endpoint, kOwnEid, true), next = packet_for(endpoint, kOwnEid, true);
        late.resize(80, 0x44);
        endpoint.port_in.add(endpoint, late);
        endpoint.port_offer = 5;
        endpoint.steps(200);
        CHECK(!endpoint.port_in.words.empty());
        endpoint.dut.stream_link_i = PORT;
        endpoint.port_in.add(endpoint, next);
        endpoint.run_dry();
        CHECK(endpoint.stream.good == std::deque<Bytes>{next});
        CHECK_EQ(endpoint.stream.errors, 0);
        CHECK_EQ(endpoint.dut.drops_o, 1);
    }
}

void test_stuck(Endpoint &endpoint) {
    TEST(
        "given a host that takes nothing from the port, when packets for both links are sent, then those for the line "
        "leave all the same") {
        endpoint.begin();
        endpoint.port_ready = 0;
        std::deque<Bytes> line, requests;
        for (int i = 0; i < 20; i++) {
            endpoint.proc_out.push_back({marked(endpoint, PORT, 60), PORT});
            line.push_back(marked(endpoint, SERIAL, 20));
            endpoint.proc_out.push_back({line.back(), SERIAL});
        }
        uint64_t from = endpoint.cycle;
        endpoint.run_dry();
        CHECK(endpoint.host_got == line);
        CHECK(endpoint.cycle - from < 3 * kPatience + 40 * 600);
        CHECK(endpoint.dut.link_errors_o >= 18);
        // The engine's requests by the line do not even wait.
        endpoint.proc_out.push_back({marked(endpoint, PORT, 60), PORT});
        requests.push_back(marked(endpoint, 0x20, kStreamBytes));
        endpoint.stream_out = requests;
        endpoint.run_dry();
        CHECK(endpoint.host_got.back() == requests.back());
        endpoint.port_ready = 100;
        endpoint.steps(10);
        Bytes again = marked(endpoint, PORT, 60);
        endpoint.proc_out.push_back({again, PORT});
        endpoint.run_dry();
        CHECK(!endpoint.port_out.good.empty() && endpoint.port_out.good.back() == again);
    }
    TEST("given links that are not there, when packets are sent by them, then they are lost and the others leave") {
        endpoint.begin();
        std::deque<Bytes> line;
        for (unsigned link : {SMBUS, NONE}) {
            endpoint.dut.stream_link_i = (uint8_t)link;
            endpoint.stream_out.push_back(marked(endpoint, 0x20, kStreamBytes));
            for (int i = 0; i < 6; i++) endpoint.proc_out.push_back({marked(endpoint, (uint8_t)link, 30), link});
            line.push_back(marked(endpoint, SERIAL, 20));
            endpoint.proc_out.push_back({line.back(), SERIAL});
            endpoint.run_dry();
        }
        CHECK(endpoint.host_got == line);
        CHECK(endpoint.port_out.good.empty());
    }
}

void test_overload(Endpoint &endpoint) {
    TEST("given a port that floods the processor, when packets come by the line, then they have their turn") {
        endpoint.begin();
        std::deque<Bytes> line;
        for (int i = 0; i < 200; i++) {
            Bytes packet = packet_for(endpoint, kOwnEid, false, 12);
            endpoint.port_in.add(endpoint, packet);
        }
        for (int i = 0; i < 20; i++) {
            line.push_back(packet_for(endpoint, kOwnEid, false, 12));
            endpoint.send(frame_of(line.back()));
        }
        endpoint.port_offer = 5;
        endpoint.run_dry();
        CHECK(proc_got(endpoint, SERIAL, line));
    }
}

}  // namespace

int main(int argc, char **argv) {
    Endpoint endpoint(argc, argv);
    test_random(endpoint);
    test_longest(endpoint);
    test_rate(endpoint);
    test_change(endpoint);
    test_stuck(endpoint);
    test_overload(endpoint);
    return check_result();
}
