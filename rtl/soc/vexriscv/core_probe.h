// SPDX-License-Identifier: Apache-2.0
//
// What the simulation reads inside the Verilated VexRiscv, by the names that Verilator gives it: see
// picorv32/core_probe.h.
#pragma once
#include "Vsluice_soc___024root.h"

/** Cycles after which a core that waits repeats itself. */
constexpr unsigned core_period = 1;

/** At the fetch of an instruction only. */
inline uint32_t core_address(const Vsluice_soc___024root &r) {
    return r.sluice_soc__DOT__u_core__DOT__u_core__DOT__iBus_cmd_rData_pc;
}

inline uint32_t core_stack_pointer(const Vsluice_soc___024root &r) {
    return r.sluice_soc__DOT__u_core__DOT__u_core__DOT__RegFilePlugin_regFile[2];
}

#ifdef SLUICE_TRACED
inline QData *core_cycles(Vsluice_soc___024root &r) {
    return &r.sluice_soc__DOT__u_core__DOT__u_core__DOT__CsrPlugin_mcycle;
}
#else
/** No instruction of this core can read mcycle: only a traced model keeps it. */
inline QData *core_cycles(Vsluice_soc___024root &) {
    return nullptr;
}
#endif
