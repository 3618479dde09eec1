// SPDX-License-Identifier: Apache-2.0
//
// Who may write which property of pstat in which state, and what a refusal is called: one table. A second one has the
// ways from one operational state to another.
#pragma once
#include <stdbool.h>

/** dos.s, by the numbers of OCF. */
enum ocf_state { OCF_RESET, OCF_RFOTM, OCF_RFPRO, OCF_RFNOP, OCF_SRESET, OCF_STATES };

enum ocf_property {
    OCF_DOS_S,
    OCF_DOS_P,
    OCF_ISOP,
    OCF_CM,
    OCF_TM,
    OCF_OM,
    OCF_SM,
    OCF_ROWNERUUID,
    OCF_RT,
    OCF_IF,
    OCF_UNKNOWN, /* any other name */
    OCF_PROPERTIES,
};
#define OCF_PROPERTY_BIT(property) (1u << (property))

/** What a client is, as its pre-shared key says. */
enum ocf_role_name { OCF_CLIENT, OCF_DOTS, OCF_CMS, OCF_AMS, OCF_ROLES };
#define OCF_ROLE(name) (1u << (name))

/** Answers, as CoAP writes them. */
enum ocf_code {
    OCF_CHANGED = 204,
    OCF_CONTENT = 205,
    OCF_BAD_REQUEST = 400,
    OCF_FORBIDDEN = 403,
    OCF_NOT_ACCEPTABLE = 406,
    OCF_CONFLICT = 409,
    OCF_TOO_LARGE = 413,
    OCF_UNSUPPORTED_FORMAT = 415,
    OCF_SERVER_ERROR = 500,
};

/** Whether a client with these OCF_ROLE()s may write a property in a state: OCF_CHANGED, OCF_FORBIDDEN when others may
 * or the client may in other states, OCF_BAD_REQUEST when nobody ever may. */
enum ocf_code ocf_may_write(enum ocf_property property, enum ocf_state state, unsigned role);

/** The same for a step from one state to another, which may be the same: OCF_BAD_REQUEST when there is no such step. */
enum ocf_code ocf_may_enter(enum ocf_state from, enum ocf_state to, unsigned role);

/** "client", "dots", "cms", "ams"; "RESET" and so on. */
const char *ocf_role_name(enum ocf_role_name role);
const char *ocf_state_name(enum ocf_state state);
