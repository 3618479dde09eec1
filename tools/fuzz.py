#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""tools/fuzz.py test|run|merge TARGET CORPUS.hex: runs one libFuzzer target with its corpus, one input a line in hex.

test   replays the corpus and tries inputs up to --runs in all, seed 1; prints `ok - sentence` lines for tests/run
run    tries inputs for --seconds or up to --runs; what reaches something new is kept in TARGET.corpus
merge  writes the smallest set of inputs of CORPUS.hex and TARGET.corpus that reaches the same back into CORPUS.hex

A finding is kept in TARGET.findings, and the line that replays it is printed; the exit status is then 1.
"""
import argparse
import pathlib
import random
import re
import shutil
import subprocess
import sys

TIMEOUT = 60  # seconds for one input; a guard against hangs, not an expectation


def unpack(corpus, folder):
    """One file an input; the names keep the order of the lines."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = corpus.read_text().split() if corpus.exists() else []
    paths = [folder / f"{number:05}" for number in range(len(lines))]
    for path, line in zip(paths, lines):
        path.write_bytes(bytes.fromhex(line))
    return paths


def pack(folder, corpus):
    inputs = {path.read_bytes().hex() for path in folder.iterdir()} - {""}
    corpus.write_text("".join(line + "\n" for line in sorted(inputs, key=lambda line: (len(line), line))))
    return len(inputs)


def fuzz(target, *options):
    """Runs the target; returns whether nothing was found, and what it printed."""
    findings = pathlib.Path(f"{target}.findings")
    findings.mkdir(exist_ok=True)
    done = subprocess.run([target, f"-timeout={TIMEOUT}", f"-artifact_prefix={findings}/", *options],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    text = done.stdout.decode(errors="replace")
    return done.returncode == 0, text


def explain(target, text, mark=""):
    """What was found and where in our sources, without libFuzzer's progress, and the line that replays it."""
    for line in text.splitlines():
        if re.search(r"does not hold|runtime error|ERROR: |SUMMARY: |^ +#\d+ .* (fw|host|tests)/\S+:\d+", line):
            print(mark + line)
    for path in re.findall(r"Test unit written to (\S+)", text):
        print(f"{mark}replay: {target} {path}")


def count(text):
    runs = re.findall(r"^#(\d+)\s", text, re.M)
    return int(runs[-1]) if runs else 0


def test(args):
    name = pathlib.Path(args.target).name
    replayed = unpack(args.corpus, fresh(f"{args.target}.replay"))
    if not replayed:
        sys.exit(f"{args.corpus}: holds no input")
    listed = pathlib.Path(f"{args.target}.replay.list")
    listed.write_text(",".join(map(str, replayed)))
    stages = (
        (f"given the corpus of {name} / when its {len(replayed)} inputs are replayed / then all invariants hold",
         list(map(str, replayed))),
        (f"given the fuzz target {name} and seed 1 / when {args.runs} inputs are tried / then all invariants hold",
         ["-seed=1", f"-runs={args.runs}", f"-max_len={args.max_len}", f"-seed_inputs=@{listed}"]))
    good = True
    for sentence, options in stages:
        held, text = fuzz(args.target, *options)
        if not held:
            explain(args.target, text, "# ")
        print(f"{'ok' if held else 'not ok'} - {sentence}", flush=True)
        good = good and held
    return good


def run(args):
    seed = args.seed or random.randrange(1, 2**31)
    limit = f"-runs={args.runs}" if args.runs else f"-max_total_time={args.seconds}"
    print(f"{pathlib.Path(args.target).name}: seed {seed}", flush=True)
    grown = pathlib.Path(f"{args.target}.corpus")
    grown.mkdir(exist_ok=True)
    unpack(args.corpus, fresh(f"{args.target}.known"))
    held, text = fuzz(args.target, f"-seed={seed}", limit, f"-max_len={args.max_len}", grown, f"{args.target}.known")
    if not held:
        explain(args.target, text)
    print(f"  {count(text)} inputs tried, {'nothing found' if held else 'FAILED'}", flush=True)
    return held


def merge(args):
    known, grown, least = fresh(f"{args.target}.known"), pathlib.Path(f"{args.target}.corpus"), fresh(
        f"{args.target}.least")
    unpack(args.corpus, known)
    grown.mkdir(exist_ok=True)
    held, text = fuzz(args.target, "-merge=1", "-use_counters=0", f"-max_len={args.max_len}", least, known, grown)
    if not held:
        explain(args.target, text)
        return False
    inputs = pack(least, args.corpus)
    print(f"{args.corpus}: {inputs} inputs, {args.corpus.stat().st_size} bytes")
    return True


def fresh(folder):
    shutil.rmtree(folder, ignore_errors=True)
    pathlib.Path(folder).mkdir(parents=True)
    return pathlib.Path(folder)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("action", choices=("test", "run", "merge"))
    parser.add_argument("target")
    parser.add_argument("corpus", type=pathlib.Path)
    parser.add_argument("--max-len", type=int, default=4096, help="bytes of the longest input")
    parser.add_argument("--runs", type=int)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--seed", type=int)
    args = parser.parse_args()
    return 0 if {"test": test, "run": run, "merge": merge}[args.action](args) else 1


if __name__ == "__main__":
    sys.exit(main())
