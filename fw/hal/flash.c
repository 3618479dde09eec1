// SPDX-License-Identifier: Apache-2.0
//
// SPI NOR identification and settings.
#include "fw/hal/flash.h"

#include "fw/hal/quad.h"

#define CMD_WAKE   0xABu
#define CMD_STATUS 0x05u
#define CMD_ID     0x9Fu
#define CMD_SFDP   0x5Au

#define BUSY            1u
#define ABSENT          0xFFu  // status with every bit set: nothing drives the line
#define ERASE_MAX_MS    8000u
#define ABSENT_MS       3u
#define PATIENCE_MAX_MS 15000u  // the application's watchdog is more patient than the engine

uint32_t flash_command(unsigned chip, uint8_t opcode, uint32_t out, unsigned writes, unsigned reads) {
    HAL->FLASH_WDATA = out;
    HAL->FLASH_CMD = HAL_PUT(opcode, FLASH_CMD__OPCODE) | HAL_PUT(writes, FLASH_CMD__WRITES) |
                     HAL_PUT(reads, FLASH_CMD__READS) | HAL_PUT(chip, FLASH_CMD__CHIP) | SLUICE_REGS__FLASH_CMD__GO_bm;
    while ((HAL->FLASH_CMD & SLUICE_REGS__FLASH_CMD__BUSY_bm) != 0) {
    }
    return HAL->FLASH_RDATA;
}

static uint32_t swap3(uint32_t value) {
    return (value & 0xFFu) << 16 | (value & 0xFF00u) | (value >> 16 & 0xFFu);
}

uint32_t flash_wake(unsigned chip) {
    uint32_t start = HAL_GET(HAL->TIME, TIME__MS), status, limit;
    (void)flash_command(chip, CMD_WAKE, 0, 0, 0);
    // A reset in the middle of an erase does not end the erase: the flash is deaf until then.
    do {
        status = flash_command(chip, CMD_STATUS, 0, 0, 1);
        limit = status == ABSENT ? ABSENT_MS : ERASE_MAX_MS;
    } while ((status & BUSY) != 0 && HAL_GET(HAL->TIME, TIME__MS) - start < limit);
    return swap3(flash_command(chip, CMD_ID, 0, 0, 3));
}

static unsigned chip_of(const void *context) {
    return *(const unsigned *)context;
}

/* Three address bytes, most significant first, and the dummy byte. */
static uint32_t read_sfdp(void *context, uint32_t address) {
    return flash_command(chip_of(context), CMD_SFDP, swap3(address), 4, 4);
}

static uint32_t quad_command(void *context, uint8_t opcode, uint32_t out, unsigned writes, unsigned reads) {
    return flash_command(chip_of(context), opcode, out, writes, reads);
}

/* How many chips there are of the kind of the first one, one after the other. */
static uint8_t same_chips(uint32_t id) {
    uint32_t built = HAL_GET(HAL->FLASH_CMD, FLASH_CMD__CHIPS);
    uint8_t chips = 1;
    while (chips < built && flash_wake(chips) == id) chips++;
    return chips;
}

/* Four lines when the build, the part and each chip of it can. */
static bool use_quad(const struct flash_parameters *p) {
    bool on = (HAL->FLASH_CMD & SLUICE_REGS__FLASH_CMD__QUAD_bm) != 0 &&
              (p->quad.read_opcode != 0 || p->quad.program_opcode != 0);
    for (unsigned chip = 0; on && chip < p->chips; chip++) on = quad_enable(&p->quad, quad_command, &chip);
    return on;
}

/* What the engine is told to read and to program by. */
static void configure(const struct flash_parameters *p, bool quad) {
    bool read4 = quad && p->quad.read_opcode != 0, program4 = quad && p->quad.program_opcode != 0;
    HAL->FLASH_CONFIG = HAL_PUT(read4 ? p->quad.read_opcode : p->read_opcode, FLASH_CONFIG__READ_OPCODE) |
                        HAL_PUT(read4 ? p->quad.read_dummy : 1u, FLASH_CONFIG__READ_DUMMY) |
                        HAL_PUT(read4, FLASH_CONFIG__READ_QUAD) | HAL_PUT(program4, FLASH_CONFIG__PROGRAM_QUAD) |
                        HAL_PUT(program4 && p->quad.program_address, FLASH_CONFIG__PROGRAM_QUAD_ADDR) |
                        HAL_PUT(program4 ? p->quad.program_opcode : p->program_opcode, FLASH_CONFIG__PROGRAM_OPCODE) |
                        HAL_PUT(p->address4, FLASH_CONFIG__ADDRESS4);
    HAL->FLASH_ERASE = HAL_PUT(p->erase4.opcode, FLASH_ERASE__ERASE4_OPCODE) |
                       HAL_PUT(p->erase32.opcode, FLASH_ERASE__ERASE32_OPCODE) |
                       HAL_PUT(p->erase64.opcode, FLASH_ERASE__ERASE64_OPCODE);
    HAL->FLASH_TIMEOUT =
        HAL_PUT(p->timeout_ms < PATIENCE_MAX_MS ? p->timeout_ms : PATIENCE_MAX_MS, FLASH_TIMEOUT__TIMEOUT_MS);
}

bool flash_init(uint32_t id, struct flash_parameters *out) {
    unsigned first = 0;
    if (!sfdp_parse(read_sfdp, &first, id, out) && !flash_from_id(id, out)) return false;
    out->chips = same_chips(id);
    out->quad_used = use_quad(out);
    configure(out, out->quad_used);
    return true;
}

bool flash_holds(const struct flash_parameters *flash, uint32_t address, uint32_t size) {
    uint32_t offset = flash->chips > 1 ? address % FLASH_CHIP_SPAN : address;
    uint32_t chip = flash->chips > 1 ? address / FLASH_CHIP_SPAN : 0;
    return chip < flash->chips && offset < flash->bytes && size <= flash->bytes - offset;
}
