#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# fwup discover over each kind of link: an EID for the device that has none, and what it tells of itself.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/host/cli_lib.sh
. "$here/cli_lib.sh"

for way in unix sim pty serial; do
    case $way in
        serial) serve pty serial && link=serial:$tmp/serial.link,1000000 ;;
        *) serve $way $way && link=$way:$tmp/$way.link ;;
    esac
    begin "given a $way link / when fwup discover runs / then the device has the EID, and all that it tells is there"
    expect 0 "$bin/fwup" --link "$link" --eid 33 discover
    cat >want <<END
device        $link: EID 33 (assigned now), simple endpoint
UUID          f00d0102-0304-0506-0708-090a0b0c0d0e
messages      control, PLDM, vendor (PCI)
TID           0
PLDM          base, firmware update
descriptor    pci-vendor=0x1234
descriptor    pci-device=0x5301
descriptor    pci-subsystem=0x0001
END
    cmp -s want out || complain "said: $(cat out)"
    expect 0 "$bin/fwup" --link "$link" --eid 34 discover
    has "EID 33, simple endpoint"
    expect 0 "$bin/fwup" --link "$link" --json discover
    grep '"event":"endpoint"' out | grep -qF '"eid":33,"assigned":false,"endpoint_type":"simple endpoint",\
"uuid":"f00d0102-0304-0506-0708-090a0b0c0d0e","message_types":[0,1,126]' || complain "said: $(cat out)"
    finish
    unserve
done

serve sim several eid=20 eid=22 stranger
link=sim:$tmp/several.link
begin "given two devices of a range of EIDs / when fwup discover runs / then those that answer, status 0"
expect 0 "$bin/fwup" --link "$link" --eid 20-23 discover
[ "$(grep '^device' out)" = "device        $link EID 20: EID 20, simple endpoint
device        $link EID 22: EID 22, simple endpoint" ] || complain "said: $(cat out)"
[ ! -s err ] || complain "standard error: $(cat err)"
finish

begin "given EIDs that nobody has / when fwup discover runs / then status 1 and one line"
expect 1 "$bin/fwup" --link "$link" --eid 30-32 discover
error "fwup: nobody answers for any of the 3 EIDs"
finish
unserve

begin "given silent EIDs and a link that is not there / when fwup discover runs / then status 1 for the link"
serve sim nobody eid=40
expect 1 "$bin/fwup" --link "sim:$tmp/nobody.link" --eid 41 --eid 42 --link "sim:$tmp/absent" discover
[ "$(cat err)" = "fwup: sim:$tmp/absent: No such file or directory" ] || complain "said: $(cat err)"
finish
unserve
exit $failed
