// SPDX-License-Identifier: Apache-2.0
//
// The flash without the engine: blocks through the processor's flash port (FLASH_CMD), four bytes a command to read and
// one to program. One chip, three address bytes.
#pragma once
#include <stdbool.h>
#include <stdint.h>

/** Reads @p len bytes, a multiple of 4. */
void software_flash_read(uint32_t address, uint8_t *out, uint32_t len);

/** Erases the 4 KiB at @p address first if @p erase, programs @p len bytes, a multiple of 4, and reads them back. FFh
 * is what an erased byte reads as already.
 * @return whether they read back as they should */
bool software_flash_write(uint32_t address, const uint8_t *bytes, uint32_t len, bool erase);
