"""The installed library serves a program that knows it by pkg-config alone."""
import ctypes.util  # noqa: F401
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

sys.path[:0] = [os.path.dirname(os.path.abspath(__file__)), os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")]
from data import CUSTOMERS  # noqa: E402
from tap import SOURCE, Skip, run, test  # noqa: E402

BUILD = pathlib.Path(os.environ.get("VIAGGIO_BUILD", SOURCE / "build"))
PREFIX = pathlib.Path(tempfile.mkdtemp(prefix="viaggio-prefix-"))


def sh(*command, env=None, cwd=None):
    ran = subprocess.run([str(word) for word in command], capture_output=True, text=True, cwd=cwd,
                         env={**os.environ, **(env or {})})
    assert ran.returncode == 0, f"{command}: {ran.stdout[-2000:]}\n{ran.stderr[-2000:]}"
    return ran.stdout


def sanitized():
    return "sanitize" in BUILD.name or "asan" in BUILD.name


def installed():
    """Everything under a prefix of its own; the .pc file says where."""
    if sanitized():
        raise Skip("a sanitized library wants a sanitized program")
    if not list(PREFIX.rglob("viaggio.pc")):
        sh("meson", "install", "-C", BUILD, "--no-rebuild", "--destdir", PREFIX / "stage")
        pc, = (PREFIX / "stage").rglob("viaggio.pc")
        old = next(line for line in pc.read_text().splitlines() if line.startswith("prefix="))
        new = PREFIX / "stage" / old.removeprefix("prefix=/")
        pc.write_text(pc.read_text().replace(old, f"prefix={new}"))
    pc, = (PREFIX / "stage").rglob("viaggio.pc")
    return pc


def embedded(name, *make):
    """examples/embed, copied out of the source and built with nothing but its own Makefile."""
    pc = installed()
    folder = PREFIX / name
    shutil.copytree(SOURCE / "examples" / "embed", folder, ignore=shutil.ignore_patterns("flow"))
    sh("make", *make, cwd=folder, env={"PKG_CONFIG_PATH": str(pc.parent), "MAKEFLAGS": ""})
    said = sh(folder / "flow", CUSTOMERS, env={"LD_LIBRARY_PATH": str(pc.parent.parent)})
    assert said.splitlines()[0] == "20 events, 11 journeys", said
    assert "Richiesta -> Offerta  (median 172800 s)" in said, said
    return folder / "flow"


@test
def the_example_builds_and_runs_with_the_shared_library():
    assert "libviaggio.so.0" in sh("ldd", embedded("shared"))


@test
def the_example_builds_and_runs_with_the_static_library():
    assert "libviaggio" not in sh("ldd", embedded("static", "STATIC=1"))


@test
def what_cannot_be_read_is_an_error_of_the_library_not_the_end_of_the_program():
    pc = installed()
    program = PREFIX / "shared" / "flow"
    if not program.exists():
        raise Skip("the example was not built")
    ran = subprocess.run([program, "/no/such.csv"], capture_output=True, text=True,
                         env={**os.environ, "LD_LIBRARY_PATH": str(pc.parent.parent)})
    assert ran.returncode == 1 and "/no/such.csv: there is no such file" in ran.stderr, ran


@test
def only_the_public_names_leave_the_shared_library():
    if sanitized():
        raise Skip("the sanitizers add names of their own")
    names = [line.split()[-1] for line in sh("nm", "-D", "--defined-only", BUILD / "src" / "libviaggio.so").splitlines()]
    assert "vg_log_read" in names
    assert not [name for name in names if not name.startswith("vg_")], names


@test
def every_function_of_the_header_is_in_the_library():
    import re
    header = (SOURCE / "include" / "viaggio.h").read_text()
    told = set(re.findall(r"^VG_API [^;]*?\b(vg_\w+)\(", header, re.M))
    names = {line.split()[-1] for line in sh("nm", "-D", "--defined-only", BUILD / "src" / "libviaggio.so").splitlines()}
    assert told and told == {name for name in names if name.startswith("vg_")}, told ^ names


@test
def the_header_stands_alone_in_c_and_cpp():
    for compiler, language in (("cc", "c"), ("c++", "c++"), ("clang-14", "c"), ("clang++-14", "c++")):
        if not shutil.which(compiler):
            continue
        sh(compiler, "-x", language, "-fsyntax-only", "-Wall", "-Wextra", "-Wpedantic", "-Werror", SOURCE / "include" / "viaggio.h")


@test
def manual_and_completions_are_installed():
    installed()
    places = {str(path.relative_to(PREFIX / "stage")) for path in (PREFIX / "stage").rglob("*") if path.is_file()}
    for end in ("man/man1/viaggio.1", "man/it/man1/viaggio.1", "bash-completion/completions/viaggio", "zsh/site-functions/_viaggio",
                "bin/viaggio", "include/viaggio.h"):
        assert any(place.endswith(end) for place in places), (end, places)


run()
