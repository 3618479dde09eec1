// SPDX-License-Identifier: Apache-2.0
//
// The signer: the disk knows before a signature exists, what it makes is quick to verify, and a key that changed under
// it makes none.
#define _DEFAULT_SOURCE
#include "host/signer.h"

#include <stdlib.h>
#include <unistd.h>

#include "tests/check.h"

enum { STEPS = 3 * DURABLE_STEPS, SIGNATURES = 12 };

static char error[KEY_ERROR_TEXT];
static uint8_t public_key[LMS_PUBLIC_KEY];

/* At each step of a reservation: is there a signature yet? */
struct watch {
    const uint8_t *signature;
    unsigned steps, fail_at;
    bool early;
};

static bool look(void *ctx, const char *path, enum durable_step step) {
    struct watch *watch = ctx;
    (void)path;
    (void)step;
    for (unsigned i = 0; i < LMS_SIGNATURE; i++) watch->early |= watch->signature[i] != 0xEE;
    return ++watch->steps != watch->fail_at;
}

static void reserved_first(void) {
    uint8_t signature[LMS_SIGNATURE], message[LMS_HASH] = {1};
    uint32_t index;
    for (unsigned fail_at = 1; fail_at <= STEPS + 1; fail_at++) {
        struct watch watch = {.signature = signature, .fail_at = fail_at};
        struct signer *signer = signer_open("key", "state", KEY_NO_SKIP, error);
        if (!CHECK(signer != NULL)) printf("# %s\n", error);
        if (signer == NULL) return;
        signer->store.durable = (struct durable){look, &watch};
        memset(signature, 0xEE, sizeof signature);
        CHECK_EQ(signer_sign(signer, message, sizeof message, signature, &index, error), fail_at > STEPS);
        CHECK_EQ(watch.steps, fail_at > STEPS ? STEPS : fail_at);
        CHECK(!watch.early);
        watch.early = false;
        look(&watch, "", DURABLE_OPEN);
        CHECK_EQ(watch.early, fail_at > STEPS);
        signer_close(signer);
    }
}

static void quick_to_verify(void) {
    static struct lms_soft soft;
    static uint32_t key[LMS_PUBLIC_KEY / 4], signature[LMS_SIGNATURE / 4], message[LMS_HASH / 4];
    uint32_t last = 0, index;
    struct signer *signer = signer_open("key", "state", KEY_NO_SKIP, error);
    if (!CHECK(signer != NULL && lms_soft_open(&soft))) return;
    memcpy(key, public_key, sizeof key);
    for (unsigned i = 0; i < SIGNATURES; i++) {
        message[0] = i;
        const uint32_t left = signer_left(signer);
        CHECK(signer_sign(signer, (const uint8_t *)message, sizeof message, (uint8_t *)signature, &index, error));
        CHECK(i == 0 || index == last + 1);
        CHECK_EQ(signer_left(signer), left - 1);
        last = index;
        soft.steps = 0;
        CHECK(lms_verify(&soft.engine, (const uint8_t *)key, (const uint8_t *)signature, (const uint8_t *)message,
                         sizeof message));
        CHECK(soft.steps <= LMS_STEPS_FEW);
    }
    lms_soft_close(&soft);
    signer_close(signer);
}

/* A seed that does not belong to the root, as a fault of memory or a mixed-up file would leave it. */
static void other_root(void) {
    static struct lms_soft soft;
    struct key_store store = {.soft = &soft, .lock = -1};
    struct lms_key key = {.next = 0};
    memset(key.root, 0x77, sizeof key.root);
    CHECK(lms_soft_open(&soft));
    CHECK(key_store_create(&store, "mixed", "state", &key, error));
    key_store_close(&store);
    lms_soft_close(&soft);
    CHECK(signer_open("mixed", "state", KEY_NO_SKIP, error) == NULL);
    CHECK(strcmp(error, "the tree has another root than the key says") == 0);
}

static bool one_key(struct lms_soft *soft, struct lms_private *private) {
    (void)soft;
    memset(private, 0x5A, sizeof *private);
    return true;
}

/* The signature of @p message by one-time key @p q of the same key, made anew in a folder of its own. */
static void sign_anew(const char *name, uint32_t q, uint8_t message, uint8_t signature[LMS_SIGNATURE]) {
    uint8_t key[LMS_PUBLIC_KEY];
    char folder[32];
    uint32_t index;
    snprintf(folder, sizeof folder, "state-%s", name);
    CHECK(signer_create(name, folder, one_key, key, error));
    struct signer *signer = signer_open(name, folder, q, error);
    if (!CHECK(signer != NULL)) return;
    CHECK(signer_sign(signer, &message, sizeof message, signature, &index, error) && index == q);
    signer_close(signer);
}

static void repeatable(void) {
    static uint8_t first[LMS_SIGNATURE], again[LMS_SIGNATURE], other[LMS_SIGNATURE], next[LMS_SIGNATURE];
    enum { C_AT = 8 }; /* behind q and the type */
    sign_anew("first", 3, 1, first);
    sign_anew("again", 3, 1, again);
    sign_anew("other", 3, 2, other);
    sign_anew("next", 4, 1, next);
    CHECK_MEM(first, again, sizeof first);
    CHECK(memcmp(first + C_AT, other + C_AT, LMS_HASH) != 0);
    CHECK(memcmp(first + C_AT, next + C_AT, LMS_HASH) != 0);
}

int main(void) {
    char folder[] = "/tmp/signer_XXXXXX", command[64];
    if (mkdtemp(folder) == NULL || chdir(folder) != 0) return 1;
    TEST("given no key when one is made and opened then it is there") {
        CHECK(signer_create("key", "state", NULL, public_key, error));
        CHECK(!signer_create("key", "state", NULL, public_key, error));
    }
    TEST("given a reservation that fails at any step when signing then there is no signature, and none before its end")
    reserved_first();
    TEST("given messages when signed then the card has few steps to walk and each has the next one-time key")
    quick_to_verify();
    TEST(
        "given one key, one-time key and message twice when signed then the same bytes, and of another the randomizer "
        "is another")
    repeatable();
    TEST("given a key whose root is another when opened then it is refused") other_root();
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return chdir("/") != 0 || system(command) != 0 || check_result();
}
