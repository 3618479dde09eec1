// SPDX-License-Identifier: Apache-2.0
//
// fwpkg policy: writes an operator's policy on updates, signed with a key of ours or to be signed by fwpkg sign; and
// what fwpkg show says of one.
#include "host/fwpkg_policy.h"

#include <stdlib.h>
#include <string.h>

#include "host/file.h"
#include "host/fwpkg_key.h"
#include "host/policy_text.h"

enum { BITS = 8, LAST_EID = 254, FIRST_EID = 8, LAST_LINK = 2 };

struct draft {
    struct policy_record record;
    struct fwpkg_signing key;
    const char *output;
};

static int wrong(const struct options *o, const char *option, const char *reason) {
    tool_error(o->tool, "%s %s: %s", option, o->value, reason);
    return 2;
}

static int take_sequence(struct draft *d, const struct options *o) {
    uint64_t number;
    if (!parse_number(o->value, UINT32_MAX, &number) || number == 0)
        return wrong(o, "--sequence", "not a number from 1 to 4294967295");
    d->record.policy.sequence = (uint32_t)number;
    return 0;
}

/* "all", or numbers up to 7 with commas between them; "none" where that has a meaning. */
static int take_list(const struct options *o, const char *option, bool or_none, uint8_t *bits) {
    const bool all = strcmp(o->value, "all") == 0, none = or_none && strcmp(o->value, "none") == 0;
    *bits = all ? UINT8_MAX : 0;
    if (all || none) return 0;
    for (const char *at = o->value;; at += 2) {
        if (*at < '0' || *at >= '0' + BITS || (at[1] != ',' && at[1] != '\0'))
            return wrong(
                o, option,
                or_none ? "not all, none or a list of numbers up to 7" : "not all or a list of numbers up to 7");
        *bits |= (uint8_t)(1u << (*at - '0'));
        if (at[1] == '\0') return 0;
    }
}

static int take_rollback(struct draft *d, const struct options *o) {
    const char *name;
    for (unsigned i = 0; (name = policy_rollback_name(i)) != NULL; i++) {
        if (strcmp(o->value, name) != 0) continue;
        d->record.policy.rollback = (uint8_t)i;
        return 0;
    }
    return wrong(o, "--rollback", "not as-board, never or allowed");
}

static int take_notify(struct draft *d, const struct options *o) {
    char eid_text[8];
    const size_t comma = strcspn(o->value, ",");
    const char *link_text = o->value[comma] == ',' ? o->value + comma + 1 : "0";
    uint64_t eid, link;
    snprintf(eid_text, sizeof eid_text, "%.*s", (int)(comma < sizeof eid_text ? comma : 0), o->value);
    if (!parse_number(eid_text, LAST_EID, &eid) || eid < FIRST_EID || !parse_number(link_text, LAST_LINK, &link))
        return wrong(o, "--notify", "not an EID from 8 to 254, with a link up to 2 behind a comma or without");
    d->record.policy.notify = (uint8_t)eid;
    d->record.policy.notify_link = (uint8_t)link;
    return 0;
}

static int digit(char c) {
    static const char digits[] = "0123456789abcdef";
    const char *at = c == '\0' ? NULL : strchr(digits, c);
    return at == NULL ? -1 : (int)(at - digits);
}

/* As fwup discover prints it, or without its hyphens. */
static int take_card(struct draft *d, const struct options *o) {
    unsigned have = 0;
    memset(d->record.card, 0, POLICY_CARD);
    for (const char *at = o->value; *at != '\0'; at++) {
        if (*at == '-') continue;
        if (digit(*at) < 0 || have == 2 * POLICY_CARD) return wrong(o, "--card", "not a UUID");
        d->record.card[have / 2] = (uint8_t)(d->record.card[have / 2] << 4 | digit(*at));
        have++;
    }
    return have == 2 * POLICY_CARD ? 0 : wrong(o, "--card", "not a UUID");
}

static int take(void *ctx, const struct options *o, int key) {
    struct draft *d = ctx;
    struct policy *p = &d->record.policy;
    switch (key) {
        case FWPKG_OUTPUT:
            d->output = o->value;
            return 0;
        case FWPKG_SEQUENCE:
            return take_sequence(d, o);
        case FWPKG_DISABLED:
            p->flags |= POLICY_DISABLED;
            return 0;
        case FWPKG_BY_HAND:
            p->flags |= POLICY_BY_HAND;
            return 0;
        case FWPKG_UPDATABLE:
            return take_list(o, "--updatable", true, &p->components);
        case FWPKG_SIGNERS:
            return take_list(o, "--signers", false, &p->keys);
        case FWPKG_ROLLBACK:
            return take_rollback(d, o);
        case FWPKG_NOTIFY:
            return take_notify(d, o);
        case FWPKG_CARD:
            return take_card(d, o);
        default:
            return fwpkg_take_key(&d->key, o, key);
    }
}

static int sign(const struct draft *d, uint8_t *block, const char *tool) {
    char error[SIGN_ERROR_TEXT];
    int status = 0;
    struct signer *signer = fwpkg_open_key(&d->key, tool);
    if (signer == NULL) return 1;
    if (!component_sign(signer, block, POLICY_BLOCK, error)) status = tool_error(tool, "%s", error);
    signer_close(signer);
    return status;
}

int fwpkg_policy(struct options *o) {
    struct draft d = {.record = {.policy = {.components = UINT8_MAX, .keys = UINT8_MAX}}};
    static uint8_t block[POLICY_BLOCK];
    char error[FILE_ERROR_TEXT];
    int status = fwpkg_take_all(o, &d, take);
    if (status == 0) status = fwpkg_check_key(&d.key, o);
    if (status != 0) return status;
    if (d.output == NULL) return fwpkg_missing(o, "-o FILE");
    if (d.record.policy.sequence == 0) return fwpkg_missing(o, "--sequence N");
    if (!policy_encode(&d.record, block)) return tool_error(o->tool, "the policy cannot be encoded");
    if (d.key.path != NULL) status = sign(&d, block, o->tool);
    if (status != 0 || file_write(d.output, block, sizeof block, error)) return status;
    return tool_error(o->tool, "%s", error);
}

static bool for_one_card(const struct policy_record *record) {
    static const uint8_t any[POLICY_CARD];
    return memcmp(record->card, any, sizeof any) != 0;
}

static const char *signature(enum image_trust trust) {
    return trust == IMAGE_AUTHENTIC ? "good" : trust == IMAGE_UNSIGNED ? "none" : "bad";
}

int fwpkg_show_policy(const char *tool, const char *path, bool as_json, const uint8_t *bytes,
                      const struct policy_record *record, const struct image *frame) {
    char id[2 * IMAGE_KEY_ID + 1], card[2 * POLICY_CARD + 1];
    struct lms_soft *soft = malloc(sizeof *soft);
    if (soft == NULL || !lms_soft_open(soft)) {
        free(soft);
        return tool_error(tool, "out of memory");
    }
    const enum image_trust trust = component_judge(soft, NULL, bytes, frame);
    lms_soft_close(soft);
    free(soft);
    hex_format(record->key_id, IMAGE_KEY_ID, id);
    hex_format(record->card, POLICY_CARD, card);
    if (as_json) {
        struct json j = {.to = stdout};
        json_open(&j, NULL, '{');
        policy_json(&j, &record->policy);
        if (for_one_card(record)) json_text(&j, "card", card);
        if (trust != IMAGE_UNSIGNED) json_text(&j, "key_id", id);
        json_text(&j, "signature", signature(trust));
        json_close(&j, '}');
        putchar('\n');
    } else {
        policy_print(stdout, &record->policy);
        printf("card          %s\n", for_one_card(record) ? card : "any");
        if (trust == IMAGE_UNSIGNED)
            puts("signature     none");
        else
            printf("signature     key %s, one-time key %u: %s\n", id, component_index(bytes, frame),
                   trust == IMAGE_AUTHENTIC ? "made by this key" : image_trust_name(trust));
    }
    if (trust == IMAGE_AUTHENTIC || trust == IMAGE_UNSIGNED) return 0;
    return tool_error(tool, "%s: %s", path, image_trust_name(trust));
}
