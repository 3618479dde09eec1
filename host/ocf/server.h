// SPDX-License-Identifier: Apache-2.0
//
// The resources on the network: CoAP over DTLS with pre-shared keys (libcoap), OCF's content format and its versioned
// options. What a request does is the service's.
#pragma once
#include "host/ocf/codec.h"
#include "host/ocf/keys.h"

enum { OCF_PORT = 5684, OCF_SERVER_ERROR_TEXT = 256, OCF_WAIT_FDS = 4 };

/** Whom the server asks. */
struct ocf_service {
    void *ctx;
    /** A POST to pstat that was well-formed. */
    enum ocf_code (*post)(void *ctx, const struct ocf_client *client, const struct pstat_write *write);
    const struct pstat *pstat;
    const struct ocf_progress *progress;
};

enum ocf_resource { OCF_PSTAT, OCF_PROGRESS, OCF_RESOURCES };

struct ocf_server;

/** Opens an endpoint. Keys and service outlive it.
 * @param address  numeric; NULL: all of the host's
 * @param port     0: any that is free */
struct ocf_server *ocf_server_open(const char *address, uint16_t port, const struct ocf_keys *keys,
                                   const struct ocf_service *service, char *error);
void ocf_server_close(struct ocf_server *server);
/** Address and port that it has. */
const char *ocf_server_where(const struct ocf_server *server);

/** A resource changed: its observers hear of it within the next ocf_server_wait(). */
void ocf_server_changed(struct ocf_server *server, enum ocf_resource resource);

/** Whether all observers have what they were to hear: it was sent, and they have acknowledged it. */
bool ocf_server_told(struct ocf_server *server);

/** Serves until one of at most OCF_WAIT_FDS @p fds (-1: none) can be read, a client was served or the time is over.
 * @return bit i: fds[i] can be read */
unsigned ocf_server_wait(struct ocf_server *server, const int *fds, unsigned count, uint32_t ms);
