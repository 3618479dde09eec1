// SPDX-License-Identifier: Apache-2.0
//
// The SFDP table of the NOR model, read through the pins as firmware does, against the part's figures.
#include "tests/host/nor_rig.h"

static uint32_t word(const uint8_t *at) {
    return (uint32_t)(at[0] | at[1] << 8 | at[2] << 16) | (uint32_t)at[3] << 24;
}

/* Reads the table as a host would: header first. Returns the word count of table `id`, 0 when it is missing. */
static unsigned read_sfdp(struct rig *rig, uint16_t id, uint32_t *words, unsigned most) {
    uint8_t all[256];
    start(rig, 0x5A, 3, 0);
    byte(rig, 0);
    for (size_t i = 0; i < sizeof all; i++) all[i] = byte(rig, 0);
    deselect(rig);
    if (!CHECK_MEM(all, "SFDP", 4)) return 0;
    for (unsigned n = 0; n <= all[6]; n++) {
        const uint8_t *header = all + 8 + 8 * n;
        if ((header[7] << 8 | header[0]) != id) continue;
        uint32_t at = word(header + 4) & 0xFFFFFF;
        unsigned count = header[3] < most ? header[3] : most;
        for (unsigned i = 0; i < count; i++) words[i] = word(all + at + 4 * i);
        return header[3];
    }
    return 0;
}

static uint64_t erase_ms(uint32_t word10, unsigned type) {
    static const uint64_t units[] = {1, 16, 128, 1000};
    uint32_t field = word10 >> (4 + 7 * type) & 0x7F;
    return ((field & 31) + 1) * units[field >> 5];
}

static void check_basic_table(const struct nor_part *part, const uint32_t w[16]) {
    CHECK_EQ(w[1], part->size * 8ull - 1);
    CHECK_EQ(w[0] & 0xFF03, 0x2001);
    CHECK_EQ(w[0] >> 17 & 3, (part->features & NOR_ADDR4) != 0 ? 1 : 0);
    CHECK_EQ(w[7], 0x520F200C);
    CHECK_EQ(w[8], 0x0000D810);
    CHECK_EQ(1u << (w[10] >> 4 & 15), NOR_PAGE);
    const struct nor_time *erases[] = {&part->erase4k, &part->erase32k, &part->erase64k};
    for (unsigned type = 0; type < 3; type++) {
        uint64_t says = erase_ms(w[9], type) * 1000000, is = erases[type]->typical_ns;
        CHECK(says >= is && says < is + is / 4);
        CHECK(says * 2 * ((w[9] & 15) + 1) >= erases[type]->maximum_ns);
    }
    uint64_t page = ((w[10] >> 8 & 31) + 1) * ((w[10] >> 13 & 1) != 0 ? 64000u : 8000u);
    CHECK(page >= part->page_program.typical_ns && page < part->page_program.typical_ns * 5 / 4);
    CHECK(page * 2 * ((w[10] & 15) + 1) >= part->page_program.maximum_ns);
    static const uint32_t requirement[] = {0, 4, 2};
    CHECK_EQ(w[14] >> 20 & 7, requirement[part->quad_enable]);
    CHECK_EQ(w[15] >> 8 & 0x3F, 0x10);
}

static void test_every_part(void) {
    TEST("given any part / when its SFDP is read / size, erases, page and times are those it behaves by") {
        for (size_t i = 0; nor_part_at(i) != NULL; i++) {
            struct rig rig;
            uint32_t w[16] = {0};
            rig_open(&rig, nor_part_at(i)->name);
            CHECK_EQ(read_sfdp(&rig, 0xFF00, w, 16), 16);
            check_basic_table(nor_part_at(i), w);
            CHECK_EQ(rig.reports, 0);
            rig_close(&rig);
        }
    }
    TEST(
        "given any part / when the four-byte address table is looked for / it is there exactly when the part has such "
        "addresses") {
        for (size_t i = 0; nor_part_at(i) != NULL; i++) {
            struct rig rig;
            uint32_t w[2] = {0};
            rig_open(&rig, nor_part_at(i)->name);
            bool has = (nor_part_at(i)->features & NOR_ADDR4) != 0;
            CHECK_EQ(read_sfdp(&rig, 0xFF84, w, 2), has ? 2 : 0);
            CHECK_EQ(w[1] & 0xFFFFFF, has ? 0xDC5C21 : 0);
            rig_close(&rig);
        }
    }
}

static void test_published(void) {
    TEST("given the W25Q128JV / when its SFDP times are read / they are its published ones exactly") {
        struct rig rig;
        uint32_t w[16] = {0};
        rig_open(&rig, "w25q128jv");
        read_sfdp(&rig, 0xFF00, w, 16);
        CHECK_EQ(erase_ms(w[9], 0), 64);
        CHECK_EQ(erase_ms(w[9], 1), 128);
        CHECK_EQ(erase_ms(w[9], 2), 160);
        CHECK_EQ(w[9] & 15, 6);
        CHECK_EQ(w[10] & 0x3FFF, 0x2A82);
        rig_close(&rig);
    }
}

int main(void) {
    test_every_part();
    test_published();
    return check_result();
}
