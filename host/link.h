// SPDX-License-Identifier: Apache-2.0
//
// The wire to a card, by name: `serial:DEVICE[,BAUD]`, `pty:PATH`, `unix:PATH` (serial bytes on a socket) and
// `sim:PATH` (the simulator's lock-step socket, sim/lockstep.h, where the time is the simulation's). One small
// interface: bytes out, bytes in until a deadline, the time.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LINK_ERROR_TEXT 256

struct link;

/** Whether @p name is of one of the four kinds. */
bool link_known(const char *name);

/** Opens the link that @p name says, which must be of a known kind.
 * @param error  LINK_ERROR_TEXT bytes: what is wrong with the name or why it does not open
 * @return NULL on failure */
struct link *link_open(const char *name, char *error);
void link_close(struct link *link);

/** Takes bytes to be sent; they leave during link_receive(). False when memory ran out. */
bool link_send(struct link *link, const uint8_t *bytes, size_t len);

/** Sends what there is to send and waits for bytes, no longer than @p deadline_ns of link_now().
 *
 * @param got  bytes received, 0 when the time was over or a signal came
 * @return false when the link is broken: @p error says why */
bool link_receive(struct link *link, uint8_t *bytes, size_t size, uint64_t deadline_ns, size_t *got, char *error);

/** Sends the rest before the link is closed, within a second; what comes in meanwhile is dropped. */
void link_flush(struct link *link);

/** Whether the link's time is a simulation's. */
bool link_simulated(const struct link *link);

/** Nanoseconds: a monotonic clock's, or the simulation's. */
uint64_t link_now(const struct link *link);
