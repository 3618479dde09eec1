// SPDX-License-Identifier: Apache-2.0
//
// The card as a firmware device: joins the PLDM state machine (fw/pldm/fd.h) with transfer, slots, journal and board
// table. No hardware in it: what it needs of the card comes through struct device_io and struct engine.
//
// Promise: the running slot of a component is never written, if it has two. A slot becomes the next one only after each
// of its bytes was verified from the flash and ActivateFirmware asked for it; that takes one journal record. What then
// starts is on trial: it becomes the active one, in one record for all components, when the card finds itself healthy
// (device_trial.c); else the card restarts, and the boot ROM counts.
#pragma once
#include "fw/board/board.h"
#include "fw/pldm/fd.h"
#include "fw/update/slots.h"
#include "fw/update/transfer.h"

/** What the card does for it. read and the journal's operations block and are used only while no transfer is busy. */
struct device_io {
    void *context;
    slots_read_fn *read;
    const struct journal_flash *journal;
    const uint32_t *journal_address;  // of its two sectors in the flash
    /** Sets the update agent (peer address as fd.h has it), the request length and how many requests may be
     * outstanding, for the orders to come. */
    void (*request)(void *context, uint16_t peer, uint8_t chunk_log2, uint8_t outstanding);
    /** Blocks until the engine has something to say, then calls device_engine(). */
    void (*wait)(void *context);
    /** Restarts the card once everything sent has left the wire. */
    void (*restart)(void *context);
    /** As fd_ops.send. */
    bool (*send)(void *context, uint16_t peer, const uint8_t *msg, size_t len);
    /** Sends a vendor-defined message to whom the operator's policy names; NULL: it cannot. */
    void (*notify)(void *context, uint8_t link, uint8_t eid, const uint8_t *msg, size_t len);
};

/** TransferResult in the vendor's range (DSP0267 table 22). */
enum device_transfer_result {
    DEVICE_BAD_MANIFEST = 0x70,  // not an image, or one that is inconsistent
    DEVICE_WRONG_TARGET = 0x71,  // for another component or load address, or of another size than announced
    DEVICE_TOO_LARGE = 0x72,     // for the slot
    DEVICE_BAD_HASH = 0x73,      // a block does not match its hash
    DEVICE_FLASH = 0x74,         // a program or erase failed
    // Not authentic (fw/image/trust.h), in the order of enum image_trust:
    DEVICE_UNSIGNED = 0x75,
    DEVICE_WRONG_KEY = 0x76,      // the public key is not the one that the key identifier names
    DEVICE_UNKNOWN_KEY = 0x77,    // none of the board's roots
    DEVICE_REVOKED_KEY = 0x78,    // a root that is trusted no more
    DEVICE_BAD_SIGNATURE = 0x79,  // not made by this key, or the manifest was changed after it
    DEVICE_OLD = 0x7A,            // its security version is below the minimum
    DEVICE_DENIED_KEY = 0x7B,     // a root that the operator's policy does not let sign
};

/** ComponentResponseCode in the vendor's range (tables 17, 18), beside fd.h's. */
enum device_response {
    DEVICE_RESPONSE_POLICY = 0xD1,  // the operator's policy keeps the component as it is
};

/** A policy that comes in parts. */
struct policy_upload {
    uint16_t have;  // bytes, from the first on
    uint16_t last;  // where the last part began
    uint8_t code;   // what it was answered
};

struct device {
    struct fd fd;
    struct fd_ops ops;
    const struct device_io *io;
    const struct board_identity *identity;
    uint32_t offered[JOURNAL_COMPONENTS];  // comparison stamps in the component table, 0: not in it
    struct fd_transfer start;              // what transfer_start was called with
    struct policy_upload upload;
    bool read_only;       // no update may begin: the flash cannot be used
    bool starting;        // the transfer waits for the engine, or for the journal's next sector
    uint8_t reporting;    // transfer phase whose end fd waits for: TRANSFER_DOWNLOAD, _VERIFY, _ERASE, or TRANSFER_IDLE
    uint8_t applied;      // bit i: component i is verified and waits for ActivateFirmware
    uint8_t sign;         // of the update agent: changes with each block that it delivered
    uint8_t restart;      // enum device_restart
    uint32_t restart_ms;  // when quiescing began
    uint32_t now_ms;      // of the last device_tick
    uint32_t start_ms;    // what the last start took; 0: not known
    uint32_t trial_ms;    // when the trial began: at the first tick
    bool trial_timed;     // that has been
    bool heard;           // a packet has come
    // What is large comes last: instructions reach the rest directly.
    struct transfer transfer;
    struct transfer_announced announced;
    struct slots slots;
};

enum device_restart { DEVICE_RUNS, DEVICE_RESTART_ASKED, DEVICE_QUIESCES, DEVICE_RESTARTS };

/** @param handover  what the boot ROM started (fw/boot/handover.h)
 * @param read_only answer inventory only
 *
 * @p engine, @p io and the board's tables must outlive @p device. */
void device_init(struct device *device, const struct engine *engine, const struct device_io *io,
                 const struct board_component *components, uint8_t count, const struct board_identity *identity,
                 uint32_t handover, bool read_only);

/** The card answers from now on, @p ms after its reset: what a self-contained activation announces is not less. */
static inline void device_started(struct device *device, uint32_t ms) {
    device->start_ms = ms;
}

/** The engine completed @p done orders since the last call, then stopped if @p stopped (and has been cleared).
 * @return whether a download merely goes on: device_tick() need not be called before it said */
bool device_engine(struct device *device, unsigned done, bool stopped, unsigned reason);

/** Timers. @return milliseconds until the next call is due, at most DEVICE_TICK_MS */
uint32_t device_tick(struct device *device, uint32_t now_ms);
#define DEVICE_TICK_MS 4000u

/** A good MCTP packet has come: the link works. */
void device_heard(struct device *device);

/** What the slots of component @p i are. Strings stay valid until the next call of anything here. */
void device_slots(const struct device *device, uint8_t i, struct slots_status *status);

/** The lowest security version that component @p i may have now. */
uint32_t device_minimum(const struct device *device, uint8_t i);

/** The operator's policy (device_policy.c): what it is; a part of the next one, the data of VENDOR_POLICY_PART.
 * @return its completion code; the last part's, if it is good, comes when the policy is in the journal, which takes as
 * long as an erase of 4 KiB */
void device_policy(const struct device *device, struct policy_status *status);
uint8_t device_policy_part(struct device *device, const uint8_t *data, size_t len);

/* Between device.c, device_trial.c and device_policy.c. */
/** An update is asked for: what is there of a policy is lost. @return what RequestUpdate is answered, 0: it may begin
 */
uint8_t device_policy_begin(struct device *device);
/** Whether component @p i may be updated. */
bool device_policy_permits(const struct device *device, uint8_t i);
/** Tells whom the policy names. @p kind: enum notice_kind */
void device_notify(const struct device *device, uint8_t kind, uint8_t code);
/** Begins to erase the journal's next sector, unless it is erased already. @return whether it began */
bool device_prepare_journal(struct device *device);
/** The erase that was begun has ended. @return whether the sector is erased */
bool device_journal_prepared(struct device *device);
/** Stores the journal; where that fails it is as @p before again. */
bool device_store(struct device *device, const struct journal *before);
/** Tells the board of the minimum of each of the first @p count components that is higher than its fuses', but of none
 * that the running image would not pass itself. */
void device_raise_fuses(const struct device *device, uint8_t count);
void device_begin_trial(struct device *device);
/** @return milliseconds until it wants to be called again */
uint32_t device_trial(struct device *device);
