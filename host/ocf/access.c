// SPDX-License-Identifier: Apache-2.0
//
// Promises of access.h. The letters: D the device ownership transfer service, C the credential management service, A
// the access management service; an ordinary client may read only.
#include "host/ocf/access.h"

#define D   OCF_ROLE(OCF_DOTS)
#define DCA (OCF_ROLE(OCF_DOTS) | OCF_ROLE(OCF_CMS) | OCF_ROLE(OCF_AMS))

/* A row without anybody is of a property that is never writable. */
static const unsigned writers[OCF_PROPERTIES][OCF_STATES] = {
    /*                RESET RFOTM RFPRO RFNOP SRESET */
    [OCF_DOS_S] = {0, D, DCA, DCA, D}, /* and the step has to be one of the table below */
    [OCF_DOS_P] = {0, 0, 0, 0, 0},      [OCF_ISOP] = {0, 0, 0, 0, 0},   [OCF_CM] = {0, 0, 0, 0, 0},
    [OCF_TM] = {0, D, DCA, DCA, D},     [OCF_OM] = {0, D, DCA, DCA, D}, [OCF_SM] = {0, 0, 0, 0, 0},
    [OCF_ROWNERUUID] = {0, D, 0, 0, D}, [OCF_RT] = {0, 0, 0, 0, 0},     [OCF_IF] = {0, 0, 0, 0, 0},
    [OCF_UNKNOWN] = {0, 0, 0, 0, 0},
};

/* RESET leads to RFOTM by itself. Staying is no step, and whoever may write dos.s may ask for it. */
static const unsigned steps[OCF_STATES][OCF_STATES] = {
    /* to          RESET RFOTM RFPRO RFNOP SRESET */
    [OCF_RESET] = {0, 0, 0, 0, 0},     [OCF_RFOTM] = {D, D, D, 0, 0},  [OCF_RFPRO] = {D, 0, DCA, DCA, D},
    [OCF_RFNOP] = {D, 0, DCA, DCA, D}, [OCF_SRESET] = {D, 0, D, 0, D},
};

enum ocf_code ocf_may_write(enum ocf_property property, enum ocf_state state, unsigned role) {
    unsigned ever = 0;
    for (unsigned s = 0; s < OCF_STATES; s++) ever |= writers[property][s];
    if (ever == 0) return OCF_BAD_REQUEST;
    return (writers[property][state] & role) != 0 ? OCF_CHANGED : OCF_FORBIDDEN;
}

enum ocf_code ocf_may_enter(enum ocf_state from, enum ocf_state to, unsigned role) {
    if (steps[from][to] == 0) return OCF_BAD_REQUEST;
    return (steps[from][to] & role) != 0 ? OCF_CHANGED : OCF_FORBIDDEN;
}

const char *ocf_role_name(enum ocf_role_name role) {
    static const char *const names[OCF_ROLES] = {"client", "dots", "cms", "ams"};
    return names[role];
}

const char *ocf_state_name(enum ocf_state state) {
    static const char *const names[OCF_STATES] = {"RESET", "RFOTM", "RFPRO", "RFNOP", "SRESET"};
    return names[state];
}
