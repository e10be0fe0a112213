"""One order of an event's rows, so that a result does not depend on how people sorted their files.

The rows of a file, and the parts of a cell such as ``en:C1;da:A2``, are sets: their order says
nothing. Students stand in an order drawn by lot, so that no id and no early answer is favoured
where several timetables are equally good.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace

from scheduler.model.event import Event
from scheduler.model.people import Company, LanguageNeed, Student


def in_solving_order(event: Event, seed: int) -> Event:
    """The event with its rows in the order in which the engine looks at them.

    Parameters
    ----------
    seed
        Of the lot.

    Returns
    -------
    Event
        The same for every order of rows. Rooms and companies stand by id, numbers in ids by value
        (``c2`` before ``c10``); so do the tables of a room, which follow the companies.

    Notes
    -----
    The lot is the order of the SHA-256 hashes of seed and id. The order of preferences, verdicts
    and absences is left as it is: the engine looks them up and never goes through them.
    """
    return replace(
        event,
        rooms=tuple(sorted(event.rooms, key=lambda room: _natural(room.room_id))),
        companies=tuple(sorted(event.companies, key=lambda own: _natural(own.company_id))),
        students=tuple(sorted(event.students, key=lambda own: _lot(own.student_id, seed))),
        decisions=tuple(sorted(event.decisions, key=repr)),
    )


def normalised_student(student: Student) -> Student:
    """The student with languages and positions in one order."""
    languages = tuple(sorted(student.languages, key=str))
    positions = tuple(sorted(student.positions))
    if (languages, positions) == (student.languages, student.positions):
        return student
    return replace(student, languages=languages, positions=positions)


def normalised_company(company: Company) -> Company:
    """The company with needs, fields and positions in one order."""
    return replace(
        company,
        positions=tuple(sorted(company.positions)),
        languages=_sorted_needs(company.languages),
        small_talk=_sorted_needs(company.small_talk),
        fields=tuple(sorted(company.fields)),
    )


def _sorted_needs(needs: tuple[LanguageNeed, ...]) -> tuple[LanguageNeed, ...]:
    return tuple(sorted((tuple(sorted(need, key=str)) for need in needs), key=str))


def _natural(name: str) -> tuple[list[str | tuple[int, str]], str]:
    """Text and numbers by turns; numbers compare by length, then digit by digit."""
    parts: list[str | tuple[int, str]] = []
    for index, part in enumerate(re.split(r"(\d+)", name)):
        digits = part.lstrip("0")
        parts.append((len(digits), digits) if index % 2 else part)
    return parts, name


def _lot(name: str, seed: int) -> tuple[bytes, str]:
    return hashlib.sha256(f"{seed}\t{name}".encode()).digest(), name
