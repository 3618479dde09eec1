# SPDX-License-Identifier: Apache-2.0
"""What the Python tests of the evidence share: sentences with a count, and running tools."""
import subprocess

FAILED = []


def test(sentence, holds, *reasons):
    """One sentence; each reason is a line before it when it does not hold."""
    for reason in () if holds else reasons:
        print(f"# {reason}")
    print(f"{'ok' if holds else 'not ok'} - {sentence}", flush=True)
    FAILED.extend([] if holds else [sentence])


def run(*words, text=None):
    """Status, standard output and standard error of a command."""
    done = subprocess.run([str(w) for w in words], input=text, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


def status():
    return 1 if FAILED else 0
