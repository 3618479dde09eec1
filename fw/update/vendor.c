// SPDX-License-Identifier: Apache-2.0
//
// See vendor.h.
#include "fw/update/vendor.h"

#include "fw/mctp/mctp.h"
#include "fw/mctp/mctp_control.h"

enum { RQ = 0x80, INSTANCE = 0x1F, PCI = 2, IANA = 4 };

uint8_t vendor_type(const struct pldm_descriptor *vendor) {
    if (vendor->type == PLDM_DESCRIPTOR_PCI_VENDOR_ID && vendor->len == PCI) return MCTP_TYPE_VENDOR_PCI;
    if (vendor->type == PLDM_DESCRIPTOR_IANA_ENTERPRISE_ID && vendor->len == IANA) return MCTP_TYPE_VENDOR_IANA;
    return 0;
}

/* Descriptors have it the other way round. @return bytes written */
static size_t put_head(const struct pldm_descriptor *vendor, uint8_t instance, uint8_t command, uint8_t *out) {
    for (unsigned i = 0; i < vendor->len; i++) *out++ = vendor->data[vendor->len - 1u - i];
    *out++ = instance;
    *out = command;
    return vendor->len + 2u;
}

/* @return whether it is the vendor's, with Rq as in @p rq */
static bool get_head(const struct pldm_descriptor *vendor, const uint8_t *msg, size_t len, uint8_t rq,
                     struct vendor_message *out) {
    if (vendor_type(vendor) == 0 || len < vendor->len + 2u) return false;
    for (unsigned i = 0; i < vendor->len; i++)
        if (msg[i] != vendor->data[vendor->len - 1u - i]) return false;
    msg += vendor->len;
    if ((msg[0] & (uint8_t)~INSTANCE) != rq) return false;
    *out = (struct vendor_message){
        .instance = msg[0] & INSTANCE, .command = msg[1], .data = msg + 2, .len = len - vendor->len - 2u};
    return true;
}

size_t vendor_request(const struct pldm_descriptor *vendor, const struct vendor_message *request, uint8_t *msg,
                      size_t size) {
    if (vendor_type(vendor) == 0 || request->instance > INSTANCE || size < vendor->len + 2u + request->len) return 0;
    size_t head = put_head(vendor, RQ | request->instance, request->command, msg);
    for (size_t i = 0; i < request->len; i++) msg[head + i] = request->data[i];
    return head + request->len;
}

size_t vendor_serve(const struct pldm_descriptor *vendor, vendor_handler_fn *handler, void *context, const uint8_t *msg,
                    size_t len, uint8_t *answer, size_t size) {
    struct vendor_message request;
    size_t data = 0;
    if (!get_head(vendor, msg, len, RQ, &request) || size < vendor->len + 3u) return 0;
    size_t head = put_head(vendor, request.instance, request.command, answer);
    answer[head] = handler(context, &request, answer + head + 1u, size - head - 1u, &data);
    return head + 1u + (answer[head] == MCTP_SUCCESS ? data : 0);
}

bool vendor_answer_decode(const struct pldm_descriptor *vendor, uint8_t instance, uint8_t command, const uint8_t *msg,
                          size_t len, struct vendor_message *out) {
    if (!get_head(vendor, msg, len, 0, out) || out->instance != instance || out->command != command || out->len == 0)
        return false;
    out->code = *out->data++;
    out->len--;
    return true;
}
