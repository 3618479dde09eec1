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
    SEQUENCE_SHIFT = 4,
    SEQUENCE_MASK = 3,
    TO = 0x08,
    TAG = 0x07,
    KEY = TO | TAG,
};

static void deliver(struct mctp_message *out, uint8_t destination, uint8_t source, uint8_t key, const uint8_t *bytes,
                    size_t len) {
    out->destination = destination;
    out->source = source;
    out->tag = key & TAG;
    out->tag_owner = (key & TO) != 0;
    out->type = bytes[0];
    out->bytes = bytes + 1;
    out->len = len - 1;
}

/* Forgets the message under way. */
static void drop(struct mctp_assembler *assembler) {
    assembler->len = 0;
    assembler->dropped++;
}

static bool append(struct mctp_assembler *assembler, const uint8_t *bytes, size_t len) {
    if (assembler->size - assembler->len < len) return false;
    memcpy(assembler->buffer + assembler->len, bytes, len);
    assembler->len += len;
    return true;
}

static void start(struct mctp_assembler *assembler, const uint8_t *packet, size_t len) {
    if (assembler->len != 0) drop(assembler);
    assembler->destination = packet[1];
    assembler->source = packet[2];
    assembler->key = packet[3] & KEY;
    assembler->sequence = (uint8_t)(packet[3] >> SEQUENCE_SHIFT) & SEQUENCE_MASK;
    assembler->unit = len;
    if (!append(assembler, packet + MCTP_HEADER_SIZE, len)) drop(assembler);
}

/* Does the packet belong to the message under way? */
static bool belongs(const struct mctp_assembler *assembler, const uint8_t *packet) {
    return assembler->len != 0 && packet[1] == assembler->destination && packet[2] == assembler->source &&
           (packet[3] & KEY) == assembler->key;
}

bool mctp_assemble(struct mctp_assembler *assembler, const uint8_t *packet, size_t len, struct mctp_message *out) {
    if (len <= MCTP_HEADER_SIZE || (packet[0] & VERSION_MASK) != HEADER_VERSION) return false;
    const uint8_t flags = packet[3];
    const uint8_t sequence = (uint8_t)(flags >> SEQUENCE_SHIFT) & SEQUENCE_MASK;
    const uint8_t *payload = packet + MCTP_HEADER_SIZE;
    len -= MCTP_HEADER_SIZE;
    if ((flags & SOM) && (flags & EOM)) {
        deliver(out, packet[1], packet[2], flags & KEY, payload, len);
        return true;
    }
    if (flags & SOM) {
        start(assembler, packet, len);
        return false;
    }
    if (!belongs(assembler, packet)) return false;
    assembler->sequence = (assembler->sequence + 1) & SEQUENCE_MASK;
    bool fits = flags & EOM ? len <= assembler->unit : len == assembler->unit;
    if (sequence != assembler->sequence || !fits || !append(assembler, payload, len)) {
        drop(assembler);
        return false;
    }
    if (!(flags & EOM)) return false;
    deliver(out, assembler->destination, assembler->source, assembler->key, assembler->buffer, assembler->len);
    assembler->len = 0;
    return true;
}

bool mctp_split(const struct mctp_message *message, size_t mtu, mctp_emit_fn *emit, void *context) {
    uint8_t head[MCTP_HEADER_SIZE + 1] = {HEADER_VERSION, message->destination, message->source, 0, message->type};
    size_t head_len = sizeof head; /* the type byte goes with the first packet and counts as payload */
    size_t done = 0;
    uint8_t flags = (uint8_t)(SOM | (message->tag_owner ? TO : 0) | message->tag);
    if (message->tag > TAG || mtu == 0) return false;
    for (unsigned sequence = 0;; sequence++) {
        size_t room = mtu - (head_len - MCTP_HEADER_SIZE);
        size_t part = message->len - done;
        if (part <= room)
            flags |= EOM;
        else
            part = room;
        head[3] = (uint8_t)(flags | (sequence & SEQUENCE_MASK) << SEQUENCE_SHIFT);
        if (!emit(context, head, head_len, part ? message->bytes + done : NULL, part)) return false;
        done += part;
        if (flags & EOM) return true;
        flags &= (uint8_t)~SOM;
        head_len = MCTP_HEADER_SIZE;
    }
}
