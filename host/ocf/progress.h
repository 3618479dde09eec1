// SPDX-License-Identifier: Apache-2.0
//
// What a validation or an update is doing, and what the last one came to: the resource /x.sluice/update, beside pstat,
// which has no place for it.
#pragma once
#include <stdbool.h>
#include <stdint.h>

enum { OCF_LINE = 200 };

struct ocf_progress {
    const char *work;      /* "none", "validation", "update" */
    bool autonomous;       /* the device began it itself */
    uint16_t component;    /* of the package, being worked on */
    uint8_t percent;       /* of it, in this stage */
    char stage[64];        /* of the update, as the agent calls it; or nothing */
    char package[96];      /* name of the file in the trusted source; or nothing */
    char result[OCF_LINE]; /* of the last that ended, one line; or nothing */
};
