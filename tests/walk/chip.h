// SPDX-License-Identifier: Apache-2.0
//
// The card's flash: the NOR model of sim/ with its times, errors and torn operations, used by whole transactions
// instead of pins. It sees to it that nothing is written but journal sectors and slots that do not run.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fw/board/board.h"
#include "fw/update/journal.h"
#include "sim/nor.h"

enum { CHIP_COMPONENTS = JOURNAL_COMPONENTS, CHIP_TEXT = 160 };

struct chip {
    struct nor *nor;
    uint8_t *array;
    uint32_t size;
    bool running_known;
    uint8_t running[CHIP_COMPONENTS];  // slot of each component since the start
    char violation[CHIP_TEXT];         // the first thing that must not happen; empty: none did
};

/** A powered chip of @p part around @p array. */
void chip_init(struct chip *chip, const struct nor_part *part, uint8_t *array);
void chip_free(struct chip *chip);

/** The slot of a component that must not be written: the one that runs. */
uint8_t chip_running(const struct chip *chip, unsigned component);

/** A short transaction of the processor, as FLASH_CMD makes it. @return the bytes read, the first one lowest */
uint32_t chip_command(struct chip *chip, uint64_t now_ns, uint8_t opcode, uint32_t out, unsigned writes,
                      unsigned reads);

/** Starts an operation of instruction @p opcode behind a write enable. @return when the chip will be ready */
uint64_t chip_erase(struct chip *chip, uint64_t now_ns, uint8_t opcode, uint32_t address);
uint64_t chip_program(struct chip *chip, uint64_t now_ns, uint8_t opcode, uint32_t address, const uint8_t *data,
                      uint32_t len);
void chip_read(struct chip *chip, uint64_t now_ns, uint32_t address, uint8_t *out, uint32_t len);
