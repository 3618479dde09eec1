// SPDX-License-Identifier: Apache-2.0
//
// mctp_serial_rx against the C decoder: same packets, same count of bad frames, under every damage; and its promise to
// a consumer that takes its time.
#include <Vmctp_serial_rx.h>

#include "mctp_bench.h"

#ifndef MAX_PACKET
#define MAX_PACKET 74
#endif

namespace {

constexpr unsigned kByteCycles = 40;  // the fastest line: 10 bits of 4 cycles

struct Deframer : Bench<Vmctp_serial_rx> {
    using Bench::Bench;
    PacketSink sink;
    unsigned bad = 0;
    unsigned slow = 0;   // the consumer takes a beat after up to so many cycles
    bool stuck = false;  // ... or never
    unsigned patience = 0;

    void cycle_once() {
        eval();
        if (!dut.pkt_valid_o) patience = slow ? random() % (slow + 1) : 0;
        dut.pkt_ready_i = !stuck && patience == 0;
        eval();
        if (dut.pkt_valid_o && dut.pkt_ready_i) {
            sink.beat(dut.pkt_o);
            patience = slow ? random() % (slow + 1) : 0;
        } else if (dut.pkt_valid_o && patience > 0) {
            patience--;
        }
        bad += dut.bad_o;
        tick();
    }

    void byte(uint8_t value, bool err = false) {
        dut.byte_i = value;
        dut.byte_err_i = err;
        dut.byte_valid_i = 1;
        cycle_once();
        dut.byte_valid_i = 0;
        dut.byte_i = (uint8_t)random();
        for (unsigned i = 1; i < kByteCycles; i++) cycle_once();
    }
};

// RTL and model side by side.
struct Pair {
    Deframer rtl;
    mctp_serial_rx model;
    unsigned accepted = 0;

    explicit Pair(int argc, char **argv) : rtl(argc, argv) {
        mctp_serial_rx_init(&model);
        model.max = MAX_PACKET;
        rtl.dut.byte_valid_i = 0;
        rtl.reset();
    }

    // Returns whether the model completed a packet; checks that the RTL did the same.
    bool byte(uint8_t value, bool err = false) {
        size_t length = 0;
        if (err)
            mctp_serial_rx_line_error(&model);
        else
            length = mctp_serial_rx_byte(&model, value);
        rtl.byte(value, err);
        bool same = CHECK_EQ(rtl.bad, model.bad_frames) && CHECK_EQ(rtl.sink.good.size(), length != 0);
        if (same && length) {
            accepted++;
            CHECK(rtl.sink.good.front() == Bytes(model.packet, model.packet + length));
        }
        rtl.sink.good.clear();
        return length != 0;
    }

    unsigned feed(const Bytes &bytes) {
        unsigned packets = 0;
        for (size_t i = 0; i < bytes.size() && check_ok; i++) packets += byte(bytes[i]);
        return packets;
    }

    void feed_good() {
        Bytes packet = random_packet(rtl, 5, MAX_PACKET);
        unsigned before = accepted;
        feed(frame_of(packet));
        CHECK(accepted > before);
        CHECK(Bytes(model.packet, model.packet + packet.size()) == packet);
        CHECK(!rtl.sink.inside);
    }
};

enum Damage { kFlip, kCut, kLose, kInsert, kFlag, kNoise, kOverlong, kShort, kNoEnd, kLineError, kNothing, kDamages };

const char *const kNames[kDamages] = {
    "given frames with flipped bits, when good frames follow, then RTL and model agree and the good ones arrive",
    "given frames cut anywhere, when good frames follow at once, then RTL and model agree and the good ones arrive",
    "given frames that lost bytes, when good frames follow, then RTL and model agree and the good ones arrive",
    "given frames with bytes inserted, when good frames follow, then RTL and model agree and the good ones arrive",
    "given lone extra flags, when good frames follow, then RTL and model agree and the good ones arrive",
    "given noise between frames, when good frames follow, then RTL and model agree and the good ones arrive",
    "given overlong frames with a right FCS, when good frames follow, then RTL and model agree and the good ones "
    "arrive",
    "given frames shorter than a packet, when good frames follow, then RTL and model agree and the good ones arrive",
    "given frames without closing flag, when good frames follow, then RTL and model agree and the good ones arrive",
    "given framing errors anywhere, when good frames follow, then RTL and model agree and the good ones arrive",
    "given nothing but good frames, when they follow each other at once, then all arrive and none counts as bad",
};

Bytes forged(const Bytes &data) {  // a frame of any length, with a right FCS
    Bytes out{0x7e, 0x01, (uint8_t)data.size()};
    uint16_t fcs = mctp_serial_fcs(mctp_serial_fcs(0xffff, 0x01), (uint8_t)data.size());
    for (uint8_t byte : data) {
        fcs = mctp_serial_fcs(fcs, byte);
        if (byte == 0x7e || byte == 0x7d) out.push_back(0x7d), byte ^= 0x20;
        out.push_back(byte);
    }
    append(out, {(uint8_t)(fcs >> 8), (uint8_t)fcs, 0x7e});
    return out;
}

Bytes damaged(Pair &pair, Damage damage) {
    auto &bench = pair.rtl;
    Bytes frame = frame_of(random_packet(bench, 5, MAX_PACKET));
    auto place = [&] { return frame.begin() + (long)(bench.random() % frame.size()); };
    switch (damage) {
        case kFlip:
            for (unsigned i = 1 + bench.random() % 3; i > 0; i--) *place() ^= (uint8_t)(1u << bench.random() % 8);
            break;
        case kCut:
            frame.resize(bench.random() % frame.size());
            break;
        case kLose:
            for (unsigned i = 1 + bench.random() % 3; i > 0; i--) frame.erase(place());
            break;
        case kInsert:
            frame.insert(place(), random_byte(bench));
            break;
        case kFlag:
            frame.insert(place(), 0x7e);
            break;
        case kNoise:
            frame.clear();
            for (unsigned i = bench.random() % 40; i > 0; i--) frame.push_back(random_byte(bench));
            break;
        case kOverlong:
            frame = forged(random_packet(bench, MAX_PACKET < 255 ? MAX_PACKET + 1 : 255, 255));
            break;
        case kShort:
            frame = forged(random_packet(bench, 0, 4));
            break;
        case kNoEnd:
            frame.pop_back();
            break;
        default:
            break;
    }
    return frame;
}

// The one frame that the rule gives up: max >= 126 and the line cut right behind a revision byte.
bool swallows_next(const Pair &pair) {
    return MAX_PACKET >= 126 && pair.model.start == 2;
}

void test_damage(Pair &pair) {
    const char *scale = getenv("FRAMES");
    const unsigned frames = scale ? (unsigned)atoi(scale) : 400;
    for (int damage = 0; damage < kDamages; damage++) TEST(kNames[damage]) {
            const unsigned bad = pair.rtl.bad, accepted = pair.accepted;
            for (unsigned i = 0; i < frames && check_ok; i++) {
                pair.rtl.slow = (i & 1) ? 20 : 0;
                Bytes bytes = damaged(pair, (Damage)damage);
                if (damage == kLineError) {
                    size_t at = pair.rtl.random() % bytes.size();
                    for (size_t k = 0; k < bytes.size(); k++) pair.byte(bytes[k], k == at);
                } else {
                    pair.feed(bytes);
                }
                if (!swallows_next(pair)) pair.feed_good();
            }
            if (damage == kNothing) CHECK_EQ(pair.accepted - accepted, 2 * frames);
            if (damage == kNothing)
                CHECK_EQ(pair.rtl.bad, bad);
            else if (damage != kFlag && damage != kNoEnd && (damage != kOverlong || MAX_PACKET < 255))
                CHECK(pair.rtl.bad > bad);
        }
}

void test_misleading_fcs(Pair &pair) {
    TEST("given frames whose FCS holds 7e or 7e 01, when they are cut anywhere, then the next frame arrives") {
        unsigned found[3] = {0, 0, 0};
        pair.rtl.slow = 0;
        for (uint32_t n = 0; n < 0x200000 && (found[0] < 3 || found[1] < 20 || found[2] < 20); n++) {
            Bytes packet{1, 9, 8, 0xc8, 1, (uint8_t)n, (uint8_t)(n >> 8), (uint8_t)(n >> 16)};
            Bytes frame = frame_of(packet);
            uint8_t high = frame[frame.size() - 3], low = frame[frame.size() - 2];
            int kind = high == 0x7e && low == 0x01 ? 0 : high == 0x7e ? 1 : low == 0x7e ? 2 : -1;
            if (kind < 0 || found[kind]++ >= 20) continue;
            for (size_t lost = 0; lost < frame.size() && check_ok; lost++) {
                pair.feed(Bytes(frame.begin(), frame.end() - (long)lost));
                if (!swallows_next(pair)) pair.feed_good();
            }
        }
        CHECK(found[0] > 0 && found[1] > 0 && found[2] > 0);
    }
}

void test_slow_consumer(Pair &pair) {
    TEST(
        "given a consumer stuck for a while, when it goes on, then packets are whole or end with err and the next "
        "arrive") {
        auto &rtl = pair.rtl;
        rtl.slow = 0;
        for (unsigned round = 0; round < 300 && check_ok; round++) {
            rtl.bad = 0;
            rtl.sink.errors = 0;
            unsigned sent = 1 + rtl.random() % 4;
            std::vector<Bytes> packets;
            Bytes line;
            for (unsigned i = 0; i < sent; i++) {
                packets.push_back(random_packet(rtl, 5, MAX_PACKET));
                append(line, frame_of(packets.back()));
                if (rtl.chance(30)) line.resize(line.size() - 1 - rtl.random() % 6);
            }
            size_t from = rtl.random() % line.size(), until = from + rtl.random() % (line.size() - from + 1);
            for (size_t k = 0; k < line.size(); k++) {
                rtl.stuck = k >= from && k < until;
                rtl.byte(line[k]);
            }
            rtl.stuck = false;
            for (uint8_t flush : {0x7e, 0x00, 0x00, 0x00}) rtl.byte(flush);
            CHECK(!rtl.sink.inside);
            CHECK_EQ(rtl.sink.good.size() + rtl.bad, sent);
            CHECK(rtl.sink.errors <= rtl.bad);
            size_t next = 0;  // what came is a subsequence of what was sent
            for (const Bytes &got : rtl.sink.good) {
                while (next < packets.size() && packets[next] != got) next++;
                CHECK(next++ < packets.size());
            }
            rtl.sink.good.clear();
            rtl.bad = 0;
            mctp_serial_rx_init(&pair.model);
            pair.model.max = MAX_PACKET;
            pair.feed_good();
        }
    }
}

}  // namespace

int main(int argc, char **argv) {
    Pair pair(argc, argv);
    test_damage(pair);
    test_misleading_fcs(pair);
    test_slow_consumer(pair);
    return check_result();
}
