// SPDX-License-Identifier: Apache-2.0
//
// Which flash maps a card accepts.
#include "fw/update/sound.h"

#include "tests/check.h"

static const uint32_t journal[2] = {0x20000, 0x21000};
static const struct board_component good[2] = {
    {.slot_size = 0x40000, .slot = {0x100000, 0x140000}, .golden = 0x40000},
    {.slot_size = 0x100000, .slot = {0x200000, 0x300000}},
};

int main(void) {
    static const struct {
        const char *name;
        uint8_t component;
        struct board_component is;
        bool sound;
    } cases[] = {
        {"given ranges that touch when the map is judged then it is sound",
         1,
         {.slot_size = 0x1E000, .slot = {0x180000, 0x22000}},
         true},
        {"given a single slot when the map is judged then it is sound",
         1,
         {.slot_size = 0x100000, .slot = {0x200000, BOARD_NO_SLOT}},
         true},
        {"given no golden image when the map is judged then it is sound",
         0,
         {.slot_size = 0x40000, .slot = {0x100000, 0x140000}},
         true},
        {"given a slot that ends with the addresses when the map is judged then it is sound",
         1,
         {.slot_size = 0x100000, .slot = {0x200000, 0xFFF00000}},
         true},
        {"given two slots of a component that overlap when the map is judged then it is not sound",
         1,
         {.slot_size = 0x100000, .slot = {0x200000, 0x2FF000}},
         false},
        {"given one slot twice when the map is judged then it is not sound",
         1,
         {.slot_size = 0x100000, .slot = {0x200000, 0x200000}},
         false},
        {"given a slot within another component's when the map is judged then it is not sound",
         1,
         {.slot_size = 0x1000, .slot = {0x141000, 0x300000}},
         false},
        {"given a slot over the golden image when the map is judged then it is not sound",
         1,
         {.slot_size = 0x100000, .slot = {0x7F000, 0x300000}},
         false},
        {"given a slot over the journal when the map is judged then it is not sound",
         1,
         {.slot_size = 0x2000, .slot = {0x21000, 0x300000}},
         false},
        {"given a slot that is not whole sectors when the map is judged then it is not sound",
         1,
         {.slot_size = 0x100800, .slot = {0x200000, 0x400000}},
         false},
        {"given a slot that begins within a sector when the map is judged then it is not sound",
         1,
         {.slot_size = 0x1000, .slot = {0x200100, 0x400000}},
         false},
        {"given a slot beyond all addresses when the map is judged then it is not sound",
         1,
         {.slot_size = 0x100000, .slot = {0x200000, 0xFFF01000}},
         false},
        {"given a slot of nothing when the map is judged then it is not sound",
         1,
         {.slot_size = 0, .slot = {0x200000, 0x300000}},
         false},
        {"given a golden image of a component that is not the firmware when the map is judged then it is not sound",
         1,
         {.slot_size = 0x100000, .slot = {0x200000, 0x300000}, .golden = 0x400000},
         false},
        {"given a golden image that is a slot when the map is judged then it is not sound",
         0,
         {.slot_size = 0x40000, .slot = {0x100000, 0x140000}, .golden = 0x140000},
         false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        TEST(cases[i].name) {
            struct board_component map[2] = {good[0], good[1]};
            map[cases[i].component] = cases[i].is;
            CHECK_EQ(board_sound(map, 2, journal), cases[i].sound);
        }
    }
    TEST("given the journal's sectors at one place when the map is judged then it is not sound") {
        CHECK(board_sound(good, 2, journal));
        CHECK(!board_sound(good, 2, (const uint32_t[]){0x20000, 0x20000}));
    }
    return check_result();
}
