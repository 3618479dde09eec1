// SPDX-License-Identifier: Apache-2.0
//
// Signatures of component images and of operators' policies: in the manifest of an image in memory, in a file that is
// an image, a policy or a package with several images, and the files that hold public keys and signatures of other
// signers.
#pragma once
#include "fw/image/trust.h"
#include "fw/update/policy_record.h"
#include "host/component.h"
#include "host/signer.h"

#define SIGN_ERROR_TEXT 1024

/** Names the key in the manifest and puts the public key there; a signature that was there is wiped. @p image becomes
 * what the manifest says now. */
bool component_set_key(struct lms_soft *soft, uint8_t *bytes, struct image *image, const uint8_t key[LMS_PUBLIC_KEY]);

/** Whether it is an operator's policy: its fields, and the frame by which it is signed and judged as an image is. */
bool component_policy(const uint8_t *bytes, size_t len, struct policy_record *record, struct image *frame);

/** What is signed: the SHA-256 of the manifest up to the signature. */
bool component_digest(struct lms_soft *soft, const uint8_t *bytes, const struct image *image,
                      uint8_t digest[IMAGE_HASH]);

/** Judges an image's manifest, which may lie anywhere. With no @p roots the image's own key is taken for the one. */
enum image_trust component_judge(struct lms_soft *soft, const struct image_roots *roots, const uint8_t *bytes,
                                 const struct image *image);

/** The one-time key that an image's signature says it was made with. */
uint32_t component_index(const uint8_t *bytes, const struct image *image);

/** Signs an image, its manifest a good one, or a policy. @param error SIGN_ERROR_TEXT bytes */
bool component_sign(struct signer *signer, uint8_t *bytes, size_t len, char *error);

/** A component image with a manifest, or a policy, in a file that was read. */
struct signed_part {
    unsigned component; /* its number in the package */
    uint8_t *bytes;
    struct image image;
};

/** A file that is one component image, a policy or a package. */
struct signed_file {
    uint8_t *bytes;
    size_t len;
    bool package;
    unsigned count; /* parts: at least 1; components without manifest are none */
    struct signed_part *parts;
};

/** Reads a file and checks all hashes of its parts. @p error: SIGN_ERROR_TEXT bytes, "PATH: reason" */
bool signed_file_read(const char *path, struct signed_file *file, char *error);
void signed_file_free(struct signed_file *file);
/** The part in an error line: "component N: ", or nothing when the file is one image. */
const char *signed_part_name(const struct signed_file *file, const struct signed_part *part, char out[32]);

/** Reads an LMS public key, 56 bytes; with HSS' number of levels, 1, before it, it is taken as well. */
bool public_key_read(const char *path, uint8_t key[LMS_PUBLIC_KEY], char *error);
/** Reads an LMS signature, 2508 bytes, or an HSS signature of one level: with four zero bytes before it. */
bool signature_read(const char *path, uint8_t signature[LMS_SIGNATURE], char *error);
