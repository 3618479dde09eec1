// SPDX-License-Identifier: Apache-2.0
//
// The board's policy on what may replace a component's image: DSP0267's comparison rules as a table
// (fw/board/board.h) and the response codes that follow from it (tables 17, 18).
#pragma once
#include "fw/board/board.h"
#include "fw/pldm/fd.h"
#include "fw/update/slots.h"

/** The board's policy on a component as the operator's own one changes it. */
struct board_policy policy_with(const struct board_policy *board, const struct policy *operators);

/** Judges @p offer against the running image.
 * @return 0 or why not: 01h/02h stamp identical or lower, 03h no stamp where one is needed, 07h never to be downgraded,
 *         0Ah/0Bh version identical or lower */
uint8_t policy_judge(const struct board_policy *policy, const struct slot_info *running, const struct fd_offer *offer);

/** Whether @p offer is an image that is in one of the component's slots, whose security version is known to be below @p
 * minimum: before its manifest has come, an offer says no more of itself than version and stamp. */
bool policy_known_old(const struct slots *slots, uint8_t component, uint32_t minimum, const struct fd_offer *offer);
