// SPDX-License-Identifier: Apache-2.0
//
// Promises of mctp_model.h.
#define _DEFAULT_SOURCE
#include "tests/host/mctp_model.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { FD = 7, INTERFACE_INDEX = 3 };
#define MS UINT64_C(1000000)

struct model model;

static int fail(int reason) {
    errno = reason;
    return -1;
}

static int refuse(struct model *m, int reason) {
    m->faults++;
    return fail(reason);
}

unsigned model_keys(void) {
    unsigned n = 0;
    for (int i = 0; i < MODEL_TAGS; i++) n += model.keys[i].used;
    return n;
}

static int model_socket(void *ctx) {
    struct model *m = ctx;
    if (m->socket_error != 0) return fail(m->socket_error);
    m->is_open = true;
    return FD;
}

static int model_bind(void *ctx, int fd, const struct sockaddr *address, socklen_t len) {
    struct model *m = ctx;
    struct sockaddr_mctp a;
    if (m->bind_error != 0) return fail(m->bind_error);
    if (fd != FD || len != sizeof a || m->is_bound) return refuse(m, EINVAL);
    memcpy(&a, address, sizeof a);
    if (a.smctp_family != AF_MCTP || a.smctp_network != MODEL_NET || a.smctp_addr.s_addr != MCTP_ADDR_ANY ||
        a.smctp_type != MCTP_TYPE_PLDM || a.__smctp_pad0 != 0 || a.__smctp_pad1 != 0)
        return refuse(m, EINVAL);
    m->is_bound = true;
    return 0;
}

static int model_option(void *ctx, int fd, int name, int value) {
    struct model *m = ctx;
    if (m->option_error != 0) return fail(m->option_error);
    if (fd != FD || name != MCTP_OPT_ADDR_EXT || value != 1) return refuse(m, ENOPROTOOPT);
    m->extended = true;
    return 0;
}

static uint8_t key_peer(uint8_t peer) {
    return peer == MCTP_ADDR_NULL ? MCTP_ADDR_ANY : peer;
}

static int allocate(struct model *m, uint8_t peer, uint8_t *tag) {
    if (m->ioctl_error != 0) return fail(m->ioctl_error);
    if (m->busy != 0) {
        m->busy--;
        return fail(EBUSY);
    }
    int i = 0;
    while (i < MODEL_TAGS && m->keys[i].used) i++;
    if (*tag != 0 || i == MODEL_TAGS) return refuse(m, i == MODEL_TAGS ? EBUSY : EINVAL);
    m->keys[i].used = true;
    m->keys[i].peer = key_peer(peer);
    *tag = (uint8_t)(i | MCTP_TAG_OWNER | MCTP_TAG_PREALLOC);
    m->allocated++;
    if (model_keys() > m->most) m->most = model_keys();
    return 0;
}

static int drop(struct model *m, uint8_t peer, uint8_t tag) {
    const int i = tag & MCTP_TAG_MASK;
    if ((tag & ~MCTP_TAG_MASK) != (MCTP_TAG_OWNER | MCTP_TAG_PREALLOC) || !m->keys[i].used ||
        m->keys[i].peer != key_peer(peer))
        return refuse(m, EINVAL);
    m->keys[i].used = false;
    m->dropped++;
    return 0;
}

static int model_ioctl(void *ctx, int fd, unsigned long request, void *argument) {
    struct model *m = ctx;
    struct mctp_ioc_tag_ctl *old = argument;
    struct mctp_ioc_tag_ctl2 *ctl = argument;
    const bool second = request == SIOCMCTPALLOCTAG2 || request == SIOCMCTPDROPTAG2;
    if (second && m->old) return fail(EINVAL);
    if (fd != FD || (second ? ctl->flags != 0 || ctl->net != MODEL_NET || ctl->local_addr != 0 : old->flags != 0))
        return refuse(m, EINVAL);
    switch (request) {
        case SIOCMCTPALLOCTAG2:
            return allocate(m, ctl->peer_addr, &ctl->tag);
        case SIOCMCTPALLOCTAG:
            return allocate(m, old->peer_addr, &old->tag);
        case SIOCMCTPDROPTAG2:
            return drop(m, ctl->peer_addr, ctl->tag);
        case SIOCMCTPDROPTAG:
            return drop(m, old->peer_addr, old->tag);
        default:
            return refuse(m, EINVAL);
    }
}

static int model_interface(void *ctx, const char *name) {
    (void)ctx;
    if (strcmp(name, "mctpserial0") == 0) return INTERFACE_INDEX;
    errno = ENODEV;
    return 0;
}

/* A message that arrives. */
struct received *model_arrive(uint32_t net, uint8_t source, uint8_t type, uint8_t tag, const uint8_t *bytes,
                              size_t len) {
    struct received *r = &model.queue[model.queue_len++];
    if (model.queue_len > MODEL_QUEUE) abort();
    r->from = (struct sockaddr_mctp_ext){.smctp_base = {.smctp_family = AF_MCTP,
                                                        .smctp_network = net,
                                                        .smctp_addr = {source},
                                                        .smctp_type = type,
                                                        .smctp_tag = tag},
                                         .smctp_ifindex = INTERFACE_INDEX};
    r->len = len;
    if (len != 0) memcpy(r->bytes, bytes, len);
    return r;
}

/* Whether the kernel has somebody for what the card sends: the key of an answer, the program that is bound to PLDM. */
static bool wanted(const struct model *m, const struct mctp_message *message) {
    if (message->tag_owner) return m->is_bound && message->type == MCTP_TYPE_PLDM;
    return m->keys[message->tag].used &&
           (m->keys[message->tag].peer == MCTP_ADDR_ANY || m->keys[message->tag].peer == message->source);
}

static void give_to_card(struct model *m, uint8_t destination, const struct sockaddr_mctp *to, const void *bytes,
                         size_t len) {
    uint8_t out[FAKE_MESSAGE];
    struct mctp_message answer;
    const struct mctp_message message = {.destination = destination,
                                         .source = 8,
                                         .tag = to->smctp_tag & MCTP_TAG_MASK,
                                         .tag_owner = (to->smctp_tag & MCTP_TAG_OWNER) != 0,
                                         .type = to->smctp_type,
                                         .bytes = bytes,
                                         .len = len};
    if (m->no_wire || (destination != MCTP_EID_NULL && destination != m->card.eid)) return;
    m->card.log_len = 0;
    fake_take(&m->card, &message);
    while (fake_pop(&m->card, out, &answer))
        if (wanted(m, &answer))
            model_arrive(MODEL_NET, answer.source, answer.type, answer.tag | (answer.tag_owner ? MCTP_TAG_OWNER : 0),
                         out, answer.len);
}

static ssize_t model_send(void *ctx, int fd, const void *bytes, size_t len, const struct sockaddr *to,
                          socklen_t to_len) {
    struct model *m = ctx;
    struct sockaddr_mctp_ext a = {.smctp_ifindex = 0};
    if (m->send_error != 0) return fail(m->send_error);
    const bool direct = to_len == sizeof a;
    if (fd != FD || (!direct && to_len != sizeof a.smctp_base) || (direct && !m->extended)) return refuse(m, EINVAL);
    memcpy(&a, to, to_len);
    const struct sockaddr_mctp *base = &a.smctp_base;
    const uint8_t tag = base->smctp_tag, eid = base->smctp_addr.s_addr;
    if (base->smctp_family != AF_MCTP || base->smctp_network != MODEL_NET || base->__smctp_pad0 != 0 ||
        base->__smctp_pad1 != 0 || (direct && (a.smctp_ifindex != INTERFACE_INDEX || a.smctp_halen != 0)))
        return refuse(m, EINVAL);
    if (!direct && eid == MCTP_ADDR_NULL) return refuse(m, EHOSTUNREACH);
    if ((tag & MCTP_TAG_OWNER) != 0) { /* this link allocates all of its tags */
        const int i = tag & MCTP_TAG_MASK;
        if ((tag & MCTP_TAG_PREALLOC) == 0 || !m->keys[i].used ||
            (m->keys[i].peer != MCTP_ADDR_ANY && m->keys[i].peer != eid))
            return refuse(m, ENOENT);
    }
    if (direct)
        m->direct++;
    else
        m->routed++;
    give_to_card(m, eid, base, bytes, len);
    return (ssize_t)len;
}

static ssize_t model_receive(void *ctx, int fd, void *bytes, size_t size, struct sockaddr *from, socklen_t *from_len) {
    struct model *m = ctx;
    if (fd != FD || *from_len < sizeof m->queue[0].from) return refuse(m, EINVAL);
    if (m->queue_len == 0) return fail(EAGAIN);
    const struct received r = m->queue[0];
    m->queue_len--;
    memmove(&m->queue[0], &m->queue[1], m->queue_len * sizeof m->queue[0]);
    memcpy(from, &r.from, sizeof r.from);
    *from_len = sizeof r.from;
    const size_t have = r.len < sizeof r.bytes ? r.len : sizeof r.bytes;
    memcpy(bytes, r.bytes, have < size ? have : size);
    return (ssize_t)r.len;
}

static int model_wait(void *ctx, int fd, int ms) {
    struct model *m = ctx;
    if (fd != FD) return refuse(m, EBADF);
    if (m->queue_len != 0) return 1;
    m->card.now += (uint64_t)ms * MS;
    return 0;
}

static void model_close(void *ctx, int fd) {
    struct model *m = ctx;
    if (fd != FD || !m->is_open) m->faults++;
    m->is_open = false;
}

static uint64_t model_now(void *ctx) {
    const struct model *m = ctx;
    return m->card.now;
}

const struct mctp_kernel model_kernel = {
    .ctx = &model,
    .socket = model_socket,
    .bind = model_bind,
    .option = model_option,
    .ioctl = model_ioctl,
    .interface = model_interface,
    .send = model_send,
    .receive = model_receive,
    .wait = model_wait,
    .close = model_close,
    .now_ns = model_now,
};

void model_begin(void) {
    memset(&model, 0, sizeof model);
    fake_init(&model.card);
    model.card.eid = model.card.address = MODEL_PEER;
}
