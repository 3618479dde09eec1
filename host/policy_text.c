// SPDX-License-Identifier: Apache-2.0
//
// Promises of policy_text.h.
#include "host/policy_text.h"

#include "fw/mctp/mctp_control.h"

const char *policy_rollback_name(unsigned rollback) {
    static const char *const names[POLICY_ROLLBACKS] = {
        [POLICY_AS_BOARD] = "as-board", [POLICY_NEVER] = "never", [POLICY_ALLOWED] = "allowed"};
    return rollback < POLICY_ROLLBACKS ? names[rollback] : NULL;
}

const char *policy_refusal_name(uint8_t code) {
    static const char *const names[] = {
        [POLICY_MALFORMED - POLICY_MALFORMED] = "it is no policy, or one that this firmware does not know",
        [POLICY_UNSIGNED - POLICY_MALFORMED] = "it is not signed",
        [POLICY_WRONG_KEY - POLICY_MALFORMED] = "it brings another public key than it names",
        [POLICY_UNKNOWN_KEY - POLICY_MALFORMED] = "it is signed with an unknown key",
        [POLICY_REVOKED_KEY - POLICY_MALFORMED] = "it is signed with a revoked key",
        [POLICY_BAD_SIGNATURE - POLICY_MALFORMED] = "its signature is wrong",
        [POLICY_DENIED_KEY - POLICY_MALFORMED] = "the policy in force does not let its key sign",
        [POLICY_OTHER_CARD - POLICY_MALFORMED] = "it is for another card",
        [POLICY_NOT_NEWER - POLICY_MALFORMED] = "its sequence number is not above that of the policy in force",
        [POLICY_LOCKS_OUT - POLICY_MALFORMED] = "it would not let its own key sign the next one",
        [POLICY_NO_ORDER - POLICY_MALFORMED] = "something came in between: an update, or another policy",
        [POLICY_NOT_STORED - POLICY_MALFORMED] = "the journal could not be written",
    };
    if (code == MCTP_ERROR_NOT_READY)
        return "an update is under way, an image is on trial, or the flash cannot be used";
    if (code == MCTP_ERROR_UNSUPPORTED_CMD) return "its firmware knows no policy";
    if (code < POLICY_MALFORMED || code > POLICY_NOT_STORED) return "for a reason of its own";
    return names[code - POLICY_MALFORMED];
}

static void print_list(FILE *to, const char *name, uint8_t bits, const char *none) {
    const char *before = "";
    fprintf(to, "%-13s ", name);
    if (bits == 0 || bits == UINT8_MAX) {
        fprintf(to, "%s\n", bits == 0 ? none : "all");
        return;
    }
    for (unsigned i = 0; i < 8; i++) {
        if ((bits >> i & 1) == 0) continue;
        fprintf(to, "%s%u", before, i);
        before = ", ";
    }
    fputc('\n', to);
}

void policy_print(FILE *to, const struct policy *p) {
    static const char *const rollbacks[POLICY_ROLLBACKS] = {
        [POLICY_AS_BOARD] = "as the board has it", [POLICY_NEVER] = "never", [POLICY_ALLOWED] = "down to the minimum"};
    if (p->sequence == 0) {
        fputs("policy        none was set: the board's own rules count\n", to);
        return;
    }
    fprintf(to, "policy        %u\n", p->sequence);
    fprintf(to, "updates       %s%s\n", (p->flags & POLICY_DISABLED) != 0 ? "disabled" : "enabled",
            (p->flags & POLICY_BY_HAND) != 0 ? ", begun by a person only" : "");
    print_list(to, "updatable", p->components, "nothing");
    fprintf(to, "rollback      %s\n", rollbacks[p->rollback]);
    print_list(to, "signers", p->keys, "nobody");
    if (p->notify == 0)
        fputs("notifies      nobody\n", to);
    else
        fprintf(to, "notifies      EID %u on link %u\n", p->notify, p->notify_link);
}

static void json_list(struct json *j, const char *name, uint8_t bits) {
    json_open(j, name, '[');
    for (unsigned i = 0; i < 8; i++)
        if ((bits >> i & 1) != 0) json_number(j, NULL, i);
    json_close(j, ']');
}

void policy_json(struct json *j, const struct policy *p) {
    json_number(j, "sequence", p->sequence);
    if (p->sequence == 0) return;
    json_bool(j, "enabled", (p->flags & POLICY_DISABLED) == 0);
    json_bool(j, "by_hand", (p->flags & POLICY_BY_HAND) != 0);
    json_list(j, "updatable", p->components);
    json_text(j, "rollback", policy_rollback_name(p->rollback));
    json_list(j, "signers", p->keys);
    if (p->notify == 0) return;
    json_number(j, "notify_eid", p->notify);
    json_number(j, "notify_link", p->notify_link);
}
