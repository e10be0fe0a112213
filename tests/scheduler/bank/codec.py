"""Events as short JSON: only what differs from a plain event of the tests.

Ids stand for names, times are minutes since the window opens, languages are written as in the
files. A wish list names companies by rank; null is a rank that was not given.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

from scheduler.model import (
    Absence,
    Break,
    Company,
    CompanyId,
    DecisionKind,
    Event,
    PersonKind,
    Position,
    Preference,
    Room,
    Rules,
    Student,
    StudentId,
    Verdict,
    Window,
)
from tests.scheduler.events import (
    forbid,
    languages,
    make_company,
    make_event,
    make_room,
    make_student,
    needs,
    pin,
)

Row = dict[str, Any]
LEFT_OUT = {"name", "given_name", "family_name", "email", "programme", "website", "about"}
"""Fields that no rule reads; all others are kept."""


def written(event: Event) -> Row:
    """The event as JSON values."""
    window = event.window
    pauses = [[pause.start_min, pause.end_min] for pause in window.breaks]
    pins = [d for d in event.decisions if d.kind is DecisionKind.PIN]
    forbids = [d for d in event.decisions if d.kind is DecisionKind.FORBID]
    row: Row = {
        "window": [window.length_min, window.slot_min, window.changeover_min, *pauses],
        "rules": _different(event.rules, Rules()),
        "rooms": [
            {"id": room.room_id, **_different(room, make_room(room.room_id, 0))}
            for room in event.rooms
        ],
        "companies": [
            {"id": own.company_id, **_different(own, make_company(own.company_id))}
            for own in event.companies
        ],
        "students": [
            {"id": own.student_id, **_different(own, make_student(own.student_id))}
            for own in event.students
        ],
        "wishes": _wishes(event),
        "yes": [[v.company_id, v.student_id] for v in event.shortlist if v.is_yes],
        "no": [[v.company_id, v.student_id] for v in event.shortlist if not v.is_yes],
        "away": [[a.kind.value, a.person_id, a.start_min, a.end_min] for a in event.absences],
        "pins": [[d.student_id, d.company_id, d.start_min] for d in pins],
        "forbids": [[d.student_id, d.company_id] for d in forbids],
    }
    return {name: value for name, value in row.items() if value}


def read(row: Row) -> Event:
    """The event that `written` wrote."""
    length, slot, changeover, *pauses = row["window"]
    event = make_event(
        [make_student(own["id"], **_values(own, languages)) for own in row.get("students", ())],
        [make_company(own["id"], **_values(own, needs)) for own in row.get("companies", ())],
        {},
        shortlist=[
            Verdict(CompanyId(company), StudentId(student), is_yes)
            for table, is_yes in (("yes", True), ("no", False))
            for company, student in row.get(table, ())
        ],
        absences=[Absence(PersonKind(kind), *rest) for kind, *rest in row.get("away", ())],
        decisions=[
            *(pin(*values) for values in row.get("pins", ())),
            *(forbid(*values) for values in row.get("forbids", ())),
        ],
        rules=replace(Rules(), **_values(row.get("rules", {}), needs)),
    )
    return replace(
        event,
        window=Window(length, slot, changeover, tuple(Break(*pause) for pause in pauses)),
        rooms=tuple(
            make_room(own["id"], **{"tables": 0, **_values(own, needs)})
            for own in row.get("rooms", ())
        ),
        preferences=tuple(
            Preference(StudentId(student), CompanyId(company), rank)
            for student, wanted in row.get("wishes", {}).items()
            for rank, company in enumerate(wanted, 1)
            if company is not None
        ),
    )


def _different(value: Rules | Room | Company | Student, usual: object) -> Row:
    """Fields that are not as usual; the id of the value itself is one of them for nobody."""
    return {
        field.name: _short(field.name, getattr(value, field.name))
        for field in fields(value)
        if field.name not in LEFT_OUT and getattr(value, field.name) != getattr(usual, field.name)
    }


def _short(name: str, value: Any) -> Any:
    if name in ("languages", "small_talk"):
        return ";".join(
            "|".join(map(str, part)) if isinstance(part, tuple) else str(part) for part in value
        )
    return list(value) if isinstance(value, tuple) else value


def _values(row: Row, spoken: Callable[[str], object]) -> Row:
    """Fields as the engine has them; ``spoken`` reads the languages of a student or company."""
    values = {name: value for name, value in row.items() if name != "id"}
    for name, value in values.items():
        if name in ("languages", "small_talk"):
            values[name] = spoken(value)
        elif name == "positions":
            values[name] = tuple(map(Position, value))
        elif isinstance(value, list):
            values[name] = tuple(value)
    return values


def _wishes(event: Event) -> dict[str, list[str | None]]:
    wishes: dict[str, list[str | None]] = {}
    for student, company, rank in sorted(event.preferences, key=lambda wish: wish.rank):
        own: list[str | None] = wishes.setdefault(student, [])
        own += [None] * (rank - len(own) - 1) + [company]
    return wishes
