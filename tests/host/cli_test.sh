#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# The command lines of fwpkg, fwup and sluice-sim as a person meets them: exit codes, one-line errors, the files they
# write, and
# fwup over each kind of link against the scripted device (cli_card). Installed beside it as cli_test by the build.
set -u
here=$(cd "$(dirname "$0")" && pwd)
bin=$here/../../bin
tmp=$(mktemp -d)
card=
end() {
    [ -z "$card" ] || kill "$card" 2>/dev/null
    rm -rf "$tmp"
}
trap end EXIT
cd "$tmp" || exit 1
failed=0
name=
bad=0

begin() { name=$1 bad=0; }
finish() {
    if [ $bad = 0 ]; then echo "ok - $name"; else echo "not ok - $name" && failed=1; fi
}
complain() { echo "# $*"; bad=1; }

# expect STATUS COMMAND...: its status; standard output is in out, standard error in err.
expect() {
    want=$1
    shift
    "$@" >out 2>err
    got=$?
    [ $got = "$want" ] || complain "status $got, not $want: $* ($(head -n 1 err))"
}
# error TEXT: standard error is this one line, standard output is empty.
error() {
    [ "$(cat err)" = "$1" ] || complain "said: $(cat err)"
    [ ! -s out ] || complain "standard output is not empty: $(head -n 1 out)"
}
has() { grep -qF -- "$1" out || complain "output lacks: $1"; }

# usage SENTENCE LINE COMMAND...: a wrong command line ends with status 2 and that line.
usage() {
    begin "$1"
    line=$2
    shift 2
    expect 2 "$@"
    error "$line"
    finish
}

head -c 50001 /dev/zero | tr '\0' 'A' >payload
printf 'small payload' >raw0
head -c 1000 /dev/zero | tr '\0' 'Z' >raw1
one="payload=payload,class=0x000a,id=1,version=2.0.0,stamp=0x02000000,load=0x10000000,date=2026-11-01"

usage "given no command / when fwpkg runs / then status 2 and a hint" \
    "fwpkg: a command is missing: create, show, image or flash (see fwpkg --help)" "$bin/fwpkg"
usage "given an unknown command / when fwpkg runs / then status 2" "fwpkg: unknown command sign (see fwpkg --help)" \
    "$bin/fwpkg" sign
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
usage "given no link / when fwup runs / then status 2" "fwup: --link LINK is missing (see fwup --help)" \
    "$bin/fwup" inventory
usage "given no command / when fwup runs / then status 2" \
    "fwup: a command (inventory, update FILE or status) is missing (see fwup --help)" "$bin/fwup" --link unix:x
usage "given update without a file / when fwup runs / then status 2" "fwup: FILE is missing (see fwup --help)" \
    "$bin/fwup" --link unix:x update
usage "given an unknown kind of link / when fwup runs / then status 2" \
    "fwup: --link usb:0: not one of serial:DEVICE[,BAUD], pty:PATH, unix:PATH, sim:PATH" \
    "$bin/fwup" --link usb:0 inventory
usage "given an unknown kind of link / when sluice-sim runs / then status 2" \
    "sluice-sim: --link usb:0: not one of pty, unix:PATH, sim:PATH" "$bin/sluice-sim" --flash sim.flash --link usb:0
usage "given a transfer size below the baseline / when fwup runs / then status 2" \
    "fwup: --max-transfer 31: not a number from 32 to 16384" "$bin/fwup" --max-transfer 31

begin "given --help / when either tool runs / then status 0 and every option is there"
expect 0 "$bin/fwpkg" --help
for word in --component --descriptor --device --package-data --date --json --slot --journal payload= base=; do
    has "$word"
done
expect 0 "$bin/fwup" --help
for word in --link --json --progress --force --max-transfer; do has "$word"; done
finish

begin "given a standard output that is full / when either tool runs / then status 1 and one line"
"$bin/fwpkg" --help 2>err >/dev/full && complain "fwpkg: status 0"
[ "$(cat err)" = "fwpkg: standard output: No space left on device" ] || complain "said: $(cat err)"
"$bin/fwup" --help 2>err >/dev/full && complain "fwup: status 0"
[ "$(cat err)" = "fwup: standard output: No space left on device" ] || complain "said: $(cat err)"
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

begin "given wrong links / when sluice-sim runs / then no flash file before a right one, and a plain file stays"
[ ! -e sim.flash ] || complain "sim.flash was made for an unknown kind of link"
expect 1 "$bin/sluice-sim" --flash sim.flash --link unix:raw0
error "sluice-sim: unix:raw0: cannot listen: File exists"
[ "$(cat raw0)" = "small payload" ] || complain "raw0 was touched"
finish

begin "given a text that no console line holds / when sluice-sim --stop-on reaches --until / then status 1"
expect 1 "$bin/sluice-sim" --flash sim.flash --link unix:sim.socket --quiet --until 1 --stop-on "never said"
error "sluice-sim: --stop-on never said: no console line held it"
[ ! -e sim.socket ] || complain "the socket was left"
finish

begin "given a busy client / when sluice-sim --link sim: is told to end / then it ends with status 0"
"$bin/sluice-sim" --flash sim.flash --link "sim:$tmp/sim.socket" --quiet 2>sim.err &
card=$!
while [ ! -S sim.socket ]; do kill -0 $card || break; sleep 0.05; done
"$bin/fwup" --link "sim:$tmp/sim.socket" inventory >out 2>err &
client=$!
sleep 0.2
kill $card
wait $card || complain "status $?: $(cat sim.err)"
card=
wait $client
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
[ "$(tail -c +$((0x21000 + 1)) flash.bin | head -c 4)" = SLJ1 ] || complain "no record 1 in the journal's sector 1"
finish

begin "given overlapping slots / when fwpkg flash runs / then status 1"
expect 1 "$bin/fwpkg" flash -o x --size 1M --slot "base=0x40000,size=0x20000,$one" --slot "base=0x50000,size=0x20000,$one"
error "fwpkg: --slot base=0x50000: overlaps the slot at 0x40000"
finish

begin "given a slot that is too small / when fwpkg flash runs / then status 1"
expect 1 "$bin/fwpkg" flash -o x --size 1M --slot "base=0x40000,size=0xe000,$one"
error "fwpkg: payload: does not fit its slot"
finish

begin "given a link that is not there / when fwup runs / then status 1 and why"
expect 1 "$bin/fwup" --link sim:absent inventory
error "fwup: sim:absent: No such file or directory"
expect 1 "$bin/fwup" --link serial:absent,12x inventory
error "fwup: serial:absent,12x: not a baud rate behind the comma"
finish

begin "given a file that is no package / when fwup update runs / then status 1 before the link is opened"
expect 1 "$bin/fwup" --link sim:absent update payload
error "fwup: payload: not a PLDM firmware update package: unknown header identifier (at 0x0)"
finish

"$bin/fwpkg" create -o update.pldm --descriptor pci-vendor=0x1234 --descriptor pci-device=0x5301 \
    --component payload=raw0,class=10,id=1,version=2.0,stamp=2,raw --component payload=raw1,class=10,id=2,version=2.0,stamp=2,raw
"$bin/fwpkg" create -o other.pldm --descriptor pci-vendor=0x4321 --component payload=raw0,class=10,id=1,version=2.0,raw

for kind in unix sim pty; do
    rm -f ready
    "$here/cli_card" $kind "$tmp/$kind.link" "$tmp/$kind.got" >ready &
    card=$!
    while ! grep -q ready ready 2>/dev/null; do kill -0 $card || break; sleep 0.05; done
    link=$kind:$tmp/$kind.link

    begin "given a $kind link / when fwup inventory runs / then descriptors and versions, and that nothing is signed"
    expect 0 "$bin/fwup" --link "$link" inventory
    for line in "pci-device=0x5301" "active    1.0" "pending   none" "NOT SIGNED"; do has "$line"; done
    [ ! -s err ] || complain "standard error: $(cat err)"
    expect 0 "$bin/fwup" --link "$link" --json inventory
    has '"signatures_verified":false'
    expect 0 "$bin/fwup" --link "$link" status
    has "state     IDLE"
    finish

    begin "given a $kind link and another device's package / when fwup update runs / then status 1 and the reason"
    expect 1 "$bin/fwup" --link "$link" update other.pldm
    [ "$(cat err)" = "fwup: $link: no device record of the package matches the device's descriptors" ] ||
        complain "said: $(cat err)"
    finish

    begin "given a $kind link and --progress without a terminal / when the update is refused / then no bar, one line"
    expect 1 "$bin/fwup" --link "$link" --progress update other.pldm
    [ "$(wc -l <err)" = 1 ] || complain "said: $(cat err)"
    finish

    begin "given a $kind link / when fwup update runs / then the device gets every byte and runs the new version"
    expect 0 "$bin/fwup" --link "$link" --json update update.pldm
    has '"event":"result","good":true'
    [ ! -s err ] || complain "standard error without a terminal: $(cat err)"
    head -c 13 $kind.got.0 | cmp -s - raw0 || complain "component 0 differs"
    head -c 1000 $kind.got.1 | cmp -s - raw1 || complain "component 1 differs"
    expect 0 "$bin/fwup" --link "$link" inventory
    has "active    2.0"
    finish

    begin "given a $kind link and --progress / when fwup update runs again / then a bar for each component"
    expect 0 "$bin/fwup" --link "$link" --progress update update.pldm
    for part in "component 0  DOWNLOAD" "component 1  DOWNLOAD" "100%"; do
        grep -qF "$part" err || complain "the bar lacks: $part"
    done
    has "component 1  0x000a:0x0002 2.0: updated, 1024 of 1000 bytes asked for in 16 requests"
    has "NOT SIGNED"
    finish

    kill $card
    wait $card 2>/dev/null
    card=
done
exit $failed
