// SPDX-License-Identifier: Apache-2.0
//
// spi_nor against the NOR model: what arrives, how many clocks it takes, what stalls do.
#include "Vspi_nor.h"
#include "flash_bench.h"

using Rig = FlashBench<Vspi_nor>;

// What one command did.
struct Result {
    std::vector<uint8_t> data;
    uint64_t cycles = 0;  // from the one that took the command to the one with done_o
    unsigned clocks = 0;
    bool tail_is_zero = true;
};

struct Stalls {
    unsigned read = 0, write = 0;  // percent of cycles in which that side is not ready
    bool late = false;             // words that were read are taken in the second cycle
    bool memory = false;           // words to write come in the cycle after they were announced, and only then
};

static uint32_t word_at(const std::vector<uint8_t> &bytes, size_t at) {
    uint32_t word = 0;
    for (size_t i = 0; i < 4 && at + i < bytes.size(); i++) word |= (uint32_t)bytes[at + i] << (8 * i);
    return word;
}

static Result run(Rig &rig, const Command &command, const std::vector<uint8_t> &out = {}, Stalls stalls = {},
                  uint64_t stop_after = UINT64_MAX) {
    Result result;
    auto &dut = rig.dut;
    const unsigned clocks_before = rig.clocks;
    size_t sent = 0, words_out = (out.size() + 3) / 4;
    bool offered = false, fetched = false;
    dut.cmd_i = command.pack();
    dut.cmd_valid_i = 1;
    dut.eval();
    while (!dut.cmd_ready_o) rig.clock();
    const uint64_t taken = rig.cycle;
    rig.clock();
    dut.cmd_valid_i = 0;
    dut.cmd_i = (uint64_t)rig.random() << 20;  // the command was taken
    for (;;) {
        const bool has_word = stalls.memory ? fetched : !rig.chance(stalls.write);
        if (!dut.wdata_valid_i && sent < words_out && has_word) {
            dut.wdata_valid_i = 1;
            dut.wdata_i = word_at(out, sent * 4);
        }
        dut.rdata_ready_i = stalls.late ? offered : !rig.chance(stalls.read);
        dut.poll_stop_i = rig.cycle - taken > stop_after;
        dut.eval();
        if (dut.wdata_valid_i && dut.wdata_ready_o) sent++;
        const bool word_taken = dut.wdata_valid_i && dut.wdata_ready_o;
        if (stalls.memory) CHECK(!dut.wdata_valid_i || word_taken);
        fetched = dut.wdata_soon_o && !dut.wdata_valid_i;
        if (dut.rdata_valid_o && dut.rdata_ready_i) {
            for (int i = 0; i < 4; i++) {
                const auto byte = (uint8_t)(dut.rdata_o >> (8 * i));
                if (result.data.size() < command.len)
                    result.data.push_back(byte);
                else if (byte != 0)
                    result.tail_is_zero = false;
            }
        }
        offered = dut.rdata_valid_o && !dut.rdata_ready_i;
        const bool done = dut.done_o;
        rig.clock();
        if (word_taken) dut.wdata_valid_i = 0;
        if (done) break;
        if (rig.cycle - taken > 10'000'000) {
            CHECK(!"the command ends");
            break;
        }
    }
    dut.poll_stop_i = 0;
    CHECK_EQ(sent, words_out);
    CHECK(dut.csn_o);
    result.cycles = rig.cycle - taken;
    result.clocks = rig.clocks - clocks_before;
    return result;
}

static std::vector<uint8_t> random_bytes(Rig &rig, size_t len) {
    std::vector<uint8_t> bytes(len);
    for (auto &b : bytes) b = (uint8_t)rig.random();
    return bytes;
}

// CsHighCycles of the build under test.
static const unsigned CsHigh = CS_HIGH_CYCLES;

static uint64_t expected_cycles(const Command &c) {
    const unsigned odd = c.dir == SpiRead ? (4 - c.len % 4) % 4 * (c.quad ? 2 : 8) : 0;
    return 2u * (c.header_clocks() + c.data_clocks()) + 1 + CsHigh + odd;
}

static bool read_matches(Rig &rig, const Command &c, Stalls stalls, bool exact) {
    const Result r = run(rig, c, {}, stalls);
    const uint32_t from = c.addr4 ? c.addr : c.addr & 0xFFFFFF;
    bool good = CHECK_EQ(r.data.size(), c.len) && CHECK_MEM(r.data.data(), &rig.cells[from], c.len) &&
                CHECK(r.tail_is_zero) && CHECK_EQ(r.clocks, c.header_clocks() + c.data_clocks());
    if (exact) good = CHECK_EQ(r.cycles, expected_cycles(c)) && good;
    return good;
}

static void program(Rig &rig, uint32_t address, const std::vector<uint8_t> &bytes, Stalls stalls) {
    const Result enable = run(rig, plain(0x06));
    CHECK_EQ(enable.clocks, 8);
    const Command c = at(0x02, address, SpiWrite, (unsigned)bytes.size());
    const Result r = run(rig, c, bytes, stalls);
    CHECK_EQ(r.clocks, c.header_clocks() + c.data_clocks());
    if (stalls.write == 0) CHECK_EQ(r.cycles, expected_cycles(c));
}

static void test_reads(Rig &rig) {
    rig.fill_random();
    TEST(
        "given a consumer that takes every word / when 1 to 70 bytes are read / they are right and no clock is "
        "wasted") {
        for (unsigned len = 1; len <= 70 && check_ok; len++) {
            read_matches(rig, at(0x03, 0x1000 + len * 3, SpiRead, len), {}, true);
            read_matches(rig, at(0x0B, 0x2000 + len * 5, SpiRead, len, 1), {}, true);
        }
    }
    TEST("given a consumer that takes every word / when 255 to 4096 bytes are read / SCK never pauses") {
        for (unsigned len : {255u, 256u, 257u, 1024u, 4095u, 4096u})
            read_matches(rig, at(0x03, 0x8765, SpiRead, len), {}, true);
    }
    TEST(
        "given a consumer that takes every word a cycle late / when whole words are read / SCK does not pause either") {
        for (unsigned len : {8u, 64u, 256u}) {
            const Command c = at(0x03, 0x4321, SpiRead, len);
            const Result r = run(rig, c, {}, {0, 0, true});
            CHECK_MEM(r.data.data(), &rig.cells[0x4321], len);
            // Only the end of the command waits for the last word, where CS# high does not cover that.
            CHECK_EQ(r.cycles, expected_cycles(c) + (CsHigh == 2 ? 1 : 0));
        }
    }
    TEST("given a consumer that stalls at random / when bytes are read / SCK pauses and not a bit is lost or doubled") {
        for (int i = 0; i < 300 && check_ok; i++) {
            const unsigned len = 1 + rig.random() % 64;
            read_matches(rig, at(0x0B, rig.random() % 0x80000, SpiRead, len, 1), {rig.random() % 100, 0}, false);
        }
    }
    TEST("given nothing but an opcode / when the JEDEC ID is read / three bytes come right-aligned") {
        Command c = plain(0x9F);
        c.dir = SpiRead;
        c.len = 3;
        const Result r = run(rig, c);
        CHECK_EQ(r.data.size(), 3);
        CHECK_MEM(r.data.data(), rig.part->jedec, 3);
        CHECK(r.tail_is_zero);
        CHECK_EQ(r.clocks, 32);
    }
    TEST("given 5Ah with a dummy byte / when the parameter table is read / its signature comes first") {
        const Result r = run(rig, at(0x5A, 0, SpiRead, 64, 1));
        CHECK_MEM(r.data.data(), "SFDP", 4);
        CHECK_EQ(r.data[0x34] | r.data[0x35] << 8 | r.data[0x36] << 16 | r.data[0x37] << 24, 0x07FFFFFF);
        CHECK_EQ(rig.reports, 0);
    }
}

static void test_header_bytes(Rig &rig) {
    TEST("given no address / when up to four bytes are sent in its place / the chip takes them in order") {
        for (unsigned bytes = 1; bytes <= 4; bytes++) {
            const uint32_t address = 0x123457;
            Command c = plain(0x03);
            c.addr4 = true;
            c.addr = address << 8;
            c.dummy = bytes - 1;
            c.dir = SpiRead;
            c.len = 4;
            const Result r = run(rig, c);
            CHECK_EQ(r.clocks, 8 + 8 * bytes + 32);
            // The chip takes three bytes as address: what comes after them is data, what is missing is clocked as
            // address.
            if (bytes == 3) CHECK_MEM(r.data.data(), &rig.cells[address], 4);
            if (bytes == 4) CHECK_MEM(r.data.data(), &rig.cells[address + 1], 4);
        }
        CHECK_EQ(rig.reports, 0);
    }
    TEST("given two bytes in place of the address / when status registers are written by 01h / both get theirs") {
        run(rig, plain(0x06));
        Command c = plain(0x01);
        c.addr4 = true;
        c.addr = 0x40020000;
        c.dummy = 1;
        const Result r = run(rig, c);
        CHECK_EQ(r.clocks, 24);
        rig.now_ns += 20'000'000;
        Command status = plain(0x35);
        status.dir = SpiRead;
        status.len = 1;
        const Result s = run(rig, status);
        CHECK_EQ(s.data[0], 0x02);
    }
}

static void test_programs(Rig &rig) {
    TEST(
        "given a producer that is never late / when 1 to 256 bytes are programmed / they are there and no clock is "
        "wasted") {
        rig.cycle_ns = 2000;
        for (unsigned len = 1; len <= 256 && check_ok; len += len < 12 ? 1 : 61) {
            const uint32_t page = 0x200000 + len * 256;
            const auto bytes = random_bytes(rig, len);
            program(rig, page, bytes, {});
            run(rig, poll());
            CHECK_MEM(&rig.cells[page], bytes.data(), len);
            CHECK_EQ(rig.cells[page + len], 0xFF);
        }
        CHECK_EQ(rig.reports, 0);
    }
    TEST(
        "given a producer that answers a cycle after the announcement / when a page is programmed / SCK never pauses") {
        for (unsigned len : {4u, 7u, 64u, 256u}) {
            const uint32_t page = 0x300000 + len * 256;
            const auto bytes = random_bytes(rig, len);
            program(rig, page, bytes, {0, 0, false, true});
            run(rig, poll());
            CHECK_MEM(&rig.cells[page], bytes.data(), len);
        }
        CHECK_EQ(rig.reports, 0);
    }
    TEST("given a producer that stalls at random / when pages are programmed / each byte arrives once") {
        for (unsigned i = 0; i < 60 && check_ok; i++) {
            const auto bytes = random_bytes(rig, 1 + rig.random() % 256);
            const uint32_t page = 0x400000 + i * 256;
            program(rig, page, bytes, {0, rig.random() % 100});
            run(rig, poll());
            CHECK_MEM(&rig.cells[page], bytes.data(), bytes.size());
        }
        CHECK_EQ(rig.reports, 0);
    }
}

static void test_polls(Rig &rig) {
    rig.cycle_ns = 20;
    TEST(
        "given a program under way / when the status is polled / CS# stays low and the poll ends with the first byte "
        "that says ready") {
        program(rig, 0x600000, random_bytes(rig, 256), {});
        const uint64_t end = nor_busy_until(rig.chip);
        const unsigned selects = rig.selects;
        const Result r = run(rig, poll());
        CHECK_EQ(rig.selects, selects + 1);
        CHECK_EQ(r.clocks % 8, 0);
        CHECK(rig.now_ns > end);
        // Two status bytes at most after the end: the one under way says busy, the next one ready.
        CHECK(rig.now_ns - end <= (2 * 16 + 4 + CsHigh) * 20);
    }
    TEST("given a chip that is ready / when it is polled / one status byte suffices") {
        const Result r = run(rig, poll());
        CHECK_EQ(r.clocks, 16);
        CHECK_EQ(r.cycles, 2 * 16 + 1 + CsHigh);
    }
    TEST(
        "given a chip that stays busy / when poll_stop is raised / the poll ends after the byte under way, without "
        "data") {
        nor_set_stuck_busy(rig.chip, true);
        program(rig, 0x600100, random_bytes(rig, 16), {});
        const Result r = run(rig, poll(), {}, {}, 1000);
        CHECK(r.cycles > 1000 && r.cycles < 1000 + 20 + CsHigh);
        CHECK_EQ(r.clocks % 8, 0);
        CHECK(r.data.empty());
        nor_set_stuck_busy(rig.chip, false);
        run(rig, poll());
        CHECK_EQ(nor_busy_until(rig.chip), 0);
    }
    TEST("given erases of each size / when each is polled to its end / the cells are erased") {
        rig.cycle_ns = 5000;
        memset(&rig.cells[0x700000], 0, 0x30000);
        for (uint8_t opcode : {0x20, 0x52, 0xD8}) {
            run(rig, plain(0x06));
            const Command c = at(opcode, 0x710000);
            const Result r = run(rig, c);
            CHECK_EQ(r.clocks, 32);
            CHECK_EQ(r.cycles, expected_cycles(c));
            run(rig, poll());
            CHECK_EQ(nor_busy_until(rig.chip), 0);
        }
        CHECK_EQ(rig.cells[0x70FFFF], 0);
        for (uint32_t i = 0x710000; i < 0x720000; i++) {
            if (!CHECK_EQ(rig.cells[i], 0xFF)) break;
        }
        CHECK_EQ(rig.cells[0x720000], 0);
        rig.cycle_ns = 20;
        CHECK_EQ(rig.reports, 0);
    }
}

static void test_mixture(Rig &rig) {
    TEST(
        "given commands of all kinds without pause / when they run / each does its work and CS# is high long enough "
        "between them") {
        rig.cycle_ns = 2000;
        std::vector<uint8_t> want(rig.cells.begin() + 0x800000, rig.cells.begin() + 0x810000);
        for (int i = 0; i < 200 && check_ok; i++) {
            const uint32_t page = 0x800000 + rig.random() % 256 * 256;
            const Stalls stalls = {rig.random() % 50, rig.random() % 50};
            if (rig.chance(50)) {
                const unsigned len = 1 + rig.random() % 256;
                read_matches(rig, at(0x03, page, SpiRead, len), stalls, false);
            } else {
                auto bytes = random_bytes(rig, 1 + rig.random() % 256);
                for (size_t b = 0; b < bytes.size(); b++) {
                    bytes[b] &= want[page - 0x800000 + b];
                    want[page - 0x800000 + b] = bytes[b];
                }
                program(rig, page, bytes, stalls);
                run(rig, poll());
            }
        }
        CHECK_MEM(&rig.cells[0x800000], want.data(), want.size());
        CHECK_EQ(rig.least_cs_high, CsHigh);
        CHECK_EQ(rig.reports, 0);
    }
    TEST("given all of the above / when the pins are watched / SPI mode 0 was kept in every cycle") {
        CHECK(rig.rules_kept);
    }
}

static void test_four_byte_addresses(int argc, char **argv) {
    Rig rig(argc, argv, "mt25q");
    rig.reset();
    TEST(
        "given a part beyond 16 MiB / when four-byte addresses are used / reads, programs and erases reach its upper "
        "cells") {
        for (size_t i = 0; i < 600; i++) rig.cells[0x7654300 + i] = (uint8_t)rig.random();
        for (unsigned len : {1u, 2u, 3u, 4u, 257u, 600u}) {
            Command c = at(0x0C, 0x7654300, SpiRead, len, 1);
            c.addr4 = true;
            read_matches(rig, c, {}, true);
            c.opcode = 0x13;
            c.dummy = 0;
            read_matches(rig, c, {rig.random() % 100, 0}, false);
        }
        run(rig, plain(0x06));
        Command erase = at(0x21, 0x7654300);
        erase.addr4 = true;
        CHECK_EQ(run(rig, erase).clocks, 40);
        rig.now_ns += 48'000'000;
        run(rig, poll());
        CHECK_EQ(rig.cells[0x7654300], 0xFF);
        run(rig, plain(0x06));
        Command write = at(0x12, 0x7654300, SpiWrite, 5);
        write.addr4 = true;
        const std::vector<uint8_t> bytes = {1, 2, 3, 4, 5};
        CHECK_EQ(run(rig, write, bytes).clocks, 80);
        run(rig, poll());
        CHECK_MEM(&rig.cells[0x7654300], bytes.data(), 5);
        CHECK_EQ(rig.reports, 0);
        CHECK(rig.rules_kept);
    }
}

// At the clock of the simulated card, in terms of its page: what an ideal writer needs is the status byte that says
// ready.
static void test_poll_loss(int argc, char **argv, const char *part) {
    Rig rig(argc, argv, part);
    rig.reset();
    rig.cycle_ns = 42;
    const unsigned programs = 300, last_byte = 16 + CsHigh;
    uint64_t sum = 0, worst = 0;
    printf("# %s\n", part);
    for (unsigned i = 0; i < programs && check_ok; i++) {
        program(rig, i * 256, random_bytes(rig, 256), {});
        for (unsigned wait = rig.random() % 64; wait != 0; wait--) rig.clock();
        const uint64_t end = nor_busy_until(rig.chip);
        run(rig, poll());
        const uint64_t late = rig.now_ns - end;
        CHECK(late >= last_byte * rig.cycle_ns);
        const uint64_t lost = late - last_byte * rig.cycle_ns;
        sum += lost;
        if (lost > worst) worst = lost;
    }
    // The shortest page: data on four lines, the program's own transaction only.
    const uint64_t page_ns = rig.part->page_program.typical_ns + 2 * (8 + 32 + 2 * 256) * rig.cycle_ns;
    printf("# lost a page: %llu ns, at worst %llu ns of %llu ns\n", (unsigned long long)(sum / programs),
           (unsigned long long)worst, (unsigned long long)page_ns);
    CHECK(worst * 200 <= page_ns);
    CHECK(sum / programs * 200 <= rig.part->page_program.typical_ns);
}

#ifdef QUAD  // in spi_nor_quad.cpp
static void test_quad(Rig &rig);
static void test_quad_addresses(int argc, char **argv);
#endif

int main(int argc, char **argv) {
    {
        Rig rig(argc, argv, "w25q128jv");
        rig.reset();
        test_reads(rig);
        test_header_bytes(rig);
        test_programs(rig);
        test_polls(rig);
#ifdef QUAD
        test_quad(rig);
#endif
        test_mixture(rig);
    }
    test_four_byte_addresses(argc, argv);
    TEST("given pages under way / when their status is polled / no more than 0.5 % of a page's time is lost") {
        test_poll_loss(argc, argv, "w25q128jv");
        test_poll_loss(argc, argv, "mt25q");
    }
#ifdef QUAD
    test_quad_addresses(argc, argv);
#endif
    return check_result();
}
