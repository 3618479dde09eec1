#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# The command lines of fwup and sluice-sim as a person meets them: exit codes, one-line errors, and fwup over each kind of
# link against the scripted device (cli_card).
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/host/cli_lib.sh
. "$here/cli_lib.sh"

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

begin "given --help / when fwup runs / then status 0 and every option is there"
expect 0 "$bin/fwup" --help
for word in --link --json --progress --force --max-transfer; do has "$word"; done
finish

begin "given a standard output that is full / when fwup runs / then status 1 and one line"
"$bin/fwup" --help 2>err >/dev/full && complain "fwup: status 0"
[ "$(cat err)" = "fwup: standard output: No space left on device" ] || complain "said: $(cat err)"
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
