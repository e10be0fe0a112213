"""Students and companies, and the languages and positions they speak of."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import NewType

from scheduler.model.venue import RoomId

StudentId = NewType("StudentId", str)
CompanyId = NewType("CompanyId", str)


class Proficiency(IntEnum):
    """CEFR levels (Council of Europe, 2001); native counts above C2."""

    A1 = 1
    A2 = 2
    B1 = 3
    B2 = 4
    C1 = 5
    C2 = 6
    NATIVE = 7

    def __str__(self) -> str:
        return "native" if self is Proficiency.NATIVE else self.name


class Position(StrEnum):
    """What a company offers and a student looks for."""

    INTERNSHIP = "internship"
    STUDENT_JOB = "student_job"
    FULL_TIME = "full_time"


@dataclass(frozen=True, slots=True)
class Language:
    """A language at a level: BCP 47 code in lower case, such as ``pt-br``.

    A student has them; a company asks for them.
    """

    code: str
    proficiency: Proficiency

    def satisfies(self, asked: Language) -> bool:
        """Whether who speaks this meets ``asked``: ``pt-br`` satisfies ``pt``, not the reverse."""
        same = self.code == asked.code or self.code.startswith(asked.code + "-")
        return same and self.proficiency >= asked.proficiency

    def __str__(self) -> str:
        return f"{self.code}:{self.proficiency}"


LanguageNeed = tuple[Language, ...]
"""Alternatives, one of which is enough: ``pt:B2|es:B2``."""


@dataclass(frozen=True, slots=True)
class Student:
    """A student; times are minutes since the window opens, None the whole window."""

    student_id: StudentId
    name: str
    given_name: str = ""
    family_name: str = ""
    email: str = ""
    programme: str = ""
    field: str = ""
    languages: tuple[Language, ...] = ()
    positions: tuple[Position, ...] = ()
    arrives_min: int | None = None
    leaves_min: int | None = None
    max_meetings: int | None = None


@dataclass(frozen=True, slots=True)
class Company:
    """A company and its tables; times are minutes since the window opens, None the whole window.

    Parameters
    ----------
    room_id
        None lets the engine choose.
    tables, seats
        Tables that stand together, and students at one table at once.
    languages
        Every need must be met (a hard rule when the event says so).
    small_talk
        The same form, as a wish.
    fields
        As written; compared without case and outer blanks.
    """

    company_id: CompanyId
    name: str
    room_id: RoomId | None = None
    tables: int = 1
    seats: int = 1
    arrives_min: int | None = None
    leaves_min: int | None = None
    positions: tuple[Position, ...] = ()
    languages: tuple[LanguageNeed, ...] = ()
    small_talk: tuple[LanguageNeed, ...] = ()
    fields: tuple[str, ...] = ()
    min_meetings: int = 0
    max_meetings: int | None = None
    email: str = ""
    website: str = ""
    about: str = ""

    @property
    def capacity(self) -> int:
        """Students it can seat in one slot."""
        return self.tables * self.seats


def meets_needs(languages: tuple[Language, ...], needs: tuple[LanguageNeed, ...]) -> bool:
    """Whether every need is met by at least one of the languages spoken."""
    return all(
        any(spoken.satisfies(asked) for asked in need for spoken in languages) for need in needs
    )
