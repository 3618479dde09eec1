// SPDX-License-Identifier: Apache-2.0
//
// Promises of channel.h.
#define _POSIX_C_SOURCE 200809L
#include "host/channel.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "host/endpoint.h"
#include "host/link.h"

_Static_assert((int)CHANNEL_ERROR_TEXT >= (int)LINK_ERROR_TEXT, "an error of the link fits");

struct channel {
    struct link *link;
    struct endpoint endpoint;
    bool memory_gone;
    struct pcapng *capture; /* NULL: none */
    uint32_t interface;     /* of the capture */
    uint64_t epoch_ns;      /* time in the capture where the link's is 0; counts modulo 2^64 */
};

static void write_frame(void *ctx, const uint8_t *bytes, size_t len) {
    struct channel *c = ctx;
    if (!link_send(c->link, bytes, len)) c->memory_gone = true;
}

static void tap(void *ctx, bool sent, const uint8_t *packet, size_t len) {
    const struct channel *c = ctx;
    pcapng_packet(c->capture, c->interface, sent ? PCAPNG_OUTBOUND : PCAPNG_INBOUND, c->epoch_ns + link_now(c->link),
                  packet, len);
}

static uint64_t epoch(const struct link *link) {
    struct timespec day;
    if (link_simulated(link)) return 0;
    clock_gettime(CLOCK_REALTIME, &day);
    return (uint64_t)day.tv_sec * UINT64_C(1000000000) + (uint64_t)day.tv_nsec - link_now(link);
}

struct channel *channel_open(const char *name, uint8_t own_eid, struct pcapng *capture, char *error) {
    struct channel *c = calloc(1, sizeof *c);
    if (c == NULL) {
        snprintf(error, CHANNEL_ERROR_TEXT, "out of memory");
        return NULL;
    }
    c->link = link_open(name, error);
    if (c->link == NULL) {
        free(c);
        return NULL;
    }
    endpoint_init(&c->endpoint, own_eid, write_frame, c);
    if (capture == NULL) return c;
    c->capture = capture;
    c->interface = pcapng_interface(capture, name);
    c->epoch_ns = epoch(c->link);
    c->endpoint.tap = tap;
    return c;
}

void channel_close(struct channel *channel) {
    if (channel != NULL) link_close(channel->link);
    free(channel);
}

void channel_send(struct channel *channel, const struct mctp_message *message) {
    endpoint_send(&channel->endpoint, message);
}

bool channel_receive(struct channel *channel, uint64_t deadline_ns,
                     void (*take)(void *ctx, const struct mctp_message *message), void *ctx, char *error) {
    uint8_t bytes[4096];
    size_t got;
    struct mctp_message message;
    if (!link_receive(channel->link, bytes, sizeof bytes, deadline_ns, &got, error)) return false;
    for (size_t i = 0; i < got; i++)
        if (endpoint_byte(&channel->endpoint, bytes[i], &message)) take(ctx, &message);
    if (channel->memory_gone) snprintf(error, CHANNEL_ERROR_TEXT, "out of memory");
    return !channel->memory_gone;
}

void channel_flush(struct channel *channel) {
    link_flush(channel->link);
}

uint64_t channel_now(const struct channel *channel) {
    return link_now(channel->link);
}
