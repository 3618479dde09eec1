#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Merges what the bench's programs printed with the linker map, nextpnr's and gcovr's reports, writes bench.json, prints a
table.

A row is {"name", "value", "unit", "how"}; `how` says in one sentence what was run and how it was counted. A figure that is
missing ends the program with exit status 1 and its name.
"""
import argparse
import json
import pathlib
import re
import sys


def read_figures(paths):
    """Lines `# name number` of the programs' outputs."""
    figures = {}
    for path in paths:
        for name, value in re.findall(r"^# (\w+) ([\d.]+)$", path.read_text(), re.M):
            figures[name] = float(value) if "." in value else int(value)
    return figures


def text_of(map_text, folders):
    """Bytes of the .text output section that come from objects of the folders, and how much of it is constants."""
    linked = map_text.split("Linker script and memory map", 1)[1]
    linked = linked[linked.index("\n.text "):linked.index("\n.data ")]
    linked = re.sub(r"\n (\.\S+)\n +0x", r"\n \1 0x", linked)  # long names are on a line of their own
    total = constants = 0
    for section, size, path in re.findall(r"^ (\.\S+) +0x[0-9a-f]+ +0x([0-9a-f]+) (\S+)$", linked, re.M):
        if any(f"/obj/{folder}/" in path for folder in folders):
            total += int(size, 16)
            constants += int(size, 16) if section.startswith(".rodata") else 0
    return total, constants


def symbol(map_text, name):
    return int(re.search(rf"^ +0x([0-9a-f]+) +{name} = ", map_text, re.M)[1], 16)


def transfer_rows(f):
    run = (f"update of an FPGA component of {f['payload_bytes']} random bytes, W25Q128JV, {f['clk_hz'] / 1e6:g} MHz, "
           f"{f['baud'] / 1e6:g} Mbaud")
    yield ("insn_per_payload_byte", f["request_instructions"] / f["payload_bytes"], "instructions/B",
           f"{f['request_instructions']} instructions fetched between the first and the last of {f['requests']} "
           f"RequestFirmwareData, over the payload's bytes, nothing subtracted; {run}")


def lms_verify_rows(f):
    yield ("lms_verify_cycles", f["lms_verify_cycles"], "cycles",
           f"from a manifest of one block in the stream RAM to the firmware's judgement, the worst of {f['lms_verify_signatures']} "
           f"signatures chosen as fwpkg chooses them; {f['lms_verify_instructions']} instructions; for a manifest of four blocks "
           f"{f['lms_verify_cycles_4_blocks']} cycles; no other work, {f['lms_verify_clk_hz'] / 1e6:g} MHz")
    yield ("lms_verify_boot_cycles", f["lms_verify_boot_cycles"], "cycles",
           f"the same by the code as the boot ROM has it; {f['lms_verify_boot_instructions']} instructions")


def cosim_rows(f):
    """The speed of the simulation itself: the build without assertions and waveforms."""
    for name, run, ends in (("cosim_bytes_per_s", "packet", "the packet port, W25Q128JV on four lines"),
                            ("cosim_bytes_per_s_serial", "serial", "the serial line at 3 Mbaud, W25Q128JV on one line")):
        g = {key: f[f"cosim_{run}_{key}"] for key in ("payload_bytes", "cycles", "jumped", "cpu_s")}
        yield (name, g["payload_bytes"] / g["cpu_s"], "B/s",
               f"{g['payload_bytes']} payload bytes over the {g['cpu_s']:.2f} s of processor time that this machine took for "
               f"{g['cycles']} cycles, {g['jumped']} of them jumped over, from power-on to the last inventory; update of an "
               f"FPGA component over {ends}, typical times")
    g = {key: f[f"cosim_small_{key}"] for key in ("payload_bytes", "cycles", "jumped", "cpu_s")}
    slow = f["cosim_small_no_jump_cpu_s"]
    yield ("cosim_jump_gain", slow / g["cpu_s"], "",
           f"processor time of the same {g['cycles']} cycles simulated one by one ({slow:.1f} s), over that with "
           f"{g['jumped']} of them jumped over ({g['cpu_s']:.2f} s): update of both components over the serial line, "
           f"{g['payload_bytes']} bytes")


def flash_bound_row(f, part, lines, name):
    """Transfer time over an ideal writer's, where the flash is the slower end."""
    g = {key: f[f"{part}_{lines}bit_{key}"]
         for key in ("clk_hz", "payload_bytes", "transfer_ns", "ideal_ns", "pages", "erases_4k", "erases_32k", "erases_64k")}
    return (name, g["transfer_ns"] / g["ideal_ns"], "",
            f"{g['transfer_ns'] / 1e6:.3f} ms from first RequestFirmwareData to TransferComplete, over "
            f"{g['ideal_ns'] / 1e6:.3f} ms, the typical times and SPI clocks of {g['pages']} pages, {g['erases_64k']} "
            f"erases of 64 KiB, {g['erases_32k']} of 32 KiB, {g['erases_4k']} of 4 KiB and each page's read-back one "
            f"after the other, data on {lines} line{'s' if lines > 1 else ''}; update of an FPGA component of "
            f"{g['payload_bytes']} random bytes over the packet port, {g['clk_hz'] / 1e6:g} MHz")


LINKS = (("serial_3M", "serial line at 3 Mbaud, packets of 64 bytes, 10 bits for each byte of its frames"),
         ("serial_12M", "serial line at 12 Mbaud, packets of 64 bytes, 10 bits for each byte of its frames"),
         ("packet", "packet port, packets of 251 bytes, a word each 48 cycles"),
         ("smbus_1M", "SMBus at 1 MHz, packets of 64 bytes, 9 clocks for each byte of a block write and 2 for START and STOP"))


def link_rows(f):
    """Goodput over the link's ceiling, where the link is the slower end."""
    for name, link in LINKS:
        g = {key: f[f"{name}_{key}"] for key in ("clk_hz", "payload_bytes", "requests", "request_ns", "ceiling_ns")}
        yield (f"link_bound_ratio_{name}", g["ceiling_ns"] / g["request_ns"], "",
               f"{g['ceiling_ns'] / 1e6:.3f} ms that the link is busy with {g['requests'] - 1} requests of 4096 bytes and "
               f"their answers ({link}), over {g['request_ns'] / 1e6:.3f} ms from first to last RequestFirmwareData of "
               f"{g['payload_bytes']} random bytes; one outstanding, agent's turnaround 0, "
               f"{g['clk_hz'] / 1e6:g} MHz, a flash on four lines that programs and erases in 1 us")


def crossover_row(f, run, name):
    g = {key: f[f"{run}_{key}"]
         for key in ("clk_hz", "buffers", "payload_bytes", "word_cycles", "transfer_ns", "ideal_ns", "link_ns")}
    yield (name, g["transfer_ns"] / max(g["ideal_ns"], g["link_ns"]), "",
           f"{g['transfer_ns'] / 1e6:.3f} ms from first RequestFirmwareData to TransferComplete, over the larger of "
           f"{g['ideal_ns'] / 1e6:.3f} ms of an ideal writer to a W25Q128JV on four lines and {g['link_ns'] / 1e6:.3f} ms "
           f"of the answers' words at the packet port, one each {g['word_cycles']} cycles of {g['clk_hz'] / 1e6:g} MHz; "
           f"{g['payload_bytes']} random bytes, {g['buffers']} buffers of 4 KiB in the engine")


def turnaround_row(f, kib, name):
    g = {key: f[f"turnaround_{kib}_{key}"]
         for key in ("clk_hz", "buffers", "payload_bytes", "requests", "0ms_ns", "20ms_ns")}
    return (name, g["0ms_ns"] / g["20ms_ns"], "",
            f"{g['0ms_ns'] / 1e6:.3f} ms from first RequestFirmwareData to TransferComplete with an agent that answers at "
            f"once, over {g['20ms_ns'] / 1e6:.3f} ms with one that takes 20 ms for each answer; {g['payload_bytes']} random "
            f"bytes in {g['requests']} requests of 8 KiB at most, four outstanding, serial line at 12 Mbaud, "
            f"{g['clk_hz'] / 1e6:g} MHz, {g['buffers']} buffers, a flash on four lines that programs and erases in 1 us")


def turnaround_rows(f):
    yield turnaround_row(f, 4096, "turnaround_20ms_ratio")
    yield turnaround_row(f, 1024, "turnaround_20ms_ratio_1M")


def software_row(f):
    """Per byte, with the engine off and with it."""
    off, blank = (f[f"{name}_instructions"] / f[f"{name}_payload_bytes"] for name in ("software", "software_blank"))
    on = f["request_instructions"] / f["payload_bytes"]
    yield ("insn_ratio_software", off / on, "",
           f"{off:.1f} instructions a payload byte without the engine, from the first to the last request for payload of a "
           f"small image ({f['software_payload_bytes']} bytes in between), over insn_per_payload_byte; the same firmware "
           f"sources but for orders that C runs (tests/bench/software): packets from the FIFO, SHA-256, flash byte by byte "
           f"through FLASH_CMD. With bytes FFh, which need no programming, {blank:.1f} a byte, {blank / on:.0f} times")


def growth_row(f):
    """The most over the least above 64 KiB."""
    sizes = sorted(int(name.split("_")[1]) for name in f if name.startswith("growth_") and name.endswith("_cycles"))
    cost = {kib: f[f"growth_{kib}_cycles"] / f[f"growth_{kib}_payload_bytes"] for kib in sizes}
    above = [cost[kib] for kib in sizes if kib > 64]
    each = ", ".join(f"{cost[kib]:.3f} at {kib} KiB" for kib in sizes)
    yield ("cost_growth", max(above) / min(above), "",
           f"most over least cycles a payload byte of the images above 64 KiB, from first RequestFirmwareData to "
           f"TransferComplete: {each}; packet port at the card's own speed, MT25Q class flash of 128 MiB on four lines that "
           f"programs and erases in 1 us")


def refetch_row(f):
    """The worst of the cuts."""
    points = sorted(int(name.split("_")[1]) for name in f if name.startswith("refetch_") and name.endswith("_missing"))
    cuts = [(f[f"refetch_{point}_fetched"], f[f"refetch_{point}_missing"], point) for point in points]
    each = ", ".join(f"{fetched} for {missing} ({point} %)" for fetched, missing, point in cuts)
    yield ("refetch_after_cut_ratio", max(fetched / missing for fetched, missing, _ in cuts), "",
           f"payload blocks fetched by the update after a power cut, over those that were not whole in the flash when it came, "
           f"in the engine's buffers or on their way among them; the worst of cuts after these shares of the payload were "
           f"asked for: {each}; 2 MiB into an MT25Q with nothing equal, packet port; manifest and tables, fetched each time, "
           f"are not counted")


NEAR = (("w25q128jv", "W25Q128JV", "each twentieth"), ("w25q128jv_run", "W25Q128JV", "the first of them, in a row"),
        ("mx66l", "MX66L1G45G", "each twentieth"), ("mx66l_run", "MX66L1G45G", "the first of them, in a row"))
NEAR_ROWS = {"w25q128jv": "near_version_speedup_5pct"}


def near_rows(f):
    """An update to a near version, against erase and program of everything."""
    for case, part, which in NEAR:
        g = {key: f[f"near_{case}_{key}"]
             for key in ("clk_hz", "payload_blocks", "fetched_blocks", "transfer_ns", "everything_ns")}
        yield (NEAR_ROWS.get(case, f"near_version_speedup_5pct_{case}"), g["everything_ns"] / g["transfer_ns"], "",
               f"{g['everything_ns'] / 1e6:.3f} ms of an ideal writer for erase and program of all {g['payload_blocks']} blocks, "
               f"tables and manifest of an image, over {g['transfer_ns'] / 1e6:.3f} ms from first RequestFirmwareData to "
               f"TransferComplete of the update from a version of which {g['fetched_blocks']} blocks differ ({which}); {part} "
               f"on four lines, packet port, {g['clk_hz'] / 1e6:g} MHz")


def flash_bound_rows(f):
    for part in ("w25q128jv", "mt25q"):
        yield flash_bound_row(f, part, 4, f"flash_bound_ratio_{part}")
        yield flash_bound_row(f, part, 1, f"flash_bound_ratio_{part}_1bit")


CORE_NAMES = {"serv": "SERV", "vexriscv": "VexRiscv"}


def core_rows(f, core, other):
    """The same download with another core; `other` are its figures."""
    if (other["payload_bytes"], other["pages"]) != (f["payload_bytes"], f["pages"]):
        sys.exit(f"bench: {core} did not transfer the same image")
    yield (f"core_{core}_transfer_ratio", other["transfer_ns"] / f["transfer_ns"], "",
           f"{other['transfer_ns'] / 1e6:.3f} ms from first RequestFirmwareData to TransferComplete with "
           f"{CORE_NAMES[core]}, over {f['transfer_ns'] / 1e6:.3f} ms with PicoRV32, for the same {f['payload_bytes']} "
           f"bytes; cycles with work waiting in which the link was idle {other['link_idle']} and {f['link_idle']}, in "
           f"which the flash was idle {other['flash_idle']} and {f['flash_idle']}, instructions fetched meanwhile "
           f"{other['request_instructions']} and {f['request_instructions']}")


CELLS = {"ICESTORM_LC": ("lc", "LC", "logic cells"), "TRELLIS_COMB": ("lut", "LUT", "tables of four inputs")}


def fpga_rows(report, name, board):
    """Cells and clock of a bitstream, from nextpnr's report."""
    kind = next(kind for kind in CELLS if kind in report["utilization"])
    cells, (row, unit, what) = report["utilization"][kind], CELLS[kind]
    mhz = min(clock["achieved"] for clock in report["fmax"].values())
    asked = max(clock["constraint"] for clock in report["fmax"].values())
    yield (f"{name}_{row}", cells["used"], unit,
           f"{what}, of {cells['available']}, in nextpnr's report of {board} as placed and routed")
    yield (f"{name}_mhz", round(mhz, 2), "MHz",
           f"highest clock in nextpnr's report of the same bitstream, which asked for {asked:g} MHz")


def firmware_rows(f, map_text):
    total, constants = text_of(map_text, ("fw/pldm", "fw/mctp"))
    top = symbol(map_text, "__stack_top")
    yield ("fd_text_bytes", total, "B",
           f"code and constants ({constants}) that the linker's map of the application (rv32i, -Os) shows from objects "
           "of fw/pldm and fw/mctp: firmware device, PLDM base, MCTP control and codec, without the C library")
    yield ("fd_stack_bytes", top - f["lowest_stack"], "B",
           f"stack's top {top:#x} minus the least stack pointer {f['lowest_stack']:#x} at any instruction that the "
           "application ran from RAM on the simulated card, over all inventories, updates and restarts of the bench")


def coverage_rows(summary):
    taken, total = summary["branch_covered"], summary["branch_total"]
    yield ("fd_branch_coverage_percent", 100 * taken / total, "%",
           f"{taken} of {total} branches of fw/pldm and fw/mctp, compiled by gcc -O0 and none excluded, that gcov counted "
           "as taken in the unit tests of both and of the update agent; `make coverage` names the others")


def sha256_rows(f):
    yield ("sha256_cycles_per_block", f["sha256_cycles_per_block"], "cycles",
           "clock cycles from the first word of a message of one padded block, its words offered without a pause, to "
           "the digest's first word, counted by tests/rtl/sha256")
    chain = f["checker_chain_LC"] - f["checker_LC"]
    area, plain = f["sha256_LC"] + chain, f["sha256_no_mac_LC"] + chain
    yield ("sha256_area_time", area * f["sha256_cycles_per_block"], "LC cycles",
           f"{f['sha256_LC']} logic cells of rtl/hash/sha256.sv and {chain} that orders for LMS add to stream_checker.sv, as yosys "
           "and nextpnr pack them for iCE40 UP5K, times sha256_cycles_per_block, in which a block's sixteen words are loaded; "
           f"{f['sha256_DSP']} of the 8 multiplier blocks are adders of the hash, without which it has {f['sha256_no_mac_LC']} "
           f"cells, {plain * f['sha256_cycles_per_block']} in all")


def show(rows):
    texts = [f"{row['value']:.5f}" if isinstance(row["value"], float) else str(row["value"]) for row in rows]
    width, digits = max(len(row["name"]) for row in rows), max(map(len, texts))
    for row, text in zip(rows, texts):
        print(f"{row['name']:<{width}}  {text:>{digits}} {row['unit']}".rstrip())


def core_file(text):
    core, path = text.split("=", 1)
    return core, pathlib.Path(path)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--figures", type=pathlib.Path, action="append", required=True)
    parser.add_argument("--map", type=pathlib.Path, required=True)
    parser.add_argument("--up5k", type=pathlib.Path, required=True)
    parser.add_argument("--ecp5", type=pathlib.Path, required=True)
    parser.add_argument("--coverage", type=pathlib.Path, required=True)
    parser.add_argument("--core-figures", type=core_file, action="append", default=[], metavar="CORE=FILE")
    parser.add_argument("--core-bitstream", type=core_file, action="append", default=[], metavar="CORE=FILE")
    parser.add_argument("--out", type=pathlib.Path, required=True)
    args = parser.parse_args()

    figures = read_figures(args.figures)
    try:
        rows = [*transfer_rows(figures), *lms_verify_rows(figures), *software_row(figures), *cosim_rows(figures),
                *flash_bound_rows(figures), *link_rows(figures),
                *crossover_row(figures, "crossover_16", "crossover_ratio"),
                *crossover_row(figures, "crossover", "crossover_ratio_8_buffers"), *turnaround_rows(figures),
                *growth_row(figures), *refetch_row(figures), *near_rows(figures), *sha256_rows(figures),
                *fpga_rows(json.loads(args.up5k.read_text()), "soc_up5k", "the iCEBreaker's bitstream"),
                *fpga_rows(json.loads(args.ecp5.read_text()), "soc_ecp5",
                           "all that the system can have on the ULX3S (constraints/ulx3s/sluice_ulx3s_full.sv)"),
                *firmware_rows(figures, args.map.read_text()),
                *coverage_rows(json.loads(args.coverage.read_text()))]
        for core, path in args.core_figures:
            rows += core_rows(figures, core, read_figures([path]))
        for core, path in args.core_bitstream:
            rows += fpga_rows(json.loads(path.read_text()), f"core_{core}_up5k",
                              f"the iCEBreaker's bitstream with {CORE_NAMES[core]}")
    except KeyError as missing:
        sys.exit(f"bench: {missing} was not measured")
    rows = [dict(zip(("name", "value", "unit", "how"), row)) for row in rows]
    args.out.write_text(json.dumps(rows, indent=1) + "\n")
    show(rows)
    print(f"\nWhat each row counts: {args.out}")


if __name__ == "__main__":
    main()
