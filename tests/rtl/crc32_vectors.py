#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""crc32_vectors.py OUT.h: pseudo-random but fixed byte strings and their CRC-32 by Python's zlib, for tests/rtl/crc32.cpp."""
import pathlib
import random
import sys
import zlib


def c_bytes(data):
    return "{" + ",".join(f"{b}" for b in data) + "}"


def main():
    source = random.Random("sluice crc32")
    lengths = [*range(1, 65), 255, 256, 257, 4096]
    strings = [source.randbytes(n) for n in lengths] + [bytes(256), b"\xff" * 256]
    strings += [bytes([1 << bit]) for bit in range(8)]
    lines = ["#pragma once\n#include <cstddef>\n#include <cstdint>\n",
             "struct crc32_vector { size_t at, length; uint32_t crc; };\n",
             f"static const uint8_t crc32_bytes[] = {c_bytes(b''.join(strings))};\n",
             "static const struct crc32_vector crc32_vectors[] = {\n"]
    at = 0
    for string in strings:
        lines.append(f"  {{{at}, {len(string)}, {zlib.crc32(string):#010x}}},\n")
        at += len(string)
    lines.append("};\n")
    pathlib.Path(sys.argv[1]).write_text("".join(lines))


if __name__ == "__main__":
    main()
