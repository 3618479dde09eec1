// SPDX-License-Identifier: Apache-2.0
//
// An update agent (DSP0267 1.0.1) for one device, as a state machine over callbacks: it never blocks, reads no clock
// and knows no link. Whoever drives it hands in messages and the time, in real time (fwup) or simulated (tests), and
// calls agent_tick() no later than agent_deadline(). It finds the device as mctpd does (Get and Set Endpoint ID, Get
// Message Type Support), reads its inventory, and updates it from a package: every command sent, every request of the
// device answered, every timer of DSP0267 table 2 that is an agent's kept.
//
// All times are nanoseconds of one clock that never goes back.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fw/mctp/mctp.h"
#include "fw/pldm/pldm.h"
#include "host/pkg.h"

enum {
    AGENT_MAX_MESSAGE = 8192,   /* bytes of a message from the device, type byte included */
    AGENT_MAX_TRANSFER = 16384, /* bytes of one RequestFirmwareData */
    AGENT_MAX_COMPONENTS = 64,  /* of a device */
    AGENT_MAX_DESCRIPTORS = 255,
    AGENT_ERROR_TEXT = 384,
};

/** What may be chosen; agent_defaults() fills it. Times in milliseconds. */
struct agent_config {
    uint8_t own_eid;         /* 8 */
    uint8_t device_eid;      /* 9: assigned to a device that has none */
    uint8_t max_outstanding; /* 8: MaximumOutstandingTransferRequests */
    uint32_t max_transfer;   /* 4096 bytes: MaximumTransferSize, 32 to AGENT_MAX_TRANSFER */
    uint32_t tries;          /* 3: of one request in all (PN1, UAFD_T1) */
    uint32_t response_ms;    /* 1000: for one answer (PT2) */
    uint32_t poll_ms;        /* 1000: between two GetStatus during verify, apply and activation */
    uint32_t ua_t1_ms;       /* 1000: before the next cancel command */
    uint32_t ua_t2_ms;       /* 75000: no command from the device during download */
    uint32_t ua_t3_ms;       /* 180000: no progress during verify and apply */
    uint32_t ua_t4_ms;       /* 2000: before the next RequestUpdate */
    uint32_t ua_t5_ms;       /* 5000: for GetPackageData */
    uint32_t return_ms;      /* 30000: to come back after the activation, over the device's own estimate */
    bool force;              /* ask for a forced update of every component */
    bool activate;           /* true: ActivateFirmware asks for self-contained activation where there is one */
};
struct agent_config agent_defaults(void);

/** What happens on the way. Texts are valid during the call. */
struct agent_event {
    enum agent_event_kind {
        AGENT_STAGE,   /* text: what begins now, e.g. "UpdateComponent" */
        AGENT_DATA,    /* one RequestFirmwareData was answered: offset, len, of size bytes */
        AGENT_PERCENT, /* GetStatus: percent of stage text */
        AGENT_WARNING, /* text: one line; the update goes on */
    } kind;
    uint64_t time_ns;
    unsigned component; /* of the package */
    const char *text;
    uint32_t offset, len, size; /* bytes */
    uint8_t percent;
};

struct agent_io {
    void *ctx;
    /** Takes one message for the link. It must not call the agent. */
    void (*send)(void *ctx, const struct mctp_message *message);
    /** Hears what happens; may be NULL. */
    void (*event)(void *ctx, const struct agent_event *event);
    /** Brings @p len bytes of a component image from @p offset, both within it; NULL: from the package in memory.
     * @return PLDM_SUCCESS; PLDM_RETRY_REQUEST_FW_DATA when they are not there yet; another completion code to refuse
     */
    uint8_t (*read)(void *ctx, unsigned component, uint32_t offset, uint8_t *out, size_t len);
};

/** What the device says of itself. Pointers stay valid until the next inventory. */
struct agent_inventory {
    uint8_t eid;
    bool has_tid; /* the optional GetTID was answered */
    uint8_t tid;
    bool has_types; /* the optional GetPLDMTypes was answered */
    uint8_t types[PLDM_TYPES_SIZE];
    size_t descriptor_count;
    struct pldm_descriptor descriptors[AGENT_MAX_DESCRIPTORS];
    struct pldm_get_firmware_parameters_resp parameters;
    size_t component_count;
    struct pldm_component components[AGENT_MAX_COMPONENTS];
    struct pldm_get_status_resp status;
};

/** What became of one component of the package on the device. */
struct agent_outcome {
    unsigned component; /* of the package */
    unsigned target;    /* of the inventory before the update */
    enum agent_fate { AGENT_WAITING, AGENT_UPDATED, AGENT_REFUSED, AGENT_BROKEN } fate;
    uint8_t index;     /* ComponentClassificationIndex */
    bool must_run;     /* the activation makes it the running one, not only the pending one */
    uint8_t code;      /* the code that says why it was refused or broke; its table depends on where */
    uint64_t bytes;    /* sent as ComponentImagePortion, padding included */
    uint32_t requests; /* RequestFirmwareData answered with data */
};

enum agent_result { AGENT_IDLE, AGENT_RUNNING, AGENT_DONE, AGENT_FAILED };

struct agent;

/** A new agent, NULL when memory ran out. The callbacks' owner outlives it. */
struct agent *agent_new(const struct agent_config *config, const struct agent_io *io);
void agent_free(struct agent *agent);

/** Begins to find the device and read its inventory. */
void agent_start_inventory(struct agent *agent, uint64_t now_ns);
/** Begins an update: inventory, the whole of the package's matching record, activation, inventory again. The package
 * outlives it. */
void agent_start_update(struct agent *agent, uint64_t now_ns, const struct pkg *package);

/** Takes one message from the link; what is not for the agent is ignored. */
void agent_receive(struct agent *agent, uint64_t now_ns, const struct mctp_message *message);
/** Does what is due at @p now_ns; harmless at any time. */
void agent_tick(struct agent *agent, uint64_t now_ns);
/** When agent_tick() is next due, UINT64_MAX: never. */
uint64_t agent_deadline(const struct agent *agent);

/** Ends an update from outside: CancelUpdateComponent and CancelUpdate go out, then it has failed with @p reason. */
void agent_abort(struct agent *agent, uint64_t now_ns, const char *reason);

enum agent_result agent_result(const struct agent *agent);
/** Why it failed, one line. */
const char *agent_error(const struct agent *agent);
/** The inventory last read; complete once the result is AGENT_DONE. */
const struct agent_inventory *agent_inventory(const struct agent *agent);
/** The outcomes of an update, in the order of transfer. */
const struct agent_outcome *agent_outcomes(const struct agent *agent, size_t *count);
