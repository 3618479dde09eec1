// SPDX-License-Identifier: Apache-2.0
//
// SPI NOR identification and settings.
#include "fw/hal/flash.h"

#define CMD_WAKE 0xABu
#define CMD_ID   0x9Fu
#define CMD_SFDP 0x5Au

#define PATIENCE_MAX_MS 15000u  // the application's watchdog is more patient than the engine

uint32_t flash_command(uint8_t opcode, uint32_t out, unsigned writes, unsigned reads) {
    HAL->FLASH_WDATA = out;
    HAL->FLASH_CMD = HAL_PUT(opcode, FLASH_CMD__OPCODE) | HAL_PUT(writes, FLASH_CMD__WRITES) |
                     HAL_PUT(reads, FLASH_CMD__READS) | SLUICE_REGS__FLASH_CMD__GO_bm;
    while ((HAL->FLASH_CMD & SLUICE_REGS__FLASH_CMD__BUSY_bm) != 0) {
    }
    return HAL->FLASH_RDATA;
}

static uint32_t swap3(uint32_t value) {
    return (value & 0xFFu) << 16 | (value & 0xFF00u) | (value >> 16 & 0xFFu);
}

uint32_t flash_wake(void) {
    (void)flash_command(CMD_WAKE, 0, 0, 0);
    // A reset in the middle of an erase does not end the erase: the flash is deaf until then.
    while ((flash_command(0x05, 0, 0, 1) & 1u) != 0 && HAL_GET(HAL->TIME, TIME__MS) < 8000u) {
    }
    return swap3(flash_command(CMD_ID, 0, 0, 3));
}

/* Three address bytes, most significant first, and the dummy byte. */
static uint32_t read_sfdp(void *context, uint32_t address) {
    (void)context;
    return flash_command(CMD_SFDP, swap3(address), 4, 4);
}

bool flash_init(uint32_t id, struct flash_parameters *out) {
    if (!sfdp_parse(read_sfdp, 0, out) && !flash_from_id(id, out)) return false;
    HAL->FLASH_CONFIG = HAL_PUT(out->read_opcode, FLASH_CONFIG__READ_OPCODE) | HAL_PUT(1, FLASH_CONFIG__READ_DUMMY) |
                        HAL_PUT(out->program_opcode, FLASH_CONFIG__PROGRAM_OPCODE) |
                        HAL_PUT(out->address4 ? 1 : 0, FLASH_CONFIG__ADDRESS4);
    HAL->FLASH_ERASE = HAL_PUT(out->erase4_opcode, FLASH_ERASE__ERASE4_OPCODE) |
                       HAL_PUT(out->erase32_opcode, FLASH_ERASE__ERASE32_OPCODE) |
                       HAL_PUT(out->erase64_opcode, FLASH_ERASE__ERASE64_OPCODE);
    HAL->FLASH_TIMEOUT =
        HAL_PUT(out->timeout_ms < PATIENCE_MAX_MS ? out->timeout_ms : PATIENCE_MAX_MS, FLASH_TIMEOUT__TIMEOUT_MS);
    return true;
}
