// SPDX-License-Identifier: Apache-2.0
//
// The keys of sluice-sim's options (sim/sim_manual.c).
#pragma once

enum sim_key {
    OPT_FLASH = 1,
    OPT_PART,
    OPT_TIMING,
    OPT_LINK,
    OPT_VIA,
    OPT_ONCE,
    OPT_UNTIL,
    OPT_STOP_ON,
    OPT_TRACE,
    OPT_TRACE_FROM,
    OPT_TRACE_TO,
    OPT_STATS,
    OPT_CAPTURE,
    OPT_QUIET,
    OPT_SERPROG,
};
