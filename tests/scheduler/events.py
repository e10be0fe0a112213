"""Small hand-made events for tests, and Hypothesis strategies for tiny valid ones."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

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

OPENS_MIN = 13 * 60


def make_window(slots: int = 3, breaks: Sequence[tuple[int, int]] = ()) -> Window:
    """Slots of 10 + 2 minutes: 0-10, 12-22, 24-34 ...; the window is as long as its breaks need."""
    length = 12 * slots - 2
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
