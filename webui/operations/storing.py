"""A compared import into the database: rows added, changed and removed, as staff chose."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from scheduler.model import Event
from webui.operations import uploads
from webui.operations.comparing import ENTERED_COLUMNS, Change, Comparison, ListChange
from webui.operations.importing import absence_rows, settings_values, wish_rows
from webui.operations.log import Actor, NotFoundError, StaleError, record
from webui.store import (
    AbsenceRow,
    Database,
    DecisionRow,
    EventRow,
    PreferenceRow,
    ShortlistRow,
    StudentRow,
)
from webui.store.exchange import LISTS, read_event, row_values, rows_of
from webui.store.meetings import companies_by_id, students_by_id

AT_ONCE = 5_000
"""Rows named in one statement; databases limit its parameters."""


def store_upload(  # noqa: PLR0913  # what was looked at, and the choices beside it
    database: Database,
    actor: Actor,
    now: dt.datetime,
    *,
    event_pk: int,
    upload_id: int,
    shown: str,
    removed: Collection[str] = (),
    takes_settings: bool = True,
    is_overwriting: bool = False,
) -> dict[str, int]:
    """Store a previewed upload, whole, and forget it.

    Parameters
    ----------
    shown
        `Comparison.digest` of what staff were shown; the event may have changed elsewhere.
    removed
        Lists from which what is not in the files any more is removed; in others it stays.
    is_overwriting
        What students entered themselves is replaced too.

    Returns
    -------
    dict
        How many rows were added, changed and removed, and how many settings were taken.

    Raises
    ------
    StaleError
        Storing would do something else than what was shown.
    """

    def store() -> dict[str, int]:
        with database.writing() as session:
            row = session.get(EventRow, event_pk, with_for_update=True)
            if row is None:
                raise NotFoundError
            preview = _as_shown(session, now, row, upload_id, shown, is_overwriting=is_overwriting)
            found = preview.overwriting() if is_overwriting else preview.comparison
            counts = _store(
                session,
                row,
                preview.event,
                found,
                removed=removed,
                takes_settings=takes_settings,
                is_overwriting=is_overwriting,
            )
            row.revision += 1
            session.delete(preview.upload)
            record(session, actor, now, "event.import", event_id=row.id, **counts)
            return counts

    return database.again(store)


def _as_shown(
    session: Session,
    now: dt.datetime,
    row: EventRow,
    upload_id: int,
    shown: str,
    *,
    is_overwriting: bool,
) -> uploads.Preview:
    """The upload compared with what is stored now, where that is still what staff were shown."""
    stored = read_event(session, row)
    preview = uploads.preview_in(session, now, stored, event_pk=row.id, upload_id=upload_id)
    now_shown = preview.comparison.digest(is_overwriting=is_overwriting)
    if preview.findings.problems or shown != now_shown:
        raise StaleError({})
    return preview


def _store(
    session: Session,
    row: EventRow,
    new: Event,
    comparison: Comparison,
    *,
    removed: Collection[str],
    takes_settings: bool,
    is_overwriting: bool,
) -> dict[str, int]:
    counts = {"new": 0, "changed": 0, "removed": 0, "settings": 0}
    if takes_settings and comparison.settings:
        counts["settings"] = len(comparison.settings)
        for name, value in settings_values(new).items():
            if name != "key":
                setattr(row, name, value)
    for own in comparison.lists:
        counts["new"] += len(own.new)
        counts["changed"] += len(own.changed)
        if own.name in removed:
            counts["removed"] += len(own.missing)
    for name in LISTS:
        change = comparison.of(name)
        if change is not None:
            _store_list(session, row.id, new, change, is_removing=name in removed)
    session.flush()
    _store_references(session, row.id, new, comparison, removed)
    if is_overwriting:
        _forget_entered(session, row.id, comparison)
    return counts


def _store_list(
    session: Session, event_pk: int, new: Event, change: ListChange, *, is_removing: bool
) -> None:
    """Store rooms, companies or students, in the order of the file, those kept after them."""
    table, kind = LISTS[change.name]
    id_name = table.columns[0].name
    rows: dict[str, Any] = {getattr(own, id_name): own for own in rows_of(session, kind, event_pk)}  # type: ignore[type-var]  # one of the three kinds
    attributes = {column.name: column.attribute or column.name for column in table.columns}
    if is_removing:
        for own in change.missing:
            session.delete(rows.pop(own.key[0]))
        session.flush()
    columns = {
        own.key[0]: [attributes[name] for name, _, _ in own.fields] for own in change.changed
    }
    added = {own.key[0] for own in change.new}
    inserted = []
    position = 0
    for value in getattr(new, change.name):
        position += 1
        own_id = getattr(value, id_name)
        if own_id in added:
            values = row_values(table, value, new.opens_min)
            inserted.append({"event_id": event_pk, "position": position, **values})
            continue
        own = rows.pop(own_id)
        if own_id in columns:
            values = row_values(table, value, new.opens_min)
            for name in columns[own_id]:
                setattr(own, name, values[name])
            own.revision += 1
        own.position = position
    for place, own in enumerate(rows.values(), position + 1):
        own.position = place
    if inserted:
        session.execute(insert(kind), inserted)


def _store_references(
    session: Session,
    event_pk: int,
    new: Event,
    comparison: Comparison,
    removed: Collection[str],
) -> None:
    """Store wishes, shortlists, absences and decisions: what refers to students and companies."""
    students, companies = students_by_id(session, event_pk), companies_by_id(session, event_pk)
    wishes = wish_rows(event_pk, new, students, companies)
    for name, kind in (
        ("preferences", PreferenceRow),
        ("shortlist", ShortlistRow),
        ("decisions", DecisionRow),
    ):
        change = comparison.of(name)
        if change is None:
            continue
        gone = change.missing if name in removed else ()
        changed = _pks(name, (*change.changed, *gone), students, companies)
        stored = _pks(name, (*change.new, *change.changed), students, companies)
        if name == "preferences":
            _delete(session, PreferenceRow.student_pk, [student for student, _ in changed])
            taken = {student for student, _ in stored}
            lines = [line for line in wishes[kind] if line["student_pk"] in taken]
        else:
            reasons = _reasons(session, event_pk) if name == "decisions" else {}
            _delete_pairs(session, kind, event_pk, changed)
            lines = [
                line | ({"reason": reasons.get(pair, "")} if name == "decisions" else {})
                for line in wishes[kind]
                if (pair := (line["student_pk"], line["company_pk"])) in stored
            ]
        if lines:
            session.execute(insert(kind), lines)
    change = comparison.of("unavailable")
    if change is not None:
        _store_absences(session, event_pk, new, change, "unavailable" in removed)


def _pks(
    name: str, changes: Iterable[Change], students: dict[str, int], companies: dict[str, int]
) -> set[tuple[int, int]]:
    """Students' and companies' rows of changes; those that are gone are left out."""
    found: set[tuple[int, int]] = set()
    for own in changes:
        student, company = {
            "preferences": (own.key[0], ""),
            "shortlist": (own.key[-1], own.key[0]),
            "decisions": (own.key[0], own.key[-1]),
        }[name]
        if student in students and (not company or company in companies):
            found.add((students[student], companies.get(company, 0)))
    return found


def _reasons(session: Session, event_pk: int) -> dict[tuple[int, int], str]:
    asked = select(DecisionRow).where(DecisionRow.event_id == event_pk)
    return {(own.student_pk, own.company_pk): own.reason for own in session.scalars(asked)}


def _delete(session: Session, column: Any, values: Collection[int]) -> None:
    listed = list(values)
    for start in range(0, len(listed), AT_ONCE):
        session.execute(delete(column.class_).where(column.in_(listed[start : start + AT_ONCE])))


def _delete_pairs(
    session: Session, kind: Any, event_pk: int, pairs: Collection[tuple[int, int]]
) -> None:
    if not pairs:
        return
    asked = select(kind.id, kind.student_pk, kind.company_pk).where(kind.event_id == event_pk)
    _delete(session, kind.id, [pk for pk, *pair in session.execute(asked) if tuple(pair) in pairs])


def _store_absences(
    session: Session, event_pk: int, new: Event, change: ListChange, is_removing: bool
) -> None:
    students, companies = students_by_id(session, event_pk), companies_by_id(session, event_pk)
    added = {own.key for own in change.new}
    lines = [line for key, line in absence_rows(event_pk, new, students, companies) if key in added]
    if is_removing and change.missing:
        ids = {pk: own for own, pk in students.items()}
        company_ids = {pk: own for own, pk in companies.items()}
        gone = {own.key for own in change.missing}
        _delete(
            session,
            AbsenceRow.id,
            [
                own.id
                for own in session.scalars(
                    select(AbsenceRow).where(AbsenceRow.event_id == event_pk)
                )
                if absence_key(own, ids, company_ids) in gone
            ],
        )
    if lines:
        session.execute(insert(AbsenceRow), lines)


def absence_key(
    row: AbsenceRow, students: dict[int, str], companies: dict[int, str]
) -> tuple[str, str, str, str]:
    """Key of a stored absence, as `comparing` makes it."""
    is_student = row.student_pk is not None
    kind = "student" if is_student else "company"
    person = students[row.student_pk or 0] if is_student else companies[row.company_pk or 0]
    return kind, person, _clock(row.start_min), _clock(row.end_min)


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _forget_entered(session: Session, event_pk: int, comparison: Comparison) -> None:
    """Students whose own words were replaced have not entered them any more."""
    replaced: dict[str, set[str]] = {}
    for name, word in (("preferences", "wishes"), ("unavailable", "times")):
        change = comparison.of(name)
        for own in (*change.new, *change.changed) if change else ():
            if name == "preferences" or own.key[0] == "student":
                replaced.setdefault(own.key[0 if name == "preferences" else 1], set()).add(word)
    change = comparison.of("students")
    for own in change.changed if change else ():
        words = {ENTERED_COLUMNS[c] for c, _, _ in own.fields if c in ENTERED_COLUMNS}
        replaced.setdefault(own.key[0], set()).update(words)
    if not replaced:
        return
    for student in rows_of(session, StudentRow, event_pk):
        gone = replaced.get(student.student_id, set())
        if gone.intersection(student.entered):
            student.entered = [word for word in student.entered if word not in gone]
