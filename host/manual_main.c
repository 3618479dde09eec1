// SPDX-License-Identifier: Apache-2.0
//
// Part of the build: writes the manual page or the completion of the tool whose table it is linked with.
#include <string.h>

#include "host/manual.h"

int main(int argc, char **argv) {
    if (argc == 2 && strcmp(argv[1], "page") == 0)
        manual_page(stdout, &tool_manual);
    else if (argc == 2 && strcmp(argv[1], "completion") == 0)
        manual_completion(stdout, &tool_manual);
    else
        return tool_error(tool_manual.tool, "manual: page or completion?") + 1;
    return tool_finish(tool_manual.tool, 0);
}
