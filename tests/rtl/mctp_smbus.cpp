// SPDX-License-Identifier: Apache-2.0
//
// Frames of the SMBus link: what it sends, what it takes for a packet and what not, to whom it answers.
#include <string>

#include "mctp_smbus_bench.h"

namespace {

void test_model(Smbus &) {
    TEST("given the check string of CRC-8, when the model computes its PEC, then it is f4") {
        CHECK_EQ(smbus_pec((const uint8_t *)"123456789", 9), 0xf4);
    }
}

void test_receive(Smbus &bus) {
    TEST("given block writes of every length, when a peer sends them back to back, then every packet arrives") {
        bus.begin();
        std::deque<Bytes> want;
        for (size_t len = 5; len <= kMaxPacket; len++) want.push_back(bus.packet(len, len));
        for (auto &packet : want) bus.bmc_out.push_back(write_to(kCard, kBmc, packet));
        bus.run_dry();
        CHECK(bus.sink.good == want);
        CHECK_EQ(bus.sink.errors, 0);
        CHECK_EQ(bus.bad, 0);
        for (auto outcome : bus.outcomes) CHECK_EQ(outcome, SMBUS_SENT);
        CHECK_EQ(bus.dut.peer_o, kBmc);
    }
}

void test_send(Smbus &bus) {
    TEST("given packets of every length, when they are offered back to back, then each leaves as one block write") {
        bus.begin();
        bus.dut.destination_i = kBmc;
        std::deque<Bytes> want;
        for (size_t len = 5; len <= kMaxPacket; len++) want.push_back(bus.packet(len, len));
        bus.to_send = want;
        bus.run_dry();
        CHECK(packets_of(bus.bmc_got) == want);
        CHECK_EQ(bus.bad, 0);
    }
    TEST("given the Get Endpoint ID answer of the facts, when it is sent to 10h, then the bus carries these bytes") {
        bus.begin();
        bus.dut.destination_i = kBmc;
        bus.to_send = {{0x01, 0x08, 0x09, 0xc0, 0x00, 0x00, 0x02, 0x00, 0x09, 0x00, 0x00}};
        bus.run_dry();
        Bytes want = {0x20, 0x0f, 0x0c, 0x65, 0x01, 0x08, 0x09, 0xc0, 0x00, 0x00, 0x02, 0x00, 0x09, 0x00, 0x00, 0x41};
        CHECK(bus.bmc_got.size() == 1 && bytes_of(bus.bmc_got[0]) == want);
    }
}

// ---- writes that are no packets
// --------------------------------------------------------------------------------------

struct BadWrite {
    const char *name;
    size_t byte;      // of the write, changed ...
    uint8_t value;    // ... to this; the PEC is right afterwards
    int more;         // bytes that the transfer is longer than its PEC, or shorter
    size_t acked;     // bytes that the card acknowledges
    unsigned bad;     // packets that it counts as lost
    unsigned errors;  // packets that end with err
};

constexpr size_t kLen = 12;  // of the packets below; the PEC is byte 16
const BadWrite bad_writes[] = {
    {"another address", 0, 0x18 << 1, 0, 0, 0, 0},
    {"the general call", 0, 0x00, 0, 0, 0, 0},
    {"a read", 0, kCard << 1 | 1, 0, 0, 0, 0},
    {"command 0eh", 1, 0x0e, 0, 1, 0, 0},
    {"command 8fh", 1, 0x8f, 0, 1, 0, 0},
    {"count 0", 2, 0, 0, 2, 1, 0},
    {"a count for 4 bytes of packet", 2, 5, 0, 2, 1, 0},
    {"a count for one byte too many", 2, kMaxPacket < 254 ? kMaxPacket + 2 : 0, 0, 2, 1, 0},
    {"count 255", 2, 255, 0, kMaxPacket < 254 ? 2 : kLen + 5, 1, kMaxPacket == 254},
    {"a count of one less than comes", 2, kLen, 0, kLen + 3, 1, 1},
    {"a count of one more than comes", 2, kLen + 2, 0, kLen + 5, 1, 1},
    {"a source address with bit 0 clear", 3, kBmc << 1, 0, 3, 1, 0},
    {"a byte behind the PEC", 4, 0x01, 1, kLen + 5, 1, 1},
    {"no PEC", 4, 0x01, -1, kLen + 4, 1, 1},
};

void test_bad_writes(Smbus &bus) {
    for (const BadWrite &test : bad_writes) {
        std::string name = std::string("given a write with ") + test.name +
                           ", when a peer sends it, then no packet comes of it and the next one arrives";
        TEST(name.c_str()) {
            bus.begin();
            Bytes packet = bus.packet(kLen, kLen);
            packet[kLen - 1] = 0x55;
            smbus_transfer write = write_to(kCard, kBmc, packet);
            write.bytes[test.byte] = test.value;
            write.bytes[kLen + 4] = smbus_pec(write.bytes, kLen + 4);
            if (write.bytes[2] == kLen && write.bytes[kLen + 3] == smbus_pec(write.bytes, kLen + 3))
                write.bytes[4] ^= 1;
            write.bytes[kLen + 5] = 0;
            write.len = (size_t)((int)write.len + test.more);
            bus.bmc_out.push_back(write);
            bus.run_dry();
            CHECK_EQ(bus.bmc.acked, test.acked);
            CHECK_EQ(bus.bad, test.bad);
            CHECK_EQ(bus.sink.errors, test.errors);
            CHECK(bus.sink.good.empty());
            CHECK_EQ(bus.dut.peer_o, 0);
            bus.bmc_out.push_back(write_to(kCard, kBmc, packet));
            bus.run_dry();
            CHECK(bus.sink.good == std::deque<Bytes>{packet});
            CHECK_EQ(bus.dut.peer_o, kBmc);
        }
    }
}

void test_bit_errors(Smbus &bus) {
    TEST("given a write with one bit wrong, whichever it is, when it was sent, then no packet comes of it") {
        bus.begin();
        Bytes packet = bus.packet(5, 5);
        for (size_t bit = 0; bit < 80; bit++) {
            smbus_transfer write = write_to(kCard, kBmc, packet);
            write.bytes[bit / 8] ^= (uint8_t)(0x80 >> bit % 8);
            bus.bmc_out.push_back(write);
        }
        bus.run_dry();
        CHECK(bus.sink.good.empty());
        CHECK_EQ(bus.outcomes.size(), 80);
        CHECK_EQ(bus.bad, 80 - 16);  // all but those with another address or command
    }
    const char *const names[] = {
        "given a write that ends with STOP after any bit, when the next one follows, then only that one arrives",
        "given a controller that vanishes after any bit, when a write follows, then only that one arrives"};
    for (bool vanish : {false, true}) TEST(names[vanish]) {
            bus.begin();
            Bytes packet = bus.packet(6, 6);
            unsigned bits = 11 * 9;
            for (unsigned cut = 1; cut < bits && check_ok; cut++) {
                bus.sink = {};
                bus.bad = 0;
                bus.bmc.cut_bits = cut;
                bus.bmc.vanish = vanish;
                bus.bmc_out.push_back(write_to(kCard, kBmc, packet));
                bus.run_dry();
                CHECK(bus.sink.good.empty() && !bus.sink.inside);
                CHECK_EQ(bus.bad, cut + 1 >= 18);  // the clock rises once more before STOP
                CHECK_EQ(bus.sink.errors, cut >= 5 * 9 - 1);
                bus.bmc.cut_bits = 0;
                bus.bmc_out.push_back(write_to(kCard, kBmc, packet));
                bus.run_dry();
                CHECK(bus.sink.good == std::deque<Bytes>{packet});
            }
        }
}

// ---- a sink that takes its time
// --------------------------------------------------------------------------------------

void test_slow_sink(Smbus &bus) {
    TEST("given a sink that lets beats wait, when packets come, then the clock is stretched and none is lost") {
        bus.begin();
        bus.slowness = (unsigned)(30 * kBit);
        std::deque<Bytes> want;
        for (int i = 0; i < 30; i++) {
            want.push_back(bus.packet(5, kMaxPacket));
            bus.bmc_out.push_back(write_to(kCard, kBmc, want.back()));
        }
        bus.run_dry();
        CHECK(bus.sink.good == want);
        CHECK_EQ(bus.bad, 0);
        CHECK(bus.rules.stretched > 0);
    }
    TEST("given a sink that takes nothing for 30 ms, when packets come, then the bus is let go and later ones arrive") {
        bus.begin();
        bus.take_at = 30 * kMillisecond;
        Bytes packet = bus.packet(kMaxPacket, kMaxPacket);
        for (int i = 0; i < 3; i++) bus.bmc_out.push_back(write_to(kCard, kBmc, packet));
        bus.run_dry();
        CHECK_EQ(bus.bad, 3);
        CHECK_EQ(bus.sink.errors, 0);
        CHECK(bus.sink.good.empty());
        bus.run(30 * kMillisecond);
        CHECK_EQ(bus.sink.errors, 1);
        bus.bmc_out.push_back(write_to(kCard, kBmc, packet));
        bus.run_dry();
        CHECK(bus.sink.good == std::deque<Bytes>{packet});
    }
    TEST("given a good packet whose end still waits, when the next write is refused, then the good one arrives") {
        bus.begin();
        Bytes packet = bus.packet(5, 5);
        bus.bmc_out.push_back(write_to(kCard, kBmc, packet));
        bus.bmc_out.push_back(write_to(kCard, kBmc, packet));
        bus.bmc_out.back().bytes[2] = 0;
        while (bus.sink.open.size() + 1 < packet.size() && bus.cycle < kMillisecond) bus.step();
        bus.take_at = bus.cycle + kMillisecond;
        bus.run_dry();
        bus.run(kMillisecond);
        CHECK_EQ(bus.bad, 1);
        CHECK_EQ(bus.sink.errors, 0);
        CHECK(bus.sink.good == std::deque<Bytes>{packet});
    }
}

// ---- to whom it answers
// ----------------------------------------------------------------------------------------------

void test_addresses(Smbus &bus) {
    TEST("given no packet yet and no configured destination, when packets are to be sent, then they are dropped") {
        bus.begin();
        bus.to_send = {bus.packet(5, 9), bus.packet(5, 9)};
        bus.run_dry();
        CHECK_EQ(bus.bad, 2);
        CHECK_EQ(bus.last_stop, 0);
    }
    TEST("given two peers, when each sends, then the answer goes to the one whose good packet came last") {
        bus.begin();
        Bytes packet = bus.packet(8, 8), answer = bus.packet(9, 9);
        bus.bmc_out.push_back(write_to(kCard, kBmc, packet));
        bus.run_dry();
        bus.other_out.push_back(write_to(kCard, kOther, packet));
        bus.other_out.back().bytes[12] ^= 1;
        bus.run_dry();
        CHECK_EQ(bus.dut.peer_o, kBmc);
        bus.to_send.push_back(answer);
        bus.run_dry();
        CHECK(packets_of(bus.bmc_got) == std::deque<Bytes>{answer});
        bus.other_out.push_back(write_to(kCard, kOther, packet));
        bus.run_dry();
        bus.to_send.push_back(answer);
        bus.run_dry();
        CHECK(packets_of(bus.other_got) == std::deque<Bytes>{answer});
        CHECK_EQ(bus.bmc_got.size(), 1);
    }
    TEST("given a configured destination, when another peer sent last, then packets go to the configured one") {
        bus.begin();
        bus.dut.destination_i = kOther;
        bus.bmc_out.push_back(write_to(kCard, kBmc, bus.packet(8, 8)));
        bus.run_dry();
        Bytes answer = bus.packet(9, 9);
        bus.to_send.push_back(answer);
        bus.run_dry();
        CHECK(packets_of(bus.other_got) == std::deque<Bytes>{answer});
        CHECK(bus.bmc_got.empty());
    }
    TEST("given own addresses from 08h to 77h, when packets come and go, then each is honoured and no other") {
        bus.begin();
        Bytes packet = bus.packet(5, 5);
        for (uint8_t own : {0x08, 0x18, 0x67, 0x77}) {
            bus.dut.own_i = own;
            bus.sink = {};
            bus.bmc_got.clear();
            bus.bmc.in_count = 0;
            for (uint8_t address = 8; address < 0x78; address++)
                if (address != kOther) bus.bmc_out.push_back(write_to(address, kBmc, packet));
            bus.run_dry();
            CHECK(bus.sink.good == std::deque<Bytes>{packet});
            bus.to_send.push_back(packet);
            bus.run_dry();
            CHECK(!bus.bmc_got.empty() && bus.bmc_got.back().bytes[3] == (own << 1 | 1));
        }
    }
}

}  // namespace

int main(int argc, char **argv) {
    Smbus bus(argc, argv);
    test_model(bus);
    test_receive(bus);
    test_send(bus);
    test_bad_writes(bus);
    test_bit_errors(bus);
    test_slow_sink(bus);
    test_addresses(bus);
    return check_result();
}
