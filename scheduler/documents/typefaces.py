"""The fonts of the documents: which one has a character, loaded when the first text needs it."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import uharfbuzz  # type: ignore[import-untyped]  # ships no types
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import ShapeData, ShapedStr, TTFont

_FOLDER = Path(__file__).parent / "fonts"
_PRIVATE_USE = 0xE000
_LAST_CODE = 0xFFFF

# ligatures only where the script needs them: "fi" stays two letters for whoever searches the PDF
_PLAIN_FEATURES = {"kern": True, "liga": False, "clig": False}
_PLAIN_SCRIPTS = frozenset({"Latn", "Grek", "Cyrl"})


@dataclass(frozen=True, slots=True)
class Script:
    """A writing system: its ISO 15924 code, and the fonts that have it.

    Parameters
    ----------
    bold
        Empty when none is shipped.
    spare
        For characters the first font lacks.
    """

    code: str
    regular: str
    bold: str = ""
    spare: str = ""


LATIN = Script("Latn", "NotoSans-Regular", "NotoSans-Bold")
_GREEK = Script("Grek", LATIN.regular, LATIN.bold)
_CYRILLIC = Script("Cyrl", LATIN.regular, LATIN.bold)
_DEVANAGARI = Script("Deva", LATIN.regular, LATIN.bold)
_HEBREW = Script("Hebr", "NotoSansHebrew-Regular", "NotoSansHebrew-Bold")
_ARABIC = Script("Arab", "NotoSansArabic-Regular", "NotoSansArabic-Bold")
_THAI = Script("Thai", "NotoSansThai-Regular", "NotoSansThai-Bold")
_ARMENIAN = Script("Armn", "NotoSansArmenian-Regular", "NotoSansArmenian-Bold")
_GEORGIAN = Script("Geor", "NotoSansGeorgian-Regular", "NotoSansGeorgian-Bold")
_BENGALI = Script("Beng", "NotoSansBengali-Regular", "NotoSansBengali-Bold")
_TAMIL = Script("Taml", "NotoSansTamil-Regular", "NotoSansTamil-Bold")
_ETHIOPIC = Script("Ethi", "NotoSansEthiopic-Regular")
_HANGUL = Script("Hang", "NotoSansKR-Regular")
_KANA = Script("Kana", "NotoSansSC-Regular", spare="NotoSansJP-Regular")
_HAN = Script("Hani", "NotoSansSC-Regular", spare="NotoSansJP-Regular")

# first code point of each block (Unicode 16.0, Blocks.txt); a script holds until the next one
_BLOCKS: tuple[tuple[int, Script], ...] = (
    (0x0000, LATIN),
    (0x0370, _GREEK),
    (0x0400, _CYRILLIC),
    (0x0530, _ARMENIAN),
    (0x0590, _HEBREW),
    (0x0600, _ARABIC),
    (0x0700, LATIN),
    (0x0750, _ARABIC),
    (0x0780, LATIN),
    (0x0870, _ARABIC),
    (0x0900, _DEVANAGARI),
    (0x0980, _BENGALI),
    (0x0A00, LATIN),
    (0x0B80, _TAMIL),
    (0x0C00, LATIN),
    (0x0E00, _THAI),
    (0x0E80, LATIN),
    (0x10A0, _GEORGIAN),
    (0x1100, _HANGUL),
    (0x1200, _ETHIOPIC),
    (0x13A0, LATIN),
    (0x1C80, _CYRILLIC),
    (0x1C90, _GEORGIAN),
    (0x1CC0, LATIN),
    (0x1F00, _GREEK),
    (0x2000, LATIN),
    (0x2D00, _GEORGIAN),
    (0x2D30, LATIN),
    (0x2D80, _ETHIOPIC),
    (0x2DE0, _CYRILLIC),
    (0x2E00, LATIN),
    (0x2E80, _HAN),
    (0x3040, _KANA),
    (0x3100, _HAN),
    (0x3130, _HANGUL),
    (0x3190, _HAN),
    (0xA000, LATIN),
    (0xA640, _CYRILLIC),
    (0xA6A0, LATIN),
    (0xA8E0, _DEVANAGARI),
    (0xA900, LATIN),
    (0xAB00, _ETHIOPIC),
    (0xAB30, LATIN),
    (0xAC00, _HANGUL),
    (0xD7B0, LATIN),
    (0xF900, _HAN),
    (0xFB00, LATIN),
    (0xFB13, _ARMENIAN),
    (0xFB1D, _HEBREW),
    (0xFB50, _ARABIC),
    (0xFE00, LATIN),
    (0xFE30, _HAN),
    (0xFE70, _ARABIC),
    (0xFF00, _HAN),
    (0xFFF0, LATIN),
    (0x20000, _HAN),
    (0x40000, LATIN),
)
_STARTS = tuple(start for start, _ in _BLOCKS)


class Typeface:
    """One font file: what it has, how wide, how its letters join.

    Attributes
    ----------
    font
        As ReportLab knows it; registered under ``name``.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.font = TTFont(name, str(_FOLDER / f"{name}.ttf"))
        pdfmetrics.registerFont(self.font)
        self._face = self.font.face
        self._covered = frozenset(self._face.charToGlyph)
        self._shaper = uharfbuzz.Font(uharfbuzz.Face(uharfbuzz.Blob(self._face._ttf_data)))
        self._unnamed: dict[int, int] = {}

    def has(self, char: str) -> bool:
        """Whether the font draws this character."""
        return ord(char) in self._covered

    def shape(self, text: str, script: Script, *, is_rtl: bool) -> tuple[ShapedStr, float]:
        """Glyphs of a text of one script, from left to right, and their width.

        The width is in thousandths of the size, which is HarfBuzz's unit here: every shipped font
        has 1,000 units per em.
        """
        buffer = uharfbuzz.Buffer()
        buffer.add_str(text)
        buffer.direction = "rtl" if is_rtl else "ltr"
        buffer.script = script.code
        buffer.language = "en"
        features = _PLAIN_FEATURES if script.code in _PLAIN_SCRIPTS else {"kern": True}
        uharfbuzz.shape(self._shaper, buffer, features)
        codes, places, width = [], [], 0.0
        for info, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
            code = self._code_of(info.codepoint, text[info.cluster])
            codes.append(chr(code))
            # one cluster: ReportLab starts a new operator only where the height changes
            places.append(
                ShapeData(
                    0,
                    position.x_advance,
                    position.y_advance,
                    position.x_offset,
                    position.y_offset,
                    self._face.charWidths[code],
                )
            )
            width += position.x_advance
        return ShapedStr("".join(codes), places), width

    def _code_of(self, glyph: int, char: str) -> int:
        """A code that stands for a glyph in a ReportLab string, ``char`` itself where it can.

        Notes
        -----
        ReportLab addresses glyphs by character only. A glyph without one (a joined form, a
        conjunct) gets a private-use code that depends on nothing but its number, so that the
        same text gives the same bytes whatever was printed before.
        """
        face = self._face
        codes = [ord(char), *face.glyphToChar.get(glyph, ())]
        for code in codes:
            # ReportLab's table of characters has four digits a code
            if code <= _LAST_CODE and code in self._covered and face.charToGlyph[code] == glyph:
                return int(code)
        if not self._unnamed:
            named = {face.charToGlyph[code] for code in self._covered if code <= _LAST_CODE}
            free = (code for code in range(_PRIVATE_USE, 0x10FFFF) if code not in self._covered)
            unnamed = (g for g in range(face.numGlyphs) if g not in named)
            self._unnamed = dict(zip(unnamed, free, strict=False))
        code = self._unnamed[glyph]
        if code not in face.charToGlyph:
            face.charToGlyph[code] = glyph
            face.charWidths[code] = self._shaper.get_glyph_h_advance(glyph)
        return code


@cache
def typeface(name: str) -> Typeface:
    """The typeface of a font file, loaded once in a process."""
    return Typeface(name)


def script_of(char: str) -> Script:
    """The writing system of a character, by its block."""
    return _BLOCKS[bisect_right(_STARTS, ord(char)) - 1][1]


def face_for(char: str, script: Script, *, bold: bool) -> Typeface | None:
    """The typeface that draws a character, None when no shipped font has it."""
    names = (
        (bold and script.bold) or script.regular,
        script.spare,
        LATIN.bold if bold else LATIN.regular,
    )
    faces = (typeface(name) for name in names if name)
    return next((face for face in faces if face.has(char)), None)
