"""The list of students beside the timetable."""

from __future__ import annotations

from dataclasses import replace

from tests.webui.timetables import make_working
from webui.operations.board import Board
from webui.staff import grid
from webui.store import Database


def _named(board: Board, *names: str) -> Board:
    students = zip(board.event.students, names, strict=False)
    event = replace(board.event, students=tuple(replace(own, name=name) for own, name in students))
    return replace(board, people=replace(board.people, event=event))


def test_students_stand_in_the_order_of_a_danish_directory(database: Database, tiny: int) -> None:
    board = _named(make_working(database, tiny), "Åse Ø", "zoe B", "Émile C", "Østen A", "Anna D")
    found = grid.students_of(board, show="", text="")
    assert [own.name for own in found] == ["Anna D", "Émile C", "zoe B", "Østen A", "Åse Ø"]
