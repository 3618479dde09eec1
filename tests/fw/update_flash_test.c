// SPDX-License-Identifier: Apache-2.0
//
// Flash identification: SFDP tables as parts in the field have them, cut and odd ones, the fallback by JEDEC ID; and
// how four data lines are enabled, by registers of every kind and on the chips of the NOR model.
#include <stdlib.h>

#include "fw/hal/quad.h"
#include "sim/nor.h"
#include "tests/check.h"

#define ID_W25Q128JV 0xEF4018u

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
    CHECK_EQ(p->erase4.opcode, four);
    CHECK_EQ(p->erase32.opcode, thirty_two);
    CHECK_EQ(p->erase64.opcode, sixty_four);
}

static void small(void) {
    struct flash_parameters p;
    tables(16, NULL);
    CHECK(sfdp_parse(read_word, NULL, ID_W25Q128JV, &p));
    CHECK_EQ(p.bytes, 16 << 20);
    CHECK_EQ(p.timeout_ms, 2240 + 50);
    CHECK(!p.address4);
    CHECK_EQ(p.read_opcode, 0x0B);
    CHECK_EQ(p.program_opcode, 0x02);
    check_erases(&p, 0x20, 0x52, 0xD8);
    CHECK_EQ(p.erase4.typical_ms, 64);
    CHECK_EQ(p.erase32.typical_ms, 128);
    CHECK_EQ(p.erase64.typical_ms, 160);
    CHECK_EQ(p.page_us, 704);
}

static void large(void) {
    static const uint32_t four[2] = {0x00000E7F, 0xFFDC5C21};  // erase types 1 to 3
    static const uint32_t one[2] = {0x0000027F, 0xFFFFFF21};   // erase type 1 only
    struct flash_parameters p;
    tables(16, four);
    words[13] = 0x8000001D;  // 2^29 bits, another way to say it
    CHECK(sfdp_parse(read_word, NULL, ID_W25Q128JV, &p));
    CHECK_EQ(p.bytes, 64 << 20);
    CHECK(p.address4);
    CHECK_EQ(p.read_opcode, 0x0C);
    CHECK_EQ(p.program_opcode, 0x12);
    check_erases(&p, 0x21, 0x5C, 0xDC);
    tables(16, one);
    words[13] = 0x1FFFFFFF;
    CHECK(sfdp_parse(read_word, NULL, ID_W25Q128JV, &p));
    check_erases(&p, 0x21, 0, 0);
    tables(16, NULL);
    words[13] = 0x1FFFFFFF;
    CHECK(sfdp_parse(read_word, NULL, ID_W25Q128JV, &p));
    check_erases(&p, 0x21, 0x5C, 0xDC);
}

static void odd(void) {
    struct flash_parameters p = {.bytes = 1}, before = p;
    tables(9, NULL);  // JESD216 without times
    CHECK(sfdp_parse(read_word, NULL, ID_W25Q128JV, &p));
    CHECK(p.timeout_ms >= 4000);
    p = before;
    tables(8, NULL);
    CHECK(!sfdp_parse(read_word, NULL, ID_W25Q128JV, &p));
    tables(16, NULL);
    words[0] ^= 1;
    CHECK(!sfdp_parse(read_word, NULL, ID_W25Q128JV, &p));
    tables(16, NULL);
    words[19] = 0xFFFF520F;  // no 4 KiB erase
    CHECK(!sfdp_parse(read_word, NULL, ID_W25Q128JV, &p));
    tables(16, NULL);
    words[13] = 0x80000003;  // one byte
    CHECK(!sfdp_parse(read_word, NULL, ID_W25Q128JV, &p));
    memset(words, 0xFF, sizeof words);
    CHECK(!sfdp_parse(read_word, NULL, ID_W25Q128JV, &p));
    CHECK_EQ(p.bytes, before.bytes);
    // Only the 64 KiB erase is slow: the patience is its.
    tables(16, NULL);
    words[20] = 0x0000FF00;
    words[21] = 0x00A60230 | 1;
    CHECK(sfdp_parse(read_word, NULL, ID_W25Q128JV, &p));
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
        CHECK_EQ(p.erase4.opcode, parts[i].address4 ? 0x21 : 0x20);
        CHECK(p.timeout_ms >= 4000);
    }
    CHECK(!flash_from_id(0x000000, &p));
    CHECK(!flash_from_id(0xFFFFFF, &p));
    CHECK(!flash_from_id(0xEF40FF, &p));
    CHECK(!flash_from_id(0xEF4000, &p));
}

static void check_quad(const struct flash_quad *quad, struct flash_quad want) {
    CHECK_EQ(quad->read_opcode, want.read_opcode);
    CHECK_EQ(quad->read_dummy, want.read_dummy);
    CHECK_EQ(quad->program_opcode, want.program_opcode);
    CHECK_EQ(quad->program_address, want.program_address);
    CHECK_EQ(quad->enable, want.enable);
}

static void four_lines(void) {
    static const struct {
        uint32_t id, dword1, dword3, dword2, four;  // four: 4-byte instruction table, 0: none
        struct flash_quad want;
    } cases[] = {
        {ID_W25Q128JV, 0xFFF920E5, 0x6B08EB44, 0x07FFFFFF, 0, {0x6B, 1, 0x32, false, false, 4}},
        {0xC22018, 0xFFF920E5, 0x6B08EB44, 0x07FFFFFF, 0, {0x6B, 1, 0x38, true, false, 4}},       // Macronix
        {0x1C7018, 0xFFF920E5, 0x6B08EB44, 0x07FFFFFF, 0, {0x6B, 1, 0, false, false, 4}},         // unknown to us
        {ID_W25Q128JV, 0xFFB920E5, 0x6B08EB44, 0x07FFFFFF, 0, {0, 0, 0, false, false, 4}},        // no 1-1-4
        {ID_W25Q128JV, 0xFFF920E5, 0x6B04EB44, 0x07FFFFFF, 0, {0, 0, 0x32, false, false, 4}},     // 4 dummy clocks
        {ID_W25Q128JV, 0xFFF920E5, 0x6B2FEB44, 0x07FFFFFF, 0, {0x6B, 2, 0x32, false, false, 4}},  // 15 and 1
        {0xEF4020, 0xFFF920E5, 0x6B08EB44, 0x1FFFFFFF, 0x0EFF, {0x6C, 1, 0x34, false, false, 4}},
        {0xC2201B, 0xFFF920E5, 0x6B08EB44, 0x3FFFFFFF, 0x0F7F, {0x6C, 1, 0x3E, true, false, 4}},
        {0xC2201B, 0xFFF920E5, 0x6B08EB44, 0x3FFFFFFF, 0x0FFF, {0x6C, 1, 0x3E, true, false, 4}},
        {0xEF4020, 0xFFF920E5, 0x6B08EB44, 0x1FFFFFFF, 0x0E6F, {0, 0, 0, false, false, 4}},
        {0xEF4020, 0xFFF920E5, 0x6B08EB44, 0x1FFFFFFF, 0, {0, 0, 0, false, false, 4}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0] && check_ok; i++) {
        const uint32_t four[2] = {cases[i].four, 0xFFDC5C21};
        struct flash_parameters p;
        printf("# case %zu\n", i);
        tables(16, cases[i].four != 0 ? four : NULL);
        words[12] = cases[i].dword1;
        words[13] = cases[i].dword2;
        words[14] = cases[i].dword3;
        CHECK(sfdp_parse(read_word, NULL, cases[i].id, &p));
        check_quad(&p.quad, cases[i].want);
    }
    struct flash_parameters p;
    tables(14, NULL);  // ends before the quad enable requirements
    CHECK(sfdp_parse(read_word, NULL, ID_W25Q128JV, &p));
    CHECK_EQ(p.quad.enable, FLASH_QER_UNKNOWN);
    CHECK(flash_from_id(ID_W25Q128JV, &p));
    check_quad(&p.quad, (struct flash_quad){.enable = FLASH_QER_UNKNOWN});
}

/* Status registers as the quad enable requirements of the standard describe them. */
struct registers {
    uint8_t status[2];
    uint8_t second;        // reads status register 2, 0: nothing does
    bool deaf;             // takes no write
    uint8_t enabled;       // 06h or 50h
    uint8_t enabled_with;  // that of the write
    unsigned busy, writes, wrong;
};

static uint32_t registers_read(struct registers *r, uint8_t opcode) {
    if (opcode == 0x05) return r->status[0] | (r->busy != 0 && r->busy-- != 0 ? 3u : 0u);
    if (opcode == r->second) return r->status[1];
    return 0xFF;
}

static uint32_t registers_command(void *context, uint8_t opcode, uint32_t out, unsigned writes, unsigned reads) {
    struct registers *r = context;
    if (reads != 0) return registers_read(r, opcode);
    if (opcode == 0x06 || opcode == 0x50) {
        r->enabled = opcode;
        return 0;
    }
    if (r->enabled == 0 || (out & 3u & (opcode == 0x01 ? 3u : 0u)) != 0) r->wrong++;
    r->enabled_with = r->enabled;
    r->enabled = 0;
    r->writes++;
    r->busy = 5;
    if (r->deaf) return 0;
    if (opcode == 0x01) {
        r->status[0] = (uint8_t)out;
        r->status[1] = (uint8_t)(writes == 2 ? out >> 8 : 0);  // the worst side effect that the standard knows
    } else if (opcode == 0x31 || opcode == 0x3E) {
        r->status[1] = (uint8_t)out;
    } else {
        r->wrong++;
    }
    return 0;
}

static void requirements(void) {
    static const struct {
        uint8_t enable, second, before[2], after[2];
        bool deaf, volatile_enable, works;
        unsigned writes;
    } cases[] = {
        {0, 0, {0, 0}, {0, 0}, false, false, true, 0},
        {1, 0x35, {0x9C, 0x40}, {0x9C, 0x42}, false, false, true, 1},
        {2, 0, {0x9C, 0}, {0xDC, 0}, false, false, true, 1},
        {3, 0x3F, {0x9C, 0x04}, {0x9C, 0x84}, false, false, true, 1},
        {4, 0x35, {0x9C, 0x40}, {0x9C, 0x42}, false, true, true, 1},
        {5, 0x35, {0x9C, 0x40}, {0x9C, 0x42}, false, false, true, 1},
        {6, 0x35, {0x9C, 0x40}, {0x9C, 0x42}, false, true, true, 1},
        {7, 0x35, {0x9C, 0x40}, {0x9C, 0x40}, false, false, false, 0},
        // Already set; no register 2 to read; a write without effect.
        {4, 0x35, {0x9C, 0x42}, {0x9C, 0x42}, false, false, true, 0},
        {2, 0, {0x40, 0}, {0x40, 0}, false, false, true, 0},
        {1, 0, {0x9C, 0x40}, {0x9C, 0x40}, false, false, false, 0},
        {2, 0, {0x00, 0}, {0x00, 0}, true, false, false, 1},
        {6, 0x35, {0x00, 0}, {0x00, 0}, true, false, false, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0] && check_ok; i++) {
        struct registers r = {
            .status = {cases[i].before[0], cases[i].before[1]}, .second = cases[i].second, .deaf = cases[i].deaf};
        const struct flash_quad quad = {.enable = cases[i].enable, .volatile_enable = cases[i].volatile_enable};
        printf("# case %zu\n", i);
        CHECK_EQ(quad_enable(&quad, registers_command, &r), cases[i].works);
        CHECK_EQ(r.status[0], cases[i].after[0]);
        CHECK_EQ(r.status[1], cases[i].after[1]);
        CHECK_EQ(r.writes, cases[i].writes);
        CHECK_EQ(r.wrong, 0);
        CHECK_EQ(r.busy, 0);
        if (r.writes != 0) CHECK_EQ(r.enabled_with, cases[i].volatile_enable ? 0x50 : 0x06);
    }
}

/* A chip of the model behind a host that moves its pins. */
struct pins {
    struct nor *nor;
    uint64_t now_ns;
    unsigned reports;
};

static void count_report(void *context, uint64_t now_ns, const char *text) {
    (void)now_ns;
    printf("# flash: %s\n", text);
    ((struct pins *)context)->reports++;
}

static uint8_t move_byte(struct pins *p, uint8_t out) {
    uint8_t in = 0, sd, oe;
    for (int bit = 7; bit >= 0; bit--) {
        uint8_t line = (uint8_t)(0xC | (out >> bit & 1));
        nor_pins(p->nor, p->now_ns += 20, false, false, line, &sd, &oe);
        in = (uint8_t)(in << 1 | ((oe & 2) != 0 ? sd >> 1 & 1 : 1));
        nor_pins(p->nor, p->now_ns += 20, false, true, line, &sd, &oe);
    }
    nor_pins(p->nor, p->now_ns += 20, false, false, 0xC, &sd, &oe);
    return in;
}

static uint32_t pins_command(void *context, uint8_t opcode, uint32_t out, unsigned writes, unsigned reads) {
    struct pins *p = context;
    uint32_t in = 0;
    uint8_t sd, oe;
    (void)move_byte(p, opcode);
    for (unsigned i = 0; i < writes; i++) (void)move_byte(p, (uint8_t)(out >> 8 * i));
    for (unsigned i = 0; i < reads; i++) in |= (uint32_t)move_byte(p, 0) << 8 * i;
    nor_pins(p->nor, p->now_ns += 20, true, false, 0xF, &sd, &oe);
    p->now_ns += 5000;
    return in;
}

static uint32_t pins_sfdp(void *context, uint32_t address) {
    return pins_command(context, 0x5A, (address & 0xFFu) << 16 | (address & 0xFF00u) | address >> 16, 4, 4);
}

static uint32_t id_of(const struct nor_part *part) {
    return (uint32_t)part->jedec[0] << 16 | (uint32_t)part->jedec[1] << 8 | part->jedec[2];
}

/* @return whether the part works by four lines, as @p p says */
static bool identify(const struct nor_part *part, uint8_t *cells, struct flash_parameters *p) {
    struct pins pins = {.nor = nor_new(part, cells), .now_ns = 1000};
    nor_set_report(pins.nor, count_report, &pins);
    CHECK(sfdp_parse(pins_sfdp, &pins, id_of(part), p));
    bool works = p->quad.read_opcode != 0 && quad_enable(&p->quad, pins_command, &pins);
    // A quad instruction that is not enabled would be reported.
    if (works) (void)pins_command(&pins, p->quad.read_opcode, 0, p->address4 ? 4 : 3, 0);
    // Once more: nothing is left to do, and until power-off nothing is kept but where it had to be.
    nor_power_cut(pins.nor, pins.now_ns);
    nor_power_on(pins.nor, pins.now_ns);
    if (works) CHECK(quad_enable(&p->quad, pins_command, &pins));
    // The read ends before its dummy byte: the only report.
    CHECK_EQ(pins.reports, works ? 1 : 0);
    nor_free(pins.nor);
    return works;
}

static void model_parts(void) {
    static const struct {
        const char *name;
        struct flash_quad want;
    } parts[] = {
        {"w25q128jv", {0x6B, 1, 0x32, false, true, 4}}, {"mt25q", {0x6C, 1, 0x3E, true, false, 0}},
        {"mx66l1g45g", {0x6C, 1, 0x3E, true, true, 2}}, {"is25wp256", {0x6C, 1, 0x34, false, true, 2}},
        {"gd25q128", {0x6B, 1, 0x32, false, true, 4}},
    };
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        const struct nor_part *part = nor_part_find(parts[i].name);
        struct nor_part single = *part;
        struct flash_parameters p;
        uint8_t *cells = malloc(part->size);
        printf("# %s\n", part->name);
        CHECK(identify(part, cells, &p));
        check_quad(&p.quad, parts[i].want);
        CHECK_EQ(p.bytes, part->size);
        CHECK(p.erase64.typical_ms * 1000000ull >= part->erase64k.typical_ns);
        CHECK(p.timeout_ms * 1000000ull > part->erase64k.maximum_ns);
        CHECK(p.page_us * 1000ull >= part->page_program.typical_ns);
        single.features = (part->features | NOR_NO_QUAD) &
                          ~(uint32_t)(NOR_QUAD_PP_114 | NOR_QUAD_PP_144 | NOR_QUAD4_PP_114 | NOR_QUAD4_PP_144);
        CHECK(!identify(&single, cells, &p));
        CHECK_EQ(p.quad.program_opcode, 0);
        free(cells);
    }
}

int main(void) {
    TEST("given the tables of a 16 MiB part when they are parsed then instructions and longest erase are its own")
    small();
    TEST("given parts beyond 16 MiB when their tables are parsed then every instruction takes four address bytes")
    large();
    TEST("given cut, odd or absent tables when they are parsed then nothing is guessed") odd();
    TEST("given parts without tables when only the JEDEC ID is known then size and instructions follow from it")
    by_id();
    TEST(
        "given tables with and without reads and programs on four lines when they are parsed then only what is told is "
        "used")
    four_lines();
    TEST(
        "given each of the standard's quad enable requirements when four lines are enabled then the bit is set and "
        "nothing else is changed")
    requirements();
    TEST("given the parts of the NOR model when they are identified and enabled then their quad instructions work")
    model_parts();
    return check_result();
}
