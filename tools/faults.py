#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The fault campaign's driver: runs shards of build/tests/faults/faults, merges what they say, and reports it.

run    runs the shards, --jobs at a time, each into OUT/shard-NNN.jsonl, then merges them
merge  OUT/shard-*.jsonl of any machine into OUT/results.json, OUT/junit.xml and OUT/report.html
test   runs one shard and prints `ok - sentence` lines for tests/run, one for each kind and phase

The exit status is 1 when a run failed, or when a shard ended before its last run.
"""
import argparse
import concurrent.futures
import json
import pathlib
import subprocess
import sys

from faults_report import KINDS, cells, write_html, write_json, write_junit

DONE = "# done"  # a shard's last line


def command(args, shard):
    return [args.program, "--firmware", args.firmware, "--runs", str(args.runs), "--shard", f"{shard}/{args.shards}"]


def shard_path(out, shard):
    return out / f"shard-{shard:03}.jsonl"


def run_shard(args, shard):
    path = shard_path(args.out, shard)
    with path.open("wb") as stream:
        done = subprocess.run(command(args, shard), stdin=subprocess.DEVNULL, stdout=stream, check=False)
    runs = read_shard(path)
    failed = sum(not run["passed"] for run in runs)
    print(f"shard {shard + 1} of {args.shards}: {len(runs)} runs, {failed} failed", flush=True)
    return done.returncode


def read_shard(path):
    """Its runs; one that did not get to its end has another, failed one, which names the last run before the end."""
    lines = path.read_text().splitlines()
    runs = [json.loads(line) for line in lines if line.startswith("{") and line.endswith("}")]
    if not lines or not lines[-1].startswith(DONE):
        last = runs[-1]["name"] if runs else "its begin"
        runs.append({"name": f"broken/{path.stem}", "passed": False, "known": False, "seconds": 0.0, "cycles": 0,
                     "why": f"the shard ended behind {last}"})
    return runs


def merge(out):
    paths = sorted(out.glob("shard-*.jsonl"))
    runs = [run for path in paths for run in read_shard(path)]
    names = [run["name"] for run in runs]
    if not runs or len(set(names)) != len(names):
        sys.exit(f"faults: {out}: no runs, or some twice")
    runs.sort(key=lambda run: run["name"])
    write_json(out / "results.json", runs)
    write_junit(out / "junit.xml", runs)
    write_html(out / "report.html", runs)
    failed = [run for run in runs if not run["passed"]]
    for run in failed[:50]:
        print(f"FAIL {run['name']}: {run['why']}")
    seconds, known = sum(run["seconds"] for run in runs), sum(run["known"] for run in runs)
    print(f"{len(runs)} runs, {known} of them of a flash that another run had left alike, {seconds:.0f} s of processor; "
          f"{out}/report.html")
    print(f"{len(runs) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


def run(args):
    args.out.mkdir(parents=True, exist_ok=True)
    for old in args.out.glob("shard-*.jsonl"):
        old.unlink()
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        list(pool.map(lambda shard: run_shard(args, shard), range(args.shards)))
    return merge(args.out)


def test(args):
    args.out.mkdir(parents=True, exist_ok=True)
    run_shard(args, args.shard)
    runs = read_shard(shard_path(args.out, args.shard))
    for (kind, phase), group in sorted(cells(runs).items()):
        failed = [run for run in group if not run["passed"]]
        for one in failed:
            print(f"# {one['name']}: {one['why']}")
        fault = KINDS.get(kind, "a shard that broke")
        print(f"{'not ok' if failed else 'ok'} - given {fault} in phase {phase}, {len(group)} runs, then one authentic image "
              "starts and the update succeeds")
    return 1 if any(not run["passed"] for run in runs) else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("action", choices=["run", "merge", "test"])
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--program")
    parser.add_argument("--firmware")
    parser.add_argument("--runs", type=int, default=14000)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--shards", type=int, default=8)
    parser.add_argument("--shard", type=int, default=0)
    args = parser.parse_args()
    if args.action == "merge":
        return merge(args.out)
    if not args.program or not args.firmware:
        parser.error("--program and --firmware are needed")
    return run(args) if args.action == "run" else test(args)


if __name__ == "__main__":
    sys.exit(main())
