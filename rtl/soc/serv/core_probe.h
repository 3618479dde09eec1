// SPDX-License-Identifier: Apache-2.0
//
// What the simulation reads inside the Verilated SERV, by the names that Verilator gives it: see picorv32/core_probe.h.
#pragma once
#include "Vsluice_soc___024root.h"

/** Cycles after which a core that waits repeats itself: the counter of the register file's bits runs on. */
constexpr unsigned core_period = 32;

/** At the fetch of an instruction only. */
inline uint32_t core_address(const Vsluice_soc___024root &r) {
    return r.sluice_soc__DOT__u_core__DOT__u_core__DOT__cpu__DOT__wb_ibus_adr;
}

/** Register x2, two bits a word. When the next instruction is fetched, the upper ones may not be written yet; they tell
 * RAM from registers and do not change in a program that is well. */
inline uint32_t core_stack_pointer(const Vsluice_soc___024root &r) {
    uint32_t value = 0;
    for (unsigned i = 0; i < 16; i++)
        value |= (uint32_t)r.sluice_soc__DOT__u_core__DOT__u_core__DOT__rf_ram__DOT__memory[2 * 16 + i] << 2 * i;
    return value;
}

inline QData *core_cycles(Vsluice_soc___024root &) {
    return nullptr;
}
