// SPDX-License-Identifier: Apache-2.0
//
// What the benches of rtl/flash share: one or two chips of the NOR model wired to a design's SPI pins, with the rules
// that hold in every cycle checked in every cycle, and the command as the RTL packs it.
#pragma once
#include <string>
#include <vector>

#include "bench.h"
#include "sim/nor.h"

enum SpiDir : unsigned { SpiNone, SpiRead, SpiWrite, SpiPoll };

// sluice_pkg::spi_cmd_t.
struct Command {
    uint8_t opcode = 0;
    bool addr_en = false, addr4 = false;
    uint32_t addr = 0;
    unsigned dummy = 0;
    SpiDir dir = SpiNone;
    bool quad_addr = false, quad = false;
    unsigned len = 0;

    uint64_t pack() const {
        return (uint64_t)opcode << 55 | (uint64_t)addr_en << 54 | (uint64_t)addr4 << 53 | (uint64_t)addr << 21 |
               (uint64_t)dummy << 17 | (uint64_t)dir << 15 | (uint64_t)quad_addr << 14 | (uint64_t)quad << 13 | len;
    }
    // SCK cycles of everything before the data.
    unsigned header_clocks() const { return 8 + (quad_addr ? 2 : 8) * ((addr4 ? 1 : 0) + (addr_en ? 3 : 0) + dummy); }
    unsigned data_clocks() const { return dir == SpiNone ? 0 : len * (quad ? 2 : 8); }
};

inline Command plain(uint8_t opcode) {
    Command c;
    c.opcode = opcode;
    return c;
}
inline Command at(uint8_t opcode, uint32_t addr, SpiDir dir = SpiNone, unsigned len = 0, unsigned dummy = 0) {
    Command c = plain(opcode);
    c.addr_en = true;
    c.addr = addr;
    c.dir = dir;
    c.len = len;
    c.dummy = dummy;
    return c;
}
inline Command poll() {
    Command c = plain(0x05);
    c.dir = SpiPoll;
    return c;
}

template <class Model>
struct FlashBench : Bench<Model> {
    using Bench<Model>::dut;
    const nor_part *part;
    std::vector<uint8_t> cells;
    nor *chip;
    std::vector<uint8_t> second_cells;
    nor *second = nullptr;  // at the second CS#, if the design has one
    uint64_t now_ns = 0;
    unsigned cycle_ns = 20;
    unsigned clocks = 0;            // SCK rises since clear()
    unsigned selects = 0;           // CS# falls since clear()
    unsigned least_cs_high = 1000;  // cycles
    unsigned reports = 0;
    std::string last_report;
    bool rules_kept = true;

    FlashBench(int argc, char **argv, const char *part_name)
        : Bench<Model>(argc, argv), part(nor_part_find(part_name)), cells(part->size, 0xFF) {
        chip = nor_new(part, cells.data());
        nor_set_report(chip, note, this);
    }
    ~FlashBench() {
        nor_free(chip);
        nor_free(second);
    }
    FlashBench(const FlashBench &) = delete;
    FlashBench &operator=(const FlashBench &) = delete;

    void add_second() {
        second_cells.assign(part->size, 0xFF);
        second = nor_new(part, second_cells.data());
        nor_set_report(second, note, this);
    }

    void clear() { clocks = selects = reports = 0; }

    void fill_random() {
        for (size_t i = 0; i + 4 <= cells.size() && i < (1u << 20); i += 4) {
            uint32_t r = this->random();
            memcpy(&cells[i], &r, 4);
        }
    }

    // One clock cycle of the design, then of the chip that sees its pins.
    void clock() {
        this->tick();
        now_ns += cycle_ns;
        const bool sck = dut.sck_o, first_high = dut.csn_o & 1, second_high = second == nullptr || (dut.csn_o & 2) != 0;
        const uint8_t oe = dut.sd_oe_o, sd = dut.sd_o, driven = (uint8_t)((sd & oe) | (~oe & 15));
        watch(first_high && second_high, sck, sd, oe);
        if (!first_high && !second_high) broken("both chips are selected");
        uint8_t out = 0, chip_oe = 0;
        nor_pins(chip, now_ns, first_high, sck, driven, &out, &chip_oe);
        if (second != nullptr) {
            uint8_t second_out = 0, second_oe = 0;
            nor_pins(second, now_ns, second_high, sck, driven, &second_out, &second_oe);
            if (!second_high) out = second_out, chip_oe = second_oe;
        }
        // While the chip changes over to driving, the design may still drive line 1..3; never with the clock high.
        if (sck && (chip_oe & oe) != 0) broken("both ends drive a line");
        dut.sd_i = (uint8_t)((out & chip_oe) | (this->random() & ~chip_oe & 15));
        dut.eval();
    }

   private:
    bool was_csn = true, was_sck = false;
    uint8_t was_sd = 0;
    unsigned cs_high = 1000;

    void broken(const char *rule) {
        if (rules_kept) printf("# cycle %llu: %s\n", (unsigned long long)this->cycle, rule);
        rules_kept = false;
    }

    void watch(bool csn, bool sck, uint8_t sd, uint8_t oe) {
        if (csn && sck) broken("SCK high without CS#");
        if (csn != was_csn && (sck || was_sck)) broken("CS# changes at an SCK edge");
        if (sck && !was_sck) {
            clocks++;
            if (((sd ^ was_sd) & oe) != 0) broken("data changes with the rising SCK edge");
        }
        if (!csn && was_csn) {
            selects++;
            if (cs_high < least_cs_high) least_cs_high = cs_high;
        }
        cs_high = csn ? cs_high + 1 : 0;
        was_csn = csn;
        was_sck = sck;
        was_sd = sd;
    }

    static void note(void *ctx, uint64_t now_ns, const char *text) {
        auto *bench = static_cast<FlashBench *>(ctx);
        bench->reports++;
        bench->last_report = text;
        printf("# %llu ns: flash: %s\n", (unsigned long long)now_ns, text);
    }
};
