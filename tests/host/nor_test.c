// SPDX-License-Identifier: Apache-2.0
//
// The NOR model alone, driven bit by bit. Holds the model to the data sheets: what a host may do works and takes its
// time, what it may not do changes nothing and is reported.
#include "tests/host/nor_rig.h"

static void test_identity(void) {
    TEST("given any part / when 9Fh is read / its three JEDEC bytes come back") {
        for (size_t i = 0; nor_part_at(i) != NULL; i++) {
            const struct nor_part *part = nor_part_at(i);
            struct rig rig;
            rig_open(&rig, part->name);
            start(&rig, 0x9F, 0, 0);
            for (int n = 0; n < 3; n++) CHECK_EQ(byte(&rig, 0), part->jedec[n]);
            deselect(&rig);
            CHECK_EQ(rig.reports, 0);
            CHECK(rig.oe == 0);
            rig_close(&rig);
        }
    }
    TEST("given a name that no part has / when it is looked up / there is none") {
        CHECK(nor_part_find("28c64") == NULL);
        CHECK(nor_part_find("mt25q") != NULL);
    }
}

static void test_program_and_read(void) {
    struct rig rig;
    rig_open(&rig, "w25q128jv");
    TEST("given an erased page / when bytes are programmed / they read back after tPP and WEL is clear again") {
        const uint8_t data[5] = {1, 2, 0x80, 0xFF, 0x55};
        program(&rig, 0x123456, data, sizeof data);
        uint64_t since = rig.now;
        CHECK_EQ(status(&rig, 0x05), 0x03);
        CHECK_EQ(rig.array[0x123456], 0xFF);
        CHECK_EQ(wait(&rig, since), 704000);
        CHECK_EQ(status(&rig, 0x05), 0x00);
        start(&rig, 0x03, 3, 0x123456);
        for (size_t i = 0; i < sizeof data; i++) CHECK_EQ(byte(&rig, 0), data[i]);
        deselect(&rig);
        start(&rig, 0x0B, 3, 0x123456);
        byte(&rig, 0);
        for (size_t i = 0; i < sizeof data; i++) CHECK_EQ(byte(&rig, 0), data[i]);
        deselect(&rig);
        CHECK_EQ(rig.reports, 0);
        CHECK_EQ(nor_get_stats(rig.nor)->bytes_programmed, 5);
        CHECK_EQ(nor_get_stats(rig.nor)->pages_programmed, 1);
        CHECK_EQ(nor_get_stats(rig.nor)->bytes_read, 10);
        CHECK_EQ(nor_get_stats(rig.nor)->busy_ns, 704000);
    }
    TEST(
        "given programmed bytes / when others are programmed over them / each cell is the AND and setting bits is "
        "reported") {
        const uint8_t first = 0x3C, clears = 0x18, sets = 0x99;
        program(&rig, 0x10, &first, 1);
        wait(&rig, 0);
        program(&rig, 0x10, &clears, 1);
        wait(&rig, 0);
        CHECK_EQ(rig.array[0x10], 0x18);
        CHECK_EQ(rig.reports, 0);
        program(&rig, 0x10, &sets, 1);
        wait(&rig, 0);
        CHECK_EQ(rig.array[0x10], 0x18);
        CHECK_EQ(rig.reports, 1);
        CHECK(strstr(rig.text, "cannot set bits") != NULL);
    }
    TEST(
        "given data that passes the end of a page / when it is programmed / it wraps to the page's start and is "
        "reported") {
        const uint8_t data[4] = {1, 2, 3, 4};
        rig.reports = 0;
        program(&rig, 0x2FE, data, sizeof data);
        wait(&rig, 0);
        CHECK_MEM(rig.array + 0x2FE, data, 2);
        CHECK_MEM(rig.array + 0x200, data + 2, 2);
        CHECK_EQ(rig.array[0x300], 0xFF);
        CHECK_EQ(rig.reports, 1);
        CHECK(strstr(rig.text, "wraps") != NULL);
    }
    TEST("given more than 256 bytes / when they are programmed / the last 256 count") {
        uint8_t data[300];
        for (size_t i = 0; i < sizeof data; i++) data[i] = (uint8_t)(i * 7);
        program(&rig, 0x500, data, sizeof data);
        wait(&rig, 0);
        CHECK_MEM(rig.array + 0x500, data + 256, 44);
        CHECK_MEM(rig.array + 0x52C, data + 44, 212);
    }
    rig_close(&rig);
}

static void test_erase(void) {
    struct rig rig;
    rig_open(&rig, "w25q128jv");
    const struct nor_stats *stats = nor_get_stats(rig.nor);
    static const struct {
        uint8_t opcode;
        int address_bytes;
        uint32_t address, first, end;
        uint64_t typical_ms, maximum_ms;
    } cases[] = {
        {0x20, 3, 0x45678, 0x45000, 0x46000, 64, 896},
        {0x52, 3, 0x4F000, 0x48000, 0x50000, 128, 1792},
        {0xD8, 3, 0x4F000, 0x40000, 0x50000, 160, 2240},
        {0xC7, 0, 0, 0, 0x1000000, 40960, 573440},
    };
    TEST(
        "given programmed cells / when a block is erased / exactly its cells are FFh after the typical or the maximum "
        "time") {
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
            memset(rig.array, 0, 0x1000000);
            CHECK_EQ(erase(&rig, cases[i].opcode, cases[i].address_bytes, cases[i].address),
                     cases[i].typical_ms * 1000000);
            uint32_t wrong = 0;
            for (uint32_t at = 0; at < 0x1000000; at++) {
                wrong += rig.array[at] != (at >= cases[i].first && at < cases[i].end ? 0xFF : 0);
            }
            CHECK_EQ(wrong, 0);
            nor_set_timing(rig.nor, NOR_MAXIMUM);
            CHECK_EQ(erase(&rig, cases[i].opcode, cases[i].address_bytes, cases[i].address),
                     cases[i].maximum_ms * 1000000);
            nor_set_timing(rig.nor, NOR_TYPICAL);
            CHECK_EQ(rig.reports, 0);
        }
    }
    TEST("given erases of each size / when the counters are read / each was counted once a call") {
        CHECK_EQ(stats->erases_4k, 2);
        CHECK_EQ(stats->erases_32k, 2);
        CHECK_EQ(stats->erases_64k, 2);
        CHECK_EQ(stats->erases_chip, 2);
    }
    rig_close(&rig);
}

static void test_errors(void) {
    struct rig rig;
    rig_open(&rig, "w25q128jv");
    const uint8_t zero = 0;
    TEST("given no write-enable / when a program is sent / nothing changes and it is reported") {
        start(&rig, 0x02, 3, 0x40);
        byte(&rig, 0);
        deselect(&rig);
        CHECK_EQ(nor_busy_until(rig.nor), 0);
        CHECK_EQ(rig.reports, 1);
        CHECK(strstr(rig.text, "without write-enable") != NULL);
    }
    TEST(
        "given a program under way / when a read is sent / the chip is silent and it is reported, but status reads are "
        "answered") {
        rig.reports = 0;
        program(&rig, 0x40, &zero, 1);
        CHECK_EQ(status(&rig, 0x05), 0x03);
        CHECK_EQ(status(&rig, 0x35), 0x00);
        CHECK_EQ(rig.reports, 0);
        start(&rig, 0x03, 3, 0x40);
        byte(&rig, 0);
        CHECK_EQ(rig.oe, 0);
        deselect(&rig);
        CHECK_EQ(rig.reports, 1);
        CHECK(strstr(rig.text, "while busy") != NULL);
        wait(&rig, 0);
        CHECK_EQ(rig.array[0x40], 0);
    }
    TEST("given an instruction that the part does not have / when it is sent / it is reported") {
        rig.reports = 0;
        command(&rig, 0x13);
        CHECK_EQ(rig.reports, 1);
        CHECK(strstr(rig.text, "unknown") != NULL);
    }
    TEST("given a program cut in the middle of a byte / when CS# rises / nothing is programmed and it is reported") {
        rig.reports = 0;
        command(&rig, 0x06);
        start(&rig, 0x02, 3, 0x80);
        byte(&rig, 0);
        pins(&rig, false, true, 0);
        deselect(&rig);
        CHECK_EQ(nor_busy_until(rig.nor), 0);
        CHECK_EQ(rig.reports, 1);
        CHECK(strstr(rig.text, "middle of a byte") != NULL);
    }
    TEST("given an erase with a byte too many or an address byte too few / when CS# rises / nothing is erased") {
        rig.reports = 0;
        start(&rig, 0x20, 4, 0);
        deselect(&rig);
        start(&rig, 0x20, 2, 0);
        deselect(&rig);
        CHECK_EQ(nor_busy_until(rig.nor), 0);
        CHECK_EQ(rig.reports, 2);
        command(&rig, 0x04);
    }
    TEST("given a read to the last byte / when it goes on / it wraps to address zero and is reported once") {
        rig.reports = 0;
        rig.array[0] = 0xA5;
        rig.array[0xFFFFFF] = 0x5A;
        start(&rig, 0x03, 3, 0xFFFFFF);
        CHECK_EQ(byte(&rig, 0), 0x5A);
        CHECK_EQ(rig.reports, 0);
        CHECK_EQ(byte(&rig, 0), 0xA5);
        CHECK_EQ(rig.reports, 1);
        deselect(&rig);
    }
    TEST("given block-protect bits / when a sector is erased / it is refused and reported") {
        rig.reports = 0;
        set_quad_enable(&rig, 0x01, 0x04);
        command(&rig, 0x06);
        start(&rig, 0x20, 3, 0);
        deselect(&rig);
        CHECK_EQ(nor_busy_until(rig.nor), 0);
        CHECK_EQ(rig.reports, 1);
    }
    rig_close(&rig);
}

static void test_quad(void) {
    struct rig rig;
    rig_open(&rig, "gd25q128");
    TEST("given quad-enable is zero / when a quad read is sent / it is ignored and reported") {
        start(&rig, 0x6B, 3, 0);
        deselect(&rig);
        CHECK_EQ(rig.reports, 1);
    }
    TEST("given quad-enable is set by 31h / when a page is programmed by 32h / 6Bh reads it on four lines") {
        rig.reports = 0;
        set_quad_enable(&rig, 0x31, 0x02);
        CHECK_EQ(status(&rig, 0x35), 0x02);
        command(&rig, 0x06);
        start(&rig, 0x32, 3, 0x777700);
        for (int i = 0; i < 256; i++) quad(&rig, (uint8_t)(i ^ 0x5A));
        deselect(&rig);
        CHECK_EQ(wait(&rig, rig.now), 500000);
        start(&rig, 0x6B, 3, 0x777700);
        byte(&rig, 0);
        for (int i = 0; i < 256; i++) CHECK_EQ(quad(&rig, 0), i ^ 0x5A);
        deselect(&rig);
        CHECK_EQ(rig.reports, 0);
    }
    TEST("given 50h before a status write / when power returns / the bit is gone again") {
        command(&rig, 0x50);
        start(&rig, 0x01, 0, 0);
        byte(&rig, 0);
        byte(&rig, 0);
        deselect(&rig);
        CHECK_EQ(status(&rig, 0x35), 0x00);
        nor_power_cut(rig.nor, rig.now);
        nor_power_on(rig.nor, rig.now);
        deselect(&rig);
        CHECK_EQ(status(&rig, 0x35), 0x02);
    }
    rig_close(&rig);
}

static void test_quad_address(void) {
    struct rig rig;
    rig_open(&rig, "mx66l1g45g");
    TEST(
        "given a part with quad-enable in status register 1 / when 3Eh sends its address on four lines too / the page "
        "is programmed") {
        set_quad_enable(&rig, 0x01, 0x40);
        command(&rig, 0x06);
        select(&rig);
        byte(&rig, 0x3E);
        for (int i = 3; i >= 0; i--) quad(&rig, (uint8_t)(0x07654300u >> (8 * i)));
        quad(&rig, 0x12);
        quad(&rig, 0x34);
        deselect(&rig);
        wait(&rig, 0);
        CHECK_EQ(rig.array[0x07654300], 0x12);
        CHECK_EQ(rig.array[0x07654301], 0x34);
        CHECK_EQ(rig.reports, 0);
    }
    rig_close(&rig);
}

static void test_four_byte_addresses(void) {
    struct rig rig;
    rig_open(&rig, "mt25q");
    rig.array[0x07FFFFFF] = 0x11;
    rig.array[0x00FFFFFF] = 0x22;
    TEST("given a 128 MiB part / when it is read by 13h, by 0Ch and, after B7h, by 03h / the upper cells answer") {
        start(&rig, 0x13, 4, 0x07FFFFFF);
        CHECK_EQ(byte(&rig, 0), 0x11);
        deselect(&rig);
        start(&rig, 0x0C, 4, 0x07FFFFFF);
        byte(&rig, 0);
        CHECK_EQ(byte(&rig, 0), 0x11);
        deselect(&rig);
        start(&rig, 0x03, 3, 0xFFFFFF);
        CHECK_EQ(byte(&rig, 0), 0x22);
        deselect(&rig);
        command(&rig, 0xB7);
        CHECK_EQ(status(&rig, 0x70), 0x81);
        start(&rig, 0x03, 4, 0x07FFFFFF);
        CHECK_EQ(byte(&rig, 0), 0x11);
        deselect(&rig);
        command(&rig, 0xE9);
        start(&rig, 0x03, 3, 0xFFFFFF);
        CHECK_EQ(byte(&rig, 0), 0x22);
        deselect(&rig);
        CHECK_EQ(rig.reports, 0);
    }
    TEST("given an address beyond the end / when it is read / it is reported") {
        start(&rig, 0x13, 4, 0x08000000);
        deselect(&rig);
        CHECK_EQ(rig.reports, 1);
        CHECK(strstr(rig.text, "beyond the end") != NULL);
    }
    TEST("given an erase by 21h / when the flag status register is read / its ready bit is zero until the end") {
        command(&rig, 0x06);
        start(&rig, 0x21, 4, 0x07FFF000);
        deselect(&rig);
        uint64_t since = rig.now;
        CHECK_EQ(status(&rig, 0x70), 0x00);
        CHECK_EQ(wait(&rig, since), 48000000);
        CHECK_EQ(status(&rig, 0x70), 0x80);
        CHECK_EQ(rig.array[0x07FFFFFF], 0xFF);
    }
    rig_close(&rig);
}

static void test_sleep_and_reset(void) {
    struct rig rig;
    rig_open(&rig, "w25q128jv");
    TEST(
        "given deep power-down / when anything but ABh is sent / it is ignored; after ABh and its time the chip "
        "works") {
        command(&rig, 0xB9);
        command(&rig, 0x9F);
        CHECK_EQ(rig.reports, 1);
        command(&rig, 0xAB);
        command(&rig, 0x9F);
        CHECK_EQ(rig.reports, 2);
        rig.now += 3000;
        start(&rig, 0x9F, 0, 0);
        CHECK_EQ(byte(&rig, 0), 0xEF);
        deselect(&rig);
        CHECK_EQ(rig.reports, 2);
    }
    TEST("given a chip that is awake / when ABh and three bytes are sent / the device ID follows") {
        start(&rig, 0xAB, 3, 0);
        CHECK_EQ(byte(&rig, 0), 0x17);
        deselect(&rig);
        CHECK_EQ(rig.reports, 2);
    }
    TEST("given a write-enable / when 66h and 99h are sent / it is forgotten, and 99h without 66h is reported") {
        command(&rig, 0x06);
        command(&rig, 0x66);
        command(&rig, 0x99);
        CHECK_EQ(rig.reports, 2);
        rig.now += 30000;
        CHECK_EQ(status(&rig, 0x05), 0x00);
        command(&rig, 0x66);
        command(&rig, 0x06);
        command(&rig, 0x99);
        CHECK_EQ(rig.reports, 3);
        CHECK_EQ(status(&rig, 0x05), 0x02);
    }
    rig_close(&rig);
}

int main(void) {
    test_identity();
    test_program_and_read();
    test_erase();
    test_errors();
    test_quad();
    test_quad_address();
    test_four_byte_addresses();
    test_sleep_and_reset();
    return check_result();
}
