// SPDX-License-Identifier: Apache-2.0
//
// The keys of fwup's options (host/fwup_manual.c).
#pragma once

enum fwup_key {
    O_LINK = 1,
    O_EID,
    O_JSON,
    O_PROGRESS,
    O_CAPTURE,
    O_COMPONENT,
    O_FORCE,
    O_NO_RESTART,
    O_NO_ACTIVATE,
    O_PERSONALITY,
    O_MAX_TRANSFER,
    O_OUTSTANDING,
    O_TRIES,
    O_RESPONSE,
    O_UA_T1,
    O_UA_T2,
    O_UA_T3,
    O_UA_T4,
    O_UA_T5,
    O_RETURN,
    O_POLICY,
    O_INVENTORY,
    O_TODAY,
    O_CARD,
    O_RECORD,
    OPTIONS,
};
