// SPDX-License-Identifier: Apache-2.0
//
// Who the campaign's cards say they are: the demonstration board without its extras, with short waits, with minima
// that rise (an image that was confirmed lets nothing older start any more), and with nothing superseded taken unless
// it is forced.
#define NAME "fault campaign"
#define SUPERSEDING \
    { .compare = BOARD_BY_STAMP, .lower = BOARD_IF_FORCED, .raise_minimum = true }
#define POLICIES \
    { SUPERSEDING, SUPERSEDING }
#define LINK       11520
#define TRIAL_MS   5000
#define QUIESCE_MS 200
#define RESTART_MS 900
#include "tests/system/plain_identity.h"
