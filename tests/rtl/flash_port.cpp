// SPDX-License-Identifier: Apache-2.0
//
// flash_port against two chips of the NOR model: an engine that programs and reads back, and a processor that gets in
// its way wherever it may. The model reports whatever comes between a write enable and the end of the program that it
// was for, and a program without one on its own chip.
#include "Vflash_port.h"
#include "flash_bench.h"

using Rig = FlashBench<Vflash_port>;

// The processor's side: FLASH_CMD and its data registers.
struct Processor {
    uint8_t opcode = 0;
    unsigned chip = 0;
    unsigned writes = 0, reads = 0;
    uint32_t out = 0, want = 0;  // want: FLASH_RDATA afterwards
    bool checked = false;        // `want` is known
    bool busy = false;
    unsigned done = 0, wrong = 0;
    uint64_t since = 0, longest = 0;

    void go(Rig &rig) {
        auto &dut = rig.dut;
        dut.cpu_opcode_i = opcode;
        dut.cpu_chip_i = chip;
        dut.cpu_writes_i = writes;
        dut.cpu_reads_i = reads;
        dut.cpu_wdata_i = out;
        dut.cpu_go_i = 1;
        since = rig.cycle;
        busy = true;
    }

    // After the design saw the cycle.
    void step(Rig &rig) {
        auto &dut = rig.dut;
        dut.cpu_go_i = 0;
        dut.eval();
        if (!busy || dut.cpu_busy_o) return;
        busy = false;
        done++;
        if (checked && dut.cpu_rdata_o != want) {
            printf("# instruction %02X gave %08X, not %08X\n", opcode, dut.cpu_rdata_o, want);
            wrong++;
        }
        if (rig.cycle - since > longest) longest = rig.cycle - since;
    }
};

static const uint32_t kSecond = 0x40000000;  // where the second chip begins for the engine

static const std::vector<uint8_t> &cells_of(const Rig &rig, unsigned chip) {
    return chip ? rig.second_cells : rig.cells;
}

static uint32_t cells_word(const Rig &rig, uint32_t at, unsigned bytes, unsigned chip = 0) {
    uint32_t word = 0;
    for (unsigned i = 0; i < bytes; i++) word |= (uint32_t)cells_of(rig, chip)[at + i] << (8 * i);
    return word;
}

// The three bytes of an address as FLASH_WDATA sends them.
static uint32_t as_written(uint32_t address) {
    return (address >> 16 & 0xFF) | (address & 0xFF00) | (address & 0xFF) << 16;
}

static void choose(Rig &rig, Processor &cpu) {
    cpu.checked = true;
    cpu.chip = rig.random() % 2;
    switch (rig.random() % 5) {
        case 0:
            cpu.opcode = 0x9F, cpu.writes = 0, cpu.reads = 3;
            cpu.want = rig.part->jedec[0] | rig.part->jedec[1] << 8 | rig.part->jedec[2] << 16;
            break;
        case 1:  // SFDP signature: address and a dummy byte
            cpu.opcode = 0x5A, cpu.writes = 4, cpu.reads = 4, cpu.out = 0;
            cpu.want = 0x50444653;
            break;
        case 2: {  // four or fewer bytes of cells that the engine leaves alone
            const uint32_t address = 0x12345 + rig.random() % 1000;
            cpu.opcode = 0x03, cpu.writes = 3, cpu.reads = 1 + rig.random() % 4, cpu.out = as_written(address);
            cpu.want = cells_word(rig, address, cpu.reads, cpu.chip);
            break;
        }
        case 3:  // would take a write enable away
            cpu.opcode = 0x04, cpu.writes = cpu.reads = 0, cpu.checked = false;
            break;
        default:  // never while busy, so always zero once the engine has let go
            cpu.opcode = 0x05, cpu.writes = 0, cpu.reads = 1, cpu.want = 0;
    }
}

// One cycle with the processor trying its luck.
static void cycle(Rig &rig, Processor &cpu, unsigned percent) {
    if (!cpu.busy && rig.chance(percent)) {
        choose(rig, cpu);
        cpu.go(rig);
    }
    rig.clock();
    cpu.step(rig);
}

// An engine command; data moves in whole words. Returns what was read.
static std::vector<uint32_t> engine(Rig &rig, Processor &cpu, unsigned percent, const Command &command,
                                    const std::vector<uint32_t> &out = {}) {
    auto &dut = rig.dut;
    std::vector<uint32_t> in;
    size_t sent = 0;
    bool taken = false;
    dut.cmd_i = command.pack();
    dut.cmd_valid_i = 1;
    for (uint64_t from = rig.cycle; rig.cycle - from < 1'000'000;) {
        dut.wdata_valid_i = taken && sent < out.size();
        if (dut.wdata_valid_i) dut.wdata_i = out[sent];
        dut.rdata_ready_i = rig.chance(70);
        dut.eval();
        const bool takes = dut.cmd_valid_i && dut.cmd_ready_o;
        if (dut.wdata_valid_i && dut.wdata_ready_o) sent++;
        if (dut.rdata_valid_o && dut.rdata_ready_i) in.push_back(dut.rdata_o);
        const bool done = dut.done_o;
        if (done) CHECK(taken);
        cycle(rig, cpu, percent);
        if (takes) {
            taken = true;
            dut.cmd_valid_i = 0;
        }
        if (done) {
            CHECK_EQ(sent, out.size());
            return in;
        }
    }
    CHECK(!"the engine's command ends");
    return in;
}

// The commands without an address have it, too: it says which chip.
static Command bare(Command command, uint32_t address) {
    command.addr = address;
    return command;
}

static void program(Rig &rig, Processor &cpu, unsigned percent, uint32_t page, const std::vector<uint32_t> &words) {
    rig.dut.lock_i = 1;
    engine(rig, cpu, percent, bare(plain(0x06), page));
    for (unsigned i = rig.random() % 40; i != 0; i--) cycle(rig, cpu, percent);
    engine(rig, cpu, percent, at(0x02, page, SpiWrite, (unsigned)words.size() * 4), words);
    for (unsigned i = rig.random() % 40; i != 0; i--) cycle(rig, cpu, percent);
    engine(rig, cpu, percent, bare(poll(), page));
    rig.dut.lock_i = 0;
}

static void test_processor_alone(Rig &rig) {
    Processor cpu;
    TEST(
        "given an idle engine / when the processor sends 0 to 4 bytes and takes 0 to 4 / the wire sees exactly those") {
        for (unsigned writes = 0; writes <= 4; writes++) {
            for (unsigned reads = 0; reads <= 4; reads++) {
                rig.clear();
                cpu = Processor();
                cpu.opcode = 0x9F;  // minds neither what it hears nor how long it is
                cpu.writes = writes;
                cpu.reads = reads;
                cpu.out = rig.random();
                cpu.go(rig);
                while (cpu.busy && check_ok) {
                    rig.clock();
                    cpu.step(rig);
                    CHECK(rig.cycle - cpu.since < 200);
                }
                CHECK_EQ(rig.clocks, 8 * (1 + writes + reads));
                CHECK_EQ(rig.selects, 1);
                CHECK_EQ(rig.reports, 0);
                CHECK_EQ(rig.dut.done_o, 0);
            }
        }
    }
    TEST("given an idle engine / when the processor reads a word of cells / its bytes are in order") {
        rig.clear();
        cpu = Processor();
        cpu.opcode = 0x03, cpu.writes = 3, cpu.reads = 4, cpu.out = as_written(0x45678);
        cpu.checked = true;
        cpu.want = cells_word(rig, 0x45678, 4);
        cpu.go(rig);
        for (int i = 0; i < 200; i++) {
            rig.clock();
            cpu.step(rig);
        }
        CHECK_EQ(cpu.done, 1);
        CHECK_EQ(cpu.wrong, 0);
        CHECK_EQ(rig.reports, 0);
    }
    TEST("given two chips / when the processor reads a word of cells of either / they are that chip's") {
        rig.clear();
        for (unsigned chip = 0; chip < 2; chip++) {
            cpu = Processor();
            cpu.chip = chip;
            cpu.opcode = 0x03, cpu.writes = 3, cpu.reads = 4, cpu.out = as_written(0x23456);
            cpu.checked = true;
            cpu.want = cells_word(rig, 0x23456, 4, chip);
            cpu.go(rig);
            for (int i = 0; i < 200; i++) {
                rig.clock();
                cpu.step(rig);
            }
            CHECK_EQ(cpu.done, 1);
            CHECK_EQ(cpu.wrong, 0);
        }
        CHECK_EQ(rig.reports, 0);
    }
    TEST("given an idle engine / when the processor enables and writes both status registers / the chip has them") {
        rig.clear();
        cpu = Processor();
        cpu.opcode = 0x06;
        cpu.go(rig);
        for (int i = 0; i < 50; i++) {
            rig.clock();
            cpu.step(rig);
        }
        cpu.opcode = 0x01, cpu.writes = 2, cpu.out = 0x0200;
        cpu.go(rig);
        for (int i = 0; i < 100; i++) {
            rig.clock();
            cpu.step(rig);
        }
        rig.now_ns += 20'000'000;
        cpu.opcode = 0x35, cpu.writes = 0, cpu.reads = 1, cpu.checked = true, cpu.want = 0x02;
        cpu.go(rig);
        for (int i = 0; i < 100; i++) {
            rig.clock();
            cpu.step(rig);
        }
        CHECK_EQ(cpu.done, 3);
        CHECK_EQ(cpu.wrong, 0);
        CHECK_EQ(rig.reports, 0);
    }
}

static void test_sharing(Rig &rig) {
    Processor cpu;
    rig.cycle_ns = 1000;
    TEST(
        "given a processor that sends commands all the time / when the engine programs and reads back / neither "
        "disturbs the other") {
        rig.clear();
        for (unsigned i = 0; i < 150 && check_ok; i++) {
            const unsigned chip = rig.random() % 2;
            const uint32_t at_chip = 0x800000 + i * 256, page = (chip ? kSecond : 0) + at_chip;
            const unsigned percent = i % 3 == 0 ? 100 : i % 3 == 1 ? 5 : 1;
            std::vector<uint32_t> words(1 + rig.random() % 64);
            for (auto &w : words) w = rig.random();
            program(rig, cpu, percent, page, words);
            CHECK_MEM(&cells_of(rig, chip)[at_chip], words.data(), words.size() * 4);
            CHECK_EQ(cells_word(rig, at_chip, 4, !chip), 0xFFFFFFFF);
            for (unsigned n = rig.random() % 100; n != 0; n--) cycle(rig, cpu, percent);
            const auto back = engine(rig, cpu, percent, at(0x0B, page, SpiRead, (unsigned)words.size() * 4, 1));
            CHECK(back == words);
            for (unsigned n = rig.random() % 100; n != 0; n--) cycle(rig, cpu, percent);
        }
        CHECK_EQ(rig.reports, 0);
        CHECK_EQ(cpu.wrong, 0);
        CHECK(cpu.done > 300);
        const uint64_t first = nor_get_stats(rig.chip)->pages_programmed;
        CHECK(first > 50 && first < 100);
        CHECK_EQ(first + nor_get_stats(rig.second)->pages_programmed, 150);
    }
    TEST("given the lock / when the processor sends a command / it waits until the lock is gone, then runs") {
        for (int i = 0; i < 300; i++) cycle(rig, cpu, 0);
        rig.clear();
        cpu = Processor();
        rig.dut.lock_i = 1;
        cpu.opcode = 0x9F, cpu.reads = 3;
        cpu.go(rig);
        for (int i = 0; i < 1000; i++) cycle(rig, cpu, 0);
        CHECK(cpu.busy);
        CHECK_EQ(rig.clocks, 0);
        rig.dut.lock_i = 0;
        for (int i = 0; i < 100; i++) cycle(rig, cpu, 0);
        CHECK(!cpu.busy);
        CHECK_EQ(rig.clocks, 32);
    }
    TEST("given a command of the processor under way / when the engine wants the flash / it gets it right behind it") {
        rig.clear();
        cpu = Processor();
        cpu.opcode = 0x5A, cpu.writes = 4, cpu.reads = 4;
        cpu.go(rig);
        for (int i = 0; i < 10; i++) cycle(rig, cpu, 0);
        const uint64_t from = rig.cycle;
        const auto in = engine(rig, cpu, 0, at(0x03, 0x100, SpiRead, 4));
        CHECK_EQ(in.size(), 1);
        CHECK_EQ(in[0], cells_word(rig, 0x100, 4));
        CHECK(rig.cycle - from < 2 * (72 + 64) + 20);
        CHECK_EQ(rig.clocks, 72 + 64);
        CHECK_EQ(rig.selects, 2);
    }
    TEST("given all of the above / when the pins are watched / SPI mode 0 was kept in every cycle") {
        CHECK(rig.rules_kept);
        CHECK(rig.least_cs_high >= 2);
    }
}

int main(int argc, char **argv) {
    Rig rig(argc, argv, "w25q128jv");
    rig.reset();
    rig.fill_random();
    rig.add_second();
    for (size_t i = 0; i < 1u << 18; i++) rig.second_cells[i] = (uint8_t)rig.random();
    test_processor_alone(rig);
    test_sharing(rig);
    return check_result();
}
