// SPDX-License-Identifier: Apache-2.0
//
// Promises of pstat.h.
#include "host/ocf/pstat.h"

#include <string.h>

enum {
    BOTH = OCF_MODE_VALIDATE | OCF_MODE_UPDATE,
    OPERATION_CLIENT = 1u << 2, /* om, sm: client-directed provisioning, the one operational mode supported */
};

/* The provisioning modes of each state, and whether the device operates in it. */
static const struct {
    uint8_t cm;
    bool isop;
} entry[OCF_STATES] = {[OCF_RESET] = {OCF_MODE_RESET, false},
                       [OCF_RFOTM] = {OCF_MODE_TAKE_OWNER, false},
                       [OCF_RFPRO] = {0, false},
                       [OCF_RFNOP] = {0, true},
                       [OCF_SRESET] = {OCF_MODE_RESET, false}};

struct pstat pstat_new(void) {
    return (struct pstat){.s = OCF_RFOTM, .cm = entry[OCF_RFOTM].cm, .om = OPERATION_CLIENT, .sm = OPERATION_CLIENT};
}

/* What the last validation and update came to stays known, but for a reset. */
static void enter(struct pstat *p, enum ocf_state s) {
    if (s == OCF_RESET) {
        *p = pstat_new();
        return;
    }
    if (s == p->s) return;
    p->s = s;
    p->isop = entry[s].isop;
    p->cm = (uint8_t)((p->cm & BOTH) | entry[s].cm);
    p->tm &= BOTH;
}

static bool gives(const struct pstat_write *w, enum ocf_property property) {
    return (w->given & OCF_PROPERTY_BIT(property)) != 0;
}

static bool owned(const struct pstat *p, const struct pstat_write *w) {
    static const uint8_t nobody[OCF_UUID];
    return memcmp(gives(w, OCF_ROWNERUUID) ? w->owner : p->owner, nobody, OCF_UUID) != 0;
}

static enum ocf_code check_access(const struct pstat *p, unsigned role, const struct pstat_write *w) {
    enum ocf_code worst = OCF_CHANGED;
    for (unsigned i = 0; i < OCF_PROPERTIES; i++) {
        if (!gives(w, (enum ocf_property)i)) continue;
        const enum ocf_code code = ocf_may_write((enum ocf_property)i, p->s, role);
        if (code == OCF_BAD_REQUEST) return code;
        if (code != OCF_CHANGED) worst = code;
    }
    return worst;
}

static enum ocf_code check_step(const struct pstat *p, unsigned role, const struct pstat_write *w) {
    if (w->s >= OCF_STATES) return OCF_BAD_REQUEST;
    const enum ocf_state to = (enum ocf_state)w->s;
    const enum ocf_code code = ocf_may_enter(p->s, to, role);
    if (code != OCF_CHANGED || to == p->s) return code;
    if (pstat_busy(p)) return OCF_CONFLICT;
    return to == OCF_RESET || owned(p, w) ? OCF_CHANGED : OCF_BAD_REQUEST;
}

static enum ocf_code check_values(const struct pstat_write *w) {
    if (gives(w, OCF_TM) && w->tm > OCF_MODES) return OCF_BAD_REQUEST;
    /* One of the modes that sm has. */
    if (gives(w, OCF_OM) && w->om != OPERATION_CLIENT) return OCF_BAD_REQUEST;
    return OCF_CHANGED;
}

/* The bits of 15.4 that would rise. */
static uint8_t rising(const struct pstat *p, const struct pstat_write *w) {
    return gives(w, OCF_TM) ? (uint8_t)(w->tm & BOTH & (unsigned)~p->tm) : 0;
}

enum ocf_code pstat_post(struct pstat *p, unsigned role, const struct pstat_write *w) {
    const uint8_t begins = rising(p, w);
    const bool resets = gives(w, OCF_DOS_S) && w->s == OCF_RESET;
    enum ocf_code code = check_access(p, role, w);
    if (code == OCF_CHANGED) code = check_values(w);
    if (code == OCF_CHANGED && gives(w, OCF_DOS_S)) code = check_step(p, role, w);
    if (code != OCF_CHANGED) return code;
    if (resets && w->given != OCF_PROPERTY_BIT(OCF_DOS_S)) return OCF_BAD_REQUEST; /* it would not last */
    if (begins != 0 && (begins == BOTH || pstat_busy(p))) return OCF_CONFLICT;

    if (gives(w, OCF_ROWNERUUID)) memcpy(p->owner, w->owner, OCF_UUID);
    if (gives(w, OCF_DOS_S)) enter(p, (enum ocf_state)w->s);
    if (gives(w, OCF_OM)) p->om = (uint8_t)w->om;
    /* A bit of 15.4 that a client clears stays: it says that the process goes on, which the client does not change. */
    if (gives(w, OCF_TM)) p->tm = (uint8_t)((w->tm & ~(unsigned)BOTH) | (p->tm & BOTH));
    if (begins != 0) pstat_begin(p, begins);
    return OCF_CHANGED;
}

void pstat_begin(struct pstat *p, uint8_t mode) {
    p->tm |= mode;
    p->cm &= (uint8_t)~OCF_MODE_VALIDATE;
}

void pstat_end(struct pstat *p, uint8_t mode, bool yes) {
    p->cm = (uint8_t)((p->cm & ~(unsigned)mode) | (yes ? mode : 0u));
    p->tm &= (uint8_t)~mode;
}

void pstat_activation(struct pstat *p, bool under_way) {
    p->p = under_way;
    p->isop = !under_way && entry[p->s].isop;
}

bool pstat_valid(const struct pstat *p) {
    return p->s > OCF_RESET && p->s < OCF_STATES && p->isop == (!p->p && entry[p->s].isop) &&
           p->sm == OPERATION_CLIENT && p->om == OPERATION_CLIENT && (p->tm & BOTH) != BOTH &&
           (!p->p || (p->tm & OCF_MODE_UPDATE) != 0);
}
