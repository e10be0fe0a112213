"""The working timetable changed by hand: verified before it is stored, undone and redone.

Every change is one transaction with its audit row. It names the revision it was made for: one of
an older timetable is refused with what others did meanwhile.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from scheduler.model import Timetable
from scheduler.model.digest import event_sha256
from scheduler.sentence import say
from scheduler.validation.pins import check_decisions
from scheduler.verify import Violation, violations
from webui.operations import events
from webui.operations.board import (
    Board,
    People,
    is_same_timetable,
    remember,
    require_board,
)
from webui.operations.changes import Change, Plan, plan_of
from webui.operations.edit_rows import (
    decisions_in,
    decisions_now,
    meetings_in,
    store_decisions,
    store_meetings,
    stored_values,
    with_decided,
    with_decisions,
    with_meetings,
)
from webui.operations.judging import Conflict, Judge
from webui.operations.known import is_same_event
from webui.operations.log import Actor, RefusedError, StaleError, record
from webui.store import Database, Edit, EventRow, TimetableRow

MOST_TRIES = 5
"""At a change, when the event is changed at the same time."""


class ConflictError(RefusedError):
    """A change that would break a rule."""

    def __init__(self, conflicts: Sequence[Conflict]) -> None:
        super().__init__("This would break a rule of the timetable.")
        self.conflicts = tuple(conflicts)


class _MovedError(Exception):
    """The event or the timetable was changed while a change was being worked out."""


@dataclass(frozen=True, slots=True)
class History:
    """The latest changes, the last one first, and the ones that undo and redo would take."""

    edits: tuple[Edit, ...]
    undo: Edit | None
    redo: Edit | None
    count: int


def apply_edit(
    database: Database,
    actor: Actor,
    now: dt.datetime,
    *,
    event_id: int,
    revision: int,
    change: Change,
) -> Board:
    """Change the working timetable.

    Parameters
    ----------
    revision
        Of the timetable that staff saw.

    Returns
    -------
    Board
        The timetable as it then is.

    Raises
    ------
    ConflictError
        It would break a rule.
    StaleError
        Somebody else changed the timetable; ``theirs`` holds their ``edits``.
    """

    def note(session: Session, board: Board, plan: Plan, number: int) -> None:
        _append(session, actor, now, board=board, plan=plan, number=number)
        record(
            session,
            actor,
            now,
            f"timetable.{change.kind}",
            event_id=event_id,
            timetable=board.row.id,
            student=change.student_pk,
            company=change.company_pk,
        )

    return _do(
        database,
        event_id=event_id,
        revision=revision,
        make=lambda board: plan_of(board, change),
        note=note,
    )


def undo(
    database: Database, actor: Actor, now: dt.datetime, *, event_id: int, revision: int
) -> Board:
    """Take the last change back, as `apply_edit` raises.

    Raises
    ------
    RefusedError
        There is none.
    """
    return _again(database, actor, now, event_id=event_id, revision=revision, is_undo=True)


def redo(
    database: Database, actor: Actor, now: dt.datetime, *, event_id: int, revision: int
) -> Board:
    """Make the change again that was taken back last, as `undo`."""
    return _again(database, actor, now, event_id=event_id, revision=revision, is_undo=False)


def history_of(database: Database, timetable_id: int, *, limit: int = 10) -> History:
    """The latest changes by hand of a timetable."""
    with database.reading() as session:
        own = session.scalars(
            select(Edit).where(Edit.timetable_id == timetable_id).order_by(Edit.number.desc())
        ).all()
    done = [edit for edit in own if edit.undone_at is None]
    undone = [edit for edit in own if edit.undone_at is not None]
    return History(
        tuple(done[:limit]),
        done[0] if done else None,
        undone[-1] if undone else None,
        len(done),
    )


def _again(
    database: Database,
    actor: Actor,
    now: dt.datetime,
    *,
    event_id: int,
    revision: int,
    is_undo: bool,
) -> Board:
    def edit_in(session: Session, board: Board) -> Edit:
        order: ColumnElement[Any] = Edit.number.desc() if is_undo else Edit.number.asc()
        state = Edit.undone_at.is_(None) if is_undo else Edit.undone_at.is_not(None)
        found = session.scalar(
            select(Edit).where(Edit.timetable_id == board.row.id, state).order_by(order).limit(1)
        )
        if found is None:
            if is_undo:
                raise RefusedError("There is nothing to undo.")
            raise RefusedError("Nothing was undone.")
        return found

    def make(board: Board) -> Plan:
        with database.reading() as session:
            edit = edit_in(session, board)
        was, becomes = (edit.after, edit.before) if is_undo else (edit.before, edit.after)
        return Plan(
            meetings_in(board, was),
            meetings_in(board, becomes),
            decisions_now(board, was),
            decisions_in(becomes),
        )

    def note(session: Session, board: Board, _plan: Plan, number: int) -> None:
        edit = edit_in(session, board)
        edit.undone_at = now if is_undo else None
        edit.words = {**edit.words, "revision": number}
        record(
            session,
            actor,
            now,
            "timetable.undo" if is_undo else "timetable.redo",
            event_id=event_id,
            timetable=board.row.id,
            edit=edit.number,
        )

    return _do(database, event_id=event_id, revision=revision, make=make, note=note)


def _append(
    session: Session, actor: Actor, now: dt.datetime, *, board: Board, plan: Plan, number: int
) -> None:
    """Add a change to the history; what was undone cannot be redone any more."""
    own = Edit.timetable_id == board.row.id
    session.execute(delete(Edit).where(own, Edit.undone_at.is_not(None)))
    last = session.scalar(select(Edit.number).where(own).order_by(Edit.number.desc()).limit(1))
    session.add(
        Edit(
            timetable_id=board.row.id,
            number=(last or 0) + 1,
            words={**plan.words, "revision": number},
            before=stored_values(board, plan.removed, plan.lifted),
            after=stored_values(board, plan.added, plan.decided),
            made_at=now,
            made_by=actor.id,
        )
    )


def _do(
    database: Database,
    *,
    event_id: int,
    revision: int,
    make: Callable[[Board], Plan],
    note: Callable[[Session, Board, Plan, int], None],
) -> Board:
    """Work a change out without holding anybody up, then store it if nothing moved meanwhile."""

    def once() -> Board:
        board = require_board(database, event_id)
        if board.row.revision != revision:
            raise _stale(database, board, revision)
        plan = make(board)
        people = with_decisions(board.people, plan)
        timetable = with_meetings(board, plan)
        faults = _check(board, people, timetable, plan)
        changed = Board(board.row, people, timetable, faults)
        with database.writing() as session:
            after = _store(session, board, plan, changed, note=note)
        remember(database, after)
        return after

    for _ in range(MOST_TRIES):
        try:
            return database.again(once)
        except _MovedError:
            continue
    raise RefusedError("The event is being changed by others. Try again in a moment.")


def _stale(database: Database, board: Board, revision: int) -> StaleError:
    """Say what others did since a revision."""
    with database.reading() as session:
        edits = session.scalars(
            select(Edit).where(Edit.timetable_id == board.row.id).order_by(Edit.number)
        ).all()
    since = [edit for edit in edits if edit.words["revision"] > revision]
    return StaleError({"revision": board.row.revision, "edits": since})


def _check(board: Board, people: People, timetable: Timetable, plan: Plan) -> tuple[Violation, ...]:
    """Refuse what breaks a rule that was not broken; the rules that are still broken."""
    judge = Judge(people.event, board.timetable) if plan.lifted or plan.decided else board.judge
    lifted = ((own, people.pair(own.student_pk, own.company_pk)) for own in plan.lifted)
    meets = {(own.student_id, own.company_id) for own in timetable.meetings}
    conflicts = [
        *judge.conflicts(plan.removed, plan.added),
        *(fault for _, pair in lifted if pair in meets and (fault := judge.pair(pair))),
    ]
    if conflicts:
        raise ConflictError(conflicts)
    after = violations(people.event, timetable)
    new = _new(board.broken, after, is_removal=not plan.added)
    if new:
        raise RefusedError("%(reason)s", reason=new[0].message)
    if plan.decided:
        before = {str(problem) for problem in check_decisions(board.event)}
        problems = [own for own in check_decisions(people.event) if str(own) not in before]
        if problems:
            reason, remedy = problems[0].reason, problems[0].remedy
            why = say("%(reason)s: %(remedy)s", reason=reason, remedy=remedy)
            raise RefusedError("%(reason)s", reason=why)
    return after


def _new(
    before: Sequence[Violation], after: Sequence[Violation], *, is_removal: bool
) -> list[Violation]:
    """Violations that a change brings; less of an old one (one meeting fewer) is none."""
    if not is_removal:
        return [own for own in after if own not in before]
    known = {(own.rule, own.student_id, own.company_id, own.slot) for own in before}
    return [
        own for own in after if (own.rule, own.student_id, own.company_id, own.slot) not in known
    ]


def _store(
    session: Session,
    board: Board,
    plan: Plan,
    changed: Board,
    *,
    note: Callable[[Session, Board, Plan, int], None],
) -> Board:
    """Store a change; ``changed`` is the board with it."""
    row = session.get(TimetableRow, board.row.id, with_for_update=True)
    owner = session.get(EventRow, board.row.event_id, with_for_update=True)
    if (
        row is None
        or owner is None
        or not row.is_working
        or not is_same_timetable(board.row, row)
        or not is_same_event(board.people.row, owner)
    ):
        raise _MovedError
    row.revision += 1
    made = plan.decided
    if plan.lifted or plan.decided:
        made = store_decisions(session, owner.id, plan)
        events.touch(session, owner.id)
    store_meetings(session, board, plan)
    kept = [own for own in changed.people.decisions if own not in plan.decided]
    people = with_decided(changed.people, owner, (*kept, *made))
    if not changed.faults and row.event_revision != owner.revision:
        row.event_revision, row.event_sha256 = owner.revision, event_sha256(people.event)
    note(session, board, replace(plan, decided=made), row.revision)
    return replace(changed, row=row, people=people)
