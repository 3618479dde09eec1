#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# tests/evidence/layout_test.sh: tools/release and tools/package on a small build of bytes that stand for the real ones.
set -u
here=$PWD
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
failed=0
name=
bad=0
begin() { name=$1 bad=0; }
complain() { echo "# $*"; bad=1; }
finish() {
    if [ $bad = 0 ]; then echo "ok - $name"; else echo "not ok - $name" && failed=1; fi
}

# sources FOLDER: a repository of some files, and what its build has made.
sources() {
    mkdir -p "$1/docs" "$1/tools" && cd "$1" || exit 1
    cp "$here/tools/release" tools/release
    printf 'Released: 2026-02-03\n' >docs/release.txt
    printf '/build/\n' >.gitignore
    git init -q . && git add -A && git -c user.name=n -c user.email=e commit -qm all
    for file in fw/app-1.2.3.bin fw/boot.hex bitstream/icebreaker.bin bitstream/ulx3s.bit bin/fwup share/man/man1/fwup.1 \
        evidence/1.2.3/release.json advisories/a.json; do
        mkdir -p "build/$(dirname $file)"
        echo "bytes of $file" >"build/$file"
    done
}

begin "given a build / when a release is laid out / then sources, firmware, bitstreams, tools, evidence, and checksums that hold"
sources "$tmp/one"
tools/release build 1.2.3 out/r >said 2>&1 || complain "$(cat said)"
[ "$(cat said)" = "release 1.2.3 in out/r: 8 files" ] || complain "said: $(cat said)"
for file in firmware/app-1.2.3.bin firmware/boot.hex gateware/icebreaker.bin gateware/ulx3s.bit evidence/release.json \
    evidence/advisories/a.json sluice-1.2.3-source.tar.gz "sluice-1.2.3-tools-$(uname -m).tar.gz"; do
    grep -q " $file\$" out/r/SHA256SUMS || complain "no $file"
done
(cd out/r && sha256sum --quiet -c SHA256SUMS) || complain "a checksum does not hold"
tar tzf out/r/sluice-1.2.3-source.tar.gz >list
[ "$(tr '\n' ' ' <list)" = "sluice-1.2.3/.gitignore sluice-1.2.3/docs/release.txt sluice-1.2.3/tools/release " ] || complain "sources: $(cat list)"
finish

begin "given the same in another folder, two seconds later, with another umask / when laid out / then the same bytes"
sleep 2
(umask 077 && sources "$tmp/another/one" && TZ=Asia/Tokyo tools/release build 1.2.3 out/r >said 2>&1) || complain "failed"
cmp "$tmp/one/out/r/SHA256SUMS" "$tmp/another/one/out/r/SHA256SUMS" || complain "the checksums differ"
finish

begin "given the archive of the sources unpacked / when a release is laid out there / then its sources are the same bytes"
mkdir "$tmp/unpacked" && tar xzf "$tmp/one/out/r/sluice-1.2.3-source.tar.gz" -C "$tmp/unpacked" && cd "$tmp/unpacked/sluice-1.2.3" || exit 1
cp -r "$tmp/one/build" build
GIT_CEILING_DIRECTORIES=$tmp tools/release build 1.2.3 build/r >"$tmp/said" 2>&1 || complain "$(cat "$tmp/said")"
cmp build/r/sluice-1.2.3-source.tar.gz "$tmp/one/out/r/sluice-1.2.3-source.tar.gz" || complain "they differ"
finish

begin "given a build folder with a whole path / when a release is laid out / then the same bytes, and none of the build's among the sources"
cd "$tmp/unpacked/sluice-1.2.3" && mv build made || exit 1
GIT_CEILING_DIRECTORIES=$tmp tools/release "$PWD/made" 1.2.3 "$PWD/made/r" >"$tmp/said" 2>&1 || complain "$(cat "$tmp/said")"
cmp made/r/SHA256SUMS "$tmp/one/out/r/SHA256SUMS" || complain "the checksums differ"
finish

begin "given a file of the sources that is not there / when a release is laid out / then no release"
cd "$tmp/another/one" || exit 1
echo more >docs/more && git add docs/more && git -c user.name=n -c user.email=e commit -qm more && git update-index --assume-unchanged docs/more && rm docs/more
tools/release build 1.2.3 out/t >said 2>&1 && complain "it was not refused"
[ ! -e out/t/SHA256SUMS ] || complain "it has checksums"
finish

begin "given a change that is not committed / when a release is laid out / then refused in one line, nothing is written"
cd "$tmp/one" || exit 1
echo more >>docs/release.txt
tools/release build 1.2.3 out/s >said 2>&1 && complain "it was not refused"
[ "$(cat said)" = "release: there are changes that are not committed" ] || complain "said: $(cat said)"
[ ! -e out/s ] || complain "something was written"
finish

cd "$here" || exit 1
for version in 1.2 1.2.3.4 1..2 v1.2.3 1.2.256 "" 1.2.x; do
    begin "given VERSION='$version' / when a package is asked for / then refused in one line"
    tools/package bin firmware "$version" "$tmp/out.pldm" "" "" "" >"$tmp/said" 2>&1 && complain "it was not refused"
    [ "$(grep -cx "package: VERSION=$version: .*" "$tmp/said") $(wc -l <"$tmp/said")" = "1 1" ] || complain "said: $(cat "$tmp/said")"
    finish
done
exit $failed
