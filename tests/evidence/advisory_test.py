#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""advisory_test.py FWRELEASE: advisories as CSAF 2.0 by a public validator, as texts, and the life of a flaw."""
import datetime
import json
import pathlib
import re
import sys
import tempfile

from sentences import run, status, test, usage

FWRELEASE = pathlib.Path(sys.argv[1]).resolve()
FOLDER = pathlib.Path("docs/advisories")
PUBLISHER = FOLDER / "publisher.txt"
ADVISORIES = sorted(FOLDER.glob("SLUICE-*.txt"))
VALIDATOR = [sys.executable, "-m", "csaf", "validate", "--spec-version", "v20", "--no-network", "--preset", "mandatory"]
BASE = """Advisory: TEST-1
Title: A flaw
State: 2026-01-05 received
State: 2026-01-07 confirmed
State: 2026-02-01 fixed: with a test
State: 2026-02-10 published
Severity: moderate
Component: firmware
PLDM: 0x000a:0x0001
Affected: >=1.0.0|<1.2.0
Fixed: 1.2.0
Install: 90
Revision: 2026-02-10 First published.
Summary: What it is, with "quotes" and a \\.
 More of it.
 .
 A second paragraph.
Impact: What it does.
Remedy: Install 1.2.0.
"""
STATES = ["received", "confirmed", "fixed", "published", "rejected", "withdrawn"]


def fwrelease(folder, command, text, *options):
    (folder / "advisory.txt").write_text(text, encoding="utf-8")
    return run(FWRELEASE, command, *options, folder / "advisory.txt")


def until(state):
    """The base's life up to that state."""
    keep = STATES[:STATES.index(state) + 1]
    return "".join(line + "\n" for line in BASE.splitlines()
                   if not line.startswith("State") or line.split()[2].rstrip(":") in keep)


def csaf_is_valid(folder, name, text):
    code, out, error = fwrelease(folder, "csaf", text, "--publisher", PUBLISHER)
    document = folder / f"{name}.json"
    document.write_text(out, encoding="utf-8")
    good, said, _ = run(*VALIDATOR, document)
    test(f"given advisory {name} / when made into CSAF / then the validator of CSAF 2.0 finds nothing",
         code == 0 and good == 0, error, *[line for line in said.splitlines() if "[PASS]" not in line])
    return out


def validator_sees(folder, out):
    """The validator is one that can fail."""
    document = json.loads(out)
    del document["document"]["tracking"]["version"]
    (folder / "broken.json").write_text(json.dumps(document), encoding="utf-8")
    document = json.loads(out)
    document["vulnerabilities"][0]["product_status"]["fixed"] = ["AFFECTED"]
    (folder / "contradiction.json").write_text(json.dumps(document), encoding="utf-8")
    for name in ("broken", "contradiction"):
        test(f"given a {name} in the CSAF document / when validated / then the validator finds it",
             run(*VALIDATOR, folder / f"{name}.json")[0] != 0)


def documents(folder):
    for path in ADVISORIES:
        text = path.read_text(encoding="utf-8")
        if re.search(r"^State: \S+ published", text, re.M):
            out = csaf_is_valid(folder, path.stem, text)
    validator_sees(folder, out)
    withdrawn = BASE.replace("Severity", "State: 2026-03-01 withdrawn\nSeverity").replace(
        "Summary", "Revision: 2026-03-01 Withdrawn.\nSummary")
    out = json.loads(csaf_is_valid(folder, "withdrawn", withdrawn))
    test("given two revisions / when made into CSAF / then both are in the history and the last one is in force",
         [r["number"] for r in out["document"]["tracking"]["revision_history"]] == ["1", "2"] and
         out["document"]["tracking"]["version"] == "2")
    out = json.loads(csaf_is_valid(folder, "plain", BASE))
    summary = out["vulnerabilities"][0]["notes"][0]["text"]
    test("given paragraphs and characters that JSON escapes / when made into CSAF / then the text is as it was",
         summary == 'What it is, with "quotes" and a \\. More of it.\n\nA second paragraph.', repr(summary))
    notice = fwrelease(folder, "notice", BASE, "--publisher", PUBLISHER)[1]
    words = ("TEST-1: A flaw", "moderate", ">=1.0.0|<1.2.0", "1.2.0", "within 90 days", "What it is", "A second paragraph.",
             "What it does.", "Install 1.2.0.", "2026-02-10 First published.")
    test("given the same advisory / when made into a notice / then it says all of it in lines that a mail can carry",
         all(w in notice for w in words) and all(len(line) <= 78 for line in notice.splitlines()), notice)


def secrecy(folder):
    for state in ("received", "confirmed", "fixed"):
        for command in ("csaf", "notice"):
            code, out, error = fwrelease(folder, command, until(state), "--publisher", PUBLISHER)
            test(f"given a flaw that is not public / when {command} is asked for / then it is refused while it is {state}",
                 code == 1 and out == "" and error == f"fwrelease: TEST-1 is not public: it is {state}\n", error)


def times(folder):
    table = re.findall(r"^\| `(\w+)` \|.*\| (?:(\d+) days( from the report)?|ends there) \|$",
                       pathlib.Path("SECURITY.md").read_text(encoding="utf-8"), re.M)
    test("given the tool's states / when SECURITY.md is read / then it says the same", [t[0] for t in table] == STATES)
    for state, days, counted in table:
        if not days:
            continue
        first = datetime.date(2026, 1, 5) if counted else datetime.date(2026, 2, 1)
        last = first + datetime.timedelta(days=int(days))
        good = fwrelease(folder, "state", until(state), "--today", last)
        late = fwrelease(folder, "state", until(state), "--today", last + datetime.timedelta(days=1))
        test(f"given SECURITY.md's {days} days for {state} / when they end / then it is late on that day and not before",
             (good[0], late[0]) == (0, 1) and f"until {last}" in good[1] and late[1].endswith(": LATE\n"), good, late)
    code, out, _ = fwrelease(folder, "state", BASE, "--today", "2126-01-01")
    test("given a flaw that is published / when time goes by / then it is never late",
         (code, out) == (0, "TEST-1 published since 2026-02-10\n"), out)
    code, out, error = run(FWRELEASE, "state", *ADVISORIES)
    test("given the flaws of this project / when judged today / then none is past the time of its state", code == 0, out, error)


def refusals(folder):
    first, second = "State: 2026-01-05 received\n", "State: 2026-01-07 confirmed\n"
    for what, text, line, reason in (
            ("a first state that is not received", BASE.replace(first, ""), 3, "a state that does not follow the one above it"),
            ("a state that does not follow", BASE.replace(second, ""), 4, "a state that does not follow the one above it"),
            ("an unknown state", BASE.replace("confirmed", "pondered"), 4, "no such state"),
            ("a date that goes back", BASE.replace("2026-02-01", "2026-01-06"), 5, "before the date above it"),
            ("a day that is none", BASE.replace("2026-02-01", "2026-02-30"), 5, "not YYYY-MM-DD and a text: State"),
            ("an unknown key", BASE + "Colour: red\n", 20, "unknown key"),
            ("a key twice", BASE + "Title: again\n", 20, "twice: Title"),
            ("a missing key", BASE.replace("Install: 90\n", ""), 18, "ends without Install"),
            ("an empty value", BASE.replace("A flaw", ""), 2, "has no value: Title"),
            ("an unknown severity", BASE.replace("moderate", "dire"), 7, "not one of critical important moderate low"),
            ("a range that is none", BASE.replace("|<1.2.0", "|1.2.0"), 10, "not a range of versions: Affected"),
            ("a component without its number", BASE.replace("0x000a:0x0001", "10:1"), 9,
             "not 0xCCCC:0xIIII, classification and identifier of the component"),
            ("a number that is none", BASE.replace("90", "soon"), 12, "not a number: Install"),
            ("a name in lower case", BASE.replace("TEST-1", "test"), 1, "not a name of capitals, digits and '-'"),
            ("a weakness without name", BASE + "CWE: CWE-345\n", 20, "not CWE-NUMBER and its name"),
            ("a line without key", BASE + "nothing\n", 20, "not `Key: value`"),
            ("a value before any key", " more\n" + BASE, 1, "goes on with a value, but none is before it"),
            ("other characters than ASCII", BASE.replace("A flaw", "Ein Fehler\u00e4"), 2, "not printable ASCII"),
            ("a fix without version", BASE.replace("Fixed: 1.2.0\n", ""), 0, "fixed, but there is no `Fixed` version")):
        code, out, error = fwrelease(folder, "csaf", text, "--publisher", PUBLISHER)
        test(f"given an advisory with {what} / when read / then one line says where and why",
             (code, out, error) == (1, "", f"fwrelease: {folder}/advisory.txt:{line}: {reason}\n"), error)


WRONG = ((["csaf", "x"], "--publisher is missing"), (["state"], "a file is missing"), ([], "a command is missing: csaf"),
         (["notice", "--publisher", "x", "y", "z"], "more files than it takes: z"), (["sing"], "unknown command sing"),
         (["state", "--publisher", "x", "y"], "--publisher is no option of state"),
         (["state", "--today", "soon", "y"], "--today soon: not YYYY-MM-DD"))


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        documents(folder)
        secrecy(folder)
        times(folder)
        refusals(folder)
    usage(FWRELEASE, WRONG)
    return status()


if __name__ == "__main__":
    sys.exit(main())
