// SPDX-License-Identifier: Apache-2.0
//
// The operator's policy as bytes: the signed block, what the card says of its policy, what it tells.
#include "fw/update/policy_record.h"

#include "fw/update/notice.h"
#include "tests/check.h"

static uint8_t block[POLICY_BLOCK];

static struct policy_record sample(void) {
    return (struct policy_record){.policy = {.sequence = 0x01020304,
                                             .flags = POLICY_DISABLED | POLICY_BY_HAND,
                                             .rollback = POLICY_ALLOWED,
                                             .components = 0x05,
                                             .keys = 0x03,
                                             .notify = 9,
                                             .notify_link = 1},
                                  .card = {0xC0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}};
}

static void layout(void) {
    static const uint8_t want[] = {'S', 'L', 'P', '1', 1, 0, 3, 2, 4, 3, 2, 1, 5, 3, 9, 1, 0xC0, 1, 2, 3};
    const struct policy_record record = sample();
    struct policy_record got;
    CHECK(policy_encode(&record, block));
    CHECK_MEM(block, want, sizeof want);
    for (uint32_t i = 32; i < POLICY_BLOCK; i++) CHECK_EQ(block[i], 0);
    for (uint32_t i = 0; i < 16; i++) block[44 + i] = (uint8_t)(0x80 + i);  // the key identifier
    memset(block + 1532, 0x77, POLICY_BLOCK - 1532);                        // key and signature: not its business
    CHECK(policy_parse(block, &got));
    CHECK_MEM(&got.policy, &record.policy, sizeof got.policy);
    CHECK_MEM(got.card, record.card, sizeof got.card);
    CHECK(got.key_id[0] == 0x80 && got.key_id[15] == 0x8F);
}

static void faults(void) {
    static const struct {
        const char *what;
        uint16_t at;
        uint8_t value;
    } cases[] = {
        {"given a block with another magic / when it is read / then it is none", 3, 'U'},
        {"given a block with an image's magic / when it is read / then it is none", 2, 'U'},
        {"given a block with another format / when it is read / then it is none", 4, 2},
        {"given a block with a format with a high byte / when it is read / then it is none", 5, 1},
        {"given a block with a flag that is none / when it is read / then it is none", 6, 0x04},
        {"given a block with a rollback that is none / when it is read / then it is none", 7, POLICY_ROLLBACKS},
        {"given a block with no key that may sign / when it is read / then it is none", 13, 0},
        {"given a block with a reserved EID / when it is read / then it is none", 14, 7},
        {"given a block with the broadcast EID / when it is read / then it is none", 14, 255},
        {"given a block with a byte behind the card / when it is read / then it is none", 32, 1},
        {"given a block with a byte before the key identifier / when it is read / then it is none", 43, 1},
        {"given a block with a byte behind the key identifier / when it is read / then it is none", 60, 1},
        {"given a block with a byte before the public key / when it is read / then it is none", 1531, 1},
    };
    const struct policy_record record = sample();
    struct policy_record got;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        TEST(cases[i].what) {
            CHECK(policy_encode(&record, block));
            block[cases[i].at] = cases[i].value;
            CHECK(!policy_parse(block, &got));
        }
    }
    TEST("given sequence number 0, or a link without an EID / when it is encoded / then it is refused") {
        struct policy_record bad = sample();
        bad.policy.sequence = 0;
        CHECK(!policy_encode(&bad, block));
        bad = sample();
        bad.policy.notify = 0;
        CHECK(!policy_encode(&bad, block));
        bad.policy.notify_link = 0;
        CHECK(policy_encode(&bad, block));
    }
}

static void status(void) {
    static const uint8_t want[POLICY_STATUS] = {4, 3, 2, 1, 3, 2, 5, 3, 1, 9, 1, 2, 4, 0, 0, 0x80};
    struct policy_status status = {.policy = sample().policy, .roots = 2, .revoked = 0x80000004}, got;
    uint8_t data[POLICY_STATUS + 1] = {0};
    status.policy.signer = 1;
    for (size_t size = 0; size < POLICY_STATUS; size++) CHECK_EQ(policy_status_encode(&status, data, size), 0);
    CHECK_EQ(policy_status_encode(&status, data, sizeof data), POLICY_STATUS);
    CHECK_MEM(data, want, sizeof want);
    for (size_t len = 0; len <= sizeof data; len++)
        CHECK_EQ(policy_status_decode(data, len, &got), len == POLICY_STATUS);
    CHECK(policy_status_decode(data, POLICY_STATUS, &got));
    CHECK_MEM(&got.policy, &status.policy, sizeof got.policy);
    CHECK(got.roots == 2 && got.revoked == 0x80000004);
    data[8] = 2;  // a signer that is no root
    CHECK(!policy_status_decode(data, POLICY_STATUS, &got));
    memset(data, 0, sizeof data);  // a card without a policy
    CHECK(policy_status_decode(data, POLICY_STATUS, &got));
}

static void notices(void) {
    static const uint8_t id[] = {0x34, 0x12};
    static const uint8_t want[] = {0x12, 0x34, 0x80, VENDOR_NOTICE, NOTICE_REFUSED, 0xD1, 7, 0, 0, 0};
    const struct pldm_descriptor vendor = {PLDM_DESCRIPTOR_PCI_VENDOR_ID, sizeof id, id};
    const struct notice notice = {NOTICE_REFUSED, 0xD1, 7};
    struct notice got;
    uint8_t msg[NOTICE_MOST];
    for (size_t size = 0; size < sizeof want; size++) CHECK_EQ(notice_encode(&vendor, &notice, msg, size), 0);
    CHECK_EQ(notice_encode(&vendor, &notice, msg, sizeof msg), sizeof want);
    CHECK_MEM(msg, want, sizeof want);
    for (size_t len = 0; len < NOTICE_DATA + 2; len++) CHECK_EQ(notice_decode(msg + 4, len, &got), len == NOTICE_DATA);
    CHECK(notice_decode(msg + 4, NOTICE_DATA, &got));
    CHECK(got.kind == NOTICE_REFUSED && got.code == 0xD1 && got.sequence == 7);
    msg[4] = NOTICE_KINDS;
    CHECK(!notice_decode(msg + 4, NOTICE_DATA, &got));
}

int main(void) {
    TEST("given a policy / when its block is written and read / then the layout is the documented one") layout();
    faults();
    TEST(
        "given what a card says of its policy / when it is written and read / then it is the same, no byte more or "
        "less")
    status();
    TEST("given a notice / when it is written and read / then it is the same, no byte more or less") notices();
    return check_result();
}
