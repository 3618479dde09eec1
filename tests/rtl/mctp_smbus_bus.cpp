// SPDX-License-Identifier: Apache-2.0
//
// The SMBus link among neighbours: other controllers, targets that refuse or stretch, lines that are slow, disturbed or
// stuck; and how much of the bus's time it uses.
#include <string>

#include "mctp_smbus_bench.h"

namespace {

// The more cycles a bit has, the fewer rounds.
constexpr unsigned kRounds = kBit <= 12 ? 3 : 1;

bool bit_of(const smbus_transfer &transfer, size_t bit) {
    return transfer.bytes[bit / 8] >> (7 - bit % 8) & 1;
}

// A transfer that is the same up to a bit and has the other value there.
smbus_transfer rival_of(Smbus &bus, const smbus_transfer &transfer, size_t bit) {
    smbus_transfer rival = transfer;
    for (size_t i = bit / 8 + 1; i < rival.len; i++) rival.bytes[i] = (uint8_t)bus.random();
    rival.bytes[bit / 8] ^= (uint8_t)(0x80 >> bit % 8);
    rival.bytes[rival.len - 1] = smbus_pec(rival.bytes, rival.len - 1);
    return rival;
}

// The card sends a packet while the other peer sends `rival` from the same START on.
void collide(Smbus &bus, const Bytes &packet, const smbus_transfer &rival) {
    bus.bad = 0;
    bus.bmc_got.clear();
    bus.bmc.in_count = 0;
    bus.other.join = true;
    bus.other.extra_low = bus.random() % (kBit / 4);
    bus.other_out.push_back(rival);
    bus.step();
    bus.to_send.push_back(packet);
    bus.run_dry();
}

void test_collisions(Smbus &bus) {
    TEST("given another controller that sends 0 where the card sends 1, at any bit, then the card yields") {
        bus.begin();
        bus.dut.destination_i = kBmc;
        for (unsigned round = 0; round < kRounds; round++) {
            Bytes packet = bus.packet(6, 6);
            smbus_transfer own = write_to(kBmc, kCard, packet);
            for (size_t bit = 0; bit < 8 * (own.len - 1) && check_ok; bit++) {
                if (!bit_of(own, bit)) continue;
                collide(bus, packet, rival_of(bus, own, bit));
                CHECK(bus.other.outcome != SMBUS_LOST);
                // Lost before the packet began: sent later. Lost inside: dropped.
                bool arrives = bit < 4 * 8;
                size_t copies = 0;
                for (auto &got : bus.bmc_got) copies += bytes_of(got) == bytes_of(own);
                CHECK_EQ(copies, arrives);
                CHECK_EQ(bus.bad, !arrives);
            }
        }
    }
    TEST("given another controller that sends 1 where the card sends 0, at any bit, then the card's packet arrives") {
        bus.begin();
        bus.dut.destination_i = kBmc;
        for (unsigned round = 0; round < kRounds; round++) {
            Bytes packet = bus.packet(6, 6);
            smbus_transfer own = write_to(kBmc, kCard, packet);
            for (size_t bit = 0; bit < 8 * (own.len - 1) && check_ok; bit++) {
                if (bit_of(own, bit)) continue;
                collide(bus, packet, rival_of(bus, own, bit));
                CHECK_EQ(bus.other.outcome, SMBUS_LOST);
                CHECK(packets_of(bus.bmc_got) == std::deque<Bytes>{packet});
                CHECK_EQ(bus.bad, 0);
            }
        }
    }
    TEST("given a controller that wins the address and means the card, then its packet arrives and the card's later") {
        bus.begin();
        bus.dut.destination_i = 0x77;
        bus.bmc.address = 0x77;
        for (uint8_t own = 0x08; own < 0x77 && check_ok; own++) {
            bus.dut.own_i = own;
            bus.sink = {};
            Bytes packet = bus.packet(5, 12), theirs = bus.packet(5, 12);
            if (own == kOther) continue;
            collide(bus, packet, write_to(own, kOther, theirs));
            CHECK_EQ(bus.other.outcome, SMBUS_SENT);
            CHECK(bus.sink.good == std::deque<Bytes>{theirs});
            CHECK(packets_of(bus.bmc_got) == std::deque<Bytes>{packet});
            CHECK_EQ(bus.bad, 0);
        }
    }
    TEST("given a controller that leaves no pause, when the card's address is lower, then its packets arrive") {
        bus.begin();
        bus.dut.destination_i = kBmc;
        Bytes packet = bus.packet(8, 8);
        for (int i = 0; i < 30; i++) bus.other_out.push_back(write_to(0x60, kOther, packet));
        bus.run(30 * kBit);
        bus.to_send = {packet, packet};
        while (bus.bmc_got.size() < 2 && !bus.other_out.empty()) bus.step();
        CHECK_EQ(bus.bmc_got.size(), 2);
        CHECK(bus.other_out.size() > 20);
        bus.run_dry();
        CHECK_EQ(bus.bad, 0);
    }
    TEST("given a controller that wins every time, when the card lost 8 times, then the packet is dropped") {
        for (unsigned losses : {7u, 8u}) {
            bus.begin();
            bus.dut.destination_i = kBmc;
            Bytes packet = bus.packet(8, 8);
            bus.other.join = true;
            for (unsigned i = 0; i < losses; i++) bus.other_out.push_back(write_to(0x0c, kOther, packet));
            bus.step();
            bus.to_send.push_back(packet);
            bus.run_dry();
            CHECK_EQ(bus.bad, losses == 8);
            CHECK_EQ(bus.bmc_got.size(), losses < 8);
        }
    }
}

// ---- targets that refuse or stretch
// ----------------------------------------------------------------------------------

struct Refusal {
    const char *name;
    size_t byte;
    unsigned times;
    bool arrives;
};

const Refusal refusals[] = {
    {"the address once", 0, 1, true},
    {"the address 7 times", 0, 7, true},
    {"the address 8 times", 0, 8, false},
    {"the command once", 1, 1, true},
    {"the count 7 times", 2, 7, true},
    {"the count 8 times", 2, 8, false},
    {"the source 7 times", 3, 7, true},
    {"the source 8 times", 3, 8, false},
    {"the first byte of the packet", 4, 1, false},
    {"the seventh byte", 10, 1, false},
    {"the last byte", 13, 1, false},
    {"the PEC", 14, 1, false},
};

void test_refusals(Smbus &bus) {
    for (const Refusal &test : refusals) {
        std::string name = std::string("given a target that refuses ") + test.name + ", when a packet is sent, then " +
                           (test.arrives ? "it arrives in the end" : "it is dropped and the next one arrives");
        TEST(name.c_str()) {
            bus.begin();
            bus.dut.destination_i = kBmc;
            Bytes packet = bus.packet(10, 10), next = bus.packet(5, 10);
            bus.bmc.refuse_byte = test.byte;
            bus.bmc.refusals = test.times;
            bus.to_send = {packet, next};
            bus.run_dry();
            std::deque<Bytes> good;
            for (auto &got : packets_of(bus.bmc_got))
                if (!got.empty()) good.push_back(got);
            CHECK(good == (test.arrives ? std::deque<Bytes>{packet, next} : std::deque<Bytes>{next}));
            CHECK_EQ(bus.bad, !test.arrives);
            CHECK_EQ(bus.bmc.refusals, 0);
        }
    }
}

void test_stretching(Smbus &bus) {
    TEST("given a target that stretches the clock, for however long, when packets are sent, then they arrive") {
        bus.begin();
        bus.dut.destination_i = kBmc;
        std::deque<Bytes> want;
        for (uint64_t stretch : {uint64_t(1), kBit / 3, kBit, 10 * kBit + 1, kMillisecond / 3, 20 * kMillisecond}) {
            Bytes packet = bus.packet(5, 20);
            want.push_back(packet);
            bus.bmc.stretch = stretch;
            bus.bmc.stretch_bytes = stretch > kMillisecond ? 1 : 10;
            bus.to_send.push_back(packet);
            bus.run_dry();
        }
        CHECK(packets_of(bus.bmc_got) == want);
        CHECK_EQ(bus.bad, 0);
    }
    TEST("given a controller of 10 kHz, when it sends packets, then they arrive") {
        bus.begin();
        bus.bmc.extra_low = kClkHz / 10000 - kBit;
        std::deque<Bytes> want;
        for (int i = 0; i < 3; i++) want.push_back(bus.packet(5, kMaxPacket));
        for (auto &packet : want) bus.bmc_out.push_back(write_to(kCard, kBmc, packet));
        bus.run_dry();
        CHECK(bus.sink.good == want);
        CHECK_EQ(bus.bad, 0);
    }
    TEST("given a source whose bytes come late, when packets are sent, then the clock waits for them") {
        bus.begin();
        bus.dut.destination_i = kBmc;
        bus.gap = (unsigned)(20 * kBit);
        std::deque<Bytes> want;
        for (unsigned i = 0; i < 5 * kRounds; i++) want.push_back(bus.packet(5, kMaxPacket));
        bus.to_send = want;
        bus.run_dry();
        CHECK(packets_of(bus.bmc_got) == want);
        CHECK_EQ(bus.bad, 0);
    }
}

// ---- lines ---------------------------------------------------------------------------------------------------------

// Packets both ways at once, each exactly once; those that lose arbitration come again.
void exchange(Smbus &bus, unsigned count) {
    std::deque<Bytes> to_card, from_card;
    for (unsigned i = 0; i < count; i++) {
        to_card.push_back(bus.packet(5, kMaxPacket));
        from_card.push_back(bus.packet(5, kMaxPacket));
        bus.bmc_out.push_back(write_to(kCard, kBmc, to_card.back()));
    }
    bus.to_send = from_card;
    bus.retry = true;
    bus.run_dry();
    CHECK(bus.sink.good == to_card);
    CHECK(packets_of(bus.bmc_got) == from_card);
    CHECK_EQ(bus.bad, 0);
}

void test_lines(Smbus &bus) {
    TEST("given lines that rise as slowly as allowed, when packets go both ways, then all arrive") {
        uint64_t slowest = (uint64_t)kClkHz * (kBitRate > 400000 ? 120 : kBitRate > 100000 ? 300 : 1000) / 1000000000;
        for (uint64_t rise = 0; rise <= slowest; rise = 2 * rise + 1) {
            bus.begin();
            bus.dut.destination_i = kBmc;
            bus.rise_cycles = (unsigned)rise;
            exchange(bus, 4 * kRounds);
        }
    }
    TEST("given spikes of 50 ns on both lines, when packets go both ways, then all arrive") {
        bus.begin();
        bus.dut.destination_i = kBmc;
        bus.bmc.extra_low = 6 * kSpike;  // an edge beside a spike is seen late
        bus.bmc.cycles.hold_start += 2 * kSpike;
        bus.spikes = 30;
        // A spike beside an edge, that of a STOP too, is an early edge.
        bus.rules.least_most.period -= kSpike;
        bus.rules.least_most.high -= kSpike;
        bus.rules.least_most.free -= kSpike;
        exchange(bus, 8 * kRounds);
    }
}

// ---- lines that are stuck
// --------------------------------------------------------------------------------------------

void test_stuck_lines(Smbus &bus) {
    const char *const names[] = {
        "given a clock stuck low from any moment on, when it rises again, then the card has let go and all works",
        "given a data line stuck low from any moment on, when it rises again, then the card has let go and all works"};
    for (bool data : {false, true}) TEST(names[data]) {
            for (unsigned round = 0; round < 6 * kRounds && check_ok; round++) {
                bus.begin();
                bus.dut.destination_i = kBmc;
                bool sends = round % 2;
                if (sends)
                    bus.to_send.push_back(bus.packet(8, 8));
                else
                    bus.bmc_out.push_back(write_to(kCard, kBmc, bus.packet(8, 8)));
                bus.run((sends ? kMillisecond / 20 : 0) + bus.random() % (120 * kBit));
                auto &line = data ? bus.sda : bus.scl;
                line.low_until = bus.cycle + 70 * kMillisecond;
                for (uint64_t end = bus.cycle + 35 * kMillisecond; bus.cycle < end;) bus.step();
                CHECK(bus.card_scl && bus.card_sda);
                bus.run(36 * kMillisecond);
                bus.bmc_out.clear();
                bus.run_dry();
                bus.sink = {};
                bus.bmc_got.clear();
                bus.bmc.in_count = 0;
                bus.bad = 0;
                exchange(bus, 2);
            }
        }
    TEST("given a bus that is stuck for ever, when packets are to be sent, then each is dropped within 30 ms") {
        for (bool data : {false, true}) {
            bus.begin();
            bus.dut.destination_i = kBmc;
            (data ? bus.sda : bus.scl).low_until = UINT64_MAX;
            bus.to_send = {bus.packet(9, 9), bus.packet(5, 5)};
            bus.run(2 * 30 * kMillisecond);
            CHECK(bus.to_send.empty());
            CHECK_EQ(bus.bad, 2);
            CHECK(bus.card_scl && bus.card_sda);
        }
    }
}

// ---- the bus's time
// --------------------------------------------------------------------------------------------------

// Clocks of the best that a bus can do: nine a byte, START and STOP.
uint64_t ceiling(size_t packet) {
    return (packet + 5) * 9 + 2;
}

void report(const char *what, uint64_t clocks, uint64_t cycles) {
    printf("# %s: %.4f of the ceiling\n", what, (double)(clocks * kBit) / (double)cycles);
    CHECK(100 * clocks * kBit >= 99 * cycles);
}

void test_goodput(Smbus &bus) {
    constexpr unsigned count = 10 * kRounds;
    constexpr size_t full = kMaxPacket < 68 ? kMaxPacket : 68;
    TEST("given packets back to back, when the card sends them, then it uses 99 % of the bus's time") {
        for (unsigned rise : {0u, 1u}) {
            bus.begin();
            bus.dut.destination_i = kBmc;
            bus.rise_cycles = rise;
            for (unsigned i = 0; i < count; i++) bus.to_send.push_back(bus.packet(full, full));
            bus.run_dry();
            CHECK_EQ(bus.bmc_got.size(), count);
            report(rise ? "sent, lines that rise slowly" : "sent", count * ceiling(full),
                   bus.last_stop - bus.first_start);
        }
    }
    TEST("given packets back to back, when the card receives them, then it uses 99 % of the bus's time") {
        bus.begin();
        for (unsigned i = 0; i < count; i++) bus.bmc_out.push_back(write_to(kCard, kBmc, bus.packet(full, full)));
        bus.run_dry();
        CHECK_EQ(bus.sink.good.size(), count);
        report("received", count * ceiling(full), bus.last_stop - bus.first_start);
    }
    TEST("given requests of 17 bytes, answered by 17 packets at once, then 99 % of the bus's time are used") {
        bus.begin();
        bus.dut.destination_i = kBmc;
        size_t answered = 0;
        uint64_t clocks = 0;
        for (unsigned round = 0; round < kRounds; round++) {
            bus.to_send.push_back(bus.packet(17, 17));
            clocks += ceiling(17) + 17 * ceiling(full);
            while (bus.sink.good.size() < 17 * (round + 1) && bus.cycle < 1000 * kMillisecond) {
                bus.step();
                if (bus.bmc_got.size() == answered) continue;
                answered++;
                for (unsigned i = 0; i < 17; i++) bus.bmc_out.push_back(write_to(kCard, kBmc, bus.packet(full, full)));
            }
        }
        bus.run_dry();
        CHECK_EQ(bus.sink.good.size(), 17 * kRounds);
        report("requests and answers", clocks, bus.last_stop - bus.first_start);
    }
}

// ---- all at once
// -----------------------------------------------------------------------------------------------------

void test_random(Smbus &bus) {
    TEST(
        "given three controllers that send at random, with errors, when all is quiet, then every packet is accounted") {
        bus.begin();
        bus.dut.destination_i = kBmc;
        bus.retry = true;
        std::deque<Bytes> to_card, from_card;
        unsigned wrong = 0;
        uint64_t limit = 3000 * kMillisecond;
        for (unsigned i = 0; i < 60 * kRounds && bus.cycle < limit; i++) {
            Bytes packet = bus.packet(5, kMaxPacket);
            unsigned who = bus.random() % 3;
            bus.rise_cycles = bus.random() % 2;
            bus.slowness = bus.chance(20) ? (unsigned)(20 * kBit) : 0;
            bus.bmc.extra_low = bus.chance(20) ? bus.random() % kBit : 0;
            bus.bmc.stretch = bus.random() % (3 * kBit);
            bus.bmc.stretch_bytes = bus.chance(20) ? 5 : 0;
            if (who == 2) {
                packet[0] = 0xcc;
                from_card.push_back(packet);
                bus.to_send.push_back(packet);
            } else {
                packet[0] = who ? 0xbb : 0xaa;
                smbus_transfer write = write_to(kCard, who ? kOther : kBmc, packet);
                bool broken = bus.chance(15);
                if (broken) write.bytes[4 + bus.random() % packet.size()] ^= (uint8_t)(1 << bus.random() % 8);
                wrong += broken;
                if (!broken) to_card.push_back(packet);
                (who ? bus.other_out : bus.bmc_out).push_back(write);
            }
            if (bus.chance(50)) bus.run(bus.random() % (400 * kBit));
            if (bus.chance(10)) bus.run_dry();
        }
        bus.run_dry();
        CHECK(packets_of(bus.bmc_got) == from_card);
        CHECK_EQ(bus.bad, wrong);
        CHECK_EQ(bus.sink.errors, wrong);
        CHECK_EQ(bus.sink.good.size(), to_card.size());
        // The order of one sender is kept.
        for (uint8_t sender : {0xaa, 0xbb}) {
            std::deque<Bytes> want, got;
            for (auto &packet : to_card)
                if (packet[0] == sender) want.push_back(packet);
            for (auto &packet : bus.sink.good)
                if (packet[0] == sender) got.push_back(packet);
            CHECK(got == want);
        }
    }
}

}  // namespace

int main(int argc, char **argv) {
    Smbus bus(argc, argv);
    test_collisions(bus);
    test_refusals(bus);
    test_stretching(bus);
    test_lines(bus);
    test_stuck_lines(bus);
    test_goodput(bus);
    test_random(bus);
    return check_result();
}
