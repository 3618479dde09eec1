// SPDX-License-Identifier: Apache-2.0
//
// The table of scenarios; see scenarios.h.
#include "tests/walk/scenarios.h"

#define KIB            1024u
#define BOTH_WAYS(...) .to_card = {__VA_ARGS__}, .to_agent = {__VA_ARGS__}
const struct scenario scenarios[] = {
    {.name = "clean",
     .package_data = 100,
     .sentence = "given a good link / when firmware and FPGA image are updated / then both run at once"},
    {.name = "firmware",
     .components = 1,
     .sentence = "given a package with the firmware alone / when updated / then the FPGA image stays"},
    {.name = "fpga",
     .components = 2,
     .package_data = 3000,
     .sentence = "given a package with the FPGA image alone / when updated / then the firmware stays"},
    {.name = "all",
     .components = 15,
     .sentence =
         "given components with every way of activation / when all are updated / then all are what they should"},
    {.name = "automatic",
     .components = 4,
     .sentence = "given a component that is activated when applied / when updated / then it runs without a restart"},
    {.name = "power-cycle",
     .components = 8,
     .sentence = "given a component that only a power cycle activates / when updated / then it is pending"},
    {.name = "tables",
     .size = {63 * KIB, 700 * KIB},
     .max_transfer = 4 * KIB,
     .baud = 3000000,
     .sentence = "given images of the largest firmware and two hash tables / when updated / then both run"},
    {.name = "tiny", .size = {1, 65}, .sentence = "given images of 1 and 65 bytes / when updated / then both run"},
    {.name = "baseline",
     .max_transfer = 32,
     .sentence = "given an agent that offers 32 bytes a transfer / when updated / then both run"},
    {.name = "odd",
     .max_transfer = 150,
     .sentence = "given an agent that offers 150 bytes a transfer / when updated / then both run"},
    {.name = "outstanding",
     .outstanding = 4,
     .latency_us = 20000,
     .sentence = "given a slow agent / when asked for four pieces at once / then both run"},
    {.name = "pending",
     .activation = AGENT_ACTIVATE_PENDING,
     .sentence = "given an activation that waits / when updated / then the new images are pending, and replaced later"},
    {.name = "replacing",
     .on_pending = true,
     .sentence = "given a pending image / when updated before it has started / then the newer ones run"},
    {.name = "unactivated",
     .activation = AGENT_ACTIVATE_NOT,
     .sentence =
         "given an agent that never activates / when its update is over / then FD_T1 ends it and nothing is new"},

    {.name = "openbmc",
     .personality = AGENT_OPENBMC,
     .sentence = "given openbmc/pldm / when it updates / then the new images are pending"},
    {.name = "mctp-rs",
     .personality = AGENT_MCTP_RS,
     .sentence = "given mctp-rs / when it updates / then the new images are pending"},
    {.name = "openbic",
     .personality = AGENT_OPENBIC,
     .sentence = "given OpenBIC / when it updates / then the new images are pending"},
    {.name = "caliptra",
     .personality = AGENT_CALIPTRA,
     .sentence = "given Caliptra's agent / when it updates / then both images run"},

    {.name = "lossy",
     BOTH_WAYS(.lost = 5),
     .sentence = "given a link that loses frames / when updated / then both images run"},
    {.name = "repeating",
     BOTH_WAYS(.twice = 20),
     .sentence = "given a link that repeats each fiftieth frame / when updated / then both images run"},
    {.name = "late",
     BOTH_WAYS(.late = 5),
     .sentence = "given a link that changes the order of frames / when updated / then both images run"},
    {.name = "noisy",
     BOTH_WAYS(.damaged = 5, .cut = 5),
     .sentence = "given a link that damages and cuts frames / when updated / then both images run"},
    {.name = "unready",
     .not_ready = 50,
     .sentence = "given an agent that asks to come again now and then / when updated / then both images run"},
    {.name = "lying",
     .wrong = 5,
     .sentence =
         "given data that is wrong now and then / when updated / then it is asked for again and both images run"},
    {.name = "pausing",
     BOTH_WAYS(.paused = 1),
     .max_transfer = 4 * KIB,
     .sentence = "given a link that is dead for seconds now and then / when updated / then both images run"},
    {.name = "bad",
     BOTH_WAYS(3, 3, 3, 0, 3, 3),
     .outstanding = 4,
     .max_transfer = 512,
     .sentence = "given a link with every fault and four requests at once / when updated / then both images run"},
    {.name = "bad-openbmc",
     BOTH_WAYS(3, 3, 3, 0, 3, 3),
     .personality = AGENT_OPENBMC,
     .may_fail = true,
     .sentence = "given openbmc/pldm on a bad link / when it updates / then the card comes to rest whole"},
    {.name = "hopeless",
     BOTH_WAYS(.lost = 300),
     .may_fail = true,
     .sentence = "given a link that loses each third frame / when updated / then the card comes to rest whole"},

    {.name = "forged",
     .components = 3,
     .forged = 1,
     .may_fail = true,
     .sentence =
         "given firmware that is not authentic / when updated / then it gets into no slot and the old one runs"},
    {.name = "forged-all",
     .components = 15,
     .forged = 15,
     .may_fail = true,
     .sentence =
         "given images that are not authentic / when updated / then none gets into a slot and the old ones run"},

    {.name = "death",
     .trouble = AGENT_DIES,
     .sentence = "given an agent that dies / when another one comes, or none / then the card comes to rest whole"},
    {.name = "power",
     .trouble = POWER_FAILS,
     .sentence = "given power that fails up to three times / when updated / then the card comes to rest whole"},
    {.name = "power-again",
     .size = {60 * KIB, 400 * KIB, 30 * KIB, 40 * KIB},
     .components = 15,
     .baud = 3000000,
     .max_transfer = 4 * KIB,
     .trouble = POWER_RESUMES,
     .sentence = "given power that fails again and again / when the same update follows / then nothing weak is left"},
    {.name = "power-pending",
     .on_pending = true,
     .trouble = POWER_FAILS,
     .sentence = "given a pending image that is replaced / when the power fails / then one that is whole starts"},
    {.name = "power-on-trial",
     .trouble = POWER_FAILS_ON_TRIAL,
     .sentence = "given power that fails up to five times around a trial / when updated / then the new or the old run"},
    {.name = "power-on-trial-all",
     .components = 15,
     .trouble = POWER_FAILS_ON_TRIAL,
     .sentence =
         "given power that fails around a trial of all / when updated / then all that share the trial go the same way"},
    {.name = "power-on-trial-pending",
     .on_pending = true,
     .components = 2,
     .trouble = POWER_FAILS_ON_TRIAL,
     .sentence = "given a pending image that is replaced / when power fails on trial / then one that is whole starts"},
    {.name = "hang",
     .trouble = NEW_ONE_HANGS,
     .sentence = "given firmware that hangs / when updated / then the card falls back and can be updated"},
    {.name = "hang-all",
     .components = 15,
     .trouble = NEW_ONE_HANGS,
     .sentence = "given firmware that hangs / when all is updated / then what was on trial with it falls back as well"},
    {.name = "cancel",
     .trouble = CANCELLED,
     .sentence = "given a user who cancels / when updated / then the card comes to rest whole"},
    {.name = "bad-power",
     .trouble = POWER_FAILS,
     BOTH_WAYS(2, 2, 2, 0, 2, 2),
     .sentence = "given power that fails and a bad link / when updated / then the card comes to rest whole"},
};
const unsigned scenario_count = sizeof scenarios / sizeof scenarios[0];

struct scenario scenario_whole(const struct scenario *scenario) {
    struct scenario s = *scenario;
    if (s.baud == 0) s.baud = 1000000;
    if (s.components == 0) s.components = 3;
    for (unsigned c = 0; c < SCENARIO_COMPONENTS; c++)
        if (s.size[c] == 0) s.size[c] = (uint32_t[]){20 * KIB, 50 * KIB, 30 * KIB, 40 * KIB}[c];
    if (s.max_transfer == 0) s.max_transfer = KIB;
    if (s.outstanding == 0) s.outstanding = 1;
    if (s.trouble != NO_TROUBLE) s.may_fail = true;
    return s;
}

/* Some rates per mille that add up to a bad link or a good one. */
static struct line_faults faults(struct dice *dice) {
    static const uint16_t sums[] = {0, 0, 1, 3, 10, 10, 30, 100};
    struct line_faults f = {.paused = dice_below(dice, 8) == 0};
    uint16_t *const kinds[] = {&f.lost, &f.twice, &f.late, &f.damaged, &f.cut};
    for (uint32_t left = sums[dice_below(dice, 8)], part; left != 0; left -= part) {
        part = 1 + dice_below(dice, left);
        uint16_t *kind = kinds[dice_below(dice, 5)];
        *kind = (uint16_t)(*kind + part);
    }
    return f;
}

struct scenario scenario_random(struct dice *dice) {
    static const uint32_t bauds[] = {115200, 460800, 1000000, 3000000};
    static const uint32_t transfers[] = {32, 64, 150, 512, 1024, 2048, 4096, 16384};
    struct scenario s = {.name = "random", .may_fail = true};
    s.to_card = faults(dice);
    s.to_agent = faults(dice);
    s.baud = bauds[dice_below(dice, 4)];
    s.latency_us = dice_below(dice, 2) == 0 ? 0 : (uint32_t)dice_magnitude(dice, 17);
    s.components = (uint8_t)(1 + dice_below(dice, 15));
    if (dice_below(dice, 8) == 0) s.forged = (uint8_t)(1 + dice_below(dice, 15));
    s.size[0] = 1 + dice_below(dice, 24 * KIB);
    s.size[1] = 1 + dice_below(dice, dice_below(dice, 16) == 0 ? 600 * KIB : 60 * KIB);
    s.size[2] = 1 + dice_below(dice, 40 * KIB);
    s.size[3] = 1 + dice_below(dice, dice_below(dice, 2) == 0 ? 100 * KIB : KIB);
    s.max_transfer = transfers[dice_below(dice, 8)];
    s.outstanding = (uint8_t)(1 + dice_below(dice, 8));
    s.plain_engine = dice_below(dice, 4) == 0;
    if (dice_below(dice, 8) == 0) s.not_ready = (uint16_t)dice_magnitude(dice, 8);
    if (dice_below(dice, 8) == 0) s.wrong = (uint16_t)dice_magnitude(dice, 5);
    if (dice_below(dice, 4) == 0) s.package_data = (uint16_t)dice_magnitude(dice, 13);
    if (dice_below(dice, 4) == 0) s.activation = (enum agent_activation)dice_below(dice, AGENT_ACTIVATE_NOT + 1);
    if (dice_below(dice, 2) == 0) s.personality = (enum agent_personality)dice_below(dice, AGENT_CALIPTRA + 1);
    s.on_pending = dice_below(dice, 4) == 0;
    s.trouble = (enum trouble)dice_below(dice, TROUBLE_KINDS);
    return s;
}
