# SPDX-License-Identifier: Apache-2.0
"""A stand-in for a module that a proof does without.

It has the module's ports. Each output is a register that nobody feeds, so it is anything in every cycle, the same for all who
look: what is proved beside it holds whatever the module does.
"""
import re

HEADER = re.compile(r"^module \w+\b.*?^\);\n", re.S | re.M)
OUTPUT = re.compile(r"^\s*output\s+(?P<type>\w+(?:\s*\[[^\]]*\])*)\s+(?P<name>\w+)\s*,?$", re.M)


def stand_in(text):
    """The stand-in for the module in the text; it has one output a line, and a clock clk_i."""
    header = re.sub(r"[ \t]*//.*", "", HEADER.search(text)[0])
    outputs = list(OUTPUT.finditer(header))
    if len(outputs) != len(re.findall(r"\boutput\b", header)):
        raise ValueError("an output that is not on a line of its own")
    anything = "".join(f"  {o['type']} any_{o['name']};\n" for o in outputs)
    fed = "".join(f"    {o['name']} <= any_{o['name']};\n" for o in outputs)
    return f"{header}{anything}  always_ff @(posedge clk_i) begin\n{fed}  end\nendmodule\n"
