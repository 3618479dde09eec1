// SPDX-License-Identifier: Apache-2.0
//
// What the processor of the system under test does, out of the boot ROM: the scenario whose number is on the board
// pins. It judges nothing. It prints "name hexadecimal" lines on the console and "end" at last; tests/rtl/soc.cpp
// and soc_port.cpp compare. All code and constants fit the 4 KiB ROM, and nothing is initialised: there is only a
// stack.
#include <stddef.h>
#include <stdint.h>

#include "sluice_regs.h"
#include "tests/rtl/soc/scenario.h"

#define REGS        ((volatile sluice_regs_t *)0x40000000)
#define EVENT_RX    1u
#define EVENT_ORDER 2u
#define EVENT_TIMER 4u

void program(void);

static void put(char c) {
    REGS->CONSOLE = (uint8_t)c;
}

static void print(const char *name, uint32_t value) {
    while (*name) put(*name++);
    put(' ');
    for (int shift = 28; shift >= 0; shift -= 4) put("0123456789abcdef"[value >> shift & 15]);
    put('\n');
}

static void memory(uint32_t base, uint32_t bytes) {
    volatile uint32_t *w = (volatile uint32_t *)base;
    volatile uint16_t *h = (volatile uint16_t *)base;
    volatile uint8_t *b = (volatile uint8_t *)base;
    w[0] = 0x11223344;
    w[1] = 0x8899aabb;
    print("word", w[0]);
    b[1] = 0xfe;
    print("byte", w[0]);
    h[3] = 0xcdef;
    print("half", w[1]);
    print("lb", (uint32_t)(int32_t) * (volatile int8_t *)&b[1]);
    print("lbu", b[1]);
    print("lh", (uint32_t)(int32_t) * (volatile int16_t *)&h[3]);
    print("lhu", h[2]);
    // Each word below the stack holds its own address, written before any of them is read.
    uint32_t words = bytes / 4, wrong = 0;
    for (uint32_t i = 0; i < words; i += 31) w[i] = base + 4 * i;
    for (uint32_t i = 0; i < words; i += 31) wrong += w[i] != base + 4 * i;
    print("wrong", wrong);
}

static void registers(void) {
    print("id", REGS->ID);
    print("config", REGS->CONFIG);
    print("reset", REGS->RESET);
    print("event_now", REGS->EVENT_NOW);
    print("timer", REGS->TIMER);
    print("watchdog", REGS->WATCHDOG);
    print("console", REGS->CONSOLE);
    REGS->BOARD = 0xa5;
    print("board", REGS->BOARD);
    print("eid", REGS->MCTP_EID);
    REGS->MCTP_EID = 0x1234567f;
    print("eid_set", REGS->MCTP_EID);
    print("rx_status", REGS->RX_STATUS);
    while (!(REGS->TX_STATUS & SLUICE_REGS__TX_STATUS__IDLE_bm)) continue;  // the wake-up sequence
    print("tx_status", REGS->TX_STATUS);
    print("order_status", REGS->ORDER_STATUS);
    REGS->REQUEST = ~0u;
    print("request", REGS->REQUEST);
    print("request_delay", REGS->REQUEST_DELAY);
    print("flash_cmd",
          REGS->FLASH_CMD & ~(uint32_t)(SLUICE_REGS__FLASH_CMD__QUAD_bm | SLUICE_REGS__FLASH_CMD__CHIPS_bm));
    print("flash_chips", (REGS->FLASH_CMD & SLUICE_REGS__FLASH_CMD__CHIPS_bm) >> SLUICE_REGS__FLASH_CMD__CHIPS_bp);
    print("flash_config", REGS->FLASH_CONFIG);
    print("flash_erase", REGS->FLASH_ERASE);
    print("count_requests", REGS->COUNT_REQUESTS);
    print("count_flash_idle", REGS->COUNT_FLASH_IDLE);
    volatile uint32_t *rom = (volatile uint32_t *)(uintptr_t)program;
    uint32_t word = *rom;
    *rom = ~word;
    print("rom_kept", *rom == word);
}

static void delay(uint32_t n) {
    while (n--) __asm__ volatile("");
}

static void timer(void) {
    for (uint32_t n = 1; n <= 4; n++) {
        delay(37 * n);  // another phase of the millisecond
        uint32_t before = REGS->TIME;
        REGS->TIMER = n;
        uint32_t event = REGS->EVENT;
        print("event", event);
        print("took", REGS->TIME - before);
        print("still", REGS->EVENT_NOW);
        REGS->TIMER = 0;
        print("cleared", REGS->EVENT_NOW);
    }
    REGS->TIMER = 1;
    REGS->TIMER = 0;
    uint32_t before = REGS->TIME;
    while (REGS->TIME - before < 3) continue;
    print("stopped", REGS->EVENT_NOW);
}

static void restart(void) {
    uint32_t cause = REGS->RESET >> SLUICE_REGS__RESET__CAUSE_bp;
    print("cause", cause);
    print("eid", REGS->MCTP_EID);
    print("time", REGS->TIME);
    print("kept", *(volatile uint32_t *)0x10000100);
    if (cause != 0) return;
    REGS->MCTP_EID = 9;
    *(volatile uint32_t *)0x10000100 = 0x600df00d;
    delay(1000);
    REGS->RESET = SLUICE_REGS__RESET__RESTART_bm;
    for (;;) continue;
}

static void watchdog(void) {
    uint32_t cause = REGS->RESET >> SLUICE_REGS__RESET__CAUSE_bp;
    print("cause", cause);
    if (cause != 0) return;
    for (int i = 0; i < 4; i++) {  // fed in time, for longer than one watchdog time
        REGS->WATCHDOG = 5;
        REGS->TIMER = 3;
        (void)REGS->EVENT;
    }
    print("fed", REGS->TIME);
    REGS->WATCHDOG = 5;
    put('!');
    REGS->TIMER = 3;
    (void)REGS->EVENT;
    REGS->WATCHDOG = 0;  // does not stop it
    REGS->TIMER = 0;
    (void)REGS->EVENT;  // for ever: nothing will happen
}

static void console(void) {
    put('a');
    uint32_t busy = 0;
    while (REGS->CONSOLE != 0) busy++;  // until the bench takes characters again
    print("busy", busy != 0);
    print("free", REGS->CONSOLE);
    put('b');
}

static void echo(void) {
    REGS->MCTP_EID = 8;
    for (int packets = 0; packets < 3; packets++) {
        print("event", REGS->EVENT);
        uint32_t length = REGS->RX_STATUS & SLUICE_REGS__RX_STATUS__LENGTH_bm;
        print("length", length);
        while (!(REGS->TX_STATUS & SLUICE_REGS__TX_STATUS__READY_bm)) continue;
        for (uint32_t i = 0; i < length; i++) {
            uint32_t byte = (uint8_t)REGS->RX_DATA;
            REGS->TX_DATA = byte | (i == length - 1 ? SLUICE_REGS__TX_DATA__LAST_bm : 0);
        }
    }
    print("event_now", REGS->EVENT_NOW);
    print("rx_status", REGS->RX_STATUS);
}

static uint32_t flash_command(uint32_t opcode, uint32_t writes, uint32_t reads) {
    REGS->FLASH_CMD = opcode | writes << SLUICE_REGS__FLASH_CMD__WRITES_bp | reads << SLUICE_REGS__FLASH_CMD__READS_bp |
                      SLUICE_REGS__FLASH_CMD__GO_bm;
    while (REGS->FLASH_CMD & SLUICE_REGS__FLASH_CMD__BUSY_bm) continue;
    return REGS->FLASH_RDATA;
}

static void flash(void) {
    print("jedec", flash_command(0x9f, 0, 3));
    print("status", flash_command(0x05, 0, 1));
    flash_command(0x06, 0, 0);
    print("enabled", flash_command(0x05, 0, 1));
    flash_command(0x04, 0, 0);
    REGS->FLASH_WDATA = 0x00200100;  // address 000120h, its most significant byte first
    print("read", flash_command(0x03, 3, 4));
}

// One order: block 0x5000 of the flash into block 1 of the stream RAM.
static void order(void) {
    volatile uint32_t *order = (volatile uint32_t *)0x20000000;
    volatile uint32_t *block = (volatile uint32_t *)0x20001000;
    for (int i = 0; i < 16; i++) order[i] = 0;
    order[0] = 1u | 1u << 4 | 63u << 16 | 1u << 24;  // source flash, keep, 64 groups, dest 1
    order[2] = 0x5000;
    order[4] = 1;
    REGS->ORDER_CTRL = SLUICE_REGS__ORDER_CTRL__PUSH_bm;
    print("event", REGS->EVENT);
    print("status", REGS->ORDER_STATUS & 0xf);
    print("first", block[0]);
    print("last", block[1023]);
    REGS->ORDER_CTRL = SLUICE_REGS__ORDER_CTRL__ACK_bm;
    print("event_now", REGS->EVENT_NOW);
    print("acknowledged", REGS->ORDER_STATUS & 0xf);
}

// One order: the first blocks of an image that the agent at the packet port has, into the stream RAM.
static void port(void) {
    volatile uint32_t *order = (volatile uint32_t *)0x20000000;
    volatile uint32_t *words = (volatile uint32_t *)(0x20000000 + 4096 * PORT_FIRST_BLOCK);
    uint32_t sum = 0;
    for (int i = 0; i < 16; i++) order[i] = 0;
    order[0] = 1u << 4 | (PORT_BLOCKS - 1u) << 8 | 63u << 16 | (uint32_t)PORT_FIRST_BLOCK << 24;  // source link, keep
    order[4] = (1u << PORT_BLOCKS) - 1u;
    REGS->MCTP_EID = PORT_CARD_EID;
    REGS->REQUEST = (uint32_t)PORT_AGENT_EID | 12u << SLUICE_REGS__REQUEST__CHUNK_LOG2_bp |
                    1000u << SLUICE_REGS__REQUEST__TIMEOUT_MS_bp;
    REGS->REQUEST_DELAY = 1u << SLUICE_REGS__REQUEST_DELAY__LINK_bp;
    REGS->ORDER_CTRL = SLUICE_REGS__ORDER_CTRL__PUSH_bm;
    print("event", REGS->EVENT);
    print("status", REGS->ORDER_STATUS & 0xff);
    for (uint32_t i = 0; i < PORT_BLOCKS * 1024; i++) sum = (sum << 1 | sum >> 31) + words[i];
    print("sum", sum);
}

void program(void) {
    switch (REGS->BOARD >> SLUICE_REGS__BOARD__IN_bp & 0xff) {
        case SCENARIO_RAM:
            memory(0x10000000, 0xfe00);
            break;
        case SCENARIO_STREAM_RAM:
            memory(0x20000000, 0x10000);
            break;
        case SCENARIO_REGISTERS:
            registers();
            break;
        case SCENARIO_TIMER:
            timer();
            break;
        case SCENARIO_RESTART:
            restart();
            break;
        case SCENARIO_WATCHDOG:
            watchdog();
            break;
        case SCENARIO_CONSOLE:
            console();
            break;
        case SCENARIO_ECHO:
            echo();
            break;
        case SCENARIO_FLASH:
            flash();
            break;
        case SCENARIO_ORDER:
            order();
            break;
        case SCENARIO_PORT:
            port();
            break;
        default:
            break;
    }
    const char *end = "end\n";
    while (*end) put(*end++);
}
