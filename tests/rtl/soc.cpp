// SPDX-License-Identifier: Apache-2.0
//
// The system at its pins: processor, memories, every register, events, timers, resets, console, link and flash,
// exercised by the program of tests/rtl/soc/ in the boot ROM, which prints what it saw. The far ends are the models
// that the simulated card uses, too.
#include "Vsluice_soc.h"

#include "bench.h"
#include "host/mctp_serial.h"
#include "sim/nor.h"
extern "C" {
#include "sim/uart_pins.h"
}
#include "tests/rtl/soc/scenario.h"

#include <cstring>
#include <string>
#include <vector>

using Soc = Bench<Vsluice_soc>;
using Bytes = std::vector<uint8_t>;

static const uint64_t cycles_per_ms = SOC_CLK_HZ / 1000;
static const unsigned bit_cycles = (SOC_CLK_HZ + SOC_BAUD / 2) / SOC_BAUD;  // as sluice_soc

// A powered system and what it has shown so far.
struct System {
    Soc &b;
    nor *flash;
    Bytes cells;
    uart_source to_soc;
    uart_sink from_soc;
    bool tx_level = true;
    std::string text;             // the console's
    std::vector<uint64_t> waits;  // lengths of the reads of EVENT that were held, in cycles
    uint64_t waiting_since = 0;   // 0: not waiting
    uint64_t fetched_while_waiting = 0;
    uint64_t flash_complaints = 0;

    System(Soc &bench, scenario which) : b(bench) {
        const nor_part *part = nor_part_find("w25q128jv");
        cells.assign(part->size, 0xff);
        flash = nor_new(part, cells.data());
        nor_set_report(flash, complain, this);
        uart_source_init(&to_soc);
        uart_sink_init(&from_soc);
        b.cycle = 0;
        b.dut.uart_rx_i = 1;
        b.dut.sd_i = 0xf;
        b.dut.console_ready_i = 1;
        b.dut.board_i = which;
        b.reset();
    }
    ~System() {
        nor_free(flash);
        free(to_soc.bytes);
        free(from_soc.bytes);
    }
    static void complain(void *self, uint64_t, const char *text) {
        printf("# flash: %s\n", text);
        ((System *)self)->flash_complaints++;
    }

    void step() {
        if (b.dut.console_valid_o && b.dut.console_ready_i) text += (char)b.dut.console_o;
        b.tick();
        step_uart();
        uint8_t out = 0, enabled = 0;
        uint8_t driven = (uint8_t)((b.dut.sd_o & b.dut.sd_oe_o) | (~b.dut.sd_oe_o & 0xf));
        nor_pins(flash, b.cycle * (1000000000 / SOC_CLK_HZ), b.dut.csn_o, b.dut.sck_o, driven, &out, &enabled);
        b.dut.sd_i = (uint8_t)((out & enabled) | (driven & ~enabled & 0xf));
        b.eval();
        watch_waiting();
    }

    void step_uart() {
        if (b.cycle == to_soc.at) {
            uart_source_step(&to_soc, b.cycle, bit_cycles);
            b.dut.uart_rx_i = to_soc.level;
        }
        bool level = b.dut.uart_tx_o;
        if (from_soc.bit == 0) {
            if (tx_level && !level) uart_sink_start(&from_soc, b.cycle, bit_cycles);
        } else if (b.cycle == from_soc.at) {
            uart_sink_step(&from_soc, level, bit_cycles);
        }
        tx_level = level;
    }

    void watch_waiting() {
        if (b.dut.waiting_o) {
            if (waiting_since == 0) waiting_since = b.cycle;
            fetched_while_waiting += b.dut.insn_o;
        } else if (waiting_since != 0) {
            waits.push_back(b.cycle - waiting_since);
            waiting_since = 0;
        }
    }

    void run_ms(uint64_t ms) {
        for (uint64_t end = b.cycle + ms * cycles_per_ms; b.cycle < end;) step();
    }

    // Runs until the console's text ends so; false after too long a time.
    bool run_until(const char *ending, uint64_t limit_ms = 500) {
        size_t length = strlen(ending);
        for (uint64_t end = b.cycle + limit_ms * cycles_per_ms; b.cycle < end;) {
            if (text.size() >= length && text.compare(text.size() - length, length, ending) == 0) return true;
            step();
        }
        printf("# no \"%s\" from the program, but:\n%s\n", ending, text.c_str());
        return false;
    }
    bool finish() { return CHECK(run_until("end\n")); }

    // The value that the program printed under this name, the nth time (from 0).
    uint64_t value(const char *name, unsigned nth = 0) const {
        std::string key = std::string(name) + ' ';
        for (size_t line = 0; line < text.size(); line = text.find('\n', line) + 1) {
            if (text.compare(line, key.size(), key) == 0 && nth-- == 0)
                return strtoull(text.c_str() + line + key.size(), nullptr, 16);
            if (text.find('\n', line) == std::string::npos) break;
        }
        printf("# the program printed no \"%s\"\n", name);
        return ~0ull;
    }

    void send_packet(const Bytes &packet) {
        uint8_t frame[MCTP_SERIAL_MAX_FRAME];
        size_t length = mctp_serial_encode(packet.data(), packet.size(), frame, sizeof frame);
        CHECK(length != 0);
        CHECK(uart_source_queue(&to_soc, frame, length, b.cycle + 1));
    }

    // The good packets that the system has sent.
    std::vector<Bytes> packets() const {
        std::vector<Bytes> all;
        mctp_serial_rx rx;
        mctp_serial_rx_init(&rx);
        for (size_t i = 0; i < from_soc.len; i++) {
            size_t length = mctp_serial_rx_byte(&rx, from_soc.bytes[i]);
            if (length != 0) all.emplace_back(rx.packet, rx.packet + length);
        }
        return all;
    }
};

static void test_memory(Soc &b, scenario which, const char *sentence) {
    TEST(sentence) {
        System s(b, which);
        if (!s.finish()) continue;
        CHECK_EQ(s.value("word"), 0x11223344);
        CHECK_EQ(s.value("byte"), 0x1122fe44);
        CHECK_EQ(s.value("half"), 0xcdefaabb);
        CHECK_EQ(s.value("lb"), 0xfffffffe);
        CHECK_EQ(s.value("lbu"), 0xfe);
        CHECK_EQ(s.value("lh"), 0xffffcdef);
        CHECK_EQ(s.value("lhu"), 0xaabb);
        CHECK_EQ(s.value("wrong"), 0);
    }
}

static void test_registers(Soc &b) {
    TEST(
        "given a system out of power-on when the program reads and writes every kind of register each has its "
        "meaning") {
        System s(b, SCENARIO_REGISTERS);
        if (!s.finish()) continue;
        CHECK_EQ(s.value("id"), 0x534c5549);
        CHECK_EQ(s.value("config"), cycles_per_ms | 8u << 20 | 16u << 25);
        CHECK_EQ(s.value("reset"), 0);
        CHECK_EQ(s.value("event_now"), 0);
        CHECK_EQ(s.value("timer"), 0);
        CHECK_EQ(s.value("watchdog"), 0);
        CHECK_EQ(s.value("console"), 0);
        CHECK_EQ(s.value("board"), 0xa5 | SCENARIO_REGISTERS << 8);
        CHECK_EQ(s.value("eid"), 0);
        CHECK_EQ(s.value("eid_set"), 0x7f);
        CHECK_EQ(s.value("rx_status"), 0);
        CHECK_EQ(s.value("tx_status"), 3);
        CHECK_EQ(s.value("order_status"), 0);
        CHECK_EQ(s.value("rom_kept"), 1);
        CHECK_EQ(s.value("flash_chips"), 1);
        CHECK_EQ(s.value("request_delay"), 7u << 24);  // wide, most_m1; the settings read as zero
        for (const char *zero :
             {"request", "flash_cmd", "flash_config", "flash_erase", "count_requests", "count_flash_idle"})
            CHECK_EQ(s.value(zero), 0);
        CHECK_EQ(b.dut.board_o, 0xa5);
    }
}

static void test_timer(Soc &b) {
    TEST(
        "given a countdown of N ms when the program waits it sleeps until the Nth tick and not one instruction is "
        "fetched") {
        System s(b, SCENARIO_TIMER);
        if (!s.finish()) continue;
        if (!CHECK_EQ(s.waits.size(), 4)) continue;
        for (unsigned n = 1; n <= 4; n++) {
            CHECK_EQ(s.value("event", n - 1), 4);
            CHECK_EQ(s.value("took", n - 1), n);
            CHECK_EQ(s.value("still", n - 1), 4);
            CHECK_EQ(s.value("cleared", n - 1), 0);
            // From the write to the wait the program needs a few instructions.
            CHECK(s.waits[n - 1] <= n * cycles_per_ms);
            CHECK(s.waits[n - 1] + 50 > (n - 1) * cycles_per_ms);
        }
        CHECK_EQ(s.value("stopped"), 0);
        CHECK_EQ(s.fetched_while_waiting, 0);
    }
}

static void test_restart(Soc &b) {
    TEST(
        "given a running system when RESET.restart is written registers and time start anew and the cause and RAM "
        "remain") {
        System s(b, SCENARIO_RESTART);
        if (!s.finish()) continue;
        CHECK_EQ(s.value("cause", 0), 0);
        CHECK_EQ(s.value("cause", 1), 1);
        CHECK_EQ(s.value("eid", 1), 0);
        CHECK(s.value("time", 1) < 10);
        CHECK_EQ(s.value("kept", 1), 0x600df00d);
    }
}

static void test_watchdog(Soc &b) {
    TEST(
        "given a watchdog of 5 ms when it is fed in time nothing happens and when it is not the system restarts with "
        "its cause") {
        System s(b, SCENARIO_WATCHDOG);
        if (!CHECK(s.run_until("!"))) continue;
        uint64_t fed = b.cycle;
        CHECK_EQ(s.value("cause"), 0);
        CHECK(s.value("fed") >= 8);  // four waits, longer than the watchdog's time
        if (!CHECK(s.run_until("cause 00000002\n"))) continue;
        // The restarted program takes a while to print that line.
        CHECK(b.cycle - fed + 100 >= 4 * cycles_per_ms);
        CHECK(b.cycle - fed <= 5 * cycles_per_ms + 4000);
    }
}

static void test_console(Soc &b) {
    TEST("given a console that does not take characters when the program writes one it waits and none is lost") {
        System s(b, SCENARIO_CONSOLE);
        b.dut.console_ready_i = 0;
        s.run_ms(5);
        CHECK_EQ(s.text.size(), 0);
        CHECK(b.dut.console_valid_o);
        CHECK_EQ(b.dut.console_o, 'a');
        b.dut.console_ready_i = 1;
        s.step();
        CHECK_EQ(s.text.size(), 1);
        b.dut.console_ready_i = 0;
        s.run_ms(5);
        b.dut.console_ready_i = 1;
        if (!s.finish()) continue;
        CHECK_EQ(s.value("abusy"), 1);
        CHECK_EQ(s.value("free"), 0);
        CHECK(s.text.find("\nbend\n") != std::string::npos);
    }
}

static Bytes random_packet(Soc &b, uint8_t to, size_t length) {
    Bytes packet = {0x01, to, 0x20, 0xc8 | 0x04};
    while (packet.size() < length) packet.push_back((uint8_t)b.random());
    return packet;
}

static void test_echo(Soc &b) {
    TEST(
        "given a waiting program when packets come over the link EVENT ends with rx and each goes back byte for byte") {
        System s(b, SCENARIO_ECHO);
        s.run_ms(20);
        CHECK(b.dut.waiting_o);
        std::vector<Bytes> sent = {random_packet(b, 8, 5), random_packet(b, 8, 74), random_packet(b, 0, 20)};
        for (const Bytes &packet : sent) s.send_packet(packet);
        if (!s.finish()) continue;
        s.run_ms(10);
        for (unsigned i = 0; i < sent.size(); i++) {
            CHECK_EQ(s.value("event", i), 1);
            CHECK_EQ(s.value("length", i), sent[i].size());
        }
        CHECK_EQ(s.value("event_now"), 0);
        CHECK_EQ(s.value("rx_status"), 0);
        CHECK(s.packets() == sent);
        CHECK_EQ(s.fetched_while_waiting, 0);
    }
}

static void test_flash(Soc &b) {
    TEST("given a W25Q128JV when the program sends short commands it reads its JEDEC ID, its status and its cells") {
        System s(b, SCENARIO_FLASH);
        for (unsigned i = 0; i < 4; i++) s.cells[0x120 + i] = (uint8_t)(0xd1 + i);
        if (!s.finish()) continue;
        CHECK_EQ(s.value("jedec") & 0xffffff, 0x1840ef);
        CHECK_EQ(s.value("status") & 0xff, 0x00);
        CHECK_EQ(s.value("enabled") & 0xff, 0x02);
        CHECK_EQ(s.value("read"), 0xd4d3d2d1);
        CHECK_EQ(s.flash_complaints, 0);
    }
}

static void test_order(Soc &b) {
    TEST(
        "given an order to fetch a block of the flash when it is pushed EVENT ends with order and the block is in the "
        "stream RAM") {
        System s(b, SCENARIO_ORDER);
        for (unsigned i = 0; i < 4; i++) {
            s.cells[0x5000 + i] = (uint8_t)(0x21 + i);
            s.cells[0x5ffc + i] = (uint8_t)(0x31 + i);
        }
        if (!s.finish()) continue;
        CHECK_EQ(s.value("event"), 2);
        CHECK_EQ(s.value("status"), 1);
        CHECK_EQ(s.value("first"), 0x24232221);
        CHECK_EQ(s.value("last"), 0x34333231);
        CHECK_EQ(s.value("event_now"), 0);
        CHECK_EQ(s.value("acknowledged"), 0);
        CHECK_EQ(s.fetched_while_waiting, 0);
        CHECK_EQ(s.flash_complaints, 0);
    }
}

int main(int argc, char **argv) {
    Soc b(argc, argv);
    test_memory(b, SCENARIO_RAM,
                "given the RAM when the program writes and reads bytes, halves and words each is where it belongs");
    test_memory(
        b, SCENARIO_STREAM_RAM,
        "given the stream RAM when the program writes and reads bytes, halves and words each is where it belongs");
    test_registers(b);
    test_timer(b);
    test_restart(b);
    test_watchdog(b);
    test_console(b);
    test_echo(b);
    test_flash(b);
    test_order(b);
    return check_result();
}
