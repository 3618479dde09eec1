// SPDX-License-Identifier: Apache-2.0
//
// Promises of server.h.
#define _DEFAULT_SOURCE
#include "host/ocf/server.h"

#include <arpa/inet.h>
#include <coap3/coap.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* OCF's options, and the one version there is: 1.0.0, which is major << 11 | minor << 6 | sub. */
enum {
    ACCEPT_VERSION = 2049,
    CONTENT_VERSION = 2053,
    VERSION = 2048,
    VERSION_MAJOR = 11, /* bits below it */
    FORMAT_OCF = 10000, /* application/vnd.ocf+cbor */
    FORMAT_JSON = 50,
    ABSENT = UINT32_MAX,
};

/* At once: strangers' handshakes, and sessions that neither ask nor observe. */
enum { HANDSHAKES = 32, IDLE_SESSIONS = 64 };

struct ocf_server {
    coap_context_t *context;
    coap_endpoint_t *endpoint;
    coap_resource_t *resources[OCF_RESOURCES];
    const struct ocf_keys *keys;
    const struct ocf_service *service;
    coap_bin_const_t key; /* of the handshake under way */
};

static const struct {
    const char *path, *type;
    bool writable;
} resources[OCF_RESOURCES] = {
    [OCF_PSTAT] = {"oic/sec/pstat", "\"oic.r.pstat\"", true},
    [OCF_PROGRESS] = {"x.sluice/update", "\"x.sluice.r.update\"", false},
};

static void set_code(coap_pdu_t *response, unsigned code) {
    coap_pdu_set_code(response, (coap_pdu_code_t)COAP_RESPONSE_CODE(code));
}

/* An option that is a number; @return false when it has more than four bytes. */
static bool take_option(const coap_pdu_t *request, coap_option_num_t number, uint32_t *value) {
    coap_opt_iterator_t it;
    const coap_opt_t *option = coap_check_option(request, number, &it);
    *value = ABSENT;
    if (option == NULL) return true;
    if (coap_opt_length(option) > 4) return false;
    *value = (uint32_t)coap_decode_var_bytes(coap_opt_value(option), coap_opt_length(option));
    return true;
}

static bool put_option(coap_pdu_t *response, coap_option_num_t number, uint32_t value) {
    uint8_t bytes[4];
    return coap_add_option(response, number, coap_encode_var_safe(bytes, sizeof bytes, value), bytes) != 0;
}

/* A lower version is none that is understood, nor is another major one. */
static bool version_fits(uint32_t version) {
    return version == ABSENT || (version >= VERSION && version >> VERSION_MAJOR == VERSION >> VERSION_MAJOR);
}

static const struct ocf_client *client_of(const struct ocf_server *server, const coap_session_t *session) {
    const coap_bin_const_t *identity = coap_session_get_psk_identity(session);
    if (identity != NULL && identity->length != 0) return ocf_keys_find(server->keys, identity->s, identity->length);
    /* libcoap asks for no identity when a client resumes a session by its ticket; that one says whose it was. */
    coap_tls_library_t library;
    const SSL *ssl = coap_session_get_tls(session, &library);
    if (ssl == NULL || library != COAP_TLS_LIBRARY_OPENSSL) return NULL;
    const char *resumed = SSL_get_psk_identity(ssl);
    return resumed == NULL ? NULL : ocf_keys_find(server->keys, (const uint8_t *)resumed, strlen(resumed));
}

static bool query_fits(const coap_string_t *query) {
    static const char baseline[] = "if=oic.if.baseline";
    return query == NULL || query->length == 0 ||
           (query->length == sizeof baseline - 1 && memcmp(query->s, baseline, sizeof baseline - 1) == 0);
}

static size_t represent(const struct ocf_service *service, enum ocf_resource resource, bool json,
                        uint8_t body[OCF_BODY]) {
    if (resource == OCF_PSTAT)
        return json ? pstat_json(service->pstat, (char *)body, OCF_BODY) : pstat_encode(service->pstat, body, OCF_BODY);
    return json ? progress_json(service->progress, (char *)body, OCF_BODY)
                : progress_encode(service->progress, body, OCF_BODY);
}

/* What a GET is answered with, before there is a body. */
static enum ocf_code judge_get(const coap_pdu_t *request, const coap_string_t *query, bool *json, bool *versioned) {
    uint32_t accept, version;
    if (!take_option(request, COAP_OPTION_ACCEPT, &accept) || !take_option(request, ACCEPT_VERSION, &version))
        return OCF_BAD_REQUEST;
    *json = accept == FORMAT_JSON;
    *versioned = version != ABSENT && !*json;
    if (accept != ABSENT && accept != FORMAT_OCF && !*json) return OCF_NOT_ACCEPTABLE;
    if (!version_fits(version)) return OCF_UNSUPPORTED_FORMAT;
    return query_fits(query) ? OCF_CONTENT : OCF_BAD_REQUEST;
}

static void on_get(coap_resource_t *resource, coap_session_t *session, const coap_pdu_t *request,
                   const coap_string_t *query, coap_pdu_t *response) {
    const struct ocf_server *server = coap_resource_get_userdata(resource);
    const enum ocf_resource which = resource == server->resources[OCF_PSTAT] ? OCF_PSTAT : OCF_PROGRESS;
    uint8_t body[OCF_BODY];
    bool json = false, versioned = false;
    const enum ocf_code code =
        client_of(server, session) != NULL ? judge_get(request, query, &json, &versioned) : OCF_FORBIDDEN;
    set_code(response, code);
    if (code != OCF_CONTENT) return;
    const size_t len = represent(server->service, which, json, body);
    /* libcoap's client, for one, refuses the critical option when it did not ask for it. */
    const bool good = len != 0 && put_option(response, COAP_OPTION_CONTENT_FORMAT, json ? FORMAT_JSON : FORMAT_OCF) &&
                      (!versioned || put_option(response, CONTENT_VERSION, VERSION)) &&
                      coap_add_data(response, len, body) != 0;
    if (!good) set_code(response, OCF_SERVER_ERROR);
}

/* A body that comes in blocks would be larger than any that is taken. */
static bool in_blocks(const coap_pdu_t *request) {
    uint32_t block;
    enum { MORE = 1u << 3, NUMBER = 4 };
    return !take_option(request, COAP_OPTION_BLOCK1, &block) ||
           (block != ABSENT && ((block & MORE) != 0 || block >> NUMBER != 0));
}

static enum ocf_code judge_post(const struct ocf_server *server, const struct ocf_client *client,
                                const coap_pdu_t *request, const coap_string_t *query) {
    uint32_t format, version;
    size_t len = 0;
    const uint8_t *body = NULL;
    struct pstat_write write;
    if (client == NULL) return OCF_FORBIDDEN;
    if (!take_option(request, COAP_OPTION_CONTENT_FORMAT, &format) || !take_option(request, CONTENT_VERSION, &version))
        return OCF_BAD_REQUEST;
    if (format != FORMAT_OCF || !version_fits(version)) return OCF_UNSUPPORTED_FORMAT;
    if (in_blocks(request)) return OCF_TOO_LARGE;
    if (!query_fits(query) || !coap_get_data(request, &len, &body)) return OCF_BAD_REQUEST;
    if (!ocf_post_decode(body, len, &write)) return OCF_BAD_REQUEST;
    return server->service->post(server->service->ctx, client, &write);
}

static void on_post(coap_resource_t *resource, coap_session_t *session, const coap_pdu_t *request,
                    const coap_string_t *query, coap_pdu_t *response) {
    const struct ocf_server *server = coap_resource_get_userdata(resource);
    set_code(response, judge_post(server, client_of(server, session), request, query));
}

static const coap_bin_const_t *on_identity(coap_bin_const_t *identity, coap_session_t *session, void *arg) {
    struct ocf_server *server = arg;
    const struct ocf_client *client = ocf_keys_find(server->keys, identity->s, identity->length);
    (void)session;
    if (client == NULL) {
        fputs("ocfd: a client with an unknown identity was turned away\n", stderr);
        return NULL;
    }
    server->key = (coap_bin_const_t){client->key_len, client->key};
    return &server->key;
}

static int on_event(coap_session_t *session, const coap_event_t event) {
    (void)session;
    if (event == COAP_EVENT_DTLS_ERROR) fputs("ocfd: a DTLS handshake or session failed\n", stderr);
    return 0;
}

static bool make_address(const char *text, uint16_t port, coap_address_t *address) {
    coap_address_init(address);
    if (text != NULL && inet_pton(AF_INET, text, &address->addr.sin.sin_addr) == 1) {
        address->size = sizeof address->addr.sin;
        address->addr.sin.sin_family = AF_INET;
    } else {
        address->size = sizeof address->addr.sin6;
        address->addr.sin6.sin6_family = AF_INET6;
        address->addr.sin6.sin6_addr = in6addr_any;
        if (text != NULL && inet_pton(AF_INET6, text, &address->addr.sin6.sin6_addr) != 1) return false;
    }
    coap_address_set_port(address, port);
    return true;
}

static bool add_resources(struct ocf_server *server) {
    for (int i = 0; i < OCF_RESOURCES; i++) {
        coap_resource_t *r = coap_resource_init(coap_make_str_const(resources[i].path), COAP_RESOURCE_FLAGS_NOTIFY_CON);
        if (r == NULL) return false;
        server->resources[i] = r;
        coap_resource_set_userdata(r, server);
        coap_resource_set_get_observable(r, 1);
        coap_register_request_handler(r, COAP_REQUEST_GET, on_get);
        if (resources[i].writable) coap_register_request_handler(r, COAP_REQUEST_POST, on_post);
        coap_add_attr(r, coap_make_str_const("rt"), coap_make_str_const(resources[i].type), 0);
        coap_add_attr(r, coap_make_str_const("if"), coap_make_str_const("\"oic.if.baseline\""), 0);
        coap_add_resource(server->context, r);
    }
    return true;
}

static bool open_context(struct ocf_server *server, const coap_address_t *address) {
    coap_dtls_spsk_t psk = {.version = COAP_DTLS_SPSK_SETUP_VERSION,
                            .validate_id_call_back = on_identity,
                            .id_call_back_arg = server,
                            .psk_info = {.hint = {4, (const uint8_t *)"ocfd"}}};
    server->context = coap_new_context(NULL);
    if (server->context == NULL || !coap_context_set_psk2(server->context, &psk)) return false;
    coap_context_set_max_handshake_sessions(server->context, HANDSHAKES);
    coap_context_set_max_idle_sessions(server->context, IDLE_SESSIONS);
    coap_register_option(server->context, ACCEPT_VERSION);
    coap_register_option(server->context, CONTENT_VERSION);
    coap_register_event_handler(server->context, on_event);
    if (!add_resources(server)) return false;
    server->endpoint = coap_new_endpoint(server->context, address, COAP_PROTO_DTLS);
    return server->endpoint != NULL && coap_context_get_coap_fd(server->context) >= 0; /* a libcoap with epoll */
}

struct ocf_server *ocf_server_open(const char *address, uint16_t port, const struct ocf_keys *keys,
                                   const struct ocf_service *service, char *error) {
    coap_address_t listen;
    struct ocf_server *server = calloc(1, sizeof *server);
    coap_startup();
    coap_set_log_level(LOG_CRIT);
    coap_dtls_set_log_level(LOG_EMERG);
    snprintf(error, OCF_SERVER_ERROR_TEXT, "%.100s: %s", address == NULL ? "any address" : address,
             "no DTLS endpoint there (address not this host's, or port in use)");
    if (server == NULL) return NULL;
    server->keys = keys;
    server->service = service;
    if (!make_address(address, port, &listen))
        snprintf(error, OCF_SERVER_ERROR_TEXT, "%.100s: not a numeric address", address);
    else if (open_context(server, &listen))
        return server;
    ocf_server_close(server);
    return NULL;
}

void ocf_server_close(struct ocf_server *server) {
    if (server == NULL) return;
    if (server->context != NULL) coap_free_context(server->context);
    coap_cleanup();
    free(server);
}

const char *ocf_server_where(const struct ocf_server *server) {
    return coap_endpoint_str(server->endpoint);
}

void ocf_server_changed(struct ocf_server *server, enum ocf_resource resource) {
    coap_resource_notify_observers(server->resources[resource], NULL);
}

bool ocf_server_told(struct ocf_server *server) {
    coap_io_process(server->context, COAP_IO_NO_WAIT); /* what waits for an acknowledgement that has come */
    return coap_can_exit(server->context) != 0;
}

unsigned ocf_server_wait(struct ocf_server *server, const int *fds, unsigned count, uint32_t ms) {
    struct pollfd polled[OCF_WAIT_FDS + 1];
    unsigned ready = 0;
    for (unsigned i = 0; i < count; i++) polled[i] = (struct pollfd){.fd = fds[i], .events = POLLIN};
    polled[count] = (struct pollfd){.fd = coap_context_get_coap_fd(server->context), .events = POLLIN};
    coap_io_process(server->context, COAP_IO_NO_WAIT); /* tells the observers */
    const int some = poll(polled, count + 1, (int)ms);
    coap_io_process(server->context, COAP_IO_NO_WAIT);
    for (unsigned i = 0; some > 0 && i < count; i++)
        if (polled[i].revents != 0) ready |= 1u << i;
    return ready;
}
