"""Completion in real shells: bash is asked through its own machinery, zsh on a pseudo-terminal (zpty)."""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import tap
from tap import Skip, run, test, viaggio

FOLDER = pathlib.Path(tempfile.mkdtemp(prefix="viaggio-completion-"))
(FOLDER / "crm clienti.csv").write_text("x")
(FOLDER / "Cartella").mkdir()
PATH = f"{pathlib.Path(tap.PROGRAM).parent}:{os.environ['PATH']}"


def shell(command, *arguments, input=None):
    ran = subprocess.run([command, *arguments], input=input, capture_output=True, text=True, cwd=FOLDER, timeout=60,
                         env={**os.environ, "PATH": PATH, "LANG": "C.UTF-8", "TERM": "xterm", "HOME": str(FOLDER)})
    assert ran.returncode == 0 and not ran.stderr, (ran.returncode, ran.stderr[-2000:], ran.stdout[-500:])
    return ran.stdout


def bash_answers(*words):
    """What bash offers for the last of these words."""
    line = " ".join(f"'{word}'" for word in words)
    return shell("bash", "--norc", "-c", 'eval "$(viaggio --completion bash)"; complete -p viaggio >/dev/null; '
                 f'COMP_WORDS=({line}); COMP_CWORD={len(words) - 1}; _viaggio; printf "%s\\n" "${{COMPREPLY[@]}}"').split("\n")[:-1]


@test
def bash_offers_commands_options_choices_and_files():
    assert bash_answers("viaggio", "fun") == ["funnel"]
    assert set(bash_answers("viaggio", "")) > {"import", "report", "help", "--version"}
    assert bash_answers("viaggio", "import", "--exp") == ["--explain"]
    assert set(bash_answers("viaggio", "import", "--scale", "")) == {"stars", "nps", "csat", "ces", "valence"}
    assert bash_answers("viaggio", "render", "--format", "p") == ["png", "pdf"]
    assert bash_answers("viaggio", "render", "--format", "=", "s") == ["svg"]  # bash parts words at =
    assert bash_answers("viaggio", "render", "--format", "=") == ["svg", "png", "pdf"]
    assert bash_answers("viaggio", "import", "crm") == ["crm clienti.csv"]
    assert "--step" not in bash_answers("viaggio", "import", "--")


ZPTY = r"""
zmodload zsh/zpty || exit 3
zpty -b z zsh -f -i
wait_for() { local out= chunk; repeat 200; do zpty -rt z chunk && out+=$chunk; [[ $out == *$1* ]] && { print -r -- $out; return 0 }; sleep 0.05; done; print -r -- $out; return 0 }
zpty -w z "PS1=READY; unsetopt zle_bracketed_paste 2>/dev/null; stty cols 200; fpath=($FPATH_OF $fpath); autoload -Uz compinit; compinit -u -d $FPATH_OF/dump; LISTMAX=1000; setopt list_ambiguous; zstyle ':completion:*' verbose yes; print LOA'D'ED"
wait_for LOADED >/dev/null
zpty -w -n z "$1"$'\t'
wait_for "$2"
zpty -d z
"""


def zsh_answers(typed, expected):
    """What the terminal shows after `typed` and the tabulator, once `expected` stands there."""
    shown = shell("zsh", "-f", "-c", ZPTY.replace("$FPATH_OF", str(FOLDER)), "zpty", typed, expected)
    return re.sub(r"\x1b\[[?0-9;]*[a-zA-Z]", "", shown)


def with_zsh():
    if not shutil.which("zsh"):
        raise Skip("zsh is not here")
    for lang in ("en", "it"):
        (FOLDER / "_viaggio").write_text(viaggio("--lang", lang, "--completion", "zsh"))
        shell("zsh", "-n", FOLDER / "_viaggio")
        yield lang


@test
def zsh_reads_the_file_in_both_languages():
    assert list(with_zsh()) == ["en", "it"]


@test
def zsh_offers_commands_options_choices_and_files():
    for lang in with_zsh():
        for typed, expected in lang == "en" and (("viaggio funn", "funnel"), ("viaggio import --expl", "--explain"),
                                ("viaggio render --format=pn", "--format=png"), ("viaggio import crm", r"crm\ clienti.csv"),
                                ("viaggio report --out=Cart", "--out=Cartella/")) or ():
            shown = zsh_answers(typed, expected)
            assert expected in shown, (lang, typed, shown)
        about = {"en": "the scale of the scores", "it": "la scala dei voti"}[lang]
        shown = zsh_answers("viaggio import --s", "--started-until")
        assert about in shown and "--sheet" in shown and "--scale" in shown, shown


run()
