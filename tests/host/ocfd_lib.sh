# SPDX-License-Identifier: Apache-2.0
#
# What the tests of ocfd share, beside cli_lib.sh: signed packages, a scripted card, the daemon, and libcoap's client. That
# one ends with 0 whatever happens, so what it says is looked at. Sourced after cli_lib.sh, whose end() this replaces.
client=${COAP_CLIENT:-coap-client-openssl}
daemon=
watchers=
end() {
    for process in $watchers $daemon $card; do kill -9 "$process" 2>/dev/null; done
    rm -rf "$tmp"
}
XDG_STATE_HOME=$tmp/state
export XDG_STATE_HOME

# late TRIES: no use to wait any longer: a minute is over, which is a guard against hangs and no expectation, or the daemon
# has gone.
late() {
    [ "$1" -ge 1200 ] && return 0
    [ -n "$daemon" ] && ! grep -qs "^State:.[^ZX]" "/proc/$daemon/status" && return 0 # a zombie, as long as nobody waits
    sleep 0.05
    return 1
}
# await FILE TEXT [TEXT]: waits until the file holds one of them.
await() {
    tries=0
    until grep -qF -e "$2" -e "${3:-$2}" "$1" 2>/dev/null; do
        tries=$((tries + 1))
        late $tries || continue
        complain "$1 never held: $2"
        tail -n 5 "$1" | sed 's/^/# /'
        return 1
    done
}
# await_last FILE TEXT: waits until its last line holds the text.
await_last() {
    tries=0
    until tail -n 1 "$1" 2>/dev/null | grep -qF -- "$2"; do
        tries=$((tries + 1))
        late $tries || continue
        complain "$1 does not end with: $2, but: $(tail -n 1 "$1")"
        return 1
    done
}

hex() { printf %s "$1" | od -An -v -tx1 | tr -d ' \n'; }
key() { printf '%s-key-16-bytes!' "$1"; }
# clients FILE: one client of each role, named as it.
clients() {
    (umask 077 && for who in dots cms ams client; do echo "$who $who $(hex "$(key $who)")"; done >"$1")
}

# begin_card NAME WORD...: cli_card at NAME.card.
begin_card() {
    at=$1
    shift
    rm -f "$at.card" "$at.says"
    "$here/cli_card" unix "$tmp/$at.card" "$tmp/$at.got" "$@" >"$at.says" &
    card=$!
    await "$at.says" ready
}
end_card() {
    kill "$card"
    wait "$card" 2>/dev/null
    card=
}

# begin_daemon NAME OPTION...: ocfd for NAME.card, its state in NAME.state, what it says in NAME.log; $port is its port.
begin_daemon() {
    at=$1
    shift
    : >"$at.log"
    "$here/ocfd" --link "unix:$tmp/$at.card" --source source --public-key a.key.pub --keys clients --state "$at.state" \
        --listen 127.0.0.1 --port 0 "$@" 2>"$at.log" &
    daemon=$!
    await "$at.log" "listening on"
    port=$(sed -n 's/.*listening on 127.0.0.1:\([0-9]*\).*/\1/p' "$at.log")
}
# end_daemon STATUS [SIGNAL]
end_daemon() {
    kill -"${2:-TERM}" "$daemon"
    wait "$daemon" 2>/dev/null
    got=$?
    [ $got = "$1" ] || complain "ocfd ended with status $got, not $1"
    daemon=
}

# ask ROLE OPTION... URI: a request as that client; all that was said is in said.
ask() {
    who=$1
    shift
    "$client" -v 7 -B 2 -u "$who" -k "$(key "$who")" "$@" </dev/null 2>&1 | tr -d '\000' >said
}
uri() { printf 'coaps://127.0.0.1:%s/%s' "$port" "$1"; }
# code: of the answer to the last request, "none" when there was none.
code() { sed -n 's/^v:1 t:[A-Z]* c:\([2-5]\.[0-9]*\) .*/\1/p' said | tail -n 1 | grep . || echo none; }
# get ROLE OPTION...: GET of pstat. post ROLE BODY: POST of it, the body as printf's format.
get() {
    who=$1
    shift
    ask "$who" "$@" "$(uri oic/sec/pstat)"
}
post() {
    # shellcheck disable=SC2059 # octal
    printf "$2" >body
    ask "$1" -m post -t 10000 -O 2053,0x0800 -f body "$(uri oic/sec/pstat)"
}
# answers CODE WHAT: what the last request was answered with.
answers() { [ "$(code)" = "$1" ] || complain "$2: answered $(code), not $1"; }
# watch ROLE FILE PATH: an observer; each notification is one line of JSON.
watch() {
    rm -f "$2" # what an earlier one saw is not waited for
    "$client" -s 900 -B 901 -A json -u "$1" -k "$(key "$1")" "$(uri "$3")" >"$2" 2>&1 &
    watchers="$watchers $!"
    await "$2" '"rt"'
}
unwatch() {
    for process in $watchers; do
        kill "$process" 2>/dev/null
        wait "$process" 2>/dev/null
    done
    watchers=
}
# saw FILE: dos.p, isop, cm and tm of pstat, one notification after the other, without repetitions.
saw() {
    sed -n 's/.*"p":\([a-z]*\)},"isop":\([a-z]*\),"cm":\([0-9]*\),"tm":\([0-9]*\),.*/\1 \2 \3 \4/p' "$1" | uniq | tr '\n' ';'
}
# onboard: from a new device to RFNOP.
onboard() {
    post dots '\242cdos\241as\002jrowneruuidx$11111111-2222-3333-4444-555555555555'
    answers 2.04 "an owner, and RFPRO"
    post dots '\241cdos\241as\003'
    answers 2.04 RFNOP
}
validate='\241btm\030\100'
update='\241btm\030\200'
clear='\241btm\000'

# What packages are made from: part N VERSION SECURITY.
part() { printf 'payload=raw%s,class=10,id=%s,version=%s,security=%s' "$1" "$(($1 + 1))" "$2" "$3"; }
card_ids="--descriptor pci-vendor=0x1234 --descriptor pci-device=0x5301"
# package FILE KEY VERSION SECURITY
package() {
    # shellcheck disable=SC2086 # options and values are words
    "$bin/fwpkg" create -o "$1" --key "$2" $card_ids --component "$(part 0 "$3" "$4")" --component "$(part 1 "$3" "$4")" >/dev/null
}
"$bin/fwpkg" keygen -o a.key >/dev/null
"$bin/fwpkg" keygen -o b.key >/dev/null
clients clients
mkdir source
