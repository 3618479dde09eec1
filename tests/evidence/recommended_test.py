#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""recommended_test.py EVIDENCE: what goes with a release is whole, and its recommended tests have passed on the Verilated card."""
import hashlib
import json
import pathlib
import sys

import jsonschema

from sentences import status, test

EVIDENCE = pathlib.Path(sys.argv[1])


def load(path):
    return json.loads(pathlib.Path(path).read_text(encoding="utf-8"))


def main():
    for name in ("release", "test-manifest"):
        validator = jsonschema.Draft202012Validator(load(f"docs/{name}.schema.json"))
        test(f"given the evidence of a release / when {name}.json is read / then it is what its schema allows",
             validator.is_valid(load(EVIDENCE / f"{name}.json")))
    release, manifest = load(EVIDENCE / "release.json"), load(EVIDENCE / "test-manifest.json")
    package = (EVIDENCE / release["package"]["file"]).read_bytes()
    test("given the package / when hashed / then it is the one of release.json",
         hashlib.sha256(package).hexdigest() == release["package"]["sha256"])
    for one in manifest["tests"]:
        test(f"given the release on a simulated card / when tested '{one['name']}' / then {one['proves']}",
             manifest["release"] == release["version"] and one.get("result") == "passed", one)
    return status()


if __name__ == "__main__":
    sys.exit(main())
