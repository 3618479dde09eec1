/* SPDX-License-Identifier: Apache-2.0
 *
 * MCTP packets on a serial line (DSP0253): frame encoder and a byte-wise decoder. Portable, no heap, no I/O. The
 * decoder is also the model that the RTL deframer is compared with, so its rule is exact:
 *
 *   frame = 7e | 01 | N | N data bytes, 7d and 7e escaped | FCS high | FCS low | 7e          (N and FCS are not
 * escaped)
 *
 * - Any three bytes 7e, 01, N with 5 <= N <= max begin a frame. One flag may end a frame and begin the next one.
 * - 7e among the data ends the frame as bad and is a first flag again; so does 7d before anything but 5d or 5e,
 *   without being a flag.
 * - The FCS is compared byte by byte. From the first wrong byte on, or when no flag follows the FCS, the bytes received
 *   since the data ended are read as a frame's beginning: a frame that lost bytes does not take the next one with it.
 *   (One exception, when max >= 126: after a frame cut behind its revision byte, the next flag reads as N = 126.)
 */
#ifndef HOST_MCTP_SERIAL_H
#define HOST_MCTP_SERIAL_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
    MCTP_SERIAL_FLAG = 0x7e,
    MCTP_SERIAL_ESCAPE = 0x7d,
    MCTP_SERIAL_REVISION = 0x01,
    MCTP_SERIAL_MIN_PACKET = 5,                                /* MCTP header and message type */
    MCTP_SERIAL_MAX_PACKET = 255,                              /* what N can say */
    MCTP_SERIAL_MAX_FRAME = 3 + 2 * MCTP_SERIAL_MAX_PACKET + 3 /* every byte escaped */
};

/** The frame check sequence @p fcs continued over @p byte (CRC-16, reflected 8408h; starts at ffffh, no complement). */
uint16_t mctp_serial_fcs(uint16_t fcs, uint8_t byte);

/** Writes the frame of one packet.
 *
 * @param packet  MCTP packet, header first, @p len bytes: 5..255 (68 is the most that every receiver takes)
 * @param out     the frame; MCTP_SERIAL_MAX_FRAME bytes are always enough
 * @param room    bytes that @p out has room for
 * @return bytes written, 0 when the length is out of range or the frame does not fit (then @p out is undefined)
 */
size_t mctp_serial_encode(const uint8_t *packet, size_t len, uint8_t *out, size_t room);

/** Decoder of one line. Only `packet`, `bad_frames` and `max` are for the user. */
struct mctp_serial_rx {
    uint8_t packet[MCTP_SERIAL_MAX_PACKET]; /* valid from a return value > 0 to the next byte */
    uint32_t bad_frames;                    /* frames that were not good, counted from their revision byte on; wraps */
    uint8_t max;                            /* largest N accepted, bytes; may be lowered after mctp_serial_rx_init */
    uint8_t state, start;                   /* what follows; how much of 7e 01 the last bytes were */
    uint8_t need, have;                     /* bytes of the packet: announced, received */
    uint16_t fcs;
};

/** Makes the decoder wait for a first flag, with no bad frame counted and max = 255. */
void mctp_serial_rx_init(struct mctp_serial_rx *rx);

/** Takes the next byte of the line.
 *
 * @return the packet's length in bytes (5..255) when @p byte ended a good frame, else 0
 */
size_t mctp_serial_rx_byte(struct mctp_serial_rx *rx, uint8_t byte);

/** Says that the line had an error in place of the next byte (UART framing error): a frame under way is bad. */
void mctp_serial_rx_line_error(struct mctp_serial_rx *rx);

#ifdef __cplusplus
}
#endif
#endif
