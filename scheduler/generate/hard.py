"""Every rule at once in a synthetic event, tight but never contradictory."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from random import Random

from scheduler.model import (
    Break,
    Company,
    Decision,
    DecisionKind,
    Event,
    Language,
    LanguageNeed,
    Position,
    Proficiency,
    Room,
    RoomId,
    Rules,
    Student,
    Verdict,
    Window,
)
from scheduler.model.presence import Presence

BREAK_MIN = 12
MOST_PINS = 5
MOST_FORBIDS = 5
FIELDS = ("Business", "Computer science", "Engineering", "Humanities", "Life science")
ENGLISH = (
    *(Proficiency.B1, Proficiency.B2, Proficiency.B2, Proficiency.C1, Proficiency.C1),
    *(Proficiency.C2, Proficiency.NATIVE),
)
DANISH = (Proficiency.A1, Proficiency.A2, Proficiency.B1, Proficiency.C1, Proficiency.NATIVE)
ENGLISH_B2: LanguageNeed = (Language("en", Proficiency.B2),)
DANISH_B1: LanguageNeed = (Language("da", Proficiency.B1),)
EITHER_B1: LanguageNeed = (Language("da", Proficiency.B1), Language("de", Proficiency.B1))
SMALL_TALK: LanguageNeed = (Language("da", Proficiency.A2),)


def harden(random: Random, event: Event) -> Event:
    """The event with every rule in force.

    Notes
    -----
    It can always be solved: every pin has a student, a company and a slot of its own, and every
    company without a room has a place kept free somewhere.
    """
    event = replace(
        event,
        students=tuple(_student(random, event, student) for student in event.students),
        companies=tuple(_company(random, event, company) for company in event.companies),
        rules=Rules(
            max_in_a_row=3, building_change_min=10, require_field=True, require_position=True
        ),
    )
    event = _with_rooms(random, event)
    event = _with_shortlist(random, event)
    return _with_decisions(random, _with_break(event))


def _student(random: Random, event: Event, student: Student) -> Student:
    languages = [Language("en", random.choice(ENGLISH))]
    if random.random() < 0.4:
        languages.append(Language("da", random.choice(DANISH)))
    if random.random() < 0.1:
        languages.append(Language("de", random.choice(ENGLISH)))
    slots = event.window.slots
    if len(slots) >= 4 and random.random() < 0.1:
        first = random.randrange(len(slots) - 2)
        student = replace(
            student, arrives_min=slots[first].start_min, leaves_min=slots[first + 2].end_min
        )
    return replace(
        student,
        languages=tuple(languages),
        field=random.choice(FIELDS),
        positions=_positions(random),
        max_meetings=random.choice((2, 3, 4)) if random.random() < 0.1 else None,
    )


def _company(random: Random, event: Event, company: Company) -> Company:
    tables, seats = random.randint(1, company.tables), random.randint(1, company.seats)
    turns = sum(
        1
        for slot in event.window.slots
        if company.leaves_min is None or slot.end_min <= company.leaves_min
    )
    places = max(0, turns - 1) * tables * seats
    most = max(1, places * 3 // 4) if random.random() < 0.2 else None
    least = min(random.choice((0, 2, 4)), places if most is None else most)
    draw = random.random()
    asked = (EITHER_B1,) if draw < 0.1 else (DANISH_B1,) if draw < 0.2 else (ENGLISH_B2,)
    return replace(
        company,
        tables=tables,
        seats=seats,
        languages=asked if draw < 0.8 else (),
        small_talk=(SMALL_TALK,) if random.random() < 0.3 else (),
        fields=tuple(random.sample(FIELDS, 3)) if random.random() < 0.3 else (),
        positions=_positions(random),
        min_meetings=least,
        max_meetings=most,
    )


def _positions(random: Random) -> tuple[Position, ...]:
    return tuple(sorted(random.sample(tuple(Position), random.choice((0, 1, 2, 2)))))


def _with_rooms(random: Random, event: Event) -> Event:
    """Two or three rooms at least, in as many buildings, just large enough; some choose theirs."""
    companies = event.companies
    room_count = min(max(len(event.rooms), 2 + len(companies) % 2), len(companies))
    homes: dict[str, list[Company]] = defaultdict(list)
    settled = []
    free = set(random.sample(range(len(companies)), max(1, len(companies) // 20)))
    for number, company in enumerate(companies):
        room_id = RoomId(f"r{1 + number % room_count}")
        homes[room_id].append(company)
        settled.append(replace(company, room_id=None if number in free else room_id))
    rooms = []
    for number in range(room_count):
        room_id = RoomId(f"r{number + 1}")
        guests = homes[room_id]
        seats = sum(company.capacity for company in guests)
        rooms.append(
            Room(
                room_id,
                sum(company.tables for company in guests),
                f"Room {number + 1}",
                f"Building {'ABC'[number % 3]}",
                max(1, seats * 4 // 5),
            )
        )
    return replace(event, rooms=tuple(rooms), companies=tuple(settled))


def _with_shortlist(random: Random, event: Event) -> Event:
    rows = []
    for wish in event.preferences:
        draw = random.random()
        if draw < 0.13:
            rows.append(Verdict(wish.company_id, wish.student_id, is_yes=draw < 0.1))
    return replace(event, shortlist=tuple(rows))


def _with_break(event: Event) -> Event:
    """Put a break in the middle; the window, and every time after it, moves by its length."""
    old = event.window
    if len(old.slots) < 2:
        return event
    start = old.slots[len(old.slots) // 2].start_min
    pause = Break(start, start + BREAK_MIN)
    window = Window(old.length_min + BREAK_MIN, old.slot_min, old.changeover_min, (pause,))

    def moved(minute: int | None) -> int | None:
        return minute + BREAK_MIN if minute is not None and minute >= start else minute

    def moved_hours(person: Student | Company) -> tuple[int | None, int | None]:
        return moved(person.arrives_min), moved(person.leaves_min)

    students = []
    for student in event.students:
        arrives, leaves = moved_hours(student)
        students.append(replace(student, arrives_min=arrives, leaves_min=leaves))
    companies = []
    for company in event.companies:
        arrives, leaves = moved_hours(company)
        companies.append(replace(company, arrives_min=arrives, leaves_min=leaves))
    absences = tuple(
        replace(
            absence,
            start_min=absence.start_min + (BREAK_MIN if absence.start_min >= start else 0),
            end_min=absence.end_min + (BREAK_MIN if absence.end_min > start else 0),
        )
        for absence in event.absences
    )
    return replace(
        event,
        window=window,
        students=tuple(students),
        companies=tuple(companies),
        absences=absences,
    )


def _with_decisions(random: Random, event: Event) -> Event:
    """A few pins, each with a student, a company and a slot of its own, and a few forbids."""
    presence = Presence(event)
    vetoed = {(v.student_id, v.company_id) for v in event.shortlist if not v.is_yes}
    wishes = random.sample(event.preferences, min(len(event.preferences), 200))
    slots = event.window.slots
    taken: set[str] = set()
    free = (1 << len(slots)) - 1
    pins: list[Decision] = []
    forbids: list[Decision] = []
    for wish in wishes:
        pair = (wish.student_id, wish.company_id)
        common = free & presence.students[pair[0]] & presence.companies[pair[1]]
        if pair in vetoed or taken & set(pair):
            continue
        taken |= set(pair)
        if common and len(pins) < MOST_PINS:
            slot = random.choice([slot for slot in slots if common >> slot.index & 1])
            free &= ~(1 << slot.index)
            start = slot.start_min if len(pins) % 2 else None
            pins.append(Decision(DecisionKind.PIN, *pair, start))
        elif len(forbids) < MOST_FORBIDS:
            forbids.append(Decision(DecisionKind.FORBID, *pair))
    return replace(event, decisions=(*pins, *forbids))
