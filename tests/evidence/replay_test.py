#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""replay_test.py FWUP FWPKG FWRELEASE CARD: fwup replay-tests against the scripted device (tests/host/cli_card.c)."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

from sentences import run, status, test

FWUP, FWPKG, FWRELEASE, CARD = (pathlib.Path(word).resolve() for word in sys.argv[1:5])
NOTES = pathlib.Path("docs/release.txt").resolve()
STARTED = """#!/bin/sh
# Called as sluice-sim: --flash FILE --part PART --link sim:PATH --quiet
echo "$@" >>{folder}/starts
{action}
exec {card} sim "${{6#sim:}}" {folder}/got
"""


def a_test(command, code=0, output=(), **more):
    return {"name": "it", "proves": "that it works", "command": command.split(), "status": code, "output": list(output), **more}


UPDATE = a_test("fwup --link {card} update {package}", output=["updated, 2 of 2 components"])
INVENTORY = a_test("fwup --link {card} inventory", output=["IDLE"])
UNCHANGED = a_test("unchanged 0x1000 0x1000")


class Release:
    """A folder with a package, its release.json, a flash and a program that stands for the card."""

    def __init__(self, folder):
        self.folder = folder / "release"
        self.work = folder
        self.folder.mkdir()
        (folder / "payload").write_bytes(b"small payload")
        run(FWPKG, "create", "-o", self.folder / "card.pldm", "--package-version", "2.0", "--descriptor", "pci-vendor=0x1234",
            "--descriptor", "pci-device=0x5301", *[word for n in (1, 2) for word in (
                "--component", f"payload={folder}/payload,class=10,id={n},version=2.0,stamp=2,raw")])
        run(FWRELEASE, "describe", "--notes", NOTES, "-o", self.folder / "release.json", self.folder / "card.pldm")
        (self.folder / "flash").write_bytes(bytes(range(256)) * 64)
        os.environ["TMPDIR"] = str(folder / "tmp")
        (folder / "tmp").mkdir()

    def replay(self, *tests, action="", options=()):
        program = self.work / "card"
        program.write_text(STARTED.format(folder=self.work, card=CARD, action=action), encoding="utf-8")
        program.chmod(0o755)
        (self.work / "starts").write_text("", encoding="utf-8")
        (self.folder / "test-manifest.json").write_text(
            json.dumps({"format": 1, "card": {"flash": "flash", "part": "w25q128jv"}, "tests": tests}), encoding="utf-8")
        return run(FWUP, "--json", "replay-tests", "--card", program, *options, self.folder)

    def starts(self):
        return len((self.work / "starts").read_text(encoding="utf-8").splitlines())

    def leftovers(self):
        return list((self.work / "tmp").iterdir())


def results(out):
    return [json.loads(line).get("result") for line in out.splitlines()][:-1]


def passing(release):
    code, out, error = release.replay(INVENTORY, UPDATE, INVENTORY, UNCHANGED)
    test("given a release and tests that hold / when replayed / then all pass, status 0",
         (code, results(out)) == (0, ["passed"] * 4), out, error)
    test("given the same / when replayed / then the card was started once, and nothing is left behind",
         release.starts() == 1 and not release.leftovers(), release.starts(), release.leftovers())
    code, out, _ = release.replay(INVENTORY, INVENTORY | {"restart": True}, UNCHANGED, INVENTORY)
    test("given a restart and a look at the flash before other tests / when replayed / then the card was started anew for each",
         (code, release.starts()) == (0, 3), release.starts(), out)
    show = a_test("fwpkg show {package}", output=["{version}"])
    test("given what stands for folder and package / when replayed / then it is put in, in commands and outputs",
         release.replay(show)[0] == 0)
    refused = a_test("fwup --link {card} --component 7 update {package}", code=1, output=["there is no component 7"])
    test("given a test that a command must fail / when it fails as it should / then it has passed",
         results(release.replay(refused)[1]) == ["passed"])


def failing(release):
    for what, tests, action, want, reason in (
            ("a command with another status", [INVENTORY | {"status": 1}, INVENTORY], "", ["failed", "passed"], "status 0"),
            ("an output that is not there", [INVENTORY | {"output": ["nonsense"]}], "", ["failed"], "does not say what it should"),
            ("flash that was written where it must not be", [INVENTORY, UNCHANGED], "printf x | dd of=$2 bs=1 seek=4096 conv=notrunc 2>/dev/null",
             ["passed", "failed"], "it was changed"),
            ("flash that was written beside it", [INVENTORY, UNCHANGED], "printf x | dd of=$2 bs=1 seek=8192 conv=notrunc 2>/dev/null",
             ["passed", "passed"], ""),
            ("flash that ends before it", [a_test("unchanged 0x4000 1")], "", ["failed"], "it was changed"),
            ("a card that does not start", [INVENTORY, INVENTORY], "exit 3", ["failed", "failed"], "did not start"),
            ("a card whose link is dead", [INVENTORY], 'touch "${6#sim:}"; sleep 5', ["failed"], "status 1")):
        code, out, error = release.replay(*tests, action=action)
        test(f"given {what} / when replayed / then {want.count('failed')} of {len(want)} tests fail, and it says why",
             results(out) == want and code == ("failed" in want) and reason in out and not release.leftovers(), code, out, error)


def recording(release):
    tests = (INVENTORY, UPDATE | {"status": 1}, UNCHANGED, INVENTORY | {"restart": True})
    release.replay(*tests, options=["--record"])
    path = release.folder / "test-manifest.json"
    made = json.loads(path.read_text(encoding="utf-8"))
    test("given --record / when replayed / then the manifest has the release and each result, all else as it was",
         made == {"format": 1, "release": "2.0", "card": {"flash": "flash", "part": "w25q128jv"},
                  "tests": [t | {"result": r} for t, r in zip(tests, ("passed", "failed", "passed", "passed"))]}, made)
    release.replay(*tests)
    test("given no --record / when replayed / then the manifest is as it was", "release" not in json.loads(path.read_text(encoding="utf-8")))
    program = release.work / "card"
    text = run(FWUP, "replay-tests", "--card", program, release.folder)[1].splitlines()
    test("given no --json / when replayed / then one line a test, the reason below one that failed, and the sums",
         text[0].split()[:2] == ["passed", "it"] and text[1].startswith("FAILED") and text[2].startswith("        status 0") and
         text[-1] == "release 2.0: 3 passed, 1 failed", *text)


def refusals(release):
    release.replay(INVENTORY)
    package = release.folder / "card.pldm"
    good = package.read_bytes()
    for what, prepare, said in (
            ("a package that was changed", lambda: package.write_bytes(good[:-1] + b"X"), "not the package that release.json speaks of"),
            ("a package that is longer", lambda: package.write_bytes(good + b"X"), "not the package that release.json speaks of"),
            ("no package", package.unlink, "No such file or directory"),
            ("no flash", (release.folder / "flash").unlink, "No such file or directory"),
            ("no manifest", (release.folder / "test-manifest.json").unlink, "test-manifest.json: No such file or directory"),
            ("no release.json", (release.folder / "release.json").unlink, "release.json: No such file or directory"),
            ("no folder", lambda: None, "absent: not there")):
        prepare()
        where = release.work / "absent" if what == "no folder" else release.folder
        code, out, error = run(FWUP, "replay-tests", "--card", release.work / "card", where)
        if what != "no package":
            package.write_bytes(good)
        test(f"given {what} / when replayed / then status 1 and one line, before any card is started",
             (code, out, error.count("\n")) == (1, "", 1) and said in error and not release.leftovers(), error, out)
        package.write_bytes(good)


def from_inventory_to_gate(release):
    """What fwup itself prints of a device is what fwup check takes."""
    link, policy = release.work / "link", release.work / "policy.json"
    policy.write_text('{"format": 1, "agent": "1.0.1", "boot": "1.0.0", "gate": ["due"]}', encoding="utf-8")
    with subprocess.Popen([CARD, "sim", link, release.work / "dump"], stdout=subprocess.PIPE, text=True) as card:
        card.stdout.readline()
        inventory = run(FWUP, "--json", "--link", f"sim:{link}", "inventory")[1]
        card.kill()
    code, out, error = run(FWUP, "check", "--policy", policy, "--today", "2026-11-30", release.folder, text=inventory)
    lines = out.splitlines()
    test("given a device and a newer release / when its inventory is piped into check / then both components are due, gate closed",
         code == 1 and [line.split("  ")[2] for line in lines[:2]] == ["due", "due"] and lines[-1].startswith("gate closed"), out, error)


def main():
    with tempfile.TemporaryDirectory() as name:
        release = Release(pathlib.Path(name))
        from_inventory_to_gate(release)
        passing(release)
        failing(release)
        recording(release)
        refusals(release)
    return status()


if __name__ == "__main__":
    sys.exit(main())
