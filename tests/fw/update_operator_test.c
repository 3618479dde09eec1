// SPDX-License-Identifier: Apache-2.0
//
// The operator's policy on the card: what is taken and what not, what it forbids from then on, and who is told.
#include "fw/update/policy_record.h"

#include "fw/mctp/mctp_control.h"
#include "fw/pldm/pldm_wire.h"
#include "tests/fw/update_agent.h"

enum { ROOT_A, ROOT_B, STRANGER = 9 };
enum { PARTS = POLICY_BLOCK / POLICY_PART_MOST };

static struct policy_record record;  // the next one to be sent

static void begin(void) {
    factory();
    identity.uuid[0] = 0xC0;
    notices = 0;
    record = (struct policy_record){.policy = {.sequence = 1, .components = 0xFF, .keys = 0xFF}};
}

/* A key identifier as tests/fw/roots.c has the keys. */
static void put_key(uint8_t *key_id, unsigned key) {
    memset(key_id, 0, IMAGE_KEY_ID);
    key_id[0] = (uint8_t)(0x10 * (key + 1));
    key_id[1] = (uint8_t)(key + 1);
}

/* The block of `record`, as if @p key had signed it; the stand-in engine holds what it judges against its image. */
static void seal(unsigned key) {
    fake.image = realloc(fake.image, POLICY_BLOCK);
    (void)policy_encode(&record, fake.image);
    put_key(fake.image + IMAGE_AT_KEY_ID, key);
    for (uint32_t i = 1532; i < POLICY_BLOCK; i++) fake.image[i] = (uint8_t)(i * 7);
}

static uint8_t send_part(uint32_t offset, size_t len) {
    uint8_t data[POLICY_PART_HEAD + POLICY_PART_MOST + 1];
    pldm_put16(data, (uint16_t)offset);
    for (size_t i = 0; i < len; i++)
        data[POLICY_PART_HEAD + i] = offset + i < POLICY_BLOCK ? fake.image[offset + i] : 0;
    return device_policy_part(&device, data, POLICY_PART_HEAD + len);
}

static uint8_t send_parts(void) {
    for (uint32_t i = 0; i + 1 < PARTS; i++) {
        const uint8_t code = send_part(i * POLICY_PART_MOST, POLICY_PART_MOST);
        if (code != MCTP_SUCCESS) return code;
    }
    return send_part((PARTS - 1) * POLICY_PART_MOST, POLICY_PART_MOST);
}

static uint8_t set(unsigned key) {
    seal(key);
    return send_parts();
}

static uint32_t in_force(void) {
    struct policy_status status;
    device_policy(&device, &status);
    CHECK(status.roots == 3 && status.revoked == 4);
    const struct journal stored = journal_now();
    CHECK_MEM(&stored.policy, &status.policy, sizeof stored.policy);
    return status.policy.sequence;
}

static void taken(void) {
    begin();
    CHECK_EQ(in_force(), 0);
    record.policy.flags = POLICY_BY_HAND;
    CHECK_EQ(set(ROOT_B), MCTP_SUCCESS);
    CHECK_EQ(fake.judged, 1);
    CHECK_EQ(in_force(), 1);
    CHECK_EQ(device.slots.journal.policy.signer, ROOT_B);
    CHECK_EQ(device.slots.journal.policy.flags, POLICY_BY_HAND);
    power_on(0);
    CHECK_EQ(in_force(), 1);
    boot_healthy();
    CHECK_EQ(in_force(), 1);
    // An update keeps it, in all the records that it takes.
    CHECK_EQ(update_one(0, "2.0.0", 20, 30000), 0);
    CHECK_EQ(activate(false), PLDM_SUCCESS);
    boot_healthy();
    CHECK_EQ(in_force(), 1);
    inventory(0, "2.0.0", NULL);
    fake_free(&fake);
}

/* Policy 5 of root A is in force, which lets roots A and C sign. */
static void refusals(void) {
    static const struct {
        const char *what;
        uint32_t sequence;
        uint8_t keys, card;
        unsigned key;
        enum image_trust trust;
        uint8_t want;
    } cases[] = {
        {"given a policy in force when the same again comes then the old one stays", 5, 0xFF, 0, ROOT_A,
         IMAGE_AUTHENTIC, POLICY_NOT_NEWER},
        {"given a policy in force when an older one comes then the old one stays", 4, 0xFF, 0, ROOT_A, IMAGE_AUTHENTIC,
         POLICY_NOT_NEWER},
        {"given a policy in force when one that is not signed comes then the old one stays", 6, 0xFF, 0, ROOT_A,
         IMAGE_UNSIGNED, POLICY_UNSIGNED},
        {"given a policy in force when one that brings another key comes then the old one stays", 6, 0xFF, 0, ROOT_A,
         IMAGE_WRONG_KEY, POLICY_WRONG_KEY},
        {"given a policy in force when one of a stranger comes then the old one stays", 6, 0xFF, 0, STRANGER,
         IMAGE_UNKNOWN_KEY, POLICY_UNKNOWN_KEY},
        {"given a policy in force when one of a revoked root comes then the old one stays", 6, 0xFF, 0, ROOT_A,
         IMAGE_REVOKED_KEY, POLICY_REVOKED_KEY},
        {"given a policy in force when a changed one comes then the old one stays", 6, 0xFF, 0, ROOT_A,
         IMAGE_BAD_SIGNATURE, POLICY_BAD_SIGNATURE},
        {"given a policy in force when one of a root that may not sign any more comes then the old one stays", 6, 0xFF,
         0, ROOT_B, IMAGE_AUTHENTIC, POLICY_DENIED_KEY},
        {"given a policy in force when one for another card comes then the old one stays", 6, 0xFF, 0xC1, ROOT_A,
         IMAGE_AUTHENTIC, POLICY_OTHER_CARD},
        {"given a policy in force when one that does not let its own key sign comes then the old one stays", 6, 0x06, 0,
         ROOT_A, IMAGE_AUTHENTIC, POLICY_LOCKS_OUT},
        {"given a policy in force when one that lets nobody sign comes then the old one stays", 6, 0, 0, ROOT_A,
         IMAGE_AUTHENTIC, POLICY_MALFORMED},
        {"given a policy in force when the next one comes then it is the one", 6, 0xFF, 0, ROOT_A, IMAGE_AUTHENTIC,
         MCTP_SUCCESS},
        {"given a policy in force when one for this card comes then it is the one", 6, 0xFF, 0xC0, ROOT_A,
         IMAGE_AUTHENTIC, MCTP_SUCCESS},
    };
    static uint8_t before[FAKE_FLASH];
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        TEST(cases[i].what) {
            begin();
            record.policy.sequence = 5;
            record.policy.keys = 0x05;
            CHECK_EQ(set(ROOT_A), MCTP_SUCCESS);
            memcpy(before, fake.flash, FAKE_FLASH);
            record.policy.sequence = cases[i].sequence;
            record.policy.keys = cases[i].keys;
            record.card[0] = cases[i].card;
            fake.trust = cases[i].trust;
            CHECK_EQ(set(cases[i].key), cases[i].want);
            CHECK_EQ(in_force(), cases[i].want == MCTP_SUCCESS ? 6 : 5);
            if (cases[i].want != MCTP_SUCCESS) CHECK_MEM(fake.flash, before, FAKE_FLASH);
            fake_free(&fake);
        }
    }
}

static void parts(void) {
    begin();
    seal(ROOT_A);
    CHECK_EQ(send_part(0, 0), MCTP_ERROR_INVALID_LENGTH);
    CHECK_EQ(send_part(0, POLICY_PART_MOST + 1), MCTP_ERROR_INVALID_LENGTH);
    CHECK_EQ(send_part(POLICY_BLOCK - 10, 11), MCTP_ERROR_INVALID_DATA);
    CHECK_EQ(send_part(POLICY_BLOCK, 1), MCTP_ERROR_INVALID_DATA);
    CHECK_EQ(send_part(256, 256), POLICY_NO_ORDER);  // nothing is there
    CHECK_EQ(send_part(0, 256), MCTP_SUCCESS);
    CHECK_EQ(send_part(0, 256), MCTP_SUCCESS);  // its answer was lost
    CHECK_EQ(send_part(512, 256), POLICY_NO_ORDER);
    CHECK_EQ(send_part(256, 100), MCTP_SUCCESS);
    CHECK_EQ(send_part(0, 100), MCTP_SUCCESS);  // from the beginning
    CHECK_EQ(send_part(356, 100), POLICY_NO_ORDER);
    CHECK_EQ(in_force(), 0);
    CHECK_EQ(send_parts(), MCTP_SUCCESS);
    CHECK_EQ(in_force(), 1);
    const uint32_t sequence = device.slots.journal.sequence;
    CHECK_EQ(send_part(POLICY_BLOCK - 256, 256), MCTP_SUCCESS);  // the last one's answer was lost: nothing new
    CHECK_EQ(device.slots.journal.sequence, sequence);
    CHECK_EQ(fake.judged, 1);
    fake_free(&fake);
}

/* Parts on either side of a RequestUpdate are not put together, and none is taken while it lasts. */
static void between(void) {
    begin();
    seal(ROOT_A);
    CHECK_EQ(send_part(0, 256), MCTP_SUCCESS);
    CHECK_EQ(request_update(4096), PLDM_SUCCESS);
    CHECK_EQ(send_part(256, 256), MCTP_ERROR_NOT_READY);
    CHECK_EQ(send_part(0, 256), MCTP_ERROR_NOT_READY);
    ask(PLDM_CANCEL_UPDATE, NULL, 0);
    CHECK_EQ(send_part(256, 256), POLICY_NO_ORDER);
    CHECK_EQ(send_parts(), MCTP_SUCCESS);
    // Nor on trial: what is returned to must not find another policy.
    CHECK_EQ(update_one(0, "2.0.0", 20, 30000), 0);
    CHECK_EQ(activate(false), PLDM_SUCCESS);
    boot(7);
    CHECK(device.slots.trial);
    record.policy.sequence = 2;
    CHECK_EQ(set(ROOT_A), MCTP_ERROR_NOT_READY);
    run_engine();  // the journal's sector is erased, but nobody has spoken to the card
    CHECK(device.slots.trial);
    CHECK_EQ(set(ROOT_A), MCTP_ERROR_NOT_READY);
    device_heard(&device);
    CHECK_EQ(set(ROOT_A), MCTP_SUCCESS);
    fake_free(&fake);
}

static void flash_fails(void) {
    begin();
    seal(ROOT_A);
    journal_fails = true;
    CHECK_EQ(send_parts(), POLICY_NOT_STORED);
    CHECK_EQ(in_force(), 0);
    journal_fails = false;
    CHECK_EQ(send_parts(), MCTP_SUCCESS);
    CHECK_EQ(in_force(), 1);
    fake_free(&fake);
}

static void disabled(void) {
    begin();
    record.policy.flags = POLICY_DISABLED;
    CHECK_EQ(set(ROOT_A), MCTP_SUCCESS);
    CHECK_EQ(request_update(4096), PLDM_UNABLE_TO_INITIATE_UPDATE);
    CHECK_EQ(device.fd.state, PLDM_STATE_IDLE);
    power_on(0);
    CHECK_EQ(request_update(4096), PLDM_UNABLE_TO_INITIATE_UPDATE);
    inventory(0, "1.0.0", NULL);
    record.policy.sequence = 2;
    record.policy.flags = 0;
    CHECK_EQ(set(ROOT_A), MCTP_SUCCESS);
    CHECK_EQ(update_one(0, "2.0.0", 20, 30000), 0);
    fake_free(&fake);
}

static void some_components(void) {
    begin();
    record.policy.components = 2;
    CHECK_EQ(set(ROOT_A), MCTP_SUCCESS);
    CHECK_EQ(request_update(4096), PLDM_SUCCESS);
    CHECK_EQ(pass(0, "2.0.0", 20, PLDM_TRANSFER_START), DEVICE_RESPONSE_POLICY);
    CHECK_EQ(pass(1, "2.0.0", 20, PLDM_TRANSFER_END), 0);
    CHECK_EQ(update(0, "2.0.0", 20, 40000, true), DEVICE_RESPONSE_POLICY);
    CHECK_EQ(transfer_all(1, "2.0.0", 20, 30000), 0);
    CHECK_EQ(activate(false), PLDM_SUCCESS);
    CHECK_EQ(journal_next(0), 0);
    CHECK_EQ(journal_next(1), 1);
    fake_free(&fake);
}

/* The board's table, the operator's word, whether force is asked for: what is offered 0.9.0 over 1.0.0. */
static void rollback(void) {
    static const struct {
        enum board_verdict board;
        enum policy_rollback operators;
        bool force;
        uint8_t want;
    } cases[] = {
        {BOARD_ACCEPT, POLICY_AS_BOARD, false, 0},
        {BOARD_IF_FORCED, POLICY_AS_BOARD, false, PLDM_COMPONENT_STAMP_LOWER},
        {BOARD_IF_FORCED, POLICY_AS_BOARD, true, 0},
        {BOARD_REFUSE, POLICY_AS_BOARD, true, PLDM_COMPONENT_SECURITY_RESTRICTION},
        {BOARD_ACCEPT, POLICY_NEVER, false, PLDM_COMPONENT_SECURITY_RESTRICTION},
        {BOARD_ACCEPT, POLICY_NEVER, true, PLDM_COMPONENT_SECURITY_RESTRICTION},
        {BOARD_IF_FORCED, POLICY_ALLOWED, false, 0},
        {BOARD_REFUSE, POLICY_ALLOWED, false, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        begin();
        policies[0].lower = cases[i].board;
        record.policy.rollback = (uint8_t)cases[i].operators;
        CHECK_EQ(set(ROOT_A), MCTP_SUCCESS);
        CHECK_EQ(request_update(4096), PLDM_SUCCESS);
        (void)pass(0, "0.9.0", 9, PLDM_TRANSFER_START_AND_END);  // which does not know of force
        fake_image(&fake, image_of(0, "0.9.0", 9, 30000), 9);
        fake.slot_size = 0;
        CHECK_EQ(update(0, "0.9.0", 9, fake.image_size, cases[i].force), cases[i].want);
        fake_free(&fake);
    }
}

/* Rollback is allowed, the minimum is 4. */
static void never_below_minimum(void) {
    begin();
    fused = 4;
    record.policy.rollback = POLICY_ALLOWED;
    CHECK_EQ(set(ROOT_A), MCTP_SUCCESS);
    security_version = 3;
    CHECK_EQ(update_one(0, "0.9.0", 9, 30000), DEVICE_OLD);
    ask(PLDM_CANCEL_UPDATE, NULL, 0);
    security_version = 4;
    CHECK_EQ(update_one(0, "0.9.0", 9, 30000), 0);
    fake_free(&fake);
}

/* What a root signed that may not any more is refused before anything is erased; without a policy it is taken. */
static uint8_t update_signed_by(unsigned key, bool with_policy) {
    begin();
    record.policy.keys = 1u << ROOT_A;
    if (with_policy) CHECK_EQ(set(ROOT_A), MCTP_SUCCESS);
    struct image image = image_of(0, "2.0.0", 20, 30000);
    put_key(image.key_id, key);
    CHECK_EQ(request_update(4096), PLDM_SUCCESS);
    CHECK_EQ(pass(0, "2.0.0", 20, PLDM_TRANSFER_START_AND_END), 0);
    fake_image(&fake, image, 20);
    fake.slot_base = components[0].slot[1];
    fake.slot_size = components[0].slot_size;
    CHECK_EQ(update(0, "2.0.0", 20, fake.image_size, false), 0);
    run_engine();
    const uint8_t result = acknowledge(PLDM_TRANSFER_COMPLETE);
    CHECK_EQ(fake.erased[0] + fake.erased[1] + fake.erased[2] != 0, result == 0);
    fake_free(&fake);
    return result;
}

static void keys(void) {
    CHECK_EQ(update_signed_by(ROOT_A, true), 0);
    CHECK_EQ(update_signed_by(ROOT_B, true), DEVICE_DENIED_KEY);
    CHECK_EQ(update_signed_by(ROOT_B, false), 0);
}

static void told(uint8_t kind, uint8_t code, unsigned count) {
    CHECK_EQ(notices, count);
    CHECK(noticed.kind == kind && noticed.code == code);
    CHECK_EQ(noticed.sequence, record.policy.sequence);
}

static void notified(void) {
    begin();
    record.policy.notify = 33;
    record.policy.notify_link = 1;
    record.policy.components = 1;
    CHECK_EQ(set(ROOT_A), MCTP_SUCCESS);
    told(NOTICE_POLICY, 0, 1);
    CHECK_EQ(request_update(4096), PLDM_SUCCESS);
    told(NOTICE_BEGUN, 0, 2);
    CHECK_EQ(pass(1, "2.0.0", 20, PLDM_TRANSFER_START), DEVICE_RESPONSE_POLICY);
    told(NOTICE_REFUSED, DEVICE_RESPONSE_POLICY, 3);
    CHECK_EQ(pass(0, "2.0.0", 20, PLDM_TRANSFER_END), 0);
    CHECK_EQ(update(1, "2.0.0", 20, 40000, false), DEVICE_RESPONSE_POLICY);
    CHECK_EQ(notices, 3);  // once
    fake.trust = IMAGE_BAD_SIGNATURE;
    CHECK_EQ(transfer_all(0, "2.0.0", 20, 30000), DEVICE_BAD_SIGNATURE);
    told(NOTICE_REFUSED, DEVICE_BAD_SIGNATURE, 4);
    ask(PLDM_CANCEL_UPDATE, NULL, 0);
    fake.trust = IMAGE_AUTHENTIC;
    CHECK_EQ(update_one(0, "2.0.0", 20, 30000), 0);
    CHECK_EQ(activate(false), PLDM_SUCCESS);
    told(NOTICE_ACTIVATED, 0, 6);
    boot_healthy();
    record.policy.sequence = 2;
    record.policy.flags = POLICY_DISABLED;
    CHECK_EQ(set(ROOT_A), MCTP_SUCCESS);
    CHECK_EQ(request_update(4096), PLDM_UNABLE_TO_INITIATE_UPDATE);
    told(NOTICE_REFUSED, PLDM_UNABLE_TO_INITIATE_UPDATE, 8);
    record.policy = (struct policy){.sequence = 3, .components = 0xFF, .keys = 0xFF};
    CHECK_EQ(set(ROOT_A), MCTP_SUCCESS);
    CHECK_EQ(request_update(4096), PLDM_SUCCESS);
    CHECK_EQ(notices, 8);  // nobody is named
    fake_free(&fake);
}

int main(void) {
    TEST("given a signed policy when it is set then it is in force, after restarts, trials and updates as well")
    taken();
    refusals();
    TEST("given parts out of order, repeated or too long when they come then only the whole counts, and once") parts();
    TEST("given an update or a trial when parts of a policy come then they are refused, and those before are lost")
    between();
    TEST("given a flash that takes no record when a policy is set then that is said and the old one stays")
    flash_fails();
    TEST("given a policy that disables updates when one is asked for then it is refused until the next policy")
    disabled();
    TEST("given a policy for one component when all are offered then the others are refused, by force as well")
    some_components();
    TEST("given each board's table and each policy on rollback when a lower version is offered then the response is")
    rollback();
    TEST("given a policy that allows rollback when an image is below the minimum then it is refused all the same")
    never_below_minimum();
    TEST("given a policy for one root when an image of another one comes then it is refused before any erase") keys();
    TEST("given a policy that names an endpoint when something happens then it is told, once each") notified();
    return check_result();
}
