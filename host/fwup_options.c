// SPDX-License-Identifier: Apache-2.0
//
// The command line of fwup. What range a number has is the agent's to know (agent_config_error()): here is only which
// option it came from.
#include <stdlib.h>
#include <string.h>

#include "host/fwup.h"
#include "host/link.h"
#include "host/options.h"

static const char tool[] = "fwup";

enum {
    O_LINK = 1,
    O_EID,
    O_JSON,
    O_PROGRESS,
    O_CAPTURE,
    O_COMPONENT,
    O_FORCE,
    O_NO_RESTART,
    O_NO_ACTIVATE,
    O_PERSONALITY,
    O_MAX_TRANSFER,
    O_OUTSTANDING,
    O_TRIES,
    O_RESPONSE,
    O_UA_T1,
    O_UA_T2,
    O_UA_T3,
    O_UA_T4,
    O_UA_T5,
    O_RETURN,
    OPTIONS,
};

static const struct option_entry table[] = {
    {O_LINK, "--link", "-l", "LINK", "serial:DEVICE[,BAUD], pty:PATH, unix:PATH or sim:PATH; one a device (required)"},
    {O_EID, "--eid", NULL, "EID", "for a device that has none, 9 to 254 (default 9); the agent's is 8"},
    {O_EID, "--eid", NULL, "EID", "more than once behind one --link: several devices that have these EIDs already"},
    {O_JSON, "--json", NULL, NULL, "JSON, one object a line: events while it works, the result last"},
    {O_CAPTURE, "--capture", NULL, "FILE.pcapng", "write every MCTP packet to FILE, with direction and time"},
    {O_PROGRESS, "--progress", NULL, NULL, "show progress even where standard error is no terminal"},
    {O_COMPONENT, "--component", NULL, "N[,N...]", "only these components of the package, counted from 0"},
    {O_FORCE, "--force", NULL, NULL, "ask the device to take lower or equal versions, too"},
    {O_NO_RESTART, "--no-restart", NULL, NULL, "leave the new images pending: no self-contained activation"},
    {O_NO_ACTIVATE, "--no-activate", NULL, NULL,
     "send no ActivateFirmware at all: the device leaves update mode itself"},
    {O_PERSONALITY, "--personality", NULL, "NAME", "behave like another update agent, its faults too (default sluice)"},
    {O_MAX_TRANSFER, "--max-transfer", NULL, "BYTES", "largest RequestFirmwareData, 32 to 16384 (default 4096)"},
    {O_OUTSTANDING, "--max-outstanding", NULL, "N", "RequestFirmwareData under way at once, 1 to 255 (default 8)"},
    {O_TRIES, "--tries", NULL, "N", "of one request in all, 3 to 21 (default 3)"},
    {O_RESPONSE, "--response", NULL, "MS", "for one answer, 300 to 4800 (default 1000)"},
    {O_UA_T1, "--ua-t1", NULL, "MS", "before the next cancel command, 500 to 5000 (default 1000)"},
    {O_UA_T2, "--ua-t2", NULL, "SECONDS", "for the device to ask for data, 60 to 90 (default 75)"},
    {O_UA_T3, "--ua-t3", NULL, "SECONDS", "without progress of verify or apply, 180 or more (default 180)"},
    {O_UA_T4, "--ua-t4", NULL, "MS", "before the next RequestUpdate, 1000 to 5000 (default 2000)"},
    {O_UA_T5, "--ua-t5", NULL, "MS", "for the device to get its package data, 1000 to 5000 (default 5000)"},
    {O_RETURN, "--return", NULL, "SECONDS", "for the device to come back, over its own estimate (default 30)"},
    {0, NULL, NULL, NULL, NULL},
};

#define FIELD(name) offsetof(struct agent_config, name), sizeof(((struct agent_config *)0)->name)
static const struct number_option {
    int key;
    size_t offset, width; /* of the number in struct agent_config */
    uint32_t scale;       /* what one of the option is there */
    uint32_t most;        /* that the option may say at all */
    const char *what;
} numbers[] = {
    {O_MAX_TRANSFER, FIELD(max_transfer), 1, UINT32_MAX, "number of bytes"},
    {O_OUTSTANDING, FIELD(max_outstanding), 1, UINT8_MAX, "number up to 255"},
    {O_TRIES, FIELD(tries), 1, UINT32_MAX, "number"},
    {O_RESPONSE, FIELD(response_ms), 1, UINT32_MAX, "number of milliseconds"},
    {O_UA_T1, FIELD(ua_t1_ms), 1, UINT32_MAX, "number of milliseconds"},
    {O_UA_T2, FIELD(ua_t2_ms), 1000, UINT32_MAX / 1000, "number of seconds"},
    {O_UA_T3, FIELD(ua_t3_ms), 1000, UINT32_MAX / 1000, "number of seconds"},
    {O_UA_T4, FIELD(ua_t4_ms), 1, UINT32_MAX, "number of milliseconds"},
    {O_UA_T5, FIELD(ua_t5_ms), 1, UINT32_MAX, "number of milliseconds"},
    {O_RETURN, FIELD(return_ms), 1000, 86400, "number of seconds up to 86400"},
};
enum { NUMBERS = sizeof numbers / sizeof numbers[0] };

#define BIT OPTION_BIT
static const uint64_t any_command =
    BIT(O_LINK) | BIT(O_EID) | BIT(O_JSON) | BIT(O_CAPTURE) | BIT(O_PERSONALITY) | BIT(O_TRIES) | BIT(O_RESPONSE);
static const struct command {
    enum fwup_command command;
    const char *name, *operand, *summary;
    uint64_t takes; /* beside those of any command */
} commands[] = {
    {FWUP_INVENTORY, "inventory", "", "descriptors, active and pending versions", 0},
    {FWUP_UPDATE, "update", " FILE", "all of the package that is for the device", UINT64_MAX},
    {FWUP_STATUS, "status", "", "what the device is doing, and what its engine counted", 0},
    {FWUP_CANCEL, "cancel", "", "end an update that was left behind", BIT(O_UA_T1) | BIT(O_UA_T3)},
};
enum { COMMANDS = sizeof commands / sizeof commands[0] };

/* The command line under way: EIDs wait for the --link that they belong to. */
struct draft {
    struct fwup_request *request;
    const struct command *command;
    const char *texts[OPTIONS]; /* of the number options, as given */
    const char **links;
    unsigned link_count;
    struct {
        unsigned link; /* number of --link before it */
        uint8_t eid;
    } * eids;
    unsigned eid_count;
};

static int help(void) {
    puts("fwup updates the firmware of PLDM devices (DSP0267) over MCTP, and shows what they run.\n");
    for (int i = 0; i < COMMANDS; i++) {
        char usage[40];
        snprintf(usage, sizeof usage, "%s%s", commands[i].name, commands[i].operand);
        printf("%s fwup --link LINK %-24s %s\n", i == 0 ? "usage:" : "      ", usage, commands[i].summary);
    }
    puts("\nOptions of every command:");
    options_print_some(stdout, table, any_command);
    puts("\nOptions of update; cancel takes --ua-t1 and --ua-t3, too:");
    options_print_some(stdout, table, ~any_command);
    fputs("\nNAME of --personality:", stdout);
    for (int i = 0; agent_personality_name((enum agent_personality)i) != NULL; i++)
        printf("%s %s", i == 0 ? "" : ",", agent_personality_name((enum agent_personality)i));
    puts(". Some of them wait for ever.");
    puts("Several devices are updated one after the other; one that no record of the package matches is skipped.");
    puts("An update that was interrupted is started again in the same way: the device asks only for what it lacks.");
    puts("In this release images are not signed and no signature is verified.");
    puts("Status: 0 done, 1 failed, 2 wrong command line.");
    return -1;
}

/* 2, after the line. */
static int wrong(const char *option, const char *value, const char *reason) {
    tool_error(tool, "%s %s: %s", option, value, reason);
    return 2;
}

static int take_operand(struct draft *d, const char *value) {
    for (int i = 0; d->command == NULL && i < COMMANDS; i++) {
        if (strcmp(value, commands[i].name) != 0) continue;
        d->command = &commands[i];
        d->request->command = commands[i].command;
        return 0;
    }
    if (d->command == NULL) {
        tool_error(tool, "unknown command %s (see fwup --help)", value);
    } else if (d->command->command == FWUP_UPDATE && d->request->package == NULL) {
        d->request->package = value;
        return 0;
    } else {
        tool_error(tool, "unexpected '%s' (see fwup --help)", value);
    }
    return 2;
}

static int take_eid(struct draft *d, const char *value) {
    uint64_t eid;
    if (!parse_number(value, MCTP_EID_BROADCAST - 1, &eid) || eid <= MCTP_EID_FIRST)
        return wrong("--eid", value, "not a number from 9 to 254");
    const unsigned link = d->link_count == 0 ? 1 : d->link_count;
    for (unsigned i = 0; i < d->eid_count; i++)
        if (d->eids[i].link == link && d->eids[i].eid == eid) return wrong("--eid", value, "twice behind one --link");
    d->eids[d->eid_count].link = link;
    d->eids[d->eid_count].eid = (uint8_t)eid;
    d->eid_count++;
    return 0;
}

static int take_components(struct fwup_request *r, const char *list) {
    r->some_components = true;
    for (const char *at = list;; at++) {
        char *end;
        const unsigned long n = *at >= '0' && *at <= '9' ? strtoul(at, &end, 10) : UINT16_MAX;
        if (n >= 8 * sizeof r->components || (*end != ',' && *end != '\0'))
            return wrong("--component", list, "not a list of components, counted from 0");
        r->components[n / 8] |= (uint8_t)(1u << n % 8);
        if (n > r->last_component) r->last_component = (unsigned)n;
        at = end;
        if (*at == '\0') return 0;
    }
}

static int take_personality(struct fwup_request *r, const char *name) {
    for (int i = 0; agent_personality_name((enum agent_personality)i) != NULL; i++) {
        if (strcmp(name, agent_personality_name((enum agent_personality)i)) != 0) continue;
        r->config.personality = (enum agent_personality)i;
        return 0;
    }
    return wrong("--personality", name, "no such personality (see fwup --help)");
}

static void store(struct agent_config *config, const struct number_option *n, uint64_t value) {
    const uint32_t number = (uint32_t)value * n->scale;
    const uint8_t small = (uint8_t)number;
    memcpy((char *)config + n->offset, n->width == 1 ? (const void *)&small : (const void *)&number, n->width);
}

static int take_number(struct draft *d, int key, const char *name, const char *value) {
    uint64_t number;
    const struct number_option *n = numbers;
    while (n->key != key) n++;
    d->texts[key] = value;
    if (!parse_number(value, n->most, &number)) {
        tool_error(tool, "%s %s: not a %s", name, value, n->what);
        return 2;
    }
    store(&d->request->config, n, number);
    return 0;
}

static const char *option_name(int key) {
    const struct option_entry *e = table;
    while (e->key != key) e++;
    return e->name;
}

static int take(struct draft *d, int key, const char *value) {
    struct fwup_request *r = d->request;
    switch (key) {
        case OPTION_HELP:
            return help();
        case OPTION_ERROR:
            return 2;
        case OPTION_OPERAND:
            return take_operand(d, value);
        case O_LINK:
            d->links[d->link_count++] = value;
            if (link_known(value)) return 0;
            return wrong("--link", value, "not one of serial:DEVICE[,BAUD], pty:PATH, unix:PATH, sim:PATH");
        case O_EID:
            return take_eid(d, value);
        case O_JSON:
            r->json = true;
            return 0;
        case O_PROGRESS:
            r->progress = true;
            return 0;
        case O_CAPTURE:
            r->capture = value;
            return 0;
        case O_COMPONENT:
            return take_components(r, value);
        case O_FORCE:
            r->config.force = true;
            return 0;
        case O_NO_RESTART:
            r->config.activate = AGENT_ACTIVATE_PENDING;
            return 0;
        case O_NO_ACTIVATE:
            r->config.activate = AGENT_ACTIVATE_NOT;
            return 0;
        case O_PERSONALITY:
            return take_personality(r, value);
        default:
            return take_number(d, key, option_name(key), value);
    }
}

/* The number that is out of its range, or does not go with another, is the one without which all would be well. */
static int check_numbers(const struct draft *d) {
    const struct agent_config good = agent_defaults();
    const char *fault = agent_config_error(&d->request->config);
    if (fault == NULL) return 0;
    for (int i = 0; i < NUMBERS; i++) {
        const struct number_option *n = &numbers[i];
        struct agent_config without = d->request->config;
        memcpy((char *)&without + n->offset, (const char *)&good + n->offset, n->width);
        if (d->texts[n->key] != NULL && agent_config_error(&without) == NULL)
            return wrong(option_name(n->key), d->texts[n->key], fault);
    }
    tool_error(tool, "%s", fault);
    return 2;
}

/* The devices: behind each link one, or as many as EIDs are given for it. */
static void place_targets(struct draft *d) {
    struct fwup_request *r = d->request;
    for (unsigned i = 0; i < d->link_count; i++) {
        const unsigned first = r->target_count;
        for (unsigned e = 0; e < d->eid_count; e++)
            if (d->eids[e].link == i + 1)
                r->targets[r->target_count++] = (struct fwup_target){.link = d->links[i], .eid = d->eids[e].eid};
        if (r->target_count == first)
            r->targets[r->target_count++] = (struct fwup_target){.link = d->links[i], .eid = r->config.device_eid};
        const bool several = r->target_count - first > 1;
        for (unsigned t = first; t < r->target_count; t++) r->targets[t].addressed = several;
    }
}

static int finish(struct draft *d, const struct options *o) {
    const char *missing = NULL;
    if (d->link_count == 0) missing = "--link LINK";
    if (d->request->command == FWUP_UPDATE && d->request->package == NULL) missing = "FILE";
    if (d->command == NULL) missing = "a command (inventory, update FILE, status or cancel)";
    if (missing != NULL) {
        tool_error(tool, "%s is missing (see fwup --help)", missing);
        return 2;
    }
    if (!options_fit(o, d->command->name, any_command | d->command->takes)) return 2;
    if ((~o->given & (BIT(O_NO_RESTART) | BIT(O_NO_ACTIVATE))) == 0) {
        tool_error(tool, "--no-restart and --no-activate exclude each other");
        return 2;
    }
    place_targets(d);
    return check_numbers(d);
}

int fwup_parse(struct fwup_request *request, int argc, char **argv) {
    struct options o = {.tool = tool, .table = table, .argc = argc, .argv = argv, .at = 1};
    struct draft d = {.request = request};
    const size_t words = (size_t)argc + 1; /* more than there are of anything */
    int status = 0;
    request->config = agent_defaults();
    request->targets = calloc(words, sizeof *request->targets);
    d.links = calloc(words, sizeof *d.links);
    d.eids = calloc(words, sizeof *d.eids);
    if (request->targets == NULL || d.links == NULL || d.eids == NULL) {
        status = tool_error(tool, "out of memory");
    }
    for (int key = OPTION_HELP; status == 0 && (key = options_next(&o)) != OPTION_END;) status = take(&d, key, o.value);
    if (status == 0) status = finish(&d, &o);
    free(d.links);
    free(d.eids);
    return status;
}
