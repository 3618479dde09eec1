// SPDX-License-Identifier: Apache-2.0
//
// What the simulation reads inside the Verilated PicoRV32, by the names that Verilator gives it.
#pragma once
#include "Vsluice_soc___024root.h"

/** Cycles after which a core that waits repeats itself. */
constexpr unsigned core_period = 1;

/** Address of the access under way. */
inline uint32_t core_address(const Vsluice_soc___024root &r) {
    return r.sluice_soc__DOT__cpu_addr;
}

/** Register x2 after the instructions finished so far. */
inline uint32_t core_stack_pointer(const Vsluice_soc___024root &r) {
    return r.sluice_soc__DOT__u_core__DOT__u_core__DOT__cpuregs__DOT__u_ram__DOT__mem[2];
}

/** A register that counts all cycles and that nothing reads; or null. */
inline QData *core_cycles(Vsluice_soc___024root &) {
    return nullptr;
}
