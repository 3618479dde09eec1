// SPDX-License-Identifier: Apache-2.0
//
// Assembly and splitting of MCTP messages; see mctp.h.
#include "fw/mctp/mctp.h"

#include <string.h>

enum {
    HEADER_VERSION = 1,
    VERSION_MASK = 0x0F, /* the upper half is reserved and ignored when read */
    SOM = 0x80,
    EOM = 0x40,
    SEQUENCE = 0x30,
    SEQUENCE_ONE = 0x10,
    TO = 0x08,
    TAG = 0x07,
    KEY = TO | TAG,
};

/* Forgets the message under way. */
static void drop(struct mctp_assembler *assembler) {
    assembler->unit = 0;
    assembler->dropped++;
}

/* Does the packet belong to the message under way? */
static bool belongs(const struct mctp_assembler *assembler, const uint8_t *packet) {
    return assembler->unit != 0 && packet[1] == assembler->destination && packet[2] == assembler->source &&
           ((packet[3] ^ assembler->flags) & KEY) == 0;
}

/* Is it the next one, of the right length? */
static bool continues(const struct mctp_assembler *assembler, uint8_t flags, size_t len) {
    bool fits = flags & EOM ? len <= assembler->unit : len == assembler->unit;
    return fits && ((flags - assembler->flags - SEQUENCE_ONE) & SEQUENCE) == 0;
}

/* Is the packet the next one of a message of several? Begins one with a start packet. */
static bool accept(struct mctp_assembler *assembler, const uint8_t *packet, size_t len) {
    const uint8_t flags = packet[3];
    if (flags & SOM) {
        if (assembler->unit != 0) drop(assembler);
        assembler->destination = packet[1];
        assembler->source = packet[2];
        assembler->type = packet[MCTP_HEADER_SIZE];
        assembler->unit = len;
        assembler->len = 0;
    } else if (!belongs(assembler, packet)) {
        return false;
    } else if (!continues(assembler, flags, len)) {
        drop(assembler);
        return false;
    }
    assembler->flags = flags;
    return true;
}

/* Keeps a packet for a message that is delivered whole. Returns whether it is. */
static bool keep(struct mctp_assembler *assembler, const uint8_t *bytes, size_t len) {
    if (assembler->len > assembler->size) {
        drop(assembler);
        return false;
    }
    memcpy(assembler->buffer + assembler->len - len, bytes, len);
    return !assembler->more;
}

bool mctp_assemble(struct mctp_assembler *assembler, const uint8_t *packet, size_t len, struct mctp_message *out) {
    if (len <= MCTP_HEADER_SIZE || (packet[0] & VERSION_MASK) != HEADER_VERSION) return false;
    const uint8_t flags = packet[3];
    const uint8_t *bytes = packet + MCTP_HEADER_SIZE;
    size_t before = 0; /* bytes delivered before these */
    len -= MCTP_HEADER_SIZE;
    assembler->more = false;
    if ((flags & (SOM | EOM)) != (SOM | EOM)) {
        if (!accept(assembler, packet, len)) return false;
        before = assembler->len;
        assembler->len += len;
        assembler->more = (flags & EOM) == 0;
        if (!assembler->more) assembler->unit = 0;
        if (!assembler->pieces || (flags & TO) != 0) {
            if (!keep(assembler, bytes, len)) return false;
            bytes = assembler->buffer;
            len = assembler->len;
            before = 0;
        }
    }
    const bool typed = before == 0; /* the type byte comes first, once */
    assembler->offset = typed ? 0 : before - 1;
    out->destination = packet[1];
    out->source = packet[2];
    out->tag = flags & TAG;
    out->tag_owner = (flags & TO) != 0;
    out->type = typed ? bytes[0] : assembler->type;
    out->bytes = bytes + typed;
    out->len = len - typed;
    return true;
}

bool mctp_split(const struct mctp_message *message, size_t mtu, mctp_emit_fn *emit, void *context) {
    uint8_t head[MCTP_HEADER_SIZE + 1] = {HEADER_VERSION, message->destination, message->source, 0, message->type};
    size_t head_len = sizeof head; /* the type byte goes with the first packet and counts as payload */
    size_t done = 0;
    uint8_t flags = (uint8_t)(SOM | (message->tag_owner ? TO : 0) | message->tag);
    if (message->tag > TAG || mtu == 0) return false;
    for (unsigned sequence = 0;; sequence += SEQUENCE_ONE) {
        size_t room = mtu - (head_len - MCTP_HEADER_SIZE);
        size_t part = message->len - done;
        if (part <= room)
            flags |= EOM;
        else
            part = room;
        head[3] = (uint8_t)(flags | (sequence & SEQUENCE));
        if (!emit(context, head, head_len, part ? message->bytes + done : NULL, part)) return false;
        done += part;
        if (flags & EOM) return true;
        flags &= (uint8_t)~SOM;
        head_len = MCTP_HEADER_SIZE;
    }
}
