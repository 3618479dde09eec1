// SPDX-License-Identifier: Apache-2.0
//
// The demonstration board without its hooks and with hardly a pause before it restarts, because a netlist is simulated
// cycle by cycle. The flash's map is the demonstration board's.
#define NAME "netlist"
#define POLICIES \
    {            \
        { 0 }    \
    }
#define LINK       100000
#define TRIAL_MS   5000
#define QUIESCE_MS 20
#define RESTART_MS 400
#include "tests/system/plain_identity.h"
