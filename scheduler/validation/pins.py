"""Pins and forbids that contradict a rule, alone or by counting.

Pins that clash in other ways make the event infeasible; the engine says so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from scheduler.errors import Problem
from scheduler.model import (
    Company,
    CompanyId,
    Decision,
    DecisionKind,
    Event,
    Student,
    StudentId,
)
from scheduler.model.eligibility import Eligibility
from scheduler.model.presence import Presence
from scheduler.sentence import Sentence, counted, say, table_word

Pin = tuple[int, Decision]
Fault = tuple[str, Sentence, Sentence]
"""Column, reason and remedy."""
Placed = tuple[int, str, Sentence, Sentence]
"""Index of a decision, then as `Fault`."""


def check_decisions(event: Event) -> Iterator[Problem]:
    """Find the problems of ``decisions``: each decision alone, then the pins counted."""
    names: dict[str, str] = {own.student_id: own.name for own in event.students}
    names |= {own.company_id: own.name for own in event.companies}
    for index, column, reason, remedy in _faults(event):
        decision = event.decisions[index]
        yield Problem(
            "decisions",
            reason,
            remedy,
            index=index,
            column=column,
            subject=_subject(decision, names),
        )


def _subject(decision: Decision, names: Mapping[str, str]) -> Sentence:
    ids = {"student": decision.student_id, "company": decision.company_id}
    pair = {kind: names.get(own, own) for kind, own in ids.items()}
    if decision.kind is DecisionKind.PIN:
        return say("pin of %(student)s with %(company)s", **pair)
    return say("forbid of %(student)s with %(company)s", **pair)


def _faults(event: Event) -> Iterator[Placed]:
    students = {student.student_id: student for student in event.students}
    companies = {company.company_id: company for company in event.companies}
    pins: list[Pin] = []
    seen: set[tuple[str, str, str]] = set()
    judge = _PinJudge(event)
    for index, decision in enumerate(event.decisions):
        student = students.get(decision.student_id)
        company = companies.get(decision.company_id)
        for column, value, person, where in (
            ("student_id", decision.student_id, student, "students"),
            ("company_id", decision.company_id, company, "companies"),
        ):
            if person is None:
                named = table_word(where)
                reason = say("'%(id)s' is not in %(where)s", id=value, where=named)
                remedy = say("correct the id, or add it to %(where)s", where=named)
                yield index, column, reason, remedy
        key = (decision.kind.value, decision.student_id, decision.company_id)
        if key in seen:
            pair = {"student": decision.student_id, "company": decision.company_id}
            reason = say("the forbid of '%(student)s' with '%(company)s' is there twice", **pair)
            if decision.kind is DecisionKind.PIN:
                reason = say("the pin of '%(student)s' with '%(company)s' is there twice", **pair)
            yield index, "kind", reason, say("keep one of the two rows")
            continue
        seen.add(key)
        if student is None or company is None:
            continue
        if decision.kind is DecisionKind.FORBID:
            if decision.start_min is not None:
                yield (
                    index,
                    "start",
                    say("a forbid holds all day and has no time"),
                    say("leave it empty"),
                )
            continue
        pins.append((index, decision))
        for column, reason, remedy in judge.alone(decision, student, company):
            yield index, column, reason, remedy
    if event.window.slots:
        yield from judge.together(pins, students, companies)


class _PinJudge:
    def __init__(self, event: Event) -> None:
        self._event = event
        self._eligibility = Eligibility(event)
        self._presence = Presence(event)
        self._slot_at = {slot.start_min: slot.index for slot in event.window.slots}

    def alone(self, pin: Decision, student: Student, company: Company) -> Iterator[Fault]:
        pair = (student.student_id, company.company_id)
        names = {"student": student.name, "company": company.name}
        if pair in self._eligibility.vetoes:
            yield (
                "company_id",
                say("%(company)s vetoed %(student)s", **names),
                say("drop the pin or the veto"),
            )
        if pair in self._eligibility.forbids:
            yield (
                "company_id",
                say("%(student)s and %(company)s are forbidden to meet", **names),
                say("drop the pin or the forbid"),
            )
        if not self._event.window.slots:
            return
        at_student = self._presence.students[student.student_id]
        at_company = self._presence.companies[company.company_id]
        if pin.start_min is None:
            if not at_student & at_company:
                reason = say(
                    "%(student)s and %(company)s are never present in the same slot", **names
                )
                yield (
                    "student_id",
                    reason,
                    say("drop the pin, or let one of them be present longer"),
                )
            return
        slot = self._slot_at.get(pin.start_min)
        clock = self._event.clock(pin.start_min)
        if slot is None:
            starts = " ".join(self._event.clock(start) for start in self._slot_at)
            yield (
                "start",
                say("no slot starts at %(clock)s", clock=clock),
                say("use one of %(starts)s", starts=starts),
            )
            return
        for name, mask in ((student.name, at_student), (company.name, at_company)):
            if not mask >> slot & 1:
                reason = say(
                    "%(name)s is not present in the slot at %(clock)s", name=name, clock=clock
                )
                yield "start", reason, say("pin another slot, or drop the pin")

    def together(
        self,
        pins: list[Pin],
        students: dict[StudentId, Student],
        companies: dict[CompanyId, Company],
    ) -> Iterator[Placed]:
        by_student: dict[StudentId, list[Pin]] = defaultdict(list)
        by_company: dict[CompanyId, list[Pin]] = defaultdict(list)
        for index, pin in pins:
            by_student[pin.student_id].append((index, pin))
            by_company[pin.company_id].append((index, pin))
        for student_id, own in by_student.items():
            yield from self._student(students[student_id], own)
        for company_id, own in by_company.items():
            yield from self._company(companies[company_id], own)

    def _student(self, student: Student, pins: list[Pin]) -> Iterator[Placed]:
        present = self._presence.students[student.student_id].bit_count()
        overall = self._event.rules.max_meetings_per_student
        limits = [
            (
                overall,
                say("max_meetings_per_student is %(limit)s", limit=overall),
                say("raise it"),
            ),
            (
                present or None,
                say(
                    "is present in %(slots)s",
                    slots=counted(present, "%(num)s slot", "%(num)s slots"),
                ),
                say("let them stay longer"),
            ),
        ]
        own = student.max_meetings
        limits.append(
            (own, say("the student's max_meetings is %(limit)s", limit=own), say("raise it"))
        )
        yield from _too_many(pins, "student_id", student.name, limits)
        yield from self._crowded(pins, student.name, 1, say("can be at 1 table at a time"))

    def _company(self, company: Company, pins: list[Pin]) -> Iterator[Placed]:
        turns = self._presence.companies[company.company_id].bit_count()
        seats, own = company.capacity, company.max_meetings
        places = say(
            "has %(places)s in %(slots)s",
            places=counted(turns * seats, "%(num)s place", "%(num)s places"),
            slots=counted(turns, "%(num)s slot", "%(num)s slots"),
        )
        limits = [
            (turns * seats or None, places, say("add a table")),
            (own, say("the company's max_meetings is %(limit)s", limit=own), say("raise it")),
        ]
        yield from _too_many(pins, "company_id", company.name, limits)
        at_once = say(
            "seats %(students)s in a slot",
            students=counted(seats, "%(num)s student", "%(num)s students"),
        )
        yield from self._crowded(pins, company.name, seats, at_once)

    def _crowded(self, pins: list[Pin], name: str, seats: int, limit: Sentence) -> Iterator[Placed]:
        by_start: dict[int, list[int]] = defaultdict(list)
        for index, pin in pins:
            if pin.start_min in self._slot_at:
                by_start[pin.start_min].append(index)
        for start, indexes in by_start.items():
            if len(indexes) > seats >= 1:
                clock = self._event.clock(start)
                reason = say(
                    "%(name)s has %(pins)s pins at %(clock)s, but %(limit)s",
                    name=name,
                    pins=len(indexes),
                    clock=clock,
                    limit=limit,
                )
                yield indexes[seats], "start", reason, say("pin another slot, or drop a pin")


def _too_many(
    pins: list[Pin], column: str, name: str, limits: list[tuple[int | None, Sentence, Sentence]]
) -> Iterator[Placed]:
    """Compare the pins of one person with the smallest of the limits that are limits at all."""
    broken = [
        (limit, text, remedy)
        for limit, text, remedy in limits
        if limit is not None and 0 <= limit < len(pins)
    ]
    for limit, text, remedy in sorted(broken)[:1]:
        reason = say(
            "%(name)s has %(pins)s, but %(limit)s",
            name=name,
            pins=counted(len(pins), "%(num)s pin", "%(num)s pins"),
            limit=text,
        )
        yield pins[limit][0], column, reason, say("drop a pin, or %(remedy)s", remedy=remedy)
