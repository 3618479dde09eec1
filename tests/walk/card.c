// SPDX-License-Identifier: Apache-2.0
//
// The hardware around the processor: registers, FIFOs, timers, reset; see card.h and hal/fw/hal/sluice.h.
#include "tests/walk/card.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NS_PER_MS UINT64_C(1000000)
enum {
    PROCESSOR_NS = 20000,       // what the processor takes for one turn
    FLASH_COMMAND_NS = 100000,  // for one command to the flash: it polls
    TAG_STREAM = 4,             // tags below, TO = 0: the engine's
    STREAM_RAM_LOG2 = 25,
    BUFFERS_LOG2 = 20,
};

static struct card *card;
static jmp_buf leave;

uint32_t __kept[4];  // the last bytes of the memory survive a restart

/* The firmware's variables: tests/walk/walk.mk gathers them in sections of their own. */
extern uint8_t __start_firmware_data[], __stop_firmware_data[], __start_firmware_bss[], __stop_firmware_bss[];
static uint8_t *initial_data;

static size_t between(const uint8_t *start, const uint8_t *stop) {
    return (uintptr_t)stop - (uintptr_t)start;
}

/* The sanitizer has put forbidden bytes between the variables. */
__attribute__((no_sanitize("address"))) static void copy(volatile uint8_t *to, const volatile uint8_t *from,
                                                         size_t len) {
    for (size_t i = 0; i < len; i++) to[i] = from != NULL ? from[i] : 0;
}

/* As a program finds them that was just loaded. */
static void fresh_variables(void) {
    const size_t len = between(__start_firmware_data, __stop_firmware_data);
    if (initial_data == NULL) {
        initial_data = malloc(len);
        if (initial_data == NULL) abort();
        copy(initial_data, __start_firmware_data, len);
    }
    copy(__start_firmware_data, initial_data, len);
    copy(__start_firmware_bss, NULL, between(__start_firmware_bss, __stop_firmware_bss));
}

void card_insert(struct card *c) {
    card = c;
    c->stream.chip = &c->chip;
    c->stream.regs = &c->regs;
    c->stream.ram = card_stream_ram();
}

static void reset(struct card *c, uint8_t cause) {
    if (cause == HAL_POWER_ON)
        for (size_t i = 0; i < sizeof __kept / sizeof *__kept; i++) __kept[i] = dice_below(c->dice, UINT32_MAX);
    c->cause = cause;
    c->reset_ns = c->now_ns;
    c->timer_ns = c->watchdog_ns = UINT64_MAX;
    c->timer_ended = false;
    c->received_count = 0;
    c->chip.running_known = false;
    memset((void *)(uintptr_t)&c->regs, 0, sizeof c->regs);
    c->regs.CONFIG = (uint32_t)STREAM_RAM_BLOCKS << STREAM_RAM_LOG2 | (uint32_t)STREAM_BUFFERS << BUFFERS_LOG2;
    c->regs.FLASH_CONFIG = HAL_PUT(0x0B, FLASH_CONFIG__READ_OPCODE) | HAL_PUT(1, FLASH_CONFIG__READ_DUMMY) |
                           HAL_PUT(0x02, FLASH_CONFIG__PROGRAM_OPCODE);
    c->regs.FLASH_ERASE = HAL_PUT(0x20, FLASH_ERASE__ERASE4_OPCODE) | HAL_PUT(0x52, FLASH_ERASE__ERASE32_OPCODE) |
                          HAL_PUT(0xD8, FLASH_ERASE__ERASE64_OPCODE);
    c->regs.FLASH_TIMEOUT = HAL_PUT(4000, FLASH_TIMEOUT__TIMEOUT_MS);
    c->regs.REQUEST_DELAY = HAL_PUT(c->stream.most - 1, REQUEST_DELAY__MOST_M1);
    stream_reset(&c->stream);
    line_card_reset(c->line, c->now_ns, cause != HAL_POWER_ON);
    fresh_variables();
}

enum card_end card_run(struct card *c, uint8_t cause) {
    reset(c, cause);
    switch (setjmp(leave)) {
        case 0:
            boot_main();
            abort();  // it does not return
        case CARD_CUT:
            return CARD_CUT;
        case CARD_RESTARTED:
            return CARD_RESTARTED;
        case CARD_WATCHDOG:
            return CARD_WATCHDOG;
        default:
            return CARD_OVER;
    }
}

void card_leave(struct card *c, enum card_end end) {
    (void)c;
    longjmp(leave, end);
}

static void violated(const char *what) {
    if (card->violation[0] == '\0') snprintf(card->violation, sizeof card->violation, "%s", what);
}

/* ---- what happens to the card ---- */

void card_packet(struct card *c, const uint8_t *packet, size_t len) {
    if (len > CARD_PACKET || (packet[0] & 15) != 1) return;
    if (packet[1] != c->regs.MCTP_EID && packet[1] != 0) return;
    if ((packet[3] & 15) < TAG_STREAM) {
        stream_packet(&c->stream, c->now_ns, packet, len);
        return;
    }
    if (c->received_count == CARD_FIFO) {
        c->drops++;
        return;
    }
    struct card_packet *slot = &c->received[(c->received_first + c->received_count++) % CARD_FIFO];
    slot->len = len;
    memcpy(slot->bytes, packet, len);
}

uint64_t card_due(const struct card *c) {
    uint64_t due = stream_due(&c->stream);
    if (c->timer_ns < due) due = c->timer_ns;
    return c->watchdog_ns < due ? c->watchdog_ns : due;
}

void card_tick(struct card *c) {
    stream_run(&c->stream, c->now_ns);
    if (c->timer_ns <= c->now_ns) {
        c->timer_ended = true;
        c->timer_ns = UINT64_MAX;
    }
    if (c->watchdog_ns <= c->now_ns) card_leave(c, CARD_WATCHDOG);
}

/* ---- registers ---- */

static void pass(uint64_t ns) {
    const uint64_t until = card->now_ns + ns;
    while (card->now_ns < until) card->advance(card->ctx, until);
}

/* One command of the processor to the flash, which waits for the engine's. */
static void flash_command_written(uint32_t command) {
    pass(FLASH_COMMAND_NS);
    card->regs.FLASH_RDATA =
        chip_command(&card->chip, card->now_ns, (uint8_t)HAL_GET(command, FLASH_CMD__OPCODE), card->regs.FLASH_WDATA,
                     HAL_GET(command, FLASH_CMD__WRITES), HAL_GET(command, FLASH_CMD__READS));
}

hal_regs_t *card_registers(void) {
    const uint32_t control = card->regs.ORDER_CTRL, command = card->regs.FLASH_CMD;
    card->regs.ORDER_CTRL = 0;
    card->regs.FLASH_CMD = 0;
    if (control != 0) {
        stream_control(&card->stream, control);
        stream_run(&card->stream, card->now_ns);
    }
    if ((command & SLUICE_REGS__FLASH_CMD__GO_bm) != 0) flash_command_written(command);
    card->regs.ORDER_STATUS = stream_status(&card->stream);
    card->regs.TIME = HAL_PUT((card->now_ns - card->reset_ns) / NS_PER_MS, TIME__MS);
    return &card->regs;
}

uint8_t *card_stream_ram(void) {
    return (uint8_t *)card->ram;
}

/* ---- the HAL ---- */

static uint32_t events(void) {
    (void)card_registers();
    const struct stream *stream = &card->stream;
    return (card->received_count != 0 ? HAL_EVENT_RX : 0u) |
           (stream->done != 0 || stream->stopped ? HAL_EVENT_ORDER : 0u) | (card->timer_ended ? HAL_EVENT_TIMER : 0u);
}

uint32_t hal_wait(void) {
    pass(PROCESSOR_NS);
    uint32_t pending;
    while ((pending = events()) == 0) card->advance(card->ctx, UINT64_MAX);
    return pending;
}

void hal_timer(uint32_t ms) {
    card->timer_ended = false;
    card->timer_ns = ms == 0 ? UINT64_MAX : card->now_ns + ms * NS_PER_MS;
}

void hal_watchdog(uint32_t ms) {
    if (ms != 0) card->watchdog_ns = card->now_ns + ms * NS_PER_MS;
}

void hal_restart(void) {
    card_leave(card, CARD_RESTARTED);
}

uint32_t *hal_memory(uint32_t address) {
    if (address < CARD_MEMORY_AT || address >= CARD_MEMORY_AT + CARD_MEMORY) {
        violated("the firmware uses memory that is not there");
        return card->memory;
    }
    return card->memory + (address - CARD_MEMORY_AT) / 4;
}

/* The program that was loaded is the application, whatever its bytes are. */
void hal_start(uint32_t address, uint32_t argument) {
    if (address != CARD_MEMORY_AT) violated("the firmware starts elsewhere");
    card->boots++;
    if (!card->started(card->ctx, argument))
        for (;;) card->advance(card->ctx, UINT64_MAX);
    fresh_variables();
    application_main(argument);
    abort();  // it does not return
}

uint32_t hal_reset_cause(void) {
    return card->cause;
}

uint32_t hal_now_ms(void) {
    return (uint32_t)((card->now_ns - card->reset_ns) / NS_PER_MS);
}

void hal_board_out(uint32_t pins) {
    card->regs.BOARD = pins;
}

static void put_char(char c) {
    if (c != '\n' && card->console_len + 1 < sizeof card->console) {
        card->console[card->console_len++] = c;
        return;
    }
    card->console[card->console_len] = '\0';
    card->console_len = 0;
    card->says(card->ctx, card->console);
}

void hal_puts(const char *text) {
    while (*text != '\0') put_char(*text++);
}

void hal_put_chars(const uint8_t *text, uint32_t len) {
    for (; len != 0; len--) put_char((char)*text++);
}

void hal_put_hex(uint32_t value, unsigned digits) {
    while (digits-- != 0) put_char("0123456789abcdef"[value >> 4u * digits & 15u]);
}

uint32_t hal_receive(uint8_t packet[HAL_MAX_PACKET], uint8_t *link) {
    if (card->received_count == 0) return 0;
    const struct card_packet *slot = &card->received[card->received_first++ % CARD_FIFO];
    card->received_count--;
    *link = 0;
    memcpy(packet, slot->bytes, slot->len);
    return (uint32_t)slot->len;
}

void hal_send(uint8_t link, const uint8_t *head, size_t head_len, const uint8_t *body, size_t body_len) {
    uint8_t packet[MCTP_SERIAL_MAX_PACKET];
    if (head_len + body_len > sizeof packet) {
        violated("the firmware sends a packet that is too long");
        return;
    }
    if (link != 0) violated("the firmware sends by a link that nothing came from");
    memcpy(packet, head, head_len);
    if (body_len != 0) memcpy(packet + head_len, body, body_len);
    if (card->overhear(card->ctx, packet, head_len + body_len)) return;
    while (line_waiting(card->line, TO_AGENT, card->now_ns) >= CARD_FIFO) pass(PROCESSOR_NS);
    (void)line_send(card->line, TO_AGENT, card->now_ns, packet, head_len + body_len);
}

bool hal_send_idle(void) {
    return card->line->way[TO_AGENT].free_ns <= card->now_ns;
}

void hal_set_eid(uint8_t eid) {
    card->regs.MCTP_EID = eid;
}
