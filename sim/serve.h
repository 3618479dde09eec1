// SPDX-License-Identifier: Apache-2.0
//
// Lets a host program reach one link of a simulated card: through a pseudo terminal or a unix socket that carries
// serial bytes (free-running), or through the lock-step socket of lockstep.h. What the bytes mean to the card:
// adapter.h.
#pragma once
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "sim/adapter.h"
#include "sim/card.h"

struct serve_options {
    const char *link;                  ///< "pty", "unix:PATH" or "sim:PATH"
    enum adapter_link via;             ///< which of the card's links that is
    uint64_t until_ns;                 ///< stop when simulated time reaches it
    bool once;                         ///< stop when the first client has gone
    volatile sig_atomic_t *interrupt;  ///< stop when it becomes non-zero
    /** Called with all that crossed the link, in order; may be NULL. */
    void (*wire)(void *ctx, uint64_t now_ns, bool to_card, const uint8_t *bytes, size_t len);
    void *ctx;
};

/** Whether @p link has one of the forms above, with a path where one belongs. */
bool serve_link_known(const char *link);

/** Runs the card until a stop condition holds. Of what is at PATH only a socket is replaced.
 * The link must be known. Returns 0, or -1 after one line on standard error. */
int serve(struct card *card, const struct serve_options *options);
