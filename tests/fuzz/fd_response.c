// SPDX-License-Identifier: Apache-2.0
//
// Responses to the firmware device's own requests, in any state, whole messages as they come. The state moves on by a
// response that fits the request, and by no other.
#include "tests/fuzz/fuzz.h"
#include "tests/fw/fd_rig.h"

static struct rig rig;

static bool fits(uint16_t source, const uint8_t *msg, size_t len) {
    struct pldm_header got, sent;
    if (source != RIG_UA || len <= PLDM_HEADER_SIZE || !rig.fd.request.pending || rig.fd.request.tries == 0)
        return false;
    if (pldm_header_decode(msg, len, &got) != PLDM_SUCCESS || got.request) return false;
    REQUIRE(pldm_header_decode(rig.sent, rig.sent_len, &sent) == PLDM_SUCCESS);
    if (got.instance != sent.instance || got.type != sent.type || got.command != sent.command) return false;
    const uint8_t code = msg[PLDM_HEADER_SIZE];
    return (code == PLDM_SUCCESS && len == PLDM_HEADER_SIZE + 1) ||
           (code == PLDM_COMMAND_NOT_EXPECTED && rig.fd.request.tries > 1);
}

static void end_work(uint8_t result) {
    fd_transfer_done(&rig.fd, result);
    fd_verify_done(&rig.fd, result);
    fd_apply_done(&rig.fd, result, PLDM_ACTIVATION_AUTOMATIC);
    fd_tick(&rig.fd, rig.now);
}

/* The header's bytes are differences from those of the right response. */
static void respond(struct fuzz_input *in) {
    static struct fuzz_arena arena;
    const uint16_t source = fuzz_u8(in) == UINT8_MAX ? RIG_OTHER : RIG_UA;
    size_t len;
    uint8_t *msg = fuzz_message(in, &arena, &len);
    for (size_t i = 0; i < len && i < PLDM_HEADER_SIZE; i++) msg[i] ^= i == 0 ? rig.sent[0] & 0x1F : rig.sent[i];
    const struct fd before = rig.fd;
    const bool right = fits(source, msg, len);
    fd_response(&rig.fd, rig.now, source, msg, len);
    REQUIRE(rig.fd.request.pending == (before.request.pending && !right));
    const bool moves = right && before.aux == PLDM_AUX_SUCCESS;
    REQUIRE((rig.fd.state != before.state) == moves);
    if (moves && before.state == PLDM_STATE_APPLY) REQUIRE(rig.fd.state == PLDM_STATE_READY_XFER);
    if (moves && before.state != PLDM_STATE_APPLY) REQUIRE(rig.fd.state == before.state + 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len) {
    struct fuzz_input in = {bytes, len};
    rig_to(&rig, fuzz_u8(&in) % (PLDM_STATE_ACTIVATE + 1));
    while (in.left != 0) {
        const uint8_t step = fuzz_u8(&in);
        if ((step & 3) == 0)
            end_work(fuzz_u8(&in));
        else if ((step & 3) == 1)
            rig_advance(&rig, fuzz_u8(&in) * UINT32_C(100));
        else
            respond(&in);
    }
    return 0;
}
