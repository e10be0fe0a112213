"""Rows of the lists, changed one at a time by staff."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from scheduler.errors import with_remedy
from scheduler.importers.cells import CellError, clean
from scheduler.importers.columns import PREFERENCES, Column
from scheduler.sentence import Sentence, say
from webui.operations import events
from webui.operations.log import Actor, NotFoundError, RefusedError, StaleError, record
from webui.operations.people import REFERENCES, Line, line_in
from webui.store import (
    CompanyRow,
    Database,
    PreferenceRow,
    StudentRow,
)
from webui.store.exchange import LISTS, stored
from webui.store.meetings import companies_by_id, students_by_id

WISH = "wish_"
"""Fields of the form of a student's wishes: ``wish_1`` holds the company of rank 1."""
LONGEST_REASON = 500


class FaultyError(RefusedError):
    """A row that cannot be stored: what is wrong, by column."""

    def __init__(self, errors: Mapping[str, Sentence]) -> None:
        super().__init__("This row cannot be stored yet.")
        self.errors = dict(errors)


def columns_of(name: str) -> tuple[Column, ...]:
    """Columns that the form of a row has; wishes have a field for each rank instead."""
    if name == "wishes":
        return ()
    return (LISTS[name][0] if name in LISTS else REFERENCES[name][0]).columns


def read_texts(name: str, texts: Mapping[str, str]) -> dict[str, Any]:
    """Read the cells of a row as the importers do.

    Returns
    -------
    dict
        Values as they are stored, by attribute; clock times count from midnight.

    Raises
    ------
    FaultyError
        With every cell that cannot be read.
    """
    values: dict[str, Any] = {}
    errors: dict[str, Sentence] = {}
    for column in columns_of(name):
        try:
            values[column.attribute or column.name] = stored(
                column, _read(column, texts.get(column.name, "")), 0
            )
        except CellError as error:
            errors[column.name] = with_remedy(error.reason, error.remedy)
    if errors:
        raise FaultyError(errors)
    return values


def _read(column: Column, raw: str) -> Any:
    text = clean(raw, may_have_lines=column.has_lines)
    if text:
        return column.parse(text)
    if column.is_required:
        raise CellError(say("this has to be filled in"))
    return column.empty


def save_row(
    database: Database,
    actor: Actor,
    now: dt.datetime,
    *,
    event_pk: int,
    name: str,
    pk: int | None,
    was: str,
    texts: Mapping[str, str],
) -> int:
    """Add a row to a list, or change one.

    Parameters
    ----------
    pk
        None for a new row.
    was
        `Line.was` of the row when it was shown.

    Returns
    -------
    int
        The row.

    Raises
    ------
    FaultyError
        Cells cannot be read, or name what is not there.
    StaleError
        The row was changed since; ``theirs`` is what it holds now.
    """
    values = read_texts(name, texts) if name != "wishes" else {}

    def save() -> int:
        with database.writing() as session:
            if pk is not None:
                require_fresh(session, event_pk, name, pk, was)
            if name in LISTS:
                saved = _save_listed(session, event_pk, name, pk, values)
            elif name == "wishes":
                saved = _save_wishes(session, event_pk, pk, texts)
            else:
                reason = texts.get("reason", "").strip()[:LONGEST_REASON]
                saved = _save_reference(session, event_pk, name, pk, values, reason)
            events.touch(session, event_pk)
            record(session, actor, now, f"{name}.save", event_id=event_pk, row=saved)
            return saved

    return database.again(save)  # who comes second reads what the first has written


def require_fresh(session: Session, event_pk: int, name: str, pk: int, was: str) -> Line:
    """Find a row, and refuse when it is not as it was shown."""
    line = line_in(session, event_pk, name, pk)
    if line is None:
        raise NotFoundError
    if line.was != was:
        wishes = {f"{WISH}{rank}": company for rank, company in line.wishes}
        raise StaleError({**line.cells, **wishes, "was": line.was})
    return line


def _save_listed(
    session: Session, event_pk: int, name: str, pk: int | None, values: dict[str, Any]
) -> int:
    table, kind = LISTS[name]
    id_name = table.columns[0].name
    own: Any = kind
    twin = select(own.id).where(own.event_id == event_pk, getattr(own, id_name) == values[id_name])
    other = session.scalar(twin)
    if other is not None and other != pk:
        twice = say("'%(id)s' is in the list already", id=values[id_name])
        raise FaultyError({id_name: twice})
    if pk is None:
        last = session.scalar(select(func.max(own.position)).where(own.event_id == event_pk))
        row = own(event_id=event_pk, position=(last or 0) + 1, **values)
        session.add(row)
        session.flush()
        return int(row.id)
    row = session.get_one(own, pk)
    if name == "rooms" and row.room_id != values["room_id"]:
        move_companies(session, event_pk, row.room_id, values["room_id"])
    for attribute, value in values.items():
        setattr(row, attribute, value)
    row.revision += 1
    return pk


def move_companies(session: Session, event_pk: int, old: str, new: str | None) -> None:
    """Let the companies of a room follow its new name; None leaves their room open."""
    session.execute(
        update(CompanyRow)
        .where(CompanyRow.event_id == event_pk, CompanyRow.room_id == old)
        .values(room_id=new, revision=CompanyRow.revision + 1)
    )


def _save_wishes(session: Session, event_pk: int, pk: int | None, texts: Mapping[str, str]) -> int:
    student = session.get(StudentRow, pk) if pk is not None else None
    if student is None:
        raise NotFoundError
    companies = companies_by_id(session, event_pk)
    rank_column = PREFERENCES.columns[-1]
    ranked: dict[int, int] = {}
    errors: dict[str, Sentence] = {}
    for field, text in texts.items():
        company_id = text.strip()
        if not field.startswith(WISH) or not company_id:
            continue
        company = companies.get(company_id)
        try:
            rank = rank_column.parse(field.removeprefix(WISH))
        except CellError:
            continue
        if company is None:
            errors[field] = say("there is no company '%(id)s'", id=company_id)
        elif company in ranked.values():
            errors[field] = say("'%(id)s' is there twice", id=company_id)
        elif rank:
            ranked[rank] = company
    if errors:
        raise FaultyError(errors)
    session.execute(delete(PreferenceRow).where(PreferenceRow.student_pk == student.id))
    if ranked:
        session.execute(
            insert(PreferenceRow),
            [
                {
                    "event_id": event_pk,
                    "student_pk": student.id,
                    "company_pk": company,
                    "rank": rank,
                }
                for rank, company in ranked.items()
            ],
        )
    student.revision += 1
    return student.id


def _save_reference(
    session: Session,
    event_pk: int,
    name: str,
    pk: int | None,
    values: dict[str, Any],
    reason: str,
) -> int:
    kind: Any = REFERENCES[name][1]
    columns = _references(session, event_pk, name, values)
    if name == "decisions":
        columns["reason"] = reason
    if name != "unavailable":
        twin = session.scalar(
            select(kind.id).where(
                kind.student_pk == columns["student_pk"], kind.company_pk == columns["company_pk"]
            )
        )
        if twin is not None and twin != pk:
            twice = say("this student and company are in the list already")
            raise FaultyError({"student_id": twice})
    row = kind(event_id=event_pk) if pk is None else session.get_one(kind, pk)
    for column, value in columns.items():
        setattr(row, column, value)
    session.add(row)
    session.flush()
    return int(row.id)


def _references(
    session: Session, event_pk: int, name: str, values: dict[str, Any]
) -> dict[str, Any]:
    """Columns of a row that refers to people, by what was typed."""
    people = {
        "student": students_by_id(session, event_pk),
        "company": companies_by_id(session, event_pk),
    }
    errors: dict[str, Sentence] = {}

    def found(kind: str, field: str, own_id: str) -> int | None:
        if own_id not in people[kind]:
            errors[field] = say("there is no student '%(id)s'", id=own_id)
            if kind == "company":
                errors[field] = say("there is no company '%(id)s'", id=own_id)
        return people[kind].get(own_id)

    if name == "unavailable":
        kind = values["kind"].value
        columns: dict[str, Any] = {
            "student_pk": None,
            "company_pk": None,
            f"{kind}_pk": found(kind, "id", values["person_id"]),
            "start_min": values["start_min"],
            "end_min": values["end_min"],
        }
        if values["end_min"] <= values["start_min"]:
            errors["end"] = say("ends before it begins; put it after the start")
    else:
        columns = {
            "student_pk": found("student", "student_id", values["student_id"]),
            "company_pk": found("company", "company_id", values["company_id"]),
        }
    if name == "shortlist":
        columns["verdict"] = "yes" if values["is_yes"] else "no"
    if name == "decisions":
        columns |= {"kind": values["kind"].value, "start_min": values["start_min"]}
        if columns["kind"] == "forbid" and values["start_min"] is not None:
            errors["start"] = say("a forbid has no time; leave it empty")
    if errors:
        raise FaultyError(errors)
    return columns
