#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# The command lines of fwpkg as a person meets them: exit codes, one-line errors, the files it writes and what it says
# about them.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/host/cli_lib.sh
. "$here/cli_lib.sh"

one="payload=payload,class=0x000a,id=1,version=2.0.0,stamp=0x02000000,load=0x10000000,date=2026-11-01"

usage "given no command / when fwpkg runs / then status 2 and a hint" \
    "fwpkg: a command is missing: create, show, image, flash, keygen, sign, verify, diff or policy (see fwpkg --help)" "$bin/fwpkg"
usage "given an unknown command / when fwpkg runs / then status 2" "fwpkg: unknown command sing (see fwpkg --help)" \
    "$bin/fwpkg" sing
usage "given an unknown option / when fwpkg create runs / then status 2" \
    "fwpkg: unknown option --frob (see fwpkg --help)" "$bin/fwpkg" create --frob 1
usage "given an option without its value / when fwpkg create runs / then status 2" \
    "fwpkg: --output needs a value: --output FILE" "$bin/fwpkg" create -o
usage "given no output file / when fwpkg create runs / then status 2" "fwpkg: -o FILE is missing (see fwpkg --help)" \
    "$bin/fwpkg" create --descriptor pci-vendor=1 --component "$one"
usage "given no component / when fwpkg create runs / then status 2" \
    "fwpkg: --component GROUP is missing (see fwpkg --help)" "$bin/fwpkg" create -o x --descriptor pci-vendor=1
usage "given a component without version / when fwpkg create runs / then status 2" \
    "fwpkg: --component: version=TEXT is missing" "$bin/fwpkg" create --component payload=payload,class=10,id=1
usage "given a field that no component has / when fwpkg create runs / then status 2" \
    "fwpkg: --component: unknown field 'colour' (see fwpkg --help)" "$bin/fwpkg" create --component colour=red
usage "given an identifier of 17 bits / when fwpkg create runs / then status 2" \
    "fwpkg: --component: id=65536: not valid (ComponentIdentifier (required))" \
    "$bin/fwpkg" create --component id=65536
usage "given a first descriptor that may not be first / when fwpkg create runs / then status 2" \
    "fwpkg: --descriptor pci-device=1: its type may not be the first of a record" \
    "$bin/fwpkg" create --descriptor pci-device=1
usage "given a PCI vendor of 17 bits / when fwpkg create runs / then status 2" \
    "fwpkg: --descriptor pci-vendor=0x10000: its value is no such number" \
    "$bin/fwpkg" create --descriptor pci-vendor=0x10000
usage "given no such day / when fwpkg create runs / then status 2" "fwpkg: --date 20261301: not a date" \
    "$bin/fwpkg" create --date 20261301
usage "given a record for a component that is not there / when fwpkg create runs / then status 2" \
    "fwpkg: --device 0,1: not a list of components, counted from 0" \
    "$bin/fwpkg" create -o x --device 0,1 --descriptor pci-vendor=1 --component "$one"
usage "given a flash of 5000 bytes / when fwpkg flash runs / then status 2" \
    "fwpkg: --size 5000: not a multiple of 4 KiB up to 256M" "$bin/fwpkg" flash --size 5000
# wrong GIVEN LINE OPTION...: options of create beside which everything else is right.
wrong() {
    given=$1 line=$2
    shift 2
    usage "given $given / when fwpkg create runs / then status 2" "fwpkg: $line" \
        "$bin/fwpkg" create -o x --descriptor pci-vendor=1 --component "$one" "$@"
}
wrong "a version that is not ASCII" "--package-version é: is not ASCII: its string type must be another" \
    --package-version é
wrong "an empty version" "--package-version : is empty" --package-version ""
wrong "a string type that there is not" \
    "--image-set-version-type utf7: not one of ascii, utf8, utf16, utf16le, utf16be, unknown" \
    --image-set-version-type utf7
wrong "a component version of 129 bytes" \
    "--component: version=$(printf %0129d 0): is longer than 128 bytes" \
    --component "payload=payload,class=10,id=1,version=$(printf %0129d 0)"
wrong "a bitmap of 12 bits" "--bitmap-bits 12: not a multiple of 8 up to 65528" --bitmap-bits 12
wrong "a record without descriptor" "device record 1 has no --descriptor" --device all
wrong "a descriptor that there is not" "--descriptor 0x0100=00: its type is not four hexadecimal digits, or one that has a name" \
    --descriptor 0x0100=00
wrong "an option of another command" "--json is no option of create (see fwpkg --help)" --json

begin "given nine components and a bitmap of 8 bits / when fwpkg create runs / then status 2"
expect 2 "$bin/fwpkg" create -o x --bitmap-bits 8 --descriptor pci-vendor=1 --component "$one" --component "$one" \
    --component "$one" --component "$one" --component "$one" --component "$one" --component "$one" --component "$one" \
    --component "$one"
error "fwpkg: --bitmap-bits 8: there are 9 components"
finish

begin "given --help / when fwpkg runs / then status 0, and every option and field is there"
expect 0 "$bin/fwpkg" --help
for word in --component --descriptor --device --image-set-version --image-set-version-type --package-data --date \
    --continue-after-failure --package-version --package-version-type --bitmap-bits --json --slot --journal --size \
    --key --state --skip-to --public-key --revoked --digest-out --signature-in \
    payload= base= version-type= activation= vendor/TYPE: utf16be; do
    has "$word"
done
finish

begin "given a standard output that is full / when fwpkg runs / then status 1 and one line"
"$bin/fwpkg" --help 2>err >/dev/full && complain "fwpkg: status 0"
[ "$(cat err)" = "fwpkg: standard output: No space left on device" ] || complain "said: $(cat err)"
finish

begin "given a symbolic link as the output / when fwpkg image runs / then it stays one and its target is written"
printf old >target && ln -s target linked
expect 0 "$bin/fwpkg" image -o linked --component payload=raw0,class=10,id=1,version=1,raw
[ -L linked ] || complain "the link was replaced"
cmp -s -n 13 target raw0 || complain "the target is not the image"
[ ! -e linked.partial ] || complain "linked.partial was left"
expect 1 "$bin/fwpkg" image -o absent/x --component payload=raw0,class=10,id=1,version=1,raw
error "fwpkg: absent/x: No such file or directory"
finish

begin "given a payload file that is not there / when fwpkg image runs / then status 1 and its name"
expect 1 "$bin/fwpkg" image -o x --component payload=absent,class=10,id=1,version=1
error "fwpkg: absent: No such file or directory"
[ ! -e x ] || complain "x was written"
finish

begin "given one command line / when fwpkg create runs twice / then the packages are the same to the byte"
for file in a.pldm b.pldm; do
    expect 0 "$bin/fwpkg" create -o $file --package-version 2.0.0 --date 2026-11-01 --descriptor pci-vendor=0x1234 \
        --descriptor vendor:rev=42 --component "$one" --component payload=raw1,class=10,id=2,version=2.0,raw
done
cmp -s a.pldm b.pldm || complain "they differ"
finish

begin "given a good package / when fwpkg show runs / then it says what is in it and that nothing is signed"
expect 0 "$bin/fwpkg" show a.pldm
for line in "pci-vendor=0x1234" "vendor:rev=42" "released            2026-11-01" "components        0, 1" \
    "comparison stamp  0x02000000" "50001 bytes in 13 blocks" "loaded at 0x10000000" "hashes            all 14 right; not signed" \
    "none: raw"; do
    has "$line"
done
expect 0 "$bin/fwpkg" show --json a.pldm
has '"check":"good"'
has '"check":"raw"'
has '"signed":false'
finish

begin "given all that a package can say / when fwpkg create and show run / then show says the same"
printf 'data for the device' >data
expect 0 "$bin/fwpkg" create -o all.pldm --package-version 'é 2 😀' --package-version-type utf16 \
    --date 2026-11-01T12:34:56.5-05:30 --bitmap-bits 24 \
    --descriptor iana=0x1234 --descriptor vendor/utf16be:Größe=00ff --descriptor 0x0106=00 --package-data data \
    --continue-after-failure \
    --device 1 --descriptor pci-vendor=1 --descriptor pci-revision=7 --image-set-version zwei \
    --image-set-version-type utf8 \
    --component payload=payload,class=10,id=1,version=2.0.0,version-type=utf16le,stamp=3,activation=self-contained+ac-cycle \
    --component payload=raw1,class=0x800d,id=2,version=x,raw,activation=none,force
expect 0 "$bin/fwpkg" show all.pldm
cat >want <<'END'
package version     \u00e9 2 \U0001f600 (utf16)
released            2026-11-01T12:34:56.500000-05:30
header              revision 1, 219 bytes, checksum right, component bitmaps of 24 bits
device record 0
  descriptor        iana=0x00001234
  descriptor        vendor/utf16be:Gr\u00f6\u00dfe=00ff
  descriptor        0x0106=00
  image set version \u00e9 2 \U0001f600 (utf16)
  components        0, 1
  option            continue after failure
  package data      19 bytes
    6461746120666f722074686520646576696365
device record 1
  descriptor        pci-vendor=0x0001
  descriptor        pci-revision=0x07
  image set version zwei (utf8)
  components        1
component 0
  version           2.0.0 (utf16le)
  classification    0x000a (firmware), identifier 0x0001
  comparison stamp  0x00000003
  activation        self-contained, ac-cycle
  image             58240 bytes at 0xdb
  manifest          version 2.0.0, stamp 0x00000003, security version 0, released none
  payload           50001 bytes in 13 blocks, 1 hash table
  hashes            all 14 right; not signed
component 1
  version           x
  classification    0x800d (vendor-defined), identifier 0x0002
  option            force update
  activation        none
  image             1000 bytes at 0xe45b
  manifest          none: raw, nothing to check
END
cmp -s out want || complain "show: $(diff out want | head -n 4)"
expect 0 "$bin/fwpkg" show --json all.pldm
for part in '"version":"\u00e9 2 \ud83d\ude00","version_type":"utf16"' '"bitmap_bits":24' '"components":[0,1]' \
    '"package_data":"6461746120666f722074686520646576696365"' '"image_set_version":"zwei"' '"activation":34'; do
    has "$part"
done
finish

begin "given each string type / when a package is made and shown / then the version in that type"
for type in ascii utf8 utf16 utf16le utf16be unknown; do
    expect 0 "$bin/fwpkg" create -o type.pldm --package-version 2.0 --package-version-type $type \
        --descriptor pci-vendor=1 --component payload=raw0,class=10,id=1,version=1,version-type=$type,raw
    expect 0 "$bin/fwpkg" show --json type.pldm
    has "\"version\":\"2.0\",\"version_type\":\"$type\""
    has "\"version\":\"1\",\"version_type\":\"$type\""
done
finish

begin "given a package of a later revision / when fwpkg show runs / then status 1, the revision and its version"
printf '\022\104\322\144\215\175\107\030\240\060\374\212\126\130\175\132\002\000\000' >later.pldm
expect 1 "$bin/fwpkg" show later.pldm
error "fwpkg: later.pldm: header format revision 2 (DSP0267 1.1) is not supported, only revision 1 (DSP0267 1.0) (at 0x0)"
finish

begin "given a package with one header bit wrong / when fwpkg show runs / then status 1 and the checksum"
{ head -c 60 all.pldm; printf 'B'; tail -c +62 all.pldm; } >bad.pldm
expect 1 "$bin/fwpkg" show bad.pldm
grep -qE '^fwpkg: bad.pldm: header checksum is 0x[0-9a-f]{8}, computed 0x[0-9a-f]{8}: the header is damaged \(at 0xd7\)$' \
    err || complain "said: $(cat err)"
finish

begin "given a record that is never used / when fwpkg show runs / then the package, status 1 and why"
expect 0 "$bin/fwpkg" create -o odd.pldm --descriptor pci-vendor=1 --device all --descriptor pci-vendor=1 \
    --descriptor pci-device=2 --component payload=raw0,class=10,id=1,version=1,raw
expect 1 "$bin/fwpkg" show odd.pldm
has "device record 1"
[ "$(cat err)" = "fwpkg: odd.pldm: device record 1: is never used, record 0 matches every device that it would" ] ||
    complain "said: $(cat err)"
finish

begin "given a header that differs from the image's manifest / when fwpkg show runs / then status 1 and in what"
expect 0 "$bin/fwpkg" image -o one.img --component "$one"
for field in class=11:classification id=2:identifier version=2.0.1:version version-type=utf8:version; do
    expect 0 "$bin/fwpkg" create -o differs.pldm --descriptor pci-vendor=1 \
        --component "payload=one.img,raw,class=10,id=1,version=2.0.0,${field%:*}"
    expect 1 "$bin/fwpkg" show differs.pldm
    [ "$(cat err)" = "fwpkg: differs.pldm: component 0: manifest: its ${field#*:} is not the one in the package header" ] ||
        complain "$field: said: $(cat err)"
done
finish

begin "given bytes behind the last image / when fwpkg show runs / then it says how many"
{ cat a.pldm; printf 'more'; } >more.pldm
expect 0 "$bin/fwpkg" show more.pldm
has "unused              4 bytes that belong to no component"
finish

begin "given a package with one payload bit wrong / when fwpkg show runs / then status 1 and the block"
{ head -c 30000 a.pldm; printf 'B'; tail -c +30002 a.pldm; } >bad.pldm
expect 1 "$bin/fwpkg" show bad.pldm
[ "$(cat err)" = "fwpkg: bad.pldm: component 0: payload block 5 at 0x7000: its SHA-256 is not the one in its table" ] ||
    complain "said: $(cat err)"
finish

begin "given a package cut off / when fwpkg show runs / then status 1 and where"
head -c 40000 a.pldm >cut.pldm
expect 1 "$bin/fwpkg" show cut.pldm
grep -qE '^fwpkg: cut.pldm: component 0: offset 0x[0-9a-f]+ \+ size 0x[0-9a-f]+ beyond the end of the file 0x9c40 \(at 0x[0-9a-f]+\)$' \
    err || complain "said: $(cat err)"
finish

begin "given a slot and a journal / when fwpkg flash runs / then payload, manifest and record are in their places"
expect 0 "$bin/fwpkg" flash -o flash.bin --size 1M --journal 0x20000 --slot "base=0x40000,size=0x20000,$one"
[ "$(wc -c <flash.bin)" = 1048576 ] || complain "its size is $(wc -c <flash.bin)"
tail -c +$((0x40000 + 1)) flash.bin | head -c 50001 | cmp -s - payload || complain "the payload is not at the base"
[ "$(tail -c +$((0x5f000 + 1)) flash.bin | head -c 4)" = SLU1 ] || complain "no manifest in the slot's last block"
[ "$(tail -c +$((0x21000 + 1)) flash.bin | head -c 4)" = SLJ2 ] || complain "no record 1 in the journal's sector 1"
finish

begin "given overlapping slots / when fwpkg flash runs / then status 1"
expect 1 "$bin/fwpkg" flash -o x --size 1M --slot "base=0x40000,size=0x20000,$one" --slot "base=0x50000,size=0x20000,$one"
error "fwpkg: --slot base=0x50000: overlaps the slot at 0x40000"
finish

begin "given a slot that is too small / when fwpkg flash runs / then status 1"
expect 1 "$bin/fwpkg" flash -o x --size 1M --slot "base=0x40000,size=0xe000,$one"
error "fwpkg: payload: does not fit its slot"
finish
exit $failed
