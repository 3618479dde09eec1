// SPDX-License-Identifier: Apache-2.0
//
// What some agents want to see in the inventory although the specification does not: a device that disappoints them is
// not updated.
#include "host/agent_internal.h"

enum { SHORT_MESSAGE = 1024 };

static const char *set_version(const struct agent *a) {
    const struct pldm_get_firmware_parameters_resp *p = &a->inventory.parameters;
    if (p->active.type == PLDM_STRING_UNKNOWN || p->active.len == 0) return "the active image set has no typed version";
    if (p->pending.len == 0 && p->pending.type != PLDM_STRING_UNKNOWN) return "no pending image set, but a string type";
    return NULL;
}

static const char *short_answers(const struct agent *a) {
    if (a->identifiers_len + PLDM_HEADER_SIZE > SHORT_MESSAGE)
        return "QueryDeviceIdentifiers is longer than 1024 bytes";
    if (a->parameters_len + PLDM_HEADER_SIZE > SHORT_MESSAGE) return "GetFirmwareParameters is longer than 1024 bytes";
    return NULL;
}

static const char *plain_strings(const struct agent *a) {
    const struct agent_inventory *v = &a->inventory;
    bool wide = v->parameters.active.type > PLDM_STRING_UTF8 || v->parameters.pending.type > PLDM_STRING_UTF8;
    for (size_t i = 0; i < v->component_count; i++)
        wide |= v->components[i].active.version.type > PLDM_STRING_UTF8 ||
                v->components[i].pending.version.type > PLDM_STRING_UTF8;
    return wide ? "a version is UTF-16" : NULL;
}

static const char *known_descriptors(const struct agent *a) {
    for (size_t i = 0; i < a->inventory.descriptor_count; i++) {
        const uint16_t type = a->inventory.descriptors[i].type;
        const bool known = type <= PLDM_DESCRIPTOR_UUID || type == PLDM_DESCRIPTOR_VENDOR_DEFINED ||
                           (type >= PLDM_DESCRIPTOR_PCI_DEVICE_ID && type <= PLDM_DESCRIPTOR_PCI_SUBSYSTEM_ID);
        if (!known) return "a descriptor has a type that it does not know";
    }
    return NULL;
}

static const struct {
    enum agent_expectation expectation;
    const char *(*fault)(const struct agent *a);
} expectations[] = {
    {EXPECT_SET_VERSION, set_version},
    {EXPECT_SHORT_ANSWERS, short_answers},
    {EXPECT_PLAIN_STRINGS, plain_strings},
    {EXPECT_KNOWN_DESCRIPTORS, known_descriptors},
};

bool agent_expected(struct agent *a) {
    for (size_t i = 0; i < sizeof expectations / sizeof expectations[0]; i++) {
        if ((a->traits->expects & expectations[i].expectation) == 0) continue;
        const char *fault = expectations[i].fault(a);
        if (fault == NULL) continue;
        agent_explain(a, "%s does not take this device: %s", a->traits->name, fault);
        return false;
    }
    return true;
}
