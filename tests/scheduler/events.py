"""Small hand-made events for tests, and Hypothesis strategies for tiny valid ones."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from random import Random
from typing import TypeVar

from hypothesis import strategies as st

from scheduler.model import (
    Absence,
    Break,
    Company,
    CompanyId,
    Decision,
    DecisionKind,
    Event,
    Language,
    LanguageNeed,
    Meeting,
    PersonKind,
    Position,
    Preference,
    Proficiency,
    Room,
    RoomId,
    Rules,
    Student,
    StudentId,
    Timetable,
    Verdict,
    Window,
)
from scheduler.validation import check

OPENS_MIN = 13 * 60
T = TypeVar("T")


def make_window(slots: int = 3, breaks: Sequence[tuple[int, int]] = ()) -> Window:
    """Slots of 10 + 2 minutes: 0-10, 12-22, 24-34 ...; the window is as long as its breaks need."""
    length = max([12 * slots - 2, *(end for _, end in breaks)])
    pauses = tuple(Break(start, end) for start, end in breaks)
    while len(Window(length, 10, 2, pauses).slots) < slots:
        length += 1
    return Window(length, 10, 2, pauses)


def make_student(student_id: str = "s1", **values: object) -> Student:
    """A student called ``Student s1``; other fields by name."""
    fields: dict[str, object] = {"name": f"Student {student_id}", **values}
    return Student(StudentId(student_id), **fields)  # type: ignore[arg-type]  # mixed by design


def make_company(company_id: str = "c1", **values: object) -> Company:
    """A company called ``Company c1`` in room r1 with one table and one seat."""
    fields: dict[str, object] = {"name": f"Company {company_id}", "room_id": "r1", **values}
    return Company(CompanyId(company_id), **fields)  # type: ignore[arg-type]  # mixed by design


def make_room(room_id: str = "r1", tables: int = 10, **values: object) -> Room:
    """A room called ``Room r1``."""
    fields: dict[str, object] = {"name": f"Room {room_id}", **values}
    return Room(RoomId(room_id), tables, **fields)  # type: ignore[arg-type]  # mixed by design


def make_event(
    students: Sequence[Student | str] = ("s1",),
    companies: Sequence[Company | str] = ("c1",),
    wishes: Mapping[str, Sequence[str]] | None = None,
    *,
    rooms: Sequence[Room] = (),
    slots: int = 3,
    breaks: Sequence[tuple[int, int]] = (),
    shortlist: Sequence[Verdict] = (),
    absences: Sequence[Absence] = (),
    decisions: Sequence[Decision] = (),
    rules: Rules | None = None,
) -> Event:
    """An event at 13:00 with the default rules.

    Strings stand for ``make_student`` and ``make_company``; ``wishes`` lists the companies of a
    student, most wanted first, and by default everybody wants every company in order; without
    ``rooms`` there is one of ten tables.
    """
    people = tuple(s if isinstance(s, Student) else make_student(s) for s in students)
    firms = tuple(c if isinstance(c, Company) else make_company(c) for c in companies)
    if wishes is None:
        wishes = {person.student_id: [firm.company_id for firm in firms] for person in people}
    return Event(
        event_id="test",
        name="Test",
        date=dt.date(2026, 11, 26),
        timezone="Europe/Copenhagen",
        opens_min=OPENS_MIN,
        window=make_window(slots, breaks),
        rooms=tuple(rooms) or (make_room(),),
        companies=firms,
        students=people,
        preferences=tuple(
            Preference(StudentId(student), CompanyId(company), rank)
            for student, wanted in wishes.items()
            for rank, company in enumerate(wanted, 1)
        ),
        shortlist=tuple(shortlist),
        absences=tuple(absences),
        decisions=tuple(decisions),
        rules=rules or Rules(),
    )


def make_meeting(
    slot: int, student_id: str, company_id: str, table: int = 1, room_id: str = "r1"
) -> Meeting:
    return Meeting(slot, RoomId(room_id), table, StudentId(student_id), CompanyId(company_id))


def make_timetable(*meetings: Meeting) -> Timetable:
    """A timetable without places, as it is read from a file."""
    return Timetable(meetings)


def yes(company_id: str, student_id: str) -> Verdict:
    return Verdict(CompanyId(company_id), StudentId(student_id), is_yes=True)


def veto(company_id: str, student_id: str) -> Verdict:
    return Verdict(CompanyId(company_id), StudentId(student_id), is_yes=False)


def pin(student_id: str, company_id: str, start_min: int | None = None) -> Decision:
    return Decision(DecisionKind.PIN, StudentId(student_id), CompanyId(company_id), start_min)


def forbid(student_id: str, company_id: str) -> Decision:
    return Decision(DecisionKind.FORBID, StudentId(student_id), CompanyId(company_id))


def student_away(student_id: str, start_min: int, end_min: int) -> Absence:
    return Absence(PersonKind.STUDENT, student_id, start_min, end_min)


def company_away(company_id: str, start_min: int, end_min: int) -> Absence:
    return Absence(PersonKind.COMPANY, company_id, start_min, end_min)


def languages(text: str) -> tuple[Language, ...]:
    """Languages of ``en:C1;da:A2``, as a student has them."""
    return tuple(_language(part) for part in text.split(";") if part)


def needs(text: str) -> tuple[LanguageNeed, ...]:
    """Needs of ``en:B2;pt:B2|es:B2``, as a company asks for them."""
    return tuple(
        tuple(_language(part) for part in need.split("|")) for need in text.split(";") if need
    )


def _language(text: str) -> Language:
    code, _, level = text.partition(":")
    return Language(code, Proficiency[level.upper()])


def shuffled(event: Event, chance: Random) -> Event:
    """The same event with the rows of every file, and the parts of its cells, in another order."""

    def mixed(rows: tuple[T, ...]) -> tuple[T, ...]:
        return tuple(chance.sample(rows, len(rows)))

    return replace(
        event,
        students=mixed(
            tuple(
                replace(s, languages=mixed(s.languages), positions=mixed(s.positions))
                for s in event.students
            )
        ),
        companies=mixed(
            tuple(
                replace(
                    c,
                    languages=mixed(c.languages),
                    small_talk=mixed(c.small_talk),
                    fields=mixed(c.fields),
                    positions=mixed(c.positions),
                )
                for c in event.companies
            )
        ),
        rooms=mixed(event.rooms),
        preferences=mixed(event.preferences),
        shortlist=mixed(event.shortlist),
        absences=mixed(event.absences),
        decisions=mixed(event.decisions),
    )


# Tiny events


@st.composite
def tiny_events(
    draw: st.DrawFn,
    *,
    students: int = 4,
    companies: int = 3,
    slots: int = 3,
    is_plain: bool = False,
    with_pins: bool = True,
) -> Event:
    """Valid events of at most so many people and slots, in which every rule appears sometimes.

    A *plain* event has everybody present and no rule on rooms, walking, rest or pins: its optimum
    is the flow's.
    """
    student_ids = [f"s{n}" for n in range(1, draw(_up_to(students)) + 1)]
    company_ids = [f"c{n}" for n in range(1, draw(_up_to(companies)) + 1)]
    window = make_window(draw(_up_to(slots)), () if is_plain else draw(_BREAKS))
    firms = [draw(_companies(company_id, is_plain)) for company_id in company_ids]
    wishes = {s: draw(_wishes(company_ids)) for s in student_ids}
    pairs = [(s, c) for s in student_ids for c in company_ids]
    verdicts = {pair: draw(_mostly("", "y", "n")) for pair in pairs}
    event = make_event(
        [draw(_students(student_id, is_plain)) for student_id in student_ids],
        _within_places(firms, window),
        wishes,
        rooms=draw(_rooms(firms, is_plain)),
        shortlist=[
            Verdict(CompanyId(c), StudentId(s), verdict == "y")
            for (s, c), verdict in verdicts.items()
            if verdict
        ],
        absences=() if is_plain else draw(_absences(student_ids, company_ids)),
        rules=draw(_rules(is_plain)),
    )
    event = replace(event, window=window)
    if is_plain or not with_pins:
        return event
    return _with_decisions(event, draw(_decisions(pairs, window)))


def _mostly(usual: T, *others: T) -> st.SearchStrategy[T]:
    """The usual value twice as often as the others together, so that events are worth solving."""
    return st.sampled_from([usual] * 2 * len(others) + list(others))


def _up_to(largest: int) -> st.SearchStrategy[int]:
    """From 1, the larger the likelier."""
    return st.sampled_from([size for size in range(1, largest + 1) for _ in range(size * size)])


@st.composite
def _wishes(draw: st.DrawFn, company_ids: Sequence[str]) -> list[str]:
    return draw(st.permutations(company_ids))[: draw(_mostly(9, 0, 1, 2))]


_BREAKS = _mostly((), ((10, 12),), ((20, 30),))
_SPOKEN = _mostly("en:C1;da:A2", "", "en:native", "en:B1;pt-br:C1", "en:B2", "es:B2")
_ASKED = _mostly("", "en:B2", "pt:B2|es:B2", "en:B1;da:A2")
_FIELDS = st.sampled_from(["", "Physics", " physics ", "Law"])
_POSITIONS = _mostly((), (Position.INTERNSHIP,), (Position.FULL_TIME,), tuple(Position))
_TIMES = _mostly((None, None), (5, None), (12, None), (None, 22), (10, 34))


@st.composite
def _students(draw: st.DrawFn, student_id: str, is_plain: bool) -> Student:
    arrives, leaves = (None, None) if is_plain else draw(_TIMES)
    return make_student(
        student_id,
        languages=languages(draw(_SPOKEN)),
        field=draw(_FIELDS),
        positions=draw(_POSITIONS),
        max_meetings=draw(_mostly(None, 0, 1, 2)),
        arrives_min=arrives,
        leaves_min=leaves,
    )


@st.composite
def _companies(draw: st.DrawFn, company_id: str, is_plain: bool) -> Company:
    arrives, leaves = (None, None) if is_plain else draw(_TIMES)
    tables, seats = draw(_mostly((1, 1), (1, 2), (2, 1)))
    minimum = draw(st.integers(0, 2))
    limit = draw(_mostly(None, 1, 2))
    return make_company(
        company_id,
        room_id="r1" if is_plain else draw(st.sampled_from(["r1", "r2", None])),
        tables=tables,
        seats=seats,
        languages=needs(draw(_ASKED)),
        small_talk=needs(draw(_ASKED)),
        fields=draw(st.sampled_from([(), ("PHYSICS", "chemistry")])),
        positions=draw(_POSITIONS),
        min_meetings=minimum if limit is None else min(minimum, limit),
        max_meetings=limit,
        arrives_min=arrives,
        leaves_min=leaves,
    )


def _within_places(firms: Sequence[Company], window: Window) -> list[Company]:
    """Minima no higher than the places of the day, as validation asks."""
    slots = len(window.slots)
    return [
        replace(firm, min_meetings=min(firm.min_meetings, slots * firm.capacity)) for firm in firms
    ]


@st.composite
def _rooms(draw: st.DrawFn, firms: Sequence[Company], is_plain: bool) -> list[Room]:
    """Two rooms with space for the companies that name them, and mostly for the others."""
    rooms = []
    for room_id in ("r1", "r2"):
        named = sum(firm.tables for firm in firms if firm.room_id == room_id)
        rooms.append(
            make_room(
                room_id,
                named + draw(_mostly(4, 0, 1, 2)),
                building="" if is_plain else draw(st.sampled_from(["", "A", "B"])),
                capacity=None if is_plain else draw(_mostly(None, 1, 2)),
            )
        )
    return rooms


@st.composite
def _rules(draw: st.DrawFn, is_plain: bool) -> Rules:
    limit = draw(_mostly(3, 1, 2))
    return Rules(
        max_meetings_per_student=limit,
        guaranteed_meetings_per_student=draw(st.integers(0, limit)),
        max_in_a_row=0 if is_plain else draw(_mostly(0, 1, 2)),
        building_change_min=0 if is_plain else draw(st.sampled_from([0, 2, 3, 14, 20])),
        require_language=draw(_mostly(True, False)),
        require_field=draw(_mostly(False, True)),
        require_position=draw(_mostly(True, False)),
        offer_unranked=draw(_mostly(False, True)),
        rank_weights=draw(st.sampled_from([(100, 80, 64), (3, 2), (5, 5, 0)])),
        mutual_bonus=draw(st.sampled_from([0, 50])),
        small_talk_bonus=draw(st.sampled_from([0, 5])),
    )


@st.composite
def _absences(
    draw: st.DrawFn, student_ids: Sequence[str], company_ids: Sequence[str]
) -> list[Absence]:
    rows = []
    for _ in range(draw(st.integers(0, 2))):
        start, end = draw(st.sampled_from([(0, 10), (10, 12), (9, 13), (15, 16), (22, 40)]))
        if draw(st.booleans()):
            rows.append(student_away(draw(st.sampled_from(student_ids)), start, end))
        else:
            rows.append(company_away(draw(st.sampled_from(company_ids)), start, end))
    return rows


@st.composite
def _decisions(draw: st.DrawFn, pairs: Sequence[tuple[str, str]], window: Window) -> list[Decision]:
    starts = st.sampled_from([None, *(slot.start_min for slot in window.slots)])
    rows = []
    for student_id, company_id in draw(st.lists(st.sampled_from(pairs), unique=True, max_size=3)):
        if draw(st.integers(0, 2)):
            rows.append(pin(student_id, company_id, draw(starts)))
        else:
            rows.append(forbid(student_id, company_id))
    return rows


def _with_decisions(event: Event, decisions: Sequence[Decision]) -> Event:
    """The event with those of the decisions that are no problem."""
    for decision in decisions:
        grown = replace(event, decisions=(*event.decisions, decision))
        if not check(grown):
            event = grown
    return event
