#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""pyhsslms_test.py FWPKG: fwpkg and an independent implementation of RFC 8554, pyhsslms, take each other's signatures."""
import hashlib
import os
import pathlib
import subprocess
import sys
import tempfile

import pyhsslms

FWPKG = pathlib.Path(sys.argv[1]).resolve()
SIGNED = 4096 - 2508  # bytes of a manifest of one block before its signature
TYPES = {"lms_type": pyhsslms.lms_sha256_m32_h10, "lmots_type": pyhsslms.lmots_sha256_n32_w4}
FAILED = []


def fwpkg(*words):
    done = subprocess.run([FWPKG, *words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode != 0:
        print(f"# {done.stdout.strip()}")
    return done.returncode == 0


def test(sentence, holds):
    print(f"{'ok' if holds else 'not ok'} - {sentence}")
    FAILED.extend([] if holds else [sentence])


def manifest(path):
    data = path.read_bytes()
    return hashlib.sha256(data[:SIGNED]).digest(), data[SIGNED:4096]


def we_sign(folder):
    fwpkg("keygen", "-o", "our.key")
    public = pyhsslms.LmsPublicKey.deserialize((folder / "our.key.pub").read_bytes())
    good = True
    for turn in range(3):
        signed = fwpkg("sign", "--key", "our.key", "-o", f"ours{turn}.img", "plain.img")
        digest, signature = manifest(folder / f"ours{turn}.img")
        changed = bytes([digest[0] ^ 1]) + digest[1:]
        good &= signed and public.verify(digest, signature) and not public.verify(changed, signature)
    test("given images signed by fwpkg / when pyhsslms verifies them / then it takes them, and no other digest", good)
    lines = dict(line.split() for line in (folder / "our.key").read_text().splitlines()[1:])
    private = pyhsslms.LmsPrivateKey(SEED=bytes.fromhex(lines["seed"]), I=bytes.fromhex(lines["identifier"]), **TYPES)
    test("given fwpkg's seed and I / when pyhsslms makes the key from them / then it is the same public key",
         private.publicKey().serialize() == public.serialize())


def they_sign(folder):
    private = pyhsslms.HssPrivateKey(levels=1, **TYPES)
    (folder / "hss.pub").write_bytes(private.publicKey().serialize())
    (folder / "lms.pub").write_bytes(private.publicKey().serialize()[4:])
    for name, skip in (("HSS of one level", 0), ("LMS", 4)):
        public = "lms.pub" if skip else "hss.pub"
        good = fwpkg("sign", "--public-key", public, "--digest-out", "digest", "-o", "prepared.img", "plain.img")
        signature = private.sign((folder / "digest").read_bytes())[skip:]
        (folder / "signature").write_bytes(signature)
        good &= fwpkg("sign", "--signature-in", "signature", "-o", "theirs.img", "prepared.img")
        good &= fwpkg("verify", "--public-key", "lms.pub", "theirs.img")
        good &= not fwpkg("verify", "--public-key", "our.key.pub", "theirs.img")
        test(f"given an image signed by pyhsslms as {name} / when fwpkg takes and verifies it / then it is authentic", good)


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        os.chdir(folder)
        os.environ["XDG_STATE_HOME"] = str(folder / "state")
        (folder / "payload").write_bytes(bytes(range(256)) * 40)
        fwpkg("image", "-o", "plain.img", "--component", "payload=payload,class=10,id=1,version=1")
        we_sign(folder)
        they_sign(folder)
        os.chdir("/")
    return 1 if FAILED else 0


if __name__ == "__main__":
    sys.exit(main())
