// SPDX-License-Identifier: Apache-2.0
//
// What the parts of the firmware device share: fd.c (states, timers, own requests), fd_commands.c (table 9, update
// commands), fd_data.c (package data and metadata) and fd_inventory.c (what the device says about itself).
#pragma once
#include "fw/pldm/fd.h"

/* fd_passed.flags */
enum {
    FD_PASSED = 1 << 0,   /* in the component table that the update agent passed */
    FD_EXPECTED = 1 << 1, /* has to be updated before ActivateFirmware */
    FD_DONE = 1 << 2,     /* applied, and the update agent knows */
};

/* Goes to @p state, which is neither IDLE nor the present one. */
void fd_enter(struct fd *fd, uint8_t state);
/* Leaves update mode, with no work or own request left. The platform hears of it unless the update was activated. */
void fd_enter_idle(struct fd *fd, uint8_t reason);
/* Gives up the component of DOWNLOAD, VERIFY or APPLY, if there is one, and the own request. Returns 0 or the
 * platform's PLDM_BUSY_IN_BACKGROUND; then nothing has changed. */
uint8_t fd_cancel_work(struct fd *fd);
/* The update agent has acknowledged the own request: the next state after a success. */
void fd_acknowledged(struct fd *fd);

/* Begins an own request: sent from the next fd_tick on, until it is acknowledged or given up. */
void fd_post(struct fd *fd, uint8_t command, const uint8_t *body, size_t len);
/* Is every component that has to be updated applied? */
bool fd_all_applied(const struct fd *fd);

/* Begins to get the package data, or the metadata back; fd_pull_answer takes the first piece of an answer. */
void fd_pull_begin(struct fd *fd, enum fd_data what);
void fd_pull_answer(struct fd *fd, const uint8_t *body, size_t len, bool more);
void fd_pull_bytes(struct fd *fd, const uint8_t *bytes, size_t len, bool more);
/* Is such a request under way? */
bool fd_pulling(const struct fd *fd);

/* A request in the hands of its handler. */
struct fd_call {
    uint16_t source;
    const uint8_t *body; /* of the request */
    size_t len;
    uint8_t *out; /* body of the answer */
    size_t size;
    size_t out_len; /* set by the handler; stays 0 when the answer is a completion code alone */
};

/* Returns the completion code. */
typedef uint8_t fd_handler_fn(struct fd *fd, struct fd_call *call);
fd_handler_fn fd_query_device_identifiers, fd_get_firmware_parameters, fd_get_device_meta_data;

/* Takes what an encoder returned: an answer that did not fit is PLDM_ERROR. */
uint8_t fd_encoded(struct fd_call *call, size_t out_len);

/* Index into the platform's table, or FD_NO_COMPONENT. */
enum { FD_NO_COMPONENT = 0xFF };
uint8_t fd_find_component(struct fd *fd, uint16_t classification, uint16_t identifier, uint8_t index);
