"""The shipped fonts: the files their list names, with their licence."""

import hashlib
from pathlib import Path

import scheduler.documents

FONTS = Path(scheduler.documents.__file__).parent / "fonts"


def test_fonts_are_the_files_of_their_list() -> None:
    listed = {}
    for line in (FONTS / "VERSIONS").read_text().split("SHA-256:\n")[1].splitlines():
        digest, name = line.split()
        listed[name] = digest

    shipped = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in FONTS.glob("*.ttf")
    }
    assert shipped == listed


def test_fonts_come_with_their_licence() -> None:
    assert "SIL Open Font License, Version 1.1" in (FONTS / "OFL.txt").read_text()
