"""Tests of the program from outside: one function per behaviour, its name a sentence.

    from tap import test, run, viaggio
    @test
    def a_missing_file_is_named(): ...
    run()

Prints TAP. A test fails by raising; it is skipped by raising Skip("why").
"""
import os
import pathlib
import subprocess
import sys
import traceback

SOURCE = pathlib.Path(os.environ.get("VIAGGIO_SOURCE", pathlib.Path(__file__).resolve().parents[1]))
PROGRAM = os.environ.get("VIAGGIO", str(SOURCE / "build/src/viaggio"))
SHARED = SOURCE.parent / "shared" / "data"
_tests = []


class Skip(Exception):
    pass


def test(function):
    _tests.append(function)
    return function


def shared(path):
    """A file of the shared data, or a skipped test where the folder is absent."""
    full = SHARED / path
    if not full.exists():
        raise Skip("shared data is not here")
    return full


def viaggio(*arguments, input=None, lang="en", status=0, env=None, cwd=None, timeout=120):
    """Run the program; returns its standard output as text. `status` None: any."""
    ran = subprocess.run(
        [PROGRAM, *map(str, arguments)], input=input, capture_output=True, cwd=cwd, timeout=timeout,
        env={**os.environ, "LANG": {"en": "C.UTF-8", "it": "it_IT.UTF-8"}[lang], **(env or {})})
    viaggio.error = ran.stderr.decode("utf-8", "replace")
    if status is not None and ran.returncode != status:
        raise AssertionError(f"exit status {ran.returncode}, not {status}: {' '.join(map(str, arguments))}\n"
                             f"{viaggio.error[-3000:]}")
    viaggio.status = ran.returncode
    return ran.stdout.decode("utf-8", "replace")


def run():
    failed = 0
    only = sys.argv[1:]
    chosen = [t for t in _tests if not only or any(o in t.__name__ for o in only)]
    print(f"1..{len(chosen)}")
    for number, function in enumerate(chosen, 1):
        sentence = function.__name__.replace("_", " ")
        try:
            function()
            print(f"ok {number} - {sentence}", flush=True)
        except Skip as why:
            print(f"ok {number} - {sentence} # SKIP {why}", flush=True)
        except Exception:
            failed += 1
            print(f"not ok {number} - {sentence}", flush=True)
            for line in traceback.format_exc().splitlines()[-30:]:
                print("#  " + line, flush=True)
    sys.exit(1 if failed else 0)
