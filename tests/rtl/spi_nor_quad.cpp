// SPDX-License-Identifier: Apache-2.0
//
// The spi_nor bench on the build with four data lines and a longer CS# high time.
#define QUAD
#include "spi_nor.cpp"

static void test_quad_addresses(int argc, char **argv) {
    Rig rig(argc, argv, "mt25q");
    rig.reset();
    rig.cycle_ns = 2000;
    TEST(
        "given 38h and 3Eh / when pages are programmed with three or four address bytes on four lines / they are where "
        "they belong") {
        for (unsigned i = 0; i < 40 && check_ok; i++) {
            const bool four = i % 2;
            const uint32_t page = (four ? 0x7654300u : 0xABCD00u) + i * 256;
            const auto bytes = random_bytes(rig, 1 + rig.random() % 256);
            run(rig, plain(0x06));
            Command write = at(four ? 0x3E : 0x38, page, SpiWrite, (unsigned)bytes.size());
            write.addr4 = four;
            write.quad = write.quad_addr = true;
            const Result w = run(rig, write, bytes, {0, i % 3 ? rig.random() % 100 : 0});
            CHECK_EQ(w.clocks, 8 + (four ? 8 : 6) + 2 * bytes.size());
            if (i % 3 == 0) CHECK_EQ(w.cycles, expected_cycles(write));
            run(rig, poll());
            CHECK_MEM(&rig.cells[page], bytes.data(), bytes.size());
        }
        CHECK_EQ(rig.reports, 0);
        CHECK(rig.rules_kept);
    }
}

static void test_quad(Rig &rig) {
    run(rig, plain(0x06));
    Command enable = plain(0x31);
    enable.addr4 = true;
    enable.addr = 0x02000000;
    run(rig, enable);
    rig.now_ns += 20'000'000;
    rig.cycle_ns = 2000;
    TEST(
        "given quad-enable / when pages are programmed by 32h and read by 6Bh / data uses two clocks a byte, with "
        "stalls or without") {
        for (unsigned i = 0; i < 60 && check_ok; i++) {
            const uint32_t page = 0x900000 + i * 256;
            const auto bytes = random_bytes(rig, 1 + rig.random() % 256);
            const unsigned stall = i % 2 ? rig.random() % 100 : 0;
            run(rig, plain(0x06));
            Command write = at(0x32, page, SpiWrite, (unsigned)bytes.size());
            write.quad = true;
            const Result w = run(rig, write, bytes, {0, stall, false, i % 4 == 0});
            CHECK_EQ(w.clocks, write.header_clocks() + 2 * bytes.size());
            if (stall == 0) CHECK_EQ(w.cycles, expected_cycles(write));
            run(rig, poll());
            Command read = at(0x6B, page, SpiRead, (unsigned)bytes.size(), 1);
            read.quad = true;
            CHECK_MEM(&rig.cells[page], bytes.data(), bytes.size());
            read_matches(rig, read, {stall, 0}, stall == 0);
        }
        CHECK_EQ(rig.reports, 0);
    }
}
