#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# tests/evidence/same_test.sh VENV [FILE...]: builds the sources twice, in folders with names of different lengths, in build folders of other names,
# one after the other, in another time zone and locale, and compares what was made: FILEs below the build folder, or
# firmware, its boot ROM, a package signed by the same key and one-time key, and the tool that made it.
set -eu
venv=$(cd "$1" && pwd)
shift
sources=$PWD
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
failed=0
[ $# != 0 ] || set -- bin/fwpkg fw/boot.hex fw/app-3.2.1.bin evidence/3.2.1/sluice-demo-3.2.1.pldm

# build FOLDER BUILD FILE...
build() {
    folder=$tmp/$1 made=$2
    shift 2
    mkdir -p "$folder"
    if git rev-parse --is-inside-work-tree >/dev/null 2>&1; then git ls-files -z; else find . -path ./build -prune -o -type f -print0; fi |
        tar --create --null --files-from - | tar --extract --touch --directory "$folder"
    for file; do set -- "$@" "$made/$file" && shift; done
    # A make of its own, not a part of the one that may have started this.
    (cd "$folder" && env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS make -j2 --no-print-directory BUILD="$made" VENV="$venv" VERSION=3.2.1 KEY_INDEX=5 "$@") \
        >"$tmp/log" 2>&1 || { sed 's/^/# /' "$tmp/log" && exit 1; }
}
TZ=UTC LC_ALL=C build a build "$@"
sleep 2 # so that no time of the one is one of the other
TZ=Pacific/Auckland LC_ALL=C.UTF-8 build a-folder/with/a/longer/name out "$@"
for file; do
    if cmp "$tmp/a/build/$file" "$tmp/a-folder/with/a/longer/name/out/$file"; then verdict=ok; else verdict="not ok" failed=1; fi
    [ -s "$tmp/a/build/$file" ] || verdict="not ok" failed=1
    echo "$verdict - given the same sources in two folders, at two times / when $(basename "$file") is built / then it is the same, bit by bit"
done
cd "$sources"
exit $failed
