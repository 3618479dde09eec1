// SPDX-License-Identifier: Apache-2.0
//
// See talk.h.
#include "tests/faults/talk.h"

#include "sim/nor_internal.h"

#define SETTLE_NS 20000000000ull

/** The agent, which has begun, talks to its end, or until rig.enough is set. @param remember  what it talks about stays
 * in its place */
static enum agent_result talk(struct world *w, bool remember, uint64_t limit_ns) {
    struct rig *rig = w->rig;
    const uint64_t end = card_now_ns(rig->card) + limit_ns;
    if (remember && !w->hooks.flash && !w->hooks.packet) world_begin_log(w);
    while (agent_result(rig->agent) == AGENT_RUNNING && !rig->enough && card_now_ns(rig->card) < end) {
        const uint64_t now = card_now_ns(rig->card), pause = now - now % WAYS_GRID_NS + WAYS_GRID_NS;
        rig_step(rig, w->log && pause < end ? pause : end);
        if (w->log && !rig->enough) world_pause(w);
    }
    // That enough was said is known to the rig alone: no way goes on from there.
    if (w->log) world_end_log(w, !rig->enough);
    return agent_result(rig->agent);
}

const char *talk_settle(struct world *w) {
    struct rig *rig = w->rig;
    struct journal journal;
    if (!w->trial) return NULL;
    rig_fresh_agent(rig);
    agent_start_inventory(rig->agent, card_now_ns(rig->card));
    if (talk(w, true, SETTLE_NS) != AGENT_DONE) return "what is on trial does not answer";
    for (unsigned i = 0; i < w->layout->chips; i++) nor_settle(card_chip(rig->card, i), card_now_ns(rig->card));
    if (!world_journal(w, &journal)) return "there is no journal behind a trial";
    if (journal_any_waits(&journal)) return "what is on trial was spoken to and is not confirmed";
    w->trial = false;
    return NULL;
}

static const char *update(struct world *w, const struct pkg *package, bool remember, uint64_t limit_ns) {
    struct rig *rig = w->rig;
    (void)world_learn_running(w);
    w->activated = false;
    w->stops_there = true;
    rig->config.activate = AGENT_ACTIVATE_PENDING;
    rig->config.poll_ms = 500;
    rig_fresh_agent(rig);
    agent_start_update(rig->agent, card_now_ns(rig->card), package);
    const enum agent_result result = talk(w, remember, limit_ns);
    w->stops_there = false;
    if (w->activated) return NULL;
    return result == AGENT_FAILED ? agent_error(rig->agent) : "no end";
}

const char *talk_update(struct world *w, const struct pkg *package, uint64_t limit_ns) {
    return update(w, package, true, limit_ns);
}

const char *talk_update_once(struct world *w, const uint8_t *package, size_t len, uint64_t limit_ns) {
    char text[PKG_ERROR_TEXT];
    struct pkg pkg;
    if (!pkg_parse("package", package, len, &pkg, text)) return "the package is none";
    const char *error = update(w, &pkg, false, limit_ns);
    pkg_free(&pkg);
    return error;
}
