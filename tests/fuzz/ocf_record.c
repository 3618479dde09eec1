// SPDX-License-Identifier: Apache-2.0
//
// The state file of ocfd. One that is read is written, read and written again as the same text.
#include "host/ocf/record.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len) {
    static struct fuzz_arena arena;
    static struct ocf_record record;
    static char text[OCF_RECORD_TEXT], again[OCF_RECORD_TEXT];
    const char *given = (const char *)fuzz_put(&arena, bytes, len);
    if (!ocf_record_parse(given, len, &record)) return 0;
    REQUIRE(pstat_valid(&record.pstat));
    REQUIRE(record.target.count <= OCF_IMAGES && record.installed.count <= OCF_IMAGES);
    const size_t used = ocf_record_format(&record, text);
    REQUIRE(used < OCF_RECORD_TEXT && ocf_record_parse(text, used, &record));
    REQUIRE(ocf_record_format(&record, again) == used && memcmp(text, again, used) == 0);
    return 0;
}
