// SPDX-License-Identifier: Apache-2.0
//
// The command line of ocfd.
#include <stdio.h>
#include <string.h>

#include "fw/mctp/mctp.h"
#include "host/link.h"
#include "host/ocf/ocfd.h"
#include "host/ocf/server.h"
#include "host/options.h"

static const char tool[] = "ocfd";

enum { O_LINK = 1, O_EID, O_SOURCE, O_PUBLIC_KEY, O_REVOKED, O_KEYS, O_STATE, O_LISTEN, O_PORT, O_AUTO };

static const struct option_entry table[] = {
    {O_LINK, "--link", "-l", "LINK", "the card: serial:DEVICE[,BAUD], pty:PATH, unix:PATH or sim:PATH (required)"},
    {O_EID, "--eid", NULL, "EID", "for a card that has none, 9 to 254 (default 9)"},
    {O_SOURCE, "--source", NULL, "DIR", "the trusted source: a folder with signed packages, *.pldm (required)"},
    {O_PUBLIC_KEY, "--public-key", NULL, "FILE", "a root key that may sign them; up to 32 (one is required)"},
    {O_REVOKED, "--revoked", NULL, "FILE", "a root key that may sign no more"},
    {O_KEYS, "--keys", NULL, "FILE", "clients: lines of IDENTITY ROLE KEY, mode 0600 (required)"},
    {O_STATE, "--state", NULL, "FILE", "what has to survive a restart; made when it is not there (required)"},
    {O_LISTEN, "--listen", NULL, "ADDRESS", "numeric, IPv4 or IPv6 (default: all)"},
    {O_PORT, "--port", NULL, "PORT", "UDP, 0: any that is free (default 5684)"},
    {O_AUTO, "--auto", NULL, "WHEN", "look for updates unasked while in RFNOP"},
    {0, NULL, NULL, NULL, NULL},
};

static int help(void) {
    puts("ocfd offers a card's provisioning status (OCF: /oic/sec/pstat) over CoAP and DTLS: validates its software");
    puts("against a trusted source and updates it, when a client asks for it or by itself.\n");
    puts("usage: ocfd --link LINK --source DIR --public-key FILE --keys FILE --state FILE [OPTION...]\n");
    options_print(stdout, table);
    puts("\nWHEN of --auto, a list with commas:");
    options_print(stdout, ocf_schedule_fields);
    puts(
        "\nROLE of --keys: dots, cms and ams may write as OCF says, client reads. KEY: 16 to 64 bytes in hexadecimal.");
    puts("Status: 0 stopped by a signal, 1 failed, 2 wrong command line.");
    return -1;
}

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

static int take(struct ocfd_request *r, int key, char *value) {
    uint64_t number;
    switch (key) {
        case O_LINK:
            r->setup.link = value;
            return link_known(value) ? 0 : wrong("--link", value, "no such kind of link (see ocfd --help)");
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
    struct options o = {.tool = tool, .table = table, .argc = argc, .argv = argv, .at = 1};
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
        const struct option_entry *e = table;
        while (e->key != required[i]) e++;
        if ((o.given & OPTION_BIT(e->key)) != 0) continue;
        return tool_error(tool, "%s %s is required (see ocfd --help)", e->name, e->arg) + 1;
    }
    return 0;
}
