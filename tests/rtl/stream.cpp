// SPDX-License-Identifier: Apache-2.0
//
// Bench of the stream engine (rtl/stream): see stream_bench.h; its tests are in stream_*.cpp. ONLY=transfers (checks,
// compares, chains, tree, digests, answers, outstanding, wide, faults, stops, random) runs one file of them.
#include <cstring>

#include "tests/rtl/stream_bench.h"

int main(int argc, char **argv) {
    const struct {
        const char *name;
        int (*run)(StreamBench &);
    } files[] = {{"transfers", test_transfers}, {"checks", test_checks},
                 {"compares", test_compares},   {"chains", test_chains},
                 {"tree", test_tree},           {"digests", test_digests},
                 {"answers", test_answers},     {"outstanding", test_outstanding},
                 {"wide", test_wide},           {"faults", test_faults},
                 {"stops", test_stops},         {"random", test_random}};
    int failed = 0;
    const char *only = getenv("ONLY");
    for (auto &file : files) {
        if (only && strcmp(only, file.name) != 0) continue;
        StreamBench bench(argc, argv);
        failed |= file.run(bench);
    }
    return failed;
}
