"""Files that somebody else cuts short while they are read: an error that says so, never a crash."""
import gzip
import os
import pathlib
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import tap
from tap import run, test

FOLDER = pathlib.Path(tempfile.mkdtemp(prefix="viaggio-cut-"))
ROWS = 400000
CSV = b"cliente;evento;data;canale\n" + b"".join(
    b"C%d;chiamata numero %d;12/11/2025 10:%02d;telefono\n" % (i % 5000, i % 40, i % 60) for i in range(ROWS))
WORDS = "the file was cut short while it was being read"


def cut_after(name, content, seconds, size):
    """Cut the file to `size` bytes so long after reading began: exit status and what was said."""
    path = FOLDER / name
    path.write_bytes(content)
    ran = subprocess.Popen([tap.PROGRAM, "import", path, "--json"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                           env={**os.environ, "LANG": "C.UTF-8"})
    time.sleep(seconds)
    os.truncate(path, size)
    said = ran.communicate(timeout=120)[1].decode()
    return ran.returncode, said


def time_to_read(name, content):
    path = FOLDER / name
    path.write_bytes(content)
    began = time.monotonic()
    subprocess.run([tap.PROGRAM, "import", path, "--json"], stdout=subprocess.DEVNULL, check=True)
    return time.monotonic() - began


def try_times(name, content):
    """Cut at many moments of reading: each time the program ends well or with those words, some time with them."""
    whole, told = time_to_read(name, content), 0
    for i in range(12):
        size = (0, 4096, len(content) // 2 + 7, len(content) - 1)[i % 4]
        status, said = cut_after(name, content, whole * (i + 0.5) / 14, size)
        assert 0 <= status < 100, (status, said)  # no signal
        told += WORDS in said
        # Cut before the first look, it is a short file like any other: no dates in it, or nothing at all.
        short = "empty" in said or "damaged" in said or "no column says" in said
        assert status == 0 or WORDS in said or short, (i, status, said)
    assert told > 0, "no try hit the time of reading"


@test
def a_csv_cut_while_it_is_read_is_an_error_that_says_so():
    try_times("big.csv", CSV)


@test
def a_compressed_file_cut_while_it_is_read_is_an_error_that_says_so():
    try_times("big.csv.gz", gzip.compress(CSV, 1))


@test
def json_lines_cut_while_they_are_read_are_an_error_that_says_so():
    try_times("big.jsonl", b"".join(b'{"cliente":"C%d","evento":"x","data":"2025-01-01"}\n' % (i % 999) for i in range(150000)))


run()
