// SPDX-License-Identifier: Apache-2.0
//
// What ocfd says of its command line.
#include "host/manual.h"
#include "host/ocf/ocfd.h"

static const struct option_entry table[] = {
    {O_LINK, "--link", "-l", "LINK",
     "serial:DEVICE[,BAUD], pty:PATH, unix:PATH, sim:PATH or mctp:NET,EID[,INTERFACE] (required)"},
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

static const struct tool_group groups[] = {{"Fields of --auto", ocf_schedule_fields, 0}, {NULL, NULL, 0}};

static const struct tool_words words[] = {
    {"--link", "serial: pty: unix: sim: mctp:", NULL},
    {NULL, NULL, NULL},
};

static const char *const notes[] = {
    "ROLE in --keys: dots, cms and ams may write as OCF says, client reads. KEY: 16 to 64 bytes in hexadecimal.",
    "It stays in the foreground until SIGTERM; what was begun then is taken up by the next start (docs/ocf.md).",
    NULL,
};

const struct tool_manual tool_manual = {
    .tool = "ocfd",
    .purpose = "offers a card's OCF provisioning status over CoAP and DTLS: validates its software, and updates it",
    .synopsis = "ocfd --link LINK --source DIR --public-key FILE --keys FILE --state FILE [OPTION...]",
    .options = table,
    .groups = groups,
    .words = words,
    .notes = notes,
};
