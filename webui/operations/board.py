"""The working timetable with its event, remembered between requests, and who is who in it."""

from __future__ import annotations

import datetime as dt
import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from weakref import WeakKeyDictionary

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.model import (
    Company,
    CompanyId,
    Event,
    Meeting,
    Scores,
    Student,
    StudentId,
    Timetable,
)
from scheduler.objective import score
from scheduler.verify import Violation, violations
from webui.operations.judging import Judge, Pair
from webui.operations.known import KnownEvent, event_now, is_same_event, known_event
from webui.operations.log import NotFoundError, RefusedError
from webui.store import Database, DecisionRow, EventRow, TimetableRow
from webui.store.meetings import read_meetings

KEPT = 8
"""Boards that are remembered; one of the largest events takes some 30 MB."""


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision as stored; times are minutes after midnight."""

    id: int
    kind: str
    student_pk: int
    company_pk: int
    start_min: int | None
    reason: str


@dataclass(frozen=True)
class People:
    """An event and the rows of its people."""

    row: EventRow
    event: Event
    student_pks: Mapping[StudentId, int]
    company_pks: Mapping[CompanyId, int]
    decisions: tuple[Decided, ...]

    @cached_property
    def students(self) -> Mapping[int, Student]:
        """Students by row."""
        return {self.student_pks[own.student_id]: own for own in self.event.students}

    @cached_property
    def companies(self) -> Mapping[int, Company]:
        """Companies by row."""
        return {self.company_pks[own.company_id]: own for own in self.event.companies}

    @cached_property
    def decided(self) -> Mapping[tuple[int, int], Decided]:
        """Decisions by the rows of student and company."""
        return {(own.student_pk, own.company_pk): own for own in self.decisions}

    def pair(self, student_pk: int, company_pk: int) -> Pair:
        """The ids of two rows.

        Raises
        ------
        NotFoundError
            One of them is not of this event.
        """
        student, company = self.students.get(student_pk), self.companies.get(company_pk)
        if student is None or company is None:
            raise NotFoundError
        return student.student_id, company.company_id

    def decision(self, student_id: StudentId, company_id: CompanyId) -> Decided | None:
        """What staff decided about a pair."""
        return self.decided.get((self.student_pks[student_id], self.company_pks[company_id]))


@dataclass(frozen=True)
class Board:
    """The working timetable as stored at one revision; never changed, only replaced.

    Parameters
    ----------
    row
        The timetable's own row.
    faults
        Rules it breaks, where the verifier was asked already.
    """

    row: TimetableRow
    people: People
    timetable: Timetable
    faults: tuple[Violation, ...] | None = None

    @property
    def event(self) -> Event:
        """The event as it is now."""
        return self.people.event

    @cached_property
    def judge(self) -> Judge:
        """Who judges changes of it."""
        return Judge(self.event, self.timetable)

    @cached_property
    def meetings(self) -> Mapping[Pair, Meeting]:
        """Meetings by who meets whom."""
        return {(own.student_id, own.company_id): own for own in self.timetable.meetings}

    @cached_property
    def wished(self) -> Counter[StudentId]:
        """How many wishes each student has."""
        return Counter([own.student_id for own in self.event.preferences])

    @cached_property
    def met(self) -> Counter[StudentId]:
        """How many wishes of each student are met."""
        ranks = self.judge.ranks
        return Counter([pair[0] for pair in self.meetings if pair in ranks])

    @cached_property
    def scores(self) -> Scores:
        """Its levels."""
        return score(self.event, self.timetable)

    @cached_property
    def broken(self) -> tuple[Violation, ...]:
        """Rules it breaks, because the event was changed since it was made."""
        return violations(self.event, self.timetable) if self.faults is None else self.faults

    def meeting(self, student_pk: int, company_pk: int) -> Meeting:
        """The meeting of two rows.

        Raises
        ------
        NotFoundError
            They do not meet.
        """
        found = self.meetings.get(self.people.pair(student_pk, company_pk))
        if found is None:
            raise NotFoundError
        return found


_known: WeakKeyDictionary[Database, dict[int, Board]] = WeakKeyDictionary()
_turn = threading.Lock()


def board_of(database: Database, event_id: int) -> Board | None:
    """Read the working timetable of an event, or remember it; None when there is none.

    Raises
    ------
    RefusedError
        The slots were changed since it was made.

    Notes
    -----
    One query where nothing changed; every change of an event or a timetable counts its revision
    up, and a row of the same number that was made later has another time of creation.
    """
    with _turn:
        known = _known.setdefault(database, {}).get(event_id)
    with database.reading() as session:
        found = session.execute(
            select(TimetableRow, EventRow)
            .join(EventRow, EventRow.id == TimetableRow.event_id)
            .where(TimetableRow.event_id == event_id, TimetableRow.is_working)
        ).first()
        if found is None:
            return None
        row, owner = found
        if known is not None and is_same_event(known.people.row, owner):
            if is_same_timetable(known.row, row):
                return known
            people = known.people
        else:
            people = _people(session, known_event(database, session, event_id))
        try:
            timetable = read_meetings(
                session,
                row.id,
                event=people.event,
                students=people.student_pks,
                companies=people.company_pks,
            )
        except LookupError as error:
            raise RefusedError(
                "The slots were changed since this timetable was made. Solve again."
            ) from error
    board = Board(row, people, timetable)
    remember(database, board)
    return board


def read_ahead(database: Database, now: dt.datetime) -> None:
    """Read the events of today and later, those next first, so that no page has to wait for them.

    As many as are remembered; what their pages work out of the timetable is worked out too.
    """
    asked = (
        select(EventRow.id)
        .where(EventRow.archived_at.is_(None), EventRow.date >= now.date())
        .order_by(EventRow.date, EventRow.id)
        .limit(KEPT)
    )
    with database.reading() as session:
        found = session.scalars(asked).all()
    for event_id in reversed(found):  # the next one is the last to be forgotten
        try:
            board = board_of(database, event_id)
        except RefusedError:
            continue  # its page says so
        if board is None:
            event_now(database, event_id)
        else:
            _ = board.judge, board.scores, board.broken, board.met, board.wished


def require_board(database: Database, event_id: int) -> Board:
    """Read the working timetable, as `board_of`.

    Raises
    ------
    RefusedError
        There is none.
    """
    board = board_of(database, event_id)
    if board is None:
        raise RefusedError("There is no timetable to work on yet. Solve, then use a result.")
    return board


def remember(database: Database, board: Board) -> None:
    """Keep a board that was read or has just been stored."""
    with _turn:
        own = _known.setdefault(database, {})
        own.pop(board.row.event_id, None)
        own[board.row.event_id] = board
        while len(own) > KEPT:
            del own[next(iter(own))]


def is_same_timetable(known: TimetableRow, stored: TimetableRow) -> bool:
    """Whether a timetable is as it was."""
    return (known.id, known.revision, known.created_at) == (
        stored.id,
        stored.revision,
        stored.created_at,
    )


def _people(session: Session, known: KnownEvent) -> People:
    decisions = session.scalars(
        select(DecisionRow).where(DecisionRow.event_id == known.row.id).order_by(DecisionRow.id)
    )
    return People(
        known.row,
        known.event,
        known.people.student_pks,
        known.people.company_pks,
        tuple(
            Decided(own.id, own.kind, own.student_pk, own.company_pk, own.start_min, own.reason)
            for own in decisions
        ),
    )
