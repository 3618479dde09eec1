// SPDX-License-Identifier: Apache-2.0
//
// A device on an SMBus at pin level, controller and target, in clock cycles: what the card talks to. Its lines are open
// drain: the bus is low while anybody pulls it. The caller calls the step when a line changed or when the cycle count
// has reached `at`, so that an idle bus costs one comparison a cycle.
//
// It keeps SMBus's times itself and does on request what a bad neighbour does. How the card keeps them is checked in
// smbus_rules.h.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SMBUS_NEVER        UINT64_MAX
#define SMBUS_MAX_TRANSFER 300
#define SMBUS_MCTP         0x0f  ///< command code of DSP0237

/** Least times of one class of SMBus 3, ns. */
struct smbus_times {
    unsigned bit_rate;  ///< highest, Hz
    unsigned low, high, hold_start, setup_stop, free, setup_data;
};
/** The class that @p bit_rate belongs to. */
const struct smbus_times *smbus_times_for(unsigned bit_rate);
/** Cycles of a clock of @p clk_hz that last @p ns at least. */
uint64_t smbus_cycles(uint64_t ns, unsigned clk_hz);

/** The bytes of one write, from the address byte to the PEC. */
struct smbus_transfer {
    uint8_t bytes[SMBUS_MAX_TRANSFER];
    size_t len;
};
uint8_t smbus_pec(const uint8_t *bytes, size_t len);
/** An MCTP packet of 1 to 254 bytes as a block write between 7-bit addresses. */
struct smbus_transfer smbus_block_write(uint8_t destination, uint8_t source, const uint8_t *packet, size_t len);
/** Whether it is such a block write, whole and with the right PEC. */
bool smbus_is_block_write(const struct smbus_transfer *transfer);

enum smbus_outcome {
    SMBUS_SENT,
    SMBUS_REFUSED,    ///< byte number `acked` was not acknowledged
    SMBUS_LOST,       ///< in arbitration
    SMBUS_CUT,        ///< as smbus_peer.cut_bits wanted
    SMBUS_TIMED_OUT,  ///< the clock was low for too long
};

struct smbus_peer {
    // ---- how it behaves; may be changed between transfers
    uint8_t address;       ///< as target; 0: none
    uint64_t extra_low;    ///< cycles that it keeps each clock low beyond the least
    bool join;             ///< starts only together with somebody else
    size_t cut_bits;       ///< ends after so many bits with STOP; 0: never
    bool vanish;           ///< and without STOP
    size_t refuse_byte;    ///< as target it does not acknowledge this byte (0: the address) ...
    unsigned refusals;     ///< ... in so many transfers
    uint64_t stretch;      ///< as target it keeps the clock low before each acknowledge bit for so many cycles more
    size_t stretch_bytes;  ///< in so many bytes from now on

    // ---- what it drives (true: released), and when it wants to be called
    bool scl, sda;
    uint64_t at;

    // ---- what it has to send and what became of it
    struct smbus_transfer out;
    bool sending;                ///< out is to be sent, or under way
    enum smbus_outcome outcome;  ///< of the last one
    size_t acked;                ///< bytes of it that were acknowledged

    // ---- what it received
    struct smbus_transfer in;  ///< the last transfer to its address, complete
    uint64_t in_count;

    // ---- inside
    struct {
        uint64_t low, high, hold_start, setup_stop, free, idle, timeout;
    } cycles;
    bool bus_scl, bus_sda;      // as of the last step
    bool busy;                  // between START and STOP
    bool starting, controller;  // it made a START; it drives this transfer
    bool stopping;              // nothing but STOP is left to do
    enum smbus_outcome due;     // what that will mean
    bool selected;              // is the target of this transfer
    size_t bits;                // of this transfer, acknowledge bits among them
    uint8_t shift;
    struct smbus_transfer seen;
    uint64_t since;  // last change of the clock, START or STOP
    uint64_t scl_at, sda_at, free_at;
    bool sda_next;
};

void smbus_peer_init(struct smbus_peer *p, unsigned clk_hz, unsigned bit_rate, uint8_t address);
/** Queues a transfer; nothing else may be queued. It starts when the bus is free. */
void smbus_peer_send(struct smbus_peer *p, const struct smbus_transfer *transfer, uint64_t now);
/** Call when a line of the bus changed or now >= p->at. */
void smbus_peer_step(struct smbus_peer *p, uint64_t now, bool scl, bool sda);

#ifdef __cplusplus
}
#endif
