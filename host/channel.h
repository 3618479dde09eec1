// SPDX-License-Identifier: Apache-2.0
//
// MCTP messages to and from the devices behind one link, whatever kind of link it is, with a capture of what crosses
// it where one is wanted: links of serial bytes (host/link.h) by the names that they have there, and
// `mctp:NET,EID[,INTERFACE]`, a device that Linux reaches (host/link_mctp.h).
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "fw/mctp/mctp.h"
#include "host/pcapng.h"

enum { CHANNEL_ERROR_TEXT = 256 };

struct channel;

/** Whether @p name is of one of these forms. */
bool channel_known(const char *name);
/** The EID that a name has in it, else the null EID. */
uint8_t channel_eid(const char *name);

/** Opens the link that @p name says, which must be known.
 *
 * @param own_eid  ours on it, where it is not the kernel's to know
 * @param capture  NULL: none; outlives the channel. Packets stand in it with the time at which they were given to the
 *                 link or taken from it: the time of day, or the simulation's. Where the kernel makes packets of
 *                 messages, each message is one.
 * @param error    CHANNEL_ERROR_TEXT bytes: why it does not open
 * @return NULL on failure */
struct channel *channel_open(const char *name, uint8_t own_eid, struct pcapng *capture, char *error);
void channel_close(struct channel *channel);

/** Ours: the null EID where the kernel knows it. */
uint8_t channel_own_eid(const struct channel *channel);

/** Takes one message to be sent; it leaves during channel_receive(). What goes wrong is told there. */
void channel_send(struct channel *channel, const struct mctp_message *message);

/** Sends what there is to send and waits for packets until @p deadline_ns of channel_now(), a signal, or the first that
 * come in. @p take gets the messages that they complete, valid during the call; it may send others.
 * @return false when the link is broken: @p error says why */
bool channel_receive(struct channel *channel, uint64_t deadline_ns,
                     void (*take)(void *ctx, const struct mctp_message *message), void *ctx, char *error);

/** Sends the rest before the channel is closed, within a second. */
void channel_flush(struct channel *channel);

/** Nanoseconds: a monotonic clock's, or the simulation's. */
uint64_t channel_now(const struct channel *channel);
