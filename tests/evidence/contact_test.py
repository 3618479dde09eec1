#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""contact_test.py SECURITY_TXT: what RFC 9116 demands of it, and that it has not expired."""
import datetime
import pathlib
import re
import sys

from sentences import status, test

ONCE, SOME, ANY = "exactly once", "at least once", "any number of times"
URI = r"(mailto:\S+@\S+|https://\S+|openpgp4fpr:[0-9a-fA-F]+|tel:\S+)"
MOMENT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)"
FIELDS = {  # clause 2.5: how often, and what it looks like; web addresses are https
    "Contact": (SOME, URI), "Expires": (ONCE, MOMENT), "Encryption": (SOME, URI), "Canonical": (SOME, URI),
    "Policy": (ANY, URI), "Acknowledgments": (ANY, URI), "Hiring": (ANY, URI),
    "Preferred-Languages": (ONCE, r"[a-zA-Z-]+(, *[a-zA-Z-]+)*"),
}


def faults(text):
    """What is wrong with it, one line each."""
    found, seen = [], dict.fromkeys(FIELDS, 0)
    for number, line in enumerate(text.splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        name, _, value = line.partition(": ")
        if name not in FIELDS:
            found.append(f"line {number}: no field of RFC 9116")
        elif not re.fullmatch(FIELDS[name][1], value):
            found.append(f"line {number}: not a value of {name}")
        else:
            seen[name] += 1
    for name, count in seen.items():
        if FIELDS[name][0] == ONCE and count != 1 or FIELDS[name][0] == SOME and count < 1:
            found.append(f"{name} stands {count} times, not {FIELDS[name][0]}")
    return found


def moment(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def main():
    text = pathlib.Path(sys.argv[1]).read_text(encoding="utf-8")
    found = faults(text)
    test("given security.txt / when read by RFC 9116 / then every field is there, as often and in the form that it demands",
         not found, *found)
    for what, broken in (("without Expires", re.sub("Expires.*\n", "", text)),
                         ("with Expires twice", text + "Expires: 2027-01-01T00:00:00Z\n"),
                         ("without Contact", re.sub("Contact.*\n", "", text)),
                         ("with a contact over http", text.replace("https://", "http://")),
                         ("with a field of its own", text + "Phone: 1\n")):
        test(f"given security.txt {what} / when read by RFC 9116 / then it is refused", bool(faults(broken)))
    expires = moment(re.search(r"^Expires: (.*)$", text, re.M)[1])
    written = moment(re.search(r"in the state of (\S+)\.", text)[1] + "T00:00:00Z")
    now = datetime.datetime.now(datetime.timezone.utc)
    test("given security.txt / when today is compared with Expires / then it has not expired", now < expires,
         f"expired at {expires}: look through it, then renew Expires and the day that its first line names")
    test("given security.txt / when Expires is compared with the day it was written / then it is within a year",
         written < expires <= written + datetime.timedelta(days=365))
    return status()


if __name__ == "__main__":
    sys.exit(main())
