// SPDX-License-Identifier: Apache-2.0
//
// A scripted firmware device at message level. Left alone it does everything right: it keeps to table 9's states, has
// two components, asks for 64 bytes at a time and restarts on activation. Rules make single answers go wrong. An agent
// under test shares its simulated time (fake_run.c).
#pragma once
#include "host/agent.h"

enum {
    FAKE_EID = 9,
    FAKE_COMPONENTS = 2,
    FAKE_IMAGE_MAX = 16384,
    FAKE_CHUNK = 64,
    FAKE_LOG = 2048,
    FAKE_RULES = 8,
    FAKE_QUEUE = 16,
    FAKE_MESSAGE = 2048,
    FAKE_SILENCE = 0xFF,
};
#define FAKE_MS UINT64_C(1000000)

/** What the device does with the nth request of one command instead of answering well; nth 0: with each. */
struct fake_rule {
    uint8_t command; /* PLDM; base commands are never ruled */
    unsigned nth;
    enum fake_action { FAKE_DROP, FAKE_CODE, FAKE_BODY } action;
    uint8_t code;        /* FAKE_CODE */
    const uint8_t *body; /* FAKE_BODY: from the completion code on */
    size_t len;
};

/** A message that the agent sent, in order. */
struct fake_sent {
    uint64_t at; /* ns */
    uint8_t mctp_type;
    bool request;
    uint8_t instance, tag, pldm_type, command;
    uint8_t body[80]; /* its beginning */
    size_t len;
};

struct fake {
    struct agent *agent;
    struct agent_config config;
    uint64_t now;
    struct fake_sent log[FAKE_LOG];
    size_t log_len;
    struct fake_rule rules[FAKE_RULES];
    size_t rule_count;
    unsigned seen[256]; /* requests so far, by firmware update command */

    struct {
        uint64_t at;
        uint8_t bytes[FAKE_MESSAGE];
        size_t len;
        uint8_t tag, type;
        bool request;
    } queue[FAKE_QUEUE]; /* to the agent */
    size_t queue_len;

    /* The device. */
    uint8_t eid;     /* as Get Endpoint ID says */
    uint8_t address; /* the source of its PLDM messages: FAKE_EID */
    const uint8_t *descriptors;
    size_t descriptors_len;
    uint8_t descriptor_count;
    struct pldm_string active_set, pending_set;
    uint8_t version_type; /* of the components' active versions */
    uint8_t vendor_type;  /* of vendor-defined messages that it takes, or 0 */
    bool vendor_silent;   /* it says so, but does not answer */
    bool knows_slots;     /* and VENDOR_SLOTS */
    bool knows_policy;    /* and VENDOR_POLICY, VENDOR_POLICY_PART, whose last part is answered this: */
    uint8_t policy_code;
    struct policy_status policy;
    uint8_t policy_block[POLICY_BLOCK]; /* its parts so far */
    bool on_trial;
    const uint8_t *uuid; /* NULL: none */
    /* Control answers that go wrong: to this command, that code and nothing else (FAKE_SILENCE: none), so many times.
     */
    uint8_t control_command, control_code;
    unsigned control_times;
    const uint8_t *types;     /* PLDM types, PLDM_TYPES_SIZE bytes; NULL: base and firmware update */
    unsigned latency_ms;      /* before an answer arrives: 1 */
    unsigned more_components; /* that no package is for */
    bool twins;               /* all components have identifier 1 */
    uint8_t tid, base_code;   /* the latter to SetTID */
    bool keeps_eid;           /* over a restart */
    uint8_t state, percent;
    uint8_t aux_idle;      /* AuxState in IDLE, LEARN COMPONENTS and READY XFER */
    uint64_t activated_at; /* until then it is in ACTIVATE */
    unsigned activate_ms;
    bool percent_moves;
    bool by_hand; /* the test sends the device's requests itself */
    const char *versions[FAKE_COMPONENTS];
    const char *next_versions[FAKE_COMPONENTS];
    uint64_t silent_until;
    unsigned restart_ms;
    uint8_t reported;   /* the result under way to the agent */
    uint8_t results[3]; /* of TransferComplete, VerifyComplete, ApplyComplete */
    unsigned good_from; /* from this component on they are 0 all the same; 0: never */
    unsigned stage_ms;  /* before VerifyComplete and ApplyComplete */
    uint16_t delay_s, estimated_s, meta_data_len;
    uint8_t will_get_package_data;
    uint16_t methods;   /* activation */
    unsigned component; /* in transfer */
    uint32_t size, offset;
    uint8_t got[FAKE_COMPONENTS][FAKE_IMAGE_MAX + FAKE_CHUNK];

    /* The last answer to a request of the device. */
    uint8_t request_instance;
    uint8_t answer_command, answer_body[600];
    size_t answer_len;
    unsigned answers;

    /* The package's source. */
    uint8_t read_code;
    unsigned warnings, ended;               /* events AGENT_WARNING and AGENT_COMPONENT */
    enum agent_fate fates[FAKE_COMPONENTS]; /* as the latter said, by component of the package */
    uint32_t wanted_not;                    /* bitmap of components that the user does not want */
};

/** A device that does everything right, and an agent for it. */
void fake_init(struct fake *f);
void fake_free(struct fake *f);

/** Adds a rule. */
void fake_rule(struct fake *f, uint8_t command, unsigned nth, enum fake_action action, uint8_t code);

/** Makes the agent that the configuration describes, in place of the one before. */
void fake_new_agent(struct fake *f);
/** Makes one, begins an update or (NULL) an inventory, and runs until it is over or @p seconds have passed. */
enum agent_result fake_run(struct fake *f, const struct pkg *package, unsigned seconds);
/** The same for agent_start_discovery(). */
enum agent_result fake_run_discovery(struct fake *f, unsigned seconds);
/** The same for agent_start_cancel(). */
/** Reads the policy, sets @p block first unless it is NULL. */
enum agent_result fake_run_policy(struct fake *f, const uint8_t *block, unsigned seconds);
enum agent_result fake_run_cancel(struct fake *f, unsigned seconds);
/** Runs on for a time, stopping when the agent is done. */
void fake_pass(struct fake *f, uint64_t ms);

/** Sends a firmware update request of the device; the same instance ID again when @p repeat. */
void fake_request(struct fake *f, uint8_t command, const uint8_t *body, size_t len, bool repeat);

/** The device without an agent: takes one message; gives the next one it has to send, whatever its time. */
void fake_take(struct fake *f, const struct mctp_message *message);
bool fake_pop(struct fake *f, uint8_t bytes[FAKE_MESSAGE], struct mctp_message *out);

/** What the agent has sent as a string: requests alone, "c2 " a control command, "b04 " one of PLDM base, "1b " a
 * firmware update command. Requests sent again are there again; data is not. */
const char *fake_commands(const struct fake *f);

/** How many requests of a firmware update command the agent has sent, and the nth of them, counted from 1. */
unsigned fake_count(const struct fake *f, uint8_t command);
const struct fake_sent *fake_nth(const struct fake *f, uint8_t command, unsigned nth);
