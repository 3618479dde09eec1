// SPDX-License-Identifier: Apache-2.0
//
// The simulated card: Verilated sluice_soc with a pin-level SPI NOR, a pin-level UART, a host at the packet port and a
// pin-level SMBus, as a C object. It advances only inside card_run, so whoever owns it owns simulated time; the same
// calls give the same run, bit for bit.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/nor.h"
#include "sim/smbus_bus.h"

#ifdef __cplusplus
extern "C" {
#endif

struct card;
struct card_image;

/** Who is at work in a clock cycle. */
struct card_activity {
    uint8_t to_card, from_card;  ///< 1: bytes or words are on their way on a link
    uint8_t checking;            ///< 1: the engine hashes, or compares with a hash table's entry
    uint8_t held;                ///< blocks from their first request, or read, to their end in the flash
    uint8_t flash;               ///< enum card_flash, of all chips
    uint8_t awake;               ///< 1: the processor is not held in EVENT
};
enum card_flash { CARD_FLASH_IDLE, CARD_FLASH_BUS, CARD_FLASH_PROGRAMS, CARD_FLASH_ERASES };

/** What a card is made of. Pointers must outlive the card. */
struct card_config {
    const struct nor_part *part;
    uint8_t *flash;            ///< part->size bytes; the card's flash contents, kept across cards
    uint8_t *flash2;           ///< the same of a second chip of that part, or NULL: its place is empty
    const uint32_t *boot_rom;  ///< words to run instead of the boot ROM that was built in, or NULL
    size_t boot_words;
    bool maximum_timing;  ///< the data sheet's maximum times instead of the typical ones
    const char *trace;    ///< FST file, or NULL
    uint64_t trace_from_ns, trace_to_ns;
    bool no_jump;                        ///< simulate every cycle, also those in which provably nothing happens
    void (*console)(void *ctx, char c);  ///< one character of the processor's console
    void (*flash_report)(void *ctx, uint64_t now_ns, const char *);  ///< misuse that a real flash would ignore silently
    /// A byte is over on the serial link; or NULL.
    void (*wire)(void *ctx, uint64_t cycle, bool to_card, uint8_t byte);
    /// Something began or ended with @p cycle; or NULL.
    void (*activity)(void *ctx, uint64_t cycle, const struct card_activity *now);
    void *ctx;
};

/** Why card_run came back. */
enum card_stop {
    CARD_DEADLINE,  ///< the deadline was reached
    CARD_FRAME,     ///< the card sent a 7Eh (frame border) on its serial link
    CARD_PACKET,    ///< the card ended a packet at its packet port or on the SMBus
};

/** Exact counts since power-on. */
struct card_counts {
    uint64_t cycles;        ///< clock cycles
    uint64_t instructions;  ///< instructions fetched by the core (a bound from above on those retired)
    uint64_t waiting;       ///< cycles in which the core was held in EVENT
    uint64_t jumped;        ///< cycles that were not simulated one by one
    uint32_t lowest_stack;  ///< least stack pointer of programs in RAM, at any instruction; all ones before the first
};

/** The engine's registers COUNT_*, which a reset of the system clears. */
struct card_engine {
    uint32_t requests, retries, bytes;
    uint32_t link_idle, flash_idle;  ///< clock cycles
};

/** Powers a card on. NULL without memory or when the trace file cannot be written. */
struct card *card_new(const struct card_config *config);

/** Runs until @p deadline_ns (absolute) or an earlier reason. */
enum card_stop card_run(struct card *card, uint64_t deadline_ns);

/** Pulls the reset line for some cycles: the system begins anew, its flash goes on with what it is doing. Not from
 * within a callback. */
void card_reset(struct card *card);

/** Simulated time since power-on. */
uint64_t card_now_ns(const struct card *card);

/** Queues bytes for the card's serial input; they follow each other at the line rate. False when out of memory. */
bool card_send(struct card *card, const uint8_t *bytes, size_t len);

/** Bytes that the card sent since the last call; they stay valid until the next card_run. */
const uint8_t *card_received(struct card *card, size_t *len);

/** Queues a packet of at most 255 bytes for the card's packet port, marked as bad if @p err. False when out of memory.
 */
bool card_packet_send(struct card *card, const uint8_t *packet, size_t len, bool err);
/** Whether the card has taken all of them. */
bool card_packet_sent(const struct card *card);
/** The packet that the card ended at its packet port in the last card_run, @p len 0: none. It stays valid until the
 * next card_run. */
const uint8_t *card_packet_received(const struct card *card, size_t *len);
/** How the host at the packet port behaves: it offers a word each @p word_cycles at most (1 at first), and takes words
 * only when @p takes (at first). */
void card_packet_host(struct card *card, unsigned word_cycles, bool takes);

/** The SMBus that the card is on, with a host to send and receive by. The host's last packet from the card is forgotten
 * when card_run begins. */
struct smbus_bus *card_smbus(struct card *card);

struct card_counts card_counts(const struct card *card);
struct card_engine card_engine(const struct card *card);
/** The first flash chip, and chip 0 or 1 (NULL: there is none). */
struct nor *card_nor(struct card *card);
struct nor *card_chip(struct card *card, unsigned chip);
/** Clock, line rate, bit rate of the SMBus and block buffers that the card was built with. */
uint32_t card_clk_hz(void);
uint32_t card_baud(void);
uint32_t card_smbus_hz(void);
unsigned card_buffers(void);

void card_free(struct card *card);

/** A card as it stands, in memory: the system, its flash with its contents and what it is doing, what is on the links,
 * time and counts. Not its configuration.
 *
 * @return NULL when memory is short; card_image_free() frees it
 */
struct card_image *card_save(struct card *card);
/** The same without the flash's contents: restoring it leaves them as they are. They must then be what they were, as
 * far as the card ever looks at them. */
struct card_image *card_save_without_contents(struct card *card);
/** Makes @p card what the saved one was: from here on it does exactly what that one did. It may be the same card or
 * another of the same build, with as many flash chips of the same size; whatever else its configuration says, for
 * instance the part's times, holds for what begins later.
 *
 * @return false, when chips differ or memory is short; only in the latter case has the card changed
 */
bool card_restore(struct card *card, const struct card_image *image);
/** Shows @p see, in pieces, all that decides what the saved card does from there on, but for the flash's contents and
 * unstable cells: two cards of the same parts of which it sees the same have the same future. What is only left over
 * (of an instruction that ended, a packet that was taken, counts of what was) is not shown. */
void card_image_visit(const struct card_image *image, void (*see)(void *ctx, const void *bytes, size_t len), void *ctx);
void card_image_free(struct card_image *image);

#ifdef __cplusplus
}
#endif
