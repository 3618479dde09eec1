#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# ocfd as a client meets it, the client being libcoap's: keys, formats and versions, who may write what, bodies that are
# malformed, onboarding; and its command line, key file and state file.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/host/cli_lib.sh
. "$here/cli_lib.sh"
# shellcheck source=tests/host/ocfd_lib.sh
. "$here/ocfd_lib.sh"

all="--link unix:x --source source --public-key a.key.pub --keys clients --state s"
for left_out in "--link LINK" "--source DIR" "--public-key FILE" "--keys FILE" "--state FILE"; do
    option=${left_out% *}
    # shellcheck disable=SC2086 # options and values are words
    usage "given no $option / when ocfd runs / then status 2 and what is required" \
        "ocfd: $left_out is required (see ocfd --help)" "$here/ocfd" $(echo "$all" | sed "s/$option [^ ]*//")
done
usage "given a link that is none / when ocfd runs / then status 2" \
    "ocfd: --link tcp:x: no such kind of link (see ocfd --help)" "$here/ocfd" --link tcp:x
# shellcheck disable=SC2086 # options and values are words
usage "given an EID beside a link that names one / when ocfd runs / then status 2" \
    "ocfd: --link mctp:1,9: the card's EID is in the name, there is no --eid for it" "$here/ocfd" $all --link mctp:1,9 --eid 9
usage "given a port that is none / when ocfd runs / then status 2" \
    "ocfd: --port 65536: not a number up to 65535" "$here/ocfd" --port 65536
usage "given a schedule that is none / when ocfd runs / then status 2" \
    "ocfd: --auto: one of every=N[s|m|h|d] and at=HH:MM" "$here/ocfd" --auto every=now
usage "given a word that has no place / when ocfd runs / then status 2" \
    "ocfd: unexpected 'x' (see ocfd --help)" "$here/ocfd" x

begin "given --help / when ocfd runs / then status 0 and every option is there"
expect 0 "$here/ocfd" --help
for word in --link --eid --source --public-key --revoked --keys --state --listen --port --auto every= at= update; do
    has "$word"
done
finish

# fails SENTENCE LINE OPTION...: status 1 and that line; options later on the line replace the good ones.
fails() {
    begin "$1"
    line=$2
    shift 2
    # shellcheck disable=SC2086 # options and values are words
    expect 1 "$here/ocfd" $all "$@"
    error "$line"
    finish
}
cp clients open && chmod 644 open
fails "given keys that others may read / when ocfd runs / then status 1" \
    "ocfd: open: others may read it: its mode must be 0600" --keys open
echo "ocfd-state 1" >damaged
fails "given a damaged state / when ocfd runs / then status 1" \
    "ocfd: damaged: not a state file of ocfd, or damaged" --state damaged
[ "$(cat damaged)" = "ocfd-state 1" ] || { echo "not ok - the damaged state was written over" && failed=1; }
fails "given an address that is a name / when ocfd runs / then status 1" \
    "ocfd: localhost: not a numeric address" --listen localhost

begin_card one
begin_daemon one

begin "given a daemon / when another has the same state / then status 1"
# shellcheck disable=SC2086 # options and values are words
expect 1 "$here/ocfd" $all --state one.state
error "ocfd: one.state: in use by another ocfd"
finish

begin "given a wrong key / when pstat is asked for / then no session and no answer"
"$client" -v 7 -B 1 -u dots -k "another-key-of-16-bytes" "$(uri oic/sec/pstat)" </dev/null >said 2>&1
answers none "a wrong key"
"$client" -v 7 -B 1 -u nobody -k "$(key dots)" "$(uri oic/sec/pstat)" </dev/null >said 2>&1
answers none "an unknown identity"
grep -q "session connected" said && complain "there was a session"
grep -q "unknown identity was turned away" one.log || complain "nothing was said of it"
"$client" -v 7 -B 1 "coap://127.0.0.1:$port/oic/sec/pstat" </dev/null >said 2>&1
answers none "no DTLS at all"
finish

# session FILE OPTION...: a GET as OpenSSL's client sends it; what came back, and what it says of the session, is in FILE.
session() {
    file=$1
    shift
    rm -f in && mkfifo in
    openssl s_client -dtls1_2 -psk_identity client -psk "$(hex "$(key client)")" -connect "127.0.0.1:$port" "$@" \
        <in >"$file" 2>&1 &
    watchers=$!
    exec 3>in
    await "$file" "PSK identity: client"
    printf '\101\001\022\064\007\263oic\003sec\005pstat' >&3 # CON, GET, path
    await "$file" oic.r.pstat
    exec 3>&-
    wait $watchers
    watchers=
}
begin "given a session that a client resumes by its ticket / when pstat is asked for / then the client is known"
session fresh -sess_out ticket
session resumed -sess_in ticket
grep -q "^Reused" resumed || complain "not resumed: $(grep -a '^New' resumed)"
finish

begin "given a new device / when its pstat is asked for / then CBOR of format 10000 with all properties, RFOTM"
get client
answers 2.05 "a GET"
grep -q "Content-Format:10000 \]" said || complain "said: $(grep '^v:1' said)"
cbor=a9627274816b6f69632e722e7073746174626966816f6f69632e69662e626173656c696e6563646f73a26173016170f46469736f70f462636d
cbor=${cbor}0262746d00626f6d0462736d046a726f776e6572757569647824$(hex 00000000-0000-0000-0000-000000000000)
grep -qF "<<$cbor>>" said || complain "the body is: $(grep '^<<' said | tail -n 2)"
finish

begin "given versioned options / when pstat is asked for / then 2053 for 2049, and 4.15 for a lower or another version"
get client -B 1 -O 2049,0x0800
grep -qF 'Content-Format:10000, 2053:\x08\x00 ]' said || complain "said: $(grep '^v:1' said)"
get client -O 2049,0x0840 -B 1
answers 2.05 "version 1.1.0"
for version in 0x07ff 0x00 0x1000; do
    get client -O "2049,$version"
    answers 4.15 "accept version $version"
    printf '\240' >body
    ask dots -m post -t 10000 -O "2053,$version" -f body "$(uri oic/sec/pstat)"
    answers 4.15 "content version $version"
done
finish

begin "given other formats / when pstat is asked for or written / then JSON for people, 4.06, 4.15"
get client -A json
answers 2.05 JSON
grep -q "Content-Format:application/json" said || complain "said: $(grep '^v:1' said)"
grep -qF '"in_words":{"dos":"RFOTM","cm":["take owner"],"tm":[]}' said || complain "said: $(tail -n 1 said)"
get client -A 60
answers 4.06 "plain CBOR"
printf '\240' >body
ask dots -m post -t cbor -f body "$(uri oic/sec/pstat)"
answers 4.15 "a POST of plain CBOR"
ask dots -m post -f body "$(uri oic/sec/pstat)"
answers 4.15 "a POST of no format"
finish

begin "given queries and methods / when they are used / then the baseline interface, 4.00 and 4.05"
ask client "$(uri 'oic/sec/pstat?if=oic.if.baseline')"
answers 2.05 baseline
ask client "$(uri 'oic/sec/pstat?if=oic.if.ll')"
answers 4.00 "another interface"
for method in put delete; do
    ask dots -m $method "$(uri oic/sec/pstat)"
    answers 4.05 $method
done
ask dots -m post -t 10000 -f body "$(uri x.sluice/update)"
answers 4.05 "a POST of the progress"
ask client "$(uri .well-known/core)"
grep -qF '</oic/sec/pstat>;if="oic.if.baseline";rt="oic.r.pstat";obs' said || complain "discovery lacks pstat"
finish

begin "given bodies that are malformed / when they are written / then 4.00, and 4.13 where they come in blocks"
while read -r body; do
    post dots "$body"
    answers 4.00 "$body"
done <<'END'

\377
\001
\200
\241
\241btm
\241btm\030
\241btm\030\100\000
\241btmbtm
\241btm\040
\242btm\000btm\000
\242bcm\000bcm\000
\241\001\002
\273\377\377\377\377\377\377\377\377
\241ax\233\177\377\377\377\377\377\377\377
\241ax\201\201\201\201\201\201\201\201\201\000
\277btm\377
\241a\377\000
END
head -c 3000 /dev/zero >body
ask dots -m post -t 10000 -f body "$(uri oic/sec/pstat)"
answers 4.13 "3000 bytes"
finish

begin "given what nobody may write / when it is written / then 4.00; what this client may not / then 4.03"
for body in '\241bcm\000' '\241bsm\004' '\241disop\364' '\241cdos\241ap\364' '\241brt\200' '\241ax\000' \
    '\241btm\031\001\000' '\242btm\000bcm\000' '\241bom\001' '\241cdos\241as\005' '\241cdos\241as\003'; do
    post dots "$body"
    answers 4.00 "$body"
done
for who in client cms ams; do
    for body in '\241btm\000' '\241bom\004' '\241cdos\241as\001' '\241jrowneruuidx$11111111-2222-3333-4444-555555555555'; do
        post $who "$body"
        answers 4.03 "$who in RFOTM: $body"
    done
done
post client '\242btm\000bcm\000'
answers 4.00 "a client, and what is never writable"
get client -A json
grep -qF '"cm":2,"tm":0,"om":4,"sm":4,"rowneruuid":"00000000-' said || complain "something was written: $(tail -n 1 said)"
finish

begin "given a new device / when it is onboarded / then 4.00 without an owner, else RFPRO and RFNOP; reset takes it back"
post dots '\241cdos\241as\002'
answers 4.00 "RFPRO without an owner"
onboard
get client -A json
grep -qF '"dos":{"s":3,"p":false},"isop":true,"cm":0,"tm":0,"om":4,"sm":4,"rowneruuid":"11111111-2222-3333-4444-555555555555"' said ||
    complain "said: $(tail -n 1 said)"
post dots '\241jrowneruuidx$00000000-2222-3333-4444-555555555555'
answers 4.03 "an owner in RFNOP"
post cms '\241cdos\241as\004'
answers 4.03 "SRESET by the credential service"
for row in cms:2 ams:3 dots:4; do
    post "${row%:*}" '\241cdos\241as\'"00${row#*:}"
    answers 2.04 "$row"
done
post ams '\241btm\000'
answers 4.03 "tm in SRESET by the access service"
post dots '\241cdos\241as\000'
answers 2.04 RESET
get client -A json
grep -qF '"dos":{"s":1,"p":false},"isop":false,"cm":2,"tm":0,"om":4,"sm":4,"rowneruuid":"00000000-' said ||
    complain "said: $(tail -n 1 said)"
finish

begin "given a state / when ocfd is killed and started again / then the state is there"
onboard
end_daemon 137 KILL
begin_daemon one
get client -A json
grep -qF '"dos":{"s":3,"p":false},"isop":true,' said || complain "said: $(tail -n 1 said)"
finish

begin "given a state that cannot be written / when it is to change / then 5.00 and nothing has changed"
end_daemon 0
mkdir folder
mv one.state folder
begin_daemon one --state folder/one.state
rm -r folder
post dots '\241cdos\241as\002'
answers 5.00 RFPRO
post dots "$validate"
answers 5.00 validation
get client -A json
grep -qF '"dos":{"s":3,"p":false},"isop":true,"cm":0,"tm":0' said || complain "said: $(tail -n 1 said)"
end_daemon 0
finish
end_card
exit $failed
