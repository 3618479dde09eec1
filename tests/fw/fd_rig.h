// SPDX-License-Identifier: Apache-2.0
//
// A firmware device on a platform made of variables, and an update agent that speaks through the codec. The platform
// has two components by default; it does nothing by itself: a test reports the end of each piece of work.
#pragma once
#include "fw/pldm/fd.h"

/* Peer addresses: the other agent has the same EID on another link. */
enum { RIG_UA = 0x108, RIG_OTHER = 0x008, RIG_ANSWER = 1024, RIG_COMPONENTS = 8 };

/* What the platform took of package data or metadata. */
struct rig_data {
    uint32_t len;
    unsigned ends, wrong; /* times it was told to be complete; bytes that were not rig_byte's */
};

struct rig {
    struct fd fd;
    struct fd_ops ops;
    uint32_t now; /* ms */
    uint8_t instance;

    /* What the platform says. */
    uint8_t begin_code, check_code, start_result, cancel_code, activate_code, percent;
    uint16_t activate_s, delay_s, meta_len;
    uint8_t wants_package_data;
    uint16_t offer_package_data; /* what rig_request_update offers */
    bool deny_force, broken[RIG_COMPONENTS], link_full, done_at_once;
    uint16_t methods;
    const char *set_version;

    /* What it was asked to do. */
    struct rig_data taken[2];
    uint16_t package_data_len;
    unsigned begins, checks, starts, verifies, applies, cancels, activates, self_activates, abandons, sends;
    bool self_contained;
    uint8_t abandon_reason, cancel_state, worked_on;
    struct fd_offer offer;
    struct fd_transfer transfer;
    uint8_t sent[16];
    uint16_t sent_to;
    size_t sent_len;
    uint32_t sent_ms;

    uint8_t answer[RIG_ANSWER];
    size_t answer_len;
};

void rig_init(struct rig *rig);
/* Byte @p i of package data and metadata. */
static inline uint8_t rig_byte(size_t i) {
    return (uint8_t)(i * 31 + (i >> 8));
}
/* Time passes in steps no longer than fd_tick wanted. */
void rig_advance(struct rig *rig, uint32_t ms);

/* Sends bytes from @p source; the answer is in rig->answer. Then fd_tick, as an event loop does. Returns the answer's
 * completion code, or FFh without an answer. */
uint8_t rig_send(struct rig *rig, uint16_t source, const uint8_t *msg, size_t len);
/* Sends a command with the next instance ID. */
uint8_t rig_command(struct rig *rig, uint8_t command, const uint8_t *body, size_t len);
/* The update agent answers the FD's last request with @p code. */
void rig_acknowledge(struct rig *rig, uint8_t code);

uint8_t rig_request_update(struct rig *rig);
/* Component @p i of the rig with the stamp 100 + i and the version "v2". Both return the response code, or the
 * completion code plus 1000. */
unsigned rig_pass(struct rig *rig, uint8_t i, uint8_t flag);
unsigned rig_update(struct rig *rig, uint8_t i, uint32_t size, bool force);
uint8_t rig_activate(struct rig *rig, bool self_contained);
struct pldm_get_status_resp rig_status(struct rig *rig);

/* Brings a fresh device to a state by the main path, with both components passed and the first being updated. */
void rig_to(struct rig *rig, uint8_t state);
/* From DOWNLOAD to READY XFER, everything good. */
void rig_finish_component(struct rig *rig);
