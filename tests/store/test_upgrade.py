"""Files of every version there was, upgrades, backups and restores that are killed, and who may read what is written."""
import atexit
import gzip
import itertools
import json
import os
import pathlib
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

sys.path[:0] = [os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")]
from tap import PROGRAM, SOURCE, run, test, viaggio  # noqa: E402

FOLDER = pathlib.Path(tempfile.mkdtemp(prefix="viaggio-upgrade-"))
GOLDEN = SOURCE / "tests" / "store" / "golden"
EXAMPLE = SOURCE / "examples" / "macchinari"
NEWEST = len(list((SOURCE / "src" / "store" / "migrations").glob("*.sql")))
KILLS = int(os.environ.get("VIAGGIO_KILLS", "12"))
numbers = itertools.count()


def golden(version):
    """A fresh copy of the file that this version wrote."""
    path = FOLDER / f"{next(numbers)}-v{version}.viaggio"
    path.write_bytes(gzip.decompress((GOLDEN / f"version-{version}.viaggio.gz").read_bytes()))
    path.chmod(0o600)
    return path


def events(path):
    return json.loads(viaggio("events", "-w", path, "--json", "--top", "0"))


def expected(version):
    return json.loads((GOLDEN / f"version-{version}.events.json").read_text())


def version_of(path):
    connection = sqlite3.connect(path)
    try:
        return connection.execute("PRAGMA user_version").fetchone()[0]
    finally:
        connection.close()


def whole(path):
    out = viaggio("doctor", "-w", path, "--table")
    assert "all is well" in out, out


def killed_at(moment, *arguments):
    """Run, kill -9 after so many seconds; whether it had ended well before."""
    process = subprocess.Popen([PROGRAM, *map(str, arguments)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        return process.wait(moment) == 0
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait()
        return False


def duration(*arguments):
    began = time.monotonic()
    viaggio(*arguments)
    return time.monotonic() - began


@test
def a_file_of_every_version_there_was_answers_as_it_did():
    for version in range(1, NEWEST):
        path = golden(version)
        before = path.read_bytes()
        assert events(path) == expected(version), version
        assert version_of(path) == NEWEST
        kept = pathlib.Path(f"{path}.before-{version + 1:04}")
        assert version_of(kept) == version and events(kept) == expected(version)
        assert before[:16] == kept.read_bytes()[:16]
        whole(path)
        out = viaggio("maps", "-w", path)
        assert "\nmacchinari\t" in out, out
        viaggio("import", EXAMPLE / "recensioni.jsonl", "-w", path, "-q")
        assert events(path)["total"] == expected(version)["total"]


@test
def an_upgrade_killed_at_any_moment_leaves_the_old_file_or_the_new_one():
    rng = random.Random(1)
    usual = duration("maps", "-w", golden(1))
    seen = set()
    for number in range(KILLS):
        path = golden(1)
        killed_at(rng.uniform(0, usual * 1.1), "maps", "-w", path)
        seen.add(version_of(path))
        began = time.monotonic()
        assert events(path) == expected(1), number
        assert time.monotonic() - began < 5
        whole(path)
    assert seen <= set(range(1, NEWEST + 1)), seen  # each step of it is a transaction


@test
def a_backup_killed_at_any_moment_is_whole_or_not_there():
    rng = random.Random(2)
    path = golden(1)
    before = events(path)
    usual = duration("backup", FOLDER / "usual.viaggio", "-w", path)
    for number in range(KILLS):
        copy = FOLDER / f"copy-{number}.viaggio"
        done = killed_at(rng.uniform(0, usual * 1.1), "backup", copy, "-w", path)
        assert copy.exists() or not done
        if copy.exists():
            whole(copy)
            assert events(copy) == before
    whole(path)
    assert events(path) == before


@test
def a_restore_killed_at_any_moment_leaves_what_was_or_what_was_to_be():
    rng = random.Random(3)
    copy = FOLDER / "older.viaggio"
    viaggio("backup", copy, "-w", golden(1))
    older = events(copy)
    base = golden(1)
    viaggio("import", EXAMPLE / "crm.csv", "-w", base, "-q")
    newer = events(base)
    assert newer != older
    usual, rounds = None, {"older": 0, "newer": 0}
    for number in range(KILLS + 1):
        path = FOLDER / f"restored-{number}.viaggio"
        shutil.copyfile(base, path)
        if usual is None:
            usual = duration("restore", copy, "-w", path)
            assert events(path) == older
            continue
        done = killed_at(rng.uniform(0, usual * 1.1), "restore", copy, "-w", path)
        now = events(path)  # there is always a file
        assert now == older or (now == newer and not done), number
        rounds["older" if now == older else "newer"] += 1
        whole(path)
        for kept in FOLDER.glob(f"{path.name}.before-restore-*"):
            if not kept.name.endswith(("-wal", "-shm")):
                assert events(kept) == newer


@test
def every_file_of_a_workspace_is_its_owners_alone():
    old = os.umask(0)
    try:
        folder = FOLDER / "private"
        folder.mkdir(mode=0o755)
        path = folder / "w.viaggio"
        viaggio("init", path)
        connection = sqlite3.connect(path)  # so that the companions stay
        viaggio("import", EXAMPLE / "recensioni.jsonl", "-w", path, "-q")
        connection.execute("SELECT * FROM workspace").fetchall()
        viaggio("backup", folder / "b.viaggio", "-w", path)
        seen = {p.name: p.stat().st_mode & 0o777 for p in folder.iterdir()}
        connection.close()
        viaggio("restore", folder / "b.viaggio", "-w", path)
        upgraded = folder / "old.viaggio"
        shutil.copyfile(golden(1), upgraded)
        upgraded.chmod(0o600)
        events(upgraded)
        seen |= {p.name: p.stat().st_mode & 0o777 for p in folder.iterdir()}
    finally:
        os.umask(old)
    assert {"w.viaggio", "w.viaggio-wal", "w.viaggio-shm", "b.viaggio", "old.viaggio.before-0002"} <= set(seen), seen
    assert set(seen.values()) == {0o600}, seen


@test
def a_file_without_room_is_read_and_says_so_when_written():
    """A real disk that is full, where one can be mounted."""
    disk = FOLDER / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", disk], capture_output=True).returncode:
        from tap import Skip
        raise Skip("no disk can be mounted here")
    try:
        path = disk / "w.viaggio"
        viaggio("init", path)
        viaggio("import", EXAMPLE / "recensioni.jsonl", "-w", path, "-q")
        before = events(path)
        filler = disk / "filler"
        with open(filler, "wb") as out:
            try:
                while True:
                    out.write(b"x" * 65536)
                    out.flush()
            except OSError:
                pass
        viaggio("import", EXAMPLE / "crm.csv", "-w", path, status=8)
        assert "disk is full" in viaggio.error, viaggio.error
        assert events(path) == before
        filler.unlink()
        viaggio("import", EXAMPLE / "crm.csv", "-w", path, "-q")
        assert events(path)["total"] > before["total"]
        whole(path)
    finally:
        subprocess.run(["umount", disk], check=True)


atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)
run()
