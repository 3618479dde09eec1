// SPDX-License-Identifier: Apache-2.0
//
// The Provisioning Status resource of OCF (/oic/sec/pstat, oic.r.pstat) as a state machine without I/O: what a client's
// POST does, and what software version validation and secure software update do (OCF Security 15.4.3 to 15.4.5). Who
// may write what in which state is host/ocf/access.h.
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "host/ocf/access.h"

enum { OCF_UUID = 16 };

/** Bits of cm and tm (13.6, table 40). The high byte of the mask is reserved. */
enum ocf_mode {
    OCF_MODE_RESET = 1u << 0,
    OCF_MODE_TAKE_OWNER = 1u << 1,
    OCF_MODE_VALIDATE = 1u << 6, /* Initiate Software Version Validation */
    OCF_MODE_UPDATE = 1u << 7,   /* Initiate Secure Software Update */
    OCF_MODES = 0xFF,
};

/** The properties. */
struct pstat {
    enum ocf_state s; /* dos.s */
    bool p;           /* dos.p: the state is not reached yet; here: the new software is being activated */
    bool isop;
    uint8_t cm, tm, om, sm;
    uint8_t owner[OCF_UUID]; /* rowneruuid */
};

/** What a POST says. Values of properties that no POST may write are not kept. */
struct pstat_write {
    uint32_t given; /* OCF_PROPERTY_BIT()s */
    uint64_t s, tm, om;
    uint8_t owner[OCF_UUID];
};

/** A device that nobody owns: RESET has led to RFOTM. */
struct pstat pstat_new(void);

/** Does what a client asks for, all of it or nothing.
 *
 * @param role  OCF_ROLE()s of the client
 * @return OCF_CHANGED, or why nothing was done: OCF_BAD_REQUEST, OCF_FORBIDDEN, OCF_CONFLICT */
enum ocf_code pstat_post(struct pstat *p, unsigned role, const struct pstat_write *write);

/** Whether a validation or an update is requested or under way. */
static inline bool pstat_busy(const struct pstat *p) {
    return (p->tm & (OCF_MODE_VALIDATE | OCF_MODE_UPDATE)) != 0;
}

/** 15.4.3 and 15.4.4: @p mode, OCF_MODE_VALIDATE or OCF_MODE_UPDATE, begins: its bit of tm rises, and cm's Version
 * Validation bit falls, for both. */
void pstat_begin(struct pstat *p, uint8_t mode);
/** It is over: its bit of cm says whether an update is available, or was made; its bit of tm falls. */
void pstat_end(struct pstat *p, uint8_t mode, bool yes);
/** The new software is being activated, or no more: the operational state is pending meanwhile and the device does not
 * operate. */
void pstat_activation(struct pstat *p, bool under_way);

/** What can be in a stored one; false: it is damaged. */
bool pstat_valid(const struct pstat *p);
