// SPDX-License-Identifier: Apache-2.0
//
// The CRC-32 unit against zlib, through Python, and against the check value that every CRC catalogue lists.
#include "Vcrc32.h"

#include "bench.h"
#include "crc32_vectors.h"

using Crc = Bench<Vcrc32>;

static void clear(Crc &b) {
    b.dut.clear_i = 1;
    b.dut.valid_i = 0;
    b.tick();
    b.dut.clear_i = 0;
}

// Feeds bytes; in the cycles between them the data lines carry garbage.
static uint32_t crc(Crc &b, const uint8_t *bytes, size_t length, unsigned percent) {
    for (size_t i = 0; i < length;) {
        b.dut.valid_i = percent >= 100 || b.chance(percent);
        b.dut.data_i = b.dut.valid_i ? bytes[i] : (uint8_t)b.random();
        if (b.dut.valid_i) i++;
        b.tick();
    }
    b.dut.valid_i = 0;
    return b.dut.crc_o;
}

static void check_all(Crc &b, unsigned percent) {
    for (const crc32_vector &v : crc32_vectors) {
        clear(b);
        if (!CHECK_EQ(crc(b, crc32_bytes + v.at, v.length, percent), v.crc)) {
            printf("# %zu bytes\n", v.length);
            return;
        }
    }
}

int main(int argc, char **argv) {
    Crc b(argc, argv);
    const uint8_t digits[] = "123456789";
    b.reset();

    TEST("given no byte since the clear when the CRC is read then it is zero") {
        clear(b);
        CHECK_EQ(b.dut.crc_o, 0);
    }
    TEST("given the string 123456789 when it is taken a byte a cycle then the CRC is the catalogue's check value") {
        clear(b);
        CHECK_EQ(crc(b, digits, 9, 100), 0xCBF43926);
    }
    TEST("given strings at one byte a cycle when they are taken then zlib agrees") check_all(b, 100);
    TEST("given strings with gaps between the bytes when they are taken then zlib agrees") {
        for (unsigned percent : {80, 25}) check_all(b, percent);
    }
    TEST("given a byte together with a clear when the next string is taken then that byte does not count") {
        crc(b, digits, 5, 100);
        b.dut.clear_i = b.dut.valid_i = 1;
        b.dut.data_i = 0x5a;
        b.tick();
        b.dut.clear_i = 0;
        CHECK_EQ(crc(b, digits, 9, 100), 0xCBF43926);
    }
    TEST("given a string when it is followed by its CRC, low byte first, then the CRC is the residue 2144df1c") {
        for (size_t length : {1, 7, 64}) {
            clear(b);
            const uint32_t value = crc(b, crc32_bytes, length, 100);
            const uint8_t tail[4] = {(uint8_t)value, (uint8_t)(value >> 8), (uint8_t)(value >> 16),
                                     (uint8_t)(value >> 24)};
            CHECK_EQ(crc(b, tail, 4, 100), 0x2144DF1C);
        }
    }
    return check_result();
}
