// SPDX-License-Identifier: Apache-2.0
//
// The command line of ocfd.
#include <stdio.h>

#include "host/channel.h"
#include "host/manual.h"
#include "host/ocf/ocfd.h"
#include "host/ocf/server.h"

static const char tool[] = "ocfd";

/* 2, after the line. */
static int wrong(const char *option, const char *value, const char *reason) {
    tool_error(tool, "%s %s: %s", option, value, reason);
    return 2;
}

static int take_root(struct ocf_source *source, const char *path, bool revoked) {
    if (source->root_count == OCF_ROOTS)
        return wrong(revoked ? "--revoked" : "--public-key", path, "more than 32 keys");
    if (revoked) source->revoked |= 1u << source->root_count;
    source->roots[source->root_count++] = path;
    return 0;
}

static int help(void) {
    manual_help(stdout, &tool_manual);
    return -1;
}

static int take(struct ocfd_request *r, int key, char *value) {
    uint64_t number;
    switch (key) {
        case O_LINK:
            r->setup.link = value;
            return channel_known(value) ? 0 : wrong("--link", value, "no such kind of link (see ocfd --help)");
        case O_EID:
            if (!parse_number(value, MCTP_EID_BROADCAST - 1, &number) || number <= MCTP_EID_FIRST)
                return wrong("--eid", value, "not a number from 9 to 254");
            r->setup.eid = (uint8_t)number;
            return 0;
        case O_SOURCE:
            r->setup.source.folder = value;
            return 0;
        case O_PUBLIC_KEY:
        case O_REVOKED:
            return take_root(&r->setup.source, value, key == O_REVOKED);
        case O_KEYS:
            r->keys = value;
            return 0;
        case O_STATE:
            r->state = value;
            return 0;
        case O_LISTEN:
            r->address = value;
            return 0;
        case O_PORT:
            if (!parse_number(value, UINT16_MAX, &number)) return wrong("--port", value, "not a number up to 65535");
            r->port = (uint16_t)number;
            return 0;
        default:
            return ocf_schedule_parse(tool, value, &r->schedule) ? 0 : 2;
    }
}

int ocfd_parse(struct ocfd_request *request, int argc, char **argv) {
    struct options o = {.tool = tool, .table = tool_manual.options, .argc = argc, .argv = argv, .at = 1};
    static const int required[] = {O_LINK, O_SOURCE, O_PUBLIC_KEY, O_KEYS, O_STATE};
    int key;
    *request = (struct ocfd_request){.setup = {.eid = 9}, .port = OCF_PORT};
    while ((key = options_next(&o)) != OPTION_END) {
        if (key == OPTION_HELP) return help();
        if (key == OPTION_ERROR) return 2;
        if (key == OPTION_OPERAND) return tool_error(tool, "unexpected '%s' (see ocfd --help)", o.value) + 1;
        /* The value is within argv, which may be written to. */
        const int status = take(request, key, argv[o.at - 1] + (o.value - argv[o.at - 1]));
        if (status != 0) return status;
    }
    for (size_t i = 0; i < sizeof required / sizeof required[0]; i++) {
        const struct option_entry *e = tool_manual.options;
        while (e->key != required[i]) e++;
        if ((o.given & OPTION_BIT(e->key)) != 0) continue;
        return tool_error(tool, "%s %s is required (see ocfd --help)", e->name, e->arg) + 1;
    }
    if ((o.given & OPTION_BIT(O_EID)) != 0 && channel_eid(request->setup.link) != MCTP_EID_NULL)
        return wrong("--link", request->setup.link, "the card's EID is in the name, there is no --eid for it");
    return 0;
}
