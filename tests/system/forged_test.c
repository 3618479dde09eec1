// SPDX-License-Identifier: Apache-2.0
//
// Images that are not authentic, on the Verilated card: an update with one ends before anything in the slot is erased,
// and one that got into a slot some other way is not started: the other slot is.
#include <stdlib.h>

#include "check.h"
#include "fw/image/image.h"
#include "fw/update/journal.h"
#include "tests/system/demo_board.h"
#include "tests/system/forge.h"

static const struct forgery {
    const char *what;
    enum simulation_key key;
    void (*forge)(uint8_t *image, size_t len);
    const char *agent, *console, *boot;  // what they say of it
} forgeries[] = {
    {"without a signature", SIMULATION_ROOT, forge_unsigned, "not signed", "not signed", "not signed"},
    {"with another public key than it names", SIMULATION_ROOT, forge_key, "brings another public key than it names",
     "the public key is not the one", "wrong key"},
    {"signed by a key that is no root", SIMULATION_STRANGER, NULL, "unknown key", "unknown key", "unknown key"},
    {"signed by a revoked root", SIMULATION_REVOKED, NULL, "revoked key", "revoked key", "revoked key"},
    {"with one bit of its manifest changed", SIMULATION_ROOT, forge_security_version, "signature is wrong",
     "wrong signature", "bad signature"},
    {"with one bit of its one-time signature changed", SIMULATION_ROOT, forge_signature, "signature is wrong",
     "wrong signature", "bad signature"},
    {"with one bit of its signature's path changed", SIMULATION_ROOT, forge_path, "signature is wrong",
     "wrong signature", "bad signature"},
    {"with one bit of a table hash changed", SIMULATION_ROOT, forge_table_hash, "signature is wrong", "wrong signature",
     "bad signature"},
};
enum { FORGERIES = sizeof forgeries / sizeof forgeries[0] };

static struct rig_component forged(const struct rig_component *component, const struct forgery *forgery) {
    struct rig_component out = *component;
    out.key = forgery->key;
    out.forge = forgery->forge;
    return out;
}

static void sentence(char out[200], const char *before, const char *what, const char *after) {
    snprintf(out, 200, "given %s %s / when %s", before, what, after);
}

// ---- an update
// ----------------------------------------------------------------------------------------------------------------

static void refused(struct rig *rig, const struct rig_component *component, const struct forgery *forgery) {
    static uint8_t before[RIG_FLASH];
    size_t len;
    uint8_t *package = rig_package(component, 1, 0x5301, &len);
    memcpy(before, rig->flash, RIG_FLASH);
    rig->console[rig->console_len = 0] = '\0';
    CHECK_EQ(rig_update(rig, package, len, 60 * SECONDS), AGENT_FAILED);
    const char *error = agent_error(rig->agent);
    if (!CHECK(strstr(error, forgery->agent) != NULL)) printf("# expected '%s' in '%s'\n", forgery->agent, error);
    CHECK(rig_wait_console(rig, forgery->console, SECONDS));
    CHECK(memcmp(before, rig->flash, RIG_FLASH) == 0);
    CHECK_EQ(nor_get_stats(card_nor(rig->card))->pages_programmed, 0);
    CHECK_EQ(rig->served, 1);
    if (CHECK_EQ(rig_inventory(rig, 10 * SECONDS), AGENT_DONE))
        CHECK_EQ(agent_inventory(rig->agent)->status.current_state, PLDM_STATE_IDLE);
    free(package);
}

static void test_updates(void) {
    struct rig *rig = factory_card();
    for (unsigned i = 0; i < FORGERIES; i++) {
        char text[200];
        sentence(text, "an image", forgeries[i].what,
                 "it is sent / then it is refused by name and the flash is as it was");
        const struct rig_component component = forged(i & 1 ? &firmware_2 : &bitstream_2, &forgeries[i]);
        rig->served = 0;
        TEST(text) refused(rig, &component, &forgeries[i]);
    }
    TEST("given all those refusals / when the authentic image is sent / then the card takes it") {
        size_t len;
        uint8_t *package = rig_package(&bitstream_2, 1, 0x5301, &len);
        CHECK_EQ(rig_update(rig, package, len, 60 * SECONDS), AGENT_DONE);
        CHECK(flash_holds(rig, RIG_FPGA_B, &bitstream_2));
        CHECK_EQ(rig->flash_errors, 0);
        free(package);
    }
    rig_free(rig);
}

// ---- a start
// ------------------------------------------------------------------------------------------------------------------

/** Slot A holds 1.0.0, slot B, which is the active one, the forged 2.0.0 with all its hashes right. */
static struct rig *forged_slot(const struct forgery *forgery) {
    static uint8_t slot_b[RIG_FW_SIZE];
    const struct rig_component component = forged(&firmware_2, forgery);
    struct rig *rig = rig_new("w25q128jv");
    rig_factory(rig, &component, 1);
    memcpy(slot_b, rig->flash + RIG_FW_A, sizeof slot_b);
    rig_factory(rig, (const struct rig_component[]){firmware_1, bitstream_1}, 2);
    memcpy(rig->flash + RIG_FW_B, slot_b, sizeof slot_b);
    struct journal journal;
    journal_blank(&journal);
    journal.sequence = 2;
    journal.entry[0].active = 1;
    journal_put(&journal, rig->flash + RIG_JOURNAL);
    return rig;
}

static void falls_back(struct rig *rig, const struct forgery *forgery) {
    char line[64];
    snprintf(line, sizeof line, "boot: B %s\n", forgery->boot);
    rig_power_on(rig);
    CHECK(rig_wait_console(rig, line, 2 * SECONDS));
    CHECK(rig_wait_console(rig, "firmware 1.0.0, slot A", 2 * SECONDS));
    if (CHECK_EQ(rig_inventory(rig, 10 * SECONDS), AGENT_DONE)) CHECK(strcmp(rig_active(rig, 0), "1.0.0") == 0);
    rig_free(rig);
}

static void test_starts(void) {
    for (unsigned i = 0; i < FORGERIES; i++) {
        char text[200];
        sentence(text, "an active slot with firmware", forgeries[i].what,
                 "the card starts / then the boot ROM says why not and starts the other slot");
        TEST(text) falls_back(forged_slot(&forgeries[i]), &forgeries[i]);
    }
}

int main(void) {
    test_updates();
    test_starts();
    return check_result();
}
