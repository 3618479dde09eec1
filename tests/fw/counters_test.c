// SPDX-License-Identifier: Apache-2.0
//
// The engine's counters as a vendor-defined message: both ends, typed bytes in between.
#include "fw/update/counters.h"

#include "fw/mctp/mctp.h"
#include "tests/check.h"

static const uint8_t pci_id[] = {0x34, 0x12}, iana_id[] = {0x78, 0x56, 0x34, 0x12};
static const struct pldm_descriptor pci = {PLDM_DESCRIPTOR_PCI_VENDOR_ID, sizeof pci_id, pci_id};
static const struct pldm_descriptor iana = {PLDM_DESCRIPTOR_IANA_ENTERPRISE_ID, sizeof iana_id, iana_id};
static const struct pldm_descriptor device = {PLDM_DESCRIPTOR_PCI_DEVICE_ID, sizeof pci_id, pci_id};
static const struct counters counted = {0x04030201, 5, 0xFFFFFFFF, 0x80000000, 7};

static void vendors(void) {
    CHECK_EQ(counters_type(&pci), MCTP_TYPE_VENDOR_PCI);
    CHECK_EQ(counters_type(&iana), MCTP_TYPE_VENDOR_IANA);
    CHECK_EQ(counters_type(&device), 0);
    const struct pldm_descriptor odd = {PLDM_DESCRIPTOR_PCI_VENDOR_ID, 1, pci_id};
    CHECK_EQ(counters_type(&odd), 0);
}

static void requests(void) {
    static const struct {
        const char *name;
        uint8_t request[8];
        size_t len;
        uint8_t answer[COUNTERS_MESSAGE];
        size_t answer_len;
    } cases[] = {
        {"given a request when it comes then each counter is answered",
         {0x12, 0x34, 0x83, 0x01},
         4,
         {0x12, 0x34, 0x03, 0x01, 0x00, 1, 2, 3, 4, 5, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0x80, 7},
         25},
        {"given another command when it comes then it is unsupported",
         {0x12, 0x34, 0x9F, 0x02},
         4,
         {0x12, 0x34, 0x1F, 0x02, 0x05},
         5},
        {"given data when the request comes then the length is invalid",
         {0x12, 0x34, 0x83, 0x01, 0x00},
         5,
         {0x12, 0x34, 0x03, 0x01, 0x03},
         5},
        {"given another vendor's message when it comes then nothing is answered", {0x12, 0x35, 0x83, 0x01}, 4, {0}, 0},
        {"given a response when it comes then nothing is answered", {0x12, 0x34, 0x03, 0x01}, 4, {0}, 0},
        {"given a message that is too short when it comes then nothing is answered", {0x12, 0x34, 0x83}, 3, {0}, 0},
    };
    uint8_t answer[COUNTERS_MESSAGE];
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        TEST(cases[i].name) {
            CHECK_EQ(counters_answer(&pci, &counted, cases[i].request, cases[i].len, answer, sizeof answer),
                     cases[i].answer_len);
            CHECK_MEM(answer, cases[i].answer, cases[i].answer_len);
        }
    }
    TEST("given too small a buffer when a request comes then nothing is answered") {
        CHECK_EQ(counters_answer(&pci, &counted, cases[0].request, 4, answer, 24), 0);
        CHECK_EQ(counters_answer(&pci, &counted, cases[0].request, 4, answer, 25), 25);
    }
}

static void both_ends(const struct pldm_descriptor *vendor) {
    uint8_t request[8], answer[COUNTERS_MESSAGE], code = 0xEE;
    struct counters got = {0};
    size_t len = counters_request(vendor, 9, request, sizeof request);
    CHECK_EQ(len, vendor->len + 2u);
    CHECK_EQ(counters_request(vendor, 9, request, len - 1) + counters_request(vendor, 32, request, len), 0);
    len = counters_answer(vendor, &counted, request, len, answer, sizeof answer);
    CHECK(counters_response(vendor, 9, answer, len, &code, &got));
    CHECK_EQ(code, 0);
    CHECK_MEM(&got, &counted, sizeof got);
    CHECK(!counters_response(vendor, 10, answer, len, &code, &got));
    CHECK(!counters_response(vendor, 9, answer, len - 1, &code, &got));
    answer[0] ^= 1;
    CHECK(!counters_response(vendor, 9, answer, len, &code, &got));
    answer[0] ^= 1;
    answer[vendor->len + 2u] = 5;
    CHECK(counters_response(vendor, 9, answer, vendor->len + 3u, &code, &got));
    CHECK_EQ(code, 5);
}

int main(void) {
    TEST("given descriptors when the message type is asked for then it is that of a vendor or none") vendors();
    requests();
    TEST("given a PCI vendor when a request is answered then the asking end has the same counters") both_ends(&pci);
    TEST("given an IANA enterprise when a request is answered then the asking end has the same counters")
    both_ends(&iana);
    return check_result();
}
