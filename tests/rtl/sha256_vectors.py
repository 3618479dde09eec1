#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""sha256_vectors.py OUT.h: messages and their SHA-256 by Python's hashlib, as C arrays for tests/rtl/sha256.cpp.

The sets are those of NIST's SHA Validation System for byte-oriented implementations: short messages (here every length
from 0 to 64 bytes, and around the edge of the second block), long messages (up to 6400 bytes), and the checkpoints of the
Monte Carlo procedure (SHAVS 6.4: 100 checkpoints, 1000 chained digests each). The messages are pseudo-random but always
the same.
"""
import hashlib
import pathlib
import random
import sys

SHORT = [*range(0, 65), 111, 112, 113, 119, 120, 121, 127, 128, 129]
LONG = [163, 262, 361, 460, 559, 1024, 1747, 2048, 3333, 4096, 5009, 6400]


def monte_carlo(seed):
    for _ in range(100):
        chain = [seed, seed, seed]
        for _ in range(1000):
            chain = [chain[1], chain[2], hashlib.sha256(b"".join(chain)).digest()]
        seed = chain[2]
        yield seed


def c_bytes(data):
    return "{" + ",".join(f"{b}" for b in data) + "}"


def table(name, lengths, source):
    out = []
    for n in lengths:
        out.append(source.randbytes(n))
    yield f"static const uint8_t {name}_bytes[] = {c_bytes(b''.join(out))};\n"
    yield f"static const struct sha256_vector {name}[] = {{\n"
    at = 0
    for message in out:
        yield f"  {{{name}_bytes + {at}, {len(message)}, {c_bytes(hashlib.sha256(message).digest())}}},\n"
        at += len(message)
    yield "};\n"


def main():
    source = random.Random("sluice sha256")
    seed = source.randbytes(32)
    lines = ["#pragma once\n#include <cstddef>\n#include <cstdint>\n",
             "struct sha256_vector { const uint8_t *message; size_t length; uint8_t digest[32]; };\n"]
    lines += table("sha256_short", SHORT, source)
    lines += table("sha256_long", LONG, source)
    lines.append(f"static const uint8_t sha256_monte_carlo_seed[32] = {c_bytes(seed)};\n")
    lines.append("static const uint8_t sha256_monte_carlo[100][32] = {\n")
    lines += (f"  {c_bytes(digest)},\n" for digest in monte_carlo(seed))
    lines.append("};\n")
    pathlib.Path(sys.argv[1]).write_text("".join(lines))


if __name__ == "__main__":
    main()
