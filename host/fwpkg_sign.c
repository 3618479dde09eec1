// SPDX-License-Identifier: Apache-2.0
//
// fwpkg sign: all component images of a file with a key of ours, or one of them in two steps with a key that is
// elsewhere: its digest out, its signature in.
#include <stdlib.h>
#include <string.h>

#include "host/file.h"
#include "host/fwpkg_key.h"

struct sign {
    struct fwpkg_signing key;
    const char *input, *output;
    const char *digest_out, *public_key; /* first step */
    const char *signature_in;            /* second step */
};

static int take(void *ctx, const struct options *o, int key) {
    struct sign *s = ctx;
    switch (key) {
        case FWPKG_OUTPUT:
            s->output = o->value;
            return 0;
        case FWPKG_DIGEST_OUT:
            s->digest_out = o->value;
            return 0;
        case FWPKG_PUBLIC_KEY:
            s->public_key = o->value;
            return 0;
        case FWPKG_SIGNATURE_IN:
            s->signature_in = o->value;
            return 0;
        case OPTION_OPERAND:
            if (s->input != NULL) return fwpkg_unexpected(o);
            s->input = o->value;
            return 0;
        default:
            return fwpkg_take_key(&s->key, o, key);
    }
}

static int with_key(const struct sign *s, struct signed_file *file, const char *tool) {
    char error[SIGN_ERROR_TEXT], name[32];
    struct signer *signer = fwpkg_open_key(&s->key, tool);
    if (signer == NULL) return 1;
    int status = 0;
    for (unsigned i = 0; status == 0 && i < file->count; i++) {
        struct signed_part *part = &file->parts[i];
        if (!component_sign(signer, part->bytes, (size_t)part->image.manifest_blocks * IMAGE_BLOCK, error))
            status = tool_error(tool, "%s: %s%s", s->input, signed_part_name(file, part, name), error);
        else
            printf("%ssigned with one-time key %u\n", signed_part_name(file, part, name),
                   component_index(part->bytes, &part->image));
    }
    if (status == 0) printf("%u signatures are left of this key\n", signer_left(signer));
    signer_close(signer);
    return status;
}

static int prepare(const struct sign *s, struct signed_file *file, struct lms_soft *soft, const char *tool) {
    char error[SIGN_ERROR_TEXT];
    uint8_t key[LMS_PUBLIC_KEY], digest[IMAGE_HASH];
    struct signed_part *part = &file->parts[0];
    if (!public_key_read(s->public_key, key, error)) return tool_error(tool, "%s", error);
    if (!component_set_key(soft, part->bytes, &part->image, key) ||
        !component_digest(soft, part->bytes, &part->image, digest))
        return tool_error(tool, "OpenSSL: SHA-256 failed");
    return file_write(s->digest_out, digest, sizeof digest, error) ? 0 : tool_error(tool, "%s", error);
}

static int put_in(const struct sign *s, struct signed_file *file, struct lms_soft *soft, const char *tool) {
    char error[SIGN_ERROR_TEXT];
    struct signed_part *part = &file->parts[0];
    if (!signature_read(s->signature_in, part->bytes + image_signature_at(&part->image), error))
        return tool_error(tool, "%s", error);
    const enum image_trust trust = component_judge(soft, NULL, part->bytes, &part->image);
    if (trust == IMAGE_AUTHENTIC) return 0;
    if (trust == IMAGE_UNSIGNED) return tool_error(tool, "%s: names no key: --digest-out comes first", s->input);
    return tool_error(tool, "%s: not the signature of %s by the key that it names", s->signature_in, s->input);
}

static int in_steps(const struct sign *s, struct signed_file *file, const char *tool) {
    struct lms_soft *soft = malloc(sizeof *soft);
    int status = 1;
    if (soft == NULL || !lms_soft_open(soft))
        tool_error(tool, "out of memory");
    else if (file->count != 1)
        tool_error(tool, "%s: has %u images to sign; a signature from elsewhere is for one", s->input, file->count);
    else
        status = (s->digest_out != NULL ? prepare : put_in)(s, file, soft, tool);
    if (soft != NULL) lms_soft_close(soft);
    free(soft);
    return status;
}

static int run(const struct sign *s, struct signed_file *file, const char *tool) {
    char error[FILE_ERROR_TEXT];
    const int status = s->key.path != NULL ? with_key(s, file, tool) : in_steps(s, file, tool);
    if (status != 0 || file_write(s->output, file->bytes, file->len, error)) return status;
    return tool_error(tool, "%s", error);
}

int fwpkg_sign(struct options *o) {
    struct sign s = {.input = NULL};
    char error[SIGN_ERROR_TEXT];
    struct signed_file file;
    int status = fwpkg_take_all(o, &s, take);
    if (status == 0) status = fwpkg_check_key(&s.key, o);
    if (status != 0) return status;
    if ((s.key.path != NULL) + (s.digest_out != NULL) + (s.signature_in != NULL) != 1)
        return tool_error(o->tool, "sign takes one of --key, --digest-out and --signature-in") + 1;
    if ((s.digest_out != NULL) != (s.public_key != NULL))
        return tool_error(o->tool, "--digest-out and --public-key go together") + 1;
    if (s.output == NULL) return fwpkg_missing(o, "-o FILE");
    if (s.input == NULL) return fwpkg_missing(o, "FILE");
    if (!signed_file_read(s.input, &file, error)) return tool_error(o->tool, "%s", error);
    status = run(&s, &file, o->tool);
    signed_file_free(&file);
    return status;
}
