// SPDX-License-Identifier: Apache-2.0
//
// mctp_serial_tx: the wake-up sequence, the frames observed on Linux byte for byte, and random packets against the C
// encoder and decoder.
#include <Vmctp_serial_tx.h>

#include "mctp_bench.h"

namespace {

struct Framer : Bench<Vmctp_serial_tx> {
    using Bench::Bench;
    std::deque<Bytes> packets;
    size_t at = 0;
    Bytes line;
    unsigned eager = 100;  // percent of cycles in which the producer has its next beat
    bool offering = false;
    unsigned wait = 0;  // cycles until the line takes the next byte
    unsigned max_wait = 0;

    void step() {
        if (!offering) offering = !packets.empty() && chance(at == 0 && max_wait ? 5 : eager);
        dut.pkt_valid_i = offering;
        if (!packets.empty()) {
            const Bytes &packet = packets.front();
            dut.pkt_i = (uint16_t)(packet[at] | (at + 1 == packet.size() ? kLast : 0));
            dut.len_i = at == 0 ? (uint8_t)packet.size() : (uint8_t)random();
        }
        dut.byte_ready_i = wait == 0;
        eval();
        if (wait > 0) wait--;
        if (dut.byte_valid_o && dut.byte_ready_i) {
            line.push_back(dut.byte_o);
            wait = max_wait ? random() % max_wait : 0;
        }
        if (offering && dut.pkt_ready_o) {
            offering = false;
            if (++at == packets.front().size()) {
                at = 0;
                packets.pop_front();
            }
        }
        tick();
    }

    void begin() {
        packets.clear();
        line.clear();
        at = 0;
        offering = false;
        dut.pkt_valid_i = 0;
        dut.byte_ready_i = 0;
        reset();
    }

    void run_until_idle() {
        for (unsigned limit = 0; limit < 1000000; limit++) {
            step();
            if (packets.empty() && dut.idle_o) return;
        }
        CHECK(!"idle after a million cycles");
    }
};

Bytes wake_up() {
    Bytes out(80, 0x00);
    append(out, {0x7e, 0, 0, 0, 0x7e, 0x01, 0, 0, 0, 0x7e});
    return out;
}

void test_wake_up(Framer &framer) {
    TEST("given a reset, when nothing is to send, then the wake-up sequence is sent once") {
        framer.begin();
        framer.run_until_idle();
        framer.line.reserve(200);
        for (int i = 0; i < 1000; i++) framer.step();
        CHECK(framer.line == wake_up());
        CHECK(framer.dut.idle_o);
    }
    TEST("given a packet offered from reset on, when sent, then it follows the whole wake-up sequence") {
        framer.begin();
        framer.max_wait = 30;
        Bytes packet{1, 9, 8, 0xc8, 0, 0x80, 2}, want = wake_up();
        append(want, frame_of(packet));
        framer.packets.push_back(packet);
        framer.run_until_idle();
        CHECK(framer.line == want);
    }
}

void test_vectors(Framer &framer) {
    struct {
        const char *name;
        Bytes packet, frame;
    } const vectors[] = {
        {"given Get Endpoint ID to EID 9, when sent, then the bytes are those Linux accepts",
         {0x01, 0x09, 0x08, 0xc8, 0x00, 0x80, 0x02},
         {0x7e, 0x01, 0x07, 0x01, 0x09, 0x08, 0xc8, 0x00, 0x80, 0x02, 0x0e, 0xb2, 0x7e}},
        {"given the answer to Get Endpoint ID, when sent, then the bytes are those Linux accepts",
         {0x01, 0x08, 0x09, 0xc0, 0x00, 0x00, 0x02, 0x00, 0x09, 0x00, 0x00},
         {0x7e, 0x01, 0x0b, 0x01, 0x08, 0x09, 0xc0, 0x00, 0x00, 0x02, 0x00, 0x09, 0x00, 0x00, 0x92, 0xb1, 0x7e}},
        {"given Get Endpoint ID to EID 0, when sent, then the bytes are those Linux accepts",
         {0x01, 0x00, 0x08, 0xc8, 0x00, 0x80, 0x02},
         {0x7e, 0x01, 0x07, 0x01, 0x00, 0x08, 0xc8, 0x00, 0x80, 0x02, 0x2b, 0xc1, 0x7e}},
        {"given PLDM GetTID, when sent, then the bytes are those Linux accepts",
         {0x01, 0x09, 0x08, 0xc8, 0x01, 0x80, 0x00, 0x02},
         {0x7e, 0x01, 0x08, 0x01, 0x09, 0x08, 0xc8, 0x01, 0x80, 0x00, 0x02, 0x0c, 0xa6, 0x7e}},
    };
    framer.begin();
    framer.max_wait = 0;
    framer.run_until_idle();
    for (const auto &v : vectors) TEST(v.name) {
            framer.line.clear();
            framer.packets.push_back(v.packet);
            framer.run_until_idle();
            CHECK(framer.line == v.frame);
        }
}

void test_random(Framer &framer) {
    TEST("given random packets of 5 to 255 bytes rich in 7e and 7d, when sent, then C encoder and decoder agree") {
        mctp_serial_rx model;
        mctp_serial_rx_init(&model);
        for (unsigned i = 0; i < 2000 && check_ok; i++) {
            framer.max_wait = i % 3 ? 40 : 0;
            framer.eager = i % 2 ? 100 : 20;
            framer.line.clear();
            Bytes packets[2], want;
            for (Bytes &packet : packets) {
                packet = random_packet(framer, 5, i % 10 ? 40 : 255);
                append(want, frame_of(packet));
                framer.packets.push_back(packet);
            }
            framer.run_until_idle();
            CHECK(framer.line == want);
            unsigned received = 0;
            for (uint8_t byte : framer.line) {
                size_t length = mctp_serial_rx_byte(&model, byte);
                if (length == 0) continue;
                if (!CHECK(received < 2)) break;
                CHECK(Bytes(model.packet, model.packet + length) == packets[received++]);
            }
            CHECK_EQ(received, 2);
            CHECK_EQ(model.bad_frames, 0);
        }
    }
}

}  // namespace

int main(int argc, char **argv) {
    Framer framer(argc, argv);
    test_wake_up(framer);
    test_vectors(framer);
    test_random(framer);
    return check_result();
}
