// SPDX-License-Identifier: Apache-2.0
//
// The agent and what a Sluice card tells beside PLDM, the engine's counters and the slots: asked for where the user
// wants them and the device has them, and in no other case.
#include "tests/check.h"
#include "tests/host/fake_device.h"

static const uint8_t iana_first[] = {1, 0, 4, 0, 0x78, 0x56, 0x34, 0x12};

static unsigned vendor_messages(const struct fake *f, uint8_t type) {
    unsigned n = 0;
    for (size_t i = 0; i < f->log_len; i++) n += f->log[i].mctp_type == type;
    return n;
}

static void slots(void) {
    static const struct {
        const char *name;
        bool wanted, known, counters, silent;
        uint8_t device_type;
        unsigned asked, answered;
    } cases[] = {
        {"given a card / when its slots are wanted / then those of each component are read", true, true, false, false,
         0x7E, 2, 2},
        {"given a card / when slots and counters are wanted / then all are read", true, true, true, false, 0x7E, 3, 2},
        {"given a card / when its slots are not wanted / then they are not asked for", false, true, false, false, 0x7E,
         0, 0},
        {"given a card that does not know them / when its slots are wanted / then the inventory is good without", true,
         false, false, false, 0x7E, 1, 0},
        {"given a device of another vendor's kind / when slots are wanted / then it is not asked", true, true, false,
         false, 0x7F, 0, 0},
        {"given a device that does not answer / when slots are wanted / then the inventory is good without", true, true,
         false, true, 0x7E, 3, 0},
    };
    static struct fake f;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        TEST(cases[i].name) {
            fake_init(&f);
            f.config.slots = cases[i].wanted;
            f.config.counters = cases[i].counters;
            f.vendor_type = cases[i].device_type;
            f.vendor_silent = cases[i].silent;
            f.knows_slots = cases[i].known;
            f.on_trial = true;
            CHECK_EQ(fake_run(&f, NULL, 30), AGENT_DONE);
            CHECK_EQ(vendor_messages(&f, 0x7E), cases[i].asked);
            const struct agent_inventory *inventory = agent_inventory(f.agent);
            CHECK_EQ(inventory->has_counters, cases[i].counters);
            if (CHECK_EQ(inventory->slot_count, cases[i].answered) && cases[i].answered == 2) {
                const struct slots_status *of = inventory->slots;
                CHECK(of[0].trial && of[0].attempts == 2 && of[0].starts == 3 && of[0].minimum == 4);
                CHECK(of[0].slot[1].state == SLOT_TRIAL && of[0].slot[1].runs && of[0].slot[2].state == SLOT_GOLDEN);
                CHECK(of[1].slot[1].state == SLOT_FAILED && of[1].slot[0].runs && of[1].slot[2].state == SLOT_NONE);
                CHECK_MEM(of[1].slot[1].version.bytes, "2.0.0", 5);
            }
            fake_free(&f);
        }
    }
}

int main(void) {
    slots();
    static const struct {
        const char *name;
        bool wanted, iana, silent, answered;
        uint8_t device_type, asked_type;
        unsigned asked;
    } cases[] = {
        {"given a device of a PCI vendor / when counters are wanted / then they are read", true, false, false, true,
         0x7E, 0x7E, 1},
        {"given a device of an IANA enterprise / when counters are wanted / then they are read", true, true, false,
         true, 0x7F, 0x7F, 1},
        {"given an inventory / when counters are not wanted / then they are not asked for", false, false, false, false,
         0x7E, 0x7E, 0},
        {"given a device without vendor-defined messages / when counters are wanted / then it is not asked", true,
         false, false, false, 0, 0x7E, 0},
        {"given a device that takes messages of the other kind / when counters are wanted / then it is not asked", true,
         false, false, false, 0x7F, 0x7E, 0},
        {"given a device that does not answer / when counters are wanted / then the inventory is good without", true,
         false, true, false, 0x7E, 0x7E, 3},
    };
    static struct fake f;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        TEST(cases[i].name) {
            fake_init(&f);
            f.config.counters = cases[i].wanted;
            f.vendor_type = cases[i].device_type;
            f.vendor_silent = cases[i].silent;
            if (cases[i].iana) {
                f.descriptors = iana_first;
                f.descriptors_len = sizeof iana_first;
                f.descriptor_count = 1;
            }
            CHECK_EQ(fake_run(&f, NULL, 30), AGENT_DONE);
            CHECK_EQ(vendor_messages(&f, cases[i].asked_type), cases[i].asked);
            const struct agent_inventory *inventory = agent_inventory(f.agent);
            CHECK_EQ(inventory->has_counters, cases[i].answered);
            if (cases[i].answered) {
                CHECK_EQ(inventory->counters.requests, 0x01020304);
                CHECK_EQ(inventory->counters.retries, 5);
                CHECK_EQ(inventory->counters.bytes, 0xFFFFFFFF);
                CHECK_EQ(inventory->counters.link_idle, 0x80000000);
                CHECK_EQ(inventory->counters.flash_idle, 7);
            }
            fake_free(&f);
        }
    }
    return check_result();
}
