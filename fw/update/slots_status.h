// SPDX-License-Identifier: Apache-2.0
//
// What the slots of a component are: the data of VENDOR_SLOTS (fw/update/vendor.h). GetFirmwareParameters has words for
// an active and a pending image alone.
//
//   request  u8 component, in the order of GetFirmwareParameters
//   answer   u8 flags (bit 0: on trial) | u8 starts on trial so far | u8 starts that are allowed | u32 minimum |
//            three slots, A, B, golden: u8 enum slot_state, with 80h: runs now | u32 comparison stamp | u32 security
//            version | u8 string type | u8 string length | version string; zeroes where there is no image
#pragma once
#include "fw/update/vendor.h"

enum { SLOTS_STATUS_SLOTS = 3, SLOTS_STATUS_DATA = 7 + SLOTS_STATUS_SLOTS * (11 + 128) };  // the latter at most

/** What a slot is. */
enum slot_state {
    SLOT_NONE,     // the component has no such slot
    SLOT_INVALID,  // no image of this component is in it
    SLOT_SPARE,    // an image that is neither active nor to be: the one before, or one that was not activated
    SLOT_ACTIVE,   // confirmed
    SLOT_PENDING,  // to be tried at the next start
    SLOT_TRIAL,    // being tried
    SLOT_FAILED,   // failed its trial
    SLOT_GOLDEN,   // kept for when nothing else starts
    SLOT_STATES
};

struct slot_status {
    uint8_t state;  // enum slot_state
    bool runs;
    uint32_t stamp;
    uint32_t security_version;
    struct pldm_string version;
};

struct slots_status {
    bool trial;
    uint8_t attempts;  // starts on trial so far
    uint8_t starts;    // that are allowed
    uint32_t minimum;  // security version that an image of this component needs
    struct slot_status slot[SLOTS_STATUS_SLOTS];
};

/** @return the bytes written, 0 when @p size is too small */
size_t slots_status_encode(const struct slots_status *status, uint8_t *data, size_t size);
/** Strings point into @p data. @return false when it is not what it should be */
bool slots_status_decode(const uint8_t *data, size_t len, struct slots_status *status);
