// SPDX-License-Identifier: Apache-2.0
//
// What the parts of fwup share: the command line as one struct, and what is printed about a device.
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "host/agent.h"
#include "host/fwup_offline.h"
#include "host/text.h"

enum fwup_command {
    FWUP_NONE,
    FWUP_INVENTORY,
    FWUP_UPDATE,
    FWUP_STATUS,
    FWUP_CANCEL,
    FWUP_DISCOVER,
    FWUP_POLICY,
    FWUP_CHECK,
    FWUP_REPLAY
};

/** One device, and what became of it in an update. */
struct fwup_target {
    const char *link;
    uint8_t eid;    /* to assign, when the device has none */
    bool addressed; /* one of several behind the link: it has this EID already */
    enum fwup_fate { FWUP_NOT_REACHED, FWUP_DONE, FWUP_SKIPPED, FWUP_FAILED } fate; /* skipped: silent, in discover */
    unsigned updated, offered;                                                      /* components */
    uint64_t took_ns;
};

/** The command line. */
struct fwup_request {
    enum fwup_command command;
    const char *package; /* of update, or the policy to set */
    enum fwup_policy { FWUP_POLICY_NEITHER, FWUP_POLICY_SHOW, FWUP_POLICY_SET } policy;
    struct fwup_offline offline; /* of check and replay-tests */
    const char *capture;         /* the file to write, NULL: none */
    bool json;
    bool progress;
    struct agent_config config;
    struct fwup_target *targets;
    unsigned target_count;
    bool some_components;               /* else all */
    uint8_t components[UINT16_MAX / 8]; /* bitmap: the ones chosen */
    unsigned last_component;            /* the highest of them */
};

/** Reads the command line into @p request, which is zero but for `progress`. Its targets are to be freed.
 * @return 0 to go on, 2 when it is wrong (1: memory ran out) and the line about that has been written, -1 after --help
 */
int fwup_parse(struct fwup_request *request, int argc, char **argv);

/** "LINK", with its EID where there are several behind the link. */
#define FWUP_NAME 256
const char *fwup_name(const struct fwup_target *target, char out[FWUP_NAME]);

/** How to print, and the state of the line that shows progress. Set the first five, the rest zero. */
struct fwup_output {
    bool json;
    bool progress; /* a line on standard error that is written over */
    const struct fwup_target *target;
    const struct pkg *package;
    uint64_t started_ns;

    uint64_t drawn_ns;
    uint32_t size, reached;    /* bytes of the component, 0 before its first data; the furthest that was sent */
    uint32_t first;            /* bytes that its first data reached */
    uint64_t data_ns, took_ns; /* when that was sent; from then to the last data so far */
    uint64_t served;           /* bytes sent in that time */
    bool line_open;            /* the progress line has no end yet */
};

/** fwup_discover.c: what the device is. */
void fwup_print_endpoint(const struct fwup_output *out, const struct agent_inventory *inventory, uint64_t now_ns);

/** fwup_policy.c: reads a file of fwpkg policy. @param error FILE_ERROR_TEXT bytes */
bool fwup_read_policy(const char *path, uint8_t block[POLICY_BLOCK], char *error);
void fwup_print_policy(const struct fwup_output *out, const struct agent_inventory *inventory, uint64_t now_ns);

/** Times of the functions below are the link's; in events they count from started_ns on. */
void fwup_print_inventory(const struct fwup_output *out, const struct agent_inventory *inventory, uint64_t now_ns);
void fwup_print_status(const struct fwup_output *out, const struct agent *agent, uint64_t now_ns);

/** What became of every component. */
void fwup_print_result(struct fwup_output *out, const struct agent *agent, uint64_t now_ns);

/** One line a device: updated, skipped or failed; without --json after an update only. */
void fwup_print_summary(const struct fwup_request *request);

/** fwup_progress.c: one event of an update: a JSON line, or a step of the progress line; warnings always are a line. */
void fwup_print_event(struct fwup_output *out, const struct agent_event *event);
/** Ends the progress line, so that other output does not continue it. */
void fwup_end_line(struct fwup_output *out);
const char *fwup_fate_name(enum agent_fate fate);

/** fwup_events.c: the beginning of an event, a JSON object of one line, and its end. */
void fwup_event_begin(struct json *j, const struct fwup_output *out, const char *event, uint64_t time_ns);
void fwup_event_end(struct json *j);
/** With --json the event that a command begins with, and the one about what is on standard error as well. Without a
 * target the error is about no device. */
void fwup_print_start(const struct fwup_output *out, enum fwup_command command);
void fwup_print_error(const struct fwup_output *out, uint64_t now_ns, const char *text);
