// SPDX-License-Identifier: Apache-2.0
//
// States, timers and own requests of the firmware device; see fd.h.
#include "fw/pldm/fd.h"

#include <string.h>

#include "fw/pldm/fd_core.h"

enum {
    INSTANCES = 32,
    SEND_AGAIN_MS = 10,    /* the link had no room */
    CANCEL_AGAIN_MS = 100, /* the platform was busy when FD_T1 had passed */
};

void fd_init(struct fd *fd, const struct fd_ops *ops, void *context) {
    memset(fd, 0, sizeof *fd);
    fd->ops = ops;
    fd->context = context;
    fd->aux = PLDM_AUX_IDLE;
    fd->reason = PLDM_REASON_INITIALIZATION;
}

/* ---- states ---- */

void fd_enter(struct fd *fd, uint8_t state) {
    fd->previous = fd->state;
    fd->state = state;
    fd->aux = state >= PLDM_STATE_DOWNLOAD ? PLDM_AUX_IN_PROGRESS : PLDM_AUX_IDLE;
    fd->heard = true;
    if (state != PLDM_STATE_ACTIVATE) fd->request.pending = false; /* metadata may come back during an activation */
}

void fd_enter_idle(struct fd *fd, uint8_t reason) {
    fd_enter(fd, PLDM_STATE_IDLE);
    fd->reason = reason;
    if (reason != PLDM_REASON_ACTIVATE_FIRMWARE && reason != FD_REASON_ACTIVATE_FAILED)
        fd->ops->update_abandoned(fd->context, reason);
}

/* In DOWNLOAD, VERIFY or APPLY? */
static bool updates_component(const struct fd *fd) {
    return fd->state >= PLDM_STATE_DOWNLOAD && fd->state <= PLDM_STATE_APPLY;
}

uint8_t fd_cancel_work(struct fd *fd) {
    if (updates_component(fd) && fd->aux != PLDM_AUX_FAILED && !fd->start_due) {
        uint8_t code = fd->ops->cancel(fd->context, fd->current, fd->state);
        if (code != PLDM_SUCCESS) return code;
    }
    fd->start_due = false;
    return PLDM_SUCCESS;
}

/* ---- own requests ---- */

void fd_post(struct fd *fd, uint8_t command, const uint8_t *body, size_t len) {
    struct pldm_header header = {.request = true, .instance = fd->instance, .type = PLDM_TYPE_FWUP, .command = command};
    struct fd_request *request = &fd->request;
    memcpy(request->msg + pldm_header_encode(&header, request->msg, sizeof request->msg), body, len);
    request->len = (uint8_t)(PLDM_HEADER_SIZE + len);
    request->tries = 0;
    request->pending = true;
    fd->instance = (uint8_t)((fd->instance + 1) % INSTANCES);
}

/* The work of this state has ended: tells the update agent, from the next fd_tick on until it acknowledges. */
static void work_done(struct fd *fd, uint8_t state, uint8_t command, uint8_t result) {
    uint8_t body[3];
    size_t len;
    if (fd->state != state || fd->aux != PLDM_AUX_IN_PROGRESS || fd->start_due) return;
    bool modified = state == PLDM_STATE_APPLY && result == PLDM_APPLY_SUCCESS_ACTIVATION_MODIFIED;
    fd->aux = result == PLDM_RESULT_SUCCESS || modified ? PLDM_AUX_SUCCESS : PLDM_AUX_FAILED;
    fd->result = result;
    fd->heard = true;
    if (state == PLDM_STATE_APPLY) {
        struct pldm_apply_complete_req complete = {result, modified ? fd->methods : 0};
        len = pldm_apply_complete_req_encode(&complete, body, sizeof body);
    } else {
        len = pldm_result_req_encode(&(struct pldm_result_req){result}, body, sizeof body);
    }
    fd_post(fd, command, body, len);
}

void fd_transfer_activity(struct fd *fd) {
    fd->heard = true;
}

void fd_transfer_done(struct fd *fd, uint8_t result) {
    work_done(fd, PLDM_STATE_DOWNLOAD, PLDM_TRANSFER_COMPLETE, result);
}

void fd_verify_done(struct fd *fd, uint8_t result) {
    work_done(fd, PLDM_STATE_VERIFY, PLDM_VERIFY_COMPLETE, result);
}

void fd_apply_done(struct fd *fd, uint8_t result, uint16_t methods) {
    if (fd->state == PLDM_STATE_APPLY) fd->methods = methods;
    work_done(fd, PLDM_STATE_APPLY, PLDM_APPLY_COMPLETE, result);
}

void fd_activate_done(struct fd *fd, bool ok) {
    if (fd->state != PLDM_STATE_ACTIVATE || fd->start_due) return;
    fd_enter_idle(fd, ok ? PLDM_REASON_ACTIVATE_FIRMWARE : FD_REASON_ACTIVATE_FAILED);
}

static void component_done(struct fd *fd) {
    struct fd_passed *passed = &fd->passed[fd->current];
    struct pldm_component component;
    memset(&component, 0, sizeof component);
    fd->ops->component(fd->context, fd->current, &component);
    bool modified = fd->result == PLDM_APPLY_SUCCESS_ACTIVATION_MODIFIED;
    passed->methods = modified ? fd->methods : component.activation_methods;
    passed->flags |= FD_DONE;
}

void fd_acknowledged(struct fd *fd) {
    fd->request.pending = false;
    if (fd->aux != PLDM_AUX_SUCCESS) return; /* the update agent now has to cancel the component */
    if (fd->state == PLDM_STATE_DOWNLOAD) {
        fd_enter(fd, PLDM_STATE_VERIFY);
        fd->ops->verify_start(fd->context, fd->current);
    } else if (fd->state == PLDM_STATE_VERIFY) {
        fd_enter(fd, PLDM_STATE_APPLY);
        fd->ops->apply_start(fd->context, fd->current);
    } else { /* APPLY */
        component_done(fd);
        fd_enter(fd, PLDM_STATE_READY_XFER);
        if (fd->meta_given && fd_all_applied(fd)) fd_pull_begin(fd, FD_META_DATA);
    }
}

void fd_response_piece(struct fd *fd, uint32_t now_ms, uint16_t source, const uint8_t *msg, size_t len, size_t offset,
                       bool more) {
    const struct fd_request *request = &fd->request;
    struct pldm_header header;
    if (!request->pending || request->tries == 0 || source != fd->peer) return;
    if (offset != 0) {
        if (fd->pull.listening) fd_pull_bytes(fd, msg, len, more);
        return;
    }
    fd->pull.listening = false;
    if (pldm_header_decode(msg, len, &header) != PLDM_SUCCESS || header.request) return;
    /* A request and its response differ in nothing but Rq. */
    if (request->msg[0] % INSTANCES != header.instance || memcmp(request->msg + 1, msg + 1, 2) != 0) return;
    fd->t1_ms = now_ms;
    msg += PLDM_HEADER_SIZE;
    len -= PLDM_HEADER_SIZE;
    if (fd_pulling(fd)) {
        fd_pull_answer(fd, msg, len, more);
        return;
    }
    /* "Not expected" to a repetition means that the first one was taken and its acknowledgement lost. Any other error
     * leaves the request pending: it is repeated in its time, UAFD_T1 tries in all. */
    struct pldm_plain_resp answer;
    if (pldm_plain_resp_decode(msg, len, &answer) != PLDM_SUCCESS) return;
    if (answer.completion_code == PLDM_SUCCESS ||
        (answer.completion_code == PLDM_COMMAND_NOT_EXPECTED && request->tries > 1))
        fd_acknowledged(fd);
}

/* ---- time ---- */

static void start_work(struct fd *fd) {
    if (fd->state == PLDM_STATE_ACTIVATE && fd_pulling(fd)) return; /* the metadata first */
    fd->start_due = false;
    fd->heard = true;
    if (fd->state == PLDM_STATE_ACTIVATE) {
        if (fd->self_contained)
            fd->ops->activate_self(fd->context);
        else
            fd_enter_idle(fd, PLDM_REASON_ACTIVATE_FIRMWARE);
        return;
    }
    struct fd_transfer transfer = {
        .component = fd->current,
        .peer = fd->peer,
        .max_outstanding = fd->max_outstanding,
        .image_size = fd->image_size,
        .max_transfer_size = fd->max_transfer_size,
    };
    uint8_t result = fd->ops->transfer_start(fd->context, &transfer);
    if (result != PLDM_RESULT_SUCCESS) fd_transfer_done(fd, result);
}

/* Sends the own request if it is time. Returns the milliseconds until it will be again. After the last try the end of
 * work stays pending until FD_T1; package data and metadata are done without. */
static uint32_t send_request(struct fd *fd, uint32_t now_ms) {
    struct fd_request *request = &fd->request;
    bool last = request->tries >= FD_TRIES;
    if (!request->pending || (last && !fd_pulling(fd))) return UINT32_MAX;
    uint32_t since = now_ms - request->sent_ms;
    if (request->tries > 0 && since < FD_RETRY_MS) return FD_RETRY_MS - since;
    if (last) {
        request->pending = false;
        return 0;
    }
    if (!fd->ops->send(fd->context, fd->peer, request->msg, request->len)) return SEND_AGAIN_MS;
    request->tries++;
    request->sent_ms = now_ms;
    return request->tries < FD_TRIES || fd_pulling(fd) ? FD_RETRY_MS : UINT32_MAX;
}

/* Is it the update agent's turn? Verifying and applying take as long as they take. */
static bool waiting(const struct fd *fd) {
    if (fd->state == PLDM_STATE_VERIFY || fd->state == PLDM_STATE_APPLY) return fd->aux != PLDM_AUX_IN_PROGRESS;
    return fd->state != PLDM_STATE_IDLE;
}

/* FD_T1, and in ACTIVATE the time that was announced before it. Returns the milliseconds left; leaves update mode when
 * none are. */
static uint32_t idle_timer(struct fd *fd, uint32_t now_ms) {
    static const uint8_t reasons[] = {
        [PLDM_STATE_LEARN_COMPONENTS] = PLDM_REASON_TIMEOUT_LEARN_COMPONENT,
        [PLDM_STATE_READY_XFER] = PLDM_REASON_TIMEOUT_READY_XFER,
        [PLDM_STATE_DOWNLOAD] = PLDM_REASON_TIMEOUT_DOWNLOAD,
        [PLDM_STATE_VERIFY] = FD_REASON_TIMEOUT_VERIFY,
        [PLDM_STATE_APPLY] = FD_REASON_TIMEOUT_APPLY,
        [PLDM_STATE_ACTIVATE] = FD_REASON_ACTIVATE_FAILED,
    };
    if (fd->heard || !waiting(fd)) fd->t1_ms = now_ms;
    fd->heard = false;
    if (!waiting(fd)) return UINT32_MAX;
    uint32_t limit = FD_T1_MS;
    if (fd->state == PLDM_STATE_ACTIVATE) limit += fd->activation_s * 1000U;
    uint32_t since = now_ms - fd->t1_ms;
    if (since < limit) return limit - since;
    if (fd_cancel_work(fd) != PLDM_SUCCESS) return CANCEL_AGAIN_MS;
    fd_enter_idle(fd, reasons[fd->state]);
    return UINT32_MAX;
}

uint32_t fd_tick(struct fd *fd, uint32_t now_ms) {
    if (fd->start_due) start_work(fd);
    uint32_t t1 = idle_timer(fd, now_ms);
    uint32_t send = send_request(fd, now_ms);
    return t1 < send ? t1 : send;
}
