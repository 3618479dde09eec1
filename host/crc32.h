// SPDX-License-Identifier: Apache-2.0
//
// CRC-32 of IEEE 802.3 (reflected EDB88320h, initial and final complement), as DSP0267 table 3 and the journal use it.
#pragma once
#include <stddef.h>
#include <stdint.h>

/** The CRC-32 of @p len bytes; of the nine bytes "123456789" it is CBF43926h. */
uint32_t crc32_of(const uint8_t *data, size_t len);
