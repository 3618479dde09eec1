// SPDX-License-Identifier: Apache-2.0
//
// What the agent's files share. One request is outstanding at a time; it is described by a step. Beside its deadline
// there are two timers: `wake` does the next thing after a pause, `guard` ends a wait for the device.
#pragma once
#include "host/agent.h"
#include "host/agent_personality.h"

/** One request of the agent. */
struct agent_step {
    const char *name;  /* of the command */
    uint8_t mctp_type; /* or AGENT_VENDOR_TYPE */
    uint8_t pldm_type; /* PLDM only */
    uint8_t command;   /* of PLDM, control, vendor */
    /** Writes the request's data, NULL: none. @return its length, 0 is a failure */
    size_t (*encode)(struct agent *a, uint8_t *body, size_t size);
    /** Takes the answer: PLDM from its completion code on; control and a vendor's with the completion code split
     * off. */
    void (*answer)(struct agent *a, uint8_t code, const uint8_t *body, size_t len);
    /** Called when all tries were in vain; NULL: the operation fails. */
    void (*silent)(struct agent *a);
    bool once;    /* one try only */
    bool settles; /* the device may still wait for the answer to its ApplyComplete: not refused for its state at once */
};

/** A step with a PLDM command; what follows the code are further fields. */
#define AGENT_STEP(text, type, code, ...) \
    { .name = text, .mctp_type = MCTP_TYPE_PLDM, .pldm_type = type, .command = code, __VA_ARGS__ }

/** mctp_type of a step whose message is of the device's vendor: of the type that says by what the vendor is named. */
#define AGENT_VENDOR_TYPE 0xFFu

enum { AGENT_LABEL = 48 };

typedef void agent_action(struct agent *a);

struct agent_timer {
    uint64_t at; /* ns, UINT64_MAX: not running */
    agent_action *action;
};

/** What the device may ask for. */
enum agent_stage {
    STAGE_QUIET,    /* nothing */
    STAGE_LEARN,    /* GetPackageData */
    STAGE_READY,    /* GetMetaData, from here on in every stage */
    STAGE_DOWNLOAD, /* RequestFirmwareData, TransferComplete */
    STAGE_VERIFY,   /* VerifyComplete */
    STAGE_APPLY,    /* ApplyComplete */
    STAGE_ACTIVATE, /* GetMetaData only */
    STAGE_CANCEL,   /* RequestFirmwareData is answered CANCEL_PENDING */
};

/** What is to be done with the device that was found. */
enum agent_purpose { PURPOSE_INVENTORY, PURPOSE_UPDATE, PURPOSE_CANCEL, PURPOSE_DISCOVERY, PURPOSE_POLICY };

struct agent {
    struct agent_config config; /* with the numbers that the personality has built in */
    const struct agent_traits *traits;
    struct agent_io io;
    uint64_t now;
    enum agent_result result;
    char error[AGENT_ERROR_TEXT];

    /* The outstanding request. */
    const struct agent_step *step; /* NULL: none */
    uint8_t request[600];          /* UpdateComponent with a string of 255 bytes fits */
    size_t request_len;
    uint8_t instance, tag;
    uint8_t destination;
    uint32_t tries_left;
    uint64_t asked_at; /* first try */
    uint64_t answer_by;
    agent_action *next;             /* to do when the outstanding request is over; its answer is not looked at */
    const struct agent_step *asked; /* the last request, to be sent again where its answer wants that */
    uint32_t not_ready;             /* such answers so far */
    uint64_t refused_since;         /* the first of them */

    struct agent_timer wake, guard;

    /* Inventory. */
    struct agent_inventory inventory;
    uint8_t identifiers[AGENT_MAX_MESSAGE];
    uint8_t parameters[AGENT_MAX_MESSAGE];
    size_t identifiers_len, parameters_len;
    uint8_t slots[AGENT_MAX_COMPONENTS][SLOTS_STATUS_DATA + 127 * SLOTS_STATUS_SLOTS];
    bool takes_pci_vendor, takes_iana_enterprise; /* messages of the types 7Eh, 7Fh */
    const uint8_t *policy;                        /* to be set, NULL: none; bytes of it sent so far: */
    uint32_t policy_sent;
    bool terminus; /* the long form of what PLDM base tells */
    unsigned type; /* whose version and commands are being asked for */
    uint32_t type_version;
    agent_action *after_types;
    bool silent;    /* nobody answered */
    bool returning; /* after the activation: silence only means that the device is not back yet */

    /* Update. */
    enum agent_purpose purpose;
    const struct pkg *package; /* NULL but for an update */
    const struct pkg_device *record;
    bool not_for_device;
    struct agent_outcome outcomes[AGENT_MAX_COMPONENTS];
    size_t outcome_count;
    size_t current; /* outcome being worked on */
    enum agent_stage stage;
    bool in_update_mode;
    bool component_open;        /* between UpdateComponent and ApplyComplete */
    bool package_data_given;    /* to its last part */
    bool leaving;               /* cancelling, to fail afterwards */
    bool stale_canceled;        /* an update that was under way has been cancelled */
    bool self_contained;        /* asked for in ActivateFirmware */
    uint32_t attempts;          /* of RequestUpdate so far */
    uint32_t stray;             /* state of the rubbish in UpdateOptionFlags */
    uint64_t patience;          /* until then a busy device is asked again to cancel, or watched leaving update mode */
    agent_action *after_cancel; /* of the component */
    agent_action *after_update; /* after CancelUpdate */
    agent_action *when_idle;    /* the device has left update mode */
    unsigned cancels;           /* sent to bring it there */
    agent_action *when_state;   /* the device is in the state to be checked */
    uint8_t state_wanted;
    bool non_functioning; /* CancelUpdate said so */
    uint64_t non_functioning_bitmap;
    uint16_t meta_data_len;  /* bytes announced by the device */
    uint16_t meta_data_have; /* bytes got from it */
    uint8_t *meta_data;      /* NULL: none */
    uint32_t meta_handle;    /* of the next part */
    uint64_t prepared_at;    /* when the time that the device asked for to prepare is over; no timer begins before */
    uint8_t last_state, last_percent;
    uint8_t result_code;             /* of the *Complete that failed */
    char mismatch[AGENT_ERROR_TEXT]; /* what the inventory after the activation lacks */

    /* The last request of the device that moved the update on, so that its repetition gets the same answer. */
    uint8_t done_request[8]; /* PLDM message */
    size_t done_len;
    uint8_t answer[1 + AGENT_MAX_TRANSFER + 64];
};

/* agent.c */
void agent_ask(struct agent *a, const struct agent_step *step);
/** Runs @p action now, or as soon as the outstanding request is over. */
void agent_then(struct agent *a, agent_action *action);
/** Runs @p action after a pause, in place of what was to be done after the one before. */
void agent_wake_in(struct agent *a, uint64_t ms, agent_action *action);
void agent_guard(struct agent *a, uint64_t ms, agent_action *action);
void agent_no_guard(struct agent *a);
void agent_no_wake(struct agent *a);
void agent_notice(struct agent *a, enum agent_event_kind kind, const char *text);
/** Sets the error text unless there is one. */
void agent_explain(struct agent *a, const char *format, ...) __attribute__((format(printf, 2, 3)));
/** Ends the operation without looking back. */
void agent_finish(struct agent *a, bool good);
/** Fails the operation for the reason explained; leaves update mode first. */
void agent_fail(struct agent *a);
/** agent_fail() for a completion code; for an answer that does not decode. */
void agent_refused(struct agent *a, const char *command, uint8_t code);
void agent_garbled(struct agent *a, const char *command);

/* agent_find.c: the endpoint */
void agent_find(struct agent *a);
/** Waits a moment and looks for the device again; agent_update_check() is called when it is there. */
void agent_not_yet(struct agent *a);
/** agent_refused() and agent_garbled() while the device is looked for: after the activation they mean "not yet". */
void agent_find_refused(struct agent *a, const char *command, uint8_t code);
void agent_find_garbled(struct agent *a, const char *command);

/* agent_terminus.c: what PLDM base tells. Whatever the answers are, @p action follows. */
void agent_ask_types(struct agent *a, agent_action *action);
/** TID assigned, versions and commands of every type, too. */
void agent_ask_terminus(struct agent *a, agent_action *action);

/* agent_inventory.c */
void agent_read_inventory(struct agent *a);
/** Keeps what QueryDeviceIdentifiers answered. False when that is not as the specification has it. */
bool agent_take_identifiers(struct agent *a, const uint8_t *body, size_t len);

/* agent_discover.c */
void agent_discover(struct agent *a);

/* agent_vendor.c: the end of an inventory that asks for counters, slots or the policy */
void agent_read_vendor(struct agent *a);

/* agent_policy.c: the last of that. @p taken: the device takes messages of its vendor */
void agent_read_policy(struct agent *a, bool taken);

/* agent_expect.c */
/** False, and explained, when the inventory lacks what the personality expects. */
bool agent_expected(struct agent *a);

/* agent_status.c: the device's state, outside of polling */
/** Runs @p action; where the personality checks states, only when GetStatus says @p state, else it fails. */
void agent_when(struct agent *a, uint8_t state, agent_action *action);
/** Brings the device to IDLE, whatever state another agent left it in, then @p action. */
void agent_clear(struct agent *a, agent_action *action);

/* agent_choose.c */
/** The package's record and the device's components; false, and explained, when nothing fits. */
bool agent_choose(struct agent *a);

/* agent_update.c: from the inventory to the last PassComponentTable */
void agent_update_begin(struct agent *a);
/** GetPackageData was served: its time begins anew. agent_package_data_given(): its last part was. */
void agent_package_data_asked(struct agent *a);
void agent_package_data_given(struct agent *a);
/** A string as the personality sends it. */
struct pldm_string agent_string(const struct agent *a, const struct pldm_string *string);
/** "component 1 (0x000a:0x0002)" of the outcome being worked on. */
const char *agent_label(const struct agent *a, char out[AGENT_LABEL]);

/* agent_component.c: one component after the other */
void agent_component_first(struct agent *a);
/** The device has asked for something: its time for doing so begins anew. */
void agent_device_active(struct agent *a);
/** The device has begun to verify or apply: watch it. */
void agent_watch(struct agent *a, enum agent_stage stage);
/** Whether the current component is updated by force; whether the others are updated when one fails. */
bool agent_forced(const struct agent *a);
bool agent_goes_on(const struct agent *a);
/** Sets the current component's fate and tells. */
void agent_fate(struct agent *a, enum agent_fate fate, uint8_t code);
/** ApplyComplete was good; the component failed (explained, with its code). */
void agent_component_done(struct agent *a);
void agent_component_broken(struct agent *a, uint8_t code);

/* agent_activate.c */
void agent_activate(struct agent *a);
void agent_update_check(struct agent *a);

/* agent_cancel.c */
/** CancelUpdateComponent where one is under way, CancelUpdate, and the operation has failed. */
void agent_cancel(struct agent *a);
/** CancelUpdateComponent alone, then @p action. */
void agent_cancel_component(struct agent *a, agent_action *action);
/** CancelUpdateComponent where one is under way, CancelUpdate, then @p action. */
void agent_cancel_all(struct agent *a, agent_action *action);

/* agent_report.c: a stage is complete, or failed. All write an answer's body. */
struct agent_request;
size_t agent_transfer_complete(struct agent *a, const struct agent_request *r, agent_action **after);
size_t agent_verify_complete(struct agent *a, const struct agent_request *r, agent_action **after);
size_t agent_apply_complete(struct agent *a, const struct agent_request *r, agent_action **after);

/* agent_serve.c */
/** One request of the device under way: its PLDM message, and room for the answer's body. */
struct agent_request {
    const uint8_t *message;
    const uint8_t *body;
    size_t len; /* of the body */
    uint8_t *answer;
    size_t room;
};
/** Answers with a completion code alone. */
size_t agent_plain(const struct agent_request *r, uint8_t code);
void agent_serve(struct agent *a, const struct mctp_message *message);
