// SPDX-License-Identifier: Apache-2.0
//
// What sluice-sim says of its command line.
#include "host/manual.h"
#include "sim/nor.h"
#include "sim/sim_keys.h"

static const struct option_entry table[] = {
    {OPT_FLASH, "--flash", NULL, "FILE", "flash contents, kept across runs; made (all FFh) when missing"},
    {OPT_PART, "--part", NULL, "NAME", "flash part: w25q128jv (default) or another of those below"},
    {OPT_TIMING, "--timing", NULL, "typ|max", "which of the part's times (default typ)"},
    {OPT_LINK, "--link", NULL, "LINK", "pty, unix:PATH (serial bytes) or sim:PATH (lock-step, simulated time)"},
    {OPT_VIA, "--via", NULL, "NAME", "the card's link that it leads to: serial (default), packet or smbus"},
    {OPT_SERPROG, "--serprog", NULL, "ADDRESS",
     "in place of --link: the flash alone, the card unpowered, for flashrom; pty, PORT or HOST:PORT"},
    {OPT_ONCE, "--once", NULL, NULL, "end when the first client has gone"},
    {OPT_UNTIL, "--until", NULL, "MS", "end at this simulated time, in milliseconds"},
    {OPT_STOP_ON, "--stop-on", NULL, "TEXT", "end when a console line holds TEXT; status 1 when none did"},
    {OPT_TRACE, "--trace", NULL, "FILE.fst", "write waveforms"},
    {OPT_TRACE_FROM, "--trace-from", NULL, "US", "begin the waveforms at this simulated time, in microseconds"},
    {OPT_TRACE_TO, "--trace-to", NULL, "US", "end the waveforms at this simulated time, in microseconds"},
    {OPT_STATS, "--stats", NULL, "FILE.json", "write counts of link, processor and flash at the end"},
    {OPT_CAPTURE, "--capture", NULL, "FILE.pcapng",
     "write every MCTP packet to FILE, with direction and simulated time"},
    {OPT_QUIET, "--quiet", NULL, NULL, "do not show the console, nor, with --serprog, what the flash is asked wrongly"},
    {0, NULL, NULL, NULL, NULL},
};

static const char *part(size_t index) {
    const struct nor_part *p = nor_part_at(index);
    return p ? p->name : NULL;
}

static const struct tool_words words[] = {
    {"--part", NULL, part},     {"--link", "pty unix: sim:", NULL},
    {"--serprog", "pty", NULL}, {"--via", "serial packet smbus", NULL},
    {NULL, NULL, NULL},
};

static const char *const notes[] = {
    "The bytes of LINK are serial frames (DSP0253) for every --via: each frame is one packet.",
    "At --serprog, flashrom -p serprog:ip=HOST:PORT or serprog:dev=PTY:115200 reads and writes the flash.",
    NULL,
};

const struct tool_manual tool_manual = {
    .tool = "sluice-sim",
    .purpose = "runs the simulated card and offers one of its links to a host program",
    .synopsis = "sluice-sim --flash FILE (--link LINK | --serprog ADDRESS) [OPTION...]",
    .options = table,
    .words = words,
    .notes = notes,
};
