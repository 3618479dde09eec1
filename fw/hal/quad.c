// SPDX-License-Identifier: Apache-2.0
//
// The Quad Enable Requirements of JESD216 (basic table, dword 15) as a table of registers and bits.
#include "fw/hal/quad.h"

#define READ_STATUS     0x05u
#define WRITE_STATUS    0x01u
#define WRITE_ENABLE    0x06u
#define VOLATILE_ENABLE 0x50u
#define BUSY            1u
#define KEPT            0xFCu     // of status register 1: WIP and WEL are no settings
#define UNREADABLE      0xFFu     // nothing drives the line: there is no such register
#define PATIENCE        1000000u  // polls of a few microseconds: above every part's 40 ms

struct requirement {
    uint8_t read, write;  // instructions; write 0: nothing to do, or nothing known
    uint8_t bit;
    bool both;  // status register 1 is written along, first
};

static const struct requirement requirements[8] = {
    [1] = {.read = 0x35, .write = WRITE_STATUS, .bit = 0x02, .both = true},
    [2] = {.read = READ_STATUS, .write = WRITE_STATUS, .bit = 0x40},
    [3] = {.read = 0x3F, .write = 0x3E, .bit = 0x80},
    [4] = {.read = 0x35, .write = WRITE_STATUS, .bit = 0x02, .both = true},
    [5] = {.read = 0x35, .write = WRITE_STATUS, .bit = 0x02, .both = true},
    [6] = {.read = 0x35, .write = 0x31, .bit = 0x02},
};

bool quad_enable(const struct flash_quad *quad, quad_command_fn *command, void *context) {
    if (quad->enable == FLASH_QER_NONE) return true;
    const struct requirement *r = &requirements[quad->enable & 7u];
    if (r->write == 0) return false;
    uint32_t value = command(context, r->read, 0, 0, 1);
    if (value == UNREADABLE) return false;
    if ((value & r->bit) != 0) return true;
    value |= r->bit;
    if (r->read == READ_STATUS) value &= KEPT;
    if (r->both) value = value << 8 | (command(context, READ_STATUS, 0, 0, 1) & KEPT);
    (void)command(context, quad->volatile_enable ? VOLATILE_ENABLE : WRITE_ENABLE, 0, 0, 0);
    (void)command(context, r->write, value, r->both ? 2 : 1, 0);
    for (uint32_t polls = 0; polls < PATIENCE && (command(context, READ_STATUS, 0, 0, 1) & BUSY) != 0; polls++) {
    }
    value = command(context, r->read, 0, 0, 1);
    return value != UNREADABLE && (value & r->bit) != 0;
}
