#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Puts one defect after the other into boot ROM and firmware, builds both for one board of the fault campaign, and runs the
campaign until a run fails: every defect must be found. The table (tests/faults/mutants) says what is changed where; nothing
in the sources knows of it. --defect N takes the Nth one alone. Ends with `N passed, N failed`."""
import argparse
import itertools
import json
import pathlib
import shutil
import subprocess
import sys

VERSIONS = ["1.0.0", "2.0.0"]
LAYOUT = "w25q"  # unless the table says another


class Defect:
    def __init__(self, what, lines):
        self.what = what
        self.kind, _, layout = lines[0][0].partition("@")
        self.layout = layout or LAYOUT
        self.changes = [line[1:4] for line in lines]

    def write(self, folder):
        """The changed files below the folder; returns their names."""
        texts = {}
        for file, old, new in self.changes:
            text = texts.get(file) or pathlib.Path(file).read_text()
            if old not in text:
                sys.exit(f"faults_mutants: {file} has no text '{old}'")
            texts[file] = text.replace(old, new)
        for file, text in texts.items():
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_text(text)
        return set(texts)


def read(path):
    lines = [line for line in path.read_text().splitlines() if line and not line.startswith("#")]
    fields = [[field.strip() for field in line.split(" | ")] for line in lines]
    return [Defect(what, list(group)) for what, group in itertools.groupby(fields, lambda field: field[-1])]


def sh(*words):
    subprocess.run(list(map(str, words)), check=True)


class Firmware:
    """Builds what the campaign needs of a board, with the changed files of a folder in place of ours."""

    def __init__(self, args, layout, folder, changed):
        self.args, self.layout, self.folder, self.changed = args, layout, folder, changed
        self.map = dict(pair.split("=") for pair in args.maps.split())[layout]
        self.compiler = [*args.cc.split(), f"-I{folder}", "-I.", f"-I{args.generated}"]
        self.headers = any(file.endswith(".h") for file in changed)

    def ours(self, file):
        return self.folder / file if file in self.changed else file

    def object(self, file):
        kept = pathlib.Path(f"{self.args.objects}/{file}.o")
        if not self.headers and file not in self.changed and kept.exists():
            return kept
        made = self.folder / f"{file}.o"
        made.parent.mkdir(parents=True, exist_ok=True)
        sh(*self.compiler, "-w", "-c", self.ours(file), "-o", made)
        return made

    def binary(self, elf, sections):
        out = elf.with_suffix(".bin")
        sh(self.args.objcopy, "-O", "binary", *sections, elf, out)
        return out

    def boot(self):
        elf = self.folder / f"boot-{self.layout}.elf"
        sh(*self.compiler, "-w", "-flto", *self.args.ld.split(), "-T", "fw/boot/boot.ld",
           *map(self.ours, self.args.boot.split() + [self.map]), "-o", elf)
        words = self.binary(elf, ["-j", ".text"]).read_bytes()
        words += bytes(self.args.boot_words * 4 - len(words))
        elf.with_suffix(".hex").write_text(
            "".join(f"{int.from_bytes(words[i:i + 4], 'little'):08x}\n" for i in range(0, len(words), 4)))

    def application(self, name, version, extra):
        objects = [self.object(file) for file in [*self.args.app.split(), self.map, *extra]]
        wrap = ["-Wl,--wrap=card_init"] if extra else []
        elf = self.folder / f"app-{self.layout}-{name}.elf"
        sh(*self.args.cc.split(), *self.args.ld.split(), *wrap, "-T", "fw/app/app.ld", *objects,
           f"{self.args.objects}/version-{version}.o", "-o", elf)
        # A name with dots has no suffix that could be exchanged.
        sh(self.args.objcopy, "-O", "binary", "-j", ".text", "-j", ".data", elf, f"{str(elf)[:-4]}.bin")


def find(args, defect, folder):
    """Returns the first run that fails, or None."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    firmware = Firmware(args, defect.layout, folder, defect.write(folder))
    firmware.boot()
    for version in VERSIONS:
        firmware.application(version, version, [])
    firmware.application("hangs", VERSIONS[0], ["tests/system/hang.c"])
    done = subprocess.run([args.program, "--firmware", folder, "--layout", defect.layout, "--runs", str(args.runs), "--only",
                           defect.kind, "--stop"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    lines = [json.loads(line) for line in done.stdout.decode().splitlines() if line.startswith("{")]
    failed = [line for line in lines if not line["passed"]]
    if failed:
        return f"{failed[0]['name']}: {failed[0]['why']}"
    return done.stderr.decode().splitlines()[0] if done.returncode else None


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ["program", "cc", "ld", "objcopy", "generated", "objects", "boot", "app", "maps"]:
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--mutants", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--runs", type=int, default=1600)
    parser.add_argument("--boot-words", type=int, default=1536)
    parser.add_argument("--defect", type=int)
    args = parser.parse_args()
    passed = failed = 0
    for number, defect in enumerate(read(args.mutants), 1):
        if args.defect not in (None, number):
            continue
        found = find(args, defect, args.out / f"{number:02}")
        passed, failed = passed + bool(found), failed + (not found)
        print(f"{'ok' if found else 'not ok'} - defect {number}: {defect.what}: {found or 'no run fails'}", flush=True)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
