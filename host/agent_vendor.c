// SPDX-License-Identifier: Apache-2.0
//
// What a Sluice card tells beside PLDM: the engine's counters, the slots of each component, then its policy. Messages
// of this project's own, sent only to a device that says it takes messages of a vendor and names that vendor. A device
// that does not know them is as good as another.
#include <string.h>

#include "fw/mctp/mctp_control.h"
#include "host/agent_internal.h"

static const struct agent_step counters, slots;

static void over(struct agent *a) {
    agent_read_policy(a, true);
}

static void ask_slots(struct agent *a) {
    a->inventory.slot_count = 0;
    if (a->config.slots && a->inventory.component_count != 0)
        agent_ask(a, &slots);
    else
        over(a);
}

void agent_read_vendor(struct agent *a) {
    const uint8_t type = a->inventory.descriptor_count != 0 ? vendor_type(&a->inventory.descriptors[0]) : 0;
    const bool taken = (type == MCTP_TYPE_VENDOR_PCI && a->takes_pci_vendor) ||
                       (type == MCTP_TYPE_VENDOR_IANA && a->takes_iana_enterprise);
    if (!taken)
        agent_read_policy(a, false);
    else if (a->config.counters)
        agent_ask(a, &counters);
    else
        ask_slots(a);
}

static size_t encode_counters(struct agent *a, uint8_t *body, size_t size) {
    const struct vendor_message request = {.instance = a->instance, .command = VENDOR_COUNTERS};
    return vendor_request(&a->inventory.descriptors[0], &request, body, size);
}

static size_t encode_slots(struct agent *a, uint8_t *body, size_t size) {
    const uint8_t component = (uint8_t)a->inventory.slot_count;
    const struct vendor_message request = {
        .instance = a->instance, .command = VENDOR_SLOTS, .data = &component, .len = sizeof component};
    return vendor_request(&a->inventory.descriptors[0], &request, body, size);
}

static void answer_counters(struct agent *a, uint8_t code, const uint8_t *body, size_t len) {
    a->inventory.has_counters = code == MCTP_SUCCESS && counters_decode(body, len, &a->inventory.counters);
    ask_slots(a);
}

static void answer_slots(struct agent *a, uint8_t code, const uint8_t *body, size_t len) {
    struct agent_inventory *inventory = &a->inventory;
    const size_t i = inventory->slot_count;
    if (code != MCTP_SUCCESS || len > sizeof a->slots[i]) {
        over(a);
        return;
    }
    memcpy(a->slots[i], body, len);
    if (!slots_status_decode(a->slots[i], len, &inventory->slots[i])) {
        over(a);
        return;
    }
    if (++inventory->slot_count < inventory->component_count)
        agent_ask(a, &slots);
    else
        over(a);
}

static const struct agent_step counters = {.name = "the engine's counters",
                                           .mctp_type = AGENT_VENDOR_TYPE,
                                           .command = VENDOR_COUNTERS,
                                           .encode = encode_counters,
                                           .answer = answer_counters,
                                           .silent = over};
static const struct agent_step slots = {.name = "the slots",
                                        .mctp_type = AGENT_VENDOR_TYPE,
                                        .command = VENDOR_SLOTS,
                                        .encode = encode_slots,
                                        .answer = answer_slots,
                                        .silent = over};
