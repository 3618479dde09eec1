#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""events.py DOCUMENT FILE...: whether lines of events in the files and the table in the document say the same.

The table's rows are events or, with a dot before, objects within them: `name` | `key`, `key?` | meaning. Every line is one
JSON object; what a row has must be there, what it marks with ? may be, and of all files together nothing of the table
is missing. Prints one line for each difference; exit status 1 when there is one.
"""
import json
import pathlib
import re
import sys

COMMON = "every one"


def read_table(document):
    """{row: {key: required}}"""
    rows = {}
    for line in pathlib.Path(document).read_text().split("\n## Events\n")[1].split("\n## ")[0].splitlines():
        cells = [cell.strip() for cell in line.split("|")[1:-1]]
        if len(cells) == 3 and "`" in cells[1]:
            keys = re.findall(r"`([a-z_]+)(\??)`", cells[1])
            rows[cells[0].strip("`")] = {key: mark != "?" for key, mark in keys}
    return rows


class Check:
    def __init__(self, rows):
        self.rows = rows
        self.faults = []
        self.seen = {row: set() for row in rows}

    def keys(self, where, row, got):
        """The keys of one object against its row."""
        if row not in self.rows:
            self.faults.append(f"{where}: {row} is not in the table")
            return
        self.seen[row] |= set(got)
        for key, required in self.rows[row].items():
            if required and key not in got:
                self.faults.append(f"{where}: {row} lacks {key}")
        for key in set(got) - set(self.rows[row]):
            self.faults.append(f"{where}: {row} has {key}, which is not in the table")

    def within(self, where, value):
        """Objects below an object."""
        for key, inner in value.items():
            for item in inner if isinstance(inner, list) else [inner]:
                if isinstance(item, dict):
                    self.keys(where, f".{key}", item)
                    self.within(where, item)

    def line(self, where, text):
        event = json.loads(text)
        common = {key: event.pop(key) for key in self.rows[COMMON] if key in event}
        if not (common.get("event") == "error" and "device" not in common):
            self.keys(where, COMMON, common)
        self.keys(where, common["event"], event)
        self.within(where, event)


def main():
    check = Check(read_table(sys.argv[1]))
    for name in sys.argv[2:]:
        for number, text in enumerate(pathlib.Path(name).read_text().splitlines(), 1):
            check.line(f"{name}:{number}", text)
    for row, keys in check.rows.items():
        check.faults += [f"no {row} had {key}" for key in keys if key not in check.seen[row]]
    print("\n".join(check.faults))
    return 1 if check.faults else 0


if __name__ == "__main__":
    sys.exit(main())
