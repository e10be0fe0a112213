"""What the engine says to people: English text that keeps what it was made of.

The engine knows no other language. Whoever shows its texts can translate the template and fill in
the values again, each of which may be such a text itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum


class Sentence(str):
    """A text in English, with the template and the values it was made of.

    Parameters
    ----------
    template
        English; ``%(name)s`` stand for ``values``. Of a list: what stands between its ``parts``.
    values
        Texts that stay as they are, such as names and clock times, numbers, `Term`, `Sentence`.
    plural, number
        The template for every number but 1, and the number, ``%(num)s`` in both.
    parts
        Of a list.
    """

    __slots__ = ("number", "parts", "plural", "template", "values")
    template: str
    values: Mapping[str, object]
    plural: str
    number: int
    parts: tuple[str, ...]

    def __new__(
        cls,
        template: str,
        values: Mapping[str, object] | None = None,
        plural: str = "",
        number: int = 0,
        parts: tuple[str, ...] = (),
    ) -> Sentence:
        """Make the text."""
        values = dict(values or {})
        if parts:
            text = template.join(parts)
        else:
            chosen = plural if plural and number != 1 else template
            filled = {**values, "num": number} if plural else values
            text = chosen % filled if filled else chosen
        own = super().__new__(cls, text)
        own.template, own.values, own.plural = template, values, plural
        own.number, own.parts = number, parts
        return own

    def __reduce__(self) -> tuple[object, ...]:
        """Travel whole between processes."""
        return Sentence, (self.template, self.values, self.plural, self.number, self.parts)


NOTHING = Sentence("")


class TermKind(StrEnum):
    """Kinds of names that a reader may know by another word."""

    TABLE = "table"
    COLUMN = "column"
    POSITION = "position"
    LANGUAGE = "language"


class Term(str):
    """A name of the files, such as ``max_meetings`` or ``en:C1``: pages have their own word."""

    __slots__ = ("kind",)
    kind: TermKind

    def __new__(cls, kind: TermKind, name: str) -> Term:
        """Make the name."""
        own = super().__new__(cls, name)
        own.kind = kind
        return own

    def __reduce__(self) -> tuple[object, ...]:
        """Travel whole between processes."""
        return Term, (self.kind, str(self))


class Grouped(int):
    """A number whose thousands are set apart."""

    def __str__(self) -> str:
        """In English."""
        return f"{int(self):,}"


def say(template: str, **values: object) -> Sentence:
    """Say something; the template is a whole text, so that it can be found and translated."""
    return Sentence(template, values)


def counted(number: int, one: str, many: str, **values: object) -> Sentence:
    """Say how many: ``one`` for 1, ``many`` for every other number, which is ``%(num)s``."""
    return Sentence(one, values, many, number)


def listed(parts: Iterable[str], between: str = ", ") -> Sentence:
    """Put texts one after another; empty without any."""
    own = tuple(parts)
    return Sentence(between, parts=own) if own else Sentence("")


def table_word(name: str) -> Term:
    """Name a table of the files, such as ``students``."""
    return Term(TermKind.TABLE, name)


def column_word(name: str) -> Term:
    """Name a column or a setting, such as ``max_meetings``."""
    return Term(TermKind.COLUMN, name)


def terms(kind: TermKind, names: Iterable[object], between: str = ", ") -> Sentence:
    """Put names of the files one after another."""
    return listed([Term(kind, str(name)) for name in names], between)


def languages_asked(needs: Iterable[Iterable[object]]) -> Sentence:
    """Say which languages somebody asks for; of each need any one is enough."""
    return listed((terms(TermKind.LANGUAGE, need, " or ") for need in needs), " and ")
