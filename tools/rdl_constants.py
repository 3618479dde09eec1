#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes what PeakRDL's own exporters leave out of rtl/regs/sluice.rdl.

rdl_constants.py SLUICE.rdl OUT_DIR  ->  OUT_DIR/sluice_enums.h   the enumerations, for C
                                         OUT_DIR/order_map_pkg.sv word numbers and field positions of an order, for RTL
"""
import pathlib
import sys

from systemrdl import RDLCompiler
from systemrdl.node import FieldNode


def fields(node):
    return (f for f in node.descendants() if isinstance(f, FieldNode))


def c_enums(top):
    lines = ["// Generated from sluice.rdl.", "#pragma once"]
    seen = {f.get_property("encode") for f in fields(top)} - {None}
    for enum in sorted(seen, key=lambda e: e.type_name):
        prefix = enum.type_name.removesuffix("_e").upper()
        lines.append(f"enum {enum.type_name.removesuffix('_e')} {{")
        lines += [f"    {prefix}_{m.name} = {m.value}," for m in enum]
        lines.append("};")
    return "\n".join(lines) + "\n"


def sv_order_map(top):
    lines = ["// Generated from sluice.rdl.", "package order_map_pkg;"]
    order = next(n for n in top.children() if n.inst_name == "ORDER")
    lines.append(f"  localparam int unsigned OrderStrideWords = {order.array_stride // 4};")
    for result in (n for n in top.children() if n.inst_name != "ORDER"):
        lines.append(f"  localparam int unsigned {result.inst_name.capitalize()}Word = {result.raw_address_offset // 4};")
    for reg in order.children():
        camel = "".join(p.capitalize() for p in reg.inst_name.split("_"))
        lines.append(f"  localparam int unsigned {camel}Word = {reg.raw_address_offset // 4};")
        for f in reg.fields():
            name = camel + "".join(p.capitalize() for p in f.inst_name.split("_"))
            lines.append(f"  localparam int unsigned {name}Lsb = {f.lsb};")
            lines.append(f"  localparam int unsigned {name}Width = {f.width};")
    return "\n".join(lines + ["endpackage"]) + "\n"


def main():
    source, out = sys.argv[1], pathlib.Path(sys.argv[2])
    compiler = RDLCompiler()
    compiler.compile_file(source)
    regs = compiler.elaborate("sluice_regs").top
    (out / "sluice_enums.h").write_text(c_enums(regs))
    ram = compiler.elaborate("stream_ram_map").top
    (out / "order_map_pkg.sv").write_text(sv_order_map(ram))


if __name__ == "__main__":
    main()
