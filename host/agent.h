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
#include "fw/mctp/mctp_control.h"
#include "fw/pldm/pldm.h"
#include "fw/update/counters.h"
#include "fw/update/policy_record.h"
#include "fw/update/slots_status.h"
#include "host/pkg.h"

enum {
    AGENT_MAX_MESSAGE = 8192,   /* bytes of a message from the device, type byte included */
    AGENT_MAX_TRANSFER = 16384, /* bytes of one RequestFirmwareData */
    AGENT_MAX_COMPONENTS = 64,  /* of a device */
    AGENT_MAX_DESCRIPTORS = 255,
    AGENT_MAX_MESSAGE_TYPES = 64,
    AGENT_ERROR_TEXT = 384,
};

/** Whose habits the agent has (agent_personality.c). The others are there to test devices with; they set the numbers
 * that the agent in question has built in, whatever the configuration says. */
enum agent_personality { AGENT_SLUICE, AGENT_OPENBMC, AGENT_MCTP_RS, AGENT_OPENBIC, AGENT_CALIPTRA };

/** "sluice", "openbmc", "mctp-rs", "openbic", "caliptra"; NULL after the last. */
const char *agent_personality_name(enum agent_personality personality);

/** What follows when the components are applied. */
enum agent_activation {
    AGENT_ACTIVATE_SELF_CONTAINED, /* ActivateFirmware, self-contained where package and device can do that */
    AGENT_ACTIVATE_PENDING,        /* ActivateFirmware, but nothing restarts now */
    AGENT_ACTIVATE_NOT,            /* nothing: the device waits in READY XFER until FD_T1 */
};

/** What may be chosen; agent_defaults() fills it. Times in milliseconds. */
struct agent_config {
    enum agent_personality personality;
    uint8_t own_eid;         /* 8 */
    uint8_t device_eid;      /* 9: assigned to a device that has none */
    bool device_has_eid;     /* false; true: the device is addressed by device_eid, not as the link's neighbour */
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
    bool counters;           /* false; true: an inventory asks for the engine's counters as well */
    bool slots;              /* false; true: and for what each slot is */
    bool policy;             /* false; true: and for the operator's policy on updates */
    bool force;              /* ask for a forced update of every component */
    enum agent_activation activate;
};
struct agent_config agent_defaults(void);

/** NULL when every number is in the range that DSP0240 or DSP0267 table 2 gives it, else one line (a static text) that
 * names the range. The agent itself takes any number, so that tests need not wait. */
const char *agent_config_error(const struct agent_config *config);

/** What happens on the way. Texts are valid during the call. */
struct agent_event {
    enum agent_event_kind {
        AGENT_STAGE,     /* text: what begins now, e.g. "UpdateComponent" */
        AGENT_DATA,      /* one RequestFirmwareData was answered: offset, len, of size bytes */
        AGENT_PERCENT,   /* GetStatus: percent of stage text */
        AGENT_WARNING,   /* text: one line; the update goes on */
        AGENT_COMPONENT, /* a component has ended: outcome says how; text: its label */
    } kind;
    uint64_t time_ns;
    unsigned component; /* of the package */
    const char *text;
    uint32_t offset, len, size; /* bytes */
    uint8_t percent;
    const struct agent_outcome *outcome; /* AGENT_COMPONENT only */
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
    /** Is this component of the package to be updated? NULL: all are. */
    bool (*wanted)(void *ctx, unsigned component);
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
    bool has_counters; /* asked for and answered */
    struct counters counters;
    size_t slot_count; /* of components; as many as were asked for and answered, from the first on */
    struct slots_status slots[AGENT_MAX_COMPONENTS];
    bool has_policy; /* asked for and answered */
    struct policy_status policy;

    /* What finding it told; the UUID is asked for by agent_start_discovery() only. */
    bool assigned;         /* it had no EID and has got one */
    uint8_t endpoint_type; /* of Get Endpoint ID: bits 5:4 its kind (0 simple), bits 1:0 that of its EID */
    size_t message_type_count;
    uint8_t message_types[AGENT_MAX_MESSAGE_TYPES]; /* control may be among them */
    bool has_uuid;
    uint8_t uuid[MCTP_UUID_SIZE];
};

/** What became of one component of the package on the device. */
struct agent_outcome {
    unsigned component; /* of the package */
    enum agent_fate { AGENT_WAITING, AGENT_UPDATED, AGENT_REFUSED, AGENT_BROKEN } fate;
    uint8_t index;     /* ComponentClassificationIndex */
    uint16_t methods;  /* of activation: the device's, as ApplyComplete last said */
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
/** Makes a new one of an agent that nobody needs any more, at the same place. */
void agent_renew(struct agent *agent, const struct agent_config *config, const struct agent_io *io);

/** Begins to find the device and read its inventory. */
void agent_start_inventory(struct agent *agent, uint64_t now_ns);
/** Begins an update: inventory, the whole of the package's matching record, activation, inventory again. The package
 * outlives it. */
void agent_start_update(struct agent *agent, uint64_t now_ns, const struct pkg *package);
/** Begins to end an update that was left behind: finds the device, CancelUpdateComponent where a component is under
 * way, CancelUpdate; done when the device is in IDLE, also when it was there already. Every personality does this as
 * Sluice does. */
void agent_start_cancel(struct agent *agent, uint64_t now_ns);

/** Begins to read the operator's policy of a Sluice card; with a @p block of POLICY_BLOCK bytes, which outlives it,
 * sets that first. Done when the policy in force was read; the device's refusal is a failure, as is a device without
 * one. */
void agent_start_policy(struct agent *agent, uint64_t now_ns, const uint8_t *block);

/** Begins to find out what the device is: EID (assigned where it has none), message types, UUID and, where it speaks
 * PLDM, its types and descriptors. Only silence is a failure: what a device does not tell is left out. Every
 * personality does this as Sluice does. */
void agent_start_discovery(struct agent *agent, uint64_t now_ns);

/** Takes one message from the link. False when it is not for the agent or not from its device: of several agents with
 * the same EID, offer it to the next. */
bool agent_receive(struct agent *agent, uint64_t now_ns, const struct mctp_message *message);
/** Does what is due at @p now_ns; harmless at any time. */
void agent_tick(struct agent *agent, uint64_t now_ns);
/** When agent_tick() is next due, UINT64_MAX: never. */
uint64_t agent_deadline(const struct agent *agent);

/** Ends an update from outside: CancelUpdateComponent and CancelUpdate go out, then it has failed with @p reason. */
void agent_abort(struct agent *agent, uint64_t now_ns, const char *reason);

enum agent_result agent_result(const struct agent *agent);
/** Why it failed, one line. */
const char *agent_error(const struct agent *agent);
/** The update failed only because no record of the package matches the device's descriptors. */
bool agent_not_for_device(const struct agent *agent);
/** It failed because nobody answered. */
bool agent_silent(const struct agent *agent);
/** True when CancelUpdate said that components will not function; bit n: the nth one passed in PassComponentTable. */
bool agent_non_functioning(const struct agent *agent, uint64_t *bitmap);
/** The inventory last read; complete once the result is AGENT_DONE. */
const struct agent_inventory *agent_inventory(const struct agent *agent);
/** The outcomes of an update, in the order of transfer. */
const struct agent_outcome *agent_outcomes(const struct agent *agent, size_t *count);
