#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""release_test.py FWUP FWPKG FWRELEASE: release.json as fwrelease makes it, and that fwup takes exactly what the schemas allow."""
import copy
import json
import pathlib
import sys
import tempfile

import jsonschema

from sentences import run, status, test

FWUP, FWPKG, FWRELEASE = (pathlib.Path(word).resolve() for word in sys.argv[1:4])
NOTES = pathlib.Path("docs/release.txt").resolve()
RELEASE = json.loads(pathlib.Path("docs/release.schema.json").read_text(encoding="utf-8"))
MANIFEST = json.loads(pathlib.Path("docs/test-manifest.schema.json").read_text(encoding="utf-8"))
RECOMMENDED = json.loads(pathlib.Path("docs/release-tests.json").read_text(encoding="utf-8"))
DEVICE = {"link": "sim:a", "eid": 9, "descriptors": ["pci-vendor=0x1234", "pci-device=0x5301"], "components": []}


def describe(folder, notes, *packages):
    (folder / "notes.txt").write_text(notes, encoding="utf-8")
    return run(FWRELEASE, "describe", "--notes", folder / "notes.txt", *packages)


def mutants(document, path=()):
    """The document with one value missing or replaced, and where that was."""
    value = document
    for key in path:
        value = value[key]
    if path:
        for new in ("(missing)", None, -1, 0.5, 10**12, "", "?", "\u00e4", [], {}, True, False, [None], [""]):
            made = copy.deepcopy(document)
            inner = made
            for key in path[:-1]:
                inner = inner[key]
            if new == "(missing)":
                del inner[path[-1]]
            else:
                inner[path[-1]] = new
            yield ".".join(map(str, path)) + f" {json.dumps(new)}", made
    for key in value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        yield from mutants(document, path + (key,))


def agree(what, schema, document, accepts):
    """Both sides say the same of every mutant."""
    validator = jsonschema.Draft202012Validator(schema)
    jsonschema.Draft202012Validator.check_schema(schema)
    both, differ = [0, 0], []
    for name, mutant in mutants(document):
        allowed = validator.is_valid(mutant)
        both[allowed] += 1
        if accepts(mutant) != allowed:
            differ.append(f"{name}: the schema {'allows' if allowed else 'refuses'} it")
    test(f"given {what} with each value missing or replaced / when the schema and fwup read it / then they agree",
         not differ and min(both) >= 10 and validator.is_valid(document) and accepts(document), both, *differ[:20])


def takes_release(folder):
    (folder / "policy.json").write_text('{"format": 1, "gate": []}', encoding="utf-8")

    def accepts(document):
        (folder / "release.json").write_text(json.dumps(document), encoding="utf-8")
        return run(FWUP, "check", "--policy", folder / "policy.json", folder, text=json.dumps(DEVICE))[0] == 0
    return accepts


def takes_manifest(folder):
    """A manifest that is taken fails later, as there is no card that could be started."""
    def accepts(document):
        (folder / "test-manifest.json").write_text(json.dumps(document), encoding="utf-8")
        return "test-manifest.json" not in run(FWUP, "replay-tests", "--card", "/absent", folder)[2]
    return accepts


def commands(folder):
    accepts = takes_manifest(folder)
    base = {"format": 1, "card": {"flash": "f", "part": "p"}}
    for good, command in (
            (True, ["fwup", "--link", "{card}", "inventory"]), (True, ["fwpkg", "verify", "--public-key", "{folder}/key.pub", "{package}"]),
            (True, ["unchanged", "0x1000", "4K"]), (False, ["sh", "-c", "update"]), (False, ["fwpkg", "keygen", "-o", "x"]),
            (False, ["fwup", "replay-tests", "x"]), (False, ["fwpkg", "show", "/etc/passwd"]), (False, ["fwpkg", "show", "{folder}/../x"]),
            (False, ["fwpkg", "show", "../x"]), (False, ["fwpkg", "show", "--output=/x"]), (False, ["unchanged", "x", "1"]),
            (False, ["unchanged", "0", "0"]), (False, ["unchanged", "1"]), (False, ["/bin/fwup", "update"])):
        made = {**base, "tests": [{"name": "n", "proves": "p", "command": command, "status": 0, "output": []}]}
        test(f"given a manifest with the command '{' '.join(command)}' / when read / then it is {'taken' if good else 'refused'}",
             accepts(made) == good)


def package(folder):
    (folder / "payload").write_bytes(bytes(5000))
    name = folder / "card.pldm"
    run(FWPKG, "create", "-o", name, "--package-version", "2.1.0", "--descriptor", "pci-vendor=0x1234", "--descriptor", "pci-device=0x5301",
        "--component", f"payload={folder}/payload,class=10,id=1,version=2.1.0,stamp=0x02010000")
    return name


def descriptions(folder, name):
    notes = NOTES.read_text(encoding="utf-8")
    code, out, error = describe(folder, notes, name)
    test("given the notes of the next release and a package / when described / then release.json is what the schema allows",
         code == 0 and jsonschema.Draft202012Validator(RELEASE).is_valid(json.loads(out)), error)
    made = json.loads(out)
    test("given the same / when read / then file, devices and components are the package's",
         (made["version"], made["package"]["file"], made["package"]["bytes"], made["devices"], made["components"]) ==
         ("2.1.0", "card.pldm", name.stat().st_size, [{"descriptors": ["pci-vendor=0x1234", "pci-device=0x5301"]}],
          [{"classification": 10, "identifier": 1, "version": "2.1.0", "stamp": 0x02010000}]), out)
    test("given the same twice / when described / then the same bytes", describe(folder, notes, name)[1] == out)
    more = describe(folder, notes + "Needs: 0x000a:0x0002 >=2.0|<3\nWithdrawn: 2026-12-01 It forgets.\n", name)[1]
    test("given a need and a withdrawal / when described / then both are there",
         json.loads(more)["dependencies"]["components"] == [{"classification": 10, "identifier": 2, "versions": ">=2.0|<3"}] and
         json.loads(more)["withdrawn"] == {"date": "2026-12-01", "reason": "It forgets."}, more)
    for what, text, said in (
            ("a need that is none", notes + "Needs: gateware\n", "not 0xCCCC:0xIIII and a range of versions"),
            ("too many days", notes.replace("Install: 7", "Install: 3651"), "Install is more than 3650 days"),
            ("a day that is none", notes.replace("Released: 2026-11-27", "Released: 2026-11-31"), "not a day, YYYY-MM-DD"),
            ("an unknown activation", notes.replace("self-contained", "magic"), "not one of automatic self-contained")):
        code, out, error = describe(folder, text, name)
        test(f"given notes with {what} / when described / then status 1 and one line",
             (code, out, error.count("\n")) == (1, "", 1) and said in error, error)
    code, out, error = describe(folder, notes, folder / "payload")
    test("given a file that is no package / when described / then status 1 and one line",
         (code, out, error.count("\n")) == (1, "", 1) and "not a PLDM firmware update package" in error, error)
    return made | {"dependencies": json.loads(more)["dependencies"]}


def main():
    with tempfile.TemporaryDirectory() as folder_name:
        folder = pathlib.Path(folder_name)
        made = descriptions(folder, package(folder))
        accepts = takes_release(folder)
        agree("release.json", RELEASE, made, accepts)
        agree("a withdrawn release.json", RELEASE, made | {"withdrawn": {"date": "2026-12-01", "reason": "x"}}, accepts)
        accepts(made)
        first = RECOMMENDED["tests"][5] | {"restart": True, "result": "passed"}
        agree("test-manifest.json", MANIFEST, RECOMMENDED | {"release": "2.1.0", "tests": [first]}, takes_manifest(folder))
        test("given the recommended tests / when the schema and fwup read them / then both take them",
             jsonschema.Draft202012Validator(MANIFEST).is_valid(RECOMMENDED) and takes_manifest(folder)(RECOMMENDED))
        commands(folder)
    return status()


if __name__ == "__main__":
    sys.exit(main())
