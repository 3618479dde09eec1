// SPDX-License-Identifier: Apache-2.0
//
// The table of agent_personality.h, read from the sources of the agents named.
#include "host/agent_personality.h"

/* openbmc/pldm, fw-update/: one request at a time from a queue per device, no state of its own for what the device may
 * send, hence no order either. */
#define OPENBMC_TRAITS                                                                                            \
    .expects = EXPECT_SET_VERSION, .response_ms = 2000, .tries = 3, .give_up_ms = 5000, .no_second_chance = true, \
    .types = TYPES_LAST, .status = STATUS_NEVER, .one_outstanding = true, .ascii = true, .no_package_data = true, \
    .no_meta_data = true, .index = INDEX_ONE, .force = FORCE_PACKAGED, .stray_options = true,                     \
    .failure = FAILURE_GOES_ON, .idle_ms = 60000, .idle_from_data = true, .any_order = true,                      \
    .stray_code = PLDM_ERROR_INVALID_DATA, .repeat = REPEAT_SERVED, .report = REPORT_ANSWERED_LATE,               \
    .no_cancel_update = true, .never_self_contained = true, .needs_activation = true, .ends_activated = true

static const struct agent_traits table[] = {
    [AGENT_SLUICE] = {.name = "sluice"},
    [AGENT_OPENBMC] = {.name = "openbmc", .transfer_sizes = {4096}, OPENBMC_TRAITS},
    /* mctp-rs, pldm-fw: straight-line code that ends with the first thing it did not expect. */
    [AGENT_MCTP_RS] = {.name = "mctp-rs",
                       .expects =
                           EXPECT_SHORT_ANSWERS | EXPECT_PLAIN_STRINGS | EXPECT_KNOWN_DESCRIPTORS | EXPECT_AUX_STATE,
                       .instance_zero = true,
                       .no_timers = true,
                       .no_second_chance = true,
                       .types = TYPES_NEVER,
                       .status = STATUS_CHECKED,
                       .exact_match = true,
                       .transfer_sizes = {16384},
                       .one_outstanding = true,
                       .counts_one = true,
                       .package_version = true,
                       .ascii = true,
                       .no_package_data = true,
                       .hides_package_data = true,
                       .no_meta_data = true,
                       .index = INDEX_ZERO,
                       .force = FORCE_NEVER,
                       .failure = FAILURE_STOPS,
                       .any_range = true,
                       .pads_with_file = true,
                       .stray_fatal = true,
                       .repeat = REPEAT_FATAL,
                       .report = REPORT_FATAL,
                       .transfer_failure_unseen = true,
                       .apply_zero_only = true,
                       .no_cancel_update = true,
                       .never_self_contained = true,
                       .ends_activated = true},
    /* The agent of cards with OpenBIC is openbmc/pldm, built for their small buffers. */
    [AGENT_OPENBIC] = {.name = "openbic", .transfer_sizes = {512, 150}, OPENBMC_TRAITS},
    /* The agent of Caliptra's emulator: off by one at the end of the image. */
    [AGENT_CALIPTRA] = {.name = "caliptra", .padding_cut = 1},
};
enum { PERSONALITIES = sizeof table / sizeof table[0] };

const char *agent_personality_name(enum agent_personality personality) {
    return (unsigned)personality < PERSONALITIES ? table[personality].name : NULL;
}

const struct agent_traits *agent_traits(enum agent_personality personality) {
    return &table[(unsigned)personality < PERSONALITIES ? personality : AGENT_SLUICE];
}

void agent_traits_adopt(const struct agent_traits *traits, struct agent_config *config) {
    const uint32_t *sizes = traits->transfer_sizes;
    if (sizes[0] != 0) config->max_transfer = sizes[1] != 0 && config->max_transfer < sizes[0] ? sizes[1] : sizes[0];
    if (traits->one_outstanding) config->max_outstanding = 1;
    if (traits->response_ms != 0) config->response_ms = traits->response_ms;
    if (traits->tries != 0) config->tries = traits->tries;
    if (traits->idle_ms != 0) config->ua_t2_ms = traits->idle_ms;
}
