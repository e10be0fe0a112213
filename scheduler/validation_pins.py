"""Pins and forbids that contradict a rule, alone or by counting.

Pins that clash in other ways make the event infeasible; the engine says so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

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

Pin = tuple[int, Decision]
Fault = tuple[str, str, str]


def check_decisions(event: Event) -> Iterator[Problem]:
    """Find the problems of ``decisions``: each decision alone, then the pins counted."""
    for index, column, reason, remedy in _faults(event):
        decision = event.decisions[index]
        yield Problem(
            "decisions",
            reason,
            remedy,
            index=index,
            column=column,
            subject=f"{decision.kind} of {decision.student_id} with {decision.company_id}",
        )


def _faults(event: Event) -> Iterator[tuple[int, str, str, str]]:
    students = {student.student_id: student for student in event.students}
    companies = {company.company_id: company for company in event.companies}
    pins: list[Pin] = []
    seen: set[tuple[str, str, str]] = set()
    judge = _PinJudge(event)
    for index, decision in enumerate(event.decisions):
        student = students.get(decision.student_id)
        company = companies.get(decision.company_id)
        if student is None:
            yield index, "student_id", f"'{decision.student_id}' is not in students", "correct it"
        if company is None:
            yield index, "company_id", f"'{decision.company_id}' is not in companies", "correct it"
        key = (decision.kind.value, decision.student_id, decision.company_id)
        if key in seen:
            yield index, "kind", "the same decision stands twice", "keep one of the rows"
            continue
        seen.add(key)
        if student is None or company is None:
            continue
        if decision.kind is DecisionKind.FORBID:
            if decision.start_min is not None:
                yield index, "start", "a forbid holds all day and has no time", "leave it empty"
            continue
        pins.append((index, decision))
        for column, reason, remedy in judge.alone(decision, student, company):
            yield index, column, reason, remedy
    yield from judge.together(pins, students, companies)


class _PinJudge:
    def __init__(self, event: Event) -> None:
        self._event = event
        self._eligibility = Eligibility(event)
        self._presence = Presence(event)
        self._slot_at = {slot.start_min: slot.index for slot in event.window.slots}

    def alone(self, pin: Decision, student: Student, company: Company) -> Iterator[Fault]:
        pair = (student.student_id, company.company_id)
        names = f"{student.name} and {company.name}"
        if pair in self._eligibility.vetoes:
            yield "company_id", f"{company.name} vetoed {student.name}", "drop the pin or the veto"
        if pair in self._eligibility.forbids:
            yield "company_id", f"{names} are forbidden to meet", "drop the pin or the forbid"
        at_student = self._presence.students[student.student_id]
        at_company = self._presence.companies[company.company_id]
        if pin.start_min is None:
            if not at_student & at_company:
                yield "student_id", f"{names} are never present in the same slot", "drop the pin"
            return
        slot = self._slot_at.get(pin.start_min)
        clock = self._event.clock(pin.start_min)
        if slot is None:
            starts = " ".join(self._event.clock(start) for start in self._slot_at)
            yield "start", f"no slot starts at {clock}", f"use one of {starts}"
            return
        for name, mask in ((student.name, at_student), (company.name, at_company)):
            if not mask >> slot & 1:
                yield "start", f"{name} is not present in the slot at {clock}", "pin another slot"

    def together(
        self,
        pins: list[Pin],
        students: dict[StudentId, Student],
        companies: dict[CompanyId, Company],
    ) -> Iterator[tuple[int, str, str, str]]:
        by_student: dict[StudentId, list[Pin]] = defaultdict(list)
        by_company: dict[CompanyId, list[Pin]] = defaultdict(list)
        for index, pin in pins:
            by_student[pin.student_id].append((index, pin))
            by_company[pin.company_id].append((index, pin))
        for student_id, own in by_student.items():
            yield from self._student(students[student_id], own)
        for company_id, own in by_company.items():
            yield from self._company(companies[company_id], own)

    def _student(self, student: Student, pins: list[Pin]) -> Iterator[tuple[int, str, str, str]]:
        limits = [(self._event.rules.max_meetings_per_student, "meetings at most")]
        if student.max_meetings is not None:
            limits.append((student.max_meetings, "meetings at most, as the student's row says"))
        present = self._presence.students[student.student_id].bit_count()
        limits.append((present, "slots in which the student is present"))
        limit, what = min(limits, key=lambda entry: entry[0])
        if len(pins) > limit:
            yield (
                pins[limit][0],
                "student_id",
                f"{student.name} has {len(pins)} pins and {limit} {what}",
                "drop a pin",
            )
        yield from self._crowded(pins, 1, f"{student.name} is pinned")

    def _company(self, company: Company, pins: list[Pin]) -> Iterator[tuple[int, str, str, str]]:
        turns = self._presence.companies[company.company_id].bit_count()
        limits = [(turns * company.capacity, f"places in {turns} slots")]
        if company.max_meetings is not None:
            limits.append((company.max_meetings, "meetings at most"))
        limit, what = min(limits, key=lambda entry: entry[0])
        if len(pins) > limit >= 0:
            yield (
                pins[limit][0],
                "company_id",
                f"{company.name} has {len(pins)} pins and {limit} {what}",
                "drop a pin or raise the limit",
            )
        yield from self._crowded(pins, company.capacity, f"{company.name} has pins")

    def _crowded(
        self, pins: list[Pin], seats: int, who: str
    ) -> Iterator[tuple[int, str, str, str]]:
        by_start: dict[int, list[int]] = defaultdict(list)
        for index, pin in pins:
            if pin.start_min in self._slot_at:
                by_start[pin.start_min].append(index)
        for start, indexes in by_start.items():
            if len(indexes) > seats >= 1:
                yield (
                    indexes[seats],
                    "start",
                    f"{who} {len(indexes)} times at {self._event.clock(start)}, "
                    f"where {seats} {'is' if seats == 1 else 'are'} possible",
                    "pin another slot",
                )
