#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Signing with fwpkg as a person meets it: keys, signed packages and images, keys that are elsewhere, what verify says of
# a wrong, an unknown and a revoked key, and keys that were copied or used up.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/host/cli_lib.sh
. "$here/cli_lib.sh"

XDG_STATE_HOME=$tmp/state
export XDG_STATE_HOME
one="payload=payload,class=10,id=1,version=2.0.0"
# change FILE AT: one byte of it becomes another; all that is there before is no 0xAA.
change() { printf '\252' | dd of="$1" bs=1 seek="$2" conv=notrunc status=none; }
# refused SENTENCE LINE COMMAND...: status 1 and that line.
refused() {
    begin "$1"
    line=$2
    shift 2
    expect 1 "$@"
    [ "$(cat err)" = "$line" ] || complain "said: $(cat err)"
    finish
}

begin "given a new key / when fwpkg keygen ran / then key, public key and record are there, for the owner only"
expect 0 "$bin/fwpkg" keygen -o a.key
id=$(sed -n 's/^key identifier   //p' out)
[ "$(sha256sum <a.key.pub | head -c 32)" = "$id" ] || complain "the identifier $id is not that of a.key.pub"
has "public key hash  $(sha256sum <a.key.pub | head -c 64)"
[ "$(stat -c %a a.key)" = 600 ] || complain "mode $(stat -c %a a.key)"
[ "$(stat -c %a state/fwpkg)" = 700 ] || complain "mode of the folder $(stat -c %a state/fwpkg)"
[ "$(wc -c <a.key.pub)" = 56 ] || complain "the public key has $(wc -c <a.key.pub) bytes"
finish
expect 0 "$bin/fwpkg" keygen -o b.key --public-key b.pub --state state/fwpkg
refused "given a key / when fwpkg keygen is to make it again / then it is refused" "fwpkg: $tmp/a.key: is there already" \
    "$bin/fwpkg" keygen -o "$tmp/a.key" --public-key other.pub
refused "given a public key / when fwpkg keygen is to write over it / then it is refused" \
    "fwpkg: b.pub: is there already" "$bin/fwpkg" keygen -o c.key --public-key b.pub
rm -f other.pub

begin "given --key / when fwpkg create, image and flash run / then what they wrote is authentic, each with its one-time key"
expect 0 "$bin/fwpkg" create -o a.pldm --key a.key --descriptor pci-vendor=1 --component "$one" \
    --component payload=raw1,class=10,id=2,version=1,raw --component payload=raw0,class=10,id=3,version=7
expect 0 "$bin/fwpkg" verify --public-key b.pub --public-key a.key.pub a.pldm
has "component 0: authentic, key $id, one-time key 0"
has "component 2: authentic, key $id, one-time key 1"
expect 0 "$bin/fwpkg" image -o a.img --key a.key --component "$one"
expect 0 "$bin/fwpkg" verify --public-key a.key.pub a.img
[ "$(cat out)" = "authentic, key $id, one-time key 2" ] || complain "said: $(cat out)"
expect 0 "$bin/fwpkg" flash -o flash.bin --size 1M --key a.key --slot "base=0x40000,size=0x20000,$one"
{ tail -c +$((0x5f000 + 1)) flash.bin | head -c 4096; tail -c +4097 a.img; } >slot.img
expect 0 "$bin/fwpkg" verify --public-key a.key.pub slot.img
has "one-time key 3"
finish

begin "given a signed package / when fwpkg show runs / then it names the key, and says by whom it was made"
expect 0 "$bin/fwpkg" show a.pldm
has "signature         key $id, one-time key 0: made by this key"
expect 0 "$bin/fwpkg" show --json a.pldm
has "\"signed\":true,\"key_id\":\"$id\",\"signature\":\"good\",\"one_time_key\":1"
finish

begin "given an unsigned package / when fwpkg sign runs / then every manifest in it is signed and nothing else changes"
expect 0 "$bin/fwpkg" create -o plain.pldm --descriptor pci-vendor=1 --component "$one" \
    --component payload=raw0,class=10,id=3,version=7
expect 0 "$bin/fwpkg" sign --key b.key -o b.pldm plain.pldm
has "component 0: signed with one-time key 0"
has "component 1: signed with one-time key 1"
has "1022 signatures are left of this key"
expect 0 "$bin/fwpkg" verify --public-key b.pub b.pldm
differ=$(cmp -l plain.pldm b.pldm | wc -l)
[ "$differ" -gt 4900 ] && [ "$differ" -le $((2 * (16 + 56 + 2508))) ] || complain "$differ bytes differ"
expect 0 "$bin/fwpkg" sign --key a.key -o b.pldm b.pldm
expect 0 "$bin/fwpkg" verify --public-key a.key.pub b.pldm
finish

refused "given an unsigned image / when fwpkg verify runs / then it is not signed" \
    "fwpkg: plain.img: not signed" sh -c "'$bin/fwpkg' image -o plain.img --component '$one' &&
    '$bin/fwpkg' verify --public-key a.key.pub plain.img"
refused "given an image of a key that is not named / when fwpkg verify runs / then its key is unknown" \
    "fwpkg: a.img: signed with an unknown key (key $id)" "$bin/fwpkg" verify --public-key b.pub a.img
refused "given a package of a revoked key / when fwpkg verify runs / then its key is revoked" \
    "fwpkg: a.pldm: component 0: signed with a revoked key (key $id)
fwpkg: a.pldm: component 2: signed with a revoked key (key $id)" \
    "$bin/fwpkg" verify --public-key b.pub --revoked a.key.pub a.pldm
cp a.img bad.img && change bad.img 2000
refused "given a signature with one byte wrong / when fwpkg verify runs / then the signature is wrong" \
    "fwpkg: bad.img: wrong signature: another key made it, or the manifest was changed after it (key $id)" \
    "$bin/fwpkg" verify --public-key a.key.pub bad.img
cp a.img bad.img && change bad.img 33
refused "given a security version changed after signing / when fwpkg verify runs / then the signature is wrong" \
    "fwpkg: bad.img: wrong signature: another key made it, or the manifest was changed after it (key $id)" \
    "$bin/fwpkg" verify --public-key a.key.pub bad.img
cp a.img bad.img && dd if=b.pub of=bad.img bs=1 seek=1532 conv=notrunc status=none
refused "given another public key put in / when fwpkg verify runs / then it is not the one that is named" \
    "fwpkg: bad.img: the public key is not the one that the key identifier names (key $id)" \
    "$bin/fwpkg" verify --public-key a.key.pub --public-key b.pub bad.img
cp a.img bad.img && change bad.img 9000
refused "given a payload changed after signing / when fwpkg verify runs / then the block is named" \
    "fwpkg: bad.img: payload block 0 at 0x2000: its SHA-256 is not the one in its table" \
    "$bin/fwpkg" verify --public-key a.key.pub bad.img

begin "given a package with a wrong signature / when fwpkg show runs / then status 1, and it says so"
offset=$(grep -abo SLU1 a.pldm | head -n 1 | cut -d: -f1)
cp a.pldm bad.pldm && change bad.pldm $((offset + 3000))
expect 1 "$bin/fwpkg" show bad.pldm
has "signature         key $id, WRONG"
[ "$(cat err)" = "fwpkg: bad.pldm: component 0: wrong signature: another key made it, or the manifest was changed after it" ] ||
    complain "said: $(cat err)"
finish

refused "given no file of ours / when fwpkg verify runs / then it says what it lacks" \
    "fwpkg: payload: not a PLDM firmware update package: unknown header identifier (at 0x0)" \
    "$bin/fwpkg" verify --public-key a.key.pub payload
refused "given a file that is no public key / when fwpkg verify runs / then it is refused" \
    "fwpkg: raw0: not an LMS public key: it has not 56 bytes" "$bin/fwpkg" verify --public-key raw0 a.img
head -c 56 payload >no.pub
refused "given 56 other bytes as public key / when fwpkg verify runs / then it is refused" \
    "fwpkg: no.pub: not a key of LMS_SHA256_M32_H10 with LMOTS_SHA256_N32_W4" "$bin/fwpkg" verify --public-key no.pub a.img
refused "given a file that is no private key / when fwpkg sign runs / then it is refused" \
    "fwpkg: $tmp/key.txt: not a private key of fwpkg, or damaged" \
    sh -c "cp raw0 key.txt && chmod 600 key.txt && '$bin/fwpkg' sign --key key.txt -o x plain.img"

begin "given a key put back from a copy / when fwpkg sign runs / then it is refused until told from where to go on"
cp b.key copy
expect 0 "$bin/fwpkg" sign --key b.key -o x plain.img
cat copy >b.key
expect 1 "$bin/fwpkg" sign --key b.key -o y plain.img
error "fwpkg: $tmp/b.key: is an old copy: more of its one-time keys are used than it knows (see --skip-to)"
[ ! -e y ] || complain "y was written"
expect 1 "$bin/fwpkg" sign --key b.key --skip-to 2 -o y plain.img
error "fwpkg: $tmp/b.key: one-time keys up to 2 are used: cannot go on from 2"
expect 0 "$bin/fwpkg" sign --key b.key --skip-to 3 -o y plain.img
has "signed with one-time key 3"
finish

begin "given a key without its record / when fwpkg sign runs / then it is refused"
expect 1 "$bin/fwpkg" sign --key b.key --state elsewhere -o x plain.img
grep -q "^fwpkg: $tmp/b.key: no record of its use: elsewhere/[0-9a-f]*.state: No such file or directory (see --skip-to)$" \
    err || complain "said: $(cat err)"
finish

begin "given the last one-time key / when fwpkg sign needs two / then it is used up and nothing is written"
expect 1 "$bin/fwpkg" sign --key b.key --skip-to 1023 -o z plain.pldm
grep -q "^fwpkg: plain.pldm: component 1: $tmp/b.key: used up: it made all of its 1024 signatures$" err ||
    complain "said: $(cat err)"
[ ! -e z ] || complain "z was written"
finish

begin "given a key elsewhere / when its digest went out and a signature came in / then a wrong one is refused"
expect 0 "$bin/fwpkg" sign --public-key b.pub --digest-out digest -o prepared.img plain.img
[ "$(head -c 1588 prepared.img | sha256sum | head -c 64)" = "$(od -An -v -tx1 digest | tr -d ' \n')" ] ||
    complain "the digest is not the SHA-256 of the manifest up to the signature"
head -c 4096 a.img | tail -c 2508 >other.sig
expect 1 "$bin/fwpkg" sign --signature-in other.sig -o x prepared.img
[ "$(cat err)" = "fwpkg: other.sig: not the signature of prepared.img by the key that it names" ] || complain "said: $(cat err)"
expect 1 "$bin/fwpkg" sign --signature-in other.sig -o x plain.img
error "fwpkg: plain.img: names no key: --digest-out comes first"
expect 1 "$bin/fwpkg" sign --signature-in raw0 -o x prepared.img
error "fwpkg: raw0: not an LMS signature: it has not 2508 bytes"
expect 1 "$bin/fwpkg" sign --public-key b.pub --digest-out digest -o x plain.pldm
error "fwpkg: plain.pldm: has 2 images to sign; a signature from elsewhere is for one"
finish

usage "given nothing to sign with / when fwpkg sign runs / then status 2" \
    "fwpkg: sign takes one of --key, --digest-out and --signature-in" "$bin/fwpkg" sign -o x plain.img
usage "given a key and a signature / when fwpkg sign runs / then status 2" \
    "fwpkg: sign takes one of --key, --digest-out and --signature-in" \
    "$bin/fwpkg" sign --key a.key --signature-in x -o x plain.img
usage "given --digest-out alone / when fwpkg sign runs / then status 2" \
    "fwpkg: --digest-out and --public-key go together" "$bin/fwpkg" sign --digest-out x -o x plain.img
usage "given no output / when fwpkg sign runs / then status 2" "fwpkg: -o FILE is missing (see fwpkg --help)" \
    "$bin/fwpkg" sign --key a.key plain.img
usage "given two files / when fwpkg sign runs / then status 2" "fwpkg: unexpected 'b' (see fwpkg --help)" \
    "$bin/fwpkg" sign --key a.key -o x a b
usage "given no public key / when fwpkg verify runs / then status 2" \
    "fwpkg: --public-key FILE is missing (see fwpkg --help)" "$bin/fwpkg" verify plain.img
usage "given an index that no key has / when fwpkg sign runs / then status 2" \
    "fwpkg: --skip-to 1024: not a number up to 1023" "$bin/fwpkg" sign --key a.key --skip-to 1024 -o x plain.img
usage "given --state without a key / when fwpkg create runs / then status 2" \
    "fwpkg: --key FILE is missing (see fwpkg --help)" "$bin/fwpkg" create -o x --state y --descriptor pci-vendor=1 \
    --component "$one"
usage "given a raw image / when fwpkg image is to sign it / then status 2" \
    "fwpkg: --key: a raw image has no manifest to sign" "$bin/fwpkg" image -o x --key a.key \
    --component payload=raw0,class=10,id=1,version=1,raw
exit $failed
