"""Changes by hand to rows and back: meetings, decisions, and what an edit remembers of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from scheduler.model import Decision, DecisionKind, Meeting, Timetable
from webui.operations.board import Board, Decided, People
from webui.operations.changes import Plan, minute
from webui.operations.log import NotFoundError, RefusedError
from webui.store import DecisionRow, EventRow, MeetingRow


def store_decisions(session: Session, event_id: int, plan: Plan) -> tuple[Decided, ...]:
    """Store decisions; one that comes back has the number it had, if that is free."""
    session.execute(
        delete(DecisionRow).where(
            DecisionRow.event_id == event_id,
            DecisionRow.id.in_([own.id for own in plan.lifted]),
        )
    )
    asked = [own.id for own in plan.decided if own.id]
    taken = set(session.scalars(select(DecisionRow.id).where(DecisionRow.id.in_(asked))))
    rows = []
    for own in plan.decided:
        row = DecisionRow(
            event_id=event_id,
            kind=own.kind,
            student_pk=own.student_pk,
            company_pk=own.company_pk,
            start_min=own.start_min,
            reason=own.reason,
        )
        if own.id and own.id not in taken:
            row.id = own.id
        session.add(row)
        rows.append(row)
    session.flush()
    return tuple(replace(own, id=row.id) for own, row in zip(plan.decided, rows, strict=True))


def store_meetings(session: Session, board: Board, plan: Plan) -> None:
    """Delete and insert the meetings of a change."""
    for own in plan.removed:
        session.execute(
            delete(MeetingRow).where(
                MeetingRow.timetable_id == board.row.id,
                MeetingRow.student_pk == board.people.student_pks[own.student_id],
                MeetingRow.company_pk == board.people.company_pks[own.company_id],
            )
        )
    if plan.added:
        names = ("start_min", "room_id", "table", "student_pk", "company_pk")
        session.execute(
            insert(MeetingRow),
            [
                {"timetable_id": board.row.id, **dict(zip(names, values, strict=True))}
                for values in stored_values(board, plan.added, ())["meetings"]
            ],
        )


def with_decisions(people: People, plan: Plan) -> People:
    """The people with the decisions of a change, before it is stored."""
    if not plan.lifted and not plan.decided:
        return people
    kept = [own for own in people.decisions if own not in plan.lifted]
    return with_decided(people, people.row, (*kept, *plan.decided))


def with_decided(people: People, row: EventRow, decisions: Sequence[Decided]) -> People:
    """The people with other decisions, in the order in which those are stored."""
    ordered = tuple(sorted(decisions, key=lambda own: own.id or float("inf")))
    if ordered == people.decisions and row.revision == people.row.revision:
        return people
    opens = people.event.opens_min
    event = replace(
        people.event,
        decisions=tuple(
            Decision(
                DecisionKind(own.kind),
                *people.pair(own.student_pk, own.company_pk),
                None if own.start_min is None else own.start_min - opens,
            )
            for own in ordered
        ),
    )
    return replace(people, row=row, event=event, decisions=ordered)


def with_meetings(board: Board, plan: Plan) -> Timetable:
    """The timetable with a change.

    Raises
    ------
    RefusedError
        A meeting that the change takes away is not there.
    """
    gone = set(plan.removed)
    if not gone <= set(board.timetable.meetings):
        raise RefusedError("A meeting of this change is not there any more.")
    kept = (own for own in board.timetable.meetings if own not in gone)
    return Timetable((*kept, *plan.added), board.timetable.places)


def stored_values(
    board: Board, meetings: Sequence[Meeting], decisions: Sequence[Decided]
) -> dict[str, Any]:
    """What JSON holds of meetings and decisions: rows, minutes after midnight, tables."""
    people = board.people
    return {
        "meetings": [
            [
                minute(board, own.slot),
                own.room_id,
                own.table,
                people.student_pks[own.student_id],
                people.company_pks[own.company_id],
            ]
            for own in meetings
        ],
        "decisions": [
            [own.id, own.kind, own.student_pk, own.company_pk, own.start_min, own.reason]
            for own in decisions
        ],
    }


def meetings_in(board: Board, stored: dict[str, Any]) -> tuple[Meeting, ...]:
    """Meetings that an edit remembers.

    Raises
    ------
    RefusedError
        Somebody or a slot is not in the event any more.
    """
    opens = board.event.opens_min
    slot_at = {slot.start_min + opens: slot.index for slot in board.event.window.slots}
    try:
        return tuple(
            Meeting(slot_at[start], room_id, table, *board.people.pair(student, company))
            for start, room_id, table, student, company in stored["meetings"]
        )
    except (NotFoundError, KeyError) as error:
        raise RefusedError("Somebody or a slot of this change is not there any more.") from error


def decisions_in(stored: dict[str, Any]) -> tuple[Decided, ...]:
    """Decisions that an edit remembers."""
    return tuple(Decided(*values) for values in stored["decisions"])


def decisions_now(board: Board, stored: dict[str, Any]) -> tuple[Decided, ...]:
    """Decisions that an edit remembers and that are to go, as they are now.

    Raises
    ------
    RefusedError
        One is not there any more.
    """
    found = []
    for own in decisions_in(stored):
        known = board.people.decided.get((own.student_pk, own.company_pk))
        if known is None or known.kind != own.kind:
            raise RefusedError("A decision of this change is not there any more.")
        found.append(known)
    return tuple(found)
