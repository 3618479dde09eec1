// SPDX-License-Identifier: Apache-2.0
//
// The chips that the model knows. Page and erase times are typical and maximum figures of each part's SFDP; the chip
// erase takes as long as its 64 KiB blocks one after the other. The GD25Q128's maxima are an assumption, eight times
// typical, which is the middle of what the other parts have.
#include <string.h>

#include "sim/nor.h"

#define US(n)  ((uint64_t)(n)*1000u)
#define MS(n)  ((uint64_t)(n)*1000000u)
#define MIB(n) ((uint32_t)(n) << 20)

/* Chip erase: n 64 KiB blocks of typical and maximum milliseconds. */
#define BLOCKS(n, typical, maximum) \
    { MS((n) * (typical)), MS((n) * (maximum)) }

static const struct nor_part parts[] = {
    {
        .name = "w25q128jv",
        .maker = "Winbond",
        .jedec = {0xEF, 0x40, 0x18},
        .device_id = 0x17,
        .size = MIB(16),
        .features = NOR_QUAD_PP_114,
        .quad_enable = NOR_QE_SR2_BIT1,
        .page_program = {US(704), US(4224)},
        .erase4k = {MS(64), MS(896)},
        .erase32k = {MS(128), MS(1792)},
        .erase64k = {MS(160), MS(2240)},
        .erase_chip = BLOCKS(256, 160, 2240),
        .status_write = {MS(10), MS(15)},
        .wake_ns = US(3),
        .reset_ns = US(30),
    },
    {
        .name = "mt25q",
        .maker = "Micron",
        .jedec = {0x20, 0xBA, 0x21},
        .device_id = 0x21,
        .size = MIB(128),
        .features = NOR_QUAD_PP_114 | NOR_QUAD_PP_144 | NOR_ADDR4 | NOR_QUAD4_PP_114 | NOR_QUAD4_PP_144 |
                    NOR_FLAG_STATUS | NOR_DIE_ERASE,
        .quad_enable = NOR_QE_NONE,
        .page_program = {US(120), US(2880)},
        .erase4k = {MS(48), MS(480)},
        .erase32k = {MS(112), MS(1120)},
        .erase64k = {MS(160), MS(1600)},
        .erase_chip = BLOCKS(2048, 160, 1600),
        .status_write = {US(1300), MS(8)},
        .wake_ns = US(30),
        .reset_ns = US(30),
    },
    {
        .name = "mx66l1g45g",
        .maker = "Macronix",
        .jedec = {0xC2, 0x20, 0x1B},
        .device_id = 0x1A,
        .size = MIB(128),
        .features = NOR_QUAD_PP_144 | NOR_ADDR4 | NOR_QUAD4_PP_144,
        .quad_enable = NOR_QE_SR1_BIT6,
        .page_program = {US(256), US(3072)},
        .erase4k = {MS(30), MS(420)},
        .erase32k = {MS(160), MS(2240)},
        .erase64k = {MS(288), MS(4032)},
        .erase_chip = BLOCKS(2048, 288, 4032),
        .status_write = {MS(10), MS(40)},
        .wake_ns = US(30),
        .reset_ns = US(40),
    },
    {
        .name = "is25wp256",
        .maker = "ISSI",
        .jedec = {0x9D, 0x70, 0x19},
        .device_id = 0x18,
        .size = MIB(32),
        .features = NOR_QUAD_PP_114 | NOR_ADDR4 | NOR_QUAD4_PP_114 | NOR_EXIT4_29,
        .quad_enable = NOR_QE_SR1_BIT6,
        .page_program = {US(200), US(1200)},
        .erase4k = {MS(48), MS(384)},
        .erase32k = {MS(160), MS(1280)},
        .erase64k = {MS(304), MS(2432)},
        .erase_chip = BLOCKS(512, 304, 2432),
        .status_write = {MS(2), MS(15)},
        .wake_ns = US(5),
        .reset_ns = US(35),
    },
    {
        .name = "gd25q128",
        .maker = "GigaDevice",
        .jedec = {0xC8, 0x40, 0x18},
        .device_id = 0x17,
        .size = MIB(16),
        .features = NOR_QUAD_PP_114,
        .quad_enable = NOR_QE_SR2_BIT1,
        .page_program = {US(500), US(4000)},
        .erase4k = {MS(45), MS(360)},
        .erase32k = {MS(150), MS(1200)},
        .erase64k = {MS(250), MS(2000)},
        .erase_chip = BLOCKS(256, 250, 2000),
        .status_write = {MS(5), MS(30)},
        .wake_ns = US(20),
        .reset_ns = US(30),
    },
};

const struct nor_part *nor_part_at(size_t index) {
    return index < sizeof parts / sizeof parts[0] ? &parts[index] : NULL;
}

const struct nor_part *nor_part_find(const char *name) {
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (strcmp(parts[i].name, name) == 0) return &parts[i];
    }
    return NULL;
}
