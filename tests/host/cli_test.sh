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
    "fwup: a command (inventory, update FILE, status, cancel, discover, policy, check DIR or replay-tests DIR) is missing (see fwup --help)" "$bin/fwup" --link unix:x
usage "given update without a file / when fwup runs / then status 2" "fwup: FILE is missing (see fwup --help)" \
    "$bin/fwup" --link unix:x update
usage "given an unknown kind of link / when fwup runs / then status 2" \
    "fwup: --link usb:0: not one of serial:DEVICE[,BAUD], pty:PATH, unix:PATH, sim:PATH, mctp:NET,EID[,INTERFACE]" \
    "$bin/fwup" --link usb:0 inventory
usage "given an EID beside a link that has one / when fwup runs / then status 2" \
    "fwup: --link mctp:1,9: its device's EID is in the name, there is no --eid for it" \
    "$bin/fwup" --link mctp:1,9 --eid 10 inventory
usage "given an unknown kind of link / when sluice-sim runs / then status 2" \
    "sluice-sim: --link usb:0: not one of pty, unix:PATH, sim:PATH" "$bin/sluice-sim" --flash sim.flash --link usb:0
usage "given an unknown link of the card / when sluice-sim runs / then status 2" \
    "sluice-sim: --via usb: not one of serial, packet, smbus" "$bin/sluice-sim" --flash sim.flash --link pty --via usb
usage "given an option of another command / when fwup runs / then status 2" \
    "fwup: --force is no option of inventory (see fwup --help)" "$bin/fwup" --link unix:x --force inventory
usage "given both kinds of no activation / when fwup runs / then status 2" \
    "fwup: --no-restart and --no-activate exclude each other" \
    "$bin/fwup" --link unix:x --no-restart --no-activate update x

# range OPTION VALUE REASON: out of what the specification allows.
range() {
    usage "given $1 $2 / when fwup runs / then status 2 and the range" "fwup: $1 $2: $3" \
        "$bin/fwup" --link unix:x "$1" "$2" update x
}
range --max-transfer 31 "the largest transfer is 32 to 16384 bytes (DSP0267 6.6)"
range --max-transfer 16385 "the largest transfer is 32 to 16384 bytes (DSP0267 6.6)"
range --max-outstanding 0 "at least 1 request for data is outstanding (DSP0267 table 14)"
range --max-outstanding 256 "not a number up to 255"
range --tries 2 "the number of tries is 3 to 21 in all (PN1 of DSP0240, UAFD_T1 of DSP0267)"
range --tries 22 "the number of tries is 3 to 21 in all (PN1 of DSP0240, UAFD_T1 of DSP0267)"
range --tries 8 "the last try is sent within 6000 ms of the first (PT3 of DSP0240): fewer tries or less time for each"
range --response 299 "the time for an answer is 300 to 4800 ms (PT2 of DSP0240)"
range --response x "not a number of milliseconds"
range --ua-t1 499 "UA_T1 is 500 to 5000 ms (DSP0267 table 2)"
range --ua-t1 5001 "UA_T1 is 500 to 5000 ms (DSP0267 table 2)"
range --ua-t2 59 "UA_T2 is 60000 to 90000 ms (DSP0267 table 2)"
range --ua-t2 91 "UA_T2 is 60000 to 90000 ms (DSP0267 table 2)"
range --ua-t3 179 "UA_T3 is 180000 ms or more (DSP0267 table 2)"
range --ua-t3 4294968 "not a number of seconds"
range --ua-t4 999 "UA_T4 is 1000 to 5000 ms (DSP0267 table 2)"
range --ua-t4 5001 "UA_T4 is 1000 to 5000 ms (DSP0267 table 2)"
range --ua-t5 999 "UA_T5 is 1000 to 5000 ms (DSP0267 table 2)"
range --ua-t5 5001 "UA_T5 is 1000 to 5000 ms (DSP0267 table 2)"
range --return 86401 "not a number of seconds up to 86400"
for eid in 8 255 20- 30-20 8-20 20-255 20-x; do range --eid $eid "not a number from 9 to 254, or a range of them"; done
usage "given an EID twice / when fwup runs / then status 2" "fwup: --eid 20: twice behind one --link" \
    "$bin/fwup" --link unix:x --eid 20 --eid 21 --eid 20 status
range --component 1, "not a list of components, counted from 0"
range --component 65528 "not a list of components, counted from 0"
range --personality nobody "no such personality (see fwup --help)"

begin "given every limit of the specification / when fwup runs / then it gets as far as the package"
for limit in "--tries 21 --response 300" "--response 4000 --tries 3 --response 3000" "--ua-t1 500" "--ua-t1 5000" \
    "--ua-t2 60" "--ua-t2 90" "--ua-t3 180" "--ua-t4 1000" "--ua-t4 5000" "--ua-t5 1000" "--ua-t5 5000" \
    "--max-transfer 32" "--max-transfer 16384" "--max-outstanding 1" "--max-outstanding 255"; do
    # shellcheck disable=SC2086 # options and values are words
    expect 1 "$bin/fwup" --link unix:x $limit update absent
    error "fwup: absent: No such file or directory"
done
finish

begin "given --help / when fwup runs / then status 0 and every option is there"
expect 0 "$bin/fwup" --help
for word in --link --eid --json --progress --component --force --no-restart --no-activate --personality --max-transfer \
    --max-outstanding --tries --response --ua-t1 --ua-t2 --ua-t3 --ua-t4 --ua-t5 --return inventory "update FILE" status \
    cancel "sluice, openbmc, mctp-rs, openbic"; do
    has "$word"
done
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

begin "given a copy of sluice-sim / when it runs elsewhere / then it has its boot ROM, and looks for no file of the build"
cp "$bin/sluice-sim" copied-sim
expect 0 ./copied-sim --flash blank.flash --link unix:sim.socket --until 100 --stop-on "boot: flash ef4018"
grep -q 'boot\.hex' copied-sim && complain "it names a file of the boot ROM"
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

begin "given a component that the package has not / when fwup update runs / then status 1 and the package"
"$bin/fwpkg" create -o one.pldm --descriptor pci-vendor=1 --component payload=raw0,class=10,id=1,version=2.0,raw
expect 1 "$bin/fwup" --link sim:absent --component 0,1 update one.pldm
error "fwup: one.pldm: there is no component 1, only 1 from 0 on"
finish

make_update
"$bin/fwpkg" create -o other.pldm --descriptor pci-vendor=0x4321 --component payload=raw0,class=10,id=1,version=2.0,raw
for kind in unix sim pty; do
    serve $kind $kind
    link=$kind:$tmp/$kind.link

    begin "given a $kind link / when fwup inventory runs / then descriptors, versions and slots"
    expect 0 "$bin/fwup" --link "$link" inventory
    for line in "pci-device=0x5301" "active    1.0" "pending   none" \
        "slot A      active: 1.0.0, security version 4" "slot B      on trial (start 2 of 3): 2.0.0, security version 5, runs" \
        "slot golden golden: 1.0.0, security version 0" "slot B      trial failed: 2.0.0, security version 5" \
        "minimum   security version 4"; do has "$line"; done
    [ ! -s err ] || complain "standard error: $(cat err)"
    expect 0 "$bin/fwup" --link "$link" --json inventory
    has '"minimum_security_version":4,"trial_start":2,"trial_starts":3,"slots":[{"slot":"A","state":"active","runs":false,"version":"1.0.0","stamp":1,"security_version":4},{"slot":"B","state":"on trial","runs":true,"version":"2.0.0","stamp":2,"security_version":5},{"slot":"golden","state":"golden"'
    expect 0 "$bin/fwup" --link "$link" status
    has "state     IDLE"
    has "engine    16909060 requests, 5 of them repeats, 4294967295 bytes; idle with work waiting: link 2147483648 cycles, flash 7"
    expect 0 "$bin/fwup" --link "$link" --json status
    has '"engine":{"requests":16909060,"retries":5,"bytes":4294967295,"link_idle_cycles":2147483648,"flash_idle_cycles":7}'
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
    grep '"event":"result"' out | grep -qF '"good":true' || complain "not good: $(tail -n 2 out)"
    [ ! -s err ] || complain "standard error without a terminal: $(cat err)"
    got $kind.got
    expect 0 "$bin/fwup" --link "$link" inventory
    has "active    2.0"
    finish

    begin "given a $kind link and --progress / when fwup update runs again / then a bar for each component"
    expect 0 "$bin/fwup" --link "$link" --progress update update.pldm
    for part in "component 0  DOWNLOAD" "component 1  DOWNLOAD" "100%"; do
        grep -qF "$part" err || complain "the bar lacks: $part"
    done
    has "component 1  0x000a:0x0002 2.0: updated, 1024 of 1000 bytes asked for in 16 requests"
    finish

    unserve
done

serve sim paced
link=sim:$tmp/paced.link
begin "given simulated time / when fwup update shows progress / then the rate and the time left"
expect 0 "$bin/fwup" --link "$link" --progress update update.pldm
tr '\r' '\n' <err | grep -qE 'component 1  DOWNLOAD .* 100%  [0-9.]+ KiB/s, 0:00 left' ||
    complain "said: $(tr '\r' '\n' <err | tail -n 2)"
expect 0 "$bin/fwup" --link "$link" --json update update.pldm
[ ! -s err ] || complain "standard error without a terminal: $(cat err)"
grep '"event":"data"' out | tail -n 1 >last
for part in '"reached":1000,"size":1000' '"bytes_per_s":' '"seconds_left":0'; do
    grep -qF "$part" last || complain "the last data event lacks $part: $(cat last)"
done
[ "$(grep -c '"event":"component",.*"component":[01],.*"fate":"updated"' out)" = 2 ] ||
    complain "no event for each component"
grep '"event":"summary"' out | grep -qF '"link":"'"$link"'","eid":9,"result":"updated","components_updated":2,"components":2' ||
    complain "no summary: $(tail -n 1 out)"
finish

begin "given a terminal / when fwup update runs without --progress / then it shows progress there"
script -qec "'$bin/fwup' --link '$link' update update.pldm" typescript >/dev/null 2>&1 || complain "status $?"
grep -qF "component 1  DOWNLOAD" typescript || complain "no progress: $(cat typescript)"
finish

begin "given --component / when fwup update runs / then that component alone is asked for"
expect 0 "$bin/fwup" --link "$link" --component 1 update update.pldm
has "component 1  0x000a:0x0002 2.0: updated"
has "$link: updated, 1 of 1 components"
grep -q "component 0 .*: updated" out && complain "component 0 was updated"
finish

begin "given --no-activate / when fwup update and then cancel run / then READY XFER, and IDLE"
expect 0 "$bin/fwup" --link "$link" --no-activate update update.pldm
expect 0 "$bin/fwup" --link "$link" status
has "state     READY XFER"
expect 0 "$bin/fwup" --link "$link" cancel
has "state     IDLE"
expect 0 "$bin/fwup" --link "$link" --json cancel
has '"link":"'"$link"'","eid":9,"status":{"state":"IDLE"'
finish

unserve

"$bin/fwpkg" create -o exact.pldm --descriptor pci-vendor=0x1234 --descriptor pci-device=0x5301 \
    --descriptor pci-subsystem=1 --component payload=raw0,class=10,id=1,version=2.0,stamp=2,raw
for who in sluice:2.0 openbmc:1.0 mctp-rs:1.0 openbic:1.0 caliptra:2.0; do
    serve sim "${who%:*}"
    link=sim:$tmp/${who%:*}.link
    begin "given --personality ${who%:*} / when fwup update runs / then an update as that agent does it, ${who#*:} runs"
    expect 0 "$bin/fwup" --link "$link" --personality "${who%:*}" --json update exact.pldm
    grep '"event":"result"' out | grep -qF '"good":true' || complain "not good: $(tail -n 2 out)"
    head -c 13 "${who%:*}.got.0" | cmp -s - raw0 || complain "the image differs"
    expect 0 "$bin/fwup" --link "$link" inventory
    has "active    ${who#*:} "
    finish
    unserve
done

serve unix stale stall=8
link=unix:$tmp/stale.link
begin "given a fwup that was killed in mid-download / when it starts again / then the update left behind is cancelled"
"$bin/fwup" --link "$link" update update.pldm >out 2>err &
client=$!
said stale stalled
kill -9 $client
wait $client 2>/dev/null
expect 0 "$bin/fwup" --link "$link" status
has "state     DOWNLOAD"
expect 0 "$bin/fwup" --link "$link" update update.pldm
[ "$(cat err)" = "fwup: $link: warning: the device was in update mode: the update left behind is cancelled" ] ||
    complain "said: $(cat err)"
has "$link: updated, 2 of 2 components"
got stale.got
finish
unserve

serve unix stopped stall=8
link=unix:$tmp/stopped.link
begin "given a fwup in mid-download / when it is interrupted / then it cancels, status 1, and the device is in IDLE"
"$bin/fwup" --link "$link" update update.pldm >out 2>err &
client=$!
said stopped stalled
kill -INT $client
wait $client
[ $? = 1 ] || complain "status $?, not 1"
[ "$(cat err)" = "fwup: $link: interrupted: the update was cancelled" ] || complain "said: $(cat err)"
has "$link: failed, 1 of 2 components updated"
expect 0 "$bin/fwup" --link "$link" status
has "state     IDLE"
finish

begin "given an update that is left behind / when fwup cancel runs / then the device is in IDLE"
expect 0 "$bin/fwup" --link "$link" --no-activate update update.pldm
expect 0 "$bin/fwup" --link "$link" --ua-t1 500 cancel
has "state     IDLE"
finish
unserve

serve unix many eid=20 eid=21 stranger eid=22
link=unix:$tmp/many.link
begin "given three devices behind one link, one a stranger / when fwup update runs / then it is skipped by name"
expect 0 "$bin/fwup" --link "$link" --eid 20 --eid 21 --eid 22 update update.pldm
has "$link EID 20: updated, 2 of 2 components"
has "$link EID 21: skipped, no device record of the package matches its descriptors"
has "$link EID 22: updated, 2 of 2 components"
got many.got.20
got many.got.22
[ ! -e many.got.21.0 ] || complain "the stranger was updated"
[ ! -s err ] || complain "standard error: $(cat err)"
finish

begin "given several devices behind one link / when fwup inventory and status run / then each one's"
expect 0 "$bin/fwup" --link "$link" --eid 20 --eid 22 inventory
for line in "== $link EID 20" "== $link EID 22" "EID 20, IDLE" "EID 22, IDLE"; do has "$line"; done
expect 0 "$bin/fwup" --link "$link" --json --eid 22 --eid 21 status
[ "$(grep '"event":"status"' out | grep -o '"eid":[0-9]*' | tr '\n' ' ')" = '"eid":22 "eid":21 ' ] || complain "said: $(cat out)"
finish

begin "given a device that is not there / when fwup updates it and others / then it has failed, they have not, status 1"
expect 1 "$bin/fwup" --link "$link" --tries 3 --response 300 --eid 30 --eid 20 update update.pldm
[ "$(cat err)" = "fwup: $link EID 30: no device answers on the link (3 tries, 300 ms each)" ] || complain "said: $(cat err)"
has "$link EID 30: failed, 0 of 0 components updated"
has "$link EID 20: updated, 2 of 2 components"
finish

begin "given devices that are all strangers / when fwup update runs / then status 1 and the package"
expect 1 "$bin/fwup" --link "$link" --eid 20 --eid 22 update other.pldm
[ "$(cat err)" = "fwup: other.pldm: no device record of the package matches any of the 2 devices" ] ||
    complain "said: $(cat err)"
finish
others=$card

serve unix single
begin "given two links and one that is not there / when fwup update runs / then a summary line for each, status 1"
expect 1 "$bin/fwup" --link "$link" --eid 20 --eid 21 --link unix:absent --link "unix:$tmp/single.link" update update.pldm
[ "$(cat err)" = "fwup: unix:absent: No such file or directory" ] || complain "said: $(cat err)"
tail -n 4 out >summary
cut -d , -f 1 summary >fates
printf '%s\n' "$link EID 20: updated" "$link EID 21: skipped" "unix:absent: failed" "unix:$tmp/single.link: updated" |
    cmp -s - fates || complain "said: $(cat summary)"
got single.got
finish
unserve
card=$others
unserve
exit $failed
