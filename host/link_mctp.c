// SPDX-License-Identifier: Apache-2.0
//
// Promises of link_mctp.h.
#define _GNU_SOURCE
#include "host/link_mctp.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/agent.h"
#include "host/link_mctp_abi.h"
#include "host/options.h"

#define NS_PER_MS UINT64_C(1000000)
enum { WAIT_MAX_MS = 60000, NO_TAG = 0 };

struct link_mctp {
    struct mctp_peer peer;
    const struct mctp_kernel *kernel;
    int fd;
    int failure;  /* errno of a send that will not do better next time, 0: none */
    bool located; /* the interface that leads to the device is known: */
    struct sockaddr_mctp_ext place;
    /* The request under way. */
    uint8_t tag;      /* the kernel's, with MCTP_TAG_OWNER and MCTP_TAG_PREALLOC; NO_TAG: none */
    bool old_ioctl;   /* allocated by the one that knows no network */
    uint8_t tag_peer; /* whom it is for */
    uint8_t asked;    /* the sender's tag */
    void (*tap)(void *ctx, bool sent, const struct mctp_message *message);
    void *tap_ctx;
    uint8_t bytes[AGENT_MAX_MESSAGE];
};

static const char prefix[] = "mctp:";

bool link_mctp_named(const char *name) {
    return strncmp(name, prefix, sizeof prefix - 1) == 0;
}

/* The number before the next comma, or the end; NULL when it is none. */
static const char *take_number(const char *text, uint64_t least, uint64_t most, uint64_t *number) {
    char copy[16];
    const size_t len = strcspn(text, ",");
    if (len >= sizeof copy) return NULL;
    memcpy(copy, text, len);
    copy[len] = '\0';
    return parse_number(copy, most, number) && *number >= least ? text + len : NULL;
}

bool link_mctp_parse(const char *name, struct mctp_peer *peer) {
    uint64_t net, eid;
    const char *at = take_number(name + sizeof prefix - 1, 1, INT32_MAX, &net);
    if (at == NULL || *at != ',') return false;
    at = take_number(at + 1, MCTP_EID_FIRST, MCTP_EID_BROADCAST - 1, &eid);
    if (at == NULL) return false;
    *peer = (struct mctp_peer){.net = (uint32_t)net, .eid = (uint8_t)eid};
    if (*at == '\0') return true;
    const size_t len = strlen(at + 1);
    if (len == 0 || len >= sizeof peer->interface) return false;
    memcpy(peer->interface, at + 1, len);
    return true;
}

static void broken(const struct link_mctp *link, const char *what, int reason, char *error) {
    static const struct {
        int reason;
        const char *words;
    } known[] = {
        {EAFNOSUPPORT, "this kernel has no MCTP (CONFIG_MCTP)"},
        {EACCES, "not permitted (CAP_NET_RAW and CAP_NET_BIND_SERVICE are needed)"},
        {EADDRINUSE, "another program has the PLDM messages of this network"},
        {EHOSTUNREACH, "the kernel has no route to it, or no address of its own there"},
    };
    const char *words = NULL;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (known[i].reason == reason) words = known[i].words;
    snprintf(error, LINK_MCTP_ERROR_TEXT, "mctp:%u,%u: %s: %.150s", link->peer.net, link->peer.eid, what,
             words != NULL ? words : strerror(reason));
}

static struct sockaddr_mctp address(const struct link_mctp *link, uint8_t eid, uint8_t type, uint8_t tag) {
    return (struct sockaddr_mctp){.smctp_family = AF_MCTP,
                                  .smctp_network = link->peer.net,
                                  .smctp_addr = {eid},
                                  .smctp_type = type,
                                  .smctp_tag = tag};
}

/* NULL, or what did not work, with errno. */
static const char *set_up(struct link_mctp *link) {
    const struct mctp_kernel *k = link->kernel;
    const struct sockaddr_mctp ours = address(link, MCTP_ADDR_ANY, MCTP_TYPE_PLDM, MCTP_TAG_OWNER);
    link->fd = k->socket(k->ctx);
    if (link->fd < 0) return "no socket";
    if (k->option(k->ctx, link->fd, MCTP_OPT_ADDR_EXT, 1) != 0) return "no extended addresses";
    if (k->bind(k->ctx, link->fd, (const struct sockaddr *)&ours, sizeof ours) != 0) return "cannot listen";
    if (link->peer.interface[0] == '\0') return NULL;
    link->place.smctp_ifindex = k->interface(k->ctx, link->peer.interface);
    link->located = true;
    return link->place.smctp_ifindex > 0 ? NULL : "no such interface";
}

struct link_mctp *link_mctp_open(const struct mctp_peer *peer, const struct mctp_kernel *kernel, char *error) {
    struct link_mctp *link = calloc(1, sizeof *link);
    if (link == NULL) {
        snprintf(error, LINK_MCTP_ERROR_TEXT, "out of memory");
        return NULL;
    }
    link->peer = *peer;
    link->kernel = kernel;
    const char *what = set_up(link);
    if (what == NULL) return link;
    broken(link, what, errno, error);
    link_mctp_close(link);
    return NULL;
}

static void drop_tag(struct link_mctp *link) {
    const struct mctp_kernel *k = link->kernel;
    struct mctp_ioc_tag_ctl2 ctl = {.net = link->peer.net, .peer_addr = link->tag_peer, .tag = link->tag};
    struct mctp_ioc_tag_ctl old = {.peer_addr = link->tag_peer, .tag = link->tag};
    if (link->tag == NO_TAG) return;
    if (link->old_ioctl)
        k->ioctl(k->ctx, link->fd, SIOCMCTPDROPTAG, &old);
    else
        k->ioctl(k->ctx, link->fd, SIOCMCTPDROPTAG2, &ctl);
    link->tag = NO_TAG;
}

void link_mctp_close(struct link_mctp *link) {
    if (link == NULL) return;
    drop_tag(link);
    if (link->fd >= 0) link->kernel->close(link->kernel->ctx, link->fd);
    free(link);
}

void link_mctp_tap(struct link_mctp *link, void (*tap)(void *ctx, bool sent, const struct mctp_message *message),
                   void *ctx) {
    link->tap = tap;
    link->tap_ctx = ctx;
}

/* A tag for a request to @p peer. Kernels before 6.10 know only the call that names no network, and want none. False:
 * there is none to be had now. */
static bool take_tag(struct link_mctp *link, uint8_t peer, uint8_t asked) {
    const struct mctp_kernel *k = link->kernel;
    struct mctp_ioc_tag_ctl2 ctl = {.net = link->peer.net, .peer_addr = peer};
    struct mctp_ioc_tag_ctl old = {.peer_addr = peer};
    if (link->tag != NO_TAG && link->tag_peer == peer && link->asked == asked) return true; /* a repeat */
    drop_tag(link);
    link->old_ioctl = k->ioctl(k->ctx, link->fd, SIOCMCTPALLOCTAG2, &ctl) != 0;
    if (link->old_ioctl) {
        if (errno != EINVAL && errno != ENOTTY) return false;
        if (k->ioctl(k->ctx, link->fd, SIOCMCTPALLOCTAG, &old) != 0) return false;
    }
    link->tag = link->old_ioctl ? old.tag : ctl.tag;
    link->tag_peer = peer;
    link->asked = asked;
    return true;
}

static void note(const struct link_mctp *link, bool sent, const struct mctp_message *message, uint8_t eid,
                 uint8_t tag) {
    struct mctp_message m = *message;
    if (link->tap == NULL) return;
    m.destination = sent ? eid : MCTP_EID_NULL;
    m.source = sent ? MCTP_EID_NULL : eid;
    m.tag = tag & MCTP_TAG_MASK;
    link->tap(link->tap_ctx, sent, &m);
}

void link_mctp_send(struct link_mctp *link, const struct mctp_message *message) {
    const struct mctp_kernel *k = link->kernel;
    const bool direct = message->destination == MCTP_EID_NULL && link->located;
    const uint8_t eid = message->destination != MCTP_EID_NULL || direct ? message->destination : link->peer.eid;
    struct sockaddr_mctp_ext to = link->place;
    if (message->tag_owner && !take_tag(link, eid, message->tag)) return; /* as if it got lost: asked again */
    const uint8_t tag = message->tag_owner ? link->tag : message->tag;
    to.smctp_base = address(link, eid, message->type, tag);
    const socklen_t len = direct ? sizeof to : sizeof to.smctp_base;
    if (k->send(k->ctx, link->fd, message->bytes, message->len, (const struct sockaddr *)&to, len) >= 0)
        note(link, true, message, eid, tag);
    else if (errno != EAGAIN && errno != EINTR && errno != ENOBUFS && errno != ENOMEM)
        link->failure = errno;
}

static int wait_ms(const struct link_mctp *link, uint64_t deadline_ns) {
    const uint64_t now = link_mctp_now(link);
    if (deadline_ns <= now) return 0;
    const uint64_t ms = (deadline_ns - now - 1) / NS_PER_MS + 1; /* rounded up: no busy turn at the end */
    return ms > WAIT_MAX_MS ? WAIT_MAX_MS : (int)ms;
}

/* Whether the message is from the device: its requests, and the answer to ours. */
static bool take(struct link_mctp *link, const struct sockaddr_mctp_ext *from, size_t len, struct mctp_message *out) {
    const struct sockaddr_mctp *base = &from->smctp_base;
    const bool request = (base->smctp_tag & MCTP_TAG_OWNER) != 0;
    const uint8_t tag = base->smctp_tag & MCTP_TAG_MASK, source = base->smctp_addr.s_addr;
    if (base->smctp_network != link->peer.net) return false;
    *out = (struct mctp_message){
        .source = source, .tag = tag, .tag_owner = request, .type = base->smctp_type, .bytes = link->bytes, .len = len};
    note(link, false, out, source, tag);
    if (request) return source == link->peer.eid;
    if (link->tag == NO_TAG || (link->tag & MCTP_TAG_MASK) != tag) return false;
    link->place = *from;
    link->located = true;
    out->tag = link->asked;
    drop_tag(link);
    return true;
}

bool link_mctp_receive(struct link_mctp *link, uint64_t deadline_ns, struct mctp_message *out, bool *got, char *error) {
    const struct mctp_kernel *k = link->kernel;
    struct sockaddr_mctp_ext from = {.smctp_ifindex = 0};
    socklen_t from_len = sizeof from;
    *got = false;
    if (link->failure != 0) {
        broken(link, "cannot send", link->failure, error);
        return false;
    }
    const int ready = k->wait(k->ctx, link->fd, wait_ms(link, deadline_ns));
    ssize_t len = ready;
    if (ready > 0)
        len = k->receive(k->ctx, link->fd, link->bytes, sizeof link->bytes, (struct sockaddr *)&from, &from_len);
    if (len < 0 && errno != EINTR && errno != EAGAIN) {
        broken(link, "cannot receive", errno, error);
        return false;
    }
    if (ready > 0 && len >= 0 && (size_t)len <= sizeof link->bytes && from_len == sizeof from)
        *got = take(link, &from, (size_t)len, out);
    return true;
}

uint64_t link_mctp_now(const struct link_mctp *link) {
    return link->kernel->now_ns(link->kernel->ctx);
}
