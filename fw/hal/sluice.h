// SPDX-License-Identifier: Apache-2.0
//
// The peripheral registers (rtl/regs/sluice.rdl) behind small functions: system services, board pins, console, MCTP
// FIFOs. No interrupts and no CSR: hal_wait() blocks on the EVENT register and the processor executes nothing
// meanwhile.
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "sluice_enums.h"
#include "sluice_regs.h"
#include "stream_ram_map.h"

#define HAL_STREAM_RAM 0x20000000u
#define HAL_REGS       0x40000000u

// The generated structs are packed; saying that they lie on a word border makes each access one word.
typedef volatile sluice_regs_t hal_regs_t __attribute__((aligned(4)));
typedef volatile stream_ram_map_t hal_stream_map_t __attribute__((aligned(4)));
typedef volatile order_rf__stride40_t hal_order_t __attribute__((aligned(4)));
#define HAL        ((hal_regs_t *)HAL_REGS)
#define HAL_STREAM ((hal_stream_map_t *)HAL_STREAM_RAM)

/** A field of a register value, and a value put in a field's place. NAME as in sluice_regs.h. */
#define HAL_GET(value, NAME) (((value)&SLUICE_REGS__##NAME##_bm) >> SLUICE_REGS__##NAME##_bp)
#define HAL_PUT(value, NAME) (((uint32_t)(value) << SLUICE_REGS__##NAME##_bp) & SLUICE_REGS__##NAME##_bm)

#define HAL_EVENT_RX    SLUICE_REGS__EVENT__RX_bm
#define HAL_EVENT_ORDER SLUICE_REGS__EVENT__ORDER_bm
#define HAL_EVENT_TIMER SLUICE_REGS__EVENT__TIMER_bm

/** Blocks until an event is pending. @return HAL_EVENT_ bits */
static inline uint32_t hal_wait(void) {
    return HAL->EVENT;
}

/** Starts the countdown of HAL_EVENT_TIMER, @p ms 1..65535, or stops it (0). */
static inline void hal_timer(uint32_t ms) {
    HAL->TIMER = ms;
}

/** The system resets unless this is called again within @p ms, 1..65535. */
static inline void hal_watchdog(uint32_t ms) {
    HAL->WATCHDOG = ms;
}

/** Restarts from the boot ROM; does not return. */
_Noreturn void hal_restart(void);

/** The processor's memory at @p address. */
static inline uint32_t *hal_memory(uint32_t address) {
    return (uint32_t *)(uintptr_t)address;
}

/** Calls the program at @p address with its one argument. */
static inline void hal_start(uint32_t address, uint32_t argument) {
    ((void (*)(uint32_t))(uintptr_t)address)(argument);
}

/** Why the last reset happened (RESET.cause). */
enum hal_reset_cause { HAL_POWER_ON = 0, HAL_RESTART = 1 };
static inline uint32_t hal_reset_cause(void) {
    return HAL_GET(HAL->RESET, RESET__CAUSE);
}

/** Milliseconds since reset, 32 bits wide: to be called at least once in 4 hours. */
uint32_t hal_now_ms(void);

/** Eight outputs to the board. */
static inline void hal_board_out(uint32_t pins) {
    HAL->BOARD = HAL_PUT(pins, BOARD__OUT);
}

// ---- console: waits for the outside to take each character ----------------------------------------------------------
void hal_puts(const char *text);
void hal_put_chars(const uint8_t *text, uint32_t len);
/** @p digits hexadecimal digits, 1..8. */
void hal_put_hex(uint32_t value, unsigned digits);

// ---- MCTP packet FIFOs ----------------------------------------------------------------------------------------------
#define HAL_LINKS      3u    // numbers 0..2, whichever of them are there
#define HAL_MAX_PACKET 255u  // no link has longer ones

/** Takes the received packet at the head, MCTP header first, of at most HAL_MAX_PACKET bytes. @param link by which it
 * came, when there is one @return its length, 0 when none waits */
uint32_t hal_receive(uint8_t packet[HAL_MAX_PACKET], uint8_t *link);
/** Queues one packet given in two pieces for @p link; waits until there is room. */
void hal_send(uint8_t link, const uint8_t *head, uint32_t head_len, const uint8_t *body, uint32_t body_len);
/** Whether everything that was queued has left the wire. */
static inline bool hal_send_idle(void) {
    return (HAL->TX_STATUS & SLUICE_REGS__TX_STATUS__IDLE_bm) != 0;
}
/** Own EID; 0 takes packets to EID 0 only. */
static inline void hal_set_eid(uint8_t eid) {
    HAL->MCTP_EID = eid;
}
