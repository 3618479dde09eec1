#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares the flash after the demo with what it must hold, writes result.json and prints the closing table.

Exit status 1, with one line that says where, when a payload is not in its place, something else changed, the inventory does not show the
new version, or the flash was misused.
"""
import argparse
import json
import pathlib
import sys

SECTOR = 4096


def number(text):
    return int(text, 0)


def fail(text):
    sys.exit(f"demo: {text}")


def check_flash(before, after, payloads, journal):
    """Payloads byte for byte; nothing outside their slots and the two journal sectors changed."""
    allowed = [(journal, journal + 2 * SECTOR)]
    for base, size, path in payloads:
        payload = pathlib.Path(path).read_bytes()
        if after[base:base + len(payload)] != payload:
            fail(f"the slot at {base:#x} does not hold {path}")
        allowed.append((base, base + size))
    for at in range(0, len(before), SECTOR):
        if before[at:at + SECTOR] != after[at:at + SECTOR] and not any(a <= at < b for a, b in allowed):
            fail(f"the flash changed at {at:#x}, outside slots and journal")


def check_inventory(inventory, version, components):
    """Every component of the device runs the version."""
    active = [c["active"]["version"] for c in inventory["components"]]
    if active != [version] * components:
        fail(f"the device runs {active}, not {components} components of version {version}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--wall-ns", type=int, required=True)
    parser.add_argument("--inventory", type=pathlib.Path, required=True)
    parser.add_argument("--version", required=True)
    parser.add_argument("--payload", action="append", default=[], help="BASE:SIZE:FILE")
    parser.add_argument("--journal", type=number, required=True)
    args = parser.parse_args()

    payloads = [(number(b), number(s), f) for b, s, f in (p.split(":", 2) for p in args.payload)]
    check_flash((args.out / "before.bin").read_bytes(), (args.out / "flash.bin").read_bytes(), payloads, args.journal)
    events = [json.loads(line) for line in args.inventory.read_text().splitlines()]
    check_inventory(next(e for e in events if e["event"] == "inventory"), args.version, len(payloads))
    stats = json.loads((args.out / "stats.json").read_text())
    transfer = stats["transfer"]
    if stats["flash"]["errors"]:
        fail(f"the flash was misused {stats['flash']['errors']} times (see the messages above)")
    payload_bytes = sum(pathlib.Path(f).stat().st_size for _, _, f in payloads)
    result = {
        "package_bytes": (args.out / "update.pldm").stat().st_size,
        "payload_bytes": payload_bytes,
        "requested_bytes": transfer["requested_bytes"],
        "requests": transfer["requests"],
        "simulated_s": stats["simulated_ns"] / 1e9,
        "transfer_simulated_s": transfer["ns"] / 1e9,
        "instructions_per_payload_byte": transfer["instructions"] / payload_bytes,
        "flash_time_over_ideal": transfer["ns"] / transfer["ideal_flash_ns"],
        "pages_programmed": transfer["pages"],
        "erases_64k": transfer["erases_64k"],
        "erases_32k": transfer["erases_32k"],
        "erases_4k": transfer["erases_4k"],
        "update_wall_s": args.wall_ns / 1e9,
    }
    (args.out / "result.json").write_text(json.dumps(result, indent=1) + "\n")
    width = max(map(len, result))
    for name, value in result.items():
        print(f"  {name:<{width}}  {value:.4f}" if isinstance(value, float) else f"  {name:<{width}}  {value}")
    print(f"\nBoth payloads are in slot B byte for byte, nothing else changed. Written: {args.out / 'result.json'}")


if __name__ == "__main__":
    main()
