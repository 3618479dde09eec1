// SPDX-License-Identifier: Apache-2.0
//
// The link over Linux' MCTP sockets against a model of the kernel's part of it: tags are allocated before they are used
// and released again, answers find their way, a device that loses its EID is found, and each failure has its words.
#define _DEFAULT_SOURCE
#include <errno.h>

#include "tests/check.h"
#include "tests/host/fake_package.h"
#include "tests/host/mctp_model.h"

#define MS UINT64_C(1000000)

static const struct mctp_peer peer = {.net = MODEL_NET, .eid = MODEL_PEER},
                              named = {MODEL_NET, MODEL_PEER, "mctpserial0"},
                              elsewhere = {MODEL_NET, MODEL_PEER, "mctpserial9"};

/* A link is closed, and what it leaves: nothing, every call was right. */
static void check_end(struct link_mctp *link) {
    link_mctp_close(link);
    CHECK(!model.is_open);
    CHECK_EQ(model.faults, 0);
    CHECK_EQ(model_keys(), 0);
    CHECK_EQ(model.dropped, model.allocated);
    fake_free(&model.card);
}

/* An agent over the link, as fwup has it. */
struct driven {
    struct link_mctp *link;
    struct agent *agent;
    char error[LINK_MCTP_ERROR_TEXT];
};

static void send_message(void *ctx, const struct mctp_message *message) {
    const struct driven *d = ctx;
    link_mctp_send(d->link, message);
}

static uint8_t read_image(void *ctx, unsigned component, uint32_t offset, uint8_t *out, size_t len) {
    (void)ctx;
    for (size_t i = 0; i < len; i++) out[i] = (uint8_t)(component + offset + i);
    return PLDM_SUCCESS;
}

static bool drive(struct driven *d, const struct pkg *package) {
    const struct agent_io io = {.ctx = d, .send = send_message, .read = read_image};
    struct agent_config config = agent_defaults();
    struct mctp_message message;
    bool got;
    config.own_eid = MCTP_EID_NULL;
    config.device_eid = MODEL_PEER;
    d->agent = agent_new(&config, &io);
    if (package != NULL)
        agent_start_update(d->agent, model.card.now, package);
    else
        agent_start_inventory(d->agent, model.card.now);
    while (agent_result(d->agent) == AGENT_RUNNING) {
        if (!link_mctp_receive(d->link, agent_deadline(d->agent), &message, &got, d->error)) return false;
        if (got) agent_receive(d->agent, model.card.now, &message);
        agent_tick(d->agent, model.card.now);
    }
    return agent_result(d->agent) == AGENT_DONE;
}

static void given_updates(void) {
    static const struct {
        const char *sentence;
        const struct mctp_peer *peer;
        bool old, no_eid;
        unsigned busy;
        bool good;
    } cases[] = {
        {"given a card by route / when it is updated and restarts without EID / then it is found again and is good",
         &peer, false, false, 0, true},
        {"given a kernel that knows the first tag calls only / when a card is updated / then it is good", &peer, true,
         false, 0, true},
        {"given a card without EID behind a named interface / when it is updated / then it has got its EID", &named,
         false, true, 0, true},
        {"given a card without EID, and no interface named / when it is updated / then nobody answers", &peer, false,
         true, 0, false},
        {"given tags that are all in use at first / when a card is updated / then it is good all the same", &peer,
         false, false, 2, true},
        {"given tags that are in use for good / when a card is updated / then nobody answers", &peer, false, false,
         1000, false},
    };
    static struct fake_package package;
    char error[LINK_MCTP_ERROR_TEXT];
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        TEST(cases[i].sentence) {
            model_begin();
            fake_package_init(&package);
            model.old = cases[i].old;
            model.busy = cases[i].busy;
            if (cases[i].no_eid) model.card.eid = model.card.address = MCTP_EID_NULL;
            struct driven d = {.link = link_mctp_open(cases[i].peer, &model_kernel, error)};
            if (!CHECK(d.link != NULL)) continue;
            CHECK_EQ(drive(&d, &package.pkg), cases[i].good);
            if (cases[i].good) {
                CHECK_EQ(model.card.seen[PLDM_ACTIVATE_FIRMWARE], 1);
                CHECK_EQ(model.card.eid, MODEL_PEER);
                CHECK(model.direct > 0 && model.routed > 20);
                CHECK_EQ(model.most, 1);
                CHECK_EQ(model.card.got[1][FAKE_SIZE_1 - 1], (uint8_t)FAKE_SIZE_1);
            } else {
                CHECK(strcmp(agent_error(d.agent), "no device answers on the link (3 tries, 1000 ms each)") == 0);
            }
            agent_free(d.agent);
            check_end(d.link);
        }
    }
}

/* A request to the card's EID with the sender's tag. */
static void ask(struct link_mctp *link, uint8_t destination, uint8_t tag) {
    static const uint8_t get_eid[] = {0x80, MCTP_GET_ENDPOINT_ID};
    const struct mctp_message request = {
        .destination = destination, .tag = tag, .tag_owner = true, .bytes = get_eid, .len = sizeof get_eid};
    link_mctp_send(link, &request);
}

static bool hears(struct link_mctp *link, struct mctp_message *message) {
    char error[LINK_MCTP_ERROR_TEXT];
    bool got;
    return CHECK(link_mctp_receive(link, model.card.now + MS, message, &got, error)) && got;
}

static void given_tags(void) {
    char error[LINK_MCTP_ERROR_TEXT];
    struct mctp_message message;
    TEST(
        "given a request that gets lost / when it is repeated / then with the same tag, and the next one has its own") {
        model_begin();
        model.no_wire = true;
        struct link_mctp *link = link_mctp_open(&peer, &model_kernel, error);
        for (int i = 0; i < 5; i++) ask(link, MODEL_PEER, 6);
        CHECK_EQ(model.allocated, 1);
        CHECK_EQ(model.routed, 5);
        ask(link, MODEL_PEER, 7);
        CHECK_EQ(model.allocated, 2);
        CHECK_EQ(model.dropped, 1);
        check_end(link);
    }
    TEST(
        "given a request with a tag that the kernel changes / when it is answered / then with the sender's, and "
        "released") {
        model_begin();
        struct link_mctp *link = link_mctp_open(&peer, &model_kernel, error);
        ask(link, MODEL_PEER, 6);
        CHECK(hears(link, &message));
        CHECK_EQ(message.tag, 6);
        CHECK_EQ(message.source, MODEL_PEER);
        CHECK(!message.tag_owner);
        CHECK_EQ(message.len, 6);
        CHECK_EQ(model_keys(), 0);
        check_end(link);
    }
    TEST("given a request of the card / when it is answered / then with its tag, none is allocated") {
        static const uint8_t body[] = {0x80, 5, 0x16}, reply[] = {0, 5, 0x16, PLDM_ERROR};
        model_begin();
        struct link_mctp *link = link_mctp_open(&peer, &model_kernel, error);
        model_arrive(MODEL_NET, MODEL_PEER, MCTP_TYPE_PLDM, 3 | MCTP_TAG_OWNER, body, sizeof body);
        CHECK(hears(link, &message));
        CHECK(message.tag_owner);
        CHECK_EQ(message.tag, 3);
        const struct mctp_message answer = {
            .destination = MODEL_PEER, .tag = message.tag, .type = MCTP_TYPE_PLDM, .bytes = reply, .len = sizeof reply};
        link_mctp_send(link, &answer);
        CHECK_EQ(model.routed, 1);
        CHECK_EQ(model.allocated, 0);
        check_end(link);
    }
}

static void given_strays(void) {
    static const struct {
        const char *sentence;
        uint32_t net;
        uint8_t source, tag;
        size_t len;
    } cases[] = {
        {"given a request of another network / when it arrives / then nothing is heard", 2, MODEL_PEER, MCTP_TAG_OWNER,
         3},
        {"given a request of another device / when it arrives / then nothing is heard", MODEL_NET, 10, MCTP_TAG_OWNER,
         3},
        {"given an answer to no request / when it arrives / then nothing is heard", MODEL_NET, MODEL_PEER, 0, 3},
        {"given a message longer than any / when it arrives / then nothing is heard", MODEL_NET, MODEL_PEER,
         MCTP_TAG_OWNER, AGENT_MAX_MESSAGE + 1},
    };
    static const uint8_t bytes[FAKE_MESSAGE] = {0x80, 5, 0x15};
    char error[LINK_MCTP_ERROR_TEXT];
    struct mctp_message message;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        TEST(cases[i].sentence) {
            model_begin();
            struct link_mctp *link = link_mctp_open(&peer, &model_kernel, error);
            model_arrive(cases[i].net, cases[i].source, MCTP_TYPE_PLDM, cases[i].tag, bytes, 3)->len = cases[i].len;
            CHECK(!hears(link, &message));
            check_end(link);
        }
    }
}

static void given_failures(void) {
    static const struct {
        const char *sentence;
        struct model model; /* its errors */
        const struct mctp_peer *peer;
        const char *error;
    } cases[] = {
        {"given a kernel without MCTP / when a link opens / then that is said",
         {.socket_error = EAFNOSUPPORT},
         &peer,
         "mctp:1,9: no socket: this kernel has no MCTP (CONFIG_MCTP)"},
        {"given a kernel without extended addresses / when a link opens / then that is said",
         {.option_error = ENOPROTOOPT},
         &peer,
         "mctp:1,9: no extended addresses: Protocol not available"},
        {"given a user who may not / when a link opens / then what is needed",
         {.bind_error = EACCES},
         &peer,
         "mctp:1,9: cannot listen: not permitted (CAP_NET_RAW and CAP_NET_BIND_SERVICE are needed)"},
        {"given another agent / when a link opens / then that is said",
         {.bind_error = EADDRINUSE},
         &peer,
         "mctp:1,9: cannot listen: another program has the PLDM messages of this network"},
        {"given an interface that is not there / when a link opens / then that is said",
         {.bind_error = 0},
         &elsewhere,
         "mctp:1,9: no such interface: No such device"},
        {"given no route / when something is sent / then that is said",
         {.send_error = EHOSTUNREACH},
         &peer,
         "mctp:1,9: cannot send: the kernel has no route to it, or no address of its own there"},
    };
    char error[LINK_MCTP_ERROR_TEXT];
    struct mctp_message message;
    bool got;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        TEST(cases[i].sentence) {
            model_begin();
            model.socket_error = cases[i].model.socket_error;
            model.option_error = cases[i].model.option_error;
            model.bind_error = cases[i].model.bind_error;
            model.send_error = cases[i].model.send_error;
            struct link_mctp *link = link_mctp_open(cases[i].peer, &model_kernel, error);
            if (link != NULL) {
                ask(link, MODEL_PEER, 0);
                CHECK(!link_mctp_receive(link, MS, &message, &got, error));
            }
            CHECK(strcmp(error, cases[i].error) == 0);
            if (strcmp(error, cases[i].error) != 0) printf("# said: %s\n", error);
            check_end(link);
        }
    }
    TEST("given a full queue of the kernel / when something is sent / then it is as if it got lost") {
        model_begin();
        model.send_error = ENOBUFS;
        struct link_mctp *link = link_mctp_open(&peer, &model_kernel, error);
        ask(link, MODEL_PEER, 0);
        CHECK(link_mctp_receive(link, MS, &message, &got, error) && !got);
        check_end(link);
    }
}

static void given_names(void) {
    static const struct {
        const char *name;
        bool good;
        struct mctp_peer peer;
    } cases[] = {
        {"mctp:1,9", true, {1, 9, ""}},
        {"mctp:2147483647,254,mctpserial0", true, {2147483647, 254, "mctpserial0"}},
        {"mctp:0x10,8,fifteenletters0", true, {16, 8, "fifteenletters0"}},
        {"mctp:", false, {0, 0, ""}},
        {"mctp:1", false, {0, 0, ""}},
        {"mctp:1,", false, {0, 0, ""}},
        {"mctp:0,9", false, {0, 0, ""}},
        {"mctp:2147483648,9", false, {0, 0, ""}},
        {"mctp:00000000000000001,9", false, {0, 0, ""}},
        {"mctp:1,7", false, {0, 0, ""}},
        {"mctp:1,255", false, {0, 0, ""}},
        {"mctp:1,9,", false, {0, 0, ""}},
        {"mctp:1,9,sixteenletters00", false, {0, 0, ""}},
    };
    TEST("given names of links / when they are read / then network, EID and interface, or none of the form") {
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
            struct mctp_peer got;
            if (!CHECK_EQ(link_mctp_parse(cases[i].name, &got), cases[i].good)) printf("# %s\n", cases[i].name);
            if (!cases[i].good) continue;
            CHECK_EQ(got.net, cases[i].peer.net);
            CHECK_EQ(got.eid, cases[i].peer.eid);
            CHECK(strcmp(got.interface, cases[i].peer.interface) == 0);
        }
        CHECK(link_mctp_named("mctp:x"));
        CHECK(!link_mctp_named("unix:mctp:"));
    }
}

int main(void) {
    given_names();
    given_failures();
    given_tags();
    given_strays();
    given_updates();
    return check_result();
}
