// SPDX-License-Identifier: Apache-2.0
//
// The parts of the system that move in nearly every cycle although nothing happens: the two shift registers of the
// serial line (rtl/mctp/uart_rx.sv, uart_tx.sv) and that of the flash (rtl/flash/spi_nor.sv). Each is the RTL's state
// and its next state between two events; at an event, that is in a cycle in which the rest of the system could notice
// something, quiet() is false and the RTL itself must be asked (sim/quiet.h).
#pragma once
#include <cstdint>

struct UartReceiver {
    enum State { LineHigh, StartBit, DataBits, LineLow };
    unsigned state, sync, div, shift;

    bool resting() const { return state == LineHigh && sync == 3; }

    // Whether the coming clock edge hands nothing over.
    bool quiet() const { return !(state == DataBits && div == 0 && (shift & 1)); }

    void step(bool pin, unsigned bit_cycles) {
        const bool rx = sync >> 1, sample = div == 0;
        const unsigned before = state;
        if (state == LineHigh) {
            if (!rx) state = StartBit;
        } else if (state == StartBit) {
            if (sample) state = rx ? LineHigh : DataBits;
        } else if (state == LineLow && rx) {
            state = LineHigh;
        }
        if (before == LineHigh) {
            div = (bit_cycles - 1) / 2 - 1;
            shift = 0x100;
        } else {
            if (before == DataBits && sample) shift = (unsigned)rx << 8 | shift >> 1;
            div = sample ? bit_cycles - 1 : div - 1;
        }
        sync = (sync << 1 & 2) | pin;
    }
};

struct UartTransmitter {
    unsigned div, shift;

    // For a byte; it is quiet as long as this does not change and nobody offers one.
    bool ready() const { return div == 0 && shift >> 1 == 0; }

    void step(unsigned bit_cycles) {
        if (ready()) return;
        if (div == 0) {
            shift >>= 1;
            div = bit_cycles - 1;
        } else {
            div--;
        }
    }
    bool pin() const { return shift & 1; }
};

struct FlashShifter {
    enum State { Idle = 0, Opcode = 4, HighAddress = 5, Header = 6, Data = 7 };
    enum Direction { None, Read, Write, Poll };
    unsigned state, dir, bit, head, len, high, csn;
    uint32_t shift;
    bool sck, starved, full, addr4, quad_addr, quad;
    bool poll_stop;  // polling ends with this byte
    bool reads;      // words are taken without anybody else (sim/flash_words.h)

    // Nothing but the count of bytes, which means nothing while polling, differs from a state before.
    bool repeats(const FlashShifter &before) const {
        return state == before.state && bit == before.bit && head == before.head && high == before.high &&
               shift == before.shift && sck == before.sck;
    }

    bool shifting() const { return state >= Opcode; }
    bool wide() const { return state == Data ? quad : quad_addr && (state == HighAddress || state == Header); }
    bool last_bit() const { return (bit & 4) && (wide() || (bit & 3) == 3); }
    bool word_end() const { return bit >> 3 == 3; }
    bool more_data(uint8_t in) const {
        if (dir == None) return false;
        if (dir == Poll) return state != Data || ((in & 2) && !poll_stop);
        return len != 0;
    }

    // Whether the coming clock edge neither asks for a word, nor hands one over, nor ends the command.
    bool quiet(uint8_t in) const {
        if (state == Idle) return csn == 3 && !sck;
        if (!shifting() || starved || (full && !reads)) return false;
        if (!last_bit()) return true;
        const bool header = head != 0 || (state == Opcode && addr4), data = more_data(in);
        if (header) return true;
        if (dir == Write && data && (state != Data || word_end())) return false;
        return !sck || (data && !(state == Data && dir == Read && word_end() && !reads));
    }

    void step(uint8_t in) {
        if (state == Idle) return;
        sck = !sck;
        if (sck) return;
        const unsigned before = state;
        const bool four = wide(), byte_end = last_bit(), word_ends = word_end();
        bit = (bit + (four ? 4 : 1)) & 31;
        if (byte_end) {
            if (state == Data && dir == Read && word_ends) full = true;
            if (state == Opcode && addr4) {
                state = HighAddress;
            } else if (head != 0) {
                state = Header;
                head--;
            } else {
                if (state != Data) bit = 0;
                state = Data;
                len = (len - 1) & 0x1fff;
            }
        }
        if (before == HighAddress) {
            high = (four ? high << 4 : high << 1) & 0xff;
        } else if (four) {
            shift = shift << 4 | (before == Data ? in & 15u : 0);
        } else {
            shift = shift << 1 | (before == Data && (in & 2));
        }
    }

    uint8_t out() const {
        if (!wide()) return (uint8_t)(0xc | (state == HighAddress ? high >> 7 : shift >> 31));
        return (uint8_t)(state == HighAddress ? high >> 4 : shift >> 28);
    }
    uint8_t out_enable() const { return wide() ? (state != Data || dir == Write ? 15 : 0) : 13; }
};
