#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes report.html out of bench.json and the benches' timelines: what each row reached and how far it is from its limit,
one picture an update, and the table of docs/performance.md to copy. One file, nothing loaded from elsewhere.

With --markdown it prints that table instead.
"""
import argparse
import html
import json
import pathlib
import sys

import bench_timeline

# name: (limit, the value that could not be better). A row may be below its limit or above it, whichever is nearer to
# the ideal; without one (None) more is better.
LIMITS = {
    "insn_per_payload_byte": (0.01, 0),
    "insn_ratio_software": (10000, None),
    "flash_bound_ratio_w25q128jv": (1.005, 1),
    "flash_bound_ratio_mt25q": (1.005, 1),
    "link_bound_ratio_serial_3M": (0.99, 1),
    "link_bound_ratio_serial_12M": (0.99, 1),
    "link_bound_ratio_packet": (0.99, 1),
    "link_bound_ratio_smbus_1M": (0.99, 1),
    "crossover_ratio": (1.03, 1),
    "turnaround_20ms_ratio": (0.95, 1),
    "cost_growth": (1.02, 1),
    "lms_verify_cycles": (75000, 0),
    "lms_verify_boot_cycles": (75000, 0),
    "sha256_area_time": (64000, 0),
    "sha256_cycles_per_block": (74, 0),
    "cosim_bytes_per_s": (200000, None),
    "cosim_bytes_per_s_serial": (40000, None),
    "soc_up5k_lc": (5280, 0),
    "soc_up5k_mhz": (12, None),
    "soc_ecp5_mhz": (50, None),
}

TITLES = {
    "w25q128jv_4bit": "The flash limits: W25Q128JV on four lines, packet port",
    "mt25q_4bit": "The flash limits: MT25Q on four lines, packet port",
    "crossover": "Link and flash equally fast, 8 buffers: W25Q128JV on four lines, packet port",
    "crossover_16": "Link and flash equally fast, 16 buffers: W25Q128JV on four lines, packet port",
    "serial_3M": "The link limits: serial line at 3 Mbaud, one request outstanding",
    "serial_12M": "The link limits: serial line at 12 Mbaud, one request outstanding",
    "packet": "The link limits: packet port, 2 MB/s, one request outstanding",
    "smbus_1M": "The link limits: SMBus, 1 MHz, one request outstanding",
}

STYLE = """
body { font: 14px/1.45 system-ui, sans-serif; color: #222; max-width: 1340px; margin: 2em auto; padding: 0 1em }
h1 { font-size: 22px } h2 { font-size: 17px; margin-top: 2em }
table { border-collapse: collapse } td, th { padding: 3px 10px 3px 0; vertical-align: top; text-align: left }
td.number { text-align: right; font-variant-numeric: tabular-nums } td.how { color: #555; font-size: 12px }
tr + tr td { border-top: 1px solid #e4e4e0 } code { font-size: 13px }
svg text { font-family: system-ui, sans-serif; font-size: 12px }
.timeline { width: 100%; margin: 10px 0; display: block } .lane { fill: #f4f4f2; stroke: #d8d8d4 }
svg .name { font-weight: 600 } svg .note { fill: #555; font-size: 11px } svg .title { font-size: 14px; font-weight: 600 }
.tick { stroke: #000; stroke-opacity: .12 } .mark { stroke: #b00020; stroke-opacity: .7; stroke-dasharray: 3 3; fill: none }
.key { margin-right: 18px } .key i { display: inline-block; width: 12px; height: 12px; margin-right: 5px; vertical-align: -1px }
pre { background: #f4f4f2; padding: 1em; overflow-x: auto; font-size: 12px }
"""


def shown(value):
    if isinstance(value, int) or value >= 1000:
        return f"{value:.0f}"
    return f"{value:.4g}" if value < 0.1 or value >= 10 else f"{value:.4f}"


def reach(name):
    if name not in LIMITS:
        return ""
    limit, ideal = LIMITS[name]
    return f"{'>=' if ideal is None or limit < ideal else '<='} {limit:g}"


def used(name, value):
    """How much of what the limit allows is used up: 0 could not be better, above 1 is missed."""
    limit, ideal = LIMITS[name]
    return limit / value if ideal is None else max(0.0, (value - ideal) / (limit - ideal))


def bar(name, value):
    """The part used, the limit at two thirds of the width."""
    width, limit = 300, 200
    part = used(name, value)
    color = "#3f9c6b" if part <= 1 else "#c0392b"
    length = min(part * limit, width)
    return (f'<svg width="{width + 70}" height="18" role="img"><title>{part:.1%} of the limit</title>'
            f'<rect x="0" y="4" width="{width}" height="10" fill="#f0f0ee"/>'
            f'<rect x="0" y="4" width="{max(length, 1.5):.1f}" height="10" fill="{color}"/>'
            f'<path d="M{limit},0 V18" stroke="#222" stroke-width="1.5"/>'
            f'<text x="{width + 6}" y="14">{part:.1%}</text></svg>')


def cells(row):
    return f"<td><code>{row['name']}</code></td><td class=number>{shown(row['value'])} {html.escape(row['unit'])}</td>"


def limited_table(rows):
    """With a bar each; the line in it is the limit."""
    return "\n".join(["<table><tr><th>Row</th><th>Value</th><th>Reach</th><th>Used of what the limit allows</th></tr>",
                      *(f"<tr>{cells(row)}<td>{html.escape(reach(row['name']))}</td><td>{bar(row['name'], row['value'])}"
                        "</td></tr>" for row in rows), "</table>"])


def plain_table(rows):
    return "\n".join(["<table>", *(f"<tr>{cells(row)}</tr>" for row in rows), "</table>"])


def how_table(rows):
    return "\n".join(["<table>", *(f"<tr><td><code>{row['name']}</code></td><td class=how>{html.escape(row['how'])}</td></tr>"
                                   for row in rows), "</table>"])


def markdown(rows):
    lines = ["| Row | Value | Reach | How |", "|---|---|---|---|"]
    for row in rows:
        value = f"{shown(row['value'])} {row['unit']}".strip()
        lines.append(f"| `{row['name']}` | {value} | {reach(row['name'])} | {row['how']} |")
    return "\n".join(lines)


def report(rows, timelines):
    pictures = [bench_timeline.pictures(path, TITLES.get(path.stem, path.stem)) for path in timelines]
    limited = sorted((row for row in rows if row["name"] in LIMITS), key=lambda row: list(LIMITS).index(row["name"]))
    others = [row for row in rows if row["name"] not in LIMITS]
    missed = [row["name"] for row in limited if used(row["name"], row["value"]) > 1]
    absent = [name for name in LIMITS if not any(row["name"] == name for row in rows)]
    summary = " ".join([f"{len(limited) - len(missed)} of {len(limited)} rows reach their limit.",
                        *([f"Missed: {', '.join(missed)}."] if missed else []),
                        *([f"Not measured: {', '.join(absent)}."] if absent else [])])
    return "\n".join([
        "<!doctype html><html lang=en><head><meta charset=utf-8><title>Sluice: bench</title>",
        f"<style>{STYLE}</style></head><body><h1>Sluice: what make bench measured</h1><p>{summary}</p>",
        limited_table(limited), "<h2>Updates over time</h2>",
        "<p>From UpdateComponent to the verified image, and some of it close up. Height is the share of a column's time; "
        "what is blank was idle. The engine's lane shows its buffers in use.</p>",
        f"<p>{bench_timeline.legend()}</p>", *pictures, "<h2>Other figures</h2>", plain_table(others),
        "<h2>How each row was counted</h2>", how_table(limited + others), "<h2>As Markdown</h2>",
        f"<pre>{html.escape(markdown(limited + others))}</pre></body></html>"])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("bench", type=pathlib.Path, help="bench.json")
    parser.add_argument("--timeline", type=pathlib.Path, action="append", default=[])
    parser.add_argument("--out", type=pathlib.Path, help="report.html")
    parser.add_argument("--markdown", action="store_true", help="print the rows as a Markdown table")
    args = parser.parse_args()
    try:
        rows = json.loads(args.bench.read_text())
        if args.markdown:
            print(markdown(rows))
        if args.out:
            args.out.write_text(report(rows, args.timeline))
    except (OSError, ValueError) as error:
        sys.exit(f"bench_report: {error}")


if __name__ == "__main__":
    main()
