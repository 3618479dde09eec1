// SPDX-License-Identifier: Apache-2.0
//
// See stream_agent.h.
#include "tests/rtl/stream_agent.h"

#include <string.h>

enum { NO_TAG = 8 };
enum { HEADER = 4, PLDM_HEADER = 4, MAX_ANSWER = PLDM_HEADER + 1 + 8192 + 1 };

void agent_init(struct agent *agent, const uint8_t *image, uint32_t image_size) {
    memset(agent, 0, sizeof *agent);
    agent->image = image;
    agent->image_size = image_size;
    agent->eid = 8;
    agent->card_eid = 9;
    agent->error_code = 0x87;
    agent->first_payload = AGENT_MTU;
    agent->max_transfer = 4096;
    agent->byte_cycles = 4;
    agent->turnaround = 50;
    agent->tag_within = NO_TAG;
}

static void forbidden(struct agent *agent, const char *why) {
    agent->violations++;
    agent->violation = why;
}

static struct agent_packet *packet_at(struct agent *agent, unsigned i) {
    return &agent->out[(agent->out_head + i) % AGENT_PACKETS];
}

/* A place behind all packets that are due as early, and behind one whose bytes are on the way. */
static struct agent_packet *new_packet(struct agent *agent, uint64_t due) {
    if (agent->out_count == AGENT_PACKETS) {
        forbidden(agent, "the agent has too much to send");
        return packet_at(agent, AGENT_PACKETS - 1);
    }
    unsigned i = agent->out_count++, first = agent->out_byte != 0;
    for (; i > first && packet_at(agent, i - 1)->due > due; i--) *packet_at(agent, i) = *packet_at(agent, i - 1);
    *packet_at(agent, i) = (struct agent_packet){.due = due};
    return packet_at(agent, i);
}

static struct agent_packet *send_packet(struct agent *agent, uint64_t due, uint8_t flags, const uint8_t *payload,
                                        size_t length) {
    struct agent_packet *packet = new_packet(agent, due);
    agent->tag_due[flags & 7] = due;
    packet->bytes[0] = 1;
    packet->bytes[1] = agent->card_eid;
    packet->bytes[2] = agent->eid;
    packet->bytes[3] = flags;
    memcpy(packet->bytes + HEADER, payload, length);
    packet->length = (uint8_t)(HEADER + length);
    return packet;
}

/* An answer with another instance ID and the same tag, whole in itself. */
static void send_foreign(struct agent *agent, uint64_t due, uint8_t tag, uint8_t instance) {
    uint8_t message[] = {1, (uint8_t)((instance + 4) & 0x1f), 5, 0x15, 0, 0x55, 0x55, 0x55};
    send_packet(agent, due, (uint8_t)(0xc0 | tag), message, sizeof message);
}

static void send_message(struct agent *agent, uint64_t due, uint8_t tag, const uint8_t *message, size_t length,
                         enum agent_fault fault) {
    size_t ahead = AGENT_MTU - agent->first_payload; /* that the first packet is shorter */
    unsigned packets = (unsigned)((length + ahead + AGENT_MTU - 1) / AGENT_MTU);
    unsigned middle = packets / 2;
    uint8_t sequence = agent->first_sequence;
    if (due < agent->tag_due[tag]) due = agent->tag_due[tag];
    for (unsigned i = 0; i < packets; i++, due += agent->gap) {
        bool first = i == 0, last = i == packets - 1;
        size_t at = first ? 0 : (size_t)i * AGENT_MTU - ahead;
        size_t here = last ? length - at : first ? agent->first_payload : AGENT_MTU;
        bool lost = (fault == AGENT_LOSE_FIRST && first) || (fault == AGENT_LOSE_LAST && last) ||
                    (fault == AGENT_LOSE_MIDDLE && i == middle);
        uint8_t shown = sequence;
        if (fault == AGENT_WRONG_SEQUENCE && i == middle) shown ^= 2;
        uint8_t flags = (uint8_t)((first ? 0x80 : 0) | (last ? 0x40 : 0) | (shown & 3) << 4 | tag);
        sequence++;
        if (lost) continue;
        if (fault == AGENT_FOREIGN && i == middle) send_foreign(agent, due, tag ^ 1, message[1]);
        struct agent_packet *packet = send_packet(agent, due, flags, message + at, here);
        packet->err = fault == AGENT_BAD_FRAME && i == middle;
        packet->instance = message[1] & 0x1f;
        packet->answers = last && (fault == AGENT_NONE || fault == AGENT_FOREIGN);
        if (fault == AGENT_PACKET_TWICE && i == middle) send_packet(agent, due, flags, message + at, here);
    }
}

static void answer(struct agent *agent, const struct agent_request *request, uint64_t due, enum agent_fault fault) {
    uint8_t message[MAX_ANSWER] = {1, request->bytes[5] & 0x1f, 5, 0x15, 0};
    uint8_t tag = request->bytes[3] & 7;
    size_t length = request->length;
    uint8_t *data = message + PLDM_HEADER + 1;

    for (size_t i = 0; i < length; i++) {
        size_t at = request->offset + i;
        data[i] = at < agent->image_size ? agent->image[at] : 0;
    }
    switch (fault) {
        case AGENT_SILENT:
            return;
        case AGENT_LATE:
            due += agent->late_cycles;
            break;
        case AGENT_WRONG_INSTANCE:
            message[1] = (message[1] + 1) & 0x1f;
            break;
        case AGENT_WRONG_TAG:
            tag ^= 1;
            break;
        case AGENT_WRONG_TYPE:
            message[2] = 2;
            break;
        case AGENT_WRONG_COMMAND:
            message[3] = 0x16;
            break;
        case AGENT_REQUEST_BIT:
            message[1] |= 0x80;
            break;
        case AGENT_SHORT:
            length--;
            break;
        case AGENT_LONG:
            length++;
            break;
        case AGENT_EMPTY:
            length = 0;
            break;
        case AGENT_CORRUPT:
            data[length / 2] ^= 0x10;
            break;
        case AGENT_RETRY:
            message[4] = 0x89;
            length = 0;
            break;
        case AGENT_ERROR:
            message[4] = agent->error_code;
            length = 0;
            break;
        default:
            break;
    }
    length += PLDM_HEADER + 1;
    uint8_t eid = agent->eid;
    if (fault == AGENT_WRONG_SOURCE) agent->eid ^= 1;
    bool whole = fault == AGENT_LATE || fault == AGENT_TWICE || fault == AGENT_CORRUPT;
    send_message(agent, due, tag, message, length, whole ? AGENT_NONE : fault);
    if (fault == AGENT_TWICE) send_message(agent, due, tag, message, length, AGENT_NONE);
    agent->eid = eid;
}

static uint32_t get32(const uint8_t *bytes) {
    return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

/* DSP0267 clause 11.6 and facts/update-agents: what the strictest agents accept. */
static void judge(struct agent *agent, const struct agent_request *request) {
    const uint8_t *b = request->bytes;
    if (agent->in_length != 16)
        forbidden(agent, "a request of another length");
    else if (b[0] != 1 || b[1] != agent->eid || b[2] != agent->card_eid)
        forbidden(agent, "MCTP header");
    else if ((b[3] & 0xfc) != 0xc8)
        forbidden(agent, "SOM, EOM, TO, tag below 4");
    else if (b[4] != 1 || (b[5] & 0xe0) != 0x80 || b[6] != 5 || b[7] != 0x15)
        forbidden(agent, "PLDM header");
    else if (request->length < 32 || request->length > agent->max_transfer)
        forbidden(agent, "length");
    else if ((uint64_t)request->offset + request->length > (uint64_t)agent->image_size + 31)
        forbidden(agent, "beyond the image");
}

void agent_take(struct agent *agent, uint64_t now, uint8_t data, bool last) {
    if (agent->in_length < sizeof agent->in) agent->in[agent->in_length++] = data;
    if (!last) return;
    struct agent_request request = {.at = now};
    memcpy(request.bytes, agent->in, sizeof request.bytes);
    request.offset = get32(request.bytes + 8);
    request.length = get32(request.bytes + 12);
    unsigned before = agent->violations;
    judge(agent, &request);
    agent->in_length = 0;
    unsigned number = agent->requests++;
    if (number < AGENT_REQUESTS) agent->log[number] = request;
    if (agent->violations != before) return;
    bool *open = &agent->open[request.bytes[5] & 0x1f];
    agent->open_count += !*open;
    *open = true;
    if (agent->open_count > agent->open_most) agent->open_most = agent->open_count;
    uint64_t due = now + agent->turnaround + (agent->hold ? agent->hold(agent->ctx, number, &request) : 0);
    answer(agent, &request, due, agent->choose ? agent->choose(agent->ctx, number, &request) : AGENT_NONE);
}

bool agent_offer(const struct agent *agent, uint64_t now, uint8_t *data, bool *last, bool *err) {
    const struct agent_packet *packet = &agent->out[agent->out_head];
    if (agent->out_count == 0 || now < agent->next_byte_at) return false;
    if (agent->out_byte == 0 && now < packet->due) return false;
    *data = packet->bytes[agent->out_byte];
    *last = agent->out_byte + 1u == packet->length;
    *err = *last && packet->err;
    return true;
}

void agent_taken(struct agent *agent, uint64_t now) {
    uint64_t waited = now - agent->next_byte_at;
    if (agent->out_byte > 0 && waited > agent->longest_wait) agent->longest_wait = waited;
    agent->next_byte_at = now + agent->byte_cycles;
    const struct agent_packet *packet = &agent->out[agent->out_head];
    if (++agent->out_byte < packet->length) return;
    uint8_t flags = packet->bytes[3];
    if (agent->tag_within != NO_TAG && agent->tag_within != (flags & 7)) agent->mixed++;
    agent->tag_within = flags & 0x40 ? NO_TAG : flags & 7;
    bool *open = &agent->open[packet->instance];
    if (packet->answers && *open) {
        *open = false;
        agent->open_count--;
    }
    agent->out_byte = 0;
    agent->out_head = (agent->out_head + 1) % AGENT_PACKETS;
    agent->out_count--;
}

void agent_forget(struct agent *agent) {
    memset(agent->open, 0, sizeof agent->open);
    agent->open_count = agent->open_most = 0;
}

void agent_flush(struct agent *agent) {
    agent_forget(agent);
    if (agent->out_count == 0) return;
    agent->out_count = 0;
    if (agent->out_byte == 0) return;
    agent->out_count = 1;
    agent->out[agent->out_head].length = (uint8_t)(agent->out_byte + 1);
    agent->out[agent->out_head].err = true;
}
