// SPDX-License-Identifier: Apache-2.0
//
// The device's reports that a stage is complete: TransferComplete, VerifyComplete, ApplyComplete. A good one leads to
// the next stage, a bad one to the end of the component; the answer goes out before anything follows from it, unless
// the personality has it otherwise.
#include <string.h>

#include "host/agent_internal.h"
#include "host/text.h"

static void watch_verify(struct agent *a) {
    agent_watch(a, STAGE_VERIFY);
}

static void watch_apply(struct agent *a) {
    agent_watch(a, STAGE_APPLY);
}

/* The result that *Complete reported; it waits here until the answer is away. */
static void component_broken(struct agent *a) {
    agent_component_broken(a, a->result_code);
}

static void explain_result(struct agent *a, const char *stage, uint8_t result) {
    char label[AGENT_LABEL];
    const char *meaning = vendor_result_name(result);
    if (result == PLDM_RESULT_TIMEOUT) meaning = "timeout";
    if (result == PLDM_RESULT_GENERIC_ERROR) meaning = "generic error";
    if (result == PLDM_VERIFY_FAILURE) meaning = "verification failure";
    if (result == PLDM_TRANSFER_VERSION_MISMATCH)
        meaning = strcmp(stage, "ApplyComplete") == 0 ? "memory write failure" : "version mismatch";
    if (result == PLDM_TRANSFER_ABORTED) meaning = "aborted by the device";
    a->result_code = result;
    agent_explain(a, "%s: %s reports result 0x%02x: %s", agent_label(a, label), stage, result, meaning);
}

/* A failure was reported. @return the length of the answer, 0 when none is to be sent */
static size_t failed(struct agent *a, const struct agent_request *r, agent_action **after) {
    if (a->traits->report == REPORT_FATAL) {
        *after = component_broken;
        return 0;
    }
    if (a->traits->report == REPORT_ANSWERED_LATE)
        component_broken(a);
    else
        *after = component_broken;
    return agent_plain(r, PLDM_SUCCESS);
}

/* TransferComplete and VerifyComplete have the same form. */
static uint8_t decode(const struct agent_request *r, uint8_t *result) {
    struct pldm_result_req request = {0};
    const uint8_t code = pldm_result_req_decode(r->body, r->len, &request);
    *result = request.result;
    return code;
}

size_t agent_transfer_complete(struct agent *a, const struct agent_request *r, agent_action **after) {
    uint8_t result;
    const uint8_t code = decode(r, &result);
    if (code != PLDM_SUCCESS) return agent_plain(r, code);
    *after = watch_verify;
    if (result == PLDM_RESULT_SUCCESS || a->traits->transfer_failure_unseen) return agent_plain(r, PLDM_SUCCESS);
    *after = NULL;
    explain_result(a, "TransferComplete", result);
    return failed(a, r, after);
}

size_t agent_verify_complete(struct agent *a, const struct agent_request *r, agent_action **after) {
    uint8_t result;
    const uint8_t code = decode(r, &result);
    if (code != PLDM_SUCCESS) return agent_plain(r, code);
    if (result != PLDM_RESULT_SUCCESS) {
        explain_result(a, "VerifyComplete", result);
        return failed(a, r, after);
    }
    *after = watch_apply;
    return agent_plain(r, PLDM_SUCCESS);
}

size_t agent_apply_complete(struct agent *a, const struct agent_request *r, agent_action **after) {
    struct pldm_apply_complete_req request;
    const uint8_t code = pldm_apply_complete_req_decode(r->body, r->len, &request);
    if (code != PLDM_SUCCESS) return agent_plain(r, code);
    const bool modified = request.result == PLDM_APPLY_SUCCESS_ACTIVATION_MODIFIED && !a->traits->apply_zero_only;
    if (request.result != PLDM_RESULT_SUCCESS && !modified) {
        explain_result(a, "ApplyComplete", request.result);
        return failed(a, r, after);
    }
    if (modified) a->outcomes[a->current].methods = request.activation_modification;
    *after = agent_component_done;
    return agent_plain(r, PLDM_SUCCESS);
}
