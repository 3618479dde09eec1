// SPDX-License-Identifier: Apache-2.0
//
// Vendor-defined messages: both ends, typed bytes in between; the engine's counters and the slots as their data.
#include "fw/update/vendor.h"

#include "fw/mctp/mctp.h"
#include "fw/mctp/mctp_control.h"
#include "fw/update/counters.h"
#include "fw/update/slots_status.h"
#include "tests/check.h"

static const uint8_t pci_id[] = {0x34, 0x12}, iana_id[] = {0x78, 0x56, 0x34, 0x12};
static const struct pldm_descriptor pci = {PLDM_DESCRIPTOR_PCI_VENDOR_ID, sizeof pci_id, pci_id};
static const struct pldm_descriptor iana = {PLDM_DESCRIPTOR_IANA_ENTERPRISE_ID, sizeof iana_id, iana_id};
static const struct pldm_descriptor device = {PLDM_DESCRIPTOR_PCI_DEVICE_ID, sizeof pci_id, pci_id};
static const struct counters counted = {0x04030201, 5, 0xFFFFFFFF, 0x80000000, 7};
enum { LONGEST = VENDOR_HEAD + SLOTS_STATUS_DATA };

static void vendors(void) {
    CHECK_EQ(vendor_type(&pci), MCTP_TYPE_VENDOR_PCI);
    CHECK_EQ(vendor_type(&iana), MCTP_TYPE_VENDOR_IANA);
    CHECK_EQ(vendor_type(&device), 0);
    const struct pldm_descriptor odd = {PLDM_DESCRIPTOR_PCI_VENDOR_ID, 1, pci_id};
    CHECK_EQ(vendor_type(&odd), 0);
}

/* Counters without data; 44h gives the request's data back. */
static uint8_t carry_out(void *ctx, const struct vendor_message *in, uint8_t *data, size_t size, size_t *len) {
    CHECK(ctx == &counted);
    *len = 3;  // counts for nothing unless it goes well
    if (in->command == 0x44) {
        CHECK(in->len <= size);
        memcpy(data, in->data, *len = in->len);
        return MCTP_SUCCESS;
    }
    if (in->command != VENDOR_COUNTERS) return MCTP_ERROR_UNSUPPORTED_CMD;
    if (in->len != 0) return MCTP_ERROR_INVALID_LENGTH;
    *len = counters_encode(&counted, data, size);
    return MCTP_SUCCESS;
}

static void requests(void) {
    static const struct {
        const char *name;
        uint8_t request[8];
        size_t len;
        uint8_t answer[VENDOR_HEAD + COUNTERS_DATA];
        size_t answer_len;
    } cases[] = {
        {"given a request when it comes then each counter is answered",
         {0x12, 0x34, 0x83, 0x01},
         4,
         {0x12, 0x34, 0x03, 0x01, 0x00, 1, 2, 3, 4, 5, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0x80, 7},
         25},
        {"given a request with data when it comes then it is carried out with them",
         {0x12, 0x34, 0x83, 0x44, 9, 8},
         6,
         {0x12, 0x34, 0x03, 0x44, 0x00, 9, 8},
         7},
        {"given another command when it comes then it is unsupported",
         {0x12, 0x34, 0x9F, 0x03},
         4,
         {0x12, 0x34, 0x1F, 0x03, 0x05},
         5},
        {"given data when the request has none then the length is invalid",
         {0x12, 0x34, 0x83, 0x01, 0x00},
         5,
         {0x12, 0x34, 0x03, 0x01, 0x03},
         5},
        {"given another vendor's message when it comes then nothing is answered", {0x12, 0x35, 0x83, 0x01}, 4, {0}, 0},
        {"given a response when it comes then nothing is answered", {0x12, 0x34, 0x03, 0x01}, 4, {0}, 0},
        {"given a message that is too short when it comes then nothing is answered", {0x12, 0x34, 0x83}, 3, {0}, 0},
    };
    uint8_t answer[LONGEST];
    void *ctx = (void *)(uintptr_t)&counted;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        TEST(cases[i].name) {
            CHECK_EQ(vendor_serve(&pci, carry_out, ctx, cases[i].request, cases[i].len, answer, sizeof answer),
                     cases[i].answer_len);
            CHECK_MEM(answer, cases[i].answer, cases[i].answer_len);
        }
    }
    TEST("given too small a buffer when a request comes then nothing is answered") {
        CHECK_EQ(vendor_serve(&pci, carry_out, ctx, cases[2].request, 4, answer, 4), 0);
        CHECK_EQ(vendor_serve(&pci, carry_out, ctx, cases[2].request, 4, answer, 5), 5);
    }
}

static void both_ends(const struct pldm_descriptor *vendor) {
    static const uint8_t data[] = {1, 2, 3};
    struct vendor_message request = {.instance = 9, .command = 0x44, .data = data, .len = sizeof data}, got;
    uint8_t bytes[16], answer[LONGEST];
    size_t len = vendor_request(vendor, &request, bytes, sizeof bytes);
    CHECK_EQ(len, vendor->len + 5u);
    CHECK_EQ(vendor_request(vendor, &request, bytes, len - 1), 0);
    len = vendor_serve(vendor, carry_out, (void *)(uintptr_t)&counted, bytes, len, answer, sizeof answer);
    CHECK(vendor_answer_decode(vendor, 9, 0x44, answer, len, &got));
    CHECK(got.code == 0 && got.len == sizeof data);
    CHECK_MEM(got.data, data, sizeof data);
    CHECK(!vendor_answer_decode(vendor, 10, 0x44, answer, len, &got));
    CHECK(!vendor_answer_decode(vendor, 9, 0x45, answer, len, &got));
    CHECK(!vendor_answer_decode(vendor, 9, 0x44, answer, vendor->len + 2u, &got));
    answer[0] ^= 1;
    CHECK(!vendor_answer_decode(vendor, 9, 0x44, answer, len, &got));
    answer[0] ^= 1;
    answer[vendor->len + 2u] = 5;
    CHECK(vendor_answer_decode(vendor, 9, 0x44, answer, vendor->len + 3u, &got));
    CHECK(got.code == 5 && got.len == 0);
    request.instance = 32;
    CHECK_EQ(vendor_request(vendor, &request, bytes, sizeof bytes), 0);
}

static void counter_data(void) {
    uint8_t data[COUNTERS_DATA];
    struct counters got;
    CHECK_EQ(counters_encode(&counted, data, sizeof data - 1), 0);
    CHECK_EQ(counters_encode(&counted, data, sizeof data), sizeof data);
    CHECK(counters_decode(data, sizeof data, &got));
    CHECK_MEM(&got, &counted, sizeof got);
    CHECK(!counters_decode(data, sizeof data - 1, &got));
}

static void slot_data(void) {
    static const uint8_t want[] = {1,    2,    3,    4,    0,    0,    0,                                //
                                   0x03, 5,    0,    0,    0,    6,    0, 0, 0,    1, 3, '1', '.', '0',  //
                                   0x85, 0xFF, 0xFF, 0xFF, 0xFF, 0x80, 0, 0, 0x80, 2, 2, '2', 'a',       //
                                   0x00, 0,    0,    0,    0,    0,    0, 0, 0,    0, 0};
    const struct slots_status status = {
        .trial = true,
        .attempts = 2,
        .starts = 3,
        .minimum = 4,
        .slot = {{SLOT_ACTIVE, false, 5, 6, {PLDM_STRING_ASCII, 3, (const uint8_t *)"1.0"}},
                 {SLOT_TRIAL, true, UINT32_MAX, 0x80000080, {PLDM_STRING_UTF8, 2, (const uint8_t *)"2a"}}}};
    struct slots_status got;
    uint8_t data[SLOTS_STATUS_DATA];
    for (size_t size = 0; size < sizeof want; size++) CHECK_EQ(slots_status_encode(&status, data, size), 0);
    CHECK_EQ(slots_status_encode(&status, data, sizeof data), sizeof want);
    CHECK_MEM(data, want, sizeof want);
    for (size_t len = 0; len < sizeof want; len++) CHECK(!slots_status_decode(want, len, &got));
    CHECK(slots_status_decode(want, sizeof want, &got));
    CHECK(got.trial && got.attempts == 2 && got.starts == 3 && got.minimum == 4);
    for (unsigned s = 0; s < SLOTS_STATUS_SLOTS; s++) {
        const struct slot_status *is = &got.slot[s], *was = &status.slot[s];
        CHECK(is->state == was->state && is->runs == was->runs && is->stamp == was->stamp &&
              is->security_version == was->security_version);
        CHECK(is->version.type == was->version.type && is->version.len == was->version.len);
        CHECK_MEM(is->version.bytes, was->version.len != 0 ? was->version.bytes : want, is->version.len);
    }
    data[7] = SLOT_STATES;
    CHECK(!slots_status_decode(data, sizeof want, &got));
    uint8_t longer[sizeof want + 1] = {0};
    memcpy(longer, want, sizeof want);
    CHECK(!slots_status_decode(longer, sizeof longer, &got));
}

int main(void) {
    TEST("given descriptors when the message type is asked for then it is that of a vendor or none") vendors();
    requests();
    TEST("given a PCI vendor when a request is answered then the asking end has the same data") both_ends(&pci);
    TEST("given an IANA enterprise when a request is answered then the asking end has the same data") both_ends(&iana);
    TEST("given counters when they are written and read then they are the same") counter_data();
    TEST("given slots when they are written and read then they are the same, and nothing shorter or longer is read")
    slot_data();
    return check_result();
}
