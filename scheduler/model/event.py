"""An event: the window, the rules, the people and what they wish."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from scheduler.model.people import Company, CompanyId, Student, StudentId
from scheduler.model.venue import Room
from scheduler.model.window import Window

DEFAULT_WEIGHTS = (100, 80, 64, 51, 41, 33, 26, 21, 17, 13)
LATER_RANK_WEIGHT = 10


class Preference(NamedTuple):
    """A student wants to meet a company; rank 1 is most wanted.

    A named tuple because large events have a million of them.
    """

    student_id: StudentId
    company_id: CompanyId
    rank: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """One line of a company's shortlist: it says yes to a student, or vetoes."""

    company_id: CompanyId
    student_id: StudentId
    is_yes: bool


class PersonKind(StrEnum):
    """Who a row speaks of."""

    STUDENT = "student"
    COMPANY = "company"


@dataclass(frozen=True, slots=True)
class Absence:
    """A person is away between two times, in minutes since the window opens."""

    kind: PersonKind
    person_id: str
    start_min: int
    end_min: int


class DecisionKind(StrEnum):
    """What staff decided about a pair."""

    PIN = "pin"
    FORBID = "forbid"


@dataclass(frozen=True, slots=True)
class Decision:
    """A pin or a forbid; ``start_min`` (of a slot) only on a pin that has a fixed time."""

    kind: DecisionKind
    student_id: StudentId
    company_id: CompanyId
    start_min: int | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of an event; the names and defaults are those of ``event.toml``.

    ``rank_weights[r - 1]`` are the points of rank r; later ranks have ``later_rank_weight``.
    """

    max_meetings_per_student: int = 6
    guaranteed_meetings_per_student: int = 2
    max_in_a_row: int = 0
    building_change_min: int = 0
    require_language: bool = True
    require_field: bool = False
    require_position: bool = True
    offer_unranked: bool = False
    rank_weights: tuple[int, ...] = DEFAULT_WEIGHTS
    mutual_bonus: int = 50
    small_talk_bonus: int = 5
    later_rank_weight: int = LATER_RANK_WEIGHT

    def weight(self, rank: int | None) -> int:
        """Points of a rank, 0 without one."""
        if rank is None:
            return 0
        weights = self.rank_weights
        return weights[rank - 1] if rank <= len(weights) else self.later_rank_weight


@dataclass(frozen=True, slots=True)
class Event:
    """One Company Dating, whole.

    Parameters
    ----------
    opens_min
        Minutes after local midnight at which the window opens; every other time is relative to it.
    language
        Of the documents, ``en`` or ``da``.
    rooms, companies, students, preferences, shortlist, absences, decisions
        In the order of their files; ids are unique (validation says where not).
    """

    event_id: str
    name: str
    date: dt.date
    timezone: str
    opens_min: int
    window: Window
    rooms: tuple[Room, ...]
    companies: tuple[Company, ...]
    students: tuple[Student, ...]
    preferences: tuple[Preference, ...]
    shortlist: tuple[Verdict, ...] = ()
    absences: tuple[Absence, ...] = ()
    decisions: tuple[Decision, ...] = ()
    rules: Rules = field(default_factory=Rules)
    language: str = "en"

    def clock(self, minute: int) -> str:
        """Clock time ``HH:MM`` of a minute since the window opens."""
        total = (self.opens_min + minute) % (24 * 60)
        return f"{total // 60:02d}:{total % 60:02d}"
