// SPDX-License-Identifier: Apache-2.0
//
// What a device's engine counted: a message of this project's own, sent only to a device that says it takes messages of
// a vendor and names that vendor. A device that does not know it is as good as another.
#include "fw/mctp/mctp_control.h"
#include "host/agent_internal.h"

static const struct agent_step of_pci_vendor, of_iana_enterprise;

static void over(struct agent *a) {
    agent_finish(a, true);
}

void agent_read_counters(struct agent *a) {
    const uint8_t type = a->inventory.descriptor_count != 0 ? counters_type(&a->inventory.descriptors[0]) : 0;
    if (type == MCTP_TYPE_VENDOR_PCI && a->takes_pci_vendor)
        agent_ask(a, &of_pci_vendor);
    else if (type == MCTP_TYPE_VENDOR_IANA && a->takes_iana_enterprise)
        agent_ask(a, &of_iana_enterprise);
    else
        over(a);
}

static size_t encode(struct agent *a, uint8_t *body, size_t size) {
    return counters_request(&a->inventory.descriptors[0], a->instance, body, size);
}

static void answer(struct agent *a, uint8_t code, const uint8_t *body, size_t len) {
    a->inventory.has_counters = code == MCTP_SUCCESS && counters_response(&a->inventory.descriptors[0], a->instance,
                                                                          body, len, &code, &a->inventory.counters);
    over(a);
}

#define STEP(type) \
    { .name = "the engine's counters", .mctp_type = type, .encode = encode, .answer = answer, .silent = over }
static const struct agent_step of_pci_vendor = STEP(MCTP_TYPE_VENDOR_PCI);
static const struct agent_step of_iana_enterprise = STEP(MCTP_TYPE_VENDOR_IANA);
