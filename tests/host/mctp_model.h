// SPDX-License-Identifier: Apache-2.0
//
// A model of Linux' MCTP sockets, with a scripted card (fake_device.h) as the one device of network 1. It is as strict
// as the kernel: what the kernel refuses is refused and counted.
#pragma once
#include <stdint.h>

#include "host/link_mctp.h"
#include "host/link_mctp_abi.h"
#include "tests/host/fake_device.h"

enum { MODEL_NET = 1, MODEL_PEER = 9, MODEL_QUEUE = 16, MODEL_TAGS = 8 };

struct model {
    /* What goes wrong: errno of that call, 0: nothing. */
    int socket_error, option_error, bind_error, send_error, ioctl_error;
    bool old;      /* it knows the first pair of tag calls only */
    bool no_wire;  /* what is sent to the device gets lost */
    unsigned busy; /* so many allocations fail with EBUSY */
    bool is_bound, is_open, extended;
    struct {
        bool used;
        uint8_t peer; /* MCTP_ADDR_ANY for the null EID */
    } keys[MODEL_TAGS];
    unsigned allocated, dropped, most, faults; /* faults: calls that the kernel refuses as wrong */
    struct received {
        struct sockaddr_mctp_ext from;
        uint8_t bytes[FAKE_MESSAGE];
        size_t len; /* may be said to be more than there is */
    } queue[MODEL_QUEUE];
    size_t queue_len;
    unsigned direct, routed; /* messages sent either way */
    struct fake card;        /* its time is the kernel's */
};

extern struct model model;
extern const struct mctp_kernel model_kernel;

/** Begins anew, with a card that has the EID MODEL_PEER. */
void model_begin(void);
/** Tags that are allocated now. */
unsigned model_keys(void);
/** A message that arrives, with the tag's owner bit. Its length may be changed to more than it has. */
struct received *model_arrive(uint32_t net, uint8_t source, uint8_t type, uint8_t tag, const uint8_t *bytes,
                              size_t len);
