// SPDX-License-Identifier: Apache-2.0
//
// mctp_packet_fifo against a queue of packets: commit, rollback on err, drop without room, length and bytes of the
// head.
#include <Vmctp_packet_fifo.h>

#include "mctp_bench.h"

#ifndef SLOT_BYTES
#define SLOT_BYTES 127  // what fits beside the length byte
#define SLOTS      4
#define TAG_MASK   0  // no tags: always 0
#endif

namespace {

// Any function of the byte will do: a tag goes with its byte.
uint8_t tag_of(unsigned byte) {
    return (uint8_t)((byte + 1) & TAG_MASK);
}

struct Fifo : Bench<Vmctp_packet_fifo> {
    using Bench::Bench;
    PacketSource source;
    bool offering = false;
    unsigned offer_percent = 100, pop_percent = 100;
    unsigned gap = 1;  // cycles from one beat to the next, at least
    unsigned drops = 0;

    std::deque<Bytes> model;  // stored packets; the head may have been read in part
    size_t read = 0;          // bytes read of the head
    Bytes writing;
    bool spoilt = false;
    unsigned model_drops = 0, model_errors = 0, passed = 0, most = 0;

    void begin() {
        dut.pkt_valid_i = 0;
        dut.pop_i = 0;
        source = {};
        offering = spoilt = false;
        drops = model_drops = model_errors = passed = most = 0;
        read = 0;
        model.clear();
        writing.clear();
        reset();
    }

    void write(unsigned beat) {
        if (model.size() == SLOTS || writing.size() == SLOT_BYTES) spoilt = true;
        if (!spoilt) writing.push_back((uint8_t)beat);
        if (!(beat & kLast)) return;
        if (beat & kErr)
            model_errors++;
        else if (spoilt)
            model_drops++;
        else
            model.push_back(writing);
        writing.clear();
        spoilt = false;
        if (model.size() > most) most = (unsigned)model.size();
    }

    void step() {
        if (!offering) offering = !source.beats.empty() && cycle % gap == 0 && chance(offer_percent);
        dut.pkt_valid_i = offering;
        dut.pkt_i = (uint16_t)(offering ? source.beats.front() : random() & 0x3ff);
        dut.tag_i = tag_of(dut.pkt_i);
        dut.pop_i = 0;
        eval();
        bool pop = dut.data_valid_o && chance(pop_percent);
        dut.pop_i = pop;
        eval();
        bool popped_last = false;
        if (dut.length_o) {
            if (CHECK(!model.empty())) CHECK_EQ(dut.length_o, model.front().size() - read);
        }
        if (dut.data_valid_o && CHECK(!model.empty())) {
            CHECK_EQ(dut.data_o, model.front()[read]);
            CHECK_EQ(dut.tag_o, tag_of(model.front()[read]));
        }
        if (pop && !model.empty()) popped_last = ++read == model.front().size();
        bool taken = offering && dut.pkt_ready_o;
        CHECK_EQ(dut.empty_o, model.empty() && writing.empty() && !spoilt);
        if (!dut.room_o) CHECK_EQ(model.size(), SLOTS);
        drops += dut.drop_o;
        if (taken) {
            write(source.beats.front());
            source.beats.pop_front();
            offering = false;
        }
        if (popped_last) {  // a packet that begins in this cycle does not see its room yet
            model.pop_front();
            read = 0;
            passed++;
        }
        tick();
    }

    void run_dry() {
        for (unsigned limit = 0; limit < 20000000 && check_ok && !(source.beats.empty() && model.empty()); limit++)
            step();
        for (int i = 0; i < 8; i++) step();
        CHECK(source.beats.empty() && model.empty());
        CHECK_EQ(dut.length_o, 0);
        CHECK_EQ(drops, model_drops);
    }
};

void test_steps(Fifo &fifo) {
    TEST("given a packet that ends with err, when the next one is good, then only the good one is there") {
        fifo.begin();
        fifo.source.add(Bytes(SLOT_BYTES, 0x11), true);
        fifo.source.add({1, 2, 3, 4, 5});
        fifo.run_dry();
        CHECK_EQ(fifo.passed, 1);
        CHECK_EQ(fifo.drops, 0);
    }
    TEST(
        "given a reader that never reads, when one packet too many comes, then it is dropped and counted, the others "
        "stay") {
        fifo.begin();
        fifo.pop_percent = 0;
        for (int i = 0; i < SLOTS + 3; i++) fifo.source.add(Bytes(5, (uint8_t)i));
        fifo.source.add(Bytes(5, 0xee), true);
        for (int i = 0; i < 200; i++) fifo.step();
        CHECK_EQ(fifo.drops, 3);
        CHECK(!fifo.dut.room_o);
        fifo.pop_percent = 100;
        fifo.run_dry();
        CHECK_EQ(fifo.passed, SLOTS);
        CHECK(fifo.dut.room_o);
    }
    TEST(
        "given packets as long as a slot and longer, when stored, then the first are there and the others are "
        "dropped") {
        fifo.begin();
        for (unsigned n : {SLOT_BYTES, SLOT_BYTES + 1, 5, SLOT_BYTES + 200, SLOT_BYTES}) {
            fifo.source.add(random_packet(fifo, n, n));
            fifo.run_dry();
        }
        CHECK_EQ(fifo.passed, 3);
        CHECK_EQ(fifo.drops, 2);
    }
}

void test_random(Fifo &fifo) {
    const char *const names[] = {
        "given random packets at the rate of the fastest line, when read at once, then all arrive and none is dropped",
        "given random packets, when the reader is slow, then the rest arrive whole and in order and drops are counted",
        "given random packets, when writer and reader pause at random, then they arrive whole and in order",
    };
    const unsigned gap[] = {40, 1, 1}, offer[] = {100, 100, 60}, pop[] = {100, 20, 50};
    for (int k = 0; k < 3; k++) TEST(names[k]) {
            fifo.begin();
            fifo.gap = gap[k];
            fifo.offer_percent = offer[k];
            fifo.pop_percent = pop[k];
            for (unsigned i = 0; i < 3000; i++) {
                fifo.source.add(random_packet(fifo, k == 0 ? 5 : 1, fifo.chance(30) ? 74 : 8), fifo.chance(20));
            }
            fifo.run_dry();
            CHECK_EQ(fifo.passed + fifo.model_drops + fifo.model_errors, 3000);
            if (k == 0) CHECK_EQ(fifo.drops, 0);
            if (k == 1) CHECK(fifo.drops > 100 && fifo.most == SLOTS);
        }
}

}  // namespace

int main(int argc, char **argv) {
    Fifo fifo(argc, argv);
    test_steps(fifo);
    test_random(fifo);
    return check_result();
}
