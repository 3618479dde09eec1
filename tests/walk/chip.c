// SPDX-License-Identifier: Apache-2.0
//
// See chip.h.
#include "tests/walk/chip.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/nor_internal.h"
#include "tests/walk/images.h"

enum { READ_STATUS = 0x05, RELEASE_POWER_DOWN = 0xAB, READ_JEDEC = 0x9F, READ_SFDP = 0x5A };

static void violated(struct chip *chip, const char *what, uint32_t address) {
    if (chip->violation[0] == '\0') snprintf(chip->violation, sizeof chip->violation, "%s at 0x%06x", what, address);
}

static void report(void *ctx, uint64_t now_ns, const char *text) {
    struct chip *chip = ctx;
    (void)now_ns;
    if (chip->violation[0] == '\0') snprintf(chip->violation, sizeof chip->violation, "flash: %.140s", text);
}

void chip_init(struct chip *chip, const struct nor_part *part, uint8_t *array) {
    memset(chip, 0, sizeof *chip);
    chip->array = array;
    chip->size = part->size;
    chip->nor = nor_new(part, array);
    if (chip->nor == NULL) abort();
    nor_set_report(chip->nor, report, chip);
}

void chip_free(struct chip *chip) {
    nor_free(chip->nor);
}

uint32_t chip_command(struct chip *chip, uint64_t now_ns, uint8_t opcode, uint32_t out, unsigned writes,
                      unsigned reads) {
    const struct nor *nor = chip->nor;
    uint32_t in = 0;
    nor_settle(chip->nor, now_ns);
    if (opcode == READ_STATUS) return nor_is_busy(nor, now_ns);
    if (nor_is_busy(nor, now_ns)) return opcode == RELEASE_POWER_DOWN ? 0 : UINT32_MAX;
    const uint32_t address = writes < 3 ? 0 : (out & 0xFFu) << 16 | (out & 0xFF00u) | (out >> 16 & 0xFFu);
    for (unsigned i = 0; i < reads; i++) {
        uint32_t byte = 0xFF;
        if (opcode == READ_JEDEC && i < 3) byte = nor->part->jedec[i];
        if (opcode == READ_SFDP && address + i < sizeof nor->sfdp) byte = nor->sfdp[address + i];
        in |= byte << 8 * i;
    }
    return in;
}

static bool inside(uint32_t base, uint32_t size, uint32_t address, uint32_t len) {
    return address >= base && address - base < size && len <= size - (address - base);
}

/* A component that is activated automatically runs from the slot that the journal names, others from the one that it
 * named at the start. */
uint8_t chip_running(const struct chip *chip, unsigned component) {
    const bool automatic = (board_components[component].activation_methods & PLDM_ACTIVATION_AUTOMATIC) != 0;
    const struct journal journal = images_journal(chip->array);
    return automatic ? journal_active(&journal.entry[component]) : chip->running[component];
}

/* Whether these bytes may be written now. */
static void guard(struct chip *chip, uint32_t address, uint32_t len) {
    for (unsigned i = 0; i < 2; i++)
        if (inside(board_journal[i], NOR_SECTOR, address, len)) return;
    for (unsigned c = 0; c < board_component_count; c++) {
        const struct board_component *board = &board_components[c];
        for (unsigned s = 0; s < BOARD_SLOTS; s++) {
            if (!inside(board->slot[s], board->slot_size, address, len)) continue;
            if (!chip->running_known || chip_running(chip, c) == s)
                violated(chip, "the running slot is written", address);
            return;
        }
    }
    violated(chip, "neither slot nor journal is written", address);
}

/* What the pins would have brought about up to the operation itself. @return false: there is no such instruction */
static bool instruct(struct chip *chip, uint64_t now_ns, uint8_t opcode, enum nor_action action, uint32_t address) {
    struct nor *nor = chip->nor;
    nor_settle(nor, now_ns);
    nor->instruction = nor->decode[opcode];
    if (nor->instruction == NULL || nor->instruction->action != action || nor_is_busy(nor, now_ns)) {
        violated(chip, "not an instruction that the flash takes now", address);
        return false;
    }
    if (address >= chip->size) {
        violated(chip, "beyond the flash", address);
        return false;
    }
    nor->write_enabled = true;
    nor->address = address;
    return true;
}

uint64_t chip_erase(struct chip *chip, uint64_t now_ns, uint8_t opcode, uint32_t address) {
    if (!instruct(chip, now_ns, opcode, DO_ERASE, address)) return now_ns;
    nor_start_erase(chip->nor, now_ns);
    guard(chip, chip->nor->op.address, chip->nor->op.length);
    return nor_busy_until(chip->nor);
}

uint64_t chip_program(struct chip *chip, uint64_t now_ns, uint8_t opcode, uint32_t address, const uint8_t *data,
                      uint32_t len) {
    if (!instruct(chip, now_ns, opcode, DO_PROGRAM, address)) return now_ns;
    guard(chip, address, len);
    chip->nor->count = len;
    for (uint32_t i = 0; i < len; i++) chip->nor->page[(address + i) % NOR_PAGE] = data[i];
    nor_start_program(chip->nor, now_ns);
    return nor_busy_until(chip->nor);
}

void chip_read(struct chip *chip, uint64_t now_ns, uint32_t address, uint8_t *out, uint32_t len) {
    nor_settle(chip->nor, now_ns);
    memset(out, 0xFF, len);
    if (nor_is_busy(chip->nor, now_ns)) violated(chip, "a read while the flash is busy", address);
    if (address >= chip->size || len > chip->size - address) {
        violated(chip, "a read beyond the flash", address);
    } else if (chip->nor->unstable_count == 0) {
        memcpy(out, chip->array + address, len);
    } else {
        for (uint32_t i = 0; i < len; i++) out[i] = nor_read_cell(chip->nor, address + i);
    }
}
