"""Both languages are complete: every text of the source has its Italian, none fuzzy, none empty."""
import os
import re
import subprocess
import sys
import tempfile

sys.path[:0] = [os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")]
from tap import SOURCE, run, test  # noqa: E402

PARTS = sorted((SOURCE / "po" / "parts").glob("*.po")) + [SOURCE / "po" / "it.po"]


def unquote(text):
    return re.sub(r"\\(.)", lambda m: {"n": "\n", "t": "\t"}.get(m.group(1), m.group(1)), text)


def entries(text):
    """(context, msgid) → (flags, translations) of a .po text."""
    found = {}
    for block in re.split(r"\n\s*\n", text):
        fields, current, flags = {}, None, ""
        for line in block.splitlines():
            if line.startswith("#,"):
                flags += line[2:]
            started = re.match(r'(msgctxt|msgid_plural|msgid|msgstr(?:\[\d\])?)\s+"(.*)"$', line)
            if started:
                current = started.group(1)
                fields[current] = started.group(2)
            elif line.startswith('"') and current:
                fields[current] += line[1:-1]
        if "msgid" in fields and fields["msgid"]:
            translations = [value for key, value in fields.items() if key.startswith("msgstr")]
            context = fields.get("msgctxt")
            found[context and unquote(context), unquote(fields["msgid"])] = (flags, translations)
    return found


def source_texts():
    files = sorted(str(p.relative_to(SOURCE)) for p in (SOURCE / "src").rglob("*.c")) + \
        sorted(str(p.relative_to(SOURCE)) for p in (SOURCE / "src").rglob("*.h"))
    got = subprocess.run(["xgettext", "--from-code=UTF-8", "-k", "-k_", "-kN_", "-k_n:1,2", "-k_c:1c,2", "-kNC_:1c,2",
                          "--no-wrap", "-L", "C", "-o", "-", *files], cwd=SOURCE, capture_output=True, text=True, check=True)
    return entries(got.stdout)


def translated():
    every = {}
    for part in PARTS:
        for key, value in entries(part.read_text()).items():
            every.setdefault(key, value)
    return every


@test
def every_text_of_the_source_has_its_italian():
    known = translated()
    missing = [key for key in source_texts() if key not in known]
    assert not missing, f"{len(missing)} texts without Italian:\n" + "\n".join(map(repr, missing[:40]))


@test
def no_translation_is_fuzzy_or_empty():
    bad = [(part.name, key) for part in PARTS for key, (flags, values) in entries(part.read_text()).items()
           if "fuzzy" in flags or not all(values)]
    assert not bad, bad


@test
def no_translation_is_left_over():
    wanted = source_texts()
    left = [(part.name, key) for part in PARTS if not part.name.startswith("web-") for key in entries(part.read_text()) if key not in wanted]
    assert not left, left


@test
def the_formats_of_both_languages_agree():
    for part in PARTS:
        with tempfile.NamedTemporaryFile() as out:
            ran = subprocess.run(["msgfmt", "--check", "-o", out.name, part], capture_output=True, text=True)
        assert ran.returncode == 0, ran.stderr


@test
def typography_is_italian():
    for key, (_, values) in translated().items():
        for value in values:
            assert "..." not in value, key
            assert not re.search(r"\be'|\bperche'|\bpiu'|\bcosi'|[a-zà-ü]'[a-zà-ü]|[“”]", unquote(value), re.I), key


run()
