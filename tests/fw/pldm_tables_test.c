// SPDX-License-Identifier: Apache-2.0
//
// The tables that inventory messages carry (descriptors, components), and the responder for PLDM type 0.
#include <stdlib.h>

#include "fw/pldm/pldm.h"
#include "fw/pldm/pldm_base.h"
#include "tests/check.h"

#define TEXT(s) \
    { PLDM_STRING_ASCII, sizeof s - 1, (const uint8_t *)s }

static const uint8_t descriptors[] = {0x00, 0x00, 2,    0, 0x34, 0x12,             /* PCI vendor */
                                      0x02, 0x00, 16,   0, 1,    2,    3,  4,   5, /* UUID */
                                      6,    7,    8,    9, 10,   11,   12, 13,  14,  15,
                                      16,   0xFF, 0xFF, 5, 0,    1,    2,  'i', 'd', 7}; /* vendor defined */

static void check_descriptors(void) {
    TEST("given three descriptors when they are walked then each is found and the end is good") {
        struct pldm_iterator it = pldm_descriptors(descriptors, sizeof descriptors, 3);
        struct pldm_descriptor d;
        uint8_t again[sizeof descriptors] = {0};
        size_t used = 0;
        unsigned found = 0;
        while (pldm_descriptor_next(&it, &d)) {
            used += pldm_descriptor_encode(&d, again + used, sizeof again - used);
            found++;
        }
        CHECK_EQ(found, 3);
        CHECK_EQ(it.error, 0);
        CHECK_EQ(used, sizeof descriptors);
        CHECK_MEM(again, descriptors, sizeof descriptors);
    }
    TEST("given three descriptors when they are cut anywhere then the walk ends with an error") {
        for (size_t len = 0; len < sizeof descriptors; len++) {
            uint8_t *copy = malloc(len + (len == 0));
            memcpy(copy, descriptors, len);
            struct pldm_iterator it = pldm_descriptors(copy, len, 3);
            struct pldm_descriptor d;
            while (pldm_descriptor_next(&it, &d)) CHECK(d.data + d.len <= copy + len);
            CHECK_EQ(it.error, PLDM_ERROR_INVALID_LENGTH);
            CHECK(!pldm_descriptor_next(&it, &d));
            free(copy);
        }
    }
    TEST("given more bytes than the descriptors announced when they are walked then the end is an error") {
        struct pldm_iterator it = pldm_descriptors(descriptors, sizeof descriptors, 2);
        struct pldm_descriptor d;
        while (pldm_descriptor_next(&it, &d)) CHECK(it.error == 0);
        CHECK_EQ(it.error, PLDM_ERROR_INVALID_LENGTH);
    }
    TEST("given a descriptor when the buffer is too small by any amount then encoding returns 0") {
        const struct pldm_descriptor d = {0x0000, 2, descriptors + 4};
        uint8_t bytes[6];
        for (size_t size = 0; size < sizeof bytes; size++) CHECK_EQ(pldm_descriptor_encode(&d, bytes, size), 0);
        CHECK_EQ(pldm_descriptor_encode(&d, bytes, sizeof bytes), sizeof bytes);
    }
    TEST("given a known descriptor type when its length is not that of table 7 then the walk ends with invalid data") {
        static const struct {
            uint8_t low, high, len;
        } known[] = {{0, 0, 2}, {1, 0, 4}, {2, 0, 16}, {3, 0, 3}, {4, 0, 4}, {0, 1, 2},
                     {1, 1, 2}, {2, 1, 2}, {3, 1, 1},  {4, 1, 4}, {5, 1, 4}};
        for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
            uint8_t bytes[4 + 17] = {known[i].low, known[i].high, known[i].len, 0};
            struct pldm_iterator it = pldm_descriptors(bytes, 4U + known[i].len, 1);
            struct pldm_descriptor d;
            CHECK(pldm_descriptor_next(&it, &d));
            bytes[2]++;
            it = pldm_descriptors(bytes, 4U + bytes[2], 1);
            CHECK(!pldm_descriptor_next(&it, &d));
            CHECK_EQ(it.error, PLDM_ERROR_INVALID_DATA);
        }
    }
}

static const struct pldm_component samples[] = {
    {.classification = 0x000A,
     .identifier = 0x0102,
     .index = 3,
     .active = {0x04050607, TEXT("1.0"), "20260102"},
     .pending = {0x08090A0B, TEXT("1.1b"), "20260304"},
     .activation_methods = 0x0022,
     .capabilities = 1},
    {.classification = 0x000D, .active = {.version = TEXT("x")}, .pending = {.version = {PLDM_STRING_UTF8, 0, NULL}}},
};

static void check_components(void) {
    static const uint8_t first[] = {0x0A, 0,    2,   1,   3,   7, 6, 5,   4,   1,   3,   '2', '0', '2', '6', '0',
                                    '1',  '0',  '2', 0xB, 0xA, 9, 8, 1,   4,   '2', '0', '2', '6', '0', '3', '0',
                                    '4',  0x22, 0,   1,   0,   0, 0, '1', '.', '0', '1', '.', '1', 'b'};
    uint8_t table[128];
    size_t used = pldm_component_encode(&samples[0], table, sizeof table);
    TEST("given a component when it is encoded then its bytes are those of table 13") {
        CHECK_EQ(used, sizeof first);
        CHECK_MEM(table, first, sizeof first);
        for (size_t size = 0; size < sizeof first; size++) CHECK_EQ(pldm_component_encode(&samples[0], table, size), 0);
    }
    used += pldm_component_encode(&samples[1], table + used, sizeof table - used);
    struct pldm_get_firmware_parameters_resp parameters = {
        .component_count = 2, .components = table, .components_len = used};
    TEST("given two components when they are walked then both are found as they were") {
        struct pldm_iterator it = pldm_components(&parameters);
        struct pldm_component c;
        CHECK(pldm_component_next(&it, &c));
        CHECK(c.classification == 0x000A && c.identifier == 0x0102 && c.index == 3 && c.activation_methods == 0x22);
        CHECK(c.active.stamp == 0x04050607 && c.pending.stamp == 0x08090A0B && c.capabilities == 1);
        CHECK(c.active.version.len == 3 && c.pending.version.len == 4);
        CHECK_MEM(c.active.version.bytes, "1.0", 3);
        CHECK_MEM(c.pending.version.bytes, "1.1b", 4);
        CHECK_MEM(c.active.date, "20260102", 8);
        CHECK_MEM(c.pending.date, "20260304", 8);
        CHECK(pldm_component_next(&it, &c));
        CHECK_EQ(c.classification, 0x000D);
        CHECK_EQ(c.pending.version.type, PLDM_STRING_UNKNOWN); /* empty, so untyped */
        CHECK(!pldm_component_next(&it, &c));
        CHECK_EQ(it.error, 0);
    }
    TEST("given two components when their table is cut anywhere then the walk ends with an error") {
        for (size_t len = 0; len < used; len++) {
            uint8_t *copy = malloc(len + (len == 0));
            memcpy(copy, table, len);
            parameters.components = copy;
            parameters.components_len = len;
            struct pldm_iterator it = pldm_components(&parameters);
            struct pldm_component c;
            while (pldm_component_next(&it, &c)) CHECK(c.pending.version.bytes + c.pending.version.len <= copy + len);
            CHECK_EQ(it.error, PLDM_ERROR_INVALID_LENGTH);
            free(copy);
        }
    }
    TEST("given a component with a reserved string type when it is walked then the walk ends with invalid data") {
        static const size_t types[] = {9, 23}; /* of the active and the pending version */
        for (size_t i = 0; i < 2; i++) {
            uint8_t bytes[sizeof first];
            memcpy(bytes, first, sizeof first);
            bytes[types[i]] = 6;
            parameters = (struct pldm_get_firmware_parameters_resp){
                .component_count = 1, .components = bytes, .components_len = sizeof bytes};
            struct pldm_iterator it = pldm_components(&parameters);
            struct pldm_component c;
            CHECK(!pldm_component_next(&it, &c));
            CHECK_EQ(it.error, PLDM_ERROR_INVALID_DATA);
        }
    }
    TEST("given an empty pending set version when it is encoded with a type then the type on the wire is 0") {
        uint8_t body[32];
        struct pldm_get_firmware_parameters_resp in = {.active = TEXT("a"), .pending = {PLDM_STRING_ASCII, 0, NULL}};
        CHECK_EQ(pldm_get_firmware_parameters_resp_encode(&in, body, sizeof body), 12);
        CHECK_EQ(body[9], 0);
    }
}

static const struct pldm_base_type fwup = {.type = 5, .version = 0xF1F0F100, .commands = {6}};
static const struct pldm_base_type *const types[] = {&pldm_base_self, &fwup};

static void check_base(void) {
    struct pldm_base base = {.types = types, .type_count = 2};
    static const struct {
        const char *name;
        uint8_t request[10], len;
        uint8_t answer[40], answer_len;
    } cases[] = {
        {"given no terminus ID when GetTID comes then it is 0", {0x81, 0, 2}, 3, {1, 0, 2, 0, 0}, 5},
        {"given a terminus ID of 0 when SetTID comes then it is invalid", {0x82, 0, 1, 0}, 4, {2, 0, 1, 2}, 4},
        {"given a terminus ID of FFh when SetTID comes then it is invalid", {0x82, 0, 1, 255}, 4, {2, 0, 1, 2}, 4},
        {"given no data when SetTID comes then the length is invalid", {0x82, 0, 1}, 3, {2, 0, 1, 3}, 4},
        {"given a terminus ID when SetTID comes then it is taken", {0x83, 0, 1, 9}, 4, {3, 0, 1, 0}, 4},
        {"given SetTID before when GetTID comes then it is the one set", {0x84, 0, 2}, 3, {4, 0, 2, 0, 9}, 5},
        {"given data when GetTID comes then the length is invalid", {0x84, 0, 2, 0}, 4, {4, 0, 2, 3}, 4},
        {"given two types when GetPLDMTypes comes then bits 0 and 5 are set",
         {0x85, 0, 4},
         3,
         {5, 0, 4, 0, 0x21, 0, 0, 0, 0, 0, 0, 0},
         12},
        {"given data when GetPLDMTypes comes then the length is invalid", {0x85, 0, 4, 0}, 4, {5, 0, 4, 3}, 4},
        {"given type 5 when GetPLDMVersion comes then it is 1.0.1 with its CRC",
         {0x86, 0, 3, 0, 0, 0, 0, 1, 5},
         9,
         {6, 0, 3, 0, 0, 0, 0, 0, 5, 0x00, 0xF1, 0xF0, 0xF1, 0xCC, 0xE5, 0x44, 0x4B},
         17},
        {"given a type that is missing when GetPLDMVersion comes then it says so",
         {0x86, 0, 3, 0, 0, 0, 0, 1, 2},
         9,
         {6, 0, 3, 0x83},
         4},
        {"given a next part when GetPLDMVersion comes then the handle is invalid",
         {0x86, 0, 3, 0, 0, 0, 0, 0, 5},
         9,
         {6, 0, 3, 0x80},
         4},
        {"given an unknown operation when GetPLDMVersion comes then the flag is invalid",
         {0x86, 0, 3, 0, 0, 0, 0, 2, 5},
         9,
         {6, 0, 3, 0x81},
         4},
        {"given a short request when GetPLDMVersion comes then the length is invalid",
         {0x86, 0, 3, 0, 0, 0, 0, 1},
         8,
         {6, 0, 3, 3},
         4},
        {"given type 0 and its version when GetPLDMCommands comes then the five commands are set",
         {0x87, 0, 5, 0, 0x00, 0xF0, 0xF0, 0xF1},
         8,
         {7, 0, 5, 0, 0x3E},
         36},
        {"given type 5 and no version when GetPLDMCommands comes then its commands are set",
         {0x87, 0, 5, 5, 0xFF, 0xFF, 0xFF, 0xFF},
         8,
         {7, 0, 5, 0, 0x06},
         36},
        {"given a short request when GetPLDMCommands comes then the length is invalid",
         {0x87, 0, 5, 5},
         4,
         {7, 0, 5, 3},
         4},
        {"given a wrong version when GetPLDMCommands comes then it says so",
         {0x87, 0, 5, 5, 0x00, 0xF0, 0xF0, 0xF1},
         8,
         {7, 0, 5, 0x84},
         4},
        {"given a type that is missing when GetPLDMCommands comes then it says so",
         {0x87, 0, 5, 1, 0, 0xF0, 0xF0, 0xF1},
         8,
         {7, 0, 5, 0x83},
         4},
        {"given an unknown base command when it comes then it is unsupported", {0x88, 0, 6}, 3, {8, 0, 6, 5}, 4},
        {"given base command 0 when it comes then it is unsupported", {0x88, 0, 0}, 3, {8, 0, 0, 5}, 4},
        {"given a type nobody implements when a request comes then the type is invalid",
         {0x88, 2, 1},
         3,
         {8, 2, 1, 0x20},
         4},
        {"given a response when it comes then nothing is answered", {0x08, 0, 2}, 3, {0}, 0},
        {"given a datagram when it comes then nothing is answered", {0xC8, 0, 2}, 3, {0}, 0},
        {"given half a header when it comes then nothing is answered", {0x88, 0}, 2, {0}, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        TEST(cases[i].name) {
            uint8_t answer[PLDM_BASE_ANSWER_SIZE];
            CHECK_EQ(pldm_base_message(&base, cases[i].request, cases[i].len, answer, sizeof answer),
                     cases[i].answer_len);
            CHECK_MEM(answer, cases[i].answer, cases[i].answer_len);
        }
    }
    TEST("given too small a buffer when a request comes then nothing is answered") {
        uint8_t answer[PLDM_BASE_ANSWER_SIZE];
        CHECK_EQ(pldm_base_message(&base, cases[0].request, 3, answer, sizeof answer - 1), 0);
    }
}

int main(void) {
    check_descriptors();
    check_components();
    check_base();
    return check_result();
}
