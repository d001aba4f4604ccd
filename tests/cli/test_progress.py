"""The progress line, watched on a pseudo-terminal while a long job runs."""
import os
import pathlib
import pty
import re
import select
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import tap
from tap import Skip, run, test

FOLDER = pathlib.Path(tempfile.mkdtemp(prefix="viaggio-progress-"))
LINES = FOLDER / "big.jsonl"  # the way in that takes longest
LINES.write_bytes(b"".join(b'{"cliente":"C%d","evento":"e%d","data":"2025-01-01","nota":"%s"}\n' % (i % 5000, i % 20, b"x" * 60)
                           for i in range(600000)))


def watch(*arguments, stop=False):
    """What a terminal at standard error shows; with `stop`, Ctrl-C as soon as there is progress."""
    terminal, end = pty.openpty()
    ran = subprocess.Popen([tap.PROGRAM, *map(str, arguments)], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=end,
                           env={**os.environ, "LANG": "C.UTF-8"})
    os.close(end)
    shown, began = b"", time.monotonic()
    while time.monotonic() - began < 240:
        if not select.select([terminal], [], [], 0.2)[0]:
            continue
        try:
            piece = os.read(terminal, 65536)
        except OSError:  # the program has gone
            break
        if not piece:
            break
        shown += piece
        if stop and b"big.jsonl" in shown:
            ran.send_signal(signal.SIGINT)
            stop = False
    ran.wait(timeout=60)
    os.close(terminal)
    return ran.returncode, shown.decode()


@test
def a_long_job_shows_one_line_and_takes_it_away():
    status, shown = watch("flow", LINES, "--json", "--out", FOLDER / "a.json")
    if "big.jsonl" not in shown:
        raise Skip("this machine is done within a second")
    assert status == 0 and "\n" not in shown and shown.endswith("\r\x1b[K"), (status, shown[-300:])


@test
def nothing_is_shown_to_a_pipe_or_when_quiet():
    ran = subprocess.run([tap.PROGRAM, "flow", LINES, "--json"], capture_output=True, timeout=240)
    assert ran.returncode == 0 and ran.stderr == b"", ran.stderr[-300:]
    assert watch("flow", LINES, "--json", "--quiet") == (0, "")


@test
def ctrl_c_ends_it_and_leaves_nothing_behind():
    before = set(os.listdir(FOLDER))
    status, shown = watch("flow", LINES, "--json", "--out", FOLDER / "b.json", stop=True)
    if "big.jsonl" not in shown:
        raise Skip("this machine is done within a second")
    assert status not in (0, -11, -6), (status, shown[-300:])
    assert set(os.listdir(FOLDER)) == before, os.listdir(FOLDER)
    assert re.search(r"\r\x1b\[K[^\r]*\s*$", shown), shown[-300:]  # erased before what is said last


run()
