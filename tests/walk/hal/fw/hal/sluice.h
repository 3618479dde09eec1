// SPDX-License-Identifier: Apache-2.0
//
// The HAL of the card on the host: stands before fw/hal/sluice.h on the include path and declares the same functions,
// so that the application, the boot ROM and the drivers above the registers are compiled as they are. The registers are
// a struct: card_registers() first carries out what the last access wrote, then brings what can be read up to date.
// Promise: simulated time passes in these functions only, and none of them returns once the card was reset.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sluice_enums.h"
#include "sluice_regs.h"
#include "stream_ram_map.h"

typedef volatile sluice_regs_t hal_regs_t __attribute__((aligned(4)));
typedef volatile stream_ram_map_t hal_stream_map_t __attribute__((aligned(4)));
typedef volatile order_rf__stride40_t hal_order_t __attribute__((aligned(4)));

hal_regs_t *card_registers(void);
uint8_t *card_stream_ram(void);
#define HAL            card_registers()
#define HAL_STREAM_RAM card_stream_ram()
#define HAL_STREAM     ((hal_stream_map_t *)(void *)HAL_STREAM_RAM)

#define HAL_GET(value, NAME) (((value)&SLUICE_REGS__##NAME##_bm) >> SLUICE_REGS__##NAME##_bp)
#define HAL_PUT(value, NAME) (((uint32_t)(value) << SLUICE_REGS__##NAME##_bp) & SLUICE_REGS__##NAME##_bm)

#define HAL_EVENT_RX    SLUICE_REGS__EVENT__RX_bm
#define HAL_EVENT_ORDER SLUICE_REGS__EVENT__ORDER_bm
#define HAL_EVENT_TIMER SLUICE_REGS__EVENT__TIMER_bm

enum hal_reset_cause { HAL_POWER_ON = 0, HAL_RESTART = 1 };

uint32_t hal_wait(void);
void hal_timer(uint32_t ms);
void hal_watchdog(uint32_t ms);
_Noreturn void hal_restart(void);
uint32_t *hal_memory(uint32_t address);
_Noreturn void hal_start(uint32_t address, uint32_t argument);
uint32_t hal_reset_cause(void);
uint32_t hal_now_ms(void);
void hal_board_out(uint32_t pins);
void hal_puts(const char *text);
void hal_put_chars(const uint8_t *text, uint32_t len);
void hal_put_hex(uint32_t value, unsigned digits);
#define HAL_LINKS      3u
#define HAL_MAX_PACKET 255u
uint32_t hal_receive(uint8_t packet[HAL_MAX_PACKET], uint8_t *link);
void hal_send(uint8_t link, const uint8_t *head, size_t head_len, const uint8_t *body, size_t body_len);
bool hal_send_idle(void);
void hal_set_eid(uint8_t eid);

/* main() of fw/boot and of fw/app. */
int boot_main(void);
int application_main(uint32_t slot);
