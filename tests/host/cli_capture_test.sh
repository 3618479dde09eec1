#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# --capture of fwup and sluice-sim, read by tshark: no complaint, and every packet with its direction and time.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/host/cli_lib.sh
. "$here/cli_lib.sh"

# capture FILE FIELD...: the fields of every packet, a line each, in out; an error that tshark finds is a complaint.
capture() {
    file=$1
    shift
    fields=
    for field in "$@"; do fields="$fields -e $field"; done
    # shellcheck disable=SC2086 # a list of words
    tshark -n -r "$file" -T fields $fields >out 2>tshark.err || complain "tshark: status $?: $(cat tshark.err)"
    grep -v '^Running as user' tshark.err >tshark.said && complain "tshark: $(cat tshark.said)"
    tshark -n -r "$file" -Y '_ws.malformed || _ws.expert.severity >= "Error"' >wrong 2>/dev/null
    [ ! -s wrong ] || complain "tshark finds: $(head -n 3 wrong)"
}
# first LINE: of what capture found.
first() { [ "$(head -n 1 out)" = "$1" ] || complain "the first packet is: $(head -n 1 out)"; }

make_update
serve sim card
link=sim:$tmp/card.link
begin "given a simulated card / when fwup inventory --capture runs / then tshark reads it, from Get Endpoint ID on"
expect 0 "$bin/fwup" --link "$link" --capture inventory.pcapng inventory
capture inventory.pcapng frame.interface_name frame.packet_flags_direction frame.time_epoch data.data
first "$link	0x00000002	0.000000000	010008c9008102"
grep -q "	0x00000001	[0-9.]*	010800c1000102000000" out || complain "no answer to it: $(sed -n 2p out)"
cut -f 3 out | sort -c -n || complain "time goes back"
finish

begin "given a simulated card / when an update is captured / then its images are in the packets that fwup sent"
expect 0 "$bin/fwup" --link "$link" --capture update.pcapng update update.pldm
capture update.pcapng frame.packet_flags_direction data.data
hex=$(od -An -v -tx1 raw0 | tr -d ' \n')
grep "^0x00000002" out | grep -q "$hex" || complain "the payload is not there"
finish
unserve

begin "given two links / when fwup --capture runs / then each is an interface, with the time of day"
serve unix one
one=$card
serve unix two
before=$(date +%s)
expect 0 "$bin/fwup" --link "unix:$tmp/one.link" --link "unix:$tmp/two.link" --capture both.pcapng inventory
capture both.pcapng frame.interface_name frame.time_epoch
[ "$(cut -f 1 out | uniq)" = "unix:$tmp/one.link
unix:$tmp/two.link" ] || complain "interfaces: $(cut -f 1 out | uniq)"
at=$(tail -n 1 out | cut -f 2 | cut -d . -f 1)
if [ "$at" -lt "$before" ] || [ "$at" -gt "$(date +%s)" ]; then complain "captured at $at, not from $before on"; fi
finish
unserve
card=$one
unserve

begin "given the simulator / when fwup and sluice-sim both capture what is asked / then the same packets, mirrored"
"$bin/sluice-sim" --flash sim.flash --link "sim:$tmp/sim.socket" --quiet --once --until 20 --capture sim.pcapng 2>sim.err &
card=$!
while [ ! -S sim.socket ]; do kill -0 $card || break; sleep 0.05; done
expect 1 "$bin/fwup" --link "sim:$tmp/sim.socket" --capture fwup.pcapng inventory
wait $card || complain "sluice-sim: status $?: $(cat sim.err)"
card=
for who in sim fwup; do
    capture $who.pcapng frame.packet_flags_direction data.data
    [ -s out ] || complain "$who captured nothing"
    mv out $who.packets
done
sed 's/^0x00000001/other/; s/^0x00000002/0x00000001/; s/^other/0x00000002/' sim.packets >mirrored
cmp -s mirrored fwup.packets || complain "they differ: $(diff mirrored fwup.packets | head -n 3)"
finish

begin "given a capture that cannot be written / when fwup and sluice-sim run / then status 1 and one line"
expect 1 "$bin/fwup" --link unix:absent --capture absent/file inventory
error "fwup: absent/file: No such file or directory"
expect 1 "$bin/sluice-sim" --flash other.flash --link unix:x --capture absent/file
error "sluice-sim: absent/file: No such file or directory"
[ ! -e other.flash ] || complain "other.flash was made"
serve sim full
expect 1 "$bin/fwup" --link "sim:$tmp/full.link" --capture /dev/full status
[ "$(cat err)" = "fwup: /dev/full: No space left on device" ] || complain "said: $(cat err)"
finish
unserve
exit $failed
