"""What an event asks for, fact by fact, each with the event as it would be without it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from scheduler.model import Company, CompanyId, DecisionKind, Event, Room, Student, StudentId

Change = Callable[[Event], Event]


@dataclass(frozen=True, slots=True)
class Fact:
    """One demand, in words, and how to live without it.

    Parameters
    ----------
    text
        What holds now.
    remedy
        What somebody would do to give it up.
    relaxed
        Makes the event without the fact; everything that was possible stays possible.
    """

    text: str
    remedy: str
    relaxed: Change


def facts_of(event: Event) -> tuple[Fact, ...]:
    """Every demand that can make an event infeasible: pins, presence, capacities, counts."""
    return (
        *_rules(event),
        *_rooms(event),
        *_presence(event),
        *_companies(event),
        *_pins(event),
    )


def _pins(event: Event) -> Iterator[Fact]:
    students = {student.student_id: student.name for student in event.students}
    companies = {company.company_id: company.name for company in event.companies}
    for decision in event.decisions:
        if decision.kind is not DecisionKind.PIN:
            continue
        pair = f"{students[decision.student_id]} with {companies[decision.company_id]}"
        when = "" if decision.start_min is None else f" at {event.clock(decision.start_min)}"

        def without(current: Event, pin: object = decision) -> Event:
            left = tuple(other for other in current.decisions if other != pin)
            return replace(current, decisions=left)

        yield Fact(f"the pin of {pair}{when}", f"drop the pin of {pair}{when}", without)


def _rules(event: Event) -> Iterator[Fact]:
    rules = event.rules
    if rules.max_in_a_row:
        yield Fact(
            f"at most {rules.max_in_a_row} meetings in a row (max_in_a_row)",
            f"raise max_in_a_row above {rules.max_in_a_row}",
            lambda current: replace(current, rules=replace(current.rules, max_in_a_row=0)),
        )
    if rules.building_change_min:
        yield Fact(
            f"{rules.building_change_min} minutes to change the building (building_change_min)",
            f"lower building_change_min below {rules.building_change_min}",
            lambda current: replace(current, rules=replace(current.rules, building_change_min=0)),
        )
    most = rules.max_meetings_per_student
    yield Fact(
        f"at most {most} meetings for a student (max_meetings_per_student)",
        f"raise max_meetings_per_student above {most}",
        _without_student_maximum,
    )


def _without_student_maximum(event: Event) -> Event:
    students = tuple(replace(student, max_meetings=None) for student in event.students)
    rules = replace(event.rules, max_meetings_per_student=len(event.companies))
    return replace(event, students=students, rules=rules)


def _rooms(event: Event) -> Iterator[Fact]:
    for room in event.rooms:
        if room.capacity is not None:
            yield Fact(
                f"{room.label} seats {room.capacity} students at once",
                f"raise the capacity of {room.label} above {room.capacity}",
                _room_change(room, lambda own: replace(own, capacity=None)),
            )
        asked = sum(company.tables for company in event.companies)
        yield Fact(
            f"{room.label} has {_count(room.tables, 'table')}",
            f"put more tables into {room.label}",
            _room_change(room, lambda own, most=asked: replace(own, tables=most)),  # type: ignore[misc]  # a default binds it
        )


def _room_change(room: Room, change: Callable[[Room], Room]) -> Change:
    def relaxed(event: Event) -> Event:
        rooms = tuple(
            change(other) if other.room_id == room.room_id else other for other in event.rooms
        )
        return replace(event, rooms=rooms)

    return relaxed


def _presence(event: Event) -> Iterator[Fact]:
    pinned = {
        person
        for decision in event.decisions
        if decision.kind is DecisionKind.PIN
        for person in (decision.student_id, decision.company_id)
    }
    away = {absence.person_id for absence in event.absences}
    people: tuple[Student | Company, ...] = (*event.students, *event.companies)
    for person in people:
        own = _id(person)
        if own not in pinned:
            continue
        times = (person.arrives_min, person.leaves_min)
        if times == (None, None) and own not in away:
            continue
        yield Fact(
            f"{person.name} is present {_hours(event, person)}",
            f"let {person.name} be present longer",
            _always_present(person),
        )


def _id(person: Student | Company) -> StudentId | CompanyId:
    return person.student_id if isinstance(person, Student) else person.company_id


def _hours(event: Event, person: Student | Company) -> str:
    arrives = 0 if person.arrives_min is None else person.arrives_min
    leaves = event.window.length_min if person.leaves_min is None else person.leaves_min
    text = f"{event.clock(arrives)}-{event.clock(leaves)}"
    pauses = [
        f"{event.clock(absence.start_min)}-{event.clock(absence.end_min)}"
        for absence in event.absences
        if absence.person_id == _id(person)
    ]
    return f"{text} but not {', '.join(pauses)}" if pauses else f"only {text}"


def _always_present(person: Student | Company) -> Change:
    def relaxed(event: Event) -> Event:
        absences = tuple(a for a in event.absences if a.person_id != _id(person))
        students = tuple(
            replace(s, arrives_min=None, leaves_min=None) if s.student_id == _id(person) else s
            for s in event.students
        )
        companies = tuple(
            replace(c, arrives_min=None, leaves_min=None) if c.company_id == _id(person) else c
            for c in event.companies
        )
        return replace(event, absences=absences, students=students, companies=companies)

    return relaxed


def _companies(event: Event) -> Iterator[Fact]:
    pinned = {d.company_id for d in event.decisions if d.kind is DecisionKind.PIN}
    for company in event.companies:
        if company.company_id in pinned:
            yield Fact(
                f"{company.name} seats {_count(company.capacity, 'student')} in a slot",
                f"give {company.name} more seats",
                _company_change(
                    company,
                    lambda own: replace(own, seats=len(event.students), max_meetings=None),
                ),
            )
        if company.room_id is None:
            yield Fact(
                f"{company.name} needs {_count(company.tables, 'table')} side by side",
                f"leave {company.name} out, or give it fewer tables",
                _without_company(company),
            )


def _company_change(company: Company, change: Callable[[Company], Company]) -> Change:
    def relaxed(event: Event) -> Event:
        companies = tuple(
            change(other) if other.company_id == company.company_id else other
            for other in event.companies
        )
        return replace(event, companies=companies)

    return relaxed


def _without_company(company: Company) -> Change:
    def relaxed(event: Event) -> Event:
        own = company.company_id
        return replace(
            event,
            companies=tuple(other for other in event.companies if other.company_id != own),
            decisions=tuple(other for other in event.decisions if other.company_id != own),
            absences=tuple(other for other in event.absences if other.person_id != own),
        )

    return relaxed


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
