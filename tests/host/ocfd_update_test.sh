#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Validation and update through ocfd (OCF Security 15.4), end to end: libcoap's client on one side, a scripted card on the
# other. What two observers see; which packages are trusted; kills at every stage; autonomous checks.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/host/cli_lib.sh
. "$here/cli_lib.sh"
# shellcheck source=tests/host/ocfd_lib.sh
. "$here/ocfd_lib.sh"

# got_all NAME: the card has both images of the package that is named.
got_all() {
    for n in 0 1; do
        size=$(stat -c %s "image$n")
        head -c "$size" "$1.got.$n" | cmp -s - "image$n" || complain "component $n differs from what was in the package"
    done
}
# ends TEXT: the process that is under way ends with that result.
ends() { await "$at.log" "ended: $1"; }
# state_has NAME LINE: of its state file.
state_has() { grep -qx "$2" "$1.state" || complain "the state lacks: $2"; }

package two.pldm a.key 2.0 5
# The images as they are in the package, at their offsets.
n=0
for offset in $(grep -abo SLU1 two.pldm | cut -d: -f1); do
    tail -c +$((offset + 1)) two.pldm | head -c $((8192 + 64 * (n == 0 ? 1 : 16))) >image$n
    n=$((n + 1))
done

begin_card one
begin_daemon one
onboard
watch client first oic/sec/pstat
watch ams second oic/sec/pstat
watch client progress x.sluice/update

begin "given an empty source / when validation is asked for / then tm 64 rises and falls, cm 64 stays 0"
post ams "$validate"
answers 2.04 "tm 64"
ends "no update: 0 packages in the trusted source, 0 of them refused"
await_last first '"cm":0,"tm":0'
await_last second '"cm":0,"tm":0'
for who in first second; do
    [ "$(saw $who)" = "false true 0 0;false true 0 64;false true 0 0;" ] || complain "$who saw: $(saw $who)"
done
finish

# refused SENTENCE LINE: a validation finds nothing, and the log says why.
refused() {
    begin "$1"
    : >one.log
    post cms "$validate"
    answers 2.04 "tm 64"
    ends "no update: 1 packages in the trusted source"
    grep -qF "ocfd: $2" one.log || complain "the log lacks: $2, but has: $(cat one.log)"
    finish
    rm -f source/*
}
# shellcheck disable=SC2086 # options and values are words
"$bin/fwpkg" create -o source/plain.pldm $card_ids --component "$(part 0 2.0 5)" >/dev/null
refused "given a package that is not signed / when validation runs / then it is refused" "plain.pldm: component 0: not signed"
package source/b.pldm b.key 2.0 5
refused "given a package of another key / when validation runs / then it is refused" \
    "b.pldm: component 0: signed with an unknown key"
# shellcheck disable=SC2086
"$bin/fwpkg" create -o source/raw.pldm --key a.key $card_ids --component "$(part 0 2.0 5)" \
    --component payload=raw1,class=10,id=2,version=2.0,raw >/dev/null
refused "given a package with a component that has no manifest / when validation runs / then it is refused" \
    "raw.pldm: a component has no manifest"
# The version in the header, which no signature covers, and its checksum.
python3 - two.pldm source/forged.pldm <<'END'
import sys, zlib
data = bytearray(open(sys.argv[1], "rb").read())
size = int.from_bytes(data[17:19], "little")
at = data.index(b"2.0", 0, size)
while (more := data.find(b"2.0", at + 1, size)) >= 0:
    at = more
data[at:at + 3] = b"9.0"
data[size - 4:size] = zlib.crc32(data[:size - 4]).to_bytes(4, "little")
open(sys.argv[2], "wb").write(data)
END
refused "given a header that names another version than the manifest / when validation runs / then it is refused" \
    "forged.pldm: component 1: the package's header is not what its manifest says"
cp two.pldm source/cut.pldm && truncate -s -1 source/cut.pldm
refused "given a package that was cut off / when validation runs / then it is refused" "source/cut.pldm: "
"$bin/fwpkg" create -o source/other.pldm --key a.key --descriptor pci-vendor=0x4321 --component "$(part 0 2.0 5)" >/dev/null
refused "given another device's package / when validation runs / then it is none for this one" \
    "other.pldm: not for this device"
package source/old.pldm a.key 0.9 5
refused "given an older package / when validation runs / then it is no update" \
    "old.pldm: would take a component back to an older version"
package source/same.pldm a.key 1.0 5
refused "given the version that runs / when validation runs / then it is no update" \
    "same.pldm: nothing newer than what the device has"

begin "given a source that is gone / when validation runs / then no update, and why"
rmdir source
post cms "$validate"
ends "source: No such file or directory"
mkdir source
finish

begin "given a signed package that is newer / when validation runs / then cm 64 rises, and nothing is sent to the card"
unwatch
watch client first oic/sec/pstat
cp two.pldm source/two.pldm
post dots "$validate"
answers 2.04 "tm 64"
ends "an update is available: two.pldm"
await_last first '"cm":64,"tm":0'
[ "$(saw first)" = "false true 0 0;false true 0 64;false true 64 0;" ] || complain "saw: $(saw first)"
[ ! -e one.got.0 ] || complain "the card was updated"
finish

begin "given an update that is available / when two clients observe it / then both see 15.4.4, dos.p and isop, and progress"
watch cms second oic/sec/pstat
watch client progress x.sluice/update
post dots "$update"
answers 2.04 "tm 128"
ends "updated from two.pldm"
for who in first second; do
    await_last $who '"cm":128,"tm":0'
    case "$(saw $who)" in
        *"false true 64 0;false true 0 128;true false 0 128;false true 128 0;") ;;
        *) complain "$who saw: $(saw $who)" ;;
    esac
done
await_last progress '"result":"updated from two.pldm"'
for part in '"work":"update","autonomous":false,"stage":"UpdateComponent","component":0,"percent":' \
    '"component":1,"percent":' '"stage":"ActivateFirmware"'; do
    grep -qF "$part" progress || complain "progress lacks $part"
done
got_all one
unwatch
finish

begin "given the update made / when an update is asked for again / then none is performed: cm 128 falls"
rm -f one.got.*
post dots "$update"
ends "no update: 1 packages"
get client -A json
grep -qF '"cm":0,"tm":0' said || complain "said: $(tail -n 1 said)"
[ ! -e one.got.0 ] || complain "the card was updated"
finish
rm source/two.pldm

package source/three.pldm a.key 3.0 4
refused "given a lower security version than the image that ocfd installed / when validation runs / then it is no update" \
    "three.pldm: would take a component back to a lower security version"
package source/three.pldm a.key 3.0 5

begin "given a revoked key / when validation runs / then its package is refused"
end_daemon 0
begin_daemon one --revoked b.key.pub
package source/three.pldm b.key 3.0 5
post dots "$validate"
ends "no update: 1 packages in the trusted source, 1 of them refused"
grep -qF "three.pldm: component 0: signed with a revoked key" one.log || complain "log: $(cat one.log)"
rm source/*
finish

begin "given a card that is gone / when validation and update run / then they end, and why"
end_card
for ask in "$validate" "$update"; do
    : >one.log
    post dots "$ask"
    answers 2.04 "$ask"
    ends "unix:$tmp/one.card: "
done
get client -A json
grep -qF '"isop":true,"cm":0,"tm":0' said || complain "said: $(tail -n 1 said)"
end_daemon 0
finish
cp two.pldm source

# stalled NAME: a new card, which once keeps silent in mid-download, and ocfd in the middle of an update.
stalled() {
    begin_card "$1" stall=30
    begin_daemon "$1"
    onboard
    post dots "$update"
    await "$1.says" stalled
}

begin "given an update under way / when clients clear its bit, ask for a validation or another state / then no effect, 4.09"
stalled clear
post dots "$clear"
answers 2.04 "tm 0"
post ams "$validate"
answers 4.09 "a validation"
post dots '\241btm\030\300'
answers 4.09 "both"
post dots '\241cdos\241as\002'
answers 4.09 RFPRO
post dots '\241cdos\241as\000'
answers 4.09 RESET
post dots "$update"
answers 2.04 "the update again"
get client -A json
grep -qF '"dos":{"s":3,"p":false},"isop":true,"cm":0,"tm":128' said || complain "said: $(tail -n 1 said)"
finish

begin "given an update under way / when ocfd is killed and started again / then it finishes the update"
end_daemon 137 KILL
state_has clear "tm 128"
begin_daemon clear
await clear.log "update was interrupted"
ends "updated from two.pldm"
got_all clear
get client -A json
grep -qF '"isop":true,"cm":128,"tm":0' said || complain "said: $(tail -n 1 said)"
end_daemon 0
end_card
finish

begin "given an update under way / when ocfd is told to stop / then the card is in IDLE, and the next start makes the update"
stalled stop
end_daemon 0
state_has stop "tm 128"
expect 0 "$bin/fwup" --link "unix:$tmp/stop.card" status
has "state     IDLE"
begin_daemon stop
ends "updated from two.pldm"
got_all stop
finish

begin "given an update that the card has made already / when a start finds it under way / then it is reported, not repeated"
end_daemon 0
rm -f stop.got.*
sed -i -e 's/^tm 0/tm 128/' -e 's/^cm 128/cm 0/' -e '/^target/d' -e 's/^installed \(.*\)/target \1/' stop.state
begin_daemon stop
ends "updated: the card has what was sent to it before the interruption"
state_has stop "cm 128"
[ "$(grep -c '^installed' stop.state)" = 2 ] || complain "the images are not remembered"
[ ! -e stop.got.0 ] || complain "the card was updated again"
end_daemon 0
finish

begin "given an update that three starts found under way / when a fourth does / then it is given up and reported"
sed -i -e 's/^tm 0/tm 128/' -e 's/^attempts 0/attempts 3/' stop.state
begin_daemon stop
await stop.log "update ended: given up: interrupted too often"
get client -A json
grep -qF '"isop":true,"cm":0,"tm":0' said || complain "said: $(tail -n 1 said)"
ask client -A json "$(uri x.sluice/update)"
grep -qF '"result":"given up: interrupted too often"' said || complain "said: $(tail -n 1 said)"
end_daemon 0
end_card
finish

# What the state file says at the moments at which ocfd is killed. A card that is stopped, or silent in mid-download, keeps
# it there; the activation takes the agent a second, and where it was missed the kill comes after the end.
for moment in "tm 64" "tm 128" "target " "dos.p 1" "installed "; do
    begin "given a state that says '$moment' / when ocfd is killed right then / then the next start ends what was begun"
    case $moment in target\ ) begin_card kill stall=1 ;; *) begin_card kill ;; esac
    begin_daemon kill
    onboard
    case $moment in tm*) kill -STOP "$card" ;; esac
    case $moment in tm\ 64) post dots "$validate" ;; *) post dots "$update" ;; esac
    case $moment in dos*) await kill.state "$moment" "installed " ;; *) await kill.state "$moment" ;; esac
    case $moment in target\ ) await kill.says stalled ;; esac # else it stalls the update that follows
    end_daemon 137 KILL
    kill -CONT "$card"
    running=$(grep -c '^tm [1-9]' kill.state)
    case $moment in dos* | installed*) ;; *) [ "$running" = 1 ] || complain "nothing was under way: $(cat kill.state)" ;; esac
    begin_daemon kill
    [ "$running" = 0 ] || ends ""
    case $moment in
        tm\ 64) want='"cm":64,"tm":0' ;;
        *) want='"cm":128,"tm":0' && got_all kill ;;
    esac
    get client -A json
    grep -qF "\"isop\":true,$want" said || complain "said: $(tail -n 1 said)"
    end_daemon 0
    end_card
    rm -f kill.*
    finish
done

begin "given a card whose policy wants a person / when --auto finds an update / then none begins but by a request"
begin_card hand by-hand
begin_daemon hand --auto every=1h,update
onboard
ends "the card's policy wants updates begun by a person"
get client -A json
grep -qF '"cm":0,"tm":0' said || complain "said: $(tail -n 1 said)"
[ ! -e hand.got.0 ] || complain "the card was updated"
post dots "$update"
ends "updated from two.pldm"
got_all hand
end_daemon 0
end_card
finish

begin "given --auto with update / when its time has come / then both bits rise and fall by themselves, once"
begin_card auto
begin_daemon auto --auto every=1h,update
watch client first oic/sec/pstat
watch client progress x.sluice/update
onboard
ends "updated from two.pldm"
await_last first '"cm":128,"tm":0'
case "$(saw first)" in
    *"false true 0 64;false true 64 0;false true 0 128;true false 0 128;false true 128 0;") ;;
    *) complain "saw: $(saw first)" ;;
esac
grep -qF '"work":"validation","autonomous":true' progress || complain "the validation is not autonomous"
grep -qF '"work":"update","autonomous":true' progress || complain "the update is not autonomous"
got_all auto
unwatch
end_daemon 0
begin_daemon auto --auto every=1h,update
get client -A json
grep -qF '"cm":128,"tm":0' said || complain "it checks again after a restart: $(tail -n 1 said)"
end_daemon 0
finish

begin "given --auto without update, and a check that was due / when ocfd starts / then a validation alone"
sed -i 's/^checked .*/checked 1/' auto.state
begin_daemon auto --auto every=1h
ends "no update: 1 packages"
get client -A json
grep -qF '"cm":128,"tm":0' said || complain "said: $(tail -n 1 said)"
end_daemon 0
end_card
finish
exit $failed
