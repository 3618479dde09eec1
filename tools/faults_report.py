# SPDX-License-Identifier: Apache-2.0
"""What the fault campaign writes: JSON, JUnit XML, and a page whose picture shows for each kind of fault and phase how
many runs there were and whether they passed. A run's name is KIND/LAYOUT/PHASE/NUMBER."""
import collections
import html
import json
from xml.sax.saxutils import quoteattr

KINDS = {
    "F1": "a power cut at a flash transaction's end",
    "F2": "a torn page program",
    "F3": "a torn erase",
    "F4": "a power cut inside an operation or around a journal commit",
    "F5": "a second power cut during the recovery",
    "F6": "turned bits or a flash that fails",
    "F7": "a fault of the link",
    "F8": "an image that must be refused",
    "F9": "firmware that hangs, or a watchdog",
}
PHASES = ["download", "verify", "apply", "activate", "trial", "confirm", "revert"]


def parts(run):
    kind, layout, phase, *_ = run["name"].split("/") + ["", ""]
    return kind, layout, phase


def cells(runs):
    """Runs by (kind, phase)."""
    found = collections.defaultdict(list)
    for run in runs:
        kind, _, phase = parts(run)
        found[kind, phase].append(run)
    return found


def write_json(path, runs):
    summary = {"runs": len(runs), "failed": sum(not run["passed"] for run in runs),
               "known": sum(run["known"] for run in runs), "seconds": round(sum(run["seconds"] for run in runs), 1)}
    path.write_text(json.dumps({"summary": summary, "runs": runs}, indent=1) + "\n")


def write_junit(path, runs):
    suites = collections.defaultdict(list)
    for run in runs:
        kind, layout, _ = parts(run)
        suites[f"{kind}.{layout}"].append(run)
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', "<testsuites>"]
    for name, group in sorted(suites.items()):
        failed = sum(not run["passed"] for run in group)
        lines.append(f'<testsuite name={quoteattr(name)} tests="{len(group)}" failures="{failed}">')
        for run in group:
            case = f'<testcase classname={quoteattr(name)} name={quoteattr(run["name"])} time="{run["seconds"]:.3f}"'
            lines.append(case + ("/>" if run["passed"] else f'><failure message={quoteattr(run["why"])}/></testcase>'))
        lines.append("</testsuite>")
    path.write_text("\n".join(lines + ["</testsuites>"]) + "\n")


def picture(runs):
    """An SVG: a row a kind, a column a phase; green passed, red failed, grey no run."""
    found, wide, high, left, top = cells(runs), 104, 44, 380, 34
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + wide * len(PHASES)}" height="{top + high * len(KINDS)}" '
           'font-family="sans-serif" font-size="13">']
    for column, phase in enumerate(PHASES):
        out.append(f'<text x="{left + wide * column + wide / 2}" y="22" text-anchor="middle">{phase}</text>')
    for row, (kind, text) in enumerate(KINDS.items()):
        y = top + high * row
        out.append(f'<text x="0" y="{y + 26}"><tspan font-weight="bold">{kind}</tspan> {html.escape(text)}</text>')
        for column, phase in enumerate(PHASES):
            group = found.get((kind, phase), [])
            failed = sum(not run["passed"] for run in group)
            fill = "#ddd" if not group else "#d9534f" if failed else "#7bc47f"
            label = "" if not group else f"{failed} of {len(group)} failed" if failed else str(len(group))
            x = left + wide * column
            out.append(f'<rect x="{x + 1}" y="{y + 1}" width="{wide - 2}" height="{high - 2}" rx="4" fill="{fill}"/>'
                       f'<text x="{x + wide / 2}" y="{y + 26}" text-anchor="middle">{label}</text>')
    return "\n".join(out + ["</svg>"])


def write_html(path, runs):
    layouts = collections.Counter(parts(run)[1] for run in runs)
    failed = [run for run in runs if not run["passed"]]
    known = sum(run["known"] for run in runs)
    rows = "".join(f"<tr><td>{html.escape(run['name'])}</td><td>{html.escape(run['why'])}</td></tr>\n" for run in failed)
    boards = ", ".join(f"{html.escape(name)} {count}" for name, count in sorted(layouts.items()))
    path.write_text(f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Fault campaign</title>
<style>body {{ font-family: sans-serif; margin: 2em }} td {{ padding: 0 1em 0 0; font-family: monospace }}</style></head><body>
<h1>Fault campaign</h1>
<p>{len(runs)} runs, {len(failed)} failed. In {known} the fault left a flash that another run had left as well; its verdict holds
for both. Boards: {boards}. <code>faults --run NAME --trace</code> replays one.</p>
{picture(runs)}
<table>{rows}</table>
</body></html>
""")
