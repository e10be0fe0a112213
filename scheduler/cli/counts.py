"""Numbers with their nouns, in the command line's English."""

from __future__ import annotations


def counted(number: int, noun: str, plural: str = "") -> str:
    """Number and noun, the noun in the plural (``noun`` and s) unless the number is 1."""
    return f"{number} {noun}" if number == 1 else f"{number} {plural or noun + 's'}"
