// SPDX-License-Identifier: Apache-2.0
//
// The engine's counters as a message; see counters.h.
#include "fw/update/counters.h"

#include "fw/mctp/mctp.h"
#include "fw/mctp/mctp_control.h"

enum { RQ = 0x80, INSTANCE = 0x1F, READ = 0x01, PCI = 2, IANA = 4, COUNTERS = 5, DATA = COUNTERS * 4 };

uint8_t counters_type(const struct pldm_descriptor *vendor) {
    if (vendor->type == PLDM_DESCRIPTOR_PCI_VENDOR_ID && vendor->len == PCI) return MCTP_TYPE_VENDOR_PCI;
    if (vendor->type == PLDM_DESCRIPTOR_IANA_ENTERPRISE_ID && vendor->len == IANA) return MCTP_TYPE_VENDOR_IANA;
    return 0;
}

/* Descriptors have it the other way round. */
static void put_head(const struct pldm_descriptor *vendor, uint8_t instance, uint8_t *out) {
    for (unsigned i = 0; i < vendor->len; i++) *out++ = vendor->data[vendor->len - 1u - i];
    *out++ = instance;
    *out = READ;
}

static bool is_vendor(const struct pldm_descriptor *vendor, const uint8_t *msg) {
    for (unsigned i = 0; i < vendor->len; i++)
        if (msg[i] != vendor->data[vendor->len - 1u - i]) return false;
    return true;
}

size_t counters_request(const struct pldm_descriptor *vendor, uint8_t instance, uint8_t *msg, size_t size) {
    if (counters_type(vendor) == 0 || instance > INSTANCE || size < vendor->len + 2u) return 0;
    put_head(vendor, RQ | instance, msg);
    return vendor->len + 2u;
}

size_t counters_answer(const struct pldm_descriptor *vendor, const struct counters *counters, const uint8_t *msg,
                       size_t len, uint8_t *answer, size_t size) {
    const uint32_t values[COUNTERS] = {counters->requests, counters->retries, counters->bytes, counters->link_idle,
                                       counters->flash_idle};
    size_t head = vendor->len + 2u;
    if (counters_type(vendor) == 0 || len < head || size < head + 1u + DATA) return 0;
    if (!is_vendor(vendor, msg) || (msg[vendor->len] & RQ) == 0) return 0;
    put_head(vendor, msg[vendor->len] & INSTANCE, answer);
    answer[head - 1u] = msg[head - 1u];
    answer[head] = MCTP_SUCCESS;
    if (msg[head - 1u] != READ)
        answer[head] = MCTP_ERROR_UNSUPPORTED_CMD;
    else if (len != head)
        answer[head] = MCTP_ERROR_INVALID_LENGTH;
    if (answer[head++] != MCTP_SUCCESS) return head;
    for (unsigned i = 0; i < COUNTERS; i++)
        for (unsigned shift = 0; shift < 32u; shift += 8u) answer[head++] = (uint8_t)(values[i] >> shift);
    return head;
}

bool counters_response(const struct pldm_descriptor *vendor, uint8_t instance, const uint8_t *msg, size_t len,
                       uint8_t *code, struct counters *counters) {
    uint32_t values[COUNTERS] = {0};
    size_t head = vendor->len + 2u;
    if (counters_type(vendor) == 0 || len < head + 1u || !is_vendor(vendor, msg)) return false;
    if (msg[vendor->len] != instance || msg[vendor->len + 1u] != READ) return false;
    *code = msg[head++];
    if (*code != MCTP_SUCCESS) return true;
    if (len != head + DATA) return false;
    for (unsigned i = 0; i < DATA; i++) values[i / 4u] |= (uint32_t)msg[head + i] << i % 4u * 8u;
    *counters = (struct counters){values[0], values[1], values[2], values[3], values[4]};
    return true;
}
