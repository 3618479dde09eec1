// SPDX-License-Identifier: Apache-2.0
//
// Writes MCTP packets to a capture file (pcapng; link type 291, LINKTYPE_MCTP: a packet from its transport header on),
// each with its direction and its time in nanoseconds. Portable: no structure of the host's memory reaches the file,
// which is little-endian everywhere. Each packet is in the file when pcapng_packet() returns, so that whoever reads
// along sees it and a program that is killed leaves a capture that can be read.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PCAPNG_ERROR_TEXT = 256, PCAPNG_LINKTYPE_MCTP = 291 };

/** As epb_flags has it, seen from whoever captures. */
enum pcapng_direction { PCAPNG_INBOUND = 1, PCAPNG_OUTBOUND = 2 };

struct pcapng;

/** Makes the file, or empties it. @param program  named in it as the one that captured
 * @param error  PCAPNG_ERROR_TEXT bytes: "PATH: reason"
 * @return NULL on failure */
struct pcapng *pcapng_create(const char *path, const char *program, char *error);

/** Says that packets of a link of this name follow. @return its number, 0 for the first */
uint32_t pcapng_interface(struct pcapng *p, const char *name);

/** Adds one packet of the interface; @p time_ns from 1970 on or, in simulated time, from the simulation's beginning. A
 * failure is kept for pcapng_close(). */
void pcapng_packet(struct pcapng *p, uint32_t interface, enum pcapng_direction direction, uint64_t time_ns,
                   const uint8_t *packet, size_t len);

/** Closes the file. @return false, with @p error as above, when not all of it could be written */
bool pcapng_close(struct pcapng *p, char *error);
