#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""tools/doc_tests.py DOCUMENT...: whether every test that a document names is there.

A test is named as `file` "words of its sentence"; the words must stand in the file, in one string or in neighbouring
string literals. Ends with exit status 1 and one line for each that is missing.
"""
import pathlib
import re
import sys


def main():
    missing = 0
    for document in map(pathlib.Path, sys.argv[1:]):
        for number, line in enumerate(document.read_text().splitlines(), 1):
            for name, words in re.findall(r'`([\w.-]+/[\w./-]+)` "([^"]+)"', line):
                path = pathlib.Path(name)
                text = re.sub(r'"\s*\n\s*"', "", path.read_text()) if path.is_file() else ""
                if words not in text:
                    print(f"{document}:{number}: {name} has no test \"{words}\"")
                    missing += 1
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
