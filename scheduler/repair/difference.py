"""Who moves from where to where, who gains, who loses, and why."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

from scheduler.model import CompanyId, DecisionKind, Meeting, StudentId, Timetable
from scheduler.repair.day import Day
from scheduler.sentence import Sentence, say
from scheduler.verify import eligible, presence, violations

Pair = tuple[StudentId, CompanyId]


class DifferenceKind(StrEnum):
    """What becomes of a meeting; one that moves to another table only has moved too."""

    MOVED = "moved"
    LOST = "lost"
    GAINED = "gained"


@dataclass(frozen=True, slots=True)
class Difference:
    """One meeting that is not where it was, with the reason in plain words.

    ``before`` is None for a gained meeting, ``after`` for a lost one.
    """

    change: DifferenceKind
    before: Meeting | None
    after: Meeting | None
    reason: Sentence

    @property
    def meeting(self) -> Meeting:
        """The meeting as it was, else as it will be."""
        meeting = self.before or self.after
        if meeting is None:
            raise ValueError("a difference has a meeting before or after")
        return meeting


def differences(day: Day, timetable: Timetable) -> tuple[Difference, ...]:
    """Compare the later meetings of the day so far with a timetable for the rest of it.

    Returns
    -------
    tuple of Difference
        Sorted by student, time and company.
    """
    window = day.event.window
    old = {(m.student_id, m.company_id): m for m in day.begun.later(window)}
    first = day.begun.first_open(window)
    new = {(m.student_id, m.company_id): m for m in timetable.meetings if m.slot >= first}
    reasons = _Reasons(day, timetable, old, new)
    found = []
    for pair, before in old.items():
        after = new.get(pair)
        if after is None:
            found.append(Difference(DifferenceKind.LOST, before, None, reasons.gone(before)))
        elif after.slot != before.slot:
            found.append(Difference(DifferenceKind.MOVED, before, after, reasons.gone(before)))
        elif after != before:
            reason = reasons.other_table(before)
            found.append(Difference(DifferenceKind.MOVED, before, after, reason))
    for pair, after in new.items():
        if pair not in old:
            found.append(Difference(DifferenceKind.GAINED, None, after, reasons.gained(after)))
    return tuple(sorted(found, key=_order))


def _order(one: Difference) -> tuple[str, int, str]:
    meeting = one.meeting
    return meeting.student_id, meeting.slot, meeting.company_id


class _Reasons:
    """Why a meeting is gone or has come; each sentence can be checked on the two timetables."""

    def __init__(
        self, day: Day, timetable: Timetable, old: dict[Pair, Meeting], new: dict[Pair, Meeting]
    ) -> None:
        self._day, self._timetable = day, timetable
        self._old, self._new = old, new
        event = day.event
        self._students = {s.student_id: s.name for s in event.students}
        self._companies = {c.company_id: c for c in event.companies}
        self._pins = {
            (d.student_id, d.company_id): d.start_min
            for d in event.decisions
            if d.kind is DecisionKind.PIN
        }
        self._seated = Counter((m.company_id, m.slot) for m in new.values())
        met = day.begun.timetable.meetings
        self._known_students = {m.student_id for m in met}
        self._known_companies = {m.company_id for m in met}
        stayed = {(m.student_id, m.company_id, m.slot) for m in new.values()}
        gone = [m for m in old.values() if (m.student_id, m.company_id, m.slot) not in stayed]
        self._left_turns = {(m.company_id, m.slot) for m in gone}
        self._lost = {m.student_id for pair, m in old.items() if pair not in new}

    def gone(self, before: Meeting) -> Sentence:
        """Why a meeting is not where it was."""
        cause = self._day.cause(before)
        if cause is not None:
            return cause.reason
        pair = (before.student_id, before.company_id)
        pinned = self._pins.get(pair)
        slot = self._day.event.window.slots[before.slot]
        if pinned is not None and pinned != slot.start_min:
            return say("pinned at %(time)s", time=self._day.event.clock(pinned))
        alone = Timetable((before,), self._day.begun.timetable.places)
        for rule in (presence, eligible):  # its own two first: who sits there now came after
            for violation in rule(self._day.event, alone):
                return violation.message
        turn = (before.company_id, before.slot)
        company = self._companies[before.company_id]
        if self._seated[turn] >= company.capacity:
            if before.company_id in self._day.fewer_tables:
                return say("table lost")
            return self._displaced(before)
        return self._by_rule(before)

    def _displaced(self, before: Meeting) -> Sentence:
        """Who sits in the seat now."""
        turn = (before.company_id, before.slot)
        for pair, meeting in sorted(self._new.items()):
            was = self._old.get(pair)
            is_new = was is None or was.slot != meeting.slot
            if (meeting.company_id, meeting.slot) == turn and is_new:
                return say(
                    "moved so that %(student)s can come",
                    student=self._students[meeting.student_id],
                )
        return say("fewer seats at this time")

    def _by_rule(self, before: Meeting) -> Sentence:
        """What the rules say against the meeting beside the new timetable."""
        event = self._day.event
        near = [
            m
            for m in self._timetable.meetings
            if (m.student_id == before.student_id and m.company_id != before.company_id)
            or (m.slot == before.slot and m.student_id != before.student_id)
            or (m.company_id == before.company_id and m.student_id != before.student_id)
        ]
        table = self._free_table(before)
        meetings = (*near, before._replace(table=table))
        again = Timetable(meetings, self._day.begun.timetable.places)
        for violation in violations(event, again, self._day.begun):
            if violation.rule in ("past_is_fixed", "pins"):
                continue
            if violation.rule == "one_place_at_a_time":
                other = next(
                    m for m in near if m.student_id == before.student_id and m.slot == before.slot
                )
                company = self._companies[other.company_id].name
                return say("moved so that the student can meet %(company)s then", company=company)
            return violation.message
        return say("not needed by a rule: the search ended before it was proven")

    def _free_table(self, before: Meeting) -> int:
        """A table of the company with a seat left then."""
        company = self._companies[before.company_id]
        places = {place.company_id: place for place in self._day.begun.timetable.places}
        first = places[before.company_id].first_table
        taken = Counter(
            m.table
            for m in self._new.values()
            if (m.company_id, m.slot) == (before.company_id, before.slot)
        )
        run = range(first, first + company.tables)
        return next((table for table in run if taken[table] < company.seats), first)

    def other_table(self, before: Meeting) -> Sentence:
        """Why somebody sits at another table at the same time."""
        if before.company_id in self._day.fewer_tables:
            return say("table lost")
        return say("another table of the company at the same time")

    def gained(self, after: Meeting) -> Sentence:
        """Why there is a meeting that was not."""
        if (after.student_id, after.company_id) in self._pins:
            return say("pinned")
        if after.company_id not in self._known_companies:
            return say("the company had no meetings before")
        if after.student_id not in self._known_students:
            return say("the student had no meetings before")
        if (after.company_id, after.slot) in self._left_turns:
            return say("place became free")
        if after.student_id in self._lost:
            return say("place was free, after a meeting lost")
        return say("place was free")
