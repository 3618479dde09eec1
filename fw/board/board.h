// SPDX-License-Identifier: Apache-2.0
//
// What a card's designer fills in, once a board: components with their slots, where the journal is, who the card says
// it is. Separate variables, so that the boot ROM links only what it uses.
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "fw/pldm/pldm_inventory.h"

#define BOARD_SLOTS   2u           // of a component: A and B, one active, one to update
#define BOARD_GOLDEN  2u           // number of the firmware's golden slot, which nothing ever writes
#define BOARD_NO_SLOT 0xFFFFFFFFu  // in place of the address of a slot B that there is not

/** One updatable component. Slots are multiples of 4 KiB; multiples of 64 KiB erase faster.
 *
 * A component of a single slot is overwritten where it is: from the first erase to the end of its update it has no
 * image, and there is no trial and no way back. */
struct board_component {
    uint16_t classification;      // DSP0267 table 19
    uint16_t identifier;          // vendor's choice
    uint8_t index;                // ComponentClassificationIndex
    uint16_t activation_methods;  // enum pldm_activation_method
    uint32_t load_address;        // where the processor runs it, 0: not the processor's firmware
    uint32_t payload_max;         // bytes
    uint32_t slot_size;           // bytes
    uint32_t slot[BOARD_SLOTS];   // flash addresses; the second may be BOARD_NO_SLOT
    uint32_t golden;              // of the golden image, BOARD_FIRMWARE alone; 0: none
};

static inline bool board_two_slots(const struct board_component *component) {
    return component->slot[1] != BOARD_NO_SLOT;
}

/** How the offered image and the running one are compared. */
enum board_compare {
    BOARD_BY_STAMP,    // comparison stamps
    BOARD_BY_VERSION,  // version strings (fw/update/version.h): for components whose packages have no stamps
};

/** What happens to an image that is not newer. */
enum board_verdict {
    BOARD_ACCEPT,     // taken: some agents in the field can never set the force flag
    BOARD_IF_FORCED,  // taken with the force flag only
    BOARD_REFUSE,     // never taken; a lower one for reasons of security
};

/** Policy for one component; all zero accepts everything. */
struct board_policy {
    enum board_compare compare;
    enum board_verdict same, lower;
    // An image that is confirmed raises the component's minimum to its own security version: nothing older is taken or
    // started any more, the image before it included.
    bool raise_minimum;
    // Another component's image without which this one must not be installed: running already or applied earlier in the
    // same update, with this comparison stamp at least. 0: nothing is needed.
    uint32_t needs_stamp;
    uint8_t needs;  // index into board_components
};

/** What the board finds of itself while an image is on trial. */
enum board_health {
    BOARD_HEALTHY,
    BOARD_NOT_YET,  // asked again, until trial_ms have passed
    BOARD_SICK,     // the card restarts at once
};

/** Functions of the board's own, each may be NULL. */
struct board_hooks {
    /** Does the card do its work with the images on trial? Asked when the firmware's own checks are good. NULL: yes. */
    enum board_health (*health)(void);
    /** Component @p i takes images of this security version at least from now on: burns fuses, for
     * board_fused_minimum(). Called again after each start until that says so, for the firmware. */
    void (*raise_minimum)(uint8_t i, uint32_t minimum);
    /** May an update begin? @return 0, PLDM_UNABLE_TO_INITIATE_UPDATE or PLDM_RETRY_REQUEST_UPDATE (which some agents
     * in the field take for the end) */
    uint8_t (*update_allowed)(void);
    /** Takes the package's data (FirmwareDevicePackageData) before any component is offered: bytes in order, after a
     * lost message again from an earlier offset; @p len 0: that was all of it, @p offset bytes. NULL: it is not asked
     * for. */
    void (*package_data)(uint32_t offset, const uint8_t *bytes, uint32_t len);
    /** Metadata that an update agent keeps during an update: brings bytes of it, takes them back as package_data does
     * before the activation ends. Both or neither, with meta_data_len. */
    void (*meta_data_give)(uint32_t offset, uint8_t *out, uint32_t len);
    void (*meta_data_take)(uint32_t offset, const uint8_t *bytes, uint32_t len);
    uint16_t meta_data_len;  // bytes
};

/** All but the flash's map. */
struct board_identity {
    const char *name;
    const struct pldm_descriptor *descriptors;  // the PCI vendor or IANA enterprise first
    uint8_t descriptor_count;
    uint8_t uuid[16];                     // of the MCTP endpoint; a card in the field takes it from its serial number
    uint32_t capabilities;                // enum pldm_device_capability
    const struct board_policy *policies;  // one for each component, in their order
    struct board_hooks hooks;
    uint32_t link_bytes_per_second;  // of the slowest line that the card is used on
    uint32_t trial_ms;               // what is on trial has to be healthy so soon after its start; 0: 60 s
    bool trial_silent;    // it may be without a packet from anybody: for cards that nobody may speak to for days
    uint16_t quiesce_ms;  // from ActivateFirmware's answer to RESET: for the card's own work to come to rest,
                          // and for an agent that lost the answer to ask once more
    uint16_t restart_ms;  // from RESET to answering again, upper bound; a card that started more slowly
                          // announces more
};

#define BOARD_FIRMWARE 0u  // index of the processor's own firmware

extern const struct board_component board_components[];
extern const uint8_t board_component_count;
extern const uint32_t board_journal[2];   // flash addresses of the journal's sectors
extern const uint8_t board_trial_starts;  // of what is on trial, before the card returns to what was active: 1..15
extern const struct board_identity board_identity;

/** SHA-256 of the public keys by which images may be signed, up to four (docs/signing.md), at a multiple of 4. */
extern const uint8_t board_roots[][32];
extern const uint8_t board_root_count;
/** Which of them sign no more: bit i for root i. Asked before each judgement, so that fuses may tell. */
uint32_t board_revoked(void);

/** The lowest security version of component @p i by the board's fuses, 0 without any; the journal's counts where it is
 * higher. Linked to the boot ROM. */
uint32_t board_fused_minimum(uint8_t i);
