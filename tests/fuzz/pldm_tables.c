// SPDX-License-Identifier: Apache-2.0
//
// The tables within PLDM messages: descriptors, components, the value of a vendor-defined descriptor. A walk ends,
// stays within its bytes, and its entries encode to the bytes they came from.
#include "fw/pldm/pldm.h"
#include "tests/fuzz/fuzz.h"

static struct fuzz_arena arena;

/* The entry of @p len bytes just decoded lies where the walk stands now, and was encoded to `arena`. */
static void require_entry(const struct pldm_iterator *it, const uint8_t *at, size_t len) {
    REQUIRE(len != 0 && it->at == at + len && it->error == PLDM_SUCCESS);
}

static void walk_descriptors(struct pldm_iterator it) {
    struct pldm_descriptor d;
    for (const uint8_t *at = it.at; pldm_descriptor_next(&it, &d); at = it.at) {
        const size_t used = pldm_descriptor_encode(&d, arena.bytes, sizeof arena.bytes);
        require_entry(&it, at, used);
        REQUIRE(memcmp(arena.bytes, at, used) == 0);
    }
    REQUIRE(it.remaining == 0 && (it.error != PLDM_SUCCESS || it.left == 0));
    REQUIRE(!pldm_descriptor_next(&it, &d));
}

/* An empty pending version may have any string type; it is encoded as unknown. */
static void require_component(const struct pldm_component *c, const uint8_t *at, size_t len) {
    enum { PENDING_TYPE = 23 };
    const bool same_type = c->pending.version.len != 0;
    REQUIRE(memcmp(arena.bytes, at, PENDING_TYPE) == 0);
    REQUIRE(arena.bytes[PENDING_TYPE] == (same_type ? at[PENDING_TYPE] : PLDM_STRING_UNKNOWN));
    REQUIRE(memcmp(arena.bytes + PENDING_TYPE + 1, at + PENDING_TYPE + 1, len - PENDING_TYPE - 1) == 0);
}

static void walk_components(struct pldm_iterator it) {
    struct pldm_component c;
    for (const uint8_t *at = it.at; pldm_component_next(&it, &c); at = it.at) {
        const size_t used = pldm_component_encode(&c, arena.bytes, sizeof arena.bytes);
        require_entry(&it, at, used);
        require_component(&c, at, used);
    }
    REQUIRE(it.remaining == 0 && (it.error != PLDM_SUCCESS || it.left == 0));
    REQUIRE(!pldm_component_next(&it, &c));
}

static void vendor_value(const uint8_t *bytes, size_t len) {
    struct pldm_vendor_descriptor vendor;
    if (pldm_vendor_descriptor_decode(bytes, len, &vendor) != PLDM_SUCCESS) return;
    REQUIRE(pldm_vendor_descriptor_encode(&vendor, arena.bytes, sizeof arena.bytes) == len);
    REQUIRE(memcmp(arena.bytes, bytes, len) == 0);
    REQUIRE(pldm_vendor_descriptor_encode(&vendor, arena.bytes, len - 1) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len) {
    struct fuzz_input in = {bytes, len};
    const uint8_t kind = fuzz_u8(&in) % 3;
    if (kind == 0) {
        vendor_value(in.at, in.left);
    } else if (kind == 1) {
        const uint16_t count = fuzz_u16(&in);
        walk_descriptors(pldm_descriptors(in.at, in.left, count));
    } else {
        struct pldm_get_firmware_parameters_resp parameters = {.component_count = fuzz_u16(&in)};
        parameters.components = in.at;
        parameters.components_len = in.left;
        walk_components(pldm_components(&parameters));
    }
    return 0;
}
