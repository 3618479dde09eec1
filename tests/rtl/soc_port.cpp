// SPDX-License-Identifier: Apache-2.0
//
// How fast the packet port is, through the whole system: port, router, stream engine and stream RAM, with an update
// agent that answers each RequestFirmwareData in the cycle after its last word. One request at a time; nothing is
// checked or written to the flash, both of which are slower. The ceiling is a byte a cycle: of each request and answer
// with their MCTP headers, L + 5 bytes an answer.
#include "Vsluice_soc.h"

#include "bench.h"
#include "sim/packet_pins.h"
#include "tests/rtl/soc/scenario.h"

#include <string>
#include <vector>

using Bytes = std::vector<uint8_t>;

namespace {

constexpr unsigned kHeader = 4, kPldm = 5, kChunk = 4096, kRequest = 16;

struct System : Bench<Vsluice_soc> {
    packet_source to_card;
    packet_sink from_card{};
    Bytes image;
    unsigned mtu;
    std::string text;                // the console's
    std::vector<uint64_t> requests;  // cycles in which they were there
    uint64_t answered = 0;           // cycle in which the last word of the last answer was taken

    System(int argc, char **argv) : Bench(argc, argv) {
        packet_source_init(&to_card);
        image.resize(PORT_BLOCKS * kChunk);
        for (auto &byte : image) byte = (uint8_t)random();
    }
    ~System() { free(to_card.words); }

    void begin(unsigned payload) {
        mtu = payload;
        free(to_card.words);
        packet_source_init(&to_card);
        from_card = {};
        text.clear();
        requests.clear();
        dut.uart_rx_i = 1;
        dut.sd_i = 0xf;
        dut.console_ready_i = 1;
        dut.board_i = SCENARIO_PORT;
        dut.packet_in_valid_i = 0;
        dut.packet_out_ready_i = 1;
        cycle = 0;
        reset();
    }

    void answer(const uint8_t *request) {
        uint32_t offset = 0, length = 0;
        for (int i = 0; i < 4; i++) offset |= (uint32_t)request[8 + i] << 8 * i;
        for (int i = 0; i < 4; i++) length |= (uint32_t)request[12 + i] << 8 * i;
        if (!CHECK(length == kChunk && offset + length <= image.size())) return;
        Bytes message = {1, (uint8_t)(request[5] & 0x1f), 5, 0x15, 0};
        message.insert(message.end(), image.begin() + offset, image.begin() + offset + length);
        for (size_t at = 0, n = 0; at < message.size(); at += mtu, n++) {
            const size_t end = at + mtu < message.size() ? at + mtu : message.size();
            const uint8_t flags = (uint8_t)((at == 0 ? 0x80 : 0) | (end == message.size() ? 0x40 : 0) | (n & 3) << 4);
            Bytes packet = {1, PORT_CARD_EID, PORT_AGENT_EID, (uint8_t)(flags | (request[3] & 7))};
            packet.insert(packet.end(), message.begin() + (long)at, message.begin() + (long)end);
            CHECK(packet_source_queue(&to_card, packet.data(), packet.size(), false, cycle));
        }
    }

    void step() {
        dut.packet_in_valid_i = packet_source_offers(&to_card, cycle);
        if (dut.packet_in_valid_i) dut.packet_in_i = packet_word_pins(packet_source_word(&to_card));
        dut.clk_i = 0;
        eval();
        if (dut.console_valid_o) text += (char)dut.console_o;
        if (dut.packet_in_valid_i && dut.packet_in_ready_o) {
            packet_source_taken(&to_card, cycle);
            answered = cycle;
        }
        bool packet = dut.packet_out_valid_o && packet_sink_take(&from_card, packet_word_of(dut.packet_out_o));
        tick();
        if (!packet) return;
        requests.push_back(cycle);
        if (CHECK_EQ(from_card.whole_len, kRequest)) answer(from_card.whole);
    }

    bool finish() {
        const std::string end = "end\n";
        for (uint64_t limit = 0; limit < 3000000; limit++) {
            step();
            if (text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0) return true;
        }
        printf("# the program printed:\n%s\n", text.c_str());
        return false;
    }

    uint32_t sum() const {
        uint32_t sum = 0;
        for (size_t i = 0; i < image.size(); i += 4) {
            uint32_t word = 0;
            for (size_t k = 0; k < 4; k++) word |= (uint32_t)image[i + k] << 8 * k;
            sum = (sum << 1 | sum >> 31) + word;
        }
        return sum;
    }
    bool printed(const char *name, uint32_t value) const {
        char line[64];
        snprintf(line, sizeof line, "%s %08x\n", name, value);
        return text.find(line) != std::string::npos;
    }
};

void test_ceiling(System &s) {
    static const struct {
        const char *sentence;
        unsigned mtu;
    } cases[] = {
        {"given an agent that answers at once in packets of 251 bytes, when blocks are fetched one by one, then they "
         "come at 99 % of a byte a cycle",
         251},
        {"given an agent that answers at once in packets of 64 bytes, when blocks are fetched one by one, then they "
         "come at 99 % of a byte a cycle",
         64},
    };
    for (const auto &c : cases) TEST(c.sentence) {
            s.begin(c.mtu);
            if (!CHECK(s.finish())) continue;
            CHECK(s.printed("event", 2));
            CHECK(s.printed("status", 1));
            CHECK(s.printed("sum", s.sum()));
            if (!CHECK_EQ(s.requests.size(), PORT_BLOCKS)) continue;
            // From request to request; the first is there when the agent has it, as if its bytes took no time.
            const unsigned packets = (kChunk + kPldm + c.mtu - 1) / c.mtu;
            const uint64_t ceiling = kRequest + kChunk + kPldm + kHeader * packets;
            const uint64_t taken = s.requests.back() - s.requests.front();
            const double ratio = (double)(ceiling * (PORT_BLOCKS - 1)) / (double)taken;
            printf("# port_cycles_per_chunk_%u %.1f\n# port_ceiling_cycles_%u %llu\n# port_ratio_%u %.4f\n", c.mtu,
                   (double)taken / (PORT_BLOCKS - 1), c.mtu, (unsigned long long)ceiling, c.mtu, ratio);
            CHECK(ratio >= 0.99);
            CHECK(ratio <= 1.0);
        }
}

}  // namespace

int main(int argc, char **argv) {
    System s(argc, argv);
    test_ceiling(s);
    return check_result();
}
