// SPDX-License-Identifier: Apache-2.0
//
// Flash identification: SFDP tables as parts in the field have them, cut and odd ones, and the fallback by JEDEC ID.
#include "fw/hal/sfdp.h"

#include "tests/check.h"

static uint32_t words[64];

static uint32_t read_word(void *context, uint32_t address) {
    (void)context;
    return address / 4 < 64 ? words[address / 4] : 0xFFFFFFFF;
}

/* W25Q128JV: 64, 128 and 160 ms typical, 14 times that at most. */
static const uint32_t w25q128jv[16] = {0xFFF920E5, 0x07FFFFFF, 0x6B08EB44, 0xBB423B08, 0xFFFFFFFE, 0x0000FFFF,
                                       0xEB40FFFF, 0x520F200C, 0x0000D810, 0x00A60236, 0xC914EA82, 0x337663E9,
                                       0x757A757A, 0x5CD5A2F7, 0xFF4DF719, 0x80F830E9};

/* @p dwords of the basic table at 30h, and with @p four the 4-byte instruction table at 80h. */
static void tables(uint32_t dwords, const uint32_t *four) {
    memset(words, 0xFF, sizeof words);
    words[0] = 0x50444653;
    words[1] = four != NULL ? 0xFF010106 : 0xFF000106;
    words[2] = dwords << 24 | 0x010600;
    words[3] = 0xFF000030;
    if (four != NULL) {
        words[4] = 0x02010084;
        words[5] = 0xFF000080;
        words[32] = four[0];
        words[33] = four[1];
    }
    memcpy(words + 12, w25q128jv, sizeof w25q128jv);
}

static void check_erases(const struct flash_parameters *p, uint8_t four, uint8_t thirty_two, uint8_t sixty_four) {
    CHECK_EQ(p->erase4_opcode, four);
    CHECK_EQ(p->erase32_opcode, thirty_two);
    CHECK_EQ(p->erase64_opcode, sixty_four);
}

static void small(void) {
    struct flash_parameters p;
    tables(16, NULL);
    CHECK(sfdp_parse(read_word, NULL, &p));
    CHECK_EQ(p.bytes, 16 << 20);
    CHECK_EQ(p.timeout_ms, 2240 + 50);
    CHECK(!p.address4);
    CHECK_EQ(p.read_opcode, 0x0B);
    CHECK_EQ(p.program_opcode, 0x02);
    check_erases(&p, 0x20, 0x52, 0xD8);
}

static void large(void) {
    static const uint32_t four[2] = {0x00000E7F, 0xFFDC5C21};  // erase types 1 to 3
    static const uint32_t one[2] = {0x0000027F, 0xFFFFFF21};   // erase type 1 only
    struct flash_parameters p;
    tables(16, four);
    words[13] = 0x8000001D;  // 2^29 bits, another way to say it
    CHECK(sfdp_parse(read_word, NULL, &p));
    CHECK_EQ(p.bytes, 64 << 20);
    CHECK(p.address4);
    CHECK_EQ(p.read_opcode, 0x0C);
    CHECK_EQ(p.program_opcode, 0x12);
    check_erases(&p, 0x21, 0x5C, 0xDC);
    tables(16, one);
    words[13] = 0x1FFFFFFF;
    CHECK(sfdp_parse(read_word, NULL, &p));
    check_erases(&p, 0x21, 0, 0);
    tables(16, NULL);
    words[13] = 0x1FFFFFFF;
    CHECK(sfdp_parse(read_word, NULL, &p));
    check_erases(&p, 0x21, 0x5C, 0xDC);
}

static void odd(void) {
    struct flash_parameters p = {.bytes = 1}, before = p;
    tables(9, NULL);  // JESD216 without times
    CHECK(sfdp_parse(read_word, NULL, &p));
    CHECK(p.timeout_ms >= 4000);
    p = before;
    tables(8, NULL);
    CHECK(!sfdp_parse(read_word, NULL, &p));
    tables(16, NULL);
    words[0] ^= 1;
    CHECK(!sfdp_parse(read_word, NULL, &p));
    tables(16, NULL);
    words[19] = 0xFFFF520F;  // no 4 KiB erase
    CHECK(!sfdp_parse(read_word, NULL, &p));
    tables(16, NULL);
    words[13] = 0x80000003;  // one byte
    CHECK(!sfdp_parse(read_word, NULL, &p));
    memset(words, 0xFF, sizeof words);
    CHECK(!sfdp_parse(read_word, NULL, &p));
    CHECK_EQ(p.bytes, before.bytes);
    // Only the 64 KiB erase is slow: the patience is its.
    tables(16, NULL);
    words[20] = 0x0000FF00;
    words[21] = 0x00A60230 | 1;
    CHECK(sfdp_parse(read_word, NULL, &p));
    check_erases(&p, 0x20, 0x52, 0);
    CHECK_EQ(p.timeout_ms, 4 * 128 + 50);
}

static void by_id(void) {
    static const struct {
        uint32_t id;
        uint64_t bytes;
        bool address4;
    } parts[] = {{0xEF4018, 16 << 20, false}, {0x20BA18, 16 << 20, false}, {0x20BA20, 64 << 20, true},
                 {0xC2201B, 128 << 20, true}, {0x9D6019, 32 << 20, true},  {0xEF4021, 128 << 20, true}};
    struct flash_parameters p;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        CHECK(flash_from_id(parts[i].id, &p));
        CHECK_EQ(p.bytes, parts[i].bytes);
        CHECK_EQ(p.address4, parts[i].address4);
        CHECK_EQ(p.erase4_opcode, parts[i].address4 ? 0x21 : 0x20);
        CHECK(p.timeout_ms >= 4000);
    }
    CHECK(!flash_from_id(0x000000, &p));
    CHECK(!flash_from_id(0xFFFFFF, &p));
    CHECK(!flash_from_id(0xEF40FF, &p));
    CHECK(!flash_from_id(0xEF4000, &p));
}

int main(void) {
    TEST("given the tables of a 16 MiB part when they are parsed then instructions and longest erase are its own")
    small();
    TEST("given parts beyond 16 MiB when their tables are parsed then every instruction takes four address bytes")
    large();
    TEST("given cut, odd or absent tables when they are parsed then nothing is guessed") odd();
    TEST("given parts without tables when only the JEDEC ID is known then size and instructions follow from it")
    by_id();
    return check_result();
}
