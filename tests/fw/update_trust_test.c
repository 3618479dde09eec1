// SPDX-License-Identifier: Apache-2.0
//
// Images that are not authentic: what becomes of a transfer, and what the update agent is told.
#include "tests/fw/update_agent.h"

/* The journal is not touched, nor a byte of the slot; the agent hears why. */
static void refused(unsigned component, enum image_trust trust, uint8_t want) {
    static uint8_t before[FAKE_FLASH];
    factory();
    memcpy(before, fake.flash, FAKE_FLASH);
    fake.trust = trust;
    CHECK_EQ(update_one(component, "2.0.0", 20, 30000), want);
    CHECK_EQ(fake.judged, 1);
    CHECK_EQ(fake.logged, 2);  // the manifest's, and the slot's log
    CHECK_MEM(fake.flash, before, FAKE_FLASH);
    CHECK_EQ(device.transfer.result, TRANSFER_NOT_AUTHENTIC);
    CHECK_EQ(device.fd.state, PLDM_STATE_DOWNLOAD);
    CHECK_EQ(device.applied, 0);
    inventory(0, "1.0.0", NULL);
    ask(PLDM_CANCEL_UPDATE, NULL, 0);
    fake.trust = IMAGE_AUTHENTIC;
    CHECK_EQ(update_one(component, "2.0.0", 20, 30000), PLDM_RESULT_SUCCESS);
    CHECK_EQ(fake.judged, 2);
    CHECK_EQ(activate(false), PLDM_SUCCESS);
    CHECK_EQ(journal_next(component), 1);
    fake_free(&fake);
}

static void causes(void) {
    static const uint8_t want[IMAGE_TRUSTS] = {[IMAGE_UNSIGNED] = DEVICE_UNSIGNED,
                                               [IMAGE_WRONG_KEY] = DEVICE_WRONG_KEY,
                                               [IMAGE_UNKNOWN_KEY] = DEVICE_UNKNOWN_KEY,
                                               [IMAGE_REVOKED_KEY] = DEVICE_REVOKED_KEY,
                                               [IMAGE_BAD_SIGNATURE] = DEVICE_BAD_SIGNATURE};
    for (int trust = IMAGE_UNSIGNED; trust < IMAGE_TRUSTS; trust++)
        for (unsigned component = 0; component < 2; component++)
            refused(component, (enum image_trust)trust, want[trust]);
}

/* A manifest of @p blocks, more than it needs: they are there when it is judged, and it is judged once. */
static void large_manifest(unsigned component, uint8_t blocks, uint8_t want) {
    factory();
    CHECK_EQ(request_update(4096), PLDM_SUCCESS);
    CHECK_EQ(pass(component, "2.0.0", 20, PLDM_TRANSFER_START_AND_END), 0);
    fake_image(&fake, image_of(component, "2.0.0", 20, 9000), 7);
    fake_grow_manifest(&fake, blocks);
    fake.slot_base = components[component].slot[1];
    fake.slot_size = components[component].slot_size;
    CHECK_EQ(update(component, "2.0.0", 20, fake.image_size, false), 0);
    run_engine();
    CHECK_EQ(fake.judged, want == PLDM_RESULT_SUCCESS);
    CHECK_EQ(acknowledge(PLDM_TRANSFER_COMPLETE), want);
    fake_free(&fake);
}

static void large_manifests(void) {
    for (uint8_t blocks = 2; blocks <= IMAGE_MAX_MANIFEST_BLOCKS; blocks++) {
        large_manifest(1, blocks, PLDM_RESULT_SUCCESS);
        large_manifest(0, blocks, DEVICE_TOO_LARGE);
    }
}

int main(void) {
    TEST("given an image that is not authentic when it is transferred then it is refused by name, the flash as it was")
    causes();
    TEST("given manifests of several blocks when transferred then they are judged whole, and firmware's are refused")
    large_manifests();
    return check_result();
}
