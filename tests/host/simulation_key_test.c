// SPDX-License-Identifier: Apache-2.0
//
// The keys of simulated cards: what the demonstration board's roots are made from, and what it says of images that they
// signed.
#include "host/simulation_key.h"

#include "fw/board/board.h"
#include "host/component_sign.h"
#include "tests/check.h"

static struct lms_soft soft;

static void image_for(uint32_t payload, uint8_t *bytes, struct image *image) {
    *image = (struct image){
        .payload_size = payload, .version_type = 1, .version_length = 1, .version = (const uint8_t *)"1"};
    CHECK(image_layout(image));
    CHECK_EQ(image_encode(image, bytes), IMAGE_OK);
}

static void roots(void) {
    static const enum simulation_key keys[] = {SIMULATION_ROOT, SIMULATION_REVOKED};
    static struct lms_tree tree;
    CHECK_EQ(board_root_count, sizeof keys / sizeof keys[0]);
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        struct lms_private private;
        uint8_t key[LMS_PUBLIC_KEY], hash[LMS_HASH];
        CHECK(simulation_key(&soft, keys[i], &private) && lms_build_tree(&soft, &private, &tree));
        lms_public_key(&private, tree.node[1], key);
        CHECK(lms_soft_hash(&soft, key, sizeof key, hash));
        CHECK_MEM(hash, board_roots[i], LMS_HASH);
    }
}

static void judged(void) {
    static const enum image_trust want[SIMULATION_KEYS] = {[SIMULATION_ROOT] = IMAGE_AUTHENTIC,
                                                           [SIMULATION_REVOKED] = IMAGE_REVOKED_KEY,
                                                           [SIMULATION_STRANGER] = IMAGE_UNKNOWN_KEY};
    static uint8_t first[2 * IMAGE_BLOCK], second[2 * IMAGE_BLOCK];
    const struct image_roots known = {board_roots, board_root_count, board_revoked()};
    for (int k = 0; k < SIMULATION_KEYS; k++) {
        struct image image;
        image_for(21u << 20, first, &image);
        memcpy(second, first, sizeof second);
        soft.steps = 0;
        simulation_sign((enum simulation_key)k, first, sizeof first, true);
        simulation_sign((enum simulation_key)k, second, sizeof second, true);
        CHECK_MEM(first, second, sizeof first);
        CHECK_EQ(image_parse(first, sizeof first, &image), IMAGE_OK);
        CHECK_EQ(component_judge(&soft, &known, first, &image), want[k]);
        CHECK(soft.steps <= LMS_STEPS_FEW);
    }
}

int main(void) {
    if (!lms_soft_open(&soft)) return 1;
    TEST("given the demonstration board / when its roots are compared / then they are the keys of simulated cards")
    roots();
    TEST("given images signed twice by each key / when judged / then they are the same and what the board says of it")
    judged();
    lms_soft_close(&soft);
    return check_result();
}
