#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# The events of --json, of every command, against the table in docs/fwup.md.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/host/cli_lib.sh
. "$here/cli_lib.sh"

make_update
"$bin/fwpkg" create -o other.pldm --descriptor pci-vendor=0x4321 --component payload=raw0,class=10,id=1,version=2.0,raw
number=0
# events STATUS ARGUMENT...: what fwup --json said is kept for the comparison at the end.
events() {
    number=$((number + 1))
    status=$1
    shift
    expect "$status" "$bin/fwup" --json "$@"
    cp out events.$number
}
# order EVENT...: which the last command had, neighbours that are alike as one, those of an update's inside left out.
order() {
    got=$(grep -oE '^\{"event":"[a-z]+"' events.$number | cut -d '"' -f 4 | grep -vE '^(stage|data|percent|component)$' | uniq)
    [ "$(echo "$got" | tr '\n' ' ')" = "$* " ] || complain "the order is: $(echo "$got" | tr '\n' ' ')"
}

serve sim card broken slow
link=sim:$tmp/card.link
begin "given a device / when fwup reads it / then start, what was read and a summary"
events 0 --link "$link" inventory
order start inventory summary
events 0 --link "$link" status
order start status summary
events 0 --link "$link" discover
order start endpoint summary
finish

begin "given a device / when its policy is read, set and read again / then start, the policy and a summary"
"$bin/fwpkg" policy -o policy.bin --sequence 8 --notify 33
events 0 --link "$link" policy show
order start policy summary
events 0 --link "$link" policy set policy.bin
order start policy summary
has '"sequence":8,"enabled":true,"by_hand":false'
finish

begin "given a device / when it is updated and an update is left behind and cancelled / then each event in its place"
events 0 --link "$link" update update.pldm
order start result summary
events 0 --link "$link" --no-activate update update.pldm
events 0 --link "$link" cancel
order start warning status summary
events 0 --link "$link" --no-activate update update.pldm
events 0 --link "$link" update update.pldm
order start warning result summary
finish

begin "given another device's package, a file that is none, no device / when fwup runs / then an error as on standard error"
events 1 --link "$link" update other.pldm
order start result summary error
events 1 --link "$link" update raw0
order error
events 1 --link sim:absent status
order start error summary
[ "$(cat err)" = "fwup: sim:absent: No such file or directory" ] || complain "said: $(cat err)"
grep -qF '"event":"error","device":"sim:absent","time_ns":0,"text":"sim:absent: No such file or directory"' events.$number ||
    complain "the event is: $(cat events.$number)"
finish
unserve
serve sim pending pending
begin "given a device with a pending image / when fwup reads it / then that, too"
events 0 --link "sim:$tmp/pending.link" inventory
has '"pending":{"version":"2","stamp":2,"date":"2026-02-01"}'
finish
unserve

begin "given all of these / when they are compared with docs/fwup.md / then every event and key is in the table, and the other way round"
expect 0 python3 "$here/events.py" "$here/events.md" events.*
[ $got = 0 ] || complain "$(cat out)"
finish
exit $failed
