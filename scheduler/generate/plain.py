"""Synthetic events of any size: the same arguments and seed give the same event.

A company's popularity is Zipf's: the k-th is wished with a weight of 1/k.

References
----------
G. K. Zipf, Human Behavior and the Principle of Least Effort (1949).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from itertools import accumulate
from math import ceil, log
from random import Random

from scheduler.errors import SchedulerError
from scheduler.generate.hardships import HARDENERS, Hardship
from scheduler.model import (
    Absence,
    Company,
    CompanyId,
    Event,
    Language,
    PersonKind,
    Preference,
    Proficiency,
    Room,
    RoomId,
    Student,
    StudentId,
    Window,
)

SLOT_MIN = 10
CHANGEOVER_MIN = 2
STEP_MIN = SLOT_MIN + CHANGEOVER_MIN
SPARE_MIN = 6  # after the last slot: 12 slots make 13:00-15:30
USUAL_OPENING_MIN = 13 * 60
LAST_CLOSING_MIN = 23 * 60 + 30
MOST_SLOTS = LAST_CLOSING_MIN // STEP_MIN - 2  # with a break and the spare minutes
TABLES_PER_ROOM = 40

GIVEN_NAMES = (
    *("Ada", "Amir", "Ana", "Anton", "Astrid", "Bao", "Carla", "Chen", "Clara", "Daniel", "Elif"),
    *("Emil", "Eva", "Fatima", "Freja", "Georg", "Hana", "Ida", "Ivan", "Jakub", "Jonas", "Kofi"),
    *("Lara", "Leila", "Luca", "Magnus", "Maria", "Mei", "Nadia", "Nikos", "Noah", "Olga", "Omar"),
    *("Priya", "Rafael", "Sara", "Sofia", "Tariq", "Tomas", "Yuki"),
)
FAMILY_NAMES = (
    *("Andersen", "Bauer", "Costa", "Demir", "Dubois", "Eriksen", "Farkas", "Fernandes", "Garcia"),
    *("Haddad", "Hansen", "Ivanova", "Jensen", "Kaya", "Kim", "Kowalski", "Larsen", "Li", "Lopez"),
    *("Mensah", "Moreau", "Nagy", "Nguyen", "Nielsen", "Novak", "Okafor", "Olsen", "Papadakis"),
    *("Petrov", "Popescu", "Rahman", "Rossi", "Sato", "Schmidt", "Sharma", "Silva", "Tanaka"),
    *("Virtanen", "Weber", "Zhang"),
)
FIRM_WORDS = (
    *("Aarhus", "Amber", "Baltic", "Birch", "Blue", "Bright", "Clear", "Coastal", "Fjord", "Green"),
    *("Harbour", "Hill", "Jutland", "Lime", "Meadow", "Nordic", "North", "Oak", "Open", "Pine"),
    *("River", "Silver", "Stone", "Summit", "Viking"),
)
FIRM_TRADES = (
    *("Analytics", "Audio", "Biotech", "Brewing", "Consulting", "Data", "Design", "Energy"),
    *("Finance", "Foods", "Furniture", "Games", "Health", "Lab", "Logistics", "Marine", "Media"),
    *("Power", "Robotics", "Shipping", "Software", "Studio", "Systems", "Textiles", "Wind"),
)


def generate_event(  # noqa: PLR0913  # the options of `company-dating generate`
    *,
    students: int,
    companies: int,
    seed: int,
    slots: int = 12,
    tables: int = 1,
    seats: int = 6,
    wishes: int = 10,
    with_absences: bool = False,
    is_hard: bool = False,
    hardship: Hardship = Hardship.EVERY,
) -> Event:
    """Make a valid event.

    Parameters
    ----------
    students, companies
        How many, at least 1 each.
    seed
        Of all random choices.
    slots
        Of 10 minutes with 2 between them, from 13:00 where the day is long enough.
    tables, seats
        Tables of each company, students at one table at once.
    wishes
        Companies a student ranks, at most all.
    with_absences
        30 % of the students come late or leave early, 20 % of the companies leave early, and each
        company has one free slot.
    is_hard
        Every rule at once, tight: absences, two or three buildings, rest, room capacities,
        languages, fields, positions, vetoes, forbids, pins, narrow hours, minima and maxima,
        companies without a room, a break. ``tables`` and ``seats`` are then the largest.
    hardship
        Of a hard event: one difficulty that bites in the place of every rule.

    Raises
    ------
    SchedulerError
        A number is too small, or the slots do not fit into a day.
    """
    _refuse_sizes(
        wishes, students=students, companies=companies, slots=slots, tables=tables, seats=seats
    )
    random = Random(seed)  # noqa: S311  # nothing here is secret
    firms, rooms = _companies_and_rooms(random, companies, tables, seats)
    people = _students(random, students)
    event = replace(
        _empty_event(f"generated-{students}-{companies}-{seed}", slots),
        name=f"{students} students, {companies} companies",
        rooms=rooms,
        companies=firms,
        students=people,
        preferences=_preferences(random, people, firms, wishes),
    )
    if with_absences or (is_hard and hardship is Hardship.EVERY):
        event = _with_absences(random, event)
    return HARDENERS[hardship](random, event) if is_hard else event


def _refuse_sizes(wishes: int, **sizes: int) -> None:
    for name, number in sizes.items():
        if number < 1:
            raise SchedulerError(f"{name} is {number}, must be 1 or more")
    if sizes["slots"] > MOST_SLOTS:
        raise SchedulerError(f"slots is {sizes['slots']}, at most {MOST_SLOTS} fit into a day")
    if wishes < 0:
        raise SchedulerError(f"wishes is {wishes}, must be 0 or more")


def _empty_event(event_id: str, slots: int) -> Event:
    """The day and its slots, with nobody there yet."""
    length_min = slots * STEP_MIN + SPARE_MIN
    return Event(
        event_id=event_id,
        name=event_id,
        date=dt.date(2026, 11, 26),
        timezone="Europe/Copenhagen",
        opens_min=min(USUAL_OPENING_MIN, LAST_CLOSING_MIN - length_min),
        window=Window(length_min, SLOT_MIN, CHANGEOVER_MIN),
        rooms=(),
        companies=(),
        students=(),
        preferences=(),
    )


def _companies_and_rooms(
    random: Random, count: int, tables: int, seats: int
) -> tuple[tuple[Company, ...], tuple[Room, ...]]:
    per_room = max(1, TABLES_PER_ROOM // tables)
    room_count = ceil(count / per_room)
    names = _names(random, FIRM_WORDS, FIRM_TRADES, count)
    width = len(str(count))
    companies = []
    for number, (word, trade) in enumerate(names, 1):
        company_id = f"c{number:0{width}d}"
        companies.append(
            Company(
                CompanyId(company_id),
                f"{word} {trade}",
                RoomId(f"r{1 + (number - 1) % room_count}"),
                tables,
                seats,
                email=f"{company_id}@example.com",
            )
        )
    rooms = []
    for number in range(1, room_count + 1):
        guests = len(range(number, count + 1, room_count))
        rooms.append(Room(RoomId(f"r{number}"), guests * tables, f"Room {number}"))
    return tuple(companies), tuple(rooms)


def _students(random: Random, count: int) -> tuple[Student, ...]:
    width = len(str(count))
    levels = (Proficiency.B2, Proficiency.C1, Proficiency.C2)
    english = tuple((Language("en", level),) for level in levels)
    students = []
    for number, (given, family) in enumerate(_names(random, GIVEN_NAMES, FAMILY_NAMES, count), 1):
        student_id = f"s{number:0{width}d}"
        students.append(
            Student(
                StudentId(student_id),
                f"{given} {family}",
                given,
                family,
                email=f"{student_id}@example.edu",
                languages=random.choice(english),
            )
        )
    return tuple(students)


def _names(
    random: Random, first: tuple[str, ...], second: tuple[str, ...], count: int
) -> list[tuple[str, str]]:
    """Pairs in random order; from the second round on with a number."""
    pairs = [(one, other) for one in first for other in second]
    random.shuffle(pairs)
    names = []
    for number in range(count):
        turn, place = divmod(number, len(pairs))
        one, other = pairs[place]
        names.append((one, f"{other} {turn + 1}" if turn else other))
    return names


def _preferences(
    random: Random, students: tuple[Student, ...], companies: tuple[Company, ...], wishes: int
) -> tuple[Preference, ...]:
    wishes = min(wishes, len(companies))
    popular = [company.company_id for company in companies]
    random.shuffle(popular)
    weights = [1 / place for place in range(1, len(popular) + 1)]
    summed = list(accumulate(weights))
    rows = []
    for student in students:
        if len(popular) < 4 * wishes:
            chosen = _in_random_order(random, popular, weights)
        else:
            chosen = []
            while len(chosen) < wishes:
                chosen += random.choices(popular, cum_weights=summed, k=wishes)
                chosen = list(dict.fromkeys(chosen))
        rows += [
            Preference(student.student_id, company_id, rank)
            for rank, company_id in enumerate(chosen[:wishes], 1)
        ]
    return tuple(rows)


def _in_random_order(
    random: Random, popular: list[CompanyId], weights: list[float]
) -> list[CompanyId]:
    """All companies, drawn one by one without replacement (Efraimidis and Spirakis, 2006)."""
    keys = [log(1 - random.random()) / weight for weight in weights]
    return [popular[place] for place in sorted(range(len(popular)), key=keys.__getitem__)[::-1]]


def _with_absences(random: Random, event: Event) -> Event:
    slots = event.window.slots
    if len(slots) < 3:
        return event  # nobody would be left
    late = [slot.start_min for slot in slots[1 : 1 + max(1, len(slots) // 3)]]
    early = [slot.end_min for slot in slots[-1 - max(1, len(slots) // 3) : -1]]
    students = []
    for student in event.students:
        if random.random() < 0.3:
            if random.random() < 0.5:
                student = replace(student, arrives_min=random.choice(late))
            else:
                student = replace(student, leaves_min=random.choice(early))
        students.append(student)
    companies = tuple(
        replace(company, leaves_min=random.choice(early)) if random.random() < 0.2 else company
        for company in event.companies
    )
    absences = []
    for company in companies:
        free = random.choice(slots)
        absences.append(
            Absence(PersonKind.COMPANY, company.company_id, free.start_min, free.end_min)
        )
    return replace(event, students=tuple(students), companies=companies, absences=tuple(absences))
