// SPDX-License-Identifier: Apache-2.0
//
// What the benches share: one update of a made-up FPGA component by a simulated card, measured. A measurement is there
// only for an update whose payload is in the flash afterwards, byte for byte; anything else ends the program with exit
// status 1 and one line that says what went wrong.
#pragma once
#include "tests/system/demo_board.h"

/** An update to be measured. What is zero is as the rig has it. */
struct measure_update {
    const char *name;          ///< what messages and figures call it
    const char *part;          ///< of the flash
    bool one_line;             ///< the part without instructions for four data lines
    bool instant;              ///< and with programs and erases of MEASURE_INSTANT_NS
    enum rig_link link;        ///< the agent's
    size_t mtu;                ///< of the agent's packets
    unsigned word_cycles;      ///< the pace of the host at the packet port
    uint8_t outstanding;       ///< most requests at once
    uint32_t max_transfer;     ///< bytes that the agent lets one ask for
    uint64_t turnaround_ns;    ///< the agent's, from request to answer
    uint32_t payload;          ///< bytes
    const char *payload_path;  ///< a file of so many; NULL: random ones
    const char *application;   ///< payload of the card's firmware; NULL: 1.0.0
    uint32_t slot;             ///< of the FPGA component in that firmware's map
    const char *timelines;     ///< folder for NAME.txt (tools/bench_timeline.py), or NULL
};

enum {
    MEASURE_INSTANT_NS = 1000,
    MEASURE_CHUNK = 4096,  // bytes that the card asks for at once, but at an image's end
    MEASURE_WORD = 4,      // bytes of a word at the packet port
    MEASURE_PORT_MTU = 251,
    MEASURE_REQUEST = 12,     // RequestFirmwareData: message type, PLDM header, offset, length
    MEASURE_ANSWER_HEAD = 5,  // its answer but for the data: message type, PLDM header, completion code
};

struct measurement {
    struct nor_part part;
    struct tap_totals transfer;
    uint64_t payload_instructions;  ///< from the first request for a payload block to the last request
    uint64_t payload_bytes;         ///< that were asked for in between
    uint64_t wire_bytes;  ///< of both directions on the serial line, between first and last RequestFirmwareData
};

struct measurement measure(const struct measure_update *update);

/** The largest payload that leaves room for one manifest block and the hash tables in a slot of RIG_FPGA_SIZE. */
uint32_t measure_largest_payload(void);

/** Words at the packet port of the answer with @p bytes of data, in packets of MEASURE_PORT_MTU. */
uint64_t measure_answer_words(uint32_t bytes);

/** `# NAME_FIGURE value` */
void measure_print(const char *name, const char *figure, uint64_t value);

/** The line `not ok - NAME: what`; does not return. */
_Noreturn void measure_fail(const char *name, const char *what);

/** The folder after `--timelines`, the only option of the benches, or NULL. Exit status 2 for anything else. */
const char *measure_timelines(int argc, char **argv);
