// SPDX-License-Identifier: Apache-2.0
//
// The operator's policy on updates: what the journal keeps of it, the signed block it comes in, and the messages that
// read and set it (VENDOR_POLICY, VENDOR_POLICY_PART of fw/update/vendor.h). Shared by firmware and host, no heap.
//
// The block has the frame of a manifest of one block (fw/image/image.h), so that the same function judges both; its
// magic keeps one from being taken for the other.
//
//   block    0 "SLP1" | 4 u16 format, 1 | 6 u8 flags | 7 u8 rollback | 8 u32 sequence | 12 u8 components | 13 u8 keys |
//            14 u8 EID to notify, 15 u8 its link | 16 UUID of the only card that it is for, or zeroes |
//            32 zeroes | 44 key identifier | 60 zeroes | 1532 public key | 1588 signature
//   set      request: u16 offset | bytes of the block; in order, from 0 on; the last part's answer tells what became of
//            the whole: a completion code below, MCTP_ERROR_NOT_READY while an update or a trial is under way
//   read     request: none; answer: u32 sequence | u8 flags | u8 rollback | u8 components | u8 keys | u8 root that
//            signed it | u8 EID | u8 link | u8 roots that the board has | u32 bitmap of those that are revoked
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define POLICY_BLOCK      4096u  // bytes
#define POLICY_PART_MOST  256u   // bytes of the block in one message
#define POLICY_PART_HEAD  2u
#define POLICY_STATUS     16u  // bytes
#define POLICY_CARD       16u  // bytes of a UUID
#define POLICY_COMPONENTS 8u
#define POLICY_KEYS       8u

enum policy_flag {
    POLICY_DISABLED = 0x01,  // no update begins
    POLICY_BY_HAND = 0x02,   // none is to begin without a person: agents that act by themselves obey (ocfd)
};
#define POLICY_FLAGS 0x03u

/** What happens to an image that is lower than the one that runs; one below the minimum is never taken. */
enum policy_rollback {
    POLICY_AS_BOARD,  // what the board's own table says (fw/board/board.h)
    POLICY_NEVER,     // refused, by force as well
    POLICY_ALLOWED,   // taken, whatever the board's table says
    POLICY_ROLLBACKS
};

/** As it lies in the journal. With sequence 0 none was ever set: the board's rules alone count. */
struct policy {
    uint32_t sequence;  // a higher one replaces it, nothing else does
    uint8_t flags;
    uint8_t rollback;
    uint8_t components;  // bit i: component i, in the order of GetFirmwareParameters, may be updated
    uint8_t keys;        // bit i: root i may sign images and policies, unless it is revoked
    uint8_t signer;      // the root that signed this one
    uint8_t notify;      // EID that is told what happens, 0: nobody
    uint8_t notify_link;
    uint8_t reserved[5];
};
_Static_assert(sizeof(struct policy) == 16, "the journal's layout");

/** Completion codes of VENDOR_POLICY_PART beside those of MCTP control. */
enum policy_refusal {
    POLICY_MALFORMED = 0x80,
    // Not authentic (fw/image/trust.h), in the order of enum image_trust:
    POLICY_UNSIGNED,
    POLICY_WRONG_KEY,
    POLICY_UNKNOWN_KEY,
    POLICY_REVOKED_KEY,
    POLICY_BAD_SIGNATURE,
    POLICY_DENIED_KEY,  // the policy in force does not let this root sign
    POLICY_OTHER_CARD,  // it names another one
    POLICY_NOT_NEWER,   // its sequence number is not above that of the policy in force
    POLICY_LOCKS_OUT,   // it does not let its own key sign: nobody might be left to change it
    POLICY_NO_ORDER,    // parts are missing, or another message came in between
    POLICY_NOT_STORED,  // the journal could not be written
};

/** The policy in a block, and the card that it is for. */
struct policy_record {
    struct policy policy;  // without its signer
    uint8_t card[POLICY_CARD];
    uint8_t key_id[16];
};

/** Reads the block but for key and signature. @return false when a field is not as above; @p block has POLICY_BLOCK
 * bytes */
bool policy_parse(const uint8_t *block, struct policy_record *out);
/** Writes an unsigned block. @return what policy_parse() says of it */
bool policy_encode(const struct policy_record *record, uint8_t *block);

/** What a card says of its policy. */
struct policy_status {
    struct policy policy;
    uint8_t roots;
    uint32_t revoked;
};

/** @return the bytes written, 0 when @p size is too small */
size_t policy_status_encode(const struct policy_status *status, uint8_t *data, size_t size);
/** @return false when it is not what it should be */
bool policy_status_decode(const uint8_t *data, size_t len, struct policy_status *status);
