// SPDX-License-Identifier: Apache-2.0
//
// The firmware device of DSP0267: state machine (table 9), timers (table 2), inventory, and the FD's own requests
// TransferComplete, VerifyComplete and ApplyComplete. It knows nothing of links, flash or images: a platform supplies
// those through `struct fd_ops` and reports how its work ended. RequestFirmwareData is not sent here: the platform's
// hardware does that between transfer_start and fd_transfer_done.
//
// An update agent is known by its peer address, 16 bits that only the platform understands: its EID, and whatever else
// it takes to tell two agents apart and to reach one (the number of the link).
//
// Promise: after any sequence of messages, losses and silences the device is back in IDLE at most FD_T1 after the last
// sign of the update agent (plus the platform's own verify, apply or activate time), without anybody's help.
//
// An event loop does, for each message: `n = fd_message(...)`, send the n bytes, then `fd_tick`; and calls fd_tick
// again no later than the time fd_tick returned. Work that must not overtake an answer (the first RequestFirmwareData,
// a self-contained activation) starts in fd_tick. Single-threaded: operations may be called from inside these functions
// only, and the fd_*_done functions may be called from inside an operation.
#pragma once
#include "fw/pldm/pldm.h"
#include "fw/pldm/pldm_base.h"

enum {
    FD_MAX_COMPONENTS = 8,
    FD_MAX_PASSED = 64,   /* CancelUpdate's bitmap ends here (table 29) */
    FD_T1_MS = 90000,     /* FD_T1, table 2: 60 s .. 120 s */
    FD_TRIES = 3,         /* UAFD_T1, table 2, and PN1 of DSP0240: tries of an own request */
    FD_RETRY_MS = 4600,   /* PT2 of DSP0240: agents in the field mistake an earlier repetition for a new message */
    FD_REPLAY_MS = 6000,  /* how long a repeated request gets the first answer (instance ID expiry of DSP0240) */
    FD_MAX_REQUEST = 277, /* bytes of the longest request: UpdateComponent with a 255-byte version */
    FD_MIN_ANSWER = 64,   /* bytes an answer buffer must have; inventory needs more: descriptors, version strings */
};

/* The vendor's part of the code ranges (the first descriptor has to be a PCI vendor ID or an IANA enterprise ID). */
enum fd_vendor_code {
    FD_RESPONSE_SIZE = 0xD0,        /* ComponentCompatibilityResponseCode: ComponentImageSize cannot be accepted */
    FD_REASON_TIMEOUT_VERIFY = 200, /* ReasonCode: FD_T1 passed in VERIFY after the verification had ended */
    FD_REASON_TIMEOUT_APPLY = 201,  /* ReasonCode: FD_T1 passed in APPLY after the apply had ended */
    FD_REASON_ACTIVATE_FAILED = 202 /* ReasonCode: a self-contained activation failed or was never reported */
};

/** A component that an update agent offers. `version.bytes` lives as long as the call: copy what must outlive it. */
struct fd_offer {
    bool passing;     /* PassComponentTable: size and force are not known yet. Else UpdateComponent */
    uint32_t stamp;   /* ComponentComparisonStamp */
    uint32_t size;    /* ComponentImageSize in bytes, never 0; 0 when passing */
    bool force;       /* in: asked for. The platform clears it if it does not honour the flag */
    uint16_t delay_s; /* out, 0 before: seconds until the first RequestFirmwareData */
    struct pldm_string version;
};

/** What travels beside the images, in parts (clause 12.1). */
enum fd_data {
    FD_PACKAGE_DATA, /* of the package, for the device */
    FD_META_DATA,    /* the device's own, kept by the update agent meanwhile */
};

/** A transfer to begin. */
struct fd_transfer {
    uint8_t component;          /* index into the platform's table */
    uint16_t peer;              /* the update agent */
    uint8_t max_outstanding;    /* MaximumOutstandingTransferRequests, at least 1 */
    uint32_t image_size;        /* bytes */
    uint32_t max_transfer_size; /* bytes, at least 32 */
};

/** What the platform supplies. Each operation gets the `context` given to fd_init. None may be NULL unless it says so.
 */
struct fd_ops {
    /** The descriptors of QueryDeviceIdentifiers, the initial one first (table 7). */
    const struct pldm_descriptor *descriptors;
    uint8_t descriptor_count;
    /** Components, at most FD_MAX_COMPONENTS. */
    uint8_t component_count;
    /** The device's CapabilitiesDuringUpdate (table 12). Without PLDM_CAPABILITY_PARTIAL_UPDATE a table that lacks a
     * component is refused (08h). */
    uint32_t capabilities;

    /** The versions of the component image set (table 12). Strings stay valid until the caller's function returns. */
    void (*set_version)(void *context, struct pldm_string *active, struct pldm_string *pending);
    /** Entry @p i of the component table (table 13); @p out is zero before. */
    void (*component)(void *context, uint8_t i, struct pldm_component *out);

    /** May update mode begin? @p answer is all zero before: meta_data_len announces metadata, will_get_package_data
     * asks for the package's data, if there is any.
     * @return 0, PLDM_UNABLE_TO_INITIATE_UPDATE or PLDM_RETRY_REQUEST_UPDATE */
    uint8_t (*update_begin)(void *context, const struct pldm_request_update_req *request,
                            struct pldm_request_update_resp *answer);
    /** Brings @p len bytes of the metadata from @p offset. May be NULL when none is ever announced. */
    void (*give_data)(void *context, uint32_t offset, uint8_t *out, size_t len);
    /** Takes package data, or metadata coming back: bytes in order from offset 0 on, after a lost message again from an
     * earlier offset. @p len 0: that was all of it, @p offset bytes. May be NULL when none is ever asked for. */
    void (*take_data)(void *context, enum fd_data what, uint32_t offset, const uint8_t *bytes, size_t len);
    /** Update mode ended without activation: what was applied but not activated is to be forgotten.
     * @param reason enum pldm_reason_code or fd_vendor_code */
    void (*update_abandoned)(void *context, uint8_t reason);
    /** The policy: may component @p i be replaced by what is offered? Called for PassComponentTable (offer->passing)
     * and again for UpdateComponent. @return enum pldm_component_response_code or D0h..EFh */
    uint8_t (*check)(void *context, uint8_t i, struct fd_offer *offer);

    /** Begin to fetch an image, after a check that returned 0. @return 0, or the TransferResult of a failure at once */
    uint8_t (*transfer_start)(void *context, const struct fd_transfer *transfer);
    /** Begin to verify, begin to apply. End: fd_verify_done, fd_apply_done, at once or later. */
    void (*verify_start)(void *context, uint8_t i);
    void (*apply_start)(void *context, uint8_t i);
    /** Give up the transfer, verification or apply (@p state) that is under way, or that succeeded without the update
     * agent having acknowledged it: component @p i does not count as updated. After 0 the platform no longer reports
     * its end, though an apply may finish unseen (clause 6.5). Not called for work that failed.
     * @return 0, or PLDM_BUSY_IN_BACKGROUND: not now, nothing has changed, ask again */
    uint8_t (*cancel)(void *context, uint8_t i, uint8_t state);
    /** Progress of the transfer, verification, apply or activation under way, 0..100 percent. May be NULL: not
     * supported. */
    uint8_t (*progress)(void *context);
    /** Would component @p i fail to work after a reset now (table 29)? May be NULL: never. */
    bool (*non_functioning)(void *context, uint8_t i);

    /** Make the applied components active at the next activation, durably.
     * @param self_contained at least one of them activates itself, and was asked to
     * @param seconds in: 0; out: upper bound of the self-contained activation
     * @return 0, PLDM_ACTIVATION_NOT_REQUIRED, or another completion code of table 26: the state is kept */
    uint8_t (*activate)(void *context, bool self_contained, uint16_t *seconds);
    /** The answer is sent: activate now. End: fd_activate_done, unless the device restarts. */
    void (*activate_self)(void *context);

    /** Send a request to @p peer with a message tag of the platform's choice (tag owner).
     * @param msg PLDM message from its header on
     * @return false when the link has no room: it is offered again at the next fd_tick */
    bool (*send)(void *context, uint16_t peer, const uint8_t *msg, size_t len);
};

/** What the update agent said about one component of the platform's table. Private. */
struct fd_passed {
    uint8_t position; /* nth PassComponentTable */
    uint8_t flags;
    uint16_t methods; /* activation methods after ApplyComplete */
    uint32_t stamp;
    uint32_t version; /* CRC-32 of string type, length and string */
};

/** An own request until it is acknowledged. Private. */
struct fd_request {
    bool pending;
    uint8_t tries;
    uint8_t len;
    uint8_t msg[PLDM_HEADER_SIZE + 5];
    uint32_t sent_ms;
};

/** Package data or metadata on its way from the update agent. Private. */
struct fd_pull {
    bool listening; /* more pieces of the answer may come */
    uint8_t flag;   /* of the part under way */
    uint16_t total; /* bytes announced */
    uint32_t next_handle;
    uint32_t part; /* bytes before the part under way */
    uint32_t at;   /* bytes so far */
};

/** The device. All of it is private; fd_init sets it up. */
struct fd {
    const struct fd_ops *ops;
    void *context;
    uint8_t state;
    uint8_t previous;
    uint8_t aux;
    uint8_t result; /* of a failed transfer, verification or apply */
    uint8_t reason;
    uint8_t current; /* component being updated */
    uint8_t max_outstanding;
    uint8_t passed_count;
    uint8_t instance; /* next own instance ID */
    bool incomplete;  /* the table lacks a component and the device takes no partial update */
    bool force;
    bool start_due; /* transfer_start or the end of the activation waits for fd_tick */
    bool self_contained;
    bool meta_given;  /* the update agent has all of the metadata */
    bool heard;       /* FD_T1 starts anew at the next fd_tick */
    uint16_t methods; /* from fd_apply_done */
    uint16_t activation_s;
    uint16_t peer;     /* the update agent */
    uint16_t meta_len; /* bytes of metadata announced */
    uint32_t image_size;
    uint32_t max_transfer_size;
    uint32_t t1_ms;
    struct fd_passed passed[FD_MAX_COMPONENTS];
    struct fd_request request;
    struct fd_pull pull;
    struct {
        uint32_t ms;
        uint16_t request_len; /* 0: nothing to repeat */
        uint16_t source;
        uint8_t answer_len;
        uint8_t answer[16];
        uint8_t request[FD_MAX_REQUEST];
    } replay;
};

/** Type 5 for the base responder: DSP0267 1.0.1 with the commands that fd_message answers. */
extern const struct pldm_base_type fd_pldm_type;

/** IDLE, ReasonCode 0. @p ops and @p context must outlive @p fd. */
void fd_init(struct fd *fd, const struct fd_ops *ops, void *context);

/** Answers a request of PLDM type 5. A repetition (same source, instance ID and bytes within FD_REPLAY_MS, no other
 * request between) gets the first answer and has no second effect.
 *
 * @param now_ms any millisecond clock that wraps at 2^32
 * @param source peer address of the sender
 * @param msg    the PLDM message from its header on, @p len bytes
 * @param answer the whole response message; must not overlap @p msg; at least FD_MIN_ANSWER bytes
 * @return length of the answer; 0 when none is due (not a request, a datagram, a broken header, another PLDM type).
 *         PLDM_ERROR is answered when an inventory answer exceeds @p size.
 */
size_t fd_message(struct fd *fd, uint32_t now_ms, uint16_t source, const uint8_t *msg, size_t len, uint8_t *answer,
                  size_t size);

/** Takes a response to one of the FD's own requests; everything else is ignored. Parameters as fd_message. A response
 * that is longer than the caller's memory may come in pieces, only the first of them with the PLDM header:
 *
 * @param offset bytes of the message before this piece
 * @param more   another piece follows, unless it gets lost
 */
void fd_response_piece(struct fd *fd, uint32_t now_ms, uint16_t source, const uint8_t *msg, size_t len, size_t offset,
                       bool more);
/** Takes a whole one. */
static inline void fd_response(struct fd *fd, uint32_t now_ms, uint16_t source, const uint8_t *msg, size_t len) {
    fd_response_piece(fd, now_ms, source, msg, len, 0, false);
}

/** Timers, postponed starts, own requests.
 * @return milliseconds until it has something to do again, UINT32_MAX when only an event can give it work */
uint32_t fd_tick(struct fd *fd, uint32_t now_ms);

/** A RequestFirmwareData was answered, or the hardware works without needing the update agent: FD_T1 starts anew. */
void fd_transfer_activity(struct fd *fd);
/** The transfer ended. @param result TransferResult (table 22): 0, PLDM_RESULT_TIMEOUT, PLDM_TRANSFER_ABORTED (the
 * agent answered with an error), PLDM_RESULT_GENERIC_ERROR, 70h..8Fh */
void fd_transfer_done(struct fd *fd, uint8_t result);
/** The verification ended. @param result VerifyResult (table 23) */
void fd_verify_done(struct fd *fd, uint8_t result);
/** The apply ended. @param result ApplyResult (table 24); an agent in the field takes 01h for a failure
 * @param methods with result 01h the component's new activation methods, otherwise ignored */
void fd_apply_done(struct fd *fd, uint8_t result, uint16_t methods);
/** The self-contained activation ended: IDLE. */
void fd_activate_done(struct fd *fd, bool ok);
