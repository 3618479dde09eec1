// SPDX-License-Identifier: Apache-2.0
//
// MCTP messages over packets (DSP0236), shared by firmware and host: packets in, message out, and back. Links (framing,
// addressing) are elsewhere. All memory is the caller's.
//
// Packet: header version (1), destination EID, source EID, flags (SOM 80h, EOM 40h, sequence 30h, TO 08h, tag 07h),
// payload; the first payload byte of a message is its type. Sequence numbers may start anywhere and count modulo 4.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    MCTP_HEADER_SIZE = 4,
    MCTP_BASELINE_MTU = 64, /* payload bytes of a packet that every endpoint takes */
    MCTP_TYPE_CONTROL = 0,
    MCTP_TYPE_PLDM = 1,
    MCTP_TYPE_VENDOR_PCI = 0x7E,
    MCTP_TYPE_VENDOR_IANA = 0x7F,
    MCTP_EID_NULL = 0x00,
    MCTP_EID_FIRST = 0x08, /* 01h..07h are reserved */
    MCTP_EID_BROADCAST = 0xFF,
};

/** A whole message. */
struct mctp_message {
    uint8_t destination;
    uint8_t source;
    uint8_t tag;          /* 0..7 */
    bool tag_owner;       /* TO: set in requests */
    uint8_t type;         /* enum above; the integrity check bit (80h) included */
    const uint8_t *bytes; /* what follows the type byte */
    size_t len;
};

/** One message being put together. Set it to zero but for `buffer`, `size` and `pieces`. */
struct mctp_assembler {
    uint8_t *buffer; /* for messages of several packets: type byte and body */
    size_t size;     /* of buffer; longer messages are dropped */
    bool pieces;     /* responses (TO clear) are delivered packet by packet, and may have any length */

    /* Of the message delivered last. */
    size_t offset; /* bytes after the type byte that were delivered before; 0: its first or only piece */
    bool more;     /* another piece follows, unless a packet gets lost */

    /* Private. */
    size_t len;  /* bytes so far */
    size_t unit; /* payload bytes of the first packet; 0: no message under way */
    uint8_t destination;
    uint8_t source;
    uint8_t flags; /* of the last packet */
    uint8_t type;

    uint32_t dropped; /* messages that were begun and lost: overflow, lost packet, wrong length */
};

/** Feeds one packet, header first.
 *
 * A message in one packet is delivered straight from @p packet and does not disturb one under way. A start packet
 * replaces the message under way. A middle packet must be as long as the first, the last not longer, the sequence
 * without a gap. The destination is the link's business and not looked at.
 *
 * @return true when @p out holds a whole message, or with `pieces` the next piece of one; its bytes point into
 *         @p packet or the buffer, until the next call
 */
bool mctp_assemble(struct mctp_assembler *assembler, const uint8_t *packet, size_t len, struct mctp_message *out);

/** Takes one packet in two pieces, to be sent one after the other: header (and type byte), then payload.
 * @return false to give up */
typedef bool mctp_emit_fn(void *context, const uint8_t *head, size_t head_len, const uint8_t *body, size_t body_len);

/** Splits a message into packets of at most @p mtu payload bytes (MCTP_HEADER_SIZE more with the header), sequence from
 * 0.
 * @return false when emit gave up, the tag is above 7 or @p mtu is 0 */
bool mctp_split(const struct mctp_message *message, size_t mtu, mctp_emit_fn *emit, void *context);
