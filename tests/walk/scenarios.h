// SPDX-License-Identifier: Apache-2.0
//
// What a run is made of: one table of named scenarios, and walks that choose every field by a seed.
#pragma once
#include "host/agent.h"
#include "tests/walk/line.h"

enum { SCENARIO_COMPONENTS = 4 };

enum trouble {
    NO_TROUBLE,
    AGENT_DIES,            // and perhaps another one comes
    POWER_FAILS,           // once or several times; the agent knows nothing of it
    POWER_RESUMES,         // likewise, and a new agent begins the same update each time
    CANCELLED,             // by the user of the agent
    POWER_FAILS_ON_TRIAL,  // or on the way there: from ActivateFirmware on, up to five times
    NEW_ONE_HANGS,         // the new firmware does, from its first instruction on
    TROUBLE_KINDS
};

struct scenario {
    const char *name;
    const char *sentence;  // given ... / when ... / then ...
    struct line_faults to_card, to_agent;
    uint32_t baud;
    uint32_t latency_us;        // of the agent, before each message
    uint16_t not_ready, wrong;  // per mille of RequestFirmwareData: asked to come again; answered with a wrong bit
    uint8_t components;         // bit i: component i of the board is in the package
    uint8_t forged;             // bit i: its image there is not authentic
    uint32_t size[SCENARIO_COMPONENTS];  // payload bytes
    uint32_t max_transfer;
    uint8_t outstanding;    // as the agent offers
    bool plain_engine;      // with one request at a time
    uint16_t package_data;  // bytes, 0: none
    enum agent_activation activation;
    enum agent_personality personality;
    bool on_pending;  // another update was activated before and has not started yet
    enum trouble trouble;
    bool may_fail;  // false: the first try has to succeed, unless there is trouble
};

/** What is zero in a row of the table is as usual: the first two components of some KiB at 1 Mbaud, 1 KiB a request. */
struct scenario scenario_whole(const struct scenario *scenario);

extern const struct scenario scenarios[];
extern const unsigned scenario_count;

/** A walk: every field by the dice. */
struct scenario scenario_random(struct dice *dice);
