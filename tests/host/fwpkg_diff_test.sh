#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# fwpkg diff: what it says will travel, against what was changed.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/host/cli_lib.sh
. "$here/cli_lib.sh"

# 300 blocks, no two alike: three tables, the last one of 44.
seq 1 300000 | head -c 1228800 >first
# changed FILE BLOCK...: a copy of first with one byte of each of these blocks another.
changed() {
    file=$1
    shift
    cp first "$file"
    for block in "$@"; do printf '#' | dd of="$file" bs=1 seek=$((block * 4096 + 9)) conv=notrunc 2>/dev/null; done
}
# image FILE PAYLOAD VERSION [ID]
image() {
    "$bin/fwpkg" image -o "$1" --component "payload=$2,class=10,id=${4:-2},version=$3" || complain "no image $1"
}
# differs SENTENCE BLOCKS BYTES FLASH: of first.img and next.img.
differs() {
    begin "$1"
    expect 0 "$bin/fwpkg" diff first.img next.img
    has "blocks   $2 of 300 travel"
    has "bytes    $3 of 1245184 travel"
    has "flash    $4"
    finish
}

image first.img first 1.0.0
image next.img first 2.0.0
differs "given the same payload / when fwpkg diff runs / then manifest and tables travel and the manifest is written" \
    0 16384 "0 erases of 64 KiB, 0 of 32 KiB, 2 of 4 KiB, 17 pages"
changed next 5 200
image next.img next 2.0.0
differs "given two blocks that differ / when fwpkg diff runs / then they travel and their tables are written" \
    2 24576 "0 erases of 64 KiB, 0 of 32 KiB, 6 of 4 KiB, 83 pages"
# shellcheck disable=SC2046
changed next $(seq 16 31)
image next.img next 2.0.0
differs "given 64 KiB that differ / when fwpkg diff runs / then they are erased at once" \
    16 81920 "1 erases of 64 KiB, 0 of 32 KiB, 3 of 4 KiB, 290 pages"
# shellcheck disable=SC2046
changed next $(seq 32 44)
image next.img next 2.0.0
differs "given 13 of 16 blocks that differ / when fwpkg diff runs / then the other three are erased with them and travel" \
    16 81920 "1 erases of 64 KiB, 0 of 32 KiB, 3 of 4 KiB, 290 pages"
# shellcheck disable=SC2046
changed next $(seq 0 8 127)
image next.img next 2.0.0
differs "given a sample of the table that is nowhere equal / when fwpkg diff runs / then all of its blocks travel" \
    128 540672 "8 erases of 64 KiB, 0 of 32 KiB, 3 of 4 KiB, 2082 pages"

begin "given a component that the old package lacks / when fwpkg diff runs / then all of it travels"
image other.img first 1.0.0 7
expect 0 "$bin/fwpkg" diff other.img first.img
has "identifier 0x0002: from nothing to 1.0.0"
has "blocks   300 of 300 travel"
finish

begin "given packages of one component / when fwpkg diff runs / then they are compared like images"
"$bin/fwpkg" create -o first.pldm --descriptor pci-vendor=1 --component payload=first,class=10,id=2,version=1.0.0
"$bin/fwpkg" create -o next.pldm --descriptor pci-vendor=1 --component payload=next,class=10,id=2,version=2.0.0
expect 0 "$bin/fwpkg" diff first.pldm next.pldm
has "classification 0x000a, identifier 0x0002: from 1.0.0 to 2.0.0"
has "blocks   128 of 300 travel"
finish

begin "given a flash without erases of 64 KiB / when fwpkg diff runs with --json / then it counts those there are"
expect 0 "$bin/fwpkg" diff first.img next.img --json --flash-times 50,150,0,400
has '"blocks":128,"image_bytes":1245184,"bytes":540672,"erases_64k":0,"erases_32k":16,"erases_4k":3,'
has '"flash_ms":3382,'
finish

begin "given a block that does not match its hash / when fwpkg diff runs / then it refuses the file"
cp next.img bad.img
printf '#' | dd of=bad.img bs=1 seek=100000 conv=notrunc 2>/dev/null
expect 1 "$bin/fwpkg" diff first.img bad.img
[ ! -s out ] || complain "standard output is not empty"
finish
usage "given one file / when fwpkg diff runs / then status 2" "fwpkg: NEW is missing (see fwpkg --help)" \
    "$bin/fwpkg" diff first.img
usage "given three files / when fwpkg diff runs / then status 2" "fwpkg: unexpected 'c' (see fwpkg --help)" \
    "$bin/fwpkg" diff a b c
usage "given three times / when fwpkg diff runs / then status 2" \
    "fwpkg: --flash-times 50,150,250: not MS,MS,MS,US" "$bin/fwpkg" diff --flash-times 50,150,250 a b
exit $failed
