// SPDX-License-Identifier: Apache-2.0
//
// The commands of fwup that talk to no device: check and replay-tests.
#pragma once
#include <stdbool.h>

struct fwup_offline {
    const char *folder;
    const char *policy, *inventory, *today; /* of check; the latter two may be NULL */
    const char *card; /* of replay-tests: the program that simulates one, NULL: the one beside fwup */
    bool record;      /* of replay-tests: write the results into the manifest */
    bool json;
};

/** Prints what is due for each component. @return 0: the policy lets all pass; 1: something closes the gate, or could
 * not be read; 2: @p today is no day */
int fwup_check(const struct fwup_offline *request);

/** Runs a release's recommended tests against a simulated card. @return 0: all passed; 1 otherwise */
int fwup_replay(const struct fwup_offline *request);
