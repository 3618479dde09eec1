// SPDX-License-Identifier: Apache-2.0
//
// mctp_packet_port between a host that speaks in words and an endpoint that speaks in bytes, both pausing at random:
// every packet of either side arrives whole, in order and unchanged, or is lost for a reason and counted.
#include <Vmctp_packet_port.h>

#include "mctp_port.h"

namespace {

constexpr unsigned kPatience = 50, kMaxPacket = 255;  // as mctp.bench.mk builds it

struct Port : Bench<Vmctp_packet_port> {
    using Bench::Bench;
    PortSender to_card;
    PortReceiver host;
    PacketSink card_got;
    PacketSource from_card;
    unsigned bad = 0;
    bool card_offers = false;
    unsigned host_offer = 100, host_ready = 100, card_offer = 100, card_ready = 100;  // percent of the cycles

    void begin() {
        dut.in_valid_i = dut.out_ready_i = dut.rx_ready_i = dut.tx_valid_i = 0;
        to_card = {};
        host = {};
        card_got = {};
        from_card = {};
        bad = 0;
        card_offers = false;
        host_offer = host_ready = card_offer = card_ready = 100;
        reset();
    }

    void host_sends(const Bytes &packet, bool err = false) { to_card.add(*this, packet, err); }

    void drive() {
        const PortWord word = to_card.drive(*this, chance(host_offer));
        dut.in_valid_i = to_card.offers;
        dut.in_data_i = word.data;
        dut.in_keep_i = word.keep;
        dut.in_last_i = word.last;
        dut.in_err_i = word.err;
        if (!card_offers) card_offers = !from_card.beats.empty() && chance(card_offer);
        dut.tx_valid_i = card_offers;
        dut.tx_i = (uint16_t)(card_offers ? from_card.beats.front() : random() & 0x1ff);
        dut.rx_ready_i = chance(card_ready);
        dut.out_ready_i = chance(host_ready);
    }

    void step() {
        drive();
        eval();
        if (dut.rx_valid_o && dut.rx_ready_i) card_got.beat(dut.rx_o);
        if (dut.out_valid_o && dut.out_ready_i)
            host.take({dut.out_data_o, dut.out_keep_o, (bool)dut.out_last_o, (bool)dut.out_err_o});
        bad += dut.bad_o;
        if (to_card.offers && dut.in_ready_o) to_card.taken();
        if (card_offers && dut.tx_ready_o) {
            from_card.beats.pop_front();
            card_offers = false;
        }
        tick();
    }

    void steps(unsigned n) {
        for (; n > 0; n--) step();
    }

    void run_dry() {
        for (unsigned limit = 0; limit < 5000000 && check_ok && !(to_card.words.empty() && from_card.beats.empty());
             limit++)
            step();
        CHECK(to_card.words.empty() && from_card.beats.empty());
        unsigned limit = 0;
        for (int quiet = 0; quiet < 4 && limit < 10000; quiet++, limit++) {
            step();
            if (dut.rx_valid_o || dut.out_valid_o) quiet = 0;
        }
        CHECK(dut.tx_idle_o && !card_got.inside && host.open.empty());
    }
};

void test_sizes(Port &port) {
    const struct {
        const char *sentence;
        unsigned host_offer, host_ready, card_offer, card_ready;
    } cases[] = {
        {"given packets of 1 to 255 bytes both ways at once, when nobody pauses, then each arrives whole and in order",
         100, 100, 100, 100},
        {"given packets of 1 to 255 bytes both ways at once, when everybody pauses, then each arrives whole and in "
         "order",
         50, 50, 50, 50},
        {"given packets of 1 to 255 bytes both ways at once, when the receivers are slow, then each arrives whole and "
         "in order",
         100, 30, 100, 10},
        {"given packets of 1 to 255 bytes both ways at once, when the senders are slow, then each arrives whole and in "
         "order",
         5, 100, 5, 100},
    };
    for (const auto &c : cases) TEST(c.sentence) {
            port.begin();
            port.host_offer = c.host_offer;
            port.host_ready = c.host_ready;
            port.card_offer = c.card_offer;
            port.card_ready = c.card_ready;
            std::deque<Bytes> to_card, to_host;
            for (unsigned n = 1; n <= kMaxPacket; n++) {
                to_card.push_back(random_packet(port, n, n));
                port.host_sends(to_card.back());
                to_host.push_back(random_packet(port, n, n));
                port.from_card.add(to_host.back());
            }
            port.run_dry();
            CHECK(port.card_got.good == to_card);
            CHECK(port.host.good == to_host);
            CHECK_EQ(port.card_got.errors, 0);
            CHECK_EQ(port.host.errors, 1);  // after the reset
            CHECK_EQ(port.bad, 0);
        }
}

void test_rate(Port &port) {
    TEST("given long packets both ways at once, when nobody pauses, then a byte moves in every cycle each way") {
        port.begin();
        port.steps(2);
        for (unsigned i = 0; i < 100; i++) {
            port.host_sends(random_packet(port, 252, 252));
            port.from_card.add(random_packet(port, 252, 252));
        }
        uint64_t from = port.cycle;
        port.run_dry();
        CHECK_EQ(port.card_got.good.size(), 100);
        CHECK_EQ(port.host.good.size(), 100);
        CHECK(port.cycle - from <= 100 * 252 + 8);
    }
}

void test_bad(Port &port) {
    const PortWord whole = {0x11111111, 15, false, false}, end = {0x22, 1, true, false};
    const struct {
        const char *sentence;
        std::vector<PortWord> words;
        unsigned errors;  // packets that began to leave
    } cases[] = {
        {"given a packet whose last word carries err, when it comes, then it ends with err and counts as bad",
         {whole, whole, {0x33, 1, true, true}},
         1},
        {"given a packet of one word with err, when it comes, then it ends with err and counts as bad",
         {{0x33333333, 15, true, true}},
         1},
        {"given a packet with a short word in its middle, when it comes, then it ends with err and counts as bad",
         {whole, {0x33, 7, false, false}, whole, end},
         1},
        {"given a packet with a hole in its last word, when it comes, then it ends with err and counts as bad",
         {whole, {0x33, 5, true, false}},
         1},
        {"given a packet with an empty last word, when it comes, then it ends with err and counts as bad",
         {whole, {0x33, 0, true, false}},
         1},
        {"given a packet that begins with a word without its lowest byte, when it comes, then it ends with err and "
         "counts as bad",
         {{0x33, 14, false, false}, whole, end},
         1},
    };
    for (const auto &c : cases) TEST(c.sentence) {
            for (unsigned pause : {100u, 40u}) {
                port.begin();
                port.host_offer = port.card_ready = pause;
                const Bytes before = random_packet(port, 5, 80), after = random_packet(port, 5, 80);
                port.host_sends(before);
                for (const PortWord &word : c.words) port.to_card.words.push_back(word);
                port.host_sends(after);
                port.run_dry();
                CHECK(port.card_got.good == (std::deque<Bytes>{before, after}));
                CHECK_EQ(port.card_got.errors, c.errors);
                CHECK_EQ(port.bad, 1);
            }
        }
    TEST("given packets of 256 bytes and more, when they come, then they end with err within 255 bytes and count") {
        port.begin();
        std::deque<Bytes> want;
        for (unsigned n : {256u, 255u, 257u, 260u, 255u, 1000u}) {
            Bytes packet = random_packet(port, n, n);
            port.host_sends(packet);
            if (n <= kMaxPacket) want.push_back(packet);
        }
        port.run_dry();
        CHECK(port.card_got.good == want);
        CHECK_EQ(port.card_got.errors, 4);
        CHECK_EQ(port.bad, 4);
    }
}

void test_random(Port &port) {
    TEST("given random packets, good and bad, both ways, when everybody pauses, then the good ones arrive in order") {
        port.begin();
        port.host_offer = port.host_ready = port.card_offer = 70;
        port.card_ready = 60;
        std::deque<Bytes> to_card, to_host;
        unsigned bad = 0;
        for (unsigned i = 0; i < 3000; i++) {
            Bytes packet = random_packet(port, 1, port.chance(10) ? 300 : 20);
            bool err = port.chance(20);
            port.host_sends(packet, err);
            if (err || packet.size() > kMaxPacket)
                bad++;
            else
                to_card.push_back(packet);
            to_host.push_back(random_packet(port, 1, 20));
            port.from_card.add(to_host.back());
        }
        port.run_dry();
        CHECK(port.card_got.good == to_card);
        CHECK(port.host.good == to_host);
        CHECK_EQ(port.bad, bad);
        CHECK_EQ(port.card_got.errors, bad);
    }
}

void test_reset(Port &port) {
    TEST("given a packet to the host that a reset cuts short, when the host goes on, then that packet ends with err") {
        port.begin();
        const Bytes cut = random_packet(port, 40, 40), after = random_packet(port, 9, 9);
        port.from_card.add(cut);
        port.steps(22);
        CHECK(!port.host.open.empty());
        port.from_card = {};
        port.card_offers = false;
        port.dut.tx_valid_i = port.dut.in_valid_i = 0;
        port.reset();
        port.from_card.add(after);
        port.run_dry();
        CHECK(port.host.good == std::deque<Bytes>{after});
        CHECK_EQ(port.host.errors, 2);
    }
}

// A host that stops taking words after `words` of them, with packets of 10 bytes behind each other, and goes on later.
void test_stuck(Port &port) {
    TEST("given a host that stops at any word, when it goes on, then it has whole packets, or such as end with err") {
        for (unsigned words = 0; words < 13; words++) {
            port.begin();
            port.steps(3);
            std::deque<Bytes> sent;
            for (unsigned i = 0; i < 20; i++) {
                sent.push_back(Bytes(10, (uint8_t)i));
                port.from_card.add(sent.back());
            }
            for (unsigned taken = 0; taken < words;) {
                port.step();
                taken += port.dut.out_valid_o && port.dut.out_ready_i;
            }
            port.host_ready = 0;
            port.steps(kPatience + 250);
            CHECK(port.from_card.beats.empty());  // nothing waits behind it
            CHECK(port.dut.tx_idle_o);
            port.host_ready = 50;
            port.steps(20);
            const Bytes after(10, 0xee);
            port.from_card.add(after);
            port.run_dry();
            if (!CHECK(!port.host.good.empty()) || !CHECK(port.host.good.back() == after)) break;
            for (size_t i = 0; i + 1 < port.host.good.size(); i++) CHECK(port.host.good[i] == sent[i]);
            CHECK_EQ(port.host.good.size() - 1 + port.bad, sent.size());
            CHECK(port.host.errors <= 2);
        }
    }
    TEST("given a host that takes a word just in time, when it does so each time, then no packet is lost") {
        port.begin();
        port.steps(3);
        std::deque<Bytes> sent;
        for (unsigned i = 0; i < 4; i++) {
            sent.push_back(random_packet(port, 11, 11));
            port.from_card.add(sent.back());
        }
        for (unsigned i = 0; i < 1000; i++) {
            port.host_ready = i % kPatience == 0 ? 100 : 0;
            port.step();
        }
        CHECK(port.host.good == sent);
        CHECK_EQ(port.bad, 0);
    }
}

}  // namespace

int main(int argc, char **argv) {
    Port port(argc, argv);
    test_sizes(port);
    test_rate(port);
    test_bad(port);
    test_random(port);
    test_reset(port);
    test_stuck(port);
    return check_result();
}
