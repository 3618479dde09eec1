// SPDX-License-Identifier: Apache-2.0
//
// fwup: the update agent as a program. It drives host/agent.h over a link, in real or simulated time.
#define _POSIX_C_SOURCE 200809L
#include "host/fwup.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host/endpoint.h"
#include "host/file.h"
#include "host/link.h"
#include "host/options.h"

static const char tool[] = "fwup";
static volatile sig_atomic_t interrupted;

enum {
    O_LINK = 1,
    O_JSON,
    O_PROGRESS,
    O_FORCE,
    O_NO_ACTIVATE,
    O_MAX_TRANSFER,
    O_OUTSTANDING,
    O_EID,
    O_RETURN,
};

static const struct option_entry table[] = {
    {O_LINK, "--link", "-l", "LINK", "serial:DEVICE[,BAUD], pty:PATH, unix:PATH or sim:PATH (required)"},
    {O_JSON, "--json", NULL, NULL, "JSON, one object a line: events while it works, the result last"},
    {O_PROGRESS, "--progress", NULL, NULL, "show progress even where standard error is no terminal"},
    {O_FORCE, "--force", NULL, NULL, "ask the device to take lower or equal versions, too"},
    {O_NO_ACTIVATE, "--no-restart", NULL, NULL, "leave the new images pending: no self-contained activation"},
    {O_MAX_TRANSFER, "--max-transfer", NULL, "BYTES", "largest RequestFirmwareData, 32 to 16384 (default 4096)"},
    {O_OUTSTANDING, "--max-outstanding", NULL, "N", "RequestFirmwareData under way at once, 1 to 255 (default 8)"},
    {O_EID, "--eid", NULL, "EID", "for a device that has none, 9 to 254 (default 9); the agent's is 8"},
    {O_RETURN, "--return", NULL, "SECONDS", "for the device to come back, over its own estimate (default 30)"},
    {0, NULL, NULL, NULL, NULL},
};

struct session {
    const char *link_name, *command, *package_path;
    struct agent_config config;
    struct fwup_output out;
    struct link *link;
    struct endpoint endpoint;
    struct agent *agent;
    bool memory_gone;
};

static int help(void) {
    puts("fwup updates the firmware of a PLDM device (DSP0267) over MCTP, and shows what it runs.\n");
    puts("usage: fwup --link LINK inventory          descriptors, active and pending versions");
    puts("       fwup --link LINK update FILE        all of the package that is for the device");
    puts("       fwup --link LINK status             what the device is doing\n");
    options_print(stdout, table);
    puts("\nIn this release images are not signed and no signature is verified.");
    puts("Status: 0 done, 1 failed, 2 wrong command line.");
    return 0;
}

static bool number(const char *name, const char *value, uint64_t least, uint64_t most, uint64_t *out) {
    if (parse_number(value, most, out) && *out >= least) return true;
    tool_error(tool, "%s %s: not a number from %llu to %llu", name, value, (unsigned long long)least,
               (unsigned long long)most);
    return false;
}

/* False when the line about it has been written. */
static bool take_operand(struct session *s, const char *value) {
    static const char *const commands[] = {"inventory", "update", "status"};
    if (s->command == NULL) {
        for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
            if (strcmp(value, commands[i]) == 0) s->command = value;
        if (s->command == NULL) tool_error(tool, "unknown command %s (see fwup --help)", value);
        return s->command != NULL;
    }
    if (strcmp(s->command, "update") == 0 && s->package_path == NULL) {
        s->package_path = value;
        return true;
    }
    tool_error(tool, "unexpected '%s' (see fwup --help)", value);
    return false;
}

static bool take(struct session *s, int key, const char *value) {
    uint64_t n = 0;
    bool good = true;
    switch (key) {
        case O_LINK:
            s->link_name = value;
            break;
        case O_JSON:
            s->out.json = true;
            break;
        case O_PROGRESS:
            s->out.progress = true;
            break;
        case O_FORCE:
            s->config.force = true;
            break;
        case O_NO_ACTIVATE:
            s->config.activate = AGENT_ACTIVATE_PENDING;
            break;
        case O_MAX_TRANSFER:
            good = number("--max-transfer", value, PLDM_BASELINE_TRANSFER_SIZE, AGENT_MAX_TRANSFER, &n);
            s->config.max_transfer = (uint32_t)n;
            break;
        case O_OUTSTANDING:
            good = number("--max-outstanding", value, 1, UINT8_MAX, &n);
            s->config.max_outstanding = (uint8_t)n;
            break;
        case O_EID:
            good = number("--eid", value, MCTP_EID_FIRST + 1, MCTP_EID_BROADCAST - 1, &n);
            s->config.device_eid = (uint8_t)n;
            break;
        case O_RETURN:
            good = number("--return", value, 0, 86400, &n);
            s->config.return_ms = (uint32_t)n * 1000;
            break;
        default:
            good = take_operand(s, value);
            break;
    }
    return good;
}

/* 0 to go on, 2 when the command line is wrong, -1 after --help. */
static int parse(struct session *s, int argc, char **argv) {
    struct options o = {.tool = tool, .table = table, .argc = argc, .argv = argv, .at = 1};
    for (int key; (key = options_next(&o)) != OPTION_END;) {
        if (key == OPTION_HELP) return help() - 1;
        if (key == OPTION_ERROR || !take(s, key, o.value)) return 2;
    }
    const char *missing = NULL;
    if (s->link_name == NULL) missing = "--link LINK";
    if (s->command != NULL && strcmp(s->command, "update") == 0 && s->package_path == NULL) missing = "FILE";
    if (s->command == NULL) missing = "a command (inventory, update FILE or status)";
    if (missing != NULL) tool_error(tool, "%s is missing (see fwup --help)", missing);
    if (missing != NULL) return 2;
    if (link_known(s->link_name)) return 0;
    tool_error(tool, "--link %s: not one of serial:DEVICE[,BAUD], pty:PATH, unix:PATH, sim:PATH", s->link_name);
    return 2;
}

static void on_signal(int number_of_signal) {
    (void)number_of_signal;
    interrupted = 1;
}

static void write_frame(void *ctx, const uint8_t *bytes, size_t len) {
    struct session *s = ctx;
    if (!link_send(s->link, bytes, len)) s->memory_gone = true;
}

static void send_message(void *ctx, const struct mctp_message *message) {
    struct session *s = ctx;
    endpoint_send(&s->endpoint, message);
}

static void hear(void *ctx, const struct agent_event *event) {
    struct session *s = ctx;
    fwup_print_event(&s->out, event);
}

/* Drives the agent until it is done. False when the link broke, with the line written. */
static bool drive(struct session *s) {
    uint8_t bytes[4096];
    char error[LINK_ERROR_TEXT];
    struct mctp_message message;
    while (agent_result(s->agent) == AGENT_RUNNING) {
        size_t got;
        if (!link_receive(s->link, bytes, sizeof bytes, agent_deadline(s->agent), &got, error) || s->memory_gone) {
            tool_error(tool, "%s: %s", s->link_name, s->memory_gone ? "out of memory" : error);
            return false;
        }
        for (size_t i = 0; i < got; i++)
            if (endpoint_byte(&s->endpoint, bytes[i], &message)) agent_receive(s->agent, link_now(s->link), &message);
        agent_tick(s->agent, link_now(s->link));
        if (interrupted) agent_abort(s->agent, link_now(s->link), "interrupted: the update was cancelled");
    }
    return true;
}

static int run(struct session *s, const struct pkg *package) {
    s->out.package = package;
    s->out.started_ns = link_now(s->link);
    if (package != NULL)
        agent_start_update(s->agent, s->out.started_ns, package);
    else
        agent_start_inventory(s->agent, s->out.started_ns);
    if (!drive(s)) return 1;
    const bool good = agent_result(s->agent) == AGENT_DONE;
    if (package != NULL)
        fwup_print_result(&s->out, s->agent, link_now(s->link));
    else if (good && strcmp(s->command, "status") == 0)
        fwup_print_status(&s->out, agent_inventory(s->agent));
    else if (good)
        fwup_print_inventory(&s->out, agent_inventory(s->agent));
    return good ? 0 : tool_error(tool, "%s: %s", s->link_name, agent_error(s->agent));
}

static int connect_and_run(struct session *s, const struct pkg *package) {
    char error[LINK_ERROR_TEXT];
    const struct agent_io io = {.ctx = s, .send = send_message, .event = hear};
    s->link = link_open(s->link_name, error);
    if (s->link == NULL) return tool_error(tool, "%s", error);
    endpoint_init(&s->endpoint, s->config.own_eid, write_frame, s);
    s->agent = agent_new(&s->config, &io);
    const int status = s->agent != NULL ? run(s, package) : tool_error(tool, "out of memory");
    agent_free(s->agent);
    link_close(s->link);
    return status;
}

static int update(struct session *s) {
    char error[PKG_ERROR_TEXT];
    uint8_t *bytes;
    size_t len;
    struct pkg package;
    if (!file_read(s->package_path, &bytes, &len, error)) return tool_error(tool, "%s", error);
    int status = 1;
    if (pkg_parse(s->package_path, bytes, len, &package, error)) {
        status = connect_and_run(s, &package);
        pkg_free(&package);
    } else {
        tool_error(tool, "%s", error);
    }
    free(bytes);
    return status;
}

int main(int argc, char **argv) {
    static struct session s;
    s.config = agent_defaults();
    s.out.progress = isatty(STDERR_FILENO) != 0;
    const int wrong = parse(&s, argc, argv);
    if (wrong != 0) return wrong > 0 ? wrong : tool_finish(tool, 0);
    const struct sigaction stop = {.sa_handler = on_signal}, ignore = {.sa_handler = SIG_IGN};
    sigaction(SIGINT, &stop, NULL);
    sigaction(SIGTERM, &stop, NULL);
    sigaction(SIGPIPE, &ignore, NULL);
    return tool_finish(tool, s.package_path != NULL ? update(&s) : connect_and_run(&s, NULL));
}
