# SPDX-License-Identifier: Apache-2.0
#
# What the tests of command lines share: a folder of their own that goes away, sentences, and what a command said.
# Sourced by a test that the build has installed in $here; the tools are in $bin.
set -u
bin=$here/../../bin
tmp=$(mktemp -d)
card=
end() {
    [ -z "$card" ] || kill "$card" 2>/dev/null
    rm -rf "$tmp"
}
trap end EXIT
cd "$tmp" || exit 1
failed=0
name=
bad=0

begin() { name=$1 bad=0; }
finish() {
    if [ $bad = 0 ]; then echo "ok - $name"; else echo "not ok - $name" && failed=1; fi
}
complain() { echo "# $*"; bad=1; }

# expect STATUS COMMAND...: its status; standard output is in out, standard error in err.
expect() {
    want=$1
    shift
    "$@" >out 2>err
    got=$?
    [ $got = "$want" ] || complain "status $got, not $want: $* ($(head -n 1 err))"
}
# error TEXT: standard error is this one line, standard output is empty.
error() {
    [ "$(cat err)" = "$1" ] || complain "said: $(cat err)"
    [ ! -s out ] || complain "standard output is not empty: $(head -n 1 out)"
}
has() { grep -qF -- "$1" out || complain "output lacks: $1"; }

# usage SENTENCE LINE COMMAND...: a wrong command line ends with status 2 and that line.
usage() {
    begin "$1"
    line=$2
    shift 2
    expect 2 "$@"
    error "$line"
    finish
}

# What the packages of these tests are made from.
head -c 50001 /dev/zero | tr '\0' 'A' >payload
printf 'small payload' >raw0
head -c 1000 /dev/zero | tr '\0' 'Z' >raw1

# make_update: update.pldm, both components for the scripted device (cli_card).
make_update() {
    "$bin/fwpkg" create -o update.pldm --descriptor pci-vendor=0x1234 --descriptor pci-device=0x5301 \
        --component payload=raw0,class=10,id=1,version=2.0,stamp=2,raw --component payload=raw1,class=10,id=2,version=2.0,stamp=2,raw
}

# serve KIND NAME WORD...: cli_card at NAME.link in the background, its process in $card and what it says in NAME.says.
serve() {
    kind=$1 at=$2
    shift 2
    rm -f "$at.says" "$at.link"
    "$here/cli_card" "$kind" "$tmp/$at.link" "$tmp/$at.got" "$@" >"$at.says" &
    card=$!
    said "$at" ready
}
# said NAME WORD: waits until the card has said it.
said() {
    while ! grep -q "$2" "$1.says" 2>/dev/null; do kill -0 $card || break; sleep 0.02; done
}
unserve() {
    kill $card
    wait $card 2>/dev/null
    card=
}
# got FILE: both images in what the card wrote.
got() {
    head -c 13 "$1.0" | cmp -s - raw0 || complain "$1: component 0 differs"
    head -c 1000 "$1.1" | cmp -s - raw1 || complain "$1: component 1 differs"
}
