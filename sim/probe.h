// SPDX-License-Identifier: Apache-2.0
//
// What measurements read inside the Verilated system, by the names that Verilator gives it. Nothing here changes
// anything. core_probe.h is the chosen core's (rtl/soc/CORE).
#pragma once
#include "Vsluice_soc.h"
#include "Vsluice_soc___024root.h"
#include "core_probe.h"
#include "sim/card.h"

/** The registers COUNT_* without the processor reading them. */
inline struct card_engine probe_engine(const Vsluice_soc &soc) {
    const auto &r = *soc.rootp;
    struct card_engine e;
    e.requests = r.sluice_soc__DOT____Vcellout__u_engine__count_requests_o;
    e.retries = r.sluice_soc__DOT____Vcellout__u_engine__count_retries_o;
    e.bytes = r.sluice_soc__DOT__u_engine__DOT__u_counters__DOT__gen_counters__DOT__units_q << 5;
    e.link_idle = r.sluice_soc__DOT____Vcellout__u_engine__count_link_idle_o;
    e.flash_idle = r.sluice_soc__DOT____Vcellout__u_engine__count_flash_idle_o;
    return e;
}

/** What the engine does: `checking` and `held`. */
inline void probe_engine_activity(const Vsluice_soc &soc, struct card_activity &out) {
    const auto &r = *soc.rootp;
    constexpr unsigned kIdle = 0, kEnd = 2 * SLUICE_BUFFERS - 1;  // an end has one bit more than its place needs
    out.checking = r.sluice_soc__DOT__u_engine__DOT__u_checker__DOT__state_q != kIdle;
    out.held = (r.sluice_soc__DOT__u_engine__DOT__u_jobs__DOT__begun_q -
                r.sluice_soc__DOT__u_engine__DOT__u_jobs__DOT__freed_q) &
               kEnd;
}

/** The stack pointer, at the fetch of an instruction from the RAM; all ones at that of another one. */
inline uint32_t probe_stack_pointer(const Vsluice_soc &soc) {
    constexpr uint32_t kRam = 0x10000000;
    return core_address(*soc.rootp) < kRam ? UINT32_MAX : core_stack_pointer(*soc.rootp);
}
