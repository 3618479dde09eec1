// SPDX-License-Identifier: Apache-2.0
//
// fwup policy: the file to set, and what is printed about the policy in force.
#include <stdlib.h>
#include <string.h>

#include "host/file.h"
#include "host/fwup.h"
#include "host/policy_text.h"

bool fwup_read_policy(const char *path, uint8_t block[POLICY_BLOCK], char *error) {
    struct policy_record record;
    uint8_t *bytes;
    size_t len;
    if (!file_read(path, &bytes, &len, error)) return false;
    const bool good = len == POLICY_BLOCK && policy_parse(bytes, &record);
    if (good)
        memcpy(block, bytes, POLICY_BLOCK);
    else
        snprintf(error, FILE_ERROR_TEXT, "%.150s: not a policy as fwpkg policy writes it", path);
    free(bytes);
    return good;
}

static void print_roots(const struct policy_status *status) {
    const struct policy *p = &status->policy;
    for (unsigned i = 0; i < status->roots; i++) {
        const bool may = p->sequence == 0 || (i < POLICY_KEYS && (p->keys >> i & 1) != 0);
        const bool revoked = (status->revoked >> i & 1) != 0;
        printf("root %-8u %s%s\n", i,
               revoked ? "revoked"
               : may   ? "may sign"
                       : "may not sign",
               p->sequence != 0 && p->signer == i ? ", signed this policy" : "");
    }
}

void fwup_print_policy(const struct fwup_output *out, const struct agent_inventory *inventory, uint64_t now_ns) {
    const struct policy_status *status = &inventory->policy;
    struct json j;
    if (!out->json) {
        policy_print(stdout, &status->policy);
        print_roots(status);
        return;
    }
    fwup_event_begin(&j, out, "policy", now_ns);
    json_text(&j, "link", out->target->link);
    json_number(&j, "eid", inventory->eid);
    policy_json(&j, &status->policy);
    if (status->policy.sequence != 0) json_number(&j, "signer", status->policy.signer);
    json_number(&j, "roots", status->roots);
    json_open(&j, "revoked", '[');
    for (unsigned i = 0; i < status->roots; i++)
        if ((status->revoked >> i & 1) != 0) json_number(&j, NULL, i);
    json_close(&j, ']');
    fwup_event_end(&j);
}
