#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Prints the branch coverage of each file in gcovr's JSON report and each line that has a branch not taken; exit status 1
when the whole is below --least percent."""
import argparse
import json
import pathlib
import sys


def share(taken, total):
    return 100 * taken / total if total else 100.0


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("report", type=pathlib.Path)
    parser.add_argument("--least", type=float, required=True)
    args = parser.parse_args()

    all_taken = all_total = 0
    missed = []
    for file in sorted(json.loads(args.report.read_text())["files"], key=lambda f: f["file"]):
        counts = [[branch["count"] > 0 for branch in line["branches"]] for line in file["lines"]]
        taken, total = sum(map(sum, counts)), sum(map(len, counts))
        if total:
            print(f"{file['file']:<30} {taken:>4} of {total:>4} branches  {share(taken, total):6.2f} %")
        missed += [f"{file['file']}:{line['line_number']}: {len(c) - sum(c)} of {len(c)} branches not taken"
                   for line, c in zip(file["lines"], counts) if not all(c)]
        all_taken, all_total = all_taken + taken, all_total + total
    if not all_total:
        sys.exit("coverage: no branch was counted")
    print("\n".join(missed))
    percent = share(all_taken, all_total)
    print(f"\n{percent:.2f} % of {all_total} branches taken, {args.least:g} % wanted")
    return 0 if percent >= args.least else 1


if __name__ == "__main__":
    sys.exit(main())
