#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""fleet_test.py FWUP FWRELEASE: what fwup check concludes of inventories, releases, advisories and policies."""
import copy
import json
import pathlib
import shutil
import sys
import tempfile

from sentences import run, status, test, usage

FWUP, FWRELEASE = (pathlib.Path(word).resolve() for word in sys.argv[1:3])
TODAY = "2026-03-01"
FIRMWARE, GATEWARE = (10, 1), (10, 2)
POLICY = {"format": 1, "agent": "1.0.1", "boot": "1.0.0", "gate": ["overdue", "blocked", "unapproved", "withdrawn", "vulnerable", "unknown"]}
ADVISORY = """Advisory: TEST-1
Title: A flaw
State: 2026-01-05 received
State: 2026-01-07 confirmed
State: 2026-02-01 fixed
State: 2026-02-10 published
Severity: moderate
Component: firmware
PLDM: 0x000a:0x0001
Affected: >=1.0.0|<1.2.0
Fixed: 1.2.0
Install: 90
Revision: 2026-02-10 First published.
Summary: What it is.
Impact: What it does.
Remedy: Install 1.2.0.
"""


def stamp(version):
    return sum(int(n) << (24 - 8 * i) for i, n in enumerate(version.split(".")))


def component(which, version, pending=None):
    made = {"classification": which[0], "identifier": which[1], "active": {"version": version, "stamp": stamp(version)}}
    if pending:
        made["pending"] = {"version": pending, "stamp": stamp(pending)}
    return made


def device(*components, link="sim:a", descriptors=("pci-vendor=0x1234", "pci-device=0x5301")):
    return {"link": link, "eid": 9, "descriptors": list(descriptors), "components": list(components)}


def release(version, released="2026-02-01", days=30, components=((FIRMWARE, None),), **more):
    made = {
        "format": 1, "product": "card", "version": version, "released": released,
        "package": {"file": "card.pldm", "bytes": 1, "sha256": "0" * 64},
        "devices": [{"descriptors": ["pci-vendor=0x1234"]}],
        "components": [{"classification": c[0], "identifier": c[1], "version": v or version, "stamp": stamp(v or version)}
                       for c, v in components],
        "criticality": "important", "install_within_days": days, "fixes": [], "dependencies": {"components": []},
        "impact": {"activation": "self-contained", "downtime_seconds": 5, "text": "restarts"}, "withdrawn": False}
    made.update(more)
    return made


def needs(which, versions):
    return {"components": [{"classification": which[0], "identifier": which[1], "versions": versions}]}


def lay_out(folder, releases, advisories=(), policy=None):
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "advisories").mkdir(parents=True)
    for number, made in enumerate(releases):
        (folder / str(number)).mkdir()
        (folder / str(number) / "release.json").write_text(json.dumps(made), encoding="utf-8")
    for number, text in enumerate(advisories):
        (folder / "advisory.txt").write_text(text, encoding="utf-8")
        run(FWRELEASE, "csaf", "--publisher", "docs/advisories/publisher.txt", "-o", folder / "advisories" / f"{number}.json",
            folder / "advisory.txt")
    (folder / "policy.json").write_text(json.dumps(policy or POLICY), encoding="utf-8")


def check(folder, devices, *options, today=TODAY):
    """Status, findings as (link, identifier, state, release, until), the gate's line, standard error."""
    code, out, error = run(FWUP, "--json", "check", "--policy", folder / "policy.json", "--today", today, *options, folder,
                           text="".join(json.dumps(d) + "\n" for d in devices))
    lines = [json.loads(line) for line in out.splitlines()]
    found = [(f["link"], f["identifier"], f["state"], f.get("release"), f.get("until")) for f in lines if f["event"] == "finding"]
    return code, found, lines[-1] if lines else None, error


def conclusions(folder):
    old, new = device(component(FIRMWARE, "1.0.0")), device(component(FIRMWARE, "1.2.0"))
    called_back = {"date": "2026-02-20", "reason": "it forgets its settings"}
    in_need = {"dependencies": {"agent": "1.0.1", "boot": "1.1.0", "components": []}}
    late = ("sim:a", 1, "overdue", "1.2.0", "2026-02-11")
    due = ("sim:a", 1, "due", "1.2.0", "2026-03-03")
    rows = (
        ("what runs is the newest", new, [release("1.2.0")], [], {}, 0, [("sim:a", 1, "current", None, None)]),
        ("a release is newer, its days are not over", old, [release("1.2.0")], [], {}, 0, [due]),
        ("its days are over", old, [release("1.2.0", days=10)], [], {}, 1, [late]),
        ("the policy's days are fewer and over", old, [release("1.2.0")], [], {"install_within_days": {"important": 10}}, 1, [late]),
        ("the policy's days are more", old, [release("1.2.0", days=10)], [], {"install_within_days": {"important": 99}}, 1, [late]),
        ("the policy has days for other criticalities only", old, [release("1.2.0")], [], {"install_within_days": {"low": 0}}, 0, [due]),
        ("the gate is for nothing", old, [release("1.2.0", days=10)], [], {"gate": []}, 0, [late]),
        ("what is due closes the gate", old, [release("1.2.0")], [], {"gate": ["due"]}, 1, [due]),
        ("a later release came before the first was installed", old, [release("1.2.0", days=10), release("1.3.0", "2026-02-28")], [], {}, 1,
         [("sim:a", 1, "overdue", "1.3.0", "2026-02-11")]),
        ("the newest release was withdrawn", old, [release("1.2.0"), release("1.3.0", days=1, withdrawn=called_back)], [], {}, 0, [due]),
        ("what runs was withdrawn", new, [release("1.2.0", withdrawn=called_back)], [], {}, 1,
         [("sim:a", 1, "current", None, None), ("sim:a", 1, "withdrawn", "1.2.0", None)]),
        ("it needs another component that is too old", device(component(FIRMWARE, "1.0.0"), component(GATEWARE, "1.0.0")),
         [release("1.2.0", dependencies=needs(GATEWARE, ">=2.0.0"))], [], {}, 1,
         [due, ("sim:a", 1, "blocked", "1.2.0", "2026-03-03"), ("sim:a", 2, "unknown", None, None)]),
        ("it needs another component that is not there", old, [release("1.2.0", dependencies=needs(GATEWARE, "*"))], [], {}, 1,
         [due, ("sim:a", 1, "blocked", "1.2.0", "2026-03-03")]),
        ("it needs another component that will do", device(component(FIRMWARE, "1.0.0"), component(GATEWARE, "2.1.0")),
         [release("1.2.0", dependencies=needs(GATEWARE, ">=2.0.0|<3"), components=((FIRMWARE, None), (GATEWARE, "2.1.0")))], [], {}, 0,
         [due, ("sim:a", 2, "current", None, None)]),
        ("the newest is blocked and one below it is not", old, [release("1.2.0"), release("1.3.0", dependencies=needs(GATEWARE, "*"))],
         [], {}, 0, [due]),
        ("it needs a boot ROM that the policy does not have", old, [release("1.2.0", **in_need)], [], {}, 1,
         [due, ("sim:a", 1, "blocked", "1.2.0", "2026-03-03")]),
        ("it needs a boot ROM that the policy has", old, [release("1.2.0", **in_need)], [], {"boot": "1.10.0"}, 0, [due]),
        ("it needs a newer agent", old, [release("1.2.0", **in_need)], [], {"boot": "2.0", "agent": "1.0.0"}, 1,
         [due, ("sim:a", 1, "blocked", "1.2.0", "2026-03-03")]),
        ("its downtime is more than the policy allows", old, [release("1.2.0")], [], {"downtime_seconds": 4}, 1,
         [due, ("sim:a", 1, "unapproved", "1.2.0", "2026-03-03")]),
        ("its downtime is what the policy allows", old, [release("1.2.0")], [], {"downtime_seconds": 5}, 0, [due]),
        ("its activation is not one of the policy's", old, [release("1.2.0")], [], {"activations": ["ac-power-cycle"]}, 1,
         [due, ("sim:a", 1, "unapproved", "1.2.0", "2026-03-03")]),
        ("an advisory is about what runs", old, [release("1.2.0")], [ADVISORY], {}, 1,
         [due, ("sim:a", 1, "vulnerable", "TEST-1", None)]),
        ("an advisory is about an older one", new, [release("1.2.0")], [ADVISORY], {}, 0, [("sim:a", 1, "current", None, None)]),
        ("an advisory is about another component", old, [release("1.2.0")], [ADVISORY.replace(":0x0001", ":0x0002")], {}, 0, [due]),
        ("an advisory was withdrawn", old, [release("1.2.0")],
         [ADVISORY.replace("Severity", "State: 2026-02-11 withdrawn\nSeverity")], {}, 0, [due]),
        ("releases are for other devices", device(component(FIRMWARE, "1.0.0"), descriptors=["pci-vendor=0x9999"]), [release("1.2.0")],
         [], {}, 1, [("sim:a", 1, "unknown", None, None)]),
        ("a release's second record is for the device", old,
         [release("1.2.0", devices=[{"descriptors": ["iana=1"]}, {"descriptors": ["pci-device=0x5301"]}])], [], {}, 0, [due]),
        ("it is installed and waits", device(component(FIRMWARE, "1.0.0", "1.2.0")), [release("1.2.0")], [], {}, 0, [due]),
        ("packages use no stamps", old, [release("1.10.0", components=[(FIRMWARE, "1.10.0")])], [], {}, 0,
         [("sim:a", 1, "due", "1.10.0", "2026-03-03")]),
    )
    for what, have, releases, advisories, policy, want_code, want in rows:
        if "no stamps" in what:
            releases[0]["components"][0]["stamp"] = 0xFFFFFFFF
        lay_out(folder, releases, advisories, {**POLICY, **policy})
        code, found, gate, error = check(folder, [have])
        test(f"given a device of which {what} / when checked / then {' and '.join(f[2] for f in want)}, gate {('open', 'closed')[want_code]}",
             (code, found) == (want_code, want) and gate["gate"] == ("open", "closed")[want_code], code, found, error)


def borders(folder):
    lay_out(folder, [release("1.2.0")])
    old = device(component(FIRMWARE, "1.0.0"))
    last = [check(folder, [old], today=day)[1][0][2] for day in ("2026-03-03", "2026-03-04")]
    test("given a deadline / when checked on that day and on the next / then due and overdue", last == ["due", "overdue"], last)
    several = [device(component(FIRMWARE, v), link=f"sim:{i}") for i, v in enumerate(("1.0.0", "1.2.0", "1.1.0"))]
    code, found, gate, _ = check(folder, several)
    test("given three devices in lines / when checked / then one finding each in their order, and the sums",
         [f[:3] for f in found] == [("sim:0", 1, "due"), ("sim:1", 1, "current"), ("sim:2", 1, "due")] and
         (gate["due"], gate["current"], gate["overdue"]) == (2, 1, 0) and code == 0, found, gate)
    (folder / "fleet.json").write_text(json.dumps(several, indent=1), encoding="utf-8")
    test("given the same devices as one array in a file / when checked / then the findings are the same",
         check(folder, [], "--inventory", folder / "fleet.json")[1] == found)
    events = [{"event": "start", "command": "inventory"}, {"event": "inventory", **several[0]}, {"event": "summary", "result": "done"}]
    test("given other events around the inventories / when checked / then devices are what counts", check(folder, events)[1] == found[:1])
    text = run(FWUP, "check", "--policy", folder / "policy.json", "--today", TODAY, folder, text=json.dumps(several[0]))
    test("given no --json / when checked / then one line a finding, and the gate",
         text[1] == "sim:a EID 9  0x000a:0x0001 1.0.0  due  1.2.0 until 2026-03-03: important\ngate open on 2026-03-01: 1 due\n"
         .replace("sim:a", "sim:0"), text)
    again = [run(FWUP, "--json", "check", "--policy", folder / "policy.json", "--today", TODAY, "--inventory", folder / "fleet.json", folder)
             for _ in range(2)]
    test("given the same files twice / when checked / then the same bytes", again[0] == again[1])


def refusals(folder):
    good = device(component(FIRMWARE, "1.0.0"))

    def broken(change):
        made = copy.deepcopy(release("1.2.0"))
        change(made)
        return [made]

    rows = (
        ("no release at all", [], [good], {}, "no release.json in it or in its folders"),
        ("a release of a newer format", broken(lambda r: r.update(format=2)), [good], {}, "format is not 1: a newer fwup is needed"),
        ("a release without its components", broken(lambda r: r.pop("components")), [good], {}, "components is missing"),
        ("a release of the 30th of February", broken(lambda r: r.update(released="2026-02-30")), [good], {}, "released is not a day"),
        ("a release that is perhaps withdrawn", broken(lambda r: r.update(withdrawn=True)), [good], {}, "withdrawn is not false or an object"),
        ("a policy of a newer format", [release("1.2.0")], [good], {"format": 2}, "format is not 1: a newer fwup is needed"),
        ("a policy with an unknown state", [release("1.2.0")], [good], {"gate": ["late"]}, "gate is not one of current"),
        ("an inventory of nothing", [release("1.2.0")], [{"event": "start"}], {}, "no device in it"),
        ("an inventory with a device that failed", [release("1.2.0")], [good, {"event": "error", "text": "x"}], {},
         "a device is missing: it has an error"),
        ("a device without descriptors", [release("1.2.0")], [{k: v for k, v in good.items() if k != "descriptors"}], {},
         "descriptors is missing"),
    )
    for what, releases, devices, policy, said in rows:
        lay_out(folder, releases, (), {**POLICY, **policy})
        code, found, _, error = check(folder, devices)
        test(f"given {what} / when checked / then status 1 and one line, nothing is passed",
             code == 1 and not found and said in error and error.count("\n") == 1, code, found, error)
    lay_out(folder, [release("1.2.0")], [ADVISORY])
    path = folder / "advisories" / "0.json"
    for what, change, said in (("is cut off", lambda t: t[:100], "a string without end"),
                               ("has a range of another scheme", lambda t: t.replace("vers:generic/", "vers:intdot/"),
                                "versions of a component that fwup does not understand"),
                               ("has no product tree", lambda t: t.replace("product_tree", "product_trees"), "product_tree is missing")):
        text = path.read_text(encoding="utf-8")
        path.write_text(change(text), encoding="utf-8")
        code, found, _, error = check(folder, [good])
        path.write_text(text, encoding="utf-8")
        test(f"given an advisory that {what} / when checked / then status 1 and one line, nothing is passed",
             code == 1 and not found and said in error and error.count("\n") == 1, code, found, error)


WRONG = ((["check", "x"], "--policy FILE is missing"), (["check", "--policy", "x"], "DIR is missing"),
         (["check", "--policy", "x", "--record", "y"], "--record is no option of check"),
         (["check", "--policy", "x", "--link", "unix:x", "y"], "--link is no option of check"),
         (["replay-tests"], "DIR is missing"), (["replay-tests", "--today", "x", "y"], "--today is no option of replay-tests"),
         (["check", "--policy", "x", "--today", "2026-13-01", "y"], "--today 2026-13-01: not YYYY-MM-DD"),
         (["check", "--policy", "x", "y", "z"], "unexpected 'z'"))


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name) / "releases"
        conclusions(folder)
        borders(folder)
        refusals(folder)
    usage(FWUP, WRONG)
    return status()


if __name__ == "__main__":
    sys.exit(main())
