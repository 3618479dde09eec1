// SPDX-License-Identifier: Apache-2.0
//
// An update agent at packet level, for the benches of the stream engine: it serves RequestFirmwareData (DSP0267 clause
// 11.6) from an image, in packets of at most 64 bytes of payload, and misbehaves as told. Time is in clock cycles.
// It works on any number of requests at once: each packet leaves when it is due and the line is free, so that answers
// can overtake each other and mix. Packets with the same tag keep their order.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
    AGENT_MTU = 64,
    AGENT_PACKETS = 2048, /* that may wait to be sent */
    AGENT_REQUESTS = 8192 /* that the log holds */
};

/** What to do with the answer to one request. */
enum agent_fault {
    AGENT_NONE,
    AGENT_SILENT,         /* no answer */
    AGENT_LATE,           /* the answer comes late_cycles later */
    AGENT_LOSE_FIRST,     /* its first packet is lost */
    AGENT_LOSE_MIDDLE,    /* one in the middle is lost (as AGENT_SILENT with one packet) */
    AGENT_LOSE_LAST,      /* its last packet is lost */
    AGENT_BAD_FRAME,      /* a packet in the middle ends with a link error */
    AGENT_TWICE,          /* the whole answer is sent twice */
    AGENT_PACKET_TWICE,   /* one packet in the middle is sent twice */
    AGENT_WRONG_SEQUENCE, /* one packet in the middle has another sequence number */
    AGENT_WRONG_INSTANCE, /* wrong instance ID */
    AGENT_WRONG_TAG,      /* wrong message tag */
    AGENT_WRONG_SOURCE,   /* from another endpoint */
    AGENT_WRONG_TYPE,     /* an answer to another PLDM type */
    AGENT_WRONG_COMMAND,  /* an answer to another command */
    AGENT_REQUEST_BIT,    /* a request, not an answer */
    AGENT_SHORT,          /* one data byte less */
    AGENT_LONG,           /* one data byte more */
    AGENT_EMPTY,          /* completion code 0 and no data */
    AGENT_CORRUPT,        /* one data bit is wrong */
    AGENT_FOREIGN,        /* an unrelated packet in the middle of the answer */
    AGENT_RETRY,          /* RETRY_REQUEST_FW_DATA */
    AGENT_ERROR,          /* completion code agent.error_code */
    AGENT_FAULTS
};

struct agent_request {
    uint64_t at; /* when its last byte came */
    uint32_t offset, length;
    uint8_t bytes[16];
};

struct agent_packet {
    uint64_t due;
    bool answers;     /* the last packet of a good answer ... */
    uint8_t instance; /* ... to the request with this instance ID */
    uint8_t length;
    bool err;
    uint8_t bytes[AGENT_MTU + 4];
};

struct agent {
    const uint8_t *image;
    uint32_t image_size;
    uint8_t eid, card_eid;
    uint8_t error_code;
    uint8_t first_sequence; /* of each answer */
    uint8_t first_payload;  /* bytes in the first packet of each answer, at most AGENT_MTU */
    uint32_t max_transfer;  /* MaximumTransferSize: 4096 at first, 8192 at most */
    uint64_t turnaround;    /* from the request's last byte to the answer's first one */
    uint64_t late_cycles;
    uint64_t gap;         /* between the packets of an answer */
    unsigned byte_cycles; /* a byte takes so long */
    /** The fault of the answer to request @p number (0 for the first); NULL: none. */
    enum agent_fault (*choose)(void *ctx, unsigned number, const struct agent_request *request);
    /** By how many cycles more the answer to request @p number is late; NULL: 0. */
    uint64_t (*hold)(void *ctx, unsigned number, const struct agent_request *request);
    void *ctx;

    unsigned requests; /* so far; the log has the first AGENT_REQUESTS */
    struct agent_request log[AGENT_REQUESTS];
    unsigned violations; /* requests that DSP0267 forbids; see `violation` for the last one */
    const char *violation;
    uint64_t longest_wait; /* that the engine let a byte wait, cycles */
    bool open[32];         /* by instance ID: requested, and no good answer has been delivered */
    unsigned open_count, open_most;
    unsigned mixed; /* packets that came between those of another answer */

    /* the request coming in, the packets going out: a ring in the order in which they are due */
    uint8_t in[32];
    unsigned in_length;
    struct agent_packet out[AGENT_PACKETS];
    unsigned out_head, out_count, out_byte;
    uint64_t tag_due[8]; /* of the last packet with the tag */
    uint8_t tag_within;  /* of the answer that the last packet did not end */
    uint64_t next_byte_at;
};

void agent_init(struct agent *agent, const uint8_t *image, uint32_t image_size);

/** Forgets which requests are open, as when the card has given them up. */
void agent_forget(struct agent *agent);

/** Forgets what is to be sent, and which requests are open, as when the line is cut. A packet whose bytes are on the
 * way is ended by an error. */
void agent_flush(struct agent *agent);

/** A byte of a packet from the card. */
void agent_take(struct agent *agent, uint64_t now, uint8_t data, bool last);

/** The byte to offer the card now, if any; agent_taken() when the card has taken it. */
bool agent_offer(const struct agent *agent, uint64_t now, uint8_t *data, bool *last, bool *err);
void agent_taken(struct agent *agent, uint64_t now);

#ifdef __cplusplus
}
#endif
