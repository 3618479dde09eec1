// SPDX-License-Identifier: Apache-2.0
//
// mctp_tx_arbiter: packets of two sources leave whole, unmixed, in the order of their source, with their length, in
// turns.
#include <Vmctp_tx_arbiter.h>

#include "mctp_bench.h"

namespace {

struct Arbiter : Bench<Vmctp_tx_arbiter> {
    using Bench::Bench;
    std::deque<Bytes> queue[2];
    size_t at[2] = {0, 0};
    bool offering[2] = {false, false};
    unsigned offer_percent[2] = {100, 100}, ready_percent = 100;
    Bytes open;
    std::deque<Bytes> out;
    unsigned length = 0;

    void begin() {
        for (int i = 0; i < 2; i++) {
            queue[i].clear();
            at[i] = 0;
            offering[i] = false;
            offer_percent[i] = 100;
        }
        out.clear();
        open.clear();
        dut.pkt_valid_i = 0;
        reset();
    }

    void step() {
        uint32_t beats = 0;
        uint16_t lengths = 0;
        uint8_t valid = 0;
        for (int i = 0; i < 2; i++) {
            if (!offering[i]) offering[i] = !queue[i].empty() && chance(offer_percent[i]);
            if (!offering[i]) continue;
            const Bytes &packet = queue[i].front();
            beats |= (packet[at[i]] | (at[i] + 1 == packet.size() ? kLast : 0)) << 10 * i;
            lengths |= (uint16_t)((at[i] == 0 ? packet.size() : 0) << 8 * i);
            valid |= (uint8_t)(1 << i);
        }
        dut.pkt_i = beats;
        dut.len_i = lengths;
        dut.pkt_valid_i = valid;
        dut.pkt_ready_i = chance(ready_percent);
        eval();
        if (dut.pkt_valid_o && dut.pkt_ready_i) {
            if (open.empty()) length = dut.len_o;
            open.push_back((uint8_t)dut.pkt_o);
            if (dut.pkt_o & kLast) {
                CHECK_EQ(open.size(), length);
                out.push_back(open);
                open.clear();
            }
        }
        unsigned taken = 0;
        for (int i = 0; i < 2; i++) {
            if (!offering[i] || !(dut.pkt_ready_o >> i & 1)) continue;
            taken++;
            offering[i] = false;
            if (++at[i] == queue[i].front().size()) {
                at[i] = 0;
                queue[i].pop_front();
            }
        }
        CHECK_EQ(taken, dut.pkt_valid_o && dut.pkt_ready_i);
        tick();
    }

    void run_dry() {
        for (unsigned limit = 0; limit < 10000000 && check_ok && !(queue[0].empty() && queue[1].empty()); limit++)
            step();
        CHECK(queue[0].empty() && queue[1].empty());
    }
};

Bytes marked(Arbiter &arbiter, int source) {  // the first byte says from whom
    Bytes packet = random_packet(arbiter, 5, 20);
    packet[0] = (uint8_t)source;
    return packet;
}

void test_random(Arbiter &arbiter) {
    const char *const names[] = {
        "given two sources always full, when the link is always ready, then their packets alternate, whole and in "
        "order",
        "given sources that pause inside packets, when the link pauses too, then packets leave whole and in order",
        "given one source much busier than the other, when the link pauses, then packets leave whole and in order",
    };
    const unsigned first[] = {100, 30, 100}, second[] = {100, 60, 3}, ready[] = {100, 50, 70};
    for (int k = 0; k < 3; k++) TEST(names[k]) {
            arbiter.begin();
            arbiter.offer_percent[0] = first[k];
            arbiter.offer_percent[1] = second[k];
            arbiter.ready_percent = ready[k];
            std::deque<Bytes> want[2];
            for (int i = 0; i < 3000; i++) {
                for (int s = 0; s < 2; s++) {
                    if (k == 2 && s == 1 && i % 10) continue;
                    want[s].push_back(marked(arbiter, s));
                    arbiter.queue[s].push_back(want[s].back());
                }
            }
            size_t total = want[0].size() + want[1].size();
            arbiter.run_dry();
            CHECK_EQ(arbiter.out.size(), total);
            for (size_t i = 0; i < arbiter.out.size() && check_ok; i++) {
                int source = arbiter.out[i][0];
                if (!CHECK(source < 2 && !want[source].empty())) break;
                CHECK(arbiter.out[i] == want[source].front());
                want[source].pop_front();
                if (k == 0 && i > 0) CHECK(source != arbiter.out[i - 1][0]);
            }
        }
}

void test_waiting(Arbiter &arbiter) {
    TEST("given a source that is alone, when the other stays silent, then its packets leave one after the other") {
        for (int s = 0; s < 2; s++) {
            arbiter.begin();
            arbiter.ready_percent = 100;
            size_t bytes = 0;
            for (int i = 0; i < 100; i++) {
                arbiter.queue[s].push_back(marked(arbiter, s));
                bytes += arbiter.queue[s].back().size();
            }
            uint64_t from = arbiter.cycle;
            arbiter.run_dry();
            CHECK_EQ(arbiter.out.size(), 100);
            CHECK(arbiter.cycle - from <= bytes + 101);  // at most one cycle between packets
        }
    }
}

}  // namespace

int main(int argc, char **argv) {
    Arbiter arbiter(argc, argv);
    test_random(arbiter);
    test_waiting(arbiter);
    return check_result();
}
