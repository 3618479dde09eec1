// SPDX-License-Identifier: Apache-2.0
//
// See policy.h.
#include "fw/update/policy.h"

#include "fw/update/version.h"

#define NO_STAMP UINT32_MAX  // of a package that does not use stamps (DSP0267 table 5)

static int compare(const struct board_policy *policy, const struct slot_info *running, const struct fd_offer *offer) {
    const struct pldm_string version = {running->version_type, running->version_length, running->version};
    if (policy->compare == BOARD_BY_VERSION) return version_compare(&offer->version, &version);
    return (offer->stamp > running->stamp) - (offer->stamp < running->stamp);
}

struct board_policy policy_with(const struct board_policy *board, const struct policy *operators) {
    struct board_policy policy = *board;
    if (operators->sequence == 0 || operators->rollback == POLICY_AS_BOARD) return policy;
    policy.lower = operators->rollback == POLICY_ALLOWED ? BOARD_ACCEPT : BOARD_REFUSE;
    return policy;
}

uint8_t policy_judge(const struct board_policy *policy, const struct slot_info *running, const struct fd_offer *offer) {
    static const uint8_t refusals[2][2] = {
        [BOARD_BY_STAMP] = {PLDM_COMPONENT_STAMP_IDENTICAL, PLDM_COMPONENT_STAMP_LOWER},
        [BOARD_BY_VERSION] = {PLDM_COMPONENT_VERSION_IDENTICAL, PLDM_COMPONENT_VERSION_LOWER},
    };
    bool open = policy->same == BOARD_ACCEPT && policy->lower == BOARD_ACCEPT;
    if (open || !running->valid) return PLDM_COMPONENT_CAN_BE_UPDATED;
    if (policy->compare == BOARD_BY_STAMP && offer->stamp == NO_STAMP) return PLDM_COMPONENT_STAMP_INVALID;
    int order = compare(policy, running, offer);
    if (order > 0) return PLDM_COMPONENT_CAN_BE_UPDATED;
    enum board_verdict verdict = order == 0 ? policy->same : policy->lower;
    if (verdict == BOARD_ACCEPT || (verdict == BOARD_IF_FORCED && offer->force)) return PLDM_COMPONENT_CAN_BE_UPDATED;
    if (verdict == BOARD_REFUSE && order < 0) return PLDM_COMPONENT_SECURITY_RESTRICTION;
    return refusals[policy->compare][order < 0];
}

bool policy_known_old(const struct slots *slots, uint8_t component, uint32_t minimum, const struct fd_offer *offer) {
    for (uint8_t slot = 0; slot <= BOARD_GOLDEN; slot++) {
        const struct slot_info *info = slots_info(slots, component, slot);
        if (slot == BOARD_GOLDEN && component != BOARD_FIRMWARE) break;
        if (!info->valid || info->security_version >= minimum || info->stamp != offer->stamp) continue;
        const struct pldm_string version = {info->version_type, info->version_length, info->version};
        if (version_compare(&version, &offer->version) == 0) return true;
    }
    return false;
}
