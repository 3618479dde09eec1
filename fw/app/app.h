// SPDX-License-Identifier: Apache-2.0
//
// The application's parts: the card behind the firmware device (card.c), the MCTP endpoint (endpoint.c), the loop
// (main.c).
#pragma once
#include "fw/update/device.h"

/** Version string of this build, ASCII. */
extern const char app_version[];

/** Identifies the flash, loads the inventory and prints it. With a flash that cannot be used the card still answers but
 * refuses updates. */
void card_init(struct device *device, uint32_t handover);

/** Handles what the engine has to say. @return whether the timers may be left as they are */
bool card_engine(void);

/** Whether RESET is due once everything sent has left the wire. */
bool card_restart_due(void);

/** Begins with the endpoint ID from before a warm restart, with none after power-on. */
void endpoint_init(struct device *device);

/** Handles one received packet if one waits. EVENT is a level: the others are for the loop's next turns, so that a peer
 * that floods the card keeps neither orders nor timers from their turn. */
void endpoint_receive(void);

/** Peer addresses of fd.h: two agents with the same EID on different links are two. */
#define PEER(link, eid) ((uint16_t)((unsigned)(link) << 8 | (eid)))
#define PEER_LINK(peer) ((uint8_t)((peer) >> 8))
#define PEER_EID(peer)  ((uint8_t)((peer)&0xFFu))

/** fd_ops.send: one PLDM request to @p peer. */
bool endpoint_send(uint16_t peer, const uint8_t *msg, size_t len);

/** device_io.notify: one vendor-defined message that nobody waits for; dropped where there is no such link, or the
 * card has no EID yet. */
void endpoint_notify(uint8_t link, uint8_t eid, const uint8_t *msg, size_t len);
