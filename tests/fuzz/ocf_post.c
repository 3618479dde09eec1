// SPDX-License-Identifier: Apache-2.0
//
// A POST to pstat: state, process under way and role, then the body. One that is read is well-formed CBOR to libcbor's
// own loader, too; one that is refused changes nothing; and no POST brings pstat to what it cannot be.
#include <cbor.h>

#include "host/ocf/codec.h"
#include "tests/fuzz/fuzz.h"

static void check_form(const uint8_t *body, size_t len) {
    struct cbor_load_result result;
    cbor_item_t *item = cbor_load(body, len, &result);
    REQUIRE(item != NULL && result.read == len && cbor_isa_map(item));
    cbor_decref(&item);
}

static struct pstat start(uint8_t state, uint8_t modes) {
    struct pstat p = pstat_new();
    struct pstat_write write = {.given = OCF_PROPERTY_BIT(OCF_DOS_S) | OCF_PROPERTY_BIT(OCF_ROWNERUUID), .owner = {1}};
    static const enum ocf_state ways[] = {OCF_RFOTM, OCF_RFPRO, OCF_RFNOP, OCF_SRESET};
    const enum ocf_state to = ways[state % 4];
    write.s = to == OCF_RFOTM ? OCF_RFOTM : OCF_RFPRO;
    REQUIRE(pstat_post(&p, OCF_ROLE(OCF_DOTS), &write) == OCF_CHANGED);
    write = (struct pstat_write){.given = OCF_PROPERTY_BIT(OCF_DOS_S), .s = to};
    REQUIRE(pstat_post(&p, OCF_ROLE(OCF_DOTS), &write) == OCF_CHANGED);
    if (modes % 3 != 0) pstat_begin(&p, modes % 3 == 1 ? OCF_MODE_VALIDATE : OCF_MODE_UPDATE);
    if (modes % 3 == 2) pstat_activation(&p, (modes & 128) != 0);
    REQUIRE(pstat_valid(&p) && p.s == to);
    return p;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len) {
    static struct fuzz_arena arena;
    struct fuzz_input in = {bytes, len};
    const uint8_t state = fuzz_u8(&in), modes = fuzz_u8(&in), role = fuzz_u8(&in) % OCF_ROLES;
    struct pstat p = start(state, modes);
    const struct pstat before = p;
    struct pstat_write write;
    const size_t body_len = in.left;
    const uint8_t *body = fuzz_put(&arena, in.at, body_len);
    if (!ocf_post_decode(body, body_len, &write)) return 0;
    check_form(body, body_len);
    REQUIRE(write.given < OCF_PROPERTY_BIT(OCF_PROPERTIES));
    const enum ocf_code code = pstat_post(&p, OCF_ROLE(role), &write);
    REQUIRE(code == OCF_CHANGED || memcmp(&p, &before, sizeof p) == 0);
    REQUIRE(code != OCF_CHANGED || role != OCF_CLIENT || write.given == 0);
    REQUIRE(pstat_valid(&p));
    REQUIRE(p.sm == before.sm && p.p == before.p); /* never writable */
    return 0;
}
