#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# sluice-sim --serprog with flashrom, a client that nobody here wrote: found, read, written, verified, over TCP and a pseudo
# terminal; clients that go away; and a card without one good image, which boots again (docs/recovery.md).
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/host/cli_lib.sh
. "$here/cli_lib.sh"
PATH=$PATH:/usr/sbin # flashrom's

# clip FILE [WORD...]: the flash in FILE behind a programmer; $at is what flashrom calls it, $tcp_port its port or empty.
clip() {
    file=$1
    shift
    : >clip.err # the last one's address is not this one's
    "$bin/sluice-sim" --flash "$file" "$@" 2>clip.err &
    card=$!
    while ! grep -q "serprog at" clip.err; do kill -0 $card || break; sleep 0.02; done
    where=$(sed -n 's/^sluice-sim: serprog at //p' clip.err)
    case $where in
        /*) at=serprog:dev=$where:115200 tcp_port= ;;
        *) at=serprog:ip=$where tcp_port=${where##*:} ;;
    esac
}
unclip() {
    kill $card
    wait $card || complain "sluice-sim: status $?: $(cat clip.err)"
    card=
}
# flash WORD...: flashrom, of the first MiB of the part alone.
flash() { flashrom -p "$at" -c W25Q128.V -l layout -i first -N "$@"; }
# same FILE FILE: in their first MiB, and to their end.
same() { cmp -s "$1" "$2" || complain "$1 differs from $2"; }
bytes() { printf '%s' "$1" | dd of="$2" bs=1 seek="$3" conv=notrunc status=none; }

printf '000000:0fffff first\n' >layout
head -c 16M /dev/zero | tr '\0' '\377' >old
openssl enc -aes-128-ctr -K 01 -iv 01 -in /dev/zero 2>/dev/null | head -c 20000 >noise
dd if=noise of=old bs=1000 seek=500 conv=notrunc status=none
cp old new
bytes "changed, and not blank before" new 505000
bytes "blank before" new 900000

usage "given an option of the card / when sluice-sim --serprog runs / then status 2" \
    "sluice-sim: --via is no option of --serprog (see sluice-sim --help)" \
    "$bin/sluice-sim" --flash x --serprog 0 --via smbus
usage "given a link besides / when sluice-sim --serprog runs / then status 2" \
    "sluice-sim: --link is no option of --serprog (see sluice-sim --help)" \
    "$bin/sluice-sim" --flash x --serprog 0 --link pty
for address in 65536 localhost: usb:1 1.2.3:4 1.2.3.4.5.6.7.8.9.10:4 ""; do
    usage "given the address '$address' / when sluice-sim --serprog runs / then status 2" \
        "sluice-sim: --serprog $address: not one of pty, PORT, HOST:PORT" "$bin/sluice-sim" --flash x --serprog "$address"
done
begin "given wrong command lines / when they have been refused / then no flash file is there"
[ ! -e x ] || complain "x was made"
finish

for way in 0 pty; do
    cp old $way.flash
    clip $way.flash --serprog $way --quiet --stats $way.json
    begin "given --serprog $way / when flashrom probes / then it finds the part by name"
    expect 0 flashrom -p "$at"
    has 'Found Winbond flash chip "W25Q128.V" (16384 kB, SPI) on serprog.'
    finish

    begin "given --serprog $way / when flashrom reads / then what the file holds"
    expect 0 flash -r read
    cmp -s -n 1048576 read old || complain "what was read differs"
    finish

    begin "given --serprog $way / when flashrom writes a changed image / then it verifies, and the file holds it"
    expect 0 flash -w new
    has "VERIFIED"
    same $way.flash new
    finish

    begin "given --serprog $way / when flashrom verifies another image / then it fails"
    expect 3 flash -v old
    grep -qF "FAILED at 0x0007b4a8" err || complain "said: $(tail -n 1 err)"
    finish
    unclip
done

begin "given the same commands over TCP and a terminal / when they have been done / then the same time and counts"
for way in 0 pty; do
    grep -q '"pages": [1-9]' $way.json || complain "nothing was programmed: $(cat $way.json)"
done
cmp -s 0.json pty.json || complain "$(cat 0.json pty.json)"
finish

cp old wrong.flash
clip wrong.flash --serprog localhost:0
begin "given a client that sends nonsense / when it is answered / then NAK to each, ACK to what it knows"
exec 3<>"/dev/tcp/127.0.0.1/$tcp_port"
printf '\377\026\012\020\000\023\000\040\000\001\000\000' >&3
head -c 8192 /dev/zero >&3
printf '\000' >&3
[ "$(head -c 7 <&3 | od -An -tx1)" = " 15 15 15 15 06 06 15" ] || complain "answered otherwise"
[ "$(head -c 1 <&3 | od -An -tx1)" = " 06" ] || complain "no ACK behind an operation that is too long"
exec 3>&-
same wrong.flash old
finish

begin "given clients that go in mid-command / when others come / then nothing is written, and they are served"
# Write enable, done; then half of a page program.
exec 3<>"/dev/tcp/127.0.0.1/$tcp_port"
printf '\023\001\000\000\000\000\000\006\023\004\001\000\000\000\000\002\000\000\000half a page' >&3
[ "$(head -c 1 <&3 | od -An -tx1)" = " 06" ] || complain "write enable was refused"
exec 3>&-
expect 0 flash -v old
same wrong.flash old
finish

begin "given flashrom that is killed in mid-write / when it writes again / then nothing but the changed bytes is lost"
flash -w new >killed 2>&1 &
writer=$!
while cmp -s wrong.flash old && kill -0 $writer 2>/dev/null; do sleep 0.02; done
kill -9 $writer 2>/dev/null
{ wait $writer; } 2>/dev/null # bash would tell of the kill
cmp -s -n 503000 wrong.flash old || complain "what is in front of the change was lost"
cmp -s -i 903000 wrong.flash old || complain "what is behind the change was lost"
expect 0 flash -w new
same wrong.flash new
finish
unclip

begin "given an erase and a delay / when they reach --until / then it ends, and the sector is blank"
cp old until.flash
clip until.flash --serprog 0 --until 50 --once
exec 3<>"/dev/tcp/127.0.0.1/$tcp_port"
# Write enable, sector erase at 07B000h, 60 ms.
printf '\023\001\000\000\000\000\000\006\023\004\000\000\000\000\000\040\007\260\000\016\140\352\000\000\017' >&3
wait $card || complain "status $?"
card=
exec 3>&-
cmp -s -n 4096 -i 503808:0 until.flash <(head -c 4096 /dev/zero | tr '\0' '\377') || complain "the sector is not blank"
finish

begin "given a port that is taken / when sluice-sim --serprog runs / then status 1 and why"
clip wrong.flash --serprog 0
expect 1 "$bin/sluice-sim" --flash x --serprog "$tcp_port"
error "sluice-sim: --serprog $tcp_port: cannot listen: Address already in use"
finish
unclip

# The card of docs/recovery.md: boots FILE WORD: its console says WORD.
boots() {
    expect 0 "$bin/sluice-sim" --flash "$1" --link "unix:$tmp/link" --stop-on "$2" --until 5000
}
mkdir state
export XDG_STATE_HOME=$tmp/state # the key of others who sign now is another file
"$bin/fwpkg" keygen --simulation -o demo.key >/dev/null
firmware="size=0x40000,payload=$here/../../fw/app-1.0.0.bin,class=0x000a,id=1,load=0x10000000,version=1.0.0"
"$bin/fwpkg" flash -o factory.bin --size 16M --journal 0x020000 --key demo.key --slot "base=0x040000,$firmware" \
    --slot "base=0x100000,$firmware" --slot "base=0x140000,$firmware" >/dev/null
cp factory.bin card.bin
for slot in 0x040000 0x100000 0x140000; do bytes "what a fault left behind" card.bin $((slot + 5000)); done
printf '020000:021fff journal\n040000:07ffff golden\n100000:13ffff slot_a\n140000:17ffff slot_b\n' >card.layout
recover() { flashrom -p "$at" -c W25Q128.V -l card.layout -N "$@" -w factory.bin; }

begin "given a card whose A, B and golden are bad / when it starts / then it says so and runs nothing"
boots card.bin "boot: no firmware"
for line in "boot: A bad hash" "boot: B bad hash" "boot: G bad hash"; do has "$line"; done
finish

begin "given that card / when flashrom writes the golden image / then it starts, the rest is as it was"
cp card.bin before.bin
clip card.bin --serprog 0 --quiet
expect 0 recover -i golden
has "VERIFIED"
unclip
cmp -s -i 262144 -n 262144 card.bin factory.bin || complain "the golden slot is not the factory's"
cmp -s -i 524288 card.bin before.bin || complain "another slot was touched"
cmp -s -n 262144 card.bin before.bin || complain "the journal was touched"
boots card.bin "golden image"
has "boot: G ok"
finish

begin "given that card / when flashrom writes slots and journal of the factory image / then it starts from slot A"
clip card.bin --serprog 0 --quiet
expect 0 recover -i journal -i slot_a -i slot_b
unclip
same card.bin factory.bin
boots card.bin "slot A"
has "boot: A ok"
finish
exit $failed
