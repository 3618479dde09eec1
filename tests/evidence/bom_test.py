#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""bom_test.py BOM BUILD SITE: the bill of materials by CycloneDX's own schema, and against the files that it speaks of."""
import hashlib
import json
import pathlib
import sys

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from sentences import status, test

BOM, BUILD, SITE = map(pathlib.Path, sys.argv[1:4])


def fault(text):
    return JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)


def files(component):
    for inner in component.get("components", ()):
        yield inner
        yield from files(inner)


def location(name):
    if name.startswith("generated/"):
        return BUILD / name.removeprefix("generated/")
    return SITE / name if (SITE / name).is_file() else pathlib.Path(name)


def wrong(document):
    """Files whose hash is not the one that is there now."""
    return [f["name"] for part in document["components"] for f in files(part) if f["type"] == "file" and
            f["hashes"][0]["content"] != hashlib.sha256(location(f["name"]).read_bytes()).hexdigest()]


def main():
    text = BOM.read_text(encoding="utf-8")
    document = json.loads(text)
    found = fault(text)
    test("given the bill of materials / when validated by CycloneDX's schema / then it is right", found is None, found)
    test("given one whose hash is too short / when validated / then the validator finds it",
         fault(text.replace(document["components"][0]["hashes"][0]["content"], "00")) is not None)
    test("given the files that it names / when hashed / then each is the one that was built from", not wrong(document), *wrong(document))
    parts = {p["name"]: {f["name"] for f in files(p)} for p in document["components"]}
    for name, some in (("firmware", ("fw/app/main.c", "fw/pldm/fd.c", "fw/image/lms.c", "generated/gen/sluice_regs.h", "libc.a", "libgcc.a")),
                       ("boot", ("fw/boot/boot.c", "fw/boot/load.c", "fw/image/lms.c")),
                       ("gateware", ("rtl/soc/sluice_soc.sv", "rtl/hash/sha256.sv", "generated/gen/sluice_regs.sv", "pythondata-cpu-picorv32",
                                     "pythondata_cpu_picorv32/verilog/picorv32.v"))):
        test(f"given what {name} is made of / when looked for / then sources, generated files and those of others are in it",
             set(some) <= parts[name], set(some) - parts[name])
    test("given the folder of the build / when looked for / then it is nowhere in the document",
         str(BUILD.resolve()) not in text and str(pathlib.Path.cwd()) not in text and f'"{BUILD}/' not in text)
    return status()


if __name__ == "__main__":
    sys.exit(main())
