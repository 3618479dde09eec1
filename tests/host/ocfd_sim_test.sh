#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# ocfd and the simulated card: its own firmware, signed by the demonstration board's key, validated and updated from 1.0.0
# to 2.0.0, with a kill in mid-download.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/host/cli_lib.sh
. "$here/cli_lib.sh"
# shellcheck source=tests/host/ocfd_lib.sh
. "$here/ocfd_lib.sh"

"$bin/fwpkg" keygen --simulation -o demo.key >/dev/null
firmware() { printf 'payload=%s,class=0x000a,id=1,load=0x10000000,version=%s,stamp=%s' "$here/../../fw/app-$1.bin" "$1" "$2"; }
slot_a="base=0x100000,size=0x40000"
"$bin/fwpkg" flash -o flash.bin --size 16M --journal 0x020000 --key demo.key --slot "$slot_a,$(firmware 1.0.0 0x01000000)" >/dev/null
# shellcheck disable=SC2086 # options and values are words
"$bin/fwpkg" create -o source/two.pldm --key demo.key $card_ids --component "$(firmware 2.0.0 0x02000000)" >/dev/null
"$bin/sluice-sim" --flash flash.bin --part w25q128jv --link "sim:$tmp/card.sock" --quiet 2>sim.err &
card=$!
while [ ! -S card.sock ]; do kill -0 $card || break; sleep 0.05; done
# The last --link and --public-key count: the card is not the scripted one.
start() { begin_daemon sim --link "sim:$tmp/card.sock" --public-key demo.key.pub; }

begin "given the simulated card with firmware 1.0.0 / when a client asks for a validation / then 2.0.0 is available"
start
onboard
watch client first oic/sec/pstat
post dots "$validate"
answers 2.04 "tm 64"
await sim.log "an update is available: two.pldm"
await_last first '"cm":64,"tm":0'
finish

begin "given an update that is available / when ocfd is killed in mid-download and started again / then 2.0.0 runs: cm 128"
watch client progress x.sluice/update
post dots "$update"
answers 2.04 "tm 128"
await progress '"percent":2'
unwatch
end_daemon 137 KILL
start
watch client second oic/sec/pstat
await sim.log "ended: updated from two.pldm"
await_last second '"cm":128,"tm":0'
case "$(saw second)" in
    *"false true 0 128;true false 0 128;false true 128 0;") ;;
    *) complain "saw: $(saw second)" ;;
esac
unwatch
end_daemon 0
expect 0 "$bin/fwup" --link "sim:$tmp/card.sock" inventory
has "active    2.0.0"
finish

begin "given the card updated / when a validation is asked for / then nothing newer: cm 64 stays 0, cm 128 stays 1"
start
post dots "$validate"
await sim.log "two.pldm: nothing newer than what the device has"
await sim.log "ended: no update"
get client -A json
grep -qF '"cm":128,"tm":0' said || complain "said: $(tail -n 1 said)"
end_daemon 0
finish
end_card
exit $failed
