#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""tools/doc_tests.py DOCUMENT...: whether every test and every file that a document names is there.

A test is named as `file` "words of its sentence"; the words must stand in the file, in one string or in neighbouring
string literals. A file or folder is any other name in backticks that begins with a folder of the repository (one with NAME in it stands for
several); `make TARGET` names a rule of a makefile, and `TOOL COMMAND` what the tool's manual has. Ends with exit status 1 and one line for each that is missing.
"""
import pathlib
import re
import subprocess
import sys

FOLDERS = ("fw", "host", "rtl", "sim", "tests", "tools", "docs", "constraints", ".well-known")
NAME = re.compile(rf"`((?:{'|'.join(map(re.escape, FOLDERS))})/[\w./-]*|SECURITY\.md|README\.md|Makefile)`")
TEST = re.compile(r'`([\w.-]+/[\w./-]+)` "([^"]+)"')
GOAL = re.compile(r"`make ([a-z][a-z-]*)[^`]*`")
COMMAND = re.compile(r"`(fwup|fwpkg|fwrelease) (?:--json )?([a-z][a-z-]*)[^`]*`")


def targets():
    """The goals that the makefiles name on the left of a rule."""
    listed = subprocess.run(["git", "ls-files", "Makefile", "*.mk"], capture_output=True, text=True, check=True).stdout.split()
    text = "\n".join(pathlib.Path(path).read_text(encoding="utf-8") for path in listed)
    return {word for line in re.findall(r"^([a-z][\w -]*?) *:(?!=)", text, re.M) for word in line.split()}


def has_command(tool, command):
    return f'"{command}", "' in pathlib.Path(f"host/{tool}_manual.c").read_text(encoding="utf-8")


def missing(line, goals):
    """What the line names and is not there."""
    for name, words in TEST.findall(line):
        path = pathlib.Path(name)
        text = re.sub(r'"\s*\n\s*"', "", path.read_text()) if path.is_file() else ""
        if words not in text:
            yield f"{name} has no test \"{words}\""
    for name in NAME.findall(line):
        if "NAME" not in name and not pathlib.Path(name).exists() and not any(pathlib.Path().glob(name + ".*")):
            yield f"there is no {name}"
    for goal in GOAL.findall(line):
        if goal not in goals:
            yield f"there is no make {goal}"
    for tool, command in COMMAND.findall(line):
        if not has_command(tool, command):
            yield f"{tool} has no command {command}"


def main():
    found, goals = 0, targets()
    for document in map(pathlib.Path, sys.argv[1:]):
        for number, line in enumerate(document.read_text().splitlines(), 1):
            for reason in missing(line, goals):
                print(f"{document}:{number}: {reason}")
                found += 1
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
