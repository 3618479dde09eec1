// SPDX-License-Identifier: Apache-2.0
//
// Who the campaign's cards say they are: the demonstration board without its extras, with short waits, and with minima
// that rise: an image that was confirmed lets nothing older start any more.
#define NAME "fault campaign"
#define POLICIES                   \
    {                              \
        {.raise_minimum = true}, { \
            .raise_minimum = true  \
        }                          \
    }
#define LINK       11520
#define TRIAL_MS   5000
#define QUIESCE_MS 200
#define RESTART_MS 900
#include "tests/system/plain_identity.h"
