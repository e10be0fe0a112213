"""One line of text of any script: cleaned, split by font, ordered, shaped and measured.

Every text of a document goes through `typeset`, so that no name can break a page.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Any

from bidi import algorithm
from reportlab.pdfbase.ttfonts import ShapedStr

from scheduler.documents.typefaces import LATIN, Script, Typeface, face_for, script_of

NO_BREAK = "\u00a0"
_JOINERS = "\u200c\u200d"
# up to a blank, or a hyphen that no item of `unbroken` holds
_BREAKS = re.compile("(?:[^ \\-‐–/]|[\\-‐–/](?=[^ ]*\u00a0))*[ \\-‐–/]?")
_RTL_CLASSES = frozenset({"R", "AL", "AN"})


@dataclass(frozen=True, slots=True)
class Run:
    """Glyphs of one font, in visual order; the width is in thousandths of the size."""

    face: Typeface
    glyphs: ShapedStr
    width: float
    is_thickened: bool


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A text ready to be drawn at any size.

    Parameters
    ----------
    text
        What is printed, in the order it is read.
    runs
        From left to right.
    width
        At size 1, in points.
    is_literal
        Whether every glyph's code is its character, so that the text can be copied as it is.
    missing
        Characters no font has, each with what was printed instead (empty: left out).
    """

    text: str
    runs: tuple[Run, ...]
    width: float
    is_literal: bool
    missing: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class _Piece:
    """Characters of one face, script and embedding level."""

    face: Typeface
    script: Script
    level: int
    text: str


def clean(text: str) -> str:
    """Compose a text (NFC), drop control and formatting characters, and join its blanks.

    The joiners of Persian and of Indian scripts stay, being part of the spelling; so does the
    no-break space, which holds a line together.
    """
    kept = (
        " " if c.isspace() and c != NO_BREAK else c
        for c in unicodedata.normalize("NFC", text)
        if c.isspace() or c in _JOINERS or unicodedata.category(c) not in ("Cc", "Cf", "Cs")
    )
    return _joined("".join(kept))


def unbroken(text: str) -> str:
    """A list in words that breaks between its items only: ``English C1,`` stays together."""
    return ", ".join(item.replace(" ", NO_BREAK) for item in text.split(", "))


def _joined(text: str) -> str:
    return " ".join(word for word in text.split(" ") if word)


@lru_cache(maxsize=100_000)
def typeset(text: str, bold: bool = False) -> Line:
    """Prepare a line of text.

    Parameters
    ----------
    text
        As people wrote it; `clean` is applied.
    bold
        Scripts without a bold font are thickened.

    Notes
    -----
    Order of characters: Unicode Bidirectional Algorithm (Unicode Standard Annex 9, rules P2 to
    L2) with the direction of the first strong letter. Shaping: HarfBuzz, one run per face,
    script and level.
    """
    printed, missing = _printable(clean(text), bold)
    shown = printed.replace(NO_BREAK, " ")
    pieces = _pieces(shown, bold)
    runs = tuple(_shape(piece, bold) for piece in _visual_order(pieces))
    width = sum(run.width for run in runs) / 1000
    is_literal = "".join(str(run.glyphs) for run in runs) == shown
    return Line(printed, runs, width, is_literal, missing)


def _printable(text: str, bold: bool) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Replace what no font has by its compatibility form, or leave it out."""
    kept, missing = [], {}
    for char in text:
        if _is_drawn(char, bold):
            kept.append(char)
            continue
        instead = "".join(c for c in unicodedata.normalize("NFKC", char) if _is_drawn(c, bold))
        if instead.strip():
            kept.append(instead)
        missing[char] = instead.strip()
    return _joined("".join(kept)), tuple(missing.items())


def _is_drawn(char: str, bold: bool) -> bool:
    if char in _JOINERS or char in (" ", NO_BREAK):
        return True
    if unicodedata.category(char) == "Co":
        return False
    return face_for(char, script_of(char), bold=bold) is not None


def _pieces(text: str, bold: bool) -> list[_Piece]:
    """Cut a text where face, script or level change; blanks and marks go with what is before."""
    pieces: list[_Piece] = []
    for char, level in zip(text, _levels(text), strict=True):
        last = pieces[-1] if pieces else None
        is_follower = char == " " or char in _JOINERS or unicodedata.category(char)[0] == "M"
        if last and last.level == level:
            if is_follower and (char in _JOINERS or last.face.has(char)):
                last.text += char
                continue
            script = last.script if _is_common(char) and last.face.has(char) else script_of(char)
        else:
            script = script_of(char)
        face = face_for(char, script, bold=bold) or face_for(" ", LATIN, bold=bold)
        if face is None:  # pragma: no cover
            raise LookupError("the Latin font has no blank")
        if last and (last.face, last.script, last.level) == (face, script, level):
            last.text += char
        else:
            pieces.append(_Piece(face, script, level, char))
    return pieces


def _is_common(char: str) -> bool:
    """Whether a character belongs to every script; ASCII ones stay with the Latin letters."""
    return ord(char) > 0x7F and unicodedata.category(char)[0] in "PSZ"


def _levels(text: str) -> list[int]:
    """Embedding level of each character (rules P2 to I2)."""
    if not any(unicodedata.bidirectional(char) in _RTL_CLASSES for char in text):
        return [0] * len(text)
    storage = algorithm.get_empty_storage()
    storage["base_level"] = base = algorithm.get_base_level(text)
    storage["base_dir"] = "LR"[base]
    algorithm.get_embedding_levels(text, storage, False, False)
    algorithm.explicit_embed_and_overrides(storage, False)
    # rule X9 takes boundary neutrals away, and with them the joiners: they keep their neighbour's
    algorithm.resolve_weak_types(storage, False)
    _resolve_brackets(storage["chars"], "LR"[base])
    algorithm.resolve_neutral_types(storage, False)
    algorithm.resolve_implicit_levels(storage, False)
    resolved = iter(storage["chars"])
    levels: list[int] = []
    for char in text:
        if unicodedata.bidirectional(char) == "BN":
            levels.append(levels[-1] if levels else base)
        else:
            levels.append(int(next(resolved)["level"]))
    return levels


_PAIRS = {"(": ")", "[": "]", "{": "}"}


def _resolve_brackets(chars: list[dict[str, Any]], embedding: str) -> None:
    """Give both brackets of a pair one direction (rule N0, which python-bidi leaves out).

    With control characters cleaned away a text is one level run, so the pairs of the text are
    those of the rule.
    """
    strong = ["R" if c["type"] in ("R", "AN", "EN") else c["type"] for c in chars]
    for start, end in _bracket_pairs([c["ch"] for c in chars]):
        inside = {kind for kind in strong[start + 1 : end] if kind in ("L", "R")}
        if not inside:
            continue
        direction = embedding
        if embedding not in inside:
            before = next((k for k in reversed(strong[:start]) if k in ("L", "R")), embedding)
            direction = before
        for index in (start, end):
            chars[index]["type"] = strong[index] = direction


def _bracket_pairs(chars: list[str]) -> list[tuple[int, int]]:
    """Pairs in the order of their opening brackets (definition BD16)."""
    opened: list[tuple[str, int]] = []
    pairs = []
    for index, char in enumerate(chars):
        if char in _PAIRS:
            opened.append((_PAIRS[char], index))
        elif char in _PAIRS.values():
            match = next((i for i in range(len(opened) - 1, -1, -1) if opened[i][0] == char), None)
            if match is not None:
                pairs.append((opened[match][1], index))
                del opened[match:]
    return sorted(pairs)


def _visual_order(pieces: list[_Piece]) -> list[_Piece]:
    """Turn round every stretch at or above each odd level, the highest first (rule L2)."""
    ordered = pieces
    top = max((piece.level for piece in pieces), default=0)
    for level in range(top, 0, -1):
        turned: list[_Piece] = []
        for inside, group in groupby(ordered, key=lambda piece: piece.level >= level):
            stretch = list(group)
            turned.extend(reversed(stretch) if inside else stretch)
        ordered = turned
    return ordered


def _shape(piece: _Piece, bold: bool) -> Run:
    glyphs, width = piece.face.shape(piece.text, piece.script, is_rtl=piece.level % 2 == 1)
    return Run(piece.face, glyphs, width, bold and not piece.script.bold)


def cut(text: str, width: float, bold: bool) -> str:
    """The longest beginning of a text that fits with an ellipsis; ``width`` at size 1.

    Cuts between whole letters: never before a mark or a joiner.
    """
    stops = [i for i, _ in _letters(text)]
    low, high = 0, len(stops)
    while low < high:
        middle = (low + high + 1) // 2
        end = stops[middle] if middle < len(stops) else len(text)
        if typeset(text[:end].rstrip() + "…", bold).width <= width:
            low = middle
        else:
            high = middle - 1
    return (text[: stops[low]] if low < len(stops) else text).rstrip() + "…"


def _letters(text: str) -> Iterator[tuple[int, str]]:
    for index, char in enumerate(text):
        if unicodedata.category(char)[0] != "M" and char not in _JOINERS:
            yield index, char


def break_lines(text: str, width: float, bold: bool) -> list[str]:
    """Rows no wider than ``width`` (at size 1), which joined are the text again.

    A row ends at a blank, which it keeps, after a hyphen or dash, or, where one word alone is too
    wide, between two letters.
    """
    rows: list[str] = []
    row = ""
    for piece in _pieces_to_break(text, width, bold):
        if row and typeset((row + piece).rstrip(" "), bold).width > width:
            rows.append(row)
            row = piece
        else:
            row += piece
    return [*rows, row] if row else rows


def widest_word(text: str, bold: bool) -> float:
    """Width, at size 1, of the widest piece that `break_lines` would rather not cut."""
    words = (word.rstrip(" ") for word in _BREAKS.findall(text))
    return max((typeset(word, bold).width for word in words if word), default=0.0)


def _pieces_to_break(text: str, width: float, bold: bool) -> Iterator[str]:
    for word in _BREAKS.findall(text):
        rest = word
        while typeset(rest.rstrip(" "), bold).width > width:
            head = cut(rest, width, bold)[:-1] or rest[0]
            yield head
            rest = rest[len(head) :]
        yield rest
