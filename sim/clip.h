// SPDX-License-Identifier: Apache-2.0
//
// A flash programmer clipped to the simulated flash, while the card has no power: one host at a time speaks serprog.h
// to it, over TCP or a pseudo terminal. Simulated time goes on with each command, with the clock at the flash's pins
// and with the delays that the host asks for, by nothing else: the same commands give the same flash, however slow the
// host is.
#pragma once
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "sim/nor.h"

struct clip_options {
    const char *address;               ///< "pty", or "[HOST:]PORT" of this machine's; port 0: a free one
    uint64_t until_ns;                 ///< stop when simulated time reaches it
    bool once;                         ///< stop when the first host has gone
    volatile sig_atomic_t *interrupt;  ///< stop when it becomes non-zero
};

/** Whether @p address has one of the forms above, with numbers. */
bool clip_address_known(const char *address);

/** Says on standard error where it is, and serves hosts until a stop condition holds. What the flash was doing then is
 * finished.
 *
 * @param now_ns  simulated time at the end; it begins with 0
 * @return 0, or -1 after one line on standard error
 */
int clip_serve(struct nor *nor, const struct clip_options *options, uint64_t *now_ns);
