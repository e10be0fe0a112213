"""What an event asks for, fact by fact, each with the event as it would be without it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

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
from scheduler.sentence import Sentence, counted, say

Change = Callable[[Event], Event]


@dataclass(frozen=True, slots=True)
class Step:
    """Something somebody could do about a fact, in words and as a change of the event."""

    remedy: Sentence
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

    text: Sentence
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
            counted(
                there, "the rooms have %(num)s table in all", "the rooms have %(num)s tables in all"
            ),
            () if largest is None else _more_tables(largest, range(short, asked + 1)),
        ),
        Fact(
            counted(
                asked,
                "the %(companies)s companies need %(num)s table in all",
                "the %(companies)s companies need %(num)s tables in all",
                companies=len(event.companies),
            ),
            ()
            if dispensable is None
            else (
                Step(
                    say("leave %(company)s out", company=dispensable.name),
                    _without_company(dispensable),
                ),
            ),
        ),
    )


def _pins(event: Event) -> Iterator[Fact]:
    students = {student.student_id: student.name for student in event.students}
    companies = {company.company_id: company.name for company in event.companies}
    for pin in _pins_of(event):
        pair = {"student": students[pin.student_id], "company": companies[pin.company_id]}
        if pin.start_min is None:
            drop = say("drop the pin of %(student)s with %(company)s", **pair)
            text = say("the pin of %(student)s with %(company)s", **pair)
            yield Fact(text, (Step(drop, _without_pin(pin)),))
            continue
        time = event.clock(pin.start_min)
        any_time = say("leave the pin of %(student)s with %(company)s without a time", **pair)
        drop = say("drop the pin of %(student)s with %(company)s at %(time)s", time=time, **pair)
        text = say("the pin of %(student)s with %(company)s at %(time)s", time=time, **pair)
        yield Fact(text, (Step(any_time, _untimed(pin)), Step(drop, _without_pin(pin))))


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
            Step(say("raise max_in_a_row to %(limit)s", limit=limit), _rule(max_in_a_row=limit))
            for limit in range(row + 1, len(slots))
        ]
        lifted = Step(say("set max_in_a_row to 0, no limit"), _rule(max_in_a_row=0))
        yield Fact(
            counted(
                row,
                "at most %(num)s meeting in a row (max_in_a_row)",
                "at most %(num)s meetings in a row (max_in_a_row)",
            ),
            (*raised, lifted),
        )
    if walk:
        pauses = {
            later.start_min - slot.end_min for slot in slots for later in slots[slot.index + 1 :]
        }
        shorter = sorted({0, *(pause for pause in pauses if 0 < pause < walk)}, reverse=True)
        yield Fact(
            counted(
                walk,
                "%(num)s minute to change the building (building_change_min)",
                "%(num)s minutes to change the building (building_change_min)",
            ),
            tuple(
                Step(
                    say("lower building_change_min to %(minutes)s", minutes=pause),
                    _rule(building_change_min=pause),
                )
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
                counted(
                    room.capacity,
                    "%(room)s seats %(num)s student at once",
                    "%(room)s seats %(num)s students at once",
                    room=room.label,
                ),
                tuple(
                    Step(
                        say(
                            "raise the capacity of %(room)s to %(most)s", room=room.label, most=most
                        ),
                        _room(room, capacity=most),
                    )
                    for most in range(room.capacity + 1, max(room.capacity + 1, pins) + 1)
                ),
            )
        yield Fact(
            counted(
                room.tables,
                "%(room)s has %(num)s table",
                "%(room)s has %(num)s tables",
                room=room.label,
            ),
            _more_tables(room, range(1, max(asked, 1) + 1)),
        )


def _more_tables(room: Room, numbers: Iterable[int]) -> tuple[Step, ...]:
    return tuple(
        Step(
            counted(
                more,
                "put %(num)s more table into %(room)s",
                "put %(num)s more tables into %(room)s",
                room=room.label,
            ),
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
            step = Step(
                say("let %(name)s be present all day", name=person.name),
                _always_present(kind, own),
            )
            yield Fact(_hours(event, person, pauses), (step,))


def _hours(event: Event, person: Student | Company, pauses: list[Absence]) -> Sentence:
    arrives = 0 if person.arrives_min is None else person.arrives_min
    leaves = event.window.length_min if person.leaves_min is None else person.leaves_min
    text = f"{event.clock(arrives)}-{event.clock(leaves)}"
    away = [f"{event.clock(pause.start_min)}-{event.clock(pause.end_min)}" for pause in pauses]
    if not away:
        return say("%(name)s is present only %(hours)s", name=person.name, hours=text)
    return say(
        "%(name)s is present %(hours)s but not %(away)s",
        name=person.name,
        hours=text,
        away=", ".join(away),
    )


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
            where = {"company": name, "room": room.label}
            text = say("%(company)s stands in %(room)s", **where)
            if room.building:
                building = room.building
                text = say(
                    "%(company)s stands in %(room)s, building %(building)s",
                    building=building,
                    **where,
                )
            leave = say("leave the room of %(company)s empty", company=name)
            yield Fact(text, (Step(leave, _company(company, room_id=None)),))
        if is_pinned:
            yield Fact(
                counted(
                    company.capacity,
                    "%(company)s seats %(num)s student in a slot",
                    "%(company)s seats %(num)s students in a slot",
                    company=name,
                ),
                tuple(
                    Step(
                        say(
                            "raise the seats at a table of %(company)s to %(seats)s",
                            company=name,
                            seats=seats,
                        ),
                        change,
                    )
                    for seats in range(company.seats + 1, max(company.seats + 1, len(pins)) + 1)
                    for change in (_company(company, seats=seats),)
                ),
            )
        else:
            step = Step(say("leave %(company)s out", company=name), _without_company(company))
            yield Fact(
                counted(
                    company.tables,
                    "%(company)s needs %(num)s table in one room",
                    "%(company)s needs %(num)s tables in one room",
                    company=name,
                ),
                (step,),
            )


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
