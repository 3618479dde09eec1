// SPDX-License-Identifier: Apache-2.0
//
// What sets one update agent apart from another, as fields that the agent's files consult. All zero is the agent that
// DSP0267 describes; a field that is set is a habit of an agent in the field, harmless or not.
#pragma once
#include "host/agent.h"

/** What an agent wants to see in answers beyond what the specification wants; else it gives up. */
enum agent_expectation {
    EXPECT_SET_VERSION = 1 << 0,       /* the active image set has a typed version, no pending one has type 0 */
    EXPECT_SHORT_ANSWERS = 1 << 1,     /* inventory answers fit 1024 bytes */
    EXPECT_PLAIN_STRINGS = 1 << 2,     /* no UTF-16 */
    EXPECT_KNOWN_DESCRIPTORS = 1 << 3, /* types 0 to 2, 100h to 102h, FFFFh */
    EXPECT_AUX_STATE = 1 << 4,         /* GetStatus: AuxState 3 in IDLE, LEARN COMPONENTS and READY XFER */
};

struct agent_traits {
    const char *name;
    unsigned expects; /* enum agent_expectation */

    /* Requests. */
    bool instance_zero;          /* instance ID 0 in every request */
    bool no_timers;              /* waits for ever: one try, no timer at all */
    uint32_t response_ms, tries; /* 0: the configuration's */
    uint32_t give_up_ms;         /* after the first try; 0: when the last try's time is over */
    bool no_second_chance;       /* a completion code that asks for another try is an error */

    /* Inventory. */
    enum { TYPES_FIRST, TYPES_LAST, TYPES_NEVER } types; /* GetTID, GetPLDMTypes; TYPES_LAST: all there is to know */
    enum { STATUS_POLLED, STATUS_NEVER, STATUS_CHECKED } status; /* CHECKED: before each step, and none else */
    bool exact_match; /* one record has the device's descriptors, all, in their order */

    /* RequestUpdate to UpdateComponent. */
    uint32_t transfer_sizes[2]; /* built in, the larger first; 0: the configuration's */
    bool one_outstanding;
    bool counts_one;                                  /* NumberOfComponents is always 1 */
    bool package_version;                             /* the package's version, not the record's */
    bool ascii;                                       /* every string is sent as ASCII */
    bool no_package_data;                             /* GetPackageData is not waited for and not known */
    bool hides_package_data;                          /* PackageDataLength is always 0 */
    bool no_meta_data;                                /* GetDeviceMetaData is never sent, GetMetaData not known */
    enum { INDEX_EACH, INDEX_ONE, INDEX_ZERO } index; /* ONE, ZERO: one target, needs not be on the device */
    enum { FORCE_WISHED, FORCE_PACKAGED, FORCE_NEVER } force; /* PACKAGED: what the user wishes is not known */
    bool stray_options;                                       /* UpdateOptionFlags 31:1 are rubbish */
    enum { FAILURE_BY_RECORD, FAILURE_GOES_ON, FAILURE_STOPS } failure; /* of a component: what of the others? */

    /* Download to apply. */
    uint32_t idle_ms;    /* UA_T2; 0: the configuration's */
    bool idle_from_data; /* UA_T2 begins with the first RequestFirmwareData only */
    uint8_t padding_cut; /* bytes of padding less than the 32 that are due */
    bool any_range;      /* offset and length are not looked at */
    bool pads_with_file; /* behind the image come the package's next bytes */
    bool any_order;      /* the stage is not looked at */
    uint8_t stray_code;  /* to commands it does not know; 0: the specification's */
    bool stray_fatal;    /* what is not expected ends it, without an answer */
    enum { REPEAT_ANSWERED, REPEAT_SERVED, REPEAT_FATAL } repeat;        /* a *Complete again; SERVED: as a new one */
    enum { REPORT_ANSWERED, REPORT_ANSWERED_LATE, REPORT_FATAL } report; /* a failure; LATE: after the cancel command */
    bool transfer_failure_unseen; /* a failed TransferComplete is taken for a good one */
    bool apply_zero_only;         /* ApplyResult 1 is a failure */

    /* The end. */
    bool no_cancel_update; /* nor CancelUpdateComponent but for a component that failed while others go on */
    bool never_self_contained;
    bool needs_activation; /* ACTIVATION_NOT_REQUIRED is a failure */
    bool ends_activated;   /* done when ActivateFirmware is answered */
};

/** The row of a personality; the conforming one for a number that is none. */
const struct agent_traits *agent_traits(enum agent_personality personality);

/** Sets the numbers that are built into the agent in question. */
void agent_traits_adopt(const struct agent_traits *traits, struct agent_config *config);
