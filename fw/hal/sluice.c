// SPDX-License-Identifier: Apache-2.0
//
// System services, console and packet FIFOs.
#include "fw/hal/sluice.h"

_Noreturn void hal_restart(void) {
    HAL->RESET = SLUICE_REGS__RESET__RESTART_bm;
    for (;;) {  // a few cycles until the reset takes hold
    }
}

uint32_t hal_now_ms(void) {
    static uint32_t now;
    // TIME has 24 bits: add what passed since the last call.
    now += (HAL_GET(HAL->TIME, TIME__MS) - now) & (SLUICE_REGS__TIME__MS_bm >> SLUICE_REGS__TIME__MS_bp);
    return now;
}

static void put_char(uint8_t c) {
    HAL->CONSOLE = c;
}

void hal_put_chars(const uint8_t *text, uint32_t len) {
    for (; len != 0; len--) put_char(*text++);
}

void hal_puts(const char *text) {
    while (*text != 0) put_char((uint8_t)*text++);
}

void hal_put_hex(uint32_t value, unsigned digits) {
    while (digits-- != 0) put_char((uint8_t) "0123456789abcdef"[value >> 4u * digits & 15u]);
}

uint32_t hal_receive(uint8_t packet[HAL_MAX_PACKET], uint8_t *link) {
    uint32_t status = HAL->RX_STATUS, len = HAL_GET(status, RX_STATUS__LENGTH);
    if (len != 0) *link = (uint8_t)HAL_GET(status, RX_STATUS__LINK);
    for (uint32_t i = 0; i < len; i++) packet[i] = (uint8_t)HAL->RX_DATA;
    return len;
}

static void send_bytes(uint32_t flags, const uint8_t *bytes, uint32_t len, bool last) {
    for (uint32_t i = 0; i < len; i++)
        HAL->TX_DATA = flags | bytes[i] | (last && i + 1u == len ? SLUICE_REGS__TX_DATA__LAST_bm : 0u);
}

void hal_send(uint8_t link, const uint8_t *head, uint32_t head_len, const uint8_t *body, uint32_t body_len) {
    const uint32_t flags = HAL_PUT(link, TX_DATA__LINK);
    while ((HAL->TX_STATUS & SLUICE_REGS__TX_STATUS__READY_bm) == 0) {
    }
    send_bytes(flags, head, head_len, body_len == 0);
    send_bytes(flags, body, body_len, true);
}
