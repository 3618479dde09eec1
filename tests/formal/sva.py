# SPDX-License-Identifier: Apache-2.0
"""Concurrent assertions for a front end that takes immediate ones only.

Every `assert`, `assume` or `cover property (@(posedge clk_i) disable iff (!rst_ni) ...)` of a SystemVerilog text, with
`|->`, `|=>` or neither at its top, becomes the clocked immediate one that says the same. Anything else is an error.
"""
import re

HEAD = re.compile(r"(?:\b(?P<name>[A-Za-z]\w*)\s*:\s*)?\b(?P<kind>assert|assume|cover)\s+property\s*\(")
CLOCK = re.compile(r"\s*@\(posedge clk_i\)\s*disable iff \(!rst_ni\)(?P<rest>.*)", re.S)
OPEN, CLOSE = "([{", ")]}"


def closing(text, at):
    """The index of the bracket that closes the one at `at`."""
    depth = 0
    for i in range(at, len(text)):
        depth += (text[i] in OPEN) - (text[i] in CLOSE)
        if depth == 0:
            return i
    raise ValueError("a bracket that nothing closes")


def split_implication(text):
    """(before, operator, behind) at the top-level implication; (None, None, text) without one."""
    depth = 0
    for i, c in enumerate(text):
        depth += (c in OPEN) - (c in CLOSE)
        if depth == 0 and text[i:i + 3] in ("|->", "|=>"):
            return text[:i].strip(), text[i:i + 3], text[i + 3:].strip()
    return None, None, text.strip()


def immediate(kind, name, body):
    clocked = CLOCK.fullmatch(body)
    if not clocked:
        raise ValueError(f"{name or kind}: not clocked by clk_i and disabled by rst_ni")
    before, operator, behind = split_implication(clocked["rest"])
    guard = "rst_ni"
    if operator == "|->":
        behind = f"!({before}) || ({behind})"
    elif operator == "|=>":
        guard = "rst_ni && $past(rst_ni)"
        behind = f"!$past({before}) || ({behind})"
    label = f"{name}: " if name else ""
    return f"always_ff @(posedge clk_i) if ({guard}) begin {label}{kind} ({behind}); end"


def never(name, body):
    return immediate("assert", name, body.replace("(!rst_ni)", "(!rst_ni) !(", 1) + ")")


def properties(text):
    """(start, end, kind, name, body) of each, semicolon included."""
    at = 0
    for found in HEAD.finditer(text):
        if found.start() < at:
            continue
        end = closing(text, found.end() - 1)
        semicolon = re.compile(r"\s*;").match(text, end + 1)
        if not semicolon:
            raise ValueError(f"{found['name']}: no semicolon behind it")
        at = semicolon.end()
        yield found.start(), at, found["kind"], found["name"], text[found.end():end]


def translate(text, assumed=(), left_out=(), cover=None):
    """The text with immediate assertions. Those that `assumed` names become assumptions, those in `left_out` vanish, and so do
    covers. With the name of a `cover`, the only assertion left says that it is never reached: its counterexample reaches it."""
    out, at = [], 0
    for start, end, kind, name, body in properties(text):
        if name in assumed:
            kind = "assume"
        out.append(text[at:start])
        if kind == "assume" or (kind == "assert" and not cover and name not in left_out):
            out.append(immediate(kind, name, body))
        elif cover and name == cover:
            out.append(never(name, body))
        else:
            out.append(";")
        at = end
    return "".join(out) + text[at:]
