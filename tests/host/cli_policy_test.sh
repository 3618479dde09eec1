#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# The operator's policy as a person meets it: fwpkg policy, sign, verify and show, fwup policy show and set.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/host/cli_lib.sh
. "$here/cli_lib.sh"
XDG_STATE_HOME=$tmp/state
export XDG_STATE_HOME

usage "given no sequence number / when fwpkg policy runs / then status 2" \
    "fwpkg: --sequence N is missing (see fwpkg --help)" "$bin/fwpkg" policy -o p
usage "given no file to write / when fwpkg policy runs / then status 2" \
    "fwpkg: -o FILE is missing (see fwpkg --help)" "$bin/fwpkg" policy --sequence 1
usage "given an option of another command / when fwpkg policy runs / then status 2" \
    "fwpkg: --slot is no option of policy (see fwpkg --help)" "$bin/fwpkg" policy -o p --sequence 1 --slot x
usage "given an operand / when fwpkg policy runs / then status 2" \
    "fwpkg: unexpected 'x' (see fwpkg --help)" "$bin/fwpkg" policy -o p --sequence 1 x
# value OPTION VALUE REASON
value() {
    usage "given $1 $2 / when fwpkg policy runs / then status 2 and why" "fwpkg: $1 $2: $3" \
        "$bin/fwpkg" policy -o p --sequence 1 "$1" "$2"
}
value --sequence 0 "not a number from 1 to 4294967295"
value --sequence 4294967296 "not a number from 1 to 4294967295"
value --updatable 8 "not all, none or a list of numbers up to 7"
value --updatable 0, "not all, none or a list of numbers up to 7"
value --updatable 10 "not all, none or a list of numbers up to 7"
value --signers none "not all or a list of numbers up to 7"
value --rollback maybe "not as-board, never or allowed"
value --notify 7 "not an EID from 8 to 254, with a link up to 2 behind a comma or without"
value --notify 255 "not an EID from 8 to 254, with a link up to 2 behind a comma or without"
value --notify 9,3 "not an EID from 8 to 254, with a link up to 2 behind a comma or without"
value --notify 9, "not an EID from 8 to 254, with a link up to 2 behind a comma or without"
value --card f00d0102 "not a UUID"
value --card f00d0102-0304-0506-0708-090a0b0c0d0e00 "not a UUID"
value --card g00d0102-0304-0506-0708-090a0b0c0d0e "not a UUID"
usage "given neither show nor set / when fwup policy runs / then status 2" \
    "fwup: show or set FILE is missing (see fwup --help)" "$bin/fwup" --link unix:x policy
usage "given another word / when fwup policy runs / then status 2" \
    "fwup: unexpected 'get' (see fwup --help)" "$bin/fwup" --link unix:x policy get
usage "given no file to set / when fwup policy runs / then status 2" \
    "fwup: FILE is missing (see fwup --help)" "$bin/fwup" --link unix:x policy set
usage "given a file to show / when fwup policy runs / then status 2" \
    "fwup: unexpected 'p' (see fwup --help)" "$bin/fwup" --link unix:x policy show p

expect 0 "$bin/fwpkg" keygen -o a.key
id=$(sed -n 's/^key identifier   //p' out)
begin "given options / when fwpkg policy, verify and show run / then it is authentic and says all of them"
expect 0 "$bin/fwpkg" policy -o p --sequence 12 --disabled --by-hand --updatable 0,2 --signers 1 --rollback never \
    --notify 33,1 --card f00d0102-0304-0506-0708-090a0b0c0d0e --key a.key
expect 0 "$bin/fwpkg" verify --public-key a.key.pub p
has "authentic, key $id, one-time key 0"
expect 0 "$bin/fwpkg" show p
cat >want <<END
policy        12
updates       disabled, begun by a person only
updatable     0, 2
rollback      never
signers       1
notifies      EID 33 on link 1
card          f00d0102030405060708090a0b0c0d0e
signature     key $id, one-time key 0: made by this key
END
cmp -s want out || complain "said: $(cat out)"
expect 0 "$bin/fwpkg" show --json p
[ "$(cat out)" = '{"sequence":12,"enabled":false,"by_hand":true,"updatable":[0,2],"rollback":"never","signers":[1],'\
'"notify_eid":33,"notify_link":1,"card":"f00d0102030405060708090a0b0c0d0e","key_id":"'"$id"'","signature":"good"}' ] ||
    complain "said: $(cat out)"
finish

begin "given no options / when fwpkg policy, show and sign run / then it is what the board has, and can be signed later"
expect 0 "$bin/fwpkg" policy -o plain --sequence 1
expect 0 "$bin/fwpkg" show plain
for line in "updates       enabled" "updatable     all" "rollback      as the board has it" "signers       all" \
    "notifies      nobody" "card          any" "signature     none"; do has "$line"; done
expect 1 "$bin/fwpkg" verify --public-key a.key.pub plain
[ "$(cat err)" = "fwpkg: plain: not signed" ] || complain "said: $(cat err)"
expect 0 "$bin/fwpkg" sign --key a.key -o signed plain
expect 0 "$bin/fwpkg" verify --public-key a.key.pub signed
expect 0 "$bin/fwpkg" sign --digest-out digest --public-key a.key.pub -o named plain
[ "$(wc -c <digest)" = 32 ] || complain "the digest has $(wc -c <digest) bytes"
tail -c 2508 signed >signature
expect 0 "$bin/fwpkg" sign --signature-in signature -o attached named
cmp -s attached signed || complain "signing in two steps gives another policy"
finish

begin "given a policy with one bit changed / when fwpkg verify and show run / then status 1 and what is wrong"
{ head -c 8 p; printf '\015'; tail -c +10 p; } >changed
expect 1 "$bin/fwpkg" verify --public-key a.key.pub changed
grep -qF "wrong signature" err || complain "said: $(cat err)"
expect 1 "$bin/fwpkg" show changed
has "policy        13"
grep -qF "fwpkg: changed: wrong signature" err || complain "said: $(cat err)"
finish

serve sim card
link=sim:$tmp/card.link
begin "given a card / when fwup policy shows, sets and shows / then none, the new one, the new one"
expect 0 "$bin/fwup" --link "$link" policy show
cat >want <<END
policy        none was set: the board's own rules count
root 0        may sign
root 1        revoked
END
cmp -s want out || complain "said: $(cat out)"
expect 0 "$bin/fwpkg" policy -o one --sequence 5 --signers 0 --key a.key
expect 0 "$bin/fwup" --link "$link" policy set one
has "policy        5"
has "root 0        may sign, signed this policy"
expect 0 "$bin/fwup" --link "$link" policy show
has "policy        5"
expect 0 "$bin/fwup" --link "$link" --json policy show
has '"event":"policy"'
has '"sequence":5,"enabled":true,"by_hand":false,"updatable":[0,1,2,3,4,5,6,7],"rollback":"as-board","signers":[0],"signer":0,"roots":2,"revoked":[1]}'
finish
begin "given a file that is none / when fwup policy sets it / then status 1 before the link is opened"
expect 1 "$bin/fwup" --link sim:absent policy set payload
error "fwup: payload: not a policy as fwpkg policy writes it"
expect 1 "$bin/fwup" --link sim:absent policy set absent
error "fwup: absent: No such file or directory"
finish
unserve

serve sim refuses refuses-policy
begin "given a card that refuses a policy / when fwup sets it / then status 1 and the card's reason"
expect 1 "$bin/fwup" --link "sim:$tmp/refuses.link" policy set one
[ "$(cat err)" = "fwup: sim:$tmp/refuses.link: the device refuses the policy: its sequence number is not above that of the policy in force" ] ||
    complain "said: $(cat err)"
finish
unserve

serve sim without without-policy
begin "given firmware that knows no policy / when fwup shows it / then status 1 and why"
expect 1 "$bin/fwup" --link "sim:$tmp/without.link" policy show
[ "$(cat err)" = "fwup: sim:$tmp/without.link: the device has no policy on updates: its firmware knows no policy" ] ||
    complain "said: $(cat err)"
finish
exit $failed
