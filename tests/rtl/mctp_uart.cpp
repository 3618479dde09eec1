// SPDX-License-Identifier: Apache-2.0
//
// uart_rx and uart_tx at the dividers 4, 5, 8 and 25.
#include <Vmctp_uart_bench.h>

#include <string>

#include "mctp_bench.h"
#include "mctp_line.h"

namespace {

constexpr unsigned kLinks = 4;
constexpr unsigned kDividers[kLinks] = {4, 5, 8, 25};

struct Uarts : Bench<Vmctp_uart_bench> {
    using Bench::Bench;
    LineSender *sender[kLinks] = {};
    LineReceiver *receiver[kLinks] = {};
    Bytes got[kLinks];
    unsigned errors[kLinks] = {};
    std::deque<uint8_t> to_send[kLinks];
    unsigned laziness = 0;  // percent of cycles in which no byte is offered though one is there
    bool offered[kLinks] = {};

    void begin() {
        dut.rx_i = 0xf;
        dut.tx_valid_i = 0;
        cycle = 0;
        reset();
        for (unsigned i = 0; i < kLinks; i++) {
            got[i].clear();
            errors[i] = 0;
            offered[i] = false;
            to_send[i].clear();
        }
    }

    void step() {
        unsigned rx = 0, valid = 0;
        uint32_t data = 0;
        for (unsigned i = 0; i < kLinks; i++) {
            rx |= (!sender[i] || sender[i]->at(cycle) ? 1u : 0u) << i;
            if (!offered[i]) offered[i] = !to_send[i].empty() && !chance(laziness);
            if (!offered[i]) continue;
            valid |= 1u << i;
            data |= (uint32_t)to_send[i].front() << 8 * i;
        }
        dut.rx_i = (uint8_t)rx;
        dut.tx_valid_i = (uint8_t)valid;
        dut.tx_data_i = data;
        eval();
        for (unsigned i = 0; i < kLinks; i++) {
            if (receiver[i]) receiver[i]->sample(dut.tx_o >> i & 1);
            if (dut.rx_valid_o >> i & 1) {
                if (dut.rx_err_o >> i & 1)
                    errors[i]++;
                else
                    got[i].push_back((uint8_t)(dut.rx_data_o >> 8 * i));
            }
            if (valid & dut.tx_ready_o & 1u << i) {
                to_send[i].pop_front();
                offered[i] = false;
            }
        }
        tick();
    }

    void run(unsigned cycles) {
        for (; cycles > 0; cycles--) step();
    }
};

void test_receive(Uarts &uarts) {
    const double offsets[] = {-0.02, -0.01, 0, 0.01, 0.02};
    const char *const names[] = {
        "given a sender 2 % too fast, when it sends without gaps, then dividers 4, 5, 8 and 25 receive every byte",
        "given a sender 1 % too fast, when it sends without gaps, then dividers 4, 5, 8 and 25 receive every byte",
        "given a sender of the right rate, when it sends without gaps, then dividers 4, 5, 8 and 25 receive every byte",
        "given a sender 1 % too slow, when it sends without gaps, then dividers 4, 5, 8 and 25 receive every byte",
        "given a sender 2 % too slow, when it sends without gaps, then dividers 4, 5, 8 and 25 receive every byte",
    };
    for (int k = 0; k < 5; k++) TEST(names[k]) {
            uarts.begin();
            Bytes want[kLinks];
            std::deque<LineSender> senders;
            for (unsigned i = 0; i < kLinks; i++) {
                senders.emplace_back(kDividers[i] * (1 + offsets[k]));
                uarts.sender[i] = &senders.back();
                for (int n = 0; n < 3000; n++) {
                    want[i].push_back(random_byte(uarts));
                    senders[i].byte(want[i].back());
                    if (n % 100 == 99) senders[i].level(true, 1 + uarts.random() % 3);
                }
            }
            uarts.run(3000 * 11 * 26);
            for (unsigned i = 0; i < kLinks; i++) {
                CHECK(senders[i].idle());
                CHECK(uarts.got[i] == want[i]);
                CHECK_EQ(uarts.errors[i], 0);
                uarts.sender[i] = nullptr;
            }
        }
}

void test_line_faults(Uarts &uarts) {
    auto on_all = [&](auto &&fill, const Bytes &want, unsigned errors) {
        for (unsigned round = 0; round < 50; round++) {
            uarts.begin();
            std::deque<LineSender> senders;
            for (unsigned i = 0; i < kLinks; i++) {
                senders.emplace_back(kDividers[i] * (0.98 + 0.0004 * (uarts.random() % 100)));
                uarts.sender[i] = &senders.back();
                senders[i].phase = 0.01 * (uarts.random() % 100);
                fill(senders[i]);
            }
            uarts.run(26 * 80);
            for (unsigned i = 0; i < kLinks; i++) {
                CHECK(uarts.got[i] == want);
                CHECK_EQ(uarts.errors[i], errors);
                uarts.sender[i] = nullptr;
            }
        }
    };
    TEST(
        "given a stop bit that is low, when the line is high again, then one error is told and the next byte "
        "received") {
        on_all(
            [](LineSender &line) {
                line.byte(0x5a);
                line.byte_without_stop(0xc3);
                line.level(true, 1);
                line.byte(0xa5);
            },
            {0x5a, 0xa5}, 1);
    }
    TEST("given a line held low for long, when it is high again, then one error is told and the next byte received") {
        on_all(
            [](LineSender &line) {
                line.level(false, 37);
                line.level(true, 1);
                line.byte(0x7e);
            },
            {0x7e}, 1);
    }
    TEST("given a low pulse of a quarter bit, when a byte follows, then only the byte is received") {
        uarts.begin();
        for (unsigned i = 0; i < kLinks; i++) {
            LineSender line(kDividers[i]);
            uarts.sender[i] = nullptr;
            uarts.run(10);
            uarts.dut.rx_i = (uint8_t)(0xf ^ 1u << i);
            for (unsigned n = 0; n < kDividers[i] / 4; n++) uarts.tick();
            uarts.run(kDividers[i]);
            line.byte(0x81);
            uarts.sender[i] = &line;
            uarts.run(kDividers[i] * 12);
            uarts.sender[i] = nullptr;
            CHECK(uarts.got[i] == Bytes{0x81});
            CHECK_EQ(uarts.errors[i], 0);
        }
    }
}

void test_transmit(Uarts &uarts) {
    const char *const names[] = {
        "given bytes always offered, when sent, then every bit lasts exactly and there is no gap",
        "given bytes offered now and then, when sent, then every bit lasts exactly"};
    for (int lazy = 0; lazy < 2; lazy++) TEST(names[lazy]) {
            uarts.begin();
            uarts.laziness = lazy ? 99 : 0;
            Bytes want[kLinks];
            std::deque<LineReceiver> receivers;
            for (unsigned i = 0; i < kLinks; i++) {
                receivers.emplace_back(kDividers[i]);
                uarts.receiver[i] = &receivers.back();
                for (int n = 0; n < 500; n++) want[i].push_back(random_byte(uarts));
                uarts.to_send[i].assign(want[i].begin(), want[i].end());
            }
            unsigned gaps[kLinks];
            for (unsigned i = 0; i < kLinks; i++) {
                while (receivers[i].bytes.size() < want[i].size() && uarts.cycle < 1000000) uarts.step();
                gaps[i] = receivers[i].gaps;
            }
            for (unsigned i = 0; i < kLinks; i++) {
                CHECK(Bytes(receivers[i].bytes.begin(), receivers[i].bytes.end()) == want[i]);
                CHECK_EQ(receivers[i].faults, 0);
                uarts.receiver[i] = nullptr;
            }
            if (!lazy) CHECK_EQ(gaps[kLinks - 1], 1);  // the cycle in which the first byte was taken
        }
}

}  // namespace

int main(int argc, char **argv) {
    Uarts uarts(argc, argv);
    test_receive(uarts);
    test_line_faults(uarts);
    test_transmit(uarts);
    return check_result();
}
