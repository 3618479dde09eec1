// SPDX-License-Identifier: Apache-2.0
//
// What job.c runs in the process that it makes.
#pragma once
#include <signal.h>

#include "host/ocf/job.h"

/** The work itself, up to the end of the process. @p signals: the mask once there are handlers */
_Noreturn void ocf_work(int socket, const struct ocf_setup *setup, const struct ocf_record *record, uint8_t mode,
                        const sigset_t *signals);
