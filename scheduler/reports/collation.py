"""The order of names in a printed list: case and accents ignored, Danish letters last."""

from __future__ import annotations

import unicodedata

# æ ø å come after z; { | } follow z in ASCII and stand in no name. ä and ö are sorted as æ and ø,
# as Retskrivningsordbogen (2012, section 1) and Danish directories have it.
_LETTERS = str.maketrans(
    {
        "æ": "{", "ä": "{", "ø": "|", "ö": "|", "å": "}",
        "œ": "oe", "ß": "ss", "þ": "th", "ð": "d", "đ": "d", "ł": "l", "ı": "i", "ħ": "h",
        "ŧ": "t", "ə": "e", "'": "", "’": "", "ʻ": "", "ʼ": "", "`": "", "-": " ",
    }
)  # fmt: skip
_HEADINGS = {"{": "Æ", "|": "Ø", "}": "Å"}


def collation_key(name: str) -> str:
    """Sort key: ``Åse`` after ``Øre``, ``Émile`` as ``Emile``, ``O'Neil`` as ``ONeil``.

    Other alphabets follow the Latin one, each in the order of Unicode.
    """
    letters = unicodedata.normalize("NFC", name).casefold().translate(_LETTERS)
    if not letters.isascii():
        letters = "".join(
            c for c in unicodedata.normalize("NFD", letters) if not unicodedata.combining(c)
        )
    return " ".join(letters.split())


def heading(name: str) -> str:
    """The letter a name stands under in a list, empty for other alphabets than the Latin one."""
    first = next((c for c in collation_key(name) if c.isalpha() or c in _HEADINGS), "")
    if first in _HEADINGS:
        return _HEADINGS[first]
    return first.upper() if "a" <= first <= "z" else ""
