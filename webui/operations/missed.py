"""Wishes of a student that the published timetable does not meet, each with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduler.explain.pair import explain_without_solving
from scheduler.explain.pair_answer import PairAnswer
from scheduler.importers.columns import COMPANIES, ROOMS, STUDENTS
from scheduler.model import (
    Absence,
    CompanyId,
    Decision,
    DecisionKind,
    Event,
    Meeting,
    PersonKind,
    Place,
    Preference,
    RoomId,
    StudentId,
    Timetable,
    Verdict,
)
from webui.operations.schedules import Schedule
from webui.store import (
    AbsenceRow,
    CompanyRow,
    Database,
    DecisionRow,
    EventRow,
    MeetingRow,
    PlaceRow,
    PreferenceRow,
    RoomRow,
    ShortlistRow,
    StudentRow,
)
from webui.store.exchange import rows_of, rules_of, value_of, window_of


@dataclass(frozen=True, slots=True)
class Missed:
    """A wish that was not met, and why."""

    rank: int
    answer: PairAnswer


def missed_by(database: Database, schedule: Schedule) -> tuple[Event, tuple[Missed, ...]]:
    """Wishes that the published timetable does not meet, each with its reason.

    Notes
    -----
    Read are the student, the companies, those who meet the missed ones, and how full the rooms
    are: eleven queries at most and no solve, whatever the size of the event.
    """
    event, student = schedule.event, schedule.student
    met = {own.company_pk for own in schedule.appointments}
    with database.reading() as session:
        wished = session.execute(
            select(PreferenceRow.company_pk, PreferenceRow.rank)
            .where(PreferenceRow.student_pk == student.id)
            .order_by(PreferenceRow.rank)
        ).all()
        missed = {company_pk: rank for company_pk, rank in wished if company_pk not in met}
        part = _Part(session, event, student, schedule.timetable_pk, tuple(missed))
    own_id = student.student_id
    return part.event, tuple(
        Missed(
            rank,
            explain_without_solving(
                part.event,
                part.timetable,
                own_id,
                part.company_ids[company_pk],
                in_room=part.in_room,
            ),
        )
        for company_pk, rank in missed.items()
    )


class _Part:
    """The part of an event that decides about one student and some companies."""

    def __init__(
        self,
        session: Session,
        row: EventRow,
        own: StudentRow,
        timetable_pk: int,
        company_pks: tuple[int, ...],
    ) -> None:
        opens = row.start_min
        companies = rows_of(session, CompanyRow, row.id)
        self.company_ids = {each.id: CompanyId(each.company_id) for each in companies}
        meetings = session.scalars(
            select(MeetingRow).where(
                MeetingRow.timetable_id == timetable_pk,
                MeetingRow.company_pk.in_(company_pks) | (MeetingRow.student_pk == own.id),
            )
        ).all()
        people = {own.id, *(meeting.student_pk for meeting in meetings)}
        students = session.scalars(select(StudentRow).where(StudentRow.id.in_(people))).all()
        self._student_ids = {each.id: StudentId(each.student_id) for each in students}
        self.event = Event(
            event_id=row.key,
            name=row.name,
            date=row.date,
            timezone=row.timezone,
            opens_min=opens,
            window=window_of(row),
            rooms=tuple(value_of(ROOMS, each, opens) for each in rows_of(session, RoomRow, row.id)),
            companies=tuple(value_of(COMPANIES, each, opens) for each in companies),
            students=tuple(value_of(STUDENTS, each, opens) for each in students),
            preferences=self._preferences(session),
            shortlist=self._shortlist(session, own.id),
            absences=self._absences(session, row, own.id),
            decisions=self._decisions(session, row, own.id),
            rules=rules_of(row),
            language=row.language,
        )
        slot_at = {slot.start_min + opens: slot.index for slot in self.event.window.slots}
        self.timetable = Timetable(
            tuple(
                Meeting(
                    slot_at[each.start_min],
                    RoomId(each.room_id),
                    each.table,
                    self._student_ids[each.student_pk],
                    self.company_ids[each.company_pk],
                )
                for each in meetings
                if each.start_min in slot_at
            ),
            self._places(session, timetable_pk),
        )
        self.in_room = self._in_room(session, timetable_pk, slot_at)

    def _places(self, session: Session, timetable_pk: int) -> tuple[Place, ...]:
        found = session.scalars(select(PlaceRow).where(PlaceRow.timetable_id == timetable_pk))
        return tuple(
            Place(self.company_ids[each.company_pk], RoomId(each.room_id), each.first_table)
            for each in found
        )

    def _in_room(
        self, session: Session, timetable_pk: int, slot_at: Mapping[int, int]
    ) -> dict[tuple[RoomId, int], int]:
        """Students in each room and slot, where a room has a limit."""
        if all(room.capacity is None for room in self.event.rooms):
            return {}
        asked = (
            select(MeetingRow.room_id, MeetingRow.start_min, func.count())
            .where(MeetingRow.timetable_id == timetable_pk)
            .group_by(MeetingRow.room_id, MeetingRow.start_min)
        )
        return {
            (RoomId(room_id), slot_at[start]): count
            for room_id, start, count in session.execute(asked)
            if start in slot_at
        }

    def _preferences(self, session: Session) -> tuple[Preference, ...]:
        found = session.execute(
            select(PreferenceRow.student_pk, PreferenceRow.company_pk, PreferenceRow.rank).where(
                PreferenceRow.student_pk.in_(self._student_ids)
            )
        )
        return tuple(
            Preference(self._student_ids[student], self.company_ids[company], rank)
            for student, company, rank in found
        )

    def _shortlist(self, session: Session, student_pk: int) -> tuple[Verdict, ...]:
        found = session.scalars(select(ShortlistRow).where(ShortlistRow.student_pk == student_pk))
        own = self._student_ids[student_pk]
        return tuple(
            Verdict(self.company_ids[each.company_pk], own, each.verdict == "yes") for each in found
        )

    def _absences(self, session: Session, row: EventRow, student_pk: int) -> tuple[Absence, ...]:
        found = session.scalars(
            select(AbsenceRow).where(
                AbsenceRow.event_id == row.id,
                (AbsenceRow.student_pk == student_pk) | AbsenceRow.company_pk.is_not(None),
            )
        )
        return tuple(
            Absence(
                PersonKind.STUDENT if each.company_pk is None else PersonKind.COMPANY,
                self._student_ids[student_pk]
                if each.company_pk is None
                else self.company_ids[each.company_pk],
                each.start_min - row.start_min,
                each.end_min - row.start_min,
            )
            for each in found
        )

    def _decisions(self, session: Session, row: EventRow, student_pk: int) -> tuple[Decision, ...]:
        found = session.scalars(select(DecisionRow).where(DecisionRow.student_pk == student_pk))
        return tuple(
            Decision(
                DecisionKind(each.kind),
                self._student_ids[student_pk],
                self.company_ids[each.company_pk],
                None if each.start_min is None else each.start_min - row.start_min,
            )
            for each in found
        )
