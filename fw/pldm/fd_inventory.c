// SPDX-License-Identifier: Apache-2.0
//
// QueryDeviceIdentifiers and GetFirmwareParameters of the firmware device (DSP0267 clause 10); see fd.h.
#include <string.h>

#include "fw/pldm/fd_core.h"

uint8_t fd_encoded(struct fd_call *call, size_t out_len) {
    call->out_len = out_len;
    return out_len != 0 ? PLDM_SUCCESS : PLDM_ERROR;
}

uint8_t fd_query_device_identifiers(struct fd *fd, struct fd_call *call) {
    uint8_t code = pldm_empty_req_decode(call->len);
    if (code != PLDM_SUCCESS) return code;
    uint8_t *first = call->out + PLDM_QUERY_DEVICE_IDENTIFIERS_RESP_FIXED;
    size_t room = call->size - PLDM_QUERY_DEVICE_IDENTIFIERS_RESP_FIXED, used = 0;
    for (uint8_t i = 0; i < fd->ops->descriptor_count; i++) {
        size_t len = pldm_descriptor_encode(&fd->ops->descriptors[i], first + used, room - used);
        if (len == 0) return PLDM_ERROR;
        used += len;
    }
    struct pldm_query_device_identifiers_resp answer = {PLDM_SUCCESS, fd->ops->descriptor_count, first, used};
    return fd_encoded(call, pldm_query_device_identifiers_resp_encode(&answer, call->out, call->size));
}

/* Update agents give up on a device whose active version is empty. */
static void never_empty(struct pldm_string *version) {
    static const uint8_t unknown[] = {'u', 'n', 'k', 'n', 'o', 'w', 'n'};
    if (version->len == 0) *version = (struct pldm_string){PLDM_STRING_ASCII, sizeof unknown, unknown};
}

static void get_component(struct fd *fd, uint8_t i, struct pldm_component *out) {
    memset(out, 0, sizeof *out);
    fd->ops->component(fd->context, i, out);
    never_empty(&out->active.version);
}

uint8_t fd_get_firmware_parameters(struct fd *fd, struct fd_call *call) {
    struct pldm_get_firmware_parameters_resp answer;
    uint8_t code = pldm_empty_req_decode(call->len);
    if (code != PLDM_SUCCESS) return code;
    memset(&answer, 0, sizeof answer);
    fd->ops->set_version(fd->context, &answer.active, &answer.pending);
    never_empty(&answer.active);
    answer.capabilities = fd->ops->capabilities;
    answer.component_count = fd->ops->component_count;

    size_t used = (size_t)PLDM_GET_FIRMWARE_PARAMETERS_RESP_FIXED + answer.active.len + answer.pending.len;
    if (used > call->size) return PLDM_ERROR;
    answer.components = call->out + used;
    for (uint8_t i = 0; i < fd->ops->component_count; i++) {
        struct pldm_component component;
        get_component(fd, i, &component);
        size_t len = pldm_component_encode(&component, call->out + used, call->size - used);
        if (len == 0) return PLDM_ERROR;
        used += len;
        answer.components_len += len;
    }
    return fd_encoded(call, pldm_get_firmware_parameters_resp_encode(&answer, call->out, call->size));
}

uint8_t fd_find_component(struct fd *fd, uint16_t classification, uint16_t identifier, uint8_t index) {
    for (uint8_t i = 0; i < fd->ops->component_count; i++) {
        struct pldm_component component;
        get_component(fd, i, &component);
        if (component.classification == classification && component.identifier == identifier &&
            component.index == index)
            return i;
    }
    return FD_NO_COMPONENT;
}
