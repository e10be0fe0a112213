"""What could be changed, as the page tells it, is what the server then does."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import event as sql_event

from scheduler.generate import generate_event
from scheduler.model import Timetable
from scheduler.verify import violations
from tests.scheduler.events import make_event, make_student, pin
from tests.webui.conftest import NOON, Browser
from tests.webui.timetables import make_working
from webui.operations import importing
from webui.operations.accounts import Colleague
from webui.operations.board import Board
from webui.operations.changes import meeting_at
from webui.operations.verdicts import (
    below_guarantee,
    could_come,
    free_turns,
    turns_of,
    unmet_wishes,
    verdicts_of,
)
from webui.store import Database


@pytest.fixture
def board(database: Database, administrator: Colleague) -> Board:
    event = generate_event(
        students=20, companies=6, seed=5, slots=5, seats=2, wishes=4, is_hard=True
    )
    return make_working(database, importing.create_from(database, administrator.actor, NOON, event))


def breaks(board: Board, removed: list[object], added: list[object]) -> bool:
    """Whether the verifier finds anything in the timetable with a change."""
    kept = [own for own in board.timetable.meetings if own not in removed]
    changed = Timetable((*kept, *added), board.timetable.places)  # type: ignore[arg-type]
    return bool(violations(board.event, changed))


def test_a_company_that_is_full_only_while_the_student_is_there_says_so(
    database: Database, administrator: Colleague
) -> None:
    late = make_student("s1", arrives_min=12)
    wishes = {"s1": ["c1"], "s2": ["c1"]}
    event = make_event([late, "s2"], ["c1"], wishes, slots=2, decisions=[pin("s2", "c1", 12)])
    board = make_working(
        database, importing.create_from(database, administrator.actor, NOON, event)
    )
    (wish,) = unmet_wishes(board, late.student_id)
    assert [(own.code, own.number) for own in wish.reasons] == [("full_then", 1)]


def test_every_place_for_a_meeting_is_judged_as_the_verifier_would(board: Board) -> None:
    people, fits = board.people, 0
    for meeting in board.timetable.meetings[::4]:
        found = verdicts_of(board, meeting, list(people.companies))
        student_pk = people.student_pks[meeting.student_id]
        for turn, conflicts in found.turns.items():
            new = meeting_at(board, student_pk, turn)
            assert bool(conflicts) == breaks(board, [meeting], [new]), turn
            fits += not conflicts
        for (other_pk, company_pk), conflicts in list(found.swaps.items())[::3]:
            other = board.meeting(other_pk, company_pk)
            mine = other._replace(student_id=meeting.student_id)
            theirs = meeting._replace(student_id=other.student_id)
            assert bool(conflicts) == breaks(board, [meeting, other], [mine, theirs])
            fits += not conflicts
    assert fits > 0


def test_whoever_could_come_to_a_free_place_breaks_no_rule(board: Board) -> None:
    kept = (
        own
        for index, own in enumerate(board.timetable.meetings)
        if index % 2 or (own.student_id, own.company_id) in board.judge.pins
    )
    board = replace(board, timetable=Timetable(tuple(kept), board.timetable.places))
    able = 0
    for company_pk in board.people.companies:
        for turn in turns_of(board, company_pk):
            found = set(could_come(board, turn))
            for student in board.event.students:
                new = meeting_at(board, board.people.student_pks[student.student_id], turn)
                assert (student.student_id in found) != breaks(board, [], [new])
            able += len(found)
    assert able > 0


def test_a_wish_that_is_not_met_has_a_reason_or_a_free_turn(board: Board) -> None:
    for student in board.event.students:
        for own in unmet_wishes(board, student.student_id):
            assert (not own.reasons) == bool(own.turns)
            for turn in own.turns:
                student_pk = board.people.student_pks[student.student_id]
                assert not breaks(board, [], [meeting_at(board, student_pk, turn)])
        for old in board.judge.of_student.get(student.student_id, []):
            other = board.people.company_pks[old.company_id]
            for turn in free_turns(board, student.student_id, other, instead=old):
                student_pk = board.people.student_pks[student.student_id]
                assert not breaks(board, [old], [meeting_at(board, student_pk, turn)])


def test_students_below_the_guarantee_are_counted(board: Board) -> None:
    guarantee = board.event.rules.guaranteed_meetings_per_student
    few = [
        own.student_id
        for own in board.event.students
        if sum(meeting.student_id == own.student_id for meeting in board.timetable.meetings)
        < guarantee
    ]
    assert below_guarantee(board) == few


def test_a_larger_event_asks_the_database_no_more_often(
    staff: Browser, database: Database, tiny: int, board: Board
) -> None:
    make_working(database, tiny)
    counts = []
    for key in ("tiny", board.people.row.key):
        page = f"/events/{key}/timetable"
        staff.get(page)
        asked: list[str] = []

        def note(_c: object, _cursor: object, statement: str, *_more: object) -> None:
            asked.append(statement)  # noqa: B023  # read before the next round

        sql_event.listen(database.engine, "before_cursor_execute", note)
        staff.get(page)
        sql_event.remove(database.engine, "before_cursor_execute", note)
        counts.append(len(asked))
    assert counts[0] == counts[1] < 20
