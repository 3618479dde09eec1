// SPDX-License-Identifier: Apache-2.0
//
// What of a package is for the device: the record that has its descriptors (clause 7.1), and for each component image
// that the record names and the user wants, the components of the device that take it.
#include "host/agent_internal.h"

/* Whether a record has the device's descriptors, all of them and in the device's order. */
static bool is_exact(const struct agent *a, const struct pkg_device *record) {
    if (record->descriptor_count != a->inventory.descriptor_count) return false;
    for (size_t i = 0; i < record->descriptor_count; i++)
        if (!descriptors_match(&record->descriptors[i], 1, &a->inventory.descriptors[i], 1)) return false;
    return true;
}

static const struct pkg_device *find_record(const struct agent *a) {
    const struct pkg_device *found = NULL;
    if (!a->traits->exact_match) return pkg_match(a->package, a->inventory.descriptors, a->inventory.descriptor_count);
    for (unsigned i = 0; i < a->package->device_count; i++) {
        const struct pkg_device *record = &a->package->devices[i];
        if (!is_exact(a, record)) continue;
        if (found != NULL) return NULL; /* more than one is none */
        found = record;
    }
    return found;
}

static void add(struct agent *a, unsigned n, uint8_t index, uint16_t methods) {
    if (a->outcome_count == AGENT_MAX_COMPONENTS) return;
    a->outcomes[a->outcome_count++] = (struct agent_outcome){.component = n, .index = index, .methods = methods};
}

/* Each component of the device that takes image @p n; false when there is none. */
static bool add_targets(struct agent *a, unsigned n) {
    const struct pkg_component *c = &a->package->components[n];
    const bool one = a->traits->index != INDEX_EACH;
    bool any = false;
    for (unsigned t = 0; t < a->inventory.component_count && !(one && any); t++) {
        const struct pldm_component *target = &a->inventory.components[t];
        if (target->classification != c->classification || target->identifier != c->identifier) continue;
        add(a, n, a->traits->index == INDEX_ZERO ? 0 : target->index, target->activation_methods);
        any = true;
    }
    if (one && !any) add(a, n, 0, 0);
    return one || any;
}

bool agent_choose(struct agent *a) {
    a->record = find_record(a);
    a->outcome_count = 0;
    if (a->record == NULL) {
        a->not_for_device = true;
        agent_explain(a, "no device record of the package matches the device's descriptors");
        return false;
    }
    for (unsigned n = 0; n < a->package->component_count; n++) {
        const struct pkg_component *c = &a->package->components[n];
        if (!pkg_applies(a->record, n) || (a->io.wanted != NULL && !a->io.wanted(a->io.ctx, n))) continue;
        if (add_targets(a, n)) continue;
        agent_explain(a, "component %u (0x%04x:0x%04x) of the package is not on the device", n, c->classification,
                      c->identifier);
        return false;
    }
    if (a->outcome_count != 0) return true;
    agent_explain(a, "no component of the package is both wanted and for this device");
    return false;
}
