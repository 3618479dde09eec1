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


def usage(program, rows):
    """Command lines that are wrong, each with what the tool says of it."""
    for words, said in rows:
        code, out, error = run(program, *words)
        test(f"given the command line '{' '.join(words)}' / when {program.name} runs / then status 2 and one line",
             code == 2 and out == "" and said in error and error.count("\n") == 1, error)


def status():
    return 1 if FAILED else 0
