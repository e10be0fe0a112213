"""Names on pages have a font, whatever their script: the files of the printed pages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import webui
from scheduler.documents.typefaces import script_of
from tests.webui.conftest import Browser

SHEET = (Path(webui.__file__).parent / "static" / "names.css").read_text(encoding="utf-8")
FACES = re.findall(r'unicode-range: ([^;]+);\s*src: [^}]*url\("/fonts/([^"]+)"\)', SHEET)


@pytest.mark.parametrize(("ranges", "file"), FACES, ids=[file for _, file in FACES])
def test_a_range_has_the_font_that_prints_it(ranges: str, file: str, browser: Browser) -> None:
    for first in re.findall(r"U\+([0-9A-F]+)", ranges):
        script = script_of(chr(int(first, 16)))
        assert file in (f"{script.regular}.ttf", f"{script.spare}.ttf")
    with browser.get(f"/fonts/{file}") as answer:
        assert answer.status_code == 200
        assert answer.content_type == "font/ttf"
        assert "public" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    "name", ["अनन्या", "Ազնիվ", "ישראל", "عمر", "สมชาย", "გიორგი", "김민준", "高橋さくら"]
)
def test_no_printable_name_is_without_a_range(name: str) -> None:
    files = {file for _, file in FACES}
    assert {f"{script_of(char).regular}.ttf" for char in name} <= files


def test_only_fonts_are_sent(browser: Browser) -> None:
    assert len(FACES) == SHEET.count("@font-face")
    for path in ("../typefaces.py", "..%2Ftypefaces.py", "OFL.txt", "Comic.ttf"):
        assert browser.get(f"/fonts/{path}").status_code == 404
