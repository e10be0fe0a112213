"""What an event asks for, fact by fact, each with the event as it would be without it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from scheduler.errors import counted
from scheduler.model import (
    Absence,
    Company,
    Decision,
    DecisionKind,
    Event,
    PersonKind,
    Room,
    Rules,
    Student,
)

Change = Callable[[Event], Event]


@dataclass(frozen=True, slots=True)
class Step:
    """Something somebody could do about a fact, in words and as a change of the event."""

    remedy: str
    change: Change


@dataclass(frozen=True, slots=True)
class Fact:
    """One demand, in words, and how to live without it.

    Parameters
    ----------
    text
        What holds now.
    steps
        From the smallest change to giving the fact up; what one makes possible, the next does too,
        and everything that was possible stays possible.
    """

    text: str
    steps: tuple[Step, ...]

    def without(self, event: Event) -> Event:
        """Give the fact up."""
        return self.steps[-1].change(event)


def facts_of(event: Event) -> tuple[Fact, ...]:
    """Every demand that can make an event infeasible: pins, and what their timetable must keep.

    Maxima are not among them: pins above a maximum are problems of the input.
    """
    return (
        *_rules(event),
        *_rooms(event),
        *_presence(event),
        *_companies(event),
        *_pins(event),
    )


def table_totals(event: Event) -> tuple[Fact, ...]:
    """Two facts where the companies need more tables than all rooms have; else none."""
    asked = sum(company.tables for company in event.companies)
    there = sum(room.tables for room in event.rooms)
    short = asked - there
    if short <= 0:
        return ()
    largest = max(event.rooms, key=lambda room: room.tables, default=None)
    enough = [company for company in event.companies if company.tables >= short]
    dispensable = min(enough, key=lambda company: company.tables, default=None)
    return (
        Fact(
            f"the rooms have {counted(there, 'table')} in all",
            () if largest is None else _more_tables(largest, range(short, asked + 1)),
        ),
        Fact(
            f"the {len(event.companies)} companies need {counted(asked, 'table')} in all",
            ()
            if dispensable is None
            else (Step(f"leave {dispensable.name} out", _without_company(dispensable)),),
        ),
    )


def _pins(event: Event) -> Iterator[Fact]:
    students = {student.student_id: student.name for student in event.students}
    companies = {company.company_id: company.name for company in event.companies}
    for pin in _pins_of(event):
        pair = f"{students[pin.student_id]} with {companies[pin.company_id]}"
        when = "" if pin.start_min is None else f" at {event.clock(pin.start_min)}"
        steps = [Step(f"drop the pin of {pair}{when}", _without_pin(pin))]
        if when:
            steps.insert(0, Step(f"leave the pin of {pair} without a time", _untimed(pin)))
        yield Fact(f"the pin of {pair}{when}", tuple(steps))


def _pins_of(event: Event) -> list[Decision]:
    return [decision for decision in event.decisions if decision.kind is DecisionKind.PIN]


def _without_pin(pin: Decision) -> Change:
    def change(event: Event) -> Event:
        return replace(event, decisions=tuple(own for own in event.decisions if own != pin))

    return change


def _untimed(pin: Decision) -> Change:
    def change(event: Event) -> Event:
        later = replace(pin, start_min=None)
        decisions = tuple(later if own == pin else own for own in event.decisions)
        return replace(event, decisions=decisions)

    return change


def _rules(event: Event) -> Iterator[Fact]:
    row, walk = event.rules.max_in_a_row, event.rules.building_change_min
    slots = event.window.slots
    if row:
        raised = [
            Step(f"raise max_in_a_row to {limit}", _rule(max_in_a_row=limit))
            for limit in range(row + 1, len(slots))
        ]
        lifted = Step("set max_in_a_row to 0, no limit", _rule(max_in_a_row=0))
        yield Fact(f"at most {counted(row, 'meeting')} in a row (max_in_a_row)", (*raised, lifted))
    if walk:
        pauses = {
            later.start_min - slot.end_min for slot in slots for later in slots[slot.index + 1 :]
        }
        shorter = sorted({0, *(pause for pause in pauses if 0 < pause < walk)}, reverse=True)
        yield Fact(
            f"{counted(walk, 'minute')} to change the building (building_change_min)",
            tuple(
                Step(f"lower building_change_min to {pause}", _rule(building_change_min=pause))
                for pause in shorter
            ),
        )


def _rule(**values: int) -> Change:
    def change(event: Event) -> Event:
        rules: Rules = replace(event.rules, **values)  # type: ignore[arg-type]  # whole numbers only
        return replace(event, rules=rules)

    return change


def _rooms(event: Event) -> Iterator[Fact]:
    pins = len(_pins_of(event))
    asked = sum(company.tables for company in event.companies)
    for room in event.rooms:
        if room.capacity is not None and pins:
            yield Fact(
                f"{room.label} seats {counted(room.capacity, 'student')} at once",
                tuple(
                    Step(
                        f"raise the capacity of {room.label} to {most}", _room(room, capacity=most)
                    )
                    for most in range(room.capacity + 1, max(room.capacity + 1, pins) + 1)
                ),
            )
        yield Fact(
            f"{room.label} has {counted(room.tables, 'table')}",
            _more_tables(room, range(1, max(asked, 1) + 1)),
        )


def _more_tables(room: Room, numbers: Iterable[int]) -> tuple[Step, ...]:
    return tuple(
        Step(
            f"put {counted(more, 'more table')} into {room.label}",
            _room(room, tables=room.tables + more),
        )
        for more in numbers
    )


def _room(room: Room, **values: int) -> Change:
    def change(event: Event) -> Event:
        rooms = tuple(
            replace(own, **values)  # type: ignore[arg-type]  # whole numbers only
            if own.room_id == room.room_id
            else own
            for own in event.rooms
        )
        return replace(event, rooms=rooms)

    return change


def _presence(event: Event) -> Iterator[Fact]:
    pins = _pins_of(event)
    people: tuple[tuple[PersonKind, str, Student | Company], ...] = (
        *((PersonKind.STUDENT, s.student_id, s) for s in event.students),
        *((PersonKind.COMPANY, c.company_id, c) for c in event.companies),
    )
    pinned = {(PersonKind.STUDENT, pin.student_id) for pin in pins}
    invited = {(PersonKind.COMPANY, pin.company_id) for pin in pins}
    for kind, own, person in people:
        pauses = [a for a in event.absences if (a.kind, a.person_id) == (kind, own)]
        has_times = (person.arrives_min, person.leaves_min) != (None, None)
        if (kind, own) in {*pinned, *invited} and (pauses or has_times):
            step = Step(f"let {person.name} be present all day", _always_present(kind, own))
            yield Fact(f"{person.name} is present {_hours(event, person, pauses)}", (step,))


def _hours(event: Event, person: Student | Company, pauses: list[Absence]) -> str:
    arrives = 0 if person.arrives_min is None else person.arrives_min
    leaves = event.window.length_min if person.leaves_min is None else person.leaves_min
    text = f"{event.clock(arrives)}-{event.clock(leaves)}"
    away = [f"{event.clock(pause.start_min)}-{event.clock(pause.end_min)}" for pause in pauses]
    return f"{text} but not {', '.join(away)}" if away else f"only {text}"


def _always_present(kind: PersonKind, own: str) -> Change:
    def change(event: Event) -> Event:
        absences = tuple(a for a in event.absences if (a.kind, a.person_id) != (kind, own))
        if kind is PersonKind.STUDENT:
            students = tuple(
                replace(s, arrives_min=None, leaves_min=None) if s.student_id == own else s
                for s in event.students
            )
            return replace(event, absences=absences, students=students)
        companies = tuple(
            replace(c, arrives_min=None, leaves_min=None) if c.company_id == own else c
            for c in event.companies
        )
        return replace(event, absences=absences, companies=companies)

    return change


def _companies(event: Event) -> Iterator[Fact]:
    """Yield rooms and seats of pinned companies, and the tables of those without a pin."""
    pins = _pins_of(event)
    pinned = {pin.company_id for pin in pins}
    rooms = {room.room_id: room for room in event.rooms}
    for company in event.companies:
        name = company.name
        is_pinned = company.company_id in pinned
        if company.room_id is not None and (is_pinned or not pins):
            room = rooms[company.room_id]
            where = f"{room.label}, building {room.building}" if room.building else room.label
            step = Step(f"leave the room of {name} empty", _company(company, room_id=None))
            yield Fact(f"{name} stands in {where}", (step,))
        if is_pinned:
            yield Fact(
                f"{name} seats {counted(company.capacity, 'student')} in a slot",
                tuple(
                    Step(f"raise the seats at a table of {name} to {seats}", change)
                    for seats in range(company.seats + 1, max(company.seats + 1, len(pins)) + 1)
                    for change in (_company(company, seats=seats),)
                ),
            )
        else:
            step = Step(f"leave {name} out", _without_company(company))
            yield Fact(f"{name} needs {counted(company.tables, 'table')} in one room", (step,))


def _company(company: Company, **values: int | None) -> Change:
    def change(event: Event) -> Event:
        companies = tuple(
            replace(own, **values)  # type: ignore[arg-type]  # a count, or no room
            if own.company_id == company.company_id
            else own
            for own in event.companies
        )
        return replace(event, companies=companies)

    return change


def _without_company(company: Company) -> Change:
    def change(event: Event) -> Event:
        own = company.company_id
        return replace(
            event,
            companies=tuple(other for other in event.companies if other.company_id != own),
            decisions=tuple(other for other in event.decisions if other.company_id != own),
            absences=tuple(
                other
                for other in event.absences
                if (other.kind, other.person_id) != (PersonKind.COMPANY, own)
            ),
        )

    return change
