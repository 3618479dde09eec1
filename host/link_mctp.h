// SPDX-License-Identifier: Apache-2.0
//
// One device over Linux' MCTP sockets: the kernel has the link, its packets, the routes and our EID; here are messages.
//
// - Each request gets a tag of the kernel's that is allocated for it and used for all its repeats, so that an answer to
//   any of them is the answer. It is released when the answer is there, when the next request begins, and at the end:
//   of the eight tags that all programs of a host share for one peer, one is in use at most.
// - The null EID means the neighbour that the device is. Where it is known which interface leads to it (named, or seen
//   in a message from it) such messages go straight there, else by route to the device's EID: a device that has lost
//   its EID with a restart is found and gets it again.
// - PLDM requests of the network arrive here (the kernel gives them to the program that asked first).
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "fw/mctp/mctp.h"

enum { LINK_MCTP_ERROR_TEXT = 256, LINK_MCTP_INTERFACE = 16 };

/** Whom `mctp:NET,EID[,INTERFACE]` means. */
struct mctp_peer {
    uint32_t net;
    uint8_t eid;
    char interface[LINK_MCTP_INTERFACE]; /* "": to be learnt. Named for a link without physical addresses (serial) */
};

/** Whether the name begins with "mctp:". */
bool link_mctp_named(const char *name);
/** False when what follows is not as above: NET from 1 on, EID 8 to 254. */
bool link_mctp_parse(const char *name, struct mctp_peer *peer);

/** The system calls that are made, so that tests can be the kernel. All as the C library has them, errno included. */
struct mctp_kernel {
    void *ctx;
    int (*socket)(void *ctx); /* a datagram socket of AF_MCTP that does not block */
    int (*bind)(void *ctx, int fd, const struct sockaddr *address, socklen_t len);
    int (*option)(void *ctx, int fd, int name, int value); /* of the level SOL_MCTP */
    int (*ioctl)(void *ctx, int fd, unsigned long request, void *argument);
    int (*interface)(void *ctx, const char *name); /* its index, 0: none */
    ssize_t (*send)(void *ctx, int fd, const void *bytes, size_t len, const struct sockaddr *to, socklen_t to_len);
    ssize_t (*receive)(void *ctx, int fd, void *bytes, size_t size, struct sockaddr *from, socklen_t *from_len);
    int (*wait)(void *ctx, int fd, int ms); /* for something to receive: 1, 0: the time was over */
    void (*close)(void *ctx, int fd);
    uint64_t (*now_ns)(void *ctx);
};
extern const struct mctp_kernel mctp_linux;

struct link_mctp;

/** @param error  LINK_MCTP_ERROR_TEXT bytes: why it does not open; NULL is returned then */
struct link_mctp *link_mctp_open(const struct mctp_peer *peer, const struct mctp_kernel *kernel, char *error);
void link_mctp_close(struct link_mctp *link);

/** Hears of each message that is sent or received as it is on the link, our own EID as null. */
void link_mctp_tap(struct link_mctp *link, void (*tap)(void *ctx, bool sent, const struct mctp_message *message),
                   void *ctx);

/** Sends a message at once. A request's tag is the sender's own: its answer carries it again, whatever tag the kernel
 * gave it. What goes wrong for good is told by link_mctp_receive(). */
void link_mctp_send(struct link_mctp *link, const struct mctp_message *message);

/** Waits for one message until the deadline or a signal. @p out points into the link until the next call; its
 * destination is the null EID, its source is the device.
 * @param got   whether there was one
 * @return false when the link is broken: @p error says why */
bool link_mctp_receive(struct link_mctp *link, uint64_t deadline_ns, struct mctp_message *out, bool *got, char *error);

uint64_t link_mctp_now(const struct link_mctp *link);
