// SPDX-License-Identifier: Apache-2.0
//
// What fwup says of its command line.
#include "host/fwup.h"
#include "host/fwup_keys.h"
#include "host/manual.h"

static const struct option_entry table[] = {
    {O_LINK, "--link", "-l", "LINK",
     "serial:DEVICE[,BAUD], pty:PATH, unix:PATH, sim:PATH or mctp:NET,EID[,INTERFACE]; one a device (required)"},
    {O_EID, "--eid", NULL, "EID", "for a device that has none, 9 to 254 (default 9); the agent's is 8"},
    {O_EID, "--eid", NULL, "EID[-EID]",
     "more than once behind one --link, or a range: several devices that have these EIDs already"},
    {O_JSON, "--json", NULL, NULL, "JSON, one object a line: events while it works, the result last"},
    {O_CAPTURE, "--capture", NULL, "FILE.pcapng", "write every MCTP packet to FILE, with direction and time"},
    {O_PROGRESS, "--progress", NULL, NULL, "show progress even where standard error is no terminal"},
    {O_COMPONENT, "--component", NULL, "N[,N...]", "only these components of the package, counted from 0"},
    {O_FORCE, "--force", NULL, NULL, "ask the device to take lower or equal versions, too"},
    {O_NO_RESTART, "--no-restart", NULL, NULL, "leave the new images pending: no self-contained activation"},
    {O_NO_ACTIVATE, "--no-activate", NULL, NULL,
     "send no ActivateFirmware at all: the device leaves update mode itself"},
    {O_PERSONALITY, "--personality", NULL, "NAME", "behave like another update agent, its faults too (default sluice)"},
    {O_MAX_TRANSFER, "--max-transfer", NULL, "BYTES", "largest RequestFirmwareData, 32 to 16384 (default 4096)"},
    {O_OUTSTANDING, "--max-outstanding", NULL, "N", "RequestFirmwareData under way at once, 1 to 255 (default 8)"},
    {O_TRIES, "--tries", NULL, "N", "of one request in all, 3 to 21 (default 3)"},
    {O_RESPONSE, "--response", NULL, "MS", "for one answer, 300 to 4800 (default 1000)"},
    {O_UA_T1, "--ua-t1", NULL, "MS", "before the next cancel command, 500 to 5000 (default 1000)"},
    {O_UA_T2, "--ua-t2", NULL, "SECONDS", "for the device to ask for data, 60 to 90 (default 75)"},
    {O_UA_T3, "--ua-t3", NULL, "SECONDS", "without progress of verify or apply, 180 or more (default 180)"},
    {O_UA_T4, "--ua-t4", NULL, "MS", "before the next RequestUpdate, 1000 to 5000 (default 2000)"},
    {O_UA_T5, "--ua-t5", NULL, "MS", "for the device to get its package data, 1000 to 5000 (default 5000)"},
    {O_RETURN, "--return", NULL, "SECONDS", "for the device to come back, over its own estimate (default 30)"},
    {O_POLICY, "--policy", NULL, "FILE", "what the owner of the devices demands (required; docs/fleet.md)"},
    {O_INVENTORY, "--inventory", NULL, "FILE", "what fwup --json inventory printed (default: standard input)"},
    {O_TODAY, "--today", NULL, "DATE", "the day to judge by, YYYY-MM-DD (default: today)"},
    {O_CARD, "--card", NULL, "FILE", "the program that simulates a card (default: the sluice-sim beside fwup)"},
    {O_RECORD, "--record", NULL, NULL, "write the results into the test manifest, as its manufacturer does"},
    {0, NULL, NULL, NULL, NULL},
};

#define BIT OPTION_BIT
#define ANY_COMMAND \
    (BIT(O_LINK) | BIT(O_EID) | BIT(O_JSON) | BIT(O_CAPTURE) | BIT(O_PERSONALITY) | BIT(O_TRIES) | BIT(O_RESPONSE))

#define CHECK  (BIT(O_JSON) | BIT(O_POLICY) | BIT(O_INVENTORY) | BIT(O_TODAY) | TOOL_APART)
#define REPLAY (BIT(O_JSON) | BIT(O_CARD) | BIT(O_RECORD) | TOOL_APART)

/* In the order of enum fwup_command. */
static const struct tool_command commands[] = {
    [FWUP_INVENTORY - 1] = {"inventory", "", "descriptors, active and pending versions", ANY_COMMAND},
    [FWUP_UPDATE - 1] = {"update", "FILE", "all of the package that is for the device",
                         ~(CHECK | REPLAY) | ANY_COMMAND},
    [FWUP_STATUS - 1] = {"status", "", "what the device is doing, and what its engine counted", ANY_COMMAND},
    [FWUP_CANCEL - 1] = {"cancel", "", "end an update that was left behind", ANY_COMMAND | BIT(O_UA_T1) | BIT(O_UA_T3)},
    [FWUP_DISCOVER - 1] = {"discover", "", "give the device an EID if it has none, and tell what it is", ANY_COMMAND},
    [FWUP_POLICY - 1] = {"policy", "(show | set FILE)",
                         "the operator's policy on updates of a Sluice card (docs/fwup.md)", ANY_COMMAND},
    [FWUP_CHECK - 1] = {"check", "--policy FILE DIR",
                        "what is due, by the releases and advisories in DIR (docs/fleet.md)", CHECK},
    [FWUP_REPLAY - 1] = {"replay-tests", "DIR", "the tests of the release in DIR, on a simulated card first", REPLAY},
    {NULL, NULL, NULL, 0},
};

static const char *personality(size_t index) {
    return agent_personality_name((enum agent_personality)index);
}

static const struct tool_words words[] = {
    {"--link", "serial: pty: unix: sim: mctp:", NULL},
    {"--personality", NULL, personality},
    {NULL, NULL, NULL},
};

static const char *const notes[] = {
    "Some personalities wait for ever.",
    "With several EIDs discover leaves out those that nobody answers for, and fails when nobody answers at all.",
    "Several devices are dealt with one after the other; an update skips those that no record of the package matches.",
    "An update that was interrupted is started again in the same way: the device asks only for what it lacks.",
    "check has status 1 when its gate is closed, replay-tests when a test failed.",
    "Whether an image is authentic is for the device to say: a Sluice card takes none but those that one of its root "
    "keys signed.",
    NULL,
};

const struct tool_manual tool_manual = {
    .tool = "fwup",
    .purpose = "updates the firmware of PLDM devices (DSP0267) over MCTP, and shows what they run",
    .synopsis = "fwup --link LINK [OPTION...]",
    .commands = commands,
    .options = table,
    .words = words,
    .notes = notes,
};
