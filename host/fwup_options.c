// SPDX-License-Identifier: Apache-2.0
//
// The command line of fwup. What range a number has is the agent's to know (agent_config_error()): here is only which
// option it came from.
#include <stdlib.h>
#include <string.h>

#include "host/channel.h"
#include "host/fwup.h"
#include "host/fwup_keys.h"
#include "host/manual.h"

static const char tool[] = "fwup";

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
enum { EIDS = MCTP_EID_BROADCAST - MCTP_EID_FIRST }; /* that one word may name */
enum { NUMBERS = sizeof numbers / sizeof numbers[0] };

/* The command line under way: EIDs wait for the --link that they belong to. */
struct draft {
    struct fwup_request *request;
    const struct tool_command *command;
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
    manual_help(stdout, &tool_manual);
    return -1;
}

/* 2, after the line. */
static int wrong(const char *option, const char *value, const char *reason) {
    tool_error(tool, "%s %s: %s", option, value, reason);
    return 2;
}

static bool is_offline(enum fwup_command command) {
    return command == FWUP_CHECK || command == FWUP_REPLAY;
}

/* show, or set and a file. */
static bool take_policy(struct fwup_request *r, const char *value) {
    if (r->policy == FWUP_POLICY_NEITHER) {
        r->policy = strcmp(value, "show") == 0  ? FWUP_POLICY_SHOW
                    : strcmp(value, "set") == 0 ? FWUP_POLICY_SET
                                                : FWUP_POLICY_NEITHER;
        return r->policy != FWUP_POLICY_NEITHER;
    }
    if (r->policy != FWUP_POLICY_SET || r->package != NULL) return false;
    r->package = value;
    return true;
}

static int take_operand(struct draft *d, const char *value) {
    if (d->command == NULL && (d->command = manual_command(&tool_manual, value)) != NULL) {
        d->request->command = (enum fwup_command)(d->command - tool_manual.commands + FWUP_NONE + 1);
        return 0;
    }
    if (d->command == NULL) {
        tool_error(tool, "unknown command %s (see fwup --help)", value);
    } else if (d->request->command == FWUP_UPDATE && d->request->package == NULL) {
        d->request->package = value;
        return 0;
    } else if (d->request->command == FWUP_POLICY && take_policy(d->request, value)) {
        return 0;
    } else if (is_offline(d->request->command) && d->request->offline.folder == NULL) {
        d->request->offline.folder = value;
        return 0;
    } else {
        tool_error(tool, "unexpected '%s' (see fwup --help)", value);
    }
    return 2;
}

static bool eid_parse(const char *text, uint64_t *eid) {
    return parse_number(text, MCTP_EID_BROADCAST - 1, eid) && *eid > MCTP_EID_FIRST;
}

static bool add_eid(struct draft *d, unsigned link, uint8_t eid) {
    for (unsigned i = 0; i < d->eid_count; i++)
        if (d->eids[i].link == link && d->eids[i].eid == eid) return false;
    d->eids[d->eid_count].link = link;
    d->eids[d->eid_count].eid = eid;
    d->eid_count++;
    return true;
}

static int take_eid(struct draft *d, const char *value) {
    uint64_t first, last;
    char text[8];
    const size_t dash = strcspn(value, "-");
    snprintf(text, sizeof text, "%.*s", (int)(dash < sizeof text ? dash : 0), value);
    if (!eid_parse(text, &first) || !eid_parse(value[dash] == '-' ? value + dash + 1 : text, &last) || last < first)
        return wrong("--eid", value, "not a number from 9 to 254, or a range of them");
    const unsigned link = d->link_count == 0 ? 1 : d->link_count;
    for (uint64_t eid = first; eid <= last; eid++)
        if (!add_eid(d, link, (uint8_t)eid)) return wrong("--eid", value, "twice behind one --link");
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
    const struct option_entry *e = tool_manual.options;
    while (e->key != key) e++;
    return e->name;
}

static const char **offline_text(struct fwup_offline *o, int key) {
    return key == O_POLICY ? &o->policy : key == O_INVENTORY ? &o->inventory : key == O_TODAY ? &o->today : &o->card;
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
            if (channel_known(value)) return 0;
            return wrong("--link", value,
                         "not one of serial:DEVICE[,BAUD], pty:PATH, unix:PATH, sim:PATH, mctp:NET,EID[,INTERFACE]");
        case O_EID:
            return take_eid(d, value);
        case O_JSON:
            r->json = r->offline.json = true;
            return 0;
        case O_RECORD:
            r->offline.record = true;
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
        case O_POLICY:
        case O_INVENTORY:
        case O_TODAY:
        case O_CARD:
            *offline_text(&r->offline, key) = value;
            return 0;
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
static int place_targets(struct draft *d) {
    struct fwup_request *r = d->request;
    for (unsigned i = 0; i < d->link_count; i++) {
        const unsigned first = r->target_count;
        const uint8_t named = channel_eid(d->links[i]);
        for (unsigned e = 0; e < d->eid_count; e++)
            if (d->eids[e].link == i + 1)
                r->targets[r->target_count++] = (struct fwup_target){.link = d->links[i], .eid = d->eids[e].eid};
        if (named != MCTP_EID_NULL && r->target_count != first)
            return wrong("--link", d->links[i], "its device's EID is in the name, there is no --eid for it");
        if (r->target_count == first)
            r->targets[r->target_count++] =
                (struct fwup_target){.link = d->links[i], .eid = named != MCTP_EID_NULL ? named : r->config.device_eid};
        const bool several = r->target_count - first > 1;
        for (unsigned t = first; t < r->target_count; t++) r->targets[t].addressed = several;
    }
    return 0;
}

static int finish_offline(const struct draft *d, const struct options *o) {
    const char *missing = NULL;
    if (d->request->offline.folder == NULL) missing = "DIR";
    if (d->request->command == FWUP_CHECK && d->request->offline.policy == NULL) missing = "--policy FILE";
    if (missing != NULL) {
        tool_error(tool, "%s is missing (see fwup --help)", missing);
        return 2;
    }
    return options_fit(o, d->command->name, d->command->takes) ? 0 : 2;
}

static int finish(struct draft *d, const struct options *o) {
    const char *missing = NULL;
    if (is_offline(d->request->command)) return finish_offline(d, o);
    if (d->link_count == 0) missing = "--link LINK";
    if (d->request->command == FWUP_UPDATE && d->request->package == NULL) missing = "FILE";
    if (d->request->policy == FWUP_POLICY_SET && d->request->package == NULL) missing = "FILE";
    if (d->request->command == FWUP_POLICY && d->request->policy == FWUP_POLICY_NEITHER) missing = "show or set FILE";
    if (d->command == NULL)
        missing = "a command (inventory, update FILE, status, cancel, discover, policy, check DIR or replay-tests DIR)";
    if (missing != NULL) {
        tool_error(tool, "%s is missing (see fwup --help)", missing);
        return 2;
    }
    if (!options_fit(o, d->command->name, d->command->takes)) return 2;
    if ((~o->given & (OPTION_BIT(O_NO_RESTART) | OPTION_BIT(O_NO_ACTIVATE))) == 0) {
        tool_error(tool, "--no-restart and --no-activate exclude each other");
        return 2;
    }
    const int status = place_targets(d);
    return status != 0 ? status : check_numbers(d);
}

int fwup_parse(struct fwup_request *request, int argc, char **argv) {
    struct options o = {.tool = tool, .table = tool_manual.options, .argc = argc, .argv = argv, .at = 1};
    struct draft d = {.request = request};
    const size_t words = (size_t)argc + 1; /* more than there are of anything */
    int status = 0;
    request->config = agent_defaults();
    request->targets = calloc(words * EIDS, sizeof *request->targets);
    d.links = calloc(words, sizeof *d.links);
    d.eids = calloc(words * EIDS, sizeof *d.eids);
    if (request->targets == NULL || d.links == NULL || d.eids == NULL) {
        status = tool_error(tool, "out of memory");
    }
    for (int key = OPTION_HELP; status == 0 && (key = options_next(&o)) != OPTION_END;) status = take(&d, key, o.value);
    if (status == 0) status = finish(&d, &o);
    free(d.links);
    free(d.eids);
    return status;
}
