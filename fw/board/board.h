// SPDX-License-Identifier: Apache-2.0
//
// What a card's designer fills in, once a board: components with their slots, where the journal is, who the card says
// it is. Separate variables, so that the boot ROM links only what it uses.
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "fw/pldm/pldm_inventory.h"

#define BOARD_SLOTS 2u  // of a component: one active, one to update

/** One updatable component. Slots are multiples of 4 KiB; multiples of 64 KiB erase faster. */
struct board_component {
    uint16_t classification;      // DSP0267 table 19
    uint16_t identifier;          // vendor's choice
    uint8_t index;                // ComponentClassificationIndex
    uint16_t activation_methods;  // enum pldm_activation_method
    uint32_t load_address;        // where the processor runs it, 0: not the processor's firmware
    uint32_t payload_max;         // bytes
    uint32_t slot_size;           // bytes
    uint32_t slot[BOARD_SLOTS];   // flash addresses
};

/** What happens to images whose comparison stamp is not above the active one's. */
enum board_stamp_policy {
    BOARD_STAMP_ANY,     // accepted: some agents in the field can never set the force flag
    BOARD_STAMP_FORCED,  // accepted with the force flag only
};

/** All but the flash's map. */
struct board_identity {
    const char *name;
    const struct pldm_descriptor *descriptors;  // the PCI vendor or IANA enterprise first
    uint8_t descriptor_count;
    uint8_t uuid[16];  // of the MCTP endpoint; a card in the field takes it from its serial number
    enum board_stamp_policy stamp_policy;
    uint32_t link_bytes_per_second;  // of the slowest line that the card is used on
    uint16_t restart_s;              // seconds from RESET to answering again, upper bound
};

#define BOARD_FIRMWARE 0u  // index of the processor's own firmware

extern const struct board_component board_components[];
extern const uint8_t board_component_count;
extern const uint32_t board_journal[2];  // flash addresses of the journal's sectors
extern const struct board_identity board_identity;
