// SPDX-License-Identifier: Apache-2.0
//
// Promises of channel.h.
#define _POSIX_C_SOURCE 200809L
#include "host/channel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "host/endpoint.h"
#include "host/link.h"
#include "host/link_mctp.h"

_Static_assert((int)CHANNEL_ERROR_TEXT >= (int)LINK_ERROR_TEXT, "an error of a link of bytes fits");
_Static_assert((int)CHANNEL_ERROR_TEXT >= (int)LINK_MCTP_ERROR_TEXT, "and one of a link of messages");

/* A message as one packet. */
enum { WHOLE_MAX = AGENT_MAX_TRANSFER + 64 };
struct whole {
    uint8_t packet[MCTP_HEADER_SIZE + 1 + WHOLE_MAX];
    size_t len;
};

struct channel {
    struct link *link; /* of bytes, with */
    struct endpoint endpoint;
    struct link_mctp *mctp; /* or of messages */
    uint8_t own_eid;
    bool memory_gone;
    struct pcapng *capture; /* NULL: none */
    uint32_t interface;     /* of the capture */
    uint64_t epoch_ns;      /* time in the capture where the link's is 0; counts modulo 2^64 */
};

static void write_frame(void *ctx, const uint8_t *bytes, size_t len) {
    struct channel *c = ctx;
    if (!link_send(c->link, bytes, len)) c->memory_gone = true;
}

static void tap_packet(void *ctx, bool sent, const uint8_t *packet, size_t len) {
    const struct channel *c = ctx;
    pcapng_packet(c->capture, c->interface, sent ? PCAPNG_OUTBOUND : PCAPNG_INBOUND, c->epoch_ns + channel_now(c),
                  packet, len);
}

/* In one packet, as mctp_split() makes it. */
static bool emit_packet(void *ctx, const uint8_t *head, size_t head_len, const uint8_t *body, size_t body_len) {
    struct whole *w = ctx;
    memcpy(w->packet, head, head_len);
    if (body_len != 0) memcpy(w->packet + head_len, body, body_len);
    w->len = head_len + body_len;
    return true;
}

static void tap_message(void *ctx, bool sent, const struct mctp_message *message) {
    struct whole w;
    w.len = 0;
    if (message->len <= WHOLE_MAX && mctp_split(message, 1 + WHOLE_MAX, emit_packet, &w))
        tap_packet(ctx, sent, w.packet, w.len);
}

static uint64_t epoch(const struct channel *c) {
    struct timespec day;
    if (c->link != NULL && link_simulated(c->link)) return 0;
    clock_gettime(CLOCK_REALTIME, &day);
    return (uint64_t)day.tv_sec * UINT64_C(1000000000) + (uint64_t)day.tv_nsec - channel_now(c);
}

bool channel_known(const char *name) {
    struct mctp_peer peer;
    return link_mctp_named(name) ? link_mctp_parse(name, &peer) : link_known(name);
}

uint8_t channel_eid(const char *name) {
    struct mctp_peer peer;
    return link_mctp_named(name) && link_mctp_parse(name, &peer) ? peer.eid : MCTP_EID_NULL;
}

static bool open_link(struct channel *c, const char *name, char *error) {
    struct mctp_peer peer;
    if (link_mctp_named(name) && link_mctp_parse(name, &peer)) {
        c->mctp = link_mctp_open(&peer, &mctp_linux, error);
        c->own_eid = MCTP_EID_NULL;
    } else {
        c->link = link_open(name, error);
        endpoint_init(&c->endpoint, c->own_eid, write_frame, c);
    }
    return c->mctp != NULL || c->link != NULL;
}

struct channel *channel_open(const char *name, uint8_t own_eid, struct pcapng *capture, char *error) {
    struct channel *c = calloc(1, sizeof *c);
    if (c == NULL) {
        snprintf(error, CHANNEL_ERROR_TEXT, "out of memory");
        return NULL;
    }
    c->own_eid = own_eid;
    if (!open_link(c, name, error)) {
        free(c);
        return NULL;
    }
    if (capture == NULL) return c;
    c->capture = capture;
    c->interface = pcapng_interface(capture, name);
    c->epoch_ns = epoch(c);
    c->endpoint.tap = tap_packet;
    if (c->mctp != NULL) link_mctp_tap(c->mctp, tap_message, c);
    return c;
}

void channel_close(struct channel *channel) {
    if (channel == NULL) return;
    link_close(channel->link);
    link_mctp_close(channel->mctp);
    free(channel);
}

uint8_t channel_own_eid(const struct channel *channel) {
    return channel->own_eid;
}

void channel_send(struct channel *channel, const struct mctp_message *message) {
    if (channel->mctp != NULL)
        link_mctp_send(channel->mctp, message);
    else
        endpoint_send(&channel->endpoint, message);
}

bool channel_receive(struct channel *channel, uint64_t deadline_ns,
                     void (*take)(void *ctx, const struct mctp_message *message), void *ctx, char *error) {
    uint8_t bytes[4096];
    size_t got;
    bool whole;
    struct mctp_message message;
    if (channel->mctp != NULL) {
        if (!link_mctp_receive(channel->mctp, deadline_ns, &message, &whole, error)) return false;
        if (whole) take(ctx, &message);
        return true;
    }
    if (!link_receive(channel->link, bytes, sizeof bytes, deadline_ns, &got, error)) return false;
    for (size_t i = 0; i < got; i++)
        if (endpoint_byte(&channel->endpoint, bytes[i], &message)) take(ctx, &message);
    if (channel->memory_gone) snprintf(error, CHANNEL_ERROR_TEXT, "out of memory");
    return !channel->memory_gone;
}

void channel_flush(struct channel *channel) {
    if (channel->link != NULL) link_flush(channel->link);
}

uint64_t channel_now(const struct channel *channel) {
    return channel->mctp != NULL ? link_mctp_now(channel->mctp) : link_now(channel->link);
}
