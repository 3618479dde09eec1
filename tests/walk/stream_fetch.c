// SPDX-License-Identifier: Apache-2.0
//
// RequestFirmwareData of the engine's model, as rtl/stream's requester and matcher have it: one request a message tag,
// each with its own instance ID, repeats and time-out. A repetition has the same bytes; what belongs to no request on
// its way is ignored; nothing is written outside the bytes asked for.
#include <string.h>

#include "fw/pldm/pldm.h"
#include "tests/walk/stream.h"

#define NS_PER_MS UINT64_C(1000000)
enum { SOM = 0x80, EOM = 0x40, SEQUENCE = 3, OWN_TAG = 0x08, INSTANCES = 32, HEADER = 4, CODE_AT = 8 };

static struct stream_job *job_of(struct stream *s, const struct stream_request *request) {
    return &s->jobs[request->job % STREAM_BUFFERS];
}

static void put32(uint8_t *out, uint32_t value) {
    for (unsigned i = 0; i < 4; i++) out[i] = (uint8_t)(value >> 8 * i);
}

static void transmit(struct stream *s, struct stream_request *r) {
    uint8_t packet[STREAM_PACKET] = {1,
                                     (uint8_t)HAL_GET(s->regs->REQUEST, REQUEST__PEER),
                                     (uint8_t)s->regs->MCTP_EID,
                                     (uint8_t)(SOM | EOM | OWN_TAG | r->instance % STREAM_REQUESTS),
                                     MCTP_TYPE_PLDM,
                                     (uint8_t)(0x80 | r->instance),
                                     PLDM_TYPE_FWUP,
                                     PLDM_REQUEST_FIRMWARE_DATA};
    put32(packet + CODE_AT, r->offset);
    put32(packet + CODE_AT + 4, r->len);
    r->delayed = false;
    r->due_ns = s->send(s->ctx, packet, sizeof packet) + HAL_GET(s->regs->REQUEST, REQUEST__TIMEOUT_MS) * NS_PER_MS;
}

/* The request once more with @p reason for the stop when it was repeated often enough. */
static void repeat(struct stream *s, struct stream_request *r, uint8_t reason) {
    if (r->repeats == HAL_GET(s->regs->REQUEST, REQUEST__RETRIES)) {
        stream_stop(s, reason, job_of(s, r));
        return;
    }
    r->repeats++;
    s->repeats++;
    transmit(s, r);
}

/* ---- asking ---- */

unsigned stream_outstanding(const struct stream *s) {
    const unsigned wanted = HAL_GET(s->regs->REQUEST_DELAY, REQUEST_DELAY__OUTSTANDING_M1) + 1;
    return wanted < s->most ? wanted : s->most;
}

/* The block to ask for next: the checker's before those on their way. */
static bool choose(struct stream *s, unsigned *number) {
    if (s->fetching_again) {
        *number = s->checked;
        return s->jobs[s->checked % STREAM_BUFFERS].asked < s->jobs[s->checked % STREAM_BUFFERS].len;
    }
    for (*number = s->made; *number != s->handed; ++*number) {
        const struct stream_job *job = &s->jobs[*number % STREAM_BUFFERS];
        if (job->link && job->asked < job->len) return true;
    }
    return false;
}

static unsigned on_their_way(const struct stream *s) {
    unsigned count = 0;
    for (unsigned i = 0; i < STREAM_REQUESTS; i++) count += s->requests[i].active;
    return count;
}

static void ask(struct stream *s, unsigned number) {
    struct stream_job *job = &s->jobs[number % STREAM_BUFFERS];
    const uint32_t chunk = 1u << HAL_GET(s->regs->REQUEST, REQUEST__CHUNK_LOG2), left = job->len - job->asked;
    do s->instance = (uint8_t)((s->instance + 1) % INSTANCES);
    while (s->requests[s->instance % STREAM_REQUESTS].active);
    struct stream_request *r = &s->requests[s->instance % STREAM_REQUESTS];
    *r = (struct stream_request){
        .active = true,
        .job = number,
        .offset = stream_order(s, job)->IMAGE_OFFSET + job->index * (uint32_t)STREAM_BLOCK + job->asked,
        .position = job->asked,
        .len = left < chunk ? left : chunk,
        .instance = s->instance,
        .bad = true,  // until an answer begins
    };
    job->asked += r->len;
    transmit(s, r);
}

bool stream_fetch(struct stream *s, uint64_t now_ns) {
    bool moved = false;
    for (unsigned i = 0; i < STREAM_REQUESTS && !s->stopping; i++) {
        struct stream_request *r = &s->requests[i];
        if (!r->active || now_ns < r->due_ns) continue;
        repeat(s, r, r->delayed ? STOP_REASON_COMPLETION_CODE : STOP_REASON_TIMEOUT);
        moved = true;
    }
    unsigned number;
    while (!s->stopping && on_their_way(s) < stream_outstanding(s) && choose(s, &number)) {
        ask(s, number);
        moved = true;
    }
    return moved;
}

uint64_t stream_fetch_due(const struct stream *s) {
    uint64_t due = UINT64_MAX;
    for (unsigned i = 0; i < STREAM_REQUESTS; i++)
        if (s->requests[i].active && s->requests[i].due_ns < due) due = s->requests[i].due_ns;
    return due;
}

/* ---- answers ---- */

static void verdict(struct stream *s, uint64_t now_ns, struct stream_request *r) {
    s->code = r->code;
    if (r->bad || (r->code == PLDM_SUCCESS && !r->full)) {
        repeat(s, r, STOP_REASON_LENGTH);
    } else if (r->code == PLDM_SUCCESS) {
        r->active = false;
        job_of(s, r)->got += r->len;
        s->bytes += r->len;
    } else if (r->code == PLDM_RETRY_REQUEST_FW_DATA && r->repeats < HAL_GET(s->regs->REQUEST, REQUEST__RETRIES)) {
        r->delayed = r->bad = true;
        r->due_ns = now_ns + HAL_GET(s->regs->REQUEST_DELAY, REQUEST_DELAY__RETRY_MS) * NS_PER_MS;
    } else {
        stream_stop(s, STOP_REASON_COMPLETION_CODE, job_of(s, r));
    }
}

/* Whether a message that begins with these bytes answers the request. */
static bool answers(const struct stream_request *r, const uint8_t *packet, size_t len) {
    return len > CODE_AT && packet[HEADER] == MCTP_TYPE_PLDM && packet[HEADER + 1] == r->instance &&
           packet[HEADER + 2] == PLDM_TYPE_FWUP && packet[HEADER + 3] == PLDM_REQUEST_FIRMWARE_DATA;
}

static void take(struct stream *s, struct stream_request *r, const uint8_t *data, size_t len) {
    uint8_t *block = s->ram + job_of(s, r)->block * STREAM_BLOCK + r->position;
    for (size_t i = 0; i < len; i++) {
        if (r->full) r->bad = true;
        if (r->bad) return;
        block[r->at++] = data[i];
        r->full = r->at == r->len;
    }
}

void stream_packet(struct stream *s, uint64_t now_ns, const uint8_t *packet, size_t len) {
    struct stream_request *r = &s->requests[packet[3] % STREAM_REQUESTS];
    const uint8_t flags = packet[3], sequence = flags >> 4 & SEQUENCE;
    if (s->stopping || !r->active || r->delayed || packet[2] != HAL_GET(s->regs->REQUEST, REQUEST__PEER)) return;
    size_t at = HEADER;
    if ((flags & SOM) != 0) {
        r->alien = !answers(r, packet, len);
        if (!r->alien) {
            r->bad = r->full = false;
            r->at = 0;
            r->code = packet[CODE_AT];
        }
        at = CODE_AT + 1;
    } else if (sequence != r->sequence) {
        r->bad = true;
    }
    if (r->alien) return;
    r->sequence = (sequence + 1) & SEQUENCE;
    take(s, r, packet + at, len - at);
    if (!r->bad) r->due_ns = now_ns + HAL_GET(s->regs->REQUEST, REQUEST__TIMEOUT_MS) * NS_PER_MS;
    if ((flags & EOM) != 0) verdict(s, now_ns, r);
}
